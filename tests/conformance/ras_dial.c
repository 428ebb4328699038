/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * The pages RasGetEntryDialParams and RasDial.
 */

#include <windows.h>
#include <ras.h>
#include <raserror.h>

#include "phonebook_fixture.h"
#include "spelling.h"

#define DIAL_SIZES 4

struct spelling
{
    DWORD(WINAPI *get_params)(const void *path, void *params, BOOL *password);
    DWORD(WINAPI *dial)
    (RASDIALEXTENSIONS *extensions, const void *path, void *params, DWORD notifier_type,
            void *notifier, HRASCONN *connection);
    size_t character;
    DWORD sizes[DIAL_SIZES]; /* of the structure; below the offsets of its members */
    size_t entry_name, phone_number, callback_number, user_name, password, domain;
    size_t sub_entry, callback_id, interface_index;
};

#define SPELLING(X, get_params, dial)                                                              \
    {                                                                                              \
        (void *)get_params, (void *)dial, CHARACTER_##X,                                           \
                {offsetof(RASDIALPARAMS##X, dwSubEntry), offsetof(RASDIALPARAMS##X, dwIfIndex),    \
                        sizeof(RASDIALPARAMS##X), /* and Windows 8's, with szEncPassword */        \
                        sizeof(RASDIALPARAMS##X) + sizeof(char *)},                                \
                offsetof(RASDIALPARAMS##X, szEntryName),                                           \
                offsetof(RASDIALPARAMS##X, szPhoneNumber),                                         \
                offsetof(RASDIALPARAMS##X, szCallbackNumber),                                      \
                offsetof(RASDIALPARAMS##X, szUserName), offsetof(RASDIALPARAMS##X, szPassword),    \
                offsetof(RASDIALPARAMS##X, szDomain), offsetof(RASDIALPARAMS##X, dwSubEntry),      \
                offsetof(RASDIALPARAMS##X, dwCallbackId), offsetof(RASDIALPARAMS##X, dwIfIndex),   \
    }

static const struct spelling spelling_A = SPELLING(A, RasGetEntryDialParamsA, RasDialA);
static const struct spelling spelling_W = SPELLING(W, RasGetEntryDialParamsW, RasDialW);

/* Capacity for either */
typedef BYTE dial_params[sizeof(RASDIALPARAMSW) + sizeof(char *)];

#define DIAL_SIZE (spelling->sizes[2])

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

static void name(const struct spelling *spelling, BYTE *params, const WCHAR *entry)
{
    memset(params, 0, DIAL_SIZE);
    NUMBER(params, 0) = DIAL_SIZE;
    spell(MEMBER(params, spelling->entry_name), spelling->character, entry);
}

/* "the szPhoneNumber member of the structure does not receive the phone number"; "If the system has
 * no password saved for this entry, lpfPassword is FALSE." */
SPELLING_TEST(nothing_is_saved_for_an_entry)
{
    dial_params params;
    BOOL password = TRUE;

    memset(params, 0xcc, sizeof(params));
    NUMBER(params, 0) = DIAL_SIZE;
    spell(MEMBER(params, spelling->entry_name), spelling->character, L"Dial");
    assert_int_equal(spelling->get_params(SPELLED(sample), params, &password), ERROR_SUCCESS);
    assert_int_equal(password, FALSE);
    assert_member(params, spelling->entry_name, L"Dial");
    assert_member(params, spelling->phone_number, L"");
    assert_member(params, spelling->callback_number, L"");
    assert_member(params, spelling->user_name, L"");
    assert_member(params, spelling->password, L"");
    assert_member(params, spelling->domain, L"");
    assert_int_equal(NUMBER(params, spelling->sub_entry), 1);
    assert_int_equal(*(ULONG_PTR *)MEMBER(params, spelling->callback_id), 0);
}

SPELLING_TEST(every_size_that_headers_had_is_known)
{
    dial_params params;
    BOOL password;
    DWORD i;

    for (i = 0; i < DIAL_SIZES; i++)
    {
        name(spelling, params, L"Dial");
        NUMBER(params, spelling->interface_index) = 0xcccccccc;
        NUMBER(params, 0) = spelling->sizes[i];
        assert_int_equal(spelling->get_params(SPELLED(sample), params, &password), ERROR_SUCCESS);
        assert_int_equal(NUMBER(params, spelling->interface_index), i >= 2 ? 0 : 0xcccccccc);
    }
    NUMBER(params, 0) = DIAL_SIZE + 2;
    assert_int_equal(spelling->get_params(SPELLED(sample), params, &password), ERROR_INVALID_SIZE);
    NUMBER(params, 0) = 0;
    assert_int_equal(spelling->get_params(SPELLED(sample), params, &password), ERROR_INVALID_SIZE);
}

/* ERROR_BUFFER_INVALID, ERROR_CANNOT_OPEN_PHONEBOOK, ERROR_CANNOT_FIND_PHONEBOOK_ENTRY */
SPELLING_TEST(dial_params_have_their_errors)
{
    const void *path = SPELLED(sample);
    dial_params params;
    BOOL password;

    name(spelling, params, L"Dial");
    assert_int_equal(spelling->get_params(path, NULL, &password), ERROR_BUFFER_INVALID);
    assert_int_equal(spelling->get_params(path, params, NULL), ERROR_BUFFER_INVALID);
    assert_int_equal(spelling->get_params(path, (void *)16, &password), ERROR_BUFFER_INVALID);
    assert_int_equal(spelling->get_params(SPELLED(L"C:\\no\\such.pbk"), params, &password),
            ERROR_CANNOT_OPEN_PHONEBOOK);
    name(spelling, params, L"Nobody");
    assert_int_equal(
            spelling->get_params(path, params, &password), ERROR_CANNOT_FIND_PHONEBOOK_ENTRY);
    assert_int_equal(
            spelling->get_params(NULL, params, &password), ERROR_CANNOT_FIND_PHONEBOOK_ENTRY);
    /* A name that fills its member has no end. */
    memset(MEMBER(params, spelling->entry_name), 'a', (RAS_MaxEntryName + 1) * spelling->character);
    assert_int_equal(
            spelling->get_params(path, params, &password), ERROR_CANNOT_FIND_PHONEBOOK_ENTRY);
}

static LONG notifications;

static void WINAPI notify(UINT message, RASCONNSTATE connection_state, DWORD error)
{
    (void)message;
    (void)connection_state;
    (void)error;
    notifications++;
}

/* No connection is made: an error of the page's list, no handle, no notification. */
SPELLING_TEST(a_call_is_refused)
{
    const struct
    {
        DWORD type;
        void *function;
    } notifiers[] = {{0, NULL}, {0, (void *)notify}, {0xffffffff, (void *)1}};
    const void *path = SPELLED(sample);
    HRASCONN connection = NULL;
    dial_params params;
    size_t i;

    name(spelling, params, L"Office VPN");
    for (i = 0; i < ARRAYSIZE(notifiers); i++)
    {
        assert_int_equal(spelling->dial(NULL, path, params, notifiers[i].type,
                                 notifiers[i].function, &connection),
                ERROR_PORT_NOT_AVAILABLE);
        assert_null(connection);
    }
    assert_int_equal(notifications, 0);
    /* "without using a phone-book entry ... an empty string for szEntryName": the number is called.
     */
    name(spelling, params, L"");
    spell(MEMBER(params, spelling->phone_number), spelling->character, L"5550100");
    assert_int_equal(
            spelling->dial(NULL, NULL, params, 0, NULL, &connection), ERROR_PORT_NOT_AVAILABLE);
    assert_null(connection);
}

SPELLING_TEST(what_the_caller_can_mend_comes_first)
{
    RASDIALEXTENSIONS extensions = {.dwSize = sizeof(extensions)}, other = {.dwSize = 7};
    const void *path = SPELLED(sample), *missing = SPELLED(L"C:\\no\\such.pbk");
    HRASCONN connection = NULL, paused = (HRASCONN)(ULONG_PTR)0x1234;
    dial_params office, nobody, number, small;
    const struct
    {
        DWORD error;
        RASDIALEXTENSIONS *extensions;
        const void *path;
        void *params;
        DWORD notifier_type;
        void *notifier;
        HRASCONN *connection;
    } calls[] = {
            {ERROR_INVALID_PARAMETER, NULL, path, NULL, 0, NULL, &connection},
            {ERROR_INVALID_PARAMETER, NULL, path, office, 0, NULL, NULL},
            {ERROR_INVALID_PARAMETER, NULL, path, office, 3, (void *)notify, &connection},
            {ERROR_CANNOT_OPEN_PHONEBOOK, NULL, missing, office, 0, NULL, &connection},
            {ERROR_PORT_NOT_AVAILABLE, &extensions, path, office, 0, NULL, &connection},
            {ERROR_INVALID_SIZE, &other, path, office, 0, NULL, &connection},
            {ERROR_INVALID_SIZE, NULL, path, small, 0, NULL, &connection},
            {ERROR_CANNOT_FIND_PHONEBOOK_ENTRY, NULL, path, nobody, 0, NULL, &connection},
            {ERROR_CANNOT_FIND_PHONEBOOK_ENTRY, NULL, NULL, nobody, 0, NULL, &connection},
            {ERROR_CANNOT_FIND_PHONEBOOK_ENTRY, NULL, path, number, 0, NULL, &connection},
            /* To go on with a call that was paused: there is none. */
            {ERROR_INVALID_HANDLE, NULL, path, number, 0, NULL, &paused},
    };
    size_t i;

    name(spelling, office, L"Office VPN");
    name(spelling, small, L"Office VPN");
    NUMBER(small, 0)--;
    name(spelling, nobody, L"Nobody");
    name(spelling, number, L"");
    for (i = 0; i < ARRAYSIZE(calls); i++)
    {
        DWORD error = spelling->dial(calls[i].extensions, calls[i].path, calls[i].params,
                calls[i].notifier_type, calls[i].notifier, calls[i].connection);

        if (error != calls[i].error)
            fail_msg("call %zu: %lu, not %lu", i, error, calls[i].error);
    }
    assert_null(connection);
}

TEST_MAIN(begin, end)
