/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Callbacks: answered, failed, late, never answered, never made. Pages:
 * INapEnforcementClientCallback and its methods, INapEnforcementClientBinding::
 * NotifySoHChangeFailure; docs/protocol.md, "Callbacks".
 */
#include "tests/unit/engine/agent.h"

#define NOTIFY NAPIPC_NOTIFY_SOH_CHANGE

static struct object object;

/* Reports NotifySoHChangeFailure and waits for the NotifySoHChange that follows. */
static uint32_t called_again(struct client *client, uint64_t delay)
{
    assert_int_equal(client_change_failure(client), S_OK);
    agent_advance(delay - 1);
    assert_int_equal(client_waiting(client), 0);
    agent_advance(1);
    return client_called(client, NOTIFY);
}

/* A bound client that has just been sent NotifySoHChange. */
static struct client *client_notified(uint32_t id, uint32_t *call)
{
    struct client *client = client_bound(id);
    struct decided over = {IN_PROBATION, 0, agent.filetime, NULL};
    struct object ended;

    object_init(&ended, 200);
    object_decide(client, &ended, &over);
    agent_advance(0);
    *call = client_called(client, NOTIFY);
    assert_int_equal(object_down(client, &ended), S_OK);
    return client;
}

/* Another change for a client: a probation that ends now. */
static void change(struct client *client)
{
    struct decided over = {IN_PROBATION, 0, agent.filetime, NULL};
    struct object ended;

    object_init(&ended, 201);
    object_decide(client, &ended, &over);
    agent_advance(0);
}

AGENT_TEST(a_callback_that_succeeds_is_done)
{
    struct client *client;
    uint32_t call;

    client = client_notified(1, &call);
    assert_true(engine_next_deadline(agent.engine) == agent.monotonic + 5000);
    assert_true(client_answer(client, NOTIFY, call, S_OK));
    assert_true(engine_next_deadline(agent.engine) == UINT64_MAX);
    agent_advance(100000);
    assert_int_equal(client_waiting(client), 0);
    assert_int_equal(agent_logged("callback-late"), 0);
}

/* "the NapAgent retries applying the SoH change at a later time by calling NotifySoHChange again"
 */
AGENT_TEST(a_change_that_could_not_be_processed_is_notified_again)
{
    struct client *client = client_bound(1);
    uint32_t call;

    call = called_again(client, 1000);
    assert_true(client_answer(client, NOTIFY, call, S_OK));
    agent_advance(100000);
    assert_int_equal(client_waiting(client), 0);
}

/* ... with a longer delay each time, until the client makes a request. */
AGENT_TEST(the_delay_grows_until_the_client_has_asked)
{
    static const uint64_t delays[] = {1000, 2000, 4000, 8000, 16000, 32000, 60000, 60000};
    struct client *client = client_bound(1);
    uint32_t call;
    size_t i;

    object_init(&object, 1);
    for (i = 0; i < sizeof(delays) / sizeof(*delays); i++)
    {
        call = called_again(client, delays[i]);
        /* The callback itself succeeds: the failure of the change is known only later. */
        assert_true(client_answer(client, NOTIFY, call, S_OK));
    }
    /* "Once the enforcement client has called GetSoHRequest ... no failures are handled by the
     * NapAgent after this point": the next is a new one. */
    assert_int_equal(object_get_soh(client, &object), S_OK);
    call = called_again(client, 1000);
    /* "This call can be made on the same thread as NotifySoHChange", so before it returns. */
    assert_int_equal(object_get_soh(client, &object), S_OK);
    assert_true(client_answer(client, NOTIFY, call, S_OK));
    called_again(client, 1000);
}

AGENT_TEST(a_callback_that_fails_is_made_again_later_each_time)
{
    static const uint64_t delays[] = {1000, 2000, 4000, 8000, 16000, 32000, 60000, 60000};
    struct client *client;
    uint32_t call;
    size_t i;

    object_init(&object, 1);
    client = client_notified(1, &call);
    for (i = 0; i < sizeof(delays) / sizeof(*delays); i++)
    {
        /* A request does not reset the delay of a callback that always fails. */
        assert_int_equal(object_get_soh(client, &object), S_OK);
        assert_true(client_answer(client, NOTIFY, call, E_FAIL));
        agent_advance(delays[i] - 1);
        assert_int_equal(client_waiting(client), 0);
        agent_advance(1);
        call = client_called(client, NOTIFY);
    }
    assert_int_equal(agent_logged("callback-failed"), 8);
    assert_int_equal(object_get_soh(client, &object), S_OK);
    assert_true(client_answer(client, NOTIFY, call, S_OK));
    called_again(client, 1000);
}

