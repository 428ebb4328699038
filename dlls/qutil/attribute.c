/*
 * The rules for SoH attributes and packets, which constructor and processor
 * share (pages "SoHAttributeValue", "SoHAttribute", "SoH", "ResultCodes", "NAP
 * Type Constants"). SoHAttribute.value has the network format: numbers are big-
 * endian; SoHAttributeValue has the host's.
 *
 *   type                                    bytes
 *   2   SystemHealthId                      4, a u32
 *   3   Ipv4FixupServers                    4 each, 1 to 1000 addresses
 *   15  Ipv6FixupServers                    16 each, 1 to 250 addresses
 *   4   ComplianceResultCodes
 *   13  ErrorCodes                          4 each, 0 to 1000 u32
 *   5   TimeOfLastUpdate
 *   12  SoHGenerationTime                   8, a u64
 *   7   VendorSpecific                      4, a u32, then 0 to 3996 bytes
 *   8   HealthClass
 *   14  FailureCategory
 *   16  ExtendedIsolationState              1
 *   all others                              0 to 4000
 *
 * Copyright 2026 the wine-nap authors
 *
 * This library is free software; you can redistribute it and/or
 * modify it under the terms of the GNU Lesser General Public
 * License as published by the Free Software Foundation; either
 * version 2.1 of the License, or (at your option) any later version.
 */

#include "qutil_private.h"

/* A type has 14 bits on the wire, above them are two flags. */
#define maxSoHAttributeType 0x3fff

static BYTE *write_u32(BYTE *at, UINT32 number)
{
    at[0] = (BYTE)(number >> 24);
    at[1] = (BYTE)(number >> 16);
    at[2] = (BYTE)(number >> 8);
    at[3] = (BYTE)number;
    return at + 4;
}

static UINT32 read_u32(const BYTE *at)
{
    return (UINT32)at[0] << 24 | (UINT32)at[1] << 16 | (UINT32)at[2] << 8 | at[3];
}

/* The size that value has in network format; false if it is out of range. */
static bool value_size(SoHAttributeType type, const SoHAttributeValue *value, size_t *size)
{
    switch (type)
    {
    case sohAttributeTypeSystemHealthId:
        *size = sizeof(UINT32);
        return true;
    case sohAttributeTypeIpv4FixupServers:
        *size = value->v4AddressesVal.count * sizeof(Ipv4Address);
        return value->v4AddressesVal.addresses && value->v4AddressesVal.count >= 1
                && value->v4AddressesVal.count <= maxIpv4CountPerSoHAttribute;
    case sohAttributeTypeIpv6FixupServers:
        *size = value->v6AddressesVal.count * sizeof(Ipv6Address);
        return value->v6AddressesVal.addresses && value->v6AddressesVal.count >= 1
                && value->v6AddressesVal.count <= maxIpv6CountPerSoHAttribute;
    case sohAttributeTypeComplianceResultCodes:
    case sohAttributeTypeErrorCodes:
        *size = value->codesVal.count * sizeof(UINT32);
        return (value->codesVal.results || !value->codesVal.count)
                && value->codesVal.count <= maxDwordCountPerSoHAttribute;
    case sohAttributeTypeTimeOfLastUpdate:
    case sohAttributeTypeSoHGenerationTime:
        *size = sizeof(FILETIME);
        return true;
    case sohAttributeTypeVendorSpecific:
        *size = sizeof(UINT32) + value->vendorSpecificVal.size;
        return (value->vendorSpecificVal.vendorSpecificData || !value->vendorSpecificVal.size)
                && value->vendorSpecificVal.size <= maxSoHAttributeSize - sizeof(UINT32);
    case sohAttributeTypeHealthClass:
    case sohAttributeTypeFailureCategory:
    case sohAttributeTypeExtendedIsolationState:
        *size = sizeof(UINT8);
        return true;
    default:
        *size = value->octetStringVal.size;
        return (value->octetStringVal.data || !value->octetStringVal.size)
                && value->octetStringVal.size <= maxSoHAttributeSize;
    }
}

