/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * The disk of the journal is really full: it is a small one, and this program fills it. Each change
 * is rejected with ERROR_DISK_FULL, and the agent and the next one keep the old state; when space
 * is free again, every change is possible. Run by durable.sh, which has mounted the disk.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <windows.h>

#include "libs/journal/journal.h"
#include "tests/conformance/agent.h"
#include "tests/soak/held.h"
#include "tests/soak/soak.h"

#define CLIENT_ID 0x00abc2e1u
#define AGENT_ID 0x00abc2e3u
#define DISK_FULL HRESULT_FROM_WIN32(ERROR_DISK_FULL)
#define LARGEST (1 << 20) /* bytes: a larger disk is not the small one */
#define FILLER L"filler"

static struct held held;

static const struct
{
    enum held_kind kind;
    uint32_t number;
    bool fixed;
    int at_first, wanted;
} rows[] = {
        {HELD_CLIENT, CLIENT_ID, false, 0, 1}, {HELD_AGENT, AGENT_ID, false, 2, 1},
        {HELD_CLIENT, 79617, true, 2, 1}, {HELD_RRAS, 20, false, 1, 2},
        {HELD_RRAS, 21, false, 0, 1}, {HELD_RAS, 8, false, 1, 2}, {HELD_PATTERNS, 0, false, 1, 2},
        {HELD_SERVER, 0, false, 0, 1},
        {HELD_CLIENT, 79623, true, 2, 1}, /* fills the journal's zeros, and then the disk */
};
#define CHANGES (ARRAYSIZE(rows) - 1)
#define FILLING CHANGES

static HRESULT ask(unsigned int which, int wanted)
{
    struct agent_session session;
    HRESULT hr = agent_session_open(&session, true);

    if (FAILED(hr))
        die("the agent is not there: %#lx", hr);
    held.items[which].wanted = wanted;
    hr = held_change(&held.items[which], &session);
    agent_session_close(&session);
    return hr;
}

static bool all_as_before(void)
{
    struct agent_session session;
    bool same = true;
    unsigned int i;
    HRESULT hr = agent_session_open(&session, true);

    if (FAILED(hr) || FAILED(hr = held_read(&held, &session)))
        die("the agent does not say what it has: %#lx", hr);
    agent_session_close(&session);
    for (i = 0; i < held.count; i++)
        if (held.items[i].found != held.items[i].state)
        {
            printf("%s is %d and was %d\n", held_name(&held.items[i]), held.items[i].found,
                    held.items[i].state);
            same = false;
        }
    return same;
}

static const WCHAR *path_of(const WCHAR *name)
{
    static WCHAR path[MAX_PATH];

    GetSystemWindowsDirectoryW(path, MAX_PATH - 64);
    wcscat(path, sizeof(void *) == 8 ? L"\\system32\\config\\" : L"\\sysnative\\config\\");
    return wcscat(path, name);
}

static DWORD size_of_journal(void)
{
    WIN32_FILE_ATTRIBUTE_DATA data;

    if (!GetFileAttributesExW(path_of(L"napagent.journal"), GetFileExInfoStandard, &data))
        die("there is no journal: error %lu", GetLastError());
    return data.nFileSizeLow;
}

/* Leaves one block free: the journal's next records fit into it, its zeros do not. */
static void fill_disk(void)
{
    HANDLE file = CreateFileW(path_of(FILLER), GENERIC_WRITE, 0, NULL, CREATE_ALWAYS, 0, NULL);
    static const char block[4096];
    DWORD size = sizeof(block), written, all = 0;

    if (file == INVALID_HANDLE_VALUE)
        die("the disk cannot be filled: error %lu", GetLastError());
    for (;;)
    {
        if (WriteFile(file, block, size, &written, NULL) && written)
        {
            if ((all += written) > LARGEST)
                die("this is no small disk");
        }
        else if (size == 1)
            break;
        else
            size = 1;
    }
    if (SetFilePointer(file, -(LONG)sizeof(block), NULL, FILE_END) == INVALID_SET_FILE_POINTER
            || !SetEndOfFile(file))
        die("no block can be left free: error %lu", GetLastError());
    CloseHandle(file);
}

/* The journal's zeros, and then that block, still hold some small changes. */
static void fill_journal(void)
{
    unsigned int tries;
    HRESULT hr = S_OK;

    for (tries = 0; SUCCEEDED(hr); tries++)
    {
        if (tries == 2 * JOURNAL_STEP / 79)
            die("the disk does not get full");
        hr = ask(FILLING, 3 - held.items[FILLING].state);
    }
    if (hr != DISK_FULL)
        die("the first change that is refused is refused with %#lx", hr);
}

int main(void)
{
    unsigned int i, refused = 0, kept = 0, changed = 0;
    char text[4096];
    DWORD size;
    HRESULT hr;
    int code;

    for (i = 0; i < ARRAYSIZE(rows); i++)
        held_add(&held, rows[i].kind, rows[i].number, rows[i].fixed, false);
    all_as_before(); /* removes what others have left */
    for (i = 0; i < ARRAYSIZE(rows); i++)
    {
        held.items[i].state = held.items[i].found;
        if (rows[i].at_first != held.items[i].state && FAILED(hr = ask(i, rows[i].at_first)))
            die("%s cannot be made: %#lx", held_name(&held.items[i]), hr);
    }
    if (!all_as_before())
        die("what was made is not there");
    fill_disk();
    fill_journal();
    size = size_of_journal();
    for (i = 0; i < CHANGES; i++)
    {
        hr = ask(i, rows[i].wanted);
        if (hr == DISK_FULL)
            refused++;
        else
            printf("%s: %#lx\n", held_name(&held.items[i]), hr);
        kept += all_as_before();
    }
    code = napctl_says(L"rras add --user carol --computer "
                       L"carols-computer-with-a-name-that-does-not-fit-into-the-rest",
            text, sizeof(text));
    text[strcspn(text, "\r\n")] = 0;
    check(code == 1 && strstr(text, "the disk is full"), "napctl says that the disk is full",
            "exit code %d, '%s'", code, text);
    check(agent_kill() && agent_start() && all_as_before(), "the next agent has the old state",
            "it has not");
    if (!DeleteFileW(path_of(FILLER)))
        die("there is no room again: error %lu", GetLastError());
    for (i = 0; i < CHANGES; i++)
        changed += SUCCEEDED(ask(i, rows[i].wanted));
    printf("full disk: %u changes of %u are refused, the state kept %u times\n", refused,
            (unsigned int)CHANGES, kept);
    check(size > JOURNAL_STEP && size <= JOURNAL_STEP + 4096,
            "changes are taken until the disk has no space for their record", "%lu bytes", size);
    check(refused == CHANGES, "each change on a full disk is refused with ERROR_DISK_FULL",
            "%u of %u", refused, (unsigned int)CHANGES);
    check(kept == CHANGES, "the agent keeps the old state on a full disk", "%u of %u", kept,
            (unsigned int)CHANGES);
    check(changed == CHANGES && all_as_before(), "all can be changed when there is room again",
            "%u of %u", changed, (unsigned int)CHANGES);
    check(agent_kill() && agent_start() && all_as_before(), "the next agent has the new state",
            "it has not");
    return checks_failed();
}
