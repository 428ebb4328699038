/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * What the files of qagent.dll share. main.c describes how the DLL works.
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
#include "libs/napcom/napcom.h"

/* ---- the classes: each function creates an object and queries it for riid ---- */

HRESULT enforcement_binding_create(REFIID riid, void **object);
HRESULT health_binding_create(REFIID riid, void **object);
HRESULT client_management_create(REFIID riid, void **object);
/* A connection object of enforcement client `id`. */
HRESULT connection_create(EnforcementEntityId id, INapEnforcementClientConnection **connection);

/* ---- activity.c: which threads are inside an object ---- */

struct activity
{
    struct activity *next;
    DWORD thread;
};

struct activities
{
    struct activity *first;
    unsigned int announced; /* calls that will enter, are inside, or have just left */
    CONDITION_VARIABLE left;
};

/* The caller holds the list's lock exclusively. `activity` is on the caller's stack. */
void activity_enter(struct activities *activities, struct activity *activity);
void activity_leave(struct activities *activities, struct activity *activity);
/* Announces a call that will enter, on whatever thread; activity_retract() follows when it left. */
void activity_announce(struct activities *activities);
void activity_retract(struct activities *activities);
/* Waits until only the current thread is inside or announced, or `timeout` ms have passed. Releases
 * `lock` while it waits, and pumps messages in a single-threaded apartment. */
void activities_wait(struct activities *activities, SRWLOCK *lock, DWORD timeout);

/* ---- memory.c: isolation information, and the release of what methods return ---- */

/* Sets the outputs of GetSystemIsolationInfo(Ex) as on failure. False: one of them is missing. */
bool system_isolation_outputs(void *info, BOOL *unknown_connections);
/* Sets the outputs from the reply to NAPIPC_GET_STATE, and clears the reply. */
HRESULT system_isolation_from_reply(
        struct agent_reply *reply, IsolationInfoEx **info, BOOL *unknown_connections);
HRESULT isolation_from_wire(const struct napipc_isolation *wire, IsolationInfoEx **info);
/* *out is `info` without the extended state. Frees `info`, on failure too. */
HRESULT isolation_without_extended_state(IsolationInfoEx *info, IsolationInfo **out);
void free_isolation_info(IsolationInfo *info);
void free_isolation_info_ex(IsolationInfoEx *info);
void free_network_soh(NetworkSoH *soh);
void free_private_data(PrivateData *data);
void free_fixup_info(FixupInfo *info);

#endif
