/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * The pages RasEnumEntries and RasValidateEntryName.
 */

#include <test.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <wchar.h>

#include <windows.h>
#include <ras.h>
#include <raserror.h>

#include "phonebook_fixture.h"

#define ALL_USERS 1 /* REN_AllUsers */
#define USER 0

static WCHAR sample[MAX_PATH];
static char sample_a[MAX_PATH];

static int begin(void)
{
    write_sample(sample);
    WideCharToMultiByte(CP_ACP, 0, sample, -1, sample_a, MAX_PATH, NULL, NULL);
    return 0;
}

static int end(void)
{
    remove_phonebook(sample);
    return 0;
}

/* "The function will return the required buffer size in lpcb and ERROR_BUFFER_TOO_SMALL." */
TEST(without_a_buffer_the_size_is_told)
{
    DWORD size = 0, count = 99;

    assert_int_equal(RasEnumEntriesW(NULL, sample, NULL, &size, &count), ERROR_BUFFER_TOO_SMALL);
    assert_int_equal(size, SAMPLE_ENTRIES * sizeof(RASENTRYNAMEW));
    size = 0;
    assert_int_equal(RasEnumEntriesA(NULL, sample_a, NULL, &size, &count), ERROR_BUFFER_TOO_SMALL);
    assert_int_equal(size, SAMPLE_ENTRIES * sizeof(RASENTRYNAMEA));
}

TEST(entries_are_listed_in_order)
{
    static const WCHAR *const names[] = {L"Office VPN", L"Dial", L"PPPoE"};
    RASENTRYNAMEW entries[SAMPLE_ENTRIES + 1];
    RASENTRYNAMEA entries_a[SAMPLE_ENTRIES];
    DWORD size, count, i;
    WCHAR wide[MAX_PATH];

    memset(entries, 0xcc, sizeof(entries));
    entries[0].dwSize = sizeof(*entries);
    size = sizeof(entries);
    assert_int_equal(RasEnumEntriesW(NULL, sample, entries, &size, &count), ERROR_SUCCESS);
    assert_int_equal(count, SAMPLE_ENTRIES);
    assert_int_equal(size, SAMPLE_ENTRIES * sizeof(*entries));
    for (i = 0; i < count; i++)
    {
        assert_int_equal(entries[i].dwSize, sizeof(*entries));
        assert_int_equal(wcscmp(entries[i].szEntryName, names[i]), 0);
        assert_int_equal(wcscmp(entries[i].szPhonebookPath, sample), 0);
        assert_int_equal(entries[i].dwFlags, USER);
    }
    assert_int_equal(entries[SAMPLE_ENTRIES].dwSize, 0xcccccccc);

    memset(entries_a, 0xcc, sizeof(entries_a));
    entries_a[0].dwSize = sizeof(*entries_a);
    size = sizeof(entries_a);
    assert_int_equal(RasEnumEntriesA(NULL, sample_a, entries_a, &size, &count), ERROR_SUCCESS);
    assert_int_equal(count, SAMPLE_ENTRIES);
    for (i = 0; i < count; i++)
    {
        MultiByteToWideChar(CP_ACP, 0, entries_a[i].szEntryName, -1, wide, MAX_PATH);
        assert_int_equal(wcscmp(wide, names[i]), 0);
        assert_string_equal(entries_a[i].szPhonebookPath, sample_a);
    }
}

/* "lprasentryname buffer is not large enough": nothing is written to it. */
TEST(a_small_buffer_is_left_alone)
{
    RASENTRYNAMEW entries[SAMPLE_ENTRIES];
    DWORD size = sizeof(entries) - 1, count;

    memset(entries, 0xcc, sizeof(entries));
    entries[0].dwSize = sizeof(*entries);
    assert_int_equal(RasEnumEntriesW(NULL, sample, entries, &size, &count), ERROR_BUFFER_TOO_SMALL);
    assert_int_equal(size, sizeof(entries));
    assert_int_equal(entries[0].szEntryName[0], 0xcccc);
    size = 0;
    assert_int_equal(RasEnumEntriesW(NULL, sample, entries, &size, &count), ERROR_BUFFER_TOO_SMALL);
    assert_int_equal(size, sizeof(entries));
}

