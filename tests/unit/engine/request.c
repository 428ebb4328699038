/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * GetSoHRequest: the SSoH, its correlation id, the hint, its size. Pages:
 * INapEnforcementClientBinding::GetSoHRequest, INapEnforcementClientConnection,
 * INapSystemHealthAgentCallback::GetSoHRequest; docs/soh-format.md.
 */
#include "tests/unit/engine/agent.h"

#define FAILURE_CATEGORY_CLIENT_COMPONENT 2 /* FailureCategory */
#define FRESH_SOH_REQUEST 1                 /* freshSoHRequest, "NAP Type Constants" */

static struct soh_packet parsed(const struct object *object)
{
    struct soh_packet packet;

    assert_true(soh_parse(object->ssoh, object->ssoh_size, &packet, NULL));
    return packet;
}

/* "The NapAgent sets the SoHRequest on the connection object." */
AGENT_TEST(the_ssoh_names_the_machine)
{
    struct client *client = client_bound(1);
    struct object object;
    struct soh_packet packet;

    object_init(&object, 1);
    assert_int_equal(object_get_soh(client, &object), S_OK);
    packet = parsed(&object);
    assert_int_equal(packet.kind, SOH_REQUEST);
    assert_int_equal(packet.system.present,
            SOH_HAS_MACHINE | SOH_HAS_MACHINE_NAME | SOH_HAS_CORRELATION_ID | SOH_HAS_MACHINE_EX);
    assert_int_equal(packet.system.machine.os_major, 6);
    assert_int_equal(packet.system.machine.os_minor, 1);
    assert_int_equal(packet.system.machine.os_build, 7601);
    assert_int_equal(packet.system.machine.sp_major, 1);
    assert_int_equal(packet.system.machine.sp_minor, 2);
    assert_int_equal(packet.system.machine.processor, 9);
    assert_int_equal(packet.system.machine_ex.product_type, 3);
    assert_int_equal(packet.system.machine_name.size, strlen("machine.example.com"));
    assert_memory_equal(packet.system.machine_name.data, "machine.example.com", 19);
    assert_int_equal(packet.entry_count, 0);
}

/* A machine may have no usable name; the SSoH then has none. */
AGENT_TEST(a_machine_without_a_name_is_not_named)
{
    struct client *client;
    struct object object;

    agent_stop();
    agent.machine.name[0] = 0;
    assert_true(agent_start());
    client = client_bound(1);
    object_init(&object, 1);
    assert_int_equal(object_get_soh(client, &object), S_OK);
    assert_int_equal(parsed(&object).system.present & SOH_HAS_MACHINE_NAME, 0);
}

/* A host that fills the whole array with its name does no harm. */
AGENT_TEST(a_name_without_an_end_is_cut)
{
    struct client *client;
    struct object object;

    agent_stop();
    memset(agent.machine.name, 'n', sizeof(agent.machine.name));
    assert_true(agent_start());
    client = client_bound(1);
    object_init(&object, 1);
    assert_int_equal(object_get_soh(client, &object), S_OK);
    assert_int_equal(parsed(&object).system.machine_name.size, sizeof(agent.machine.name) - 1);
}

/* GetFlags: "If flags has a value of freshSoHRequest, it is a new request". */
AGENT_TEST(a_request_is_fresh)
{
    struct client *client = client_bound(1);
    struct object object;

    object_init(&object, 1);
    assert_int_equal(object_get_soh(client, &object), S_OK);
    assert_int_equal(object.flags, FRESH_SOH_REQUEST);
}

/* GetCorrelationId: "set by the NapAgent and based on the connection-id"; it "always contains the
 * id of the most recent SoH set on the connection object". */
AGENT_TEST(the_correlation_id_is_that_of_the_ssoh)
{
    struct client *client = client_bound(1);
    struct soh_correlation_id expected;
    struct object object;

    object_init(&object, 7);
    assert_int_equal(object_get_soh(client, &object), S_OK);
    assert_memory_equal(object.correlation.conn_id.bytes, object.id.bytes, 16);
    assert_true(object.correlation.time_stamp == START_TIME);
    expected = soh_correlation_id_make(
            object.correlation.conn_id.bytes, object.correlation.time_stamp);
    assert_memory_equal(parsed(&object).correlation_id.bytes, expected.bytes, 24);
}

