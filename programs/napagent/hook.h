/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * The administrator's hook: a host program that really does what the agent's clients ask
 * for, such as ending a connection. It is set in HKLM only, as Parameters\Hook (REG_SZ, the
 * program's path on the host) and Parameters\HookTimeout (REG_DWORD, ms).
 *
 * Runs are asynchronous. At most HOOKS_AT_ONCE go on at a time, and those that concern the
 * same connection come one after the other.
 */
#ifndef WINE_NAP_NAPAGENT_HOOK_H
#define WINE_NAP_NAPAGENT_HOOK_H

#include <stdint.h>
#include <windows.h>

#define HOOKS_AT_ONCE 8
#define HOOK_DEFAULT_TIMEOUT 10000 /* ms */
#define HOOK_MAX_TIMEOUT 45000     /* ms; who asked waits for the answer a minute */
#define HOOK_MAX_ARGUMENTS 32

struct hooks;

/* How a run ended. */
struct hook_end
{
    uint32_t number;
    HRESULT result;  /* S_OK; ERROR_TIMEOUT, ERROR_FILE_NOT_FOUND (no such program), ... */
    int exit_status; /* as a shell has it: 128 + n where signal n ended it */
};

/* The ends of runs are posted to `port` with `key`, each as an OVERLAPPED pointer that is a
 * struct hook_end of the receiver's to free(). NULL: no memory. */
struct hooks *hooks_create(HANDLE port, ULONG_PTR key);
/* Runs that go on are left to themselves; no end of them is posted any more. Takes NULL. */
void hooks_destroy(struct hooks *hooks);

/* Starts the hook, as soon as it is its turn. `arguments` are UTF-8; arguments[1], if it is
 * there, names the connection. S_OK: an end will be posted. ERROR_NOT_FOUND: no hook is set.
 * ERROR_BAD_PATHNAME: what is set is no path of the host. E_OUTOFMEMORY. */
HRESULT hooks_run(
        struct hooks *hooks, uint32_t number, const char *const *arguments, unsigned int count);

#endif