/* "to identify the version of the structure being passed": Windows NT 3.51, NT 4.0, 2000. */
TEST(every_size_that_headers_had_is_known)
{
    static const DWORD wide[] = {48, 520, 1048}, narrow[] = {28, 264, 532};
    BYTE buffer[SAMPLE_ENTRIES * 1048 + 4];
    DWORD size, count, i;

    for (i = 0; i < 3; i++)
    {
        memset(buffer, 0xcc, sizeof(buffer));
        *(DWORD *)buffer = wide[i];
        size = SAMPLE_ENTRIES * wide[i];
        assert_int_equal(RasEnumEntriesW(NULL, sample, (RASENTRYNAMEW *)buffer, &size, &count),
                ERROR_SUCCESS);
        assert_int_equal(size, SAMPLE_ENTRIES * wide[i]);
        assert_int_equal(wcscmp((WCHAR *)(buffer + 2 * wide[i] + 4), L"PPPoE"), 0);
        assert_int_equal(*(DWORD *)(buffer + 2 * wide[i]), wide[i]);
        assert_int_equal(buffer[SAMPLE_ENTRIES * wide[i]], 0xcc);

        memset(buffer, 0xcc, sizeof(buffer));
        *(DWORD *)buffer = narrow[i];
        size = SAMPLE_ENTRIES * narrow[i];
        assert_int_equal(RasEnumEntriesA(NULL, sample_a, (RASENTRYNAMEA *)buffer, &size, &count),
                ERROR_SUCCESS);
        assert_string_equal((char *)buffer + 2 * narrow[i] + 4, "PPPoE");
        assert_int_equal(buffer[SAMPLE_ENTRIES * narrow[i]], 0xcc);
    }
}

/* ERROR_INVALID_SIZE: "a version of the structure that is not supported" */
TEST(other_sizes_are_refused)
{
    static const DWORD sizes[] = {0, 47, 49, 519, 521, 1047, 1049, 0xffffffff};
    RASENTRYNAMEW entries[SAMPLE_ENTRIES];
    DWORD size, count, i;

    for (i = 0; i < ARRAYSIZE(sizes); i++)
    {
        entries[0].dwSize = sizes[i];
        size = sizeof(entries);
        assert_int_equal(RasEnumEntriesW(NULL, sample, entries, &size, &count), ERROR_INVALID_SIZE);
        assert_int_equal(size, sizeof(entries));
    }
}

/* "Reserved; must be NULL." */
TEST(parameters_are_checked)
{
    DWORD size = 0, count;

    assert_int_equal(RasEnumEntriesW(L"", sample, NULL, &size, &count), ERROR_INVALID_PARAMETER);
    assert_int_equal(RasEnumEntriesW(NULL, sample, NULL, NULL, &count), ERROR_INVALID_PARAMETER);
    assert_int_equal(RasEnumEntriesW(NULL, sample, NULL, &size, NULL), ERROR_INVALID_PARAMETER);
    assert_int_equal(RasEnumEntriesA("", sample_a, NULL, &size, &count), ERROR_INVALID_PARAMETER);
}

TEST(a_phone_book_must_be_one)
{
    WCHAR path[MAX_PATH];
    DWORD size = 0, count;

    assert_int_equal(RasEnumEntriesW(NULL, L"C:\\no\\such.pbk", NULL, &size, &count),
            ERROR_CANNOT_OPEN_PHONEBOOK);
    assert_int_equal(RasEnumEntriesA(NULL, "C:\\no\\such.pbk", NULL, &size, &count),
            ERROR_CANNOT_OPEN_PHONEBOOK);
    write_phonebook(L"%TEMP%\\broken.pbk", "MZ\x90\0\3", 5, path);
    assert_int_equal(RasEnumEntriesW(NULL, path, NULL, &size, &count), ERROR_CANNOT_OPEN_PHONEBOOK);
    remove_phonebook(path);
    /* A phone book without entries is valid. */
    write_phonebook(L"%TEMP%\\empty.pbk", "", 0, path);
    count = 99;
    assert_int_equal(RasEnumEntriesW(NULL, path, NULL, &size, &count), ERROR_SUCCESS);
    assert_int_equal(count, 0);
    remove_phonebook(path);
}