static void write_value(SoHAttributeType type, const SoHAttributeValue *value, BYTE *at)
{
    UINT16 i;

    switch (type)
    {
    case sohAttributeTypeSystemHealthId:
        write_u32(at, value->idVal);
        break;
    case sohAttributeTypeIpv4FixupServers:
        memcpy(at, value->v4AddressesVal.addresses,
                value->v4AddressesVal.count * sizeof(Ipv4Address));
        break;
    case sohAttributeTypeIpv6FixupServers:
        memcpy(at, value->v6AddressesVal.addresses,
                value->v6AddressesVal.count * sizeof(Ipv6Address));
        break;
    case sohAttributeTypeComplianceResultCodes:
    case sohAttributeTypeErrorCodes:
        for (i = 0; i < value->codesVal.count; i++)
            at = write_u32(at, (UINT32)value->codesVal.results[i]);
        break;
    case sohAttributeTypeTimeOfLastUpdate:
    case sohAttributeTypeSoHGenerationTime:
        at = write_u32(at, value->dateTimeVal.dwHighDateTime);
        write_u32(at, value->dateTimeVal.dwLowDateTime);
        break;
    case sohAttributeTypeVendorSpecific:
        at = write_u32(at, value->vendorSpecificVal.vendorId);
        if (value->vendorSpecificVal.size)
            memcpy(at, value->vendorSpecificVal.vendorSpecificData, value->vendorSpecificVal.size);
        break;
    case sohAttributeTypeHealthClass:
    case sohAttributeTypeFailureCategory:
    case sohAttributeTypeExtendedIsolationState:
        *at = value->uint8Val;
        break;
    default:
        memcpy(at, value->octetStringVal.data, value->octetStringVal.size);
        break;
    }
}

HRESULT attribute_pack(SoHAttributeType type, const SoHAttributeValue *value,
        SoHAttribute *attribute)
{
    BYTE *bytes = NULL;
    size_t size;

    if (type < 1 || type > maxSoHAttributeType || !value_size(type, value, &size))
        return E_INVALIDARG;
    if (size)
    {
        if (!(bytes = CoTaskMemAlloc(size)))
            return E_OUTOFMEMORY;
        write_value(type, value, bytes);
    }
    attribute->type = (UINT16)type;
    attribute->size = (UINT16)size;
    attribute->value = bytes;
    return S_OK;
}

bool attribute_is_valid(const SoHAttribute *attribute)
{
    UINT16 size = attribute->size;

    if (attribute->type < 1 || attribute->type > maxSoHAttributeType)
        return false;
    if (size > maxSoHAttributeSize || (size && !attribute->value))
        return false;

    switch (attribute->type)
    {
    case sohAttributeTypeSystemHealthId:
        return size == sizeof(UINT32);
    case sohAttributeTypeIpv4FixupServers:
        return size && size % sizeof(Ipv4Address) == 0;
    case sohAttributeTypeIpv6FixupServers:
        return size && size % sizeof(Ipv6Address) == 0;
    case sohAttributeTypeComplianceResultCodes:
    case sohAttributeTypeErrorCodes:
        return size % sizeof(UINT32) == 0;
    case sohAttributeTypeTimeOfLastUpdate:
    case sohAttributeTypeSoHGenerationTime:
        return size == sizeof(FILETIME);
    case sohAttributeTypeVendorSpecific:
        return size >= sizeof(UINT32);
    case sohAttributeTypeHealthClass:
    case sohAttributeTypeFailureCategory:
    case sohAttributeTypeExtendedIsolationState:
        return size == sizeof(UINT8);
    default:
        return true;
    }
}

/* Copies bytes to task memory; NULL for none. */
static bool copy_bytes(const BYTE *bytes, size_t size, void **copy)
{
    *copy = NULL;
    if (!size)
        return true;
    if (!(*copy = CoTaskMemAlloc(size)))
        return false;
    memcpy(*copy, bytes, size);
    return true;
}

static bool read_codes(const SoHAttribute *attribute, ResultCodes *codes)
{
    UINT16 count = attribute->size / sizeof(UINT32), i;

    if (count)
    {
        if (!(codes->results = CoTaskMemAlloc(count * sizeof(HRESULT))))
            return false;
        for (i = 0; i < count; i++)
            codes->results[i] = (HRESULT)read_u32(attribute->value + i * sizeof(UINT32));
    }
    codes->count = count;
    return true;
}

