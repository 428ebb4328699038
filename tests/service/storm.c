/*
 * Connecting and closing the agent's pipe 10,000 times in a row, with garbage
 * in every third, leaves the service answering and as large as it was.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>
#include <stdio.h>
#include <string.h>

#include <windows.h>
#include <winternl.h>

#include "libs/napclient/napclient.h"

#define ROUNDS 10000
#define HANDLES_LEFT_OVER 16 /* threads of the system's pool may come and go */

static DWORD agent_process;

static HRESULT ask_state(void)
{
    struct agent_session session;
    struct napipc_message request;
    struct agent_reply reply;
    HRESULT hr;

    request.type = NAPIPC_GET_STATE;
    if (FAILED(hr = agent_session_open(&session, true)))
        return hr;
    if (SUCCEEDED(hr = agent_session_call(&session, &request, &reply)))
    {
        agent_process = reply.message.get_state_reply.process_id;
        agent_reply_clear(&reply);
    }
    agent_session_close(&session);
    return hr;
}

/* Wine's GetProcessHandleCount says 0 of every process; the list of processes has the count. */
static DWORD agent_handles(void)
{
    static BYTE list[0x40000];
    SYSTEM_PROCESS_INFORMATION *entry = (SYSTEM_PROCESS_INFORMATION *)list;
    ULONG needed;

    assert_int_equal(NtQuerySystemInformation(SystemProcessInformation, list, sizeof(list),
        &needed), 0);
    while ((DWORD)(ULONG_PTR)entry->UniqueProcessId != agent_process)
    {
        assert_true(entry->NextEntryOffset);
        entry = (SYSTEM_PROCESS_INFORMATION *)((BYTE *)entry + entry->NextEntryOffset);
    }
    assert_true(entry->HandleCount);
    return entry->HandleCount;
}

static HANDLE connect_raw(void)
{
    HANDLE pipe;

    for (;;)
    {
        pipe = CreateFileW(AGENT_PIPE_NAME, GENERIC_READ | GENERIC_WRITE, 0, NULL, OPEN_EXISTING, 0,
            NULL);
        if (pipe != INVALID_HANDLE_VALUE || GetLastError() != ERROR_PIPE_BUSY)
            return pipe;
        WaitNamedPipeW(AGENT_PIPE_NAME, 1000);
    }
}

/* What a stranger may write: noise, a header that lies, a frame cut short. */
static DWORD make_garbage(unsigned int round, uint8_t *bytes, DWORD size)
{
    struct napipc_message message = {.type = NAPIPC_GET_STATE, .call = 1};
    size_t written = 0;
    DWORD i;

    switch (round % 4)
    {
    case 0:
        for (i = 0; i < size; i++)
            bytes[i] = (uint8_t)(round * 31 + i * 7);
        return 1 + round % (size - 1);
    case 1:
        memset(bytes, 0xff, NAPIPC_HEADER_SIZE);
        return NAPIPC_HEADER_SIZE;
    case 2:
        napipc_encode(&message, bytes, size, &written);
        return (DWORD)written - 3;
    default:
        napipc_encode(&message, bytes, size, &written);
        bytes[4] = 99; /* another version */
        return (DWORD)written;
    }
}

static void test_storm_leaves_the_service_answering(void **state)
{
    uint8_t garbage[300];
    DWORD handles, written, tries;
    unsigned int round;
    HANDLE pipe;

    (void)state;
    assert_int_equal(ask_state(), S_OK);
    handles = agent_handles();
    for (round = 0; round < ROUNDS; round++)
    {
        pipe = connect_raw();
        if (pipe == INVALID_HANDLE_VALUE)
            fail_msg("round %u: the pipe cannot be opened, error %lu", round, GetLastError());
        if (round % 3 == 0)
            WriteFile(pipe, garbage, make_garbage(round, garbage, sizeof(garbage)), &written,
                NULL);
        CloseHandle(pipe);
    }
    assert_int_equal(ask_state(), S_OK);
    /* The last ones may still be on their way out. */
    for (tries = 0; tries < 50 && agent_handles() > handles + HANDLES_LEFT_OVER; tries++)
        Sleep(100);
    assert_in_range(agent_handles(), 0, handles + HANDLES_LEFT_OVER);
}

/* A frame of the largest size goes through; one byte more costs the connection. */
static void test_frame_size_is_limited(void **state)
{
    static uint8_t frame[NAPIPC_MAX_FRAME + 1];
    struct agent_session session;
    struct agent_frame answer = {0};
    OVERLAPPED overlapped = {0};
    DWORD written;

    (void)state;
    assert_int_equal(agent_session_open(&session, true), S_OK);
    overlapped.hEvent = session.event;
    if (!WriteFile(session.pipe, frame, sizeof(frame), NULL, &overlapped))
        assert_int_equal(GetLastError(), ERROR_IO_PENDING);
    GetOverlappedResult(session.pipe, &overlapped, &written, TRUE);
    assert_int_equal(agent_pipe_receive(session.pipe, session.event, NULL, 5000, &answer),
        RPC_E_DISCONNECTED);
    agent_frame_clear(&answer);
    agent_session_close(&session);
    assert_int_equal(ask_state(), S_OK);
}

/* A DLL of another protocol version is told so, and not left waiting. */
static void test_other_version_is_refused(void **state)
{
    struct napipc_message message = {.type = NAPIPC_GET_STATE, .call = 1};
    struct agent_session session;
    struct agent_frame answer = {0};
    uint8_t frame[64];
    OVERLAPPED overlapped = {0};
    size_t size = 0;
    DWORD written;

    (void)state;
    assert_int_equal(agent_session_open(&session, true), S_OK);
    napipc_encode(&message, frame, sizeof(frame), &size);
    frame[4] = NAPIPC_VERSION + 1;
    overlapped.hEvent = session.event;
    if (!WriteFile(session.pipe, frame, (DWORD)size, NULL, &overlapped))
        assert_int_equal(GetLastError(), ERROR_IO_PENDING);
    assert_true(GetOverlappedResult(session.pipe, &overlapped, &written, TRUE));
    assert_int_equal(agent_pipe_receive(session.pipe, session.event, NULL, 5000, &answer), S_OK);
    assert_int_equal(answer.size, NAPIPC_HEADER_SIZE);
    assert_int_equal(answer.data[4] | answer.data[5] << 8, NAPIPC_VERSION);
    assert_int_equal(*(uint32_t *)(answer.data + 12),
        (uint32_t)HRESULT_FROM_WIN32(ERROR_REVISION_MISMATCH));
    agent_frame_clear(&answer);
    agent_session_close(&session);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_storm_leaves_the_service_answering),
        cmocka_unit_test(test_frame_size_is_limited),
        cmocka_unit_test(test_other_version_is_refused),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
