/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Group Policy: [MS-GPNAP] 2.3 and 2.5; "When a NAP client computer receives NAP settings from
 * Group Policy, it will ignore its local settings" (Microsoft, "NAP Configuration Overview").
 */
#include "tests/unit/engine/agent.h"

#define QEC 79617
#define OTHER_QEC 79618
#define SHA 0x1234

static const struct engine_group_policy none;
static const struct engine_group_policy enables_other = {
        .decides = true, .enabled_count = 1, .enabled = {OTHER_QEC}};
static const struct engine_group_policy enables_none = {.decides = true};

static bool listed_enabled(struct client *client, uint32_t kind, uint32_t id)
{
    struct napipc_list_components_reply page = client_components(client, kind, id - 1);

    assert_true(page.count >= 1);
    assert_int_equal(page.components[0].component.id, id);
    return page.components[0].enabled;
}

AGENT_TEST(policy_says_which_enforcement_clients_are_enabled)
{
    struct client *client = client_connect();
    bool enabled;

    assert_int_equal(client_register(client, ENFORCER, QEC), S_OK);
    assert_int_equal(client_register(client, ENFORCER, OTHER_QEC), S_OK);
    assert_int_equal(client_enable(client, ENFORCER, QEC, true), S_OK);
    assert_false(client_state(client).group_policy);

    engine_set_group_policy(agent.engine, &enables_other);
    assert_true(client_state(client).group_policy);
    assert_int_equal(client_state(client).enforcement_clients_enabled, 1);
    assert_false(listed_enabled(client, ENFORCER, QEC));
    assert_true(listed_enabled(client, ENFORCER, OTHER_QEC));
    assert_int_equal(client_bind(client, QEC), NAP_E_ENTITY_DISABLED);
    assert_int_equal(client_bind(client, OTHER_QEC), S_OK);
    /* The administrator's settings are kept and apply again when the policy is gone. */
    assert_true(agent_stored(ENFORCER, QEC, &enabled) && enabled);
    assert_true(agent_stored(ENFORCER, OTHER_QEC, &enabled) && !enabled);
    engine_set_group_policy(agent.engine, &none);
    assert_false(client_state(client).group_policy);
    assert_true(listed_enabled(client, ENFORCER, QEC));
    assert_false(listed_enabled(client, ENFORCER, OTHER_QEC));
}

AGENT_TEST(policy_wins_over_administrators)
{
    struct client *client = client_connect();
    unsigned int writes;
    bool enabled;

    assert_int_equal(client_register(client, ENFORCER, QEC), S_OK);
    assert_int_equal(client_register(client, HEALTH_AGENT, SHA), S_OK);
    engine_set_group_policy(agent.engine, &enables_none);
    writes = agent.writes;
    assert_int_equal(client_enable(client, ENFORCER, QEC, true), NAP_E_NETSH_GROUPPOLICY_ERROR);
    assert_int_equal(client_enable(client, ENFORCER, QEC, false), NAP_E_NETSH_GROUPPOLICY_ERROR);
    assert_int_equal(client_enable(client, ENFORCER, 7, true), NAP_E_NOT_REGISTERED);
    assert_int_equal(agent.writes, writes);
    assert_int_equal(agent_logged("refused-policy"), 2);
    /* The policy does not affect health agents. */
    assert_int_equal(client_enable(client, HEALTH_AGENT, SHA, false), S_OK);
    assert_false(listed_enabled(client, HEALTH_AGENT, SHA));
    client->administrator = false;
    assert_int_equal(client_enable(client, ENFORCER, QEC, true), E_ACCESSDENIED);
    client->administrator = true;
    engine_set_group_policy(agent.engine, &none);
    assert_true(agent_stored(ENFORCER, QEC, &enabled) && !enabled);
    assert_int_equal(client_enable(client, ENFORCER, QEC, true), S_OK);
    assert_true(listed_enabled(client, ENFORCER, QEC));
}

