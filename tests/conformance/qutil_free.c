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

static CountedString task_string(const WCHAR *text)
{
    CountedString string;

    string.length = (UINT16)wcslen(text);
    string.string = task_memory((wcslen(text) + 1) * sizeof(WCHAR));
    wcscpy(string.string, text);
    return string;
}

static ResultCodes task_codes(UINT16 count)
{
    ResultCodes codes;

    codes.count = count;
    codes.results = task_memory(count * sizeof(HRESULT));
    return codes;
}

/* Page nap-utility-functions */

MEMORY_TEST(every_Free_function_takes_NULL)
{
    NapComponentRegistrationInfo *info = NULL;
    int type;

    FreeConnections(NULL);
    FreeCountedString(NULL);
    FreeFixupInfo(NULL);
    FreeIsolationInfo(NULL);
    FreeIsolationInfoEx(NULL);
    FreeNapComponentRegistrationInfoArray(0, NULL);
    FreeNapComponentRegistrationInfoArray(3, NULL);
    FreeNapComponentRegistrationInfoArray(3, &info);
    FreeNetworkSoH(NULL);
    FreePrivateData(NULL);
    FreeSoH(NULL);
    for (type = 0; type <= 17; type++)
        FreeSoHAttributeValue((SoHAttributeType)type, NULL);
    FreeSystemHealthAgentState(NULL);
}

/* Page freecountedstring-func */

MEMORY_TEST(FreeCountedString_frees_the_string)
{
    CountedString *string = task_memory(sizeof(*string));

    *string = task_string(L"text");
    FreeCountedString(string);
}

MEMORY_TEST(FreeCountedString_takes_a_length_without_a_string)
{
    CountedString *string = task_memory(sizeof(*string));

    string->length = 10;
    FreeCountedString(string);
}

/* Page freefixupinfo-func */

MEMORY_TEST(FreeFixupInfo_frees_the_result_codes)
{
    FixupInfo *info = task_memory(sizeof(*info));

    info->resultCodes = task_codes(3);
    FreeFixupInfo(info);
}

MEMORY_TEST(FreeFixupInfo_takes_a_count_without_codes)
{
    FixupInfo *info = task_memory(sizeof(*info));

    info->resultCodes.count = 3;
    FreeFixupInfo(info);
}

/* Pages freeisolationinfo-func and freeisolationinfoex */

MEMORY_TEST(FreeIsolationInfo_frees_the_URL)
{
    IsolationInfo *info = task_memory(sizeof(*info));

    info->failureUrl = task_string(L"http://fixup.example/");
    FreeIsolationInfo(info);
}

MEMORY_TEST(FreeIsolationInfo_takes_no_URL)
{
    FreeIsolationInfo(task_memory(sizeof(IsolationInfo)));
}

MEMORY_TEST(FreeIsolationInfoEx_frees_the_URL)
{
    IsolationInfoEx *info = task_memory(sizeof(*info));

    info->failureUrl = task_string(L"http://fixup.example/");
    FreeIsolationInfoEx(info);
}

MEMORY_TEST(FreeIsolationInfoEx_takes_no_URL)
{
    FreeIsolationInfoEx(task_memory(sizeof(IsolationInfoEx)));
}

/* Page freenapcomponentregistrationinfoarray-func */

MEMORY_TEST(FreeNapComponentRegistrationInfoArray_frees_the_strings_of_each)
{
    NapComponentRegistrationInfo *info = task_memory(3 * sizeof(*info));
    int i;

    for (i = 0; i < 3; i++)
    {
        info[i].friendlyName = task_string(L"Name");
        info[i].description = task_string(L"Description");
        info[i].version = task_string(L"1.0");
        info[i].vendorName = task_string(L"Vendor");
    }
    FreeNapComponentRegistrationInfoArray(3, &info);
    assert_null(info);
}

MEMORY_TEST(FreeNapComponentRegistrationInfoArray_takes_missing_strings)
{
    NapComponentRegistrationInfo *info = task_memory(4 * sizeof(*info));

    info[0].friendlyName = task_string(L"Name");
    info[1].description = task_string(L"Description");
    info[3].vendorName = task_string(L"Vendor");
    FreeNapComponentRegistrationInfoArray(4, &info);
}

MEMORY_TEST(FreeNapComponentRegistrationInfoArray_takes_an_empty_array)
{
    NapComponentRegistrationInfo *info = task_memory(1);

    FreeNapComponentRegistrationInfoArray(0, &info);
}

/* Pages freenetworksoh-func and freeprivatedata-func */

MEMORY_TEST(FreeNetworkSoH_frees_the_data)
{
    NetworkSoH *soh = task_memory(sizeof(*soh));

    soh->size = 12;
    soh->data = task_memory(12);
    FreeNetworkSoH(soh);
}

MEMORY_TEST(FreeNetworkSoH_takes_a_size_without_data)
{
    NetworkSoH *soh = task_memory(sizeof(*soh));

    soh->size = 12;
    FreeNetworkSoH(soh);
}

MEMORY_TEST(FreePrivateData_frees_the_data)
{
    PrivateData *data = task_memory(sizeof(*data));

    data->size = maxPrivateDataSize;
    data->data = task_memory(maxPrivateDataSize);
    FreePrivateData(data);
}

