/*
 * Health agents: what they are asked and told, and what goes into the SSoH for
 * them. Pages: INapSystemHealthAgentCallback and its methods.
 */
#include "tests/unit/engine/agent.h"

#define NAP_E_NO_CACHED_SOH UINT32_C(0x80270004)
#define CLIENT_COMPONENT 2
#define CLIENT_COMMUNICATION 3
/* FixupState */
#define FIXUP_SUCCESS 0
#define FIXUP_IN_PROGRESS 1

#define QEC 1
#define SHA 0x1234
#define OTHER_SHA 0x2345

static struct object object;
static uint64_t object_name; /* as its client names it */
static struct soh_packet packet;

/* An SoH of this agent: its id, and one result code. */
struct soh
{
    uint8_t bytes[16];
};

static struct soh make_soh(uint32_t id, uint8_t code)
{
    struct soh soh = {{0, 2, 0, 4, id >> 24, id >> 16, id >> 8, id, 0, 4, 0, 4, 0, 0, 0, code}};

    return soh;
}

static struct client *agent_registered(uint32_t id)
{
    struct client *client = client_connect();

    assert_int_equal(client_register(client, HEALTH_AGENT, id), S_OK);
    return client;
}

static uint32_t agent_bind(struct client *client, uint32_t id)
{
    struct napipc_message message = {.type = NAPIPC_BIND,
            .bind = {.kind = HEALTH_AGENT, .id = id}};

    return client_ask(client, &message, NULL);
}

static struct client *agent_bound(uint32_t id)
{
    struct client *client = agent_registered(id);

    assert_int_equal(agent_bind(client, id), S_OK);
    return client;
}

static void send_get_soh(struct client *client)
{
    struct napipc_message message = {.type = NAPIPC_SOH_REQUEST};

    message.call = ++client->call;
    message.soh_request.private_data.data = object.private_data;
    message.soh_request.private_data.size = object.private_size;
    message.soh_request.connection_id = object.id;
    message.soh_request.max_size = object.max_size;
    message.soh_request.object = object_name;
    assert_true(client_send(client, &message));
}

/* Takes the answer to GetSoHRequest into `object` and parses the SSoH into `packet`. */
static uint32_t take_soh(struct client *client)
{
    struct napipc_message reply;

    assert_true(client_next(client, &reply));
    assert_int_equal(reply.type, NAPIPC_SOH_REQUEST | NAPIPC_REPLY);
    if (reply.status)
        return reply.status;
    object.hint = reply.soh_request_reply.retrigger_hint;
    object.correlation = reply.soh_request_reply.correlation;
    object.private_size = reply.soh_request_reply.private_data.size;
    memcpy(object.private_data, reply.soh_request_reply.private_data.data, object.private_size);
    object.ssoh_size = reply.soh_request_reply.soh.size;
    memcpy(object.ssoh, reply.soh_request_reply.soh.data, object.ssoh_size);
    assert_true(soh_parse(object.ssoh, object.ssoh_size, &packet, NULL));
    return S_OK;
}

/* Answers the GetSoHRequest that must be the next frame but for orphans; soh may be NULL. */
static void answer_get_soh(
        struct client *client, uint32_t status, const struct soh *soh, bool cache, bool same)
{
    struct napipc_message message;

    do
        assert_true(client_next(client, &message));
    while (message.type == NAPIPC_AGENT_ORPHANED);
    assert_int_equal(message.type, NAPIPC_AGENT_GET_SOH);
    message.type |= NAPIPC_REPLY;
    message.status = status;
    message.agent_get_soh_reply.cache = cache;
    message.agent_get_soh_reply.same = same;
    message.agent_get_soh_reply.soh.data = soh ? soh->bytes : NULL;
    message.agent_get_soh_reply.soh.size = soh ? sizeof(soh->bytes) : 0;
    assert_true(client_send(client, &message));
}

/* The SSoH's entry is what the agent set. */
static void assert_entry(uint32_t id, const struct soh *soh)
{
    struct soh_entry entry;

    assert_true(soh_find_entry(&packet, id, &entry));
    assert_int_equal(entry.attributes.size, sizeof(soh->bytes));
    assert_memory_equal(entry.attributes.data, soh->bytes, sizeof(soh->bytes));
}

