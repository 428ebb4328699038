/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * The bodies of the messages about RAS connections; see nap.c.
 */
#include "libs/napipc/codec.h"

static void connection_fields(struct codec *codec, struct napipc_ras_connection *connection)
{
    codec_u32(codec, &connection->handle);
    codec_u32(codec, &connection->source);
    if (!codec->why
            && (connection->source < NAPIPC_RAS_TABLE || connection->source > NAPIPC_RAS_DIALED))
        codec_fail(codec, "unknown source of a RAS connection");
    codec_u32(codec, &connection->flags);
    codec_guid(codec, &connection->id);
    codec_guid(codec, &connection->entry_id);
    codec_u64(codec, &connection->since);
    codec_string(codec, &connection->entry_name);
    codec_string(codec, &connection->phonebook);
    codec_string(codec, &connection->device_type);
    codec_string(codec, &connection->device_name);
    codec_string(codec, &connection->phone_number);
    codec_string(codec, &connection->user);
    codec_string(codec, &connection->interface_name);
}

static void link_fields(struct codec *codec, struct napipc_ras_link *link)
{
    codec_bool(codec, &link->known);
    codec_u32(codec, &link->kind);
    codec_u32(codec, &link->mtu);
    codec_u64(codec, &link->speed);
    codec_bytes(codec, link->ipv4, sizeof(link->ipv4));
    codec_bytes(codec, link->ipv4_peer, sizeof(link->ipv4_peer));
    codec_bytes(codec, link->ipv6, sizeof(link->ipv6));
    codec_u8(codec, &link->ipv6_prefix);
    codec_u64(codec, &link->counters.bytes_out);
    codec_u64(codec, &link->counters.bytes_in);
    codec_u64(codec, &link->counters.frames_out);
    codec_u64(codec, &link->counters.frames_in);
    codec_u64(codec, &link->counters.crc_errors);
    codec_u64(codec, &link->counters.alignment_errors);
    codec_u64(codec, &link->counters.overruns);
}

void ras_list_fields(struct codec *codec, struct napipc_message *message)
{
    codec_u32(codec, &message->ras_list.after);
}

void ras_list_reply_fields(struct codec *codec, struct napipc_message *message)
{
    struct napipc_ras_list_reply *reply = &message->ras_list_reply;
    uint16_t i;

    codec_bool(codec, &reply->more);
    codec_count(codec, &reply->count, NAPIPC_RAS_PER_PAGE);
    for (i = 0; i < reply->count && !codec->why; i++)
    {
        connection_fields(codec, &reply->connections[i].connection);
        codec_bool(codec, &reply->connections[i].active);
    }
}

void ras_handle_fields(struct codec *codec, struct napipc_message *message)
{
    codec_u32(codec, &message->ras_handle.handle);
}

void ras_get_reply_fields(struct codec *codec, struct napipc_message *message)
{
    connection_fields(codec, &message->ras_get_reply.connection);
    codec_bool(codec, &message->ras_get_reply.active);
    codec_u64(codec, &message->ras_get_reply.duration);
    codec_u32(codec, &message->ras_get_reply.state);
    codec_u32(codec, &message->ras_get_reply.error);
    link_fields(codec, &message->ras_get_reply.link);
}

void ras_nap_status_reply_fields(struct codec *codec, struct napipc_message *message)
{
    codec_u32(codec, &message->ras_nap_status_reply.state);
    codec_u64(codec, &message->ras_nap_status_reply.probation_end);
}

void ras_add_fields(struct codec *codec, struct napipc_message *message)
{
    codec_bool(codec, &message->ras_add.replace);
    codec_bool(codec, &message->ras_add.keep);
    connection_fields(codec, &message->ras_add.connection);
}

void ras_add_reply_fields(struct codec *codec, struct napipc_message *message)
{
    codec_u32(codec, &message->ras_add_reply.handle);
    codec_guid(codec, &message->ras_add_reply.id);
}

void ras_patterns_fields(struct codec *codec, struct napipc_message *message)
{
    codec_string(codec, &message->ras_patterns.patterns);
}

void ras_dial_fields(struct codec *codec, struct napipc_message *message)
{
    connection_fields(codec, &message->ras_dial.connection);
    codec_string(codec, &message->ras_dial.domain);
    codec_string(codec, &message->ras_dial.callback_number);
    codec_string(codec, &message->ras_dial.password);
}

void ras_dial_reply_fields(struct codec *codec, struct napipc_message *message)
{
    codec_u32(codec, &message->ras_dial_reply.handle);
    codec_bool(codec, &message->ras_dial_reply.existing);
}

void ras_dial_next_fields(struct codec *codec, struct napipc_message *message)
{
    codec_u32(codec, &message->ras_dial_next.handle);
    codec_u32(codec, &message->ras_dial_next.seen);
}

void ras_dial_next_reply_fields(struct codec *codec, struct napipc_message *message)
{
    codec_u32(codec, &message->ras_dial_next_reply.state);
    codec_u32(codec, &message->ras_dial_next_reply.error);
    codec_u32(codec, &message->ras_dial_next_reply.count);
    codec_bool(codec, &message->ras_dial_next_reply.decided);
}

void ras_changed_fields(struct codec *codec, struct napipc_message *message)
{
    codec_u32(codec, &message->ras_changed.handle);
    codec_bool(codec, &message->ras_changed.connected);
}
