/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Connections that programs dial. The contract is docs/protocol.md, RAS_DIAL and RAS_DIAL_NEXT, and
 * for the DLL the page RasDial.
 */
#include "tests/unit/engine/ras_client.h"

#include <stdio.h>

#define ERROR_PORT_DISCONNECTED 619
#define ERROR_USER_DISCONNECTION 631
#define ERROR_PORT_NOT_AVAILABLE 633
#define ERROR_NO_ANSWER 678
#define ERROR_AUTHENTICATION_FAILURE 691
#define PORT_NOT_AVAILABLE UINT32_C(0x80070279)
#define DIAL_ALREADY_IN_PROGRESS UINT32_C(0x800702F4)
#define TIMEOUT UINT32_C(0x800705B4)
#define FILE_NOT_FOUND UINT32_C(0x80070002)

#define RASCS_OpenPort 0
#define RASCS_ConnectDevice 2
#define RASCS_Authenticate 5
#define RASCS_Connected 0x2000
#define RASCS_Disconnected 0x2001

static struct napipc_message dialing(const char *entry)
{
    struct napipc_message request = {.type = NAPIPC_RAS_DIAL};

    request.ras_dial.connection.source = NAPIPC_RAS_DIALED;
    request.ras_dial.connection.entry_name = text(entry);
    request.ras_dial.connection.phonebook = text("C:\\my.pbk");
    request.ras_dial.connection.device_type = text("vpn");
    request.ras_dial.connection.device_name = text("WAN Miniport");
    request.ras_dial.connection.phone_number = text("vpn.example.com");
    request.ras_dial.connection.user = text("ann");
    request.ras_dial.domain = text("CORP");
    request.ras_dial.password = text("secret");
    return request;
}

static uint32_t dial_as(
        struct client *client, const char *entry, struct napipc_ras_dial_reply *dialed)
{
    struct napipc_message request = dialing(entry), reply;
    uint32_t status = client_ask(client, &request, &reply);

    *dialed = reply.ras_dial_reply;
    return status;
}

/* There is a dialer, and it has begun. */
static uint32_t dial(struct client *client)
{
    struct napipc_ras_dial_reply dialed;

    agent.dialer_result = S_OK;
    assert_int_equal(dial_as(client, "Office", &dialed), S_OK);
    assert_false(dialed.existing);
    return dialed.handle;
}

static void ask_next(struct client *client, uint32_t handle, uint32_t seen)
{
    struct napipc_message request = {.type = NAPIPC_RAS_DIAL_NEXT};

    request.call = ++client->call;
    request.ras_dial_next.handle = handle;
    request.ras_dial_next.seen = seen;
    assert_true(client_send(client, &request));
}

static void assert_reported(
        struct client *client, uint32_t state, uint32_t error, uint32_t count, bool decided)
{
    struct napipc_message reply;

    assert_true(client_next(client, &reply));
    assert_int_equal(reply.type, NAPIPC_RAS_DIAL_NEXT | NAPIPC_REPLY);
    assert_int_equal(reply.status, S_OK);
    assert_int_equal(reply.ras_dial_next_reply.state, state);
    assert_int_equal(reply.ras_dial_next_reply.error, error);
    assert_int_equal(reply.ras_dial_next_reply.count, count);
    assert_int_equal(reply.ras_dial_next_reply.decided, decided);
}

static void assert_next(struct client *client, uint32_t handle, uint32_t seen, uint32_t state,
        uint32_t error, bool decided)
{
    ask_next(client, handle, seen);
    assert_reported(client, state, error, seen + 1, decided);
}

static void assert_status(struct client *client, uint32_t handle, uint32_t state, uint32_t error)
{
    struct napipc_ras_get_reply got;

    assert_int_equal(ras_get(client, handle, &got), S_OK);
    assert_int_equal(got.state, state);
    assert_int_equal(got.error, error);
    assert_int_equal(got.active, state == RASCS_Connected);
    assert_true(string_is(got.connection.entry_name, "Office"));
}

static uint32_t hang_up(struct client *client, uint32_t handle)
{
    return ras_ask(client, NAPIPC_RAS_HANG_UP, handle, NULL);
}

/* ---- the dialer ---- */

