/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Many requests at once: an overload inside the agent is no statement about the machine. Requests
 * wait for a health agent, each process has its share of it, and one that hangs costs its deadline
 * once.
 */
#include "tests/unit/engine/health_client.h"

#define CONNECTIONS NAPIPC_MAX_CONNECTIONS
#define COMPONENTS NAPIPC_MAX_COMPONENTS
#define FIRST_SHA 0x10000
#define FIRST_QEC 1

static struct object objects[COMPONENTS][CONNECTIONS];

/* GetSoHRequest on one of 20 connections of a client. */
static void ask(struct client *client, unsigned int owner, unsigned int number)
{
    object = objects[owner][number];
    object_name = 1 + owner * CONNECTIONS + number;
    send_get_soh(client);
    object_name = 0;
}

/* Takes one answer to GetSoHRequest, whichever request it is for. */
static void take(struct client *client)
{
    object_init(&object, 1);
    assert_int_equal(take_soh(client), S_OK);
}

static void prepare(unsigned int owners)
{
    unsigned int i, k;

    for (i = 0; i < owners; i++)
        for (k = 0; k < CONNECTIONS; k++)
            object_init(&objects[i][k], (uint8_t)(1 + k));
}

/* A callback that is not answered yet. */
struct unanswered
{
    uint16_t type;
    uint32_t call;
};

/* As many as a health agent may have. */
#define UNANSWERED_MAX 32

/* Answers a callback, GetSoHRequest with the health agent's own SoH. */
static void answer(struct client *health, uint32_t id, const struct unanswered *callback)
{
    struct napipc_message message = {.type = callback->type | NAPIPC_REPLY, .status = S_OK};
    struct soh soh = make_soh(id, 7);

    message.call = callback->call;
    if (callback->type == NAPIPC_AGENT_GET_SOH)
        message.agent_get_soh_reply =
                (struct napipc_agent_get_soh_reply){.soh = {soh.bytes, sizeof(soh.bytes)}};
    else if (callback->type != NAPIPC_AGENT_ORPHANED)
        message.agent_fixup_reply.fixup = (struct napipc_fixup){.state = FIXUP_SUCCESS};
    assert_true(client_send(health, &message));
}

/* Takes all that the health agent is asked, and answers GetSoHRequests. The others are answered
 * too, or kept in `kept`. The result is the number of GetSoHRequests, *kept_count that of the
 * others. */
static unsigned int answer_and_keep(
        struct client *health, uint32_t id, struct unanswered *kept, unsigned int *kept_count)
{
    struct unanswered taken[UNANSWERED_MAX];
    unsigned int i, taken_count, requests = 0;
    struct napipc_message message;

    do
    {
        for (taken_count = 0; client_next(health, &message); taken_count++)
        {
            assert_true(taken_count < UNANSWERED_MAX);
            taken[taken_count].type = message.type;
            taken[taken_count].call = message.call;
        }
        for (i = 0; i < taken_count; i++)
            if (kept && taken[i].type != NAPIPC_AGENT_GET_SOH)
                kept[(*kept_count)++] = taken[i];
            else
            {
                requests += taken[i].type == NAPIPC_AGENT_GET_SOH;
                answer(health, id, &taken[i]);
            }
    } while (taken_count);
    return requests;
}

/* Answers all that the health agent is asked; the result is the number of GetSoHRequests. */
static unsigned int answer_all(struct client *health, uint32_t id)
{
    return answer_and_keep(health, id, NULL, NULL);
}

AGENT_TEST(twenty_requests_at_once_all_hold_the_agents_own_soh)
{
    struct client *client = client_bound(QEC), *health = agent_bound(SHA);
    struct soh soh = make_soh(SHA, 7);
    unsigned int i;

    prepare(1);
    for (i = 0; i < CONNECTIONS; i++)
        ask(client, 0, i);
    assert_int_equal(answer_all(health, SHA), CONNECTIONS);
    assert_int_equal(client_waiting(client), CONNECTIONS);
    for (i = 0; i < CONNECTIONS; i++)
    {
        take(client);
        assert_entry(SHA, &soh);
    }
}

