/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * RasEnumConnections, RasGetConnectStatus, RasHangUp and RasGetSubEntryHandle, A and W, by
 * nf-ras-rasenumconnectionsw, nf-ras-rasgetconnectstatusw, nf-ras-rashangupw and
 * nf-ras-rasgetsubentryhandlew; and programs load this rasapi32.
 */

#include "ras_fixture.h"

#include <stdlib.h>
#include <string.h>

#include "agent.h"

#define ROUND4(size) (((size) + 3) & ~(size_t)3)

static const GUID entry_id = {0x11223344, 0x5566, 0x7788, {1, 2, 3, 4, 5, 6, 7, 8}};
static const GUID connection_id = {0x99aabbcc, 0xddee, 0xff00, {8, 7, 6, 5, 4, 3, 2, 1}};
#define FULL                                                                                       \
    L"--phonebook C:\\\\my.pbk --device-type modem --device-name \"Fast Modem\" "                  \
    L"--phone 555-0199 --user jo --entry-id {11223344-5566-7788-0102-030405060708} "               \
    L"--id {99aabbcc-ddee-ff00-0807-060504030201}"

/* ---- RasEnumConnections ---- */

/* Every size in Windows' headers: WINVER below 0x400, 0x400, 0x401, 0x500, 0x501, 0x600 */
static const DWORD wide_sizes[] = {
        ROUND4(4 + sizeof(HRASCONN) + 21 * 2),
        ROUND4(offsetof(RASCONNW, szPhonebook)),
        offsetof(RASCONNW, guidEntry),
        offsetof(RASCONNW, dwFlags),
        sizeof(RASCONNW),
        sizeof(WIN7_RASCONNW),
};
static const DWORD narrow_sizes[] = {
        ROUND4(4 + sizeof(HRASCONN) + 21),
        ROUND4(offsetof(RASCONNA, szPhonebook)),
        offsetof(RASCONNA, guidEntry),
        offsetof(RASCONNA, dwFlags),
        sizeof(RASCONNA),
        sizeof(WIN7_RASCONNA),
};

#define ENTRY L"Tests Office"

TEST(every_size_is_filled_as_far_as_it_goes)
{
    HRASCONN handle = entry_add(ENTRY, FULL);
    DWORD i;

    for (i = 0; i < ARRAYSIZE(wide_sizes); i++)
    {
        BYTE buffer[sizeof(WIN7_RASCONNW) + 16];
        WIN7_RASCONNW *got = (WIN7_RASCONNW *)buffer;
        DWORD size = wide_sizes[i], count = 7, room = size;

        memset(buffer, 0xcc, sizeof(buffer));
        got->xp.dwSize = size;
        assert_int_equal(RasEnumConnectionsW(&got->xp, &room, &count), ERROR_SUCCESS);
        assert_int_equal(count, 1);
        assert_int_equal(room, size);
        assert_int_equal(got->xp.dwSize, size);
        assert_ptr_equal(got->xp.hrasconn, handle);
        assert_int_equal(wcscmp(got->xp.szEntryName, ENTRY), 0);
        if (i >= 1)
        {
            assert_int_equal(wcscmp(got->xp.szDeviceType, L"modem"), 0);
            assert_int_equal(wcscmp(got->xp.szDeviceName, L"Fast Modem"), 0);
        }
        if (i >= 2)
        {
            assert_int_equal(wcscmp(got->xp.szPhonebook, L"C:\\\\my.pbk"), 0);
            assert_int_equal(got->xp.dwSubEntry, 1);
        }
        if (i >= 3)
            assert_memory_equal(&got->xp.guidEntry, &entry_id, sizeof(GUID));
        if (i >= 4)
            assert_int_equal(got->xp.dwFlags, RASCF_AllUsers);
        if (i >= 5)
            assert_memory_equal(&got->guidCorrelationId, &connection_id, sizeof(GUID));
        assert_int_equal(buffer[size], 0xcc);
    }
    for (i = 0; i < ARRAYSIZE(narrow_sizes); i++)
    {
        BYTE buffer[sizeof(WIN7_RASCONNA) + 16];
        WIN7_RASCONNA *got = (WIN7_RASCONNA *)buffer;
        DWORD size = narrow_sizes[i], count = 7, room = size;

        memset(buffer, 0xcc, sizeof(buffer));
        got->xp.dwSize = size;
        assert_int_equal(RasEnumConnectionsA(&got->xp, &room, &count), ERROR_SUCCESS);
        assert_int_equal(count, 1);
        assert_ptr_equal(got->xp.hrasconn, handle);
        assert_string_equal(got->xp.szEntryName, "Tests Office");
        if (i >= 1)
            assert_string_equal(got->xp.szDeviceName, "Fast Modem");
        if (i >= 2)
            assert_string_equal(got->xp.szPhonebook, "C:\\\\my.pbk");
        if (i >= 3)
            assert_memory_equal(&got->xp.guidEntry, &entry_id, sizeof(GUID));
        if (i >= 5)
            assert_memory_equal(&got->guidCorrelationId, &connection_id, sizeof(GUID));
        assert_int_equal(buffer[size], 0xcc);
    }
    entry_remove(ENTRY);
}

