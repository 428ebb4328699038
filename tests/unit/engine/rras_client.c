/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Requests for the remote access server to the agent under test; see rras_client.h.
 */
#include "tests/unit/engine/rras_client.h"

struct napipc_message rras_addition(const char *user, const char *interface)
{
    struct napipc_message request = {.type = NAPIPC_RRAS_ADD};

    memset(&request.rras_add, 0, sizeof(request.rras_add));
    request.rras_add.record.user = text(user);
    request.rras_add.record.interface_name = text(interface);
    return request;
}

uint32_t rras_add(struct client *client, const char *user, const char *interface)
{
    struct napipc_message request = rras_addition(user, interface), reply;

    assert_int_equal(client_ask(client, &request, &reply), S_OK);
    return reply.rras_add_reply.id;
}

struct napipc_message rras_selection(uint16_t type, uint32_t id)
{
    struct napipc_message request = {.type = type};

    memset(&request.rras_select, 0, sizeof(request.rras_select));
    request.rras_select.selector.kind = NAPIPC_RRAS_BY_ID;
    request.rras_select.selector.id = id;
    return request;
}

uint32_t rras_ask(struct client *client, uint16_t type, uint32_t id)
{
    struct napipc_message request = rras_selection(type, id);

    return client_ask(client, &request, NULL);
}

uint32_t rras_set_server(struct client *client, bool enabled)
{
    struct napipc_message request = {.type = NAPIPC_RRAS_SET_SERVER};

    request.rras_set_server.enabled = enabled;
    return client_ask(client, &request, NULL);
}

struct napipc_message rras_change(uint32_t id, uint32_t fields)
{
    struct napipc_message request = {.type = NAPIPC_RRAS_UPDATE};

    memset(&request.rras_update, 0, sizeof(request.rras_update));
    request.rras_update.selector.kind = NAPIPC_RRAS_BY_ID;
    request.rras_update.selector.id = id;
    request.rras_update.fields = fields;
    return request;
}

uint32_t rras_set_quarantine(struct client *client, uint32_t id, uint8_t quarantine)
{
    struct napipc_message request = rras_change(id, NAPIPC_RRAS_HAS_QUARANTINE);

    request.rras_update.record.quarantine = quarantine;
    return client_ask(client, &request, NULL);
}

uint32_t rras_page(struct client *client, uint32_t after, uint32_t limit, uint32_t *remaining,
        struct napipc_rras_entry *entries)
{
    struct napipc_message request = {.type = NAPIPC_RRAS_LIST}, reply;
    struct napipc_blob rest;
    uint32_t count = 0;

    request.rras_list.after = after;
    request.rras_list.limit = limit;
    request.rras_list.even_if_off = true;
    assert_int_equal(client_ask(client, &request, &reply), S_OK);
    *remaining = reply.rras_list_reply.remaining;
    rest = reply.rras_list_reply.entries;
    while (napipc_rras_next(&rest, &entries[count]))
        count++;
    assert_int_equal(rest.size, 0);
    assert_int_equal(count, reply.rras_list_reply.count);
    return count;
}

struct napipc_rras_entry rras_entry(struct client *client, uint32_t id)
{
    struct napipc_message request = rras_selection(NAPIPC_RRAS_GET, id), reply;
    struct napipc_rras_entry entry;
    struct napipc_blob rest;

    assert_int_equal(client_ask(client, &request, &reply), S_OK);
    rest = reply.rras_list_reply.entries;
    assert_true(napipc_rras_next(&rest, &entry));
    return entry;
}

struct client *rras_administrator(void)
{
    struct client *client = client_connect();

    assert_int_equal(rras_set_server(client, true), S_OK);
    return client;
}

struct client *rras_watcher(void)
{
    struct client *client = client_connect();
    struct napipc_message request = {.type = NAPIPC_RRAS_WATCH};

    assert_int_equal(client_ask(client, &request, NULL), S_OK);
    return client;
}

bool rras_notified(struct client *client)
{
    struct napipc_message notification;
    bool any = false;

    while (client_next(client, &notification))
    {
        assert_int_equal(notification.type, NAPIPC_RRAS_CHANGED);
        any = true;
    }
    return any;
}

void rras_begin(struct client *client, uint16_t type, uint32_t id)
{
    struct napipc_message request = rras_selection(type, id);

    request.call = ++client->call;
    assert_true(client_send(client, &request));
}

uint32_t rras_answered(struct client *client)
{
    struct napipc_message reply;

    assert_true(client_next(client, &reply));
    return reply.status;
}