/* The SSoH's entry was made by the NAP agent, with this code. */
static void assert_made(uint32_t id, uint8_t category, uint32_t code)
{
    struct soh_attribute attribute;
    struct soh_entry entry;
    uint8_t found = 0;
    uint32_t value = 0;

    assert_true(soh_find_entry(&packet, id, &entry));
    assert_true(soh_find_attribute(&entry, SOH_ATTRIBUTE_FAILURE_CATEGORY, &attribute));
    assert_true(soh_attribute_u8(&attribute, &found));
    assert_int_equal(found, category);
    assert_true(soh_find_attribute(&entry, SOH_ATTRIBUTE_ERROR_CODES, &attribute));
    assert_true(soh_attribute_u32_at(&attribute, 0, &value));
    assert_int_equal(value, code);
}

/* A whole GetSoHRequest with one agent that answers so. */
static void exchange(struct client *client, struct client *agent_client, uint32_t status,
        const struct soh *soh, bool cache, bool same)
{
    send_get_soh(client);
    assert_int_equal(client_waiting(client), 0);
    answer_get_soh(agent_client, status, soh, cache, same);
    assert_int_equal(take_soh(client), S_OK);
}

/* The object has no PrivateData yet when the second request is made: they are for one connection. */
static void requests_of_one_object_that_cross_are_for_one_connection(void **state)
{
    struct client *client = client_bound(QEC), *health = agent_bound(SHA);
    struct client *reader = client_connect();
    uint8_t first[NAPIPC_MAX_PRIVATE_DATA];
    struct soh soh = make_soh(SHA, 7);
    struct object fresh;

    (void)state;
    object_init(&fresh, 1);
    object = fresh;
    object_name = 4711;
    send_get_soh(client);
    send_get_soh(client);
    answer_get_soh(health, S_OK, &soh, false, false);
    assert_int_equal(take_soh(client), S_OK);
    memcpy(first, object.private_data, sizeof(first));
    /* A third, before the answer has reached the object. */
    object = fresh;
    send_get_soh(client);
    answer_get_soh(health, S_OK, &soh, false, false);
    assert_int_equal(take_soh(client), S_OK);
    assert_memory_equal(object.private_data + 4, first + 4, 16);
    answer_get_soh(health, S_OK, &soh, false, false);
    assert_int_equal(take_soh(client), S_OK);
    assert_memory_equal(object.private_data + 4, first + 4, 16);
    assert_int_equal(client_state(reader).connections, 1);
    /* Its key shown, the name is free for the next object there. */
    exchange(client, health, S_OK, &soh, false, false);
    assert_int_equal(client_state(reader).connections, 1);
    object = fresh;
    exchange(client, health, S_OK, &soh, false, false);
    assert_int_equal(client_state(reader).connections, 2);
    object_name = 0;
}

/* The one that fails takes nothing away from the one that does not. */
static void a_request_that_fails_leaves_the_connection_to_one_that_crossed_it(void **state)
{
    struct client *client = client_bound(QEC), *health = agent_bound(SHA);
    struct client *reader = client_connect();
    struct soh soh = make_soh(SHA, 7);
    int small;

    (void)state;
    object_name = 4711;
    for (small = 0; small < 2; small++)
    {
        object_init(&object, 1);
        object.max_size = small ? 4000 : 10;
        send_get_soh(client);
        object.max_size = small ? 10 : 4000;
        send_get_soh(client);
        answer_get_soh(health, S_OK, &soh, false, false);
        assert_int_equal(take_soh(client), small ? S_OK : NAP_E_MAXSIZE_TOO_SMALL);
        answer_get_soh(health, S_OK, &soh, false, false);
        assert_int_equal(take_soh(client), small ? NAP_E_MAXSIZE_TOO_SMALL : S_OK);
        assert_int_equal(client_state(reader).connections, 1);
        assert_int_equal(object_down(client, &object), S_OK);
        assert_int_equal(client_state(reader).connections, 0);
    }
    object_name = 0;
}

