/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Events that are set when connections come, go, or change their quarantine
 * state.
 *
 * Each process has one watch for the agent's notifications while events are
 * registered. The end and the restart of the agent count as changes, because
 * changes in between are not notified.
 */

#include "dlls/mprapi/rras.h"

#include "libs/log/trace.h"

#include <stdlib.h>
#include <winternl.h>

struct registration
{
    struct registration *next;
    HANDLE server;
    HANDLE given; /* the program's handle, which names the event when it is deregistered */
    HANDLE event; /* ours: the program may close its own */
};

static SRWLOCK lock = SRWLOCK_INIT;
static struct registration *registrations;
static struct agent_single_watch watch; /* open while there are registrations */

static void registration_destroy(struct registration *registration)
{
    CloseHandle(registration->event);
    free(registration);
}

/* ---- the watch ---- */

static void signal_events(void *context)
{
    struct registration *registration;

    AcquireSRWLockShared(&lock);
    if (agent_single_watch_is(&watch, context))
        for (registration = registrations; registration; registration = registration->next)
            SetEvent(registration->event);
    ReleaseSRWLockShared(&lock);
}

static HRESULT on_connected(void *context, struct agent_session *session, bool first)
{
    (void)session;
    if (!first)
        signal_events(context);
    return S_OK;
}

static HRESULT on_notified(
        void *context, struct agent_session *session, const struct napipc_message *notification)
{
    (void)session;
    (void)notification;
    signal_events(context);
    return S_OK;
}

static void on_lost(void *context, HRESULT why, bool connected)
{
    (void)why;
    if (connected)
        signal_events(context);
}

static const struct agent_subscription subscription = {
        .request = NAPIPC_RRAS_WATCH,
        .notification = NAPIPC_RRAS_CHANGED,
        .required = true,
        .connected = on_connected,
        .notified = on_notified,
        .lost = on_lost,
};

/* Opens the watch unless it is open. The lock is held, also for watch_stop_if_idle(). */
static DWORD watch_start(void)
{
    HRESULT hr;

    watch.subscription = &subscription;
    hr = agent_single_watch_open(&watch);
    return FAILED(hr) ? agent_error(hr) : NO_ERROR;
}

static void watch_stop_if_idle(void)
{
    if (!registrations)
        agent_single_watch_abandon(&watch);
}

/* ---- functions ---- */

/* From ntdll, which mingw-w64's winternl.h does not declare */
NTSTATUS NTAPI NtQueryEvent(HANDLE event, int class, void *info, ULONG size, ULONG *needed);

static bool is_event(HANDLE handle)
{
    LONG info[2];

    /* A handle without the right to query may be an event, and is accepted. */
    return handle
           && NtQueryEvent(handle, 0, info, sizeof(info), NULL)
                      != (NTSTATUS)0xC0000008 /* STATUS_INVALID_HANDLE */
           && NtQueryEvent(handle, 0, info, sizeof(info), NULL)
                      != (NTSTATUS)0xC0000024; /* STATUS_OBJECT_TYPE_MISMATCH */
}

static DWORD server_is_on(void)
{
    struct napipc_message request = {.type = NAPIPC_RRAS_GET_SERVER};
    struct agent_reply reply;
    DWORD error = agent_ask(&request, &reply);

    if (error)
        return error;
    if (!reply.message.rras_server_reply.enabled)
        error = ERROR_DDM_NOT_RUNNING;
    agent_reply_clear(&reply);
    return error;
}

static struct registration **find(HANDLE server, HANDLE event)
{
    struct registration **link;

    for (link = &registrations; *link; link = &(*link)->next)
        if ((*link)->server == server && (!event || (*link)->given == event))
            break;
    return link;
}

static void remove_at(struct registration **link)
{
    struct registration *registration = *link;

    *link = registration->next;
    registration_destroy(registration);
}

/* nf-mprapi-mpradminregisterconnectionnotification */
DWORD WINAPI MprAdminRegisterConnectionNotification(MPR_SERVER_HANDLE server, HANDLE event)
{
    TRACE_CALL("(server %p, event %p)", (const void *)server, (const void *)event);
    struct registration *registration;
    DWORD error;

    if (!server_is_valid(server))
        return TRACED(RPC_S_INVALID_BINDING);
    if (!is_event(event))
        return TRACED(ERROR_INVALID_PARAMETER);
    if ((error = server_is_on()))
        return TRACED(error);
    if (!(registration = calloc(1, sizeof(*registration))))
        return TRACED(ERROR_NOT_ENOUGH_MEMORY);
    registration->server = server;
    registration->given = event;
    if (!DuplicateHandle(GetCurrentProcess(), event, GetCurrentProcess(), &registration->event, 0,
                FALSE, DUPLICATE_SAME_ACCESS))
    {
        free(registration);
        return TRACED(ERROR_INVALID_PARAMETER);
    }
    AcquireSRWLockExclusive(&lock);
    if (!(error = watch_start()))
    {
        registration->next = registrations;
        registrations = registration;
    }
    ReleaseSRWLockExclusive(&lock);
    if (error)
        registration_destroy(registration);
    return TRACED(error);
}

/* nf-mprapi-mpradminderegisterconnectionnotification */
DWORD WINAPI MprAdminDeregisterConnectionNotification(MPR_SERVER_HANDLE server, HANDLE event)
{
    TRACE_CALL("(server %p, event %p)", (const void *)server, (const void *)event);
    struct registration **link;
    DWORD error = NO_ERROR;

    if (!server_is_valid(server))
        return TRACED(RPC_S_INVALID_BINDING);
    if (!event)
        return TRACED(ERROR_INVALID_PARAMETER);
    AcquireSRWLockExclusive(&lock);
    link = find(server, event);
    if (*link)
        remove_at(link);
    else
        error = ERROR_INVALID_PARAMETER;
    watch_stop_if_idle();
    ReleaseSRWLockExclusive(&lock);
    return TRACED(error);
}

void notification_forget_server(HANDLE server)
{
    struct registration **link;

    AcquireSRWLockExclusive(&lock);
    while (*(link = find(server, NULL)))
        remove_at(link);
    watch_stop_if_idle();
    ReleaseSRWLockExclusive(&lock);
}
