/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * The administrator's dialer with the real script, under Wine: its input, its lines, its end.
 */
#include <test.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "programs/napagent/hook.h"
#include "libs/hosthook/hosthook.h"

#define PARAMETERS L"System\\CurrentControlSet\\Services\\napagent\\Parameters"
#define PASSWORD "p\xc3\xa4ss \"word\" $(id) \\"

static HANDLE port;
static struct hooks *hooks;
static char output[MAX_PATH * 3];   /* the host's path of a file for the dialer */
static WCHAR output_file[MAX_PATH]; /* our path of it */

static void set_text(const WCHAR *name, const WCHAR *value)
{
    assert_int_equal(RegSetKeyValueW(HKEY_LOCAL_MACHINE, PARAMETERS, name, REG_SZ, value,
                             (DWORD)(wcslen(value) + 1) * sizeof(*value)),
            0);
}

static void set_number(const WCHAR *name, DWORD value)
{
    assert_int_equal(
            RegSetKeyValueW(HKEY_LOCAL_MACHINE, PARAMETERS, name, REG_DWORD, &value, sizeof(value)),
            0);
}

static int create(void)
{
    char *(CDECL * unix_name)(const WCHAR *) =
            (void *)GetProcAddress(GetModuleHandleW(L"kernel32"), "wine_get_unix_file_name");
    WCHAR folder[MAX_PATH];
    char *name;

    assert_non_null(unix_name);
    GetTempPathW(MAX_PATH, folder);
    assert_true(GetTempFileNameW(folder, L"dl", 0, output_file));
    assert_non_null(name = unix_name(output_file));
    snprintf(output, sizeof(output), "%s", name);
    HeapFree(GetProcessHeap(), 0, name);
    set_text(L"Dialer", TEST_HOOK_FOLDER L"/test-dialer");
    set_number(L"DialTimeout", 20000);
    set_number(L"HookTimeout", 10000);
    port = CreateIoCompletionPort(INVALID_HANDLE_VALUE, NULL, 0, 1);
    hooks = hooks_create(port, 7);
    assert_non_null(hooks);
    return 0;
}

static int destroy(void)
{
    static const WCHAR *const values[] = {L"Dialer", L"DialTimeout", L"Hook", L"HookTimeout"};
    unsigned int i;

    hooks_destroy(hooks);
    CloseHandle(port);
    DeleteFileW(output_file);
    for (i = 0; i < ARRAYSIZE(values); i++)
        RegDeleteKeyValueW(HKEY_LOCAL_MACHINE, PARAMETERS, values[i]);
    return 0;
}

#define DIALER_TEST(name) TEST_WITH(name, create, destroy)

static HRESULT dial(uint32_t number, const char *what, const char *entry)
{
    char id[16];
    const char *arguments[] = {"dial", id, entry, "book", what, output};

    snprintf(id, sizeof(id), "%u", (unsigned int)number);
    return hooks_run_dialer(hooks, number, arguments, 6, PASSWORD, strlen(PASSWORD));
}

/* The next event; the caller frees it. */
static struct hook_event *next_event(void)
{
    OVERLAPPED *overlapped = NULL;
    ULONG_PTR key = 0;
    DWORD bytes;

    assert_true(GetQueuedCompletionStatus(port, &bytes, &key, &overlapped, 60000));
    assert_int_equal(key, 7);
    return (struct hook_event *)overlapped;
}

static void assert_line(uint32_t number, const char *line)
{
    struct hook_event *event = next_event();

    assert_int_equal(event->number, number);
    assert_false(event->ended);
    assert_string_equal(event->line, line);
    free(event);
}

static void assert_ends(uint32_t number, DWORD error, int exit_status)
{
    struct hook_event *event = next_event();

    assert_int_equal(event->number, number);
    assert_true(event->ended);
    assert_int_equal(event->result, HRESULT_FROM_WIN32(error));
    assert_int_equal(event->exit_status, exit_status);
    free(event);
}

static size_t read_file(const WCHAR *path, char *bytes, size_t capacity)
{
    HANDLE file = CreateFileW(
            path, GENERIC_READ, FILE_SHARE_READ | FILE_SHARE_WRITE, NULL, OPEN_EXISTING, 0, NULL);
    DWORD size = 0;

    if (file == INVALID_HANDLE_VALUE)
        return 0;
    if (!ReadFile(file, bytes, (DWORD)capacity - 1, &size, NULL))
        size = 0;
    CloseHandle(file);
    bytes[size] = 0;
    return size;
}

static bool folders_exist(void)
{
    WIN32_FIND_DATAW found;
    HANDLE search = FindFirstFileW(L"C:\\windows\\temp\\napagent-hook-*", &found);

    if (search == INVALID_HANDLE_VALUE)
        return false;
    FindClose(search);
    return true;
}