/* Takes the health agent's callbacks without answering them; returns their number. */
static unsigned int leave_all(struct client *health, uint32_t *calls)
{
    struct napipc_message message;
    unsigned int count = 0;

    while (client_next(health, &message))
        if (message.type == NAPIPC_AGENT_GET_SOH)
            calls[count++] = message.call;
    return count;
}

static void answer_one(struct client *health, uint32_t call, const struct soh *soh)
{
    struct napipc_message message = {.type = NAPIPC_AGENT_GET_SOH | NAPIPC_REPLY, .status = S_OK};

    message.call = call;
    message.agent_get_soh_reply =
            (struct napipc_agent_get_soh_reply){.soh = {soh->bytes, sizeof(soh->bytes)}};
    assert_true(client_send(health, &message));
}

static void ask_all(struct client *client, unsigned int owner)
{
    unsigned int i;

    for (i = 0; i < CONNECTIONS; i++)
        ask(client, owner, i);
}

/* All 20 answers are there, each with the health agent's own SoH. */
static void assert_all_own(struct client *client, const struct soh *soh)
{
    unsigned int i;

    assert_int_equal(client_waiting(client), CONNECTIONS);
    for (i = 0; i < CONNECTIONS; i++)
    {
        take(client);
        assert_entry(SHA, soh);
    }
}

AGENT_TEST(what_finds_no_slot_waits_for_one)
{
    struct client *clients[5], *health = agent_bound(SHA);
    struct soh soh = make_soh(SHA, 7);
    uint32_t calls[5 * CONNECTIONS];
    unsigned int i, asked;

    prepare(5);
    for (i = 0; i < 5; i++)
        clients[i] = client_bound(QEC + i);
    for (i = 0; i < 5; i++)
        ask_all(clients[i], i);
    asked = leave_all(health, calls);
    assert_in_range(asked, CONNECTIONS, 5 * CONNECTIONS - 1);
    /* Each answer frees a slot for one more callback. */
    for (i = 0; i < 5 * CONNECTIONS; i++)
    {
        assert_true(i < asked);
        answer_one(health, calls[i], &soh);
        asked += leave_all(health, calls + asked);
    }
    assert_int_equal(asked, 5 * CONNECTIONS);
    for (i = 0; i < 5; i++)
        assert_all_own(clients[i], &soh);
    assert_int_equal(agent_logged("callback-late"), 0);
    assert_int_equal(agent_logged("callback-skipped"), 0);
}

/* The process that came first, with more requests, gets only its share. */
AGENT_TEST(each_process_has_its_share)
{
    struct client *greedy = client_bound(QEC), *other = client_bound(QEC + 1);
    struct client *health = agent_bound(SHA);
    struct soh soh = make_soh(SHA, 7);
    uint32_t calls[4 * CONNECTIONS];
    unsigned int i, asked, done = 0;

    prepare(2);
    for (i = 0; i < 2; i++)
        ask_all(greedy, 0);
    asked = leave_all(health, calls);
    assert_int_equal(asked, CONNECTIONS);
    /* The other's requests do not wait for the greedy one at all, */
    ask(other, 1, 0);
    assert_int_equal(leave_all(health, calls + asked), 1);
    answer_one(health, calls[asked], &soh);
    take(other);
    assert_entry(SHA, &soh);
    /* and from then on both get the same share, however many requests it has. */
    ask_all(other, 1);
    asked += leave_all(health, calls + asked);
    for (; client_waiting(other) < CONNECTIONS; done++)
    {
        answer_one(health, calls[done], &soh);
        asked += leave_all(health, calls + asked);
    }
    assert_in_range(client_waiting(greedy), CONNECTIONS, 2 * CONNECTIONS);
}

/* A process with 60 requests without an answer keeps 8 slots while another asks, and has 20 when it
 * is alone. The other one has all that it asks for. */
