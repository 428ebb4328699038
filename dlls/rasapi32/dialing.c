/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Connections that this process is dialing; see dialing.h.
 *
 * Each attempt has a session of its own with the agent, so that it ends with this process: the
 * agent ends the attempts of a session that closes. When the connection is made, its session is
 * closed. After a failed attempt the session stays open until RasHangUp, because the agent forgets
 * the attempt, and so the error for RasGetConnectStatus, when it closes.
 *
 * RasDial without a notifier waits for the states itself. With one, a thread does, which keeps this
 * DLL loaded.
 */
#include "dlls/rasapi32/dialing.h"

#include <raserror.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <wchar.h>

#include "dlls/rasapi32/connection.h"
#include "libs/log/log.h"

#define HANG_UP_PATIENCE 1000 /* ms to wait for a notifier that runs */
#define FAILED_MAX 16         /* attempts that are kept, of programs that do not hang up */

struct dialing
{
    struct dialing *next;
    unsigned int references; /* of the list, and of who waits for the states */
    uint32_t handle;
    struct agent_session session; /* pipe NULL: there was a connection already */
    struct notifier notifier;
    struct dialed dialed;
    HMODULE module; /* that the thread keeps loaded */
    DWORD thread;   /* that calls the notifier */
    bool silent;    /* the notifier is not called any more */
    bool notifying; /* the notifier runs */
    bool failed;    /* nobody waits any more */
    HANDLE idle;    /* event: the notifier does not run */
};

static SRWLOCK lock = SRWLOCK_INIT; /* guards the list, and the members that change */
static struct dialing *dialings;    /* the newest first */

/* ---- life ---- */

static void release(struct dialing *dialing)
{
    bool last;

    AcquireSRWLockExclusive(&lock);
    last = !--dialing->references;
    ReleaseSRWLockExclusive(&lock);
    if (!last)
        return;
    agent_session_close(&dialing->session);
    if (dialing->idle)
        CloseHandle(dialing->idle);
    free(dialing);
}

/* Takes it out of the list, whose reference the caller gets. False: it is not there. */
static bool take(const struct dialing *dialing)
{
    struct dialing **link;
    bool found;

    AcquireSRWLockExclusive(&lock);
    for (link = &dialings; *link && *link != dialing; link = &(*link)->next)
        ;
    if ((found = *link != NULL))
        *link = dialing->next;
    ReleaseSRWLockExclusive(&lock);
    return found;
}

/* Adds a reference to the dialing of that handle. */
static struct dialing *find(uint32_t handle)
{
    struct dialing *dialing;

    AcquireSRWLockExclusive(&lock);
    for (dialing = dialings; dialing && dialing->handle != handle; dialing = dialing->next)
        ;
    if (dialing)
        dialing->references++;
    ReleaseSRWLockExclusive(&lock);
    return dialing;
}

/* Adds it to the list. If the list has too many failed attempts, takes the oldest of them out and
 * returns it; the caller owns the list's reference to it. */
static struct dialing *add(struct dialing *dialing)
{
    struct dialing *oldest = NULL, *other, **link;
    unsigned int failed = 0;

    AcquireSRWLockExclusive(&lock);
    dialing->references++;
    dialing->next = dialings;
    dialings = dialing;
    for (other = dialings; other; other = other->next)
        if (other->failed)
        {
            failed++;
            oldest = other;
        }
    if (failed <= FAILED_MAX)
        oldest = NULL;
    for (link = &dialings; oldest && *link != oldest; link = &(*link)->next)
        ;
    if (oldest)
        *link = oldest->next;
    ReleaseSRWLockExclusive(&lock);
    return oldest;
}

/* ---- the notifier ---- */

static bool call_notifier(const struct dialing *dialing, DWORD state, DWORD error)
{
    const struct notifier *notifier = &dialing->notifier;
    HRASCONN connection = (HRASCONN)(UINT_PTR)dialing->handle;
    UINT message;

    switch (notifier->type)
    {
    case 0:
        ((RASDIALFUNC)notifier->target)(WM_RASDIALEVENT, (RASCONNSTATE)state, error);
        return true;
    case 1:
        ((RASDIALFUNC1)notifier->target)(
                connection, WM_RASDIALEVENT, (RASCONNSTATE)state, error, 0);
        return true;
    case 2:
        /* "If the RasDialFunc2 function returns zero, RasDial stops sending callback
         * notifications". After any other value they go on: nothing of the phone book, which 2 is
         * about, is kept here. */
        return ((RASDIALFUNC2)notifier->target)(notifier->callback_id, 1, connection,
                       WM_RASDIALEVENT, (RASCONNSTATE)state, error, 0)
               != 0;
    default:
        if (!(message = RegisterWindowMessageA(RASDIALEVENT)))
            message = WM_RASDIALEVENT;
        SendMessageW(notifier->target, message, state, (LPARAM)error);
        return true;
    }
}

