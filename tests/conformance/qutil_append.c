/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * INapSoHConstructor::AppendAttribute (page inapsohconstructor-appendattribute- method): which
 * attributes may be appended, and their network format.
 */

#include "constructor_fixture.h"

/* Checks that the attribute is appended as these bytes, in network format. */
static void assert_appended(
        SoHAttributeType type, const SoHAttributeValue *value, const char *bytes, UINT16 size)
{
    SoH *soh;

    assert_int_equal(append(type, value), S_OK);
    soh = get_soh();
    assert_attribute(soh, soh->count - 1, (UINT16)type, bytes, size);
    FreeSoH(soh);
}

/* Page inapsohconstructor-appendattribute-method; formats by
 * sohattributevalue-union, ns-naptypes-sohattribute and ns-naptypes-resultcodes */

CONSTRUCTOR_TEST(AppendAttribute_adds_at_the_end)
{
    SoH *soh;

    initialize(TRUE);
    assert_int_equal(append_octets(sohAttributeTypeProductName, "Product", 7), S_OK);
    assert_int_equal(append_byte(sohAttributeTypeHealthClass, healthClassAntiVirus), S_OK);
    assert_int_equal(append_octets(sohAttributeTypeProductName, "Other", 5), S_OK);
    soh = get_soh();
    assert_int_equal(soh->count, 4);
    assert_attribute(soh, 1, sohAttributeTypeProductName, "Product", 7);
    assert_attribute(soh, 2, sohAttributeTypeHealthClass, "\x02", 1);
    assert_attribute(soh, 3, sohAttributeTypeProductName, "Other", 5);
    FreeSoH(soh);
}

CONSTRUCTOR_TEST(AppendAttribute_copies_the_value)
{
    char octets[] = "before";
    SoH *soh;

    initialize(TRUE);
    assert_int_equal(append_octets(sohAttributeTypeClientId, octets, 6), S_OK);
    memset(octets, 0, sizeof(octets));
    soh = get_soh();
    assert_attribute(soh, 1, sohAttributeTypeClientId, "before", 6);
    FreeSoH(soh);
}

CONSTRUCTOR_TEST(AppendAttribute_refuses_the_SystemHealthId)
{
    SoHAttributeValue value;
    SoH *soh;

    memset(&value, 0, sizeof(value));
    value.idVal = agent_id;
    initialize(TRUE);
    assert_int_equal(append(sohAttributeTypeSystemHealthId, &value), E_INVALIDARG);
    soh = get_soh();
    assert_int_equal(soh->count, 1);
    FreeSoH(soh);
}

CONSTRUCTOR_TEST(AppendAttribute_refuses_NULL)
{
    initialize(TRUE);
    assert_int_equal(append(sohAttributeTypeClientId, NULL), E_INVALIDARG);
}

CONSTRUCTOR_TEST(AppendAttribute_wants_Initialize_first)
{
    assert_int_equal(append_byte(sohAttributeTypeHealthClass, 0), NAP_E_NOT_INITIALIZED);
}

CONSTRUCTOR_TEST(AppendAttribute_keeps_addresses_in_network_order)
{
    Ipv4Address v4[2] = {{{192, 0, 2, 1}}, {{198, 51, 100, 7}}};
    Ipv6Address v6 = {{0x20, 0x01, 0x0d, 0xb8, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1}};
    SoHAttributeValue value;

    initialize(FALSE);
    memset(&value, 0, sizeof(value));
    value.v4AddressesVal.count = 2;
    value.v4AddressesVal.addresses = v4;
    assert_appended(
            sohAttributeTypeIpv4FixupServers, &value, "\xc0\x00\x02\x01\xc6\x33\x64\x07", 8);

    memset(&value, 0, sizeof(value));
    value.v6AddressesVal.count = 1;
    value.v6AddressesVal.addresses = &v6;
    assert_appended(sohAttributeTypeIpv6FixupServers, &value,
            "\x20\x01\x0d\xb8\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x01", 16);
}

CONSTRUCTOR_TEST(AppendAttribute_turns_result_codes_into_network_order)
{
    HRESULT codes[] = {S_OK, NAP_E_NO_CACHED_SOH, 0x01020304};
    SoHAttributeValue value;

    initialize(TRUE);
    memset(&value, 0, sizeof(value));
    value.codesVal.count = 3;
    value.codesVal.results = codes;
    assert_appended(sohAttributeTypeComplianceResultCodes, &value,
            "\x00\x00\x00\x00\x80\x27\x00\x04\x01\x02\x03\x04", 12);
    assert_appended(sohAttributeTypeErrorCodes, &value,
            "\x00\x00\x00\x00\x80\x27\x00\x04\x01\x02\x03\x04", 12);
}

CONSTRUCTOR_TEST(AppendAttribute_turns_times_into_network_order)
{
    SoHAttributeValue value;

    initialize(TRUE);
    memset(&value, 0, sizeof(value));
    value.dateTimeVal.dwHighDateTime = 0x01020304;
    value.dateTimeVal.dwLowDateTime = 0x05060708;
    assert_appended(
            sohAttributeTypeTimeOfLastUpdate, &value, "\x01\x02\x03\x04\x05\x06\x07\x08", 8);
    assert_appended(
            sohAttributeTypeSoHGenerationTime, &value, "\x01\x02\x03\x04\x05\x06\x07\x08", 8);
}

