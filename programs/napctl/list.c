/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * The agent's lists, which come in pages.
 */
#include "programs/napctl/napctl.h"

HRESULT ask_to_read(struct napipc_message *request, struct agent_reply *reply)
{
    return agent_process_call(agent_start_unless_stopped, request, reply, NULL);
}

static HRESULT ask(
        struct agent_session *session, struct napipc_message *request, struct agent_reply *reply)
{
    return session ? agent_session_call(session, request, reply) : ask_to_read(request, reply);
}

HRESULT each_component(struct agent_session *session, uint32_t kind,
        void (*take)(void *context, const struct napipc_listed_component *listed), void *context)
{
    struct napipc_message request = {.type = NAPIPC_LIST_COMPONENTS, .list_components.kind = kind};
    bool more = true;

    while (more)
    {
        struct agent_reply reply;
        const struct napipc_list_components_reply *page = &reply.message.list_components_reply;
        HRESULT hr = ask(session, &request, &reply);
        uint16_t i;

        if (FAILED(hr))
            return hr;
        for (i = 0; i < page->count; i++)
        {
            take(context, &page->components[i]);
            request.list_components.after = page->components[i].component.id;
        }
        more = page->more && page->count;
        agent_reply_clear(&reply);
    }
    return S_OK;
}

HRESULT each_connection(struct agent_session *session,
        void (*take)(void *context, const struct napipc_listed_connection *listed), void *context)
{
    struct napipc_message request = {.type = NAPIPC_LIST_CONNECTIONS};
    bool more = true;

    while (more)
    {
        struct agent_reply reply;
        const struct napipc_list_connections_reply *page = &reply.message.list_connections_reply;
        HRESULT hr = ask(session, &request, &reply);
        uint16_t i;

        if (FAILED(hr))
            return hr;
        for (i = 0; i < page->count; i++)
        {
            take(context, &page->connections[i]);
            request.list_connections.after = page->connections[i].number;
        }
        more = page->more && page->count;
        agent_reply_clear(&reply);
    }
    return S_OK;
}
