/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Starting a process from a test.
 *
 * On a busy machine Wine answers one start in ten thousand with ERROR_INTERNAL_ERROR: the new
 * process died before its first instruction. That is no result of the test, so the start is
 * retried.
 */
#ifndef WINE_NAP_TESTS_PROCESS_H
#define WINE_NAP_TESTS_PROCESS_H

#include <stdbool.h>

#include <windows.h>

#define PROCESS_STARTS 5

/* With that token, or with this process's own token if it is NULL. */
static inline bool start_process_as(HANDLE token, WCHAR *line, BOOL inherit, STARTUPINFOW *startup,
        PROCESS_INFORMATION *process)
{
    BOOL made = FALSE;
    int i;

    for (i = 0; i < PROCESS_STARTS && !made && (!i || GetLastError() == ERROR_INTERNAL_ERROR); i++)
        made = token ? CreateProcessAsUserW(
                       token, NULL, line, NULL, NULL, inherit, 0, NULL, NULL, startup, process)
                     : CreateProcessW(
                             NULL, line, NULL, NULL, inherit, 0, NULL, NULL, startup, process);
    return made;
}

static inline bool start_process(
        WCHAR *line, BOOL inherit, STARTUPINFOW *startup, PROCESS_INFORMATION *process)
{
    return start_process_as(NULL, line, inherit, startup, process);
}

static inline bool start_process_a(
        const char *line, BOOL inherit, STARTUPINFOW *startup, PROCESS_INFORMATION *process)
{
    WCHAR wide[1024];

    return MultiByteToWideChar(CP_ACP, 0, line, -1, wide, ARRAYSIZE(wide))
           && start_process(wide, inherit, startup, process);
}

/* True if programs of the other bitness run here. A 64-bit Wine alone has an empty syswow64, or
 * none. */
static inline bool other_size_runs(void)
{
    BOOL wow64 = FALSE;

    if (sizeof(void *) == 8)
        return GetFileAttributesA("C:\\windows\\syswow64\\kernel32.dll") != INVALID_FILE_ATTRIBUTES;
    return IsWow64Process(GetCurrentProcess(), &wow64) && wow64;
}

#endif
