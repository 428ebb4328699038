/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * WATCH_STATE, docs/protocol.md: the client gets STATE_CHANGED when anything has changed that
 * GET_STATE, LIST_COMPONENTS or LIST_CONNECTIONS return, once until its next GET_STATE.
 */
#include "tests/unit/engine/agent.h"

#define QEC 1
#define SHA 5

static const struct decided fine = {NOT_RESTRICTED, 0, SOH_NO_PROBATION, NULL};
static const struct decided with_url = {NOT_RESTRICTED, 0, SOH_NO_PROBATION, "http://other/"};

static struct object object;

static struct client *watcher_connected(void)
{
    struct napipc_message message = {.type = NAPIPC_WATCH_STATE};
    struct client *watcher = client_connect();

    assert_int_equal(client_ask(watcher, &message, NULL), S_OK);
    assert_int_equal(client_waiting(watcher), 0);
    return watcher;
}

/* One notification has come, and there is no other after a request for the state. */
static void assert_notified(struct client *watcher)
{
    struct napipc_message message;

    assert_int_equal(client_waiting(watcher), 1);
    assert_true(client_next(watcher, &message));
    assert_int_equal(message.type, NAPIPC_STATE_CHANGED);
    client_state(watcher);
    agent_advance(0);
    assert_int_equal(client_waiting(watcher), 0);
}

AGENT_TEST(changes_of_components_are_notified)
{
    struct client *watcher = watcher_connected(), *client = client_connect();

    assert_int_equal(client_register(client, ENFORCER, QEC), S_OK);
    assert_notified(watcher);
    assert_int_equal(client_enable(client, ENFORCER, QEC, true), S_OK);
    assert_notified(watcher);
    assert_int_equal(client_bind(client, QEC), S_OK);
    assert_notified(watcher);
    assert_int_equal(client_unbind(client), S_OK);
    assert_notified(watcher);
    assert_int_equal(client_unregister(client, ENFORCER, QEC), S_OK);
    assert_notified(watcher);
}

AGENT_TEST(changes_of_connections_are_notified)
{
    struct client *client = client_bound(QEC), *watcher = watcher_connected();
    static uint8_t response[SOH_MAX_PACKET_SIZE];

    object_init(&object, 1);
    assert_int_equal(object_get_soh(client, &object), S_OK); /* it comes, pending */
    assert_notified(watcher);
    assert_int_equal(
            object_process(client, &object, response, object_response(&object, &fine, response)),
            S_OK);
    assert_notified(watcher);
    assert_int_equal(object_get_soh(client, &object), S_OK); /* another exchange */
    assert_notified(watcher);
    assert_int_equal(object_process(client, &object, response,
                             object_response(&object, &with_url, response)),
            S_OK);
    assert_notified(watcher);
    assert_int_equal(object_down(client, &object), S_OK);
    assert_notified(watcher);
}

/* Answers GetFixupInfo or ProcessSoHResponse. */
static void report_fixup(struct client *health, uint16_t type, uint8_t percentage)
{
    struct napipc_message message = {.type = type | NAPIPC_REPLY};

    message.call = client_called(health, type);
    message.agent_fixup_reply.fixup =
            (struct napipc_fixup){.state = percentage < 100, .percentage = percentage};
    assert_true(client_send(health, &message));
}

/* Binds a health agent and brings an exchange with it to the server's answer. */
static struct client *health_agent_judged(struct client *client, struct client *watcher)
{
    static uint8_t response[SOH_MAX_PACKET_SIZE];
    static const uint32_t code = NAP_E_NOT_INITIALIZED;
    struct soh_result result = {.id = SHA,
            .codes = &code,
            .code_count = 1,
            .has_failure_category = true,
            .failure_category = 2};
    struct soh_system system = {.present = SOH_HAS_QUARANTINE | SOH_HAS_CORRELATION_ID,
            .quarantine = {.isolation_state = NOT_RESTRICTED, .probation_end = SOH_NO_PROBATION}};
    struct napipc_message message = {.type = NAPIPC_BIND, .bind = {HEALTH_AGENT, SHA, false}};
    struct client *health = client_connect();
    struct soh_builder builder;
    uint32_t call;

