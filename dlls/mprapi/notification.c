/*
 * Events that are set when connections come, go, or change their quarantine
 * state.
 *
 * One thread a process waits for the agent's news, on a session of its own, as
 * long as an event is registered. It holds a reference to the DLL. An agent that
 * goes and comes back counts as a change: nobody saw what happened meanwhile.
 *
 * Copyright 2026 the wine-nap authors
 *
 * This library is free software; you can redistribute it and/or
 * modify it under the terms of the GNU Lesser General Public
 * License as published by the Free Software Foundation; either
 * version 2.1 of the License, or (at your option) any later version.
 */

#include "dlls/mprapi/rras.h"

#include <stdlib.h>
#include <winternl.h>

#define LOOK_INTERVAL 500 /* ms between two looks for a missing agent */

struct registration
{
    struct registration *next;
    HANDLE server;
    HANDLE given; /* the program's handle, to know it again */
    HANDLE event; /* ours: the program may close its own */
};

struct watch
{
    struct agent_session session; /* pipe NULL: the agent has gone */
    HANDLE stop;
    HMODULE module;
};

static SRWLOCK lock = SRWLOCK_INIT;
static struct registration *registrations;
static struct watch *current; /* there while there are registrations */

static void registration_destroy(struct registration *registration)
{
    CloseHandle(registration->event);
    free(registration);
}

/* ---- the thread ---- */

static HRESULT watch_connect(struct watch *watch)
{
    struct napipc_message request = {.type = NAPIPC_RRAS_WATCH};
    HRESULT hr = agent_session_open(&watch->session, false);

    if (FAILED(hr))
        return hr;
    hr = agent_session_call(&watch->session, &request, NULL);
    if (FAILED(hr))
        agent_session_close(&watch->session);
    return hr;
}

static void tell(const struct watch *watch)
{
    struct registration *registration;

    AcquireSRWLockShared(&lock);
    if (watch == current)
        for (registration = registrations; registration; registration = registration->next)
            SetEvent(registration->event);
    ReleaseSRWLockShared(&lock);
}

static DWORD WINAPI watcher(void *argument)
{
    struct watch *watch = argument;
    struct agent_frame frame = {0};
    HMODULE module = watch->module;

    while (WaitForSingleObject(watch->stop, 0) != WAIT_OBJECT_0)
    {
        if (!watch->session.pipe)
        {
            if (WaitForSingleObject(watch->stop, LOOK_INTERVAL) == WAIT_OBJECT_0)
                break;
            if (SUCCEEDED(watch_connect(watch)))
                tell(watch);
        }
        else if (SUCCEEDED(agent_pipe_receive(watch->session.pipe, watch->session.event,
                watch->stop, INFINITE, &frame)))
            tell(watch);
        else if (WaitForSingleObject(watch->stop, 0) != WAIT_OBJECT_0)
        {
            agent_session_close(&watch->session);
            tell(watch);
        }
    }
    agent_frame_clear(&frame);
    agent_session_close(&watch->session);
    CloseHandle(watch->stop);
    free(watch);
    FreeLibraryAndExitThread(module, 0);
}

/* Under the lock. The news that come after it returns are heard. */
static DWORD watch_start(void)
{
    struct watch *watch = calloc(1, sizeof(*watch));
    HANDLE thread = NULL;
    HRESULT hr = S_OK;

    if (!watch)
        return ERROR_NOT_ENOUGH_MEMORY;
    watch->stop = CreateEventW(NULL, TRUE, FALSE, NULL);
    GetModuleHandleExW(GET_MODULE_HANDLE_EX_FLAG_FROM_ADDRESS, (const WCHAR *)watcher,
        &watch->module);
    if (watch->stop && watch->module && SUCCEEDED(hr = watch_connect(watch)))
    {
        current = watch;
        thread = CreateThread(NULL, 0, watcher, watch, 0, NULL);
    }
    if (thread)
    {
        CloseHandle(thread);
        return NO_ERROR;
    }
    current = NULL;
    agent_session_close(&watch->session);
    if (watch->stop)
        CloseHandle(watch->stop);
    if (watch->module)
        FreeLibrary(watch->module);
    free(watch);
    return FAILED(hr) ? agent_error(hr) : ERROR_NOT_ENOUGH_MEMORY;
}

/* Under the lock: the thread ends by itself. */
static void watch_stop_if_idle(void)
{
    if (registrations || !current)
        return;
    SetEvent(current->stop);
    current = NULL;
}

/* ---- functions ---- */

/* From ntdll, which mingw-w64's winternl.h does not declare */
NTSTATUS NTAPI NtQueryEvent(HANDLE event, int class, void *info, ULONG size, ULONG *needed);

static bool is_event(HANDLE handle)
{
    LONG info[2];

    /* Without the right to ask it may be one; then setting it has to do. */
    return handle && NtQueryEvent(handle, 0, info, sizeof(info), NULL)
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
    struct registration *registration;
    DWORD error;

    if (!server_is_valid(server))
        return RPC_S_INVALID_BINDING;
    if (!is_event(event))
        return ERROR_INVALID_PARAMETER;
    if ((error = server_is_on()))
        return error;
    if (!(registration = calloc(1, sizeof(*registration))))
        return ERROR_NOT_ENOUGH_MEMORY;
    registration->server = server;
    registration->given = event;
    if (!DuplicateHandle(GetCurrentProcess(), event, GetCurrentProcess(), &registration->event, 0,
            FALSE, DUPLICATE_SAME_ACCESS))
    {
        free(registration);
        return ERROR_INVALID_PARAMETER;
    }
    AcquireSRWLockExclusive(&lock);
    if (!current)
        error = watch_start();
    if (!error)
    {
        registration->next = registrations;
        registrations = registration;
    }
    ReleaseSRWLockExclusive(&lock);
    if (error)
        registration_destroy(registration);
    return error;
}

/* nf-mprapi-mpradminderegisterconnectionnotification */
DWORD WINAPI MprAdminDeregisterConnectionNotification(MPR_SERVER_HANDLE server, HANDLE event)
{
    struct registration **link;
    DWORD error = NO_ERROR;

    if (!server_is_valid(server))
        return RPC_S_INVALID_BINDING;
    if (!event)
        return ERROR_INVALID_PARAMETER;
    AcquireSRWLockExclusive(&lock);
    link = find(server, event);
    if (*link)
        remove_at(link);
    else
        error = ERROR_INVALID_PARAMETER;
    watch_stop_if_idle();
    ReleaseSRWLockExclusive(&lock);
    return error;
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
