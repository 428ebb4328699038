/*
 * qutil.dll's NapSoHProcessor, page by page (inapsohprocessor-*). GetAttribute is
 * the matter of qutil_get_attribute.c, which packets are valid that of
 * qutil_packet.c.
 *
 * Copyright 2026 the wine-nap authors
 *
 * This library is free software; you can redistribute it and/or
 * modify it under the terms of the GNU Lesser General Public
 * License as published by the Free Software Foundation; either
 * version 2.1 of the License, or (at your option) any later version.
 */

#include "processor_fixture.h"

#define NOT_FOUND HRESULT_FROM_WIN32(ERROR_FILE_NOT_FOUND)

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
    assert_int_equal(INapSoHProcessor_FindNextAttribute(processor, response.count - 1,
                             sohAttributeTypeVendorSpecific, &location),
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
    };

    return cmocka_run_group_tests_name("qutil_processor", tests, processor_tests_begin, NULL);
}
