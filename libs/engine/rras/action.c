/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Actions on connections of the remote access server, by the administrator's hook, and
 * notifications of changes.
 */
#include "libs/engine/rras/action.h"

#include <string.h>

#include "libs/engine/hook.h"
#include "libs/engine/interfaces.h"
#include "libs/engine/notification.h"
#include "libs/engine/rras/table.h"
#include "libs/engine/session.h"

void rras_changed(struct engine *engine)
{
    if (engine->rras.enabled)
        notification_raise(engine, NOTIFY_RRAS);
}

static void add_ipv4(struct hook_arguments *arguments, const uint8_t *a)
{
    static const uint8_t none[4];

    if (!memcmp(a, none, sizeof(none)))
        hook_add_text(arguments, "");
    else
        hook_add_format(arguments, "%u.%u.%u.%u", a[0], a[1], a[2], a[3]);
}

static void add_ipv6(struct hook_arguments *arguments, const uint8_t *a)
{
    static const uint8_t none[16];

    if (!memcmp(a, none, sizeof(none)))
        hook_add_text(arguments, "");
    else
        hook_add_format(arguments, "%x:%x:%x:%x:%x:%x:%x:%x", a[0] << 8 | a[1], a[2] << 8 | a[3],
                a[4] << 8 | a[5], a[6] << 8 | a[7], a[8] << 8 | a[9], a[10] << 8 | a[11],
                a[12] << 8 | a[13], a[14] << 8 | a[15]);
}

/* Starts the hook for one connection; `request` and `ended` NULL: nobody waits for its end. */
static uint32_t run_hook(struct engine *engine, struct engine_session *session,
        const struct napipc_message *request, hook_ended ended, const char *what, uint32_t id,
        const struct napipc_rras_record *record, uint8_t quarantine)
{
    static const char *const states[] = {"normal", "quarantine", "probation", "unknown"};
    struct hook_arguments arguments;

    hook_arguments_init(&arguments, what, id);
    hook_add_guid(&arguments, &record->guid);
    hook_add_string(&arguments, &record->user);
    hook_add_string(&arguments, &record->domain);
    hook_add_string(&arguments, &record->interface_name);
    hook_add_string(&arguments, &record->port);
    hook_add_string(&arguments, &record->device_name);
    add_ipv4(&arguments, record->ipv4);
    add_ipv6(&arguments, record->ipv6);
    hook_add_text(&arguments, states[quarantine]);
    return hook_run(engine, session, request, ended, id, &arguments);
}

void rras_run_hook(struct engine *engine, uint32_t id)
{
    struct napipc_rras_record record;

    rras_read(rras_find(&engine->rras, id, NULL), &record);
    run_hook(engine, NULL, NULL, NULL, "quarantine-changed", id, &record, record.quarantine);
}

/* ---- acting ---- */

/* What a client may request of a connection. */
struct action
{
    const char *word; /* for the hook */
    const char *done; /* for the log */
    uint32_t failed;  /* the status if the hook fails */
    bool ends;        /* success ends the connection; else its quarantine */
};

static uint32_t end_quarantine(struct engine *engine, struct rras_entry *entry)
{
    struct napipc_rras_record record;

    rras_read(entry, &record);
    record.quarantine = NAPIPC_RRAS_NORMAL;
    record.probation_end = 0;
    return rras_replace(engine, entry->id, &record);
}

/* The host has done what was requested: updates the table. */
static uint32_t carry_out(struct engine *engine, const struct action *action, uint32_t id)
{
    struct rras_entry *entry = rras_find(&engine->rras, id, NULL);
    uint32_t status;

    if (!entry)
        return RESULT_OK; /* the end of the connection was reported meanwhile */
    status = action->ends ? rras_erase(engine, id) : end_quarantine(engine, entry);
    if (!status)
    {
        engine_log(
                engine, ENGINE_INFO, 0, "rras", "connection %u %s", (unsigned int)id, action->done);
        rras_changed(engine);
    }
    return status;
}

