/*
 * The messages of the agent protocol: one description each, for both
 * directions. The order of lines is the order on the wire (docs/protocol.md).
 */
#include "libs/napipc/codec.h"

#include <string.h>

static void component_fields(struct codec *codec, struct napipc_component *component)
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

static void bind_fields(struct codec *codec, struct napipc_message *message)
{
    codec_kind(codec, &message->bind.kind);
    codec_u32(codec, &message->bind.id);
    codec_bool(codec, &message->bind.again);
}

static void soh_request_fields(struct codec *codec, struct napipc_message *message)
{
    codec_blob(codec, &message->soh_request.private_data, NAPIPC_MAX_PRIVATE_DATA);
    codec_guid(codec, &message->soh_request.connection_id);
    codec_u32(codec, &message->soh_request.max_size);
    codec_u64(codec, &message->soh_request.object);
}

static void soh_request_reply_fields(struct codec *codec, struct napipc_message *message)
{
    codec_bool(codec, &message->soh_request_reply.retrigger_hint);
    codec_u8(codec, &message->soh_request_reply.flags);
    codec_correlation(codec, &message->soh_request_reply.correlation);
    codec_blob(codec, &message->soh_request_reply.private_data, NAPIPC_MAX_PRIVATE_DATA);
    codec_blob(codec, &message->soh_request_reply.soh, NAPIPC_MAX_SOH);
}

static void soh_response_fields(struct codec *codec, struct napipc_message *message)
{
    codec_blob(codec, &message->soh_response.private_data, NAPIPC_MAX_PRIVATE_DATA);
    codec_guid(codec, &message->soh_response.connection_id);
    codec_blob(codec, &message->soh_response.soh, NAPIPC_MAX_SOH);
}

static void soh_response_reply_fields(struct codec *codec, struct napipc_message *message)
{
    struct napipc_soh_response_reply *reply = &message->soh_response_reply;

    codec_blob(codec, &reply->private_data, NAPIPC_MAX_PRIVATE_DATA);
    isolation_fields(codec, &reply->isolation);
    codec_u16(codec, &reply->shv_count);
    codec_blob(codec, &reply->shvs, 4 * NAPIPC_MAX_COMPONENTS);
    if (!codec->why && reply->shvs.size != (uint32_t)reply->shv_count * 4)
        codec_fail(codec, "count of SHVs and their bytes differ");
}

static void connection_down_fields(struct codec *codec, struct napipc_message *message)
{
    codec_blob(codec, &message->connection_down.private_data, NAPIPC_MAX_PRIVATE_DATA);
}

static void register_fields(struct codec *codec, struct napipc_message *message)
{
    codec_kind(codec, &message->reg.kind);
    component_fields(codec, &message->reg.component);
}

static void component_id_fields(struct codec *codec, struct napipc_message *message)
{
    codec_kind(codec, &message->component_id.kind);
    codec_u32(codec, &message->component_id.id);
}

static void list_components_fields(struct codec *codec, struct napipc_message *message)
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

static void list_components_reply_fields(struct codec *codec, struct napipc_message *message)
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

static void set_enabled_fields(struct codec *codec, struct napipc_message *message)
{
    codec_kind(codec, &message->set_enabled.kind);
    codec_u32(codec, &message->set_enabled.id);
    codec_bool(codec, &message->set_enabled.enabled);
}

static void get_state_reply_fields(struct codec *codec, struct napipc_message *message)
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

static void list_connections_fields(struct codec *codec, struct napipc_message *message)
{
    codec_u32(codec, &message->list_connections.after);
}

static void list_connections_reply_fields(struct codec *codec, struct napipc_message *message)
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

static void get_connections_reply_fields(struct codec *codec, struct napipc_message *message)
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

static void isolation_changed_fields(struct codec *codec, struct napipc_message *message)
{
    isolation_fields(codec, &message->isolation_changed.isolation);
}

