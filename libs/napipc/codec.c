/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * The fields of the agent protocol; see codec.h.
 */
#include "libs/napipc/codec.h"

#include <string.h>

bool codec_fail(struct codec *codec, const char *why)
{
    if (!codec->why)
        codec->why = why;
    return false;
}

void codec_bytes(struct codec *codec, void *value, size_t size)
{
    if (!codec->why && codec->end - codec->position < size)
        codec_fail(codec, "frame too short for its fields");
    if (codec->why)
    {
        if (codec->in)
            memset(value, 0, size);
        return;
    }
    if (codec->in)
        memcpy(value, codec->in + codec->position, size);
    else if (codec->out)
        memcpy(codec->out + codec->position, value, size);
    codec->position += size;
}

void codec_u8(struct codec *codec, uint8_t *value)
{
    codec_bytes(codec, value, 1);
}

static void codec_integer(struct codec *codec, uint64_t *value, unsigned int size)
{
    uint8_t bytes[8];
    unsigned int i;

    for (i = 0; i < size; i++)
        bytes[i] = (uint8_t)(*value >> (8 * i));
    codec_bytes(codec, bytes, size);
    if (!codec->in)
        return;
    *value = 0;
    for (i = 0; i < size; i++)
        *value |= (uint64_t)bytes[i] << (8 * i);
}

void codec_u16(struct codec *codec, uint16_t *value)
{
    uint64_t wide = codec->in ? 0 : *value;

    codec_integer(codec, &wide, 2);
    if (codec->in)
        *value = (uint16_t)wide;
}

void codec_u32(struct codec *codec, uint32_t *value)
{
    uint64_t wide = codec->in ? 0 : *value;

    codec_integer(codec, &wide, 4);
    if (codec->in)
        *value = (uint32_t)wide;
}

void codec_u64(struct codec *codec, uint64_t *value)
{
    uint64_t wide = codec->in ? 0 : *value;

    codec_integer(codec, &wide, 8);
    if (codec->in)
        *value = wide;
}

void codec_bool(struct codec *codec, bool *value)
{
    uint8_t byte = codec->in ? 0 : *value;

    codec_u8(codec, &byte);
    if (byte > 1)
        codec_fail(codec, "truth value neither 0 nor 1");
    if (codec->in)
        *value = byte == 1;
}

void codec_octets(struct codec *codec, uint8_t *value, size_t size)
{
    codec_bytes(codec, value, size);
}

void codec_guid(struct codec *codec, struct napipc_guid *value)
{
    codec_bytes(codec, value->bytes, sizeof(value->bytes));
}

void codec_correlation(struct codec *codec, struct napipc_correlation *value)
{
    codec_guid(codec, &value->conn_id);
    codec_u64(codec, &value->time_stamp);
}

/* Moves `size` bytes; reading points *view into the frame instead of copying. */
static void codec_view(struct codec *codec, const uint8_t **view, size_t size)
{
    if (!codec->why && codec->end - codec->position < size)
        codec_fail(codec, "length runs past the frame");
    if (codec->why)
    {
        if (codec->in)
            *view = NULL;
        return;
    }
    if (codec->in)
        *view = codec->in + codec->position;
    else if (size && codec->out)
        memcpy(codec->out + codec->position, *view, size);
    codec->position += size;
}

void codec_string(struct codec *codec, struct napipc_string *value)
{
    codec_u16(codec, &value->length);
    if (value->length > NAPIPC_MAX_STRING)
        codec_fail(codec, "string too long");
    codec_view(codec, &value->units, (size_t)value->length * 2);
    if (codec->in && codec->why)
        value->length = 0;
}

void codec_blob(struct codec *codec, struct napipc_blob *value, uint32_t limit)
{
    codec_u32(codec, &value->size);
    if (value->size > limit)
        codec_fail(codec, "data too long");
    codec_view(codec, &value->data, value->size);
    if (codec->in && codec->why)
        value->size = 0;
}

void codec_count(struct codec *codec, uint16_t *value, uint16_t limit)
{
    codec_u16(codec, value);
    if (*value > limit)
        codec_fail(codec, "count too large");
    if (codec->in && codec->why)
        *value = 0;
}

void codec_kind(struct codec *codec, uint32_t *value)
{
    codec_u32(codec, value);
    if (!codec->why && *value != NAPIPC_ENFORCEMENT_CLIENT && *value != NAPIPC_HEALTH_AGENT)
        codec_fail(codec, "unknown kind of component");
}
