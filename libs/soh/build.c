/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Builds a packet into the caller's buffer, front to back; the lengths of the SoH header and of the
 * Vendor-Specific TLV are filled in when they are known. Bytes past the limit are counted but not
 * written.
 */

#include <string.h>

#include "libs/soh/wire.h"

static void invalid(struct soh_builder *b, const char *rule)
{
    if (b->status != SOH_BUILD_OK)
        return;
    b->status = SOH_BUILD_INVALID;
    b->rule = rule;
}

static void put(struct soh_builder *b, const void *data, size_t size)
{
    if (b->size <= b->limit && size <= b->limit - b->size)
    {
        if (size)
            memcpy(b->buffer + b->size, data, size);
    }
    else if (b->status == SOH_BUILD_OK)
        b->status = SOH_BUILD_TOO_SMALL;
    b->size += size;
}

static void put_byte(struct soh_builder *b, uint8_t value)
{
    put(b, &value, 1);
}

static void put_short(struct soh_builder *b, uint16_t value)
{
    uint8_t wire[2];

    put_u16(wire, value);
    put(b, wire, sizeof wire);
}

static void put_long(struct soh_builder *b, uint32_t value)
{
    uint8_t wire[4];

    put_u32(wire, value);
    put(b, wire, sizeof wire);
}

static void put_quad(struct soh_builder *b, uint64_t value)
{
    uint8_t wire[8];

    put_u64(wire, value);
    put(b, wire, sizeof wire);
}

static void put_tlv_header(struct soh_builder *b, uint16_t type, size_t size)
{
    put_short(b, type);
    put_short(b, (uint16_t)size);
}

/* Fill in the length that was left open at offset, if the buffer has it. A packet with a length
 * over 16 bits is too large in any case. */
static void patch_length(struct soh_builder *b, size_t offset, size_t length)
{
    if (b->limit >= 2 && offset <= b->limit - 2)
        put_u16(b->buffer + offset, (uint16_t)length);
}

void soh_builder_init(struct soh_builder *builder, uint8_t *buffer, size_t limit)
{
    memset(builder, 0, sizeof *builder);
    builder->buffer = buffer;
    builder->limit = limit < SOH_MAX_PACKET_SIZE ? limit : SOH_MAX_PACKET_SIZE;
}

/* ---- the system's part ---- */

static const char *check_string(struct soh_span string)
{
    if (string.size > 0xfffe)
        return "a string has at most 65534 bytes";
    if (string.size && memchr(string.data, 0, string.size))
        return "a string has no NUL before its end";
    return NULL;
}

static const char *check_ids(struct soh_span ids)
{
    if (ids.size > 0xffff || ids.size % 4)
        return "a list of ids has 4 bytes for each and at most 65532";
    return NULL;
}

static const char *check_quarantine(enum soh_kind kind, const struct soh_quarantine *quarantine)
{
    if (quarantine->isolation_state > QUARANTINE_STATE_MASK
            || quarantine->extended_state > QUARANTINE_EXTENDED_MASK)
        return "an isolation state has 3 bits, an extended state 4";
    if (kind == SOH_RESPONSE
            && (quarantine->isolation_state < 1 || quarantine->isolation_state > 3))
        return "a response's isolation state is 1, 2 or 3";
    return check_string(quarantine->url);
}

static const char *check_ids_match(const struct soh_mode *mode, const struct soh_system *system)
{
    bool has_id = (system->present & SOH_HAS_CORRELATION_ID) != 0;

    if (!mode)
        return has_id ? NULL : "a packet has a correlation id";
    if (mode->intent != SOH_INTENT_REQUEST && mode->intent != SOH_INTENT_RESPONSE)
        return "the mode sub-header's intent is 1 or 2";
    if (has_id
            && memcmp(&mode->correlation_id, &system->correlation_id, sizeof mode->correlation_id))
        return "the correlation ids in sub-header and pairs are the same";
    return NULL;
}

static const char *check_begin(
        enum soh_kind kind, const struct soh_mode *mode, const struct soh_system *system)
{
    const char *rule;

    if (kind != SOH_REQUEST && kind != SOH_RESPONSE)
        return "a packet is a request or a response";
    if ((rule = check_ids_match(mode, system)))
        return rule;
    if (system->present & SOH_HAS_QUARANTINE)
    {
        if ((rule = check_quarantine(kind, &system->quarantine)))
            return rule;
    }
    else if (kind == SOH_RESPONSE)
        return "a response has an MS-Quarantine-State";
    if (system->present & SOH_HAS_MACHINE_NAME && (rule = check_string(system->machine_name)))
        return rule;
    if (system->present & SOH_HAS_GENERATED_IDS && (rule = check_ids(system->generated_ids)))
        return rule;
    if (system->present & SOH_HAS_INSTALLED_SHVS && (rule = check_ids(system->installed_shvs)))
        return rule;
    return NULL;
}

static void put_mode(struct soh_builder *b, const struct soh_mode *mode)
{
    put_tlv_header(b, TLV_VENDOR_SPECIFIC, MODE_VALUE_SIZE);
    put_long(b, SOH_VENDOR_MICROSOFT);
    put(b, mode->correlation_id.bytes, SOH_CORRELATION_ID_SIZE);
    put_byte(b, mode->intent);
    put_byte(b, 0); /* content type */
}

