/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Sample messages: random ones, and the largest of each type.
 *
 * Random messages come from a fixed seed, so a failure repeats.
 */
#ifndef WINE_NAP_TESTS_NAPIPC_SAMPLES_H
#define WINE_NAP_TESTS_NAPIPC_SAMPLES_H

#include <string.h>

#include "libs/napipc/napipc.h"

/* The way to fill a message. */
struct filling
{
    bool largest;        /* everything at its limit, otherwise random */
    uint64_t state;      /* the generator's state; not 0 */
    uint8_t pool[65536]; /* memory for strings and blobs */
};

/* xorshift64 */
static uint32_t filling_next(struct filling *filling, uint32_t below)
{
    filling->state ^= filling->state << 13;
    filling->state ^= filling->state >> 7;
    filling->state ^= filling->state << 17;
    return (uint32_t)((filling->state >> 16) % below);
}

static void filling_init(struct filling *filling, bool largest, uint64_t seed)
{
    size_t i;

    filling->largest = largest;
    filling->state = seed;
    for (i = 0; i < sizeof(filling->pool); i++)
        filling->pool[i] = (uint8_t)filling_next(filling, 256);
}

/* A random size up to `most`: sometimes the limit, mostly small. */
static uint32_t filling_size(struct filling *filling, uint32_t most)
{
    if (filling->largest || !filling_next(filling, 16))
        return most;
    return filling_next(filling, filling_next(filling, 8) && most > 12 ? 12 : most + 1);
}

static uint32_t filling_u32(struct filling *filling)
{
    return filling->largest ? UINT32_MAX
                            : filling_next(filling, 0x10000) << 16 | filling_next(filling, 0x10000);
}

static uint64_t filling_u64(struct filling *filling)
{
    uint64_t high = filling_u32(filling);

    return high << 32 | filling_u32(filling);
}

static bool filling_bool(struct filling *filling)
{
    return filling->largest || filling_next(filling, 2);
}

static uint32_t filling_kind(struct filling *filling)
{
    return filling_bool(filling) ? NAPIPC_HEALTH_AGENT : NAPIPC_ENFORCEMENT_CLIENT;
}

static void fill_blob(struct filling *filling, struct napipc_blob *blob, uint32_t most)
{
    blob->size = filling_size(filling, most);
    blob->data =
            filling->pool
            + (filling->largest ? 0 : filling_next(filling, sizeof(filling->pool) - blob->size));
}

static void fill_string(struct filling *filling, struct napipc_string *string)
{
    string->length = (uint16_t)filling_size(filling, NAPIPC_MAX_STRING);
    string->units = filling->pool + filling_next(filling, 4096);
}

static void fill_guid(struct filling *filling, struct napipc_guid *guid)
{
    memcpy(guid->bytes, filling->pool + filling_next(filling, 4096), sizeof(guid->bytes));
}

static void fill_correlation(struct filling *filling, struct napipc_correlation *correlation)
{
    fill_guid(filling, &correlation->conn_id);
    correlation->time_stamp = filling_u64(filling);
}

static void fill_isolation(struct filling *filling, struct napipc_isolation *isolation)
{
    isolation->state = filling_u32(filling);
    isolation->extended_state = filling_u32(filling);
    isolation->probation_end = filling_u64(filling);
    fill_string(filling, &isolation->failure_url);
}

static void fill_component(struct filling *filling, struct napipc_component *component)
{
    component->id = filling_u32(filling);
    fill_string(filling, &component->friendly_name);
    fill_string(filling, &component->description);
    fill_string(filling, &component->version);
    fill_string(filling, &component->vendor_name);
    fill_guid(filling, &component->info_clsid);
    fill_guid(filling, &component->config_clsid);
    component->registration_date = filling_u64(filling);
    component->component_type = filling_u32(filling);
}

static void fill_component_info(struct filling *filling, struct napipc_component_info *info)
{
    uint16_t i;

    info->count = (uint16_t)filling_size(filling, NAPIPC_MAX_TEXTS);
    for (i = 0; i < info->count; i++)
    {
        info->texts[i].is_message = filling_bool(filling);
        info->texts[i].number = filling_u32(filling);
    }
}

static void fill_component_info_reply(
        struct filling *filling, struct napipc_component_info_reply *reply)
{
    uint16_t i;

    fill_string(filling, &reply->friendly_name);
    fill_string(filling, &reply->description);
    fill_string(filling, &reply->vendor_name);
    fill_string(filling, &reply->version);
    fill_string(filling, &reply->icon_file);
    reply->icon_resource = filling_u32(filling);
    reply->failed_method = (uint8_t)filling_u32(filling);
    reply->failure = filling_u32(filling);
    reply->count = (uint16_t)filling_size(filling, NAPIPC_MAX_TEXTS);
    for (i = 0; i < reply->count; i++)
        fill_string(filling, &reply->texts[i]);
}

