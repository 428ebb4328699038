/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * The fields of the agent protocol, each written, measured and read by one function. A codec
 * processes a frame in one direction. It stays failed after the first error, and later fields are
 * not processed.
 */
#ifndef WINE_NAP_NAPIPC_CODEC_H
#define WINE_NAP_NAPIPC_CODEC_H

#include "libs/napipc/napipc.h"

struct codec;

/* Writes the fields of one message to the codec, or reads them. */
typedef void (*fields_function)(struct codec *codec, struct napipc_message *message);

/* The bodies that the table of messages names: nap.c, ras.c, rras.c, validator.c and
 * information.c. */
#define BODIES(name, number, needs, fields, reply_fields, handler)                                 \
    void fields##_fields(struct codec *codec, struct napipc_message *message);                     \
    void reply_fields##_fields(struct codec *codec, struct napipc_message *message);
#define BODY(name, number, fields)                                                                 \
    void fields##_fields(struct codec *codec, struct napipc_message *message);
NAPIPC_MESSAGES(BODIES, BODIES, BODY)
#undef BODIES
#undef BODY

struct codec
{
    const uint8_t *in; /* if reading, else NULL */
    uint8_t *out;      /* if writing; both NULL: measuring */
    size_t position;
    size_t end;
    const char *why; /* the broken rule, or NULL */
};

/* Records the first failure; returns false for the caller's convenience. */
bool codec_fail(struct codec *codec, const char *why);

/* One field each: written from, measured or read into *value. All integers are little-endian. */
void codec_u8(struct codec *codec, uint8_t *value);
void codec_u16(struct codec *codec, uint16_t *value);
void codec_u32(struct codec *codec, uint32_t *value);
void codec_u64(struct codec *codec, uint64_t *value);
void codec_bool(struct codec *codec, bool *value);
/* `size` bytes as they are. */
void codec_octets(struct codec *codec, uint8_t *value, size_t size);
void codec_guid(struct codec *codec, struct napipc_guid *value);
void codec_correlation(struct codec *codec, struct napipc_correlation *value);
/* `size` bytes as they are; reading a failed codec gives zeros. */
void codec_bytes(struct codec *codec, void *value, size_t size);
/* u16 length in units, then the units. */
void codec_string(struct codec *codec, struct napipc_string *value);
/* u32 size in bytes, then the bytes; more than `limit` fails. */
void codec_blob(struct codec *codec, struct napipc_blob *value, uint32_t limit);
/* u16 count; more than `limit` fails and reads as 0. */
void codec_count(struct codec *codec, uint16_t *value, uint16_t limit);
/* NapComponentRegistrationInfo; in nap.c. */
void component_fields(struct codec *codec, struct napipc_component *component);
/* u32 that must be one of enum napipc_kind. */
void codec_kind(struct codec *codec, uint32_t *value);

#endif
