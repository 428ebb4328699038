/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * The agreement test: enforcement clients and health agents in processes of their own, some
 * 64-bit and some 32-bit, change at random, and all must always agree with each other and with
 * a model. Built against mingw-w64's headers, public interfaces only.
 *
 * A partner process reads one command a line and prints one answer a line:
 *
 *   enforcer ID    start | stop | up N | down N | ask N | decide N STATE EXT END |
 *                  judge N | state N | notified COUNT | settled
 *   health ID      start | stop | health 0/1 | state | notified COUNT
 */
#ifndef WINE_NAP_TESTS_AGREEMENT_H
#define WINE_NAP_TESTS_AGREEMENT_H

#include <stdbool.h>

#include <windows.h>
#include <naptypes.h>

#define ENFORCERS 3
#define CONNECTIONS 5 /* of each enforcement client */
#define HEALTH_AGENTS 5

#define FIRST_ENFORCER 0x00abcf01u
#define FIRST_HEALTH_AGENT 0x00abcf81u

#define LINE_SIZE 16384
#define PATIENCE 10000 /* ms within which notifications come */

/* An isolation state as it is in a line: "STATE EXT END" */
struct verdict
{
    unsigned int state, extended;
    UINT64 end; /* FILETIME; 0: none */
};

/* ---- roles.c: what the roles share ---- */

/* Prints an answer. */
void answer(const char *format, ...) __attribute__((format(gnu_printf, 1, 2)));
/* Reads a command; false: there are no more. */
bool read_command(char *line, size_t size);
void verdict_read(const IsolationInfo *info, struct verdict *verdict);
void verdict_read_ex(const IsolationInfoEx *info, struct verdict *verdict);
bool verdict_equal(const struct verdict *one, const struct verdict *other);

int be_enforcer(UINT32 id);
int be_health_agent(UINT32 id);

/* ---- model.c: the expected state ---- */

struct health_model
{
    bool bound;
    bool compliant;
    bool cached, cached_compliant; /* its last report */
};

struct connection_model
{
    bool up;
    bool decided;
    struct verdict verdict;
};

struct enforcer_model
{
    bool bound;
    unsigned int notified; /* times NotifySoHChange must have come since it was bound */
    struct connection_model connections[CONNECTIONS];
};

#define MAX_CHANGES 8192 /* number of the system's states */

struct model
{
    struct enforcer_model enforcers[ENFORCERS];
    struct health_model health[HEALTH_AGENTS];
    unsigned int change_count;
    struct verdict changes[MAX_CHANGES]; /* the system's states, in order */
};

extern struct model model;

/* The state of the system as it follows from the connections. */
struct verdict model_system(bool *unknown);
/* One or more connections changed: adds the system's new state if it differs. */
void model_update(void);
/* The expected report of a health agent in a request made now. */
HRESULT model_ask(unsigned int agent);
/* A server's verdict on a machine by its health agents; `end` is the probation that it gives. */
struct verdict judge(const HRESULT codes[HEALTH_AGENTS], UINT64 end);

/* ---- partner.c: the processes ---- */

struct partner
{
    char role[16];
    UINT32 id;
    const char *program;
    HANDLE process, input, output;
    size_t held; /* bytes read that belong to no answer yet */
    char buffer[LINE_SIZE];
};

bool partner_create(struct partner *partner);
/* Ends the process: by the end of its input, or as a crash would. */
void partner_destroy(struct partner *partner, bool crash);
void tell(struct partner *partner, const char *format, ...)
        __attribute__((format(gnu_printf, 2, 3)));
/* Reads an answer; fails the test if none comes. */
const char *hear(struct partner *partner);
/* sends and reads */
const char *ask(struct partner *partner, const char *format, ...)
        __attribute__((format(gnu_printf, 2, 3)));
/* The same; fails unless the answer is this. */
void expect(struct partner *partner, const char *answer, const char *format, ...)
        __attribute__((format(gnu_printf, 3, 4)));

extern struct partner enforcers[ENFORCERS], health_agents[HEALTH_AGENTS];

/* ---- checks.c: whether all agree ---- */

/* How far a health agent has followed the system's changes. */
struct follower
{
    unsigned int base;     /* the notifications it had when following began */
    unsigned int first;    /* the change in the model that it is notified of next */
    unsigned int notified; /* notifications since then */
    unsigned int position; /* the last one's index in the model */
};

/* The health agent was bound again. */
void follower_begin(unsigned int agent);

/* Prints why and ends the test. */
void fail(const char *format, ...) __attribute__((format(gnu_printf, 1, 2), noreturn));
/* Waits until every health agent has been notified, and compares everything with the model. */
void check_agreement(void);
/* The same for up to `most` changes in an unknown order, with which the model was not updated: all
 * health agents must have got the same number of notifications, and the last one. */
void check_agreement_after_race(unsigned int most);
/* The system's state as napctl shows it. */
void check_napctl(void);

/* ---- sample.c: the agent from outside ---- */

/* Handles and KiB of memory of the agent's process. */
bool sample_agent(unsigned int *handles, unsigned int *memory);

#endif
