/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * The administrator's programs on the host, which carry out what the agent's clients ask for. They
 * are configured in HKLM only:
 *
 *   the hook    ends connections and the like: Parameters\Hook (REG_SZ, the program's path on the
 *               host) and Parameters\HookTimeout (REG_DWORD, ms)
 *   the dialer  makes connections: Parameters\Dialer, Parameters\DialTimeout. It gets a password by
 *               its standard input, and reports its progress by lines on its standard output.
 *
 * Runs are asynchronous. At most HOOKS_AT_ONCE of each run at a time, and those that concern the
 * same connection run one after the other.
 */
#ifndef WINE_NAP_NAPAGENT_HOOK_H
#define WINE_NAP_NAPAGENT_HOOK_H

#include <stdbool.h>
#include <stdint.h>
#include <windows.h>

#define HOOKS_AT_ONCE 8
#define HOOK_DEFAULT_TIMEOUT 10000 /* ms */
#define HOOK_MAX_TIMEOUT 45000     /* ms; the client waits for the answer for a minute */
#define HOOK_MAX_ARGUMENTS 32
#define DIAL_DEFAULT_TIMEOUT 120000 /* ms */
#define DIAL_MAX_TIMEOUT 600000     /* ms */
#define DIAL_LINE_MAX 1024          /* bytes; a longer line is cut in two */
#define DIAL_OUTPUT_MAX 65536       /* bytes; a dialer that writes more is ended */

#define HOOK_FOLDERS L"napagent-hook" /* owner of the runs' folders */

struct hooks;

/* A line that the dialer has written, or the end of a run. */
struct hook_event
{
    uint32_t number;
    bool ended;
    HRESULT result;  /* S_OK; ERROR_TIMEOUT, ERROR_FILE_NOT_FOUND (no such program), ... */
    int exit_status; /* as in a shell: 128 + n if signal n ended the program */
    char line[];     /* if it has not ended: UTF-8 as it came, without the newline */
};

/* The events of a run are posted to `port` with `key`, its end last. The OVERLAPPED pointer is a
 * struct hook_event, which the receiver free()s. NULL: no memory. */
struct hooks *hooks_create(HANDLE port, ULONG_PTR key);
/* Running hooks are not ended, and their ends are no longer posted. Takes NULL. */
void hooks_destroy(struct hooks *hooks);

/* Queues a run of the hook. `arguments` are UTF-8; arguments[1], if present, names the
 * connection. S_OK: an end will be posted. ERROR_NOT_FOUND: no hook is configured.
 * ERROR_BAD_PATHNAME: the configured path is not a path of the host. E_OUTOFMEMORY. */
HRESULT hooks_run(
        struct hooks *hooks, uint32_t number, const char *const *arguments, unsigned int count);
/* The same for the dialer, whose arguments[2] and [3] name the entry: its runs do not overlap. It
 * dials if `input` is not NULL: `size` bytes without a NUL for its standard input, which are
 * overwritten here when it has them; its lines are posted. If `input` is NULL, it runs as the hook
 * does, within HookTimeout. */
HRESULT hooks_run_dialer(struct hooks *hooks, uint32_t number, const char *const *arguments,
        unsigned int count, const void *input, size_t size);
/* Ends a dialer that dials: it gets SIGTERM, and SIGKILL if it then takes too long. Its end is
 * posted as ever; ERROR_CANCELLED if it has not begun. An unknown number is ignored. */
void hooks_end(struct hooks *hooks, uint32_t number);

#endif