AGENT_TEST(who_asks_for_more_than_there_is_gets_a_smaller_share)
{
    struct client *greedy[3], *other = client_bound(QEC + 3), *health = agent_bound(SHA);
    struct soh soh = make_soh(SHA, 7);
    uint32_t calls[3 * CONNECTIONS], others[CONNECTIONS];
    unsigned int i, asked, done, asked_others;

    prepare(4);
    for (i = 0; i < 3; i++)
    {
        greedy[i] = client_bound(QEC + i);
        greedy[i]->process_id = greedy[0]->process_id;
        ask_all(greedy[i], i);
    }
    asked = leave_all(health, calls);
    assert_int_equal(asked, CONNECTIONS);
    ask_all(other, 3);
    asked_others = leave_all(health, others);
    assert_int_equal(asked_others, 12);
    for (done = 0; done < 8; done++)
        answer_one(health, calls[done], &soh);
    asked_others += leave_all(health, others + asked_others);
    assert_int_equal(asked_others, CONNECTIONS);
    for (; done < 12; done++)
        answer_one(health, calls[done], &soh);
    assert_int_equal(leave_all(health, calls + asked), 0);
    answer_one(health, calls[done++], &soh);
    assert_int_equal(leave_all(health, calls + asked), 1);
    asked++;
    for (i = 0; i < asked_others; i++)
        answer_one(health, others[i], &soh);
    assert_all_own(other, &soh);
    asked += leave_all(health, calls + asked);
    assert_int_equal(asked - done, CONNECTIONS);
    for (; done < asked; done++)
    {
        answer_one(health, calls[done], &soh);
        asked += leave_all(health, calls + asked);
    }
    for (i = 0; i < 3; i++)
        assert_all_own(greedy[i], &soh);
}

/* A process that unbinds and binds again still has its pending callbacks. */
AGENT_TEST(a_share_is_the_process_not_the_connections)
{
    struct client *greedy = client_bound(QEC), *health = agent_bound(SHA);
    uint32_t calls[3 * CONNECTIONS];

    prepare(1);
    ask_all(greedy, 0);
    assert_int_equal(leave_all(health, calls), CONNECTIONS);
    client_disconnect(greedy);
    client_reconnect(greedy);
    assert_int_equal(client_bind(greedy, QEC), S_OK);
    prepare(1);
    ask_all(greedy, 0);
    assert_int_equal(leave_all(health, calls), 0);
    /* Queued requests end with their process. */
    client_disconnect(greedy);
    assert_int_equal(leave_all(health, calls), 0);
}

AGENT_TEST(an_agent_that_hangs_costs_its_deadline_once)
{
    struct client *client = client_bound(QEC), *other = client_bound(QEC + 1);
    struct client *health = agent_bound(SHA);
    struct soh soh = make_soh(SHA, 7);
    uint32_t calls[2 * CONNECTIONS];
    unsigned int i, asked;

    prepare(2);
    ask_all(client, 0);
    ask_all(other, 1);
    asked = leave_all(health, calls);
    assert_true(asked < 2 * CONNECTIONS);
    /* Requests that wait for a slot are settled with those that have one. */
    agent_advance(agent.settings.callback_deadline);
    assert_int_equal(client_waiting(client), CONNECTIONS);
    assert_int_equal(client_waiting(other), CONNECTIONS);
    for (i = 0; i < CONNECTIONS; i++)
    {
        take(client);
        assert_made(SHA, CLIENT_COMMUNICATION, NAP_E_NO_CACHED_SOH);
        take(other);
    }
    assert_int_equal(agent_logged("callback-late"), 1);
    /* No request waits for it now. */
    for (i = 0; i < 3; i++)
    {
        ask(client, 0, i);
        assert_int_equal(take_soh(client), S_OK);
        assert_made(SHA, CLIENT_COMMUNICATION, NAP_E_NO_CACHED_SOH);
    }
    assert_int_equal(leave_all(health, calls + asked), 0);
    assert_int_equal(agent_logged("callback-late"), 1);
    /* It gets callbacks again when it has returned. */
    for (i = 0; i < asked; i++)
        answer_one(health, calls[i], &soh);
    assert_int_equal(agent_logged("callback-returned"), 1);
    ask(client, 0, 0);
    assert_int_equal(answer_all(health, SHA), 1);
    assert_int_equal(take_soh(client), S_OK);
    assert_entry(SHA, &soh);
    /* The next hang is logged again. */
    ask(client, 0, 0);
    agent_advance(agent.settings.callback_deadline);
    assert_int_equal(take_soh(client), S_OK);
    assert_int_equal(agent_logged("callback-late"), 2);
}

