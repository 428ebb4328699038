/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * An enforcement client for tests.
 */

#include "enforcer.h"

INapEnforcementClientBinding *binding;
struct enforcer enforcer;
INapEnforcementClientCallback *const callback = &enforcer.INapEnforcementClientCallback_iface;

static int live_before, wrong_before;

/* ---- the callback object ---- */

static struct enforcer *impl_from_callback(INapEnforcementClientCallback *iface)
{
    return CONTAINING_RECORD(iface, struct enforcer, INapEnforcementClientCallback_iface);
}

static HRESULT STDMETHODCALLTYPE enforcer_QueryInterface(
        INapEnforcementClientCallback *iface, REFIID riid, void **object)
{
    *object = NULL;
    if (!IsEqualIID(riid, &IID_IUnknown) && !IsEqualIID(riid, &IID_INapEnforcementClientCallback))
        return E_NOINTERFACE;
    *object = iface;
    INapEnforcementClientCallback_AddRef(iface);
    return S_OK;
}

static ULONG STDMETHODCALLTYPE enforcer_AddRef(INapEnforcementClientCallback *iface)
{
    return InterlockedIncrement(&impl_from_callback(iface)->refs);
}

static ULONG STDMETHODCALLTYPE enforcer_Release(INapEnforcementClientCallback *iface)
{
    return InterlockedDecrement(&impl_from_callback(iface)->refs);
}

static HRESULT STDMETHODCALLTYPE enforcer_NotifySoHChange(INapEnforcementClientCallback *iface)
{
    struct enforcer *object = impl_from_callback(iface);
    HRESULT hr;

    object->thread = GetCurrentThreadId();
    InterlockedIncrement(&object->inside);
    hr = object->on_notify ? object->on_notify(object) : object->notify_result;
    object->when = GetTickCount64();
    InterlockedDecrement(&object->inside);
    InterlockedIncrement(&object->notified);
    SetEvent(object->called);
    return contract_record("INapEnforcementClientCallback", "NotifySoHChange", hr);
}

/* "A pointer to the current set of maintained Connections" */
static HRESULT STDMETHODCALLTYPE enforcer_GetConnections(
        INapEnforcementClientCallback *iface, Connections **out)
{
    struct enforcer *object = impl_from_callback(iface);
    HRESULT hr = object->connections_result;
    Connections *connections = NULL;
    UINT16 i;

    object->thread = GetCurrentThreadId();
    if (object->on_connections)
        object->on_connections(object);
    if (SUCCEEDED(hr))
    {
        connections = CoTaskMemAlloc(sizeof(*connections));
        connections->count = object->connection_count;
        connections->connections = NULL;
        if (connections->count)
            connections->connections =
                    CoTaskMemAlloc(connections->count * sizeof(*connections->connections));
        for (i = 0; i < connections->count; i++)
        {
            connections->connections[i] = object->connections[i];
            if (object->connections[i])
                INapEnforcementClientConnection_AddRef(object->connections[i]);
        }
    }
    *out = connections;
    InterlockedIncrement(&object->asked);
    SetEvent(object->called);
    return contract_record("INapEnforcementClientCallback", "GetConnections", hr);
}

static INapEnforcementClientCallbackVtbl callback_vtbl = {
        enforcer_QueryInterface,
        enforcer_AddRef,
        enforcer_Release,
        enforcer_NotifySoHChange,
        enforcer_GetConnections,
};

void enforcer_init(struct enforcer *object)
{
    memset(object, 0, sizeof(*object));
    object->INapEnforcementClientCallback_iface.lpVtbl = &callback_vtbl;
    object->refs = 1;
    object->called = CreateEventW(NULL, FALSE, FALSE, NULL);
}

void enforcer_clear(struct enforcer *object)
{
    CloseHandle(object->called);
    object->called = NULL;
}

static bool count_reached(struct enforcer *object, const LONG *counter, LONG count, DWORD timeout)
{
    ULONGLONG until = GetTickCount64() + timeout, now;

    while (*(volatile const LONG *)counter < count)
    {
        if ((now = GetTickCount64()) >= until)
            return false;
        WaitForSingleObject(object->called, (DWORD)(until - now));
    }
    return true;
}

bool enforcer_notified(struct enforcer *object, LONG count, DWORD timeout)
{
    return count_reached(object, &object->notified, count, timeout);
}

bool enforcer_asked(struct enforcer *object, LONG count, DWORD timeout)
{
    return count_reached(object, &object->asked, count, timeout);
}

bool enforcer_refs_become(struct enforcer *object, LONG refs)
{
    int i;

    for (i = 0; i < 200 && *(volatile LONG *)&object->refs != refs; i++)
        Sleep(10);
    return object->refs == refs;
}

bool enforcer_released(struct enforcer *object)
{
    return enforcer_refs_become(object, 1);
}

bool binding_is_free(void)
{
    BOOL hint;
    int i;

    for (i = 0; i < 200; i++, Sleep(10))
        if (record(INapEnforcementClientBinding, GetSoHRequest, binding, NULL, &hint)
                == NAP_E_NOT_INITIALIZED)
            return true;
    return false;
}

