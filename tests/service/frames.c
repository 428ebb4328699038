/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Frames at the live service: another version is rejected in a way that its sender can read, the
 * largest frames arrive whole, many at once are answered in order, and a client that does not read
 * is not read, which affects nobody else. docs/protocol.md
 */
#include <test.h>
#include <string.h>

#include "libs/napclient/napclient.h"

#define TIMEOUT 10000 /* ms */
#define ID 0x00abcd22

static struct agent_session session;
static struct agent_frame frame;
static uint8_t bytes[NAPIPC_MAX_FRAME + 1];
static DWORD patience = TIMEOUT; /* ms to wait until something is written */

static int set_up(void)
{
    return FAILED(agent_session_open(&session, true)) ? -1 : 0;
}

static int tear_down(void)
{
    agent_session_close(&session);
    agent_frame_clear(&frame);
    return 0;
}

#define SESSION_TEST(name) TEST_WITH(name, set_up, tear_down)

/* Writes bytes as one message of the pipe. False: the agent has closed it, or does not read. */
static bool write_bytes(const void *data, DWORD size)
{
    OVERLAPPED overlapped = {.hEvent = session.event};
    DWORD written = 0;

    if (!WriteFile(session.pipe, data, size, NULL, &overlapped)
            && GetLastError() != ERROR_IO_PENDING)
        return false;
    if (WaitForSingleObject(session.event, patience) != WAIT_OBJECT_0)
        CancelIoEx(session.pipe, &overlapped);
    return GetOverlappedResult(session.pipe, &overlapped, &written, TRUE) && written == size;
}

static HRESULT read_frame(void)
{
    return agent_pipe_receive(session.pipe, session.event, NULL, TIMEOUT, &frame);
}

static void assert_closed(void)
{
    assert_int_equal(read_frame(), RPC_E_DISCONNECTED);
}

/* Another client is answered as usual. */
static void assert_serving(void)
{
    struct napipc_message request = {.type = NAPIPC_GET_STATE};
    struct agent_session other;

    assert_int_equal(agent_session_open(&other, false), S_OK);
    assert_int_equal(agent_session_call(&other, &request, NULL), S_OK);
    agent_session_close(&other);
}

/* "answers ... with a refusal, and closes the connection": in this order, seen from outside */
SESSION_TEST(another_version_reads_the_refusal)
{
    static const uint8_t expected[] = {
            16, 0, 0, 0, NAPIPC_VERSION, 0, 0, 0x80, 0, 0, 0, 0, 0x1A, 5, 7, 0x80};
    static const uint8_t other[] = {
            17, 0, 0, 0, NAPIPC_VERSION + 1, 0, 0xEE, 0xEE, 0, 0, 0, 0, 0, 0, 0, 0, 0};
    unsigned int round;

    for (round = 0; round < 50; round++)
    {
        if (round)
            assert_int_equal(agent_session_open(&session, false), S_OK);
        assert_true(write_bytes(other, sizeof(other)));
        assert_int_equal(read_frame(), S_OK);
        assert_int_equal(frame.size, sizeof(expected));
        assert_memory_equal(frame.data, expected, sizeof(expected));
        assert_closed();
        agent_session_close(&session);
    }
    assert_serving();
}

static HRESULT ask_about_component(uint16_t type)
{
    struct napipc_message request;

    memset(&request, 0, sizeof(request));
    request.type = type;
    switch (type)
    {
    case NAPIPC_REGISTER:
        request.reg.kind = NAPIPC_ENFORCEMENT_CLIENT;
        request.reg.component.id = ID;
        request.reg.component.component_type = 1;
        break;
    case NAPIPC_SET_ENABLED:
        request.set_enabled.kind = NAPIPC_ENFORCEMENT_CLIENT;
        request.set_enabled.id = ID;
        request.set_enabled.enabled = true;
        break;
    case NAPIPC_BIND:
        request.bind.kind = NAPIPC_ENFORCEMENT_CLIENT;
        request.bind.id = ID;
        break;
    case NAPIPC_UNREGISTER:
        request.component_id.kind = NAPIPC_ENFORCEMENT_CLIENT;
        request.component_id.id = ID;
        break;
    }
    return agent_session_call(&session, &request, NULL);
}

