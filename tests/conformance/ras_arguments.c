/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Functions that are not implemented look at their arguments first, because programs tell by the
 * error whether there is such an entry or address: the pages nf-ras-rasgeteapuserdataw,
 * nf-ras-rasgetcustomauthdataw, nf-ras-rasgeteapuseridentityw, nf-ras-rasgetsubentrypropertiesw,
 * nf-ras-raseditphonebookentryw, nf-ras-rascreatephonebookentryw, nf-ras-rasgetautodialaddressw,
 * nf-ras-rassetautodialaddressw, nf-ras-rasgetautodialparamw and their
 * neighbours.
 */

#include <windows.h>
#include <ras.h>
#include <raserror.h>

#include "phonebook_fixture.h"
#include "spelling.h"

struct spelling
{
    DWORD(WINAPI *create_entry)(HWND window, const void *path);
    DWORD(WINAPI *edit_entry)(HWND window, const void *path, const void *name);
    DWORD(WINAPI *get_link)
    (const void *path, const void *name, DWORD number, void *link, DWORD *size, BYTE *device,
            DWORD *device_size);
    DWORD(WINAPI *delete_link)(const void *path, const void *name, DWORD number);
    DWORD(WINAPI *get_custom)(const void *path, const void *name, BYTE *data, DWORD *size);
    DWORD(WINAPI *set_custom)(const void *path, const void *name, BYTE *data, DWORD size);
    DWORD(WINAPI *get_user)
    (HANDLE token, const void *path, const void *name, BYTE *data, DWORD *size);
    DWORD(WINAPI *set_user)
    (HANDLE token, const void *path, const void *name, BYTE *data, DWORD size);
    DWORD(WINAPI *get_identity)
    (const void *path, const void *name, DWORD flags, HWND window, void **identity);
    DWORD(WINAPI *get_address)
    (const void *address, DWORD *reserved, void *entries, DWORD *size, DWORD *count);
    DWORD(WINAPI *set_address)
    (const void *address, DWORD reserved, void *entries, DWORD size, DWORD count);
    DWORD(WINAPI *enum_addresses)(void **addresses, DWORD *size, DWORD *count);
    DWORD(WINAPI *get_enabled)(DWORD location, BOOL *enabled);
    DWORD(WINAPI *get_param)(DWORD key, void *value, DWORD *size);
    DWORD(WINAPI *set_param)(DWORD key, void *value, DWORD size);
    size_t character;
    DWORD link_size, address_size;
    size_t address_entry; /* offset */
};

/* mingw-w64's 32-bit import library lacks this function. */
static DWORD delete_link(const char *function, const void *path, const void *name, DWORD number)
{
    DWORD(WINAPI * found)(const void *, const void *, DWORD);

    found = (void *)GetProcAddress(LoadLibraryW(L"rasapi32.dll"), function);
    assert_non_null(found);
    return found(path, name, number);
}

static DWORD WINAPI delete_link_A(const void *path, const void *name, DWORD number)
{
    return delete_link("RasDeleteSubEntryA", path, name, number);
}

static DWORD WINAPI delete_link_W(const void *path, const void *name, DWORD number)
{
    return delete_link("RasDeleteSubEntryW", path, name, number);
}