/* "all the remote access phone-book files in the AllUsers profile and the user's profile" */
TEST(the_default_is_all_phone_books)
{
    static const struct
    {
        const WCHAR *path, *name;
        const char *text;
        DWORD flags;
    } books[] = {
            {L"%ALLUSERSPROFILE%\\Microsoft\\Network\\Connections\\Pbk\\rasphone.pbk", L"For all",
                    "[For all]\nType=2\n", ALL_USERS},
            {L"%APPDATA%\\Microsoft\\Network\\Connections\\Pbk\\rasphone.pbk", L"Mine",
                    "[Mine]\nType=2\n", USER},
            {L"%SystemRoot%\\system32\\ras\\rasphone.pbk", L"Old", "[Old]\nType=1\n", ALL_USERS},
    };
    WCHAR paths[3][MAX_PATH];
    RASENTRYNAMEW entries[8];
    DWORD size, count, i, k;
    BOOL wow64 = FALSE;

    IsWow64Process(GetCurrentProcess(), &wow64);
    size = 0;
    assert_int_equal(RasEnumEntriesW(NULL, NULL, NULL, &size, &count), ERROR_SUCCESS);
    assert_int_equal(count, 0);
    for (i = 0; i < 3; i++)
        write_phonebook(
                i == 2 && wow64 ? L"%SystemRoot%\\sysnative\\ras\\rasphone.pbk" : books[i].path,
                books[i].text, strlen(books[i].text), paths[i]);
    entries[0].dwSize = sizeof(*entries);
    size = sizeof(entries);
    assert_int_equal(RasEnumEntriesW(NULL, NULL, entries, &size, &count), ERROR_SUCCESS);
    assert_int_equal(count, 3);
    for (i = 0; i < 3; i++)
    {
        for (k = 0; k < 3 && wcscmp(entries[k].szEntryName, books[i].name); k++)
            ;
        assert_in_range(k, 0, 2);
        assert_int_equal(entries[k].dwFlags, books[i].flags);
        assert_int_equal(_wcsicmp(entries[k].szPhonebookPath, paths[i]), 0);
        assert_int_equal(RasValidateEntryNameW(NULL, books[i].name), ERROR_ALREADY_EXISTS);
        assert_int_equal(RasValidateEntryNameW(paths[i], books[i].name), ERROR_ALREADY_EXISTS);
    }
    for (i = 0; i < 3; i++)
        remove_phonebook(paths[i]);
}

/* The code page of the writer, UTF-8, UTF-16. */
TEST(every_encoding_is_read)
{
    static const char utf8[] = "\xef\xbb\xbf[B\xc3\xbcro]\r\n", ansi[] = "[B\xfcro]\r\n";
    static const WCHAR utf16[] = L"\xfeff[B\xfcro]\r\n";
    const struct
    {
        const void *data;
        size_t size;
    } files[] = {{utf8, sizeof(utf8) - 1}, {utf8 + 3, sizeof(utf8) - 4}, {utf16, sizeof(utf16) - 2},
            {ansi, sizeof(ansi) - 1}};
    WCHAR path[MAX_PATH];
    RASENTRYNAMEW entry;
    RASENTRYNAMEA entry_a;
    char path_a[MAX_PATH];
    DWORD size, count, i;

    for (i = 0; i < ARRAYSIZE(files); i++)
    {
        if (files[i].data == (const void *)ansi && GetACP() != 1252)
            continue;
        write_phonebook(L"%TEMP%\\encoding.pbk", files[i].data, files[i].size, path);
        WideCharToMultiByte(CP_ACP, 0, path, -1, path_a, MAX_PATH, NULL, NULL);
        entry.dwSize = size = sizeof(entry);
        assert_int_equal(RasEnumEntriesW(NULL, path, &entry, &size, &count), ERROR_SUCCESS);
        assert_int_equal(count, 1);
        assert_int_equal(wcscmp(entry.szEntryName, L"B\xfcro"), 0);
        assert_int_equal(RasValidateEntryNameW(path, L"B\xdcRO"), ERROR_ALREADY_EXISTS);
        if (GetACP() == 1252)
        {
            entry_a.dwSize = size = sizeof(entry_a);
            assert_int_equal(RasEnumEntriesA(NULL, path_a, &entry_a, &size, &count), ERROR_SUCCESS);
            assert_string_equal(entry_a.szEntryName, "B\xfcro");
        }
        remove_phonebook(path);
    }
}

/* Writes a phone book of that many entries of some size. */
static void write_entries(DWORD many, WCHAR *path)
{
    char *text = malloc(many * 512);
    DWORD size = 0, i, k;

    assert_non_null(text);
    for (i = 0; i < many; i++)
    {
        size += (DWORD)sprintf(text + size, "[Entry %lu]\r\nType=2\r\n", i);
        for (k = 0; k < 16; k++)
            size += (DWORD)sprintf(text + size, "SomeSetting%lu=1\r\n", k);
    }
    write_phonebook(L"%TEMP%\\many.pbk", text, size, path);
    free(text);
}

/* The time to get the properties of 500 of that many entries. */
static DWORD time_of_properties(const WCHAR *path, DWORD many)
{
    DWORD started = GetTickCount(), i;
    WCHAR name[32];

    for (i = 0; i < 500; i++)
    {
        swprintf(name, ARRAYSIZE(name), L"Entry %lu", many - 1 - i % many);
        assert_int_equal(RasGetEntryPropertiesW(path, name, NULL, NULL, NULL, NULL), ERROR_SUCCESS);
    }
    return GetTickCount() - started;
}