/* "it uniquely describes an SoH exchange", also if the clock stands still or is set back. */
AGENT_TEST(a_correlation_id_never_comes_twice)
{
    struct client *client = client_bound(1), *other = client_bound(2);
    struct object object, same_id;
    uint64_t last = 0;
    unsigned int i;

    object_init(&object, 7);
    object_init(&same_id, 7);
    for (i = 0; i < 6; i++)
    {
        assert_int_equal(object_get_soh(client, &object), S_OK);
        assert_true(object.correlation.time_stamp > last);
        assert_int_equal(object_get_soh(other, &same_id), S_OK);
        assert_true(same_id.correlation.time_stamp > object.correlation.time_stamp);
        last = same_id.correlation.time_stamp;
        if (i == 2)
            agent.filetime -= SECONDS(3600);
    }
}

/* A ConnectionId may be GUID_NULL or shared (docs/protocol.md); exchanges still have different
 * ids. */
/* Also from an agent that starts after the clock was set back. */
AGENT_TEST(a_correlation_id_never_comes_twice_after_a_restart)
{
    struct client *client = client_bound(1);
    struct object object;
    uint64_t last = 0;
    unsigned int i;

    for (i = 0; i < 50; i++)
    {
        object_init(&object, 7); /* one ConnectionId, and no PrivateData to distinguish them */
        assert_int_equal(object_get_soh(client, &object), S_OK);
        assert_true(object.correlation.time_stamp > last);
        last = object.correlation.time_stamp;
        if (i % 5 == 4)
        {
            agent_stop();
            agent.filetime = START_TIME;
            assert_true(agent_start());
            client_reconnect(client);
            assert_int_equal(client_bind(client, 1), S_OK);
        }
        agent_advance(1);
    }
}

/* The store is written once a minute, and an exchange works without it. */
AGENT_TEST(time_stamps_are_reserved_ahead)
{
    struct client *client = client_bound(1);
    struct object object;
    unsigned int i;

    object_init(&object, 1);
    for (i = 0; i < 59; i++)
    {
        assert_int_equal(object_get_soh(client, &object), S_OK);
        agent_advance(1000);
    }
    assert_int_equal(agent.time_stamp_writes, 1);
    agent_advance(1000);
    assert_int_equal(object_get_soh(client, &object), S_OK);
    assert_int_equal(agent.time_stamp_writes, 2);
    agent.store_result = E_DISK_FULL;
    agent_advance(60000);
    for (i = 0; i < 3; i++)
        assert_int_equal(object_get_soh(client, &object), S_OK);
    assert_int_equal(agent_logged("store"), 1);
    agent.store_result = S_OK;
    assert_int_equal(object_get_soh(client, &object), S_OK);
    assert_true(agent.time_stamp_limit > object.correlation.time_stamp);
}

AGENT_TEST(a_connection_without_an_id_has_a_correlation_id)
{
    static const struct napipc_guid null;
    struct client *client = client_bound(1);
    struct object one, two;

    object_init(&one, 0);
    object_init(&two, 0);
    assert_int_equal(object_get_soh(client, &one), S_OK);
    assert_int_equal(object_get_soh(client, &two), S_OK);
    assert_memory_not_equal(one.correlation.conn_id.bytes, null.bytes, 16);
    assert_memory_not_equal(one.correlation.conn_id.bytes, two.correlation.conn_id.bytes, 16);
    assert_int_equal(client_state(client).connections, 2);
}

static void assert_agent_made(const struct soh_entry *entry, uint32_t code)
{
    struct soh_attribute attribute;
    uint32_t value;
    uint8_t category;

    assert_true(soh_find_attribute(entry, SOH_ATTRIBUTE_FAILURE_CATEGORY, &attribute));
    assert_true(soh_attribute_u8(&attribute, &category));
    assert_int_equal(category, FAILURE_CATEGORY_CLIENT_COMPONENT);
    assert_true(soh_find_attribute(entry, SOH_ATTRIBUTE_ERROR_CODES, &attribute));
    assert_true(soh_attribute_u32_at(&attribute, 0, &value));
    assert_int_equal(value, code);
    assert_false(soh_attribute_u32_at(&attribute, 1, &value));
}

