/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * ProcessSoHResponse: which responses count, and their decisions. Pages:
 * INapEnforcementClientBinding::ProcessSoHResponse, IsolationInfo.
 */
#include "tests/unit/engine/agent.h"

static uint8_t response[SOH_MAX_PACKET_SIZE];

/* "sets the resulting decision (eg. full/restricted access/etc) on the connection object" */
AGENT_TEST(the_decision_comes_with_the_answer)
{
    static const struct decided decisions[] = {
            {RESTRICTED, 0, SOH_NO_PROBATION, NULL},
            {RESTRICTED, 2, SOH_NO_PROBATION, "http://remedy.example.com/"},
            {IN_PROBATION, 1, START_TIME + SECONDS(3600), "http://later.example.com/"},
            {NOT_RESTRICTED, 0, SOH_NO_PROBATION, NULL},
    };
    struct client *client = client_bound(1);
    struct object object;
    size_t i;

    object_init(&object, 1);
    for (i = 0; i < sizeof(decisions) / sizeof(*decisions); i++)
    {
        const struct decided *decided = &decisions[i];
        struct napipc_string url = {object.url, 0};
        struct napipc_listed_connection listed;

        object_decide(client, &object, decided);
        url.length = object.url_length;
        assert_int_equal(object.state, decided->state);
        assert_int_equal(object.extended_state, decided->extended_state);
        assert_true(object.probation_end
                    == (decided->probation_end == SOH_NO_PROBATION ? 0 : decided->probation_end));
        assert_true(string_is(url, decided->url ? decided->url : ""));

        listed = client_connections(client, 0).connections[0];
        assert_true(listed.known);
        assert_false(listed.pending);
        assert_int_equal(listed.isolation.state, decided->state);
        assert_true(string_is(listed.isolation.failure_url, decided->url ? decided->url : ""));
    }
    assert_int_equal(agent_logged("decided"), 4);
}

/* The wire has four bits for the extended state; a connection keeps all sixteen values. */
AGENT_TEST(every_extended_state_of_the_wire_keeps_the_connection)
{
    struct client *client = client_bound(1);
    struct object object;
    uint8_t extended;

    object_init(&object, 1);
    for (extended = 0; extended < 16; extended++)
    {
        struct decided decided = {RESTRICTED, extended, SOH_NO_PROBATION, NULL};

        object_decide(client, &object, &decided);
        assert_int_equal(object.extended_state, extended);
        assert_int_equal(client_state(client).connections, 1);
    }
    assert_int_equal(object_down(client, &object), S_OK);
    assert_int_equal(client_state(client).connections, 0);
}

/* A response with its correlation id in the mode sub-header ([MS-SOH] 2.2.1). */
AGENT_TEST(a_response_with_a_mode_sub_header_counts)
{
    struct soh_system system = {.present = SOH_HAS_QUARANTINE};
    struct soh_mode mode = {.intent = SOH_INTENT_RESPONSE};
    struct client *client = client_bound(1);
    struct soh_builder builder;
    struct soh_packet asked;
    struct object object;

    object_init(&object, 1);
    assert_int_equal(object_get_soh(client, &object), S_OK);
    assert_true(soh_parse(object.ssoh, object.ssoh_size, &asked, NULL));
    mode.correlation_id = asked.correlation_id;
    system.quarantine.isolation_state = RESTRICTED;
    system.quarantine.probation_end = SOH_NO_PROBATION;
    soh_builder_init(&builder, response, sizeof(response));
    soh_build_begin(&builder, SOH_RESPONSE, &mode, &system);
    assert_int_equal(soh_build_end(&builder), SOH_BUILD_OK);
    assert_int_equal(object_process(client, &object, response, builder.size), S_OK);
    assert_int_equal(object.state, RESTRICTED);
}

