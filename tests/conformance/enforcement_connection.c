/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * INapEnforcementClientConnection: sizes, flags, identities, packets and private
 * data. Pages inapenforcementclientconnection-*; limits: nap-type-constants.
 */

#include "connection_fixture.h"

/* "The range of possible values for the maximum size of a SoH packet" */
CONNECTION_TEST(the_maximum_size_is_defaultProtocolMaxSize_at_first)
{
    ProtocolMaxSize size = 0;

    says(S_OK, GetMaxSize, &size);
    assert_int_equal(size, 0x0fa0);
}

CONNECTION_TEST(SetMaxSize_takes_what_is_in_the_range)
{
    ProtocolMaxSize size = 0;

    says(S_OK, SetMaxSize, 0x012c);
    says(S_OK, GetMaxSize, &size);
    assert_int_equal(size, 0x012c);
    says(S_OK, SetMaxSize, 0xffff);
    says(S_OK, GetMaxSize, &size);
    assert_int_equal(size, 0xffff);
}

CONNECTION_TEST(SetMaxSize_refuses_what_is_out_of_the_range)
{
    ProtocolMaxSize size = 0;

    says(E_INVALIDARG, SetMaxSize, 0x012b);
    says(E_INVALIDARG, SetMaxSize, 0);
    says(E_INVALIDARG, SetMaxSize, 0x10000);
    says(E_INVALIDARG, SetMaxSize, 0xffffffff);
    says(S_OK, GetMaxSize, &size);
    assert_int_equal(size, 0x0fa0);
}

/* "If flags has a value of freshSoHRequest, it is a new request; otherwise it is a cached
 * request." */
CONNECTION_TEST(flags_are_kept)
{
    UINT8 flags = 7;

    says(S_OK, GetFlags, &flags);
    assert_int_equal(flags, 0);
    says(S_OK, SetFlags, freshSoHRequest);
    says(S_OK, GetFlags, &flags);
    assert_int_equal(flags, freshSoHRequest);
    says(S_OK, SetFlags, 0);
    says(S_OK, GetFlags, &flags);
    assert_int_equal(flags, 0);
}

CONNECTION_TEST(Initialize_sets_the_id_of_the_enforcement_client)
{
    says(S_OK, Initialize, ENFORCER_ID);
}

CONNECTION_TEST(the_connection_id_is_null_until_it_is_set)
{
    ConnectionId *id = GARBAGE;

    says(S_OK, GetConnectionId, &id);
    assert_memory_equal(id, &GUID_NULL, sizeof(*id));
    CoTaskMemFree(id);
}

CONNECTION_TEST(the_connection_id_is_kept)
{
    ConnectionId given = IID_IUnknown, *id = GARBAGE;

    says(S_OK, SetConnectionId, &given);
    given = IID_IClassFactory; /* it has a copy */
    says(S_OK, GetConnectionId, &id);
    assert_memory_equal(id, &IID_IUnknown, sizeof(*id));
    CoTaskMemFree(id);
    says(E_INVALIDARG, SetConnectionId, NULL);
    says(S_OK, GetConnectionId, &id);
    assert_memory_equal(id, &IID_IUnknown, sizeof(*id));
    CoTaskMemFree(id);
}

CONNECTION_TEST(the_correlation_id_is_kept)
{
    CorrelationId given = {IID_IUnknown, {0x12345678, 0x01cb3f7f}}, id;

    memset(&id, 0xff, sizeof(id));
    says(S_OK, GetCorrelationId, &id);
    assert_memory_equal(&id.connId, &GUID_NULL, sizeof(GUID));
    says(S_OK, SetCorrelationId, given);
    says(S_OK, GetCorrelationId, &id);
    assert_memory_equal(&id.connId, &IID_IUnknown, sizeof(GUID));
    assert_int_equal(id.timeStamp.dwLowDateTime, 0x12345678);
    assert_int_equal(id.timeStamp.dwHighDateTime, 0x01cb3f7f);
}

/* [MS-DHCPN] 2.2.1.3 has an example of "the string version of the connection's CorrelationId". */
CONNECTION_TEST(the_correlation_id_as_a_string_is_the_GUID_and_the_time)
{
    static const WCHAR expected[] =
            L"{00000000-0000-0000-C000-000000000046} - 2010-08-18 09:30:00.123Z";
    SYSTEMTIME time = {2010, 8, 3, 18, 9, 30, 0, 123};
    CorrelationId id = {IID_IUnknown, {0, 0}};
    StringCorrelationId *string = GARBAGE;

    SystemTimeToFileTime(&time, &id.timeStamp);
    says(S_OK, SetCorrelationId, id);
    says(S_OK, GetStringCorrelationId, &string);
    assert_int_equal(string->length, ARRAYSIZE(expected) - 1);
    assert_memory_equal(string->string, expected, sizeof(expected)); /* with its NUL */
    CoTaskMemFree(string->string);
    CoTaskMemFree(string);
}

