/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * The links of an entry: the pages nf-ras-rasgetsubentrypropertiesw,
 * nf-ras-rassetsubentrypropertiesw and nf-ras-rasdeletesubentryw. Their errors for bad arguments
 * are in ras_arguments.
 */

#include <stdio.h>
#include <stdlib.h>

#include <windows.h>
#include <ras.h>
#include <raserror.h>

#include "phonebook_fixture.h"
#include "spelling.h"

struct spelling
{
    DWORD(WINAPI *get)
    (const void *path, const void *name, DWORD number, void *link, DWORD *size, BYTE *device,
            DWORD *device_size);
    DWORD(WINAPI *set)
    (const void *path, const void *name, DWORD number, void *link, DWORD size, BYTE *device,
            DWORD device_size);
    const char *remove_name;
    DWORD(WINAPI *get_entry)
    (const void *path, const void *name, void *entry, DWORD *size, BYTE *device,
            DWORD *device_size);
    size_t character;
    DWORD size, entry_size;
    size_t device_type, device_name, phone_number, alternates, sub_entries; /* offsets */
};

#define SPELLING(X, get_sub_entry_properties, set_sub_entry_properties, get_entry_properties)      \
    {                                                                                              \
        (void *)get_sub_entry_properties, (void *)set_sub_entry_properties,                        \
                "RasDeleteSubEntry" #X, (void *)get_entry_properties, CHARACTER_##X,               \
                sizeof(RASSUBENTRY##X), sizeof(RASENTRY##X),                                       \
                offsetof(RASSUBENTRY##X, szDeviceType), offsetof(RASSUBENTRY##X, szDeviceName),    \
                offsetof(RASSUBENTRY##X, szLocalPhoneNumber),                                      \
                offsetof(RASSUBENTRY##X, dwAlternateOffset), offsetof(RASENTRY##X, dwSubEntries)   \
    }

static const struct spelling spelling_A =
        SPELLING(A, RasGetSubEntryPropertiesA, RasSetSubEntryPropertiesA, RasGetEntryPropertiesA);
static const struct spelling spelling_W =
        SPELLING(W, RasGetSubEntryPropertiesW, RasSetSubEntryPropertiesW, RasGetEntryPropertiesW);

/* Two links with a key that nobody knows, between other entries. */
static const char two_links[] = "[First]\r\nType=1\r\n\r\n"
                                "[Two]\r\n"
                                "Type=1\r\n"
                                "\r\n"
                                "MEDIA=serial\r\n"
                                "Port=COM1\r\n"
                                "Device=Modem 1\r\n"
                                "\r\n"
                                "DEVICE=modem\r\n"
                                "PhoneNumber=1\r\n"
                                "Unknown=kept\r\n"
                                "\r\n"
                                "; about the second\r\n"
                                "MEDIA=isdn\r\n"
                                "Port=ISDN1\r\n"
                                "Device=Card\r\n"
                                "\r\n"
                                "DEVICE=isdn\r\n"
                                "PhoneNumber=2\r\n"
                                "PhoneNumber=22\r\n"
                                "PhoneNumber=222\r\n"
                                "\r\n"
                                "[Last]\r\nType=1\r\n";

typedef BYTE link_buffer[sizeof(RASSUBENTRYW) + 64];

static WCHAR sample[MAX_PATH], expanded[MAX_PATH];

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

static void fresh(void)
{
    write_phonebook(sample, two_links, strlen(two_links), expanded);
}

static const char *text_of_book(void)
{
    static char text[8192];
    HANDLE file = CreateFileW(sample, GENERIC_READ, 0, NULL, OPEN_EXISTING, 0, NULL);
    DWORD done;

    assert_true(ReadFile(file, text, sizeof(text) - 1, &done, NULL));
    CloseHandle(file);
    text[done] = 0;
    return text;
}

/* mingw-w64's 32-bit import library lacks this function. */
static DWORD delete_link(const struct spelling *spelling, const WCHAR *name, DWORD number)
{
    DWORD(WINAPI * found)(const void *, const void *, DWORD);

    found = (void *)GetProcAddress(GetModuleHandleW(L"rasapi32.dll"), spelling->remove_name);
    assert_non_null(found);
    return found(SPELLED(sample), SPELLED(name), number);
}

static void get(const struct spelling *spelling, DWORD number, BYTE *link)
{
    DWORD size = sizeof(link_buffer);

    memset(link, 0xee, sizeof(link_buffer));
    NUMBER(link, 0) = spelling->size;
    assert_int_equal(
            spelling->get(SPELLED(sample), SPELLED(L"two"), number, link, &size, NULL, NULL),
            ERROR_SUCCESS);
    assert_int_equal(NUMBER(link, 0), spelling->size);
    assert_int_equal(NUMBER(link, 4), 0);
}

static void assert_link(const struct spelling *spelling, DWORD number, const WCHAR *type,
        const WCHAR *name, const WCHAR *phone_number)
{
    link_buffer link;

    get(spelling, number, link);
    assert_member(link, spelling->device_type, type);
    assert_member(link, spelling->device_name, name);
    assert_member(link, spelling->phone_number, phone_number);
}

static void assert_count(const struct spelling *spelling, DWORD count)
{
    BYTE entry[sizeof(RASENTRYW) + 256] = {0};
    DWORD size = sizeof(entry);

    NUMBER(entry, 0) = spelling->entry_size;
    assert_int_equal(
            spelling->get_entry(SPELLED(sample), SPELLED(L"Two"), entry, &size, NULL, NULL),
            ERROR_SUCCESS);
    assert_int_equal(NUMBER(entry, spelling->sub_entries), count);
}

static void fill(const struct spelling *spelling, BYTE *link, const WCHAR *type, const WCHAR *name,
        const WCHAR *phone_number)
{
    memset(link, 0, sizeof(link_buffer));
    NUMBER(link, 0) = spelling->size;
    spell(MEMBER(link, spelling->device_type), spelling->character, type);
    spell(MEMBER(link, spelling->device_name), spelling->character, name);
    spell(MEMBER(link, spelling->phone_number), spelling->character, phone_number);
}

static DWORD set(const struct spelling *spelling, DWORD number, BYTE *link, DWORD size)
{
    return spelling->set(SPELLED(sample), SPELLED(L"Two"), number, link, size, NULL, 0);
}

/* A structure has the same size in programs of 64 and 32 bits. */
TEST(structures_have_one_size)
{
    assert_int_equal(sizeof(RASSUBENTRYA), 288);
    assert_int_equal(sizeof(RASSUBENTRYW), 564);
}

/* "On output, the structure receives information about the specified subentry." */
SPELLING_TEST(links_are_read)
{
    link_buffer link;

    fresh();
    assert_count(spelling, 2);
    assert_link(spelling, 1, L"modem", L"Modem 1", L"1");
    assert_link(spelling, 2, L"isdn", L"Card", L"2");
    get(spelling, 1, link);
    assert_int_equal(NUMBER(link, spelling->alternates), 0);
    /* "followed by additional bytes for the alternate phone number list" */
    get(spelling, 2, link);
    assert_int_equal(NUMBER(link, spelling->alternates), spelling->size);
    assert_member(link, spelling->size, L"22");
    assert_member(link, spelling->size + 3 * spelling->character, L"222");
    assert_member(link, spelling->size + 7 * spelling->character, L"");
}

/* "the number of bytes required if the buffer is too small" */
SPELLING_TEST(the_size_is_told)
{
    const void *path = SPELLED(sample), *name = SPELLED(L"Two");
    DWORD size = 0, needed = spelling->size + 8 * (DWORD)spelling->character;
    link_buffer link = {0};

    fresh();
    assert_int_equal(spelling->get(path, name, 1, NULL, &size, NULL, NULL), ERROR_BUFFER_TOO_SMALL);
    assert_int_equal(size, spelling->size);
    NUMBER(link, 0) = spelling->size;
    assert_int_equal(spelling->get(path, name, 2, link, &size, NULL, NULL), ERROR_BUFFER_TOO_SMALL);
    assert_int_equal(size, needed);
    assert_int_equal(spelling->get(path, name, 2, link, &size, NULL, NULL), ERROR_SUCCESS);
    assert_int_equal(size, needed);
    /* "can be NULL if lpRasSubEntry is NULL" */
    assert_int_equal(spelling->get(path, name, 2, NULL, NULL, NULL, NULL), ERROR_SUCCESS);
    assert_int_equal(
            spelling->get(path, name, 3, NULL, &size, NULL, NULL), ERROR_INVALID_PARAMETER);
    assert_int_equal(spelling->get(path, SPELLED(L"First"), 1, NULL, &size, NULL, NULL),
            ERROR_INVALID_PARAMETER);
}

/* "If the index matches an existing subentry index, the function changes the properties of that
 * subentry." Nothing else changes. */
SPELLING_TEST(a_link_is_changed)
{
    char expected[1000], *at;
    link_buffer link;

    fresh();
    fill(spelling, link, L"isdn", L"Card", L"3");
    assert_int_equal(set(spelling, 1, link, spelling->size), ERROR_SUCCESS);
    assert_link(spelling, 1, L"isdn", L"Card", L"3");
    assert_link(spelling, 2, L"isdn", L"Card", L"2");
    strcpy(expected, two_links);
    at = strstr(expected, "Device=Modem 1");
    memmove(at + 11, at + 14, strlen(at + 14) + 1);
    memcpy(at, "Device=Card", 11);
    at = strstr(expected, "DEVICE=modem");
    memmove(at + 11, at + 12, strlen(at + 12) + 1);
    memcpy(at, "DEVICE=isdn", 11);
    *strstr(expected, "1\r\nUnknown") = '3';
    assert_string_equal(text_of_book(), expected);
}

/* What is read can be written again, and then changes no byte. */
SPELLING_TEST(a_link_that_is_written_as_it_was_read_is_the_same)
{
    link_buffer link;
    DWORD number;

    fresh();
    for (number = 1; number <= 2; number++)
    {
        get(spelling, number, link);
        assert_int_equal(set(spelling, number, link, sizeof(link)), ERROR_SUCCESS);
    }
    assert_string_equal(text_of_book(), two_links);
}

/* "The last string is terminated by two consecutive null characters." */
SPELLING_TEST(alternate_numbers_are_changed)
{
    link_buffer link;

    fresh();
    fill(spelling, link, L"modem", L"Modem 1", L"1");
    NUMBER(link, spelling->alternates) = spelling->size;
    spell(MEMBER(link, spelling->size), spelling->character, L"11");
    assert_int_equal(
            set(spelling, 1, link, spelling->size + 4 * (DWORD)spelling->character), ERROR_SUCCESS);
    get(spelling, 1, link);
    assert_member(link, spelling->size, L"11");
    assert_member(link, spelling->size + 3 * spelling->character, L"");
    assert_link(spelling, 2, L"isdn", L"Card", L"2");
    /* A list that does not end within the buffer is none. */
    assert_int_equal(set(spelling, 1, link, spelling->size + 3 * (DWORD)spelling->character),
            ERROR_INVALID_PARAMETER);
    NUMBER(link, spelling->alternates) = 4;
    assert_int_equal(set(spelling, 1, link, sizeof(link)), ERROR_INVALID_PARAMETER);
}

/* "If the index does not match an existing index, the function creates a new subentry." */
SPELLING_TEST(a_link_is_added)
{
    link_buffer link;

    fresh();
    fill(spelling, link, L"vpn", L"WAN Miniport (PPTP)", L"vpn.example");
    assert_int_equal(set(spelling, 3, link, spelling->size), ERROR_SUCCESS);
    assert_count(spelling, 3);
    assert_link(spelling, 3, L"vpn", L"WAN Miniport (PPTP)", L"vpn.example");
    fill(spelling, link, L"modem", L"Modem 4", L"4");
    assert_int_equal(set(spelling, 99, link, spelling->size), ERROR_SUCCESS);
    assert_count(spelling, 4);
    assert_link(spelling, 4, L"modem", L"Modem 4", L"4");
    assert_link(spelling, 1, L"modem", L"Modem 1", L"1");
    assert_link(spelling, 2, L"isdn", L"Card", L"2");
    assert_non_null(strstr(text_of_book(), "DEVICE=modem\r\nPhoneNumber=4\r\n\r\n[Last]\r\n"));
}

/* "deletes the specified subentry from the specified phone-book entry" */
SPELLING_TEST(a_link_is_deleted)
{
    fresh();
    assert_int_equal(delete_link(spelling, L"Two", 3), ERROR_INVALID_PARAMETER);
    assert_string_equal(text_of_book(), two_links);
    assert_int_equal(delete_link(spelling, L"Two", 1), ERROR_SUCCESS);
    assert_count(spelling, 1);
    assert_link(spelling, 1, L"isdn", L"Card", L"2");
    assert_non_null(strstr(text_of_book(), "; about the second\r\nMEDIA=isdn\r\n"));
    assert_non_null(strstr(text_of_book(), "[First]\r\nType=1\r\n\r\n[Two]\r\nType=1\r\n"));
    assert_int_equal(delete_link(spelling, L"Two", 1), ERROR_SUCCESS);
    /* "zero or more subentries" */
    assert_count(spelling, 0);
    assert_non_null(strstr(text_of_book(), "[Last]\r\nType=1\r\n"));
    assert_null(strstr(text_of_book(), "DEVICE="));
}

/* With a second DEVICE after a MEDIA, or with none, nobody can say which is whose: a change would
 * damage another link. */
SPELLING_TEST(links_without_one_device_each_stay)
{
    static const char *const books[] = {
            "[Two]\r\nMEDIA=serial\r\nDevice=M\r\n\r\nDEVICE=modem\r\nPhoneNumber=1\r\n\r\n"
            "DEVICE=switch\r\nType=x\r\n",
            "[Two]\r\nMEDIA=serial\r\nDevice=M\r\n",
    };
    link_buffer link;
    unsigned int i;

    for (i = 0; i < ARRAYSIZE(books); i++)
    {
        write_phonebook(sample, books[i], strlen(books[i]), expanded);
        fill(spelling, link, L"modem", L"Modem 4", L"4");
        assert_int_equal(set(spelling, 2, link, spelling->size), ERROR_CANNOT_WRITE_PHONEBOOK);
        assert_int_equal(delete_link(spelling, L"Two", 1), ERROR_CANNOT_WRITE_PHONEBOOK);
        assert_string_equal(text_of_book(), books[i]);
    }
}

/* A phone book that may not be written stays as it was. */
SPELLING_TEST(a_read_only_book_is_not_written)
{
    link_buffer link;
    DWORD set_result, delete_result;

    fresh();
    fill(spelling, link, L"modem", L"Modem 4", L"4");
    SetFileAttributesW(sample, FILE_ATTRIBUTE_READONLY);
    set_result = set(spelling, 1, link, spelling->size);
    delete_result = delete_link(spelling, L"Two", 1);
    SetFileAttributesW(sample, FILE_ATTRIBUTE_NORMAL);
    assert_int_equal(set_result, ERROR_ACCESS_DENIED);
    assert_int_equal(delete_result, ERROR_ACCESS_DENIED);
    assert_string_equal(text_of_book(), two_links);
}

TEST_MAIN(begin, end)