static bool read_value(const SoHAttribute *attribute, SoHAttributeValue *value)
{
    const BYTE *bytes = attribute->value;
    UINT16 size = attribute->size;
    void *copy;

    switch (attribute->type)
    {
    case sohAttributeTypeSystemHealthId:
        value->idVal = read_u32(bytes);
        return true;
    case sohAttributeTypeIpv4FixupServers:
        if (!copy_bytes(bytes, size, &copy))
            return false;
        value->v4AddressesVal.count = size / sizeof(Ipv4Address);
        value->v4AddressesVal.addresses = copy;
        return true;
    case sohAttributeTypeIpv6FixupServers:
        if (!copy_bytes(bytes, size, &copy))
            return false;
        value->v6AddressesVal.count = size / sizeof(Ipv6Address);
        value->v6AddressesVal.addresses = copy;
        return true;
    case sohAttributeTypeComplianceResultCodes:
    case sohAttributeTypeErrorCodes:
        return read_codes(attribute, &value->codesVal);
    case sohAttributeTypeTimeOfLastUpdate:
    case sohAttributeTypeSoHGenerationTime:
        value->dateTimeVal.dwHighDateTime = read_u32(bytes);
        value->dateTimeVal.dwLowDateTime = read_u32(bytes + sizeof(UINT32));
        return true;
    case sohAttributeTypeVendorSpecific:
        if (!copy_bytes(bytes + sizeof(UINT32), size - sizeof(UINT32), &copy))
            return false;
        value->vendorSpecificVal.vendorId = read_u32(bytes);
        value->vendorSpecificVal.size = size - sizeof(UINT32);
        value->vendorSpecificVal.vendorSpecificData = copy;
        return true;
    case sohAttributeTypeHealthClass:
    case sohAttributeTypeFailureCategory:
    case sohAttributeTypeExtendedIsolationState:
        value->uint8Val = *bytes;
        return true;
    default:
        if (!copy_bytes(bytes, size, &copy))
            return false;
        value->octetStringVal.size = size;
        value->octetStringVal.data = copy;
        return true;
    }
}

HRESULT attribute_unpack(const SoHAttribute *attribute, SoHAttributeValue **value)
{
    if (!(*value = task_alloc_zeroed(sizeof(**value))))
        return E_OUTOFMEMORY;
    if (!read_value(attribute, *value))
    {
        CoTaskMemFree(*value);
        *value = NULL;
        return E_OUTOFMEMORY;
    }
    return S_OK;
}

UINT16 soh_find(const SoH *soh, UINT16 from, SoHAttributeType type)
{
    while (from < soh->count && soh->attributes[from].type != type)
        from++;
    return from;
}

/* The health id stands first and nowhere else: on the wire a second one would
 * begin the report of another health agent. */
bool soh_may_append(const SoH *soh, SoHAttributeType type, BOOL is_request)
{
    if (soh->count == maxSoHAttributeCount)
        return false;
    if ((type == sohAttributeTypeSystemHealthId) != (soh->count == 0))
        return false;
    if (!is_request
            && (type == sohAttributeTypeIpv4FixupServers
                    || type == sohAttributeTypeIpv6FixupServers))
        return soh_find(soh, 0, type) == soh->count;
    return true;
}

bool soh_is_valid(const SoH *soh, BOOL is_request)
{
    SoH before = {0, soh->attributes};

    if (!soh->count || !soh->attributes)
        return false;
    for (; before.count < soh->count; before.count++)
    {
        const SoHAttribute *attribute = &soh->attributes[before.count];

        if (!attribute_is_valid(attribute) || !soh_may_append(&before, attribute->type, is_request))
            return false;
    }
    /* A validator must say what it found, or why it could not. */
    return is_request || soh_find(soh, 0, sohAttributeTypeComplianceResultCodes) < soh->count
            || soh_find(soh, 0, sohAttributeTypeFailureCategory) < soh->count;
}

HRESULT soh_copy(const SoH *soh, SoH **copy)
{
    SoH *block;
    void *bytes;

    *copy = NULL;
    if (!(block = task_alloc_zeroed(sizeof(*block))))
        return E_OUTOFMEMORY;
    block->attributes = task_alloc_zeroed(soh->count * sizeof(*block->attributes));
    if (!block->attributes)
        goto out_of_memory;
    for (; block->count < soh->count; block->count++)
    {
        const SoHAttribute *attribute = &soh->attributes[block->count];

        if (!copy_bytes(attribute->value, attribute->size, &bytes))
            goto out_of_memory;
        block->attributes[block->count].type = attribute->type;
        block->attributes[block->count].size = attribute->size;
        block->attributes[block->count].value = bytes;
    }
    *copy = block;
    return S_OK;

out_of_memory:
    FreeSoH(block);
    return E_OUTOFMEMORY;
}
