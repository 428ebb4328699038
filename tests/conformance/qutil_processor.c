/*
 * qutil.dll's NapSoHProcessor, page by page (inapsohprocessor-*). Which packets
 * are valid is the matter of qutil_packet.c.
 *
 * Copyright 2026 the wine-nap authors
 *
 * This library is free software; you can redistribute it and/or
 * modify it under the terms of the GNU Lesser General Public
 * License as published by the Free Software Foundation; either
 * version 2.1 of the License, or (at your option) any later version.
 */

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <windows.h>
#include <objbase.h>
#include <naputil.h>

#include "spy.h"

#define GARBAGE ((void *)(ULONG_PTR)0xdeadbeef)
#define NOT_FOUND HRESULT_FROM_WIN32(ERROR_FILE_NOT_FOUND)

#define ATTRIBUTE(type, string) {type, sizeof(string) - 1, (BYTE *)(string)}

/* One attribute of every format, as a validator may answer. */
static SoHAttribute response_attributes[] = {
    /*  0 */ ATTRIBUTE(sohAttributeTypeSystemHealthId, "\x00\x01\x37\xf0"),
    /*  1 */ ATTRIBUTE(sohAttributeTypeHealthClass, "\x02"),
    /*  2 */ ATTRIBUTE(sohAttributeTypeComplianceResultCodes, "\x00\x00\x00\x00\x80\x27\x00\x04"),
    /*  3 */ ATTRIBUTE(sohAttributeTypeHealthClass, "\x03"),
    /*  4 */ ATTRIBUTE(sohAttributeTypeErrorCodes, "\xc0\xff\x00\x01"),
    /*  5 */ ATTRIBUTE(sohAttributeTypeFailureCategory, "\x05"),
    /*  6 */ ATTRIBUTE(sohAttributeTypeIpv4FixupServers, "\xc0\x00\x02\x01\xc6\x33\x64\x07"),
    /*  7 */ ATTRIBUTE(sohAttributeTypeIpv6FixupServers, "\x20\x01\x0d\xb8" "\0\0\0\0\0\0\0\0\0\0\0\1"),
    /*  8 */ ATTRIBUTE(sohAttributeTypeTimeOfLastUpdate, "\x01\x02\x03\x04\x05\x06\x07\x08"),
    /*  9 */ ATTRIBUTE(sohAttributeTypeSoHGenerationTime, "\x11\x12\x13\x14\x15\x16\x17\x18"),
    /* 10 */ ATTRIBUTE(sohAttributeTypeVendorSpecific, "\x00\x01\x37\xf0" "abc"),
    /* 11 */ ATTRIBUTE(sohAttributeTypeExtendedIsolationState, "\x01"),
    /* 12 */ ATTRIBUTE(sohAttributeTypeClientId, "client"),
    /* 13 */ ATTRIBUTE(sohAttributeTypeSoftwareVersion, "1.2"),
    /* 14 */ ATTRIBUTE(sohAttributeTypeProductName, ""),
    /* 15 */ ATTRIBUTE(sohAttributeTypeHealthClassStatus, "\xc0\xff\x00\x02"),
    /* 16 */ ATTRIBUTE(77, "unknown"),
    /* 17 */ ATTRIBUTE(sohAttributeTypeComplianceResultCodes, ""),
    /* 18 */ ATTRIBUTE(sohAttributeTypeVendorSpecific, "\x00\x00\x09\x01"),
};
static const SoH response = {ARRAYSIZE(response_attributes), response_attributes};

static INapSoHProcessor *processor;
static int live_before;

static int create(void **state)
{
    (void)state;
    live_before = spy_live();
    return CoCreateInstance(&CLSID_NapSoHProcessor, NULL, CLSCTX_INPROC_SERVER,
                   &IID_INapSoHProcessor, (void **)&processor)
            != S_OK;
}

static int create_initialized(void **state)
{
    SystemHealthEntityId id;

    return create(state) || INapSoHProcessor_Initialize(processor, &response, FALSE, &id) != S_OK;
}

/* After every test: the object is gone and with it all its memory. */
static int destroy(void **state)
{
    (void)state;
    spy_fail_at(0);
    return INapSoHProcessor_Release(processor) != 0 || spy_live() != live_before;
}

/* Page inapsohprocessor-initialize-method */

static void Initialize_returns_the_id_of_the_packet(void **state)
{
    SystemHealthEntityId id = 0;

    (void)state;
    assert_int_equal(INapSoHProcessor_Initialize(processor, &response, FALSE, &id), S_OK);
    assert_int_equal(id, 0x000137f0);
}