/* Every registered health agent has an entry. If it is not bound: NAP_E_NOT_INITIALIZED; if it is
 * disabled: NAP_E_ENTITY_DISABLED. */
AGENT_TEST(health_agents_that_do_not_report_have_entries_made_by_the_agent)
{
    struct client *client = client_bound(1);
    struct object object;
    struct soh_packet packet;
    struct soh_entry entry;
    uint32_t id;

    assert_int_equal(client_register(client, HEALTH_AGENT, 79744), S_OK);
    assert_int_equal(client_register(client, HEALTH_AGENT, 79745), S_OK);
    assert_int_equal(client_enable(client, HEALTH_AGENT, 79745, false), S_OK);
    object_init(&object, 1);
    assert_int_equal(object_get_soh(client, &object), S_OK);
    packet = parsed(&object);
    assert_int_equal(packet.entry_count, 2);
    assert_true(soh_find_entry(&packet, 79744, &entry));
    assert_agent_made(&entry, NAP_E_NOT_INITIALIZED);
    assert_true(soh_find_entry(&packet, 79745, &entry));
    assert_agent_made(&entry, NAP_E_ENTITY_DISABLED);
    assert_true(packet.system.present & SOH_HAS_GENERATED_IDS);
    assert_int_equal(packet.system.generated_ids.size, 8);
    assert_true(soh_ids_get(packet.system.generated_ids, 0, &id) && id == 79744);
    assert_true(soh_ids_get(packet.system.generated_ids, 1, &id) && id == 79745);
}

/* "It is TRUE if the SoHRequest has changed since this function was last called" */
AGENT_TEST(the_hint_shows_a_changed_ssoh)
{
    struct client *client = client_bound(1);
    struct object object, other;

    object_init(&object, 1);
    object_init(&other, 2);
    assert_int_equal(object_get_soh(client, &object), S_OK);
    assert_true(object.hint);
    agent_advance(1000);
    assert_int_equal(object_get_soh(client, &object), S_OK);
    assert_false(object.hint);

    /* Another connection's request does not affect the hint of this one. */
    assert_int_equal(client_register(client, HEALTH_AGENT, 79744), S_OK);
    assert_int_equal(object_get_soh(client, &other), S_OK);
    assert_true(other.hint);
    assert_int_equal(object_get_soh(client, &object), S_OK);
    assert_true(object.hint);
    assert_int_equal(object_get_soh(client, &object), S_OK);
    assert_false(object.hint);

    assert_int_equal(client_enable(client, HEALTH_AGENT, 79744, false), S_OK);
    assert_int_equal(object_get_soh(client, &object), S_OK);
    assert_true(object.hint);
    assert_int_equal(client_unregister(client, HEALTH_AGENT, 79744), S_OK);
    assert_int_equal(object_get_soh(client, &object), S_OK);
    assert_true(object.hint);
}

/* SetMaxSize; "NAP_E_MAXSIZE_TOO_SMALL: The maximum size of the connection is too small". */
AGENT_TEST(an_ssoh_is_never_larger_than_the_connection_takes)
{
    struct client *client = client_bound(1);
    struct object object, small;
    uint32_t id;

    for (id = 1; id <= 20; id++)
        assert_int_equal(client_register(client, HEALTH_AGENT, id), S_OK);
    object_init(&object, 1);
    assert_int_equal(object_get_soh(client, &object), S_OK);
    object_init(&small, 1);
    small.max_size = object.ssoh_size;
    assert_int_equal(object_get_soh(client, &small), S_OK);
    assert_int_equal(small.ssoh_size, object.ssoh_size);
    object_init(&small, 1);
    small.max_size = object.ssoh_size - 1;
    assert_int_equal(object_get_soh(client, &small), NAP_E_MAXSIZE_TOO_SMALL);
    small.max_size = 0;
    assert_int_equal(object_get_soh(client, &small), NAP_E_MAXSIZE_TOO_SMALL);
    assert_int_equal(agent_logged("too-large"), 2);
}

