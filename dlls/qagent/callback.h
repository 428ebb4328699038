/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * A program's callback object, reachable from any thread: what callback.c has,
 * and what the shims for each callback interface make of it.
 */
#ifndef WINE_NAP_QAGENT_CALLBACK_H
#define WINE_NAP_QAGENT_CALLBACK_H

#include "qagent.h"

/*
 * A callback target holds a program's callback object. Calls go through an
 * object of ours in the program's apartment, the shim, which counts who is
 * inside and can be cut off from the program at any moment.
 */
struct callback_target;

/* A callback interface and the shim's vtable for it. */
struct callback_interface
{
    const IID *iid;
    const void *vtbl;
};

/* To be called on the thread that gave `callback`, an object of that interface; holds a
 * reference to it. */
HRESULT callback_target_create(
        const struct callback_interface *type, IUnknown *callback, struct callback_target **target);
/*
 * Gives up the program's object: calls from now on end with RPC_E_DISCONNECTED,
 * those inside go on. Outside of a single-threaded program's own thread the
 * object cannot be released any more and is left to its apartment. May be
 * called more than once.
 */
void callback_target_close(struct callback_target *target);
/*
 * Waits until no call is under way, calls that are inside the program on the
 * current thread aside, or `timeout` ms have passed.
 */
void callback_target_wait(struct callback_target *target, DWORD timeout);
/* Frees the target when the last call has left. Takes NULL. */
void callback_target_release(struct callback_target *target);
/*
 * Between the two callback_target_wait() waits, whether or not the call has reached the program
 * already: one that waits for a single-threaded program's thread is under way. The target lives
 * until callback_target_end().
 */
void callback_target_begin(struct callback_target *target);
void callback_target_end(struct callback_target *target);

/* Does the program live in a single-threaded apartment? Workers then run none of its code. */
bool callback_target_is_single_threaded(const struct callback_target *target);
/* Does this result of a callback say that the program is gone? */
bool callback_says_gone(HRESULT hr);

/* ---- a call from a worker in the multithreaded apartment ---- */

/* The shim as the worker may use it: itself, or a proxy of it. NULL on failure. */
HRESULT callback_target_reach(struct callback_target *target, void **callback);
/* Ends the call: `callback` from callback_target_reach(), `result` the call's or its. A result
 * that says that the program is gone has closed the target. Returns `result`. */
HRESULT callback_target_done(struct callback_target *target, void *callback, HRESULT result);

/* ---- the shim's methods, in the program's apartment; `shim` is their interface pointer ---- */

HRESULT callback_shim_query(void *shim, REFIID riid, void **object);
ULONG callback_shim_add_ref(void *shim);
ULONG callback_shim_release(void *shim);

/* A call that is inside the program. */
struct callback_visit
{
    struct callback_target *target;
    void *client; /* the program's object */
    struct activity activity;
};

/* False: the target is closed, and there is nothing to end. */
bool callback_visit_begin(struct callback_visit *visit, void *shim);
/* Returns `result`, the call's. */
HRESULT callback_visit_end(struct callback_visit *visit, HRESULT result);

/* ---- enforcer_callback.c: INapEnforcementClientCallback, called from a worker ---- */

extern const struct callback_interface enforcer_callback;

HRESULT enforcer_callback_notify(struct callback_target *target);
/* On success *connections is to be freed by free_connections(). */
HRESULT enforcer_callback_get_connections(
        struct callback_target *target, Connections **connections);
void free_connections(Connections *connections);

/* ---- agent_callback.c: INapSystemHealthAgentCallback, called from a worker ---- */

extern const struct callback_interface agent_callback;

HRESULT agent_callback_get_soh(
        struct callback_target *target, INapSystemHealthAgentRequest *request);
HRESULT agent_callback_process_response(
        struct callback_target *target, INapSystemHealthAgentRequest *request);
HRESULT agent_callback_isolation_changed(struct callback_target *target);
/* *info, NULL or not, is to be freed by free_fixup_info() whatever the result. */
HRESULT agent_callback_get_fixup_info(struct callback_target *target, FixupInfo **info);
HRESULT agent_callback_compare(struct callback_target *target, const SoHRequest *left,
        const SoHRequest *right, BOOL *equal);
HRESULT agent_callback_orphaned(struct callback_target *target, const CorrelationId *correlation);

#endif