static void agent_get_soh_fields(struct codec *codec, struct napipc_message *message)
{
    codec_correlation(codec, &message->agent_get_soh.correlation);
    codec_blob(codec, &message->agent_get_soh.cached, NAPIPC_MAX_AGENT_SOH);
    codec_blob(codec, &message->agent_get_soh.previous, NAPIPC_MAX_AGENT_SOH);
}

static void agent_get_soh_reply_fields(struct codec *codec, struct napipc_message *message)
{
    codec_bool(codec, &message->agent_get_soh_reply.cache);
    codec_bool(codec, &message->agent_get_soh_reply.same);
    codec_blob(codec, &message->agent_get_soh_reply.soh, NAPIPC_MAX_AGENT_SOH);
}

static void agent_process_response_fields(struct codec *codec, struct napipc_message *message)
{
    codec_correlation(codec, &message->agent_process_response.correlation);
    codec_u8(codec, &message->agent_process_response.flags);
    codec_blob(codec, &message->agent_process_response.soh, NAPIPC_MAX_SOH);
}

static void agent_fixup_reply_fields(struct codec *codec, struct napipc_message *message)
{
    fixup_fields(codec, &message->agent_fixup_reply.fixup);
}

static void agent_orphaned_fields(struct codec *codec, struct napipc_message *message)
{
    codec_correlation(codec, &message->agent_orphaned.correlation);
}

void no_fields(struct codec *codec, struct napipc_message *message)
{
    (void)codec;
    (void)message;
}

/* The description that belongs to a type, or NULL if there is no such type. */
static fields_function fields_of(uint16_t type)
{
    fields_function fields;

    switch (type)
    {
    case NAPIPC_BIND:
        return bind_fields;
    case NAPIPC_SOH_REQUEST:
        return soh_request_fields;
    case NAPIPC_SOH_REQUEST | NAPIPC_REPLY:
        return soh_request_reply_fields;
    case NAPIPC_SOH_RESPONSE:
        return soh_response_fields;
    case NAPIPC_SOH_RESPONSE | NAPIPC_REPLY:
        return soh_response_reply_fields;
    case NAPIPC_CONNECTION_DOWN:
        return connection_down_fields;
    case NAPIPC_REGISTER:
        return register_fields;
    case NAPIPC_UNREGISTER:
        return component_id_fields;
    case NAPIPC_LIST_COMPONENTS:
        return list_components_fields;
    case NAPIPC_LIST_COMPONENTS | NAPIPC_REPLY:
        return list_components_reply_fields;
    case NAPIPC_SET_ENABLED:
        return set_enabled_fields;
    case NAPIPC_GET_STATE | NAPIPC_REPLY:
        return get_state_reply_fields;
    case NAPIPC_LIST_CONNECTIONS:
        return list_connections_fields;
    case NAPIPC_LIST_CONNECTIONS | NAPIPC_REPLY:
        return list_connections_reply_fields;
    case NAPIPC_GET_CONNECTIONS | NAPIPC_REPLY:
        return get_connections_reply_fields;
    case NAPIPC_ISOLATION_CHANGED:
        return isolation_changed_fields;
    case NAPIPC_AGENT_GET_SOH:
        return agent_get_soh_fields;
    case NAPIPC_AGENT_GET_SOH | NAPIPC_REPLY:
        return agent_get_soh_reply_fields;
    case NAPIPC_AGENT_PROCESS_RESPONSE:
        return agent_process_response_fields;
    case NAPIPC_AGENT_PROCESS_RESPONSE | NAPIPC_REPLY:
    case NAPIPC_AGENT_GET_FIXUP_INFO | NAPIPC_REPLY:
        return agent_fixup_reply_fields;
    case NAPIPC_AGENT_ORPHANED:
        return agent_orphaned_fields;
    case NAPIPC_SOH_CHANGE:
    case NAPIPC_SOH_CHANGE | NAPIPC_REPLY:
    case NAPIPC_FLUSH_CACHE:
    case NAPIPC_FLUSH_CACHE | NAPIPC_REPLY:
    case NAPIPC_AGENT_ISOLATION_CHANGED:
    case NAPIPC_AGENT_ISOLATION_CHANGED | NAPIPC_REPLY:
    case NAPIPC_AGENT_GET_FIXUP_INFO:
    case NAPIPC_AGENT_ORPHANED | NAPIPC_REPLY:
    case NAPIPC_UNBIND:
    case NAPIPC_SOH_CHANGE_FAILURE:
    case NAPIPC_GET_STATE:
    case NAPIPC_NOTIFY_SOH_CHANGE:
    case NAPIPC_GET_CONNECTIONS:
    case NAPIPC_WATCH:
    case NAPIPC_WATCH | NAPIPC_REPLY:
    case NAPIPC_WATCH_STATE:
    case NAPIPC_WATCH_STATE | NAPIPC_REPLY:
    case NAPIPC_STATE_CHANGED:
    case NAPIPC_BIND | NAPIPC_REPLY:
    case NAPIPC_UNBIND | NAPIPC_REPLY:
    case NAPIPC_CONNECTION_DOWN | NAPIPC_REPLY:
    case NAPIPC_SOH_CHANGE_FAILURE | NAPIPC_REPLY:
    case NAPIPC_REGISTER | NAPIPC_REPLY:
    case NAPIPC_UNREGISTER | NAPIPC_REPLY:
    case NAPIPC_SET_ENABLED | NAPIPC_REPLY:
    case NAPIPC_NOTIFY_SOH_CHANGE | NAPIPC_REPLY:
        return no_fields;
    default:
        if ((fields = ras_fields_of(type)))
            return fields;
        return rras_fields_of(type);
    }
}

