/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * qutil.dll's Alloc functions, page by page.
 */

#include <test.h>

#include <windows.h>
#include <objbase.h>
#include <naputil.h>

#include "spy.h"

/* An out variable before the call: programs do not clear it. */
#define GARBAGE ((void *)(ULONG_PTR)0xdeadbeef)

/* Page alloccountedstring-func */

TEST(AllocCountedString_copies_the_string)
{
    WCHAR text[] = L"sha.example";
    CountedString *string = GARBAGE;

    assert_int_equal(AllocCountedString(&string, text), S_OK);
    assert_ptr_not_equal(string->string, text);
    text[0] = L'X';
    assert_int_equal(wcscmp(string->string, L"sha.example"), 0);
    FreeCountedString(string);
}

TEST(AllocCountedString_counts_characters_without_the_NUL)
{
    CountedString *string;

    assert_int_equal(AllocCountedString(&string, L"12345"), S_OK);
    assert_int_equal(string->length, 5);
    assert_int_equal(string->string[5], 0);
    FreeCountedString(string);
}

TEST(AllocCountedString_takes_an_empty_string)
{
    CountedString *string;

    assert_int_equal(AllocCountedString(&string, L""), S_OK);
    assert_int_equal(string->length, 0);
    assert_non_null(string->string);
    assert_int_equal(string->string[0], 0);
    FreeCountedString(string);
}

TEST(AllocCountedString_takes_maxStringLength_characters)
{
    WCHAR text[maxStringLength + 2];
    CountedString *string;
    int i;

    for (i = 0; i <= maxStringLength; i++)
        text[i] = L'a';
    text[maxStringLength] = 0;
    assert_int_equal(AllocCountedString(&string, text), S_OK);
    assert_int_equal(string->length, maxStringLength);
    FreeCountedString(string);

    text[maxStringLength] = L'a';
    text[maxStringLength + 1] = 0;
    string = GARBAGE;
    assert_int_equal(AllocCountedString(&string, text), E_INVALIDARG);
    assert_null(string);
}

TEST(AllocCountedString_refuses_NULL)
{
    CountedString *string = GARBAGE;

    assert_int_equal(AllocCountedString(NULL, L"text"), E_INVALIDARG);
    assert_int_equal(AllocCountedString(&string, NULL), E_INVALIDARG);
    assert_null(string);
}

TEST(AllocCountedString_gives_task_memory)
{
    int live = spy_live(), wrong = spy_wrong_frees();
    CountedString *string;

    assert_int_equal(AllocCountedString(&string, L"text"), S_OK);
    assert_true(spy_knows(string));
    assert_true(spy_knows(string->string));
    CoTaskMemFree(string->string);
    CoTaskMemFree(string);
    assert_int_equal(spy_live(), live);
    assert_int_equal(spy_wrong_frees(), wrong);
}

TEST(AllocCountedString_reports_E_OUTOFMEMORY_and_leaks_nothing)
{
    CountedString *string = GARBAGE;
    int live = spy_live(), nth;

    for (nth = 1; nth <= 2; nth++)
    {
        string = GARBAGE;
        spy_fail_at(nth);
        assert_int_equal(AllocCountedString(&string, L"text"), E_OUTOFMEMORY);
        assert_null(string);
        assert_int_equal(spy_live(), live);
    }
    spy_fail_at(0);
}

/* Page allocfixupinfo-func */

TEST(AllocFixupInfo_allocates_the_result_codes)
{
    FixupInfo *info = GARBAGE;

    assert_int_equal(AllocFixupInfo(&info, 3), S_OK);
    assert_int_equal(info->resultCodes.count, 3);
    assert_non_null(info->resultCodes.results);
    assert_int_equal(info->resultCodes.results[0], S_OK);
    assert_int_equal(info->resultCodes.results[2], S_OK);
    assert_int_equal(info->state, fixupStateSuccess);
    assert_int_equal(info->percentage, 0);
    assert_int_equal(info->fixupMsgId, 0);
    FreeFixupInfo(info);
}

/* Page setting-up-a-simple-sha: as its GetFixupInfo does. */
TEST(AllocFixupInfo_serves_the_simple_SHA)
{
    FixupInfo *info, **status = &info;
    int live = spy_live();

    assert_int_equal(AllocFixupInfo(status, 1), S_OK);
    (*status)->fixupMsgId = 7;
    (*status)->percentage = 50;
    (*status)->state = fixupStateInProgress;
    (*status)->resultCodes.count = 1;
    *((*status)->resultCodes.results) = S_OK;
    FreeFixupInfo(info);
    assert_int_equal(spy_live(), live);
}

