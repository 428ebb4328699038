/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * RasGetCountryInfo: nf-ras-rasgetcountryinfow, RASCTRYINFO (aa376731).
 */
#include <test.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>
#include <windows.h>
#include <ras.h>
#include <raserror.h>

#define GUARD 0xa5

/* Either spelling's structure, followed by the name. */
union buffer
{
    RASCTRYINFO info;
    BYTE bytes[256]; /* "Allocate at least 256 bytes for the buffer." */
};

static DWORD ask_wide(DWORD id, union buffer *buffer, DWORD *size)
{
    memset(buffer, GUARD, sizeof(*buffer));
    buffer->info.dwSize = sizeof(buffer->info);
    buffer->info.dwCountryID = id;
    return RasGetCountryInfoW((RASCTRYINFOW *)buffer, size);
}

static DWORD ask_narrow(DWORD id, union buffer *buffer, DWORD *size)
{
    memset(buffer, GUARD, sizeof(*buffer));
    buffer->info.dwSize = sizeof(buffer->info);
    buffer->info.dwCountryID = id;
    return RasGetCountryInfoA((RASCTRYINFOA *)buffer, size);
}

static const WCHAR *name_of(const union buffer *buffer)
{
    return (const WCHAR *)(buffer->bytes + buffer->info.dwCountryNameOffset);
}

/* "set the dwCountryId member to 1 in the initial call ... Use this value in repeated calls until
 * dwNextCountryID returns zero" */
TEST(all_countries_are_enumerated)
{
    bool germany = false, japan = false;
    unsigned int count = 0;
    DWORD id = 1, before = 0;

    while (id)
    {
        union buffer wide, narrow;
        DWORD size = sizeof(wide), narrow_size = sizeof(narrow);
        char name[128];

        assert_int_equal(ask_wide(id, &wide, &size), ERROR_SUCCESS);
        assert_int_equal(ask_narrow(id, &narrow, &narrow_size), ERROR_SUCCESS);
        assert_int_equal(wide.info.dwSize, sizeof(wide.info));
        assert_int_equal(wide.info.dwCountryID, id);
        assert_true(id > before);
        assert_true(wide.info.dwCountryCode > 0);
        assert_true(*name_of(&wide) > ' ');
        assert_int_equal(
                size, wide.info.dwCountryNameOffset + (wcslen(name_of(&wide)) + 1) * sizeof(WCHAR));
        assert_int_equal(wide.bytes[size], GUARD);

        assert_memory_equal(&wide.info, &narrow.info, sizeof(wide.info));
        assert_true(
                WideCharToMultiByte(CP_ACP, 0, name_of(&wide), -1, name, sizeof(name), NULL, NULL));
        assert_string_equal((char *)narrow.bytes + narrow.info.dwCountryNameOffset, name);
        assert_int_equal(narrow_size, narrow.info.dwCountryNameOffset + strlen(name) + 1);
        assert_int_equal(narrow.bytes[narrow_size], GUARD);

        germany |= id == 49 && wide.info.dwCountryCode == 49 && !wcscmp(name_of(&wide), L"Germany");
        japan |= id == 81 && wide.info.dwCountryCode == 81 && !wcscmp(name_of(&wide), L"Japan");
        count++;
        before = id;
        id = wide.info.dwNextCountryID;
    }
    assert_true(germany && japan);
    assert_true(count > 200);
}

/* "If this member is 1, RasGetCountryInfo returns information about the first country/region" */
TEST(the_first_one_is_the_United_States)
{
    union buffer buffer;
    DWORD size = sizeof(buffer);

    assert_int_equal(ask_wide(1, &buffer, &size), ERROR_SUCCESS);
    assert_int_equal(buffer.info.dwCountryCode, 1);
    assert_int_equal(wcsncmp(name_of(&buffer), L"United States", 13), 0);
}

/* "ERROR_INVALID_PARAMETER: The dwCountryId member ... was not a valid value." */
TEST(an_unknown_country_is_no_valid_value)
{
    static const DWORD ids[] = {0, 2, 99999, 0xffffffff};
    union buffer buffer;
    unsigned int i;

    for (i = 0; i < ARRAYSIZE(ids); i++)
    {
        DWORD size = sizeof(buffer);

        assert_int_equal(ask_wide(ids[i], &buffer, &size), ERROR_INVALID_PARAMETER);
        size = sizeof(buffer);
        assert_int_equal(ask_narrow(ids[i], &buffer, &size), ERROR_INVALID_PARAMETER);
    }
}

