/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * The administrator's hook: a host program that carries out what the agent's clients ask for,
 * such as ending a connection. It is configured in HKLM only, by Parameters\Hook (REG_SZ, the
 * program's path on the host) and Parameters\HookTimeout (REG_DWORD, ms).
 *
 * Runs are asynchronous. At most HOOKS_AT_ONCE run at a time, and those that concern the same
 * connection run one after the other.
 */
#ifndef WINE_NAP_NAPAGENT_HOOK_H
#define WINE_NAP_NAPAGENT_HOOK_H

#include <stdint.h>
#include <windows.h>

#define HOOKS_AT_ONCE 8
#define HOOK_DEFAULT_TIMEOUT 10000 /* ms */
#define HOOK_MAX_TIMEOUT 45000     /* ms; the client waits for the answer for a minute */
#define HOOK_MAX_ARGUMENTS 32

struct hooks;

/* How a run ended. */
struct hook_end
{
    uint32_t number;
    HRESULT result;  /* S_OK; ERROR_TIMEOUT, ERROR_FILE_NOT_FOUND (no such program), ... */
    int exit_status; /* as in a shell: 128 + n if signal n ended the hook */
};

/* The end of each run is posted to `port` with `key`. The OVERLAPPED pointer is a struct hook_end,
 * which the receiver free()s. NULL: no memory. */
struct hooks *hooks_create(HANDLE port, ULONG_PTR key);
/* Running hooks are not ended, and their ends are no longer posted. Takes NULL. */
void hooks_destroy(struct hooks *hooks);

/* Queues a run of the hook. `arguments` are UTF-8; arguments[1], if present, names the
 * connection. S_OK: an end will be posted. ERROR_NOT_FOUND: no hook is configured.
 * ERROR_BAD_PATHNAME: the configured path is not a path of the host. E_OUTOFMEMORY. */
HRESULT hooks_run(
        struct hooks *hooks, uint32_t number, const char *const *arguments, unsigned int count);

#endif
