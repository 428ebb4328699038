/*
 * The client's callback, reachable from any thread.
 *
 * A program's INapEnforcementClientCallback belongs to the apartment of the
 * thread that called Initialize. What the Global Interface Table and the
 * workers see is an object of ours in that apartment, which passes calls on.
 * Being there it knows who is inside the client, and on which thread, and it
 * can let go of the client in the right place.
 */
#include "qagent.h"

#include <stdlib.h>

struct callback_target
{
    INapEnforcementClientCallback INapEnforcementClientCallback_iface;
    LONG refs;
    bool single_threaded;
    DWORD thread; /* of a single-threaded client */
    DWORD cookie; /* in the Global Interface Table, 0: not there */
    SRWLOCK lock;
    INapEnforcementClientCallback *client; /* NULL: closed */
    struct activities inside;
};

static struct callback_target *impl_from_callback(INapEnforcementClientCallback *iface)
{
    return CONTAINING_RECORD(iface, struct callback_target, INapEnforcementClientCallback_iface);
}

static HRESULT STDMETHODCALLTYPE target_QueryInterface(INapEnforcementClientCallback *iface,
    REFIID riid, void **object)
{
    if (!object)
        return E_POINTER;
    *object = NULL;
    if (!IsEqualIID(riid, &IID_IUnknown)
            && !IsEqualIID(riid, &IID_INapEnforcementClientCallback))
        return E_NOINTERFACE;
    *object = iface;
    INapEnforcementClientCallback_AddRef(iface);
    return S_OK;
}

static ULONG STDMETHODCALLTYPE target_AddRef(INapEnforcementClientCallback *iface)
{
    return InterlockedIncrement(&impl_from_callback(iface)->refs);
}

static ULONG STDMETHODCALLTYPE target_Release(INapEnforcementClientCallback *iface)
{
    struct callback_target *target = impl_from_callback(iface);
    LONG refs = InterlockedDecrement(&target->refs);

    if (!refs)
    {
        module_unlock();
        free(target);
    }
    return refs;
}

/* The client's object with a reference, or NULL: the target is closed. */
static INapEnforcementClientCallback *target_enter(struct callback_target *target,
    struct activity *activity)
{
    INapEnforcementClientCallback *client;

    AcquireSRWLockExclusive(&target->lock);
    if ((client = target->client))
    {
        INapEnforcementClientCallback_AddRef(client);
        activity_enter(&target->inside, activity);
    }
    ReleaseSRWLockExclusive(&target->lock);
    return client;
}

static void target_leave(struct callback_target *target, struct activity *activity,
    INapEnforcementClientCallback *client, HRESULT result)
{
    /* Here, in the client's apartment, it can be let go of. */
    if (callback_says_gone(result))
        callback_target_close(target);
    INapEnforcementClientCallback_Release(client);
    AcquireSRWLockExclusive(&target->lock);
    activity_leave(&target->inside, activity);
    ReleaseSRWLockExclusive(&target->lock);
}

static HRESULT STDMETHODCALLTYPE target_NotifySoHChange(INapEnforcementClientCallback *iface)
{
    struct callback_target *target = impl_from_callback(iface);
    INapEnforcementClientCallback *client;
    struct activity activity;
    HRESULT hr;

    if (!(client = target_enter(target, &activity)))
        return RPC_E_DISCONNECTED;
    hr = INapEnforcementClientCallback_NotifySoHChange(client);
    target_leave(target, &activity, client, hr);
    return hr;
}

static HRESULT STDMETHODCALLTYPE target_GetConnections(INapEnforcementClientCallback *iface,
    Connections **connections)
{
    struct callback_target *target = impl_from_callback(iface);
    INapEnforcementClientCallback *client;
    struct activity activity;
    HRESULT hr;

    *connections = NULL;
    if (!(client = target_enter(target, &activity)))
        return RPC_E_DISCONNECTED;
    hr = INapEnforcementClientCallback_GetConnections(client, connections);
    target_leave(target, &activity, client, hr);
    return hr;
}

static const INapEnforcementClientCallbackVtbl target_vtbl = {
    target_QueryInterface,
    target_AddRef,
    target_Release,
    target_NotifySoHChange,
    target_GetConnections,
};

bool callback_says_gone(HRESULT hr)
{
    /* The pages print 1722 bare and as an HRESULT; the others are COM's own words. */
    return hr == (HRESULT)RPC_S_SERVER_UNAVAILABLE
            || hr == HRESULT_FROM_WIN32(RPC_S_SERVER_UNAVAILABLE) || hr == RPC_E_DISCONNECTED
            || hr == RPC_E_SERVER_DIED || hr == RPC_E_SERVER_DIED_DNE
            || hr == CO_E_OBJNOTCONNECTED;
}

static HRESULT global_interface_table(IGlobalInterfaceTable **table)
{
    return CoCreateInstance(&CLSID_StdGlobalInterfaceTable, NULL, CLSCTX_INPROC_SERVER,
        &IID_IGlobalInterfaceTable, (void **)table);
}

HRESULT callback_target_create(INapEnforcementClientCallback *callback,
    struct callback_target **out)
{
    struct callback_target *target = calloc(1, sizeof(*target));
    IGlobalInterfaceTable *table;
    HRESULT hr = S_OK;

