/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * The sources of RAS connections, and notifications of changes.
 *
 * The host's interfaces are polled when somebody asks, and once a second while somebody watches:
 * the host does not report changes of them.
 */
#include "libs/engine/ras/sources.h"

#include <string.h>

#include "libs/engine/interfaces.h"
#include "libs/engine/notification.h"
#include "libs/engine/ras/dial.h"
#include "libs/engine/ras/records.h"
#include "libs/engine/session.h"
#include "libs/text/guid.h"

#define RAS_POLL_INTERVAL 1000 /* ms between polls of the host's interfaces */
#define RAS_RESTORE_TIME 60000 /* ms for an enforcement client to bind again after a restart */
#define RAS_APPEAR_TIME 10000  /* ms for the interface of a dialed connection to be seen */
#define RAS_REMOTE_ACCESS_CLIENT 79618

/* ---- changes ---- */

void ras_set_active(struct engine *engine, struct ras *ras, bool active)
{
    struct napipc_ras_changed *changed = &engine->ras.changed[engine->ras.changes % RAS_CHANGES];

    if (ras->active == active)
        return;
    ras->active = active;
    engine_log(engine, ENGINE_INFO, 0, "ras", "RAS connection %#x is %s",
            (unsigned int)ras->record.connection.handle, active ? "up" : "down");
    changed->handle = ras->record.connection.handle;
    changed->connected = active;
    engine->ras.changes++;
    notification_raise(engine, NOTIFY_RAS);
}

uint32_t ras_end(struct engine *engine, struct ras *ras)
{
    uint32_t status = engine->host.erase_ras(engine->context, ras->record.connection.handle);

    if (status)
        return status;
    ras_set_active(engine, ras, false);
    ras_forget(engine, ras);
    return RESULT_OK;
}

/* The connection is gone, even if the store cannot be written; erasing its record is then
 * retried. */
static void end_anyway(struct engine *engine, struct ras *ras)
{
    if (ras_end(engine, ras))
        ras_set_active(engine, ras, false);
}

/* Each change is sent; a watcher that is too far behind misses the oldest. */
static void describe_notification(
        struct engine *engine, struct engine_session *session, struct napipc_message *message)
{
    if (engine->ras.changes - session->ras_notified > RAS_CHANGES)
        session->ras_notified = engine->ras.changes - RAS_CHANGES;
    message->ras_changed = engine->ras.changed[session->ras_notified++ % RAS_CHANGES];
    if (session->ras_notified != engine->ras.changes)
        notification_add(engine, session, NOTIFY_RAS);
}

static const struct notification_kind ras_notification = {
        .what = NOTIFY_RAS,
        .type = NAPIPC_RAS_CHANGED,
        .describe = describe_notification,
};

uint32_t handle_ras_watch(struct engine *engine, struct engine_session *session,
        const struct napipc_message *request, struct napipc_message *reply)
{
    (void)request;
    (void)reply;
    /* A watcher is not notified of what is there already. */
    ras_update(engine);
    if (session->watches & NOTIFY_RAS)
        return RESULT_OK;
    session->ras_notified = engine->ras.changes;
    notification_watch(engine, session, &ras_notification);
    if (!engine->ras.watchers++)
        engine->ras.poll_at = engine->host.monotonic(engine->context) + RAS_POLL_INTERVAL;
    return RESULT_OK;
}

void ras_unwatch(struct engine *engine, struct engine_session *session)
{
    if (!(session->watches & NOTIFY_RAS))
        return;
    notification_unwatch(engine, session, NOTIFY_RAS);
    if (!--engine->ras.watchers)
        engine->ras.poll_at = UINT64_MAX;
}

void ras_run_timers(struct engine *engine, uint64_t now)
{
    if (engine->ras.poll_at > now)
        return;
    ras_update(engine);
    engine->ras.poll_at = engine->host.monotonic(engine->context) + RAS_POLL_INTERVAL;
}

/* ---- the enforcement client's connections ---- */

/* The name of a connection without a phone book entry begins with a dot, as the page on
 * RasEnumConnections says of phone numbers. */
static void name_client_connection(const struct napipc_guid *id, char name[1 + GUID_TEXT_SIZE])
{
    name[0] = '.';
    guid_format(id->bytes, name + 1);
}

static struct ras *find_key(struct engine *engine, const struct napipc_guid *key)
{
    struct ras *ras;

    for (ras = engine->ras.first; ras; ras = ras->next)
        if (ras->record.connection.source == NAPIPC_RAS_CLIENT
                && !memcmp(&ras->record.key, key, sizeof(*key)))
            return ras;
    return NULL;
}