static void act_ended(struct engine *engine, const struct hook_run *run,
        const struct action *action, enum hook_outcome outcome, uint32_t result)
{
    uint32_t status = result;
    struct napipc_message reply;

    if (outcome == HOOK_DONE)
        status = carry_out(engine, action, run->id);
    else if (outcome == HOOK_FAILED)
        status = action->failed;
    if (!run->session)
        return;
    session_reply_init(&reply, run->type, run->call, status);
    reply.rras_count_reply.count = 1;
    session_send(engine, run->session, &reply);
}

static const struct action disconnect = {
        .word = "disconnect",
        .done = "disconnected",
        .failed = RESULT_HANGUP_FAILED,
        .ends = true,
};

static const struct action remove_quarantine = {
        .word = "remove-quarantine",
        .done = "taken out of quarantine",
        .failed = RESULT_GEN_FAILURE,
};

static void disconnect_ended(struct engine *engine, const struct hook_run *run,
        enum hook_outcome outcome, uint32_t result)
{
    act_ended(engine, run, &disconnect, outcome, result);
}

static void remove_quarantine_ended(struct engine *engine, const struct hook_run *run,
        enum hook_outcome outcome, uint32_t result)
{
    act_ended(engine, run, &remove_quarantine, outcome, result);
}

static bool in_quarantine(const struct napipc_rras_record *record)
{
    return record->quarantine == NAPIPC_RRAS_QUARANTINE
           || record->quarantine == NAPIPC_RRAS_PROBATION;
}

/* If several connections match, removing a quarantine means the first one in quarantine. */
static uint32_t find(struct engine *engine, const struct action *action,
        const struct napipc_message *request, struct rras_entry **found,
        struct napipc_rras_record *record)
{
    uint32_t index = 0, status = RESULT_INTERFACE_NOT_CONNECTED;

    for (; (*found = rras_select(&engine->rras, &request->rras_select.selector, &index)); index++)
    {
        rras_read(*found, record);
        if (action->ends || in_quarantine(record))
            return RESULT_OK;
        status = RESULT_NOT_FOUND;
    }
    return status;
}

/* `ended` passes the end of the hook on to act_ended(). */
static uint32_t act(struct engine *engine, const struct action *action, hook_ended ended,
        struct engine_session *session, const struct napipc_message *request)
{
    struct napipc_rras_record record;
    struct rras_entry *entry;
    uint32_t status = rras_running(&engine->rras);

    if (!status)
        status = find(engine, action, request, &entry, &record);
    if (status)
        return status;
    status = run_hook(engine, session, request, ended, action->word, entry->id, &record,
            action->ends ? record.quarantine : NAPIPC_RRAS_NORMAL);
    if (!status)
        return HANDLER_ANSWERS; /* when the hook has ended */
    if (status != RESULT_NOT_FOUND)
        return status;
    /* Without a hook the agent cannot end a connection that the host still has. */
    if (action->ends && record.interface_index)
    {
        interfaces_poll(engine, 0);
        if (interfaces_find(engine, record.interface_index))
        {
            engine_log(engine, ENGINE_WARN, 0, "hook-missing",
                    "connection %u cannot be disconnected: "
                    "no hook is configured",
                    (unsigned int)entry->id);
            return RESULT_NOT_SUPPORTED;
        }
    }
    return carry_out(engine, action, entry->id);
}

uint32_t handle_rras_disconnect(struct engine *engine, struct engine_session *session,
        const struct napipc_message *request, struct napipc_message *reply)
{
    (void)reply;
    return act(engine, &disconnect, disconnect_ended, session, request);
}

uint32_t handle_rras_remove_quarantine(struct engine *engine, struct engine_session *session,
        const struct napipc_message *request, struct napipc_message *reply)
{
    reply->rras_count_reply.count = 1;
    return act(engine, &remove_quarantine, remove_quarantine_ended, session, request);
}