static void what_an_agent_sets_is_in_the_ssoh(void **state)
{
    struct client *client = client_bound(QEC), *health = agent_bound(SHA);
    struct soh soh = make_soh(SHA, 7);

    (void)state;
    object_init(&object, 1);
    exchange(client, health, S_OK, &soh, false, false);
    assert_entry(SHA, &soh);
}

static void agents_are_asked_all_at_once(void **state)
{
    struct client *client = client_bound(QEC);
    struct client *one = agent_bound(SHA), *other = agent_bound(OTHER_SHA);
    struct soh soh = make_soh(SHA, 1), other_soh = make_soh(OTHER_SHA, 2);

    (void)state;
    object_init(&object, 1);
    send_get_soh(client);
    assert_int_equal(client_waiting(one), 1);
    assert_int_equal(client_waiting(other), 1);
    answer_get_soh(other, S_OK, &other_soh, false, false);
    assert_int_equal(client_waiting(client), 0);
    answer_get_soh(one, S_OK, &soh, false, false);
    assert_int_equal(take_soh(client), S_OK);
    assert_entry(SHA, &soh);
    assert_entry(OTHER_SHA, &other_soh);
}

/* "If the SHA does not set a new SoH, then the cached one is used." */
static void an_agent_that_sets_none_has_its_cached_one(void **state)
{
    struct client *client = client_bound(QEC), *health = agent_bound(SHA);
    struct soh soh = make_soh(SHA, 7);

    (void)state;
    object_init(&object, 1);
    exchange(client, health, S_OK, NULL, false, false);
    assert_made(SHA, CLIENT_COMMUNICATION, NAP_E_NO_CACHED_SOH);
    exchange(client, health, S_OK, &soh, true, false);
    exchange(client, health, S_OK, NULL, false, false);
    assert_entry(SHA, &soh);
    assert_int_equal(agent.cache_writes, 1);
    assert_int_equal(agent.cache_size, sizeof(soh.bytes));
}

/* "failureCategoryClientComponent", "<error-code>" */
static void an_agent_that_fails_has_its_code(void **state)
{
    struct client *client = client_bound(QEC), *health = agent_bound(SHA);

    (void)state;
    object_init(&object, 1);
    exchange(client, health, E_FAIL, NULL, false, false);
    assert_made(SHA, CLIENT_COMPONENT, E_FAIL);
}

static void an_agent_that_is_late_delays_no_longer_than_its_deadline(void **state)
{
    struct client *client = client_bound(QEC), *health = agent_bound(SHA);
    struct soh soh = make_soh(SHA, 7);

    (void)state;
    object_init(&object, 1);
    send_get_soh(client);
    agent_advance(agent.settings.callback_deadline);
    assert_int_equal(take_soh(client), S_OK);
    assert_made(SHA, CLIENT_COMMUNICATION, NAP_E_NO_CACHED_SOH);
    /* Its answer still serves the next exchange. */
    answer_get_soh(health, S_OK, &soh, true, false);
    assert_int_equal(client_waiting(client), 0);
    exchange(client, health, S_OK, NULL, false, false);
    assert_entry(SHA, &soh);
}

/* "For unbound SHAs which are registered with the system" */
static void an_agent_that_is_not_bound_has_its_cached_one_or_says_so(void **state)
{
    struct client *client = client_bound(QEC), *health = agent_registered(SHA);
    struct soh soh = make_soh(SHA, 7);

    (void)state;
    object_init(&object, 1);
    send_get_soh(client);
    assert_int_equal(take_soh(client), S_OK);
    assert_made(SHA, CLIENT_COMPONENT, NAP_E_NOT_INITIALIZED);
    assert_int_equal(agent_bind(health, SHA), S_OK);
    exchange(client, health, S_OK, &soh, true, false);
    assert_int_equal(client_unbind(health), S_OK);
    send_get_soh(client);
    assert_int_equal(take_soh(client), S_OK);
    assert_entry(SHA, &soh);
}

/* "removes the SHA from the bound-SHA list and flushes its cache entry" */
static void an_agent_whose_server_is_gone_is_unbound_and_flushed(void **state)
{
    struct client *client = client_bound(QEC), *health = agent_bound(SHA);
    struct soh soh = make_soh(SHA, 7);

    (void)state;
    object_init(&object, 1);
    exchange(client, health, S_OK, &soh, true, false);
    exchange(client, health, 0x800706BA, NULL, false, false);
    assert_made(SHA, CLIENT_COMPONENT, NAP_E_NOT_INITIALIZED);
    assert_int_equal(agent.cache_size, 0);
    assert_int_equal(agent_bind(health, SHA), S_OK);
}

