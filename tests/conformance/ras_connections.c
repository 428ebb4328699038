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
#include "phonebook_fixture.h"
#include "spelling.h"

#define ROUND4(size) (((size) + 3) & ~(size_t)3)

static const GUID entry_id = {0x11223344, 0x5566, 0x7788, {1, 2, 3, 4, 5, 6, 7, 8}};
static const GUID connection_id = {0x99aabbcc, 0xddee, 0xff00, {8, 7, 6, 5, 4, 3, 2, 1}};
#define FULL                                                                                       \
    L"--phonebook C:\\\\my.pbk --device-type modem --device-name \"Fast Modem\" "                  \
    L"--phone 555-0199 --user jo --entry-id {11223344-5566-7788-0102-030405060708} "               \
    L"--id {99aabbcc-ddee-ff00-0807-060504030201}"

#define ENTRY L"Tests Office"

#define CONNECTION_SIZES 6
#define STATUS_SIZES 4

/* The functions as one spelling has them, and their structures: all sizes that Windows' headers
 * had, and offsets of members. */
struct spelling
{
    DWORD(WINAPI *enumerate)(void *connections, DWORD *size, DWORD *count);
    DWORD(WINAPI *status)(HRASCONN connection, void *status);
    DWORD(WINAPI *hang_up)(HRASCONN connection);
    DWORD(WINAPI *link)(HRASCONN connection, DWORD number, HRASCONN *link);
    size_t character;
    DWORD sizes[CONNECTION_SIZES]; /* WINVER below 0x400, 0x400, 0x401, 0x500, 0x501, 0x600 */
    size_t name, type, device, phonebook, sub_entry, entry_id, flags, id;
    /* NT 3.51, NT 4, NT 4 SP 4, and Windows 7 with two end points of 20 bytes and a sub-state */
    DWORD status_sizes[STATUS_SIZES];
    size_t status_type, status_device, status_number;
};

