/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * ProcessSoHResponse of an enforcement client: the other half of an exchange, which request.c
 * began.
 *
 * An exchange is named by its correlation id, so a response is accepted only if it carries the id
 * of the connection's pending exchange.
 */
#include "libs/engine/response.h"

#include <string.h>

#include "libs/engine/connection.h"
#include "libs/engine/decision.h"
#include "libs/engine/enforcement.h"
#include "libs/engine/health.h"
#include "libs/engine/isolation.h"
#include "libs/engine/session.h"
#include "libs/engine/slots.h"
#include "libs/text/utf.h"

/* Takes the server's decision for the connection. */
static uint32_t decide(struct engine *engine, struct engine_session *session,
        struct connection *connection, const struct soh_quarantine *quarantine)
{
    uint8_t url[NAPIPC_MAX_STRING * 2];
    size_t length = 0;

    if (!utf16_from_utf8((const char *)quarantine->url.data, quarantine->url.size, url,
                NAPIPC_MAX_STRING, &length))
    {
        engine_log(engine, ENGINE_WARN, session->component->info.id, "bad-url",
                "the server's remediation URL is not UTF-8 or longer than %d characters; it is ignored",
                NAPIPC_MAX_STRING);
        length = 0;
    }
    if (!decision_set_url(&connection->decision, url, (uint16_t)length))
        return RESULT_OUTOFMEMORY;
    connection->decision.state = quarantine->isolation_state;
    connection->decision.extended_state = quarantine->extended_state;
    connection->decision.probation_end =
            quarantine->probation_end == SOH_NO_PROBATION ? 0 : quarantine->probation_end;
    connection->restored = false;
    connection->probation_over = connection->retrigger = false;
    connection->pending = false;
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
    *connection = connection_find_own(engine, session, given->private_data);
    if (!*connection || !(*connection)->pending)
        return RESULT_MISMATCHED_ID;
    expected = soh_correlation_id_make(
            (*connection)->correlation.conn_id.bytes, (*connection)->correlation.time_stamp);
    if (memcmp(expected.bytes, packet->correlation_id.bytes, sizeof(expected.bytes)))
        return RESULT_MISMATCHED_ID;
    return RESULT_OK;
}

uint32_t handle_soh_response(struct engine *engine, struct engine_session *session,
        const struct napipc_message *request, struct napipc_message *reply)
{
    uint8_t private_data[CONNECTION_DATA_SIZE];
    uint8_t *shvs = engine->packet;
    struct connection *connection = NULL;
    struct napipc_soh_response_reply *answer;
    struct soh_packet packet;
    uint32_t id, status;
    size_t i;

    status = check_response(engine, session, &request->soh_response, &packet, &connection);
    if (!status)
        status = decide(engine, session, connection, &packet.system.quarantine);
    if (status)
    {
        session_answer(engine, session, request, status);
        /* The exchange was lost in the agent's restart: only a new one helps. */
        if (status == RESULT_MISMATCHED_ID
                && connection_is_of_before(session, request->soh_response.private_data))
            enforcement_notify(engine, session);
        return HANDLER_ANSWERS;
    }

    answer = &reply->soh_response_reply;
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
    /* The requester is answered first, then the log is written; all others follow when the event is
     * settled. */
    session_send(engine, session, reply);
    engine_log(engine, ENGINE_INFO, session->component->info.id, "decided",
            "connection %u is now: %s", (unsigned int)connection->number,
            isolation_name(connection->decision.state));
    engine->response.session = session;
    engine->response.connection = connection;
    engine->response.packet = packet;
    return HANDLER_ANSWERS;
}

/* The SoH requests of health agents that the response does not mention are orphaned. */
void response_distribute(struct engine *engine)
{
    const struct soh_packet *packet = &engine->response.packet;
    const struct connection *connection = engine->response.connection;
    uint32_t process;
    struct soh_entry entry;
    size_t position = 0;
    unsigned int i;

    if (!connection)
        return;
    process = slots_process(engine, engine->response.session);
    while (soh_next_entry(packet, &position, &entry))
    {
        struct component *agent = health_agent(engine, entry.id);

        if (!agent)
            continue;
        health_judged(agent, &entry);
        health_process_response(engine, agent, process, &connection->correlation,
                packet->system.quarantine.fixup, entry.attributes);
    }
    for (i = 0; connection->parts && i < connection->parts->count; i++)
        if (connection->parts->part[i].reported
                && !soh_find_entry(packet, connection->parts->part[i].id, &entry))
            health_orphaned(
                    engine, connection->parts->part[i].id, process, &connection->correlation);
    engine->response.connection = NULL;
}
