/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Whole frames: a header, and the body that the table of messages names for its type.
 */
#include "libs/napipc/codec.h"

struct message
{
    struct napipc_row row;
    fields_function fields, reply_fields;
};

/* What `no` in the table stands for. */
void no_fields(struct codec *codec, struct napipc_message *message)
{
    (void)codec;
    (void)message;
}

/* Indexed by type; gaps are zero. */
static const struct message messages[] = {
#define HAS(fields) (fields##_fields != no_fields)
#define IN_ORDER(name, number, need, fields, reply_fields, handler)                                \
    [number] = {{number, #name, NAPIPC_REQUEST, NAPIPC_NEEDS_##need, NULL, HAS(fields),            \
                        HAS(reply_fields)},                                                        \
            fields##_fields, reply_fields##_fields},
#define CALLED(name, number, need, fields, reply_fields, method)                                   \
    [number] = {{number, #name, NAPIPC_CALLBACK, NAPIPC_NEEDS_##need, method, HAS(fields),         \
                        HAS(reply_fields)},                                                        \
            fields##_fields, reply_fields##_fields},
#define NOTIFIED(name, number, fields)                                                             \
    [number] = {                                                                                   \
            {number, #name, NAPIPC_NOTIFICATION, NAPIPC_NEEDS_NOTHING, NULL, HAS(fields), false},  \
            fields##_fields, NULL},
        NAPIPC_MESSAGES(IN_ORDER, CALLED, NOTIFIED)
#undef HAS
#undef IN_ORDER
#undef CALLED
#undef NOTIFIED
};

static const struct message *message_of(uint16_t type)
{
    size_t number = type & ~NAPIPC_REPLY;

    if (number >= sizeof(messages) / sizeof(*messages) || !messages[number].row.type
            || (type & NAPIPC_REPLY && !messages[number].reply_fields))
        return NULL;
    return &messages[number];
}

const struct napipc_row *napipc_row(uint16_t type)
{
    const struct message *message = message_of(type);

    return message ? &message->row : NULL;
}

uint16_t napipc_next_type(uint16_t type)
{
    uint16_t reply = type & NAPIPC_REPLY;
    unsigned int number = type & ~NAPIPC_REPLY;

    for (;;)
    {
        if (++number >= sizeof(messages) / sizeof(*messages))
        {
            if (reply)
                return 0;
            reply = NAPIPC_REPLY;
            number = 0;
        }
        else if (message_of((uint16_t)(number | reply)))
            return (uint16_t)(number | reply);
    }
}

static fields_function fields_of(uint16_t type)
{
    const struct message *message = message_of(type);

    if (!message)
        return NULL;
    return type & NAPIPC_REPLY ? message->reply_fields : message->fields;
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

/* Writes `message`, or measures it if the codec has no output. */
static bool put(struct codec *codec, const struct napipc_message *message)
{
    /* The functions of the fields write to a message only when they read a frame. */
    struct napipc_message *source = (struct napipc_message *)message;
    fields_function fields = fields_of(message->type);
    uint16_t version = NAPIPC_VERSION;
    uint32_t total = 0;

    if (!fields || !message->call || (message->status && !(message->type & NAPIPC_REPLY)))
        return false;
    header_fields(codec, &total, &version, &source->type, &source->call, &source->status);
    if (has_body(message->type, message->status))
        fields(codec, source);
    return !codec->why;
}

enum napipc_result napipc_encode(
        const struct napipc_message *message, void *frame, size_t capacity, size_t *size)
{
    struct codec codec = {
            .out = frame, .end = capacity < NAPIPC_MAX_FRAME ? capacity : NAPIPC_MAX_FRAME};
    uint32_t total;

    if (!put(&codec, message))
        return NAPIPC_BAD_MESSAGE;
    *size = codec.position;
    total = (uint32_t)codec.position;
    codec.position = 0;
    codec_u32(&codec, &total);
    return NAPIPC_OK;
}

size_t napipc_frame_size(const struct napipc_message *message)
{
    struct codec codec = {.end = NAPIPC_MAX_FRAME};

    return put(&codec, message) ? codec.position : 0;
}

enum napipc_result napipc_decode(const void *frame, size_t size, struct napipc_message *message,
        uint16_t *version, const char **why)
{
    /* Never NULL: that would mean measuring. */
    struct codec codec = {.in = frame ? frame : (const void *)"", .end = frame ? size : 0};
    uint16_t found_version;
    uint32_t found_size;
    fields_function fields;
    const char *ignored;

    if (!why)
        why = &ignored;
    *why = NULL;
    header_fields(
            &codec, &found_size, &found_version, &message->type, &message->call, &message->status);
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

void napipc_encode_refusal(uint32_t status, void *frame)
{
    struct codec codec = {.out = frame, .end = NAPIPC_HEADER_SIZE};
    uint32_t size = NAPIPC_HEADER_SIZE, call = 0;
    uint16_t version = NAPIPC_VERSION, type = NAPIPC_REPLY;

    header_fields(&codec, &size, &version, &type, &call, &status);
}