/* The vendor's data are in network order already. */
CONSTRUCTOR_TEST(AppendAttribute_writes_the_vendor_id_before_the_data)
{
    SoHAttributeValue value;

    initialize(TRUE);
    memset(&value, 0, sizeof(value));
    value.vendorSpecificVal.vendorId = 0x000137f0;
    value.vendorSpecificVal.size = 3;
    value.vendorSpecificVal.vendorSpecificData = (BYTE *)"abc";
    assert_appended(sohAttributeTypeVendorSpecific, &value,
            "\x00\x01\x37\xf0"
            "abc",
            7);
}

CONSTRUCTOR_TEST(AppendAttribute_writes_one_byte_values)
{
    SoHAttributeValue value;

    initialize(TRUE);
    memset(&value, 0, sizeof(value));
    value.uint8Val = failureCategoryServerCommunication;
    assert_appended(sohAttributeTypeFailureCategory, &value, "\x05", 1);
    value.uint8Val = healthClassCriticalUpdate;
    assert_appended(sohAttributeTypeHealthClass, &value, "\x03", 1);
    value.uint8Val = extendedIsolationStateInfected;
    assert_appended(sohAttributeTypeExtendedIsolationState, &value, "\x02", 1);
}

CONSTRUCTOR_TEST(AppendAttribute_takes_octet_strings)
{
    static const SoHAttributeType types[] = {sohAttributeTypeClientId,
            sohAttributeTypeSoftwareVersion, sohAttributeTypeProductName,
            sohAttributeTypeHealthClassStatus, (SoHAttributeType)17, (SoHAttributeType)0x3fff};
    SoHAttributeValue value;
    size_t i;

    initialize(TRUE);
    memset(&value, 0, sizeof(value));
    value.octetStringVal.size = 4;
    value.octetStringVal.data = (BYTE *)"\x00\x01\x02\x03";
    for (i = 0; i < ARRAYSIZE(types); i++)
        assert_appended(types[i], &value, "\x00\x01\x02\x03", 4);
}

/* A TLV's type has 14 bits; zero is the value of an unset variable. */
CONSTRUCTOR_TEST(AppendAttribute_refuses_types_that_no_TLV_has)
{
    initialize(TRUE);
    assert_int_equal(append_octets((SoHAttributeType)0, "x", 1), E_INVALIDARG);
    assert_int_equal(append_octets((SoHAttributeType)0x4000, "x", 1), E_INVALIDARG);
    assert_int_equal(append_octets((SoHAttributeType)0x10009, "x", 1), E_INVALIDARG);
    assert_int_equal(append_octets((SoHAttributeType)-1, "x", 1), E_INVALIDARG);
}

/* The ranges of page sohattributevalue-union. */

CONSTRUCTOR_TEST(AppendAttribute_takes_1_to_1000_IPv4_addresses)
{
    static Ipv4Address addresses[maxIpv4CountPerSoHAttribute + 1];
    SoHAttributeValue value;

    initialize(TRUE);
    memset(&value, 0, sizeof(value));
    value.v4AddressesVal.addresses = addresses;
    assert_int_equal(append(sohAttributeTypeIpv4FixupServers, &value), E_INVALIDARG);
    value.v4AddressesVal.count = maxIpv4CountPerSoHAttribute + 1;
    assert_int_equal(append(sohAttributeTypeIpv4FixupServers, &value), E_INVALIDARG);
    value.v4AddressesVal.count = maxIpv4CountPerSoHAttribute;
    assert_int_equal(append(sohAttributeTypeIpv4FixupServers, &value), S_OK);
    value.v4AddressesVal.addresses = NULL;
    assert_int_equal(append(sohAttributeTypeIpv4FixupServers, &value), E_INVALIDARG);
}

CONSTRUCTOR_TEST(AppendAttribute_takes_1_to_250_IPv6_addresses)
{
    static Ipv6Address addresses[maxIpv6CountPerSoHAttribute + 1];
    SoHAttributeValue value;

    initialize(TRUE);
    memset(&value, 0, sizeof(value));
    value.v6AddressesVal.addresses = addresses;
    assert_int_equal(append(sohAttributeTypeIpv6FixupServers, &value), E_INVALIDARG);
    value.v6AddressesVal.count = maxIpv6CountPerSoHAttribute + 1;
    assert_int_equal(append(sohAttributeTypeIpv6FixupServers, &value), E_INVALIDARG);
    value.v6AddressesVal.count = maxIpv6CountPerSoHAttribute;
    assert_int_equal(append(sohAttributeTypeIpv6FixupServers, &value), S_OK);
    value.v6AddressesVal.addresses = NULL;
    assert_int_equal(append(sohAttributeTypeIpv6FixupServers, &value), E_INVALIDARG);
}

