/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * AutoDial's addresses and settings: the pages nf-ras-rassetautodialaddressw,
 * nf-ras-rasgetautodialaddressw, nf-ras-rasenumautodialaddressesw, nf-ras-rassetautodialenablew,
 * nf-ras-rasgetautodialenablew, nf-ras-rassetautodialparamw and nf-ras-rasgetautodialparamw.
 */

#include <stdio.h>
#include <stdlib.h>

#include <windows.h>
#include <ras.h>
#include <raserror.h>

#include "phonebook_fixture.h"
#include "spelling.h"

#define DEFAULT_KEY L"Software\\Microsoft\\Ras Autodial\\Default"

struct spelling
{
    DWORD(WINAPI *get)
    (const void *address, DWORD *reserved, void *entries, DWORD *size, DWORD *count);
    DWORD(WINAPI *set)
    (const void *address, DWORD reserved, void *entries, DWORD size, DWORD count);
    DWORD(WINAPI *list)(void **addresses, DWORD *size, DWORD *count);
    DWORD(WINAPI *get_enabled)(DWORD location, BOOL *enabled);
    DWORD(WINAPI *set_enabled)(DWORD location, BOOL enabled);
    DWORD(WINAPI *get_param)(DWORD key, void *value, DWORD *size);
    DWORD(WINAPI *set_param)(DWORD key, void *value, DWORD size);
    size_t character;
    DWORD size;
    size_t location, entry; /* offsets */
};

