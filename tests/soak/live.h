/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Hostile sessions against the running service while honest programs use it.
 *
 *   soak-live SESSIONS SEED OTHER [judge]   judge: the latency must keep its limit
 *   soak-live rest OTHER                    no hostile ones, and the others only are there
 *
 * OTHER is this program in the other word size.
 *
 * The first process watches. It starts two enforcement clients and two health
 * agents, one of each in each word size, which are as any program is: qagent and
 * COM, nothing else. Rounds follow: the honest ones alone, then with hostile
 * processes, one in each word size, none of them an administrator's.
 */
#ifndef WINE_NAP_TESTS_LIVE_H
#define WINE_NAP_TESTS_LIVE_H

#include "soak.h"

#define SIDES 2 /* 64 and 32 bit; the number of a process says which */
#define FIRST_CLIENT 0x00abce21u
#define FIRST_AGENT 0x00abcea1u
/* Registered and enabled, for whoever comes first. */
#define HOSTILE_CLIENT 0x00abce2fu

#define CONNECTIONS_HELD 100 /* by each hostile process, at the same time */
#define SAMPLES 200000       /* of a client in a phase, at most */

enum phase
{
    PHASE_PAUSE, /* between the others: nothing is measured */
    PHASE_QUIET,
    PHASE_ATTACK,
    PHASE_REST, /* the honest ones are bound and do nothing */
    PHASES
};

/* How long something took in each phase, us. */
struct samples
{
    volatile LONG counts[PHASES];
    float times[PHASES][SAMPLES];
};

/* What an honest client shows, and how long its exchanges take. */
struct client_report
{
    volatile LONG bound;
    volatile LONG exchanges, failures;
    char failure[200]; /* the first */
    /* What an exchange of it goes by: hostile sessions know that too. */
    BYTE private_data[200], correlation[24];
    volatile LONG private_size;
    struct samples samples;
};

struct agent_report
{
    volatile LONG bound;
    volatile LONG asked, answered;
};

struct hostile_report
{
    volatile LONG full;     /* it holds CONNECTIONS_HELD */
    volatile LONG sessions; /* begun, ever */
    volatile LONG unexpected;
    char surprise[200]; /* the first */
};

struct board
{
    volatile LONG phase;     /* enum phase */
    volatile LONG end;       /* honest processes go */
    volatile LONG instances; /* of the pipe, when both hostile processes were full */
    struct client_report clients[SIDES];
    struct agent_report agents[SIDES];
    struct hostile_report hostile[SIDES];
    struct samples echo;
};

/* Shared by all processes. */
struct board *board_open(void);
/* Adds what took `us` and began in this phase; not if that has ended since. */
void samples_add(struct samples *samples, const struct board *board, LONG phase, double us);

/* echo.c: a bare pipe, to see what the machine and Wine themselves do under attack. Until the board
 * says that all ends; *thread is the caller's. */
HANDLE echo_begin(struct board *board);

/* honest.c */
int be_client(unsigned int side);
int be_health_agent(unsigned int side);

/* hostile.c: so many sessions, made of the seed. */
int be_hostile(unsigned int side, unsigned int sessions, uint64_t seed);

#endif
