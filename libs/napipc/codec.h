/*
 * The fields of the agent protocol, each written and read by one function.
 * A codec runs over a frame in one direction; the first thing that does not
 * fit fails it for good, and everything after is left alone.
 */
#ifndef WINE_NAP_NAPIPC_CODEC_H
#define WINE_NAP_NAPIPC_CODEC_H

#include "libs/napipc/napipc.h"

struct codec;

/* One message: writes its fields to the codec, or reads them. */
typedef void (*fields_function)(struct codec *codec, struct napipc_message *message);

/* The descriptions of RAS messages (ras_message.c); NULL: it is none. */
fields_function ras_fields_of(uint16_t type);
void no_fields(struct codec *codec, struct napipc_message *message);

struct codec
{
    uint8_t *out;      /* writing, else NULL */
    const uint8_t *in; /* reading, else NULL */
    size_t position;
    size_t end;
    const char *why; /* the rule broken, or NULL */
};

/* Records the first failure; returns false for the caller's convenience. */
bool codec_fail(struct codec *codec, const char *why);

/* One field each: written from, or read into, *value. All integers are little-endian. */
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
/* u32 that must be one of enum napipc_kind. */
void codec_kind(struct codec *codec, uint32_t *value);

/* rras_message.c: the description of an RRAS message's body, or NULL if it is none of them; and an
 * upper bound of its frame in bytes. */
fields_function rras_fields_of(uint16_t type);
size_t rras_frame_bound(const struct napipc_message *message);

#endif
