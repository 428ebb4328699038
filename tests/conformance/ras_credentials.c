/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * The pages RasGetCredentials, RasSetCredentials, RasGetEntryDialParams and RasSetEntryDialParams.
 */

#include <stdio.h>
#include <stdlib.h>

#include <windows.h>
#include <lmcons.h>
#include <ras.h>
#include <raserror.h>

#include "phonebook_fixture.h"
#include "spelling.h"

#define HANDLE_TEXT L"****************"
#define ALL (RASCM_UserName | RASCM_Password | RASCM_Domain)

struct spelling
{
    DWORD(WINAPI *get)(const void *path, const void *name, void *credentials);
    DWORD(WINAPI *set)(const void *path, const void *name, void *credentials, BOOL clear);
    DWORD(WINAPI *get_params)(const void *path, void *params, BOOL *password);
    DWORD(WINAPI *set_params)(const void *path, void *params, BOOL remove);
    DWORD(WINAPI *rename)(const void *path, const void *old_name, const void *new_name);
    DWORD(WINAPI *remove)(const void *path, const void *name);
    size_t character;
    DWORD size, params_size;
    size_t user_name, password, domain;
    size_t params_entry, params_user, params_password, params_domain, params_callback;
    size_t params_sub_entry, params_id;
};

#define SPELLING(X, get, set, get_params, set_params)                                              \
    {                                                                                              \
        (void *)get, (void *)set, (void *)get_params, (void *)set_params,                          \
                (void *)RasRenameEntry##X, (void *)RasDeleteEntry##X, CHARACTER_##X,               \
                sizeof(RASCREDENTIALS##X), sizeof(RASDIALPARAMS##X),                               \
                offsetof(RASCREDENTIALS##X, szUserName), offsetof(RASCREDENTIALS##X, szPassword),  \
                offsetof(RASCREDENTIALS##X, szDomain), offsetof(RASDIALPARAMS##X, szEntryName),    \
                offsetof(RASDIALPARAMS##X, szUserName), offsetof(RASDIALPARAMS##X, szPassword),    \
                offsetof(RASDIALPARAMS##X, szDomain),                                              \
                offsetof(RASDIALPARAMS##X, szCallbackNumber),                                      \
                offsetof(RASDIALPARAMS##X, dwSubEntry), offsetof(RASDIALPARAMS##X, dwCallbackId)   \
    }

static const struct spelling spelling_A = SPELLING(
        A, RasGetCredentialsA, RasSetCredentialsA, RasGetEntryDialParamsA, RasSetEntryDialParamsA);
static const struct spelling spelling_W = SPELLING(
        W, RasGetCredentialsW, RasSetCredentialsW, RasGetEntryDialParamsW, RasSetEntryDialParamsW);

typedef BYTE credentials[sizeof(RASCREDENTIALSW)];
typedef BYTE dial_params[sizeof(RASDIALPARAMSW)];

static WCHAR sample[MAX_PATH];

static int begin(void)
{
    write_sample(sample);
    return 0;
}

/* Entries without credentials: deleting one removes them. */
static void fresh(void)
{
    write_sample(sample);
    RasDeleteEntryW(sample, L"Office VPN");
    RasDeleteEntryW(sample, L"Dial");
    write_sample(sample);
}

static int end(void)
{
    fresh(); /* other tests have entries of these names */
    remove_phonebook(sample);
    return 0;
}

static void fill(const struct spelling *spelling, BYTE *given, DWORD mask, const WCHAR *user,
        const WCHAR *password, const WCHAR *domain)
{
    memset(given, 0, sizeof(credentials));
    NUMBER(given, 0) = spelling->size;
    NUMBER(given, 4) = mask;
    spell(MEMBER(given, spelling->user_name), spelling->character, user);
    spell(MEMBER(given, spelling->password), spelling->character, password);
    spell(MEMBER(given, spelling->domain), spelling->character, domain);
}

static void set(const struct spelling *spelling, const WCHAR *name, DWORD mask, const WCHAR *user,
        const WCHAR *password, const WCHAR *domain)
{
    credentials given;

    fill(spelling, given, mask, user, password, domain);
    assert_int_equal(spelling->set(SPELLED(sample), SPELLED(name), given, FALSE), ERROR_SUCCESS);
}

static void assert_saved(const struct spelling *spelling, const WCHAR *name, DWORD wanted,
        DWORD mask, const WCHAR *user, const WCHAR *password, const WCHAR *domain)
{
    credentials got;

    fill(spelling, got, wanted, L"unchanged", L"unchanged", L"unchanged");
    assert_int_equal(spelling->get(SPELLED(sample), SPELLED(name), got), ERROR_SUCCESS);
    assert_int_equal(NUMBER(got, 4), mask);
    assert_member(got, spelling->user_name, user);
    assert_member(got, spelling->password, password);
    assert_member(got, spelling->domain, domain);
}

/* "When the function returns, dwMask indicates the members that were successfully retrieved." */
SPELLING_TEST(nothing_is_saved_at_first)
{
    fresh();
    assert_saved(spelling, L"Office VPN", ALL, 0, L"", L"", L"");
    assert_saved(spelling, L"Dial", ALL | RASCM_PreSharedKey, 0, L"", L"", L"");
}

/* "RasGetCredentials does not return the actual password. Instead, the szPassword member contains a
 * handle to the saved password." */
SPELLING_TEST(what_is_set_is_saved)
{
    fresh();
    set(spelling, L"Office VPN", ALL, L"jo", L"secret", L"CORP");
    assert_saved(spelling, L"office vpn", ALL, ALL, L"jo", HANDLE_TEXT, L"CORP");
    assert_saved(spelling, L"Office VPN", RASCM_Domain, RASCM_Domain, L"", L"", L"CORP");
    assert_saved(spelling, L"Dial", ALL, 0, L"", L"", L"");
    /* Only what the mask names is set. */
    set(spelling, L"Office VPN", RASCM_UserName, L"kim", L"other", L"OTHER");
    assert_saved(spelling, L"Office VPN", ALL, ALL, L"kim", HANDLE_TEXT, L"CORP");
    set(spelling, L"Dial", RASCM_UserName, L"jo", L"", L"");
    assert_saved(spelling, L"Dial", ALL, RASCM_UserName, L"jo", L"", L"");
    set(spelling, L"Dial", RASCM_PreSharedKey, L"", L"key", L"");
    assert_saved(spelling, L"Dial", ALL | RASCM_PreSharedKey, RASCM_UserName | RASCM_PreSharedKey,
            L"jo", HANDLE_TEXT, L"");
}

/* "If this flag is TRUE, dwMask indicates which credentials the function sets to the empty string."
 */
SPELLING_TEST(credentials_are_cleared)
{
    credentials given;

    fresh();
    set(spelling, L"Office VPN", ALL, L"jo", L"secret", L"CORP");
    fill(spelling, given, RASCM_Password, L"", L"", L"");
    assert_int_equal(
            spelling->set(SPELLED(sample), SPELLED(L"Office VPN"), given, TRUE), ERROR_SUCCESS);
    assert_saved(spelling, L"Office VPN", ALL, RASCM_UserName | RASCM_Domain, L"jo", L"", L"CORP");
}

/* The entry's name is not what the credentials are found by, whether it has a Guid or not. */
SPELLING_TEST(credentials_follow_the_entry)
{
    static const WCHAR *const names[] = {L"Office VPN", L"Dial"};
    size_t i;

    for (i = 0; i < ARRAYSIZE(names); i++)
    {
        fresh();
        set(spelling, names[i], ALL, L"jo", L"secret", L"CORP");
        assert_int_equal(spelling->rename(SPELLED(sample), SPELLED(names[i]), SPELLED(L"Renamed")),
                ERROR_SUCCESS);
        assert_saved(spelling, L"Renamed", ALL, ALL, L"jo", HANDLE_TEXT, L"CORP");
        assert_int_equal(spelling->remove(SPELLED(sample), SPELLED(L"Renamed")), ERROR_SUCCESS);
        write_sample(sample);
        assert_saved(spelling, names[i], ALL, 0, L"", L"", L"");
    }
}

/* Secrets are in no file of the phone book, and not in clear text in the registry. */
SPELLING_TEST(secrets_are_not_in_the_phone_book)
{
    char text[8192];
    BYTE value[4096];
    DWORD done, size = sizeof(value), i;
    HANDLE file;

    fresh();
    set(spelling, L"Office VPN", ALL, L"jo", L"secret", L"CORP");
    file = CreateFileW(sample, GENERIC_READ, 0, NULL, OPEN_EXISTING, 0, NULL);
    assert_true(ReadFile(file, text, sizeof(text) - 1, &done, NULL));
    CloseHandle(file);
    text[done] = 0;
    assert_string_equal(text, sample_phonebook);
    assert_int_equal(RegGetValueW(HKEY_CURRENT_USER,
                             L"Software\\wine-nap\\Phone book "
                             L"entries\\33221100554477668899AABBCCDDEEFF",
                             L"Saved", RRF_RT_REG_BINARY, NULL, value, &size),
            ERROR_SUCCESS);
    for (i = 0; i + 12 <= size; i++)
        assert_int_not_equal(memcmp(value + i, L"secret", 12), 0);
}

/* The pages' errors */
SPELLING_TEST(credentials_have_their_errors)
{
    const void *path = SPELLED(sample), *missing = SPELLED(L"C:\\no\\such.pbk");
    const void *name = SPELLED(L"Dial"), *nobody = SPELLED(L"Nobody");
    credentials given;

    write_sample(sample);
    fill(spelling, given, ALL, L"jo", L"secret", L"CORP");
    assert_int_equal(spelling->get(path, name, NULL), ERROR_INVALID_PARAMETER);
    assert_int_equal(spelling->set(path, name, NULL, FALSE), ERROR_INVALID_PARAMETER);
    assert_int_equal(spelling->get(path, NULL, given), ERROR_INVALID_PARAMETER);
    assert_int_equal(spelling->set(path, NULL, given, FALSE), ERROR_INVALID_PARAMETER);
    assert_int_equal(spelling->get(missing, name, given), ERROR_CANNOT_OPEN_PHONEBOOK);
    assert_int_equal(spelling->set(missing, name, given, FALSE), ERROR_CANNOT_OPEN_PHONEBOOK);
    assert_int_equal(spelling->get(path, nobody, given), ERROR_CANNOT_FIND_PHONEBOOK_ENTRY);
    /* "or the specified entry does not exist in the phone book" */
    assert_int_equal(spelling->set(path, nobody, given, FALSE), ERROR_INVALID_PARAMETER);
    /* "Default credentials can be set only for an all-user connection." */
    NUMBER(given, 4) = ALL | RASCM_DefaultCreds;
    assert_int_equal(spelling->set(path, name, given, FALSE), ERROR_ACCESS_DENIED);
    NUMBER(given, 0) = spelling->size - 4;
    assert_int_equal(spelling->get(path, name, given), ERROR_INVALID_SIZE);
    assert_int_equal(spelling->set(path, name, given, FALSE), ERROR_INVALID_SIZE);
}

/* An entry without a Guid, as "Dial", is known by its file, however a program spells that. */
SPELLING_TEST(another_spelling_of_the_path_is_the_same_book)
{
    const void *name = SPELLED(L"Dial");
    credentials given;
    WCHAR other[MAX_PATH + 2], *end;

    write_sample(sample);
    fill(spelling, given, ALL, L"jo", L"secret", L"CORP");
    assert_int_equal(spelling->set(SPELLED(sample), name, given, FALSE), ERROR_SUCCESS);
    wcscpy(other, sample);
    end = wcsrchr(other, '\\');
    swprintf(end, 40, L"\\.%ls", wcsrchr(sample, '\\'));
    fill(spelling, given, ALL, L"", L"", L"");
    assert_int_equal(spelling->get(SPELLED(other), name, given), ERROR_SUCCESS);
    assert_int_equal(NUMBER(given, 4), ALL);
    assert_member(given, spelling->user_name, L"jo");
}

/* "To set the default credentials for an all-user connection, set the RASCM_DefaultCreds flag" */
SPELLING_TEST(an_all_user_connection_has_default_credentials)
{
    const void *name = SPELLED(L"For all");
    credentials given;
    WCHAR path[MAX_PATH];

    write_phonebook(L"%ALLUSERSPROFILE%\\Microsoft\\Network\\Connections\\Pbk\\rasphone.pbk",
            "[For all]\nType=2\n", 17, path);
    fill(spelling, given, ALL | RASCM_DefaultCreds, L"all", L"secret", L"CORP");
    assert_int_equal(spelling->set(SPELLED(path), name, given, FALSE), ERROR_SUCCESS);
    fill(spelling, given, ALL, L"", L"", L"");
    assert_int_equal(spelling->get(NULL, name, given), ERROR_SUCCESS);
    assert_int_equal(NUMBER(given, 4), 0);
    fill(spelling, given, ALL | RASCM_DefaultCreds, L"", L"", L"");
    assert_int_equal(spelling->get(NULL, name, given), ERROR_SUCCESS);
    assert_int_equal(NUMBER(given, 4), ALL | RASCM_DefaultCreds);
    assert_member(given, spelling->user_name, L"all");
    assert_int_equal(spelling->remove(NULL, name), ERROR_SUCCESS);
    remove_phonebook(path);
}

static void fill_params(const struct spelling *spelling, BYTE *params, const WCHAR *entry,
        const WCHAR *user, const WCHAR *password)
{
    memset(params, 0, sizeof(dial_params));
    NUMBER(params, 0) = spelling->params_size;
    spell(MEMBER(params, spelling->params_entry), spelling->character, entry);
    spell(MEMBER(params, spelling->params_user), spelling->character, user);
    spell(MEMBER(params, spelling->params_password), spelling->character, password);
}

static void assert_params(const struct spelling *spelling, const WCHAR *user, const WCHAR *password,
        const WCHAR *domain, const WCHAR *callback)
{
    dial_params got;
    BOOL has_password = 2;

    fill_params(spelling, got, L"Dial", L"unchanged", L"unchanged");
    assert_int_equal(spelling->get_params(SPELLED(sample), got, &has_password), ERROR_SUCCESS);
    assert_member(got, spelling->params_user, user);
    assert_member(got, spelling->params_password, password);
    assert_member(got, spelling->params_domain, domain);
    assert_member(got, spelling->params_callback, callback);
    assert_int_equal(has_password, *password ? TRUE : FALSE);
}

/* "If szUserName is an empty string, the user name is not changed", and so on for each member. */
SPELLING_TEST(dial_params_are_saved)
{
    const void *path = SPELLED(sample);
    dial_params params;
    BOOL has_password;

    fresh();
    fill_params(spelling, params, L"Dial", L"jo", L"secret");
    spell(MEMBER(params, spelling->params_domain), spelling->character, L"CORP");
    spell(MEMBER(params, spelling->params_callback), spelling->character, L"5550199");
    NUMBER(params, spelling->params_sub_entry) = 2;
    *(ULONG_PTR *)MEMBER(params, spelling->params_id) = 77;
    assert_int_equal(spelling->set_params(path, params, FALSE), ERROR_SUCCESS);
    assert_params(spelling, L"jo", HANDLE_TEXT, L"CORP", L"5550199");
    assert_int_equal(spelling->get_params(path, params, &has_password), ERROR_SUCCESS);
    assert_int_equal(NUMBER(params, spelling->params_sub_entry), 2);
    assert_int_equal(*(ULONG_PTR *)MEMBER(params, spelling->params_id), 77);
    /* The handle changes no password. */
    assert_int_equal(spelling->set_params(path, params, FALSE), ERROR_SUCCESS);
    assert_params(spelling, L"jo", HANDLE_TEXT, L"CORP", L"5550199");
    fill_params(spelling, params, L"Dial", L"", L"other");
    assert_int_equal(spelling->set_params(path, params, FALSE), ERROR_SUCCESS);
    assert_params(spelling, L"jo", HANDLE_TEXT, L"CORP", L"5550199");
    assert_saved(spelling, L"Dial", ALL, ALL, L"jo", HANDLE_TEXT, L"CORP");
    /* "If fRemovePassword is TRUE, the password is removed." */
    fill_params(spelling, params, L"Dial", L"jo", L"other");
    assert_int_equal(spelling->set_params(path, params, TRUE), ERROR_SUCCESS);
    assert_params(spelling, L"jo", L"", L"CORP", L"5550199");
}

/* ERROR_BUFFER_INVALID, ERROR_CANNOT_OPEN_PHONEBOOK, ERROR_CANNOT_FIND_PHONEBOOK_ENTRY */
SPELLING_TEST(setting_dial_params_has_its_errors)
{
    const void *path = SPELLED(sample);
    dial_params params;

    write_sample(sample);
    fill_params(spelling, params, L"Nobody", L"jo", L"secret");
    assert_int_equal(spelling->set_params(path, params, FALSE), ERROR_CANNOT_FIND_PHONEBOOK_ENTRY);
    assert_int_equal(spelling->set_params(path, NULL, FALSE), ERROR_BUFFER_INVALID);
    assert_int_equal(spelling->set_params(path, (void *)16, FALSE), ERROR_BUFFER_INVALID);
    assert_int_equal(spelling->set_params(SPELLED(L"C:\\no\\such.pbk"), params, FALSE),
            ERROR_CANNOT_OPEN_PHONEBOOK);
    NUMBER(params, 0) = 12;
    assert_int_equal(spelling->set_params(path, params, FALSE), ERROR_INVALID_SIZE);
}

TEST_MAIN(begin, end)
