/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * The order of the agent's messages after an event: first the reply, then the log of the
 * consequences, then the watches of the isolation state, then the health agents, then the watches
 * of the whole state. A change that the reply confirms may be logged before it. Programs see this
 * order, so it stays.
 */
#include "tests/unit/engine/health_client.h"
#include "tests/unit/engine/ras_client.h"
#include "tests/unit/engine/rras_client.h"

#define SHV_NOT_OK 2 /* failureCategoryClientComponent */

/* 0: the enforcement client; 1: the health agent; 2: watches both */
static struct client *client, *health, *watcher;

static void watch(struct client *who, uint16_t type)
{
    struct napipc_message message = {.type = type};

    assert_int_equal(client_ask(who, &message, NULL), S_OK);
}

/* The watch is notified once until the next request. */
static void ask_state(void)
{
    client_state(watcher);
    agent_forget_steps();
}

static void begin(void)
{
    struct soh own = make_soh(SHA, 7);

    client = client_bound(QEC);
    health = agent_bound(SHA);
    watcher = client_connect();
    watch(watcher, NAPIPC_WATCH);
    watch(watcher, NAPIPC_WATCH_STATE);
    object_init(&object, 1);
    exchange(client, health, S_OK, &own, false, false);
}

static void take_all(struct client *who)
{
    struct napipc_message message;

    while (client_next(who, &message))
        ;
}

/* Takes all pending frames, and allows the watch's next notification. */
static void settle(void)
{
    take_all(client);
    take_all(health);
    take_all(watcher);
    ask_state();
}

static void assert_steps(const char *expected)
{
    assert_string_equal(agent.steps, expected);
}

AGENT_TEST(a_response_is_answered_logged_and_then_notified)
{
    begin();
    settle();
    assert_int_equal(respond(client, SHV_NOT_OK, 0x80270002), S_OK);
    assert_steps("0 SOH_RESPONSE reply\n"
                 "log decided\n"
                 "log isolation\n"
                 "2 ISOLATION_CHANGED\n"
                 "1 AGENT_ISOLATION_CHANGED\n"
                 "1 AGENT_PROCESS_RESPONSE\n"
                 "2 STATE_CHANGED\n");
}

AGENT_TEST(a_client_that_goes_is_logged_and_then_notified)
{
    begin();
    assert_int_equal(respond(client, SHV_NOT_OK, 0x80270002), S_OK);
    settle();
    client_disconnect(client);
    assert_steps("log lost\n"
                 "log isolation\n"
                 "2 ISOLATION_CHANGED\n"
                 "2 STATE_CHANGED\n");
}

/* The client is restricted. The health agent was notified of that and has answered. */
static void begin_restricted(void)
{
    struct napipc_message message;

    begin();
    assert_int_equal(respond(client, SHV_NOT_OK, 0x80270002), S_OK);
    do
        assert_true(client_next(health, &message));
    while (message.type != NAPIPC_AGENT_ISOLATION_CHANGED);
    message.type |= NAPIPC_REPLY;
    assert_true(client_send(health, &message));
    settle();
}

AGENT_TEST(a_connection_that_goes_down_is_answered_and_then_notified)
{
    begin_restricted();
    assert_int_equal(object_down(client, &object), S_OK);
    assert_steps("0 CONNECTION_DOWN reply\n"
                 "log isolation\n"
                 "2 ISOLATION_CHANGED\n"
                 "1 AGENT_ISOLATION_CHANGED\n"
                 "2 STATE_CHANGED\n");
}

AGENT_TEST(disabling_is_answered_logged_and_then_notified)
{
    begin_restricted();
    assert_int_equal(client_enable(client, ENFORCER, QEC, false), S_OK);
    assert_steps("0 SET_ENABLED reply\n"
                 "log disabled\n"
                 "log isolation\n"
                 "2 ISOLATION_CHANGED\n"
                 "1 AGENT_ISOLATION_CHANGED\n"
                 "2 STATE_CHANGED\n");
}