static void notify(struct dialing *dialing, DWORD state, DWORD error)
{
    bool silent, go_on;

    if (!dialing->notifier.target)
        return;
    AcquireSRWLockExclusive(&lock);
    if (!(silent = dialing->silent))
    {
        dialing->notifying = true;
        ResetEvent(dialing->idle);
    }
    ReleaseSRWLockExclusive(&lock);
    if (silent)
        return;
    go_on = call_notifier(dialing, state, error);
    AcquireSRWLockExclusive(&lock);
    dialing->notifying = false;
    dialing->silent |= !go_on;
    SetEvent(dialing->idle);
    ReleaseSRWLockExclusive(&lock);
}

/* Waits until the event is set, and handles messages that other threads send meanwhile. */
static void wait_among_messages(HANDLE event, DWORD patience)
{
    ULONGLONG until = GetTickCount64() + patience, now;
    MSG message;

    while ((now = GetTickCount64()) < until
            && MsgWaitForMultipleObjects(1, &event, FALSE, (DWORD)(until - now), QS_SENDMESSAGE)
                       == WAIT_OBJECT_0 + 1)
        PeekMessageW(&message, NULL, 0, 0, PM_NOREMOVE | PM_QS_SENDMESSAGE);
}

void dialing_hang_up(uint32_t handle)
{
    struct dialing *dialing = find(handle);
    bool wait;

    if (!dialing)
        return;
    AcquireSRWLockExclusive(&lock);
    dialing->silent = true;
    /* Within the notifier there is nothing to wait for. */
    wait = dialing->notifying && dialing->thread != GetCurrentThreadId()
           && !(dialing->notifier.type == NOTIFIER_WINDOW && InSendMessage());
    ReleaseSRWLockExclusive(&lock);
    if (wait)
        wait_among_messages(dialing->idle, HANG_UP_PATIENCE);
    release(dialing);
}

static void forget(struct dialing *dialing)
{
    if (take(dialing))
        release(dialing);
}

void dialing_forget(uint32_t handle)
{
    struct dialing *dialing = find(handle);

    if (!dialing)
        return;
    forget(dialing);
    release(dialing);
}

void dialing_forget_all(void)
{
    struct dialing *dialing;

    while ((dialing = dialings))
    {
        dialings = dialing->next;
        release(dialing);
    }
}

/* ---- the states ---- */

/* The next state. False: the attempt has ended without one, and `next` says why. */
static bool ask_next(struct dialing *dialing, struct napipc_ras_dial_next_reply *next)
{
    struct napipc_message request;
    struct agent_reply reply;
    HRESULT hr;

    request.type = NAPIPC_RAS_DIAL_NEXT;
    request.ras_dial_next.handle = dialing->handle;
    request.ras_dial_next.seen = next->count;
    if (SUCCEEDED(hr = agent_session_call(&dialing->session, &request, &reply)))
    {
        *next = reply.message.ras_dial_next_reply;
        agent_reply_clear(&reply);
        return true;
    }
    /* The agent has forgotten an attempt that was hung up. Else the agent has gone, and ends it. */
    next->error = hr == HRESULT_FROM_WIN32(ERROR_NO_CONNECTION) ? ERROR_USER_DISCONNECTION
                                                                : ERROR_PORT_DISCONNECTED;
    return false;
}

/* "saved by the last successful call to the RasDial or RasSetEntryDialParams function" (page of
 * RasGetEntryDialParams) */
static void save(const struct dialing *dialing)
{
    DWORD error = dialing->dialed.of_entry ? secrets_write_dialed(&dialing->dialed) : 0;

    if (error)
        log_event(LOG_WARN, 0, "phonebook",
                "what a connection was dialed with cannot be saved: error %lu", error);
}

/* Passes the states on until the attempt is decided. Returns the result. */
static DWORD follow(struct dialing *dialing)
{
    struct napipc_ras_dial_next_reply next = {0};
    uint32_t seen = 0;

    if (!dialing->session.pipe)
    {
        notify(dialing, RASCS_Connected, ERROR_SUCCESS);
        return ERROR_SUCCESS;
    }
    do
    {
        if (!ask_next(dialing, &next))
        {
            notify(dialing, next.state, next.error);
            return next.error;
        }
        if (next.decided && next.error == ERROR_SUCCESS)
            save(dialing);
        if (next.count > seen)
            notify(dialing, next.state, next.error);
        seen = next.count;
    } while (!next.decided);
    return next.error;
}