static void Initialize_copies_the_packet(void **state)
{
    BYTE id_bytes[] = {0, 1, 2, 3};
    SoHAttribute attribute = {sohAttributeTypeSystemHealthId, 4, id_bytes};
    SoHAttributeValue *value;
    SystemHealthEntityId id;
    SoHAttributeType type;
    SoH soh = {1, &attribute};

    (void)state;
    assert_int_equal(INapSoHProcessor_Initialize(processor, &soh, TRUE, &id), S_OK);
    memset(id_bytes, 0xff, sizeof(id_bytes));
    memset(&attribute, 0xff, sizeof(attribute));
    memset(&soh, 0xff, sizeof(soh));
    assert_int_equal(INapSoHProcessor_GetAttribute(processor, 0, &type, &value), S_OK);
    assert_int_equal(value->idVal, 0x00010203);
    FreeSoHAttributeValue(type, value);
}

static void Initialize_is_refused_the_second_time(void **state)
{
    SoHAttribute attribute = ATTRIBUTE(sohAttributeTypeSystemHealthId, "\x01\x02\x03\x04");
    SystemHealthEntityId id;
    SoH soh = {1, &attribute};
    UINT16 count;

    (void)state;
    assert_int_equal(INapSoHProcessor_Initialize(processor, &response, FALSE, &id), S_OK);
    assert_int_equal(INapSoHProcessor_Initialize(processor, &soh, TRUE, &id),
            HRESULT_FROM_WIN32(ERROR_ALREADY_INITIALIZED));
    assert_int_equal(id, 0);
    assert_int_equal(INapSoHProcessor_GetNumberOfAttributes(processor, &count), S_OK);
    assert_int_equal(count, response.count);
}

static void Initialize_reports_NAP_E_INVALID_PACKET_and_may_be_repeated(void **state)
{
    SoHAttribute attribute = ATTRIBUTE(sohAttributeTypeSystemHealthId, "\x01\x02\x03");
    SystemHealthEntityId id = 0xdeadbeef;
    SoH soh = {1, &attribute};

    (void)state;
    assert_int_equal(
            INapSoHProcessor_Initialize(processor, &soh, TRUE, &id), NAP_E_INVALID_PACKET);
    assert_int_equal(id, 0);
    assert_int_equal(INapSoHProcessor_Initialize(processor, &response, FALSE, &id), S_OK);
}

static void Initialize_refuses_NULL(void **state)
{
    SystemHealthEntityId id = 0xdeadbeef;

    (void)state;
    assert_int_equal(INapSoHProcessor_Initialize(processor, NULL, TRUE, &id), E_INVALIDARG);
    assert_int_equal(id, 0);
    assert_int_equal(INapSoHProcessor_Initialize(processor, &response, FALSE, NULL), E_INVALIDARG);
    assert_int_equal(INapSoHProcessor_Initialize(processor, &response, FALSE, &id), S_OK);
}

static void Initialize_reports_E_OUTOFMEMORY_and_may_be_repeated(void **state)
{
    int live = spy_live(), nth;
    SystemHealthEntityId id;
    HRESULT hr;

    (void)state;
    for (nth = 1; nth < 100; nth++)
    {
        id = 0xdeadbeef;
        spy_fail_at(nth);
        if ((hr = INapSoHProcessor_Initialize(processor, &response, FALSE, &id)) == S_OK)
            break;
        assert_int_equal(hr, E_OUTOFMEMORY);
        assert_int_equal(id, 0);
        assert_int_equal(spy_live(), live);
    }
    assert_in_range(nth, 2, 99);
}

/* Page inapsohprocessor-getnumberofattributes-method */

static void GetNumberOfAttributes_counts_all_with_the_id(void **state)
{
    UINT16 count = 0;

    (void)state;
    assert_int_equal(INapSoHProcessor_GetNumberOfAttributes(processor, &count), S_OK);
    assert_int_equal(count, response.count);
}

static void GetNumberOfAttributes_wants_Initialize_first(void **state)
{
    UINT16 count = 99;

    (void)state;
    assert_int_equal(
            INapSoHProcessor_GetNumberOfAttributes(processor, &count), NAP_E_NOT_INITIALIZED);
    assert_int_equal(count, 0);
}

static void GetNumberOfAttributes_refuses_NULL(void **state)
{
    (void)state;
    assert_int_equal(INapSoHProcessor_GetNumberOfAttributes(processor, NULL), E_INVALIDARG);
}

/* Page inapsohprocessor-findnextattribute-method */