static void an_agent_that_dies_while_asked_is_not_waited_for(void **state)
{
    struct client *client = client_bound(QEC), *health = agent_bound(SHA);

    (void)state;
    object_init(&object, 1);
    send_get_soh(client);
    client_disconnect(health);
    assert_int_equal(take_soh(client), S_OK);
    assert_made(SHA, CLIENT_COMPONENT, NAP_E_NOT_INITIALIZED);
}

static void an_enforcement_client_that_dies_meanwhile_harms_nobody(void **state)
{
    struct client *client = client_bound(QEC), *health = agent_bound(SHA);
    struct soh soh = make_soh(SHA, 7);

    (void)state;
    object_init(&object, 1);
    send_get_soh(client);
    client_disconnect(client);
    answer_get_soh(health, S_OK, &soh, true, false);
    assert_int_equal(client_waiting(health), 0);
}

/* retriggerHint: "TRUE if the SoHRequest has changed"; CompareSoHRequests decides what changed. */
static void agents_say_whether_their_soh_is_the_same(void **state)
{
    struct client *client = client_bound(QEC), *health = agent_bound(SHA);
    struct soh soh = make_soh(SHA, 7), next = make_soh(SHA, 8);

    (void)state;
    object_init(&object, 1);
    exchange(client, health, S_OK, &soh, false, false);
    assert_true(object.hint);
    exchange(client, health, S_OK, &soh, false, false);
    assert_false(object.hint);
    exchange(client, health, S_OK, &next, false, true);
    assert_false(object.hint);
    exchange(client, health, S_OK, &soh, false, false);
    assert_true(object.hint);
}

/* NotifySoHChange: "returns immediately and processes the change asynchronously". */
static void a_change_reaches_enforcement_clients_once(void **state)
{
    struct client *client = client_bound(QEC), *health = agent_bound(SHA);
    struct napipc_message message = {.type = NAPIPC_SOH_CHANGE};
    int i;

    (void)state;
    for (i = 0; i < 5; i++)
        assert_int_equal(client_ask(health, &message, NULL), S_OK);
    assert_int_equal(client_waiting(client), 0);
    agent_advance(200);
    assert_int_equal(client_waiting(client), 1);
    client_called(client, NAPIPC_NOTIFY_SOH_CHANGE);
}

static void client_hears_of_change(struct client *client)
{
    uint32_t call = client_called(client, NAPIPC_NOTIFY_SOH_CHANGE);

    assert_true(client_answer(client, NAPIPC_NOTIFY_SOH_CHANGE, call, S_OK));
}

/* The first is told at once; those that follow on its heels are told together. */
static void a_change_is_told_at_once_and_a_burst_once_more(void **state)
{
    struct client *client = client_bound(QEC), *health = agent_bound(SHA);
    struct napipc_message message = {.type = NAPIPC_SOH_CHANGE};
    int i;

    (void)state;
    assert_int_equal(client_ask(health, &message, NULL), S_OK);
    agent_advance(0);
    client_hears_of_change(client);
    for (i = 0; i < 5; i++)
    {
        assert_int_equal(client_ask(health, &message, NULL), S_OK);
        agent_advance(1);
    }
    assert_int_equal(client_waiting(client), 0);
    agent_advance(200);
    assert_int_equal(client_waiting(client), 1);
    client_hears_of_change(client);
    agent_advance(1000);
    assert_int_equal(client_waiting(client), 0);
    assert_int_equal(client_ask(health, &message, NULL), S_OK);
    agent_advance(0);
    client_hears_of_change(client);
}

static void a_newer_request_orphans_what_agents_reported(void **state)
{
    struct client *client = client_bound(QEC), *health = agent_bound(SHA);
    struct soh soh = make_soh(SHA, 7);
    struct napipc_correlation first;
    struct napipc_message message;

    (void)state;
    object_init(&object, 1);
    exchange(client, health, S_OK, &soh, false, false);
    first = object.correlation;
    exchange(client, health, S_OK, &soh, false, false);
    assert_true(client_next(health, &message));
    assert_int_equal(message.type, NAPIPC_AGENT_ORPHANED);
    assert_memory_equal(&message.agent_orphaned.correlation, &first, sizeof(first));
}

