/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * RasGetNapStatus: nf-ras-rasgetnapstatus. The Remote Access enforcement client (79618) decides in
 * this process; another process, of the other bitness, calls RasGetNapStatus.
 *
 *     ras_nap_status --ask HANDLE   exit code: 100 + isolation state, or 1 if it fails, 2 if the
 *                                   probation's end is wrong
 */

#include "enforcer.h"
#include "ras_fixture.h"

#include <stdlib.h>
#include <string.h>

#include "process.h"

#define REMOTE_ACCESS 79618
#define ENTRY L"Tests NAP"

static const GUID connection_id = {0x99aabbcc, 0xddee, 0xff00, {8, 7, 6, 5, 4, 3, 2, 1}};
#define WITH_ID L"--id {99aabbcc-ddee-ff00-0807-060504030201}"

static DWORD state_of(HRASCONN connection, RASNAPSTATE *state)
{
    memset(state, 0xcc, sizeof(*state));
    state->dwSize = sizeof(*state);
    return RasGetNapStatus(connection, state);
}

static INapEnforcementClientConnection *capable_connection(const GUID *id)
{
    INapEnforcementClientConnection *connection = connection_create();

    assert_int_equal(INapEnforcementClientConnection_SetConnectionId(connection, id), S_OK);
    return connection;
}

static void down(INapEnforcementClientConnection *connection)
{
    assert_int_equal(
            INapEnforcementClientBinding_NotifyConnectionStateDown(binding, connection), S_OK);
    connection_release(connection);
}

static int bind(void)
{
    return enforcer_create()
           || INapEnforcementClientBinding_Initialize(binding, REMOTE_ACCESS, callback) != S_OK;
}

static int unbind(void)
{
    INapEnforcementClientBinding_Uninitialize(binding);
    return enforcer_destroy();
}

#define BOUND_NAP_TEST(name) TEST_WITH(name, bind, unbind)

BOUND_NAP_TEST(all_three_states_of_an_entry)
{
    static const IsolationState states[] = {
            isolationStateNotRestricted, isolationStateInProbation, isolationStateRestrictedAccess};
    HRASCONN handle = entry_add(ENTRY, WITH_ID);
    INapEnforcementClientConnection *connection = capable_connection(&connection_id);
    RASNAPSTATE got;
    unsigned int i;

    for (i = 0; i < 3; i++)
    {
        UINT64 end = states[i] == isolationStateInProbation ? from_now(3600000) : NO_PROBATION;
        UINT64 reported;

        decide(connection, states[i], end, NULL);
        assert_int_equal(state_of(handle, &got), ERROR_SUCCESS);
        assert_int_equal(got.dwSize, sizeof(got));
        assert_int_equal(got.dwFlags, 0);
        assert_int_equal(got.isolationState, states[i]);
        reported = (UINT64)got.probationTime.dwHighDateTime << 32 | got.probationTime.dwLowDateTime;
        assert_true(reported == (end == NO_PROBATION ? 0 : end));
        assert_int_equal(connection_count(), 1); /* the two are one connection */
    }
    down(connection);
    entry_remove(ENTRY);
}

/* Another process of the other bitness. */
static int ask_elsewhere(HRASCONN handle)
{
    WCHAR path[MAX_PATH], line[MAX_PATH + 64], *size;
    STARTUPINFOW startup = {.cb = sizeof(startup)};
    PROCESS_INFORMATION process;
    DWORD code = 1;

    GetModuleFileNameW(NULL, path, MAX_PATH);
    size = wcsstr(path, sizeof(void *) == 8 ? L"\\win64\\" : L"\\win32\\");
    if (!size)
        return -1;
    memcpy(size + 4, sizeof(void *) == 8 ? L"32" : L"64", 2 * sizeof(WCHAR));
    if (GetFileAttributesW(path) == INVALID_FILE_ATTRIBUTES)
        return -1;
    swprintf(line, ARRAYSIZE(line), L"\"%ls\" --ask %u", path, (unsigned int)(UINT_PTR)handle);
    if (!start_process(line, FALSE, &startup, &process))
        return -1;
    WaitForSingleObject(process.hProcess, 30000);
    GetExitCodeProcess(process.hProcess, &code);
    CloseHandle(process.hThread);
    CloseHandle(process.hProcess);
    return (int)code;
}

static int answer(const char *handle)
{
    RASNAPSTATE got;
    UINT64 end;

    if (state_of((HRASCONN)(UINT_PTR)strtoul(handle, NULL, 10), &got))
        return 1;
    end = (UINT64)got.probationTime.dwHighDateTime << 32 | got.probationTime.dwLowDateTime;
    if ((got.isolationState == isolationStateInProbation) != (end != 0))
        return 2;
    return 100 + (int)got.isolationState;
}