static bool has_body(uint16_t type, uint32_t status)
{
    return !(type & NAPIPC_REPLY) || !(status & 0x80000000u);
}

static void header_fields(struct codec *codec, uint32_t *size, uint16_t *version, uint16_t *type,
    uint32_t *call, uint32_t *status)
{
    codec_u32(codec, size);
    codec_u16(codec, version);
    codec_u16(codec, type);
    codec_u32(codec, call);
    codec_u32(codec, status);
}

enum napipc_result napipc_encode(const struct napipc_message *message, void *frame,
    size_t capacity, size_t *size)
{
    /* The descriptions write into a message only when they read a frame. */
    struct napipc_message *source = (struct napipc_message *)message;
    struct codec codec = {.out = frame, .end = capacity};
    fields_function fields = fields_of(message->type);
    uint16_t version = NAPIPC_VERSION;
    uint32_t total = 0;

    if (codec.end > NAPIPC_MAX_FRAME)
        codec.end = NAPIPC_MAX_FRAME;
    if (!fields || !message->call || (message->status && !(message->type & NAPIPC_REPLY)))
        return NAPIPC_BAD_MESSAGE;
    header_fields(&codec, &total, &version, &source->type, &source->call, &source->status);
    if (has_body(message->type, message->status))
        fields(&codec, source);
    if (codec.why)
        return NAPIPC_BAD_MESSAGE;

    *size = codec.position;
    total = (uint32_t)codec.position;
    codec.position = 0;
    codec_u32(&codec, &total);
    return NAPIPC_OK;
}