AGENT_TEST(an_agent_that_hangs_has_its_cached_soh)
{
    struct client *client = client_bound(QEC), *health = agent_bound(SHA);
    struct soh soh = make_soh(SHA, 7);
    unsigned int i;

    object_init(&object, 1);
    exchange(client, health, S_OK, &soh, true, false);
    send_get_soh(client);
    agent_advance(agent.settings.callback_deadline);
    assert_int_equal(take_soh(client), S_OK);
    assert_entry(SHA, &soh);
    for (i = 0; i < 3; i++)
    {
        send_get_soh(client);
        assert_int_equal(take_soh(client), S_OK);
        assert_entry(SHA, &soh);
    }
    /* A health agent that binds again gets callbacks again. */
    client_disconnect(health);
    client_reconnect(health);
    assert_int_equal(agent_bind(health, SHA), S_OK);
    exchange(client, health, S_OK, &soh, false, false);
}

/* One that hangs only in ProcessSoHResponse still gets callbacks: it may have other threads. */
AGENT_TEST(an_agent_that_is_late_with_a_response_is_asked_for_its_soh)
{
    struct client *client = client_bound(QEC), *health = agent_bound(SHA);
    struct soh soh = make_soh(SHA, 7);

    object_init(&object, 1);
    exchange(client, health, S_OK, &soh, false, false);
    assert_int_equal(respond(client, CLIENT_COMPONENT, 1), S_OK);
    agent_advance(agent.settings.callback_deadline);
    while (client_waiting(health))
    {
        struct napipc_message message;

        assert_true(client_next(health, &message));
    }
    exchange(client, health, S_OK, &soh, false, false);
    assert_entry(SHA, &soh);
}

/* A single-threaded health agent answers calls one after the other, in any order: the last of 20 is
 * not late because 19 came before it. */
static void check_order(bool oldest_first)
{
    struct client *client = client_bound(QEC), *health = agent_bound(SHA);
    struct soh soh = make_soh(SHA, 7);
    uint32_t calls[CONNECTIONS];
    unsigned int i;

    prepare(1);
    ask_all(client, 0);
    assert_int_equal(leave_all(health, calls), CONNECTIONS);
    for (i = 0; i < CONNECTIONS; i++)
    {
        agent_advance(agent.settings.callback_deadline - 1);
        answer_one(health, calls[oldest_first ? i : CONNECTIONS - 1 - i], &soh);
    }
    assert_all_own(client, &soh);
    assert_int_equal(agent_logged("callback-late"), 0);
}

AGENT_TEST(the_calls_before_it_do_not_make_one_late)
{
    check_order(true);
}

AGENT_TEST(nor_do_those_that_were_sent_with_it)
{
    check_order(false);
}

/* ... and a callback that never returns is late, however many later ones return. */
AGENT_TEST(the_calls_after_it_do_not_keep_one_from_being_late)
{
    struct client *client = client_bound(QEC), *health = agent_bound(SHA);
    struct client *other = client_bound(QEC + 1);
    struct soh soh = make_soh(SHA, 7);
    uint32_t calls[CONNECTIONS];
    unsigned int i;

    prepare(1);
    ask_all(client, 0);
    assert_int_equal(leave_all(health, calls), CONNECTIONS);
    for (i = 1; i < CONNECTIONS; i++)
        answer_one(health, calls[i], &soh);
    assert_int_equal(client_waiting(client), CONNECTIONS - 1);
    /* The first five are sent within its deadline, the others after it. */
    object_init(&object, 99);
    for (i = 0; i < 11; i++)
    {
        agent_advance(agent.settings.callback_deadline / 5);
        send_get_soh(other);
        if (client_waiting(client) == CONNECTIONS - 1)
            answer_get_soh(health, S_OK, &soh, false, false);
        take_soh(other);
    }
    assert_int_equal(client_waiting(client), CONNECTIONS);
}

