/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * The script of the host that runs a program for a service.
 */
#include "libs/hosthook/hosthook.h"

#include <stdio.h>
#include <string.h>
#include <wchar.h>

DWORD hook_script_start(const WCHAR *folder, const WCHAR *command)
{
    STARTUPINFOW startup = {.cb = sizeof(startup)};
    PROCESS_INFORMATION process = {0};
    WCHAR script[MAX_PATH], line[32], *name;
    DWORD length = GetModuleFileNameW(NULL, script, ARRAYSIZE(script));

    if (!length || length >= ARRAYSIZE(script) - ARRAYSIZE(line) || !(name = wcsrchr(script, '\\'))
            || wcslen(command) >= ARRAYSIZE(line))
        return ERROR_FILENAME_EXCED_RANGE;
    wcscpy(name + 1, L"napagent-hook");
    wcscpy(line, command);
    if (GetFileAttributesW(script) == INVALID_FILE_ATTRIBUTES)
        return ERROR_MOD_NOT_FOUND;
    if (!CreateProcessW(script, line, NULL, NULL, FALSE, CREATE_NO_WINDOW, NULL, folder, &startup,
                &process))
        return GetLastError();
    if (process.hThread)
        CloseHandle(process.hThread);
    if (process.hProcess)
        CloseHandle(process.hProcess);
    return 0;
}

DWORD hook_status_read(const char *status, int *exit_status)
{
    int number;

    *exit_status = 0;
    if (!strcmp(status, "timeout"))
        return ERROR_TIMEOUT;
    if (!strcmp(status, "missing"))
        return ERROR_FILE_NOT_FOUND;
    if (!strcmp(status, "unsafe"))
        return ERROR_ACCESS_DENIED;
    if (sscanf(status, "exit %d", &number) == 1)
        *exit_status = number;
    else if (sscanf(status, "signal %d", &number) == 1)
        *exit_status = 128 + number;
    else
        return ERROR_GEN_FAILURE;
    return 0;
}