static void put_string(struct soh_builder *b, struct soh_span string)
{
    put_short(b, (uint16_t)(string.size + 1));
    put(b, string.data, string.size);
    put_byte(b, 0);
}

static void put_machine(struct soh_builder *b, const struct soh_machine *machine)
{
    put_byte(b, PAIR_MACHINE_INVENTORY);
    put_long(b, machine->os_major);
    put_long(b, machine->os_minor);
    put_long(b, machine->os_build);
    put_short(b, machine->sp_major);
    put_short(b, machine->sp_minor);
    put_short(b, machine->processor);
}

static void put_quarantine(struct soh_builder *b, const struct soh_quarantine *quarantine)
{
    put_byte(b, PAIR_QUARANTINE_STATE);
    put_byte(b, 0); /* reserved */
    put_byte(b, (uint8_t)(quarantine->isolation_state | (quarantine->fixup ? QUARANTINE_FIXUP : 0)
                          | quarantine->extended_state << QUARANTINE_EXTENDED_SHIFT));
    put_quad(b, quarantine->probation_end);
    put_string(b, quarantine->url);
}

static void put_ids(struct soh_builder *b, enum pair_type type, struct soh_span ids)
{
    put_byte(b, (uint8_t)type);
    put_short(b, (uint16_t)ids.size);
    put(b, ids.data, ids.size);
}

/* The pairs, in our canonical order. */
static void put_pairs(struct soh_builder *b, enum soh_kind kind, const struct soh_system *system)
{
    put_byte(b, PAIR_PACKET_INFO);
    put_byte(b, (kind == SOH_REQUEST ? PACKET_INFO_REQUEST : 0) | PACKET_INFO_VERSION);
    if (system->present & SOH_HAS_MACHINE)
        put_machine(b, &system->machine);
    if (system->present & SOH_HAS_MACHINE_NAME)
    {
        put_byte(b, PAIR_MACHINE_NAME);
        put_string(b, system->machine_name);
    }
    if (system->present & SOH_HAS_CORRELATION_ID)
    {
        put_byte(b, PAIR_CORRELATION_ID);
        put(b, system->correlation_id.bytes, SOH_CORRELATION_ID_SIZE);
    }
    if (system->present & SOH_HAS_QUARANTINE)
        put_quarantine(b, &system->quarantine);
    if (system->present & SOH_HAS_MACHINE_EX)
    {
        put_byte(b, PAIR_MACHINE_INVENTORY_EX);
        put_long(b, system->machine_ex.reserved);
        put_byte(b, system->machine_ex.product_type);
    }
    if (system->present & SOH_HAS_GENERATED_IDS)
        put_ids(b, PAIR_SYSTEM_GENERATED_IDS, system->generated_ids);
    if (system->present & SOH_HAS_INSTALLED_SHVS)
        put_ids(b, PAIR_INSTALLED_SHVS, system->installed_shvs);
}

void soh_build_begin(struct soh_builder *b, enum soh_kind kind, const struct soh_mode *mode,
        const struct soh_system *system)
{
    const char *rule = b->begun ? "a packet begins once" : check_begin(kind, mode, system);
    size_t vendor_specific;

    if (rule)
    {
        invalid(b, rule);
        return;
    }
    b->begun = true;
    put_tlv_header(b, TLV_VENDOR_SPECIFIC, 0); /* length: soh_build_end */
    put_long(b, SOH_VENDOR_MICROSOFT);
    put_tlv_header(b, mode ? INNER_TYPE_WITH_MODE : INNER_TYPE_PLAIN, 0); /* likewise */
    if (mode)
        put_mode(b, mode);
    put_tlv_header(b, SOH_ATTRIBUTE_SYSTEM_HEALTH_ID, 4);
    put_long(b, SOH_SYSTEM_HEALTH_ID);
    vendor_specific = b->size;
    put_tlv_header(b, TLV_VENDOR_SPECIFIC, 0); /* patched below */
    put_long(b, SOH_VENDOR_MICROSOFT);
    put_pairs(b, kind, system);
    patch_length(b, vendor_specific + 2, b->size - vendor_specific - TLV_HEADER_SIZE);
}

/* ---- the entries ---- */

/* Write an attribute that has been checked. */
static void put_attribute(struct soh_builder *b, uint16_t type, const void *value, size_t size)
{
    put_tlv_header(b, type, size);
    put(b, value, size);
}

void soh_build_entry(struct soh_builder *b, uint32_t id)
{
    unsigned int i;

    if (!b->begun)
    {
        invalid(b, "soh_build_begin comes before the entries");
        return;
    }
    if (b->entry_count == SOH_MAX_ENTRIES)
    {
        invalid(b, "a packet has at most 20 entries");
        return;
    }
    for (i = 0; i < b->entry_count; ++i)
    {
        if (b->ids[i] == id)
        {
            invalid(b, "a component has at most one entry");
            return;
        }
    }
    b->ids[b->entry_count++] = id;
    b->attribute_count = 1;
    put_tlv_header(b, SOH_ATTRIBUTE_SYSTEM_HEALTH_ID, 4);
    put_long(b, id);
}