AGENT_TEST(who_asks_for_more_than_its_connections_is_not_read)
{
    struct client *client = client_bound(QEC), *other = client_bound(QEC + 1);
    struct client *health = agent_bound(SHA);
    struct soh soh = make_soh(SHA, 7);
    uint32_t calls[2 * CONNECTIONS];

    prepare(1);
    ask_all(client, 0);
    /* A client that respects the API's limits is never blocked. */
    assert_true(engine_takes_more(client->session));
    ask(client, 0, 0);
    assert_false(engine_takes_more(client->session));
    assert_true(engine_takes_more(other->session));
    assert_int_equal(client->may_say_more, 0);
    assert_int_equal(leave_all(health, calls), CONNECTIONS);
    answer_one(health, calls[0], &soh);
    assert_int_equal(client->may_say_more, 1);
    assert_true(engine_takes_more(client->session));
    /* A client that ends is not read further. */
    ask(client, 0, 0);
    assert_false(engine_takes_more(client->session));
    client_disconnect(client);
    assert_int_equal(client->may_say_more, 1);
}

/* A server's response waits for a slot too, and comes before that client's next request. */
AGENT_TEST(responses_wait_and_none_is_lost)
{
    struct client *client = client_bound(QEC), *others[2], *health = agent_bound(SHA);
    struct soh soh = make_soh(SHA, 7);
    uint32_t calls[2 * CONNECTIONS];
    struct napipc_message message;
    unsigned int i, asked;

    for (i = 0; i < 2; i++)
        others[i] = client_bound(QEC + 1 + i);
    object_init(&object, 1);
    exchange(client, health, S_OK, &soh, false, false);
    objects[2][0] = object;
    prepare(2);
    for (i = 0; i < 2; i++)
        ask_all(others[i], i);
    asked = leave_all(health, calls);
    object = objects[2][0];
    assert_int_equal(respond(client, CLIENT_COMPONENT, 1), S_OK);
    send_get_soh(client);
    assert_int_equal(client_waiting(health), 0);
    for (i = 0; i < asked && !client_waiting(health); i++)
        answer_one(health, calls[i], &soh);
    while (client_next(health, &message) && message.type == NAPIPC_AGENT_ISOLATION_CHANGED)
        answer_one(health, calls[i++], &soh);
    assert_int_equal(message.type, NAPIPC_AGENT_PROCESS_RESPONSE);
    assert_true(message.agent_process_response.soh.size);
    answer_one(health, calls[i], &soh);
    assert_true(client_next(health, &message));
    assert_int_equal(message.type, NAPIPC_AGENT_GET_SOH);
}

/* docs/compatibility.md: the maximum that the API's limits allow at once. */
AGENT_TEST(twenty_clients_ask_twenty_agents_on_twenty_connections)
{
    static struct client *clients[COMPONENTS], *agents[COMPONENTS];
    unsigned int i, k, answered = 0, more;

    prepare(COMPONENTS);
    for (i = 0; i < COMPONENTS; i++)
    {
        clients[i] = client_bound(FIRST_QEC + i);
        agents[i] = agent_bound(FIRST_SHA + i);
    }
    for (i = 0; i < COMPONENTS; i++)
        ask_all(clients[i], i);
    do
    {
        for (i = 0, more = 0; i < COMPONENTS; i++)
            more += answer_all(agents[i], FIRST_SHA + i);
        answered += more;
    } while (more);
    assert_int_equal(answered, COMPONENTS * COMPONENTS * CONNECTIONS);
    for (i = 0; i < COMPONENTS; i++)
    {
        assert_int_equal(client_waiting(clients[i]), CONNECTIONS);
        while (client_waiting(clients[i]))
        {
            take(clients[i]);
            for (k = 0; k < COMPONENTS; k++)
            {
                struct soh soh = make_soh(FIRST_SHA + k, 7);

                assert_entry(FIRST_SHA + k, &soh);
            }
        }
    }
}