static void agents_hear_of_each_change_of_isolation(void **state)
{
    static const struct decided restricted = {RESTRICTED, 0, SOH_NO_PROBATION, NULL};
    static const struct decided fine = {NOT_RESTRICTED, 0, SOH_NO_PROBATION, NULL};
    struct client *client = client_bound(QEC), *health = agent_registered(SHA);
    uint32_t call;

    (void)state;
    object_init(&object, 1);
    object_decide(client, &object, &fine);
    assert_int_equal(agent_bind(health, SHA), S_OK);
    client_unbind(health);
    object_decide(client, &object, &restricted);
    assert_int_equal(client_waiting(health), 0);
    assert_int_equal(agent_bind(health, SHA), S_OK);
    assert_int_equal(object_down(client, &object), S_OK);
    call = client_called(health, NAPIPC_AGENT_ISOLATION_CHANGED);
    assert_true(client_answer(health, NAPIPC_AGENT_ISOLATION_CHANGED, call, S_OK));
    assert_int_equal(client_waiting(health), 0);
}

/* Gives the enforcement client a response with this part for SHA, and takes its answer. */
static void respond(struct client *client, uint8_t category, uint32_t code)
{
    static uint8_t response[SOH_MAX_PACKET_SIZE];
    struct soh_result result = {.id = SHA, .codes = &code, .code_count = 1,
            .has_failure_category = true, .failure_category = category};
    struct soh_system system = {.present = SOH_HAS_QUARANTINE | SOH_HAS_CORRELATION_ID};
    struct soh_builder builder;

    system.correlation_id = packet.correlation_id;
    system.quarantine.isolation_state = RESTRICTED;
    system.quarantine.probation_end = SOH_NO_PROBATION;
    soh_builder_init(&builder, response, sizeof(response));
    soh_build_begin(&builder, SOH_RESPONSE, NULL, &system);
    soh_build_result_entry(&builder, &result);
    assert_int_equal(soh_build_end(&builder), SOH_BUILD_OK);
    assert_int_equal(object_process(client, &object, response, builder.size), S_OK);
}

/* Answers ProcessSoHResponse or GetFixupInfo, whichever is the next but for news of isolation. */
static void tell_fixup(struct client *client, uint32_t state, uint8_t percentage)
{
    struct napipc_message message;

    do
        assert_true(client_next(client, &message));
    while (message.type == NAPIPC_AGENT_ISOLATION_CHANGED);
    assert_in_range(message.type, NAPIPC_AGENT_PROCESS_RESPONSE, NAPIPC_AGENT_GET_FIXUP_INFO);
    message.type |= NAPIPC_REPLY;
    message.agent_fixup_reply.fixup = (struct napipc_fixup){
            .state = state, .percentage = percentage, .code_count = 1, .codes = {E_FAIL}};
    assert_true(client_send(client, &message));
}

static struct napipc_health health_of(struct client *client)
{
    struct napipc_list_components_reply page = client_components(client, HEALTH_AGENT, 0);

    assert_int_equal(page.count, 1);
    return page.components[0].health;
}

