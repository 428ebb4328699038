/*
 * Exchanges: GetSoHRequest makes an SSoH, ProcessSoHResponse takes the SSoHR.
 *
 * An exchange is named by its correlation id. A connection has at most one
 * that is pending; a newer GetSoHRequest orphans it.
 */
#include "libs/engine/internal.h"

#include <stdlib.h>
#include <string.h>

/* FailureCategory */
#define FAILURE_CATEGORY_CLIENT_COMPONENT 2

#define FLAGS_FRESH_SOH_REQUEST 1 /* freshSoHRequest of naptypes.h */

static bool guid_is_null(const struct napipc_guid *guid)
{
    static const struct napipc_guid null;

    return !memcmp(guid->bytes, null.bytes, sizeof(null.bytes));
}

/* "The correlation-id is set by the NapAgent and based on the connection-id" - the time
 * stamp alone keeps ids apart, so it never repeats. */
static struct napipc_correlation new_correlation(struct engine *engine,
    const struct napipc_guid *connection_id, const struct napipc_guid *key)
{
    uint64_t now = engine->host.filetime(engine->context);
    struct napipc_correlation correlation;

    if (now <= engine->last_time_stamp)
        now = engine->last_time_stamp + 1;
    engine->last_time_stamp = now;
    correlation.conn_id = guid_is_null(connection_id) ? *key : *connection_id;
    correlation.time_stamp = now;
    return correlation;
}

void exchange_orphan(struct engine *engine, struct connection *connection, const char *why)
{
    if (!connection->pending)
        return;
    connection->pending = false;
    engine_log(engine, ENGINE_TRACE, 0, "orphaned", "an SoH request is orphaned: %s", why);
}

/* FNV-1a, 64 bit: tells whether two SSoHs say the same. */
static uint64_t digest_of(const uint8_t *bytes, size_t size)
{
    uint64_t digest = UINT64_C(0xcbf29ce484222325);

    while (size--)
        digest = (digest ^ *bytes++) * UINT64_C(0x100000001b3);
    return digest;
}

/*
 * Builds the SSoH for a connection in engine->packet. Every registered health
 * agent has an entry; one that has not reported gets an entry made by the
 * agent, as the page of INapSystemHealthAgentCallback::GetSoHRequest says.
 */
static uint32_t build_ssoh(struct engine *engine, const struct napipc_correlation *correlation,
    uint32_t max_size, size_t *size, uint64_t *digest)
{
    const struct engine_machine *machine = &engine->machine;
    struct soh_builder builder;
    struct soh_system system = {
        .present = SOH_HAS_MACHINE | SOH_HAS_CORRELATION_ID | SOH_HAS_MACHINE_EX
                | (machine->name[0] ? SOH_HAS_MACHINE_NAME : 0),
        .machine = {
            .os_major = machine->os_major,
            .os_minor = machine->os_minor,
            .os_build = machine->os_build,
            .sp_major = machine->service_pack_major,
            .sp_minor = machine->service_pack_minor,
            .processor = machine->processor,
        },
        .machine_name = {(const uint8_t *)machine->name, strlen(machine->name)},
        .correlation_id = soh_correlation_id_make(correlation->conn_id.bytes,
                correlation->time_stamp),
        .machine_ex = {.product_type = machine->product_type},
    };
    uint32_t ids[SOH_MAX_ENTRIES];
    uint8_t wire_ids[4 * SOH_MAX_ENTRIES];
    const struct component *component;
    size_t count = 0, entries;

    for (component = engine->components; component; component = component->next)
        if (component->kind == NAPIPC_HEALTH_AGENT && count < SOH_MAX_ENTRIES)
            ids[count++] = component->info.id;
    if (count)
    {
        system.present |= SOH_HAS_GENERATED_IDS;
        system.generated_ids = soh_ids_put(wire_ids, ids, count);
    }

    soh_builder_init(&builder, engine->packet, max_size);
    soh_build_begin(&builder, SOH_REQUEST, NULL, &system);
    entries = builder.size;
    for (component = engine->components; component; component = component->next)
    {
        uint32_t code = component->enabled ? RESULT_NOT_INITIALIZED : RESULT_ENTITY_DISABLED;

        if (component->kind == NAPIPC_HEALTH_AGENT)
            soh_build_agent_entry(&builder, component->info.id,
                FAILURE_CATEGORY_CLIENT_COMPONENT, &code, 1);
    }
    switch (soh_build_end(&builder))
    {
    case SOH_BUILD_OK:
        *size = builder.size;
        *digest = digest_of(engine->packet + entries, builder.size - entries);
        return RESULT_OK;
    case SOH_BUILD_TOO_SMALL:
        engine_log(engine, ENGINE_WARN, 0, "too-large",
            "an SSoH of %u bytes does not fit the connection's maximum of %u",
            (unsigned int)builder.size, (unsigned int)max_size);
        return RESULT_MAXSIZE_TOO_SMALL;
    default:
        engine_log(engine, ENGINE_ERROR, 0, "internal", "cannot build an SSoH: %s",
            builder.rule);
        return RESULT_INVALIDARG;
    }
}