/* "in order to identify the version of the structure being passed" */
TEST(other_sizes_are_refused)
{
    WIN7_RASCONNW wide[2];
    WIN7_RASCONNA narrow[2];
    DWORD size, i, room, count;

    for (size = 0; size <= sizeof(WIN7_RASCONNW) + 4; size++)
    {
        bool known = false;

        for (i = 0; i < ARRAYSIZE(wide_sizes); i++)
            known = known || wide_sizes[i] == size;
        wide[0].xp.dwSize = size;
        room = sizeof(wide);
        if (!known)
            assert_int_equal(RasEnumConnectionsW(&wide[0].xp, &room, &count), ERROR_INVALID_SIZE);
    }
    narrow[0].xp.dwSize = sizeof(narrow[0]) + 1;
    room = sizeof(narrow);
    assert_int_equal(RasEnumConnectionsA(&narrow[0].xp, &room, &count), ERROR_INVALID_SIZE);
    narrow[0].xp.dwSize = sizeof(WIN7_RASCONNW); /* the size of the other function */
    assert_int_equal(RasEnumConnectionsA(&narrow[0].xp, &room, &count), ERROR_INVALID_SIZE);
}

/* "There are no active RAS connections.": success, and no buffer is needed */
TEST(none_is_success)
{
    WIN7_RASCONNW one = {.xp.dwSize = sizeof(one)};
    DWORD room = 0, count = 7;

    if (connection_count())
    {
        print_message("SKIP: this machine has tunnels of its own\n");
        skip();
    }
    assert_int_equal(RasEnumConnectionsW(NULL, &room, &count), ERROR_SUCCESS);
    assert_int_equal(room, 0);
    assert_int_equal(count, 0);
    room = sizeof(one);
    count = 7;
    assert_int_equal(RasEnumConnectionsW(&one.xp, &room, &count), ERROR_SUCCESS);
    assert_int_equal(count, 0);
    assert_int_equal(room, 0);
}

