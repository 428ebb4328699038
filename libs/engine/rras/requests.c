/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Requests of DLLs and napctl that change the remote access server's table, also several
 * connections at once.
 */
#include <stdlib.h>
#include <string.h>

#include "libs/engine/interfaces.h"
#include "libs/engine/notification.h"
#include "libs/engine/rras/action.h"
#include "libs/engine/rras/table.h"
#include "libs/engine/session.h"

/* ---- changing the selected connections ---- */

/* Overwrites the members that `fields` names. */
static void merge(struct engine *engine, struct napipc_rras_record *record,
        const struct napipc_rras_record *from, uint32_t fields)
{
#define TAKE(field, member)                                                                        \
    if (fields & NAPIPC_RRAS_HAS_##field)                                                          \
    memcpy(&record->member, &from->member, sizeof(record->member))
    TAKE(GUID, guid);
    TAKE(SINCE, since);
    TAKE(PROBATION_END, probation_end);
    TAKE(QUARANTINE, quarantine);
    TAKE(TUNNEL, tunnel);
    TAKE(DIRECTION, outgoing);
    TAKE(IPV4_LOCAL, ipv4_local);
    TAKE(IPV4, ipv4);
    TAKE(IPV6_LOCAL, ipv6_local);
    TAKE(IPV6, ipv6);
    TAKE(IPV6, ipv6_prefix);
    TAKE(USER, user);
    TAKE(DOMAIN, domain);
    TAKE(COMPUTER, computer);
    TAKE(INTERFACE, interface_name);
    TAKE(PORT, port);
    TAKE(DEVICE_NAME, device_name);
    TAKE(DEVICE_TYPE, device_type);
    TAKE(LOCAL_ENDPOINT, local_endpoint);
    TAKE(REMOTE_ENDPOINT, remote_endpoint);
#undef TAKE
    if (fields & NAPIPC_RRAS_HAS_INTERFACE)
    {
        record->interface_index = interfaces_index_of(engine, &record->interface_name);
        record->cleared = false; /* it was about the old interface */
    }
}

/* Removes all of them or none: from the store first, then from the table. */
uint32_t handle_rras_remove(struct engine *engine, struct engine_session *session,
        const struct napipc_message *request, struct napipc_message *reply)
{
    const struct napipc_rras_selector *selector = &request->rras_select.selector;
    uint32_t *count = &reply->rras_count_reply.count;
    struct rras_entry *entry;
    uint32_t index, status = RESULT_OK;

    (void)session;
    *count = 0;
    engine->host.begin_changes(engine->context);
    for (index = 0; !status && (entry = rras_select(&engine->rras, selector, &index)); index++)
        status = engine->host.save_rras(engine->context, entry->id, NULL, 0);
    if ((status = store_end(engine, status)))
        return status;
    for (index = 0; (entry = rras_select(&engine->rras, selector, &index)); ++*count)
        rras_forget(engine, entry);
    if (*count)
        rras_changed(engine);
    return *count ? RESULT_OK : RESULT_INTERFACE_NOT_CONNECTED;
}

/* Puts the new versions into the table; starts the hook for each changed quarantine state. */
static uint32_t commit_all(struct engine *engine, struct rras_entry *versions)
{
    struct napipc_rras_record was, is;
    struct rras_entry *version;
    uint32_t count = 0;
    bool visible = false;

    for (; (version = versions); count++)
    {
        versions = version->next;
        rras_read(rras_find(&engine->rras, version->id, NULL), &was);
        rras_read(version, &is);
        rras_commit(engine, version);
        if (is.quarantine != was.quarantine)
        {
            visible = true;
            rras_run_hook(engine, version->id);
        }
    }
    if (visible)
        rras_changed(engine);
    return count;
}

static void give_up(struct rras_entry *versions)
{
    struct rras_entry *version;

    while ((version = versions))
    {
        versions = version->next;
        free(version);
    }
}

/* Updates all of them or none, in the same order. */
uint32_t handle_rras_update(struct engine *engine, struct engine_session *session,
        const struct napipc_message *request, struct napipc_message *reply)
{
    const struct napipc_rras_update *update = &request->rras_update;
    struct rras_entry *entry, *versions = NULL, **last = &versions;
    uint32_t index = 0, status = RESULT_OK;
    struct napipc_rras_record record;

    (void)session;
    reply->rras_count_reply.count = 0;
    if ((update->fields & NAPIPC_RRAS_HAS_GUID) && rras_guid_is_zero(&update->record.guid))
        return RESULT_INVALIDARG;
    engine->host.begin_changes(engine->context);
    for (; !status && (entry = rras_select(&engine->rras, &update->selector, &index)); index++)
    {
        rras_read(entry, &record);
        merge(engine, &record, &update->record, update->fields);
        if ((update->fields & NAPIPC_RRAS_HAS_GUID) && versions)
            status = RESULT_ALREADY_EXISTS; /* a GUID identifies one connection */
        else if (rras_is_among(versions, &record))
            status = RESULT_ALREADY_EXISTS;
        /* A kept connection has no interface: with one it ends with the host's boot. */
        else if ((update->fields & NAPIPC_RRAS_HAS_INTERFACE) && record.interface_name.length
                 && (status = engine->host.end_rras_with_boot(engine->context, entry->id)))
            break;
        else if (!(status = rras_prepare(engine, entry->id, &record, last)))
            last = &(*last)->next;
    }
    if ((status = store_end(engine, status)))
        give_up(versions);
    else
        reply->rras_count_reply.count = commit_all(engine, versions);
    return status                          ? status
           : reply->rras_count_reply.count ? RESULT_OK
                                           : RESULT_INTERFACE_NOT_CONNECTED;
}

uint32_t handle_rras_set_server(struct engine *engine, struct engine_session *session,
        const struct napipc_message *request, struct napipc_message *reply)
{
    bool enabled = request->rras_set_server.enabled;
    struct rras *rras = &engine->rras;
    uint32_t status;

    (void)session;
    (void)reply;
    if (rras->enabled == enabled)
        return RESULT_OK;
    if ((status = engine->host.save_rras_server(engine->context, enabled, rras->reserved)))
        return status;
    rras->enabled = enabled;
    rras->started = enabled ? engine->host.filetime(engine->context) : 0;
    engine_log(engine, ENGINE_INFO, 0, "rras", "the remote access server is %s",
            enabled ? "on" : "off");
    return RESULT_OK;
}

uint32_t handle_rras_add(struct engine *engine, struct engine_session *session,
        const struct napipc_message *request, struct napipc_message *reply)
{
    uint32_t status = rras_create(engine, &request->rras_add, &reply->rras_add_reply);

    if (status)
        return status;
    session_send(engine, session, reply);
    rras_changed(engine);
    return HANDLER_ANSWERS;
}

static const struct notification_kind rras_notification = {
        .what = NOTIFY_RRAS,
        .type = NAPIPC_RRAS_CHANGED,
};

uint32_t handle_rras_watch(struct engine *engine, struct engine_session *session,
        const struct napipc_message *request, struct napipc_message *reply)
{
    uint32_t status = rras_running(&engine->rras);

    (void)request;
    (void)reply;
    if (!status)
        notification_watch(engine, session, &rras_notification);
    return status;
}
