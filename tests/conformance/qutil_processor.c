/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * qutil.dll's NapSoHProcessor, page by page (inapsohprocessor-*). qutil_get_attribute.c tests
 * GetAttribute, qutil_packet.c the rules of valid packets.
 */

#include "processor_fixture.h"

#define NOT_FOUND HRESULT_FROM_WIN32(ERROR_FILE_NOT_FOUND)

/* Page inapsohprocessor-initialize-method */

FRESH_TEST(Initialize_returns_the_id_of_the_packet)
{
    SystemHealthEntityId id = 0;

    assert_int_equal(INapSoHProcessor_Initialize(processor, &response, FALSE, &id), S_OK);
    assert_int_equal(id, 0x000137f0);
}

FRESH_TEST(Initialize_copies_the_packet)
{
    BYTE id_bytes[] = {0, 1, 2, 3};
    SoHAttribute attribute = {sohAttributeTypeSystemHealthId, 4, id_bytes};
    SoHAttributeValue *value;
    SystemHealthEntityId id;
    SoHAttributeType type;
    SoH soh = {1, &attribute};

    assert_int_equal(INapSoHProcessor_Initialize(processor, &soh, TRUE, &id), S_OK);
    memset(id_bytes, 0xff, sizeof(id_bytes));
    memset(&attribute, 0xff, sizeof(attribute));
    memset(&soh, 0xff, sizeof(soh));
    assert_int_equal(INapSoHProcessor_GetAttribute(processor, 0, &type, &value), S_OK);
    assert_int_equal(value->idVal, 0x00010203);
    FreeSoHAttributeValue(type, value);
}

FRESH_TEST(Initialize_is_refused_the_second_time)
{
    SoHAttribute attribute = ATTRIBUTE(sohAttributeTypeSystemHealthId, "\x01\x02\x03\x04");
    SystemHealthEntityId id;
    SoH soh = {1, &attribute};
    UINT16 count;

    assert_int_equal(INapSoHProcessor_Initialize(processor, &response, FALSE, &id), S_OK);
    assert_int_equal(INapSoHProcessor_Initialize(processor, &soh, TRUE, &id),
            HRESULT_FROM_WIN32(ERROR_ALREADY_INITIALIZED));
    assert_int_equal(id, 0);
    assert_int_equal(INapSoHProcessor_GetNumberOfAttributes(processor, &count), S_OK);
    assert_int_equal(count, response.count);
}

FRESH_TEST(Initialize_reports_NAP_E_INVALID_PACKET_and_may_be_repeated)
{
    SoHAttribute attribute = ATTRIBUTE(sohAttributeTypeSystemHealthId, "\x01\x02\x03");
    SystemHealthEntityId id = 0xdeadbeef;
    SoH soh = {1, &attribute};

    assert_int_equal(INapSoHProcessor_Initialize(processor, &soh, TRUE, &id), NAP_E_INVALID_PACKET);
    assert_int_equal(id, 0);
    assert_int_equal(INapSoHProcessor_Initialize(processor, &response, FALSE, &id), S_OK);
}

FRESH_TEST(Initialize_refuses_NULL)
{
    SystemHealthEntityId id = 0xdeadbeef;

    assert_int_equal(INapSoHProcessor_Initialize(processor, NULL, TRUE, &id), E_INVALIDARG);
    assert_int_equal(id, 0);
    assert_int_equal(INapSoHProcessor_Initialize(processor, &response, FALSE, NULL), E_INVALIDARG);
    assert_int_equal(INapSoHProcessor_Initialize(processor, &response, FALSE, &id), S_OK);
}

FRESH_TEST(Initialize_reports_E_OUTOFMEMORY_and_may_be_repeated)
{
    int live = spy_live(), nth;
    SystemHealthEntityId id;
    HRESULT hr;

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

PROCESSOR_TEST(GetNumberOfAttributes_counts_all_with_the_id)
{
    UINT16 count = 0;

    assert_int_equal(INapSoHProcessor_GetNumberOfAttributes(processor, &count), S_OK);
    assert_int_equal(count, response.count);
}

FRESH_TEST(GetNumberOfAttributes_wants_Initialize_first)
{
    UINT16 count = 99;

    assert_int_equal(
            INapSoHProcessor_GetNumberOfAttributes(processor, &count), NAP_E_NOT_INITIALIZED);
    assert_int_equal(count, 0);
}

PROCESSOR_TEST(GetNumberOfAttributes_refuses_NULL)
{
    assert_int_equal(INapSoHProcessor_GetNumberOfAttributes(processor, NULL), E_INVALIDARG);
}

/* Page inapsohprocessor-findnextattribute-method */

PROCESSOR_TEST(FindNextAttribute_finds_the_first_from_the_index)
{
    UINT16 location = 99;

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

PROCESSOR_TEST(FindNextAttribute_counts_from_0)
{
    UINT16 location = 99;

    assert_int_equal(INapSoHProcessor_FindNextAttribute(
                             processor, 0, sohAttributeTypeSystemHealthId, &location),
            S_OK);
    assert_int_equal(location, 0);
}

PROCESSOR_TEST(FindNextAttribute_finds_unknown_types)
{
    UINT16 location = 99;

    assert_int_equal(
            INapSoHProcessor_FindNextAttribute(processor, 0, (SoHAttributeType)77, &location),
            S_OK);
    assert_int_equal(location, 16);
}

PROCESSOR_TEST(FindNextAttribute_reports_ERROR_FILE_NOT_FOUND)
{
    UINT16 location = 99;

    assert_int_equal(INapSoHProcessor_FindNextAttribute(
                             processor, 4, sohAttributeTypeHealthClass, &location),
            NOT_FOUND);
    assert_int_equal(location, 0);
    assert_int_equal(
            INapSoHProcessor_FindNextAttribute(processor, 0, (SoHAttributeType)78, &location),
            NOT_FOUND);
    assert_int_equal(
            INapSoHProcessor_FindNextAttribute(processor, 0, (SoHAttributeType)0x10002, &location),
            NOT_FOUND);
}

/* The index is in the range of 0 to the number of attributes less one. */
PROCESSOR_TEST(FindNextAttribute_refuses_an_index_out_of_range)
{
    UINT16 location = 99;

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

FRESH_TEST(FindNextAttribute_wants_Initialize_first)
{
    UINT16 location = 99;

    assert_int_equal(INapSoHProcessor_FindNextAttribute(
                             processor, 0, sohAttributeTypeSystemHealthId, &location),
            NAP_E_NOT_INITIALIZED);
    assert_int_equal(location, 0);
}

PROCESSOR_TEST(FindNextAttribute_refuses_NULL)
{
    assert_int_equal(
            INapSoHProcessor_FindNextAttribute(processor, 0, sohAttributeTypeSystemHealthId, NULL),
            E_INVALIDARG);
}

TEST_MAIN(processor_tests_begin, NULL)
