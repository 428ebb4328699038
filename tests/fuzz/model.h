/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * The reference model of model.c: what it knows, and the functions that its files share.
 */
#ifndef WINE_NAP_TESTS_FUZZ_MODEL_H
#define WINE_NAP_TESTS_FUZZ_MODEL_H

#include "tests/unit/engine/agent.h"

#define ENFORCERS 2
#define AGENTS 3
#define OBJECTS 2
#define CLIENTS (ENFORCERS + AGENTS)
#define OPEN_MAX 21      /* requests of one enforcement client; the host reads no more of it */
#define SLOTS 32         /* pending callbacks of one health agent */
#define PROCESS_SLOTS 20 /* of them because of one process */
#define GREEDY_SLOTS 8   /* of them, if it asks for more than SLOTS and another asks too */
#define QUESTIONS 1024
#define DEADLINE 5000
#define NAP_E_NO_CACHED_SOH UINT32_C(0x80270004)
#define NOTHING (-1) /* cached */
#define SOH_SIZE 16

/* A health agent's part in an SSoH: its SoH, or an entry that the agent made. */
struct statement
{
    int soh;       /* its code; NOTHING: the agent made the entry */
    uint32_t code; /* of an entry that the agent made */
};

/* A registered component and its program. */
struct member
{
    uint32_t kind, id;
    struct client *client;
    bool registered, enabled, bound;
    int cached;         /* a health agent's */
    bool cache_unsure;  /* the store rejected it: it may have the one before */
    unsigned int parts; /* calls of ProcessSoHResponse; bounds for them: */
    unsigned int parts_min, parts_max;
};

/* A callback GetSoHRequest to a health agent. */
struct question
{
    struct member *agent;
    unsigned int enforcer; /* for which request */
    struct napipc_correlation correlation;
    uint32_t call;
    uint64_t asked, deadline;
    bool answered, settled; /* it may be settled by its deadline, and answered later */
    bool abandoned;         /* of an ended binding */
    struct statement statement;
};

/* A GetSoHRequest of an enforcement client. */
struct request
{
    bool open, cancelled;
    struct connection *connection;
    uint32_t call;
    uint64_t number; /* in order */
    bool named;      /* its correlation id is known */
    struct napipc_correlation correlation;
    struct
    {
        bool in, settled;
        struct statement statement; /* if settled without a callback */
    } part[AGENTS];
};

struct connection
{
    struct member *enforcer;
    struct object object;
    uint8_t before[4000]; /* the SSoH before the last */
    uint32_t before_size;
    bool known, pending; /* to the agent */
};

/* ---- model.c: the state, and the input ---- */

extern struct member members[CLIENTS];
extern struct question questions[QUESTIONS];
extern unsigned int question_count;
extern struct request requests[ENFORCERS][OPEN_MAX];
extern struct connection connections[ENFORCERS][OBJECTS];
extern struct client *administrator;
extern uint64_t newest; /* time stamp since the agent was started */
extern bool ids_may_repeat, store_failed;

void differs(const char *file, unsigned int line);

#define require(holds) ((holds) ? (void)0 : differs(__FILE__, __LINE__))

/* The next byte of the input, and what it chooses. */
uint8_t take(void);
struct member *take_agent(void);
struct member *take_member(void);
struct connection *take_connection(void);

/* ---- model_output.c: what the agent sends ---- */

extern bool waited_for; /* for a reply to another request than GetSoHRequest */
extern struct napipc_message waited;

void output_reset(void);
void write_soh(uint8_t *soh, uint32_t id, uint8_t code);
/* The entry without an answer: the cached SoH, or `code`. */
struct statement otherwise(const struct member *health, uint32_t code);
void set_cache(struct member *health, int soh);
unsigned int unanswered(const struct member *health, unsigned int first, unsigned int last);
/* True if a callback of this enforcement client may have to wait. */
bool may_wait(const struct member *health, unsigned int enforcer);
/* True if it has missed a GetSoHRequest's deadline. */
bool hangs(const struct member *health);
/* The callback to the health agent for this request, or NULL. */
struct question *question_of(const struct request *request, const struct member *health);
/* Requests that wait in a queue continue without this health agent. */
void settle_waiting(const struct member *health, uint32_t code);
/* A single-threaded health agent may have had to answer this one first. */
void restart_deadlines(const struct member *health, uint64_t began);
void read_all(void);
/* Sends a request that is answered at once; returns the status. The answer is in `waited`. */
uint32_t ask(struct member *member, struct napipc_message *message);

/* ---- model_steps.c: the steps of an input ---- */

uint32_t usable(const struct member *member);
/* A program's connection object; both of an enforcement client may have the same id. */
void new_object(struct connection *connection);
/* Takes a step from the input and does it. */
void step(void);

/* ---- model_checks.c: the agent's report of its state ---- */

void check_state(void);

#endif