static void add_client_connection(struct engine *engine, const struct component *component,
        const struct connection *connection)
{
    struct engine_ras_record record = {
            .connection = {.source = NAPIPC_RAS_CLIENT, .flags = RASCF_ALL_USERS},
            .key = connection->key,
    };
    uint8_t name_units[128], type_units[16];
    char name[1 + GUID_TEXT_SIZE];
    struct ras *ras;
    uint32_t status;

    name_client_connection(&connection->id, name);
    record.connection.id = connection->id;
    record.connection.since = engine->host.filetime(engine->context);
    record.connection.entry_name = ras_text(name_units, sizeof(name_units), name);
    record.connection.device_type = ras_text(type_units, sizeof(type_units), "vpn");
    record.connection.device_name = component->info.friendly_name;
    if (record.connection.device_name.length > RAS_MAX_DEVICE_NAME)
        record.connection.device_name.length = RAS_MAX_DEVICE_NAME;
    if ((status = ras_create(engine, &record, &ras)))
    {
        engine_log(engine, ENGINE_ERROR, component->info.id, "ras",
                "a RAS connection cannot be listed: %#x", (unsigned int)status);
        return;
    }
    ras->seen = true;
    ras_set_active(engine, ras, true);
}

static void update_from_connection(struct engine *engine, const struct component *component,
        const struct connection *connection)
{
    struct ras *ras = find_key(engine, &connection->key), *other;

    if (ras && memcmp(&ras->record.connection.id, &connection->id, sizeof(connection->id)))
        ras = NULL; /* the NAP connection is of another RAS connection now */
    other = ras_find_id(engine, &connection->id);
    if (!ras && !other)
        add_client_connection(engine, component, connection);
    else if (ras)
    {
        ras->seen = true;
        ras_set_active(engine, ras, true);
    }
    else if (other->record.connection.source == NAPIPC_RAS_CLIENT)
        other->seen = true;
}

void ras_update_from_clients(struct engine *engine)
{
    bool settled = engine->host.filetime(engine->context)
                   >= engine->started + (uint64_t)RAS_RESTORE_TIME * 10000;
    struct component *cursor = engine->components;
    const struct engine_session *session;
    const struct connection *connection;
    struct ras *ras, *next;

    for (ras = engine->ras.first; ras; ras = ras->next)
        ras->seen = false;
    while ((session = session_bound(&cursor)))
        if (session->component->kind == NAPIPC_ENFORCEMENT_CLIENT
                && session->component->info.id == RAS_REMOTE_ACCESS_CLIENT)
            for (connection = session->connections; connection; connection = connection->next)
                update_from_connection(engine, session->component, connection);
    for (ras = engine->ras.first; ras; ras = next)
    {
        next = ras->next;
        if (ras->record.connection.source != NAPIPC_RAS_CLIENT || ras->seen)
            continue;
        /* One that is not active is from before the agent's restart: its client may still bind
         * again. */
        if (ras->active || settled)
            end_anyway(engine, ras);
    }
}

void ras_connections_changed(struct engine *engine)
{
    if (engine->ras.watchers && !engine->closing)
        ras_update_from_clients(engine);
}

/* ---- the host's interfaces ---- */

/* Matches an ASCII name against a UTF-16LE pattern with the wildcards * and ?. */
static bool matches(const uint8_t *units, size_t length, const char *name)
{
    size_t at = 0, star = SIZE_MAX; /* the last *; `retry`: where in the name to retry */
    const char *retry = name;

    while (*name)
    {
        unsigned int unit = at < length ? units[2 * at] | units[2 * at + 1] << 8 : 0;

        if (unit == '*')
        {
            star = at++;
            retry = name;
        }
        else if (unit == '?' || unit == (uint8_t)*name)
        {
            at++;
            name++;
        }
        else if (star != SIZE_MAX)
        {
            at = star + 1;
            name = ++retry;
        }
        else
            return false;
    }
    while (at < length && units[2 * at] == '*' && !units[2 * at + 1])
        at++;
    return at == length;
}

bool ras_matches_pattern(const struct engine *engine, const char *name)
{
    const uint8_t *units = engine->ras.patterns.data;
    size_t count = engine->ras.patterns.size / 2, start = 0, end;

    for (; start < count; start = end + 1)
    {
        for (end = start; end < count && (units[2 * end] != '\n' || units[2 * end + 1]); end++)
            ;
        if (end > start && matches(units + 2 * start, end - start, name))
            return true;
    }
    return false;
}

static bool is_ras(const struct engine *engine, const struct engine_interface *interface)
{
    switch (interface->kind)
    {
    case ENGINE_INTERFACE_PPP:
    case ENGINE_INTERFACE_SLIP:
    case ENGINE_INTERFACE_TUN:
    case ENGINE_INTERFACE_WIREGUARD:
        return true;
    case ENGINE_INTERFACE_OTHER:
        return ras_matches_pattern(engine, interface->name);
    default:
        return false;
    }
}