/* "On output, the function sets this variable to the number of bytes required" */
TEST(the_needed_size_is_said)
{
    WIN7_RASCONNW got[12];
    DWORD room, count, before = connection_count(), i;
    WCHAR name[32];

    assert_true(before < 4);
    for (i = 0; i < 8; i++) /* more than one page of the agent's */
    {
        swprintf(name, ARRAYSIZE(name), L"Tests %lu", i);
        entry_add(name, L"");
    }
    room = 0;
    assert_int_equal(RasEnumConnectionsW(NULL, &room, &count), ERROR_BUFFER_TOO_SMALL);
    assert_int_equal(room, (before + 8) * sizeof(*got));
    assert_int_equal(count, before + 8);
    got[0].xp.dwSize = sizeof(RASCONNW);
    room = 3 * sizeof(RASCONNW);
    assert_int_equal(RasEnumConnectionsW(&got[0].xp, &room, &count), ERROR_BUFFER_TOO_SMALL);
    assert_int_equal(room, (before + 8) * sizeof(RASCONNW));
    /* "The lpcb parameter is less than the dwSize member" */
    got[0].xp.dwSize = sizeof(*got);
    room = sizeof(*got) - 1;
    assert_int_equal(RasEnumConnectionsW(&got[0].xp, &room, &count), ERROR_BUFFER_TOO_SMALL);
    room = sizeof(got);
    assert_int_equal(RasEnumConnectionsW(&got[0].xp, &room, &count), ERROR_SUCCESS);
    assert_int_equal(count, before + 8);
    assert_int_equal(room, (before + 8) * sizeof(*got));
    for (i = 1; i < count; i++)
    {
        assert_int_equal(got[i].xp.dwSize, sizeof(*got));
        assert_ptr_not_equal(got[i].xp.hrasconn, got[i - 1].xp.hrasconn);
    }
    for (i = 0; i < 8; i++)
    {
        swprintf(name, ARRAYSIZE(name), L"Tests %lu", i);
        entry_remove(name);
    }
}

TEST(parameters_are_checked)
{
    WIN7_RASCONNW one = {.xp.dwSize = sizeof(one)};
    DWORD room = sizeof(one), count;

    assert_int_equal(RasEnumConnectionsW(&one.xp, NULL, &count), ERROR_INVALID_PARAMETER);
    assert_int_equal(RasEnumConnectionsW(&one.xp, &room, NULL), ERROR_INVALID_PARAMETER);
    assert_int_equal(RasEnumConnectionsA(NULL, NULL, NULL), ERROR_INVALID_PARAMETER);
}

/* Visual Basic programs pass one variable for both numbers. */
TEST(size_and_count_may_be_one_variable)
{
    WIN7_RASCONNW one = {.xp.dwSize = sizeof(one)};
    DWORD both = sizeof(one);

    entry_add(ENTRY, L"");
    assert_int_equal(RasEnumConnectionsW(&one.xp, &both, &both), ERROR_SUCCESS);
    assert_int_equal(both, 1);
    assert_int_equal(wcscmp(one.xp.szEntryName, ENTRY), 0);
    entry_remove(ENTRY);
}

TEST(narrow_names_are_in_the_code_page)
{
    WCHAR long_name[200], name[] = L"Tests B\x00fcro";
    WIN7_RASCONNA got = {.xp.dwSize = sizeof(got)};
    char expected[64];
    DWORD room = sizeof(got), count;

    entry_add(name, L"");
    assert_int_equal(RasEnumConnectionsA(&got.xp, &room, &count), ERROR_SUCCESS);
    WideCharToMultiByte(CP_ACP, 0, name, -1, expected, sizeof(expected), NULL, NULL);
    assert_string_equal(got.xp.szEntryName, expected);
    entry_remove(name);

    /* NT 3.51's structure holds 20 characters. */
    for (count = 0; count < 199; count++)
        long_name[count] = (WCHAR)('a' + count % 26);
    long_name[199] = 0;
    entry_add(long_name, L"");
    got.xp.dwSize = room = narrow_sizes[0];
    assert_int_equal(RasEnumConnectionsA(&got.xp, &room, &count), ERROR_SUCCESS);
    assert_string_equal(got.xp.szEntryName, "abcdefghijklmnopqrst");
    entry_remove(long_name);
}

