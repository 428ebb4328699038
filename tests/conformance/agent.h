/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * The installed agent, as an administrator handles it: through the service
 * manager, NapClientManagement and napctl.
 */

#ifndef WINE_NAP_TESTS_AGENT_H
#define WINE_NAP_TESTS_AGENT_H

#include <stdbool.h>

#include <windows.h>
#include <objbase.h>
#include <napmanagement.h>

/* The process of the agent if it lives, else 0. */
DWORD agent_process(void);
/* As net start and net stop: true if done. Stopping waits until the process has ended. */
bool agent_start(void);
bool agent_stop(void);
/* Waits until the agent has a pipe, whoever starts it. */
void agent_await(void);
/* Ends the agent's process as a crash would. */
bool agent_kill(void);
/* SERVICE_DEMAND_START or SERVICE_DISABLED */
bool agent_set_start_type(DWORD type);
/* Sets a DWORD below the service's Parameters key, which the agent reads when it starts;
 * agent_forget_parameter removes it. */
bool agent_set_parameter(const WCHAR *name, DWORD value);
void agent_forget_parameter(const WCHAR *name);

/* Runs napctl with these arguments; its exit code, or -1. What it wrote, on either stream, is in
 * `text`, of `size` bytes; napctl() shows it if it failed. */
int napctl_says(const WCHAR *arguments, char *text, DWORD size);
int napctl(const WCHAR *arguments);

/* NapClientManagement, for as long as COM is there on the calling thread; the caller's. */
INapClientManagement2 *management_create(void);
/* Registers with texts of the tests' own; the result is that of the method. */
HRESULT register_enforcement_client(EnforcementEntityId id);
HRESULT unregister_enforcement_client(EnforcementEntityId id);
HRESULT register_health_agent(SystemHealthEntityId id);
HRESULT unregister_health_agent(SystemHealthEntityId id);
/* What a caller of the Get methods has to free. */
void free_registrations(NapComponentRegistrationInfo *infos, UINT16 count);
bool is_registered(bool health_agent, NapComponentId id);
/* Waits a little until the agent answers; it is not started. */
bool agent_is_there(void);
/* How many of a kind are registered, or -1. */
int enforcement_client_count(void);
int health_agent_count(void);

#endif
