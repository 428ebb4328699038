/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Bindings: Initialize, Uninitialize, and requests that are rejected without a binding. Page:
 * INapEnforcementClientBinding and its methods.
 */
#include "tests/unit/engine/agent.h"

/* "NAP_E_NOT_REGISTERED: If the enforcer has not registered earlier" */
AGENT_TEST(only_a_registered_enforcer_binds)
{
    struct client *client = client_connect();

    assert_int_equal(client_bind(client, 1), NAP_E_NOT_REGISTERED);
    assert_int_equal(client_bind(client, 0), NAP_E_NOT_REGISTERED);
    /* The id of a health agent is independent. */
    assert_int_equal(client_register(client, HEALTH_AGENT, 1), S_OK);
    assert_int_equal(client_bind(client, 1), NAP_E_NOT_REGISTERED);
}

/* "NAP_E_ENTITY_DISABLED: The entity is disabled with the NapAgent service." */
AGENT_TEST(only_an_enabled_enforcer_binds)
{
    struct client *client = client_connect();

    assert_int_equal(client_register(client, ENFORCER, 1), S_OK);
    assert_int_equal(client_bind(client, 1), NAP_E_ENTITY_DISABLED);
    assert_int_equal(client_enable(client, ENFORCER, 1, true), S_OK);
    assert_int_equal(client_bind(client, 1), S_OK);
    assert_true(client_components(client, ENFORCER, 0).components[0].bound);
    assert_int_equal(agent_logged("bound"), 1);
}

/* "HRESULT(ERROR_ALREADY_INITIALIZED): If the enforcer has initialized previously" */
AGENT_TEST(an_enforcer_is_bound_once)
{
    struct client *client = client_bound(1), *other = client_connect();

    assert_int_equal(client_bind(client, 1), E_ALREADY_INITIALIZED);
    assert_int_equal(client_bind(other, 1), E_ALREADY_INITIALIZED);
    assert_int_equal(client_unbind(other), NAP_E_NOT_INITIALIZED);
    /* A connection to the agent speaks for one component. */
    assert_int_equal(client_register(client, ENFORCER, 2), S_OK);
    assert_int_equal(client_enable(client, ENFORCER, 2, true), S_OK);
    assert_int_equal(client_bind(client, 2), E_ALREADY_INITIALIZED);
    assert_int_equal(client_bind(other, 2), S_OK);
}

/* "must call Initialize before calling any other method": NAP_E_NOT_INITIALIZED */
AGENT_TEST(nothing_goes_without_a_binding)
{
    struct client *client = client_connect();
    struct object object;

    object_init(&object, 1);
    assert_int_equal(client_unbind(client), NAP_E_NOT_INITIALIZED);
    assert_int_equal(object_get_soh(client, &object), NAP_E_NOT_INITIALIZED);
    assert_int_equal(object_process(client, &object, "x", 1), NAP_E_NOT_INITIALIZED);
    assert_int_equal(object_down(client, &object), NAP_E_NOT_INITIALIZED);
    assert_int_equal(client_change_failure(client), NAP_E_NOT_INITIALIZED);
    assert_true(engine_next_deadline(agent.engine) == UINT64_MAX);
}

/* Uninitialize: afterwards everything is as if there had been no Initialize. */
AGENT_TEST(an_unbound_enforcer_may_bind_again)
{
    struct client *client = client_bound(1), *other = client_connect();
    struct object object;

    object_init(&object, 1);
    assert_int_equal(object_get_soh(client, &object), S_OK);
    assert_int_equal(client_unbind(client), S_OK);
    assert_int_equal(object_get_soh(client, &object), NAP_E_NOT_INITIALIZED);
    assert_int_equal(object_process(client, &object, "x", 1), NAP_E_NOT_INITIALIZED);
    assert_int_equal(client_unbind(client), NAP_E_NOT_INITIALIZED);
    assert_int_equal(client_state(client).connections, 0);
    assert_int_equal(client_bind(other, 1), S_OK);
    assert_int_equal(client_bind(client, 1), E_ALREADY_INITIALIZED);
    assert_int_equal(client_unbind(other), S_OK);
    assert_int_equal(client_bind(client, 1), S_OK);
    assert_int_equal(agent_logged("unbound"), 2);
}

