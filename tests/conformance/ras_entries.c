/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * The pages RasEnumEntries and RasValidateEntryName.
 */

#include <stdio.h>
#include <stdlib.h>

#include <windows.h>
#include <ras.h>
#include <raserror.h>

#include "phonebook_fixture.h"
#include "spelling.h"

#define ALL_USERS 1 /* REN_AllUsers */
#define USER 0
#define ENTRY_SIZES 3

struct spelling
{
    DWORD(WINAPI *enumerate)
    (const void *reserved, const void *path, void *entries, DWORD *size, DWORD *count);
    DWORD(WINAPI *validate)(const void *path, const void *name);
    size_t character;
    DWORD sizes[ENTRY_SIZES]; /* of the structure: Windows NT 3.51, NT 4.0, 2000 */
    size_t name, flags, path; /* offsets */
};

#define SPELLING(X, enumerate, validate, ...)                                                      \
    {                                                                                              \
        (void *)enumerate, (void *)validate, CHARACTER_##X, {__VA_ARGS__},                         \
                offsetof(RASENTRYNAME##X, szEntryName), offsetof(RASENTRYNAME##X, dwFlags),        \
                offsetof(RASENTRYNAME##X, szPhonebookPath),                                        \
    }

static const struct spelling spelling_A =
        SPELLING(A, RasEnumEntriesA, RasValidateEntryNameA, 28, 264, 532);
static const struct spelling spelling_W =
        SPELLING(W, RasEnumEntriesW, RasValidateEntryNameW, 48, 520, 1048);

#define SIZE_2000 (spelling->sizes[2])

static WCHAR sample[MAX_PATH];

static int begin(void)
{
    write_sample(sample);
    return 0;
}

static int end(void)
{
    remove_phonebook(sample);
    return 0;
}

/* "The function will return the required buffer size in lpcb and ERROR_BUFFER_TOO_SMALL." */
SPELLING_TEST(without_a_buffer_the_size_is_returned)
{
    DWORD size = 0, count = 99;

    assert_int_equal(spelling->enumerate(NULL, SPELLED(sample), NULL, &size, &count),
            ERROR_BUFFER_TOO_SMALL);
    assert_int_equal(size, SAMPLE_ENTRIES * SIZE_2000);
}

SPELLING_TEST(entries_are_listed_in_order)
{
    static const WCHAR *const names[] = {L"Office VPN", L"Dial", L"PPPoE"};
    BYTE entries[(SAMPLE_ENTRIES + 1) * sizeof(RASENTRYNAMEW)];
    DWORD size, count, i;

    memset(entries, 0xcc, sizeof(entries));
    NUMBER(entries, 0) = SIZE_2000;
    size = sizeof(entries);
    assert_int_equal(
            spelling->enumerate(NULL, SPELLED(sample), entries, &size, &count), ERROR_SUCCESS);
    assert_int_equal(count, SAMPLE_ENTRIES);
    assert_int_equal(size, SAMPLE_ENTRIES * SIZE_2000);
    for (i = 0; i < count; i++)
    {
        const BYTE *entry = entries + i * SIZE_2000;

        assert_int_equal(NUMBER(entry, 0), SIZE_2000);
        assert_member(entry, spelling->name, names[i]);
        assert_member(entry, spelling->path, sample);
        assert_int_equal(NUMBER(entry, spelling->flags), USER);
    }
    assert_int_equal(NUMBER(entries, SAMPLE_ENTRIES * SIZE_2000), 0xcccccccc);
}

/* "lprasentryname buffer is not large enough": programs that need only one entry read it all the
 * same. What fits is written, and nothing after it. */
SPELLING_TEST(a_small_buffer_has_what_fits)
{
    static const WCHAR *const names[] = {L"Office VPN", L"Dial", L"PPPoE"};
    BYTE entries[SAMPLE_ENTRIES * sizeof(RASENTRYNAMEW)];
    DWORD needed = SAMPLE_ENTRIES * SIZE_2000, size, count, fits, i;

    for (fits = 0; fits < SAMPLE_ENTRIES; fits++)
    {
        memset(entries, 0xcc, sizeof(entries));
        NUMBER(entries, 0) = SIZE_2000;
        size = (fits + 1) * SIZE_2000 - 1;
        assert_int_equal(spelling->enumerate(NULL, SPELLED(sample), entries, &size, &count),
                ERROR_BUFFER_TOO_SMALL);
        assert_int_equal(size, needed);
        assert_int_equal(count, SAMPLE_ENTRIES);
        for (i = 0; i < fits; i++)
        {
            assert_int_equal(NUMBER(entries, i * SIZE_2000), SIZE_2000);
            assert_member(entries + i * SIZE_2000, spelling->name, names[i]);
        }
        for (i = fits ? fits * SIZE_2000 : sizeof(DWORD); i < sizeof(entries); i++)
            assert_int_equal(entries[i], 0xcc);
    }
    NUMBER(entries, 0) = SIZE_2000;
    size = 0;
    assert_int_equal(spelling->enumerate(NULL, SPELLED(sample), entries, &size, &count),
            ERROR_BUFFER_TOO_SMALL);
    assert_int_equal(size, needed);
}

/* "to identify the version of the structure being passed" */
SPELLING_TEST(every_size_that_headers_had_is_known)
{
    BYTE entries[SAMPLE_ENTRIES * sizeof(RASENTRYNAMEW) + 4];
    DWORD size, count, i;

    for (i = 0; i < ENTRY_SIZES; i++)
    {
        const DWORD one = spelling->sizes[i];

        memset(entries, 0xcc, sizeof(entries));
        NUMBER(entries, 0) = one;
        size = SAMPLE_ENTRIES * one;
        assert_int_equal(
                spelling->enumerate(NULL, SPELLED(sample), entries, &size, &count), ERROR_SUCCESS);
        assert_int_equal(size, SAMPLE_ENTRIES * one);
        assert_member(entries + 2 * one, spelling->name, L"PPPoE");
        assert_int_equal(NUMBER(entries, 2 * one), one);
        assert_int_equal(entries[SAMPLE_ENTRIES * one], 0xcc);
    }
}

/* ERROR_INVALID_SIZE: "a version of the structure that is not supported"; among them are the sizes
 * of the other spelling. */
SPELLING_TEST(other_sizes_are_refused)
{
    BYTE entries[SAMPLE_ENTRIES * sizeof(RASENTRYNAMEW)];
    DWORD other, size, count, i;

    for (other = 0; other <= sizeof(RASENTRYNAMEW) + 1; other++)
    {
        bool known = false;

        for (i = 0; i < ENTRY_SIZES; i++)
            known = known || spelling->sizes[i] == other;
        if (known)
            continue;
        NUMBER(entries, 0) = other;
        size = sizeof(entries);
        if (spelling->enumerate(NULL, SPELLED(sample), entries, &size, &count)
                != ERROR_INVALID_SIZE)
            fail_msg("%lu bytes are taken", other);
        assert_int_equal(size, sizeof(entries));
    }
    NUMBER(entries, 0) = 0xffffffff;
    assert_int_equal(
            spelling->enumerate(NULL, SPELLED(sample), entries, &size, &count), ERROR_INVALID_SIZE);
}

/* "Reserved; must be NULL." */
SPELLING_TEST(parameters_are_checked)
{
    const void *path = SPELLED(sample);
    DWORD size = 0, count;

    assert_int_equal(spelling->enumerate(L"", path, NULL, &size, &count), ERROR_INVALID_PARAMETER);
    assert_int_equal(spelling->enumerate(NULL, path, NULL, NULL, &count), ERROR_INVALID_PARAMETER);
    assert_int_equal(spelling->enumerate(NULL, path, NULL, &size, NULL), ERROR_INVALID_PARAMETER);
}

SPELLING_TEST(a_phone_book_must_be_one)
{
    WCHAR path[MAX_PATH];
    DWORD size = 0, count;

    assert_int_equal(spelling->enumerate(NULL, SPELLED(L"C:\\no\\such.pbk"), NULL, &size, &count),
            ERROR_CANNOT_OPEN_PHONEBOOK);
    write_phonebook(L"%TEMP%\\broken.pbk", "MZ\x90\0\3", 5, path);
    assert_int_equal(spelling->enumerate(NULL, SPELLED(path), NULL, &size, &count),
            ERROR_CANNOT_OPEN_PHONEBOOK);
    remove_phonebook(path);
    /* A phone book without entries is valid. */
    write_phonebook(L"%TEMP%\\empty.pbk", "", 0, path);
    count = 99;
    assert_int_equal(spelling->enumerate(NULL, SPELLED(path), NULL, &size, &count), ERROR_SUCCESS);
    assert_int_equal(count, 0);
    remove_phonebook(path);
}

/* "all the remote access phone-book files in the AllUsers profile and the user's profile" */
SPELLING_TEST(the_default_is_all_phone_books)
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
    WCHAR paths[3][MAX_PATH], wide[MAX_PATH];
    BYTE entries[8 * sizeof(RASENTRYNAMEW)];
    DWORD size, count, i, k;
    BOOL wow64 = FALSE;

    IsWow64Process(GetCurrentProcess(), &wow64);
    size = 0;
    assert_int_equal(spelling->enumerate(NULL, NULL, NULL, &size, &count), ERROR_SUCCESS);
    assert_int_equal(count, 0);
    for (i = 0; i < 3; i++)
        write_phonebook(
                i == 2 && wow64 ? L"%SystemRoot%\\sysnative\\ras\\rasphone.pbk" : books[i].path,
                books[i].text, strlen(books[i].text), paths[i]);
    NUMBER(entries, 0) = SIZE_2000;
    size = sizeof(entries);
    assert_int_equal(spelling->enumerate(NULL, NULL, entries, &size, &count), ERROR_SUCCESS);
    assert_int_equal(count, 3);
    for (i = 0; i < 3; i++)
    {
        const BYTE *entry = NULL;

        for (k = 0; k < 3; k++)
            if (!wcscmp(widened(wide, MEMBER(entries, k * SIZE_2000 + spelling->name),
                                spelling->character),
                        books[i].name))
                entry = entries + k * SIZE_2000;
        assert_non_null(entry);
        assert_int_equal(NUMBER(entry, spelling->flags), books[i].flags);
        widened(wide, MEMBER(entry, spelling->path), spelling->character);
        assert_int_equal(_wcsicmp(wide, paths[i]), 0);
        assert_int_equal(spelling->validate(NULL, SPELLED(books[i].name)), ERROR_ALREADY_EXISTS);
        assert_int_equal(spelling->validate(SPELLED(paths[i]), SPELLED(books[i].name)),
                ERROR_ALREADY_EXISTS);
    }
    for (i = 0; i < 3; i++)
        remove_phonebook(paths[i]);
}

/* The code page of the writer, UTF-8, UTF-16. */
SPELLING_TEST(every_encoding_is_read)
{
    static const char utf8[] = "\xef\xbb\xbf[B\xc3\xbcro]\r\n", ansi[] = "[B\xfcro]\r\n";
    static const WCHAR utf16[] = L"\xfeff[B\xfcro]\r\n";
    const struct
    {
        const void *data;
        size_t size;
    } files[] = {{utf8, sizeof(utf8) - 1}, {utf8 + 3, sizeof(utf8) - 4}, {utf16, sizeof(utf16) - 2},
            {ansi, sizeof(ansi) - 1}};
    BYTE entry[sizeof(RASENTRYNAMEW)];
    WCHAR path[MAX_PATH];
    DWORD size, count, i;

    for (i = 0; i < ARRAYSIZE(files); i++)
    {
        if (files[i].data == (const void *)ansi && GetACP() != 1252)
            continue;
        write_phonebook(L"%TEMP%\\encoding.pbk", files[i].data, files[i].size, path);
        NUMBER(entry, 0) = size = SIZE_2000;
        assert_int_equal(
                spelling->enumerate(NULL, SPELLED(path), entry, &size, &count), ERROR_SUCCESS);
        assert_int_equal(count, 1);
        assert_member(entry, spelling->name, L"B\xfcro");
        assert_int_equal(
                spelling->validate(SPELLED(path), SPELLED(L"B\xdcRO")), ERROR_ALREADY_EXISTS);
        remove_phonebook(path);
    }
}

/* Lines that scripts leave in a phone book cost none of its entries. */
SPELLING_TEST(stray_lines_cost_no_entry)
{
    static const char *const strays[] = {
            "# written by a tool\r\n", "System.Object\r\n", "Type=2\r\n"};
    char text[8192];
    WCHAR path[MAX_PATH];
    DWORD size, count, i;

    for (i = 0; i < ARRAYSIZE(strays); i++)
    {
        strcpy(text, strays[i]);
        strcat(text, sample_phonebook);
        strcat(text, strays[i]);
        write_phonebook(L"%TEMP%\\stray.pbk", text, strlen(text), path);
        size = 0;
        assert_int_equal(spelling->enumerate(NULL, SPELLED(path), NULL, &size, &count),
                ERROR_BUFFER_TOO_SMALL);
        assert_int_equal(size, SAMPLE_ENTRIES * SIZE_2000);
        assert_int_equal(
                spelling->validate(SPELLED(path), SPELLED(L"Office VPN")), ERROR_ALREADY_EXISTS);
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
SPELLING_TEST(a_name_is_validated)
{
    static const WCHAR *const bad[] = {L"", L"   ", L"\t", L"...", L".hidden", L"a|b", L"a>b",
            L"a<b", L"a?b", L"a*b", L"a\\b", L"a/b", L"a:b", L"---"};
    static const WCHAR *const taken[] = {L"Office VPN", L"office vpn", L"Dial"};
    const void *path = SPELLED(sample), *fresh = SPELLED(L"New one");
    WCHAR name[RAS_MaxEntryName + 2];
    DWORD i;

    for (i = 0; i < ARRAYSIZE(bad); i++)
        if (spelling->validate(path, SPELLED(bad[i])) != ERROR_INVALID_NAME)
            fail_msg("\"%ls\" is not invalid", bad[i]);
    for (i = 0; i < ARRAYSIZE(taken); i++)
        if (spelling->validate(path, SPELLED(taken[i])) != ERROR_ALREADY_EXISTS)
            fail_msg("\"%ls\" does not exist", taken[i]);
    assert_int_equal(spelling->validate(path, fresh), ERROR_SUCCESS);
    assert_int_equal(spelling->validate(NULL, fresh), ERROR_SUCCESS);
    wmemset(name, 'a', RAS_MaxEntryName + 1);
    name[RAS_MaxEntryName + 1] = 0;
    assert_int_equal(spelling->validate(path, SPELLED(name)), ERROR_INVALID_NAME);
    name[RAS_MaxEntryName] = 0;
    assert_int_equal(spelling->validate(path, SPELLED(name)), ERROR_SUCCESS);
    assert_int_equal(spelling->validate(path, NULL), ERROR_INVALID_PARAMETER);
    assert_int_equal(
            spelling->validate(SPELLED(L"C:\\no\\such.pbk"), fresh), ERROR_CANNOT_OPEN_PHONEBOOK);
}

TEST_MAIN(begin, end)
