/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * The bodies of the RRAS messages, see nap.c, and the encoding of stored records.
 */
#include "libs/napipc/codec.h"

#include <string.h>

#define RECORD_FORMAT 1 /* of stored records; not the protocol's version, which stores outlive */

/* What fits the body of a frame. */
#define MAX_ENTRIES (NAPIPC_MAX_FRAME - NAPIPC_HEADER_SIZE - 12)

static void record_string(struct codec *codec, struct napipc_string *string)
{
    codec_string(codec, string);
    if (string->length > NAPIPC_RRAS_MAX_STRING)
        codec_fail(codec, "string of a record too long");
    if (codec->in && codec->why)
        string->length = 0;
}

static void counters_fields(struct codec *codec, struct napipc_rras_counters *counters)
{
    codec_u64(codec, &counters->bytes_in);
    codec_u64(codec, &counters->packets_in);
    codec_u64(codec, &counters->bytes_out);
    codec_u64(codec, &counters->packets_out);
    codec_u64(codec, &counters->crc_errors);
    codec_u64(codec, &counters->framing_errors);
    codec_u64(codec, &counters->overruns);
}

static void record_fields(struct codec *codec, struct napipc_rras_record *record)
{
    codec_guid(codec, &record->guid);
    codec_u64(codec, &record->since);
    codec_u64(codec, &record->probation_end);
    codec_u8(codec, &record->quarantine);
    codec_u8(codec, &record->tunnel);
    codec_bool(codec, &record->outgoing);
    codec_octets(codec, record->ipv4_local, sizeof(record->ipv4_local));
    codec_octets(codec, record->ipv4, sizeof(record->ipv4));
    codec_octets(codec, record->ipv6_local, sizeof(record->ipv6_local));
    codec_octets(codec, record->ipv6, sizeof(record->ipv6));
    codec_u8(codec, &record->ipv6_prefix);
    record_string(codec, &record->user);
    record_string(codec, &record->domain);
    record_string(codec, &record->computer);
    record_string(codec, &record->interface_name);
    record_string(codec, &record->port);
    record_string(codec, &record->device_name);
    record_string(codec, &record->device_type);
    record_string(codec, &record->local_endpoint);
    record_string(codec, &record->remote_endpoint);
    codec_u32(codec, &record->interface_index);
    codec_bool(codec, &record->cleared);
    if (record->cleared)
        counters_fields(codec, &record->cleared_at);
    else if (codec->in)
        memset(&record->cleared_at, 0, sizeof(record->cleared_at));
    if (record->quarantine > NAPIPC_RRAS_NOT_CAPABLE)
        codec_fail(codec, "unknown quarantine state");
    if (record->tunnel > NAPIPC_RRAS_IKEV2)
        codec_fail(codec, "unknown kind of tunnel");
    if (record->ipv6_prefix > 128)
        codec_fail(codec, "IPv6 prefix longer than an address");
}

static void selector_fields(struct codec *codec, struct napipc_rras_selector *selector)
{
    if (codec->in)
        memset(selector, 0, sizeof(*selector));
    codec_u8(codec, &selector->kind);
    switch (selector->kind)
    {
    case NAPIPC_RRAS_BY_ID:
        codec_u32(codec, &selector->id);
        break;
    case NAPIPC_RRAS_BY_INTERFACE:
    case NAPIPC_RRAS_BY_PORT:
        record_string(codec, &selector->name);
        break;
    case NAPIPC_RRAS_BY_GUID:
        codec_guid(codec, &selector->guid);
        break;
    case NAPIPC_RRAS_BY_IPV4:
        codec_octets(codec, selector->ipv4, sizeof(selector->ipv4));
        break;
    default:
        codec_fail(codec, "unknown way to select connections");
    }
}

void rras_add_fields(struct codec *codec, struct napipc_message *message)
{
    codec_bool(codec, &message->rras_add.keep);
    record_fields(codec, &message->rras_add.record);
}