/* A client may report the failure in both ways; it is one failure. */
AGENT_TEST(a_failure_said_twice_is_one)
{
    struct client *client;
    uint32_t call;

    client = client_notified(1, &call);
    assert_int_equal(client_change_failure(client), S_OK);
    assert_true(client_answer(client, NOTIFY, call, E_FAIL));
    agent_advance(1000);
    call = client_called(client, NOTIFY);
    assert_true(client_answer(client, NOTIFY, call, S_OK));
    agent_advance(100000);
    assert_int_equal(client_waiting(client), 0);
}

AGENT_TEST(changes_meanwhile_are_one_more_callback)
{
    struct client *client;
    uint32_t call;

    client = client_notified(1, &call);
    change(client);
    change(client);
    assert_int_equal(client_waiting(client), 0);
    assert_true(client_answer(client, NOTIFY, call, S_OK));
    call = client_called(client, NOTIFY);
    assert_int_equal(client_waiting(client), 0);
    assert_true(client_answer(client, NOTIFY, call, S_OK));
    assert_int_equal(client_waiting(client), 0);
}

/* A late client delays nobody else, and is not given up. */
AGENT_TEST(a_late_callback_is_logged_once)
{
    struct client *client;
    uint32_t call;

    client = client_notified(1, &call);
    agent_advance(4999);
    assert_int_equal(agent_logged("callback-late"), 0);
    agent_advance(1);
    assert_int_equal(agent_logged("callback-late"), 1);
    assert_true(engine_next_deadline(agent.engine) == UINT64_MAX);
    agent_advance(100000);
    assert_int_equal(agent_logged("callback-late"), 1);
    assert_int_equal(client_waiting(client), 0);
    object_init(&object, 1);
    assert_int_equal(object_get_soh(client, &object), S_OK);
}

AGENT_TEST(a_late_answer_counts)
{
    struct client *client;
    uint32_t call;

    client = client_notified(1, &call);
    agent_advance(6000);
    assert_true(client_answer(client, NOTIFY, call, E_FAIL));
    agent_advance(1000);
    call = client_called(client, NOTIFY);
    agent_advance(6000);
    assert_true(client_answer(client, NOTIFY, call, S_OK));
    agent_advance(100000);
    assert_int_equal(client_waiting(client), 0);
    call = called_again(client, 2000);
    agent_advance(6000);
    assert_true(client_answer(client, NOTIFY, call, 0x80010108)); /* RPC_E_DISCONNECTED */
    assert_int_equal(client_unbind(client), NAP_E_NOT_INITIALIZED);
}

/* A callback that never returns costs only its own deadline. */
AGENT_TEST(a_callback_that_never_returns_does_not_hold_up_the_next)
{
    struct client *client;
    uint32_t first, second;

    client = client_notified(1, &first);
    change(client);
    assert_int_equal(client_waiting(client), 0);
    agent_advance(5000);
    second = client_called(client, NOTIFY);
    assert_true(client_answer(client, NOTIFY, second, S_OK));
    change(client);
    second = client_called(client, NOTIFY);
    assert_true(client_answer(client, NOTIFY, second, S_OK));
    assert_true(client_answer(client, NOTIFY, first, S_OK));
}

/* A client that answers nothing does not get more and more callbacks. */
AGENT_TEST(callbacks_without_an_answer_are_few)
{
    struct client *client;
    uint32_t calls[100], count;

    client = client_notified(1, &calls[0]);
    for (count = 1; count < 100; count++)
    {
        agent_advance(6000);
        change(client);
        if (!client_waiting(client))
            break;
        calls[count] = client_called(client, NOTIFY);
    }
    assert_int_equal(count, 4);
    /* The withheld callback comes after an answer. */
    assert_true(client_answer(client, NOTIFY, calls[2], S_OK));
    client_called(client, NOTIFY);
    assert_int_equal(client_waiting(client), 0);
}

