/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * The status of a connection, and its end: RasGetConnectStatus (nf-ras-rasgetconnectstatusw),
 * RasGetNapStatus (nf-ras-rasgetnapstatus), RasHangUp (nf-ras-rashangupw).
 */
#include "dlls/rasapi32/connection.h"
#include "dlls/rasapi32/dialing.h"

#include "libs/log/trace.h"

#include <raserror.h>

/* Writes nothing after the string's terminator: public Visual Basic programs pass a dwSize of 160
 * for a structure that ends after 33 characters of the device's name. */
static void write_wide(void *to, size_t capacity, const struct napipc_string *string)
{
    WCHAR text[RAS_MaxPhoneNumber + 1]; /* no member is longer */

    copy_wide(text, capacity, string);
    lstrcpyW(to, text);
}

static void write_narrow(void *to, size_t capacity, const struct napipc_string *string)
{
    CHAR text[RAS_MaxPhoneNumber + 1];

    copy_narrow(text, capacity, string);
    lstrcpyA(to, text);
}

/* RASCONNSTATUS with W or A. */
struct layout
{
    DWORD size_351, size_400, size_401, size_601; /* dwSize: NT 3.51's ... Windows 7's */
    DWORD device_type, device_name, phone_number, end_points; /* offsets */
    void (*write)(void *to, size_t capacity, const struct napipc_string *string);
};

#define LAYOUT(oldest, newest, write)                                                              \
    {                                                                                              \
        sizeof(oldest), ALIGN4(offsetof(newest, szPhoneNumber)),                                   \
                ALIGN4(offsetof(newest, localEndPoint)), sizeof(newest),                           \
                offsetof(newest, szDeviceType), offsetof(newest, szDeviceName),                    \
                offsetof(newest, szPhoneNumber), offsetof(newest, localEndPoint), write            \
    }

static const struct layout wide_layout = LAYOUT(RASCONNSTATUS351W, RASCONNSTATUS601W, write_wide);
static const struct layout narrow_layout =
        LAYOUT(RASCONNSTATUS351A, RASCONNSTATUS601A, write_narrow);

static DWORD get_status(HRASCONN connection, void *status, const struct layout *layout)
{
    RASCONNSTATUS601W *head = status; /* the members before the strings */
    BYTE *bytes = status;
    struct agent_reply reply;
    const struct napipc_ras_get_reply *got = &reply.message.ras_get_reply;
    DWORD size, error;

    if (!status)
        return ERROR_INVALID_PARAMETER;
    size = head->dwSize;
    if (size != layout->size_351 && size != layout->size_400 && size != layout->size_401
            && size != layout->size_601)
        return ERROR_INVALID_SIZE;
    if ((error = invalid_if_ended(ask_about(NAPIPC_RAS_GET, connection, &reply))))
        return error;
    head->rasconnstate = (RASCONNSTATE)got->state;
    head->dwError = got->error;
    layout->write(bytes + layout->device_type, RAS_MaxDeviceType + 1, &got->connection.device_type);
    /* NT 3.51's structure has a shorter device name. */
    layout->write(bytes + layout->device_name,
            (size == layout->size_351 ? RAS351_MaxDeviceName : RAS_MaxDeviceName) + 1,
            &got->connection.device_name);
    if (size >= layout->size_401)
        layout->write(bytes + layout->phone_number, RAS_MaxPhoneNumber + 1,
                &got->connection.phone_number);
    if (size == layout->size_601)
        memset(bytes + layout->end_points, 0, size - layout->end_points);
    agent_reply_clear(&reply);
    return ERROR_SUCCESS;
}

DWORD WINAPI RasGetConnectStatusW(HRASCONN connection, RASCONNSTATUSW *status)
{
    TRACE_CALL("(connection %p, status %p)", (const void *)connection, (const void *)status);
    return TRACED(get_status(connection, status, &wide_layout));
}

DWORD WINAPI RasGetConnectStatusA(HRASCONN connection, RASCONNSTATUSA *status)
{
    TRACE_CALL("(connection %p, status %p)", (const void *)connection, (const void *)status);
    return TRACED(get_status(connection, status, &narrow_layout));
}

DWORD WINAPI RasGetNapStatus(HRASCONN connection, LPRASNAPSTATE state)
{
    TRACE_CALL("(connection %p, state %p)", (const void *)connection, (const void *)state);
    struct agent_reply reply;
    DWORD error;

    if (!state)
        return TRACED(ERROR_INVALID_PARAMETER);
    if (state->dwSize != sizeof(*state))
        return TRACED(ERROR_INVALID_SIZE);
    if ((error = ask_about(NAPIPC_RAS_NAP_STATUS, connection, &reply)))
        return TRACED(error);
    state->dwFlags = 0;
    state->isolationState = (IsolationState)reply.message.ras_nap_status_reply.state;
    state->probationTime.dwLowDateTime = (DWORD)reply.message.ras_nap_status_reply.probation_end;
    state->probationTime.dwHighDateTime =
            (DWORD)(reply.message.ras_nap_status_reply.probation_end >> 32);
    agent_reply_clear(&reply);
    return TRACED(ERROR_SUCCESS);
}

static DWORD hang_up(HRASCONN connection)
{
    uint32_t handle = (uint32_t)(UINT_PTR)connection;
    DWORD error;

    dialing_hang_up(handle);
    error = ask_about(NAPIPC_RAS_HANG_UP, connection, NULL);
    dialing_forget(handle);

    switch (error)
    {
    case ERROR_INVALID_HANDLE: /* there is nothing to hang up */
    case ERROR_NO_CONNECTION:
    case ERROR_RASMAN_CANNOT_INITIALIZE: /* the agent was not asked */
    case ERROR_NOT_ENOUGH_MEMORY:
        break;
    default:
        hung_up_add(handle);
        notify_hung_up(handle);
    }
    return error;
}

DWORD WINAPI RasHangUpW(HRASCONN connection)
{
    TRACE_CALL("(connection %p)", (const void *)connection);
    return TRACED(hang_up(connection));
}

DWORD WINAPI RasHangUpA(HRASCONN connection)
{
    TRACE_CALL("(connection %p)", (const void *)connection);
    return TRACED(hang_up(connection));
}