/* May one more attribute follow? If so, count it. */
static bool check_attribute(struct soh_builder *b, uint16_t type, size_t size)
{
    struct soh_attribute attribute = {type, (uint16_t)size, NULL};
    const char *rule = soh_attribute_check(&attribute);

    if (!b->entry_count)
        rule = "an entry starts with a System-Health-Id";
    else if (size > SOH_MAX_ATTRIBUTE_SIZE)
        rule = "an attribute has at most 4000 bytes";
    else if (type == SOH_ATTRIBUTE_SYSTEM_HEALTH_ID)
        rule = "an entry has one System-Health-Id, its first attribute";
    else if (!rule && b->attribute_count == SOH_MAX_ATTRIBUTES)
        rule = "an entry has at most 100 attributes";
    if (rule)
    {
        invalid(b, rule);
        return false;
    }
    ++b->attribute_count;
    return true;
}

void soh_build_attribute(struct soh_builder *b, uint16_t type, const void *value, size_t size)
{
    if (check_attribute(b, type, size))
        put_attribute(b, type, value, size);
}

void soh_build_attribute_u8(struct soh_builder *b, uint16_t type, uint8_t value)
{
    soh_build_attribute(b, type, &value, 1);
}

void soh_build_attribute_u32s(
        struct soh_builder *b, uint16_t type, const uint32_t *values, size_t count)
{
    size_t i;

    if (count > SOH_MAX_ATTRIBUTE_SIZE / 4)
        count = SOH_MAX_ATTRIBUTE_SIZE / 4 + 1; /* too many in any case */
    if (!check_attribute(b, type, 4 * count))
        return;
    put_tlv_header(b, type, 4 * count);
    for (i = 0; i < count; ++i)
        put_long(b, values[i]);
}

void soh_build_attribute_filetime(struct soh_builder *b, uint16_t type, uint64_t value)
{
    uint8_t wire[8];

    put_u64(wire, value);
    soh_build_attribute(b, type, wire, sizeof wire);
}

static void build_attributes(
        struct soh_builder *b, const struct soh_attribute *attributes, size_t count)
{
    size_t i;

    for (i = 0; i < count && b->status != SOH_BUILD_INVALID; ++i)
        soh_build_attribute(b, attributes[i].type, attributes[i].value, attributes[i].size);
}

void soh_build_soh(struct soh_builder *b, const struct soh_attribute *attributes, size_t count)
{
    uint32_t id;

    if (!count || attributes[0].type != SOH_ATTRIBUTE_SYSTEM_HEALTH_ID
            || !soh_attribute_u32(&attributes[0], &id))
    {
        invalid(b, "an entry starts with a System-Health-Id");
        return;
    }
    soh_build_entry(b, id);
    build_attributes(b, attributes + 1, count - 1);
}

void soh_build_soh_bytes(struct soh_builder *b, struct soh_span soh)
{
    struct soh_attribute attributes[SOH_MAX_ATTRIBUTES];
    struct soh_entry entry = {.attributes = soh};
    size_t position = 0, count = 0;

    while (count < SOH_MAX_ATTRIBUTES && soh_next_attribute(&entry, &position, &attributes[count]))
        ++count;
    soh_build_soh(b, attributes, count);
}

void soh_build_agent_entry(struct soh_builder *b, uint32_t id, uint8_t failure_category,
        const uint32_t *codes, size_t count)
{
    soh_build_entry(b, id);
    soh_build_attribute_u8(b, SOH_ATTRIBUTE_FAILURE_CATEGORY, failure_category);
    soh_build_attribute_u32s(b, SOH_ATTRIBUTE_ERROR_CODES, codes, count);
}

void soh_build_result_entry(struct soh_builder *b, const struct soh_result *result)
{
    soh_build_entry(b, result->id);
    if (result->code_count)
        soh_build_attribute_u32s(
                b, SOH_ATTRIBUTE_COMPLIANCE_RESULT_CODES, result->codes, result->code_count);
    if (result->has_failure_category)
        soh_build_attribute_u8(b, SOH_ATTRIBUTE_FAILURE_CATEGORY, result->failure_category);
    if (result->ipv4_count)
        soh_build_attribute(b, SOH_ATTRIBUTE_IPV4_FIXUP_SERVERS, result->ipv4,
                result->ipv4_count * sizeof *result->ipv4);
    if (result->ipv6_count)
        soh_build_attribute(b, SOH_ATTRIBUTE_IPV6_FIXUP_SERVERS, result->ipv6,
                result->ipv6_count * sizeof *result->ipv6);
    build_attributes(b, result->extra, result->extra_count);
}

enum soh_build_status soh_build_end(struct soh_builder *b)
{
    if (!b->begun)
        invalid(b, "soh_build_begin comes before soh_build_end");
    else
    {
        patch_length(b, 2, b->size - 4);
        patch_length(b, 10, b->size - SOH_MIN_PACKET_SIZE);
    }
    return b->status;
}
