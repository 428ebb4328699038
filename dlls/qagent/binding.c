/*
 * NapEnforcementClientBinding.
 *
 * An object is free, or bound: then it has a link to the agent and a target
 * for callbacks. Methods enter and leave, so that Uninitialize can wait for
 * those of other threads. Two counts: programs hold the object (refs), and
 * callbacks under way hold its memory (holds), so that a callback that comes
 * while the last reference goes finds memory but nobody to call.
 */
#include "exchange.h"

#include <stdlib.h>

#include "libs/log/log.h"

enum binding_state
{
    BINDING_FREE,
    BINDING_CHANGING, /* Initialize or Uninitialize is at work */
    BINDING_BOUND
};

struct binding
{
    INapEnforcementClientBinding INapEnforcementClientBinding_iface;
    LONG refs;
    LONG holds;
    SRWLOCK lock;
    enum binding_state state;
    EnforcementEntityId id;
    struct agent_link *link;
    struct callback_target *target;
    struct activities inside;
    bool knows_connections; /* CreateConnection or GetSoHRequest succeeded since Initialize */
};

static struct binding *impl_from_binding(INapEnforcementClientBinding *iface)
{
    return CONTAINING_RECORD(iface, struct binding, INapEnforcementClientBinding_iface);
}

static void binding_hold(struct binding *binding)
{
    InterlockedIncrement(&binding->holds);
}

static void binding_unhold(struct binding *binding)
{
    if (!InterlockedDecrement(&binding->holds))
    {
        free(binding);
        module_unlock();
    }
}

/* How long the agent, and so Uninitialize, waits for a callback. */
static DWORD callback_deadline(void)
{
    DWORD deadline = agent_parameter(L"CallbackDeadline", 0);

    return deadline ? deadline : NAPIPC_DEFAULT_CALLBACK_DEADLINE;
}

/*
 * Begins a method that needs the agent. *link is to be released by
 * binding_leave(). NAP_E_NOT_INITIALIZED: not bound, and nothing to leave.
 */
static HRESULT binding_enter(struct binding *binding, struct activity *activity,
    struct agent_link **link)
{
    HRESULT hr = NAP_E_NOT_INITIALIZED;

    AcquireSRWLockExclusive(&binding->lock);
    if (binding->state == BINDING_BOUND)
    {
        activity_enter(&binding->inside, activity);
        agent_link_acquire(*link = binding->link);
        hr = S_OK;
    }
    ReleaseSRWLockExclusive(&binding->lock);
    return hr;
}

static void binding_leave(struct binding *binding, struct activity *activity,
    struct agent_link *link, bool knows_connections)
{
    AcquireSRWLockExclusive(&binding->lock);
    if (knows_connections)
        binding->knows_connections = true;
    activity_leave(&binding->inside, activity);
    ReleaseSRWLockExclusive(&binding->lock);
    agent_link_release(link);
}

static DWORD time_left(ULONGLONG until)
{
    ULONGLONG now = GetTickCount64();

    return now < until ? (DWORD)(until - now) : 0;
}

/*
 * Ends the binding. Calls and callbacks of other threads are waited for, at
 * most the deadline of a callback. The result is the agent's.
 */
static HRESULT binding_end(struct binding *binding, bool wait)
{
    ULONGLONG until = GetTickCount64() + (wait ? callback_deadline() : 0);
    struct callback_target *target;
    struct agent_link *link;
    HRESULT hr;

    AcquireSRWLockExclusive(&binding->lock);
    if (binding->state != BINDING_BOUND)
    {
        ReleaseSRWLockExclusive(&binding->lock);
        return NAP_E_NOT_INITIALIZED;
    }
    binding->state = BINDING_CHANGING;
    link = binding->link;
    target = binding->target;
    if (wait)
        activities_wait(&binding->inside, &binding->lock, time_left(until));
    ReleaseSRWLockExclusive(&binding->lock);

    if (wait)
        callback_target_wait(target, time_left(until));
    callback_target_close(target);
    hr = agent_link_close(link, apartment_wait());

    AcquireSRWLockExclusive(&binding->lock);
    binding->link = NULL;
    binding->target = NULL;
    binding->knows_connections = false;
    binding->state = BINDING_FREE;
    ReleaseSRWLockExclusive(&binding->lock);
    callback_target_release(target);
    return hr;
}

/* ---- callbacks ---- */

struct callback_job
{
    struct binding *binding;
    struct agent_callback callback;
};