/* Follows the attempt to its end. The caller's reference ends. */
static DWORD run(struct dialing *dialing)
{
    DWORD error = follow(dialing);

    if (error == ERROR_SUCCESS)
        forget(dialing);
    AcquireSRWLockExclusive(&lock);
    dialing->failed = true;
    ReleaseSRWLockExclusive(&lock);
    release(dialing);
    return error;
}

static DWORD WINAPI follower(void *argument)
{
    struct dialing *dialing = argument;
    HMODULE module = dialing->module;

    AcquireSRWLockExclusive(&lock);
    dialing->thread = GetCurrentThreadId();
    ReleaseSRWLockExclusive(&lock);
    run(dialing);
    FreeLibraryAndExitThread(module, 0);
}

/* ---- the call ---- */

static struct napipc_string string_of(const WCHAR *text)
{
    struct napipc_string string = {(const uint8_t *)text, (uint16_t)wcslen(text)};

    return string;
}

static DWORD ask_to_dial(struct agent_session *session, const struct call *call,
        struct napipc_ras_dial_reply *dialed)
{
    struct napipc_message request;
    struct napipc_ras_connection *connection = &request.ras_dial.connection;
    struct agent_reply reply;
    HRESULT hr;

    memset(&request, 0, sizeof(request));
    request.type = NAPIPC_RAS_DIAL;
    connection->source = NAPIPC_RAS_DIALED;
    connection->flags = call->flags;
    memcpy(&connection->entry_id, &call->entry_id, sizeof(connection->entry_id));
    connection->entry_name = string_of(call->entry_name);
    connection->phonebook = string_of(call->phonebook);
    connection->device_type = string_of(call->device_type);
    connection->device_name = string_of(call->device_name);
    connection->phone_number = string_of(call->phone_number);
    connection->user = string_of(call->user_name);
    request.ras_dial.domain = string_of(call->domain);
    request.ras_dial.callback_number = string_of(call->callback_number);
    request.ras_dial.password = string_of(call->password);
    if (FAILED(hr = agent_session_call(session, &request, &reply)))
        return error_of(hr);
    *dialed = reply.message.ras_dial_reply;
    agent_reply_clear(&reply);
    return ERROR_SUCCESS;
}

static DWORD create(const struct call *call, struct dialing **out)
{
    struct dialing *dialing = calloc(1, sizeof(*dialing));
    struct napipc_ras_dial_reply dialed;
    DWORD error = ERROR_NOT_ENOUGH_MEMORY;
    HRESULT hr;

    if (!dialing)
        return error;
    dialing->references = 1;
    if ((dialing->idle = CreateEventW(NULL, TRUE, TRUE, NULL)))
    {
        hr = agent_session_open(&dialing->session, agent_start_unless_stopped());
        if (SUCCEEDED(hr))
            error = ask_to_dial(&dialing->session, call, &dialed);
        else if (hr != E_OUTOFMEMORY)
            error = ERROR_RASMAN_CANNOT_INITIALIZE;
    }
    if (error != ERROR_SUCCESS)
    {
        release(dialing);
        return error;
    }
    dialing->handle = dialed.handle;
    if (dialed.existing)
        agent_session_close(&dialing->session);
    *out = dialing;
    return ERROR_SUCCESS;
}

/* Starts the thread that notifies. */
static DWORD start_thread(struct dialing *dialing)
{
    HANDLE thread;

    if (!GetModuleHandleExW(
                GET_MODULE_HANDLE_EX_FLAG_FROM_ADDRESS, (const WCHAR *)follower, &dialing->module))
        return GetLastError();
    if (!(thread = CreateThread(NULL, 0, follower, dialing, 0, NULL)))
    {
        FreeLibrary(dialing->module);
        return ERROR_NOT_ENOUGH_MEMORY;
    }
    CloseHandle(thread);
    return ERROR_SUCCESS;
}

DWORD dialing_start(const struct call *call, const struct notifier *notifier, HRASCONN *connection)
{
    struct dialing *dialing, *oldest;
    DWORD error = create(call, &dialing);

    if (error != ERROR_SUCCESS)
        return error;
    dialing->notifier = *notifier;
    dialing->dialed = call->dialed;
    /* This process sees a connection again that it hung up and that is still there. */
    hung_up_remove(dialing->handle);
    if ((oldest = add(dialing)))
        release(oldest);
    /* The notifier may use it at once. */
    *connection = (HRASCONN)(UINT_PTR)dialing->handle;
    if (!notifier->target)
        return run(dialing);
    if ((error = start_thread(dialing)) != ERROR_SUCCESS)
    {
        *connection = NULL;
        forget(dialing);
        release(dialing);
    }
    return error;
}