    assert_int_equal(client_register(health, HEALTH_AGENT, SHA), S_OK);
    assert_int_equal(client_ask(health, &message, NULL), S_OK);
    client_next(watcher, &message);
    client_state(watcher);
    message = (struct napipc_message){.type = NAPIPC_SOH_REQUEST};
    message.call = ++client->call;
    message.soh_request.max_size = object.max_size;
    assert_true(client_send(client, &message));
    call = client_called(health, NAPIPC_AGENT_GET_SOH);
    assert_true(client_answer(health, NAPIPC_AGENT_GET_SOH, call, S_OK));
    assert_true(client_next(client, &message));
    assert_int_equal(message.status, S_OK);
    object.private_size = message.soh_request_reply.private_data.size;
    memcpy(object.private_data, message.soh_request_reply.private_data.data, object.private_size);
    system.correlation_id =
            soh_correlation_id_make(message.soh_request_reply.correlation.conn_id.bytes,
                    message.soh_request_reply.correlation.time_stamp);
    assert_notified(watcher);
    soh_builder_init(&builder, response, sizeof(response));
    soh_build_begin(&builder, SOH_RESPONSE, NULL, &system);
    soh_build_result_entry(&builder, &result);
    assert_int_equal(soh_build_end(&builder), SOH_BUILD_OK);
    assert_int_equal(object_process(client, &object, response, builder.size), S_OK);
    assert_notified(watcher);
    return health;
}

AGENT_TEST(the_progress_of_a_fix_up_is_notified)
{
    struct client *client = client_bound(QEC), *watcher = watcher_connected(), *health;

    object_init(&object, 1);
    health = health_agent_judged(client, watcher);
    report_fixup(health, NAPIPC_AGENT_PROCESS_RESPONSE, 10);
    assert_notified(watcher);
    agent_advance(2000);
    report_fixup(health, NAPIPC_AGENT_GET_FIXUP_INFO, 10); /* no change, no notification */
    assert_int_equal(client_waiting(watcher), 0);
    agent_advance(2000);
    report_fixup(health, NAPIPC_AGENT_GET_FIXUP_INFO, 20);
    assert_notified(watcher);
    agent_advance(2000);
    report_fixup(health, NAPIPC_AGENT_GET_FIXUP_INFO, 100);
    assert_notified(watcher);
    client_disconnect(health);
    assert_notified(watcher);
}

/* docs/protocol.md: the notification has no content and comes once; the next is sent only for a
 * change after the client's next GET_STATE. */
AGENT_TEST(notifications_come_once_until_the_state_is_asked)
{
    struct client *client = client_connect(), *watcher = watcher_connected();
    struct napipc_message message;

    assert_int_equal(client_register(client, ENFORCER, QEC), S_OK);
    assert_int_equal(client_enable(client, ENFORCER, QEC, true), S_OK);
    assert_int_equal(client_waiting(watcher), 1);
    assert_true(client_next(watcher, &message));
    assert_int_equal(client_enable(client, ENFORCER, QEC, false), S_OK);
    assert_int_equal(client_waiting(watcher), 0);
    client_state(watcher);
    assert_int_equal(client_waiting(watcher), 0);
    assert_int_equal(client_enable(client, ENFORCER, QEC, true), S_OK);
    assert_notified(watcher);
}

AGENT_TEST(who_does_not_watch_is_not_notified)
{
    struct client *client = client_connect(), *watcher = watcher_connected();

    client_state(client);
    client_disconnect(watcher);
    assert_int_equal(client_register(client, ENFORCER, QEC), S_OK);
    assert_int_equal(client_waiting(client), 0);
    client_reconnect(watcher);
    assert_int_equal(client_unregister(client, ENFORCER, QEC), S_OK);
    assert_int_equal(client_waiting(watcher), 0);
}

/* A watch alone makes the agent do nothing. */
AGENT_TEST(watching_needs_no_timer)
{
    struct client *watcher = watcher_connected();

    assert_true(engine_next_deadline(agent.engine) == UINT64_MAX);
    agent_advance(3600000);
    assert_int_equal(client_waiting(watcher), 0);
}

AGENT_TEST(group_policy_is_notified)
{
    static const struct engine_group_policy policy = {.decides = true};
    struct client *watcher = watcher_connected();

    engine_set_group_policy(agent.engine, &policy);
    assert_notified(watcher);
}

TEST_MAIN(NULL, NULL)