void exchange_begin(struct engine *engine, struct engine_session *session,
    const struct napipc_message *request)
{
    const struct napipc_soh_request *asked = &request->soh_request;
    uint32_t status = session_usable(session);
    uint8_t private_data[CONNECTION_DATA_SIZE];
    struct napipc_correlation correlation;
    struct connection *connection = NULL;
    struct napipc_message reply;
    uint64_t digest = 0;
    size_t size = 0;
    bool added;

    if (!status && !(connection = connection_get(engine, session, asked->private_data, &added)))
        status = RESULT_OUTOFMEMORY;
    if (!status)
    {
        correlation = new_correlation(engine, &asked->connection_id, &connection->key);
        status = build_ssoh(engine, &correlation, asked->max_size, &size, &digest);
        /* The client will not learn its key, so it could never name it. */
        if (status && added)
            connection_remove(session, connection);
    }
    if (status)
    {
        session_answer(engine, session, request, status);
        return;
    }
    exchange_orphan(engine, connection, "a newer GetSoHRequest");

    reply.type = request->type | NAPIPC_REPLY;
    reply.call = request->call;
    reply.status = RESULT_OK;
    reply.soh_request_reply.retrigger_hint = !connection->asked || connection->digest != digest
            || connection->retrigger;
    reply.soh_request_reply.flags = FLAGS_FRESH_SOH_REQUEST;
    reply.soh_request_reply.correlation = correlation;
    reply.soh_request_reply.soh.data = engine->packet;
    reply.soh_request_reply.soh.size = (uint32_t)size;

    callback_soh_requested(session);
    connection->id = asked->connection_id;
    connection->asked = true;
    connection->digest = digest;
    connection->retrigger = false;
    connection->pending = true;
    connection->correlation = correlation;
    connection_write_data(connection, private_data);
    reply.soh_request_reply.private_data.data = private_data;
    reply.soh_request_reply.private_data.size = sizeof(private_data);
    session_send(engine, session, &reply);
    isolation_update(engine);
}

/* Turns UTF-8 into UTF-16LE. False: malformed, or more than `limit` code units. */
static bool utf16_from_utf8(struct soh_span text, uint8_t *units, uint16_t limit,
    uint16_t *length)
{
    static const uint32_t least[] = {0, 0x80, 0x800, 0x10000};
    size_t i = 0;

    *length = 0;
    while (i < text.size)
    {
        uint8_t lead = text.data[i++];
        unsigned int more = lead < 0x80 ? 0 : lead < 0xc0 ? 4 : lead < 0xe0 ? 1 : lead < 0xf0 ? 2
                : lead < 0xf8 ? 3 : 4;
        unsigned int k, needed;
        uint32_t point;

        if (more == 4 || text.size - i < more)
            return false;
        point = more ? lead & (0x3fu >> more) : lead;
        for (k = 0; k < more; k++, i++)
        {
            if ((text.data[i] & 0xc0) != 0x80)
                return false;
            point = point << 6 | (text.data[i] & 0x3f);
        }
        if (point < least[more] || point > 0x10ffff || (point >= 0xd800 && point < 0xe000))
            return false;
        needed = point >= 0x10000 ? 2 : 1;
        if (*length + needed > limit)
            return false;
        if (needed == 2)
        {
            uint32_t high = 0xd800 + ((point - 0x10000) >> 10);

            units[*length * 2] = (uint8_t)high;
            units[*length * 2 + 1] = (uint8_t)(high >> 8);
            ++*length;
            point = 0xdc00 + ((point - 0x10000) & 0x3ff);
        }
        units[*length * 2] = (uint8_t)point;
        units[*length * 2 + 1] = (uint8_t)(point >> 8);
        ++*length;
    }
    return true;
}

