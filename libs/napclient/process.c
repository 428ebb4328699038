/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * The session of the process: opened at the first request, kept, and reopened if it turns out to be
 * broken.
 */
#include "libs/napclient/napclient.h"

static SRWLOCK lock = SRWLOCK_INIT;
static struct agent_session session; /* pipe NULL: it is not open */

/* After these the session is unusable: an answer may still arrive, or never. */
static bool is_broken(HRESULT hr)
{
    return hr == RPC_E_DISCONNECTED || hr == E_OUTOFMEMORY
           || hr == HRESULT_FROM_WIN32(ERROR_TIMEOUT)
           || hr == HRESULT_FROM_WIN32(ERROR_REVISION_MISMATCH);
}

HRESULT agent_process_call(
        bool (*start)(void), struct napipc_message *request, struct agent_reply *reply, bool *asked)
{
    bool kept = true, connected;
    HRESULT hr;

    AcquireSRWLockExclusive(&lock);
    do
    {
        hr = S_OK;
        if (!session.pipe)
        {
            kept = false;
            hr = agent_session_open(&session, start && start());
        }
        if ((connected = SUCCEEDED(hr)))
            hr = agent_session_call(&session, request, reply);
        if (is_broken(hr))
            agent_session_close(&session);
        /* A kept session may have broken long ago; there may be another agent now. */
    } while (hr == RPC_E_DISCONNECTED && kept);
    ReleaseSRWLockExclusive(&lock);
    if (asked)
        *asked = connected;
    return hr;
}

void agent_process_close(void)
{
    agent_session_close(&session);
}
