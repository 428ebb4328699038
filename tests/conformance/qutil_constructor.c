/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * qutil.dll's NapSoHConstructor, page by page (inapsohconstructor-*): whole packets. qutil_append.c
 * tests AppendAttribute, qutil_packet.c the rules of valid packets.
 */

#include "constructor_fixture.h"

/* Page inapsohconstructor-initialize-method */

CONSTRUCTOR_TEST(Initialize_makes_the_id_the_first_TLV)
{
    SoH *soh;

    initialize(TRUE);
    soh = get_soh();
    assert_int_equal(soh->count, 1);
    assert_attribute(soh, 0, sohAttributeTypeSystemHealthId, "\x00\x01\x37\xf0", 4);
    FreeSoH(soh);
}

CONSTRUCTOR_TEST(Initialize_makes_the_id_the_first_TLV_of_a_response_too)
{
    SoH *soh;

    initialize(FALSE);
    soh = get_soh();
    assert_int_equal(soh->count, 1);
    assert_attribute(soh, 0, sohAttributeTypeSystemHealthId, "\x00\x01\x37\xf0", 4);
    FreeSoH(soh);
}

CONSTRUCTOR_TEST(Initialize_is_refused_the_second_time)
{
    SoH *soh;

    initialize(TRUE);
    assert_int_equal(append_byte(sohAttributeTypeHealthClass, healthClassFirewall), S_OK);
    assert_int_equal(INapSoHConstructor_Initialize(constructor, 0x1234, FALSE),
            HRESULT_FROM_WIN32(ERROR_ALREADY_INITIALIZED));
    soh = get_soh();
    assert_int_equal(soh->count, 2);
    assert_attribute(soh, 0, sohAttributeTypeSystemHealthId, "\x00\x01\x37\xf0", 4);
    FreeSoH(soh);
}

/* "Exactly once per packet": after GetSoH another packet may begin. */
CONSTRUCTOR_TEST(Initialize_begins_the_next_packet_after_GetSoH)
{
    SoH *soh;

    initialize(TRUE);
    assert_int_equal(append_byte(sohAttributeTypeHealthClass, healthClassFirewall), S_OK);
    FreeSoH(get_soh());
    assert_int_equal(INapSoHConstructor_Initialize(constructor, 0x01020304, TRUE), S_OK);
    soh = get_soh();
    assert_int_equal(soh->count, 1);
    assert_attribute(soh, 0, sohAttributeTypeSystemHealthId, "\x01\x02\x03\x04", 4);
    FreeSoH(soh);
}

CONSTRUCTOR_TEST(Initialize_reports_E_OUTOFMEMORY_and_may_be_repeated)
{
    int live = spy_live();

    spy_fail_at(1);
    assert_int_equal(INapSoHConstructor_Initialize(constructor, agent_id, TRUE), E_OUTOFMEMORY);
    assert_int_equal(spy_live(), live);
    spy_fail_at(0);
    initialize(TRUE);
}

/* Page inapsohconstructor-getsoh-method */

CONSTRUCTOR_TEST(GetSoH_gives_task_memory)
{
    SoH *soh;
    int i;

    initialize(TRUE);
    assert_int_equal(append_octets(sohAttributeTypeClientId, "client", 6), S_OK);
    soh = get_soh();
    assert_true(spy_knows(soh));
    assert_true(spy_knows(soh->attributes));
    for (i = 0; i < soh->count; i++)
        assert_true(spy_knows(soh->attributes[i].value));
    FreeSoH(soh);
}

CONSTRUCTOR_TEST(GetSoH_gives_a_packet_of_its_own_each_time)
{
    SoH *first, *second;

    initialize(TRUE);
    first = get_soh();
    first->attributes[0].value[0] = 0xff;
    second = get_soh();
    assert_ptr_not_equal(first, second);
    assert_attribute(second, 0, sohAttributeTypeSystemHealthId, "\x00\x01\x37\xf0", 4);
    FreeSoH(first);
    FreeSoH(second);
}

CONSTRUCTOR_TEST(GetSoH_outlives_the_constructor)
{
    INapSoHConstructor *other;
    SoH *soh;

    assert_int_equal(CoCreateInstance(&CLSID_NapSoHConstructor, NULL, CLSCTX_INPROC_SERVER,
                             &IID_INapSoHConstructor, (void **)&other),
            S_OK);
    assert_int_equal(INapSoHConstructor_Initialize(other, agent_id, TRUE), S_OK);
    assert_int_equal(INapSoHConstructor_GetSoH(other, &soh), S_OK);
    assert_int_equal(INapSoHConstructor_Release(other), 0);
    assert_attribute(soh, 0, sohAttributeTypeSystemHealthId, "\x00\x01\x37\xf0", 4);
    FreeSoH(soh);
}

CONSTRUCTOR_TEST(GetSoH_does_not_end_the_packet)
{
    SoH *soh;

    initialize(TRUE);
    FreeSoH(get_soh());
    assert_int_equal(append_byte(sohAttributeTypeHealthClass, 1), S_OK);
    soh = get_soh();
    assert_int_equal(soh->count, 2);
    FreeSoH(soh);
}

CONSTRUCTOR_TEST(GetSoH_wants_Initialize_first)
{
    SoH *soh = GARBAGE;

    assert_int_equal(INapSoHConstructor_GetSoH(constructor, &soh), NAP_E_NOT_INITIALIZED);
    assert_null(soh);
}

CONSTRUCTOR_TEST(GetSoH_refuses_NULL)
{
    initialize(TRUE);
    assert_int_equal(INapSoHConstructor_GetSoH(constructor, NULL), E_INVALIDARG);
}

CONSTRUCTOR_TEST(GetSoH_reports_E_OUTOFMEMORY_and_leaks_nothing)
{
    int live, nth;
    SoH *soh;

    initialize(TRUE);
    assert_int_equal(append_octets(sohAttributeTypeClientId, "client", 6), S_OK);
    live = spy_live();
    for (nth = 1; nth <= 4; nth++) /* the packet, the array, two values */
    {
        soh = GARBAGE;
        spy_fail_at(nth);
        assert_int_equal(INapSoHConstructor_GetSoH(constructor, &soh), E_OUTOFMEMORY);
        assert_null(soh);
        assert_int_equal(spy_live(), live);
    }
    spy_fail_at(0);
    FreeSoH(get_soh());
}

/* Page inapsohconstructor-validate-method */

CONSTRUCTOR_TEST(Validate_accepts_what_was_constructed)
{
    SoH *soh;

    initialize(FALSE);
    assert_int_equal(append_byte(sohAttributeTypeFailureCategory, failureCategoryOther), S_OK);
    soh = get_soh();
    assert_int_equal(INapSoHConstructor_Validate(constructor, soh, FALSE), S_OK);
    FreeSoH(soh);
}

CONSTRUCTOR_TEST(Validate_needs_no_Initialize)
{
    SoHAttribute attribute = {sohAttributeTypeSystemHealthId, 4, (BYTE *)"\x00\x01\x37\xf0"};
    SoH soh = {1, &attribute};

    assert_int_equal(INapSoHConstructor_Validate(constructor, &soh, TRUE), S_OK);
}

CONSTRUCTOR_TEST(Validate_refuses_NULL)
{
    assert_int_equal(INapSoHConstructor_Validate(constructor, NULL, TRUE), E_INVALIDARG);
}

TEST_MAIN(constructor_tests_begin, NULL)