static void fill_soh_response_reply(
        struct filling *filling, struct napipc_soh_response_reply *reply)
{
    fill_blob(filling, &reply->private_data, NAPIPC_MAX_PRIVATE_DATA);
    fill_isolation(filling, &reply->isolation);
    fill_blob(filling, &reply->shvs, 4 * NAPIPC_MAX_COMPONENTS);
    reply->shv_count = (uint16_t)(reply->shvs.size / 4);
    reply->shvs.size = reply->shv_count * 4u;
}

static void fill_fixup(struct filling *filling, struct napipc_fixup *fixup)
{
    uint16_t i;

    fixup->state = filling_u32(filling);
    fixup->percentage = (uint8_t)filling_u32(filling);
    fixup->message_id = filling_u32(filling);
    fixup->code_count = filling->largest ? NAPIPC_MAX_FIXUP_CODES
                                         : filling_next(filling, NAPIPC_MAX_FIXUP_CODES + 1);
    for (i = 0; i < fixup->code_count; i++)
        fixup->codes[i] = filling_u32(filling);
}

static void fill_health(struct filling *filling, struct napipc_health *health)
{
    uint16_t i;

    health->fixup_known = filling_bool(filling);
    fill_fixup(filling, &health->fixup);
    health->judged = filling_bool(filling);
    health->failure_category = (uint8_t)filling_u32(filling);
    health->code_count = filling->largest ? NAPIPC_MAX_RESULT_CODES
                                          : filling_next(filling, NAPIPC_MAX_RESULT_CODES + 1);
    for (i = 0; i < health->code_count; i++)
        health->codes[i] = filling_u32(filling);
}

static void fill_list_components_reply(
        struct filling *filling, struct napipc_list_components_reply *reply)
{
    uint16_t i;

    reply->more = filling_bool(filling);
    reply->count = (uint16_t)filling_size(filling, NAPIPC_COMPONENTS_PER_PAGE);
    for (i = 0; i < reply->count; i++)
    {
        fill_component(filling, &reply->components[i].component);
        reply->components[i].enabled = filling_bool(filling);
        reply->components[i].bound = filling_bool(filling);
        fill_health(filling, &reply->components[i].health);
    }
}

static void fill_get_state_reply(struct filling *filling, struct napipc_get_state_reply *reply)
{
    reply->unknown_connections = filling_bool(filling);
    fill_isolation(filling, &reply->isolation);
    reply->process_id = filling_u32(filling);
    reply->started = filling_u64(filling);
    reply->enforcement_clients = (uint16_t)filling_u32(filling);
    reply->enforcement_clients_enabled = (uint16_t)filling_u32(filling);
    reply->health_agents = (uint16_t)filling_u32(filling);
    reply->connections = (uint16_t)filling_u32(filling);
    reply->group_policy = filling_bool(filling);
}

static void fill_list_connections_reply(
        struct filling *filling, struct napipc_list_connections_reply *reply)
{
    uint16_t i;

    reply->more = filling_bool(filling);
    reply->count = (uint16_t)filling_size(filling, NAPIPC_CONNECTIONS_PER_PAGE);
    for (i = 0; i < reply->count; i++)
    {
        struct napipc_listed_connection *connection = &reply->connections[i];

        connection->number = filling_u32(filling);
        connection->enforcement_client = filling_u32(filling);
        connection->process_id = filling_u32(filling);
        fill_guid(filling, &connection->connection_id);
        fill_correlation(filling, &connection->correlation);
        connection->pending = filling_bool(filling);
        connection->known = filling_bool(filling);
        fill_isolation(filling, &connection->isolation);
    }
}

static void fill_get_connections_reply(
        struct filling *filling, struct napipc_get_connections_reply *reply)
{
    uint16_t i;

    reply->count = (uint16_t)filling_size(filling, NAPIPC_MAX_CONNECTIONS);
    for (i = 0; i < reply->count; i++)
    {
        fill_blob(filling, &reply->connections[i].private_data, NAPIPC_MAX_PRIVATE_DATA);
        fill_guid(filling, &reply->connections[i].connection_id);
        fill_isolation(filling, &reply->connections[i].isolation);
    }
}

#include "tests/unit/napipc/ras_samples.h"
#include "tests/unit/napipc/rras_samples.h"

static void fill_failure_mapping(struct filling *filling, struct napipc_failure_mapping *mapping)
{
    unsigned int i;

    for (i = 0; i < NAPIPC_FAILURE_CATEGORIES; i++)
        mapping->compliant[i] = filling_bool(filling);
}

