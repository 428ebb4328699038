/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Requests to the agent.
 */

#include "dlls/mprapi/rras.h"

bool should_start_agent(void)
{
    DWORD enabled = 0, size = sizeof(enabled);

    if (RegGetValueW(HKEY_LOCAL_MACHINE, AGENT_SERVICE_KEY L"\\Rras", AGENT_VALUE_RRAS,
                RRF_RT_REG_DWORD, NULL, &enabled, &size))
        return false;
    return enabled && agent_start_unless_stopped();
}

DWORD agent_error(HRESULT hr)
{
    if (SUCCEEDED(hr))
        return NO_ERROR;
    switch (hr)
    {
    case RPC_E_DISCONNECTED:
    case __HRESULT_FROM_WIN32(ERROR_SERVICE_DOES_NOT_EXIST):
    case __HRESULT_FROM_WIN32(ERROR_SERVICE_DISABLED):
        return ERROR_DDM_NOT_RUNNING;
    case E_OUTOFMEMORY:
        return ERROR_NOT_ENOUGH_MEMORY;
    case E_INVALIDARG:
        return ERROR_INVALID_PARAMETER;
    default:
        return HRESULT_FACILITY(hr) == FACILITY_WIN32 ? (DWORD)HRESULT_CODE(hr) : ERROR_GEN_FAILURE;
    }
}

DWORD agent_ask(struct napipc_message *request, struct agent_reply *reply)
{
    return agent_error(agent_process_call(should_start_agent, request, reply, NULL));
}

DWORD agent_act(struct napipc_message *request, struct agent_reply *reply)
{
    struct agent_session own;
    HRESULT hr = agent_session_open(&own, should_start_agent());

    if (FAILED(hr))
        return agent_error(hr);
    hr = agent_session_call(&own, request, reply);
    agent_session_close(&own);
    return agent_error(hr);
}