AGENT_TEST(a_closed_connection_unbinds)
{
    struct client *client = client_bound(1), *other = client_connect();
    struct object object;

    object_init(&object, 1);
    assert_int_equal(object_get_soh(client, &object), S_OK);
    client_disconnect(client);
    assert_int_equal(client_state(other).connections, 0);
    assert_false(client_components(other, ENFORCER, 0).components[0].bound);
    assert_int_equal(client_bind(other, 1), S_OK);
}

/* An administrator may disable a bound enforcer. It stays bound and its requests fail. */
AGENT_TEST(a_disabled_enforcer_may_only_say_goodbye)
{
    struct client *client = client_bound(1), *administrator = client_connect();
    struct decided decided = {NOT_RESTRICTED, 0, SOH_NO_PROBATION, NULL};
    struct object object;
    uint8_t response[300];
    size_t size;

    object_init(&object, 1);
    assert_int_equal(object_get_soh(client, &object), S_OK);
    size = object_response(&object, &decided, response);
    assert_int_equal(client_enable(administrator, ENFORCER, 1, false), S_OK);
    assert_int_equal(object_get_soh(client, &object), NAP_E_ENTITY_DISABLED);
    assert_int_equal(object_process(client, &object, response, size), NAP_E_ENTITY_DISABLED);
    assert_int_equal(client_change_failure(client), NAP_E_ENTITY_DISABLED);
    assert_int_equal(client_unregister(administrator, ENFORCER, 1), NAP_E_STILL_BOUND);

    /* Enabled again, it continues where it was. */
    assert_int_equal(client_enable(administrator, ENFORCER, 1, true), S_OK);
    assert_int_equal(object_process(client, &object, response, size), S_OK);

    assert_int_equal(client_enable(administrator, ENFORCER, 1, false), S_OK);
    assert_int_equal(object_down(client, &object), S_OK);
    assert_int_equal(client_unbind(client), S_OK);
    assert_int_equal(client_bind(client, 1), NAP_E_ENTITY_DISABLED);
}

/* It missed the health agents' changes meanwhile; nobody else will notify it. */
AGENT_TEST(an_enforcer_enabled_again_is_asked_to_exchange)
{
    struct client *client = client_bound(1), *administrator = client_connect();

    assert_int_equal(client_enable(administrator, ENFORCER, 1, true), S_OK);
    assert_int_equal(client_enable(administrator, ENFORCER, 1, false), S_OK);
    assert_int_equal(client_enable(administrator, ENFORCER, 1, false), S_OK);
    agent_advance(1000);
    assert_int_equal(client_waiting(client), 0);
    assert_int_equal(client_enable(administrator, ENFORCER, 1, true), S_OK);
    agent_advance(0);
    client_called(client, NAPIPC_NOTIFY_SOH_CHANGE);
    agent_advance(1000);
    assert_int_equal(client_waiting(client), 0);
}

/* A client that lost the agent is asked for its connections, after its Initialize succeeded. */
AGENT_TEST(only_a_client_that_binds_again_is_asked_for_its_connections)
{
    struct client *client = client_bound(1);

    assert_int_equal(client_waiting(client), 0);
    assert_int_equal(client_unbind(client), S_OK);
    assert_int_equal(client_bind_again(client, 2), NAP_E_NOT_REGISTERED);
    assert_int_equal(client_waiting(client), 0);
    assert_int_equal(client_bind_again(client, 1), S_OK);
    client_called(client, NAPIPC_GET_CONNECTIONS);
    assert_int_equal(client_waiting(client), 0);
}

AGENT_TEST(clients_do_not_disturb_each_other)
{
    struct decided restricted = {RESTRICTED, 0, SOH_NO_PROBATION, NULL};
    struct client *one = client_bound(1), *two = client_bound(2);
    struct object first, second;
    uint8_t response[300];
    size_t size;

    object_init(&first, 1);
    object_init(&second, 2);
    assert_int_equal(object_get_soh(one, &first), S_OK);
    assert_int_equal(object_get_soh(two, &second), S_OK);
    client_disconnect(one);
    size = object_response(&second, &restricted, response);
    assert_int_equal(object_process(two, &second, response, size), S_OK);
    assert_int_equal(second.state, RESTRICTED);
}

TEST_MAIN(NULL, NULL)