static void fill_validator_list_reply(
        struct filling *filling, struct napipc_validator_list_reply *reply)
{
    uint16_t i;

    reply->more = filling_bool(filling);
    reply->count = (uint16_t)filling_size(filling, NAPIPC_VALIDATORS_PER_PAGE);
    for (i = 0; i < reply->count; i++)
    {
        fill_component(filling, &reply->validators[i].component);
        fill_guid(filling, &reply->validators[i].clsid);
        fill_failure_mapping(filling, &reply->validators[i].mapping);
        reply->validators[i].enabled = filling_bool(filling);
    }
}

static void fill_judge_reply(struct filling *filling, struct napipc_judge_reply *reply)
{
    uint16_t i;

    reply->compliant = filling_bool(filling);
    reply->count = (uint16_t)filling_size(filling, NAPIPC_MAX_VALIDATORS);
    for (i = 0; i < reply->count; i++)
    {
        reply->validators[i].id = filling_u32(filling);
        reply->validators[i].result = filling_u32(filling);
        reply->validators[i].failure_category = (uint8_t)filling_u32(filling);
        reply->validators[i].compliant = filling_bool(filling);
        reply->validators[i].in_response = filling_bool(filling);
        reply->validators[i].process_id = filling_u32(filling);
    }
    fill_blob(filling, &reply->response, NAPIPC_MAX_SOH);
}

