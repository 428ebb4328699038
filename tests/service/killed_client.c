/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * An enforcement client is killed in the middle of an exchange; the service answers the next
 * client, of the same id.
 */
#include <test.h>
#include <stdio.h>
#include <string.h>
#include <wchar.h>

#include "napenforcementclient.h"
#include "libs/napclient/napclient.h"

#include "tests/conformance/process.h"

#define ID 0x00abcd21
#define ROUNDS 20

static HRESULT ask(struct napipc_message *request)
{
    struct agent_session session;
    HRESULT hr = agent_session_open(&session, true);

    if (FAILED(hr))
        return hr;
    hr = agent_session_call(&session, request, NULL);
    agent_session_close(&session);
    return hr;
}

static int set_up(void)
{
    static const WCHAR name[] = L"Killed client";
    struct napipc_message request;

    memset(&request, 0, sizeof(request));
    request.type = NAPIPC_REGISTER;
    request.reg.kind = NAPIPC_ENFORCEMENT_CLIENT;
    request.reg.component.id = ID;
    request.reg.component.component_type = 1;
    request.reg.component.friendly_name.units = (const uint8_t *)name;
    request.reg.component.friendly_name.length = (uint16_t)wcslen(name);
    if (FAILED(ask(&request)))
        return -1;
    memset(&request, 0, sizeof(request));
    request.type = NAPIPC_SET_ENABLED;
    request.set_enabled.kind = NAPIPC_ENFORCEMENT_CLIENT;
    request.set_enabled.id = ID;
    request.set_enabled.enabled = true;
    return FAILED(ask(&request)) ? -1 : 0;
}

static int tear_down(void)
{
    struct napipc_message request;

    memset(&request, 0, sizeof(request));
    request.type = NAPIPC_UNREGISTER;
    request.component_id.kind = NAPIPC_ENFORCEMENT_CLIENT;
    request.component_id.id = ID;
    return FAILED(ask(&request)) ? -1 : 0;
}

/* ---- the victim: binds, makes requests without end, and is killed by its parent ---- */

static HRESULT WINAPI callback_QueryInterface(
        INapEnforcementClientCallback *iface, REFIID riid, void **object)
{
    (void)riid;
    *object = iface;
    return S_OK;
}

static ULONG WINAPI callback_AddRef(INapEnforcementClientCallback *iface)
{
    (void)iface;
    return 2;
}

static HRESULT WINAPI callback_NotifySoHChange(INapEnforcementClientCallback *iface)
{
    (void)iface;
    return S_OK;
}

static HRESULT WINAPI callback_GetConnections(
        INapEnforcementClientCallback *iface, Connections **connections)
{
    (void)iface;
    *connections = NULL;
    return S_OK;
}

static INapEnforcementClientCallbackVtbl callback_vtbl = {
        callback_QueryInterface,
        callback_AddRef,
        callback_AddRef,
        callback_NotifySoHChange,
        callback_GetConnections,
};
static INapEnforcementClientCallback callback = {&callback_vtbl};

static HRESULT bind(
        INapEnforcementClientBinding **binding, INapEnforcementClientConnection **connection)
{
    HRESULT hr = CoCreateInstance(&CLSID_NapEnforcementClientBinding, NULL, CLSCTX_INPROC_SERVER,
            &IID_INapEnforcementClientBinding, (void **)binding);

    if (SUCCEEDED(hr))
        hr = INapEnforcementClientBinding_Initialize(*binding, ID, &callback);
    if (SUCCEEDED(hr))
        hr = INapEnforcementClientBinding_CreateConnection(*binding, connection);
    return hr;
}

static int be_victim(const char *event_name)
{
    INapEnforcementClientConnection *connection;
    INapEnforcementClientBinding *binding;
    HANDLE event = OpenEventA(EVENT_MODIFY_STATE, FALSE, event_name);
    BOOL hint;

    CoInitializeEx(NULL, COINIT_MULTITHREADED);
    if (!event || FAILED(bind(&binding, &connection)))
        return 3;
    SetEvent(event);
    while (SUCCEEDED(INapEnforcementClientBinding_GetSoHRequest(binding, connection, &hint)))
        ;
    return 4;
}

TEST(test_next_client_is_answered)
{
    INapEnforcementClientConnection *connection;
    INapEnforcementClientBinding *binding;
    unsigned int round;
    BOOL hint;

    for (round = 0; round < ROUNDS; round++)
    {
        STARTUPINFOW startup = {.cb = sizeof(startup)};
        char command[MAX_PATH + 96], name[64], self[MAX_PATH];
        PROCESS_INFORMATION victim;
        HANDLE event;

        snprintf(name, sizeof(name), "killed-client-%lu-%u", GetCurrentProcessId(), round);
        event = CreateEventA(NULL, TRUE, FALSE, name);
        GetModuleFileNameA(NULL, self, sizeof(self));
        snprintf(command, sizeof(command), "\"%s\" --victim %s", self, name);
        assert_true(start_process_a(command, FALSE, &startup, &victim));
        assert_int_equal(WaitForSingleObject(event, 20000), WAIT_OBJECT_0);
        Sleep(round % 7); /* it makes exchanges without end: the kill is somewhere in the middle */
        assert_true(TerminateProcess(victim.hProcess, 1));
        WaitForSingleObject(victim.hProcess, 5000);
        CloseHandle(victim.hProcess);
        CloseHandle(victim.hThread);
        CloseHandle(event);

        assert_int_equal(bind(&binding, &connection), S_OK);
        assert_int_equal(
                INapEnforcementClientBinding_GetSoHRequest(binding, connection, &hint), S_OK);
        INapEnforcementClientConnection_Release(connection);
        assert_int_equal(INapEnforcementClientBinding_Uninitialize(binding), S_OK);
        INapEnforcementClientBinding_Release(binding);
    }
}

int main(int argc, char **argv)
{
    if (argc == 3 && !strcmp(argv[1], "--victim"))
        return be_victim(argv[2]);
    CoInitializeEx(NULL, COINIT_MULTITHREADED);
    return test_main(set_up, tear_down);
}