/* GetInstalledShvs: "the installed System Health Validators (SHVs)", at most 20 of them */
AGENT_TEST(installed_shvs_are_reported)
{
    static const unsigned int counts[] = {0, 1, 20, 21};
    struct soh_system system = {
            .present = SOH_HAS_QUARANTINE | SOH_HAS_CORRELATION_ID | SOH_HAS_INSTALLED_SHVS,
            .quarantine = {.isolation_state = NOT_RESTRICTED, .probation_end = SOH_NO_PROBATION},
    };
    struct client *client = client_bound(1);
    struct soh_builder builder;
    struct soh_packet asked;
    struct object object;
    uint32_t ids[21];
    uint8_t wire[4 * 21];
    unsigned int i, k;

    for (i = 0; i < 21; i++)
        ids[i] = 0x01020304 * (i + 1);
    object_init(&object, 1);
    for (i = 0; i < 4; i++)
    {
        assert_int_equal(object_get_soh(client, &object), S_OK);
        assert_true(soh_parse(object.ssoh, object.ssoh_size, &asked, NULL));
        system.correlation_id = asked.correlation_id;
        system.installed_shvs = soh_ids_put(wire, ids, counts[i]);
        soh_builder_init(&builder, response, sizeof(response));
        soh_build_begin(&builder, SOH_RESPONSE, NULL, &system);
        assert_int_equal(soh_build_end(&builder), SOH_BUILD_OK);
        assert_int_equal(object_process(client, &object, response, builder.size), S_OK);
        assert_int_equal(object.shv_count, counts[i] < 20 ? counts[i] : 20);
        for (k = 0; k < object.shv_count; k++)
            assert_int_equal(object.shvs[k], ids[k]);
    }
}

/* maxProtocolMaxSize: a response may have 65,535 bytes. */
AGENT_TEST(the_largest_response_counts)
{
    static const uint8_t value[SOH_MAX_ATTRIBUTE_SIZE] = {0x37, 0x01};
    struct decided decided = {RESTRICTED, 0, SOH_NO_PROBATION, NULL};
    struct soh_system system = {.present = SOH_HAS_QUARANTINE | SOH_HAS_CORRELATION_ID};
    struct client *client = client_bound(1);
    struct soh_builder builder;
    struct soh_packet packet;
    struct object object;

    object_init(&object, 1);
    assert_int_equal(object_get_soh(client, &object), S_OK);
    assert_true(soh_parse(response, object_response(&object, &decided, response), &packet, NULL));
    system.correlation_id = packet.correlation_id;
    system.quarantine.isolation_state = RESTRICTED;
    soh_builder_init(&builder, response, sizeof(response));
    soh_build_begin(&builder, SOH_RESPONSE, NULL, &system);
    soh_build_entry(&builder, 79744);
    while (builder.size < sizeof(response))
    {
        size_t left = sizeof(response) - builder.size - 4;

        soh_build_attribute(&builder, SOH_ATTRIBUTE_VENDOR_SPECIFIC, value,
                left < sizeof(value) + 8 ? left > sizeof(value) ? 8 : left : sizeof(value));
    }
    assert_int_equal(soh_build_end(&builder), SOH_BUILD_OK);
    assert_int_equal(builder.size, 65535);
    assert_int_equal(object_process(client, &object, response, builder.size), S_OK);
}

/* The state that a rejected response must not change. */
static void assert_unaltered(struct client *client, const struct object *object)
{
    struct napipc_listed_connection listed = client_connections(client, 0).connections[0];

    assert_int_equal(client_state(client).connections, 1);
    assert_true(listed.known);
    assert_int_equal(listed.isolation.state, RESTRICTED);
    assert_int_equal(listed.isolation.extended_state, 2);
    assert_true(string_is(listed.isolation.failure_url, "http://before.example.com/"));
    assert_memory_equal(&listed.correlation, &object->correlation, sizeof(listed.correlation));
    assert_int_equal(client_state(client).isolation.state, RESTRICTED);
}

static const struct decided before = {
        RESTRICTED, 2, SOH_NO_PROBATION, "http://before.example.com/"};
static const struct decided after = {NOT_RESTRICTED, 0, SOH_NO_PROBATION, NULL};