CONNECTION_TEST(the_string_of_any_correlation_id_is_given)
{
    static const FILETIME times[] = {{0, 0}, {0xffffffff, 0x7fffffff}, {0xffffffff, 0xffffffff}};
    StringCorrelationId *string = GARBAGE;
    CorrelationId id = {IID_IUnknown, {0, 0}};
    size_t i;

    for (i = 0; i < ARRAYSIZE(times); i++)
    {
        id.timeStamp = times[i];
        says(S_OK, SetCorrelationId, id);
        says(S_OK, GetStringCorrelationId, &string);
        assert_int_equal(string->length, lstrlenW(string->string));
        assert_int_equal(string->length, 65);
        CoTaskMemFree(string->string);
        CoTaskMemFree(string);
    }
}

static void assert_soh(const NetworkSoH *soh, const void *bytes, UINT16 size)
{
    assert_int_equal(soh->size, size);
    if (size)
        assert_memory_equal(soh->data, bytes, size);
}

CONNECTION_TEST(the_SoH_request_is_kept)
{
    BYTE bytes[] = {1, 2, 3};
    NetworkSoHRequest given = {3, bytes}, *request = GARBAGE;

    says(S_OK, SetSoHRequest, &given);
    memset(bytes, 9, sizeof(bytes)); /* it has a copy */
    says(S_OK, GetSoHRequest, &request);
    assert_soh(request, "\1\2\3", 3);
    free_soh(request);
}

/* "A zero byte length SoH packet is invalid." */
CONNECTION_TEST(a_zero_length_SoH_request_is_refused)
{
    BYTE bytes[] = {1, 2, 3};
    NetworkSoHRequest given = {3, bytes}, empty = {0, bytes}, none = {3, NULL}, *request = GARBAGE;

    says(S_OK, SetSoHRequest, &given);
    says(E_INVALIDARG, SetSoHRequest, &empty);
    says(E_INVALIDARG, SetSoHRequest, &none);
    says(E_INVALIDARG, SetSoHRequest, NULL);
    says(S_OK, GetSoHRequest, &request);
    assert_soh(request, "\1\2\3", 3);
    free_soh(request);
}

/* "A zero-sized packet is valid." */
CONNECTION_TEST(a_zero_length_SoH_response_is_taken)
{
    BYTE bytes[] = {1, 2, 3};
    NetworkSoHResponse given = {3, bytes}, empty = {0, NULL}, none = {3, NULL}, *response = GARBAGE;

    says(S_OK, SetSoHResponse, &given);
    says(E_INVALIDARG, SetSoHResponse, &none);
    says(E_INVALIDARG, SetSoHResponse, NULL);
    says(S_OK, GetSoHResponse, &response);
    assert_soh(response, bytes, 3);
    free_soh(response);
    says(S_OK, SetSoHResponse, &empty);
    says(S_OK, GetSoHResponse, &response);
    assert_soh(response, NULL, 0);
    free_soh(response);
}

/* "The maximum possible size, in bytes, of an SoH packet": 0xFFFF */
CONNECTION_TEST(packets_may_have_65535_bytes)
{
    static BYTE bytes[0xffff];
    NetworkSoH given = {0xffff, bytes}, *soh = GARBAGE;
    int i;

    for (i = 0; i < 0xffff; i++)
        bytes[i] = (BYTE)(i * 7 + i / 256);
    says(S_OK, SetSoHRequest, &given);
    says(S_OK, SetSoHResponse, &given);
    says(S_OK, GetSoHRequest, &soh);
    assert_soh(soh, bytes, 0xffff);
    free_soh(soh);
    says(S_OK, GetSoHResponse, &soh);
    assert_soh(soh, bytes, 0xffff);
    free_soh(soh);
}

CONNECTION_TEST(packets_are_empty_at_first)
{
    NetworkSoH *soh = GARBAGE;

    says(S_OK, GetSoHRequest, &soh);
    assert_soh(soh, NULL, 0);
    free_soh(soh);
    says(S_OK, GetSoHResponse, &soh);
    assert_soh(soh, NULL, 0);
    free_soh(soh);
}