AGENT_TEST(without_a_dialer_nothing_is_dialed)
{
    struct client *client = client_connect();
    struct napipc_ras_dial_reply dialed;

    assert_int_equal(dial_as(client, "Office", &dialed), PORT_NOT_AVAILABLE);
    assert_int_equal(agent_logged("dialer-missing"), 1);
    assert_non_null(strstr(agent_log_text("dialer-missing"), "Dialer"));
    agent.dialer_result = E_FAIL;
    assert_int_equal(dial_as(client, "Office", &dialed), PORT_NOT_AVAILABLE);
    assert_int_equal(agent_logged("dialer-failed"), 1);
    assert_int_equal(ras_listed(client, 0).count, 0);
}

/* Any user may dial. The password is the dialer's input and in none of its arguments. */
AGENT_TEST(the_dialer_gets_the_call)
{
    struct client *client = client_connect();
    struct napipc_ras_dial_reply dialed;
    struct napipc_message request;
    char number[16];
    unsigned int i;

    client->administrator = false;
    snprintf(number, sizeof(number), "%u", (unsigned int)dial(client));
    assert_string_equal(agent.dialer_arguments[0], "dial");
    assert_string_equal(agent.dialer_arguments[1], number);
    assert_string_equal(agent.dialer_arguments[2], "Office");
    assert_string_equal(agent.dialer_arguments[3], "C:\\my.pbk");
    assert_string_equal(agent.dialer_arguments[4], "vpn");
    assert_string_equal(agent.dialer_arguments[5], "WAN Miniport");
    assert_string_equal(agent.dialer_arguments[6], "vpn.example.com");
    assert_string_equal(agent.dialer_arguments[7], "ann");
    assert_string_equal(agent.dialer_arguments[8], "CORP");
    assert_string_equal(agent.dialer_input, "secret");
    /* In UTF-8. */
    request = dialing("Home");
    request.ras_dial.password =
            (struct napipc_string){(const uint8_t *)"\xac\x20\x3d\xd8\x00\xde", 3};
    assert_int_equal(client_ask(client, &request, NULL), S_OK);
    assert_string_equal(agent.dialer_input, "\xe2\x82\xac\xf0\x9f\x98\x80");
    assert_int_equal(dial_as(client, "Hotel", &dialed), S_OK);
    for (i = 0; i < agent.log_count; i++)
        assert_null(strstr(agent.log[i].text, "secret"));
}

AGENT_TEST(limits_of_a_call)
{
    struct client *client = client_connect();
    struct napipc_ras_dial_reply dialed;
    struct napipc_message request;
    char long_text[300];

    agent.dialer_result = S_OK;
    memset(long_text, 'x', sizeof(long_text));
    long_text[257] = 0;
    assert_int_equal(dial_as(client, "", &dialed), E_INVALIDARG);
    assert_int_equal(dial_as(client, long_text, &dialed), E_INVALIDARG);
    request = dialing("Office");
    request.ras_dial.password = text(long_text);
    assert_int_equal(client_ask(client, &request, NULL), E_INVALIDARG);
    request = dialing("Office");
    request.ras_dial.domain = text("a domain of more");
    assert_int_equal(client_ask(client, &request, NULL), E_INVALIDARG);
    request = dialing("Office");
    request.ras_dial.callback_number = text(long_text);
    assert_int_equal(client_ask(client, &request, NULL), E_INVALIDARG);
    assert_int_equal(agent.dialers, 0);
    request = dialing("Office");
    long_text[256] = 0;
    request.ras_dial.password = text(long_text);
    assert_int_equal(client_ask(client, &request, NULL), S_OK);
    assert_string_equal(agent.dialer_input, long_text);
}

/* ---- the states ---- */

AGENT_TEST(states_are_passed_in_order)
{
    struct client *client = client_connect(), *other = client_connect();
    uint32_t handle = dial(client);
    struct napipc_message request = {.type = NAPIPC_RAS_DIAL_NEXT};

    assert_status(other, handle, RASCS_OpenPort, 0);
    assert_next(client, handle, 0, RASCS_OpenPort, 0, false);
    ask_next(client, handle, 1);
    assert_int_equal(client_waiting(client), 0);
    agent_dialer_line("state open-port"); /* it is in that state */
    agent_dialer_line("state no-such-state");
    agent_dialer_line("state");
    agent_dialer_line("Connecting ...");
    assert_int_equal(client_waiting(client), 0);
    assert_int_equal(agent_logged("dialer"), 3);
    agent_dialer_line("state connect-device");
    assert_reported(client, RASCS_ConnectDevice, 0, 2, false);
    assert_status(other, handle, RASCS_ConnectDevice, 0);
    /* Those that nobody waited for are not lost. */
    agent_dialer_line("state authenticate");
    agent_dialer_line("state connect-device");
    assert_next(client, handle, 2, RASCS_Authenticate, 0, false);
    assert_next(client, handle, 3, RASCS_ConnectDevice, 0, false);
    /* They are the dialing session's. */
    request.ras_dial_next.handle = handle;
    assert_int_equal(client_ask(other, &request, NULL), NO_CONNECTION);
    request.ras_dial_next.handle = handle + 1;
    assert_int_equal(client_ask(client, &request, NULL), INVALID_HANDLE);
    assert_int_equal(ras_listed(other, 0).count, 0);
}

