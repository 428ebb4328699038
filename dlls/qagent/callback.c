/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * A program's callback object, reachable from any thread.
 *
 * It belongs to the apartment of the thread that called Initialize. The Global
 * Interface Table and the workers use a shim of ours in that apartment, which
 * forwards calls. There it knows which threads are inside the program, and can
 * release the program's object in the right apartment. The shim's vtable is
 * that of the callback interface (enforcer_callback.c, health_callback.c);
 * everything else is the same for both.
 */
#include "callback.h"

#include <stdlib.h>

struct callback_target
{
    IUnknown shim; /* its vtable is the interface's */
    const IID *iid;
    LONG refs;
    bool single_threaded;
    DWORD thread; /* of a single-threaded program */
    DWORD cookie; /* in the Global Interface Table, 0: not there */
    SRWLOCK lock;
    IUnknown *client; /* NULL: closed */
    struct activities inside;
};

static struct callback_target *target_of(void *shim)
{
    return CONTAINING_RECORD(shim, struct callback_target, shim);
}

HRESULT callback_shim_query(void *shim, REFIID riid, void **object)
{
    if (!object)
        return E_POINTER;
    *object = NULL;
    if (!IsEqualIID(riid, &IID_IUnknown) && !IsEqualIID(riid, target_of(shim)->iid))
        return E_NOINTERFACE;
    *object = shim;
    callback_shim_add_ref(shim);
    return S_OK;
}

ULONG callback_shim_add_ref(void *shim)
{
    return InterlockedIncrement(&target_of(shim)->refs);
}

ULONG callback_shim_release(void *shim)
{
    struct callback_target *target = target_of(shim);
    LONG refs = InterlockedDecrement(&target->refs);

    if (!refs)
    {
        module_unlock();
        free(target);
    }
    return refs;
}

bool callback_visit_begin(struct callback_visit *visit, void *shim)
{
    struct callback_target *target = target_of(shim);
    IUnknown *client;

    AcquireSRWLockExclusive(&target->lock);
    if ((client = target->client))
    {
        IUnknown_AddRef(client);
        activity_enter(&target->inside, &visit->activity);
    }
    ReleaseSRWLockExclusive(&target->lock);
    visit->target = target;
    visit->client = client;
    return client;
}

HRESULT callback_visit_end(struct callback_visit *visit, HRESULT result)
{
    struct callback_target *target = visit->target;

    /* This is the program's apartment, so its object can be released here. */
    if (callback_server_gone(result))
        callback_target_close(target);
    IUnknown_Release((IUnknown *)visit->client);
    AcquireSRWLockExclusive(&target->lock);
    activity_leave(&target->inside, &visit->activity);
    ReleaseSRWLockExclusive(&target->lock);
    return result;
}

bool callback_server_gone(HRESULT hr)
{
    /* The pages show 1722 both plain and as an HRESULT; the others are COM's results. */
    return hr == (HRESULT)RPC_S_SERVER_UNAVAILABLE
           || hr == HRESULT_FROM_WIN32(RPC_S_SERVER_UNAVAILABLE) || hr == RPC_E_DISCONNECTED
           || hr == RPC_E_SERVER_DIED || hr == RPC_E_SERVER_DIED_DNE || hr == CO_E_OBJNOTCONNECTED;
}

static HRESULT global_interface_table(IGlobalInterfaceTable **table)
{
    return CoCreateInstance(&CLSID_StdGlobalInterfaceTable, NULL, CLSCTX_INPROC_SERVER,
            &IID_IGlobalInterfaceTable, (void **)table);
}

HRESULT callback_target_create(
        const struct callback_interface *type, IUnknown *callback, struct callback_target **out)
{
    struct callback_target *target = calloc(1, sizeof(*target));
    IGlobalInterfaceTable *table;
    HRESULT hr = S_OK;

    *out = NULL;
    if (!target)
        return E_OUTOFMEMORY;
    target->shim.lpVtbl = (void *)type->vtbl;
    target->iid = type->iid;
    target->refs = 1;
    module_lock();
    target->thread = GetCurrentThreadId();
    target->single_threaded = apartment_is_single_threaded();
    InitializeSRWLock(&target->lock);
    InitializeConditionVariable(&target->inside.left);
    target->client = callback;
    IUnknown_AddRef(callback);
    if (target->single_threaded && SUCCEEDED(hr = global_interface_table(&table)))
    {
        hr = IGlobalInterfaceTable_RegisterInterfaceInGlobal(
                table, &target->shim, target->iid, &target->cookie);
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
    IGlobalInterfaceTable *table;
    IUnknown *client;
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
        IUnknown_Release(client);
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
        callback_shim_release(&target->shim);
}

bool callback_target_is_single_threaded(const struct callback_target *target)
{
    return target->single_threaded;
}

void callback_target_begin(struct callback_target *target)
{
    callback_shim_add_ref(&target->shim);
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

HRESULT callback_target_reach(struct callback_target *target, void **callback)
{
    IGlobalInterfaceTable *table;
    DWORD cookie;
    HRESULT hr;

    if (!target->single_threaded)
    {
        *callback = &target->shim;
        callback_shim_add_ref(&target->shim);
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
    hr = IGlobalInterfaceTable_GetInterfaceFromGlobal(table, cookie, target->iid, callback);
    IGlobalInterfaceTable_Release(table);
    return hr;
}

HRESULT callback_target_done(struct callback_target *target, void *callback, HRESULT result)
{
    if (callback)
        IUnknown_Release((IUnknown *)callback);
    if (callback_server_gone(result))
        callback_target_close(target);
    return result;
}