#define SPELLING(X, get_autodial_address, set_autodial_address, enum_autodial_addresses,           \
        get_autodial_enable, set_autodial_enable, get_autodial_param, set_autodial_param)          \
    {                                                                                              \
        (void *)get_autodial_address, (void *)set_autodial_address,                                \
                (void *)enum_autodial_addresses, get_autodial_enable, set_autodial_enable,         \
                get_autodial_param, set_autodial_param, CHARACTER_##X,                             \
                sizeof(RASAUTODIALENTRY##X), offsetof(RASAUTODIALENTRY##X, dwDialingLocation),     \
                offsetof(RASAUTODIALENTRY##X, szEntry)                                             \
    }

static const struct spelling spelling_A = SPELLING(A, RasGetAutodialAddressA,
        RasSetAutodialAddressA, RasEnumAutodialAddressesA, RasGetAutodialEnableA,
        RasSetAutodialEnableA, RasGetAutodialParamA, RasSetAutodialParamA);
static const struct spelling spelling_W = SPELLING(W, RasGetAutodialAddressW,
        RasSetAutodialAddressW, RasEnumAutodialAddressesW, RasGetAutodialEnableW,
        RasSetAutodialEnableW, RasGetAutodialParamW, RasSetAutodialParamW);

#define ADDRESS L"www.example.test"

typedef BYTE entry_buffer[3 * sizeof(RASAUTODIALENTRYW)];

static WCHAR own_book[MAX_PATH], book_for_all[MAX_PATH];

static void forget(void)
{
    RegDeleteTreeW(HKEY_CURRENT_USER, L"Software\\Microsoft\\Ras Autodial");
    RegDeleteTreeW(HKEY_LOCAL_MACHINE, DEFAULT_KEY);
}

static int begin(void)
{
    static const char own[] = "[Own]\nType=1\n[Both]\nType=1\n";
    static const char for_all[] = "[For all]\nType=1\n[Both]\nType=1\n";

    write_phonebook(L"%APPDATA%\\Microsoft\\Network\\Connections\\Pbk\\autodial.pbk", own,
            strlen(own), own_book);
    write_phonebook(L"%ALLUSERSPROFILE%\\Microsoft\\Network\\Connections\\Pbk\\autodial.pbk",
            for_all, strlen(for_all), book_for_all);
    return 0;
}

static int end(void)
{
    forget();
    remove_phonebook(own_book);
    remove_phonebook(book_for_all);
    return 0;
}

static void fill(const struct spelling *spelling, BYTE *entry, DWORD location, const WCHAR *name)
{
    memset(entry, 0, spelling->size);
    NUMBER(entry, 0) = spelling->size;
    NUMBER(entry, spelling->location) = location;
    spell(MEMBER(entry, spelling->entry), spelling->character, name);
}

static DWORD set(
        const struct spelling *spelling, const WCHAR *address, DWORD location, const WCHAR *name)
{
    entry_buffer entry;

    fill(spelling, entry, location, name);
    return spelling->set(SPELLED(address), 0, entry, spelling->size, 1);
}

/* An address' only entry. */
static void assert_entry(
        const struct spelling *spelling, const WCHAR *address, DWORD location, const WCHAR *name)
{
    entry_buffer entry;
    DWORD size = sizeof(entry), count = 9;

    NUMBER(entry, 0) = spelling->size;
    assert_int_equal(spelling->get(SPELLED(address), NULL, entry, &size, &count), ERROR_SUCCESS);
    assert_int_equal(size, spelling->size);
    assert_int_equal(count, 1);
    assert_int_equal(NUMBER(entry, 0), spelling->size);
    assert_int_equal(NUMBER(entry, spelling->location), location);
    assert_member(entry, spelling->entry, name);
}

static void assert_none(const struct spelling *spelling, const WCHAR *address, DWORD result)
{
    DWORD size = 9, count = 9;

    assert_int_equal(spelling->get(SPELLED(address), NULL, NULL, &size, &count), result);
    assert_int_equal(size, 0);
    assert_int_equal(count, 0);
}

/* A structure has the same size in programs of 64 and 32 bits. */
TEST(structures_have_one_size)
{
    assert_int_equal(sizeof(RASAUTODIALENTRYA), 272);
    assert_int_equal(sizeof(RASAUTODIALENTRYW), 528);
}

/* Programs take only ERROR_FILE_NOT_FOUND for "no entry is set for this address yet". */
SPELLING_TEST(there_is_no_address_at_first)
{
    DWORD size = 9, count = 9;

    forget();
    assert_none(spelling, ADDRESS, ERROR_FILE_NOT_FOUND);
    /* "If no default Internet connections are configured, the function returns zero". */
    assert_none(spelling, NULL, ERROR_SUCCESS);
    assert_int_equal(spelling->list(NULL, &size, &count), ERROR_SUCCESS);
    assert_int_equal(size, 0);
    assert_int_equal(count, 0);
}

/* "If the lpszAddress address does not exist in the database, RasSetAutodialAddress adds the
 * address"; "If lpAutoDialEntries is NULL and dwcbAutoDialEntries is zero, RasSetAutodialAddress
 * deletes all structures associated with lpszAddress". */
SPELLING_TEST(an_address_is_added_and_deleted)
{
    forget();
    assert_int_equal(set(spelling, ADDRESS, 1, L"Own"), ERROR_SUCCESS);
    assert_entry(spelling, ADDRESS, 1, L"Own");
    assert_entry(spelling, L"WWW.example.TEST", 1, L"Own");
    /* As the page RasEnumAutodialAddresses adds one that does nothing. */
    assert_int_equal(set(spelling, L"10.0.0.1", 0, L""), ERROR_SUCCESS);
    assert_entry(spelling, L"10.0.0.1", 0, L"");
    assert_int_equal(spelling->set(SPELLED(ADDRESS), 0, NULL, 0, 0), ERROR_SUCCESS);
    assert_none(spelling, ADDRESS, ERROR_FILE_NOT_FOUND);
    assert_int_equal(spelling->set(SPELLED(ADDRESS), 0, NULL, 0, 0), ERROR_SUCCESS);
    assert_entry(spelling, L"10.0.0.1", 0, L"");
}

/* "If an entry in the lpAutoDialEntries array specifies a dialing location for which the address
 * already has an entry, the function replaces the existing entry with the new entry. Otherwise, the
 * function simply adds the lpAutoDialEntries entries". */
SPELLING_TEST(each_dialing_location_has_an_entry)
{
    const void *address = SPELLED(ADDRESS);
    entry_buffer given, got;
    DWORD size, count, i;

    forget();
    assert_int_equal(set(spelling, ADDRESS, 1, L"Own"), ERROR_SUCCESS);
    fill(spelling, given, 1, L"Both");
    fill(spelling, given + spelling->size, 4000000000u, L"For all");
    assert_int_equal(spelling->set(address, 0, given, 2 * spelling->size, 2), ERROR_SUCCESS);
    /* "sets the lpdwcbAutoDialEntries and lpdwcAutoDialEntries parameters to indicate the required
     * buffer size, in bytes, and the number of AutoDial entries" */
    size = count = 0;
    assert_int_equal(spelling->get(address, NULL, NULL, &size, &count), ERROR_BUFFER_TOO_SMALL);
    assert_int_equal(size, 2 * spelling->size);
    assert_int_equal(count, 2);
    NUMBER(got, 0) = spelling->size;
    size--;
    assert_int_equal(spelling->get(address, NULL, got, &size, &count), ERROR_BUFFER_TOO_SMALL);
    assert_int_equal(size, 2 * spelling->size);
    assert_int_equal(spelling->get(address, NULL, got, &size, &count), ERROR_SUCCESS);
    assert_int_equal(count, 2);
    for (i = 0; i < 2; i++)
    {
        BYTE *entry = got + i * spelling->size;
        bool first = NUMBER(entry, spelling->location) == 1;

        assert_member(entry, spelling->entry, first ? L"Both" : L"For all");
        if (!first)
            assert_int_equal(NUMBER(entry, spelling->location), 4000000000u);
    }
    assert_int_not_equal(
            NUMBER(got, spelling->location), NUMBER(got + spelling->size, spelling->location));
}

/* "ERROR_BUFFER_TOO_SMALL: The lppAddresses buffer was NULL and lpdwcbAddresses was zero." */
SPELLING_TEST(addresses_are_listed)
{
    void *buffer[64];
    DWORD size = 0, count = 0, needed;
    size_t length = (wcslen(ADDRESS) + 1 + 9) * spelling->character, i, found = 0;

    forget();
    assert_int_equal(set(spelling, ADDRESS, 1, L"Own"), ERROR_SUCCESS);
    assert_int_equal(set(spelling, L"products", 1, L"Own"), ERROR_SUCCESS);
    assert_int_equal(spelling->list(NULL, &size, &count), ERROR_BUFFER_TOO_SMALL);
    needed = size;
    assert_int_equal(needed, 2 * sizeof(void *) + length);
    assert_int_equal(count, 2);
    size--;
    assert_int_equal(spelling->list(buffer, &size, &count), ERROR_BUFFER_TOO_SMALL);
    assert_int_equal(size, needed);
    assert_int_equal(spelling->list(buffer, &size, &count), ERROR_SUCCESS);
    assert_int_equal(size, needed);
    assert_int_equal(count, 2);
    for (i = 0; i < 2; i++)
    {
        WCHAR address[SPELLED_MAX];

        assert_in_range((ULONG_PTR)buffer[i], (ULONG_PTR)(buffer + 2), (ULONG_PTR)buffer + size);
        widened(address, buffer[i], spelling->character);
        found += !wcscmp(address, ADDRESS) ? 1 : !wcscmp(address, L"products") ? 10 : 100;
    }
    assert_int_equal(found, 11);
}

static void assert_default(HKEY hive, const WCHAR *name)
{
    WCHAR value[SPELLED_MAX] = L"";
    DWORD size = sizeof(value);

    RegGetValueW(hive, DEFAULT_KEY, L"DefaultInternet", RRF_RT_REG_SZ, NULL, value, &size);
    assert_spelled(value, sizeof(WCHAR), name);
}

/* "When the lpszAddress parameter is NULL, and the lpAutoDialEntries parameter specifies a
 * connection name with one entry, RasSetAutodialAddress sets the connection as the default internet
 * connection." The registry is as the page RasGetAutodialAddress says. */
SPELLING_TEST(there_is_a_default_connection)
{
    forget();
    assert_int_equal(set(spelling, NULL, 0, L"Own"), ERROR_SUCCESS);
    assert_entry(spelling, NULL, 0, L"Own");
    assert_default(HKEY_CURRENT_USER, L"Own");
    assert_default(HKEY_LOCAL_MACHINE, L"");
    /* "the default internet connection is set globally on the local computer" */
    assert_int_equal(set(spelling, NULL, 0, L"For all"), ERROR_SUCCESS);
    assert_entry(spelling, NULL, 0, L"For all");
    assert_default(HKEY_LOCAL_MACHINE, L"For all");
    /* "the per-user connection is set"; "The function returns the per-user default" */
    assert_int_equal(set(spelling, NULL, 0, L"Both"), ERROR_SUCCESS);
    assert_entry(spelling, NULL, 0, L"Both");
    assert_default(HKEY_CURRENT_USER, L"Both");
    assert_default(HKEY_LOCAL_MACHINE, L"For all");
    /* "When the lpszAddress parameter is a zero-length string and the lpAutoDialEntries parameter
     * specifies an empty connection name with one entry, RasSetAutodialAddress deletes the default
     * internet connection." */
    assert_int_equal(set(spelling, L"", 0, L""), ERROR_SUCCESS);
    assert_entry(spelling, NULL, 0, L"For all");
    assert_int_equal(set(spelling, L"", 0, L""), ERROR_SUCCESS);
    assert_none(spelling, NULL, ERROR_SUCCESS);
    assert_int_equal(set(spelling, L"", 0, L""), ERROR_SUCCESS);
}

/* ERROR_INVALID_PARAMETER, ERROR_INVALID_SIZE, ERROR_CANNOT_FIND_PHONEBOOK_ENTRY */
SPELLING_TEST(addresses_have_their_errors)
{
    const void *address = SPELLED(ADDRESS);
    WCHAR longer[300];
    entry_buffer entry;
    DWORD size = sizeof(entry), count, reserved = 0, small = 3;

    forget();
    fill(spelling, entry, 1, L"Own");
    assert_int_equal(
            spelling->get(address, &reserved, entry, &size, &count), ERROR_INVALID_PARAMETER);
    assert_int_equal(spelling->get(address, NULL, entry, NULL, &count), ERROR_INVALID_PARAMETER);
    assert_int_equal(spelling->get(address, NULL, entry, &size, NULL), ERROR_INVALID_PARAMETER);
    assert_int_equal(spelling->get(address, NULL, entry, &small, &count), ERROR_INVALID_SIZE);
    assert_int_equal(spelling->list(NULL, NULL, &count), ERROR_INVALID_PARAMETER);
    assert_int_equal(spelling->list(NULL, &size, NULL), ERROR_INVALID_PARAMETER);
    assert_int_equal(spelling->set(address, 1, entry, spelling->size, 1), ERROR_INVALID_PARAMETER);
    assert_int_equal(spelling->set(NULL, 0, NULL, 0, 0), ERROR_INVALID_PARAMETER);
    assert_int_equal(spelling->set(address, 0, NULL, 0, 1), ERROR_INVALID_PARAMETER);
    assert_int_equal(spelling->set(address, 0, entry, spelling->size, 0), ERROR_INVALID_PARAMETER);
    assert_int_equal(
            spelling->set(address, 0, entry, spelling->size - 1, 1), ERROR_INVALID_PARAMETER);
    wmemset(longer, 'a', 299);
    longer[299] = 0;
    assert_int_equal(set(spelling, longer, 1, L"Own"), ERROR_INVALID_PARAMETER);
    assert_int_equal(set(spelling, L"a\\b", 1, L"Own"), ERROR_INVALID_PARAMETER);
    assert_int_equal(set(spelling, NULL, 1, L""), ERROR_INVALID_PARAMETER);
    /* "The connection name specified in lpAutoDialEntries does not exist." */
    assert_int_equal(set(spelling, ADDRESS, 1, L"Nobody"), ERROR_CANNOT_FIND_PHONEBOOK_ENTRY);
    assert_int_equal(set(spelling, NULL, 1, L"Nobody"), ERROR_CANNOT_FIND_PHONEBOOK_ENTRY);
    NUMBER(entry, 0) = spelling->size - 1;
    assert_int_equal(spelling->get(address, NULL, entry, &size, &count), ERROR_INVALID_SIZE);
    assert_int_equal(spelling->set(address, 0, entry, spelling->size, 1), ERROR_INVALID_SIZE);
    assert_none(spelling, ADDRESS, ERROR_FILE_NOT_FOUND);
}

/* "enables or disables the AutoDial feature for a specified TAPI dialing location" */
SPELLING_TEST(locations_are_enabled)
{
    BOOL enabled = 9;

    forget();
    assert_int_equal(spelling->get_enabled(0, NULL), ERROR_INVALID_PARAMETER);
    assert_int_equal(spelling->get_enabled(3, &enabled), ERROR_SUCCESS);
    assert_int_equal(enabled, FALSE);
    assert_int_equal(spelling->set_enabled(3, 7), ERROR_SUCCESS);
    assert_int_equal(spelling->get_enabled(3, &enabled), ERROR_SUCCESS);
    assert_int_equal(enabled, TRUE);
    assert_int_equal(spelling->get_enabled(0xffffffff, &enabled), ERROR_SUCCESS);
    assert_int_equal(enabled, FALSE);
    assert_int_equal(spelling->set_enabled(3, FALSE), ERROR_SUCCESS);
    assert_int_equal(spelling->get_enabled(3, &enabled), ERROR_SUCCESS);
    assert_int_equal(enabled, FALSE);
}

/* "The default value is 100", and so on */
SPELLING_TEST(parameters_are_kept)
{
    static const DWORD defaults[] = {0, 0, 100, 5, 60};
    DWORD key, value, size;

    forget();
    for (key = 0; key < ARRAYSIZE(defaults); key++)
    {
        BYTE wide[8] = {0};

        size = sizeof(wide);
        assert_int_equal(spelling->get_param(key, wide, &size), ERROR_SUCCESS);
        assert_int_equal(size, sizeof(DWORD));
        assert_int_equal(NUMBER(wide, 0), defaults[key]);
        value = 1000 + key;
        assert_int_equal(spelling->set_param(key, &value, sizeof(value)), ERROR_SUCCESS);
    }
    for (key = 0; key < ARRAYSIZE(defaults); key++)
    {
        size = sizeof(value);
        assert_int_equal(spelling->get_param(key, &value, &size), ERROR_SUCCESS);
        assert_int_equal(value, 1000 + key);
    }
}

/* The parameter that lasts as long as the session is set first: the others last all the same. */
SPELLING_TEST(a_session_parameter_spoils_nothing)
{
    DWORD value = 1;

    forget();
    assert_int_equal(spelling->set_param(RASADP_LoginSessionDisable, &value, 4), ERROR_SUCCESS);
    assert_int_equal(set(spelling, ADDRESS, 1, L"Own"), ERROR_SUCCESS);
    assert_int_equal(spelling->set_enabled(3, TRUE), ERROR_SUCCESS);
    forget();
}

/* What is no entry's name, or no location, is not returned; the list has an end. */
SPELLING_TEST(damaged_addresses_are_skipped)
{
    static const WCHAR path[] = L"Software\\Microsoft\\Ras Autodial\\Addresses\\" ADDRESS;
    DWORD size = 0, count = 9, number = 1;
    WCHAR endless[600];
    HKEY key;

    forget();
    assert_int_equal(set(spelling, ADDRESS, 1, L"Own"), ERROR_SUCCESS);
    assert_int_equal(RegOpenKeyExW(HKEY_CURRENT_USER, path, 0, KEY_SET_VALUE, &key), ERROR_SUCCESS);
    wmemset(endless, 'e', ARRAYSIZE(endless));
    RegSetValueExW(key, L"7", 0, REG_SZ, (const BYTE *)endless, sizeof(endless));
    RegSetValueExW(key, L"8", 0, REG_DWORD, (const BYTE *)&number, sizeof(number));
    RegSetValueExW(key, L"a name of many characters", 0, REG_SZ, (const BYTE *)L"Own", 8);
    RegCloseKey(key);
    assert_int_equal(
            spelling->get(SPELLED(ADDRESS), NULL, NULL, &size, &count), ERROR_BUFFER_TOO_SMALL);
    assert_int_equal(count, 1);
    assert_int_equal(size, spelling->size);
    forget();
}

/* ERROR_INVALID_PARAMETER, ERROR_INVALID_SIZE */
SPELLING_TEST(parameters_have_their_errors)
{
    DWORD value = 0, four = 4, three = 3;

    assert_int_equal(spelling->get_param(5, &value, &four), ERROR_INVALID_PARAMETER);
    assert_int_equal(spelling->get_param(0, NULL, &four), ERROR_INVALID_PARAMETER);
    assert_int_equal(spelling->get_param(0, &value, NULL), ERROR_INVALID_PARAMETER);
    assert_int_equal(spelling->get_param(0, &value, &three), ERROR_INVALID_SIZE);
    assert_int_equal(spelling->set_param(5, &value, 4), ERROR_INVALID_PARAMETER);
    assert_int_equal(spelling->set_param(0, NULL, 4), ERROR_INVALID_PARAMETER);
    assert_int_equal(spelling->set_param(0, &value, 5), ERROR_INVALID_SIZE);
    assert_int_equal(spelling->set_param(0, &value, 3), ERROR_INVALID_SIZE);
}

TEST_MAIN(begin, end)
