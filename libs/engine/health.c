/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Health agents: their cached SoHs, and callbacks to them.
 */
#include "libs/engine/health.h"

#include <stdlib.h>
#include <string.h>

#include "libs/engine/callback.h"
#include "libs/engine/component.h"
#include "libs/engine/enforcement.h"
#include "libs/engine/session.h"
#include "libs/engine/slots.h"

#define SOH_CHANGE_DELAY 100 /* ms between notifications: changes in between become one */
#define FIXUP_INTERVAL 1000  /* ms between GetFixupInfo calls while a fix-up is in progress */
#define MEMORY_DELAY 1000    /* ms before retrying after an allocation failure */

/* FixupState */
enum
{
    FIXUP_SUCCESS = 0,
    FIXUP_IN_PROGRESS = 1
};

struct component *health_agent(struct engine *engine, uint32_t id)
{
    return component_find(engine, NAPIPC_HEALTH_AGENT, id);
}

bool health_soh_is_sound(const void *soh, size_t size, uint32_t id)
{
    struct soh_entry entry = {.id = id, .attributes = {soh, size}};
    struct soh_attribute attribute;
    size_t position = 0, count = 0, end = 0;
    uint32_t first;

    while (count <= SOH_MAX_ATTRIBUTES && position < size && size - position >= 4
            && soh_next_attribute(&entry, &position, &attribute))
    {
        if (soh_attribute_check(&attribute))
            return false;
        if (!count++
                && (attribute.type != SOH_ATTRIBUTE_SYSTEM_HEALTH_ID
                        || !soh_attribute_u32(&attribute, &first) || first != id))
            return false;
        end = position;
    }
    return count && count <= SOH_MAX_ATTRIBUTES && end == size;
}

/* ---- the cache ---- */

bool health_cache(struct engine *engine, struct component *agent, const void *soh, size_t size)
{
    struct bytes copy;

    if (agent->cached.size == size && (!size || !memcmp(agent->cached.data, soh, size)))
        return true;
    if (!bytes_copy(&copy, soh, size))
    {
        engine_log(engine, ENGINE_ERROR, agent->info.id, "no-memory",
                "the SoH is not cached: out of memory");
        return false;
    }
    free(agent->cached.data);
    agent->cached = copy;
    agent->cache_unsaved = true;
    return true;
}

void health_save_caches(struct engine *engine)
{
    struct component *agent;

    for (agent = engine->components; agent; agent = agent->next)
        if (agent->cache_unsaved) /* a failed save is retried the next time */
            agent->cache_unsaved = engine->host.save_cache(engine->context, agent->info.id,
                                           agent->cached.data, agent->cached.size)
                                   != RESULT_OK;
}

uint32_t handle_flush_cache(struct engine *engine, struct engine_session *session,
        const struct napipc_message *request, struct napipc_message *reply)
{
    struct component *agent = session->component;
    uint32_t status = engine->host.save_cache(engine->context, agent->info.id, NULL, 0);

    (void)request;
    (void)reply;
    if (status)
        return status;
    health_cache(engine, agent, NULL, 0);
    agent->cache_unsaved = false;
    return RESULT_OK;
}

bool engine_add_cached_soh(struct engine *engine, uint32_t id, const void *soh, size_t size)
{
    struct component *agent = health_agent(engine, id);

    if (!agent || size > NAPIPC_MAX_AGENT_SOH || !health_soh_is_sound(soh, size, id))
        return false;
    health_cache(engine, agent, soh, size);
    agent->cache_unsaved = false;
    return agent->cached.size == size;
}

/* ---- callbacks ---- */

static const struct callback_kind process_response, orphaned, isolation_changed, get_fixup_info;

/* When to retry a callback after an allocation failure. */
static uint64_t retry_at(struct engine *engine)
{
    return engine->host.monotonic(engine->context) + MEMORY_DELAY;
}

