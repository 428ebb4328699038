/*
 * What DLLs and napctl ask of the remote access server: who may, and what changes several
 * connections at once.
 */
#include "libs/engine/internal.h"

#include <stdlib.h>
#include <string.h>

/* ---- changing what is selected ---- */

/* Overwrites what `fields` names. */
static void merge(struct engine *engine, struct napipc_rras_record *record,
    const struct napipc_rras_record *from, uint32_t fields)
{
#define TAKE(field, member) \
    if (fields & NAPIPC_RRAS_HAS_##field) \
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
        record->cleared = false; /* that was of the old interface */
    }
}

/* All of them or none: the store first, then the table. */
static uint32_t remove_selected(struct engine *engine, const struct napipc_rras_select *request,
    uint32_t *count)
{
    struct rras_entry *entry;
    uint32_t place, status = RESULT_OK;

    engine->host.begin_changes(engine->context);
    for (place = 0; !status && (entry = rras_select(&engine->rras, &request->selector, &place));
            place++)
        status = engine->host.save_rras(engine->context, entry->id, NULL, 0);
    if ((status = store_end(engine, status)))
        return status;
    for (place = 0; (entry = rras_select(&engine->rras, &request->selector, &place)); ++*count)
        rras_forget(engine, entry);
    if (*count)
        rras_changed(engine);
    return *count ? RESULT_OK : RESULT_INTERFACE_NOT_CONNECTED;
}

/* Puts the new versions into the table; the hook hears of another quarantine state. */
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
            rras_tell_hook(engine, version->id);
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

/* All of them or none, the same way. */
static uint32_t update_selected(struct engine *engine, const struct napipc_rras_update *request,
    uint32_t *count)
{
    struct rras_entry *entry, *versions = NULL, **last = &versions;
    uint32_t place = 0, status = RESULT_OK;
    struct napipc_rras_record record;

    if ((request->fields & NAPIPC_RRAS_HAS_GUID) && rras_guid_is_zero(&request->record.guid))
        return RESULT_INVALIDARG;
    engine->host.begin_changes(engine->context);
    for (; !status && (entry = rras_select(&engine->rras, &request->selector, &place)); place++)
    {
        rras_read(entry, &record);
        merge(engine, &record, &request->record, request->fields);
        if ((request->fields & NAPIPC_RRAS_HAS_GUID) && versions)
            status = RESULT_ALREADY_EXISTS; /* a GUID names one */
        else if (!(status = rras_prepare(engine, entry->id, &record, last)))
            last = &(*last)->next;
    }
    if ((status = store_end(engine, status)))
        give_up(versions);
    else
        *count = commit_all(engine, versions);
    return status ? status : *count ? RESULT_OK : RESULT_INTERFACE_NOT_CONNECTED;
}

static uint32_t set_server(struct engine *engine, bool enabled)
{
    struct rras *rras = &engine->rras;
    uint32_t status;

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

/* ---- requests ---- */

/* Windows lets nobody else near a remote access server, to read its users' names either. */
static bool allowed(struct engine *engine, struct engine_session *session)
{
    if (!session->asked_rras)
    {
        session->asked_rras = true;
        session->may_rras = engine->host.is_administrator(engine->context, session->client);
        if (!session->may_rras)
            engine_log(engine, ENGINE_WARN, 0, "refused-access", "process %u may not administer "
                "the remote access server: it is not an administrator's",
                (unsigned int)engine->host.process_id(engine->context, session->client));
    }
    return session->may_rras;
}

/* What Windows' demand-dial manager does, and cannot do while it is off. */
static bool needs_server(const struct napipc_message *request)
{
    switch (request->type)
    {
    case NAPIPC_RRAS_LIST:
        return !request->rras_list.even_if_off;
    case NAPIPC_RRAS_GET:
    case NAPIPC_RRAS_CLEAR_STATISTICS:
    case NAPIPC_RRAS_REMOVE_QUARANTINE:
    case NAPIPC_RRAS_DISCONNECT:
    case NAPIPC_RRAS_WATCH:
        return true;
    default:
        return false;
    }
}

void rras_receive(struct engine *engine, struct engine_session *session,
    const struct napipc_message *request)
{
    struct napipc_message reply;

    reply.type = request->type | NAPIPC_REPLY;
    reply.call = request->call;
    reply.status = RESULT_OK;
    if (!allowed(engine, session))
        reply.status = RESULT_ACCESSDENIED;
    else if (needs_server(request) && !engine->rras.enabled)
        reply.status = RESULT_DDM_NOT_RUNNING;
    else
        switch (request->type)
        {
        case NAPIPC_RRAS_ADD:
            reply.status = rras_create(engine, &request->rras_add.record, &reply.rras_add_reply);
            break;
        case NAPIPC_RRAS_UPDATE:
            reply.rras_count_reply.count = 0;
            reply.status = update_selected(engine, &request->rras_update,
                &reply.rras_count_reply.count);
            break;
        case NAPIPC_RRAS_REMOVE:
            reply.rras_count_reply.count = 0;
            reply.status = remove_selected(engine, &request->rras_select,
                &reply.rras_count_reply.count);
            break;
        case NAPIPC_RRAS_SET_SERVER:
            reply.status = set_server(engine, request->rras_set_server.enabled);
            break;
        case NAPIPC_RRAS_CLEAR_STATISTICS:
            reply.status = rras_clear_statistics(engine, &request->rras_select.selector);
            break;
        case NAPIPC_RRAS_WATCH:
            news_watch(engine, session, NEWS_RRAS);
            break;
        case NAPIPC_RRAS_GET_SERVER:
            rras_describe_server(engine, session, request);
            return;
        case NAPIPC_RRAS_LIST:
            rras_list(engine, session, request);
            return;
        case NAPIPC_RRAS_GET:
            rras_get(engine, session, request);
            return;
        default: /* NAPIPC_RRAS_REMOVE_QUARANTINE, NAPIPC_RRAS_DISCONNECT */
            rras_act(engine, session, request);
            return;
        }
    session_send(engine, session, &reply);
    if (request->type == NAPIPC_RRAS_ADD && !reply.status)
        rras_changed(engine);
}