/* Runs on a worker in the multithreaded apartment. */
static void run_callback(void *context)
{
    struct connection_reading reads[NAPIPC_MAX_CONNECTIONS];
    struct callback_target *target = NULL;
    struct callback_job *job = context;
    struct binding *binding = job->binding;
    struct agent_link *link = NULL;
    Connections *connections = NULL;
    struct napipc_message answer;

    AcquireSRWLockExclusive(&binding->lock);
    if (binding->state == BINDING_BOUND)
    {
        agent_link_acquire(link = binding->link);
        callback_target_begin(target = binding->target);
    }
    ReleaseSRWLockExclusive(&binding->lock);

    if (link)
    {
        answer.get_connections_reply.count = 0;
        if (job->callback.type == NAPIPC_NOTIFY_SOH_CHANGE)
            answer.status = callback_target_notify(target);
        else
        {
            answer.status = callback_target_get_connections(target, &connections);
            if (SUCCEEDED((HRESULT)answer.status))
                exchange_read_connections(connections, &answer.get_connections_reply, reads);
        }
        agent_link_answer(link, &job->callback, &answer);
        exchange_free_readings(reads, answer.get_connections_reply.count);
        free_connections(connections);
        if (callback_says_gone((HRESULT)answer.status))
        {
            log_event(LOG_INFO, binding->id, "gone", "a callback returned %#lx: unbound",
                (unsigned long)answer.status);
            binding_end(binding, false);
        }
        callback_target_end(target);
        agent_link_release(link);
    }
    binding_unhold(binding);
    free(job);
}

/* Runs on the link's reader thread. */
static void on_callback(void *context, const struct agent_callback *callback)
{
    struct binding *binding = context;
    struct callback_job *job = malloc(sizeof(*job));

    if (job)
    {
        job->binding = binding;
        job->callback = *callback;
        binding_hold(binding);
        if (worker_run(run_callback, job))
            return;
        binding_unhold(binding);
        free(job);
    }
    log_event(LOG_ERROR, binding->id, "no-memory", "a callback of the agent is not run: no "
        "memory or no thread for it");
}

static const struct agent_link_events link_events = {on_callback};

/* ---- INapEnforcementClientBinding ---- */

static HRESULT STDMETHODCALLTYPE binding_QueryInterface(INapEnforcementClientBinding *iface,
    REFIID riid, void **object)
{
    if (!object)
        return E_POINTER;
    *object = NULL;
    if (!IsEqualIID(riid, &IID_IUnknown) && !IsEqualIID(riid, &IID_INapEnforcementClientBinding))
        return E_NOINTERFACE;
    *object = iface;
    INapEnforcementClientBinding_AddRef(iface);
    return S_OK;
}

static ULONG STDMETHODCALLTYPE binding_AddRef(INapEnforcementClientBinding *iface)
{
    return InterlockedIncrement(&impl_from_binding(iface)->refs);
}

static ULONG STDMETHODCALLTYPE binding_Release(INapEnforcementClientBinding *iface)
{
    struct binding *binding = impl_from_binding(iface);
    LONG refs = InterlockedDecrement(&binding->refs);

    if (!refs)
    {
        binding_end(binding, true);
        binding_unhold(binding);
    }
    return refs;
}

static HRESULT STDMETHODCALLTYPE binding_Initialize(INapEnforcementClientBinding *iface,
    EnforcementEntityId id, INapEnforcementClientCallback *callback)
{
    struct binding *binding = impl_from_binding(iface);
    struct callback_target *target = NULL;
    struct agent_link *link = NULL;
    HRESULT hr;

    if (!callback)
        return E_INVALIDARG;
    AcquireSRWLockExclusive(&binding->lock);
    if (binding->state != BINDING_FREE)
    {
        ReleaseSRWLockExclusive(&binding->lock);
        return HRESULT_FROM_WIN32(ERROR_ALREADY_INITIALIZED);
    }
    binding->state = BINDING_CHANGING;
    binding->id = id;
    ReleaseSRWLockExclusive(&binding->lock);

    hr = callback_target_create(callback, &target);
    if (SUCCEEDED(hr))
        hr = agent_link_open(NAPIPC_ENFORCEMENT_CLIENT, id, &link_events, binding, &link);
    if (FAILED(hr) && target)
    {
        callback_target_close(target);
        callback_target_release(target);
        target = NULL;
    }

    AcquireSRWLockExclusive(&binding->lock);
    binding->link = link;
    binding->target = target;
    binding->state = SUCCEEDED(hr) ? BINDING_BOUND : BINDING_FREE;
    ReleaseSRWLockExclusive(&binding->lock);
    return hr;
}

static HRESULT STDMETHODCALLTYPE binding_Uninitialize(INapEnforcementClientBinding *iface)
{
    return binding_end(impl_from_binding(iface), true);
}

