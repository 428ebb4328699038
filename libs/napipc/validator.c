/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * The bodies of the messages about validators, see nap.c.
 */
#include "libs/napipc/codec.h"

static void failure_mapping_fields(struct codec *codec, struct napipc_failure_mapping *mapping)
{
    unsigned int i;

    for (i = 0; i < NAPIPC_FAILURE_CATEGORIES; i++)
        codec_bool(codec, &mapping->compliant[i]);
}

void validator_register_fields(struct codec *codec, struct napipc_message *message)
{
    component_fields(codec, &message->validator_register.component);
    codec_guid(codec, &message->validator_register.clsid);
}

void validator_id_fields(struct codec *codec, struct napipc_message *message)
{
    codec_u32(codec, &message->validator_id.id);
}

void validator_mapping_fields(struct codec *codec, struct napipc_message *message)
{
    codec_u32(codec, &message->validator_mapping.id);
    failure_mapping_fields(codec, &message->validator_mapping.mapping);
}

void validator_enabled_fields(struct codec *codec, struct napipc_message *message)
{
    codec_u32(codec, &message->validator_enabled.id);
    codec_bool(codec, &message->validator_enabled.enabled);
}

void validator_list_fields(struct codec *codec, struct napipc_message *message)
{
    codec_u32(codec, &message->validator_list.after);
}

void validator_list_reply_fields(struct codec *codec, struct napipc_message *message)
{
    struct napipc_validator_list_reply *reply = &message->validator_list_reply;
    uint16_t i;

    codec_bool(codec, &reply->more);
    codec_count(codec, &reply->count, NAPIPC_VALIDATORS_PER_PAGE);
    for (i = 0; i < reply->count && !codec->why; i++)
    {
        component_fields(codec, &reply->validators[i].component);
        codec_guid(codec, &reply->validators[i].clsid);
        failure_mapping_fields(codec, &reply->validators[i].mapping);
        codec_bool(codec, &reply->validators[i].enabled);
    }
}

void validate_fields(struct codec *codec, struct napipc_message *message)
{
    codec_correlation(codec, &message->validate.correlation);
    codec_string(codec, &message->validate.machine_name);
    codec_u32(codec, &message->validate.timeout);
    codec_u32(codec, &message->validate.config_id);
    codec_bool(codec, &message->validate.system_generated);
    codec_blob(codec, &message->validate.soh, NAPIPC_MAX_SOH);
}

void validate_reply_fields(struct codec *codec, struct napipc_message *message)
{
    codec_u32(codec, &message->validate_reply.result);
    codec_bool(codec, &message->validate_reply.removed);
    codec_blob(codec, &message->validate_reply.soh, NAPIPC_MAX_AGENT_SOH);
}

void judge_fields(struct codec *codec, struct napipc_message *message)
{
    codec_u32(codec, &message->judge.timeout);
    codec_u32(codec, &message->judge.config_id);
    codec_blob(codec, &message->judge.statement, NAPIPC_MAX_SOH);
}

void judge_reply_fields(struct codec *codec, struct napipc_message *message)
{
    struct napipc_judge_reply *reply = &message->judge_reply;
    uint16_t i;

    codec_bool(codec, &reply->compliant);
    codec_count(codec, &reply->count, NAPIPC_MAX_VALIDATORS);
    for (i = 0; i < reply->count && !codec->why; i++)
    {
        codec_u32(codec, &reply->validators[i].id);
        codec_u32(codec, &reply->validators[i].result);
        codec_u8(codec, &reply->validators[i].failure_category);
        codec_bool(codec, &reply->validators[i].compliant);
        codec_bool(codec, &reply->validators[i].in_response);
        codec_u32(codec, &reply->validators[i].process_id);
    }
    codec_blob(codec, &reply->response, NAPIPC_MAX_SOH);
}