/* "The maximum size, in bytes, of a PrivateData structure": 0xC8 */
CONNECTION_TEST(private_data_may_have_200_bytes)
{
    BYTE bytes[201];
    PrivateData most = {200, bytes}, more = {201, bytes}, none = {1, NULL}, *data = GARBAGE;

    memset(bytes, 0x5a, sizeof(bytes));
    says(S_OK, SetPrivateData, &most);
    says(E_INVALIDARG, SetPrivateData, &more);
    says(E_INVALIDARG, SetPrivateData, &none);
    says(E_INVALIDARG, SetPrivateData, NULL);
    says(S_OK, GetPrivateData, &data);
    assert_int_equal(data->size, 200);
    assert_memory_equal(data->data, bytes, 200);
    free_data(data);
    says(S_OK, SetEnforcerPrivateData, &most);
    says(E_INVALIDARG, SetEnforcerPrivateData, &more);
    says(E_INVALIDARG, SetEnforcerPrivateData, &none);
    says(E_INVALIDARG, SetEnforcerPrivateData, NULL);
    says(S_OK, GetEnforcerPrivateData, &data);
    assert_int_equal(data->size, 200);
    assert_memory_equal(data->data, bytes, 200);
    free_data(data);
}

CONNECTION_TEST(private_data_may_be_empty)
{
    PrivateData something = {3, (BYTE *)"abc"}, empty = {0, NULL}, *data = GARBAGE;

    says(S_OK, GetPrivateData, &data);
    assert_int_equal(data->size, 0);
    free_data(data);
    says(S_OK, GetEnforcerPrivateData, &data);
    assert_int_equal(data->size, 0);
    free_data(data);
    says(S_OK, SetPrivateData, &something);
    says(S_OK, SetPrivateData, &empty);
    says(S_OK, GetPrivateData, &data);
    assert_int_equal(data->size, 0);
    free_data(data);
}

/* "only the NapAgent can interpret", "only the enforcer can interpret" */
CONNECTION_TEST(the_agents_and_the_enforcers_private_data_are_two)
{
    PrivateData agents = {3, (BYTE *)"abc"}, enforcers = {4, (BYTE *)"defg"}, *data = GARBAGE;

    says(S_OK, SetPrivateData, &agents);
    says(S_OK, SetEnforcerPrivateData, &enforcers);
    says(S_OK, GetPrivateData, &data);
    assert_int_equal(data->size, 3);
    assert_memory_equal(data->data, "abc", 3);
    free_data(data);
    says(S_OK, GetEnforcerPrivateData, &data);
    assert_int_equal(data->size, 4);
    assert_memory_equal(data->data, "defg", 4);
    free_data(data);
}

CONNECTION_TEST(an_exchange_leaves_the_enforcers_private_data_alone)
{
    PrivateData enforcers = {4, (BYTE *)"defg"}, *data = GARBAGE;

    says(S_OK, SetEnforcerPrivateData, &enforcers);
    decide(connection, isolationStateNotRestricted, NO_PROBATION, NULL);
    says(S_OK, GetEnforcerPrivateData, &data);
    assert_int_equal(data->size, 4);
    assert_memory_equal(data->data, "defg", 4);
    free_data(data);
}

CONNECTION_TEST(getters_refuse_NULL)
{
    says(E_INVALIDARG, GetMaxSize, NULL);
    says(E_INVALIDARG, GetFlags, NULL);
    says(E_INVALIDARG, GetConnectionId, NULL);
    says(E_INVALIDARG, GetCorrelationId, NULL);
    says(E_INVALIDARG, GetStringCorrelationId, NULL);
    says(E_INVALIDARG, GetSoHRequest, NULL);
    says(E_INVALIDARG, GetSoHResponse, NULL);
    says(E_INVALIDARG, GetIsolationInfo, NULL);
    says(E_INVALIDARG, GetPrivateData, NULL);
    says(E_INVALIDARG, GetEnforcerPrivateData, NULL);
    says2(E_INVALIDARG, GetIsolationInfoEx, NULL);
}

CONNECTION_TEST(an_object_has_one_identity)
{
    IUnknown *one, *other;

    INapEnforcementClientConnection_QueryInterface(connection, &IID_IUnknown, (void **)&one);
    INapEnforcementClientConnection2_QueryInterface(connection2, &IID_IUnknown, (void **)&other);
    assert_ptr_equal(one, other);
    IUnknown_Release(one);
    IUnknown_Release(other);
    assert_int_equal(INapEnforcementClientConnection_QueryInterface(
                             connection, &IID_INapEnforcementClientBinding, (void **)&one),
            E_NOINTERFACE);
    assert_null(one);
}

TEST_MAIN(enforcer_tests_begin, enforcer_tests_end)