TEST(AllocFixupInfo_takes_no_result_codes)
{
    FixupInfo *info;

    assert_int_equal(AllocFixupInfo(&info, 0), S_OK);
    assert_int_equal(info->resultCodes.count, 0);
    FreeFixupInfo(info);
}

TEST(AllocFixupInfo_takes_maxDwordCountPerSoHAttribute_codes)
{
    FixupInfo *info;

    assert_int_equal(AllocFixupInfo(&info, maxDwordCountPerSoHAttribute), S_OK);
    assert_int_equal(info->resultCodes.count, 1000);
    FreeFixupInfo(info);

    info = GARBAGE;
    assert_int_equal(AllocFixupInfo(&info, maxDwordCountPerSoHAttribute + 1), E_INVALIDARG);
    assert_null(info);
}

TEST(AllocFixupInfo_refuses_NULL)
{
    assert_int_equal(AllocFixupInfo(NULL, 1), E_INVALIDARG);
}

TEST(AllocFixupInfo_gives_task_memory)
{
    int live = spy_live(), wrong = spy_wrong_frees();
    FixupInfo *info;

    assert_int_equal(AllocFixupInfo(&info, 5), S_OK);
    assert_true(spy_knows(info));
    assert_true(spy_knows(info->resultCodes.results));
    CoTaskMemFree(info->resultCodes.results);
    CoTaskMemFree(info);
    assert_int_equal(spy_live(), live);
    assert_int_equal(spy_wrong_frees(), wrong);
}

TEST(AllocFixupInfo_reports_E_OUTOFMEMORY_and_leaks_nothing)
{
    FixupInfo *info;
    int live = spy_live(), nth;

    for (nth = 1; nth <= 2; nth++)
    {
        info = GARBAGE;
        spy_fail_at(nth);
        assert_int_equal(AllocFixupInfo(&info, 5), E_OUTOFMEMORY);
        assert_null(info);
        assert_int_equal(spy_live(), live);
    }
    spy_fail_at(0);
}

/* Page allocconnections-func */

TEST(AllocConnections_allocates_the_interface_pointers)
{
    Connections *connections = GARBAGE;
    int i;

    assert_int_equal(AllocConnections(&connections, 4), S_OK);
    assert_int_equal(connections->count, 4);
    assert_non_null(connections->connections);
    for (i = 0; i < 4; i++)
        assert_null(connections->connections[i]);
    FreeConnections(connections);
}

TEST(AllocConnections_takes_no_connections)
{
    Connections *connections;

    assert_int_equal(AllocConnections(&connections, 0), S_OK);
    assert_non_null(connections);
    assert_int_equal(connections->count, 0);
    FreeConnections(connections);
}

/* Page connections-struct: 0 to maxConnectionCountPerEnforcer. */
TEST(AllocConnections_takes_maxConnectionCountPerEnforcer)
{
    Connections *connections;

    assert_int_equal(AllocConnections(&connections, maxConnectionCountPerEnforcer), S_OK);
    assert_int_equal(connections->count, 20);
    FreeConnections(connections);

    connections = GARBAGE;
    assert_int_equal(
            AllocConnections(&connections, maxConnectionCountPerEnforcer + 1), E_INVALIDARG);
    assert_null(connections);
}

TEST(AllocConnections_refuses_NULL)
{
    assert_int_equal(AllocConnections(NULL, 1), E_INVALIDARG);
}

TEST(AllocConnections_gives_task_memory)
{
    int live = spy_live(), wrong = spy_wrong_frees();
    Connections *connections;

    assert_int_equal(AllocConnections(&connections, 2), S_OK);
    assert_true(spy_knows(connections));
    assert_true(spy_knows(connections->connections));
    CoTaskMemFree(connections->connections);
    CoTaskMemFree(connections);
    assert_int_equal(spy_live(), live);
    assert_int_equal(spy_wrong_frees(), wrong);
}

TEST(AllocConnections_reports_E_OUTOFMEMORY_and_leaks_nothing)
{
    Connections *connections;
    int live = spy_live(), nth;

    for (nth = 1; nth <= 2; nth++)
    {
        connections = GARBAGE;
        spy_fail_at(nth);
        assert_int_equal(AllocConnections(&connections, 2), E_OUTOFMEMORY);
        assert_null(connections);
        assert_int_equal(spy_live(), live);
    }
    spy_fail_at(0);
}

TEST_MAIN(spy_install, NULL)
