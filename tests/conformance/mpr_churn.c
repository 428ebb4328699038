/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Paging while connections come and go: one process adds and removes 100 a second through `napctl
 * rras load -`, this one pages through with small buffers, both for ten seconds. No connection
 * appears twice, and none that was there throughout is missing.
 */

#include <test.h>
#include <stdio.h>
#include <string.h>

#include "agent.h"
#include "mpr_fixture.h"

#include <stdlib.h>

#include "process.h"

#define STEADY 200     /* connections that stay */
#define RATE 100       /* added, and removed, a second */
#define DURATION 10000 /* ms */

/* Feeds napctl: each tenth of a second adds ten and removes those of half a second ago. */
struct feed
{
    HANDLE to, from;
    DWORD added, removed;
};

static DWORD read_id(HANDLE from)
{
    char text[16];
    DWORD size = 0, done;

    while (size < sizeof(text) - 1 && ReadFile(from, text + size, 1, &done, NULL) && done)
        if (text[size++] == '\n')
            break;
    text[size] = 0;
    return strtoul(text, NULL, 10);
}

static DWORD WINAPI feed(void *argument)
{
    struct feed *feed = argument;
    static DWORD ids[RATE * DURATION / 1000];
    DWORD begun = GetTickCount(), done, i;

    for (i = 0; i < ARRAYSIZE(ids) || feed->removed < feed->added; i++)
    {
        char line[96];
        DWORD due = begun + i * 1000 / RATE, now = GetTickCount();

        if (i < ARRAYSIZE(ids))
        {
            if ((int)(due - now) > 0)
                Sleep(due - now);
            sprintf(line, "add --user churn%lu --port C-%lu\n", i, i);
            WriteFile(feed->to, line, (DWORD)strlen(line), &done, NULL);
            if (!(ids[feed->added] = read_id(feed->from)))
                return 1;
            feed->added++;
        }
        if (i >= RATE / 2)
        {
            sprintf(line, "remove %lu\n", ids[feed->removed++]);
            WriteFile(feed->to, line, (DWORD)strlen(line), &done, NULL);
        }
    }
    CloseHandle(feed->to);
    return 0;
}

static HANDLE start_feed(struct feed *churn, HANDLE *thread)
{
    SECURITY_ATTRIBUTES inheritable = {sizeof(inheritable), NULL, TRUE};
    STARTUPINFOW startup = {.cb = sizeof(startup), .dwFlags = STARTF_USESTDHANDLES};
    WCHAR line[MAX_PATH + 64], directory[MAX_PATH];
    PROCESS_INFORMATION process;
    BOOL wow64 = FALSE;

    IsWow64Process(GetCurrentProcess(), &wow64);
    GetWindowsDirectoryW(directory, MAX_PATH);
    swprintf(line, ARRAYSIZE(line), L"\"%ls\\%ls\\napctl.exe\" rras load -", directory,
            wow64 ? L"sysnative" : L"system32");
    assert_true(CreatePipe(&startup.hStdInput, &churn->to, &inheritable, 0));
    assert_true(CreatePipe(&churn->from, &startup.hStdOutput, &inheritable, 0));
    SetHandleInformation(churn->to, HANDLE_FLAG_INHERIT, 0);
    SetHandleInformation(churn->from, HANDLE_FLAG_INHERIT, 0);
    startup.hStdError = GetStdHandle(STD_ERROR_HANDLE);
    assert_true(start_process(line, TRUE, &startup, &process));
    CloseHandle(startup.hStdInput);
    CloseHandle(startup.hStdOutput);
    CloseHandle(process.hThread);
    *thread = CreateThread(NULL, 0, feed, churn, 0, NULL);
    assert_non_null(*thread);
    return process.hProcess;
}

/* Enumerates all once, 1 to 9 entries at a time. */
static DWORD walk(DWORD round, const DWORD *steady)
{
    DWORD resume = 0, error, read, total, last = 0, seen = 0, next = 0, i;
    RAS_CONNECTION_3 *page;

    do
    {
        DWORD length = (DWORD)sizeof(*page) * (1 + round % 9);

        error = MprAdminConnectionEnum(server, 3, (BYTE **)&page, length, &read, &total, &resume);
        if (error != NO_ERROR && error != ERROR_MORE_DATA)
            fail_msg("error %lu", error);
        assert_true(read <= 1 + round % 9);
        assert_true(total >= read);
        for (i = 0; i < read; i++)
        {
            DWORD id = (DWORD)(ULONG_PTR)page[i].hConnection;

            if (id <= last)
                fail_msg("%lu came twice, or out of order", id);
            last = id;
            if (next < STEADY && id == steady[next])
                next++;
            else if (wcsncmp(page[i].wszUserName, L"churn", 5))
                fail_msg("\"%ls\" is nobody who came", page[i].wszUserName);
            seen++;
        }
        MprAdminBufferFree(page);
    } while (error == ERROR_MORE_DATA);
    if (next != STEADY)
        fail_msg("%lu was there throughout and is missing", steady[next]);
    return seen;
}

MPR_TEST(paging_is_stable_under_churn)
{
    static char lines[STEADY * 32];
    DWORD steady[STEADY], begun, rounds = 0, seen = 0, i, code;
    struct feed churn = {0};
    HANDLE process, thread;

    for (i = 0; i < STEADY; i++)
        sprintf(lines + strlen(lines), "--user steady%lu\n", i);
    assert_int_equal(rras_load(lines, steady, STEADY), STEADY);
    process = start_feed(&churn, &thread);
    for (begun = GetTickCount(); GetTickCount() - begun < DURATION; rounds++)
        seen += walk(rounds, steady);
    assert_int_equal(WaitForSingleObject(thread, 30000), WAIT_OBJECT_0);
    assert_true(GetExitCodeThread(thread, &code));
    assert_int_equal(code, 0);
    assert_int_equal(WaitForSingleObject(process, 30000), WAIT_OBJECT_0);
    assert_true(GetExitCodeProcess(process, &code));
    assert_int_equal(code, 0);
    assert_int_equal(churn.added, RATE * DURATION / 1000);
    assert_int_equal(churn.removed, churn.added);
    print_message(
            "%lu walks, %lu entries, %lu added and removed meanwhile\n", rounds, seen, churn.added);
    assert_true(rounds >= 5);
    assert_true(seen > rounds * STEADY); /* it also saw the others */
    CloseHandle(churn.from);
    CloseHandle(thread);
    CloseHandle(process);
    assert_int_equal(walk(0, steady), STEADY);
}

TEST_MAIN(mpr_setup, mpr_teardown)
