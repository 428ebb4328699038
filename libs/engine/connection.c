/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Connections, as the agent knows them.
 *
 * The agent holds no reference to a connection object. A key in the object's PrivateData, which
 * only the agent reads, ties the object to its record here:
 *
 *   offset size
 *   0      1    version of this layout, 1
 *   1      1    isolation state, 0 if no server has decided
 *   2      1    extended isolation state
 *   3      1    0
 *   4      16   key
 *   20     8    probation end, FILETIME, little-endian
 *   28     8    digest of the last SSoH, little-endian
 *
 * The client can change these bytes, so they are trusted for the client's own connections only: a
 * key that another binding uses is rejected.
 */
#include "libs/engine/connection.h"

#include <stdlib.h>
#include <string.h>

#include "libs/engine/decision.h"
#include "libs/engine/session.h"

#define DATA_VERSION 1
#define EXTENDED_STATE_MAX 15 /* MS-Quarantine-State has four bits for it */

static uint64_t read_u64(const uint8_t *bytes)
{
    uint64_t value = 0;
    unsigned int i;

    for (i = 0; i < 8; i++)
        value |= (uint64_t)bytes[i] << (8 * i);
    return value;
}

static void write_u64(uint8_t *bytes, uint64_t value)
{
    unsigned int i;

    for (i = 0; i < 8; i++)
        bytes[i] = (uint8_t)(value >> (8 * i));
}

void connection_write_data(const struct connection *connection, uint8_t *data)
{
    data[0] = DATA_VERSION;
    data[1] = (uint8_t)connection->decision.state;
    data[2] = (uint8_t)connection->decision.extended_state;
    data[3] = 0;
    memcpy(data + 4, connection->key.bytes, 16);
    write_u64(data + 20, connection->decision.probation_end);
    write_u64(data + 28, connection->digest);
}

/* Is this PrivateData of ours? */
static bool data_is_ours(struct napipc_blob data)
{
    return data.size == CONNECTION_DATA_SIZE && data.data[0] == DATA_VERSION
           && data.data[1] <= ISOLATION_RESTRICTED && data.data[2] <= EXTENDED_STATE_MAX
           && !data.data[3];
}

static struct connection *find_key(struct engine_session *session, const uint8_t *key)
{
    struct connection *connection;

    for (connection = session->connections; connection; connection = connection->next)
        if (!memcmp(connection->key.bytes, key, 16))
            return connection;
    return NULL;
}

struct connection *connection_find(struct engine_session *session, struct napipc_blob data)
{
    struct connection *connection = data_is_ours(data) ? find_key(session, data.data + 4) : NULL;

    if (connection)
        connection->named = true;
    return connection;
}

/* Two requests for one object may overlap: the second arrives without the key that the first's
 * reply will carry. */
static struct connection *find_object(
        struct engine_session *session, struct napipc_blob data, uint64_t object)
{
    struct connection *connection;

    for (connection = session->connections; connection; connection = connection->next)
        if (object && !data_is_ours(data) && !connection->named && connection->object == object)
            return connection;
    return NULL;
}

bool connection_is_of_before(struct engine_session *session, struct napipc_blob data)
{
    const struct connection *connection = connection_find(session, data);

    return session->rebound && data_is_ours(data)
           && (!connection || !connection->correlation.time_stamp);
}

/* Does another binding use this key? Logs it if that is another process's. */
static bool key_is_anothers(
        struct engine *engine, const struct engine_session *session, const uint8_t *key)
{
    struct component *cursor = engine->components;
    struct engine_session *other;
    uint32_t process, owner;

    while ((other = session_bound(&cursor)) && (other == session || !find_key(other, key)))
        ;
    if (!other)
        return false;
    process = engine->host.process_id(engine->context, session->client);
    owner = engine->host.process_id(engine->context, other->client);
    if (process != owner)
        engine_log(engine, ENGINE_WARN, session->component ? session->component->info.id : 0,
                "refused-access",
                "process %u named a connection of process %u, which it may not use",
                (unsigned int)process, (unsigned int)owner);
    return true;
}

struct connection *connection_find_own(
        struct engine *engine, struct engine_session *session, struct napipc_blob data)
{
    struct connection *connection = connection_find(session, data);

    if (!connection && data_is_ours(data))
        key_is_anothers(engine, session, data.data + 4);
    return connection;
}

static unsigned int connection_count(const struct engine_session *session)
{
    const struct connection *connection;
    unsigned int count = 0;

    for (connection = session->connections; connection; connection = connection->next)
        count++;
    return count;
}

struct connection *connection_get(struct engine *engine, struct engine_session *session,
        struct napipc_blob data, uint64_t object, bool *added)
{
    struct connection *connection = connection_find(session, data);
    struct connection **link;

