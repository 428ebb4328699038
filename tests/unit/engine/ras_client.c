/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Requests for RAS connections to the agent under test; see ras_client.h.
 */
#include "tests/unit/engine/ras_client.h"

struct napipc_ras_list_reply ras_listed(struct client *client, uint32_t after)
{
    struct napipc_message request = {.type = NAPIPC_RAS_LIST}, reply;

    request.ras_list.after = after;
    assert_int_equal(client_ask(client, &request, &reply), S_OK);
    return reply.ras_list_reply;
}

uint32_t ras_ask(
        struct client *client, uint16_t type, uint32_t handle, struct napipc_message *reply)
{
    struct napipc_message request = {.type = type};

    request.ras_handle.handle = handle;
    return client_ask(client, &request, reply);
}

uint32_t ras_get(struct client *client, uint32_t handle, struct napipc_ras_get_reply *got)
{
    struct napipc_message reply;
    uint32_t status = ras_ask(client, NAPIPC_RAS_GET, handle, &reply);

    *got = reply.ras_get_reply;
    return status;
}

uint32_t ras_nap_state(struct client *client, uint32_t handle, uint32_t *state)
{
    struct napipc_message reply;
    uint32_t status = ras_ask(client, NAPIPC_RAS_NAP_STATUS, handle, &reply);

    if (!status)
        *state = reply.ras_nap_status_reply.state;
    return status;
}

struct napipc_message ras_addition(const char *entry, const char *interface, uint8_t id)
{
    struct napipc_message request = {.type = NAPIPC_RAS_ADD};

    request.ras_add.connection.source = NAPIPC_RAS_TABLE;
    request.ras_add.connection.id.bytes[0] = id;
    request.ras_add.connection.entry_name = text(entry);
    request.ras_add.connection.device_type = text("vpn");
    request.ras_add.connection.interface_name = text(interface);
    return request;
}

uint32_t ras_add(struct client *client, const char *entry, const char *interface, uint8_t id,
        uint32_t *handle)
{
    struct napipc_message request = ras_addition(entry, interface, id), reply;
    uint32_t status = client_ask(client, &request, &reply);

    *handle = 0;
    if (!status)
        *handle = reply.ras_add_reply.handle;
    return status;
}

uint32_t ras_set_patterns(struct client *client, const char *patterns)
{
    struct napipc_message request = {.type = NAPIPC_RAS_SET_PATTERNS};

    request.ras_patterns.patterns = text(patterns);
    return client_ask(client, &request, NULL);
}