/* RASDT_*. The host does not report which device a PPP link uses. */
static const char *device_type(enum engine_interface_kind kind)
{
    switch (kind)
    {
    case ENGINE_INTERFACE_PPP:
        return "GENERIC";
    case ENGINE_INTERFACE_SLIP:
        return "SERIAL";
    default:
        return "vpn";
    }
}

static void add_host_connection(struct engine *engine, const struct engine_interface *interface)
{
    struct engine_ras_record record = {
            .connection = {.source = NAPIPC_RAS_HOST, .flags = RASCF_ALL_USERS},
            .interface_index = interface->index,
    };
    uint8_t name_units[4 * ENGINE_INTERFACE_NAME_MAX], type_units[32];
    struct ras *ras;
    uint32_t status;

    engine->host.new_guid(engine->context, &record.connection.id);
    record.connection.since = engine->host.filetime(engine->context);
    record.connection.entry_name = ras_text(name_units, sizeof(name_units), interface->name);
    record.connection.device_name = record.connection.entry_name;
    record.connection.interface_name = record.connection.entry_name;
    record.connection.device_type =
            ras_text(type_units, sizeof(type_units), device_type(interface->kind));
    if ((status = ras_create(engine, &record, &ras)))
    {
        engine_log(engine, ENGINE_ERROR, 0, "ras", "interface %s cannot be listed: %#x",
                interface->name, (unsigned int)status);
        return;
    }
    ras->seen = ras->attached = true;
    ras_set_active(engine, ras, true);
}

/* A connection of the host is identified by name and index; the interface of a table entry by its
 * name only, so that it may be replaced. */
static bool describes(const struct ras *ras, const struct engine_interface *interface)
{
    if (!ras->record.connection.interface_name.length
            || !ras_name_is(ras->record.connection.interface_name, interface->name))
        return false;
    return ras->record.connection.source == NAPIPC_RAS_TABLE || !ras->record.interface_index
           || !interface->index || ras->record.interface_index == interface->index;
}

const struct engine_interface *ras_interface(const struct engine *engine, const struct ras *ras)
{
    size_t i;

    for (i = 0; ras->attached && i < engine->interfaces.count; i++)
        if (describes(ras, &engine->interfaces.list[i]))
            return &engine->interfaces.list[i];
    return NULL;
}

static void update_from_interface(struct engine *engine, const struct engine_interface *interface)
{
    bool found = false;
    struct ras *ras;

    if (!interface->up)
        return;
    for (ras = engine->ras.first; ras; ras = ras->next)
        if (describes(ras, interface)
                && (ras->record.connection.source != NAPIPC_RAS_HOST || is_ras(engine, interface)))
        {
            found = true;
            ras->seen = ras->attached = true;
            if (ras->record.connection.source == NAPIPC_RAS_DIALED)
                ras->record.interface_index = interface->index;
        }
    /* One that is being dialed is listed when it is connected. */
    if (!found && is_ras(engine, interface) && !dial_has_interface(engine, interface->name))
        add_host_connection(engine, interface);
}

/* The dialer has named an interface that the host has not shown yet. */
static bool is_appearing(struct engine *engine, const struct ras *ras)
{
    return !ras->record.interface_index
           && engine->host.filetime(engine->context)
                      < ras->record.connection.since + (uint64_t)RAS_APPEAR_TIME * 10000;
}

/* A dialed connection without an interface is there until it is hung up. */
static bool has_gone(struct engine *engine, const struct ras *ras)
{
    switch (ras->record.connection.source)
    {
    case NAPIPC_RAS_HOST:
        return !ras->seen;
    case NAPIPC_RAS_DIALED:
        return !ras->seen && ras->record.connection.interface_name.length
               && !is_appearing(engine, ras);
    default:
        return false;
    }
}

static void update_from_interfaces(struct engine *engine)
{
    struct ras *ras, *next;
    size_t i;

    if (!interfaces_poll(engine, 0))
        return;
    for (ras = engine->ras.first; ras; ras = ras->next)
        ras->seen = ras->attached = false;
    for (i = 0; i < engine->interfaces.count; i++)
        update_from_interface(engine, &engine->interfaces.list[i]);
    for (ras = engine->ras.first; ras; ras = next)
    {
        next = ras->next;
        if (has_gone(engine, ras))
            end_anyway(engine, ras);
        else if (ras->record.connection.source == NAPIPC_RAS_DIALED)
            ras_set_active(engine, ras, true);
        else if (ras->record.connection.source != NAPIPC_RAS_CLIENT)
            ras_set_active(engine, ras, ras->seen || !ras->record.connection.interface_name.length);
    }
}

void ras_update(struct engine *engine)
{
    update_from_interfaces(engine);
    ras_update_from_clients(engine);
}
