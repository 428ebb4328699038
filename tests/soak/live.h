/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Hostile sessions against the running service while honest programs use it.
 *
 *   soak-live SESSIONS SEED OTHER [judge]   judge: the latency must keep its limit
 *   soak-live rest OTHER                    without hostile processes; the others are only bound
 *
 * OTHER is the build of this program of the other bitness.
 *
 * The first process watches. It starts two enforcement clients and two health agents, a 64-bit
 * and a 32-bit one of each, which are like any program: qagent and COM, nothing else. Rounds
 * follow: the honest programs alone, then with a 64-bit and a 32-bit hostile process, neither
 * with administrator rights.
 */
#ifndef WINE_NAP_TESTS_LIVE_H
#define WINE_NAP_TESTS_LIVE_H

#include "soak.h"

#define SIDES 2 /* 64-bit and 32-bit; the number of a process says which */
#define FIRST_CLIENT 0x00abce21u
#define FIRST_AGENT 0x00abcea1u
/* Registered and enabled; the first process to bind gets it. */
#define HOSTILE_CLIENT 0x00abce2fu

#define CONNECTIONS_HELD 100 /* by each hostile process, at the same time */
#define SAMPLES 200000       /* of a client in a phase, at most */

enum phase
{
    PHASE_PAUSE, /* between the others: nothing is measured */
    PHASE_QUIET,
    PHASE_ATTACK,
    PHASE_REST, /* the honest programs are bound and do nothing */
    PHASES
};

/* The durations in each phase, us. */
struct samples
{
    volatile LONG counts[PHASES];
    float times[PHASES][SAMPLES];
};

/* The results of an honest client, and the duration of its exchanges. */
struct client_report
{
    volatile LONG bound;
    volatile LONG exchanges, failures;
    char failure[200]; /* the first error */
    /* The data of its pending exchange, which hostile sessions know too. */
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
    volatile LONG sessions; /* started so far */
    volatile LONG unexpected;
    char surprise[200]; /* the first error */
};

struct board
{
    volatile LONG phase;     /* enum phase */
    volatile LONG end;       /* 1: the enforcement clients end; 2: the health agents too */
    volatile LONG instances; /* of the pipe, when both hostile processes were full */
    struct client_report clients[SIDES];
    struct agent_report agents[SIDES];
    struct hostile_report hostile[SIDES];
    struct samples echo;
};

/* Memory shared by all processes. */
struct board *board_open(void);
/* Adds a duration of `us` that began in this phase, unless the phase has ended since. */
void samples_add(struct samples *samples, const struct board *board, LONG phase, double us);

/* echo.c: a bare pipe, to show how much the machine and Wine themselves slow down under attack.
 * Runs until the board says that everything ends; the caller closes *thread. */
HANDLE echo_begin(struct board *board);

/* honest.c */
int be_client(unsigned int side);
int be_health_agent(unsigned int side);

/* hostile.c: that many sessions, made from the seed. */
int be_hostile(unsigned int side, unsigned int sessions, uint64_t seed);

#endif