/* "answered after at most 15 s" */
AGENT_TEST(nothing_new_is_an_answer_too)
{
    struct client *client = client_connect();
    uint32_t handle = dial(client);

    ask_next(client, handle, 1);
    agent_advance(14999);
    assert_int_equal(client_waiting(client), 0);
    agent_advance(1);
    assert_reported(client, RASCS_OpenPort, 0, 1, false);
    /* One waits at a time: a second request answers the first. */
    ask_next(client, handle, 1);
    ask_next(client, handle, 1);
    assert_reported(client, RASCS_OpenPort, 0, 1, false);
    agent_dialer_line("state authenticate");
    assert_reported(client, RASCS_Authenticate, 0, 2, false);
    assert_int_equal(client_waiting(client), 0);
}

AGENT_TEST(a_dialer_that_says_much)
{
    struct client *client = client_connect();
    uint32_t handle = dial(client), i;

    for (i = 0; i < 100; i++)
        agent_dialer_line(i % 2 ? "state authenticate" : "state re-authenticate");
    agent_dialer_ended(S_OK, 0);
    assert_next(client, handle, 62, RASCS_Authenticate, 0, false);
    assert_next(client, handle, 63, RASCS_Connected, 0, true);
    assert_status(client, handle, RASCS_Connected, 0);
}

/* ---- connected ---- */

AGENT_TEST(the_interface_is_the_connection)
{
    struct client *client = client_connect(), *watcher = client_connect();
    struct napipc_message watch = {.type = NAPIPC_RAS_WATCH}, notification;
    struct napipc_ras_get_reply got;
    uint32_t handle = dial(client);

    assert_int_equal(client_ask(watcher, &watch, NULL), S_OK);
    agent_dialer_line("interface tun0");
    agent_interface("tun0", 6, ENGINE_INTERFACE_TUN)->mtu = 1400;
    agent_advance(3000); /* the poll for the watcher does not list it */
    assert_int_equal(ras_listed(watcher, 0).count, 0);
    ask_next(client, handle, 1);
    agent_dialer_ended(S_OK, 0);
    assert_reported(client, RASCS_Connected, 0, 2, true);
    assert_true(client_next(watcher, &notification));
    assert_int_equal(notification.type, NAPIPC_RAS_CHANGED);
    assert_int_equal(notification.ras_changed.handle, handle);
    assert_true(notification.ras_changed.connected);
    assert_int_equal(client_waiting(watcher), 0);
    assert_int_equal(ras_listed(watcher, 0).count, 1);
    assert_int_equal(ras_listed(watcher, 0).connections[0].connection.source, NAPIPC_RAS_DIALED);
    assert_int_equal(ras_get(watcher, handle, &got), S_OK);
    assert_true(got.active);
    assert_int_equal(got.state, RASCS_Connected);
    assert_true(got.link.known);
    assert_int_equal(got.link.mtu, 1400);
    assert_true(string_is(got.connection.user, "ann"));
    assert_true(string_is(got.connection.interface_name, "tun0"));
    /* It outlives the program that made it, and the agent. */
    client_disconnect(client);
    assert_status(watcher, handle, RASCS_Connected, 0);
    agent_stop();
    assert_true(agent_start());
    client_reconnect(watcher);
    assert_status(watcher, handle, RASCS_Connected, 0);
    /* Another interface of that name is another connection. */
    agent.interfaces[0].index = 7;
    assert_int_equal(ras_get(watcher, handle, &got), NO_CONNECTION);
    assert_int_equal(ras_listed(watcher, 0).connections[0].connection.source, NAPIPC_RAS_HOST);
}

