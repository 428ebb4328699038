/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * INapSoHProcessor::GetAttribute (page inapsohprocessor-getattribute-method): how attributes in
 * network format are read.
 */

#include "processor_fixture.h"

/* Page inapsohprocessor-getattribute-method; members by sohattributevalue-union,
 * byte order by ns-naptypes-resultcodes */

static SoHAttributeValue *get_attribute(UINT16 location, SoHAttributeType expected)
{
    SoHAttributeValue *value = GARBAGE;
    SoHAttributeType type = 0;

    assert_int_equal(INapSoHProcessor_GetAttribute(processor, location, &type, &value), S_OK);
    assert_int_equal(type, expected);
    assert_true(spy_knows(value));
    return value;
}

PROCESSOR_TEST(GetAttribute_reads_numbers)
{
    static const struct
    {
        UINT16 location;
        SoHAttributeType type;
        UINT8 byte;
    } bytes[] = {
            {1, sohAttributeTypeHealthClass, healthClassAntiVirus},
            {3, sohAttributeTypeHealthClass, healthClassCriticalUpdate},
            {5, sohAttributeTypeFailureCategory, failureCategoryServerCommunication},
            {11, sohAttributeTypeExtendedIsolationState, extendedIsolationStateTransition},
    };
    SoHAttributeValue *value;
    size_t i;

    value = get_attribute(0, sohAttributeTypeSystemHealthId);
    assert_int_equal(value->idVal, 0x000137f0);
    FreeSoHAttributeValue(sohAttributeTypeSystemHealthId, value);

    for (i = 0; i < ARRAYSIZE(bytes); i++)
    {
        value = get_attribute(bytes[i].location, bytes[i].type);
        assert_int_equal(value->uint8Val, bytes[i].byte);
        FreeSoHAttributeValue(bytes[i].type, value);
    }
}

PROCESSOR_TEST(GetAttribute_reads_result_codes_in_host_order)
{
    SoHAttributeValue *value;

    value = get_attribute(2, sohAttributeTypeComplianceResultCodes);
    assert_int_equal(value->codesVal.count, 2);
    assert_int_equal(value->codesVal.results[0], S_OK);
    assert_int_equal(value->codesVal.results[1], NAP_E_NO_CACHED_SOH);
    FreeSoHAttributeValue(sohAttributeTypeComplianceResultCodes, value);

    value = get_attribute(4, sohAttributeTypeErrorCodes);
    assert_int_equal(value->codesVal.count, 1);
    assert_int_equal(value->codesVal.results[0], (HRESULT)0xc0ff0001);
    FreeSoHAttributeValue(sohAttributeTypeErrorCodes, value);

    value = get_attribute(17, sohAttributeTypeComplianceResultCodes);
    assert_int_equal(value->codesVal.count, 0);
    FreeSoHAttributeValue(sohAttributeTypeComplianceResultCodes, value);
}

PROCESSOR_TEST(GetAttribute_reads_addresses)
{
    SoHAttributeValue *value;

    value = get_attribute(6, sohAttributeTypeIpv4FixupServers);
    assert_int_equal(value->v4AddressesVal.count, 2);
    assert_memory_equal(value->v4AddressesVal.addresses, "\xc0\x00\x02\x01\xc6\x33\x64\x07", 8);
    FreeSoHAttributeValue(sohAttributeTypeIpv4FixupServers, value);

    value = get_attribute(7, sohAttributeTypeIpv6FixupServers);
    assert_int_equal(value->v6AddressesVal.count, 1);
    assert_memory_equal(value->v6AddressesVal.addresses,
            "\x20\x01\x0d\xb8"
            "\0\0\0\0\0\0\0\0\0\0\0\1",
            16);
    FreeSoHAttributeValue(sohAttributeTypeIpv6FixupServers, value);
}

PROCESSOR_TEST(GetAttribute_reads_times)
{
    SoHAttributeValue *value;

    value = get_attribute(8, sohAttributeTypeTimeOfLastUpdate);
    assert_int_equal(value->dateTimeVal.dwHighDateTime, 0x01020304);
    assert_int_equal(value->dateTimeVal.dwLowDateTime, 0x05060708);
    FreeSoHAttributeValue(sohAttributeTypeTimeOfLastUpdate, value);

    value = get_attribute(9, sohAttributeTypeSoHGenerationTime);
    assert_int_equal(value->dateTimeVal.dwHighDateTime, 0x11121314);
    assert_int_equal(value->dateTimeVal.dwLowDateTime, 0x15161718);
    FreeSoHAttributeValue(sohAttributeTypeSoHGenerationTime, value);
}