#define SPELLING(X, create_entry, edit_entry, get_link, delete_link, get_custom, set_custom,       \
        get_user, set_user, get_identity, get_address, set_address, enum_addresses, get_enabled,   \
        get_param, set_param)                                                                      \
    {                                                                                              \
        (void *)create_entry, (void *)edit_entry, (void *)get_link, (void *)delete_link,           \
                (void *)get_custom, (void *)set_custom, (void *)get_user, (void *)set_user,        \
                (void *)get_identity, (void *)get_address, (void *)set_address,                    \
                (void *)enum_addresses, (void *)get_enabled, (void *)get_param, (void *)set_param, \
                CHARACTER_##X, sizeof(RASSUBENTRY##X), sizeof(RASAUTODIALENTRY##X),                \
                offsetof(RASAUTODIALENTRY##X, szEntry)                                             \
    }

static const struct spelling spelling_A = SPELLING(A, RasCreatePhonebookEntryA,
        RasEditPhonebookEntryA, RasGetSubEntryPropertiesA, delete_link_A, RasGetCustomAuthDataA,
        RasSetCustomAuthDataA, RasGetEapUserDataA, RasSetEapUserDataA, RasGetEapUserIdentityA,
        RasGetAutodialAddressA, RasSetAutodialAddressA, RasEnumAutodialAddressesA,
        RasGetAutodialEnableA, RasGetAutodialParamA, RasSetAutodialParamA);
static const struct spelling spelling_W = SPELLING(W, RasCreatePhonebookEntryW,
        RasEditPhonebookEntryW, RasGetSubEntryPropertiesW, delete_link_W, RasGetCustomAuthDataW,
        RasSetCustomAuthDataW, RasGetEapUserDataW, RasSetEapUserDataW, RasGetEapUserIdentityW,
        RasGetAutodialAddressW, RasSetAutodialAddressW, RasEnumAutodialAddressesW,
        RasGetAutodialEnableW, RasGetAutodialParamW, RasSetAutodialParamW);

/* A call's text, result and expected result. */
struct call
{
    const char *text;
    DWORD got, expected;
};

#define CALL(expected, call)                                                                       \
    {                                                                                              \
#call, call, expected                                                                      \
    }

static void assert_calls(const struct call *calls, size_t count)
{
    size_t i;

    for (i = 0; i < count; i++)
        if (calls[i].got != calls[i].expected)
            fail_msg("%s: %lu, not %lu", calls[i].text, calls[i].got, calls[i].expected);
}

#define ASSERT_CALLS(calls) assert_calls(calls, ARRAYSIZE(calls))

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

/* ERROR_CANNOT_OPEN_PHONEBOOK, ERROR_CANNOT_FIND_PHONEBOOK_ENTRY */
SPELLING_TEST(books_and_entries_are_looked_up)
{
    const void *book = SPELLED(sample), *no_book = SPELLED(L"C:\\no\\such.pbk");
    const void *entry = SPELLED(L"office vpn"), *no_entry = SPELLED(L"Nobody");
    BYTE data[64] = {0};
    DWORD size = sizeof(data);
    void *identity = data;
    const struct
    {
        DWORD error;
        const void *book, *entry;
    } rows[] = {
            {ERROR_CANNOT_OPEN_PHONEBOOK, no_book, entry},
            {ERROR_CANNOT_FIND_PHONEBOOK_ENTRY, book, no_entry},
            {ERROR_CANNOT_FIND_PHONEBOOK_ENTRY, NULL, no_entry},
            {ERROR_CANNOT_FIND_PHONEBOOK_ENTRY, book, SPELLED(L"")},
            {0, book, entry}, /* and now what the function says of itself */
    };
    size_t i;

    for (i = 0; i < ARRAYSIZE(rows); i++)
    {
        const void *path = rows[i].book, *name = rows[i].entry;
        DWORD error = rows[i].error;
        const DWORD writing = error ? error : ERROR_CANNOT_WRITE_PHONEBOOK;
        const DWORD other = error ? error : ERROR_CALL_NOT_IMPLEMENTED;
        const struct call calls[] = {
                CALL(writing, spelling->edit_entry(NULL, path, name)),
                CALL(other, spelling->get_link(path, name, 1, NULL, &size, NULL, NULL)),
                CALL(writing, spelling->delete_link(path, name, 1)),
                CALL(other, spelling->get_custom(path, name, data, &size)),
                CALL(other, spelling->get_custom(path, name, NULL, &size)),
                CALL(writing, spelling->set_custom(path, name, data, 1)),
                CALL(other, spelling->get_user(NULL, path, name, data, &size)),
                CALL(other, spelling->get_user(NULL, path, name, NULL, &size)),
                CALL(other, spelling->set_user(NULL, path, name, data, 1)),
                CALL(error ? error : ERROR_INVALID_FUNCTION_FOR_ENTRY,
                        spelling->get_identity(path, name, 0, NULL, &identity)),
        };

        ASSERT_CALLS(calls);
        assert_null(identity);
    }
    assert_int_equal(spelling->create_entry(NULL, no_book), ERROR_CANNOT_OPEN_PHONEBOOK);
    assert_int_equal(spelling->create_entry(NULL, book), ERROR_CANNOT_WRITE_PHONEBOOK);
}

/* ERROR_INVALID_SIZE, ERROR_INVALID_PARAMETER, ERROR_BUFFER_INVALID, E_INVALIDARG */
SPELLING_TEST(pointers_and_sizes_are_checked)
{
    const void *book = SPELLED(sample), *entry = SPELLED(L"Office VPN");
    BYTE data[64] = {0}, link[sizeof(RASSUBENTRYW)] = {0};
    DWORD size = sizeof(link);
    void *identity;
    const struct call calls[] = {
            CALL(ERROR_BUFFER_INVALID, spelling->edit_entry(NULL, book, NULL)),
            CALL(ERROR_INVALID_PARAMETER,
                    spelling->get_link(book, NULL, 1, NULL, &size, NULL, NULL)),
            CALL(ERROR_INVALID_PARAMETER,
                    spelling->get_link(book, entry, 0, NULL, &size, NULL, NULL)),
            CALL(ERROR_INVALID_PARAMETER,
                    spelling->get_link(book, entry, 1, link, NULL, NULL, NULL)),
            CALL(ERROR_INVALID_SIZE, spelling->get_link(book, entry, 1, link, &size, NULL, NULL)),
            CALL(ERROR_BUFFER_INVALID,
                    spelling->get_link(book, entry, 1, (void *)16, &size, NULL, NULL)),
            CALL(ERROR_INVALID_PARAMETER, spelling->delete_link(book, NULL, 1)),
            CALL(ERROR_INVALID_PARAMETER, spelling->delete_link(book, entry, 0)),
            CALL((DWORD)E_INVALIDARG, spelling->get_custom(book, entry, data, NULL)),
            CALL((DWORD)E_INVALIDARG, spelling->set_custom(book, entry, NULL, 1)),
            CALL((DWORD)E_INVALIDARG, spelling->get_user(NULL, book, entry, data, NULL)),
            CALL((DWORD)E_INVALIDARG, spelling->get_user(NULL, book, NULL, data, &size)),
            CALL((DWORD)E_INVALIDARG, spelling->set_user(NULL, book, entry, NULL, 1)),
            CALL((DWORD)E_INVALIDARG, spelling->get_identity(book, entry, 0, NULL, NULL)),
            CALL((DWORD)E_INVALIDARG, spelling->get_identity(book, NULL, 0, NULL, &identity)),
    };

    ASSERT_CALLS(calls);
    NUMBER(link, 0) = spelling->link_size;
    assert_int_equal(spelling->get_link(book, entry, 1, link, &size, NULL, NULL),
            ERROR_CALL_NOT_IMPLEMENTED);
}

/* Programs take only ERROR_FILE_NOT_FOUND for "no entry is set for this address yet". */
SPELLING_TEST(no_address_has_an_entry)
{
    const void *address = SPELLED(L"www.example.test");
    BYTE entry[sizeof(RASAUTODIALENTRYW)] = {0}, old[sizeof(RASAUTODIALENTRYW)] = {4};
    DWORD size = spelling->address_size, count = 9, old_size = size, reserved = 0;
    const struct call wrong[] = {
            CALL(ERROR_INVALID_PARAMETER,
                    spelling->get_address(address, &reserved, entry, &size, &count)),
            CALL(ERROR_INVALID_PARAMETER,
                    spelling->get_address(address, NULL, entry, NULL, &count)),
            CALL(ERROR_INVALID_PARAMETER, spelling->get_address(address, NULL, entry, &size, NULL)),
            CALL(ERROR_INVALID_SIZE, spelling->get_address(address, NULL, old, &old_size, &count)),
            CALL(ERROR_INVALID_PARAMETER, spelling->enum_addresses(NULL, NULL, &count)),
            CALL(ERROR_INVALID_PARAMETER, spelling->enum_addresses(NULL, &size, NULL)),
    };

    ASSERT_CALLS(wrong);
    NUMBER(entry, 0) = spelling->address_size;
    assert_int_equal(
            spelling->get_address(address, NULL, entry, &size, &count), ERROR_FILE_NOT_FOUND);
    size = 0;
    assert_int_equal(
            spelling->get_address(address, NULL, NULL, &size, &count), ERROR_FILE_NOT_FOUND);
    /* "If no default Internet connections are configured, the function returns zero". */
    size = count = 9;
    assert_int_equal(spelling->get_address(NULL, NULL, NULL, &size, &count), ERROR_SUCCESS);
    assert_int_equal(size, 0);
    assert_int_equal(count, 0);
    size = count = 9;
    assert_int_equal(spelling->enum_addresses(NULL, &size, &count), ERROR_SUCCESS);
    assert_int_equal(size, 0);
    assert_int_equal(count, 0);
}

SPELLING_TEST(autodial_is_not_set)
{
    const void *address = SPELLED(L"www.example.test");
    BYTE entry[sizeof(RASAUTODIALENTRYW)] = {0}, old[sizeof(RASAUTODIALENTRYW)] = {4};
    const DWORD size = spelling->address_size;
    DWORD value = 0, four = 4, three = 3;
    BOOL enabled;

    NUMBER(entry, 0) = size;
    spell(MEMBER(entry, spelling->address_entry), spelling->character, L"Nobody");
    {
        const struct call calls[] = {
                CALL(ERROR_INVALID_PARAMETER, spelling->set_address(address, 1, entry, size, 1)),
                CALL(ERROR_INVALID_PARAMETER, spelling->set_address(NULL, 0, NULL, 0, 0)),
                CALL(ERROR_INVALID_PARAMETER,
                        spelling->set_address(address, 0, entry, size - 1, 1)),
                CALL(ERROR_INVALID_SIZE, spelling->set_address(address, 0, old, size, 1)),
                /* "The connection name ... does not exist." */
                CALL(ERROR_CANNOT_FIND_PHONEBOOK_ENTRY,
                        spelling->set_address(address, 0, entry, size, 1)),
                CALL(ERROR_CANNOT_FIND_PHONEBOOK_ENTRY,
                        spelling->set_address(NULL, 0, entry, size, 1)),
                CALL(ERROR_CALL_NOT_IMPLEMENTED, spelling->set_address(address, 0, NULL, 0, 0)),
                CALL(ERROR_INVALID_PARAMETER, spelling->get_enabled(0, NULL)),
                CALL(ERROR_CALL_NOT_IMPLEMENTED, spelling->get_enabled(0, &enabled)),
                CALL(ERROR_INVALID_PARAMETER, spelling->get_param(5, &value, &four)),
                CALL(ERROR_INVALID_PARAMETER, spelling->get_param(0, NULL, &four)),
                CALL(ERROR_INVALID_PARAMETER, spelling->get_param(0, &value, NULL)),
                CALL(ERROR_INVALID_SIZE, spelling->get_param(0, &value, &three)),
                CALL(ERROR_CALL_NOT_IMPLEMENTED, spelling->get_param(4, &value, &four)),
                CALL(ERROR_INVALID_PARAMETER, spelling->set_param(5, &value, 4)),
                CALL(ERROR_INVALID_PARAMETER, spelling->set_param(0, NULL, 4)),
                CALL(ERROR_INVALID_SIZE, spelling->set_param(0, &value, 5)),
                CALL(ERROR_CALL_NOT_IMPLEMENTED, spelling->set_param(0, &value, 4)),
        };

        ASSERT_CALLS(calls);
    }
}

TEST_MAIN(begin, end)
