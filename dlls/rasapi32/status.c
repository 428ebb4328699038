/*
 * What becomes of a connection: RasGetConnectStatus (nf-ras-rasgetconnectstatusw), RasGetNapStatus
 * (nf-ras-rasgetnapstatus), RasHangUp (nf-ras-rashangupw).
 */
#include "dlls/rasapi32/connection.h"

#include "libs/log/trace.h"

#include <raserror.h>

#define ALIGN4(size) (((size) + 3) & ~(size_t)3)

/* A connection that is known is connected, unless its interface is not up. */
static void describe_state(const struct napipc_ras_get_reply *got, DWORD *state, DWORD *error)
{
    *state = got->active ? RASCS_Connected : RASCS_Disconnected;
    *error = got->active ? ERROR_SUCCESS : ERROR_DISCONNECTION;
}

/* Nothing is written behind a string's end: public Visual Basic programs give 160 as dwSize of a
 * structure that ends after 33 characters of the device's name. */
static void write_wide(WCHAR *to, size_t room, const struct napipc_string *string)
{
    WCHAR text[RAS_MaxPhoneNumber + 1]; /* no member is longer */

    copy_wide(text, room, string);
    lstrcpyW(to, text);
}

static void write_narrow(CHAR *to, size_t room, const struct napipc_string *string)
{
    CHAR text[RAS_MaxPhoneNumber + 1];

    copy_narrow(text, room, string);
    lstrcpyA(to, text);
}

DWORD WINAPI RasGetConnectStatusW(HRASCONN connection, RASCONNSTATUSW *status)
{
    TRACE_CALL("(connection %p, status %p)", (const void *)connection, (const void *)status);
    RASCONNSTATUS601W *full = (RASCONNSTATUS601W *)status;
    struct agent_reply reply;
    const struct napipc_ras_get_reply *got = &reply.message.ras_get_reply;
    DWORD size, error;

    if (!status)
        return TRACED(ERROR_INVALID_PARAMETER);
    size = status->dwSize;
    if (size != sizeof(RASCONNSTATUS351W)
            && size != ALIGN4(offsetof(RASCONNSTATUS601W, szPhoneNumber))
            && size != ALIGN4(offsetof(RASCONNSTATUS601W, localEndPoint))
            && size != sizeof(RASCONNSTATUS601W))
        return TRACED(ERROR_INVALID_SIZE);
    if ((error = ask_about(NAPIPC_RAS_GET, connection, &reply)))
        return TRACED(error);
    describe_state(got, &full->rasconnstate, &full->dwError);
    write_wide(full->szDeviceType, ARRAYSIZE(full->szDeviceType), &got->connection.device_type);
    /* NT 3.51's is as far as it has room for names. */
    write_wide(full->szDeviceName, size == sizeof(RASCONNSTATUS351W) ? RAS351_MaxDeviceName + 1
            : ARRAYSIZE(full->szDeviceName), &got->connection.device_name);
    if (size >= ALIGN4(offsetof(RASCONNSTATUS601W, localEndPoint)))
        write_wide(full->szPhoneNumber, ARRAYSIZE(full->szPhoneNumber),
            &got->connection.phone_number);
    if (size == sizeof(*full))
        memset(&full->localEndPoint, 0, sizeof(*full) - offsetof(RASCONNSTATUS601W, localEndPoint));
    agent_reply_clear(&reply);
    return TRACED(ERROR_SUCCESS);
}

DWORD WINAPI RasGetConnectStatusA(HRASCONN connection, RASCONNSTATUSA *status)
{
    TRACE_CALL("(connection %p, status %p)", (const void *)connection, (const void *)status);
    RASCONNSTATUS601A *full = (RASCONNSTATUS601A *)status;
    struct agent_reply reply;
    const struct napipc_ras_get_reply *got = &reply.message.ras_get_reply;
    DWORD size, error;

    if (!status)
        return TRACED(ERROR_INVALID_PARAMETER);
    size = status->dwSize;
    if (size != sizeof(RASCONNSTATUS351A)
            && size != ALIGN4(offsetof(RASCONNSTATUS601A, szPhoneNumber))
            && size != ALIGN4(offsetof(RASCONNSTATUS601A, localEndPoint))
            && size != sizeof(RASCONNSTATUS601A))
        return TRACED(ERROR_INVALID_SIZE);
    if ((error = ask_about(NAPIPC_RAS_GET, connection, &reply)))
        return TRACED(error);
    describe_state(got, &full->rasconnstate, &full->dwError);
    write_narrow(full->szDeviceType, sizeof(full->szDeviceType), &got->connection.device_type);
    /* NT 3.51's is as far as it has room for names. */
    write_narrow(full->szDeviceName, size == sizeof(RASCONNSTATUS351A) ? RAS351_MaxDeviceName + 1
            : sizeof(full->szDeviceName), &got->connection.device_name);
    if (size >= ALIGN4(offsetof(RASCONNSTATUS601A, localEndPoint)))
        write_narrow(full->szPhoneNumber, sizeof(full->szPhoneNumber),
            &got->connection.phone_number);
    if (size == sizeof(*full))
        memset(&full->localEndPoint, 0, sizeof(*full) - offsetof(RASCONNSTATUS601A, localEndPoint));
    agent_reply_clear(&reply);
    return TRACED(ERROR_SUCCESS);
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
    state->probationTime.dwLowDateTime =
        (DWORD)reply.message.ras_nap_status_reply.probation_end;
    state->probationTime.dwHighDateTime =
        (DWORD)(reply.message.ras_nap_status_reply.probation_end >> 32);
    agent_reply_clear(&reply);
    return TRACED(ERROR_SUCCESS);
}

DWORD WINAPI RasHangUpW(HRASCONN connection)
{
    TRACE_CALL("(connection %p)", (const void *)connection);
    return TRACED(ask_about(NAPIPC_RAS_HANG_UP, connection, NULL));
}

DWORD WINAPI RasHangUpA(HRASCONN connection)
{
    TRACE_CALL("(connection %p)", (const void *)connection);
    return TRACED(ask_about(NAPIPC_RAS_HANG_UP, connection, NULL));
}