/* Takes the answers to GetSoHRequest on all its connections. */
static void take_all(struct client *client, unsigned int owner)
{
    struct soh soh = make_soh(SHA, 7);
    unsigned int i;

    assert_int_equal(client_waiting(client), CONNECTIONS);
    for (i = 0; i < CONNECTIONS; i++)
    {
        object = objects[owner][i];
        assert_int_equal(take_soh(client), S_OK);
        assert_entry(SHA, &soh);
        objects[owner][i] = object;
    }
}

/* One process with all that the API allows at once: 20 enforcement clients with 20 connections
 * each, each with an orphaned request, a response and the next request that wait for one health
 * agent. What it asks for beyond what waits at most fails, and says nothing about the health agent.
 */
AGENT_TEST(what_one_process_may_have_waiting)
{
    static struct client *clients[COMPONENTS];
    struct client *health;
    struct soh soh = make_soh(SHA, 7);
    struct unanswered orphaned[UNANSWERED_MAX];
    unsigned int i, k, orphaned_count = 0, more;

    prepare(COMPONENTS);
    for (i = 0; i < COMPONENTS; i++)
    {
        clients[i] = client_bound(FIRST_QEC + i);
        clients[i]->process_id = clients[0]->process_id;
    }
    health = agent_bound(SHA);
    for (i = 0; i < COMPONENTS; i++)
        ask_all(clients[i], i);
    assert_int_equal(answer_all(health, SHA), COMPONENTS * CONNECTIONS);
    for (i = 0; i < COMPONENTS; i++)
        take_all(clients[i], i);
    /* The next exchange of each orphans the first. */
    for (i = 0; i < COMPONENTS; i++)
        ask_all(clients[i], i);
    answer_and_keep(health, SHA, orphaned, &orphaned_count);
    assert_int_equal(orphaned_count, CONNECTIONS); /* in all slots of the process */
    for (i = 0; i < COMPONENTS; i++)
        take_all(clients[i], i);
    for (i = 0; i < COMPONENTS; i++)
        for (k = 0; k < CONNECTIONS; k++)
        {
            object = objects[i][k];
            assert_true(soh_parse(object.ssoh, object.ssoh_size, &packet, NULL));
            assert_int_equal(respond(clients[i], CLIENT_COMPONENT, 1), S_OK);
            objects[i][k] = object;
            assert_int_equal(agent_logged("callback-skipped"), 0);
            agent.log_count = 0; /* it has capacity for so many */
        }
    for (i = 0; i < COMPONENTS; i++)
        ask_all(clients[i], i);
    for (i = 0; i < COMPONENTS; i++)
        assert_int_equal(client_waiting(clients[i]), 0);
    assert_int_equal(agent_logged("callback-skipped"), 0);

    /* It has 20 in slots, and 1,180 that wait: 100 more may. */
    for (more = 0; more < 100; more++)
        ask(clients[0], 0, more % CONNECTIONS);
    assert_int_equal(client_waiting(clients[0]), 0);
    assert_int_equal(agent_logged("callback-skipped"), 0);
    for (i = 0; i < 2; i++)
    {
        ask(clients[0], 0, i);
        assert_int_equal(client_waiting(clients[0]), 1);
        assert_int_equal(take_soh(clients[0]), E_OUTOFMEMORY);
        assert_int_equal(agent_logged("callback-skipped"), 1);
    }

    /* All that was accepted is answered, and with what the health agent said. */
    for (i = 0; i < orphaned_count; i++)
        answer(health, SHA, &orphaned[i]);
    assert_int_equal(answer_all(health, SHA), COMPONENTS * CONNECTIONS + more);
    for (i = 0; i < COMPONENTS; i++)
    {
        assert_int_equal(client_waiting(clients[i]), CONNECTIONS + (i ? 0 : more));
        while (client_waiting(clients[i]))
        {
            take(clients[i]);
            assert_entry(SHA, &soh);
        }
    }
}

TEST_MAIN(NULL, NULL)
