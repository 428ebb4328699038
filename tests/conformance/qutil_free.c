/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * qutil.dll's Free functions: each frees the structure and everything it points to, and accepts
 * NULL and a partly filled structure.
 */

#include <test.h>

#include <windows.h>
#include <objbase.h>
#include <naputil.h>

#include "spy.h"

static int live_before;
static int wrong_before;

static int remember_memory(void)
{
    live_before = spy_live();
    wrong_before = spy_wrong_frees();
    return 0;
}

/* After every test: everything is freed, exactly once. */
static int check_memory(void)
{
    return spy_live() != live_before || spy_wrong_frees() != wrong_before;
}

#define MEMORY_TEST(name) TEST_WITH(name, remember_memory, check_memory)

static void *task_memory(size_t size)
{
    void *block = CoTaskMemAlloc(size);

    assert_non_null(block);
    memset(block, 0, size);
    return block;
}

/* ---- what is freed, with these of the things it points to: bit n for the nth. Counts and sizes
 * are as if all were there. ---- */

static void *part(unsigned int parts, unsigned int n, size_t size)
{
    return parts & (1u << n) ? task_memory(size) : NULL;
}

static CountedString string_part(unsigned int parts, unsigned int n)
{
    return (CountedString){4, part(parts, n, sizeof(L"text"))};
}

static ResultCodes codes_part(unsigned int parts, unsigned int n)
{
    return (ResultCodes){3, part(parts, n, 3 * sizeof(HRESULT))};
}

static void *make_string(unsigned int parts)
{
    CountedString *string = task_memory(sizeof(*string));

    *string = string_part(parts, 0);
    return string;
}

static void *make_fixup(unsigned int parts)
{
    FixupInfo *info = task_memory(sizeof(*info));

    info->resultCodes = codes_part(parts, 0);
    return info;
}

static void *make_isolation(unsigned int parts)
{
    IsolationInfo *info = task_memory(sizeof(*info));

    info->failureUrl = string_part(parts, 0);
    return info;
}

static void *make_isolation_ex(unsigned int parts)
{
    IsolationInfoEx *info = task_memory(sizeof(*info));

    info->failureUrl = string_part(parts, 0);
    return info;
}

#define REGISTRATIONS 2 /* of 4 strings each */

static void *make_registrations(unsigned int parts)
{
    NapComponentRegistrationInfo *info = task_memory(REGISTRATIONS * sizeof(*info));
    unsigned int i;

    for (i = 0; i < REGISTRATIONS; i++)
    {
        info[i].friendlyName = string_part(parts, 4 * i);
        info[i].description = string_part(parts, 4 * i + 1);
        info[i].version = string_part(parts, 4 * i + 2);
        info[i].vendorName = string_part(parts, 4 * i + 3);
    }
    return info;
}

static void *make_network_soh(unsigned int parts)
{
    NetworkSoH *soh = task_memory(sizeof(*soh));

    *soh = (NetworkSoH){12, part(parts, 0, 12)};
    return soh;
}

static void *make_private_data(unsigned int parts)
{
    PrivateData *data = task_memory(sizeof(*data));

    *data = (PrivateData){maxPrivateDataSize, part(parts, 0, maxPrivateDataSize)};
    return data;
}

/* The array of attributes, then each one's value */
static void *make_soh(unsigned int parts)
{
    SoH *soh = task_memory(sizeof(*soh));
    UINT16 i;

    soh->count = 3;
    soh->attributes = part(parts, 0, 3 * sizeof(*soh->attributes));
    for (i = 0; soh->attributes && i < soh->count; i++)
        soh->attributes[i] = (SoHAttribute){.size = 4, .value = part(parts, 1 + i, 4)};
    return soh;
}

static void *make_agent_state(unsigned int parts)
{
    SystemHealthAgentState *agent = task_memory(sizeof(*agent));

    agent->shaResultCodes = codes_part(parts, 0);
    agent->fixupInfo.resultCodes = codes_part(parts, 1);
    return agent;
}

/* Of no connection, for these see below */
static void *make_connections(unsigned int parts)
{
    Connections *connections = task_memory(sizeof(*connections));

    connections->count = 4;
    connections->connections = part(parts, 0, 4 * sizeof(*connections->connections));
    return connections;
}

