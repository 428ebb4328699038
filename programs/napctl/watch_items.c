/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * The state at one instant; see watch.h.
 */
#include "programs/napctl/watch.h"

#include <stdlib.h>
#include <string.h>

void items_clear(struct items *items)
{
    size_t i;

    for (i = 0; i < items->count; i++)
        free(items->items[i].frame);
    free(items->items);
    memset(items, 0, sizeof(*items));
}

static HRESULT add(
        struct items *items, enum item_kind kind, uint32_t number, struct napipc_message *message)
{
    static uint8_t frame[NAPIPC_MAX_FRAME];
    struct item *item;

    if (items->count == items->capacity)
    {
        size_t capacity = items->capacity ? items->capacity * 2 : 32;

        if (!(item = realloc(items->items, capacity * sizeof(*item))))
            return E_OUTOFMEMORY;
        items->items = item;
        items->capacity = capacity;
    }
    item = &items->items[items->count];
    item->kind = kind;
    item->number = number;
    message->call = 1;
    message->status = 0;
    if (napipc_encode(message, frame, sizeof(frame), &item->size) != NAPIPC_OK)
        return E_FAIL;
    if (!(item->frame = malloc(item->size)))
        return E_OUTOFMEMORY;
    memcpy(item->frame, frame, item->size);
    items->count++;
    return S_OK;
}

/* Adds the two items of a GET_STATE reply: the agent, and the client. */
static HRESULT add_state(struct items *items, const struct napipc_get_state_reply *state)
{
    struct napipc_message message = {.type = NAPIPC_GET_STATE | NAPIPC_REPLY};
    HRESULT hr;

    items->group_policy = state->group_policy;
    message.get_state_reply.process_id = state->process_id;
    message.get_state_reply.started = state->started;
    if (FAILED(hr = add(items, ITEM_AGENT, 0, &message)))
        return hr;
    memset(&message, 0, sizeof(message));
    message.type = NAPIPC_GET_STATE | NAPIPC_REPLY;
    message.get_state_reply.isolation = state->isolation;
    message.get_state_reply.unknown_connections = state->unknown_connections;
    message.get_state_reply.group_policy = state->group_policy;
    return add(items, ITEM_CLIENT, 0, &message);
}

/* The context of the lists' callbacks. */
struct adding
{
    struct items *items;
    enum item_kind kind;
    HRESULT hr;
};

static void add_component(void *context, const struct napipc_listed_component *listed)
{
    struct napipc_message message = {.type = NAPIPC_LIST_COMPONENTS | NAPIPC_REPLY};
    struct adding *adding = context;

    message.list_components_reply.count = 1;
    message.list_components_reply.components[0] = *listed;
    if (SUCCEEDED(adding->hr))
        adding->hr = add(adding->items, adding->kind, listed->component.id, &message);
}

static void add_connection(void *context, const struct napipc_listed_connection *listed)
{
    struct napipc_message message = {.type = NAPIPC_LIST_CONNECTIONS | NAPIPC_REPLY};
    struct adding *adding = context;

    message.list_connections_reply.count = 1;
    message.list_connections_reply.connections[0] = *listed;
    if (SUCCEEDED(adding->hr))
        adding->hr = add(adding->items, adding->kind, listed->number, &message);
}

static HRESULT take(struct items *items, struct agent_session *session)
{
    struct napipc_message request = {.type = NAPIPC_GET_STATE};
    struct adding adding = {.items = items};
    struct agent_reply reply;
    HRESULT hr;

    if (FAILED(hr = agent_session_call(session, &request, &reply)))
        return hr;
    hr = add_state(items, &reply.message.get_state_reply);
    agent_reply_clear(&reply);
    adding.kind = ITEM_ENFORCEMENT_CLIENT;
    if (SUCCEEDED(hr))
        hr = each_component(session, NAPIPC_ENFORCEMENT_CLIENT, add_component, &adding);
    adding.kind = ITEM_HEALTH_AGENT;
    if (SUCCEEDED(hr))
        hr = each_component(session, NAPIPC_HEALTH_AGENT, add_component, &adding);
    adding.kind = ITEM_CONNECTION;
    if (SUCCEEDED(hr))
        hr = each_connection(session, add_connection, &adding);
    return FAILED(hr) ? hr : adding.hr;
}

HRESULT items_take(struct items *items, struct agent_session *session)
{
    HRESULT hr;

    memset(items, 0, sizeof(*items));
    if (FAILED(hr = take(items, session)))
        items_clear(items);
    return hr;
}

void item_read(const struct item *item, struct napipc_message *message)
{
    napipc_decode(item->frame, item->size, message, NULL, NULL);
}

/* Compares the positions of two items; NULL comes last. */
static int order(const struct item *one, const struct item *other)
{
    if (!one || !other)
        return one ? -1 : 1;
    if (one->kind != other->kind)
        return one->kind < other->kind ? -1 : 1;
    return one->number < other->number ? -1 : one->number > other->number;
}

void items_compare(const struct items *before, const struct items *now, bool first,
        void (*report)(void *context, enum change change, const struct item *item, bool policy),
        void *context)
{
    size_t i = 0, j = 0;

    while (i < before->count || j < now->count)
    {
        const struct item *old = i < before->count ? &before->items[i] : NULL;
        const struct item *new = j < now->count ? &now->items[j] : NULL;
        int which = order(old, new);

        i += which <= 0;
        j += which >= 0;
        if (which < 0)
            report(context, CHANGE_REMOVED, old, before->group_policy);
        else if (which > 0)
            report(context, first ? CHANGE_PRESENT : CHANGE_ADDED, new, now->group_policy);
        else if (old->size != new->size || memcmp(old->frame, new->frame, old->size))
            report(context, CHANGE_CHANGED, new, now->group_policy);
    }
}
