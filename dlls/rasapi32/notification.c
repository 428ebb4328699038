/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * RasConnectionNotification: nf-ras-rasconnectionnotificationw.
 *
 * While an event is registered a watch is open, and the agent polls the host's interfaces once a
 * second. A notification names a connection that came up or went down. When a lost session with the
 * agent is opened again, the list of connections is compared with the previous one, so that no
 * change is missed; handles outlive the agent. A registration for one connection ends with that
 * connection. One for all connections lasts as long as the process: nothing unregisters it.
 */
#include "dlls/rasapi32/connection.h"

#include "libs/log/trace.h"

#include <raserror.h>
#include <stdlib.h>

#define FLAGS                                                                                      \
    (RASCN_Connection | RASCN_Disconnection | RASCN_BandwidthAdded | RASCN_BandwidthRemoved        \
            | RASCN_Dormant | RASCN_ReConnection | RASCN_EPDGPacketArrival)

/* An event, and the changes that signal it. */
struct registration
{
    struct registration *next;
    HANDLE event;    /* our duplicate */
    HANDLE original; /* the program's */
    uint32_t handle; /* 0: all connections */
    DWORD flags;
};

/* Handles of connections, ascending as the agent lists them. */
struct handles
{
    uint32_t *list;
    size_t count;
};

static SRWLOCK lock = SRWLOCK_INIT; /* guards all below */
static struct registration *registrations;
static struct agent_single_watch watch; /* open while there are registrations */
static struct handles known;            /* the connections that are up, as last notified */

/* ---- the set of connections ---- */

static bool add_handle(struct handles *handles, uint32_t handle)
{
    uint32_t *larger = realloc(handles->list, (handles->count + 1) * sizeof(*larger));

    if (!larger)
        return false;
    larger[handles->count++] = handle;
    handles->list = larger;
    return true;
}

static bool has_handle(const struct handles *handles, uint32_t handle)
{
    size_t i;

    for (i = 0; i < handles->count; i++)
        if (handles->list[i] == handle)
            return true;
    return false;
}

static void remove_handle(struct handles *handles, uint32_t handle)
{
    size_t i, kept = 0;

    for (i = 0; i < handles->count; i++)
        if (handles->list[i] != handle)
            handles->list[kept++] = handles->list[i];
    handles->count = kept;
}

static void clear_handles(struct handles *handles)
{
    free(handles->list);
    memset(handles, 0, sizeof(*handles));
}

/* ---- registrations; the lock is held ---- */

static void drop(struct registration **link)
{
    struct registration *registration = *link;

    *link = registration->next;
    CloseHandle(registration->event);
    free(registration);
}

static void fire(uint32_t handle, bool connected)
{
    struct registration **link = &registrations;

    while (*link)
    {
        struct registration *registration = *link;
        bool concerned = !registration->handle || registration->handle == handle;

        if (concerned && registration->flags & (connected ? RASCN_Connection : RASCN_Disconnection)
                && (!connected || !registration->handle))
            SetEvent(registration->event);
        if (!connected && registration->handle == handle)
            drop(link);
        else
            link = &registration->next;
    }
}

/* Returns false on allocation failure; no event was signalled. */
static bool update(uint32_t handle, bool connected)
{
    if (has_handle(&known, handle) == connected)
        return true;
    if (!connected)
        remove_handle(&known, handle);
    else if (!add_handle(&known, handle))
        return false;
    fire(handle, connected);
    return true;
}

/* ---- the watch ---- */

static bool take_handle(void *context, const struct napipc_ras_connection *connection)
{
    return add_handle(context, connection->handle);
}

/* Ends the watch if there are no registrations left. The lock is held. */
static void watch_stop_if_idle(void)
{
    if (registrations)
        return;
    agent_single_watch_abandon(&watch);
    clear_handles(&known);
}

/* Signals events for the differences from the known connections. False on allocation failure. */
static bool compare(const struct handles *now)
{
    bool complete = true;
    size_t i = 0;

    while (i < known.count)
        if (has_handle(now, known.list[i]))
            i++;
        else
            update(known.list[i], false);
    for (i = 0; i < now->count; i++)
        complete = update(now->list[i], true) && complete;
    return complete;
}

/* Lists the connections in the process's session. In the watch's session a notification may arrive
 * at any time, and none may be dropped. */
static HRESULT on_connected(void *context, struct agent_session *session, bool first)
{
    struct handles now = {0};
    DWORD error = list_connections(take_handle, &now);
    bool complete = true;

    (void)session;
    if (!error && first)
    {
        /* watch_start()'s caller holds the lock. */
        clear_handles(&known);
        known = now;
        return S_OK;
    }
    if (!error)
    {
        AcquireSRWLockExclusive(&lock);
        if (agent_single_watch_is(&watch, context))
            complete = compare(&now);
        watch_stop_if_idle();
        ReleaseSRWLockExclusive(&lock);
    }
    clear_handles(&now);
    if (error)
        return error == ERROR_NOT_ENOUGH_MEMORY ? E_OUTOFMEMORY : RPC_E_DISCONNECTED;
    return complete ? S_OK : E_OUTOFMEMORY;
}

