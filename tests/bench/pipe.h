/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * The speed of the way through the agent, against bare message pipes.
 *
 *   bench-pipe [RUNS] [JSON]    prints a row for each figure
 *
 * Product and bare pipes take turns, call by call, so that what else the
 * machine does hits both. Each answer is checked; a wrong one ends the run.
 * docs/performance.md explains the figures.
 */
#ifndef WINE_NAP_TESTS_PIPE_H
#define WINE_NAP_TESTS_PIPE_H

#include <stdbool.h>

#include <windows.h>
#include <objbase.h>
#include <naptypes.h>
#include <napenforcementclient.h>
#include <napprotocol.h>
#include <napsystemhealthagent.h>
#include <ras.h>

#include "libs/napipc/napipc.h"

#define PARTNERS 20

/* ---- pipe_report.c ---- */

/* Prints why and ends the bench. */
void die(const char *format, ...) __attribute__((format(gnu_printf, 1, 2), noreturn));
/* QueryPerformanceCounter in ns */
UINT64 now_ns(void);

struct figure
{
    const char *what;
    const char *against;
    double most;                                                   /* ratio; 0: no limit */
    unsigned int runs, count;                                      /* of the current run */
    double own[4096], raw[4096];                                   /* ns, of the current run */
    double own_medians[64], raw_medians[64], minimum, raw_minimum; /* of the runs */
};

void figure_add(struct figure *figure, UINT64 own, UINT64 raw);
/* Ends the run. */
void figure_end_run(struct figure *figure);
void figures_heading(void);
/* Prints the row; false: a figure is over its limit. */
bool figure_print(const struct figure *figure);
/* Writes all of them as JSON; nothing if there is no file. */
void figures_write(const char *file, const struct figure *figures, unsigned int count);

/* ---- pipe_raw.c: bare overlapped message pipes ---- */

/* A message and its answer have these sizes, in bytes; at least 8. */
struct sizes
{
    DWORD there, back;
};

/* The echo's server is another process, like the agent; it serves by a completion port. */
void raw_echo_begin(void);
void raw_echo_end(void);
/* Makes one echo; returns its duration. */
UINT64 raw_echo(struct sizes sizes);
/* The first `count` of 20 processes, each with a pipe of its own: 20 reads posted, 20 writes, wait
 * for all. */
void raw_fan_out_begin(void);
void raw_fan_out_end(void);
UINT64 raw_fan_out(struct sizes sizes);
/* Main functions of the processes. */
int be_raw_server(void);
int be_raw_client(const char *number);

/* ---- pipe_partner.c: health agents and enforcement clients in other processes ---- */

/* What a partner reports, in memory shared with it. */
struct slot
{
    volatile LONG ready;
    volatile LONG calls;   /* GetSoHRequest, or NotifySoHChange */
    volatile LONG answers; /* ProcessSoHResponse */
    volatile UINT64 when;  /* now_ns() at its last callback */
};

struct partners
{
    HANDLE processes[PARTNERS], stop;
    struct slot *slots;
    unsigned int count;
};

/* Starts `count` of them and waits until all are bound. */
void partners_begin(
        struct partners *partners, const char *role, const UINT32 *ids, unsigned int count);
void partners_end(struct partners *partners);
int be_partner(const char *role, const char *id, const char *number);
/* The callback object of a health agent; also used in the bench's own process. */
INapSystemHealthAgentCallback *be_quiet_health_agent(void);
/* A health agent reports how often it was asked, as Product-Version. */
#define SOH_MARK "asked "
/* Runs a role in a process of its own. */
HANDLE start_self(const char *format, ...) __attribute__((format(gnu_printf, 1, 2)));

/* ---- pipe_ras.c: a RAS connection that napctl adds ---- */

/* Adds an entry with this ConnectionId; returns its handle. */
HRASCONN ras_begin(const WCHAR *id);
void ras_end(void);
/* Makes one RasGetNapStatus, which must return this state; returns its duration. */
UINT64 ras_nap_status(HRASCONN ras, IsolationState state);

/* ---- pipe_service.c: starting services ---- */

void empty_service_begin(void);
void empty_service_end(void);
/* StartService until the service runs; the service is stopped afterwards. */
UINT64 empty_service_start(void);
int be_empty_service(void);

/* ---- pipe_client.c: the bench's own enforcement client ---- */

extern UINT32 health_ids[PARTNERS];
extern INapEnforcementClientBinding *binding;
extern INapEnforcementClientConnection *connection;
extern INapEnforcementClientCallback callback;

/* Ends the bench unless the result is S_OK. */
void must(HRESULT hr, const char *what);
void create_binding(void);
/* Binds and creates the connection. */
void client_begin(UINT32 id);
void client_end(void);
/* Makes one GetSoHRequest; returns its duration. */
UINT64 get_soh_request(void);
/* Checks that the request has the entries of these health agents, each asked `calls` times. Returns
 * its size. */
DWORD check_request(const struct partners *agents, LONG calls, DWORD *entry_size);
/* Answers the last request; returns the duration of ProcessSoHResponse. */
UINT64 process_response(const struct partners *agents, IsolationState state, DWORD *size);
/* Waits until each health agent has got the response, so that it is idle at the next request. */
void wait_for_agents(const struct partners *agents, LONG answers);

/* The sizes of the product's messages, in bytes. */
DWORD frame_size(struct napipc_message *message);
struct sizes request_sizes(DWORD request_size);
struct sizes response_sizes(DWORD response_size);
struct sizes agent_sizes(DWORD soh_size);
struct sizes notify_sizes(void);

/* ---- enable.c ---- */

/* Fills in two figures: a component is enabled or disabled, against a FlushFileBuffers of a file in
 * the folder of the agent's journal, after a write of the same size; and against such a flush of a
 * file that does not grow and a raw echo, which must have begun. */
void bench_enable(unsigned int runs, struct figure *against_flush, struct figure *against_both);

/* ---- dial.c ---- */

/* RasDial by a dialer that connects at once, to RASCS_Connected. */
void bench_dial(unsigned int runs, struct figure *figure);

/* ---- trace.c ---- */

/* Fills in the figure: 1,000 calls of an exported function while tracing is off, against the same
 * function without a trace. */
void bench_trace(unsigned int runs, struct figure *figure);

/* ---- mpr.c ---- */

/* Fills in two figures, of `runs` runs each; false: the agent needs too much memory. */
bool bench_mpr(unsigned int runs, struct figure *against_pipe, struct figure *against_few);
int be_raw_sender(void);

#endif
