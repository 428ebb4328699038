/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Statistics: nf-ras-rasgetconnectionstatistics, nf-ras-rasgetlinkstatistics,
 * nf-ras-rasclearconnectionstatistics, nf-ras-rasclearlinkstatistics. A connection is
 * one link; its counters are those of the host's interface.
 */
#include "dlls/rasapi32/connection.h"

#include "libs/log/trace.h"

#include <raserror.h>

static DWORD capped(uint64_t value)
{
    return value < MAXDWORD ? (DWORD)value : MAXDWORD;
}

static DWORD get_statistics(HRASCONN connection, RAS_STATS *statistics)
{
    struct agent_reply reply;
    const struct napipc_ras_get_reply *got = &reply.message.ras_get_reply;
    const struct napipc_ras_counters *counters = &got->link.counters;
    DWORD error = ask_active(connection, &reply);

    if (error)
        return error;
    memset(statistics, 0, sizeof(*statistics));
    statistics->dwSize = sizeof(*statistics);
    /* The counters wrap around, as 32-bit counters do. */
    statistics->dwBytesXmited = (DWORD)counters->bytes_out;
    statistics->dwBytesRcved = (DWORD)counters->bytes_in;
    statistics->dwFramesXmited = (DWORD)counters->frames_out;
    statistics->dwFramesRcved = (DWORD)counters->frames_in;
    statistics->dwCrcErr = (DWORD)counters->crc_errors;
    statistics->dwAlignmentErr = (DWORD)counters->alignment_errors;
    statistics->dwHardwareOverrunErr = (DWORD)counters->overruns;
    statistics->dwBps = (DWORD)min(got->link.speed, NAPIPC_SPEED_MAX);
    statistics->dwConnectDuration = capped(got->duration);
    agent_reply_clear(&reply);
    return ERROR_SUCCESS;
}

DWORD WINAPI RasGetConnectionStatistics(HRASCONN connection, RAS_STATS *statistics)
{
    TRACE_CALL(
            "(connection %p, statistics %p)", (const void *)connection, (const void *)statistics);
    if (!connection || !statistics || statistics->dwSize != sizeof(*statistics))
        return TRACED((DWORD)E_INVALIDARG);
    return TRACED(get_statistics(connection, statistics));
}

DWORD WINAPI RasGetLinkStatistics(HRASCONN connection, DWORD sub_entry, RAS_STATS *statistics)
{
    TRACE_CALL("(connection %p, sub_entry %lu, statistics %p)", (const void *)connection,
            (unsigned long)sub_entry, (const void *)statistics);
    RAS_STATS found;
    DWORD error;

    if (!connection || !sub_entry || !statistics || statistics->dwSize != sizeof(*statistics))
        return TRACED((DWORD)E_INVALIDARG);
    if ((error = get_statistics(connection, &found)))
        return TRACED(error);
    if (sub_entry > 1)
        return TRACED(ERROR_NO_CONNECTION);
    *statistics = found;
    return TRACED(ERROR_SUCCESS);
}

DWORD WINAPI RasClearConnectionStatistics(HRASCONN connection)
{
    TRACE_CALL("(connection %p)", (const void *)connection);
    return TRACED(ask_about(NAPIPC_RAS_CLEAR, connection, NULL));
}

DWORD WINAPI RasClearLinkStatistics(HRASCONN connection, DWORD sub_entry)
{
    TRACE_CALL(
            "(connection %p, sub_entry %lu)", (const void *)connection, (unsigned long)sub_entry);
    struct agent_reply reply;
    DWORD error;

    if (!sub_entry)
        return TRACED(ERROR_INVALID_PARAMETER);
    if (sub_entry == 1)
        return TRACED(ask_about(NAPIPC_RAS_CLEAR, connection, NULL));
    if ((error = ask_active(connection, &reply)))
        return TRACED(error);
    agent_reply_clear(&reply);
    return TRACED(ERROR_NO_CONNECTION);
}