MEMORY_TEST(FreePrivateData_takes_a_size_without_data)
{
    PrivateData *data = task_memory(sizeof(*data));

    data->size = 8;
    FreePrivateData(data);
}

/* Page freesoh-func */

MEMORY_TEST(FreeSoH_frees_the_attributes_and_their_values)
{
    SoH *soh = task_memory(sizeof(*soh));
    int i;

    soh->count = 3;
    soh->attributes = task_memory(3 * sizeof(*soh->attributes));
    for (i = 0; i < 3; i++)
    {
        soh->attributes[i].size = 4;
        soh->attributes[i].value = task_memory(4);
    }
    FreeSoH(soh);
}

MEMORY_TEST(FreeSoH_takes_missing_values)
{
    SoH *soh = task_memory(sizeof(*soh));

    soh->count = 3;
    soh->attributes = task_memory(3 * sizeof(*soh->attributes));
    soh->attributes[1].size = 4;
    soh->attributes[2].value = task_memory(4);
    FreeSoH(soh);
}

MEMORY_TEST(FreeSoH_takes_a_count_without_attributes)
{
    SoH *soh = task_memory(sizeof(*soh));

    soh->count = 3;
    FreeSoH(soh);
}

/* Page freesohattributevalue-func; the member is chosen as on page sohattributevalue-union */

MEMORY_TEST(FreeSoHAttributeValue_frees_the_array_of_the_type)
{
    SoHAttributeValue *value;
    int type;

    value = task_memory(sizeof(*value));
    value->v4AddressesVal.count = 2;
    value->v4AddressesVal.addresses = task_memory(2 * sizeof(Ipv4Address));
    FreeSoHAttributeValue(sohAttributeTypeIpv4FixupServers, value);

    value = task_memory(sizeof(*value));
    value->v6AddressesVal.count = 2;
    value->v6AddressesVal.addresses = task_memory(2 * sizeof(Ipv6Address));
    FreeSoHAttributeValue(sohAttributeTypeIpv6FixupServers, value);

    value = task_memory(sizeof(*value));
    value->codesVal = task_codes(2);
    FreeSoHAttributeValue(sohAttributeTypeComplianceResultCodes, value);

    value = task_memory(sizeof(*value));
    value->codesVal = task_codes(2);
    FreeSoHAttributeValue(sohAttributeTypeErrorCodes, value);

    value = task_memory(sizeof(*value));
    value->vendorSpecificVal.size = 9;
    value->vendorSpecificVal.vendorSpecificData = task_memory(9);
    FreeSoHAttributeValue(sohAttributeTypeVendorSpecific, value);

    for (type = 1; type <= 100; type++)
    {
        if (type != sohAttributeTypeClientId && type != sohAttributeTypeSoftwareVersion
                && type != sohAttributeTypeProductName && type != sohAttributeTypeHealthClassStatus
                && type != 1 && type < 17)
            continue;
        value = task_memory(sizeof(*value));
        value->octetStringVal.size = 5;
        value->octetStringVal.data = task_memory(5);
        FreeSoHAttributeValue((SoHAttributeType)type, value);
    }
}

/* Numbers with every bit set: used as a pointer, they would crash. */
MEMORY_TEST(FreeSoHAttributeValue_follows_no_pointer_in_a_number)
{
    static const SoHAttributeType types[] = {sohAttributeTypeSystemHealthId,
            sohAttributeTypeTimeOfLastUpdate, sohAttributeTypeSoHGenerationTime,
            sohAttributeTypeHealthClass, sohAttributeTypeFailureCategory,
            sohAttributeTypeExtendedIsolationState};
    SoHAttributeValue *value;
    size_t i;

    for (i = 0; i < ARRAYSIZE(types); i++)
    {
        value = task_memory(sizeof(*value));
        memset(value, 0xff, sizeof(*value));
        FreeSoHAttributeValue(types[i], value);
    }
}

MEMORY_TEST(FreeSoHAttributeValue_takes_a_count_without_an_array)
{
    SoHAttributeValue *value;
    int type;

    for (type = 0; type <= 20; type++)
    {
        value = task_memory(sizeof(*value));
        if (type == sohAttributeTypeVendorSpecific)
            value->vendorSpecificVal.size = 3;
        else
            value->octetStringVal.size = 3;
        FreeSoHAttributeValue((SoHAttributeType)type, value);
    }
}

/* Page freesystemhealthagentstate-func */

MEMORY_TEST(FreeSystemHealthAgentState_frees_both_lists_of_codes)
{
    SystemHealthAgentState *agent = task_memory(sizeof(*agent));

    agent->shaResultCodes = task_codes(2);
    agent->fixupInfo.resultCodes = task_codes(1);
    FreeSystemHealthAgentState(agent);
}

MEMORY_TEST(FreeSystemHealthAgentState_takes_one_list_only)
{
    SystemHealthAgentState *agent = task_memory(sizeof(*agent));

    agent->shaResultCodes = task_codes(2);
    FreeSystemHealthAgentState(agent);

    agent = task_memory(sizeof(*agent));
    agent->fixupInfo.resultCodes = task_codes(1);
    FreeSystemHealthAgentState(agent);
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

MEMORY_TEST(FreeConnections_takes_a_count_without_an_array)
{
    Connections *connections = task_memory(sizeof(*connections));

    connections->count = 4;
    FreeConnections(connections);
}

TEST_MAIN(spy_install, NULL)
