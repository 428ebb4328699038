/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * A connection has the rights of the process that made it, even if another process has got its id
 * since. A process without administrator rights connects, leaves its end of the pipe to a child and
 * ends; then administrator processes are started until one has its id.
 *
 *   service-reused_id            the test
 *   service-reused_id connect    connects, leaves the pipe to a child, ends
 *   service-reused_id ask PIPE   the child
 *   service-reused_id nothing    ends: its id is free later than that of the first
 */
#include <test.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "libs/napclient/napclient.h"
#include "tests/conformance/agent.h"
#include "tests/conformance/process.h"
#include "tests/conformance/restricted.h"

#define PATIENCE 60000 /* ms */
#define IDS_MAX 20000  /* threads until ids must have been reused */
#define TRIES 50       /* processes until one has the id */
#define NOT_ASKED 0x12345678

static struct stage
{
    volatile LONG first, other;  /* process ids */
    volatile LONG state, change; /* the agent's answer */
} * stage;
static HANDLE go, done;

static bool open_stage(void)
{
    HANDLE mapping = CreateFileMappingW(
            INVALID_HANDLE_VALUE, NULL, PAGE_READWRITE, 0, sizeof(*stage), L"wine-nap-reused-id");

    go = CreateEventW(NULL, TRUE, FALSE, L"wine-nap-reused-id-go");
    done = CreateEventW(NULL, TRUE, FALSE, L"wine-nap-reused-id-done");
    return go && done && mapping
           && (stage = MapViewOfFile(mapping, FILE_MAP_ALL_ACCESS, 0, 0, sizeof(*stage)));
}

/* ---- the other processes ---- */

static int connect_and_leave(void)
{
    SECURITY_ATTRIBUTES inherited = {.nLength = sizeof(inherited), .bInheritHandle = TRUE};
    STARTUPINFOW startup = {.cb = sizeof(startup)};
    WCHAR path[MAX_PATH], line[MAX_PATH + 64];
    PROCESS_INFORMATION process;
    HANDLE pipe;

    if (is_administrator() || !open_stage())
        return 2;
    pipe = CreateFileW(AGENT_PIPE_NAME, GENERIC_READ | GENERIC_WRITE, 0, &inherited, OPEN_EXISTING,
            FILE_FLAG_OVERLAPPED | SECURITY_SQOS_PRESENT | SECURITY_IDENTIFICATION, NULL);
    if (pipe == INVALID_HANDLE_VALUE)
        return 3;
    stage->first = (LONG)GetCurrentProcessId();
    GetModuleFileNameW(NULL, path, MAX_PATH);
    swprintf(line, ARRAYSIZE(line), L"\"%ls\" ask %lu", path, (DWORD)(UINT_PTR)pipe);
    if (!start_process(line, TRUE, &startup, &process))
        return 4;
    return 0;
}

static int ask(HANDLE pipe)
{
    struct napipc_message state = {.type = NAPIPC_GET_STATE},
                          change = {.type = NAPIPC_SET_ENABLED,
                                  .set_enabled = {NAPIPC_ENFORCEMENT_CLIENT, 79617, false}};
    struct agent_session session = {.pipe = pipe, .timeout = PATIENCE};
    struct agent_reply reply;
    DWORD mode = PIPE_READMODE_MESSAGE;

    if (!open_stage() || !SetNamedPipeHandleState(pipe, &mode, NULL, NULL))
        return 2;
    session.event = CreateEventW(NULL, TRUE, FALSE, NULL);
    session.sent = CreateEventW(NULL, TRUE, FALSE, NULL);
    WaitForSingleObject(go, PATIENCE);
    if (!(stage->state = agent_session_call(&session, &state, &reply)))
        agent_reply_clear(&reply);
    stage->change = agent_session_call(&session, &change, NULL);
    SetEvent(done);
    return 0;
}

static int do_nothing(void)
{
    if (!open_stage())
        return 2;
    stage->other = (LONG)GetCurrentProcessId();
    return 0;
}

/* ---- ids ---- */

static DWORD WINAPI thread_that_ends(void *context)
{
    (void)context;
    return 0;
}

/* Processes and threads share one set of ids. */
static DWORD use_an_id(void)
{
    DWORD id;
    HANDLE thread = CreateThread(NULL, 0, thread_that_ends, NULL, 0, &id);

    assert_non_null(thread);
    WaitForSingleObject(thread, PATIENCE);
    CloseHandle(thread);
    return id;
}

/* Uses ids until `wanted`, or `other`, comes; returns how many. */
static unsigned int use_ids(DWORD wanted, DWORD other, bool *came)
{
    unsigned int count;
    DWORD id = 0;

    for (count = 0; count < IDS_MAX && id != wanted && id != other; count++)
        id = use_an_id();
    if (count == IDS_MAX)
        fail_msg("no id came again in %d threads", IDS_MAX);
    *came = id == wanted;
    return count;
}

/* Starts an administrator's process that gets this id, which is free and was used `count` ids
 * ago. */
static bool take_id(DWORD wanted, unsigned int count, PROCESS_INFORMATION *process)
{
    STARTUPINFOW startup = {.cb = sizeof(startup)};
    WCHAR path[MAX_PATH];
    unsigned int i;
    bool came;

    GetModuleFileNameW(NULL, path, MAX_PATH);
    for (i = 0; i < TRIES; i++)
    {
        while (--count)
            if (use_an_id() == wanted)
                break;
        if (CreateProcessW(
                    path, NULL, NULL, NULL, FALSE, CREATE_SUSPENDED, NULL, NULL, &startup, process))
        {
            if (process->dwProcessId == wanted)
                return true;
            TerminateProcess(process->hProcess, 0);
            CloseHandle(process->hThread);
            CloseHandle(process->hProcess);
        }
        use_ids(wanted, wanted, &came);
        count = use_ids(wanted, wanted, &came);
        if (count > 3 * (i % 4))
            count -= 3 * (i % 4); /* others use ids too */
    }
    return false;
}

/* ---- the test ---- */

TEST(a_connection_stays_whose_it_was)
{
    PROCESS_INFORMATION process = {0};
    unsigned int count;
    bool came;

    assert_true(agent_start() && open_stage());
    assert_true(is_administrator());
    stage->change = stage->state = NOT_ASKED;
    assert_int_equal(run_without_rights(L"connect"), 0);
    assert_int_equal(run_without_rights(L"nothing"), 0);
    use_ids((DWORD)stage->first, (DWORD)stage->other, &came);
    if (came)
    {
        count = use_ids((DWORD)stage->first, (DWORD)stage->first, &came);
        came = take_id((DWORD)stage->first, count, &process);
        if (!came)
            fail_msg("the id came again, but to no process");
    }
    SetEvent(go);
    assert_int_equal(WaitForSingleObject(done, PATIENCE), WAIT_OBJECT_0);
    if (process.hProcess)
        TerminateProcess(process.hProcess, 0);
    assert_int_equal(stage->state, S_OK);
    assert_int_equal(stage->change, E_ACCESSDENIED);
}

int main(int argc, char **argv)
{
    if (argc > 1 && !strcmp(argv[1], "connect"))
        return connect_and_leave();
    if (argc > 2 && !strcmp(argv[1], "ask"))
        return ask((HANDLE)(UINT_PTR)strtoul(argv[2], NULL, 10));
    if (argc > 1 && !strcmp(argv[1], "nothing"))
        return do_nothing();
    return test_main(NULL, NULL);
}
