/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * A process without administrator rights for tests; see restricted.h.
 */

#include "restricted.h"

#include <stdio.h>

#include "process.h"

#define PATIENCE 60000 /* ms */

bool is_administrator(void)
{
    SID_IDENTIFIER_AUTHORITY authority = {SECURITY_NT_AUTHORITY};
    BOOL member = TRUE;
    PSID group;

    if (!AllocateAndInitializeSid(&authority, 2, SECURITY_BUILTIN_DOMAIN_RID,
                DOMAIN_ALIAS_RID_ADMINS, 0, 0, 0, 0, 0, 0, &group))
        return true;
    if (!CheckTokenMembership(NULL, group, &member))
        member = TRUE;
    FreeSid(group);
    return member;
}

HANDLE token_without_rights(void)
{
    SID_IDENTIFIER_AUTHORITY authority = {SECURITY_NT_AUTHORITY};
    SID_AND_ATTRIBUTES administrators = {NULL, 0};
    HANDLE token = NULL, restricted = NULL;

    AllocateAndInitializeSid(&authority, 2, SECURITY_BUILTIN_DOMAIN_RID, DOMAIN_ALIAS_RID_ADMINS, 0,
            0, 0, 0, 0, 0, &administrators.Sid);
    if (OpenProcessToken(GetCurrentProcess(), TOKEN_ALL_ACCESS, &token))
    {
        CreateRestrictedToken(
                token, DISABLE_MAX_PRIVILEGE, 1, &administrators, 0, NULL, 0, NULL, &restricted);
        CloseHandle(token);
    }
    FreeSid(administrators.Sid);
    return restricted;
}

DWORD run_without_rights(const WCHAR *arguments)
{
    STARTUPINFOW startup = {.cb = sizeof(startup)};
    HANDLE restricted = token_without_rights();
    PROCESS_INFORMATION process;
    WCHAR path[MAX_PATH], line[MAX_PATH + 64];
    DWORD code = 99;

    GetModuleFileNameW(NULL, path, MAX_PATH);
    swprintf(line, ARRAYSIZE(line), L"\"%ls\" %ls", path, arguments);
    if (restricted && start_process_as(restricted, line, FALSE, &startup, &process))
    {
        CloseHandle(process.hThread);
        if (WaitForSingleObject(process.hProcess, PATIENCE) == WAIT_OBJECT_0)
            GetExitCodeProcess(process.hProcess, &code);
        else
            TerminateProcess(process.hProcess, 98);
        CloseHandle(process.hProcess);
    }
    CloseHandle(restricted);
    return code;
}