enum napipc_result napipc_decode(const void *frame, size_t size, struct napipc_message *message,
    uint16_t *version, const char **why)
{
    /* Never NULL: that would mean writing. */
    struct codec codec = {.in = frame ? frame : (const void *)"", .end = frame ? size : 0};
    uint16_t found_version;
    uint32_t found_size;
    fields_function fields;
    const char *ignored;

    if (!why)
        why = &ignored;
    *why = NULL;
    header_fields(&codec, &found_size, &found_version, &message->type, &message->call,
        &message->status);
    if (version)
        *version = found_version;
    if (codec.why)
        *why = "shorter than a header";
    else if (found_size != size)
        *why = "size in the header is not the size of the frame";
    else if (found_version != NAPIPC_VERSION)
        return NAPIPC_BAD_VERSION;
    else if (size > NAPIPC_MAX_FRAME)
        *why = "frame too long";
    else if (!(fields = fields_of(message->type)))
        *why = "unknown message type";
    else if (!message->call)
        *why = "call number 0";
    else if (!(message->type & NAPIPC_REPLY) && message->status)
        *why = "status in a request";
    else if (has_body(message->type, message->status))
    {
        fields(&codec, message);
        *why = codec.why;
    }
    if (!*why && codec.position != codec.end)
        *why = "bytes left over";
    return *why ? NAPIPC_BAD_FRAME : NAPIPC_OK;
}

void napipc_encode_version_refusal(uint32_t status, void *frame)
{
    struct codec codec = {.out = frame, .end = NAPIPC_HEADER_SIZE};
    uint32_t size = NAPIPC_HEADER_SIZE, call = 0;
    uint16_t version = NAPIPC_VERSION, type = NAPIPC_REPLY;

    header_fields(&codec, &size, &version, &type, &call, &status);
}

size_t napipc_frame_bound(const struct napipc_message *message)
{
    /* A failure's other fields are not set. */
    if (!has_body(message->type, message->status))
        return NAPIPC_HEADER_SIZE;
    switch (message->type)
    {
    case NAPIPC_SOH_REQUEST | NAPIPC_REPLY:
        return 512 + (size_t)message->soh_request_reply.soh.size;
    case NAPIPC_SOH_RESPONSE:
        return 512 + (size_t)message->soh_response.soh.size;
    case NAPIPC_SOH_RESPONSE | NAPIPC_REPLY:
        return 4096;
    case NAPIPC_AGENT_GET_SOH:
        return 512 + (size_t)message->agent_get_soh.cached.size + message->agent_get_soh.previous.size;
    case NAPIPC_AGENT_GET_SOH | NAPIPC_REPLY:
        return 512 + (size_t)message->agent_get_soh_reply.soh.size;
    case NAPIPC_AGENT_PROCESS_RESPONSE:
        return 512 + (size_t)message->agent_process_response.soh.size;
    case NAPIPC_RAS_LIST | NAPIPC_REPLY:
        return NAPIPC_MAX_FRAME;
    case NAPIPC_RAS_GET | NAPIPC_REPLY:
    case NAPIPC_RAS_ADD:
        return 1024 + 7 * 2 * NAPIPC_MAX_STRING;
    case NAPIPC_RAS_GET_PATTERNS | NAPIPC_REPLY:
    case NAPIPC_RAS_SET_PATTERNS:
        return 512 + 2 * NAPIPC_MAX_STRING;
    case NAPIPC_REGISTER:
        return 512 + 4 * 2 * NAPIPC_MAX_STRING;
    case NAPIPC_GET_STATE | NAPIPC_REPLY:
    case NAPIPC_ISOLATION_CHANGED:
        return 4096;
    case NAPIPC_GET_CONNECTIONS | NAPIPC_REPLY:
    case NAPIPC_LIST_COMPONENTS | NAPIPC_REPLY:
    case NAPIPC_LIST_CONNECTIONS | NAPIPC_REPLY:
        return NAPIPC_MAX_FRAME;
    case NAPIPC_RRAS_ADD:
    case NAPIPC_RRAS_UPDATE:
    case NAPIPC_RRAS_LIST | NAPIPC_REPLY:
    case NAPIPC_RRAS_GET | NAPIPC_REPLY:
    case NAPIPC_RRAS_REMOVE:
    case NAPIPC_RRAS_GET:
    case NAPIPC_RRAS_CLEAR_STATISTICS:
    case NAPIPC_RRAS_REMOVE_QUARANTINE:
    case NAPIPC_RRAS_DISCONNECT:
        return rras_frame_bound(message);
    default:
        return 512;
    }
}