TEST(handles_are_not_used_again)
{
    HRASCONN first = entry_add(ENTRY, L""), second;
    RASCONNSTATUSW status = {.dwSize = sizeof(status)};
    WIN7_RASCONNW found;

    entry_remove(ENTRY);
    second = entry_add(ENTRY, L"");
    assert_ptr_not_equal(first, second);
    /* The agent is killed, as by a crash: handles stay valid. */
    assert_true(agent_kill());
    assert_int_equal(RasGetConnectStatusW(second, &status), ERROR_SUCCESS);
    assert_true(connection_find(ENTRY, &found));
    assert_ptr_equal(found.xp.hrasconn, second);
    assert_int_equal(RasGetConnectStatusW(first, &status), ERROR_INVALID_HANDLE);
    entry_remove(ENTRY);
    assert_ptr_not_equal(entry_add(ENTRY, L""), second);
    entry_remove(ENTRY);
}

/* ---- RasGetConnectStatus ---- */

TEST(status_in_every_size)
{
    /* NT 3.51, NT 4, NT 4 SP 4, and Windows 7 with two end points of 20 bytes and a sub-state */
    static const DWORD wide[] = {112, ROUND4(offsetof(RASCONNSTATUSW, szPhoneNumber)),
            sizeof(RASCONNSTATUSW), sizeof(RASCONNSTATUSW) + 44};
    static const DWORD narrow[] = {64, ROUND4(offsetof(RASCONNSTATUSA, szPhoneNumber)),
            sizeof(RASCONNSTATUSA), sizeof(RASCONNSTATUSA) + 44};
    HRASCONN handle = entry_add(ENTRY, FULL);
    BYTE buffer[sizeof(RASCONNSTATUSW) + 64];
    RASCONNSTATUSW *w = (RASCONNSTATUSW *)buffer;
    RASCONNSTATUSA *a = (RASCONNSTATUSA *)buffer;
    DWORD i;

    for (i = 0; i < ARRAYSIZE(wide); i++)
    {
        memset(buffer, 0xcc, sizeof(buffer));
        w->dwSize = wide[i];
        assert_int_equal(RasGetConnectStatusW(handle, w), ERROR_SUCCESS);
        assert_int_equal(w->dwSize, wide[i]);
        assert_int_equal(w->rasconnstate, RASCS_Connected);
        assert_int_equal(w->dwError, 0);
        assert_int_equal(wcscmp(w->szDeviceType, L"modem"), 0);
        assert_int_equal(wcscmp(w->szDeviceName, L"Fast Modem"), 0);
        if (i >= 2)
            assert_int_equal(wcscmp(w->szPhoneNumber, L"555-0199"), 0);
        assert_int_equal(buffer[wide[i]], 0xcc);

        memset(buffer, 0xcc, sizeof(buffer));
        a->dwSize = narrow[i];
        assert_int_equal(RasGetConnectStatusA(handle, a), ERROR_SUCCESS);
        assert_string_equal(a->szDeviceType, "modem");
        assert_string_equal(a->szDeviceName, "Fast Modem");
        if (i >= 2)
            assert_string_equal(a->szPhoneNumber, "555-0199");
        assert_int_equal(buffer[narrow[i]], 0xcc);
    }
    w->dwSize = sizeof(RASCONNSTATUSW) + 4;
    assert_int_equal(RasGetConnectStatusW(handle, w), ERROR_INVALID_SIZE);
    a->dwSize = 0;
    assert_int_equal(RasGetConnectStatusA(handle, a), ERROR_INVALID_SIZE);
    assert_int_equal(RasGetConnectStatusW(handle, NULL), ERROR_INVALID_PARAMETER);
    w->dwSize = sizeof(RASCONNSTATUSW);
    assert_int_equal(RasGetConnectStatusW(NULL, w), ERROR_INVALID_HANDLE);
    assert_int_equal(RasGetConnectStatusW(GARBAGE_HANDLE, w), ERROR_INVALID_HANDLE);
    assert_int_equal(RasGetConnectStatusW((HRASCONN)INVALID_HANDLE_VALUE, w), ERROR_INVALID_HANDLE);
    entry_remove(ENTRY);
}

