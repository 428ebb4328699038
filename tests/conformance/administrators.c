/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Two administrators register, unregister, enable and disable at once: the agent and its registry
 * agree in the end, and no change is lost.
 */

#include "enforcer.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "process.h"

#define AGENT_KEY L"System\\CurrentControlSet\\Services\\napagent"
#define QECS AGENT_KEY L"\\Qecs"
#define SHAS AGENT_KEY L"\\Shas"

#define SHARED 11259700u /* the component that both register */
#define FIRST_OWN 11259701u
#define OWN_COUNT 3
#define ROUNDS 12

/* The changes of one. Returns how often it registered SHARED more than it unregistered it, plus
 * 100; 0 for a failure. */
static int administrate(unsigned int which)
{
    DWORD own = FIRST_OWN + which * OWN_COUNT;
    int round, i, shared = 100;
    WCHAR arguments[100];
    HRESULT hr;

    for (round = 0; round < ROUNDS; round++)
    {
        for (i = 0; i < OWN_COUNT; i++)
        {
            if (round
                    && (unregister_health_agent(own + i) != S_OK
                            || unregister_enforcement_client(own + i) != S_OK))
                return 0;
            if (register_health_agent(own + i) != S_OK
                    || register_enforcement_client(own + i) != S_OK)
                return 0;
        }
        hr = register_health_agent(SHARED);
        if (hr == S_OK)
            shared++;
        else if (hr != NAP_E_CONFLICTING_ID)
            return 0;
        /* One enables what the other disables. */
        swprintf(arguments, ARRAYSIZE(arguments), L"enforcement %ls 79617",
                (round + which) % 2 ? L"enable" : L"disable");
        if (napctl(arguments))
            return 0;
        hr = unregister_health_agent(SHARED);
        if (hr == S_OK)
            shared--;
        else if (hr != NAP_E_NOT_REGISTERED)
            return 0;
    }
    if (which && register_health_agent(SHARED) == S_OK)
        shared++;
    swprintf(arguments, ARRAYSIZE(arguments), L"enforcement enable %lu", own);
    if (napctl(arguments))
        return 0;
    swprintf(arguments, ARRAYSIZE(arguments), L"agent disable %lu", own);
    if (napctl(arguments))
        return 0;
    return shared;
}

static HANDLE start_administrator(unsigned int which)
{
    WCHAR path[MAX_PATH], line[MAX_PATH + 32];
    STARTUPINFOW startup = {.cb = sizeof(startup)};
    PROCESS_INFORMATION process;

    GetModuleFileNameW(NULL, path, MAX_PATH);
    swprintf(line, ARRAYSIZE(line), L"\"%ls\" administrate %u", path, which);
    assert_true(start_process(line, FALSE, &startup, &process));
    CloseHandle(process.hThread);
    return process.hProcess;
}

static DWORD stored(const WCHAR *root, DWORD id, const WCHAR *name)
{
    DWORD value = 77, size = sizeof(value);
    WCHAR path[512];

    swprintf(path, ARRAYSIZE(path), L"%ls\\%lu", root, id);
    RegGetValueW(HKEY_LOCAL_MACHINE, path, name, RRF_RT_REG_DWORD, NULL, &value, &size);
    return value;
}

static DWORD stored_count(const WCHAR *root)
{
    DWORD count = 0;
    HKEY key;

    assert_int_equal(RegOpenKeyExW(HKEY_LOCAL_MACHINE, root, 0, KEY_READ, &key), ERROR_SUCCESS);
    RegQueryInfoKeyW(key, NULL, NULL, NULL, &count, NULL, NULL, NULL, NULL, NULL, NULL, NULL);
    RegCloseKey(key);
    return count;
}

static bool shows_enabled(DWORD id, bool health_agent, bool enabled)
{
    static char text[65536];
    char words[32];
    char *at;

    assert_int_equal(napctl_says(L"show state --json", text, sizeof(text)), 0);
    at = strstr(text, health_agent ? "\"healthAgents\"" : "\"enforcementClients\"");
    snprintf(words, sizeof(words), "\"id\": %lu,", (unsigned long)id);
    assert_non_null(at = strstr(at, words));
    assert_non_null(at = strstr(at, "\"enabled\": "));
    return !strncmp(at + 11, enabled ? "true" : "false", enabled ? 4 : 5);
}

static void assert_agent_and_registry_agree(bool shared)
{
    unsigned int which;
    DWORD i;

    assert_int_equal(stored_count(QECS), enforcement_client_count());
    assert_int_equal(stored_count(SHAS), health_agent_count());
    for (which = 0; which < 2; which++)
        for (i = 0; i < OWN_COUNT; i++)
        {
            DWORD id = FIRST_OWN + which * OWN_COUNT + i;

            assert_true(is_registered(true, id) && is_registered(false, id));
            assert_int_equal(stored(QECS, id, L"Enabled"), !i);
            assert_int_equal(stored(SHAS, id, L"Enabled"), i != 0);
            assert_true(shows_enabled(id, false, !i));
            assert_true(shows_enabled(id, true, i != 0));
        }
    assert_int_equal(is_registered(true, SHARED), shared);
    assert_int_equal(stored(SHAS, SHARED, L"Enabled"), shared ? 1 : 77);
    assert_true(shows_enabled(79617, false, stored(QECS, 79617, L"Enabled") == 1));
}

static int administrators_end(void)
{
    unsigned int i;

    for (i = 0; i < 2 * OWN_COUNT; i++)
    {
        unregister_health_agent(FIRST_OWN + i);
        unregister_enforcement_client(FIRST_OWN + i);
    }
    unregister_health_agent(SHARED);
    return napctl(L"enforcement disable 79617") | enforcer_destroy();
}

TEST_WITH(two_administrators_at_once_lose_nothing, enforcer_create, administrators_end)
{
    HANDLE processes[2];
    DWORD codes[2] = {0, 0};
    unsigned int i;

    for (i = 0; i < 2; i++)
        processes[i] = start_administrator(i);
    for (i = 0; i < 2; i++)
    {
        assert_int_equal(WaitForSingleObject(processes[i], 60000), WAIT_OBJECT_0);
        GetExitCodeProcess(processes[i], &codes[i]);
        CloseHandle(processes[i]);
        assert_in_range(codes[i], 50, 150);
    }
    /* SHARED is registered if there were more successful registrations than the opposite. */
    assert_in_range(codes[0] + codes[1], 200, 201);
    assert_agent_and_registry_agree(codes[0] + codes[1] == 201);
    assert_true(agent_kill());
    assert_true(agent_start());
    assert_true(agent_is_there());
    assert_agent_and_registry_agree(codes[0] + codes[1] == 201);
}

int main(int argc, char **argv)
{
    if (argc == 3 && !strcmp(argv[1], "administrate"))
    {
        int code;

        CoInitializeEx(NULL, COINIT_MULTITHREADED);
        code = administrate((unsigned int)atoi(argv[2]));
        CoUninitialize();
        return code;
    }
    return test_main(enforcer_tests_begin, enforcer_tests_end);
}