static void FindNextAttribute_finds_the_first_from_the_index(void **state)
{
    UINT16 location = 99;

    (void)state;
    assert_int_equal(INapSoHProcessor_FindNextAttribute(
                             processor, 0, sohAttributeTypeHealthClass, &location),
            S_OK);
    assert_int_equal(location, 1);
    assert_int_equal(INapSoHProcessor_FindNextAttribute(
                             processor, 1, sohAttributeTypeHealthClass, &location),
            S_OK);
    assert_int_equal(location, 1);
    assert_int_equal(INapSoHProcessor_FindNextAttribute(
                             processor, 2, sohAttributeTypeHealthClass, &location),
            S_OK);
    assert_int_equal(location, 3);
}

static void FindNextAttribute_counts_from_0(void **state)
{
    UINT16 location = 99;

    (void)state;
    assert_int_equal(INapSoHProcessor_FindNextAttribute(
                             processor, 0, sohAttributeTypeSystemHealthId, &location),
            S_OK);
    assert_int_equal(location, 0);
}

static void FindNextAttribute_finds_unknown_types(void **state)
{
    UINT16 location = 99;

    (void)state;
    assert_int_equal(INapSoHProcessor_FindNextAttribute(
                             processor, 0, (SoHAttributeType)77, &location),
            S_OK);
    assert_int_equal(location, 16);
}

static void FindNextAttribute_reports_ERROR_FILE_NOT_FOUND(void **state)
{
    UINT16 location = 99;

    (void)state;
    assert_int_equal(INapSoHProcessor_FindNextAttribute(
                             processor, 4, sohAttributeTypeHealthClass, &location),
            NOT_FOUND);
    assert_int_equal(location, 0);
    assert_int_equal(INapSoHProcessor_FindNextAttribute(
                             processor, 0, (SoHAttributeType)78, &location),
            NOT_FOUND);
    assert_int_equal(INapSoHProcessor_FindNextAttribute(
                             processor, 0, (SoHAttributeType)0x10002, &location),
            NOT_FOUND);
}

/* The index is in the range of 0 to the number of attributes less one. */
static void FindNextAttribute_refuses_an_index_out_of_range(void **state)
{
    UINT16 location = 99;

    (void)state;
    assert_int_equal(INapSoHProcessor_FindNextAttribute(
                             processor, response.count - 1, sohAttributeTypeVendorSpecific, &location),
            S_OK);
    assert_int_equal(location, response.count - 1);
    assert_int_equal(INapSoHProcessor_FindNextAttribute(
                             processor, response.count, sohAttributeTypeVendorSpecific, &location),
            E_INVALIDARG);
    assert_int_equal(location, 0);
    assert_int_equal(INapSoHProcessor_FindNextAttribute(
                             processor, 0xffff, sohAttributeTypeVendorSpecific, &location),
            E_INVALIDARG);
}

static void FindNextAttribute_wants_Initialize_first(void **state)
{
    UINT16 location = 99;

    (void)state;
    assert_int_equal(INapSoHProcessor_FindNextAttribute(
                             processor, 0, sohAttributeTypeSystemHealthId, &location),
            NAP_E_NOT_INITIALIZED);
    assert_int_equal(location, 0);
}

static void FindNextAttribute_refuses_NULL(void **state)
{
    (void)state;
    assert_int_equal(INapSoHProcessor_FindNextAttribute(
                             processor, 0, sohAttributeTypeSystemHealthId, NULL),
            E_INVALIDARG);
}

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

static void GetAttribute_reads_numbers(void **state)
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

    (void)state;
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