/* ---- setup ---- */

static int begin(DWORD apartment)
{
    if (FAILED(CoInitializeEx(NULL, apartment)) || spy_install())
        return 1;
    unregister_enforcement_client(ENFORCER_ID); /* a crashed program has left it */
    return FAILED(register_enforcement_client(ENFORCER_ID))
           || napctl(L"enforcement enable 0x00abcd01");
}

int enforcer_tests_begin(void)
{
    return begin(COINIT_MULTITHREADED);
}

int enforcer_tests_begin_single_threaded(void)
{
    return begin(COINIT_APARTMENTTHREADED);
}

int enforcer_tests_end(void)
{
    int failed = FAILED(unregister_enforcement_client(ENFORCER_ID));

    CoUninitialize();
    return failed;
}

INapEnforcementClientBinding *binding_create(void)
{
    void *object = GARBAGE;

    if (CoCreateInstance(&CLSID_NapEnforcementClientBinding, NULL, CLSCTX_INPROC_SERVER,
                &IID_INapEnforcementClientBinding, &object)
            != S_OK)
        return NULL;
    return object;
}

int enforcer_create(void)
{
    live_before = spy_live();
    wrong_before = spy_wrong_frees();
    enforcer_init(&enforcer);
    enforcer.binding = binding = binding_create();
    return !binding;
}

int enforcer_bind(void)
{
    return enforcer_create()
           || record(INapEnforcementClientBinding, Initialize, binding, ENFORCER_ID, callback)
                      != S_OK;
}

int enforcer_destroy(void)
{
    int faults = 0;

    spy_fail_at(0);
    if (binding && INapEnforcementClientBinding_Release(binding))
    {
        print_error("somebody holds the binding object\n");
        faults++;
    }
    binding = NULL;
    if (enforcer.refs != 1)
    {
        print_error("%ld references to the callback object are left\n", enforcer.refs - 1);
        faults++;
    }
    if (spy_live() != live_before || spy_wrong_frees() != wrong_before)
    {
        print_error("task memory: %d blocks lost, %d freed wrongly\n", spy_live() - live_before,
                spy_wrong_frees() - wrong_before);
        faults++;
    }
    enforcer_clear(&enforcer);
    return faults;
}

/* ---- exchanges ---- */

INapEnforcementClientConnection *connection_create(void)
{
    INapEnforcementClientConnection *connection = GARBAGE;

    returns(S_OK, INapEnforcementClientBinding, CreateConnection, binding, &connection);
    assert_non_null(connection);
    return connection;
}

void connection_release(INapEnforcementClientConnection *connection)
{
    assert_int_equal(INapEnforcementClientConnection_Release(connection), 0);
}

void request_soh(INapEnforcementClientConnection *connection)
{
    BOOL hint;

    returns(S_OK, INapEnforcementClientBinding, GetSoHRequest, binding, connection, &hint);
}

void start_response(INapEnforcementClientConnection *connection, struct response *response)
{
    NetworkSoHRequest *request = NULL;
    bool started;

    returns(S_OK, INapEnforcementClientConnection, GetSoHRequest, connection, &request);
    started = response_to(request, response);
    free_soh(request);
    assert_true(started);
}

void set_response(INapEnforcementClientConnection *connection, const struct response *response)
{
    static BYTE packet[RESPONSE_MAX_SIZE];
    NetworkSoHResponse soh = {(UINT16)response_write(response, packet), packet};

    returns(S_OK, INapEnforcementClientConnection, SetSoHResponse, connection, &soh);
}

void decide(INapEnforcementClientConnection *connection, IsolationState state, UINT64 probation_end,
        const char *url)
{
    struct response response;

    request_soh(connection);
    start_response(connection, &response);
    response.state = (BYTE)state;
    response.probation_end = probation_end;
    response.url = url;
    set_response(connection, &response);
    returns(S_OK, INapEnforcementClientBinding, ProcessSoHResponse, binding, connection);
}

INapEnforcementClientConnection *enforcer_probation(int ms)
{
    INapEnforcementClientConnection *connection = connection_create();

    decide(connection, isolationStateInProbation, from_now(ms), NULL);
    return connection;
}

IsolationState isolation_of(INapEnforcementClientConnection *connection)
{
    IsolationInfo *info = GARBAGE;
    IsolationState state;

    returns(S_OK, INapEnforcementClientConnection, GetIsolationInfo, connection, &info);
    state = info->isolationState;
    free_isolation(info);
    return state;
}

/* ---- results of methods ---- */

void free_isolation(IsolationInfo *info)
{
    CoTaskMemFree(info->failureUrl.string);
    CoTaskMemFree(info);
}

void free_isolation_ex(IsolationInfoEx *info)
{
    CoTaskMemFree(info->failureUrl.string);
    CoTaskMemFree(info);
}

void free_soh(NetworkSoH *soh)
{
    CoTaskMemFree(soh->data);
    CoTaskMemFree(soh);
}

void free_data(PrivateData *data)
{
    CoTaskMemFree(data->data);
    CoTaskMemFree(data);
}