TEST(ten_thousand_entries_are_listed)
{
    const DWORD many = 10000;
    RASENTRYNAMEW *entries;
    WCHAR path[MAX_PATH];
    DWORD size = 0, count, few_time, many_time;

    write_entries(10, path);
    Sleep(2500); /* a file that is being written is read each time */
    few_time = time_of_properties(path, 10);

    write_entries(many, path);
    assert_int_equal(RasEnumEntriesW(NULL, path, NULL, &size, &count), ERROR_BUFFER_TOO_SMALL);
    assert_int_equal(size, many * sizeof(*entries));
    entries = malloc(size);
    assert_non_null(entries);
    entries->dwSize = sizeof(*entries);
    assert_int_equal(RasEnumEntriesW(NULL, path, entries, &size, &count), ERROR_SUCCESS);
    assert_int_equal(count, many);
    assert_int_equal(wcscmp(entries[9999].szEntryName, L"Entry 9999"), 0);
    free(entries);

    /* Faster than reading the file for each of them, which takes 20 ms and more. */
    Sleep(2500);
    many_time = time_of_properties(path, many);
    printf("properties of 500 entries: %lu ms of 10, %lu ms of 10,000\n", few_time, many_time);
    assert_true(many_time < 4 * few_time + 1000);
    remove_phonebook(path);
}

/* A phone book that another program changes is read again, whatever was read before. */
TEST(changes_are_seen)
{
    static const char *const texts[] = {"[One]\n", "[Two]\n", "[Longer]\n"};
    static const WCHAR *const names[] = {L"One", L"Two", L"Longer"};
    WCHAR path[MAX_PATH];
    DWORD i, k;

    for (i = 0; i < 20 * ARRAYSIZE(texts); i++)
    {
        write_phonebook(L"%TEMP%\\changing.pbk", texts[i % 3], strlen(texts[i % 3]), path);
        for (k = 0; k < ARRAYSIZE(names); k++)
            assert_int_equal(RasValidateEntryNameW(path, names[k]),
                    k == i % 3 ? ERROR_ALREADY_EXISTS : ERROR_SUCCESS);
        /* Gives the file time to settle, once. */
        if (i == 10)
            Sleep(2500);
    }
    remove_phonebook(path);
    assert_int_equal(RasValidateEntryNameW(path, L"One"), ERROR_CANNOT_OPEN_PHONEBOOK);
}

/* RasValidateEntryName: "ERROR_ALREADY_EXISTS", "ERROR_INVALID_NAME" */
TEST(a_name_is_validated)
{
    static const WCHAR *const bad[] = {L"", L"   ", L"\t", L"...", L".hidden", L"a|b", L"a>b",
            L"a<b", L"a?b", L"a*b", L"a\\b", L"a/b", L"a:b", L"---"};
    WCHAR name[RAS_MaxEntryName + 2];
    DWORD i;

    for (i = 0; i < ARRAYSIZE(bad); i++)
        assert_int_equal(RasValidateEntryNameW(sample, bad[i]), ERROR_INVALID_NAME);
    assert_int_equal(RasValidateEntryNameA(sample_a, "a:b"), ERROR_INVALID_NAME);
    assert_int_equal(RasValidateEntryNameW(sample, L"Office VPN"), ERROR_ALREADY_EXISTS);
    assert_int_equal(RasValidateEntryNameW(sample, L"office vpn"), ERROR_ALREADY_EXISTS);
    assert_int_equal(RasValidateEntryNameA(sample_a, "Dial"), ERROR_ALREADY_EXISTS);
    assert_int_equal(RasValidateEntryNameW(sample, L"New one"), ERROR_SUCCESS);
    assert_int_equal(RasValidateEntryNameA(sample_a, "New one"), ERROR_SUCCESS);
    assert_int_equal(RasValidateEntryNameW(NULL, L"New one"), ERROR_SUCCESS);
    wmemset(name, 'a', RAS_MaxEntryName + 1);
    name[RAS_MaxEntryName + 1] = 0;
    assert_int_equal(RasValidateEntryNameW(sample, name), ERROR_INVALID_NAME);
    name[RAS_MaxEntryName] = 0;
    assert_int_equal(RasValidateEntryNameW(sample, name), ERROR_SUCCESS);
    assert_int_equal(RasValidateEntryNameW(sample, NULL), ERROR_INVALID_PARAMETER);
    assert_int_equal(
            RasValidateEntryNameW(L"C:\\no\\such.pbk", L"New one"), ERROR_CANNOT_OPEN_PHONEBOOK);
}

TEST_MAIN(begin, end)
