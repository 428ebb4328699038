/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * The pages RasSetEntryProperties, RasRenameEntry and RasDeleteEntry.
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
    DWORD(WINAPI *set)
    (const void *path, const void *name, void *entry, DWORD size, BYTE *device, DWORD device_size);
    DWORD(WINAPI *get)
    (const void *path, const void *name, void *entry, DWORD *size, BYTE *device,
            DWORD *device_size);
    DWORD(WINAPI *rename)(const void *path, const void *old_name, const void *new_name);
    DWORD(WINAPI *remove)(const void *path, const void *name);
    size_t character;
    DWORD size; /* of Windows XP's RASENTRY; below the offsets of its members */
    DWORD oldest;
    size_t number, device_type, device_name, framing, type, alternates, redial, suffix, options;
};

#define SPELLING(X, set, get, rename, remove)                                                      \
    {                                                                                              \
        (void *)set, (void *)get, (void *)rename, (void *)remove, CHARACTER_##X,                   \
                sizeof(RASENTRY##X), offsetof(RASENTRY##X, dwSubEntries),                          \
                offsetof(RASENTRY##X, szLocalPhoneNumber), offsetof(RASENTRY##X, szDeviceType),    \
                offsetof(RASENTRY##X, szDeviceName), offsetof(RASENTRY##X, dwFramingProtocol),     \
                offsetof(RASENTRY##X, dwType), offsetof(RASENTRY##X, dwAlternateOffset),           \
                offsetof(RASENTRY##X, dwRedialCount), offsetof(RASENTRY##X, szDnsSuffix),          \
                offsetof(RASENTRY##X, dwfOptions)                                                  \
    }

static const struct spelling spelling_A = SPELLING(
        A, RasSetEntryPropertiesA, RasGetEntryPropertiesA, RasRenameEntryA, RasDeleteEntryA);
static const struct spelling spelling_W = SPELLING(
        W, RasSetEntryPropertiesW, RasGetEntryPropertiesW, RasRenameEntryW, RasDeleteEntryW);

/* Capacity for either, and alternate numbers. */
typedef BYTE entry_buffer[sizeof(RASENTRYW) + 256];

static WCHAR sample[MAX_PATH];

static int begin(void)
{
    write_sample(sample);
    return 0;
}

static int end(void)
{
    DeleteFileW(sample);
    return 0;
}

/* What the file has; the caller free()s it. */
static char *contents(const WCHAR *path)
{
    HANDLE file = CreateFileW(path, GENERIC_READ, FILE_SHARE_READ, NULL, OPEN_EXISTING, 0, NULL);
    DWORD size, done;
    char *text;

    assert_true(file != INVALID_HANDLE_VALUE);
    size = GetFileSize(file, NULL);
    text = malloc(size + 1);
    assert_non_null(text);
    assert_true(ReadFile(file, text, size, &done, NULL) && done == size);
    text[size] = 0;
    CloseHandle(file);
    return text;
}

static void assert_contents(const WCHAR *path, const char *expected)
{
    char *text = contents(path);

    assert_string_equal(text, expected);
    free(text);
}

static void assert_line(const WCHAR *path, const char *line, bool expected)
{
    char *text = contents(path);

    if ((strstr(text, line) != NULL) != expected)
        fail_msg("%s \"%s\": %s", expected ? "lacks" : "has", line, text);
    free(text);
}

static void new_entry(const struct spelling *spelling, BYTE *entry)
{
    memset(entry, 0, sizeof(entry_buffer));
    NUMBER(entry, 0) = spelling->size;
    spell(MEMBER(entry, spelling->number), spelling->character, L"vpn.example");
    spell(MEMBER(entry, spelling->device_type), spelling->character, RASDT_Vpn);
    spell(MEMBER(entry, spelling->device_name), spelling->character, L"WAN Miniport (PPTP)");
    NUMBER(entry, spelling->framing) = RASFP_Ppp;
    NUMBER(entry, spelling->type) = RASET_Vpn;
}

static void read_entry(const struct spelling *spelling, const WCHAR *name, BYTE *entry)
{
    DWORD size = sizeof(entry_buffer);

    memset(entry, 0xcc, sizeof(entry_buffer));
    NUMBER(entry, 0) = spelling->size;
    assert_int_equal(
            spelling->get(SPELLED(sample), SPELLED(name), entry, &size, NULL, NULL), ERROR_SUCCESS);
}

/* "If the entry name does not match an existing entry, RasSetEntryProperties creates a new
 * phone-book entry." */
SPELLING_TEST(a_new_entry_is_created)
{
    entry_buffer entry, got;
    char *text;

    write_sample(sample);
    new_entry(spelling, entry);
    NUMBER(entry, spelling->redial) = 7;
    NUMBER(entry, spelling->options) = RASEO_PreviewDomain | RASEO_RequireMsCHAP2;
    spell(MEMBER(entry, spelling->suffix), spelling->character, L"corp.example");
    assert_int_equal(
            spelling->set(SPELLED(sample), SPELLED(L"New one"), entry, spelling->size, NULL, 0),
            ERROR_SUCCESS);
    text = contents(sample);
    assert_memory_equal(text, sample_phonebook, strlen(sample_phonebook));
    assert_non_null(strstr(text, "\r\n\r\n[New one]\r\nEncoding=1\r\nPBVersion=1\r\n"));
    assert_non_null(strstr(text, "\r\nAuthRestrictions=512\r\n"));
    assert_non_null(strstr(text, "\r\n\r\nDEVICE=vpn\r\nPhoneNumber=vpn.example\r\n"));
    free(text);

    read_entry(spelling, L"New one", got);
    assert_member(got, spelling->number, L"vpn.example");
    assert_member(got, spelling->device_type, RASDT_Vpn);
    assert_member(got, spelling->device_name, L"WAN Miniport (PPTP)");
    assert_member(got, spelling->suffix, L"corp.example");
    assert_int_equal(NUMBER(got, spelling->type), RASET_Vpn);
    assert_int_equal(NUMBER(got, spelling->framing), RASFP_Ppp);
    assert_int_equal(NUMBER(got, spelling->redial), 7);
    assert_int_equal(NUMBER(got, spelling->options),
            RASEO_PreviewDomain | RASEO_RequireMsCHAP2 | RASEO_Custom);
}

/* "If the entry name matches an existing entry, RasSetEntryProperties modifies the properties of
 * that entry." What is not changed keeps its bytes. */
SPELLING_TEST(an_entry_is_changed)
{
    static const WCHAR *const names[] = {L"Office VPN", L"Dial", L"PPPoE"};
    entry_buffer entry;
    size_t i;

    write_sample(sample);
    for (i = 0; i < ARRAYSIZE(names); i++)
    {
        read_entry(spelling, names[i], entry);
        assert_int_equal(
                spelling->set(SPELLED(sample), SPELLED(names[i]), entry, sizeof(entry), NULL, 0),
                ERROR_SUCCESS);
        assert_contents(sample, sample_phonebook);
    }
    read_entry(spelling, L"office vpn", entry);
    NUMBER(entry, spelling->redial) = 9;
    spell(MEMBER(entry, spelling->number), spelling->character, L"other.example");
    assert_int_equal(
            spelling->set(SPELLED(sample), SPELLED(L"office vpn"), entry, sizeof(entry), NULL, 0),
            ERROR_SUCCESS);
    assert_line(sample, "RedialAttempts=9\r\nRedialSeconds=30\r\n", true);
    assert_line(sample, "DEVICE=vpn\r\nPhoneNumber=other.example\r\n", true);
    assert_line(sample, "vpn.example", false);
    read_entry(spelling, L"Office VPN", entry);
    assert_int_equal(NUMBER(entry, spelling->redial), 9);
    assert_member(entry, spelling->number, L"other.example");
}

/* "The structure might be followed by an array of null-terminated alternate phone number strings."
 */
SPELLING_TEST(alternate_numbers_are_written)
{
    const DWORD unit = (DWORD)spelling->character;
    entry_buffer entry;

    write_sample(sample);
    new_entry(spelling, entry);
    NUMBER(entry, spelling->alternates) = spelling->size;
    spell(entry + spelling->size, spelling->character, L"a.example");
    spell(entry + spelling->size + 10 * unit, spelling->character, L"b.example");
    memset(entry + spelling->size + 20 * unit, 0, unit);
    assert_int_equal(spelling->set(SPELLED(sample), SPELLED(L"Dial"), entry,
                             spelling->size + 21 * unit, NULL, 0),
            ERROR_SUCCESS);
    assert_line(sample, "PhoneNumber=vpn.example\r\n", true);
    assert_line(sample, "PhoneNumber=a.example\r\nPhoneNumber=b.example\r\n", true);
    NUMBER(entry, spelling->alternates) = 0;
    assert_int_equal(
            spelling->set(SPELLED(sample), SPELLED(L"Dial"), entry, spelling->size, NULL, 0),
            ERROR_SUCCESS);
    assert_line(sample, "PhoneNumber=a.example", false);
    /* A list that does not end within the buffer. */
    NUMBER(entry, spelling->alternates) = spelling->size;
    assert_int_equal(spelling->set(SPELLED(sample), SPELLED(L"Dial"), entry,
                             spelling->size + 20 * unit, NULL, 0),
            ERROR_INVALID_PARAMETER);
    NUMBER(entry, spelling->alternates) = 4;
    assert_int_equal(
            spelling->set(SPELLED(sample), SPELLED(L"Dial"), entry, sizeof(entry), NULL, 0),
            ERROR_INVALID_PARAMETER);
}

/* "If values are not provided for these members, RasSetEntryProperties fails with
 * ERROR_INVALID_PARAMETER." The page names dwType too, but Microsoft's own sample gives none. */
SPELLING_TEST(required_members_are_required)
{
    const size_t texts[] = {spelling->number, spelling->device_type, spelling->device_name};
    const size_t numbers[] = {0, spelling->framing};
    entry_buffer entry;
    size_t i;

    write_sample(sample);
    for (i = 0; i < ARRAYSIZE(texts) + ARRAYSIZE(numbers); i++)
    {
        new_entry(spelling, entry);
        memset(MEMBER(entry, i < ARRAYSIZE(texts) ? texts[i] : numbers[i - ARRAYSIZE(texts)]), 0,
                sizeof(DWORD));
        assert_int_equal(
                spelling->set(SPELLED(sample), SPELLED(L"New"), entry, spelling->size, NULL, 0),
                ERROR_INVALID_PARAMETER);
    }
    new_entry(spelling, entry);
    assert_int_equal(spelling->set(SPELLED(sample), NULL, entry, spelling->size, NULL, 0),
            ERROR_INVALID_PARAMETER);
    assert_int_equal(spelling->set(SPELLED(sample), SPELLED(L""), entry, spelling->size, NULL, 0),
            ERROR_INVALID_PARAMETER);
    /* A line end would be a line of its own. */
    spell(MEMBER(entry, spelling->number), spelling->character, L"a\r\n[Other]\r\n");
    assert_int_equal(
            spelling->set(SPELLED(sample), SPELLED(L"New"), entry, spelling->size, NULL, 0),
            ERROR_INVALID_PARAMETER);
    assert_contents(sample, sample_phonebook);
}

/* The port is the device's: a modem's would be wrong for a VPN. */
SPELLING_TEST(a_link_of_another_type_has_another_port)
{
    entry_buffer entry;

    write_sample(sample);
    read_entry(spelling, L"Dial", entry);
    NUMBER(entry, spelling->type) = RASET_Vpn;
    spell(MEMBER(entry, spelling->device_type), spelling->character, RASDT_Vpn);
    spell(MEMBER(entry, spelling->device_name), spelling->character, L"WAN Miniport (L2TP)");
    assert_int_equal(
            spelling->set(SPELLED(sample), SPELLED(L"Dial"), entry, sizeof(entry), NULL, 0),
            ERROR_SUCCESS);
    assert_line(sample, "MEDIA=rastapi\r\nPort=VPN2-0\r\nDevice=WAN Miniport (L2TP)\r\n", true);
}

/* Microsoft's sample phoneentry sets no dwType: the device says it. */
SPELLING_TEST(an_entry_without_a_type_has_that_of_its_device)
{
    static const struct
    {
        const WCHAR *device_type;
        DWORD type;
    } rows[] = {{RASDT_Vpn, RASET_Vpn}, {RASDT_PPPoE, RASET_Broadband}, {RASDT_Modem, RASET_Phone}};
    entry_buffer entry, got;
    DWORD size;
    size_t i;

    for (i = 0; i < ARRAYSIZE(rows); i++)
    {
        write_sample(sample);
        new_entry(spelling, entry);
        NUMBER(entry, spelling->type) = 0;
        spell(MEMBER(entry, spelling->device_type), spelling->character, rows[i].device_type);
        assert_int_equal(
                spelling->set(SPELLED(sample), SPELLED(L"New"), entry, spelling->size, NULL, 0),
                ERROR_SUCCESS);
        NUMBER(got, 0) = size = spelling->size;
        assert_int_equal(spelling->get(SPELLED(sample), SPELLED(L"New"), got, &size, NULL, NULL),
                ERROR_SUCCESS);
        assert_int_equal(NUMBER(got, spelling->type), rows[i].type);
    }
}

/* Options that Windows' phone books have no known key for. Programs read back what they set: DotRas
 * sets the first for each VPN. */
SPELLING_TEST(options_without_a_key_of_windows_are_kept)
{
    const DWORD flags[] = {RASEO_RequireEncryptedPw, RASEO_RequireMsEncryptedPw,
            RASEO_TerminalBeforeDial, RASEO_TerminalAfterDial, RASEO_NetworkLogon,
            RASEO_CustomScript};
    entry_buffer entry, got;
    DWORD size;
    size_t i;

    for (i = 0; i < ARRAYSIZE(flags); i++)
    {
        write_sample(sample);
        new_entry(spelling, entry);
        NUMBER(entry, spelling->options) = flags[i];
        assert_int_equal(
                spelling->set(SPELLED(sample), SPELLED(L"New"), entry, spelling->size, NULL, 0),
                ERROR_SUCCESS);
        NUMBER(got, 0) = size = spelling->size;
        assert_int_equal(spelling->get(SPELLED(sample), SPELLED(L"New"), got, &size, NULL, NULL),
                ERROR_SUCCESS);
        assert_int_equal(NUMBER(got, spelling->options), flags[i]);
        NUMBER(entry, spelling->options) = 0;
        assert_int_equal(
                spelling->set(SPELLED(sample), SPELLED(L"New"), entry, spelling->size, NULL, 0),
                ERROR_SUCCESS);
        assert_int_equal(spelling->get(SPELLED(sample), SPELLED(L"New"), got, &size, NULL, NULL),
                ERROR_SUCCESS);
        assert_int_equal(NUMBER(got, spelling->options), 0);
    }
}

/* ERROR_BUFFER_INVALID: "The address or buffer specified by lpRasEntry is invalid." */
SPELLING_TEST(the_buffer_is_checked)
{
    const void *path = SPELLED(sample), *name = SPELLED(L"New");
    entry_buffer entry;

    write_sample(sample);
    new_entry(spelling, entry);
    assert_int_equal(
            spelling->set(path, name, NULL, spelling->size, NULL, 0), ERROR_BUFFER_INVALID);
    assert_int_equal(
            spelling->set(path, name, (void *)16, spelling->size, NULL, 0), ERROR_BUFFER_INVALID);
    assert_int_equal(
            spelling->set(path, name, entry, spelling->size - 1, NULL, 0), ERROR_BUFFER_INVALID);
    NUMBER(entry, 0) = 12;
    assert_int_equal(spelling->set(path, name, entry, spelling->size, NULL, 0), ERROR_INVALID_SIZE);
    assert_contents(sample, sample_phonebook);
}

/* The oldest structure has no type: the device says it. */
SPELLING_TEST(an_old_structure_is_taken)
{
    entry_buffer entry;

    write_sample(sample);
    new_entry(spelling, entry);
    NUMBER(entry, 0) = spelling->oldest;
    assert_int_equal(
            spelling->set(SPELLED(sample), SPELLED(L"Old"), entry, spelling->oldest, NULL, 0),
            ERROR_SUCCESS);
    read_entry(spelling, L"Old", entry);
    assert_int_equal(NUMBER(entry, spelling->type), RASET_Vpn);
}

/* ERROR_CANNOT_OPEN_PHONEBOOK: "The phone book is corrupted or missing components." */
SPELLING_TEST(a_broken_phone_book_is_left_alone)
{
    entry_buffer entry;
    WCHAR path[MAX_PATH];

    new_entry(spelling, entry);
    write_phonebook(L"%TEMP%\\broken.pbk", "not a phone book", 16, path);
    assert_int_equal(spelling->set(SPELLED(path), SPELLED(L"New"), entry, spelling->size, NULL, 0),
            ERROR_CANNOT_OPEN_PHONEBOOK);
    assert_int_equal(spelling->remove(SPELLED(path), SPELLED(L"New")), ERROR_CANNOT_OPEN_PHONEBOOK);
    assert_contents(path, "not a phone book");
    remove_phonebook(path);
    assert_int_equal(spelling->set(SPELLED(L"C:\\no\\such.pbk"), SPELLED(L"New"), entry,
                             spelling->size, NULL, 0),
            ERROR_CANNOT_OPEN_PHONEBOOK);
}

/* ERROR_ACCESS_DENIED: "The user does not have the correct privileges." */
SPELLING_TEST(a_read_only_phone_book_is_left_alone)
{
    const void *path = SPELLED(sample);
    entry_buffer entry;

    write_sample(sample);
    new_entry(spelling, entry);
    assert_true(SetFileAttributesW(sample, FILE_ATTRIBUTE_READONLY));
    assert_int_equal(spelling->set(path, SPELLED(L"New"), entry, spelling->size, NULL, 0),
            ERROR_ACCESS_DENIED);
    assert_int_equal(spelling->remove(path, SPELLED(L"Dial")), ERROR_ACCESS_DENIED);
    assert_int_equal(
            spelling->rename(path, SPELLED(L"Dial"), SPELLED(L"Other")), ERROR_ACCESS_DENIED);
    assert_true(SetFileAttributesW(sample, FILE_ATTRIBUTE_NORMAL));
    assert_contents(sample, sample_phonebook);
}

/* "For new entries, call the RasValidateEntryName function to validate the entry name" */
SPELLING_TEST(new_names_are_validated)
{
    static const WCHAR *const bad[] = {L" ", L".hidden", L"a|b", L"a\\b", L"a:b", L"a\nb"};
    entry_buffer entry;
    size_t i;

    write_sample(sample);
    new_entry(spelling, entry);
    for (i = 0; i < ARRAYSIZE(bad); i++)
        if (spelling->set(SPELLED(sample), SPELLED(bad[i]), entry, spelling->size, NULL, 0)
                != ERROR_INVALID_NAME)
            fail_msg("\"%ls\" is taken", bad[i]);
    assert_contents(sample, sample_phonebook);
}

/* A phone book that is not there is created, if its folder is. */
SPELLING_TEST(a_phone_book_is_created)
{
    entry_buffer entry;
    WCHAR path[MAX_PATH];

    write_phonebook(L"%TEMP%\\created.pbk", "", 0, path);
    remove_phonebook(path);
    new_entry(spelling, entry);
    assert_int_equal(
            spelling->set(SPELLED(path), SPELLED(L"First"), entry, spelling->size, NULL, 0),
            ERROR_SUCCESS);
    assert_line(path, "[First]\r\nEncoding=1\r\n", true);
    assert_int_equal(spelling->remove(SPELLED(path), SPELLED(L"First")), ERROR_SUCCESS);
    assert_contents(path, "");
    remove_phonebook(path);
}

/* "If this parameter is NULL, the function uses the current default phone-book file": an entry is
 * changed where it is, and a new one is the user's. */
SPELLING_TEST(the_default_is_the_users_phone_book)
{
    entry_buffer entry;
    WCHAR all[MAX_PATH], mine[MAX_PATH];

    write_phonebook(L"%ALLUSERSPROFILE%\\Microsoft\\Network\\Connections\\Pbk\\rasphone.pbk",
            "[Everyone's]\r\n", 14, all);
    new_entry(spelling, entry);
    assert_int_equal(
            spelling->set(NULL, SPELLED(L"Mine"), entry, spelling->size, NULL, 0), ERROR_SUCCESS);
    ExpandEnvironmentStringsW(
            L"%APPDATA%\\Microsoft\\Network\\Connections\\Pbk\\rasphone.pbk", mine, MAX_PATH);
    assert_line(mine, "[Mine]\r\n", true);
    assert_contents(all, "[Everyone's]\r\n");
    assert_int_equal(spelling->set(NULL, SPELLED(L"Everyone's"), entry, spelling->size, NULL, 0),
            ERROR_SUCCESS);
    assert_line(all, "PhoneNumber=vpn.example", true);
    assert_int_equal(
            spelling->rename(NULL, SPELLED(L"Mine"), SPELLED(L"everyone's")), ERROR_SUCCESS);
    assert_int_equal(spelling->remove(NULL, SPELLED(L"everyone's")), ERROR_SUCCESS);
    assert_contents(all, "");
    assert_int_equal(spelling->remove(NULL, SPELLED(L"everyone's")), ERROR_SUCCESS);
    assert_int_equal(spelling->remove(NULL, SPELLED(L"everyone's")), ERROR_INVALID_NAME);
    remove_phonebook(all);
    remove_phonebook(mine);
}

/* The pages' ERROR_ALREADY_EXISTS, ERROR_INVALID_NAME and ERROR_CANNOT_FIND_PHONEBOOK_ENTRY */
SPELLING_TEST(an_entry_is_renamed)
{
    static const WCHAR *const bad[] = {L"", L" \t ", L".hidden", L"a\nb"};
    const void *path = SPELLED(sample);
    WCHAR name[RAS_MaxEntryName + 2];
    size_t i;

    write_sample(sample);
    assert_int_equal(spelling->rename(path, SPELLED(L"Nobody"), SPELLED(L"New")),
            ERROR_CANNOT_FIND_PHONEBOOK_ENTRY);
    assert_int_equal(
            spelling->rename(path, SPELLED(L"Dial"), SPELLED(L"OFFICE vpn")), ERROR_ALREADY_EXISTS);
    for (i = 0; i < ARRAYSIZE(bad); i++)
        if (spelling->rename(path, SPELLED(L"Dial"), SPELLED(bad[i])) != ERROR_INVALID_NAME)
            fail_msg("\"%ls\" is taken", bad[i]);
    wmemset(name, 'a', RAS_MaxEntryName + 1);
    name[RAS_MaxEntryName + 1] = 0;
    assert_int_equal(spelling->rename(path, SPELLED(L"Dial"), SPELLED(name)), ERROR_INVALID_NAME);
    assert_int_equal(spelling->rename(path, NULL, SPELLED(L"New")), ERROR_INVALID_PARAMETER);
    assert_int_equal(spelling->rename(path, SPELLED(L"Dial"), NULL), ERROR_INVALID_PARAMETER);
    assert_contents(sample, sample_phonebook);
    /* "entry names that would not be accepted by the dial-up networking user interface" */
    assert_int_equal(
            spelling->rename(path, SPELLED(L"dial"), SPELLED(L"DIAL: a/b")), ERROR_SUCCESS);
    assert_line(sample, "\r\n\r\n[DIAL: a/b]\r\nEncoding=1\r\nType=1\r\n", true);
    assert_line(sample, "[Dial]", false);
    /* In other capitals it is the same entry. */
    assert_int_equal(
            spelling->rename(path, SPELLED(L"DIAL: a/b"), SPELLED(L"Dial: A/B")), ERROR_SUCCESS);
    assert_line(sample, "[Dial: A/B]", true);
}

/* ERROR_INVALID_NAME: "The entry name specified in lpszEntry does not exist." */
SPELLING_TEST(an_entry_is_deleted)
{
    const void *path = SPELLED(sample);

    write_sample(sample);
    assert_int_equal(spelling->remove(path, SPELLED(L"Nobody")), ERROR_INVALID_NAME);
    assert_int_equal(spelling->remove(path, NULL), ERROR_INVALID_PARAMETER);
    assert_contents(sample, sample_phonebook);
    assert_int_equal(spelling->remove(path, SPELLED(L"Office VPN")), ERROR_SUCCESS);
    assert_contents(sample, strstr(sample_phonebook, "[Dial]"));
    assert_int_equal(spelling->remove(path, SPELLED(L"PPPoE")), ERROR_SUCCESS);
    assert_int_equal(spelling->remove(path, SPELLED(L"Dial")), ERROR_SUCCESS);
    assert_contents(sample, "");
}

TEST_MAIN(begin, end)
