/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Requests to the agent.
 *
 * An agent that was stopped in an orderly way stays stopped, and a request fails at
 * once. An agent that was not started yet, or was killed, is started: a program that
 * asks for connections expects the service to run, as on Windows.
 */
#include "dlls/rasapi32/connection.h"

#include <raserror.h>

DWORD error_of(HRESULT hr)
{
    if (SUCCEEDED(hr))
        return ERROR_SUCCESS;
    if (hr == E_OUTOFMEMORY)
        return ERROR_NOT_ENOUGH_MEMORY;
    if (HRESULT_FACILITY(hr) == FACILITY_WIN32)
        return HRESULT_CODE(hr);
    return ERROR_RASMAN_CANNOT_INITIALIZE;
}

DWORD ask_agent(struct napipc_message *request, struct agent_reply *reply)
{
    bool asked;
    HRESULT hr = agent_process_call(agent_start_unless_stopped, request, reply, &asked);

    /* The log has the reason why the agent cannot be reached. */
    if (!asked && hr != E_OUTOFMEMORY)
        return ERROR_RASMAN_CANNOT_INITIALIZE;
    return error_of(hr);
}

DWORD ask_about(uint16_t type, HRASCONN connection, struct agent_reply *reply)
{
    struct napipc_message request;

    if (!connection || (UINT_PTR)connection >= UINT32_MAX)
        return ERROR_INVALID_HANDLE;
    if (hung_up_has((uint32_t)(UINT_PTR)connection))
        return ERROR_NO_CONNECTION;
    request.type = type;
    request.ras_handle.handle = (uint32_t)(UINT_PTR)connection;
    return ask_agent(&request, reply);
}

DWORD invalid_if_ended(DWORD error)
{
    return error == ERROR_NO_CONNECTION ? ERROR_INVALID_HANDLE : error;
}

DWORD ask_active(HRASCONN connection, struct agent_reply *reply)
{
    DWORD error = ask_about(NAPIPC_RAS_GET, connection, reply);

    if (error || reply->message.ras_get_reply.active)
        return error;
    agent_reply_clear(reply);
    return ERROR_NO_CONNECTION;
}

void copy_wide(void *to, size_t size, const struct napipc_string *string)
{
    size_t length = string->length < size ? string->length : size - 1;

    if (length)
        memcpy(to, string->units, length * sizeof(WCHAR));
    memset((WCHAR *)to + length, 0, (size - length) * sizeof(WCHAR));
}

void copy_narrow(void *to, size_t size, const struct napipc_string *string)
{
    WCHAR wide[NAPIPC_MAX_STRING + 1];
    size_t length, end = 0;

    copy_wide(wide, ARRAYSIZE(wide), string);
    memset(to, 0, size);
    /* Finds the longest prefix that fits without cutting a character. */
    for (length = wcslen(wide); length; length--)
    {
        int need = WideCharToMultiByte(CP_ACP, 0, wide, (int)length, NULL, 0, NULL, NULL);

        if (need > 0 && (size_t)need < size)
        {
            end = (size_t)need;
            break;
        }
    }
    if (end)
        WideCharToMultiByte(CP_ACP, 0, wide, (int)length, to, (int)end, NULL, NULL);
}
