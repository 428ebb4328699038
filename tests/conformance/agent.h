/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * The installed agent, as an administrator controls it: through the service manager,
 * NapClientManagement and napctl.
 */

#ifndef WINE_NAP_TESTS_AGENT_H
#define WINE_NAP_TESTS_AGENT_H

#include <stdbool.h>

#include <windows.h>
#include <objbase.h>
#include <napmanagement.h>

/* The agent's process id if it runs, otherwise 0. */
DWORD agent_process(void);
/* Like net start and net stop: true on success. Stopping waits until the process has ended. */
bool agent_start(void);
bool agent_stop(void);
/* Waits until the agent has a pipe, whichever process starts it. */
void agent_await(void);
/* Ends the agent's process as a crash would. */
bool agent_kill(void);
/* SERVICE_DEMAND_START or SERVICE_DISABLED */
bool agent_set_start_type(DWORD type);
/* Sets a DWORD below the service's Parameters key, which the agent reads when it starts;
 * agent_forget_parameter removes it. */
bool agent_set_parameter(const WCHAR *name, DWORD value);
void agent_forget_parameter(const WCHAR *name);

/* Runs napctl with these arguments; returns its exit code, or -1. The output of both streams goes
 * to `text`, of `size` bytes; napctl() prints it on failure. */
int napctl_says(const WCHAR *arguments, char *text, DWORD size);
int napctl(const WCHAR *arguments);

/* NapClientManagement, while COM is initialized on the calling thread; the caller releases it. */
INapClientManagement2 *management_create(void);
/* Registers with texts of the tests; the result is the method's. */
HRESULT register_enforcement_client(EnforcementEntityId id);
HRESULT unregister_enforcement_client(EnforcementEntityId id);
HRESULT register_health_agent(SystemHealthEntityId id);
HRESULT unregister_health_agent(SystemHealthEntityId id);
/* Frees the results of the Get methods. */
void free_registrations(NapComponentRegistrationInfo *infos, UINT16 count);
bool is_registered(bool health_agent, NapComponentId id);
/* Waits a little until the agent answers; does not start it. */
bool agent_is_there(void);
/* The number of registered components of a kind, or -1. */
int enforcement_client_count(void);
int health_agent_count(void);

#endif
