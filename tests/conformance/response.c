/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * The server's side of an exchange, for tests. All numbers are big-endian.
 */

#include "response.h"

#include <string.h>

static UINT16 get16(const BYTE *p)
{
    return (UINT16)(p[0] << 8 | p[1]);
}

static BYTE *put16(BYTE *p, unsigned int value)
{
    p[0] = (BYTE)(value >> 8);
    p[1] = (BYTE)value;
    return p + 2;
}

static BYTE *put32(BYTE *p, UINT32 value)
{
    return put16(put16(p, value >> 16), value & 0xffff);
}

static BYTE *put64(BYTE *p, UINT64 value)
{
    return put32(put32(p, (UINT32)(value >> 32)), (UINT32)value);
}

/* The offset of the first TLV, after SoH header and mode sub-header; NULL: no SoH. */
static const BYTE *first_tlv(const NetworkSoHRequest *request)
{
    const BYTE *p = request->data;

    if (request->size < 12 || get16(p) != 7 || get16(p + 2) != request->size - 4 || get16(p + 4)
            || get16(p + 6) != 0x137 || get16(p + 10) != request->size - 12)
        return NULL;
    switch (get16(p + 8))
    {
    case 1:
        return p + 12;
    case 2:
        return request->size >= 46 && get16(p + 14) == 30 ? p + 46 : NULL;
    default:
        return NULL;
    }
}

/* The pairs and their end, or NULL. */
static const BYTE *pairs(const NetworkSoHRequest *request, const BYTE **end)
{
    const BYTE *p = first_tlv(request), *packet_end = request->data + request->size;

    if (!p || packet_end - p < 16 || get16(p) != 2 || get16(p + 2) != 4 || get16(p + 4) != 1
            || get16(p + 6) != 0x3700 || get16(p + 8) != 7 || get16(p + 14) != 0x137)
        return NULL;
    *end = p + 12 + get16(p + 10);
    return *end <= packet_end ? p + 16 : NULL;
}

const BYTE *request_pair(const NetworkSoHRequest *request, BYTE type, size_t *size)
{
    const BYTE *end, *p = pairs(request, &end);

    while (p && p < end)
    {
        BYTE found = *p++;

        switch (found)
        {
        case 1: /* Machine-Inventory */
            *size = 18;
            break;
        case 2: /* Quarantine-State */
            *size = end - p >= 12 ? 12u + get16(p + 10) : 12;
            break;
        case 3: /* Packet-Info */
            *size = 1;
            break;
        case 4: /* SystemGenerated-Ids */
        case 5: /* MachineName */
        case 7: /* Installed-Shvs */
            *size = end - p >= 2 ? 2u + get16(p) : 2;
            break;
        case 6: /* CorrelationId */
            *size = 24;
            break;
        case 8: /* Machine-Inventory-Ex */
            *size = 5;
            break;
        default:
            return NULL;
        }
        if ((size_t)(end - p) < *size)
            return NULL;
        if (found == type)
            return p;
        p += *size;
    }
    return NULL;
}

int request_entries(const NetworkSoHRequest *request, UINT32 ids[20])
{
    const BYTE *p, *end = request->data + request->size;
    int count = 0;

    if (!pairs(request, &p))
        return -1;
    for (; p < end; p += 4 + get16(p + 2))
    {
        if (end - p < 4 || end - p - 4 < get16(p + 2))
            return -1;
        if (get16(p) != 2)
            continue;
        if (get16(p + 2) != 4 || count == 20)
            return -1;
        ids[count++] = (UINT32)get16(p + 4) << 16 | get16(p + 6);
    }
    return count;
}

const BYTE *request_entry(const NetworkSoHRequest *request, UINT32 id, size_t *size)
{
    const BYTE *p, *end = request->data + request->size, *entry = NULL;

    if (!pairs(request, &p))
        return NULL;
    for (; p < end && end - p >= 4; p += 4 + get16(p + 2))
    {
        if (get16(p) != 2)
            continue;
        if (entry)
            break;
        if (((UINT32)get16(p + 4) << 16 | get16(p + 6)) == id)
            entry = p;
    }
    if (entry)
        *size = (size_t)(p - entry);
    return entry;
}