    *out = NULL;
    if (!target)
        return E_OUTOFMEMORY;
    target->INapEnforcementClientCallback_iface.lpVtbl = (void *)&target_vtbl;
    target->refs = 1;
    module_lock();
    target->thread = GetCurrentThreadId();
    target->single_threaded = apartment_is_single_threaded();
    InitializeSRWLock(&target->lock);
    InitializeConditionVariable(&target->inside.left);
    target->client = callback;
    INapEnforcementClientCallback_AddRef(callback);
    if (target->single_threaded && SUCCEEDED(hr = global_interface_table(&table)))
    {
        hr = IGlobalInterfaceTable_RegisterInterfaceInGlobal(table,
            (IUnknown *)&target->INapEnforcementClientCallback_iface,
            &IID_INapEnforcementClientCallback, &target->cookie);
        IGlobalInterfaceTable_Release(table);
    }
    if (FAILED(hr))
    {
        callback_target_close(target);
        callback_target_release(target);
        return hr;
    }
    *out = target;
    return S_OK;
}

void callback_target_close(struct callback_target *target)
{
    INapEnforcementClientCallback *client;
    IGlobalInterfaceTable *table;
    DWORD cookie;

    AcquireSRWLockExclusive(&target->lock);
    client = target->client;
    target->client = NULL;
    cookie = target->cookie;
    target->cookie = 0;
    ReleaseSRWLockExclusive(&target->lock);

    if (cookie && SUCCEEDED(global_interface_table(&table)))
    {
        IGlobalInterfaceTable_RevokeInterfaceFromGlobal(table, cookie);
        IGlobalInterfaceTable_Release(table);
    }
    if (client && (!target->single_threaded || target->thread == GetCurrentThreadId()))
        INapEnforcementClientCallback_Release(client);
}

void callback_target_wait(struct callback_target *target, DWORD timeout)
{
    AcquireSRWLockExclusive(&target->lock);
    activities_wait(&target->inside, &target->lock, timeout);
    ReleaseSRWLockExclusive(&target->lock);
}

void callback_target_release(struct callback_target *target)
{
    if (target)
        INapEnforcementClientCallback_Release(&target->INapEnforcementClientCallback_iface);
}

void callback_target_begin(struct callback_target *target)
{
    INapEnforcementClientCallback_AddRef(&target->INapEnforcementClientCallback_iface);
    AcquireSRWLockExclusive(&target->lock);
    activity_announce(&target->inside);
    ReleaseSRWLockExclusive(&target->lock);
}

void callback_target_end(struct callback_target *target)
{
    AcquireSRWLockExclusive(&target->lock);
    activity_retract(&target->inside);
    ReleaseSRWLockExclusive(&target->lock);
    callback_target_release(target);
}

/* Our object as the calling worker may use it: itself, or a proxy of it. */
static HRESULT target_reach(struct callback_target *target,
    INapEnforcementClientCallback **callback)
{
    IGlobalInterfaceTable *table;
    DWORD cookie;
    HRESULT hr;

    if (!target->single_threaded)
    {
        *callback = &target->INapEnforcementClientCallback_iface;
        INapEnforcementClientCallback_AddRef(*callback);
        return S_OK;
    }
    *callback = NULL;
    AcquireSRWLockExclusive(&target->lock);
    cookie = target->cookie;
    ReleaseSRWLockExclusive(&target->lock);
    if (!cookie)
        return RPC_E_DISCONNECTED;
    if (FAILED(hr = global_interface_table(&table)))
        return hr;
    hr = IGlobalInterfaceTable_GetInterfaceFromGlobal(table, cookie,
        &IID_INapEnforcementClientCallback, (void **)callback);
    IGlobalInterfaceTable_Release(table);
    return hr;
}

HRESULT callback_target_notify(struct callback_target *target)
{
    INapEnforcementClientCallback *callback;
    HRESULT hr = target_reach(target, &callback);

    if (SUCCEEDED(hr))
    {
        hr = INapEnforcementClientCallback_NotifySoHChange(callback);
        INapEnforcementClientCallback_Release(callback);
    }
    if (callback_says_gone(hr))
        callback_target_close(target);
    return hr;
}

HRESULT callback_target_get_connections(struct callback_target *target,
    Connections **connections)
{
    INapEnforcementClientCallback *callback;
    HRESULT hr = target_reach(target, &callback);

    *connections = NULL; /* widl's stub takes what is there for memory to use again */
    if (SUCCEEDED(hr))
    {
        hr = INapEnforcementClientCallback_GetConnections(callback, connections);
        INapEnforcementClientCallback_Release(callback);
    }
    if (callback_says_gone(hr))
        callback_target_close(target);
    return hr;
}

void free_connections(Connections *connections)
{
    UINT16 i;

    if (!connections)
        return;
    for (i = 0; connections->connections && i < connections->count; i++)
        if (connections->connections[i])
            INapEnforcementClientConnection_Release(connections->connections[i]);
    CoTaskMemFree(connections->connections);
    CoTaskMemFree(connections);
}
