/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * What authentication protocols keep: the pages nf-ras-rasgetcustomauthdataw,
 * nf-ras-rassetcustomauthdataw, nf-ras-rasgeteapuserdataw, nf-ras-rasseteapuserdataw,
 * nf-ras-rasgeteapuseridentityw and nf-ras-rasfreeeapuseridentityw. The protocol is
 * eap_protocol.dll, beside this program.
 */

#include <stdio.h>
#include <stdlib.h>

#include <windows.h>
#include <lmcons.h>
#include <ras.h>
#include <raserror.h>

#include "phonebook_fixture.h"
#include "spelling.h"

#define PROTOCOL L"System\\CurrentControlSet\\Services\\Rasman\\PPP\\EAP\\250"

struct spelling
{
    DWORD(WINAPI *get_custom)(const void *path, const void *name, BYTE *data, DWORD *size);
    DWORD(WINAPI *set_custom)(const void *path, const void *name, BYTE *data, DWORD size);
    DWORD(WINAPI *get_user)
    (HANDLE token, const void *path, const void *name, BYTE *data, DWORD *size);
    DWORD(WINAPI *set_user)
    (HANDLE token, const void *path, const void *name, BYTE *data, DWORD size);
    DWORD(WINAPI *get_identity)
    (const void *path, const void *name, DWORD flags, HWND window, void **identity);
    VOID(WINAPI *free_identity)(void *identity);
    DWORD(WINAPI *rename)(const void *path, const void *old_name, const void *new_name);
    DWORD(WINAPI *remove)(const void *path, const void *name);
    size_t character;
    size_t identity_size, data_size, data; /* of the structure, and offsets in it */
};

