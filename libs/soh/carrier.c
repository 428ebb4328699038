/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * The carrier TLV that PEAP ([MS-PEAP] 2.2.8) puts in front of a packet, and that FreeRADIUS
 * expects in RADIUS too: Microsoft's Vendor-Specific TLV around an SoH or SoH Response TLV.
 */

#include "libs/soh/wire.h"

#define CARRIED_SOH 1
#define CARRIED_SOH_RESPONSE 3

bool soh_carrier_strip(const uint8_t *data, size_t size, struct soh_span *packet)
{
    uint16_t carried;

    packet->data = data;
    packet->size = size;
    if (size < SOH_CARRIER_SIZE || (get_u16(data) & TLV_TYPE_MASK) != TLV_VENDOR_SPECIFIC
            || get_u16(data + 2) != size - 4 || get_u32(data + 4) != SOH_VENDOR_MICROSOFT
            || get_u16(data + 10) != size - SOH_CARRIER_SIZE)
        return false;
    carried = get_u16(data + 8) & TLV_TYPE_MASK;
    if (carried != CARRIED_SOH && carried != CARRIED_SOH_RESPONSE)
        return false;
    /* The SoH header looks the same up to here. It continues with a System-Health-Id (inner type 1)
     * or has inner type 2; the packet in a carrier starts with type 7. */
    if (size < SOH_CARRIER_SIZE + 2
            || (get_u16(data + SOH_CARRIER_SIZE) & TLV_TYPE_MASK) != TLV_VENDOR_SPECIFIC)
        return false;
    packet->data += SOH_CARRIER_SIZE;
    packet->size -= SOH_CARRIER_SIZE;
    return true;
}

bool soh_carrier_write(uint8_t carrier[SOH_CARRIER_SIZE], enum soh_kind kind, size_t packet_size)
{
    if (packet_size > 0xffff - 8)
        return false;
    put_u16(carrier, TLV_VENDOR_SPECIFIC);             /* type */
    put_u16(carrier + 2, (uint16_t)(packet_size + 8)); /* length */
    put_u32(carrier + 4, SOH_VENDOR_MICROSOFT);        /* vendor */
    put_u16(carrier + 8, kind == SOH_REQUEST ? CARRIED_SOH : CARRIED_SOH_RESPONSE);
    put_u16(carrier + 10, (uint16_t)packet_size); /* length of the carried TLV */
    return true;
}

bool soh_parse_carried(
        const uint8_t *data, size_t size, struct soh_packet *packet, struct soh_error *error)
{
    struct soh_span span;

    soh_carrier_strip(data, size, &span);
    if (soh_parse(span.data, span.size, packet, error))
        return true;
    if (error)
        error->offset += size - span.size;
    return false;
}
