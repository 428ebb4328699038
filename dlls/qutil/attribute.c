/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * The rules for SoH attributes and packets, which constructor and processor
 * share (pages "SoHAttributeValue", "SoHAttribute", "SoH", "ResultCodes", "NAP
 * Type Constants"). SoHAttribute.value has the network format: numbers are big-
 * endian; SoHAttributeValue has the host's. libs/soh decides which sizes are
 * valid, so that every attribute accepted here can also be sent:
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
 */

#include "qutil_private.h"

#include "libs/soh/soh.h"

static BYTE *write_u32(BYTE *at, UINT32 number)
{
    at[0] = (BYTE)(number >> 24);
    at[1] = (BYTE)(number >> 16);
    at[2] = (BYTE)(number >> 8);
    at[3] = (BYTE)number;
    return at + 4;
}

/* *size is the size of value in network format. False if an array is missing. */
static bool value_size(SoHAttributeType type, const SoHAttributeValue *value, size_t *size)
{
    switch (type)
    {
    case sohAttributeTypeSystemHealthId:
        *size = sizeof(UINT32);
        return true;
    case sohAttributeTypeIpv4FixupServers:
        *size = value->v4AddressesVal.count * sizeof(Ipv4Address);
        return value->v4AddressesVal.addresses || !*size;
    case sohAttributeTypeIpv6FixupServers:
        *size = value->v6AddressesVal.count * sizeof(Ipv6Address);
        return value->v6AddressesVal.addresses || !*size;
    case sohAttributeTypeComplianceResultCodes:
    case sohAttributeTypeErrorCodes:
        *size = value->codesVal.count * sizeof(UINT32);
        return value->codesVal.results || !*size;
    case sohAttributeTypeTimeOfLastUpdate:
    case sohAttributeTypeSoHGenerationTime:
        *size = sizeof(FILETIME);
        return true;
    case sohAttributeTypeVendorSpecific:
        *size = sizeof(UINT32) + value->vendorSpecificVal.size;
        return value->vendorSpecificVal.vendorSpecificData || !value->vendorSpecificVal.size;
    case sohAttributeTypeHealthClass:
    case sohAttributeTypeFailureCategory:
    case sohAttributeTypeExtendedIsolationState:
        *size = sizeof(UINT8);
        return true;
    default:
        *size = value->octetStringVal.size;
        return value->octetStringVal.data || !*size;
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

static struct soh_attribute tlv_of(const SoHAttribute *attribute)
{
    struct soh_attribute tlv = {attribute->type, attribute->size, attribute->value};

    return tlv;
}

const char *attribute_value_rule(SoHAttributeType type, const SoHAttributeValue *value)
{
    struct soh_attribute tlv = {(uint16_t)type, 0, NULL};
    size_t size;

    /* The enumeration has no zero: a type of zero is a variable that was never set. */
    if (!type || tlv.type != type)
        return "an attribute's type is at least 1 and has 14 bits";
    if (!value_size(type, value, &size))
        return "an array is missing";
    if (size > maxSoHAttributeSize)
        return "an attribute has at most 4000 bytes";
    tlv.size = (uint16_t)size;
    return soh_attribute_check(&tlv);
}

HRESULT attribute_pack(
        SoHAttributeType type, const SoHAttributeValue *value, SoHAttribute *attribute)
{
    BYTE *bytes = NULL;
    size_t size;

    value_size(type, value, &size);
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

/* Copies bytes to task memory; *copy is NULL if there are none. False on allocation failure. */
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

static bool read_codes(const struct soh_attribute *tlv, ResultCodes *codes)
{
    UINT16 count = tlv->size / sizeof(UINT32), i;
    uint32_t code;

    if (!count)
        return true;
    if (!(codes->results = CoTaskMemAlloc(count * sizeof(HRESULT))))
        return false;
    for (i = 0; i < count && soh_attribute_u32_at(tlv, i, &code); i++)
        codes->results[i] = (HRESULT)code;
    codes->count = count;
    return true;
}

static void read_time(const struct soh_attribute *tlv, FILETIME *time)
{
    uint64_t number = 0;

    soh_attribute_filetime(tlv, &number);
    time->dwHighDateTime = (DWORD)(number >> 32);
    time->dwLowDateTime = (DWORD)number;
}

/* Reads a valid attribute into a zeroed value. False on allocation failure. */
static bool read_value(const struct soh_attribute *tlv, SoHAttributeValue *value)
{
    void *copy;

    switch (tlv->type)
    {
    case sohAttributeTypeSystemHealthId:
        return soh_attribute_u32(tlv, &value->idVal);
    case sohAttributeTypeIpv4FixupServers:
        if (!copy_bytes(tlv->value, tlv->size, &copy))
            return false;
        value->v4AddressesVal.count = tlv->size / sizeof(Ipv4Address);
        value->v4AddressesVal.addresses = copy;
        return true;
    case sohAttributeTypeIpv6FixupServers:
        if (!copy_bytes(tlv->value, tlv->size, &copy))
            return false;
        value->v6AddressesVal.count = tlv->size / sizeof(Ipv6Address);
        value->v6AddressesVal.addresses = copy;
        return true;
    case sohAttributeTypeComplianceResultCodes:
    case sohAttributeTypeErrorCodes:
        return read_codes(tlv, &value->codesVal);
    case sohAttributeTypeTimeOfLastUpdate:
    case sohAttributeTypeSoHGenerationTime:
        read_time(tlv, &value->dateTimeVal);
        return true;
    case sohAttributeTypeVendorSpecific:
        value->vendorSpecificVal.size = tlv->size - sizeof(UINT32);
        if (!copy_bytes(tlv->value + sizeof(UINT32), value->vendorSpecificVal.size, &copy))
            return false;
        soh_attribute_u32_at(tlv, 0, &value->vendorSpecificVal.vendorId);
        value->vendorSpecificVal.vendorSpecificData = copy;
        return true;
    case sohAttributeTypeHealthClass:
    case sohAttributeTypeFailureCategory:
    case sohAttributeTypeExtendedIsolationState:
        return soh_attribute_u8(tlv, &value->uint8Val);
    default:
        if (!copy_bytes(tlv->value, tlv->size, &copy))
            return false;
        value->octetStringVal.size = tlv->size;
        value->octetStringVal.data = copy;
        return true;
    }
}

HRESULT attribute_unpack(const SoHAttribute *attribute, SoHAttributeValue **value)
{
    struct soh_attribute tlv = tlv_of(attribute);

    if (!(*value = task_alloc_zeroed(sizeof(**value))))
        return E_OUTOFMEMORY;
    if (!read_value(&tlv, *value))
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

const char *soh_append_rule(const SoH *soh, SoHAttributeType type, BOOL is_request)
{
    bool is_id = type == sohAttributeTypeSystemHealthId;

    if (soh->count == maxSoHAttributeCount)
        return "a packet has at most 100 attributes";
    if (!soh->count)
        return is_id ? NULL : "a packet begins with a System-Health-Id";
    /* On the wire another id would begin the report of another health agent. */
    if (is_id)
        return "a packet has one System-Health-Id";
    if (is_request || soh_find(soh, 0, type) == soh->count)
        return NULL;
    if (type == sohAttributeTypeIpv4FixupServers)
        return "a response has at most one IPv4-Fixup-Servers";
    if (type == sohAttributeTypeIpv6FixupServers)
        return "a response has at most one IPv6-Fixup-Servers";
    return NULL;
}

/* The rule that the attribute breaks, by itself or by its position after those of `before`. */
static const char *attribute_rule(const SoHAttribute *attribute, const SoH *before, BOOL is_request)
{
    struct soh_attribute tlv = tlv_of(attribute);
    const char *rule = soh_attribute_check(&tlv);

    if (!rule && attribute->size && !attribute->value)
        rule = "an attribute with a size has a value";
    return rule ? rule : soh_append_rule(before, attribute->type, is_request);
}

const char *soh_rule(const SoH *soh, BOOL is_request)
{
    SoH before = {0, soh->attributes};
    const char *rule;

    if (!soh->count || !soh->attributes)
        return "a packet has attributes";
    for (; before.count < soh->count; before.count++)
    {
        if ((rule = attribute_rule(&soh->attributes[before.count], &before, is_request)))
            return rule;
    }
    /* A validator must say what it found, or why it could not. */
    if (!is_request && soh_find(soh, 0, sohAttributeTypeComplianceResultCodes) == soh->count
            && soh_find(soh, 0, sohAttributeTypeFailureCategory) == soh->count)
        return "a response has Compliance-Result-Codes or a Failure-Category";
    return NULL;
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
