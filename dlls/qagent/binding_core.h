/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * What the bindings of enforcement clients and of health agents have in common.
 *
 * A binding is free, or bound: then it has a link to the agent and a target
 * for callbacks. Methods enter and leave, so that Uninitialize can wait for
 * those of other threads. Two counts: programs hold the object (refs), and
 * callbacks under way hold its memory (holds), so that a callback that comes
 * while the last reference goes finds memory but nobody to call.
 */
#ifndef WINE_NAP_QAGENT_BINDING_CORE_H
#define WINE_NAP_QAGENT_BINDING_CORE_H

#include "callback.h"

struct binding_core;

/* Does what the agent asks and answers over `link` with `reply`, which is zero so far. Runs on a
 * worker in the multithreaded apartment. Returns what the program said, to be judged by
 * callback_says_gone(). */
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
    BINDING_OPENING, /* Initialize is at work; callbacks may come already */
    BINDING_BOUND,
    BINDING_CLOSING /* Uninitialize is at work */
};

struct binding_core
{
    const struct binding_kind *kind;
    void *object; /* the object's memory, this included */
    LONG refs;
    LONG holds;
    SRWLOCK lock;
    CONDITION_VARIABLE opened; /* not BINDING_OPENING any more */
    enum binding_state state;
    LONG initialization; /* counts those that got as far as BINDING_OPENING */
    NapComponentId id;
    struct agent_link *link;
    struct callback_target *target;
    struct activities inside;
};

/* For an object from malloc() with one reference. The module is locked until it is freed. */
void binding_core_init(struct binding_core *core, const struct binding_kind *kind, void *object);
ULONG binding_core_add_ref(struct binding_core *core);
/* The last reference ends the binding, and frees the object when no callback needs it. */
ULONG binding_core_release(struct binding_core *core);

/* The methods that both have. `callback` is an object of the kind's callback interface. */
HRESULT binding_core_initialize(struct binding_core *core, NapComponentId id, void *callback);
HRESULT binding_core_uninitialize(struct binding_core *core);

/* A method that needs the agent. */
struct binding_visit
{
    struct binding_core *core;
    struct agent_link *link;
    LONG initialization;
    struct activity activity;
};

/* NAP_E_NOT_INITIALIZED: not bound, and nothing to leave. */
HRESULT binding_core_enter(struct binding_core *core, struct binding_visit *visit);
/* Returns `result`, the method's; but if the binding has ended meanwhile, and so cut off the call
 * to the agent, NAP_E_NOT_INITIALIZED. */
HRESULT binding_core_leave_with(struct binding_visit *visit, HRESULT result);
void binding_core_leave(struct binding_visit *visit);
/* A method without arguments that is one message to the agent. */
HRESULT binding_core_tell(struct binding_core *core, uint16_t type);

#endif
