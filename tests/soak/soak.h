/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Shared by the programs of the soak: the live agent as a raw client uses it, and the size of its
 * process.
 */
#ifndef WINE_NAP_TESTS_SOAK_H
#define WINE_NAP_TESTS_SOAK_H

#include <stdbool.h>
#include <stdint.h>

#include <windows.h>

/* Prints a check's result, "ok NAME" or "not ok NAME: why"; `format` gives the why. */
void check(bool good, const char *name, const char *format, ...)
        __attribute__((format(gnu_printf, 3, 4)));
/* The exit code of a program: 0 if all checks were good. */
int checks_failed(void);
/* Ends the program: measurement is impossible. */
void die(const char *format, ...) __attribute__((format(gnu_printf, 1, 2), noreturn));

/* Monotonic, ns */
uint64_t now_ns(void);

/* Sorts them. */
double median(double *values, unsigned int count);

/* xorshift: the same numbers for the same seed, which is not 0. */
uint32_t random_below(uint64_t *seed, uint32_t end);

/* GET_STATE in a new session; *process becomes the agent's. */
HRESULT ask_state(DWORD *process);

struct process_size
{
    DWORD handles;
    DWORD memory; /* private, resident or swapped out; KiB */
};

/* Reads the agent's entry in the system's list of processes. */
struct process_size process_measure(DWORD process);
/* Waits until the process is at most this large, at most 30 s; returns its size then. */
struct process_size process_shrinks(DWORD process, struct process_size most);

/* Connects to the agent's pipe without sending anything; waits while it is busy. `overlapped`:
 * FILE_FLAG_OVERLAPPED or 0. INVALID_HANDLE_VALUE: the agent is not there. */
HANDLE connect_raw(DWORD overlapped);

#endif
