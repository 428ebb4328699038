/*
 * qutil.dll's NapSoHConstructor, page by page (inapsohconstructor-*): its
 * packets as a whole. AppendAttribute is the matter of qutil_append.c, which
 * packets are valid that of qutil_packet.c.
 *
 * Copyright 2026 the wine-nap authors
 *
 * This library is free software; you can redistribute it and/or
 * modify it under the terms of the GNU Lesser General Public
 * License as published by the Free Software Foundation; either
 * version 2.1 of the License, or (at your option) any later version.
 */

#include "constructor_fixture.h"

/* Page inapsohconstructor-initialize-method */

static void Initialize_makes_the_id_the_first_TLV(void **state)
{
    SoH *soh;

    (void)state;
    initialize(TRUE);
    soh = get_soh();
    assert_int_equal(soh->count, 1);
    assert_attribute(soh, 0, sohAttributeTypeSystemHealthId, "\x00\x01\x37\xf0", 4);
    FreeSoH(soh);
}

static void Initialize_makes_the_id_the_first_TLV_of_a_response_too(void **state)
{
    SoH *soh;

    (void)state;
    initialize(FALSE);
    soh = get_soh();
    assert_int_equal(soh->count, 1);
    assert_attribute(soh, 0, sohAttributeTypeSystemHealthId, "\x00\x01\x37\xf0", 4);
    FreeSoH(soh);
}

static void Initialize_is_refused_the_second_time(void **state)
{
    SoH *soh;

    (void)state;
    initialize(TRUE);
    assert_int_equal(append_byte(sohAttributeTypeHealthClass, healthClassFirewall), S_OK);
    assert_int_equal(INapSoHConstructor_Initialize(constructor, 0x1234, FALSE),
            HRESULT_FROM_WIN32(ERROR_ALREADY_INITIALIZED));
    soh = get_soh();
    assert_int_equal(soh->count, 2);
    assert_attribute(soh, 0, sohAttributeTypeSystemHealthId, "\x00\x01\x37\xf0", 4);
    FreeSoH(soh);
}

/* "Exactly once per packet": the packet fetched, another may be begun. */
static void Initialize_begins_the_next_packet_after_GetSoH(void **state)
{
    SoH *soh;

    (void)state;
    initialize(TRUE);
    assert_int_equal(append_byte(sohAttributeTypeHealthClass, healthClassFirewall), S_OK);
    FreeSoH(get_soh());
    assert_int_equal(INapSoHConstructor_Initialize(constructor, 0x01020304, TRUE), S_OK);
    soh = get_soh();
    assert_int_equal(soh->count, 1);
    assert_attribute(soh, 0, sohAttributeTypeSystemHealthId, "\x01\x02\x03\x04", 4);
    FreeSoH(soh);
}

static void Initialize_reports_E_OUTOFMEMORY_and_may_be_repeated(void **state)
{
    int live = spy_live();

    (void)state;
    spy_fail_at(1);
    assert_int_equal(
            INapSoHConstructor_Initialize(constructor, agent_id, TRUE), E_OUTOFMEMORY);
    assert_int_equal(spy_live(), live);
    spy_fail_at(0);
    initialize(TRUE);
}

/* Page inapsohconstructor-getsoh-method */

static void GetSoH_gives_task_memory(void **state)
{
    SoH *soh;
    int i;

    (void)state;
    initialize(TRUE);
    assert_int_equal(append_octets(sohAttributeTypeClientId, "client", 6), S_OK);
    soh = get_soh();
    assert_true(spy_knows(soh));
    assert_true(spy_knows(soh->attributes));
    for (i = 0; i < soh->count; i++)
        assert_true(spy_knows(soh->attributes[i].value));
    FreeSoH(soh);
}

static void GetSoH_gives_a_packet_of_its_own_each_time(void **state)
{
    SoH *first, *second;

    (void)state;
    initialize(TRUE);
    first = get_soh();
    first->attributes[0].value[0] = 0xff;
    second = get_soh();
    assert_ptr_not_equal(first, second);
    assert_attribute(second, 0, sohAttributeTypeSystemHealthId, "\x00\x01\x37\xf0", 4);
    FreeSoH(first);
    FreeSoH(second);
}