bool response_to(const NetworkSoHRequest *request, struct response *response)
{
    size_t size;
    const BYTE *id = request_pair(request, 6, &size);

    memset(response, 0, sizeof(*response));
    response->state = isolationStateNotRestricted;
    response->probation_end = NO_PROBATION;
    if (id)
        memcpy(response->correlation, id, 24);
    return id != NULL;
}

static BYTE *write_mode(BYTE *p, const struct response *response)
{
    p = put32(put16(put16(p, 7), 30), 0x137);
    memcpy(p, response->correlation, 24);
    p += 24;
    *p++ = response->intent ? response->intent : 1;
    *p++ = 0;
    return p;
}

static BYTE *write_pairs(BYTE *p, const struct response *response)
{
    size_t length = response->url ? strlen(response->url) + 1 : 0;
    unsigned int i;

    *p++ = 3; /* Packet-Info: a response, version 1 */
    *p++ = 0x01;
    *p++ = 2; /* Quarantine-State */
    p = put16(p, response->state | (response->fixup ? 8 : 0) | response->extended << 4);
    p = put64(p, response->probation_end);
    p = put16(p, (unsigned int)length);
    if (length)
        memcpy(p, response->url, length);
    p += length;
    if (!response->only_mode_id)
    {
        *p++ = 6; /* CorrelationId */
        memcpy(p, response->correlation, 24);
        p += 24;
    }
    if (response->shv_count)
    {
        *p++ = 7; /* Installed-Shvs */
        p = put16(p, response->shv_count * 4);
        for (i = 0; i < response->shv_count; i++)
            p = put32(p, response->shvs[i]);
    }
    return p;
}

/* Adds Product-Name attributes until the packet has `total` bytes. */
static BYTE *write_padding(BYTE *p, const BYTE *packet, size_t total)
{
    size_t left;

    while ((left = total - (size_t)(p - packet)) >= 4)
    {
        size_t size = left > 4000 ? 3990 : left - 4; /* never leaves 1 to 3 bytes */

        p = put16(put16(p, 10), (unsigned int)size);
        memset(p, 'x', size);
        p += size;
    }
    return p;
}

size_t response_entry(const struct response *response, unsigned int i, BYTE *entry)
{
    BYTE *p = entry;

    p = put32(put16(put16(p, 2), 4), response->ids ? response->ids[i] : 0x00abc000 + i);
    p = put32(put16(put16(p, 4), 4), (UINT32)response->result); /* Compliance-Result-Codes */
    p = put16(put16(p, 14), 1);                                 /* Failure-Category */
    *p++ = 0;
    return (size_t)(p - entry);
}

size_t response_write(const struct response *response, BYTE *packet)
{
    BYTE *p = packet + 12, *vendor;
    unsigned int i;
    size_t size;

    if (response->mode)
        p = write_mode(p, response);
    p = put32(put16(put16(p, 2), 4), 0x13700);
    vendor = p;
    p = write_pairs(vendor + 8, response);
    put32(put16(put16(vendor, 7), (unsigned int)(p - vendor) - 4), 0x137);
    for (i = 0; i < response->entries; i++)
        p += response_entry(response, i, p);
    if (response->pad_to)
        p = write_padding(p, packet, response->pad_to);
    size = (size_t)(p - packet);
    put16(put16(packet, 7), (unsigned int)size - 4);
    put32(packet + 4, 0x137);
    put16(put16(packet + 8, response->mode ? 2 : 1), (unsigned int)size - 12);
    return size;
}

UINT64 from_now(int ms)
{
    FILETIME now;

    GetSystemTimeAsFileTime(&now);
    return ((UINT64)now.dwHighDateTime << 32 | now.dwLowDateTime) + (INT64)ms * 10000;
}
