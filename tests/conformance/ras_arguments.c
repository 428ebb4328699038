/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Functions about an entry's links, authentication data and dialogs look at their arguments first,
 * because programs tell by the error whether there is such an entry: the pages
 * nf-ras-rasgeteapuserdataw, nf-ras-rasgetcustomauthdataw, nf-ras-rasgeteapuseridentityw,
 * nf-ras-rasgetsubentrypropertiesw, nf-ras-rassetsubentrypropertiesw,
 * nf-ras-raseditphonebookentryw, nf-ras-rascreatephonebookentryw and their neighbours.
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
    DWORD(WINAPI *set_link)
    (const void *path, const void *name, DWORD number, void *link, DWORD size, BYTE *device,
            DWORD device_size);
    DWORD(WINAPI *delete_link)(const void *path, const void *name, DWORD number);
    DWORD(WINAPI *get_custom)(const void *path, const void *name, BYTE *data, DWORD *size);
    DWORD(WINAPI *set_custom)(const void *path, const void *name, BYTE *data, DWORD size);
    DWORD(WINAPI *get_user)
    (HANDLE token, const void *path, const void *name, BYTE *data, DWORD *size);
    DWORD(WINAPI *set_user)
    (HANDLE token, const void *path, const void *name, BYTE *data, DWORD size);
    DWORD(WINAPI *get_identity)
    (const void *path, const void *name, DWORD flags, HWND window, void **identity);
    size_t character;
    DWORD link_size;
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

#define SPELLING(X, create_phonebook_entry, edit_phonebook_entry, get_sub_entry_properties,        \
        set_sub_entry_properties, get_custom_auth_data, set_custom_auth_data, get_eap_user_data,   \
        set_eap_user_data, get_eap_user_identity)                                                  \
    {                                                                                              \
        (void *)create_phonebook_entry, (void *)edit_phonebook_entry,                              \
                (void *)get_sub_entry_properties, (void *)set_sub_entry_properties,                \
                delete_link_##X, (void *)get_custom_auth_data, (void *)set_custom_auth_data,       \
                (void *)get_eap_user_data, (void *)set_eap_user_data,                              \
                (void *)get_eap_user_identity, CHARACTER_##X, sizeof(RASSUBENTRY##X)               \
    }

static const struct spelling spelling_A =
        SPELLING(A, RasCreatePhonebookEntryA, RasEditPhonebookEntryA, RasGetSubEntryPropertiesA,
                RasSetSubEntryPropertiesA, RasGetCustomAuthDataA, RasSetCustomAuthDataA,
                RasGetEapUserDataA, RasSetEapUserDataA, RasGetEapUserIdentityA);
static const struct spelling spelling_W =
        SPELLING(W, RasCreatePhonebookEntryW, RasEditPhonebookEntryW, RasGetSubEntryPropertiesW,
                RasSetSubEntryPropertiesW, RasGetCustomAuthDataW, RasSetCustomAuthDataW,
                RasGetEapUserDataW, RasSetEapUserDataW, RasGetEapUserIdentityW);

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
    const struct
    {
        DWORD error;
        const void *book, *entry;
    } rows[] = {
            {ERROR_CANNOT_OPEN_PHONEBOOK, no_book, entry},
            {ERROR_CANNOT_FIND_PHONEBOOK_ENTRY, book, no_entry},
            {ERROR_CANNOT_FIND_PHONEBOOK_ENTRY, NULL, no_entry},
            {ERROR_CANNOT_FIND_PHONEBOOK_ENTRY, book, SPELLED(L"")},
    };
    BYTE data[sizeof(RASSUBENTRYW)] = {0};
    DWORD size = sizeof(data);
    void *identity = data;
    size_t i;

    for (i = 0; i < ARRAYSIZE(rows); i++)
    {
        const void *path = rows[i].book, *name = rows[i].entry;
        const DWORD error = rows[i].error;

        NUMBER(data, 0) = spelling->link_size;
        const struct call calls[] = {
                CALL(error, spelling->edit_entry(NULL, path, name)),
                CALL(error, spelling->get_link(path, name, 1, NULL, &size, NULL, NULL)),
                CALL(error, spelling->set_link(path, name, 1, data, size, NULL, 0)),
                CALL(error, spelling->delete_link(path, name, 1)),
                CALL(error, spelling->get_custom(path, name, data, &size)),
                CALL(error, spelling->get_custom(path, name, NULL, &size)),
                CALL(error, spelling->set_custom(path, name, data, 1)),
                CALL(error, spelling->get_user(NULL, path, name, data, &size)),
                CALL(error, spelling->get_user(NULL, path, name, NULL, &size)),
                CALL(error, spelling->set_user(NULL, path, name, data, 1)),
                CALL(error, spelling->get_identity(path, name, 0, NULL, &identity)),
        };

        ASSERT_CALLS(calls);
        assert_null(identity);
    }
    /* What has no dialogs says that last. */
    assert_int_equal(spelling->create_entry(NULL, no_book), ERROR_CANNOT_OPEN_PHONEBOOK);
    assert_int_equal(spelling->create_entry(NULL, book), ERROR_CANNOT_WRITE_PHONEBOOK);
    assert_int_equal(spelling->edit_entry(NULL, book, entry), ERROR_CANNOT_WRITE_PHONEBOOK);
}

