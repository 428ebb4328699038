/*
 * Bindings: Initialize, Uninitialize, and what is not allowed without. Page:
 * INapEnforcementClientBinding and its methods.
 */
#include "tests/unit/engine/agent.h"

/* "NAP_E_NOT_REGISTERED: If the enforcer has not registered earlier" */
static void only_a_registered_enforcer_binds(void **state)
{
    struct client *client = client_connect();

    (void)state;
    assert_int_equal(client_bind(client, 1), NAP_E_NOT_REGISTERED);
    assert_int_equal(client_bind(client, 0), NAP_E_NOT_REGISTERED);
    /* The id of a health agent is another matter. */
    assert_int_equal(client_register(client, HEALTH_AGENT, 1), S_OK);
    assert_int_equal(client_bind(client, 1), NAP_E_NOT_REGISTERED);
}

/* "NAP_E_ENTITY_DISABLED: The entity is disabled with the NapAgent service." */
static void only_an_enabled_enforcer_binds(void **state)
{
    struct client *client = client_connect();

    (void)state;
    assert_int_equal(client_register(client, ENFORCER, 1), S_OK);
    assert_int_equal(client_bind(client, 1), NAP_E_ENTITY_DISABLED);
    assert_int_equal(client_enable(client, ENFORCER, 1, true), S_OK);
    assert_int_equal(client_bind(client, 1), S_OK);
    assert_true(client_components(client, ENFORCER, 0).components[0].bound);
    assert_int_equal(agent_logged("bound"), 1);
}

/* "HRESULT(ERROR_ALREADY_INITIALIZED): If the enforcer has initialized previously" */
static void an_enforcer_is_bound_once(void **state)
{
    struct client *client = client_bound(1), *other = client_connect();

    (void)state;
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
static void nothing_goes_without_a_binding(void **state)
{
    struct client *client = client_connect();
    struct object object;

    (void)state;
    object_init(&object, 1);
    assert_int_equal(client_unbind(client), NAP_E_NOT_INITIALIZED);
    assert_int_equal(object_get_soh(client, &object), NAP_E_NOT_INITIALIZED);
    assert_int_equal(object_process(client, &object, "x", 1), NAP_E_NOT_INITIALIZED);
    assert_int_equal(object_down(client, &object), NAP_E_NOT_INITIALIZED);
    assert_int_equal(client_change_failure(client), NAP_E_NOT_INITIALIZED);
    assert_true(engine_next_deadline(agent.engine) == UINT64_MAX);
}

/* Uninitialize: afterwards it is as if there had been no Initialize. */
static void an_unbound_enforcer_may_bind_again(void **state)
{
    struct client *client = client_bound(1), *other = client_connect();
    struct object object;

    (void)state;
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

static void a_closed_connection_unbinds(void **state)
{
    struct client *client = client_bound(1), *other = client_connect();
    struct object object;

    (void)state;
    object_init(&object, 1);
    assert_int_equal(object_get_soh(client, &object), S_OK);
    client_disconnect(client);
    assert_int_equal(client_state(other).connections, 0);
    assert_false(client_components(other, ENFORCER, 0).components[0].bound);
    assert_int_equal(client_bind(other, 1), S_OK);
}

/* An administrator may disable an enforcer that is bound. It stays bound and may not go on. */
static void a_disabled_enforcer_may_only_say_goodbye(void **state)
{
    struct client *client = client_bound(1), *administrator = client_connect();
    struct decided decided = {NOT_RESTRICTED, 0, SOH_NO_PROBATION, NULL};
    struct object object;
    uint8_t response[300];
    size_t size;

    (void)state;
    object_init(&object, 1);
    assert_int_equal(object_get_soh(client, &object), S_OK);
    size = object_response(&object, &decided, response);
    assert_int_equal(client_enable(administrator, ENFORCER, 1, false), S_OK);
    assert_int_equal(object_get_soh(client, &object), NAP_E_ENTITY_DISABLED);
    assert_int_equal(object_process(client, &object, response, size), NAP_E_ENTITY_DISABLED);
    assert_int_equal(client_change_failure(client), NAP_E_ENTITY_DISABLED);
    assert_int_equal(client_unregister(administrator, ENFORCER, 1), NAP_E_STILL_BOUND);

    /* Enabled again it goes on where it was. */
    assert_int_equal(client_enable(administrator, ENFORCER, 1, true), S_OK);
    assert_int_equal(object_process(client, &object, response, size), S_OK);

    assert_int_equal(client_enable(administrator, ENFORCER, 1, false), S_OK);
    assert_int_equal(object_down(client, &object), S_OK);
    assert_int_equal(client_unbind(client), S_OK);
    assert_int_equal(client_bind(client, 1), NAP_E_ENTITY_DISABLED);
}

/* What health agents said meanwhile it was not told; nobody else will tell it. */
static void an_enforcer_enabled_again_is_told_to_ask(void **state)
{
    struct client *client = client_bound(1), *administrator = client_connect();

    (void)state;
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
static void only_a_client_that_binds_again_is_asked_for_its_connections(void **state)
{
    struct client *client = client_bound(1);

    (void)state;
    assert_int_equal(client_waiting(client), 0);
    assert_int_equal(client_unbind(client), S_OK);
    assert_int_equal(client_bind_again(client, 2), NAP_E_NOT_REGISTERED);
    assert_int_equal(client_waiting(client), 0);
    assert_int_equal(client_bind_again(client, 1), S_OK);
    client_called(client, NAPIPC_GET_CONNECTIONS);
    assert_int_equal(client_waiting(client), 0);
}

static void clients_do_not_disturb_each_other(void **state)
{
    struct decided restricted = {RESTRICTED, 0, SOH_NO_PROBATION, NULL};
    struct client *one = client_bound(1), *two = client_bound(2);
    struct object first, second;
    uint8_t response[300];
    size_t size;

    (void)state;
    object_init(&first, 1);
    object_init(&second, 2);
    assert_int_equal(object_get_soh(one, &first), S_OK);
    assert_int_equal(object_get_soh(two, &second), S_OK);
    client_disconnect(one);
    size = object_response(&second, &restricted, response);
    assert_int_equal(object_process(two, &second, response, size), S_OK);
    assert_int_equal(second.state, RESTRICTED);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, agent_setup, agent_teardown)

int main(void)
{
    const struct CMUnitTest tests[] = {
            TEST(only_a_registered_enforcer_binds),
            TEST(only_an_enabled_enforcer_binds),
            TEST(an_enforcer_is_bound_once),
            TEST(nothing_goes_without_a_binding),
            TEST(an_unbound_enforcer_may_bind_again),
            TEST(a_closed_connection_unbinds),
            TEST(a_disabled_enforcer_may_only_say_goodbye),
            TEST(an_enforcer_enabled_again_is_told_to_ask),
            TEST(only_a_client_that_binds_again_is_asked_for_its_connections),
            TEST(clients_do_not_disturb_each_other),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
