/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * What the bindings of enforcement clients and of health agents have in common.
 *
 * A binding is free or bound. A bound one has a link to the agent and a target
 * for callbacks. Methods enter and leave, so that Uninitialize can wait for
 * those of other threads. There are two counts: `refs` are the program's
 * references to the object; `holds` keep its memory, one for all references and
 * one for each pending callback. So a callback that arrives during the last
 * Release finds valid memory, but no target to call.
 */
#ifndef WINE_NAP_QAGENT_BINDING_CORE_H
#define WINE_NAP_QAGENT_BINDING_CORE_H

#include "callback.h"

struct binding_core;

/* Runs a callback of the agent and answers it over `link` with `reply`, which is zeroed. Runs on a
 * worker in the multithreaded apartment. Returns the program's result, for callback_server_gone().
 */
typedef HRESULT callback_answer(struct binding_core *core, struct agent_link *link,
        struct callback_target *target, const struct agent_callback *asked,
        struct napipc_message *reply);

struct binding_kind
{
    uint32_t kind; /* enum napipc_kind */
    bool start;    /* Initialize starts a missing agent; else the binding waits for it */
    const struct callback_interface *callback;
    callback_answer *answer;
};

enum binding_state
{
    BINDING_FREE,
    BINDING_OPENING, /* Initialize runs; callbacks may already arrive */
    BINDING_BOUND,
    BINDING_CLOSING /* Uninitialize runs, or the program is gone */
};

struct binding_core
{
    const struct binding_kind *kind;
    void *object; /* the allocation that contains this struct */
    LONG refs;
    LONG holds;
    SRWLOCK lock;
    CONDITION_VARIABLE opened; /* BINDING_OPENING has ended */
    enum binding_state state;
    LONG initialization; /* how often BINDING_OPENING was reached */
    NapComponentId id;
    struct agent_link *link;
    struct callback_target *target;
    struct activities inside;
};

/* `object` is from malloc() and gets one reference. The module is locked until it is freed. */
void binding_core_init(struct binding_core *core, const struct binding_kind *kind, void *object);
ULONG binding_core_add_ref(struct binding_core *core);
/* The last release ends the binding. The object is freed when no callback needs it. */
ULONG binding_core_release(struct binding_core *core);

/* The methods that both have. `callback` is an object of the kind's callback interface. */
HRESULT binding_core_initialize(struct binding_core *core, NapComponentId id, void *callback);
HRESULT binding_core_uninitialize(struct binding_core *core);

/* A call of a method that needs the agent, from enter to leave. */
struct binding_visit
{
    struct binding_core *core;
    struct agent_link *link;
    LONG initialization;
    struct activity activity;
};

/* NAP_E_NOT_INITIALIZED: not bound, and there is no visit to leave. */
HRESULT binding_core_enter(struct binding_core *core, struct binding_visit *visit);
/* Leaves. Returns the method's `result`, or NAP_E_NOT_INITIALIZED if the end of the binding cut off
 * the call to the agent. */
HRESULT binding_core_leave_with(struct binding_visit *visit, HRESULT result);
void binding_core_leave(struct binding_visit *visit);
/* A method without arguments that is one message to the agent. */
HRESULT binding_core_notify(struct binding_core *core, uint16_t type);

#endif
