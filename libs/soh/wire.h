/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Big-endian numbers and TLVs, of which an SoH packet consists. Internal to libs/soh.
 */

#ifndef WINE_NAP_SOH_WIRE_H
#define WINE_NAP_SOH_WIRE_H

#include "libs/soh/soh.h"

#define TLV_HEADER_SIZE 4
#define TLV_TYPE_MASK 0x3fff /* below the M and R bits */
#define TLV_VENDOR_SPECIFIC 7

/* Inner types of the SoH header. */
#define INNER_TYPE_PLAIN 1
#define INNER_TYPE_WITH_MODE 2
#define MODE_HEADER_SIZE 34 /* TLV header and value */
#define MODE_VALUE_SIZE 30

/* The type-value pairs of the SSoH's Vendor-Specific TLV, [MS-SOH] 2.2.4. */
enum pair_type
{
    PAIR_MACHINE_INVENTORY = 1,
    PAIR_QUARANTINE_STATE = 2,
    PAIR_PACKET_INFO = 3,
    PAIR_SYSTEM_GENERATED_IDS = 4,
    PAIR_MACHINE_NAME = 5,
    PAIR_CORRELATION_ID = 6,
    PAIR_INSTALLED_SHVS = 7,
    PAIR_MACHINE_INVENTORY_EX = 8
};

#define PACKET_INFO_REQUEST 0x10
#define PACKET_INFO_VERSION_MASK 0x0f
#define PACKET_INFO_VERSION 1

/* Low byte of MS-Quarantine-State's flags; the high byte is reserved. */
#define QUARANTINE_STATE_MASK 0x07
#define QUARANTINE_FIXUP 0x08
#define QUARANTINE_EXTENDED_SHIFT 4
#define QUARANTINE_EXTENDED_MASK 0x0f

static inline uint16_t get_u16(const uint8_t *p)
{
    return (uint16_t)(p[0] << 8 | p[1]);
}

static inline uint32_t get_u32(const uint8_t *p)
{
    return (uint32_t)get_u16(p) << 16 | get_u16(p + 2);
}

static inline uint64_t get_u64(const uint8_t *p)
{
    return (uint64_t)get_u32(p) << 32 | get_u32(p + 4);
}

static inline void put_u16(uint8_t *p, uint16_t value)
{
    p[0] = (uint8_t)(value >> 8);
    p[1] = (uint8_t)value;
}

static inline void put_u32(uint8_t *p, uint32_t value)
{
    put_u16(p, (uint16_t)(value >> 16));
    put_u16(p + 2, (uint16_t)value);
}

static inline void put_u64(uint8_t *p, uint64_t value)
{
    put_u32(p, (uint32_t)(value >> 32));
    put_u32(p + 4, (uint32_t)value);
}

/* The TLV at position; false if it is not completely within span. */
static inline bool get_tlv(struct soh_span span, size_t position, struct soh_attribute *tlv)
{
    const uint8_t *p;

    if (position > span.size || span.size - position < TLV_HEADER_SIZE)
        return false;
    p = span.data + position;
    tlv->type = get_u16(p) & TLV_TYPE_MASK;
    tlv->size = get_u16(p + 2);
    tlv->value = p + TLV_HEADER_SIZE;
    return span.size - position - TLV_HEADER_SIZE >= tlv->size;
}

/* "2010-08-18 09:30:00.123Z" for the FILETIME; filetime.c. */
#define FILETIME_TEXT_SIZE 25
void soh_filetime_format(uint64_t filetime, char text[FILETIME_TEXT_SIZE]);

#endif