/* Visual Basic programs pass dwSize 160, the size with a device name of 128 characters, with a
 * structure of 64 bytes: the memory after it is the program's. */
TEST(nothing_is_written_behind_a_name)
{
    HRASCONN handle = entry_add(ENTRY, FULL);
    BYTE buffer[sizeof(RASCONNSTATUSW)];
    RASCONNSTATUSA *a = (RASCONNSTATUSA *)buffer;
    RASCONNSTATUSW *w = (RASCONNSTATUSW *)buffer;
    DWORD i;

    memset(buffer, 0xcc, sizeof(buffer));
    a->dwSize = 160;
    assert_int_equal(RasGetConnectStatusA(handle, a), ERROR_SUCCESS);
    assert_string_equal(a->szDeviceName, "Fast Modem");
    for (i = 64; i < sizeof(buffer); i++)
        assert_int_equal(buffer[i], 0xcc);
    memset(buffer, 0xcc, sizeof(buffer));
    w->dwSize = ROUND4(offsetof(RASCONNSTATUSW, szPhoneNumber));
    assert_int_equal(RasGetConnectStatusW(handle, w), ERROR_SUCCESS);
    assert_int_equal(wcscmp(w->szDeviceName, L"Fast Modem"), 0);
    for (i = 112; i < sizeof(buffer); i++)
        assert_int_equal(buffer[i], 0xcc);
    entry_remove(ENTRY);
}

/* An entry whose interface does not exist is no active connection. */
TEST(an_entry_without_its_interface_is_disconnected)
{
    RASCONNSTATUSW status = {.dwSize = sizeof(status)};
    HRASCONN handle = entry_add(ENTRY, L"--interface lo");
    WIN7_RASCONNW found;
    WCHAR line[128];
    char text[512];

    assert_int_equal(RasGetConnectStatusW(handle, &status), ERROR_SUCCESS);
    assert_int_equal(status.rasconnstate, RASCS_Connected);
    entry_remove(ENTRY);
    assert_int_equal(
            napctl_says(L"ras add \"" ENTRY L"\" --interface nothing0 --json", text, sizeof(text)),
            0);
    assert_false(connection_find(ENTRY, &found));
    assert_non_null(strstr(text, "\"handle\": "));
    handle = (HRASCONN)(UINT_PTR)strtoul(strstr(text, "\"handle\": ") + 10, NULL, 10);
    assert_int_equal(RasGetConnectStatusW(handle, &status), ERROR_SUCCESS);
    assert_int_equal(status.rasconnstate, RASCS_Disconnected);
    swprintf(line, ARRAYSIZE(line), L"ras remove %u", (unsigned int)(UINT_PTR)handle);
    assert_int_equal(napctl(line), 0);
    assert_int_equal(RasGetConnectStatusW(handle, &status), ERROR_INVALID_HANDLE);
}

/* ---- RasHangUp ---- */

/* "After this call, the hrasconn handle can no longer be used"; "in a loop until
 * RasGetConnectStatus returns ERROR_INVALID_HANDLE" */
TEST(hanging_up_ends_an_entry)
{
    RASCONNSTATUSW status = {.dwSize = sizeof(status)};
    HRASCONN handle = entry_add(ENTRY, L"");
    WIN7_RASCONNW found;
    DWORD error;
    int i;

    assert_int_equal(RasHangUpW(handle), ERROR_SUCCESS);
    for (i = 0; i < 100 && !(error = RasGetConnectStatusW(handle, &status)); i++)
        Sleep(0);
    assert_int_equal(error, ERROR_INVALID_HANDLE);
    assert_false(connection_find(ENTRY, &found));
    assert_int_equal(RasHangUpW(handle), ERROR_INVALID_HANDLE);
    handle = entry_add(ENTRY, L"");
    assert_int_equal(RasHangUpA(handle), ERROR_SUCCESS);
    assert_int_equal(RasHangUpA(handle), ERROR_INVALID_HANDLE);
    assert_int_equal(RasHangUpA(NULL), ERROR_INVALID_HANDLE);
    assert_int_equal(RasHangUpW(GARBAGE_HANDLE), ERROR_INVALID_HANDLE);
}