static void GetSoH_outlives_the_constructor(void **state)
{
    INapSoHConstructor *other;
    SoH *soh;

    (void)state;
    assert_int_equal(CoCreateInstance(&CLSID_NapSoHConstructor, NULL, CLSCTX_INPROC_SERVER,
                             &IID_INapSoHConstructor, (void **)&other),
            S_OK);
    assert_int_equal(INapSoHConstructor_Initialize(other, agent_id, TRUE), S_OK);
    assert_int_equal(INapSoHConstructor_GetSoH(other, &soh), S_OK);
    assert_int_equal(INapSoHConstructor_Release(other), 0);
    assert_attribute(soh, 0, sohAttributeTypeSystemHealthId, "\x00\x01\x37\xf0", 4);
    FreeSoH(soh);
}

static void GetSoH_does_not_end_the_packet(void **state)
{
    SoH *soh;

    (void)state;
    initialize(TRUE);
    FreeSoH(get_soh());
    assert_int_equal(append_byte(sohAttributeTypeHealthClass, 1), S_OK);
    soh = get_soh();
    assert_int_equal(soh->count, 2);
    FreeSoH(soh);
}

static void GetSoH_wants_Initialize_first(void **state)
{
    SoH *soh = GARBAGE;

    (void)state;
    assert_int_equal(INapSoHConstructor_GetSoH(constructor, &soh), NAP_E_NOT_INITIALIZED);
    assert_null(soh);
}

static void GetSoH_refuses_NULL(void **state)
{
    (void)state;
    initialize(TRUE);
    assert_int_equal(INapSoHConstructor_GetSoH(constructor, NULL), E_INVALIDARG);
}

static void GetSoH_reports_E_OUTOFMEMORY_and_leaks_nothing(void **state)
{
    int live, nth;
    SoH *soh;

    (void)state;
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

static void Validate_accepts_what_was_constructed(void **state)
{
    SoH *soh;

    (void)state;
    initialize(FALSE);
    assert_int_equal(append_byte(sohAttributeTypeFailureCategory, failureCategoryOther), S_OK);
    soh = get_soh();
    assert_int_equal(INapSoHConstructor_Validate(constructor, soh, FALSE), S_OK);
    FreeSoH(soh);
}

static void Validate_needs_no_Initialize(void **state)
{
    SoHAttribute attribute = {sohAttributeTypeSystemHealthId, 4, (BYTE *)"\x00\x01\x37\xf0"};
    SoH soh = {1, &attribute};

    (void)state;
    assert_int_equal(INapSoHConstructor_Validate(constructor, &soh, TRUE), S_OK);
}

static void Validate_refuses_NULL(void **state)
{
    (void)state;
    assert_int_equal(INapSoHConstructor_Validate(constructor, NULL, TRUE), E_INVALIDARG);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        constructor_test(Initialize_makes_the_id_the_first_TLV),
        constructor_test(Initialize_makes_the_id_the_first_TLV_of_a_response_too),
        constructor_test(Initialize_is_refused_the_second_time),
        constructor_test(Initialize_begins_the_next_packet_after_GetSoH),
        constructor_test(Initialize_reports_E_OUTOFMEMORY_and_may_be_repeated),
        constructor_test(GetSoH_gives_task_memory),
        constructor_test(GetSoH_gives_a_packet_of_its_own_each_time),
        constructor_test(GetSoH_outlives_the_constructor),
        constructor_test(GetSoH_does_not_end_the_packet),
        constructor_test(GetSoH_wants_Initialize_first),
        constructor_test(GetSoH_refuses_NULL),
        constructor_test(GetSoH_reports_E_OUTOFMEMORY_and_leaks_nothing),
        constructor_test(Validate_accepts_what_was_constructed),
        constructor_test(Validate_needs_no_Initialize),
        constructor_test(Validate_refuses_NULL),
    };

    return cmocka_run_group_tests_name("qutil_constructor", tests, constructor_tests_begin, NULL);
}