CONSTRUCTOR_TEST(AppendAttribute_takes_0_to_1000_result_codes)
{
    static HRESULT codes[maxDwordCountPerSoHAttribute + 1];
    SoHAttributeValue value;

    initialize(TRUE);
    memset(&value, 0, sizeof(value));
    assert_appended(sohAttributeTypeComplianceResultCodes, &value, NULL, 0);
    value.codesVal.results = codes;
    value.codesVal.count = maxDwordCountPerSoHAttribute + 1;
    assert_int_equal(append(sohAttributeTypeComplianceResultCodes, &value), E_INVALIDARG);
    assert_int_equal(append(sohAttributeTypeErrorCodes, &value), E_INVALIDARG);
    value.codesVal.count = maxDwordCountPerSoHAttribute;
    assert_int_equal(append(sohAttributeTypeComplianceResultCodes, &value), S_OK);
    value.codesVal.results = NULL;
    assert_int_equal(append(sohAttributeTypeComplianceResultCodes, &value), E_INVALIDARG);
}

CONSTRUCTOR_TEST(AppendAttribute_takes_0_to_3996_bytes_of_vendor_data)
{
    static BYTE data[maxSoHAttributeSize];
    SoHAttributeValue value;

    initialize(TRUE);
    memset(&value, 0, sizeof(value));
    value.vendorSpecificVal.vendorId = 0x00000901;
    assert_appended(sohAttributeTypeVendorSpecific, &value, "\x00\x00\x09\x01", 4);
    value.vendorSpecificVal.vendorSpecificData = data;
    value.vendorSpecificVal.size = maxSoHAttributeSize - 3;
    assert_int_equal(append(sohAttributeTypeVendorSpecific, &value), E_INVALIDARG);
    value.vendorSpecificVal.size = maxSoHAttributeSize - 4;
    assert_int_equal(append(sohAttributeTypeVendorSpecific, &value), S_OK);
    value.vendorSpecificVal.vendorSpecificData = NULL;
    assert_int_equal(append(sohAttributeTypeVendorSpecific, &value), E_INVALIDARG);
}

CONSTRUCTOR_TEST(AppendAttribute_takes_0_to_4000_octets)
{
    static char octets[maxSoHAttributeSize + 1];

    initialize(TRUE);
    assert_int_equal(append_octets(sohAttributeTypeClientId, NULL, 0), S_OK);
    assert_int_equal(append_octets(sohAttributeTypeClientId, octets, maxSoHAttributeSize), S_OK);
    assert_int_equal(
            append_octets(sohAttributeTypeClientId, octets, maxSoHAttributeSize + 1), E_INVALIDARG);
    assert_int_equal(append_octets(sohAttributeTypeClientId, NULL, 1), E_INVALIDARG);
}

/* Page nap-type-constants */
CONSTRUCTOR_TEST(AppendAttribute_takes_maxSoHAttributeCount_attributes)
{
    SoH *soh;
    int i;

    initialize(TRUE);
    for (i = 1; i < maxSoHAttributeCount; i++)
        assert_int_equal(append_byte(sohAttributeTypeHealthClass, (UINT8)i), S_OK);
    assert_int_equal(append_byte(sohAttributeTypeHealthClass, 0), E_INVALIDARG);
    soh = get_soh();
    assert_int_equal(soh->count, maxSoHAttributeCount);
    assert_attribute(soh, 99, sohAttributeTypeHealthClass, "\x63", 1);
    assert_int_equal(INapSoHConstructor_Validate(constructor, soh, TRUE), S_OK);
    FreeSoH(soh);
}

/* Page ns-naptypes-soh: at most one in a response. */
CONSTRUCTOR_TEST(AppendAttribute_refuses_more_fixup_servers_in_a_response)
{
    Ipv4Address v4 = {{192, 0, 2, 1}};
    Ipv6Address v6 = {{0x20, 0x01}};
    SoHAttributeValue value;

    initialize(FALSE);
    memset(&value, 0, sizeof(value));
    value.v4AddressesVal.count = 1;
    value.v4AddressesVal.addresses = &v4;
    assert_int_equal(append(sohAttributeTypeIpv4FixupServers, &value), S_OK);
    assert_int_equal(append(sohAttributeTypeIpv4FixupServers, &value), E_INVALIDARG);
    value.v6AddressesVal.addresses = &v6;
    assert_int_equal(append(sohAttributeTypeIpv6FixupServers, &value), S_OK);
    assert_int_equal(append(sohAttributeTypeIpv6FixupServers, &value), E_INVALIDARG);
}

CONSTRUCTOR_TEST(AppendAttribute_reports_E_OUTOFMEMORY_and_adds_nothing)
{
    SoH *soh;
    int live;

    initialize(TRUE);
    live = spy_live();
    spy_fail_at(1);
    assert_int_equal(append_octets(sohAttributeTypeClientId, "x", 1), E_OUTOFMEMORY);
    spy_fail_at(0);
    assert_int_equal(spy_live(), live);
    soh = get_soh();
    assert_int_equal(soh->count, 1);
    FreeSoH(soh);
}

TEST_MAIN(constructor_tests_begin, NULL)