PROCESSOR_TEST(GetAttribute_reads_vendor_specific_data)
{
    SoHAttributeValue *value;

    value = get_attribute(10, sohAttributeTypeVendorSpecific);
    assert_int_equal(value->vendorSpecificVal.vendorId, 0x000137f0);
    assert_int_equal(value->vendorSpecificVal.size, 3);
    assert_memory_equal(value->vendorSpecificVal.vendorSpecificData, "abc", 3);
    FreeSoHAttributeValue(sohAttributeTypeVendorSpecific, value);

    value = get_attribute(18, sohAttributeTypeVendorSpecific);
    assert_int_equal(value->vendorSpecificVal.vendorId, 0x00000901);
    assert_int_equal(value->vendorSpecificVal.size, 0);
    FreeSoHAttributeValue(sohAttributeTypeVendorSpecific, value);
}

/* All unrecognized attributes are also returned as octet strings. */
PROCESSOR_TEST(GetAttribute_reads_octet_strings)
{
    UINT16 location;

    for (location = 12; location <= 16; location++)
    {
        const SoHAttribute *expected = &response.attributes[location];
        SoHAttributeValue *value = get_attribute(location, expected->type);

        assert_int_equal(value->octetStringVal.size, expected->size);
        if (expected->size)
        {
            assert_true(spy_knows(value->octetStringVal.data));
            assert_memory_equal(value->octetStringVal.data, expected->value, expected->size);
        }
        FreeSoHAttributeValue(expected->type, value);
    }
}

PROCESSOR_TEST(GetAttribute_refuses_an_index_out_of_range)
{
    SoHAttributeValue *value = GARBAGE;
    SoHAttributeType type = 99;

    assert_int_equal(
            INapSoHProcessor_GetAttribute(processor, response.count, &type, &value), E_INVALIDARG);
    assert_null(value);
    assert_int_equal(type, 0);
    assert_int_equal(INapSoHProcessor_GetAttribute(processor, 0xffff, &type, &value), E_INVALIDARG);
}

FRESH_TEST(GetAttribute_wants_Initialize_first)
{
    SoHAttributeValue *value = GARBAGE;
    SoHAttributeType type = 99;

    assert_int_equal(
            INapSoHProcessor_GetAttribute(processor, 0, &type, &value), NAP_E_NOT_INITIALIZED);
    assert_null(value);
    assert_int_equal(type, 0);
}

PROCESSOR_TEST(GetAttribute_refuses_NULL)
{
    SoHAttributeValue *value = GARBAGE;
    SoHAttributeType type = 99;

    assert_int_equal(INapSoHProcessor_GetAttribute(processor, 0, NULL, &value), E_INVALIDARG);
    assert_null(value);
    assert_int_equal(INapSoHProcessor_GetAttribute(processor, 0, &type, NULL), E_INVALIDARG);
    assert_int_equal(type, 0);
}

PROCESSOR_TEST(GetAttribute_reports_E_OUTOFMEMORY_and_leaks_nothing)
{
    int live = spy_live(), nth;
    SoHAttributeValue *value;
    SoHAttributeType type;
    UINT16 location;
    HRESULT hr;

    for (location = 0; location < response.count; location++)
    {
        for (nth = 1; nth < 10; nth++)
        {
            value = GARBAGE;
            type = 99;
            spy_fail_at(nth);
            hr = INapSoHProcessor_GetAttribute(processor, location, &type, &value);
            if (hr == S_OK)
                break;
            assert_int_equal(hr, E_OUTOFMEMORY);
            assert_null(value);
            assert_int_equal(type, 0);
            assert_int_equal(spy_live(), live);
        }
        spy_fail_at(0);
        assert_in_range(nth, 2, 9);
        FreeSoHAttributeValue(type, value);
        assert_int_equal(spy_live(), live);
    }
}

TEST_MAIN(processor_tests_begin, NULL)
