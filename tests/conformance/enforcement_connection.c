/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * INapEnforcementClientConnection: sizes, flags, identities, packets and private
 * data. What is set and got alike is a row of a table. Pages inapenforcementclientconnection-*;
 * limits: nap-type-constants.
 */

#include "connection_fixture.h"

/* ---- numbers ---- */

#define NUMBER(setter, getter, type)                                                               \
    static HRESULT call_##setter(UINT32 value)                                                     \
    {                                                                                              \
        return record(INapEnforcementClientConnection, setter, connection, (type)value);           \
    }                                                                                              \
    static UINT32 call_##getter(void)                                                              \
    {                                                                                              \
        type value = 7;                                                                            \
        says(S_OK, getter, &value);                                                                \
        return value;                                                                              \
    }

NUMBER(SetMaxSize, GetMaxSize, ProtocolMaxSize)
NUMBER(SetFlags, GetFlags, UINT8)

static const struct
{
    const char *name;
    HRESULT (*set)(UINT32 value);
    UINT32 (*get)(void);
    UINT32 first, low, high;
    bool limited; /* to what is from low to high */
} numbers[] = {
        /* "The range of possible values for the maximum size of a SoH packet", and
         * defaultProtocolMaxSize */
        {"MaxSize", call_SetMaxSize, call_GetMaxSize, 0x0fa0, 0x012c, 0xffff, true},
        /* "If flags has a value of freshSoHRequest, it is a new request; otherwise it is a cached
         * request." */
        {"Flags", call_SetFlags, call_GetFlags, 0, 0, freshSoHRequest, false},
};

static void assert_number(size_t row, UINT32 expected)
{
    UINT32 value = numbers[row].get();

    if (value != expected)
        fail_msg("%s is %#x, not %#x", numbers[row].name, value, expected);
}

CONNECTION_TEST(numbers_have_a_value_at_first)
{
    size_t i;

    for (i = 0; i < ARRAYSIZE(numbers); i++)
        assert_number(i, numbers[i].first);
}

CONNECTION_TEST(numbers_in_the_range_are_kept)
{
    size_t i, k;

    for (i = 0; i < ARRAYSIZE(numbers); i++)
    {
        const UINT32 values[] = {numbers[i].high, numbers[i].low, numbers[i].first};

        for (k = 0; k < ARRAYSIZE(values); k++)
        {
            if (numbers[i].set(values[k]) != S_OK)
                fail_msg("%s cannot be %#x", numbers[i].name, values[k]);
            assert_number(i, values[k]);
        }
    }
}

CONNECTION_TEST(numbers_out_of_the_range_are_refused)
{
    size_t i, k;

    for (i = 0; i < ARRAYSIZE(numbers); i++)
    {
        const UINT32 values[] = {0, numbers[i].low - 1, numbers[i].high + 1, 0xffffffff};

        for (k = 0; numbers[i].limited && k < ARRAYSIZE(values); k++)
        {
            if (numbers[i].set(values[k]) != E_INVALIDARG)
                fail_msg("%s can be %#x", numbers[i].name, values[k]);
            assert_number(i, numbers[i].first);
        }
    }
}

/* ---- ids ---- */

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

/* ---- packets and private data ---- */

/* NetworkSoHRequest, NetworkSoHResponse and PrivateData */
struct bytes
{
    UINT16 size;
    BYTE *data;
};
C_ASSERT(sizeof(struct bytes) == sizeof(NetworkSoH) && sizeof(struct bytes) == sizeof(PrivateData));

#define BYTES(setter, getter, type)                                                                \
    static HRESULT call_##setter(const struct bytes *value)                                        \
    {                                                                                              \
        return record(INapEnforcementClientConnection, setter, connection, (const type *)value);   \
    }                                                                                              \
    static struct bytes *call_##getter(void)                                                       \
    {                                                                                              \
        type *value = GARBAGE;                                                                     \
        says(S_OK, getter, &value);                                                                \
        return (struct bytes *)value;                                                              \
    }