static void free_registrations(void *object)
{
    NapComponentRegistrationInfo *info = object;

    FreeNapComponentRegistrationInfoArray(REGISTRATIONS, &info);
    assert_null(info);
}

#define FREES(function, type)                                                                      \
    static void call_##function(void *object)                                                      \
    {                                                                                              \
        function((type *)object);                                                                  \
    }

FREES(FreeCountedString, CountedString)
FREES(FreeFixupInfo, FixupInfo)
FREES(FreeIsolationInfo, IsolationInfo)
FREES(FreeIsolationInfoEx, IsolationInfoEx)
FREES(FreeNetworkSoH, NetworkSoH)
FREES(FreePrivateData, PrivateData)
FREES(FreeSoH, SoH)
FREES(FreeSystemHealthAgentState, SystemHealthAgentState)
FREES(FreeConnections, Connections)

/* Page nap-utility-functions, and the page of each function */
static const struct
{
    const char *name;
    void (*free)(void *object);
    void *(*make)(unsigned int parts);
    unsigned int parts; /* how many things it may point to */
} functions[] = {
        {"FreeCountedString", call_FreeCountedString, make_string, 1},
        {"FreeFixupInfo", call_FreeFixupInfo, make_fixup, 1},
        {"FreeIsolationInfo", call_FreeIsolationInfo, make_isolation, 1},
        {"FreeIsolationInfoEx", call_FreeIsolationInfoEx, make_isolation_ex, 1},
        {"FreeNapComponentRegistrationInfoArray", free_registrations, make_registrations,
                4 * REGISTRATIONS},
        {"FreeNetworkSoH", call_FreeNetworkSoH, make_network_soh, 1},
        {"FreePrivateData", call_FreePrivateData, make_private_data, 1},
        {"FreeSoH", call_FreeSoH, make_soh, 4},
        {"FreeSystemHealthAgentState", call_FreeSystemHealthAgentState, make_agent_state, 2},
        {"FreeConnections", call_FreeConnections, make_connections, 1},
};

static void assert_freed(const char *name, unsigned int parts)
{
    if (check_memory())
        fail_msg("%s with the parts %#x: %d blocks left, %d freed wrongly", name, parts,
                spy_live() - live_before, spy_wrong_frees() - wrong_before);
}

MEMORY_TEST(all_is_freed_whatever_is_missing)
{
    unsigned int parts;
    size_t i;

    for (i = 0; i < ARRAYSIZE(functions); i++)
        for (parts = 0; parts < 1u << functions[i].parts; parts++)
        {
            functions[i].free(functions[i].make(parts));
            assert_freed(functions[i].name, parts);
        }
}

MEMORY_TEST(every_Free_function_takes_NULL)
{
    int type;
    size_t i;

    for (i = 0; i < ARRAYSIZE(functions); i++)
        functions[i].free(NULL);
    FreeNapComponentRegistrationInfoArray(0, NULL);
    FreeNapComponentRegistrationInfoArray(3, NULL);
    for (type = 0; type <= 17; type++)
        FreeSoHAttributeValue((SoHAttributeType)type, NULL);
}

MEMORY_TEST(FreeNapComponentRegistrationInfoArray_takes_an_empty_array)
{
    NapComponentRegistrationInfo *info = task_memory(1);

    FreeNapComponentRegistrationInfoArray(0, &info);
}

/* ---- page freesohattributevalue-func; which member by page sohattributevalue-union ---- */

static void *make_v4_addresses(unsigned int parts)
{
    SoHAttributeValue *value = task_memory(sizeof(*value));

    value->v4AddressesVal.count = 2;
    value->v4AddressesVal.addresses = part(parts, 0, 2 * sizeof(Ipv4Address));
    return value;
}

static void *make_v6_addresses(unsigned int parts)
{
    SoHAttributeValue *value = task_memory(sizeof(*value));

    value->v6AddressesVal.count = 2;
    value->v6AddressesVal.addresses = part(parts, 0, 2 * sizeof(Ipv6Address));
    return value;
}

