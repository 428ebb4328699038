/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Who is an administrator; see access.h.
 *
 * Wine's ImpersonateNamedPipeClient gives the server its own token, so the
 * token of the client's process is checked too. Both checks must succeed, so
 * that the result is right on Windows and later versions of Wine as well. The
 * process is the one that was opened when the client connected: another process
 * may get its id after it has ended.
 */
#include "libs/pipeserver/access.h"

/* True if the impersonation token is of a member of the Administrators group. */
static bool token_is_administrator(HANDLE token)
{
    SID_IDENTIFIER_AUTHORITY authority = {SECURITY_NT_AUTHORITY};
    BOOL member = FALSE;
    PSID group;

    if (!AllocateAndInitializeSid(&authority, 2, SECURITY_BUILTIN_DOMAIN_RID,
                DOMAIN_ALIAS_RID_ADMINS, 0, 0, 0, 0, 0, 0, &group))
        return false;
    if (!CheckTokenMembership(token, group, &member))
        member = FALSE;
    FreeSid(group);
    return member;
}

bool process_is_administrator(HANDLE process)
{
    HANDLE primary = NULL, token = NULL;
    bool result = false;

    if (process && OpenProcessToken(process, TOKEN_QUERY | TOKEN_DUPLICATE, &primary)
            && DuplicateTokenEx(
                    primary, TOKEN_QUERY, NULL, SecurityIdentification, TokenImpersonation, &token))
        result = token_is_administrator(token);
    if (token)
        CloseHandle(token);
    if (primary)
        CloseHandle(primary);
    return result;
}

static bool caller_is_administrator(HANDLE pipe)
{
    HANDLE token = NULL;
    bool result = false;

    if (!ImpersonateNamedPipeClient(pipe))
        return false;
    if (OpenThreadToken(GetCurrentThread(), TOKEN_QUERY, TRUE, &token))
    {
        result = token_is_administrator(token);
        CloseHandle(token);
    }
    RevertToSelf();
    return result;
}

bool client_is_administrator(HANDLE pipe, HANDLE process)
{
    return process_is_administrator(process) && caller_is_administrator(pipe);
}