    if (!connection)
        connection = find_object(session, data, object);

    *added = !connection;
    if (connection)
        return connection;
    if (connection_count(session) >= NAPIPC_MAX_CONNECTIONS)
    {
        engine_log(engine, ENGINE_WARN, session->component->info.id, "refused-connection",
                "process %u has %d connections, the maximum: it must report those that "
                "ended (NotifyConnectionStateDown)",
                (unsigned int)engine->host.process_id(engine->context, session->client),
                NAPIPC_MAX_CONNECTIONS);
        return NULL;
    }
    if (!(connection = calloc(1, sizeof(*connection))))
        return NULL;
    connection->number = ++engine->last_number;
    connection->object = object;
    if (data_is_ours(data) && !key_is_anothers(engine, session, data.data + 4))
    {
        /* Known before the agent's restart. */
        memcpy(connection->key.bytes, data.data + 4, 16);
        connection->decision.state = data.data[1];
        connection->decision.extended_state = data.data[2];
        connection->decision.probation_end = read_u64(data.data + 20);
        connection->digest = read_u64(data.data + 28);
        connection->asked = true;
        connection->restored = true;
    }
    else
        engine->host.new_guid(engine->context, &connection->key);
    for (link = &session->connections; *link; link = &(*link)->next)
        ;
    *link = connection;
    return connection;
}

void parts_destroy(struct parts *parts)
{
    unsigned int i;

    for (i = 0; parts && i < parts->count; i++)
        free(parts->part[i].soh.data);
    free(parts);
}

void connection_destroy(struct connection *connection)
{
    decision_clear(&connection->decision);
    parts_destroy(connection->parts);
    free(connection);
}

void connection_remove(struct engine_session *session, struct connection *connection)
{
    struct connection **link;

    for (link = &session->connections; *link != connection; link = &(*link)->next)
        ;
    *link = connection->next;
    connection_destroy(connection);
}

bool connection_report(struct engine *engine, struct engine_session *session,
        const struct napipc_get_connections_reply *report)
{
    bool complete = true;
    uint16_t i;

    for (i = 0; i < report->count; i++)
    {
        const struct napipc_reported_connection *reported = &report->connections[i];
        struct connection *connection;
        bool added;

        /* Ignore a connection that never requested an SoH. Ignore one with another client's key
         * too: its client would never learn of a new key. */
        if (!data_is_ours(reported->private_data)
                || key_is_anothers(engine, session, reported->private_data.data + 4))
            continue;
        if (!(connection = connection_get(engine, session, reported->private_data, 0, &added)))
        {
            if (connection_count(session) < NAPIPC_MAX_CONNECTIONS)
                complete = false;
            continue;
        }
        if (added)
            connection->id = reported->connection_id;
        if (connection->restored && connection->decision.state != ISOLATION_UNKNOWN
                && !decision_set_url(&connection->decision, reported->isolation.failure_url.units,
                        reported->isolation.failure_url.length))
            complete = false;
    }
    return complete;
}

/* The connection with the smallest number above `after`, over all sessions. */
static struct connection *next_by_number(
        struct engine *engine, uint32_t after, struct engine_session **owner)
{
    struct component *cursor = engine->components;
    struct engine_session *session;
    struct connection *connection, *found = NULL;

    while ((session = session_bound(&cursor)))
        for (connection = session->connections; connection; connection = connection->next)
            if (connection->number > after && (!found || connection->number < found->number))
            {
                found = connection;
                *owner = session;
            }
    return found;
}

uint32_t handle_list_connections(struct engine *engine, struct engine_session *session,
        const struct napipc_message *request, struct napipc_message *reply)
{
    struct napipc_list_connections_reply *page = &reply->list_connections_reply;
    uint32_t after = request->list_connections.after;
    struct engine_session *owner = NULL;
    struct connection *connection;

    (void)session;
    page->more = false;
    page->count = 0;
    while ((connection = next_by_number(engine, after, &owner)))
    {
        struct napipc_listed_connection *listed = &page->connections[page->count];

        if (page->count == NAPIPC_CONNECTIONS_PER_PAGE)
        {
            page->more = true;
            break;
        }
        listed->number = after = connection->number;
        listed->enforcement_client = owner->component->info.id;
        listed->process_id = engine->host.process_id(engine->context, owner->client);
        listed->connection_id = connection->id;
        listed->correlation = connection->correlation;
        listed->pending = connection->pending;
        listed->known = connection->decision.state != ISOLATION_UNKNOWN;
        decision_describe(&connection->decision, &listed->isolation);
        page->count++;
    }
    return RESULT_OK;
}