/* An interface that came before the dialer named it is not listed a second time. */
AGENT_TEST(the_interface_is_no_connection_by_itself)
{
    struct client *client = client_connect();
    uint32_t handle = dial(client), host;

    agent_interface("ppp0", 6, ENGINE_INTERFACE_PPP);
    host = ras_listed(client, 0).connections[0].connection.handle;
    agent_dialer_line("interface ppp0");
    agent_dialer_ended(S_OK, 0);
    assert_int_equal(ras_listed(client, 0).count, 1);
    assert_int_equal(ras_listed(client, 0).connections[0].connection.handle, handle);
    assert_int_equal(hang_up(client, host), NO_CONNECTION);
    agent.interface_count = 0;
    assert_int_equal(ras_listed(client, 0).count, 0);
    assert_int_equal(hang_up(client, handle), NO_CONNECTION);
}

AGENT_TEST(an_interface_may_appear_late)
{
    struct client *client = client_connect();
    uint32_t handle = dial(client);
    struct napipc_ras_get_reply got;

    agent_dialer_line("interface eth7");
    agent_dialer_ended(S_OK, 0);
    agent_advance(9000);
    assert_status(client, handle, RASCS_Connected, 0);
    agent_interface("eth7", 9, ENGINE_INTERFACE_ETHERNET); /* of any kind: the dialer says so */
    assert_status(client, handle, RASCS_Connected, 0);
    agent_advance(5000);
    assert_status(client, handle, RASCS_Connected, 0);
    agent.interface_count = 0;
    assert_int_equal(ras_get(client, handle, &got), NO_CONNECTION);
    handle = dial(client);
    agent_dialer_line("interface eth8");
    agent_dialer_ended(S_OK, 0);
    agent_advance(11000);
    assert_int_equal(ras_get(client, handle, &got), NO_CONNECTION);
}

AGENT_TEST(without_an_interface_it_stays_until_it_is_hung_up)
{
    struct client *client = client_connect();
    uint32_t handle = dial(client);

    agent_dialer_ended(S_OK, 0);
    agent_advance(60000);
    assert_status(client, handle, RASCS_Connected, 0);
    agent_stop();
    assert_true(agent_start());
    client_reconnect(client);
    assert_status(client, handle, RASCS_Connected, 0);
}

/* A connection that is not stored would be lost: it is ended. */
AGENT_TEST(a_store_that_fails)
{
    struct client *client = client_connect();
    uint32_t handle = dial(client);

    agent.store_result = E_DISK_FULL;
    agent_dialer_ended(S_OK, 0);
    agent.store_result = S_OK;
    assert_int_equal(agent.dialers, 2);
    assert_string_equal(agent.dialer_arguments[0], "hang-up");
    assert_next(client, handle, 1, RASCS_OpenPort, 112, true);
    agent_dialer_ended(S_OK, 0);
    assert_status(client, handle, RASCS_Disconnected, 112);
}

/* ---- failed ---- */

AGENT_TEST(a_failed_attempt_is_known_until_it_is_hung_up)
{
    struct client *client = client_connect(), *other = client_connect();
    uint32_t handle = dial(client), second;
    struct napipc_ras_get_reply got;

    agent_dialer_line("state authenticate");
    agent_dialer_line("error 600");
    agent_dialer_line("error none");
    agent_dialer_line("error 691");
    assert_next(client, handle, 1, RASCS_Authenticate, 0, false);
    ask_next(client, handle, 2);
    agent_dialer_ended(S_OK, 1);
    /* "again with a nonzero dwError" */
    assert_reported(client, RASCS_Authenticate, ERROR_AUTHENTICATION_FAILURE, 3, true);
    assert_next(client, handle, 2, RASCS_Authenticate, ERROR_AUTHENTICATION_FAILURE, true);
    assert_status(other, handle, RASCS_Disconnected, ERROR_AUTHENTICATION_FAILURE);
    assert_int_equal(ras_listed(other, 0).count, 0);
    /* The entry can be dialed again. */
    second = dial(client);
    assert_true(second > handle);
    assert_int_equal(hang_up(client, handle), S_OK);
    assert_int_equal(ras_get(client, handle, &got), NO_CONNECTION);
    assert_int_equal(hang_up(client, handle), NO_CONNECTION);
    agent_dialer_ended(S_OK, 1);
    client_disconnect(client);
    assert_int_equal(ras_get(other, second, &got), NO_CONNECTION);
    assert_int_equal(agent.dialers, 2);
}

