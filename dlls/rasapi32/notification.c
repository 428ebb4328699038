/*
 * RasConnectionNotification: nf-ras-rasconnectionnotificationw.
 *
 * While an event is registered a thread holds a session that watches the agent, which in turn
 * looks at the host's interfaces once a second. News say what came and went; after a break of the
 * session the list is compared with what was there before, so that no change is missed: handles
 * outlive the agent. A registration for one connection ends with that connection; one for all
 * of them stays as long as the process does, as nothing unregisters it.
 */
#include "dlls/rasapi32/connection.h"

#include <raserror.h>
#include <stdlib.h>

#define FLAGS (RASCN_Connection | RASCN_Disconnection | RASCN_BandwidthAdded \
    | RASCN_BandwidthRemoved | RASCN_Dormant | RASCN_ReConnection | RASCN_EPDGPacketArrival)
#define FIRST_PAUSE 250  /* ms until a lost agent is looked for, then ever longer */
#define LAST_PAUSE 4000

/* Who wants to know of what. */
struct registration
{
    struct registration *next;
    HANDLE event;    /* ours */
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

static SRWLOCK lock = SRWLOCK_INIT; /* of all below */
static struct registration *registrations;
static bool watching;        /* there is a thread */
static struct handles known; /* the connections that are up, as far as was heard */
static struct agent_session session;
static HANDLE wake; /* the last registration has gone */

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

        if (concerned && registration->flags & (connected ? RASCN_Connection
                : RASCN_Disconnection) && (!connected || !registration->handle))
            SetEvent(registration->event);
        if (!connected && registration->handle == handle)
            drop(link);
        else
            link = &registration->next;
    }
}

/* False: no memory to know it by, and so nobody has heard of it. */
static bool hear(uint32_t handle, bool connected)
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

/* Opens a session that watches, and lists what is there: with a session of its own, as news may
 * come on the first at any time. */
static DWORD start_watch(struct agent_session *watch, struct handles *now)
{
    struct napipc_message request;
    DWORD error;

    memset(now, 0, sizeof(*now));
    if ((error = open_session(watch)))
        return error;
    request.type = NAPIPC_RAS_WATCH;
    if (!(error = error_of(agent_session_call(watch, &request, NULL)))
            && !(error = list_connections(NULL, take_handle, now)))
        return ERROR_SUCCESS;
    clear_handles(now);
    agent_session_close(watch);
    return error;
}

/* Does anybody wait? If not the watch ends; another may begin as soon as the lock, which is held,
 * is free. */
static bool go_on(void)
{
    if (registrations)
        return true;
    agent_session_close(&session);
    clear_handles(&known);
    watching = false;
    return false;
}

/* Takes news until the session breaks, memory is short, or nobody waits any more. False: nobody does. */
static bool take_news(void)
{
    struct agent_frame frame = {0};
    struct napipc_message message;
    bool wanted = true, heard = true;

    while (wanted && heard && SUCCEEDED(agent_pipe_receive(session.pipe, session.event, wake, INFINITE,
            &frame)) && napipc_decode(frame.data, frame.size, &message, NULL, NULL) == NAPIPC_OK)
    {
        if (message.type != NAPIPC_RAS_CHANGED)
            continue;
        AcquireSRWLockExclusive(&lock);
        heard = hear(message.ras_changed.handle, message.ras_changed.connected);
        wanted = go_on();
        ReleaseSRWLockExclusive(&lock);
    }
    agent_frame_clear(&frame);
    if (wanted)
    {
        AcquireSRWLockExclusive(&lock);
        if ((wanted = go_on()))
            agent_session_close(&session);
        ReleaseSRWLockExclusive(&lock);
    }
    return wanted;
}

/* What is different now from what was known. False: not all of it could be heard. */
static bool compare(const struct handles *now)
{
    bool heard = true;
    size_t i = 0;

    while (i < known.count)
        if (has_handle(now, known.list[i]))
            i++;
        else
            hear(known.list[i], false);
    for (i = 0; i < now->count; i++)
        heard = hear(now->list[i], true) && heard;
    return heard;
}

