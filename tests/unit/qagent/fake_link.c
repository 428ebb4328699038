/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * libs/napclient as the test controls it: the test sets the agent's requests; the answers are
 * really encoded and decoded.
 */
#include "fake_link.h"

#include "dlls/qagent/qagent.h"

#include <test.h>
#include <stdlib.h>
#include <string.h>

struct agent_link
{
    const struct agent_link_events *events;
    void *context;
};

struct fake_link fake_link;
static struct agent_link the_link;
static struct agent_frame answer_frame;
static struct napipc_message answer;
static HANDLE answered;

void fake_link_reset(void)
{
    memset(&fake_link, 0, sizeof(fake_link));
    agent_frame_clear(&answer_frame);
    if (!answered)
        answered = CreateEventW(NULL, TRUE, FALSE, NULL);
}

void agent_frame_clear(struct agent_frame *frame)
{
    free(frame->data);
    memset(frame, 0, sizeof(*frame));
}

void agent_reply_clear(struct agent_reply *reply)
{
    agent_frame_clear(&reply->frame);
}

DWORD agent_parameter(const WCHAR *name, DWORD otherwise)
{
    (void)name;
    return otherwise;
}

HRESULT agent_link_open(uint32_t kind, uint32_t id, bool start,
        const struct agent_link_events *events, void *context, struct agent_link **link)
{
    fake_link.kind = kind;
    fake_link.id = id;
    fake_link.start = start;
    *link = NULL;
    if (FAILED(fake_link.open_result) && fake_link.open_result != RPC_E_DISCONNECTED)
        return fake_link.open_result;
    the_link.events = events;
    the_link.context = context;
    *link = &the_link;
    fake_link.open = true;
    return fake_link.open_result;
}

HRESULT agent_link_close(struct agent_link *link)
{
    (void)link;
    fake_link.open = false;
    return fake_link.open_result;
}

void agent_link_acquire(struct agent_link *link)
{
    (void)link;
}

void agent_link_release(struct agent_link *link)
{
    (void)link;
}

HRESULT agent_link_call(struct agent_link *link, struct napipc_message *request,
        struct agent_reply *reply, agent_wait_function wait)
{
    (void)link;
    (void)wait;
    fake_link.last_type = request->type;
    if (FAILED(fake_link.open_result))
        return fake_link.open_result;
    if (reply)
    {
        memset(reply, 0, sizeof(*reply));
        reply->message.get_state_reply.unknown_connections = true;
        reply->message.get_state_reply.isolation.state = 2;
        reply->message.get_state_reply.isolation.extended_state = 1;
        reply->message.get_state_reply.isolation.probation_end = 0x100000002;
    }
    return S_OK;
}

static void encode(const struct napipc_message *message, struct agent_frame *frame)
{
    frame->capacity = napipc_frame_size(message);
    frame->data = malloc(frame->capacity);
    assert_int_equal(napipc_encode(message, frame->data, frame->capacity, &frame->size), NAPIPC_OK);
}

HRESULT agent_link_answer(struct agent_link *link, const struct agent_callback *callback,
        struct napipc_message *message)
{
    (void)link;
    message->type = callback->message.type | NAPIPC_REPLY;
    message->call = callback->message.call;
    agent_frame_clear(&answer_frame);
    encode(message, &answer_frame);
    SetEvent(answered);
    return S_OK;
}

const struct napipc_message *fake_link_ask(const struct napipc_message *message)
{
    agent_wait_function wait = apartment_wait();
    struct agent_callback asked = {.message = *message};

    asked.message.call = 7;
    asked.message.status = 0;
    encode(&asked.message, &asked.frame);
    assert_int_equal(napipc_decode(asked.frame.data, asked.frame.size, &asked.message, NULL, NULL),
            NAPIPC_OK);
    ResetEvent(answered);
    the_link.events->callback(the_link.context, &asked);
    if (wait)
        wait(answered, 10000);
    assert_int_equal(WaitForSingleObject(answered, wait ? 0 : 10000), WAIT_OBJECT_0);
    assert_int_equal(
            napipc_decode(answer_frame.data, answer_frame.size, &answer, NULL, NULL), NAPIPC_OK);
    assert_int_equal(answer.call, 7);
    assert_int_equal(answer.type, message->type | NAPIPC_REPLY);
    return &answer;
}