AGENT_TEST(unbinding_is_logged_answered_and_then_notified)
{
    begin_restricted();
    assert_int_equal(client_unbind(client), S_OK);
    assert_steps("log unbound\n"
                 "0 UNBIND reply\n"
                 "log isolation\n"
                 "2 ISOLATION_CHANGED\n"
                 "1 AGENT_ISOLATION_CHANGED\n"
                 "2 STATE_CHANGED\n");
}

/* Its decision is in PrivateData. GET_STATE has it at once, so watches are notified at once too. */
AGENT_TEST(a_connection_that_comes_back_is_notified_while_its_request_waits)
{
    begin_restricted();
    client_disconnect(client);
    client = client_connect();
    assert_int_equal(client_bind(client, QEC), S_OK);
    settle();
    send_get_soh(client);
    assert_steps("1 AGENT_GET_SOH\n"
                 "log isolation\n"
                 "2 ISOLATION_CHANGED\n"
                 "2 STATE_CHANGED\n");
}

AGENT_TEST(a_newer_request_is_answered_and_then_orphans)
{
    struct soh own = make_soh(SHA, 8);

    begin();
    settle();
    exchange(client, health, S_OK, &own, false, false);
    assert_steps("1 AGENT_GET_SOH\n"
                 "0 SOH_REQUEST reply\n"
                 "log orphaned\n"
                 "1 AGENT_ORPHANED\n"
                 "2 STATE_CHANGED\n");
}

/* ---- the tables of connections ---- */

/* Client 0 administers the remote access server, client 1 watches it. Returns an entry's id. */
static uint32_t begin_rras(void)
{
    uint32_t id;

    client = rras_administrator();
    watcher = rras_watcher();
    id = rras_add(client, "alice", "");
    take_all(watcher);
    agent_forget_steps();
    return id;
}

AGENT_TEST(an_entry_is_added_and_then_notified)
{
    begin_rras();
    rras_add(client, "bob", "");
    assert_steps("log rras\n"
                 "0 RRAS_ADD reply\n"
                 "1 RRAS_CHANGED\n");
}

AGENT_TEST(an_entry_is_changed_and_then_notified)
{
    uint32_t id = begin_rras();

    assert_int_equal(rras_set_quarantine(client, id, 1), S_OK);
    assert_steps("0 RRAS_UPDATE reply\n"
                 "1 RRAS_CHANGED\n");
}

AGENT_TEST(an_entry_is_removed_and_then_notified)
{
    uint32_t id = begin_rras();

    assert_int_equal(rras_ask(client, NAPIPC_RRAS_REMOVE, id), S_OK);
    assert_steps("log rras\n"
                 "0 RRAS_REMOVE reply\n"
                 "1 RRAS_CHANGED\n");
}

AGENT_TEST(a_client_is_disconnected_and_then_notified)
{
    uint32_t id = begin_rras();

    assert_int_equal(rras_ask(client, NAPIPC_RRAS_DISCONNECT, id), S_OK);
    assert_steps("log rras\n"
                 "log rras\n"
                 "0 RRAS_DISCONNECT reply\n"
                 "1 RRAS_CHANGED\n");
}

AGENT_TEST(a_ras_connection_is_hung_up_and_then_notified)
{
    uint32_t handle;

    client = client_connect();
    watcher = client_connect();
    watch(watcher, NAPIPC_RAS_WATCH);
    assert_int_equal(ras_add(client, "Office", "", 0, &handle), S_OK);
    take_all(watcher);
    agent_forget_steps();
    assert_int_equal(ras_ask(client, NAPIPC_RAS_HANG_UP, handle, NULL), S_OK);
    assert_steps("log ras\n"
                 "0 RAS_HANG_UP reply\n"
                 "1 RAS_CHANGED\n");
}

TEST_MAIN(NULL, NULL)
