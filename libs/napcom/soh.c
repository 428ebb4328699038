/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * The SoH of a health agent or a validator: converts between the structure that programs use and
 * the sequence of attributes that the agent stores and sends (u16 type, u16
 * size, value, all big-endian; values are big-endian in the structure too).
 */
#include "libs/napcom/soh.h"

#include <stdlib.h>
#include <string.h>

#include "libs/log/log.h"

#define ATTRIBUTE_HEADER_SIZE 4

/* Returns the rule that the attribute breaks, or NULL. */
static const char *broken_rule(const SoH *soh, UINT16 index, SystemHealthEntityId id)
{
    const SoHAttribute *given = &soh->attributes[index];
    struct soh_attribute attribute = {given->type, given->size, given->value};
    const char *rule;
    uint32_t named;

    if (given->size && !given->value)
        return "a value has a size but no bytes";
    if ((rule = soh_attribute_check(&attribute)))
        return rule;
    if ((index == 0) != (given->type == SOH_ATTRIBUTE_SYSTEM_HEALTH_ID))
        return "an SoH has one System-Health-Id, its first attribute";
    if (index == 0 && (!soh_attribute_u32(&attribute, &named) || named != id))
        return "the System-Health-Id is not its own";
    return NULL;
}

/* The size in bytes, or 0 if a rule is broken; the log has the rule. */
static size_t checked_size(const SoH *soh, SystemHealthEntityId id)
{
    const char *rule = NULL;
    size_t size = 0;
    UINT16 i;

    if (!soh->attributes || !soh->count || soh->count > maxSoHAttributeCount)
        rule = "an SoH has 1 to 100 attributes";
    for (i = 0; !rule && i < soh->count; i++)
    {
        rule = broken_rule(soh, i, id);
        size += ATTRIBUTE_HEADER_SIZE + soh->attributes[i].size;
    }
    if (!rule && size > NAPIPC_MAX_AGENT_SOH)
        rule = "the SoH is too long";
    if (rule)
        log_event(LOG_WARN, id, "bad-soh", "rejected an SoH of it: %s", rule);
    return rule ? 0 : size;
}

static uint8_t *put_u16(uint8_t *to, UINT16 value)
{
    to[0] = (uint8_t)(value >> 8);
    to[1] = (uint8_t)value;
    return to + 2;
}

HRESULT soh_to_wire(const SoH *soh, SystemHealthEntityId id, uint8_t **data, uint32_t *size)
{
    size_t needed = checked_size(soh, id);
    uint8_t *to;
    UINT16 i;

    *data = NULL;
    *size = 0;
    if (!needed)
        return E_INVALIDARG;
    if (!(to = malloc(needed)))
        return E_OUTOFMEMORY;
    *data = to;
    *size = (uint32_t)needed;
    for (i = 0; i < soh->count; i++)
    {
        const SoHAttribute *attribute = &soh->attributes[i];

        to = put_u16(to, attribute->type);
        to = put_u16(to, attribute->size);
        if (attribute->size)
            memcpy(to, attribute->value, attribute->size);
        to += attribute->size;
    }
    return S_OK;
}

HRESULT soh_from_wire(const struct napipc_blob *wire, SoH **out)
{
    struct soh_entry entry = {.attributes = {wire->data, wire->size}};
    struct soh_attribute attribute;
    size_t position = 0, count = 0;
    SoH *soh;

    *out = NULL;
    while (soh_next_attribute(&entry, &position, &attribute))
        count++;
    if (position != wire->size || count > maxSoHAttributeCount)
        return NAP_E_INVALID_PACKET;
    if (!(soh = CoTaskMemAlloc(sizeof(*soh))))
        return E_OUTOFMEMORY;
    soh->count = 0;
    if (!(soh->attributes = CoTaskMemAlloc(count * sizeof(*soh->attributes))))
    {
        free_soh(soh);
        return E_OUTOFMEMORY;
    }
    for (position = 0; soh_next_attribute(&entry, &position, &attribute); soh->count++)
    {
        SoHAttribute *made = &soh->attributes[soh->count];

        made->type = attribute.type;
        made->size = attribute.size;
        made->value = NULL;
        if (made->size && !(made->value = task_copy(attribute.value, attribute.size)))
        {
            free_soh(soh);
            return E_OUTOFMEMORY;
        }
    }
    *out = soh;
    return S_OK;
}

void free_soh(SoH *soh)
{
    UINT16 i;

    if (!soh)
        return;
    for (i = 0; i < soh->count; i++)
        CoTaskMemFree(soh->attributes[i].value);
    CoTaskMemFree(soh->attributes);
    CoTaskMemFree(soh);
}