/* ERROR_INVALID_SIZE, ERROR_INVALID_PARAMETER, ERROR_BUFFER_INVALID, E_INVALIDARG */
SPELLING_TEST(pointers_and_sizes_are_checked)
{
    const void *book = SPELLED(sample), *entry = SPELLED(L"Office VPN");
    BYTE data[64] = {0}, link[sizeof(RASSUBENTRYW)] = {0}, good[sizeof(RASSUBENTRYW)] = {0};
    DWORD size = sizeof(link);
    void *identity;

    NUMBER(good, 0) = spelling->link_size;
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
            CALL(ERROR_BUFFER_INVALID, spelling->set_link(book, entry, 1, NULL, size, NULL, 0)),
            CALL(ERROR_BUFFER_INVALID,
                    spelling->set_link(book, entry, 1, (void *)16, size, NULL, 0)),
            CALL(ERROR_BUFFER_INVALID,
                    spelling->set_link(book, entry, 1, good, spelling->link_size - 1, NULL, 0)),
            CALL(ERROR_INVALID_PARAMETER, spelling->set_link(book, NULL, 1, good, size, NULL, 0)),
            CALL(ERROR_INVALID_PARAMETER, spelling->set_link(book, entry, 0, good, size, NULL, 0)),
            CALL(ERROR_INVALID_SIZE, spelling->set_link(book, entry, 1, link, size, NULL, 0)),
            CALL(ERROR_INVALID_PARAMETER, spelling->delete_link(book, NULL, 1)),
            CALL(ERROR_INVALID_PARAMETER, spelling->delete_link(book, entry, 0)),
            CALL((DWORD)E_INVALIDARG, spelling->get_custom(book, entry, data, NULL)),
            CALL((DWORD)E_INVALIDARG, spelling->set_custom(book, entry, NULL, 1)),
            CALL((DWORD)E_INVALIDARG, spelling->set_custom(book, entry, data, 0)),
            CALL((DWORD)E_INVALIDARG, spelling->get_user(NULL, book, entry, data, NULL)),
            CALL((DWORD)E_INVALIDARG, spelling->get_user(NULL, book, NULL, data, &size)),
            CALL((DWORD)E_INVALIDARG, spelling->set_user(NULL, book, entry, NULL, 1)),
            CALL((DWORD)E_INVALIDARG, spelling->set_user(NULL, book, entry, data, 0)),
            CALL((DWORD)E_INVALIDARG, spelling->get_identity(book, entry, 0, NULL, NULL)),
            CALL((DWORD)E_INVALIDARG, spelling->get_identity(book, NULL, 0, NULL, &identity)),
    };

    ASSERT_CALLS(calls);
}

/* "Each minimally consisting of a device and a phone number": a link without a device is none. */
SPELLING_TEST(a_link_needs_a_device)
{
    BYTE link[sizeof(RASSUBENTRYW)] = {0};

    NUMBER(link, 0) = spelling->link_size;
    assert_int_equal(spelling->set_link(SPELLED(sample), SPELLED(L"Office VPN"), 1, link,
                             spelling->link_size, NULL, 0),
            ERROR_INVALID_PARAMETER);
}

TEST_MAIN(begin, end)