AGENT_TEST(errors_of_an_attempt)
{
    static const struct
    {
        const char *line;
        uint32_t result;
        int exit_status;
        uint32_t error;
    } ends[] = {
            {"error 691", S_OK, 1, 691},
            {"", S_OK, 3, ERROR_PORT_DISCONNECTED},
            {"error 0", S_OK, 3, ERROR_PORT_DISCONNECTED},
            {"error 691x", S_OK, 3, ERROR_PORT_DISCONNECTED},
            {"error 1234567890", S_OK, 3, ERROR_PORT_DISCONNECTED},
            {"error 691", TIMEOUT, 0, ERROR_NO_ANSWER},
            {"", FILE_NOT_FOUND, 0, ERROR_PORT_NOT_AVAILABLE},
            {"", E_FAIL, 0, ERROR_PORT_DISCONNECTED},
    };
    struct client *client = client_connect();
    size_t i;

    for (i = 0; i < sizeof(ends) / sizeof(*ends); i++)
    {
        uint32_t handle = dial(client);

        agent_dialer_line(ends[i].line);
        agent_dialer_ended(ends[i].result, ends[i].exit_status);
        assert_status(client, handle, RASCS_Disconnected, ends[i].error);
        assert_int_equal(hang_up(client, handle), S_OK);
    }
}

/* ---- a second call ---- */

AGENT_TEST(an_entry_is_dialed_once)
{
    struct client *client = client_connect(), *other = client_connect();
    struct napipc_ras_dial_reply dialed;
    uint32_t handle = dial(client);

    assert_int_equal(dial_as(other, "Office", &dialed), DIAL_ALREADY_IN_PROGRESS);
    assert_int_equal(dial_as(other, "Home", &dialed), S_OK);
    agent.dialer_number--;
    agent_dialer_ended(S_OK, 0);
    assert_int_equal(dial_as(other, "Office", &dialed), S_OK);
    assert_true(dialed.existing);
    assert_int_equal(dialed.handle, handle);
    assert_int_equal(agent.dialers, 2);
}

/* An administrator's entry without a phone book is the entry of that name. */
AGENT_TEST(an_entry_of_the_table_is_up_too)
{
    struct client *client = client_connect();
    struct napipc_ras_dial_reply dialed;
    uint32_t handle;

    agent.dialer_result = S_OK;
    assert_int_equal(ras_add(client, "Office", "", 0, &handle), S_OK);
    assert_int_equal(dial_as(client, "Office", &dialed), S_OK);
    assert_true(dialed.existing);
    assert_int_equal(dialed.handle, handle);
    assert_int_equal(dial_as(client, "Home", &dialed), S_OK);
    assert_false(dialed.existing);
}

AGENT_TEST(no_more_than_64_attempts)
{
    struct client *client = client_connect();
    struct napipc_ras_dial_reply dialed;
    uint32_t first = 0, number = 0, handle;
    struct napipc_ras_get_reply got;
    char entry[16];
    unsigned int i;

    agent.dialer_result = S_OK;
    for (i = 0; i < 64; i++)
    {
        snprintf(entry, sizeof(entry), "entry %u", i);
        assert_int_equal(dial_as(client, entry, &dialed), S_OK);
        if (!i)
        {
            first = dialed.handle;
            number = agent.dialer_number;
        }
    }
    assert_int_equal(dial_as(client, "Office", &dialed), NOT_ENOUGH_QUOTA);
    /* One that has failed goes for a new one. */
    agent.dialer_number = number;
    agent_dialer_ended(S_OK, 1);
    assert_int_equal(ras_get(client, first, &got), S_OK);
    handle = dial(client);
    assert_int_equal(ras_get(client, first, &got), NO_CONNECTION);
    assert_status(client, handle, RASCS_OpenPort, 0);
}

/* ---- ended by others ---- */

/* RasHangUp: "The connection is terminated even if the RasDial call has not yet been completed." */
AGENT_TEST(hanging_up_ends_an_attempt)
{
    struct client *client = client_connect(), *other = client_connect();
    uint32_t handle = dial(client), run = agent.dialer_number;
    struct napipc_ras_get_reply got;

    other->administrator = false;
    agent_dialer_line("state authenticate");
    ask_next(client, handle, 2);
    assert_int_equal(hang_up(other, handle), S_OK);
    assert_reported(client, RASCS_Authenticate, ERROR_USER_DISCONNECTION, 3, true);
    assert_int_equal(agent.ended_runs, 1);
    assert_int_equal(agent.ended_run, run);
    assert_int_equal(ras_get(client, handle, &got), NO_CONNECTION);
    other->administrator = true;
    assert_int_equal(hang_up(other, handle), NO_CONNECTION);
    /* What its dialer still does is harmless. */
    agent_dialer_line("state authenticated");
    agent_dialer_ended(S_OK, 1);
    assert_int_equal(client_waiting(client), 0);
    assert_int_equal(agent.dialers, 1);
    assert_int_equal(agent.ended_runs, 1);
}