AGENT_TEST(a_client_that_hangs_stalls_nobody)
{
    static const struct decided fine = {NOT_RESTRICTED, 0, SOH_NO_PROBATION, NULL};
    struct client *hung, *other = client_bound(2);
    uint32_t call;

    hung = client_notified(1, &call);
    object_init(&object, 1);
    object_decide(other, &object, &fine);
    agent_advance(100000);
    assert_int_equal(object_get_soh(other, &object), S_OK);
    assert_int_equal(client_bind(other, 1), E_ALREADY_INITIALIZED);
    client_disconnect(hung);
    assert_int_equal(client_unbind(other), S_OK);
    assert_int_equal(client_bind(other, 1), S_OK);
}

/* "Returning this value causes the enforcer to be removed from the bound-SHA list ... The failing
 * SHA can then re-initialize itself": RPC_S_SERVER_UNAVAILABLE and COM's own codes. */
AGENT_TEST(a_server_that_is_gone_is_unbound)
{
    static const uint32_t codes[] = {
            1722,                 /* RPC_S_SERVER_UNAVAILABLE, bare as pages print it */
            UINT32_C(0x800706BA), /* HRESULT_FROM_WIN32(RPC_S_SERVER_UNAVAILABLE) */
            UINT32_C(0x80010108), /* RPC_E_DISCONNECTED */
            UINT32_C(0x80010007), /* RPC_E_SERVER_DIED */
            UINT32_C(0x80010012), /* RPC_E_SERVER_DIED_DNE */
            UINT32_C(0x800401FD), /* CO_E_OBJNOTCONNECTED */
    };
    struct client *client, *other = client_connect();
    uint32_t call, id = 1;
    size_t i;

    for (i = 0; i < sizeof(codes) / sizeof(*codes); i++, id++)
    {
        client = client_notified(id, &call);
        object_init(&object, 1);
        assert_int_equal(object_get_soh(client, &object), S_OK);
        assert_int_equal(client_change_failure(client), S_OK);
        assert_true(client_answer(client, NOTIFY, call, codes[i]));
        assert_int_equal(object_get_soh(client, &object), NAP_E_NOT_INITIALIZED);
        assert_int_equal(client_state(other).connections, 0);
        agent_advance(100000);
        assert_int_equal(client_waiting(client), 0);
        assert_int_equal(client_bind_again(client, id), S_OK);
        call = client_called(client, NAPIPC_GET_CONNECTIONS);
        assert_true(client_answer(client, NAPIPC_GET_CONNECTIONS, call, codes[i]));
        assert_int_equal(client_unbind(client), NAP_E_NOT_INITIALIZED);
        assert_int_equal(client_bind(other, id), S_OK);
        assert_int_equal(client_unbind(other), S_OK);
    }
}

AGENT_TEST(connections_that_could_not_be_had_are_asked_for_again)
{
    static const struct decided restricted = {RESTRICTED, 0, SOH_NO_PROBATION, NULL};
    struct client *client = client_bound(1);
    uint32_t call;

    object_init(&object, 1);
    object_decide(client, &object, &restricted);
    assert_int_equal(client_unbind(client), S_OK);
    assert_int_equal(client_bind_again(client, 1), S_OK);
    call = client_called(client, NAPIPC_GET_CONNECTIONS);
    assert_true(client_answer(client, NAPIPC_GET_CONNECTIONS, call, E_OUTOFMEMORY));
    agent_advance(999);
    assert_int_equal(client_waiting(client), 0);
    agent_advance(1);
    call = client_called(client, NAPIPC_GET_CONNECTIONS);
    assert_true(client_answer(client, NAPIPC_GET_CONNECTIONS, call, E_FAIL));
    agent_advance(1999);
    assert_int_equal(client_waiting(client), 0);
    agent_advance(1);
    call = client_called(client, NAPIPC_GET_CONNECTIONS);
    assert_true(client_report(client, call, &object, 1));
    assert_int_equal(client_state(client).isolation.state, RESTRICTED);
    agent_advance(100000);
    assert_int_equal(client_waiting(client), 0);
}

