/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * phonebook-writer BOOK NAME COUNT: adds the entries "NAME 0" to "NAME COUNT-1". With COUNT 0 it
 * adds, renames and deletes entries until it is killed.
 */

#include <stdio.h>
#include <stdlib.h>
#include <wchar.h>

#include <windows.h>
#include <shellapi.h>
#include <ras.h>
#include <raserror.h>

static DWORD add(const WCHAR *book, const WCHAR *name)
{
    RASENTRYW entry = {.dwSize = sizeof(entry)};

    wcscpy(entry.szLocalPhoneNumber, L"vpn.example");
    wcscpy(entry.szDeviceType, RASDT_Vpn);
    wcscpy(entry.szDeviceName, L"WAN Miniport (IKEv2)");
    entry.dwFramingProtocol = RASFP_Ppp;
    entry.dwType = RASET_Vpn;
    return RasSetEntryPropertiesW(book, name, &entry, sizeof(entry), NULL, 0);
}

static void expect(const WCHAR *what, const WCHAR *name, DWORD error)
{
    if (!error)
        return;
    printf("%ls %ls: %lu\n", what, name, error);
    exit(1);
}

static void for_ever(const WCHAR *book, const WCHAR *prefix)
{
    WCHAR name[64], other[64];
    int i;

    for (i = 0;; i = (i + 1) % 4)
    {
        swprintf(name, ARRAYSIZE(name), L"%ls %d", prefix, i);
        swprintf(other, ARRAYSIZE(other), L"%ls %d renamed", prefix, i);
        expect(L"add", name, add(book, name));
        RasDeleteEntryW(book, other); /* may have been left by a killed one */
        expect(L"rename", name, RasRenameEntryW(book, name, other));
        expect(L"delete", other, RasDeleteEntryW(book, other));
    }
}

int main(void)
{
    WCHAR name[64], **arguments;
    int count, i;

    arguments = CommandLineToArgvW(GetCommandLineW(), &count);
    if (!arguments || count != 4)
        return 2;
    count = _wtoi(arguments[3]);
    if (!count)
        for_ever(arguments[1], arguments[2]);
    for (i = 0; i < count; i++)
    {
        swprintf(name, ARRAYSIZE(name), L"%ls %d", arguments[2], i);
        expect(L"add", name, add(arguments[1], name));
    }
    return 0;
}