/* Fills a message of that type, with a body if it has one. */
static void fill_message(struct filling *filling, uint16_t type, struct napipc_message *message)
{
    message->type = type;
    message->call = filling_u32(filling) | 1;
    message->status = type & NAPIPC_REPLY ? filling_u32(filling) & 0x7fffffff : 0;
    switch (type)
    {
    case NAPIPC_BIND:
        message->bind.kind = filling_kind(filling);
        message->bind.id = filling_u32(filling);
        message->bind.again = filling_bool(filling);
        break;
    case NAPIPC_SOH_REQUEST:
        fill_blob(filling, &message->soh_request.private_data, NAPIPC_MAX_PRIVATE_DATA);
        fill_guid(filling, &message->soh_request.connection_id);
        message->soh_request.max_size = filling_u32(filling);
        message->soh_request.object = filling_u64(filling);
        break;
    case NAPIPC_SOH_REQUEST | NAPIPC_REPLY:
        message->soh_request_reply.retrigger_hint = filling_bool(filling);
        message->soh_request_reply.flags = (uint8_t)filling_u32(filling);
        fill_correlation(filling, &message->soh_request_reply.correlation);
        fill_blob(filling, &message->soh_request_reply.private_data, NAPIPC_MAX_PRIVATE_DATA);
        fill_blob(filling, &message->soh_request_reply.soh, NAPIPC_MAX_SOH);
        break;
    case NAPIPC_SOH_RESPONSE:
        fill_blob(filling, &message->soh_response.private_data, NAPIPC_MAX_PRIVATE_DATA);
        fill_guid(filling, &message->soh_response.connection_id);
        fill_blob(filling, &message->soh_response.soh, NAPIPC_MAX_SOH);
        break;
    case NAPIPC_SOH_RESPONSE | NAPIPC_REPLY:
        fill_soh_response_reply(filling, &message->soh_response_reply);
        break;
    case NAPIPC_CONNECTION_DOWN:
        fill_blob(filling, &message->connection_down.private_data, NAPIPC_MAX_PRIVATE_DATA);
        break;
    case NAPIPC_REGISTER:
        message->reg.kind = filling_kind(filling);
        fill_component(filling, &message->reg.component);
        break;
    case NAPIPC_UNREGISTER:
        message->component_id.kind = filling_kind(filling);
        message->component_id.id = filling_u32(filling);
        break;
    case NAPIPC_LIST_COMPONENTS:
        message->list_components.kind = filling_kind(filling);
        message->list_components.after = filling_u32(filling);
        break;
    case NAPIPC_LIST_COMPONENTS | NAPIPC_REPLY:
        fill_list_components_reply(filling, &message->list_components_reply);
        break;
    case NAPIPC_SET_ENABLED:
        message->set_enabled.kind = filling_kind(filling);
        message->set_enabled.id = filling_u32(filling);
        message->set_enabled.enabled = filling_bool(filling);
        break;
    case NAPIPC_GET_STATE | NAPIPC_REPLY:
        fill_get_state_reply(filling, &message->get_state_reply);
        break;
    case NAPIPC_LIST_CONNECTIONS:
        message->list_connections.after = filling_u32(filling);
        break;
    case NAPIPC_LIST_CONNECTIONS | NAPIPC_REPLY:
        fill_list_connections_reply(filling, &message->list_connections_reply);
        break;
    case NAPIPC_GET_CONNECTIONS | NAPIPC_REPLY:
        fill_get_connections_reply(filling, &message->get_connections_reply);
        break;
    case NAPIPC_ISOLATION_CHANGED:
        fill_isolation(filling, &message->isolation_changed.isolation);
        break;
    case NAPIPC_AGENT_GET_SOH:
        fill_correlation(filling, &message->agent_get_soh.correlation);
        fill_blob(filling, &message->agent_get_soh.cached, NAPIPC_MAX_AGENT_SOH);
        fill_blob(filling, &message->agent_get_soh.previous, NAPIPC_MAX_AGENT_SOH);
        break;
    case NAPIPC_AGENT_GET_SOH | NAPIPC_REPLY:
        message->agent_get_soh_reply.cache = filling_bool(filling);
        message->agent_get_soh_reply.same = filling_bool(filling);
        fill_blob(filling, &message->agent_get_soh_reply.soh, NAPIPC_MAX_AGENT_SOH);
        break;
    case NAPIPC_AGENT_PROCESS_RESPONSE:
        fill_correlation(filling, &message->agent_process_response.correlation);
        message->agent_process_response.flags = (uint8_t)filling_u32(filling);
        fill_blob(filling, &message->agent_process_response.soh, NAPIPC_MAX_SOH);
        break;
    case NAPIPC_AGENT_PROCESS_RESPONSE | NAPIPC_REPLY:
    case NAPIPC_AGENT_GET_FIXUP_INFO | NAPIPC_REPLY:
        fill_fixup(filling, &message->agent_fixup_reply.fixup);
        break;
    case NAPIPC_AGENT_ORPHANED:
        fill_correlation(filling, &message->agent_orphaned.correlation);
        break;
    case NAPIPC_VALIDATOR_REGISTER:
        fill_component(filling, &message->validator_register.component);
        fill_guid(filling, &message->validator_register.clsid);
        break;
    case NAPIPC_VALIDATOR_UNREGISTER:
        message->validator_id.id = filling_u32(filling);
        break;
    case NAPIPC_VALIDATOR_SET_MAPPING:
        message->validator_mapping.id = filling_u32(filling);
        fill_failure_mapping(filling, &message->validator_mapping.mapping);
        break;
    case NAPIPC_VALIDATOR_SET_ENABLED:
        message->validator_enabled.id = filling_u32(filling);
        message->validator_enabled.enabled = filling_bool(filling);
        break;
    case NAPIPC_VALIDATOR_LIST:
        message->validator_list.after = filling_u32(filling);
        break;
    case NAPIPC_VALIDATOR_LIST | NAPIPC_REPLY:
        fill_validator_list_reply(filling, &message->validator_list_reply);
        break;
    case NAPIPC_VALIDATE:
        fill_correlation(filling, &message->validate.correlation);
        fill_string(filling, &message->validate.machine_name);
        message->validate.timeout = filling_u32(filling);
        message->validate.config_id = filling_u32(filling);
        message->validate.system_generated = filling_bool(filling);
        fill_blob(filling, &message->validate.soh, NAPIPC_MAX_SOH);
        break;
    case NAPIPC_VALIDATE | NAPIPC_REPLY:
        message->validate_reply.result = filling_u32(filling);
        message->validate_reply.removed = filling_bool(filling);
        fill_blob(filling, &message->validate_reply.soh, NAPIPC_MAX_AGENT_SOH);
        break;
    case NAPIPC_JUDGE:
        message->judge.timeout = filling_u32(filling);
        message->judge.config_id = filling_u32(filling);
        fill_blob(filling, &message->judge.statement, NAPIPC_MAX_SOH);
        break;
    case NAPIPC_JUDGE | NAPIPC_REPLY:
        fill_judge_reply(filling, &message->judge_reply);
        break;
    case NAPIPC_COMPONENT_INFO:
        fill_component_info(filling, &message->component_info);
        break;
    case NAPIPC_COMPONENT_INFO | NAPIPC_REPLY:
        fill_component_info_reply(filling, &message->component_info_reply);
        break;
    case NAPIPC_COMPONENT_CONFIG | NAPIPC_REPLY:
        message->component_config_reply.level = (uint8_t)filling_u32(filling);
        message->component_config_reply.ui_result = filling_u32(filling);
        message->component_config_reply.ui_supported = filling_bool(filling);
        message->component_config_reply.remote_result = filling_u32(filling);
        message->component_config_reply.remote_supported = filling_bool(filling);
        message->component_config_reply.remote_type = (uint8_t)filling_u32(filling);
        message->component_config_reply.config_result = filling_u32(filling);
        message->component_config_reply.config_size = (uint16_t)filling_u32(filling);
        break;
    default:
        fill_ras_message(filling, message);
        fill_rras_message(filling, type, message);
        break;
    }
}

#endif