/* minProtocolMaxSize, 300 bytes, is enough for a machine without health agents. */
AGENT_TEST(the_least_maximum_size_is_enough_for_the_system)
{
    struct client *client = client_bound(1);
    struct object object;

    object_init(&object, 1);
    object.max_size = 300;
    assert_int_equal(object_get_soh(client, &object), S_OK);
}

/* A client cannot name a connection whose first GetSoHRequest failed: none remains. */
AGENT_TEST(a_failed_request_leaves_no_connection_behind)
{
    struct client *client = client_bound(1);
    struct object object;
    unsigned int i;

    object_init(&object, 1);
    object.max_size = 50;
    for (i = 0; i < 30; i++)
        assert_int_equal(object_get_soh(client, &object), NAP_E_MAXSIZE_TOO_SMALL);
    assert_int_equal(client_state(client).connections, 0);
    assert_false(client_state(client).unknown_connections);
    object.max_size = 4000;
    assert_int_equal(object_get_soh(client, &object), S_OK);
}

/* ... and an existing one is unchanged, including its exchange. */
AGENT_TEST(a_failed_request_leaves_a_connection_as_it_was)
{
    struct decided restricted = {RESTRICTED, 0, SOH_NO_PROBATION, NULL};
    struct client *client = client_bound(1);
    uint8_t response[300];
    struct object object;
    size_t size;

    object_init(&object, 1);
    assert_int_equal(object_get_soh(client, &object), S_OK);
    size = object_response(&object, &restricted, response);
    object.max_size = 50;
    assert_int_equal(object_get_soh(client, &object), NAP_E_MAXSIZE_TOO_SMALL);
    assert_true(client_connections(client, 0).connections[0].pending);
    assert_int_equal(object_process(client, &object, response, size), S_OK);
    object.max_size = 4000;
    assert_int_equal(object_get_soh(client, &object), S_OK);
    assert_false(object.hint);
}

/* "If an SoHRequest was outstanding on this connection, then it is discarded" */
AGENT_TEST(a_newer_request_discards_the_older)
{
    struct decided restricted = {RESTRICTED, 0, SOH_NO_PROBATION, NULL};
    struct client *client = client_bound(1);
    uint8_t older[300], newer[300];
    struct object object;
    size_t size;

    object_init(&object, 1);
    assert_int_equal(object_get_soh(client, &object), S_OK);
    size = object_response(&object, &restricted, older);
    assert_int_equal(object_get_soh(client, &object), S_OK);
    assert_int_equal(object_response(&object, &restricted, newer), size);
    assert_int_equal(agent_logged("orphaned"), 1);
    assert_int_equal(object_process(client, &object, older, size), NAP_E_MISMATCHED_ID);
    assert_int_equal(object_process(client, &object, newer, size), S_OK);
    assert_int_equal(agent_logged("orphaned"), 1);
}

/* maxConnectionCountPerEnforcer: 20 */
AGENT_TEST(an_enforcer_has_at_most_20_connections)
{
    struct client *client = client_bound(1), *other = client_bound(2);
    static struct object objects[21];
    unsigned int i;

    for (i = 0; i < 21; i++)
        object_init(&objects[i], (uint8_t)(i + 1));
    for (i = 0; i < 20; i++)
        assert_int_equal(object_get_soh(client, &objects[i]), S_OK);
    assert_int_equal(object_get_soh(client, &objects[20]), E_OUTOFMEMORY);
    assert_int_equal(agent_logged("refused-connection"), 1);
    /* Existing connections continue, and so do other enforcers. */
    assert_int_equal(object_get_soh(client, &objects[19]), S_OK);
    assert_int_equal(object_get_soh(other, &objects[20]), S_OK);
    assert_int_equal(client_state(client).connections, 21);
    objects[20].private_size = 0;
    assert_int_equal(object_down(client, &objects[3]), S_OK);
    assert_int_equal(object_get_soh(client, &objects[20]), S_OK);
}

TEST_MAIN(NULL, NULL)