AGENT_TEST(an_enforcer_may_have_no_connections)
{
    struct client *client = client_bound(1);
    uint32_t call;

    assert_int_equal(client_unbind(client), S_OK);
    assert_int_equal(client_bind_again(client, 1), S_OK);
    call = client_called(client, NAPIPC_GET_CONNECTIONS);
    assert_true(client_report(client, call, NULL, 0));
    assert_int_equal(client_state(client).connections, 0);
    assert_true(engine_next_deadline(agent.engine) == UINT64_MAX);
}

/* An answer to a callback that was not made breaks the protocol: its sender loses the
 * connection. */
AGENT_TEST(an_answer_that_nobody_asked_for_is_refused)
{
    struct client *client, *other;
    uint32_t call;

    client = client_notified(1, &call);
    other = client_bound(2);
    assert_false(client_answer(other, NOTIFY, call, S_OK));
    assert_false(client_answer(client, NOTIFY, call + 1, S_OK));
    assert_false(client_answer(client, NAPIPC_GET_CONNECTIONS, call, S_OK));
    assert_true(client_answer(client, NOTIFY, call, S_OK));
    assert_false(client_answer(client, NOTIFY, call, S_OK));
    assert_int_equal(agent_logged("refused-input"), 4);
}

/* After Uninitialize, answers to the binding's callbacks are ignored. */
AGENT_TEST(answers_after_unbinding_are_ignored)
{
    struct client *client;
    uint32_t call;

    client = client_notified(1, &call);
    assert_int_equal(client_unbind(client), S_OK);
    assert_true(engine_next_deadline(agent.engine) == UINT64_MAX);
    assert_int_equal(client_bind(client, 1), S_OK);
    /* The new binding is not affected, and has its own callbacks. */
    change(client);
    assert_true(client_answer(client, NOTIFY, call, 1722));
    assert_true(client_answer(client, NOTIFY, client_called(client, NOTIFY), S_OK));
    assert_int_equal(client_unbind(client), S_OK);
    assert_int_equal(agent_logged("callback-failed"), 0);
}

AGENT_TEST(unbinding_ends_all_waiting)
{
    struct client *client = client_bound(1);

    assert_int_equal(client_change_failure(client), S_OK);
    assert_int_equal(client_unbind(client), S_OK);
    assert_true(engine_next_deadline(agent.engine) == UINT64_MAX);
    assert_int_equal(client_bind(client, 1), S_OK);
    agent_advance(100000);
    assert_int_equal(client_waiting(client), 0);
    called_again(client, 1000);
}

/* Binding again and again without answering costs the agent nothing. */
AGENT_TEST(bindings_without_an_answer_are_few)
{
    struct client *client = client_bound(1);
    uint32_t calls[100], count, i;

    for (count = 0; count < 100; count++)
    {
        assert_int_equal(client_unbind(client), S_OK);
        if (client_bind_again(client, 1))
            break;
        calls[count] = client_called(client, NAPIPC_GET_CONNECTIONS);
    }
    assert_in_range(count, 1, 20);
    assert_int_equal(client_bind(client, 1), E_OUTOFMEMORY);
    for (i = 0; i < count; i++)
        assert_true(client_answer(client, NAPIPC_GET_CONNECTIONS, calls[i], E_FAIL));
    assert_int_equal(client_bind_again(client, 1), S_OK);
}

/* docs/administration.md: a setting of 0 is the default, and no delay exceeds the maximum. */
AGENT_TEST(settings_that_make_no_sense_are_not_taken)
{
    struct client *client;
    uint32_t call;

    agent_stop();
    memset(&agent.settings, 0, sizeof(agent.settings));
    assert_true(agent_start());
    client = client_bound(1);
    call = called_again(client, ENGINE_DEFAULT_RETRY_DELAY);
    assert_true(engine_next_deadline(agent.engine)
                == agent.monotonic + NAPIPC_DEFAULT_CALLBACK_DEADLINE);
    assert_true(client_answer(client, NOTIFY, call, S_OK));

    agent_stop();
    agent.settings.retry_delay = 3000;
    agent.settings.retry_delay_max = 2000;
    assert_true(agent_start());
    client_reconnect(client);
    assert_int_equal(client_bind(client, 1), S_OK);
    call = called_again(client, 2000);
    assert_true(client_answer(client, NOTIFY, call, S_OK));
    called_again(client, 2000);
}

TEST_MAIN(NULL, NULL)
