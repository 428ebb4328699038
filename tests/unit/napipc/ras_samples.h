/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Sample messages for RAS connections; included by samples.h. */
#ifndef WINE_NAP_TESTS_NAPIPC_RAS_SAMPLES_H
#define WINE_NAP_TESTS_NAPIPC_RAS_SAMPLES_H

static void fill_ras_connection(struct filling *filling, struct napipc_ras_connection *connection)
{
    connection->handle = filling_u32(filling);
    connection->source = filling->largest ? NAPIPC_RAS_DIALED : 1 + filling_next(filling, 4);
    connection->flags = filling_u32(filling);
    fill_guid(filling, &connection->id);
    fill_guid(filling, &connection->entry_id);
    connection->since = filling_u64(filling);
    fill_string(filling, &connection->entry_name);
    fill_string(filling, &connection->phonebook);
    fill_string(filling, &connection->device_type);
    fill_string(filling, &connection->device_name);
    fill_string(filling, &connection->phone_number);
    fill_string(filling, &connection->user);
    fill_string(filling, &connection->interface_name);
}

static void fill_ras_link(struct filling *filling, struct napipc_ras_link *link)
{
    link->known = filling_bool(filling);
    link->kind = filling_u32(filling);
    link->mtu = filling_u32(filling);
    link->speed = filling_u64(filling);
    memcpy(link->ipv4, filling->pool, sizeof(link->ipv4));
    memcpy(link->ipv4_peer, filling->pool + 4, sizeof(link->ipv4_peer));
    memcpy(link->ipv6, filling->pool + 8, sizeof(link->ipv6));
    link->ipv6_prefix = (uint8_t)filling_u32(filling);
    link->counters.bytes_out = filling_u64(filling);
    link->counters.bytes_in = filling_u64(filling);
    link->counters.frames_out = filling_u64(filling);
    link->counters.frames_in = filling_u64(filling);
    link->counters.crc_errors = filling_u64(filling);
    link->counters.alignment_errors = filling_u64(filling);
    link->counters.overruns = filling_u64(filling);
}

static void fill_ras_message(struct filling *filling, struct napipc_message *message)
{
    uint16_t i;

    switch (message->type)
    {
    case NAPIPC_RAS_LIST:
        message->ras_list.after = filling_u32(filling);
        break;
    case NAPIPC_RAS_LIST | NAPIPC_REPLY:
        message->ras_list_reply.more = filling_bool(filling);
        message->ras_list_reply.count = (uint16_t)filling_size(filling, NAPIPC_RAS_PER_PAGE);
        for (i = 0; i < message->ras_list_reply.count; i++)
        {
            fill_ras_connection(filling, &message->ras_list_reply.connections[i].connection);
            message->ras_list_reply.connections[i].active = filling_bool(filling);
        }
        break;
    case NAPIPC_RAS_GET:
    case NAPIPC_RAS_NAP_STATUS:
    case NAPIPC_RAS_REMOVE:
    case NAPIPC_RAS_HANG_UP:
    case NAPIPC_RAS_CLEAR:
        message->ras_handle.handle = filling_u32(filling);
        break;
    case NAPIPC_RAS_GET | NAPIPC_REPLY:
        fill_ras_connection(filling, &message->ras_get_reply.connection);
        message->ras_get_reply.active = filling_bool(filling);
        message->ras_get_reply.duration = filling_u64(filling);
        message->ras_get_reply.state = filling_u32(filling);
        message->ras_get_reply.error = filling_u32(filling);
        fill_ras_link(filling, &message->ras_get_reply.link);
        break;
    case NAPIPC_RAS_NAP_STATUS | NAPIPC_REPLY:
        message->ras_nap_status_reply.state = filling_u32(filling);
        message->ras_nap_status_reply.probation_end = filling_u64(filling);
        break;
    case NAPIPC_RAS_ADD:
        message->ras_add.replace = filling_bool(filling);
        message->ras_add.keep = filling_bool(filling);
        fill_ras_connection(filling, &message->ras_add.connection);
        break;
    case NAPIPC_RAS_ADD | NAPIPC_REPLY:
        message->ras_add_reply.handle = filling_u32(filling);
        fill_guid(filling, &message->ras_add_reply.id);
        break;
    case NAPIPC_RAS_GET_PATTERNS | NAPIPC_REPLY:
    case NAPIPC_RAS_SET_PATTERNS:
        fill_string(filling, &message->ras_patterns.patterns);
        break;
    case NAPIPC_RAS_DIAL:
        fill_ras_connection(filling, &message->ras_dial.connection);
        fill_string(filling, &message->ras_dial.domain);
        fill_string(filling, &message->ras_dial.callback_number);
        fill_string(filling, &message->ras_dial.password);
        break;
    case NAPIPC_RAS_DIAL | NAPIPC_REPLY:
        message->ras_dial_reply.handle = filling_u32(filling);
        message->ras_dial_reply.existing = filling_bool(filling);
        break;
    case NAPIPC_RAS_DIAL_NEXT:
        message->ras_dial_next.handle = filling_u32(filling);
        message->ras_dial_next.seen = filling_u32(filling);
        break;
    case NAPIPC_RAS_DIAL_NEXT | NAPIPC_REPLY:
        message->ras_dial_next_reply.state = filling_u32(filling);
        message->ras_dial_next_reply.error = filling_u32(filling);
        message->ras_dial_next_reply.count = filling_u32(filling);
        message->ras_dial_next_reply.decided = filling_bool(filling);
        break;
    case NAPIPC_RAS_CHANGED:
        message->ras_changed.handle = filling_u32(filling);
        message->ras_changed.connected = filling_bool(filling);
        break;
    default:
        break;
    }
}

#endif
