/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * The administrator's hook with the real script, under Wine.
 */
#include <test.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "programs/napagent/hook.h"
#include "libs/hosthook/hosthook.h"

#define PARAMETERS L"System\\CurrentControlSet\\Services\\napagent\\Parameters"
#define KEY 7

static HANDLE port;
static struct hooks *hooks;
static char output[MAX_PATH * 3];   /* the host's path of the hook's output file */
static WCHAR output_file[MAX_PATH]; /* our path of it */

static void set_hook(const WCHAR *path)
{
    assert_int_equal(RegSetKeyValueW(HKEY_LOCAL_MACHINE, PARAMETERS, L"Hook", REG_SZ, path,
                             (DWORD)(wcslen(path) + 1) * sizeof(*path)),
            0);
}

static void set_timeout(DWORD ms)
{
    assert_int_equal(RegSetKeyValueW(HKEY_LOCAL_MACHINE, PARAMETERS, L"HookTimeout", REG_DWORD, &ms,
                             sizeof(ms)),
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
    assert_true(GetTempFileNameW(folder, L"hk", 0, output_file));
    assert_non_null(name = unix_name(output_file));
    snprintf(output, sizeof(output), "%s", name);
    HeapFree(GetProcessHeap(), 0, name);
    set_hook(TEST_HOOK_FOLDER L"/test-hook");
    set_timeout(10000);
    port = CreateIoCompletionPort(INVALID_HANDLE_VALUE, NULL, 0, 1);
    hooks = hooks_create(port, KEY);
    assert_non_null(hooks);
    return 0;
}

static int destroy(void)
{
    hooks_destroy(hooks);
    CloseHandle(port);
    DeleteFileW(output_file);
    RegDeleteKeyValueW(HKEY_LOCAL_MACHINE, PARAMETERS, L"Hook");
    RegDeleteKeyValueW(HKEY_LOCAL_MACHINE, PARAMETERS, L"HookTimeout");
    return 0;
}

#define HOOK_TEST(name) TEST_WITH(name, create, destroy)

static HRESULT run(uint32_t number, const char *what, const char *connection)
{
    const char *arguments[] = {what, connection, output};

    return hooks_run(hooks, number, arguments, 3);
}

static struct hook_event next_end(void)
{
    OVERLAPPED *overlapped = NULL;
    struct hook_event end;
    ULONG_PTR key = 0;
    DWORD bytes;

    assert_true(GetQueuedCompletionStatus(port, &bytes, &key, &overlapped, 30000));
    assert_int_equal(key, KEY);
    end = *(struct hook_event *)overlapped;
    free(overlapped);
    return end;
}

static void assert_ends(uint32_t number, DWORD error, int exit_status)
{
    struct hook_event end = next_end();

    assert_int_equal(end.number, number);
    assert_int_equal(end.result, HRESULT_FROM_WIN32(error));
    assert_int_equal(end.exit_status, exit_status);
}

static size_t read_output(char *bytes, size_t capacity)
{
    HANDLE file = CreateFileW(output_file, GENERIC_READ, FILE_SHARE_READ | FILE_SHARE_WRITE, NULL,
            OPEN_EXISTING, 0, NULL);
    DWORD size = 0;

    assert_ptr_not_equal(file, INVALID_HANDLE_VALUE);
    assert_true(ReadFile(file, bytes, (DWORD)capacity - 1, &size, NULL));
    CloseHandle(file);
    bytes[size] = 0;
    return size;
}

/* True if the process that wrote its id runs, by the host's /proc: it may still wait for its parent
 * to reap it. */
static bool writer_lives(void)
{
    char text[512], *state;
    WCHAR path[64];
    HANDLE file;
    DWORD size = 0;

    read_output(text, sizeof(text));
    assert_true(atoi(text) > 1);
    swprintf(path, 64, L"\\\\?\\unix\\proc\\%d\\stat", atoi(text));
    file = CreateFileW(path, GENERIC_READ, FILE_SHARE_READ, NULL, OPEN_EXISTING, 0, NULL);
    if (file == INVALID_HANDLE_VALUE)
        return false;
    if (!ReadFile(file, text, sizeof(text) - 1, &size, NULL))
        size = 0;
    CloseHandle(file);
    text[size] = 0;
    state = strrchr(text, ')');
    return state && state[1] && state[2] != 'Z';
}

static unsigned int folders(void)
{
    WIN32_FIND_DATAW found;
    HANDLE search = FindFirstFileW(L"C:\\windows\\temp\\napagent-hook-*", &found);
    unsigned int count = 0;

    if (search == INVALID_HANDLE_VALUE)
        return 0;
    do
        count++;
    while (FindNextFileW(search, &found));
    FindClose(search);
    return count;
}

HOOK_TEST(success_and_failure_are_told_apart)
{
    assert_int_equal(run(1, "succeed", "5"), S_OK);
    assert_ends(1, 0, 0);
    assert_int_equal(run(2, "fail", "5"), S_OK);
    assert_ends(2, 0, 3);
    assert_int_equal(run(3, "signal", "5"), S_OK);
    assert_ends(3, 0, 128 + 9);
    assert_int_equal(folders(), 0);
}

HOOK_TEST(a_missing_program_is_said_to_be_missing)
{
    set_hook(L"/nonexistent/hook");
    assert_int_equal(run(1, "succeed", "5"), S_OK);
    assert_ends(1, ERROR_FILE_NOT_FOUND, 0);
    set_hook(TEST_HOOK_FOLDER L"/meson.build"); /* there, but not executable */
    assert_int_equal(run(2, "succeed", "5"), S_OK);
    assert_ends(2, ERROR_FILE_NOT_FOUND, 0);
    set_hook(TEST_HOOK_FOLDER); /* a folder */
    assert_int_equal(run(3, "succeed", "5"), S_OK);
    assert_ends(3, ERROR_FILE_NOT_FOUND, 0);
}

HOOK_TEST(a_hook_that_hangs_is_ended)
{
    ULONGLONG before = GetTickCount64();

    set_timeout(1000);
    assert_int_equal(run(1, "hang", "5"), S_OK);
    assert_true(GetTickCount64() - before < 500); /* no parent waited for it */
    assert_ends(1, ERROR_TIMEOUT, 0);
    assert_in_range(GetTickCount64() - before, 1000, 10000);
    assert_false(writer_lives());
    assert_int_equal(folders(), 0);
}

HOOK_TEST(a_hook_that_ignores_SIGTERM_is_killed)
{
    set_timeout(1000);
    assert_int_equal(run(1, "hang-hard", "5"), S_OK);
    assert_ends(1, ERROR_TIMEOUT, 0);
    assert_false(writer_lives());
}

/* 0 means no limit to timeout(1); to us it means the default. */
HOOK_TEST(no_timeout_is_the_default)
{
    ULONGLONG before = GetTickCount64();

    set_timeout(0);
    assert_int_equal(run(1, "hang", "5"), S_OK);
    assert_ends(1, ERROR_TIMEOUT, 0);
    assert_in_range(
            GetTickCount64() - before, HOOK_DEFAULT_TIMEOUT - 100, HOOK_DEFAULT_TIMEOUT + 8000);
}

/* Values with a meaning for a shell, cmd or a command line */
HOOK_TEST(values_arrive_as_they_are)
{
    static const char *const values[] = {"$(touch /tmp/napagent-hook-was-here)", "`id`", "a b",
            "\"", "'", "two\nlines\r\n", "", "*", "; exit 9", "\\\\server\\share\\", "%PATH%", "-n",
            "\xc3\xa9\xe2\x82\xac", "\xf0\x9f\x98\x80", "&|<>(){}[]!#~", "ends with \\"};
    const char *arguments[3 + 16] = {"record", "5", output};
    char recorded[4096], *argument = recorded;
    size_t size, i;

    memcpy(&arguments[3], values, sizeof(values));
    assert_int_equal(hooks_run(hooks, 1, arguments, 19), S_OK);
    assert_ends(1, 0, 0);
    size = read_output(recorded, sizeof(recorded));
    for (i = 0; i < 16; i++)
    {
        assert_string_equal(argument, values[i]);
        argument += strlen(argument) + 1;
    }
    assert_int_equal(argument - recorded, size);
    assert_int_equal(GetFileAttributesW(L"\\\\?\\unix\\tmp\\napagent-hook-was-here"),
            INVALID_FILE_ATTRIBUTES);
}

/* No variable of the agent's environment reaches the hook or affects the script. */
HOOK_TEST(the_environment_is_clean)
{
    char environment[8192], *line;

    SetEnvironmentVariableW(L"BASH_ENV", TEST_HOOK_FOLDER L"/test-hook");
    SetEnvironmentVariableW(L"LD_PRELOAD_NOT", L"1");
    SetEnvironmentVariableW(L"Hook", L"/bin/false");
    assert_int_equal(run(1, "environment", "5"), S_OK);
    assert_ends(1, 0, 0);
    read_output(environment, sizeof(environment));
    assert_non_null(strstr(environment, "WINEPREFIX=/"));
    for (line = strtok(environment, "\n"); line; line = strtok(NULL, "\n"))
        if (strncmp(line, "PATH=/usr/local/sbin:", 21) && strncmp(line, "HOME=", 5)
                && strncmp(line, "LANG=C.UTF-8", 12) && strncmp(line, "WINEPREFIX=", 11)
                && strncmp(line, "PWD=/", 5) && strncmp(line, "SHLVL=", 6)
                && strncmp(line, "_=", 2))
            fail_msg("the hook's environment has %s", line);
    SetEnvironmentVariableW(L"BASH_ENV", NULL);
    SetEnvironmentVariableW(L"LD_PRELOAD_NOT", NULL);
    SetEnvironmentVariableW(L"Hook", NULL);
}

HOOK_TEST(only_HKLM_is_asked)
{
    static const WCHAR path[] = TEST_HOOK_FOLDER L"/test-hook";

    RegDeleteKeyValueW(HKEY_LOCAL_MACHINE, PARAMETERS, L"Hook");
    assert_int_equal(
            RegSetKeyValueW(HKEY_CURRENT_USER, PARAMETERS, L"Hook", REG_SZ, path, sizeof(path)), 0);
    assert_int_equal(RegSetKeyValueW(HKEY_CURRENT_USER, L"Software\\napagent", L"Hook", REG_SZ,
                             path, sizeof(path)),
            0);
    assert_int_equal(run(1, "succeed", "5"), HRESULT_FROM_WIN32(ERROR_NOT_FOUND));
    RegDeleteTreeW(HKEY_CURRENT_USER, L"System\\CurrentControlSet\\Services\\napagent");
    RegDeleteTreeW(HKEY_CURRENT_USER, L"Software\\napagent");
    set_hook(L"");
    assert_int_equal(run(1, "succeed", "5"), HRESULT_FROM_WIN32(ERROR_NOT_FOUND));
}

HOOK_TEST(what_is_no_path_of_the_host_is_refused)
{
    set_hook(L"C:\\windows\\system32\\cmd.exe");
    assert_int_equal(run(1, "succeed", "5"), HRESULT_FROM_WIN32(ERROR_BAD_PATHNAME));
    set_hook(L"hook.sh");
    assert_int_equal(run(1, "succeed", "5"), HRESULT_FROM_WIN32(ERROR_BAD_PATHNAME));
}

HOOK_TEST(one_connections_runs_keep_their_order)
{
    static const char *const expected[] = {"+6\n-6\n+6\n-6\n"};
    char text[256];

    assert_int_equal(run(1, "slow", "6"), S_OK);
    assert_int_equal(run(2, "slow", "6"), S_OK);
    assert_ends(1, 0, 0);
    assert_ends(2, 0, 0);
    read_output(text, sizeof(text));
    assert_string_equal(text, expected[0]);
}

/* A hang for one connection does not delay the others; many hooks do not all start at once. */
HOOK_TEST(runs_of_different_connections_overlap_within_bounds)
{
    int now = 0, most = 0, i, ended = 0;
    char text[1024], connection[16], *c;

    for (i = 0; i < 20; i++)
    {
        snprintf(connection, sizeof(connection), "%d", i);
        assert_int_equal(run(100 + i, "slow", connection), S_OK);
    }
    for (i = 0; i < 20; i++)
        ended |= 1 << (next_end().number - 100);
    assert_int_equal(ended, (1 << 20) - 1);
    read_output(text, sizeof(text));
    for (c = text; *c; c++)
    {
        now += *c == '+';
        now -= *c == '-';
        if (now > most)
            most = now;
    }
    assert_int_equal(now, 0);
    assert_in_range(most, 2, HOOKS_AT_ONCE);
}

HOOK_TEST(stopping_does_not_wait_for_a_hang)
{
    ULONGLONG before, until = GetTickCount64() + 10000;

    DeleteFileW(output_file);
    assert_int_equal(run(1, "hang", "5"), S_OK);
    assert_int_equal(run(2, "succeed", "5"), S_OK); /* its turn never comes */
    while (GetFileAttributesW(output_file) == INVALID_FILE_ATTRIBUTES && GetTickCount64() < until)
        Sleep(10);
    assert_true(GetTickCount64() < until); /* the hang has begun */
    before = GetTickCount64();
    hooks_destroy(hooks);
    assert_true(GetTickCount64() - before < 1000);
    hooks = NULL;

    /* The next agent removes the leftovers. */
    assert_int_equal(folders(), 1);
    hook_folders_clean(HOOK_FOLDERS);
    hooks = hooks_create(port, KEY);
    assert_non_null(hooks);
    assert_int_equal(run(3, "succeed", "5"), S_OK);
    assert_ends(3, 0, 0);
    assert_int_equal(folders(), 0);
}

TEST_MAIN(NULL, NULL)