#define SPELLING(X, get_custom_auth_data, set_custom_auth_data, get_eap_user_data,                 \
        set_eap_user_data, get_eap_user_identity, free_eap_user_identity, rename_entry,            \
        delete_entry)                                                                              \
    {                                                                                              \
        (void *)get_custom_auth_data, (void *)set_custom_auth_data, (void *)get_eap_user_data,     \
                (void *)set_eap_user_data, (void *)get_eap_user_identity,                          \
                (void *)free_eap_user_identity, (void *)rename_entry, (void *)delete_entry,        \
                CHARACTER_##X, sizeof(RASEAPUSERIDENTITY##X),                                      \
                offsetof(RASEAPUSERIDENTITY##X, dwSizeofEapInfo),                                  \
                offsetof(RASEAPUSERIDENTITY##X, pbEapInfo)                                         \
    }

static const struct spelling spelling_A = SPELLING(A, RasGetCustomAuthDataA, RasSetCustomAuthDataA,
        RasGetEapUserDataA, RasSetEapUserDataA, RasGetEapUserIdentityA, RasFreeEapUserIdentityA,
        RasRenameEntryA, RasDeleteEntryA);
static const struct spelling spelling_W = SPELLING(W, RasGetCustomAuthDataW, RasSetCustomAuthDataW,
        RasGetEapUserDataW, RasSetEapUserDataW, RasGetEapUserIdentityW, RasFreeEapUserIdentityW,
        RasRenameEntryW, RasDeleteEntryW);

static WCHAR sample[MAX_PATH], expanded[MAX_PATH], protocol[MAX_PATH];

static int begin(void)
{
    GetModuleFileNameW(NULL, protocol, MAX_PATH);
    wcscpy(wcsrchr(protocol, '\\') + 1, L"eap_protocol.dll");
    write_sample(sample);
    return 0;
}

/* Deleting the entries removes what is kept of them. */
static void fresh(void)
{
    write_sample(sample);
    RasDeleteEntryW(sample, L"Office VPN");
    RasDeleteEntryW(sample, L"Dial");
    write_sample(sample);
}

static int end(void)
{
    fresh();
    remove_phonebook(sample);
    RegDeleteTreeW(HKEY_LOCAL_MACHINE, PROTOCOL);
    return 0;
}

/* The phone book's text, until the next call. */
static const char *text_of_book(void)
{
    static char text[200000];
    HANDLE file = CreateFileW(sample, GENERIC_READ, 0, NULL, OPEN_EXISTING, 0, NULL);
    DWORD done;

    assert_true(ReadFile(file, text, sizeof(text) - 1, &done, NULL));
    CloseHandle(file);
    text[done] = 0;
    return text;
}

static void assert_data(
        DWORD result, const BYTE *got, const DWORD *size, const void *data, DWORD expected)
{
    assert_int_equal(result, ERROR_SUCCESS);
    assert_int_equal(*size, expected);
    assert_memory_equal(got, data, expected);
}

/* A structure has the same size in programs of 64 and 32 bits. */
TEST(structures_have_one_size)
{
    assert_int_equal(sizeof(RASEAPUSERIDENTITYA), 268);
    assert_int_equal(sizeof(RASEAPUSERIDENTITYW), 524);
    assert_int_equal(offsetof(RASEAPUSERIDENTITYA, pbEapInfo), 264);
    assert_int_equal(offsetof(RASEAPUSERIDENTITYW, pbEapInfo), 520);
}

/* "If the buffer is not large enough, RasGetCustomAuthData returns ERROR_BUFFER_TOO_SMALL, and the
 * pdwSizeofEapData parameter contains the required size." */
SPELLING_TEST(custom_data_is_kept)
{
    const void *path = SPELLED(sample), *name = SPELLED(L"Office VPN");
    BYTE data[150], got[200];
    DWORD size, i;

    fresh();
    size = sizeof(got);
    assert_data(spelling->get_custom(path, name, got, &size), got, &size, "", 0);
    for (i = 0; i < sizeof(data); i++)
        data[i] = (BYTE)(i * 7);
    assert_int_equal(spelling->set_custom(path, name, data, sizeof(data)), ERROR_SUCCESS);
    size = 0;
    assert_int_equal(spelling->get_custom(path, name, NULL, &size), ERROR_BUFFER_TOO_SMALL);
    assert_int_equal(size, sizeof(data));
    size--;
    assert_int_equal(spelling->get_custom(path, name, got, &size), ERROR_BUFFER_TOO_SMALL);
    assert_int_equal(size, sizeof(data));
    size = sizeof(got);
    assert_data(spelling->get_custom(path, name, got, &size), got, &size, data, sizeof(data));
    /* Other data takes its place, whatever its size. */
    assert_int_equal(spelling->set_custom(path, name, data + 1, 3), ERROR_SUCCESS);
    size = sizeof(got);
    assert_data(spelling->get_custom(path, name, got, &size), got, &size, data + 1, 3);
    /* "This information is not specific to a particular user": it is the entry's. */
    assert_int_equal(spelling->rename(path, name, SPELLED(L"Renamed")), ERROR_SUCCESS);
    size = sizeof(got);
    assert_data(
            spelling->get_custom(path, SPELLED(L"Renamed"), got, &size), got, &size, data + 1, 3);
    size = sizeof(got);
    assert_data(spelling->get_custom(path, SPELLED(L"Dial"), got, &size), got, &size, "", 0);
}

/* In the form that public phone books have: hexadecimal digits, at most 128 in a line. */
SPELLING_TEST(custom_data_is_in_the_phone_book)
{
    const void *path = SPELLED(sample), *name = SPELLED(L"Office VPN");
    BYTE data[66], got[8];
    DWORD size = sizeof(got);
    char expected[400] = "CustomAuthData=", *at;
    size_t i;

    fresh();
    memset(data, 0xab, sizeof(data));
    assert_int_equal(spelling->set_custom(path, name, data, sizeof(data)), ERROR_SUCCESS);
    for (i = 0, at = expected + strlen(expected); i < 64; i++, at += 2)
        strcpy(at, "AB");
    strcpy(at, "\r\nCustomAuthData=ABAB\r\n\r\nNETCOMPONENTS=");
    assert_non_null(strstr(text_of_book(), expected));
    write_phonebook(sample,
            "[Office VPN]\r\ncustomauthdata=01ff\r\nType=2\r\nCustomAuthData=7E\r\n", 66, expanded);
    assert_data(spelling->get_custom(path, name, got, &size), got, &size, "\x01\xff\x7e", 3);
    /* The lines after the first stay with it, and the others where they are. */
    assert_int_equal(spelling->set_custom(path, name, data, sizeof(data)), ERROR_SUCCESS);
    assert_non_null(strstr(text_of_book(), "CustomAuthData=ABAB\r\nType=2\r\n"));
    /* What is no dump is no data. */
    write_phonebook(sample, "[Office VPN]\nCustomAuthData=0\n", 30, expanded);
    size = sizeof(got);
    assert_data(spelling->get_custom(path, name, got, &size), got, &size, "", 0);
}

/* "user-specific Extensible Authentication Protocol (EAP) information", "in the registry" */
SPELLING_TEST(user_data_is_kept)
{
    static const WCHAR *const names[] = {L"Office VPN", L"Dial"};
    const void *path = SPELLED(sample), *renamed = SPELLED(L"Renamed");
    BYTE data[300], got[400];
    DWORD size, i, k;

    for (i = 0; i < sizeof(data); i++)
        data[i] = (BYTE)(i * 11);
    for (k = 0; k < ARRAYSIZE(names); k++)
    {
        const void *name = SPELLED(names[k]);

        fresh();
        size = sizeof(got);
        assert_data(spelling->get_user(NULL, path, name, got, &size), got, &size, "", 0);
        assert_int_equal(spelling->set_user(NULL, path, name, data, sizeof(data)), ERROR_SUCCESS);
        size = 9;
        assert_int_equal(spelling->get_user(NULL, path, name, NULL, &size), ERROR_BUFFER_TOO_SMALL);
        assert_int_equal(size, sizeof(data));
        size--;
        assert_int_equal(spelling->get_user(NULL, path, name, got, &size), ERROR_BUFFER_TOO_SMALL);
        assert_int_equal(size, sizeof(data));
        size = sizeof(got);
        assert_data(
                spelling->get_user(NULL, path, name, got, &size), got, &size, data, sizeof(data));
        assert_string_equal(text_of_book(), sample_phonebook);
        /* It follows the entry, and goes with it. */
        assert_int_equal(spelling->rename(path, name, renamed), ERROR_SUCCESS);
        size = sizeof(got);
        assert_data(spelling->get_user(NULL, path, renamed, got, &size), got, &size, data,
                sizeof(data));
        assert_int_equal(spelling->remove(path, renamed), ERROR_SUCCESS);
        write_sample(sample);
        size = sizeof(got);
        assert_data(spelling->get_user(NULL, path, name, got, &size), got, &size, "", 0);
    }
}

/* Other people's eyes: it is kept as the password is, and beside it. */
SPELLING_TEST(user_data_is_not_in_clear_text)
{
    const void *path = SPELLED(sample), *name = SPELLED(L"Office VPN");
    BYTE value[4096];
    DWORD size = sizeof(value), i;

    fresh();
    assert_int_equal(spelling->set_user(NULL, path, name, (BYTE *)"top secret", 10), ERROR_SUCCESS);
    assert_int_equal(RegGetValueW(HKEY_CURRENT_USER,
                             L"Software\\wine-nap\\Phone book "
                             L"entries\\33221100554477668899AABBCCDDEEFF",
                             L"Eap", RRF_RT_REG_BINARY, NULL, value, &size),
            ERROR_SUCCESS);
    for (i = 0; i + 10 <= size; i++)
        assert_int_not_equal(memcmp(value + i, "top secret", 10), 0);
}

/* "Handle to a primary or impersonation access token that represents the user" */
SPELLING_TEST(a_token_is_the_user)
{
    const void *path = SPELLED(sample), *name = SPELLED(L"Dial");
    BYTE got[8];
    DWORD size = sizeof(got);
    HANDLE token;

    fresh();
    assert_true(OpenProcessToken(GetCurrentProcess(), TOKEN_QUERY | TOKEN_IMPERSONATE, &token));
    assert_int_equal(spelling->set_user(token, path, name, (BYTE *)"own", 3), ERROR_SUCCESS);
    assert_data(spelling->get_user(token, path, name, got, &size), got, &size, "own", 3);
    CloseHandle(token);
    size = sizeof(got);
    assert_int_equal(spelling->get_user((HANDLE)(ULONG_PTR)0xdead0, path, name, got, &size),
            ERROR_INVALID_HANDLE);
    assert_int_equal(spelling->set_user((HANDLE)(ULONG_PTR)0xdead0, path, name, got, 1),
            ERROR_INVALID_HANDLE);
}

/* An entry for the protocol. */
static void write_eap_entry(const char *restrictions)
{
    char text[200];
    int length = sprintf(text,
            "[EAP]\r\nCustomAuthKey=250\r\nCustomAuthData=6C6962\r\nAuthRestrictions=%s\r\n",
            restrictions);

    write_phonebook(sample, text, (size_t)length, expanded);
}

static void install_protocol(const WCHAR *path, DWORD standard_dialog)
{
    HKEY key;

    assert_int_equal(RegCreateKeyExW(HKEY_LOCAL_MACHINE, PROTOCOL, 0, NULL, 0, KEY_SET_VALUE, NULL,
                             &key, NULL),
            ERROR_SUCCESS);
    assert_int_equal(RegSetValueExW(key, L"IdentityPath", 0, REG_EXPAND_SZ, (const BYTE *)path,
                             (DWORD)(wcslen(path) + 1) * sizeof(*path)),
            ERROR_SUCCESS);
    assert_int_equal(RegSetValueExW(key, L"InvokeUsernameDialog", 0, REG_DWORD,
                             (const BYTE *)&standard_dialog, sizeof(standard_dialog)),
            ERROR_SUCCESS);
    RegCloseKey(key);
}

/* "Either the authentication method for this phone-book entry is not EAP, or the authentication
 * method is EAP but the protocol uses the standard Windows NT/Windows 2000 credentials dialog" */
SPELLING_TEST(an_entry_without_a_protocol_has_no_identity)
{
    const void *path = SPELLED(sample);
    void *identity = &identity;

    fresh();
    assert_int_equal(spelling->get_identity(path, SPELLED(L"Office VPN"), 0, NULL, &identity),
            ERROR_INVALID_FUNCTION_FOR_ENTRY);
    assert_null(identity);
    RegDeleteTreeW(HKEY_LOCAL_MACHINE, PROTOCOL);
    write_eap_entry("128");
    assert_int_equal(spelling->get_identity(path, SPELLED(L"EAP"), 0, NULL, &identity),
            ERROR_INVALID_FUNCTION_FOR_ENTRY);
    install_protocol(protocol, 1);
    assert_int_equal(spelling->get_identity(path, SPELLED(L"EAP"), 0, NULL, &identity),
            ERROR_INVALID_FUNCTION_FOR_ENTRY);
    install_protocol(protocol, 0);
    write_eap_entry("512");
    assert_int_equal(spelling->get_identity(path, SPELLED(L"EAP"), 0, NULL, &identity),
            ERROR_INVALID_FUNCTION_FOR_ENTRY);
    install_protocol(L"C:\\no\\such.dll", 0);
    write_eap_entry("128");
    assert_int_equal(
            spelling->get_identity(path, SPELLED(L"EAP"), 0, NULL, &identity), ERROR_MOD_NOT_FOUND);
    /* "can be called with the pRasEapUserIdentity parameter equal to NULL" */
    spelling->free_identity(NULL);
}

/* "RasGetEapUserIdentity calls the RAS function RasGetEapUserData and the EAP function
 * RasEapGetIdentity." This protocol repeats what it is given. */
SPELLING_TEST(the_protocol_says_who_the_user_is)
{
    const void *path = SPELLED(sample), *name = SPELLED(L"EAP");
    BYTE *identity = NULL;

    write_eap_entry("128");
    install_protocol(protocol, 0);
    assert_int_equal(spelling->set_user(NULL, path, name, (BYTE *)"user", 4), ERROR_SUCCESS);
    assert_int_equal(
            spelling->get_identity(path, name, RASEAPF_NonInteractive, (HWND)1, (void **)&identity),
            ERROR_SUCCESS);
    assert_non_null(identity);
    assert_spelled(identity, spelling->character, L"EAP 250 2 none");
    assert_int_equal(NUMBER(identity, spelling->data_size), 7);
    assert_memory_equal(identity + spelling->data, "libuser", 7);
    spelling->free_identity(identity);
    /* ERROR_INTERACTIVE_MODE is the protocol's word. */
    assert_int_equal(spelling->set_user(NULL, path, name, (BYTE *)"ask!", 4), ERROR_SUCCESS);
    assert_int_equal(
            spelling->get_identity(path, name, RASEAPF_NonInteractive, NULL, (void **)&identity),
            ERROR_INTERACTIVE_MODE);
    assert_null(identity);
    assert_int_equal(spelling->remove(path, name), ERROR_SUCCESS);
}

TEST_MAIN(begin, end)
