/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * RasGetCountryInfo: nf-ras-rasgetcountryinfow. The list is that of Windows Telephony in the
 * registry, a key for each country by its identifier. Wine's lineGetCountry reads the same keys,
 * all of them for the name of one.
 */
#include <stdlib.h>
#include <string.h>

#include <windows.h>
#include <ras.h>
#include <raserror.h>

#include "dlls/rasapi32/phonebook.h"

#include "libs/log/trace.h"

#define COUNTRY_LIST_KEY L"Software\\Microsoft\\Windows\\CurrentVersion\\Telephony\\Country List"
#define COUNTRIES_MAX 1024
#define NAME_CAPACITY 128 /* characters, with the NUL */
#define ADVISED_SIZE 256  /* bytes: "Allocate at least 256 bytes for the buffer" */

static SRWLOCK lock = SRWLOCK_INIT;      /* guards all below */
static DWORD identifiers[COUNTRIES_MAX]; /* ascending */
static DWORD identifier_count;           /* 0: not read yet */

static int compare(const void *one, const void *other)
{
    DWORD a = *(const DWORD *)one, b = *(const DWORD *)other;

    return a < b ? -1 : a > b;
}

static void read_list(HKEY list)
{
    DWORD index, size, id;
    WCHAR name[16], *end;
    LSTATUS error;

    for (index = 0;; index++)
    {
        size = ARRAYSIZE(name);
        error = RegEnumKeyExW(list, index, name, &size, NULL, NULL, NULL, NULL);
        if (error && error != ERROR_MORE_DATA)
            break;
        id = error ? 0 : wcstoul(name, &end, 10);
        if (id && !*end && identifier_count < COUNTRIES_MAX)
            identifiers[identifier_count++] = id;
    }
    qsort(identifiers, identifier_count, sizeof(*identifiers), compare);
}

/* Once: the list does not change while a program runs, and programs ask for one country after the
 * other. */
static bool read_identifiers(HKEY list)
{
    AcquireSRWLockExclusive(&lock);
    if (!identifier_count)
        read_list(list);
    ReleaseSRWLockExclusive(&lock);
    return identifier_count;
}

/* Finds a country and the next one in the list, 0 if it is the last. 1 means the first. */
static bool find(DWORD *id, DWORD *next)
{
    DWORD i;

    if (*id == 1)
        *id = identifiers[0];
    for (i = 0; i < identifier_count && identifiers[i] != *id; i++)
        ;
    if (i == identifier_count)
        return false;
    *next = i + 1 < identifier_count ? identifiers[i + 1] : 0;
    return true;
}

/* Describes the country. Its name has NAME_CAPACITY characters. */
static DWORD describe(RASCTRYINFO *info, WCHAR *name)
{
    DWORD size = sizeof(info->dwCountryCode), name_size = NAME_CAPACITY * sizeof(*name);
    DWORD result = ERROR_TAPI_CONFIGURATION;
    WCHAR key[16];
    HKEY list;

    if (RegOpenKeyExW(HKEY_LOCAL_MACHINE, COUNTRY_LIST_KEY, 0, KEY_READ, &list))
        return result;
    if (read_identifiers(list))
    {
        if (!find(&info->dwCountryID, &info->dwNextCountryID))
            result = ERROR_INVALID_PARAMETER;
        else
        {
            swprintf(key, ARRAYSIZE(key), L"%lu", info->dwCountryID);
            if (!RegGetValueW(list, key, L"CountryCode", RRF_RT_REG_DWORD, NULL,
                        &info->dwCountryCode, &size)
                    && !RegGetValueW(list, key, L"Name", RRF_RT_REG_SZ, NULL, name, &name_size))
                result = ERROR_SUCCESS;
        }
    }
    RegCloseKey(list);
    return result;
}

static DWORD get_country(RASCTRYINFO *country, DWORD *size, bool wide)
{
    RASCTRYINFO info = {.dwSize = sizeof(info), .dwCountryNameOffset = sizeof(info)};
    WCHAR name[NAME_CAPACITY];
    DWORD result, capacity, needed;

    if (!size)
        return ERROR_INVALID_PARAMETER;
    if (!country || IsBadWritePtr(country, sizeof(DWORD)))
        return ERROR_INVALID_USER_BUFFER;
    capacity = *size;
    if (capacity < sizeof(info))
    {
        *size = ADVISED_SIZE;
        return ERROR_BUFFER_TOO_SMALL;
    }
    if (country->dwSize != sizeof(info))
        return ERROR_INVALID_SIZE;
    if (IsBadWritePtr(country, capacity))
        return ERROR_INVALID_USER_BUFFER;
    info.dwCountryID = country->dwCountryID;
    if ((result = describe(&info, name)) != ERROR_SUCCESS)
        return result;
    needed = (DWORD)sizeof(info)
             + (wide ? (DWORD)((wcslen(name) + 1) * sizeof(*name))
                     : (DWORD)WideCharToMultiByte(CP_ACP, 0, name, -1, NULL, 0, NULL, NULL));
    *size = needed;
    if (capacity < needed)
        return ERROR_BUFFER_TOO_SMALL;
    *country = info;
    write_text(country + 1, name,
            wide ? (needed - sizeof(info)) / sizeof(*name) : needed - sizeof(info), wide);
    return ERROR_SUCCESS;
}

DWORD WINAPI RasGetCountryInfoW(RASCTRYINFOW *country, DWORD *size)
{
    TRACE_CALL("(country %p, size %p)", (const void *)country, (const void *)size);
    return TRACED(get_country(country, size, true));
}

DWORD WINAPI RasGetCountryInfoA(RASCTRYINFOA *country, DWORD *size)
{
    TRACE_CALL("(country %p, size %p)", (const void *)country, (const void *)size);
    return TRACED(get_country(country, size, false));
}