/* maxProtocolMaxSize: a response of 65,535 bytes; it arrives whole and is found malformed */
SESSION_TEST(the_largest_response_arrives_whole)
{
    struct napipc_message request = {.type = NAPIPC_SOH_RESPONSE};
    uint32_t size;

    ask_about_component(NAPIPC_UNREGISTER); /* left over by a failed run */
    assert_int_equal(ask_about_component(NAPIPC_REGISTER), S_OK);
    assert_int_equal(ask_about_component(NAPIPC_SET_ENABLED), S_OK);
    assert_int_equal(ask_about_component(NAPIPC_BIND), S_OK);
    for (size = 65535; size > 6007; size -= 6007)
    {
        memset(&request.soh_response, 0, sizeof(request.soh_response));
        request.soh_response.soh.data = bytes;
        request.soh_response.soh.size = size;
        assert_int_equal(agent_session_call(&session, &request, NULL), NAP_E_INVALID_PACKET);
    }
    assert_int_equal(ask_about_component(NAPIPC_UNBIND), S_OK);
    assert_int_equal(ask_about_component(NAPIPC_UNREGISTER), S_OK);
}

/* "at most 131,072" bytes */
SESSION_TEST(a_frame_that_is_too_long_costs_its_sender_the_connection)
{
    memset(bytes, 0, sizeof(bytes));
    bytes[0] = 1;
    bytes[2] = 2; /* 131,073 */
    bytes[4] = NAPIPC_VERSION;
    write_bytes(bytes, sizeof(bytes));
    assert_closed();
    assert_serving();
}

/* A request may be sent before the last one is answered. */
SESSION_TEST(many_requests_at_once_are_answered_in_order)
{
    struct napipc_message message = {.type = NAPIPC_GET_STATE};
    uint32_t call;
    size_t size;

    for (call = 1; call <= 300; call++)
    {
        message.call = call;
        assert_int_equal(napipc_encode(&message, bytes, sizeof(bytes), &size), NAPIPC_OK);
        assert_true(write_bytes(bytes, (DWORD)size));
    }
    for (call = 1; call <= 300; call++)
    {
        assert_int_equal(read_frame(), S_OK);
        assert_int_equal(napipc_decode(frame.data, frame.size, &message, NULL, NULL), NAPIPC_OK);
        assert_int_equal(message.type, NAPIPC_GET_STATE | NAPIPC_REPLY);
        assert_int_equal(message.call, call);
        message.type = NAPIPC_GET_STATE;
    }
}

/* While 16 KiB of answers are unread, the agent does not read the client's next request: the pipe
 * fills up, others are served, and nothing is lost. */
SESSION_TEST(who_does_not_read_is_not_read)
{
    struct napipc_message message = {.type = NAPIPC_LIST_COMPONENTS}, answer;
    unsigned int sent = 0, i;
    size_t size;

    message.list_components.kind = NAPIPC_ENFORCEMENT_CLIENT;
    patience = 500;
    do
    {
        message.call = sent + 1;
        assert_int_equal(napipc_encode(&message, bytes, sizeof(bytes), &size), NAPIPC_OK);
    } while (sent < 20000 && write_bytes(bytes, (DWORD)size) && ++sent);
    patience = TIMEOUT;
    /* Their answers are more than 1 MiB. */
    assert_in_range(sent, 1000, 19999);
    assert_serving();
    for (i = 1; i <= sent; i++)
    {
        assert_int_equal(read_frame(), S_OK);
        assert_int_equal(napipc_decode(frame.data, frame.size, &answer, NULL, NULL), NAPIPC_OK);
        assert_int_equal(answer.call, i);
    }
    assert_int_equal(agent_session_call(&session, &message, NULL), S_OK);
}

TEST_MAIN(NULL, NULL)