AGENT_TEST(policy_holds_for_what_is_registered_later)
{
    struct client *client = client_connect();
    bool enabled;

    engine_set_group_policy(agent.engine, &enables_other);
    assert_int_equal(client_register(client, ENFORCER, OTHER_QEC), S_OK);
    assert_true(listed_enabled(client, ENFORCER, OTHER_QEC));
    assert_true(agent_stored(ENFORCER, OTHER_QEC, &enabled) && !enabled);
    assert_int_equal(client_bind(client, OTHER_QEC), S_OK);
}

/* Its connections do not count while it is disabled, and count again when it is enabled. */
AGENT_TEST(policy_takes_hold_of_who_is_bound)
{
    static const struct decided restricted = {RESTRICTED, 0, SOH_NO_PROBATION, NULL};
    struct client *client = client_bound(QEC), *reader = client_connect();
    struct object object;

    object_init(&object, 1);
    object_decide(client, &object, &restricted);
    assert_int_equal(client_state(reader).isolation.state, RESTRICTED);
    engine_set_group_policy(agent.engine, &enables_none);
    assert_int_equal(client_state(reader).isolation.state, NOT_RESTRICTED);
    assert_int_equal(object_get_soh(client, &object), NAP_E_ENTITY_DISABLED);
    engine_set_group_policy(agent.engine, &none);
    assert_int_equal(client_state(reader).isolation.state, RESTRICTED);
    agent_advance(0);
    client_called(client, NAPIPC_NOTIFY_SOH_CHANGE);
    assert_int_equal(object_get_soh(client, &object), S_OK);
}

/* 2.5.1, "ShatimeoutInMsec": for health agents only. */
AGENT_TEST(policy_says_how_long_health_agents_have)
{
    static const struct engine_group_policy patient = {.agent_deadline = 20000};
    struct client *client = client_bound(QEC), *health = client_connect();
    struct napipc_message request = {.type = NAPIPC_BIND, .bind = {HEALTH_AGENT, SHA, false}};

    assert_int_equal(client_register(health, HEALTH_AGENT, SHA), S_OK);
    assert_int_equal(client_ask(health, &request, NULL), S_OK);
    engine_set_group_policy(agent.engine, &patient);
    request.type = NAPIPC_SOH_REQUEST;
    memset(&request.soh_request, 0, sizeof(request.soh_request));
    request.soh_request.max_size = 4000;
    request.call = ++client->call;
    assert_true(client_send(client, &request));
    agent_advance(agent.settings.callback_deadline + 1000);
    assert_int_equal(client_waiting(client), 0);
    agent_advance(20000);
    assert_int_equal(client_waiting(client), 1);
}

/* 2.5.2, "BackwardCompatible": 2 is an SoH mode sub-header before the SSoH. */
AGENT_TEST(policy_asks_for_a_mode_sub_header)
{
    static const struct engine_group_policy header = {.mode_header = true};
    static const struct decided fine = {NOT_RESTRICTED, 0, SOH_NO_PROBATION, NULL};
    struct client *client = client_bound(QEC);
    struct object object;
    struct soh_packet packet;

    object_init(&object, 1);
    object_decide(client, &object, &fine);
    assert_true(soh_parse(object.ssoh, object.ssoh_size, &packet, NULL));
    assert_false(packet.has_mode);
    engine_set_group_policy(agent.engine, &header);
    object_decide(client, &object, &fine);
    assert_true(soh_parse(object.ssoh, object.ssoh_size, &packet, NULL));
    assert_true(packet.has_mode);
    assert_int_equal(packet.mode.intent, SOH_INTENT_REQUEST);
    assert_memory_equal(
            &packet.mode.correlation_id, &packet.correlation_id, sizeof(packet.correlation_id));
    assert_false(object.hint); /* the report about health is the same */
}

TEST_MAIN(NULL, NULL)
