/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Shared by the programs of the "kills" part: the ids of the components, and a piece of memory in
 * which each partner process writes its results. Fields have the same size in 64-bit and 32-bit
 * programs.
 */
#ifndef WINE_NAP_TESTS_SOAK_PARTNER_H
#define WINE_NAP_TESTS_SOAK_PARTNER_H

#include <stdint.h>

#include <windows.h>

#define CLIENTS 5                 /* enforcement clients */
#define AGENTS 2                  /* health agents */
#define VICTIM (CLIENTS + AGENTS) /* the slot of the process that is to be killed */
#define SLOTS (VICTIM + 1)

#define FIRST_CLIENT 0x00abc201u
#define VICTIM_CLIENT (FIRST_CLIENT + CLIENTS)
#define FIRST_AGENT 0x00abc281u
#define VICTIM_AGENT (FIRST_AGENT + AGENTS)

struct slot
{
    volatile LONG ready;  /* it is bound */
    volatile LONG inside; /* the victim: it is in its callback, and stays there */
    volatile LONG good;   /* exchanges of a client; a health agent's answers */
    volatile LONG bad;    /* calls of a client that failed because the agent was not there */
    volatile LONG wrong;  /* another result of a call, or 1 for a wrong answer; 0: none */
    volatile LONG unused;
    volatile LONG64 began;   /* start of the last good one, QueryPerformanceCounter */
    volatile LONG64 slowest; /* of the good ones, the same units; the driver may set it to 0 */
};

struct board
{
    struct slot slots[SLOTS];
};

#endif
