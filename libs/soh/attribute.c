/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Attributes of an entry: the form that each type requires, walking, typed readers.
 */

#include "libs/soh/wire.h"

const char *soh_attribute_check(const struct soh_attribute *attribute)
{
    size_t size = attribute->size;

    if (attribute->type > TLV_TYPE_MASK)
        return "an attribute's type has 14 bits";
    if (size > SOH_MAX_ATTRIBUTE_SIZE)
        return "an attribute has at most 4000 bytes";
    switch (attribute->type)
    {
    case SOH_ATTRIBUTE_SYSTEM_HEALTH_ID:
        return size == 4 ? NULL : "a System-Health-Id has 4 bytes";
    case SOH_ATTRIBUTE_IPV4_FIXUP_SERVERS:
        return size && size % 4 == 0 ? NULL : "IPv4-Fixup-Servers has 4 bytes for each, at least 4";
    case SOH_ATTRIBUTE_IPV6_FIXUP_SERVERS:
        return size && size % 16 == 0 ? NULL
                                      : "IPv6-Fixup-Servers has 16 bytes for each, at least 16";
    case SOH_ATTRIBUTE_COMPLIANCE_RESULT_CODES:
    case SOH_ATTRIBUTE_ERROR_CODES:
        return size % 4 == 0 ? NULL : "a list of codes has 4 bytes for each";
    case SOH_ATTRIBUTE_TIME_OF_LAST_UPDATE:
    case SOH_ATTRIBUTE_SOH_GENERATION_TIME:
        return size == 8 ? NULL : "a time has 8 bytes";
    case SOH_ATTRIBUTE_VENDOR_SPECIFIC:
        return size >= 4 ? NULL : "a Vendor-Specific TLV has at least 4 bytes";
    case SOH_ATTRIBUTE_HEALTH_CLASS:
    case SOH_ATTRIBUTE_FAILURE_CATEGORY:
    case SOH_ATTRIBUTE_EXTENDED_ISOLATION_STATE:
        return size == 1
                       ? NULL
                       : "Health-Class, Failure-Category and Extended-Isolation-State have 1 byte";
    default:
        return NULL;
    }
}

bool soh_next_attribute(
        const struct soh_entry *entry, size_t *position, struct soh_attribute *attribute)
{
    if (!get_tlv(entry->attributes, *position, attribute))
        return false;
    *position += TLV_HEADER_SIZE + attribute->size;
    return true;
}

bool soh_find_attribute(
        const struct soh_entry *entry, uint16_t type, struct soh_attribute *attribute)
{
    size_t position = 0;

    while (soh_next_attribute(entry, &position, attribute))
        if (attribute->type == type)
            return true;
    return false;
}

bool soh_attribute_u8(const struct soh_attribute *attribute, uint8_t *value)
{
    if (attribute->size != 1)
        return false;
    *value = attribute->value[0];
    return true;
}

bool soh_attribute_u32(const struct soh_attribute *attribute, uint32_t *value)
{
    if (attribute->size != 4)
        return false;
    *value = get_u32(attribute->value);
    return true;
}

bool soh_attribute_filetime(const struct soh_attribute *attribute, uint64_t *value)
{
    if (attribute->size != 8)
        return false;
    *value = get_u64(attribute->value);
    return true;
}

/* The index-th element of a list of size bytes, or NULL past the last complete one. */
static const uint8_t *element(const uint8_t *list, size_t size, size_t index, size_t width)
{
    return index < size / width ? list + index * width : NULL;
}

bool soh_attribute_u32_at(const struct soh_attribute *attribute, size_t index, uint32_t *value)
{
    const uint8_t *p = element(attribute->value, attribute->size, index, 4);

    if (!p)
        return false;
    *value = get_u32(p);
    return true;
}

const uint8_t *soh_attribute_ipv4_at(const struct soh_attribute *attribute, size_t index)
{
    return element(attribute->value, attribute->size, index, 4);
}

const uint8_t *soh_attribute_ipv6_at(const struct soh_attribute *attribute, size_t index)
{
    return element(attribute->value, attribute->size, index, 16);
}

bool soh_ids_get(struct soh_span ids, size_t index, uint32_t *id)
{
    const uint8_t *p = element(ids.data, ids.size, index, 4);

    if (!p)
        return false;
    *id = get_u32(p);
    return true;
}

struct soh_span soh_ids_put(uint8_t *wire, const uint32_t *ids, size_t count)
{
    struct soh_span span = {wire, 4 * count};
    size_t i;

    for (i = 0; i < count; ++i)
        put_u32(wire + 4 * i, ids[i]);
    return span;
}