#define SPELLING(X, enumerate, status, hang_up, link)                                              \
    {                                                                                              \
        (void *)enumerate, (void *)status, hang_up, link, CHARACTER_##X,                           \
                {ROUND4(4 + sizeof(HRASCONN) + 21 * CHARACTER_##X),                                \
                        ROUND4(offsetof(RASCONN##X, szPhonebook)),                                 \
                        offsetof(RASCONN##X, guidEntry), offsetof(RASCONN##X, dwFlags),            \
                        sizeof(RASCONN##X), sizeof(WIN7_RASCONN##X)},                              \
                offsetof(RASCONN##X, szEntryName), offsetof(RASCONN##X, szDeviceType),             \
                offsetof(RASCONN##X, szDeviceName), offsetof(RASCONN##X, szPhonebook),             \
                offsetof(RASCONN##X, dwSubEntry), offsetof(RASCONN##X, guidEntry),                 \
                offsetof(RASCONN##X, dwFlags), offsetof(WIN7_RASCONN##X, guidCorrelationId),       \
                {ROUND4(12 + (17 + 33) * CHARACTER_##X),                                           \
                        ROUND4(offsetof(RASCONNSTATUS##X, szPhoneNumber)),                         \
                        sizeof(RASCONNSTATUS##X), sizeof(RASCONNSTATUS##X) + 44},                  \
                offsetof(RASCONNSTATUS##X, szDeviceType),                                          \
                offsetof(RASCONNSTATUS##X, szDeviceName),                                          \
                offsetof(RASCONNSTATUS##X, szPhoneNumber),                                         \
    }

static const struct spelling spelling_A =
        SPELLING(A, RasEnumConnectionsA, RasGetConnectStatusA, RasHangUpA, RasGetSubEntryHandleA);
static const struct spelling spelling_W =
        SPELLING(W, RasEnumConnectionsW, RasGetConnectStatusW, RasHangUpW, RasGetSubEntryHandleW);

/* Of Windows XP and Windows 7 */
#define XP_SIZE (spelling->sizes[4])
#define WIN7_SIZE (spelling->sizes[5])
#define STATUS_SIZE (spelling->status_sizes[2])
/* What is as long in one spelling as in the other, and at the same offset */
#define HANDLE_OF(connection) (((const RASCONNW *)(connection))->hrasconn)

/* ---- RasEnumConnections ---- */

SPELLING_TEST(every_size_is_filled_as_far_as_it_goes)
{
    HRASCONN handle = entry_add(ENTRY, FULL);
    DWORD i;

    for (i = 0; i < CONNECTION_SIZES; i++)
    {
        BYTE got[sizeof(WIN7_RASCONNW) + 16];
        DWORD size = spelling->sizes[i], count = 7, bytes = size;

        memset(got, 0xcc, sizeof(got));
        NUMBER(got, 0) = size;
        assert_int_equal(spelling->enumerate(got, &bytes, &count), ERROR_SUCCESS);
        assert_int_equal(count, 1);
        assert_int_equal(bytes, size);
        assert_int_equal(NUMBER(got, 0), size);
        assert_ptr_equal(HANDLE_OF(got), handle);
        assert_member(got, spelling->name, ENTRY);
        if (i >= 1)
        {
            assert_member(got, spelling->type, L"modem");
            assert_member(got, spelling->device, L"Fast Modem");
        }
        if (i >= 2)
        {
            assert_member(got, spelling->phonebook, L"C:\\\\my.pbk");
            assert_int_equal(NUMBER(got, spelling->sub_entry), 1);
        }
        if (i >= 3)
            assert_memory_equal(MEMBER(got, spelling->entry_id), &entry_id, sizeof(GUID));
        if (i >= 4)
            assert_int_equal(NUMBER(got, spelling->flags), RASCF_AllUsers);
        if (i >= 5)
            assert_memory_equal(MEMBER(got, spelling->id), &connection_id, sizeof(GUID));
        assert_int_equal(got[size], 0xcc);
    }
    entry_remove(ENTRY);
}

/* "in order to identify the version of the structure being passed"; among them are the sizes of the
 * other spelling. */
SPELLING_TEST(other_sizes_are_refused)
{
    BYTE buffer[2 * sizeof(WIN7_RASCONNW)];
    DWORD size, i, bytes, count;

    for (size = 0; size <= sizeof(WIN7_RASCONNW) + 4; size++)
    {
        bool known = false;

        for (i = 0; i < CONNECTION_SIZES; i++)
            known = known || spelling->sizes[i] == size;
        NUMBER(buffer, 0) = size;
        bytes = sizeof(buffer);
        if (!known && spelling->enumerate(buffer, &bytes, &count) != ERROR_INVALID_SIZE)
            fail_msg("%lu bytes are taken", size);
    }
}

/* "There are no active RAS connections.": success, and nothing is needed */
SPELLING_TEST(none_is_success)
{
    BYTE one[sizeof(WIN7_RASCONNW)];
    DWORD bytes = 0, count = 7;

    if (connection_count())
    {
        print_message("SKIP: this machine has tunnels of its own\n");
        skip();
    }
    assert_int_equal(spelling->enumerate(NULL, &bytes, &count), ERROR_SUCCESS);
    assert_int_equal(bytes, 0);
    assert_int_equal(count, 0);
    NUMBER(one, 0) = bytes = WIN7_SIZE;
    count = 7;
    assert_int_equal(spelling->enumerate(one, &bytes, &count), ERROR_SUCCESS);
    assert_int_equal(count, 0);
    assert_int_equal(bytes, 0);
}

/* "On output, the function sets this variable to the number of bytes required" */
SPELLING_TEST(the_needed_size_is_said)
{
    BYTE got[12 * sizeof(WIN7_RASCONNW)];
    DWORD bytes, count, before = connection_count(), i;
    WCHAR name[32];

    assert_true(before < 4);
    for (i = 0; i < 8; i++) /* more than one page of the agent's */
    {
        swprintf(name, ARRAYSIZE(name), L"Tests %lu", i);
        entry_add(name, L"");
    }
    bytes = 0;
    assert_int_equal(spelling->enumerate(NULL, &bytes, &count), ERROR_BUFFER_TOO_SMALL);
    assert_int_equal(bytes, (before + 8) * WIN7_SIZE);
    assert_int_equal(count, before + 8);
    NUMBER(got, 0) = XP_SIZE;
    bytes = 3 * XP_SIZE;
    assert_int_equal(spelling->enumerate(got, &bytes, &count), ERROR_BUFFER_TOO_SMALL);
    assert_int_equal(bytes, (before + 8) * XP_SIZE);
    /* "The lpcb parameter is less than the dwSize member" */
    NUMBER(got, 0) = WIN7_SIZE;
    bytes = WIN7_SIZE - 1;
    assert_int_equal(spelling->enumerate(got, &bytes, &count), ERROR_BUFFER_TOO_SMALL);
    bytes = sizeof(got);
    assert_int_equal(spelling->enumerate(got, &bytes, &count), ERROR_SUCCESS);
    assert_int_equal(count, before + 8);
    assert_int_equal(bytes, (before + 8) * WIN7_SIZE);
    for (i = 1; i < count; i++)
    {
        assert_int_equal(NUMBER(got, i * WIN7_SIZE), WIN7_SIZE);
        assert_ptr_not_equal(HANDLE_OF(got + i * WIN7_SIZE), HANDLE_OF(got + (i - 1) * WIN7_SIZE));
    }
    for (i = 0; i < 8; i++)
    {
        swprintf(name, ARRAYSIZE(name), L"Tests %lu", i);
        entry_remove(name);
    }
}

SPELLING_TEST(parameters_are_checked)
{
    BYTE one[sizeof(WIN7_RASCONNW)];
    DWORD bytes = WIN7_SIZE, count;

    NUMBER(one, 0) = WIN7_SIZE;
    assert_int_equal(spelling->enumerate(one, NULL, &count), ERROR_INVALID_PARAMETER);
    assert_int_equal(spelling->enumerate(one, &bytes, NULL), ERROR_INVALID_PARAMETER);
    assert_int_equal(spelling->enumerate(NULL, NULL, NULL), ERROR_INVALID_PARAMETER);
}

/* Visual Basic programs give one variable for both numbers. */
SPELLING_TEST(size_and_count_may_be_one_variable)
{
    BYTE one[sizeof(WIN7_RASCONNW)];
    DWORD both = WIN7_SIZE;

    NUMBER(one, 0) = WIN7_SIZE;
    entry_add(ENTRY, L"");
    assert_int_equal(spelling->enumerate(one, &both, &both), ERROR_SUCCESS);
    assert_int_equal(both, 1);
    assert_member(one, spelling->name, ENTRY);
    entry_remove(ENTRY);
}

static const char entry_book[] = "[Tests Office]\r\nType=2\r\n"
                                 "Guid=44332211665588770102030405060708\r\n"
                                 "MEDIA=rastapi\r\nDEVICE=vpn\r\n";

/* RASCONN: "guidEntry: the GUID that represents the phone-book entry"; "RASCF_AllUsers: the
 * connection is available to all users"; "szPhonebook: the full path and file name of the
 * phone-book file containing the entry". A connection with a name in one of the user's phone books
 * is that entry's; so it is with the file named, wherever it is. */
SPELLING_TEST(an_entry_is_as_its_phone_book_says)
{
    static const struct
    {
        const WCHAR *path;
        bool named;
        DWORD flags;
    } rows[] = {
            {L"%ALLUSERSPROFILE%\\Microsoft\\Network\\Connections\\Pbk\\rasphone.pbk", false,
                    RASCF_AllUsers},
            {L"%ALLUSERSPROFILE%\\Microsoft\\Network\\Connections\\Pbk\\rasphone.pbk", true,
                    RASCF_AllUsers},
            {L"%APPDATA%\\Microsoft\\Network\\Connections\\Pbk\\rasphone.pbk", false, 0},
            {L"%APPDATA%\\Microsoft\\Network\\Connections\\Pbk\\rasphone.pbk", true, 0},
            {L"%TEMP%\\mine.pbk", true, 0},
    };
    size_t i;

    for (i = 0; i < ARRAYSIZE(rows); i++)
    {
        WCHAR path[MAX_PATH], arguments[MAX_PATH + 64], shown[MAX_PATH];
        BYTE got[sizeof(WIN7_RASCONNW)];
        DWORD bytes = WIN7_SIZE, count;

        write_phonebook(rows[i].path, entry_book, sizeof(entry_book) - 1, path);
        swprintf(arguments, ARRAYSIZE(arguments), rows[i].named ? L"--phonebook \"%ls\"" : L"%.0ls",
                path);
        entry_add(ENTRY, arguments);
        NUMBER(got, 0) = WIN7_SIZE;
        assert_int_equal(spelling->enumerate(got, &bytes, &count), ERROR_SUCCESS);
        if (NUMBER(got, spelling->flags) != rows[i].flags)
            fail_msg("row %zu: flags %#lx", i, NUMBER(got, spelling->flags));
        assert_memory_equal(MEMBER(got, spelling->entry_id), &entry_id, sizeof(GUID));
        widened(shown, MEMBER(got, spelling->phonebook), spelling->character);
        assert_int_equal(_wcsicmp(shown, path), 0);
        entry_remove(ENTRY);
        remove_phonebook(path);
    }
}

/* In A a letter is that of the code page. */
SPELLING_TEST(a_name_may_have_any_letters)
{
    WCHAR name[] = L"Tests B\x00fcro";
    BYTE got[sizeof(WIN7_RASCONNW)];
    DWORD bytes = WIN7_SIZE, count;

    NUMBER(got, 0) = WIN7_SIZE;
    entry_add(name, L"");
    assert_int_equal(spelling->enumerate(got, &bytes, &count), ERROR_SUCCESS);
    assert_member(got, spelling->name, name);
    entry_remove(name);
}

SPELLING_TEST(NT_3_51_has_room_for_20_characters_of_a_name)
{
    BYTE got[sizeof(WIN7_RASCONNW)];
    WCHAR name[200];
    DWORD bytes, count;

    for (count = 0; count < 199; count++)
        name[count] = (WCHAR)('a' + count % 26);
    name[199] = 0;
    entry_add(name, L"");
    NUMBER(got, 0) = bytes = spelling->sizes[0];
    assert_int_equal(spelling->enumerate(got, &bytes, &count), ERROR_SUCCESS);
    assert_member(got, spelling->name, L"abcdefghijklmnopqrst");
    entry_remove(name);
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

/* What both spellings have at the same offset: dwError, and whatever is before it */
#define STATUS(buffer) ((RASCONNSTATUSW *)(buffer))

SPELLING_TEST(status_in_every_size)
{
    HRASCONN handle = entry_add(ENTRY, FULL);
    BYTE got[sizeof(RASCONNSTATUSW) + 64];
    DWORD i;

    for (i = 0; i < STATUS_SIZES; i++)
    {
        DWORD size = spelling->status_sizes[i];

        memset(got, 0xcc, sizeof(got));
        NUMBER(got, 0) = size;
        assert_int_equal(spelling->status(handle, got), ERROR_SUCCESS);
        assert_int_equal(NUMBER(got, 0), size);
        assert_int_equal(STATUS(got)->rasconnstate, RASCS_Connected);
        assert_int_equal(STATUS(got)->dwError, 0);
        assert_member(got, spelling->status_type, L"modem");
        assert_member(got, spelling->status_device, L"Fast Modem");
        if (i >= 2)
            assert_member(got, spelling->status_number, L"555-0199");
        assert_int_equal(got[size], 0xcc);
    }
    entry_remove(ENTRY);
}

SPELLING_TEST(status_has_its_errors)
{
    HRASCONN handle = entry_add(ENTRY, L"");
    BYTE got[sizeof(RASCONNSTATUSW) + 4];

    NUMBER(got, 0) = STATUS_SIZE + 4;
    assert_int_equal(spelling->status(handle, got), ERROR_INVALID_SIZE);
    NUMBER(got, 0) = 0;
    assert_int_equal(spelling->status(handle, got), ERROR_INVALID_SIZE);
    assert_int_equal(spelling->status(handle, NULL), ERROR_INVALID_PARAMETER);
    NUMBER(got, 0) = STATUS_SIZE;
    assert_int_equal(spelling->status(NULL, got), ERROR_INVALID_HANDLE);
    assert_int_equal(spelling->status(GARBAGE_HANDLE, got), ERROR_INVALID_HANDLE);
    assert_int_equal(spelling->status((HRASCONN)INVALID_HANDLE_VALUE, got), ERROR_INVALID_HANDLE);
    entry_remove(ENTRY);
}

/* Visual Basic programs say 160 as dwSize (in A), which is the size with a device name of 128
 * characters, of a structure of 64 bytes: what is behind it is theirs. */
SPELLING_TEST(nothing_is_written_behind_a_name)
{
    HRASCONN handle = entry_add(ENTRY, FULL);
    BYTE got[sizeof(RASCONNSTATUSW)];
    DWORD i;

    memset(got, 0xcc, sizeof(got));
    NUMBER(got, 0) = spelling->status_sizes[1];
    assert_int_equal(spelling->status(handle, got), ERROR_SUCCESS);
    assert_member(got, spelling->status_device, L"Fast Modem");
    for (i = spelling->status_sizes[0]; i < sizeof(got); i++)
        assert_int_equal(got[i], 0xcc);
    entry_remove(ENTRY);
}

/* An entry about an interface that is not there is no active connection. */
SPELLING_TEST(an_entry_without_its_interface_is_disconnected)
{
    BYTE status[sizeof(RASCONNSTATUSW)];
    HRASCONN handle = entry_add(ENTRY, L"--interface lo");
    WIN7_RASCONNW found;
    WCHAR line[128];
    char text[512];

    NUMBER(status, 0) = STATUS_SIZE;
    assert_int_equal(spelling->status(handle, status), ERROR_SUCCESS);
    assert_int_equal(STATUS(status)->rasconnstate, RASCS_Connected);
    entry_remove(ENTRY);
    assert_int_equal(
            napctl_says(L"ras add \"" ENTRY L"\" --interface nothing0 --json", text, sizeof(text)),
            0);
    assert_false(connection_find(ENTRY, &found));
    assert_non_null(strstr(text, "\"handle\": "));
    handle = (HRASCONN)(UINT_PTR)strtoul(strstr(text, "\"handle\": ") + 10, NULL, 10);
    assert_int_equal(spelling->status(handle, status), ERROR_SUCCESS);
    assert_int_equal(STATUS(status)->rasconnstate, RASCS_Disconnected);
    assert_int_equal(spelling->hang_up(handle), ERROR_NO_CONNECTION);
    swprintf(line, ARRAYSIZE(line), L"ras remove %u", (unsigned int)(UINT_PTR)handle);
    assert_int_equal(napctl(line), 0);
    assert_int_equal(spelling->status(handle, status), ERROR_INVALID_HANDLE);
}

/* ---- RasHangUp ---- */

/* "After this call, the hrasconn handle can no longer be used"; "in a loop until
 * RasGetConnectStatus returns ERROR_INVALID_HANDLE". Programs also hang up until there is nothing
 * left to hang up, which Windows reports as ERROR_NO_CONNECTION. */
SPELLING_TEST(hanging_up_ends_an_entry)
{
    BYTE status[sizeof(RASCONNSTATUSW)];
    HRASCONN handle = entry_add(ENTRY, L"");
    WIN7_RASCONNW found;
    DWORD error;
    int i;

    NUMBER(status, 0) = STATUS_SIZE;
    assert_int_equal(spelling->hang_up(handle), ERROR_SUCCESS);
    for (i = 0; i < 100 && !(error = spelling->status(handle, status)); i++)
        Sleep(0);
    assert_int_equal(error, ERROR_INVALID_HANDLE);
    assert_false(connection_find(ENTRY, &found));
    assert_int_equal(spelling->hang_up(handle), ERROR_NO_CONNECTION);
    assert_int_equal(spelling->status(handle, status), ERROR_INVALID_HANDLE);
    assert_int_equal(spelling->hang_up(NULL), ERROR_INVALID_HANDLE);
    assert_int_equal(spelling->hang_up(GARBAGE_HANDLE), ERROR_INVALID_HANDLE);
}

/* ---- RasGetSubEntryHandle ---- */

SPELLING_TEST(a_connection_has_one_link)
{
    HRASCONN handle = entry_add(ENTRY, L""), link = NULL;
    BYTE status[sizeof(RASCONNSTATUSW)];

    NUMBER(status, 0) = STATUS_SIZE;
    assert_int_equal(spelling->link(handle, 1, &link), ERROR_SUCCESS);
    assert_int_equal(spelling->status(link, status), ERROR_SUCCESS);
    assert_int_equal(spelling->link(handle, 2, &link), ERROR_NO_MORE_ITEMS);
    assert_int_equal(spelling->link(handle, 0, &link), ERROR_INVALID_PARAMETER);
    assert_int_equal(spelling->link(handle, 1, NULL), ERROR_INVALID_PARAMETER);
    entry_remove(ENTRY);
    assert_int_equal(spelling->hang_up(handle), ERROR_NO_CONNECTION);
    assert_int_equal(spelling->link(handle, 1, &link), ERROR_INVALID_HANDLE);
    assert_int_equal(spelling->link(NULL, 1, &link), ERROR_INVALID_HANDLE);
}

/* ---- the agent ---- */

SPELLING_TEST(a_stopped_agent_is_an_error_at_once)
{
    BYTE status[sizeof(RASCONNSTATUSW)];
    ULONGLONG begun;
    DWORD bytes = 0, count;
    HRASCONN link;

    NUMBER(status, 0) = STATUS_SIZE;
    entry_add(ENTRY, L"");
    assert_true(agent_stop());
    begun = GetTickCount64();
    assert_int_equal(spelling->enumerate(NULL, &bytes, &count), ERROR_RASMAN_CANNOT_INITIALIZE);
    assert_int_equal(spelling->status(GARBAGE_HANDLE, status), ERROR_RASMAN_CANNOT_INITIALIZE);
    assert_int_equal(spelling->hang_up(GARBAGE_HANDLE), ERROR_RASMAN_CANNOT_INITIALIZE);
    assert_int_equal(spelling->link(GARBAGE_HANDLE, 1, &link), ERROR_RASMAN_CANNOT_INITIALIZE);
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
