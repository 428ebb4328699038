/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Questions to the agent, from a thread of any apartment.
 */
#include "libs/napcom/napcom.h"

struct question
{
    bool start;
    struct napipc_message *request;
    struct agent_reply *reply;
    HRESULT result;
};

static void put_question(void *context)
{
    struct question *question = context;
    struct agent_session session;

    if (FAILED(question->result = agent_session_open(&session, question->start)))
        return;
    question->result = agent_session_call(&session, question->request, question->reply);
    agent_session_close(&session);
}

HRESULT agent_ask(bool start, struct napipc_message *request, struct agent_reply *reply)
{
    struct question question = {start, request, reply, S_OK};

    apartment_run(put_question, &question);
    return question.result;
}