/* GetFixupInfo: "the NapAgent queries the SHA for its fix-up status"; napctl shows it. */
static void how_an_agent_stands_is_listed(void **state)
{
    struct client *client = client_bound(QEC), *health = agent_bound(SHA);
    struct client *reader = client_connect();
    struct soh soh = make_soh(SHA, 7);
    struct napipc_health found = health_of(reader);

    (void)state;
    assert_false(found.fixup_known);
    assert_false(found.judged);
    object_init(&object, 1);
    exchange(client, health, S_OK, &soh, false, false);
    respond(client, CLIENT_COMPONENT, NAP_E_NO_CACHED_SOH);
    found = health_of(reader);
    assert_false(found.fixup_known);
    assert_true(found.judged);
    assert_int_equal(found.failure_category, CLIENT_COMPONENT);
    assert_int_equal(found.code_count, 1);
    assert_int_equal(found.codes[0], NAP_E_NO_CACHED_SOH);

    tell_fixup(health, FIXUP_IN_PROGRESS, 40);
    found = health_of(reader);
    assert_true(found.fixup_known);
    assert_int_equal(found.fixup.state, FIXUP_IN_PROGRESS);
    assert_int_equal(found.fixup.percentage, 40);
    assert_int_equal(found.fixup.code_count, 1);
    assert_int_equal(found.fixup.codes[0], E_FAIL);

    agent_advance(2000);
    tell_fixup(health, FIXUP_SUCCESS, 100);
    found = health_of(reader);
    assert_int_equal(found.fixup.state, FIXUP_SUCCESS);
    assert_int_equal(found.fixup.percentage, 100);

    /* What it said goes with it, what the server said stays. */
    client_disconnect(health);
    found = health_of(reader);
    assert_false(found.fixup_known);
    assert_true(found.judged);
}

/* inapsystemhealthagentcallback-processsohresponse: "The NapAgent must call GetFixupInfo"; it does
 * not say: only after a success. */
static void an_agent_that_fails_a_response_is_asked_for_its_fixup(void **state)
{
    struct client *client = client_bound(QEC), *health = agent_bound(SHA);
    struct soh soh = make_soh(SHA, 7);
    uint32_t call;

    (void)state;
    object_init(&object, 1);
    exchange(client, health, S_OK, &soh, false, false);
    respond(client, CLIENT_COMPONENT, NAP_E_NO_CACHED_SOH);
    client_called(health, NAPIPC_AGENT_ISOLATION_CHANGED);
    call = client_called(health, NAPIPC_AGENT_PROCESS_RESPONSE);
    assert_true(client_answer(health, NAPIPC_AGENT_PROCESS_RESPONSE, call, NAP_E_INVALID_PACKET));
    agent_advance(0);
    tell_fixup(health, FIXUP_SUCCESS, 100);
    assert_true(health_of(client_connect()).fixup_known);
    agent_advance(5000);
    assert_int_equal(client_waiting(health), 0);
}

/* What goes into the SSoH for a health agent depends on it, so enforcement clients ask anew. */
static void enabling_an_agent_is_a_change(void **state)
{
    struct client *client = client_bound(QEC), *health = agent_bound(SHA);

    (void)state;
    object_init(&object, 1);
    assert_int_equal(client_enable(health, HEALTH_AGENT, SHA, false), S_OK);
    agent_advance(200);
    client_called(client, NAPIPC_NOTIFY_SOH_CHANGE);
    send_get_soh(client);
    assert_int_equal(take_soh(client), S_OK);
    assert_made(SHA, CLIENT_COMPONENT, NAP_E_ENTITY_DISABLED);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, agent_setup, agent_teardown)

int main(void)
{
    const struct CMUnitTest tests[] = {
            TEST(what_an_agent_sets_is_in_the_ssoh),
            TEST(requests_of_one_object_that_cross_are_for_one_connection),
            TEST(a_request_that_fails_leaves_the_connection_to_one_that_crossed_it),
            TEST(agents_are_asked_all_at_once),
            TEST(an_agent_that_sets_none_has_its_cached_one),
            TEST(an_agent_that_fails_has_its_code),
            TEST(an_agent_that_is_late_delays_no_longer_than_its_deadline),
            TEST(an_agent_that_is_not_bound_has_its_cached_one_or_says_so),
            TEST(an_agent_whose_server_is_gone_is_unbound_and_flushed),
            TEST(an_agent_that_dies_while_asked_is_not_waited_for),
            TEST(an_enforcement_client_that_dies_meanwhile_harms_nobody),
            TEST(agents_say_whether_their_soh_is_the_same),
            TEST(a_change_reaches_enforcement_clients_once),
            TEST(a_change_is_told_at_once_and_a_burst_once_more),
            TEST(a_newer_request_orphans_what_agents_reported),
            TEST(agents_hear_of_each_change_of_isolation),
            TEST(how_an_agent_stands_is_listed),
            TEST(an_agent_that_fails_a_response_is_asked_for_its_fixup),
            TEST(enabling_an_agent_is_a_change),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