static HRESULT on_notified(
        void *context, struct agent_session *session, const struct napipc_message *notification)
{
    bool complete = true;

    (void)session;
    if (!notification->ras_changed.connected)
        hung_up_remove(notification->ras_changed.handle);
    AcquireSRWLockExclusive(&lock);
    if (agent_single_watch_is(&watch, context))
        complete = update(notification->ras_changed.handle, notification->ras_changed.connected);
    watch_stop_if_idle();
    ReleaseSRWLockExclusive(&lock);
    return complete ? S_OK : E_OUTOFMEMORY; /* the watch reconnects, and compares the list */
}

static const struct agent_subscription subscription = {
        .request = NAPIPC_RAS_WATCH,
        .notification = NAPIPC_RAS_CHANGED,
        .start = agent_start_unless_stopped,
        .required = true,
        .connected = on_connected,
        .notified = on_notified,
};

void notify_hung_up(uint32_t handle)
{
    AcquireSRWLockExclusive(&lock);
    update(handle, false);
    watch_stop_if_idle();
    ReleaseSRWLockExclusive(&lock);
}

/* Opens the watch unless it is open. The lock is held. */
static DWORD watch_start(void)
{
    HRESULT hr;

    watch.subscription = &subscription;
    hr = agent_single_watch_open(&watch);
    if (SUCCEEDED(hr))
        return ERROR_SUCCESS;
    clear_handles(&known);
    return hr == E_OUTOFMEMORY ? ERROR_NOT_ENOUGH_MEMORY : ERROR_RASMAN_CANNOT_INITIALIZE;
}

/* ---- the function ---- */

/* Checks whether the connection is up. 0 means all connections: checks that the agent runs. */
static DWORD check_connection(uint32_t handle)
{
    struct napipc_message request;
    struct agent_reply reply;
    DWORD error;

    if (!handle)
    {
        request.type = NAPIPC_RAS_GET_PATTERNS; /* the cheapest request */
        return ask_agent(&request, NULL);
    }
    if (!(error = ask_active((HRASCONN)(UINT_PTR)handle, &reply)))
        agent_reply_clear(&reply);
    return invalid_if_ended(error);
}

/* The lock is held. */
static DWORD add_registration(HANDLE event, uint32_t handle, DWORD flags)
{
    struct registration *registration = calloc(1, sizeof(*registration)), **link;
    HANDLE process = GetCurrentProcess();
    DWORD error;

    if (!registration)
        return ERROR_NOT_ENOUGH_MEMORY;
    if (!DuplicateHandle(
                process, event, process, &registration->event, EVENT_MODIFY_STATE, FALSE, 0))
        error = ERROR_INVALID_PARAMETER;
    else
        error = watch_start();
    if (error)
    {
        if (registration->event)
            CloseHandle(registration->event);
        free(registration);
        return error;
    }
    registration->original = event;
    registration->handle = handle;
    registration->flags = flags;
    /* Replaces a registration of the same event, or of a closed event whose handle was reused. With
     * other flags the same event is to be signaled for those too, so both stay. */
    for (link = &registrations; *link;)
        if ((*link)->original == event && (*link)->handle == handle && (*link)->flags == flags)
            drop(link);
        else
            link = &(*link)->next;
    registration->next = registrations;
    registrations = registration;
    return ERROR_SUCCESS;
}

static DWORD notify(HRASCONN connection, HANDLE event, DWORD flags)
{
    bool all = (HANDLE)connection == INVALID_HANDLE_VALUE;
    uint32_t handle = all ? 0 : (uint32_t)(UINT_PTR)connection;
    DWORD error;

    if (!flags || flags & ~FLAGS || !event)
        return ERROR_INVALID_PARAMETER;
    if (!all && (!connection || (UINT_PTR)connection >= UINT32_MAX))
        return ERROR_INVALID_HANDLE;
    if ((error = check_connection(handle)))
        return error;
    AcquireSRWLockExclusive(&lock);
    error = add_registration(event, handle, flags);
    ReleaseSRWLockExclusive(&lock);
    /* The connection may have gone down, and been notified, just before the registration. */
    if (!error && handle && check_connection(handle) == ERROR_INVALID_HANDLE)
    {
        AcquireSRWLockExclusive(&lock);
        remove_handle(&known, handle);
        fire(handle, false);
        watch_stop_if_idle();
        ReleaseSRWLockExclusive(&lock);
    }
    return error;
}

DWORD WINAPI RasConnectionNotificationW(HRASCONN connection, HANDLE event, DWORD flags)
{
    TRACE_CALL("(connection %p, event %p, flags %lu)", (const void *)connection,
            (const void *)event, (unsigned long)flags);
    return TRACED(notify(connection, event, flags));
}

DWORD WINAPI RasConnectionNotificationA(HRASCONN connection, HANDLE event, DWORD flags)
{
    TRACE_CALL("(connection %p, event %p, flags %lu)", (const void *)connection,
            (const void *)event, (unsigned long)flags);
    return TRACED(notify(connection, event, flags));
}