static void GetAttribute_reads_result_codes_in_host_order(void **state)
{
    SoHAttributeValue *value;

    (void)state;
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

static void GetAttribute_reads_addresses(void **state)
{
    SoHAttributeValue *value;

    (void)state;
    value = get_attribute(6, sohAttributeTypeIpv4FixupServers);
    assert_int_equal(value->v4AddressesVal.count, 2);
    assert_memory_equal(value->v4AddressesVal.addresses, "\xc0\x00\x02\x01\xc6\x33\x64\x07", 8);
    FreeSoHAttributeValue(sohAttributeTypeIpv4FixupServers, value);

    value = get_attribute(7, sohAttributeTypeIpv6FixupServers);
    assert_int_equal(value->v6AddressesVal.count, 1);
    assert_memory_equal(
            value->v6AddressesVal.addresses, "\x20\x01\x0d\xb8" "\0\0\0\0\0\0\0\0\0\0\0\1", 16);
    FreeSoHAttributeValue(sohAttributeTypeIpv6FixupServers, value);
}

static void GetAttribute_reads_times(void **state)
{
    SoHAttributeValue *value;

    (void)state;
    value = get_attribute(8, sohAttributeTypeTimeOfLastUpdate);
    assert_int_equal(value->dateTimeVal.dwHighDateTime, 0x01020304);
    assert_int_equal(value->dateTimeVal.dwLowDateTime, 0x05060708);
    FreeSoHAttributeValue(sohAttributeTypeTimeOfLastUpdate, value);

    value = get_attribute(9, sohAttributeTypeSoHGenerationTime);
    assert_int_equal(value->dateTimeVal.dwHighDateTime, 0x11121314);
    assert_int_equal(value->dateTimeVal.dwLowDateTime, 0x15161718);
    FreeSoHAttributeValue(sohAttributeTypeSoHGenerationTime, value);
}

static void GetAttribute_reads_vendor_specific_data(void **state)
{
    SoHAttributeValue *value;

    (void)state;
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

/* All unrecognized attributes too are returned as octet strings. */
static void GetAttribute_reads_octet_strings(void **state)
{
    UINT16 location;

    (void)state;
    for (location = 12; location <= 16; location++)
    {
        const SoHAttribute *expected = &response_attributes[location];
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

static void GetAttribute_refuses_an_index_out_of_range(void **state)
{
    SoHAttributeValue *value = GARBAGE;
    SoHAttributeType type = 99;

    (void)state;
    assert_int_equal(INapSoHProcessor_GetAttribute(processor, response.count, &type, &value),
            E_INVALIDARG);
    assert_null(value);
    assert_int_equal(type, 0);
    assert_int_equal(
            INapSoHProcessor_GetAttribute(processor, 0xffff, &type, &value), E_INVALIDARG);
}

static void GetAttribute_wants_Initialize_first(void **state)
{
    SoHAttributeValue *value = GARBAGE;
    SoHAttributeType type = 99;

    (void)state;
    assert_int_equal(
            INapSoHProcessor_GetAttribute(processor, 0, &type, &value), NAP_E_NOT_INITIALIZED);
    assert_null(value);
    assert_int_equal(type, 0);
}

static void GetAttribute_refuses_NULL(void **state)
{
    SoHAttributeValue *value = GARBAGE;
    SoHAttributeType type = 99;

    (void)state;
    assert_int_equal(INapSoHProcessor_GetAttribute(processor, 0, NULL, &value), E_INVALIDARG);
    assert_null(value);
    assert_int_equal(INapSoHProcessor_GetAttribute(processor, 0, &type, NULL), E_INVALIDARG);
    assert_int_equal(type, 0);
}

static void GetAttribute_reports_E_OUTOFMEMORY_and_leaks_nothing(void **state)
{
    int live = spy_live(), nth;
    SoHAttributeValue *value;
    SoHAttributeType type;
    UINT16 location;
    HRESULT hr;

    (void)state;
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

static int begin(void **state)
{
    return FAILED(CoInitializeEx(NULL, COINIT_MULTITHREADED)) || spy_install(state);
}

#define fresh_test(test) cmocka_unit_test_setup_teardown(test, create, destroy)
#define processor_test(test) cmocka_unit_test_setup_teardown(test, create_initialized, destroy)

int main(void)
{
    const struct CMUnitTest tests[] = {
        fresh_test(Initialize_returns_the_id_of_the_packet),
        fresh_test(Initialize_copies_the_packet),
        fresh_test(Initialize_is_refused_the_second_time),
        fresh_test(Initialize_reports_NAP_E_INVALID_PACKET_and_may_be_repeated),
        fresh_test(Initialize_refuses_NULL),
        fresh_test(Initialize_reports_E_OUTOFMEMORY_and_may_be_repeated),
        processor_test(GetNumberOfAttributes_counts_all_with_the_id),
        fresh_test(GetNumberOfAttributes_wants_Initialize_first),
        processor_test(GetNumberOfAttributes_refuses_NULL),
        processor_test(FindNextAttribute_finds_the_first_from_the_index),
        processor_test(FindNextAttribute_counts_from_0),
        processor_test(FindNextAttribute_finds_unknown_types),
        processor_test(FindNextAttribute_reports_ERROR_FILE_NOT_FOUND),
        processor_test(FindNextAttribute_refuses_an_index_out_of_range),
        fresh_test(FindNextAttribute_wants_Initialize_first),
        processor_test(FindNextAttribute_refuses_NULL),
        processor_test(GetAttribute_reads_numbers),
        processor_test(GetAttribute_reads_result_codes_in_host_order),
        processor_test(GetAttribute_reads_addresses),
        processor_test(GetAttribute_reads_times),
        processor_test(GetAttribute_reads_vendor_specific_data),
        processor_test(GetAttribute_reads_octet_strings),
        processor_test(GetAttribute_refuses_an_index_out_of_range),
        fresh_test(GetAttribute_wants_Initialize_first),
        processor_test(GetAttribute_refuses_NULL),
        processor_test(GetAttribute_reports_E_OUTOFMEMORY_and_leaks_nothing),
    };

    return cmocka_run_group_tests_name("qutil_processor", tests, begin, NULL);
}