/* The client's own connection: no administrator has added one. */
BOUND_NAP_TEST(another_process_of_the_other_word_size)
{
    INapEnforcementClientConnection *connection = capable_connection(&connection_id);
    WIN7_RASCONNW found;
    int code;

    decide(connection, isolationStateNotRestricted, NO_PROBATION, NULL);
    assert_true(connection_find(L".{99AABBCC-DDEE-FF00-0807-060504030201}", &found));
    assert_memory_equal(&found.guidCorrelationId, &connection_id, sizeof(GUID));
    assert_int_equal(wcscmp(found.xp.szDeviceType, L"vpn"), 0);
    code = ask_elsewhere(found.xp.hrasconn);
    if (code == -1)
    {
        down(connection);
        print_message("SKIP: the program of the other word size is not built\n");
        skip();
    }
    assert_int_equal(code, 100 + isolationStateNotRestricted);
    decide(connection, isolationStateInProbation, from_now(3600000), NULL);
    assert_int_equal(ask_elsewhere(found.xp.hrasconn), 100 + isolationStateInProbation);
    decide(connection, isolationStateRestrictedAccess, NO_PROBATION, NULL);
    assert_int_equal(ask_elsewhere(found.xp.hrasconn), 100 + isolationStateRestrictedAccess);
    down(connection);
    assert_int_equal(ask_elsewhere(found.xp.hrasconn), 1);
}

BOUND_NAP_TEST(each_error_by_its_cause)
{
    static const GUID null;
    HRASCONN handle = entry_add(ENTRY, L"");
    INapEnforcementClientConnection *connection;
    WIN7_RASCONNW found;
    RASNAPSTATE got;

    /* "Connection ... is not configured for NAP." */
    assert_int_equal(state_of(handle, &got), ERROR_NOT_NAP_CAPABLE);
    /* "either NULL or invalid" */
    assert_int_equal(state_of(NULL, &got), ERROR_INVALID_HANDLE);
    assert_int_equal(state_of((HRASCONN)INVALID_HANDLE_VALUE, &got), ERROR_INVALID_HANDLE);
    assert_int_equal(state_of(GARBAGE_HANDLE, &got), ERROR_INVALID_HANDLE);
    /* "The dwSize parameter ... has an invalid size value." */
    got.dwSize = sizeof(got) - 1;
    assert_int_equal(RasGetNapStatus(handle, &got), ERROR_INVALID_SIZE);
    got.dwSize = 0;
    assert_int_equal(RasGetNapStatus(handle, &got), ERROR_INVALID_SIZE);
    /* "could not find the handle in its list of handles" */
    entry_remove(ENTRY);
    assert_int_equal(state_of(handle, &got), ERROR_NO_CONNECTION);
    /* GUID_NULL never matches. */
    connection = capable_connection(&null);
    decide(connection, isolationStateRestrictedAccess, NO_PROBATION, NULL);
    assert_true(connection_find(L".{00000000-0000-0000-0000-000000000000}", &found));
    assert_int_equal(state_of(found.xp.hrasconn, &got), ERROR_NOT_NAP_CAPABLE);
    down(connection);
    assert_int_equal(state_of(found.xp.hrasconn, &got), ERROR_NO_CONNECTION);
}

/* The client's connection keeps handle and state if the agent is killed. */
BOUND_NAP_TEST(the_state_outlives_the_agent)
{
    INapEnforcementClientConnection *connection = capable_connection(&connection_id);
    WIN7_RASCONNW found;
    RASNAPSTATE got;
    int i;

    decide(connection, isolationStateRestrictedAccess, NO_PROBATION, NULL);
    assert_true(connection_find(L".{99AABBCC-DDEE-FF00-0807-060504030201}", &found));
    enforcer.connections[0] = connection; /* for GetConnections */
    enforcer.connection_count = 1;
    assert_true(agent_kill());
    for (i = 0; i < 100 && state_of(found.xp.hrasconn, &got); i++)
        Sleep(50);
    assert_int_equal(state_of(found.xp.hrasconn, &got), ERROR_SUCCESS);
    assert_int_equal(got.isolationState, isolationStateRestrictedAccess);
    enforcer.connection_count = 0;
    down(connection);
}

TEST(a_stopped_agent_is_an_error_at_once)
{
    HRASCONN handle = entry_add(ENTRY, L"");
    ULONGLONG begun;
    RASNAPSTATE got;

    assert_true(agent_stop());
    begun = GetTickCount64();
    assert_int_equal(state_of(handle, &got), ERROR_RASMAN_CANNOT_INITIALIZE);
    assert_true(GetTickCount64() - begun < 1000);
    assert_true(agent_start());
    assert_int_equal(state_of(handle, &got), ERROR_NOT_NAP_CAPABLE);
    entry_remove(ENTRY);
}

static int begin(void)
{
    return enforcer_tests_begin() || napctl(L"enforcement enable 79618");
}

static int end(void)
{
    return napctl(L"enforcement disable 79618") | enforcer_tests_end();
}

int main(int argc, char **argv)
{
    if (argc == 3 && !strcmp(argv[1], "--ask"))
        return answer(argv[2]);
    return test_main(begin, end);
}