AGENT_TEST(a_session_takes_its_attempts_along)
{
    struct client *client = client_connect(), *other = client_connect();
    uint32_t handle = dial(client);
    struct napipc_ras_get_reply got;

    ask_next(client, handle, 1);
    client_disconnect(client);
    assert_int_equal(agent.ended_runs, 1);
    assert_int_equal(agent.ended_run, agent.dialer_number);
    assert_int_equal(ras_get(other, handle, &got), NO_CONNECTION);
    agent_advance(20000);
    /* Nobody wants the connection that it has made all the same. */
    agent_dialer_line("interface tun3");
    agent_dialer_ended(S_OK, 0);
    assert_int_equal(agent.dialers, 2);
    assert_string_equal(agent.dialer_arguments[0], "hang-up");
    assert_string_equal(agent.dialer_arguments[2], "Office");
    assert_string_equal(agent.dialer_arguments[9], "tun3");
    agent_dialer_ended(S_OK, 1);
    assert_int_equal(agent_logged("dialer-failed"), 1);
    assert_int_equal(ras_listed(other, 0).count, 0);
}

AGENT_TEST(a_stopping_agent_ends_the_dialers)
{
    struct client *client = client_connect();

    dial(client);
    agent_stop();
    assert_int_equal(agent.ended_runs, 1);
    assert_true(agent_start());
    client_reconnect(client);
    assert_int_equal(ras_listed(client, 0).count, 0);
}

/* ---- hanging up ---- */

AGENT_TEST(the_dialer_hangs_up)
{
    struct client *client = client_connect(), *other = client_connect();
    struct napipc_message request = {.type = NAPIPC_RAS_HANG_UP}, reply;
    uint32_t handle = dial(client);
    struct napipc_ras_get_reply got;
    char number[16];

    agent_interface("tun0", 6, ENGINE_INTERFACE_TUN);
    agent_dialer_line("interface tun0");
    agent_dialer_ended(S_OK, 0);
    client_disconnect(client);
    other->administrator = false; /* who may dial may hang up */
    request.ras_handle.handle = handle;
    request.call = ++other->call;
    assert_true(client_send(other, &request));
    snprintf(number, sizeof(number), "%u", (unsigned int)handle);
    assert_string_equal(agent.dialer_arguments[0], "hang-up");
    assert_string_equal(agent.dialer_arguments[1], number);
    assert_string_equal(agent.dialer_arguments[2], "Office");
    assert_string_equal(agent.dialer_arguments[7], "ann");
    assert_string_equal(agent.dialer_arguments[9], "tun0");
    assert_string_equal(agent.dialer_input, "");
    assert_int_equal(client_waiting(other), 0);
    agent_dialer_ended(S_OK, 1);
    assert_true(client_next(other, &reply));
    assert_int_equal(reply.status, HANGUP_FAILED);
    assert_status(other, handle, RASCS_Connected, 0);
    request.call = ++other->call;
    assert_true(client_send(other, &request));
    agent_dialer_ended(S_OK, 0);
    assert_true(client_next(other, &reply));
    assert_int_equal(reply.status, S_OK);
    assert_int_equal(ras_get(other, handle, &got), NO_CONNECTION);
    assert_int_equal(agent.hooks, 0);
}

AGENT_TEST(hanging_up_without_a_dialer)
{
    struct client *client = client_connect();
    uint32_t handle = dial(client);

    agent_dialer_ended(S_OK, 0);
    agent.dialer_result = NOT_FOUND;
    assert_int_equal(hang_up(client, handle), HANGUP_FAILED);
    assert_int_equal(agent_logged("dialer-missing"), 1);
    assert_status(client, handle, RASCS_Connected, 0);
}

/* Of what no program dialed, others learn nothing. */
AGENT_TEST(the_rest_is_for_administrators)
{
    struct client *client = client_connect();
    uint32_t handle;

    assert_int_equal(ras_add(client, "Office", "", 0, &handle), S_OK);
    client->administrator = false;
    assert_int_equal(hang_up(client, handle), E_ACCESSDENIED);
    assert_int_equal(hang_up(client, handle + 1), E_ACCESSDENIED);
    assert_int_equal(agent_logged("refused-access"), 1);
}

TEST_MAIN(NULL, NULL)
