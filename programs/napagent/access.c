/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Who may change registrations: administrators.
 *
 * Wine's ImpersonateNamedPipeClient gives the server its own token, so the
 * client's process is asked too; both must agree, so that Windows and later
 * Wines are right as well. The process is the one that was opened when the
 * client connected: an id may come to another process when its own has ended.
 */
#include "programs/napagent/process.h"

/* Does the token, for impersonation, belong to the Administrators group? */
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

static bool process_is_administrator(HANDLE process)
{
    HANDLE primary = NULL, token = NULL;
    bool result = false;

    if (OpenProcessToken(process, TOKEN_QUERY | TOKEN_DUPLICATE, &primary)
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

bool client_is_administrator(HANDLE pipe, const struct client_process *process)
{
    return process->handle && process_is_administrator(process->handle)
           && caller_is_administrator(pipe);
}