/* Takes over what the server decided. */
static uint32_t decide(struct engine *engine, struct engine_session *session,
    struct connection *connection, const struct soh_quarantine *quarantine)
{
    uint8_t url[NAPIPC_MAX_STRING * 2];
    uint16_t length = 0;

    if (!utf16_from_utf8(quarantine->url, url, NAPIPC_MAX_STRING, &length))
    {
        engine_log(engine, ENGINE_WARN, session->component->info.id, "bad-url",
            "the server's remediation URL is not UTF-8 of at most %d characters; it is left out",
            NAPIPC_MAX_STRING);
        length = 0;
    }
    if (!decision_set_url(&connection->decision, url, length))
        return RESULT_OUTOFMEMORY;
    connection->decision.state = quarantine->isolation_state;
    connection->decision.extended_state = quarantine->extended_state;
    connection->decision.probation_end = quarantine->probation_end == SOH_NO_PROBATION
            ? 0
            : quarantine->probation_end;
    connection->restored = false;
    connection->probation_over = connection->retrigger = false;
    connection->pending = false;
    engine_log(engine, ENGINE_INFO, session->component->info.id, "decided",
        "connection %u is now: %s", (unsigned int)connection->number,
        isolation_name(connection->decision.state));
    return RESULT_OK;
}

/* Checks the response; RESULT_OK: it answers the pending exchange of *connection. */
static uint32_t check_response(struct engine *engine, struct engine_session *session,
    const struct napipc_soh_response *given, struct soh_packet *packet,
    struct connection **connection)
{
    struct soh_error error;
    struct soh_correlation_id expected;

    if (!soh_parse(given->soh.data, given->soh.size, packet, &error))
    {
        engine_log(engine, ENGINE_WARN, session->component->info.id, "bad-response",
            "the SoH response breaks a rule at byte %u: %s", (unsigned int)error.offset,
            error.rule);
        return RESULT_INVALID_PACKET;
    }
    if (packet->kind != SOH_RESPONSE)
    {
        engine_log(engine, ENGINE_WARN, session->component->info.id, "bad-response",
            "the SoH response is a request");
        return RESULT_INVALID_PACKET;
    }
    *connection = connection_find(session, given->private_data);
    if (!*connection || !(*connection)->pending)
        return RESULT_MISMATCHED_ID;
    expected = soh_correlation_id_make((*connection)->correlation.conn_id.bytes,
            (*connection)->correlation.time_stamp);
    if (memcmp(expected.bytes, packet->correlation_id.bytes, sizeof(expected.bytes)))
        return RESULT_MISMATCHED_ID;
    return RESULT_OK;
}

void exchange_respond(struct engine *engine, struct engine_session *session,
    const struct napipc_message *request)
{
    uint32_t status = session_usable(session);
    uint8_t private_data[CONNECTION_DATA_SIZE];
    uint8_t *shvs = engine->packet;
    struct connection *connection = NULL;
    struct napipc_soh_response_reply *answer;
    struct napipc_message reply;
    struct soh_packet packet;
    uint32_t id;
    size_t i;

    if (!status)
        status = check_response(engine, session, &request->soh_response, &packet, &connection);
    if (!status)
        status = decide(engine, session, connection, &packet.system.quarantine);
    if (status)
    {
        session_answer(engine, session, request, status);
        return;
    }
    isolation_update(engine);

    reply.type = request->type | NAPIPC_REPLY;
    reply.call = request->call;
    reply.status = RESULT_OK;
    answer = &reply.soh_response_reply;
    connection_write_data(connection, private_data);
    answer->private_data.data = private_data;
    answer->private_data.size = sizeof(private_data);
    decision_describe(&connection->decision, &answer->isolation);
    answer->shv_count = 0;
    for (i = 0; i < SOH_MAX_ENTRIES && soh_ids_get(packet.system.installed_shvs, i, &id); i++)
    {
        shvs[4 * i] = (uint8_t)id;
        shvs[4 * i + 1] = (uint8_t)(id >> 8);
        shvs[4 * i + 2] = (uint8_t)(id >> 16);
        shvs[4 * i + 3] = (uint8_t)(id >> 24);
        answer->shv_count++;
    }
    answer->shvs.data = shvs;
    answer->shvs.size = 4u * answer->shv_count;
    session_send(engine, session, &reply);
}