/* "ERROR_BUFFER_TOO_SMALL ... returns the required buffer size in the variable" */
TEST(the_required_size_is_returned_and_is_enough)
{
    DWORD (*const spellings[])(DWORD, union buffer *, DWORD *) = {ask_wide, ask_narrow};
    unsigned int i;

    for (i = 0; i < ARRAYSIZE(spellings); i++)
    {
        union buffer buffer;
        DWORD size = sizeof(RASCTRYINFO), required, less;

        assert_int_equal(spellings[i](49, &buffer, &size), ERROR_BUFFER_TOO_SMALL);
        assert_int_equal(buffer.bytes[sizeof(RASCTRYINFO)], GUARD);
        required = size;
        assert_in_range(required, sizeof(RASCTRYINFO) + 8, sizeof(RASCTRYINFO) + 16);
        less = required - 1;
        assert_int_equal(spellings[i](49, &buffer, &less), ERROR_BUFFER_TOO_SMALL);
        assert_int_equal(less, required);
        assert_int_equal(spellings[i](49, &buffer, &size), ERROR_SUCCESS);
        assert_int_equal(size, required);
        /* Without the structure there is no country to say it of. */
        size = sizeof(RASCTRYINFO) - 1;
        assert_int_equal(spellings[i](49, &buffer, &size), ERROR_BUFFER_TOO_SMALL);
        assert_int_equal(size, 256);
    }
}

/* "ERROR_INVALID_USER_BUFFER: The address or buffer specified by lpRasCtryInfo is invalid." */
TEST(pointers_and_the_structures_size_are_checked)
{
    union buffer buffer = {.info = {.dwSize = sizeof(buffer.info), .dwCountryID = 1}};
    DWORD size = sizeof(buffer);

    assert_int_equal(RasGetCountryInfoW(NULL, &size), ERROR_INVALID_USER_BUFFER);
    assert_int_equal(RasGetCountryInfoA(NULL, &size), ERROR_INVALID_USER_BUFFER);
    assert_int_equal(RasGetCountryInfoW((void *)16, &size), ERROR_INVALID_USER_BUFFER);
    assert_int_equal(RasGetCountryInfoW((RASCTRYINFOW *)&buffer, NULL), ERROR_INVALID_PARAMETER);
    buffer.info.dwSize = 4;
    assert_int_equal(RasGetCountryInfoW((RASCTRYINFOW *)&buffer, &size), ERROR_INVALID_SIZE);
}

/* "ERROR_TAPI_CONFIGURATION: TAPI subsystem information was corrupted." Another process has an
 * empty registry. */
TEST(without_the_list_TAPI_is_not_configured)
{
    STARTUPINFOW startup = {.cb = sizeof(startup)};
    PROCESS_INFORMATION process;
    WCHAR line[MAX_PATH + 16];
    DWORD code = 0;

    line[0] = '"';
    GetModuleFileNameW(NULL, line + 1, MAX_PATH);
    lstrcatW(line, L"\" without");
    assert_true(CreateProcessW(NULL, line, NULL, NULL, FALSE, 0, NULL, NULL, &startup, &process));
    WaitForSingleObject(process.hProcess, 60000);
    GetExitCodeProcess(process.hProcess, &code);
    CloseHandle(process.hThread);
    CloseHandle(process.hProcess);
    assert_int_equal(code, ERROR_TAPI_CONFIGURATION);
}

static int ask_without_list(void)
{
    union buffer buffer;
    DWORD size = sizeof(buffer);
    int result;
    HKEY empty;

    if (RegCreateKeyExW(HKEY_CURRENT_USER, L"Software\\wine-nap-empty", 0, NULL,
                REG_OPTION_VOLATILE, KEY_ALL_ACCESS, NULL, &empty, NULL)
            || RegOverridePredefKey(HKEY_LOCAL_MACHINE, empty))
        return 1;
    result = (int)ask_wide(1, &buffer, &size);
    RegOverridePredefKey(HKEY_LOCAL_MACHINE, NULL);
    RegCloseKey(empty);
    RegDeleteKeyW(HKEY_CURRENT_USER, L"Software\\wine-nap-empty");
    return result;
}

int main(int argc, char **argv)
{
    (void)argv;
    return argc > 1 ? ask_without_list() : test_main(NULL, NULL);
}
