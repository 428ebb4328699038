/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * How long to wait before reconnecting to the agent; the policy is in napclient.h.
 */
#include "libs/napclient/napclient.h"

#define FIRST_PAUSE 100      /* ms, doubling */
#define LAST_PAUSE 1000      /* ms */
#define MISMATCH_PAUSE 30000 /* ms */

static DWORD next_pause(struct agent_backoff *backoff, HRESULT failure)
{
    DWORD pause = backoff->pause ? backoff->pause : FIRST_PAUSE;

    if (failure == HRESULT_FROM_WIN32(ERROR_REVISION_MISMATCH))
        return MISMATCH_PAUSE;
    backoff->pause = pause * 2 < LAST_PAUSE ? pause * 2 : LAST_PAUSE;
    return pause;
}

bool agent_backoff_wait(struct agent_backoff *backoff, HRESULT failure, HANDLE stop)
{
    return WaitForSingleObject(stop, next_pause(backoff, failure)) != WAIT_OBJECT_0;
}

void agent_backoff_connected(struct agent_backoff *backoff)
{
    backoff->connected = GetTickCount64();
}

bool agent_backoff_lost(struct agent_backoff *backoff)
{
    if (!backoff->connected || GetTickCount64() - backoff->connected < LAST_PAUSE)
        return false;
    backoff->pause = 0;
    return true;
}