/* ---- RasGetSubEntryHandle ---- */

TEST(a_connection_has_one_link)
{
    HRASCONN handle = entry_add(ENTRY, L""), link = NULL;
    RASCONNSTATUSW status = {.dwSize = sizeof(status)};

    assert_int_equal(RasGetSubEntryHandleW(handle, 1, &link), ERROR_SUCCESS);
    assert_int_equal(RasGetConnectStatusW(link, &status), ERROR_SUCCESS);
    assert_int_equal(RasGetSubEntryHandleA(handle, 1, &link), ERROR_SUCCESS);
    assert_int_equal(RasGetSubEntryHandleW(handle, 2, &link), ERROR_NO_MORE_ITEMS);
    assert_int_equal(RasGetSubEntryHandleW(handle, 0, &link), ERROR_INVALID_PARAMETER);
    assert_int_equal(RasGetSubEntryHandleW(handle, 1, NULL), ERROR_INVALID_PARAMETER);
    entry_remove(ENTRY);
    assert_int_equal(RasGetSubEntryHandleW(handle, 1, &link), ERROR_INVALID_HANDLE);
    assert_int_equal(RasGetSubEntryHandleA(NULL, 1, &link), ERROR_INVALID_HANDLE);
}

/* ---- the agent ---- */

TEST(a_stopped_agent_is_an_error_at_once)
{
    RASCONNSTATUSW status = {.dwSize = sizeof(status)};
    ULONGLONG begun;
    DWORD room = 0, count;

    entry_add(ENTRY, L"");
    assert_true(agent_stop());
    begun = GetTickCount64();
    assert_int_equal(RasEnumConnectionsW(NULL, &room, &count), ERROR_RASMAN_CANNOT_INITIALIZE);
    assert_int_equal(RasGetConnectStatusW(GARBAGE_HANDLE, &status), ERROR_RASMAN_CANNOT_INITIALIZE);
    assert_int_equal(RasHangUpA(GARBAGE_HANDLE), ERROR_RASMAN_CANNOT_INITIALIZE);
    assert_true(GetTickCount64() - begun < 2000);
    assert_int_equal(agent_process(), 0);
    assert_true(agent_start());
    entry_remove(ENTRY);
}

/* ---- which DLL ---- */

/* From a directory that has none of our DLLs, by bare name. */
TEST(ours_is_the_one_that_is_loaded)
{
    WCHAR directory[MAX_PATH], system[MAX_PATH], path[MAX_PATH];
    BYTE info[4096];
    VS_FIXEDFILEINFO *fixed;
    UINT size;
    WCHAR *text;
    HMODULE module;

    GetTempPathW(MAX_PATH, directory);
    assert_true(SetCurrentDirectoryW(directory));
    assert_non_null(module = LoadLibraryW(L"rasapi32"));
    assert_ptr_equal(module, GetModuleHandleW(L"rasapi32.dll"));
    assert_true(GetModuleFileNameW(module, path, MAX_PATH));
    GetSystemDirectoryW(system, MAX_PATH);
    wcscat(system, L"\\rasapi32.dll");
    assert_int_equal(_wcsicmp(path, system), 0);
    assert_true(GetFileVersionInfoW(path, 0, sizeof(info), info));
    assert_true(VerQueryValueW(info, L"\\", (void **)&fixed, &size));
    assert_true(VerQueryValueW(
            info, L"\\StringFileInfo\\040904B0\\ProductName", (void **)&text, &size));
    assert_non_null(wcsstr(text, L"wine-nap"));
    /* Wine's DLL does not have it. */
    assert_non_null((void *)GetProcAddress(module, "RasGetNapStatus"));
    FreeLibrary(module);
}

TEST_MAIN(NULL, NULL)