DIALER_TEST(it_gets_its_input_and_its_lines_come_in_order)
{
    assert_int_equal(dial(1, "echo", "5"), S_OK);
    assert_line(1, "state authenticate");
    assert_line(1, "input <" PASSWORD ">");
    assert_line(1, "no newline");
    assert_ends(1, 0, 0);
    assert_false(folders_exist());
}

DIALER_TEST(no_line_is_lost)
{
    char line[32];
    int i;

    assert_int_equal(dial(1, "lines", "5"), S_OK);
    for (i = 1; i <= 200; i++)
    {
        snprintf(line, sizeof(line), "line %d", i);
        assert_line(1, line);
    }
    assert_ends(1, 0, 5);
}

DIALER_TEST(a_line_comes_when_it_is_written)
{
    ULONGLONG first;

    assert_int_equal(dial(1, "slowly", "5"), S_OK);
    assert_line(1, "first");
    first = GetTickCount64();
    assert_line(1, "second");
    assert_true(GetTickCount64() - first > 500);
    assert_ends(1, 0, 0);
}

DIALER_TEST(long_lines_are_cut)
{
    struct hook_event *event;
    size_t total = 0;

    assert_int_equal(dial(1, "long", "5"), S_OK);
    while (total < 2500)
    {
        event = next_event();
        assert_false(event->ended);
        assert_in_range(strlen(event->line), 1, DIAL_LINE_MAX);
        assert_int_equal(strspn(event->line, "x"), strlen(event->line));
        total += strlen(event->line);
        free(event);
    }
    assert_int_equal(total, 2500);
    assert_line(1, "next");
    assert_ends(1, 0, 0);
}

/* NULs end lines, so each is an empty one here. */
DIALER_TEST(one_that_writes_without_end_is_ended)
{
    unsigned int lines = 0;
    struct hook_event *event;

    assert_int_equal(dial(1, "flood", "5"), S_OK);
    for (event = next_event(); !event->ended; event = next_event())
    {
        assert_string_equal(event->line, "");
        lines++;
        free(event);
    }
    assert_in_range(lines, DIAL_OUTPUT_MAX, DIAL_OUTPUT_MAX + 4096);
    assert_int_equal(event->result, S_OK);
    assert_int_equal(event->exit_status, 8);
    free(event);
}

DIALER_TEST(it_is_told_to_end)
{
    char text[16];

    assert_int_equal(dial(1, "wait", "5"), S_OK);
    hooks_end(hooks, 2); /* not this one */
    assert_line(1, "waits");
    hooks_end(hooks, 1);
    assert_ends(1, 0, 7);
    read_file(output_file, text, sizeof(text));
    assert_string_equal(text, "told\n");
    hooks_end(hooks, 1); /* it has ended */
}

/* At once, while the script may not even run. */
DIALER_TEST(it_is_told_to_end_at_its_start)
{
    assert_int_equal(dial(1, "wait", "5"), S_OK);
    hooks_end(hooks, 1);
    for (;;)
    {
        struct hook_event *event = next_event();
        bool ended = event->ended;
        DWORD error = HRESULT_CODE(event->result);
        int exit_status = event->exit_status;

        free(event);
        if (!ended)
            continue;
        /* Before its trap was set, by the signal. */
        assert_true(error == ERROR_CANCELLED || exit_status == 7
                    || exit_status == 128 + 15 /* SIGTERM */);
        break;
    }
}

/* Two attempts of one entry have different ids, and the host has one connection for both. */
DIALER_TEST(an_entry_is_dialed_once_at_a_time)
{
    assert_int_equal(dial(1, "wait", "5"), S_OK);
    assert_int_equal(dial(2, "echo", "5"), S_OK);
    assert_int_equal(dial(3, "echo", "6"), S_OK);
    assert_line(1, "waits");
    assert_line(3, "state authenticate");
    assert_line(3, "input <" PASSWORD ">");
    assert_line(3, "no newline");
    assert_ends(3, 0, 0);
    hooks_end(hooks, 1);
    assert_ends(1, 0, 7);
    assert_line(2, "state authenticate");
    assert_line(2, "input <" PASSWORD ">");
    assert_line(2, "no newline");
    assert_ends(2, 0, 0);
}

DIALER_TEST(one_that_waits_for_its_turn_never_begins)
{
    char text[16];

    assert_int_equal(dial(1, "wait", "5"), S_OK);
    assert_int_equal(dial(2, "wait", "5"), S_OK);
    assert_line(1, "waits");
    hooks_end(hooks, 2);
    assert_ends(2, ERROR_CANCELLED, 0);
    hooks_end(hooks, 1);
    assert_ends(1, 0, 7);
    read_file(output_file, text, sizeof(text));
    assert_string_equal(text, "told\n");
}