static void *make_codes(unsigned int parts)
{
    SoHAttributeValue *value = task_memory(sizeof(*value));

    value->codesVal = codes_part(parts, 0);
    return value;
}

static void *make_vendor_specific(unsigned int parts)
{
    SoHAttributeValue *value = task_memory(sizeof(*value));

    value->vendorSpecificVal.size = 9;
    value->vendorSpecificVal.vendorSpecificData = part(parts, 0, 9);
    return value;
}

static void *make_octets(unsigned int parts)
{
    SoHAttributeValue *value = task_memory(sizeof(*value));

    value->octetStringVal.size = 5;
    value->octetStringVal.data = part(parts, 0, 5);
    return value;
}

/* Every bit of it set: were it taken for a pointer, this would crash. */
static void *make_number(unsigned int parts)
{
    SoHAttributeValue *value = task_memory(sizeof(*value));

    (void)parts;
    memset(value, 0xff, sizeof(*value));
    return value;
}

static const struct
{
    const char *name;
    int first, last; /* types */
    void *(*make)(unsigned int parts);
} values[] = {
        {"no attribute", 0, 1, make_octets},
        {"SystemHealthId", 2, 2, make_number},
        {"Ipv4FixupServers", 3, 3, make_v4_addresses},
        {"ComplianceResultCodes", 4, 4, make_codes},
        {"TimeOfLastUpdate", 5, 5, make_number},
        {"ClientId", 6, 6, make_octets},
        {"VendorSpecific", 7, 7, make_vendor_specific},
        {"HealthClass", 8, 8, make_number},
        {"SoftwareVersion, ProductName, HealthClassStatus", 9, 11, make_octets},
        {"SoHGenerationTime", 12, 12, make_number},
        {"ErrorCodes", 13, 13, make_codes},
        {"FailureCategory", 14, 14, make_number},
        {"Ipv6FixupServers", 15, 15, make_v6_addresses},
        {"ExtendedIsolationState", 16, 16, make_number},
        {"types that there are not", 17, 100, make_octets},
};

MEMORY_TEST(FreeSoHAttributeValue_frees_the_member_of_the_type)
{
    unsigned int parts;
    int type, last = -1;
    size_t i;

    for (i = 0; i < ARRAYSIZE(values); last = values[i++].last)
    {
        assert_int_equal(values[i].first, last + 1); /* each type is there */
        for (type = values[i].first; type <= values[i].last; type++)
            for (parts = 0; parts < 2; parts++)
            {
                FreeSoHAttributeValue((SoHAttributeType)type, values[i].make(parts));
                assert_freed(values[i].name, parts);
            }
    }
}

/* Page freeconnections-func */

struct counted_connection
{
    INapEnforcementClientConnection iface; /* only Release is ever called */
    INapEnforcementClientConnectionVtbl vtbl;
    int releases;
};

static ULONG STDMETHODCALLTYPE counted_connection_Release(INapEnforcementClientConnection *iface)
{
    ((struct counted_connection *)iface)->releases++;
    return 0;
}

static INapEnforcementClientConnection *counted_connection_init(
        struct counted_connection *connection)
{
    memset(connection, 0, sizeof(*connection));
    connection->vtbl.Release = counted_connection_Release;
    connection->iface.lpVtbl = &connection->vtbl;
    return &connection->iface;
}

MEMORY_TEST(FreeConnections_releases_each_interface_once)
{
    struct counted_connection objects[3];
    Connections *connections;
    int i;

    assert_int_equal(AllocConnections(&connections, 3), S_OK);
    for (i = 0; i < 3; i++)
        connections->connections[i] = counted_connection_init(&objects[i]);
    FreeConnections(connections);
    for (i = 0; i < 3; i++)
        assert_int_equal(objects[i].releases, 1);
}

MEMORY_TEST(FreeConnections_passes_over_missing_interfaces)
{
    struct counted_connection object;
    Connections *connections;

    assert_int_equal(AllocConnections(&connections, 5), S_OK);
    connections->connections[3] = counted_connection_init(&object);
    FreeConnections(connections);
    assert_int_equal(object.releases, 1);
}

TEST_MAIN(spy_install, NULL)
