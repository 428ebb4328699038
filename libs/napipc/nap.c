/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * The bodies of the messages about components, connections and health agents: one function each,
 * for both directions. The order of lines is the order on the wire (docs/protocol.md).
 */
#include "libs/napipc/codec.h"

void component_fields(struct codec *codec, struct napipc_component *component)
{
    codec_u32(codec, &component->id);
    codec_string(codec, &component->friendly_name);
    codec_string(codec, &component->description);
    codec_string(codec, &component->version);
    codec_string(codec, &component->vendor_name);
    codec_guid(codec, &component->info_clsid);
    codec_guid(codec, &component->config_clsid);
    codec_u64(codec, &component->registration_date);
    codec_u32(codec, &component->component_type);
}

static void isolation_fields(struct codec *codec, struct napipc_isolation *isolation)
{
    codec_u32(codec, &isolation->state);
    codec_u32(codec, &isolation->extended_state);
    codec_u64(codec, &isolation->probation_end);
    codec_string(codec, &isolation->failure_url);
}

void bind_fields(struct codec *codec, struct napipc_message *message)
{
    codec_kind(codec, &message->bind.kind);
    codec_u32(codec, &message->bind.id);
    codec_bool(codec, &message->bind.again);
}

void soh_request_fields(struct codec *codec, struct napipc_message *message)
{
    codec_blob(codec, &message->soh_request.private_data, NAPIPC_MAX_PRIVATE_DATA);
    codec_guid(codec, &message->soh_request.connection_id);
    codec_u32(codec, &message->soh_request.max_size);
    codec_u64(codec, &message->soh_request.object);
}

void soh_request_reply_fields(struct codec *codec, struct napipc_message *message)
{
    codec_bool(codec, &message->soh_request_reply.retrigger_hint);
    codec_u8(codec, &message->soh_request_reply.flags);
    codec_correlation(codec, &message->soh_request_reply.correlation);
    codec_blob(codec, &message->soh_request_reply.private_data, NAPIPC_MAX_PRIVATE_DATA);
    codec_blob(codec, &message->soh_request_reply.soh, NAPIPC_MAX_SOH);
}

void soh_response_fields(struct codec *codec, struct napipc_message *message)
{
    codec_blob(codec, &message->soh_response.private_data, NAPIPC_MAX_PRIVATE_DATA);
    codec_guid(codec, &message->soh_response.connection_id);
    codec_blob(codec, &message->soh_response.soh, NAPIPC_MAX_SOH);
}

void soh_response_reply_fields(struct codec *codec, struct napipc_message *message)
{
    struct napipc_soh_response_reply *reply = &message->soh_response_reply;

    codec_blob(codec, &reply->private_data, NAPIPC_MAX_PRIVATE_DATA);
    isolation_fields(codec, &reply->isolation);
    codec_u16(codec, &reply->shv_count);
    codec_blob(codec, &reply->shvs, 4 * NAPIPC_MAX_COMPONENTS);
    if (!codec->why && reply->shvs.size != (uint32_t)reply->shv_count * 4)
        codec_fail(codec, "count of SHVs and their bytes differ");
}

void connection_down_fields(struct codec *codec, struct napipc_message *message)
{
    codec_blob(codec, &message->connection_down.private_data, NAPIPC_MAX_PRIVATE_DATA);
}

void register_fields(struct codec *codec, struct napipc_message *message)
{
    codec_kind(codec, &message->reg.kind);
    component_fields(codec, &message->reg.component);
}

void component_id_fields(struct codec *codec, struct napipc_message *message)
{
    codec_kind(codec, &message->component_id.kind);
    codec_u32(codec, &message->component_id.id);
}

void list_components_fields(struct codec *codec, struct napipc_message *message)
{
    codec_kind(codec, &message->list_components.kind);
    codec_u32(codec, &message->list_components.after);
}

static void fixup_fields(struct codec *codec, struct napipc_fixup *fixup)
{
    uint16_t i;

    codec_u32(codec, &fixup->state);
    codec_u8(codec, &fixup->percentage);
    codec_u32(codec, &fixup->message_id);
    codec_count(codec, &fixup->code_count, NAPIPC_MAX_FIXUP_CODES);
    for (i = 0; i < fixup->code_count && i < NAPIPC_MAX_FIXUP_CODES; i++)
        codec_u32(codec, &fixup->codes[i]);
}

static void health_fields(struct codec *codec, struct napipc_health *health)
{
    uint16_t i;

    codec_bool(codec, &health->fixup_known);
    fixup_fields(codec, &health->fixup);
    codec_bool(codec, &health->judged);
    codec_u8(codec, &health->failure_category);
    codec_count(codec, &health->code_count, NAPIPC_MAX_RESULT_CODES);
    for (i = 0; i < health->code_count && i < NAPIPC_MAX_RESULT_CODES; i++)
        codec_u32(codec, &health->codes[i]);
}

