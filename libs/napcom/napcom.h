/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * What the methods of COM objects need that ask the agent: a way to wait in any apartment, task
 * memory, and the structures of programs as the wire has them. One library for the DLLs; each DLL
 * that links it has its own workers.
 */
#ifndef WINE_NAP_NAPCOM_H
#define WINE_NAP_NAPCOM_H

#include <stdbool.h>
#include <stddef.h>
#include <windows.h>
#include <objbase.h>

#include "naptypes.h"

#include "libs/napclient/napclient.h"

/* ---- worker.c: threads of the multithreaded apartment for callbacks ---- */

/* Runs function(context) on a worker. False: no memory, or no thread and no worker to wait for. */
bool worker_run(void (*function)(void *context), void *context);

/* ---- apartment.c ---- */

/* How the calling thread must wait: NULL outside of single-threaded apartments. */
agent_wait_function apartment_wait(void);
bool apartment_is_single_threaded(void);
/* Runs function(context), which may block but calls no program, and waits for its end. Uses a
 * worker if the calling thread must dispatch calls meanwhile. */
void apartment_run(void (*function)(void *context), void *context);

/* ---- question.c ---- */

/* One request and its reply, in a session of its own. `start`: start the agent if it does not run;
 * else RPC_E_DISCONNECTED. The caller clears *reply, which may be NULL. */
HRESULT agent_ask(bool start, struct napipc_message *request, struct agent_reply *reply);

/* ---- memory.c: COM task memory, and structures of the wire ---- */

/* A copy in task memory; NULL on allocation failure. */
void *task_copy(const void *data, size_t size);
/* Fills `to` with a terminated copy. */
HRESULT task_string(CountedString *to, const WCHAR *text, size_t length);
/* An allocated structure with an allocated string. */
HRESULT task_counted_string(CountedString **to, const WCHAR *text, size_t length);
void free_counted_string(CountedString *string);

/* Points `wire` to a program's string, cut at the first NUL. E_INVALIDARG: more than
 * maxStringLength characters, or a length without characters. */
HRESULT string_to_wire(const CountedString *string, struct napipc_string *wire);
HRESULT string_from_wire(const struct napipc_string *wire, CountedString *string);
void correlation_from_wire(const struct napipc_correlation *wire, CorrelationId *correlation);
/* In the form of [MS-DHCPN] 2.2.1.3: the GUID, then the time stamp in UTC. */
HRESULT correlation_to_string(const CorrelationId *correlation, StringCorrelationId **string);

/* ---- component.c ---- */

/* Points `component` to the program's strings. E_INVALIDARG: no `info`, or a wrong string. */
HRESULT component_to_wire(
        const NapComponentRegistrationInfo *info, struct napipc_component *component);
/* Fills `info`, which is zeroed. The caller frees its strings whatever the result. */
HRESULT component_from_wire(
        const struct napipc_component *component, NapComponentRegistrationInfo *info);
/* Frees the array and its strings. */
void components_free(NapComponentRegistrationInfo *components, UINT16 count);

#endif