BYTES(SetSoHRequest, GetSoHRequest, NetworkSoHRequest)
BYTES(SetSoHResponse, GetSoHResponse, NetworkSoHResponse)
BYTES(SetPrivateData, GetPrivateData, PrivateData)
BYTES(SetEnforcerPrivateData, GetEnforcerPrivateData, PrivateData)

static const struct
{
    const char *name;
    HRESULT (*set)(const struct bytes *value);
    struct bytes *(*get)(void);
    UINT16 low, high;
} properties[] = {
        /* "A zero byte length SoH packet is invalid." "The maximum possible size, in bytes, of an
         * SoH packet": 0xFFFF */
        {"SoHRequest", call_SetSoHRequest, call_GetSoHRequest, 1, 0xffff},
        /* "A zero-sized packet is valid." */
        {"SoHResponse", call_SetSoHResponse, call_GetSoHResponse, 0, 0xffff},
        /* "The maximum size, in bytes, of a PrivateData structure": 0xC8 */
        {"PrivateData", call_SetPrivateData, call_GetPrivateData, 0, 200},
        {"EnforcerPrivateData", call_SetEnforcerPrivateData, call_GetEnforcerPrivateData, 0, 200},
};

/* Fails if there are others than these, and frees them. */
static void assert_bytes(size_t row, const void *data, UINT16 size)
{
    struct bytes *got = properties[row].get();

    if (got->size != size)
        fail_msg("%s has %u bytes, not %u", properties[row].name, got->size, size);
    if (size && memcmp(got->data, data, size))
        fail_msg("%s has other bytes", properties[row].name);
    CoTaskMemFree(got->data);
    CoTaskMemFree(got);
}

static void assert_set(size_t row, const struct bytes *value, HRESULT expected)
{
    HRESULT hr = properties[row].set(value);

    if (hr != expected)
        fail_msg("%s of %d bytes: %#lx, not %#lx", properties[row].name, value ? value->size : -1,
                hr, expected);
}

CONNECTION_TEST(packets_and_data_are_empty_at_first)
{
    size_t i;

    for (i = 0; i < ARRAYSIZE(properties); i++)
        assert_bytes(i, NULL, 0);
}

CONNECTION_TEST(packets_and_data_are_copied)
{
    size_t i;

    for (i = 0; i < ARRAYSIZE(properties); i++)
    {
        BYTE bytes[] = {1, 2, 3};
        struct bytes given = {sizeof(bytes), bytes};

        assert_set(i, &given, S_OK);
        memset(bytes, 9, sizeof(bytes));
        assert_bytes(i, "\1\2\3", 3);
    }
}

/* What is refused leaves what is there. */
CONNECTION_TEST(packets_and_data_have_limits)
{
    static BYTE data[0xffff];
    size_t i, k;

    for (i = 0; i < sizeof(data); i++)
        data[i] = (BYTE)(i * 7 + i / 256);
    for (i = 0; i < ARRAYSIZE(properties); i++)
    {
        const UINT16 low = properties[i].low, high = properties[i].high;
        const UINT16 sizes[] = {high, low};

        for (k = 0; k < ARRAYSIZE(sizes); k++)
        {
            const struct bytes given = {sizes[k], sizes[k] ? data : NULL}, none = {1, NULL};
            const struct bytes less = {(UINT16)(low - 1), data}, more = {(UINT16)(high + 1), data};

            assert_set(i, &given, S_OK);
            assert_set(i, &none, E_INVALIDARG);
            assert_set(i, NULL, E_INVALIDARG);
            if (low)
                assert_set(i, &less, E_INVALIDARG);
            if (high < 0xffff)
                assert_set(i, &more, E_INVALIDARG);
            assert_bytes(i, data, sizes[k]);
        }
    }
}

/* "only the NapAgent can interpret", "only the enforcer can interpret": each has its own. */
CONNECTION_TEST(packets_and_data_are_apart)
{
    BYTE data[] = "abcdefgh";
    size_t i;

    for (i = 0; i < ARRAYSIZE(properties); i++)
    {
        const struct bytes given = {(UINT16)(3 + i), data + i};

        assert_set(i, &given, S_OK);
    }
    for (i = 0; i < ARRAYSIZE(properties); i++)
        assert_bytes(i, data + i, (UINT16)(3 + i));
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