void list_components_reply_fields(struct codec *codec, struct napipc_message *message)
{
    struct napipc_list_components_reply *reply = &message->list_components_reply;
    uint16_t i;

    codec_bool(codec, &reply->more);
    codec_count(codec, &reply->count, NAPIPC_COMPONENTS_PER_PAGE);
    for (i = 0; i < reply->count && !codec->why; i++)
    {
        component_fields(codec, &reply->components[i].component);
        codec_bool(codec, &reply->components[i].enabled);
        codec_bool(codec, &reply->components[i].bound);
        health_fields(codec, &reply->components[i].health);
    }
}

void set_enabled_fields(struct codec *codec, struct napipc_message *message)
{
    codec_kind(codec, &message->set_enabled.kind);
    codec_u32(codec, &message->set_enabled.id);
    codec_bool(codec, &message->set_enabled.enabled);
}

void get_state_reply_fields(struct codec *codec, struct napipc_message *message)
{
    struct napipc_get_state_reply *reply = &message->get_state_reply;

    codec_bool(codec, &reply->unknown_connections);
    isolation_fields(codec, &reply->isolation);
    codec_u32(codec, &reply->process_id);
    codec_u64(codec, &reply->started);
    codec_u16(codec, &reply->enforcement_clients);
    codec_u16(codec, &reply->enforcement_clients_enabled);
    codec_u16(codec, &reply->health_agents);
    codec_u16(codec, &reply->connections);
    codec_bool(codec, &reply->group_policy);
}

void list_connections_fields(struct codec *codec, struct napipc_message *message)
{
    codec_u32(codec, &message->list_connections.after);
}

void list_connections_reply_fields(struct codec *codec, struct napipc_message *message)
{
    struct napipc_list_connections_reply *reply = &message->list_connections_reply;
    uint16_t i;

    codec_bool(codec, &reply->more);
    codec_count(codec, &reply->count, NAPIPC_CONNECTIONS_PER_PAGE);
    for (i = 0; i < reply->count && !codec->why; i++)
    {
        codec_u32(codec, &reply->connections[i].number);
        codec_u32(codec, &reply->connections[i].enforcement_client);
        codec_u32(codec, &reply->connections[i].process_id);
        codec_guid(codec, &reply->connections[i].connection_id);
        codec_correlation(codec, &reply->connections[i].correlation);
        codec_bool(codec, &reply->connections[i].pending);
        codec_bool(codec, &reply->connections[i].known);
        isolation_fields(codec, &reply->connections[i].isolation);
    }
}

void get_connections_reply_fields(struct codec *codec, struct napipc_message *message)
{
    struct napipc_get_connections_reply *reply = &message->get_connections_reply;
    uint16_t i;

    codec_count(codec, &reply->count, NAPIPC_MAX_CONNECTIONS);
    for (i = 0; i < reply->count && !codec->why; i++)
    {
        codec_blob(codec, &reply->connections[i].private_data, NAPIPC_MAX_PRIVATE_DATA);
        codec_guid(codec, &reply->connections[i].connection_id);
        isolation_fields(codec, &reply->connections[i].isolation);
    }
}

void isolation_changed_fields(struct codec *codec, struct napipc_message *message)
{
    isolation_fields(codec, &message->isolation_changed.isolation);
}

void agent_get_soh_fields(struct codec *codec, struct napipc_message *message)
{
    codec_correlation(codec, &message->agent_get_soh.correlation);
    codec_blob(codec, &message->agent_get_soh.cached, NAPIPC_MAX_AGENT_SOH);
    codec_blob(codec, &message->agent_get_soh.previous, NAPIPC_MAX_AGENT_SOH);
}

void agent_get_soh_reply_fields(struct codec *codec, struct napipc_message *message)
{
    codec_bool(codec, &message->agent_get_soh_reply.cache);
    codec_bool(codec, &message->agent_get_soh_reply.same);
    codec_blob(codec, &message->agent_get_soh_reply.soh, NAPIPC_MAX_AGENT_SOH);
}

void agent_process_response_fields(struct codec *codec, struct napipc_message *message)
{
    codec_correlation(codec, &message->agent_process_response.correlation);
    codec_u8(codec, &message->agent_process_response.flags);
    codec_blob(codec, &message->agent_process_response.soh, NAPIPC_MAX_SOH);
}

void agent_fixup_reply_fields(struct codec *codec, struct napipc_message *message)
{
    fixup_fields(codec, &message->agent_fixup_reply.fixup);
}

void agent_orphaned_fields(struct codec *codec, struct napipc_message *message)
{
    codec_correlation(codec, &message->agent_orphaned.correlation);
}
