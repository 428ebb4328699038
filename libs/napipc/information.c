/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * The bodies of the messages about what components say, see nap.c.
 */
#include "libs/napipc/codec.h"

void component_info_fields(struct codec *codec, struct napipc_message *message)
{
    struct napipc_component_info *info = &message->component_info;
    uint16_t i;

    codec_count(codec, &info->count, NAPIPC_MAX_TEXTS);
    for (i = 0; i < info->count && !codec->why; i++)
    {
        codec_bool(codec, &info->texts[i].is_message);
        codec_u32(codec, &info->texts[i].number);
    }
}

void component_info_reply_fields(struct codec *codec, struct napipc_message *message)
{
    struct napipc_component_info_reply *reply = &message->component_info_reply;
    uint16_t i;

    codec_string(codec, &reply->friendly_name);
    codec_string(codec, &reply->description);
    codec_string(codec, &reply->vendor_name);
    codec_string(codec, &reply->version);
    codec_string(codec, &reply->icon_file);
    codec_u32(codec, &reply->icon_resource);
    codec_u8(codec, &reply->failed_method);
    codec_u32(codec, &reply->failure);
    codec_count(codec, &reply->count, NAPIPC_MAX_TEXTS);
    for (i = 0; i < reply->count && !codec->why; i++)
        codec_string(codec, &reply->texts[i]);
}

void component_config_reply_fields(struct codec *codec, struct napipc_message *message)
{
    struct napipc_component_config_reply *reply = &message->component_config_reply;

    codec_u8(codec, &reply->level);
    codec_u32(codec, &reply->ui_result);
    codec_bool(codec, &reply->ui_supported);
    codec_u32(codec, &reply->remote_result);
    codec_bool(codec, &reply->remote_supported);
    codec_u8(codec, &reply->remote_type);
    codec_u32(codec, &reply->config_result);
    codec_u16(codec, &reply->config_size);
}
