/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * The number of connections that one process may have at the live service, and the answer to one
 * too many. docs/protocol.md, docs/administration.md
 */
#include <test.h>
#include <stdio.h>
#include <string.h>

#include "libs/napclient/napclient.h"
#include "tests/conformance/agent.h"

#define LIMIT 256
#define TOLD 8     /* waiting for that answer, beyond the limit */
#define SOON 10000 /* ms */

static struct agent_session sessions[LIMIT], more[TOLD + 1];

static HRESULT ask(struct agent_session *session)
{
    struct napipc_message request = {.type = NAPIPC_GET_STATE};

    return agent_session_call(session, &request, NULL);
}

static HRESULT ask_anew(void)
{
    struct agent_session session;
    HRESULT hr = agent_session_open(&session, false);

    if (SUCCEEDED(hr))
        hr = ask(&session);
    agent_session_close(&session);
    return hr;
}

static int set_up(void)
{
    unsigned int i;

    for (i = 0; i < LIMIT; i++)
        if (FAILED(agent_session_open(&sessions[i], true)) || FAILED(ask(&sessions[i])))
            return -1;
    return 0;
}

static int tear_down(void)
{
    unsigned int i;

    for (i = 0; i < LIMIT; i++)
        agent_session_close(&sessions[i]);
    return 0;
}

TEST(one_more_is_refused)
{
    assert_int_equal(ask_anew(), E_OUTOFMEMORY);
    assert_int_equal(ask_anew(), E_OUTOFMEMORY);
    /* The process's other connections are not affected. */
    assert_int_equal(ask(&sessions[0]), S_OK);
    assert_int_equal(ask(&sessions[LIMIT - 1]), S_OK);
}

/* Connections that wait for that answer do not keep their places forever. */
TEST(the_refused_do_not_pile_up)
{
    struct agent_frame frame = {0};
    unsigned int i;

    for (i = 0; i < TOLD; i++)
        assert_int_equal(agent_session_open(&more[i], false), S_OK);
    /* This one is closed without reading its request. */
    if (SUCCEEDED(agent_session_open(&more[TOLD], false)))
        assert_int_equal(agent_pipe_receive(more[TOLD].pipe, more[TOLD].event, NULL, SOON, &frame),
                RPC_E_DISCONNECTED);
    for (i = 0; i < TOLD; i++)
        assert_int_equal(ask(&more[i]), E_OUTOFMEMORY);
    for (i = 0; i <= TOLD; i++)
        agent_session_close(&more[i]);
    agent_frame_clear(&frame);
}

TEST(another_process_has_its_own)
{
    char text[4096];

    assert_int_equal(napctl_says(L"show state", text, sizeof(text)), 0);
}

TEST(the_log_says_it_once)
{
    static char text[1 << 20];
    const char *found;
    char line[64];

    assert_int_equal(napctl_says(L"show log", text, sizeof(text)), 0);
    snprintf(line, sizeof(line), "process %lu has 256 connections", GetCurrentProcessId());
    assert_non_null(found = strstr(text, line));
    assert_null(strstr(found + 1, line));
}

TEST(a_place_that_is_left_can_be_taken)
{
    ULONGLONG until = GetTickCount64() + SOON;
    HRESULT hr;

    agent_session_close(&sessions[0]);
    /* The agent notices it a little later. */
    while ((hr = ask_anew()) == E_OUTOFMEMORY && GetTickCount64() < until)
        Sleep(10);
    assert_int_equal(hr, S_OK);
}

TEST_MAIN(set_up, tear_down)