/* "the correlation id in the SoH-Response packet did not match the outstanding SoH-Response" */
AGENT_TEST(a_response_to_something_else_is_mismatched)
{
    struct client *client = client_bound(1);
    struct object object, other;
    size_t size;

    object_init(&object, 1);
    object_init(&other, 1);
    object_decide(client, &object, &before);

    /* Nothing is pending: the same response a second time. */
    size = object_response(&object, &after, response);
    assert_int_equal(object_process(client, &object, response, size), NAP_E_MISMATCHED_ID);
    assert_unaltered(client, &object);

    /* Another connection's, even one with the same ConnectionId. */
    assert_int_equal(object_get_soh(client, &other), S_OK);
    size = object_response(&other, &after, response);
    assert_int_equal(object_down(client, &other), S_OK);
    assert_int_equal(object_get_soh(client, &object), S_OK);
    assert_int_equal(object_process(client, &object, response, size), NAP_E_MISMATCHED_ID);
    assert_unaltered(client, &object);

    /* "drop the packet and wait for another newer SoH-Response packet" */
    size = object_response(&object, &after, response);
    assert_int_equal(object_process(client, &object, response, size), S_OK);
    assert_int_equal(object.state, NOT_RESTRICTED);
}

AGENT_TEST(a_response_for_an_unknown_connection_is_mismatched)
{
    struct client *client = client_bound(1);
    struct object object, unknown;
    size_t size;

    object_init(&object, 1);
    object_decide(client, &object, &before);
    assert_int_equal(object_get_soh(client, &object), S_OK);
    size = object_response(&object, &after, response);
    /* PrivateData names the connection, not its ConnectionId. */
    unknown = object;
    unknown.private_size = 0;
    assert_int_equal(object_process(client, &unknown, response, size), NAP_E_MISMATCHED_ID);
    unknown = object;
    unknown.private_data[10] ^= 1;
    assert_int_equal(object_process(client, &unknown, response, size), NAP_E_MISMATCHED_ID);
    unknown = object;
    unknown.private_size--;
    assert_int_equal(object_process(client, &unknown, response, size), NAP_E_MISMATCHED_ID);
    assert_unaltered(client, &object);
    assert_int_equal(object_process(client, &object, response, size), S_OK);
}

/* "NAP_E_INVALID_PACKET: the enforcement client must drop the packet" */
AGENT_TEST(a_malformed_response_is_invalid)
{
    struct client *client = client_bound(1);
    struct object object;
    size_t size, cut;

    object_init(&object, 1);
    object_decide(client, &object, &before);
    assert_int_equal(object_get_soh(client, &object), S_OK);
    size = object_response(&object, &after, response);
    for (cut = 0; cut < size; cut++)
        assert_int_equal(object_process(client, &object, response, cut), NAP_E_INVALID_PACKET);
    assert_int_equal(object_process(client, &object, "no SoH at all", 13), NAP_E_INVALID_PACKET);
    /* A request is not a response. */
    assert_int_equal(
            object_process(client, &object, object.ssoh, object.ssoh_size), NAP_E_INVALID_PACKET);
    assert_unaltered(client, &object);
    assert_true(client_connections(client, 0).connections[0].pending);
    assert_int_equal(object_process(client, &object, response, size), S_OK);
}

/* An exchange has one response. */
AGENT_TEST(a_response_counts_once)
{
    struct client *client = client_bound(1);
    struct object object;
    size_t size;

    object_init(&object, 1);
    assert_int_equal(object_get_soh(client, &object), S_OK);
    size = object_response(&object, &before, response);
    assert_int_equal(object_process(client, &object, response, size), S_OK);
    assert_int_equal(object_process(client, &object, response, size), NAP_E_MISMATCHED_ID);
    assert_unaltered(client, &object);
}

/* After NotifyConnectionStateDown no exchange is pending. */
AGENT_TEST(a_response_for_a_connection_that_went_down_is_mismatched)
{
    struct client *client = client_bound(1);
    struct object object;
    size_t size;

    object_init(&object, 1);
    assert_int_equal(object_get_soh(client, &object), S_OK);
    size = object_response(&object, &before, response);
    assert_int_equal(object_down(client, &object), S_OK);
    assert_int_equal(agent_logged("orphaned"), 1);
    assert_int_equal(object_process(client, &object, response, size), NAP_E_MISMATCHED_ID);
}

TEST_MAIN(NULL, NULL)