static DWORD WINAPI watcher(void *module)
{
    DWORD pause = FIRST_PAUSE;
    bool wanted = true;

    while (wanted)
    {
        struct handles now;

        if (session.pipe)
        {
            wanted = take_news();
            pause = FIRST_PAUSE;
            continue;
        }
        Sleep(pause);
        if (pause < LAST_PAUSE)
            pause *= 2;
        if (start_watch(&session, &now))
            continue;
        AcquireSRWLockExclusive(&lock);
        if (!compare(&now))
            agent_session_close(&session); /* and list anew */
        wanted = go_on();
        ReleaseSRWLockExclusive(&lock);
        clear_handles(&now);
    }
    FreeLibraryAndExitThread(module, 0);
}

/* Makes the thread that watches; the lock is held. */
static DWORD begin_watching(void)
{
    struct handles now;
    HMODULE module;
    HANDLE thread;
    DWORD error;

    if (!wake && !(wake = CreateEventW(NULL, FALSE, FALSE, NULL)))
        return ERROR_NOT_ENOUGH_MEMORY;
    ResetEvent(wake);
    if ((error = start_watch(&session, &now)))
        return error;
    /* The thread needs the DLL as long as it lives. */
    if (!GetModuleHandleExW(GET_MODULE_HANDLE_EX_FLAG_FROM_ADDRESS, (const WCHAR *)&watching,
            &module))
        error = GetLastError();
    else if (!(thread = CreateThread(NULL, 0, watcher, module, 0, NULL)))
    {
        error = GetLastError();
        FreeLibrary(module);
    }
    if (error)
    {
        clear_handles(&now);
        agent_session_close(&session);
        return error;
    }
    CloseHandle(thread);
    clear_handles(&known);
    known = now;
    watching = true;
    return ERROR_SUCCESS;
}

/* ---- the function ---- */

/* Asks the agent whether the connection is up; 0 stands for all, and asks whether it is there. */
static DWORD check_connection(uint32_t handle)
{
    struct napipc_message request;
    struct agent_reply reply;
    DWORD error;

    if (!handle)
    {
        request.type = NAPIPC_RAS_GET_PATTERNS; /* the cheapest there is */
        return ask_agent(&request, NULL);
    }
    if ((error = ask_about(NAPIPC_RAS_GET, (HRASCONN)(UINT_PTR)handle, &reply)))
        return error;
    error = reply.message.ras_get_reply.active ? ERROR_SUCCESS : ERROR_INVALID_HANDLE;
    agent_reply_clear(&reply);
    return error;
}

/* The lock is held. */
static DWORD add_registration(HANDLE event, uint32_t handle, DWORD flags)
{
    struct registration *registration = calloc(1, sizeof(*registration)), **link;
    HANDLE process = GetCurrentProcess();
    DWORD error;

    if (!registration)
        return ERROR_NOT_ENOUGH_MEMORY;
    if (!DuplicateHandle(process, event, process, &registration->event, EVENT_MODIFY_STATE, FALSE,
            0))
        error = ERROR_INVALID_PARAMETER;
    else
        error = watching ? ERROR_SUCCESS : begin_watching();
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
    /* Registered again; or another event in the place of one that was closed. With other flags it
     * may be the same event, that is to be signaled for those too. */
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
    /* It may have gone, and its news been heard, just before it was registered. */
    if (!error && handle && check_connection(handle) == ERROR_INVALID_HANDLE)
    {
        AcquireSRWLockExclusive(&lock);
        remove_handle(&known, handle);
        fire(handle, false);
        if (!registrations && wake)
            SetEvent(wake);
        ReleaseSRWLockExclusive(&lock);
    }
    return error;
}

DWORD WINAPI RasConnectionNotificationW(HRASCONN connection, HANDLE event, DWORD flags)
{
    return notify(connection, event, flags);
}

DWORD WINAPI RasConnectionNotificationA(HRASCONN connection, HANDLE event, DWORD flags)
{
    return notify(connection, event, flags);
}