void health_process_response(struct engine *engine, struct component *agent, uint32_t process,
        const struct napipc_correlation *correlation, bool fixup, struct soh_span soh)
{
    struct callback *callback;

    if (!agent->bound || soh.size > NAPIPC_MAX_AGENT_SOH)
        return;
    callback = slots_ask(engine, agent->bound, &process_response, process);
    if (callback && !bytes_copy(&callback->soh, soh.data, soh.size))
    {
        engine_log(engine, ENGINE_ERROR, agent->info.id, "no-memory",
                "ProcessSoHResponse is not called: out of memory");
        slots_withdraw(callback);
        callback = NULL;
    }
    if (!callback)
    {
        /* The state of its fix-up is still needed: ask for it. */
        agent->fixup_at = retry_at(engine);
        return;
    }
    callback->correlation = *correlation;
    callback->flags = fixup;
    slots_run(engine, agent->bound);
}

void health_orphaned(struct engine *engine, uint32_t id, uint32_t process,
        const struct napipc_correlation *correlation)
{
    struct component *agent = health_agent(engine, id);
    struct callback *callback;

    if (!agent || !agent->bound
            || !(callback = slots_ask(engine, agent->bound, &orphaned, process)))
        return;
    callback->correlation = *correlation;
    slots_run(engine, agent->bound);
}

/* Sends a callback that the agent itself causes. Returns false on allocation failure. */
static bool notify(
        struct engine *engine, struct engine_session *session, const struct callback_kind *kind)
{
    if (!slots_ask(engine, session, kind, 0))
        return false;
    slots_run(engine, session);
    return true;
}

/* One at a time, so that they arrive in order. */
static void notify_isolation(struct engine *engine, struct engine_session *session)
{
    if (!session->isolation_changes || callback_outstanding(session, &isolation_changed))
        return;
    if (notify(engine, session, &isolation_changed))
        session->isolation_changes--;
    else
        session->isolation_at = retry_at(engine);
}

void health_isolation_changed(struct engine *engine)
{
    struct component *agent;

    for (agent = engine->components; agent; agent = agent->next)
        if (agent->kind == NAPIPC_HEALTH_AGENT && agent->bound)
        {
            agent->bound->isolation_changes++;
            notify_isolation(engine, agent->bound);
        }
}

void health_callback_late(struct engine *engine, struct engine_session *session)
{
    notify_isolation(engine, session);
}

void health_soh_changed(struct engine *engine)
{
    uint64_t now = engine->host.monotonic(engine->context);

    engine->soh_changes++;
    if (engine->soh_change_at != UINT64_MAX)
        return;
    /* By a timer in any case, so that the requester gets its reply first. */
    engine->soh_change_at = now > engine->soh_quiet_until ? now : engine->soh_quiet_until;
}

uint32_t handle_soh_change(struct engine *engine, struct engine_session *session,
        const struct napipc_message *request, struct napipc_message *reply)
{
    (void)session;
    (void)request;
    (void)reply;
    health_soh_changed(engine);
    return RESULT_OK;
}

/* ---- the state of health agents ---- */

void health_judged(struct component *agent, const struct soh_entry *entry)
{
    struct napipc_health *health = &agent->health;
    struct soh_attribute attribute;

    health->judged = true;
    health->failure_category = 0;
    health->code_count = 0;
    if (soh_find_attribute(entry, SOH_ATTRIBUTE_FAILURE_CATEGORY, &attribute))
        soh_attribute_u8(&attribute, &health->failure_category);
    if (soh_find_attribute(entry, SOH_ATTRIBUTE_COMPLIANCE_RESULT_CODES, &attribute))
        while (health->code_count < NAPIPC_MAX_RESULT_CODES
                && soh_attribute_u32_at(
                        &attribute, health->code_count, &health->codes[health->code_count]))
            health->code_count++;
}

void health_reset(struct engine_session *session)
{
    struct component *agent = session->component;

    session->isolation_changes = 0;
    session->isolation_at = UINT64_MAX;
    if (!agent)
        return;
    agent->fixup_at = UINT64_MAX;
    agent->health.fixup_known = false;
    memset(&agent->health.fixup, 0, sizeof(agent->health.fixup));
}

/* Takes a health agent's report of its fix-up. */
static void fixup_reported(
        struct engine *engine, struct component *agent, const struct napipc_fixup *fixup)
{
    bool mended = agent->health.fixup.state == FIXUP_IN_PROGRESS && fixup->state == FIXUP_SUCCESS;

    agent->health.fixup = *fixup;
    agent->health.fixup_known = true;
    agent->fixup_at = fixup->state == FIXUP_IN_PROGRESS
                              ? engine->host.monotonic(engine->context) + FIXUP_INTERVAL
                              : UINT64_MAX;
    /* "The completion of system fix-up is a system health change event." */
    if (mended)
        health_soh_changed(engine);
}