static HRESULT STDMETHODCALLTYPE binding_CreateConnection(INapEnforcementClientBinding *iface,
    INapEnforcementClientConnection **connection)
{
    struct binding *binding = impl_from_binding(iface);
    struct activity activity;
    struct agent_link *link;
    HRESULT hr;

    if (connection)
        *connection = NULL;
    if (FAILED(hr = binding_enter(binding, &activity, &link)))
        return hr;
    if (!connection)
        hr = E_INVALIDARG;
    else if (!agent_link_is_bound(link))
        hr = RPC_E_DISCONNECTED;
    else
        hr = connection_create(binding->id, connection);
    binding_leave(binding, &activity, link, SUCCEEDED(hr));
    return hr;
}

static HRESULT STDMETHODCALLTYPE binding_GetSoHRequest(INapEnforcementClientBinding *iface,
    INapEnforcementClientConnection *connection, BOOL *retrigger_hint)
{
    struct binding *binding = impl_from_binding(iface);
    struct activity activity;
    struct agent_link *link;
    HRESULT hr;

    if (retrigger_hint)
        *retrigger_hint = FALSE;
    if (FAILED(hr = binding_enter(binding, &activity, &link)))
        return hr;
    if (!connection || !retrigger_hint)
        hr = E_INVALIDARG;
    else
        hr = exchange_get_soh_request(link, connection, retrigger_hint);
    binding_leave(binding, &activity, link, SUCCEEDED(hr));
    return hr;
}

static HRESULT STDMETHODCALLTYPE binding_ProcessSoHResponse(INapEnforcementClientBinding *iface,
    INapEnforcementClientConnection *connection)
{
    struct binding *binding = impl_from_binding(iface);
    struct activity activity;
    struct agent_link *link;
    HRESULT hr;

    if (FAILED(hr = binding_enter(binding, &activity, &link)))
        return hr;
    /* "No connections have previously been created on the enforcement client." */
    if (!connection || !binding->knows_connections)
        hr = E_INVALIDARG;
    else
        hr = exchange_process_soh_response(link, connection);
    binding_leave(binding, &activity, link, false);
    return hr;
}

static HRESULT STDMETHODCALLTYPE binding_NotifyConnectionStateDown(
    INapEnforcementClientBinding *iface, INapEnforcementClientConnection *connection)
{
    struct binding *binding = impl_from_binding(iface);
    struct activity activity;
    struct agent_link *link;
    HRESULT hr;

    if (FAILED(hr = binding_enter(binding, &activity, &link)))
        return hr;
    /* With the agent gone this is RPC_E_DISCONNECTED and yet done: the agent that comes back
     * learns of connections by GetConnections alone. */
    if (!connection)
        hr = E_INVALIDARG;
    else
        hr = exchange_connection_down(link, connection);
    binding_leave(binding, &activity, link, false);
    return hr;
}

static HRESULT STDMETHODCALLTYPE binding_NotifySoHChangeFailure(
    INapEnforcementClientBinding *iface)
{
    struct binding *binding = impl_from_binding(iface);
    struct napipc_message request;
    struct activity activity;
    struct agent_link *link;
    HRESULT hr;

    if (FAILED(hr = binding_enter(binding, &activity, &link)))
        return hr;
    request.type = NAPIPC_SOH_CHANGE_FAILURE;
    hr = agent_link_call(link, &request, NULL, apartment_wait());
    binding_leave(binding, &activity, link, false);
    return hr;
}

static const INapEnforcementClientBindingVtbl binding_vtbl = {
    binding_QueryInterface,
    binding_AddRef,
    binding_Release,
    binding_Initialize,
    binding_Uninitialize,
    binding_CreateConnection,
    binding_GetSoHRequest,
    binding_ProcessSoHResponse,
    binding_NotifyConnectionStateDown,
    binding_NotifySoHChangeFailure,
};

HRESULT enforcement_binding_create(REFIID riid, void **object)
{
    struct binding *binding = calloc(1, sizeof(*binding));
    HRESULT hr;

    if (!binding)
        return E_OUTOFMEMORY;
    binding->INapEnforcementClientBinding_iface.lpVtbl = (void *)&binding_vtbl;
    binding->refs = 1;
    binding->holds = 1;
    InitializeSRWLock(&binding->lock);
    InitializeConditionVariable(&binding->inside.left);
    module_lock();
    hr = INapEnforcementClientBinding_QueryInterface(&binding->INapEnforcementClientBinding_iface,
        riid, object);
    INapEnforcementClientBinding_Release(&binding->INapEnforcementClientBinding_iface);
    return hr;
}
