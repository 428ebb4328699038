/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Sample RRAS messages; part of samples.h.
 */
#ifndef WINE_NAP_TESTS_NAPIPC_RRAS_SAMPLES_H
#define WINE_NAP_TESTS_NAPIPC_RRAS_SAMPLES_H

static void fill_record_string(struct filling *filling, struct napipc_string *string)
{
    string->length = (uint16_t)filling_size(filling, NAPIPC_RRAS_MAX_STRING);
    string->units = filling->pool + filling_next(filling, 4096);
}

static void fill_octets(struct filling *filling, uint8_t *octets, size_t size)
{
    memcpy(octets, filling->pool + filling_next(filling, 4096), size);
}

static void fill_counters(struct filling *filling, struct napipc_rras_counters *counters)
{
    counters->bytes_in = filling_u64(filling);
    counters->packets_in = filling_u64(filling);
    counters->bytes_out = filling_u64(filling);
    counters->packets_out = filling_u64(filling);
    counters->crc_errors = filling_u64(filling);
    counters->framing_errors = filling_u64(filling);
    counters->overruns = filling_u64(filling);
}

static void fill_record(struct filling *filling, struct napipc_rras_record *record)
{
    memset(record, 0, sizeof(*record));
    fill_guid(filling, &record->guid);
    record->since = filling_u64(filling);
    record->probation_end = filling_u64(filling);
    record->quarantine = (uint8_t)filling_size(filling, NAPIPC_RRAS_NOT_CAPABLE);
    record->tunnel = (uint8_t)filling_size(filling, NAPIPC_RRAS_IKEV2);
    record->outgoing = filling_bool(filling);
    fill_octets(filling, record->ipv4_local, sizeof(record->ipv4_local));
    fill_octets(filling, record->ipv4, sizeof(record->ipv4));
    fill_octets(filling, record->ipv6_local, sizeof(record->ipv6_local));
    fill_octets(filling, record->ipv6, sizeof(record->ipv6));
    record->ipv6_prefix = (uint8_t)filling_size(filling, 128);
    fill_record_string(filling, &record->user);
    fill_record_string(filling, &record->domain);
    fill_record_string(filling, &record->computer);
    fill_record_string(filling, &record->interface_name);
    fill_record_string(filling, &record->port);
    fill_record_string(filling, &record->device_name);
    fill_record_string(filling, &record->device_type);
    fill_record_string(filling, &record->local_endpoint);
    fill_record_string(filling, &record->remote_endpoint);
    record->interface_index = filling_u32(filling);
    record->cleared = filling_bool(filling);
    if (record->cleared)
        fill_counters(filling, &record->cleared_at);
}

static void fill_selector(struct filling *filling, struct napipc_rras_selector *selector)
{
    selector->kind = filling->largest ? NAPIPC_RRAS_BY_PORT
                                      : (uint8_t)(1 + filling_next(filling, NAPIPC_RRAS_BY_IPV4));
    selector->id = filling_u32(filling);
    fill_record_string(filling, &selector->name);
    fill_guid(filling, &selector->guid);
    fill_octets(filling, selector->ipv4, sizeof(selector->ipv4));
}

static void fill_rras_message(
        struct filling *filling, uint16_t type, struct napipc_message *message)
{
    switch (type)
    {
    case NAPIPC_RRAS_ADD:
        message->rras_add.keep = filling_bool(filling);
        fill_record(filling, &message->rras_add.record);
        break;
    case NAPIPC_RRAS_ADD | NAPIPC_REPLY:
        message->rras_add_reply.id = filling_u32(filling);
        fill_guid(filling, &message->rras_add_reply.guid);
        break;
    case NAPIPC_RRAS_UPDATE:
        fill_selector(filling, &message->rras_update.selector);
        message->rras_update.fields = filling_u32(filling) & NAPIPC_RRAS_ALL_FIELDS;
        fill_record(filling, &message->rras_update.record);
        break;
    case NAPIPC_RRAS_REMOVE:
    case NAPIPC_RRAS_GET:
    case NAPIPC_RRAS_CLEAR_STATISTICS:
    case NAPIPC_RRAS_REMOVE_QUARANTINE:
    case NAPIPC_RRAS_DISCONNECT:
        fill_selector(filling, &message->rras_select.selector);
        break;
    case NAPIPC_RRAS_UPDATE | NAPIPC_REPLY:
    case NAPIPC_RRAS_REMOVE | NAPIPC_REPLY:
    case NAPIPC_RRAS_REMOVE_QUARANTINE | NAPIPC_REPLY:
        message->rras_count_reply.count = filling_u32(filling);
        break;
    case NAPIPC_RRAS_LIST:
        message->rras_list.after = filling_u32(filling);
        message->rras_list.limit = filling_u32(filling);
        message->rras_list.even_if_off = filling_bool(filling);
        break;
    case NAPIPC_RRAS_LIST | NAPIPC_REPLY:
    case NAPIPC_RRAS_GET | NAPIPC_REPLY:
        message->rras_list_reply.remaining = filling_u32(filling);
        message->rras_list_reply.count = filling_u32(filling);
        fill_blob(filling, &message->rras_list_reply.entries, 60000);
        break;
    case NAPIPC_RRAS_SET_SERVER:
        message->rras_set_server.enabled = filling_bool(filling);
        break;
    case NAPIPC_RRAS_GET_SERVER | NAPIPC_REPLY:
        message->rras_server_reply.enabled = filling_bool(filling);
        message->rras_server_reply.started = filling_u64(filling);
        message->rras_server_reply.connections = filling_u32(filling);
        break;
    default:
        break;
    }
}

#endif
