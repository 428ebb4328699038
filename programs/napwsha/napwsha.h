/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * napwsha: the service that is the system health agent 79744, which Windows Security Health Agent
 * is on Windows. It reports what tools/hooks/host-health says of the host.
 *
 *   main.c      the process (libs/service)
 *   settings.c  Parameters
 *   agent.c     INapSystemHealthAgentCallback
 *   current.c   the statement of the last look, which GetSoHRequest gives
 *   response.c  the last response: results and messages
 *   watch.c     when to look, and when to notify
 *   look.c      one look: runs host-health, and records what it says
 *
 * It knows the NAP system by the public interfaces of qagent and qutil only, as any health agent
 * does. `napctl health enable` registers the health agent, which needs an administrator, and starts
 * the service.
 */
#ifndef WINE_NAP_NAPWSHA_H
#define WINE_NAP_NAPWSHA_H

#include <stdbool.h>
#include <windows.h>

#include "libs/hosthealth/hosthealth.h"
#include "napsystemhealthagent.h"

/* ---- settings.c: all are read when the service starts ---- */

struct settings
{
    DWORD look_interval;  /* ms from one look to the next */
    DWORD look_timeout;   /* ms that host-health may take */
    DWORD answer_timeout; /* ms in which a bound enforcement client asks after a notification */
    DWORD renewal;        /* ms after which a statement is too old */
    char program[MAX_PATH * 3]; /* host-health: its path on the host; a name: beside this program */
};

void settings_read(struct settings *settings);

/* ---- current.c ---- */

/* Before the first look, and when the looks end: every class has the error "not started since
 * boot". What is known would soon be untrue. */
void current_begin(void);
/* No look comes any more: nobody waits for one. */
void current_end(void);
/* Takes the statement of a look. Returns whether it says anything else than the look before, or a
 * request since was answered without one; the time of the last scan for updates does not count,
 * which only grows. */
bool current_set(const struct host_statement *statement);
/* Writes the statement with the next flag. Waits some seconds for the first look. False: none
 * comes any more. */
bool current_write(uint8_t buffer[WSH_MAX_SOH_SIZE], struct soh_entry *entry);

/* ---- look.c ---- */

/* Runs host-health and records what it says. False: `stop` was set meanwhile, and *statement is
 * unchanged. */
bool look(const struct settings *settings, HANDLE stop, struct host_statement *statement);

/* ---- watch.c ---- */

/* Looks and notifies until `stop` is set. */
void watch(const struct settings *settings, INapSystemHealthAgentBinding *binding, HANDLE stop);
/* An enforcement client has asked: there is one. May be called from any thread. */
void watch_asked(void);

/* ---- response.c ---- */

/* Takes a response. NAP_E_INVALID_PACKET, E_OUTOFMEMORY. */
HRESULT response_take(const SoHResponse *response, bool fixup);
/* What follows from the last one. The caller frees *info by FreeFixupInfo. */
HRESULT response_describe(FixupInfo **info);

/* ---- agent.c ---- */

extern INapSystemHealthAgentCallback agent_callback;

#endif