/* ---- answers ---- */

/* Did the health agent's method fail? Logs it. */
static bool failed(struct engine *engine, struct engine_session *session,
        const struct callback *callback, uint32_t status)
{
    if (!RESULT_FAILED(status))
        return false;
    engine_log(engine, ENGINE_WARN, session->component->info.id, "callback-failed",
            "callback %u returned %#x", callback->kind->type, (unsigned int)status);
    return true;
}

static void response_answered(struct engine *engine, struct engine_session *session,
        struct callback *callback, const struct napipc_message *answer)
{
    if (!failed(engine, session, callback, answer->status))
        fixup_reported(engine, session->component, &answer->agent_fixup_reply.fixup);
    else /* the state of its fix-up is still needed: ask for it */
        session->component->fixup_at = engine->host.monotonic(engine->context);
}

static void fixup_answered(struct engine *engine, struct engine_session *session,
        struct callback *callback, const struct napipc_message *answer)
{
    if (!failed(engine, session, callback, answer->status))
        fixup_reported(engine, session->component, &answer->agent_fixup_reply.fixup);
}

static void orphaned_answered(struct engine *engine, struct engine_session *session,
        struct callback *callback, const struct napipc_message *answer)
{
    failed(engine, session, callback, answer->status);
}

static void isolation_answered(struct engine *engine, struct engine_session *session,
        struct callback *callback, const struct napipc_message *answer)
{
    failed(engine, session, callback, answer->status);
    notify_isolation(engine, session);
}

static void describe_response(const struct callback *callback, struct napipc_message *message)
{
    message->agent_process_response.correlation = callback->correlation;
    message->agent_process_response.flags = callback->flags;
    message->agent_process_response.soh.data = callback->soh.data;
    message->agent_process_response.soh.size = callback->soh.size;
}

static void describe_orphaned(const struct callback *callback, struct napipc_message *message)
{
    message->agent_orphaned.correlation = callback->correlation;
}

static const struct callback_kind process_response = {
        .type = NAPIPC_AGENT_PROCESS_RESPONSE,
        .name = "ProcessSoHResponse",
        .describe = describe_response,
        .answered = response_answered,
};
static const struct callback_kind orphaned = {
        .type = NAPIPC_AGENT_ORPHANED,
        .name = "NotifyOrphanedSoHRequest",
        .describe = describe_orphaned,
        .answered = orphaned_answered,
};
static const struct callback_kind isolation_changed = {
        .type = NAPIPC_AGENT_ISOLATION_CHANGED,
        .name = "NotifySystemIsolationStateChange",
        .answered = isolation_answered,
};
static const struct callback_kind get_fixup_info = {
        .type = NAPIPC_AGENT_GET_FIXUP_INFO,
        .name = "GetFixupInfo",
        .answered = fixup_answered,
};

/* ---- timers ---- */

void health_run_timers(struct engine *engine, uint64_t now)
{
    struct component *component;
    bool changed = engine->soh_change_at <= now;

    if (changed)
    {
        engine->soh_change_at = UINT64_MAX;
        engine->soh_quiet_until = now + SOH_CHANGE_DELAY;
    }
    for (component = engine->components; component; component = component->next)
    {
        if (component->bound && component->bound->isolation_at <= now)
        {
            component->bound->isolation_at = UINT64_MAX;
            notify_isolation(engine, component->bound);
        }
        if (!component->bound || !component->enabled)
            continue;
        if (component->kind == NAPIPC_ENFORCEMENT_CLIENT)
        {
            if (changed)
                enforcement_soh_changed(engine, component->bound);
        }
        else if (component->fixup_at <= now)
        {
            component->fixup_at = UINT64_MAX;
            if (!notify(engine, component->bound, &get_fixup_info))
                component->fixup_at = retry_at(engine);
        }
    }
}

uint64_t health_next_deadline(const struct engine *engine)
{
    const struct component *component;
    uint64_t next = engine->soh_change_at;

    for (component = engine->components; component; component = component->next)
    {
        if (component->bound && component->enabled && component->fixup_at < next)
            next = component->fixup_at;
        if (component->bound && component->bound->isolation_at < next)
            next = component->bound->isolation_at;
    }
    return next;
}