void rras_add_reply_fields(struct codec *codec, struct napipc_message *message)
{
    codec_u32(codec, &message->rras_add_reply.id);
    codec_guid(codec, &message->rras_add_reply.guid);
}

void rras_update_fields(struct codec *codec, struct napipc_message *message)
{
    selector_fields(codec, &message->rras_update.selector);
    codec_u32(codec, &message->rras_update.fields);
    record_fields(codec, &message->rras_update.record);
    if (message->rras_update.fields & ~(uint32_t)NAPIPC_RRAS_ALL_FIELDS)
        codec_fail(codec, "unknown field of a record");
}

void rras_select_fields(struct codec *codec, struct napipc_message *message)
{
    selector_fields(codec, &message->rras_select.selector);
}

void rras_count_reply_fields(struct codec *codec, struct napipc_message *message)
{
    codec_u32(codec, &message->rras_count_reply.count);
}

void rras_list_fields(struct codec *codec, struct napipc_message *message)
{
    codec_u32(codec, &message->rras_list.after);
    codec_u32(codec, &message->rras_list.limit);
    codec_bool(codec, &message->rras_list.even_if_off);
}

void rras_list_reply_fields(struct codec *codec, struct napipc_message *message)
{
    codec_u32(codec, &message->rras_list_reply.remaining);
    codec_u32(codec, &message->rras_list_reply.count);
    codec_blob(codec, &message->rras_list_reply.entries, MAX_ENTRIES);
}

void rras_set_server_fields(struct codec *codec, struct napipc_message *message)
{
    codec_bool(codec, &message->rras_set_server.enabled);
}

void rras_server_reply_fields(struct codec *codec, struct napipc_message *message)
{
    codec_bool(codec, &message->rras_server_reply.enabled);
    codec_u64(codec, &message->rras_server_reply.started);
    codec_u32(codec, &message->rras_server_reply.connections);
}

/* ---- stored records, and entries of lists ---- */

size_t napipc_rras_write_record(
        const struct napipc_rras_record *record, void *bytes, size_t capacity)
{
    struct codec codec = {.out = bytes, .end = capacity};
    uint8_t format = RECORD_FORMAT;

    codec_u8(&codec, &format);
    record_fields(&codec, (struct napipc_rras_record *)record); /* not changed by writing */
    return codec.why ? 0 : codec.position;
}

bool napipc_rras_read_record(const void *bytes, size_t size, struct napipc_rras_record *record)
{
    struct codec codec = {.in = bytes, .end = size};
    uint8_t format;

    codec_u8(&codec, &format);
    record_fields(&codec, record);
    return format == RECORD_FORMAT && !codec.why && codec.position == codec.end;
}

static void live_fields(struct codec *codec, struct napipc_rras_live *live)
{
    codec_bool(codec, &live->known);
    if (live->known)
    {
        codec_u64(codec, &live->speed);
        counters_fields(codec, &live->counters);
    }
    else if (codec->in)
        memset(live, 0, sizeof(*live));
}

size_t napipc_rras_write_entry(uint32_t id, const struct napipc_blob *record,
        const struct napipc_rras_live *live, void *bytes, size_t capacity)
{
    struct codec codec = {.out = bytes, .end = capacity};

    codec_u32(&codec, &id);
    codec_blob(&codec, (struct napipc_blob *)record, NAPIPC_RRAS_MAX_RECORD);
    live_fields(&codec, (struct napipc_rras_live *)live);
    return codec.why ? 0 : codec.position;
}

bool napipc_rras_next(struct napipc_blob *rest, struct napipc_rras_entry *entry)
{
    struct codec codec = {.in = rest->data, .end = rest->size};
    struct napipc_blob record;

    if (!rest->size)
        return false;
    codec_u32(&codec, &entry->id);
    codec_blob(&codec, &record, NAPIPC_RRAS_MAX_RECORD);
    live_fields(&codec, &entry->live);
    if (codec.why || !napipc_rras_read_record(record.data, record.size, &entry->record))
        return false;
    rest->data += codec.position;
    rest->size -= (uint32_t)codec.position;
    return true;
}