/* An agent was killed: the next one knows nothing of its dialers, so they end. */
DIALER_TEST(it_ends_when_another_agent_starts)
{
    ULONGLONG until = GetTickCount64() + 30000;
    char text[16] = "";

    assert_int_equal(dial(1, "wait", "5"), S_OK);
    assert_line(1, "waits");
    hook_folders_clean(HOOK_FOLDERS);
    while (!read_file(output_file, text, sizeof(text)) && GetTickCount64() < until)
        Sleep(50);
    assert_string_equal(text, "told\n");
}

DIALER_TEST(a_hang_is_ended_at_its_time)
{
    set_number(L"DialTimeout", 1000);
    assert_int_equal(dial(1, "wait", "5"), S_OK);
    assert_line(1, "waits");
    assert_ends(1, ERROR_TIMEOUT, 0);
}

/* The end is the dialer's, whatever it leaves running with its standard output. */
DIALER_TEST(what_it_leaves_running_runs_on)
{
    char text[64];
    WCHAR path[64];
    ULONGLONG begun = GetTickCount64();

    assert_int_equal(dial(1, "daemon", "5"), S_OK);
    assert_line(1, "interface tun9");
    assert_ends(1, 0, 0);
    assert_true(GetTickCount64() - begun < 30000);
    read_file(output_file, text, sizeof(text));
    assert_true(atoi(text) > 1);
    swprintf(path, 64, L"\\\\?\\unix\\proc\\%d\\cmdline", atoi(text));
    assert_true(read_file(path, text, sizeof(text)) > 5);
    assert_string_equal(text, "sleep");
}

/* Neither its arguments nor its environment have the password, nor has any file of the run. */
DIALER_TEST(the_password_is_nowhere_else)
{
    char text[8192];
    size_t size, i;

    assert_int_equal(dial(1, "see", "5"), S_OK);
    assert_ends(1, 0, 0);
    size = read_file(output_file, text, sizeof(text));
    for (i = 0; i < size; i++)
        if (!text[i])
            text[i] = ' ';
    assert_non_null(strstr(text, "test-dialer dial 1 5 book see"));
    assert_null(strstr(text, "word"));
    assert_null(strstr(text, "/input"));
}

/* Without an input it is a hook: no lines, HookTimeout. */
DIALER_TEST(it_hangs_up_as_a_hook)
{
    const char *arguments[] = {"hang-up", "1", "5", "book", "echo", output};

    assert_int_equal(hooks_run_dialer(hooks, 1, arguments, 6, NULL, 0), S_OK);
    assert_ends(1, 0, 0);
    set_number(L"HookTimeout", 1000);
    arguments[4] = "wait";
    assert_int_equal(hooks_run_dialer(hooks, 2, arguments, 6, NULL, 0), S_OK);
    assert_ends(2, ERROR_TIMEOUT, 0);
}

DIALER_TEST(the_program_is_the_dialer_not_the_hook)
{
    set_text(L"Hook", TEST_HOOK_FOLDER L"/test-hook");
    RegDeleteKeyValueW(HKEY_LOCAL_MACHINE, PARAMETERS, L"Dialer");
    assert_int_equal(dial(1, "echo", "5"), HRESULT_FROM_WIN32(ERROR_NOT_FOUND));
    set_text(L"Dialer", L"dialer");
    assert_int_equal(dial(1, "echo", "5"), HRESULT_FROM_WIN32(ERROR_BAD_PATHNAME));
    set_text(L"Dialer", L"/nonexistent/dialer");
    assert_int_equal(dial(1, "echo", "5"), S_OK);
    assert_ends(1, ERROR_FILE_NOT_FOUND, 0);
}

/* Dialers take long: as many as may dial at once keep no hook waiting. */
DIALER_TEST(dialers_keep_no_hook_waiting)
{
    const char *arguments[] = {"succeed", "99", output};
    char connection[8];
    int i;

    set_text(L"Hook", TEST_HOOK_FOLDER L"/test-hook");
    for (i = 0; i < HOOKS_AT_ONCE; i++)
    {
        snprintf(connection, sizeof(connection), "%d", i);
        assert_int_equal(dial((uint32_t)(10 + i), "wait", connection), S_OK);
    }
    for (i = 0; i < HOOKS_AT_ONCE; i++)
    {
        struct hook_event *event = next_event();

        assert_string_equal(event->line, "waits");
        free(event);
    }
    assert_int_equal(hooks_run(hooks, 1, arguments, 3), S_OK);
    assert_ends(1, 0, 0);
    for (i = 0; i < HOOKS_AT_ONCE; i++)
        hooks_end(hooks, (uint32_t)(10 + i));
    for (i = 0; i < HOOKS_AT_ONCE; i++)
    {
        struct hook_event *event = next_event();

        assert_true(event->ended);
        assert_int_equal(event->exit_status, 7);
        free(event);
    }
}

TEST_MAIN(NULL, NULL)
