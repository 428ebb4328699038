/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * A program's callback object, reachable from any thread: callback.c, and the
 * shims for each callback interface.
 */
#ifndef WINE_NAP_QAGENT_CALLBACK_H
#define WINE_NAP_QAGENT_CALLBACK_H

#include "qagent.h"

/*
 * A callback target holds a program's callback object. Calls go through an
 * object of ours in the program's apartment, the shim. It knows which threads
 * are inside the program, and can be cut off from the program at any moment.
 */
struct callback_target;

/* A callback interface and the shim's vtable for it. */
struct callback_interface
{
    const IID *iid;
    const void *vtbl;
};

/* Must be called on the thread that passed `callback`, an object of that interface. Holds a
 * reference to it. */
HRESULT callback_target_create(
        const struct callback_interface *type, IUnknown *callback, struct callback_target **target);
/*
 * Drops the program's object: later calls return RPC_E_DISCONNECTED, and calls
 * inside the program continue. The object of a single-threaded program can be
 * released on its own thread only; on another thread the reference is never
 * released. May be called more than once.
 */
void callback_target_close(struct callback_target *target);
/*
 * Waits until no call is pending, except those that are inside the program on
 * the current thread, or until `timeout` ms have passed.
 */
void callback_target_wait(struct callback_target *target, DWORD timeout);
/* Frees the target when the last call has left. Takes NULL. */
void callback_target_release(struct callback_target *target);
/*
 * Between the two a call is pending, and callback_target_wait() waits for it. The call may not have
 * reached the program yet, because it waits for a single-threaded program's thread. The target
 * lives until callback_target_end().
 */
void callback_target_begin(struct callback_target *target);
void callback_target_end(struct callback_target *target);

/* True if the program is in a single-threaded apartment; then workers run none of its code. */
bool callback_target_is_single_threaded(const struct callback_target *target);
/* True if this result of a callback means that the program is gone. */
bool callback_server_gone(HRESULT hr);

/* ---- a call from a worker in the multithreaded apartment ---- */

/* *callback is the shim itself or a proxy of it; NULL on failure. */
HRESULT callback_target_reach(struct callback_target *target, void **callback);
/* Ends the call. `callback` is from callback_target_reach(); `result` is the call's, or that of
 * callback_target_reach() if it failed. Closes the target if `result` means that the program is
 * gone. Returns `result`. */
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

/* False: the target is closed, and there is no visit to end. */
bool callback_visit_begin(struct callback_visit *visit, void *shim);
/* `result` is the call's, and is returned. */
HRESULT callback_visit_end(struct callback_visit *visit, HRESULT result);

/* ---- enforcer_callback.c: INapEnforcementClientCallback, called from a worker ---- */

extern const struct callback_interface enforcer_callback;

HRESULT enforcer_callback_notify(struct callback_target *target);
/* On success *connections is to be freed by free_connections(). */
HRESULT enforcer_callback_get_connections(
        struct callback_target *target, Connections **connections);
void free_connections(Connections *connections);

/* ---- health_callback.c: INapSystemHealthAgentCallback, called from a worker ---- */

extern const struct callback_interface health_callback;

HRESULT health_callback_get_soh(
        struct callback_target *target, INapSystemHealthAgentRequest *request);
HRESULT health_callback_process_response(
        struct callback_target *target, INapSystemHealthAgentRequest *request);
HRESULT health_callback_isolation_changed(struct callback_target *target);
/* *info, NULL or not, is to be freed by free_fixup_info() whatever the result. */
HRESULT health_callback_get_fixup_info(struct callback_target *target, FixupInfo **info);
HRESULT health_callback_compare(struct callback_target *target, const SoHRequest *left,
        const SoHRequest *right, BOOL *equal);
HRESULT health_callback_orphaned(struct callback_target *target, const CorrelationId *correlation);

#endif
