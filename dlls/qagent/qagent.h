/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * What the files of qagent.dll share. main.c tells how the DLL works.
 */
#ifndef WINE_NAP_QAGENT_H
#define WINE_NAP_QAGENT_H

#include <stdbool.h>
#include <stddef.h>
#include <windows.h>
#include <objbase.h>

#include "napenforcementclient.h"
#include "napmanagement.h"
#include "napsystemhealthagent.h"
#include "naperror.h"

#include "libs/comclass/comclass.h"
#include "libs/napclient/napclient.h"

/* ---- the classes: each makes an object and queries it for riid ---- */

HRESULT enforcement_binding_create(REFIID riid, void **object);
HRESULT agent_binding_create(REFIID riid, void **object);
HRESULT client_management_create(REFIID riid, void **object);
/* A connection object of enforcement client `id`. */
HRESULT connection_create(EnforcementEntityId id, INapEnforcementClientConnection **connection);

/* ---- worker.c: threads of the multithreaded apartment for callbacks ---- */

/* Runs function(context) on a worker. False: no thread and no memory for one. */
bool worker_run(void (*function)(void *context), void *context);

/* ---- apartment.c ---- */

/* How the calling thread must wait: NULL outside of single-threaded apartments. */
agent_wait_function apartment_wait(void);
bool apartment_is_single_threaded(void);
/* Runs function(context), which may block but calls no program, and returns when it has: on a
 * worker if the calling thread must take calls meanwhile. */
void apartment_run(void (*function)(void *context), void *context);

/* ---- activity.c: who is inside an object, by thread ---- */

struct activity
{
    struct activity *next;
    DWORD thread;
};

struct activities
{
    struct activity *first;
    unsigned int announced; /* those that will enter, until after they have left */
    CONDITION_VARIABLE left;
};

/* `lock` guards the list and is held exclusively. `activity` lives on the caller's stack. */
void activity_enter(struct activities *activities, struct activity *activity);
void activity_leave(struct activities *activities, struct activity *activity);
/* Somebody is on the way in, on whatever thread; takes it back after that one has left. */
void activity_announce(struct activities *activities);
void activity_retract(struct activities *activities);
/* Waits until only the current thread is inside or announced, or `timeout` ms have passed. Gives up
 * `lock` meanwhile; a single-threaded apartment's messages are pumped. */
void activities_wait(struct activities *activities, SRWLOCK *lock, DWORD timeout);

/* ---- memory.c: COM task memory, and structures of the wire ---- */

/* CoTaskMemAlloc and copy; NULL when memory is short. */
void *task_copy(const void *data, size_t size);
/* Fills `to` with a terminated copy. */
HRESULT task_string(CountedString *to, const WCHAR *text, size_t length);
/* An allocated structure with an allocated string. */
HRESULT task_counted_string(CountedString **to, const WCHAR *text, size_t length);

/* What is left of a string that a program gave: cut at the first NUL. E_INVALIDARG: more than
 * maxStringLength characters, or a length without characters. */
HRESULT string_to_wire(const CountedString *string, struct napipc_string *wire);
HRESULT string_from_wire(const struct napipc_string *wire, CountedString *string);
void correlation_from_wire(const struct napipc_correlation *wire, CorrelationId *correlation);
/* In the form of [MS-DHCPN] 2.2.1.3: the GUID, then the time stamp in UTC. */
HRESULT correlation_to_string(const CorrelationId *correlation, StringCorrelationId **string);

/* The outputs of GetSystemIsolationInfo(Ex) as a failure leaves them. False: one is missing. */
bool system_isolation_outputs(void *info, BOOL *unknown_connections);
/* The outputs from the answer to NAPIPC_GET_STATE, which is cleared. */
HRESULT system_isolation_from_reply(
        struct agent_reply *reply, IsolationInfoEx **info, BOOL *unknown_connections);
HRESULT isolation_from_wire(const struct napipc_isolation *wire, IsolationInfoEx **info);
/* The same without the extended state; takes over and frees `info`. */
HRESULT isolation_without_extended_state(IsolationInfoEx *info, IsolationInfo **out);
void free_isolation_info(IsolationInfo *info);
void free_isolation_info_ex(IsolationInfoEx *info);
void free_network_soh(NetworkSoH *soh);
void free_private_data(PrivateData *data);
void free_fixup_info(FixupInfo *info);

#endif
