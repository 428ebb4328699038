/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Reads a packet: SoH header, mode sub-header, the system's pairs, the entries. One pass, no
 * allocation; the first broken rule ends it. docs/soh-format.md lists the rules in this order.
 */

#include <string.h>

#include "libs/soh/wire.h"

/* The unread rest of data, and the error. */
struct reader
{
    const uint8_t *data;
    size_t at, end;
    struct soh_error error;
};

static bool reject(struct reader *r, size_t offset, const char *rule)
{
    r->error.offset = offset;
    r->error.rule = rule;
    return false;
}

/* Take size bytes, or reject the packet at the offset where they should begin. */
static const uint8_t *take(struct reader *r, size_t size, const char *rule)
{
    const uint8_t *p = r->data + r->at;

    if (r->end - r->at < size)
    {
        reject(r, r->at, rule);
        return NULL;
    }
    r->at += size;
    return p;
}

/* Take a TLV; reject one that reaches past the end. */
static bool take_tlv(struct reader *r, struct soh_attribute *tlv)
{
    const uint8_t *p = take(r, TLV_HEADER_SIZE, "a TLV header is 4 bytes");

    if (!p)
        return false;
    tlv->type = get_u16(p) & TLV_TYPE_MASK;
    tlv->size = get_u16(p + 2);
    tlv->value = r->data + r->at;
    if (r->end - r->at < tlv->size)
        return reject(r, r->at - 2, "a TLV's length stays within its packet");
    r->at += tlv->size;
    return true;
}

static bool read_header(struct reader *r, bool *has_mode)
{
    const uint8_t *p;
    uint16_t inner;

    if (r->end < SOH_MIN_PACKET_SIZE)
        return reject(r, 0, "a packet has at least 12 bytes");
    if (r->end > SOH_MAX_PACKET_SIZE)
        return reject(r, 0, "a packet has at most 65535 bytes");
    p = take(r, SOH_MIN_PACKET_SIZE, "a packet has at least 12 bytes");
    if ((get_u16(p) & TLV_TYPE_MASK) != TLV_VENDOR_SPECIFIC)
        return reject(r, 0, "the SoH header's outer type is 7");
    if (get_u16(p + 2) != r->end - 4)
        return reject(r, 2, "the SoH header's outer length is the packet's size less 4");
    if (get_u32(p + 4) != SOH_VENDOR_MICROSOFT)
        return reject(r, 4, "the SoH header's SMI code is 0x137");
    inner = get_u16(p + 8) & TLV_TYPE_MASK;
    if (inner != INNER_TYPE_PLAIN && inner != INNER_TYPE_WITH_MODE)
        return reject(r, 8, "the SoH header's inner type is 1 or 2");
    if (get_u16(p + 10) != r->end - 12)
        return reject(r, 10, "the SoH header's inner length is the packet's size less 12");
    *has_mode = inner == INNER_TYPE_WITH_MODE;
    return true;
}

static bool read_mode(struct reader *r, struct soh_mode *mode)
{
    size_t start = r->at;
    const uint8_t *p = take(r, MODE_HEADER_SIZE, "the mode sub-header has 34 bytes");

    if (!p)
        return false;
    if ((get_u16(p) & TLV_TYPE_MASK) != TLV_VENDOR_SPECIFIC)
        return reject(r, start, "the mode sub-header's type is 7");
    if (get_u16(p + 2) != MODE_VALUE_SIZE)
        return reject(r, start + 2, "the mode sub-header's length is 30");
    if (get_u32(p + 4) != SOH_VENDOR_MICROSOFT)
        return reject(r, start + 4, "the mode sub-header's SMI code is 0x137");
    memcpy(mode->correlation_id.bytes, p + 8, SOH_CORRELATION_ID_SIZE);
    mode->intent = p[32];
    if (mode->intent != SOH_INTENT_REQUEST && mode->intent != SOH_INTENT_RESPONSE)
        return reject(r, start + 32, "the mode sub-header's intent is 1 or 2");
    if (p[33] != 0)
        return reject(r, start + 33, "the mode sub-header's content type is 0");
    return true;
}

/* A u16 length and that many bytes. */
static bool read_counted(struct reader *r, struct soh_span *span)
{
    const uint8_t *p = take(r, 2, "a pair's length field is 2 bytes");

    if (!p)
        return false;
    span->size = get_u16(p);
    if (r->end - r->at < span->size)
        return reject(r, r->at - 2, "a pair's length stays within the Vendor-Specific TLV");
    span->data = r->data + r->at;
    r->at += span->size;
    return true;
}

/* A counted string: empty, or ending with its only NUL, which the span leaves out. */
static bool read_string(struct reader *r, struct soh_span *span)
{
    const uint8_t *nul;

    if (!read_counted(r, span))
        return false;
    if (span->size == 0)
        return true;
    nul = memchr(span->data, 0, span->size);
    if (!nul)
        return reject(r, r->at - 1, "a string ends with a NUL");
    if (nul != span->data + span->size - 1)
        return reject(r, (size_t)(nul - r->data), "a string has no NUL before its end");
    --span->size;
    return true;
}

static bool read_ids(struct reader *r, struct soh_span *span)
{
    size_t start = r->at;

    if (!read_counted(r, span))
        return false;
    if (span->size % 4)
        return reject(r, start, "a list of ids has 4 bytes for each");
    return true;
}

static bool read_machine(struct reader *r, struct soh_machine *machine)
{
    const uint8_t *p = take(r, 18, "MS-Machine-Inventory has 18 bytes");

    if (!p)
        return false;
    machine->os_major = get_u32(p);
    machine->os_minor = get_u32(p + 4);
    machine->os_build = get_u32(p + 8);
    machine->sp_major = get_u16(p + 12);
    machine->sp_minor = get_u16(p + 14);
    machine->processor = get_u16(p + 16);
    return true;
}

static bool read_quarantine(struct reader *r, struct soh_quarantine *quarantine)
{
    const uint8_t *p = take(r, 10, "MS-Quarantine-State has 12 bytes and its URL");
    uint8_t flags;

    if (!p)
        return false;
    flags = p[1];
    quarantine->isolation_state = flags & QUARANTINE_STATE_MASK;
    quarantine->fixup = (flags & QUARANTINE_FIXUP) != 0;
    quarantine->extended_state = flags >> QUARANTINE_EXTENDED_SHIFT & QUARANTINE_EXTENDED_MASK;
    quarantine->probation_end = get_u64(p + 2);
    return read_string(r, &quarantine->url);
}

static bool read_packet_info(struct reader *r, enum soh_kind *kind)
{
    const uint8_t *p = take(r, 1, "MS-Packet-Info has 1 byte");

    if (!p)
        return false;
    if ((*p & PACKET_INFO_VERSION_MASK) != PACKET_INFO_VERSION)
        return reject(r, r->at - 1, "MS-Packet-Info's version is 1");
    *kind = *p & PACKET_INFO_REQUEST ? SOH_REQUEST : SOH_RESPONSE;
    return true;
}

static bool read_correlation_id(struct reader *r, struct soh_correlation_id *id)
{
    const uint8_t *p = take(r, SOH_CORRELATION_ID_SIZE, "MS-CorrelationId has 24 bytes");

    if (!p)
        return false;
    memcpy(id->bytes, p, SOH_CORRELATION_ID_SIZE);
    return true;
}

static bool read_machine_ex(struct reader *r, struct soh_machine_ex *machine_ex)
{
    const uint8_t *p = take(r, 5, "MS-Machine-Inventory-Ex has 5 bytes");

    if (!p)
        return false;
    machine_ex->reserved = get_u32(p);
    machine_ex->product_type = p[4];
    return true;
}

static bool read_pair(struct reader *r, uint8_t type, struct soh_packet *packet)
{
    struct soh_system *system = &packet->system;

    switch (type)
    {
    case PAIR_MACHINE_INVENTORY:
        return read_machine(r, &system->machine);
    case PAIR_QUARANTINE_STATE:
        return read_quarantine(r, &system->quarantine);
    case PAIR_PACKET_INFO:
        return read_packet_info(r, &packet->kind);
    case PAIR_SYSTEM_GENERATED_IDS:
        return read_ids(r, &system->generated_ids);
    case PAIR_MACHINE_NAME:
        return read_string(r, &system->machine_name);
    case PAIR_CORRELATION_ID:
        return read_correlation_id(r, &system->correlation_id);
    case PAIR_INSTALLED_SHVS:
        return read_ids(r, &system->installed_shvs);
    case PAIR_MACHINE_INVENTORY_EX:
        return read_machine_ex(r, &system->machine_ex);
    default:
        /* Pairs have no length, so what follows an unknown one cannot be read. */
        return reject(r, r->at - 1, "a pair's type is 1 to 8");
    }
}

/* The pairs up to end. Each one found sets a bit of present. */
static bool read_pairs(struct reader *r, size_t end, struct soh_packet *packet)
{
    size_t packet_end = r->end;
    uint32_t present = 0;

    r->end = end;
    while (r->at < end)
    {
        uint8_t type = r->data[r->at++];

        if (type < 32 && present & 1u << type)
            return reject(r, r->at - 1, "a pair comes at most once");
        if (!read_pair(r, type, packet))
            return false;
        present |= 1u << type;
    }
    r->end = packet_end;
    if (!(present & 1u << PAIR_PACKET_INFO))
        return reject(r, end, "a packet has an MS-Packet-Info");
    packet->system.present = present & ~(1u << PAIR_PACKET_INFO);
    return true;
}

/* The SSoH TLV: a System-Health-Id and a Vendor-Specific TLV full of pairs. */
static bool read_system(struct reader *r, struct soh_packet *packet)
{
    size_t start = r->at;
    struct soh_attribute tlv;

    if (!take_tlv(r, &tlv))
        return false;
    if (tlv.type != SOH_ATTRIBUTE_SYSTEM_HEALTH_ID)
        return reject(r, start, "the first TLV is a System-Health-Id");
    if (tlv.size != 4)
        return reject(r, start + 2, "a System-Health-Id has 4 bytes");
    if (get_u32(tlv.value) != SOH_SYSTEM_HEALTH_ID)
        return reject(r, start + 4, "the first System-Health-Id is 0x00013700");
    start = r->at;
    if (!take_tlv(r, &tlv))
        return false;
    if (tlv.type != SOH_ATTRIBUTE_VENDOR_SPECIFIC)
        return reject(r, start, "the second TLV is Vendor-Specific");
    /* Its vendor field is not checked: NAP is known to ignore it. */
    if (tlv.size < 4)
        return reject(r, start + 2, "a Vendor-Specific TLV has at least 4 bytes");
    r->at = start + TLV_HEADER_SIZE + 4;
    return read_pairs(r, start + TLV_HEADER_SIZE + tlv.size, packet);
}

/* Checks that need all pairs, after they are read. */
static bool check_system(struct reader *r, struct soh_packet *packet)
{
    const struct soh_system *system = &packet->system;
    bool has_id = (system->present & SOH_HAS_CORRELATION_ID) != 0;

    if (!has_id && !packet->has_mode)
        return reject(r, r->at, "a packet has a correlation id");
    if (has_id && packet->has_mode
            && memcmp(&system->correlation_id, &packet->mode.correlation_id,
                    sizeof system->correlation_id))
        return reject(r, r->at, "the correlation ids in sub-header and pairs are the same");
    packet->correlation_id = has_id ? system->correlation_id : packet->mode.correlation_id;
    if (packet->kind == SOH_REQUEST)
        return true;
    if (!(system->present & SOH_HAS_QUARANTINE))
        return reject(r, r->at, "a response has an MS-Quarantine-State");
    if (system->quarantine.isolation_state < 1 || system->quarantine.isolation_state > 3)
        return reject(r, r->at, "a response's isolation state is 1, 2 or 3");
    return true;
}

static bool read_entries(struct reader *r, struct soh_packet *packet)
{
    uint32_t ids[SOH_MAX_ENTRIES];
    unsigned int attributes = 0, i;

    packet->entries.data = r->data + r->at;
    packet->entries.size = r->end - r->at;
    while (r->at < r->end)
    {
        size_t start = r->at;
        struct soh_attribute tlv;
        const char *rule;

        if (!take_tlv(r, &tlv))
            return false;
        if ((rule = soh_attribute_check(&tlv)))
            return reject(r, start + 2, rule);
        if (tlv.type != SOH_ATTRIBUTE_SYSTEM_HEALTH_ID)
        {
            if (!packet->entry_count)
                return reject(r, start, "an entry starts with a System-Health-Id");
            if (++attributes > SOH_MAX_ATTRIBUTES)
                return reject(r, start, "an entry has at most 100 attributes");
            continue;
        }
        if (packet->entry_count == SOH_MAX_ENTRIES)
            return reject(r, start, "a packet has at most 20 entries");
        ids[packet->entry_count] = get_u32(tlv.value);
        for (i = 0; i < packet->entry_count; ++i)
            if (ids[i] == ids[packet->entry_count])
                return reject(r, start + 4, "a component has at most one entry");
        ++packet->entry_count;
        attributes = 1;
    }
    return true;
}

static bool read_packet(struct reader *r, struct soh_packet *packet)
{
    return read_header(r, &packet->has_mode) && (!packet->has_mode || read_mode(r, &packet->mode))
           && read_system(r, packet) && check_system(r, packet) && read_entries(r, packet);
}

bool soh_parse(const uint8_t *data, size_t size, struct soh_packet *packet, struct soh_error *error)
{
    struct reader r = {data, 0, size, {0, NULL}};

    memset(packet, 0, sizeof *packet);
    if (read_packet(&r, packet))
        return true;
    memset(packet, 0, sizeof *packet);
    if (error)
        *error = r.error;
    return false;
}

bool soh_next_entry(const struct soh_packet *packet, size_t *position, struct soh_entry *entry)
{
    struct soh_attribute tlv;
    size_t start = *position, at = start;

    if (!get_tlv(packet->entries, at, &tlv))
        return false;
    entry->id = get_u32(tlv.value);
    entry->count = 0;
    do
    {
        at += TLV_HEADER_SIZE + tlv.size;
        ++entry->count;
    } while (get_tlv(packet->entries, at, &tlv) && tlv.type != SOH_ATTRIBUTE_SYSTEM_HEALTH_ID);
    entry->attributes.data = packet->entries.data + start;
    entry->attributes.size = at - start;
    *position = at;
    return true;
}

bool soh_find_entry(const struct soh_packet *packet, uint32_t id, struct soh_entry *entry)
{
    size_t position = 0;

    while (soh_next_entry(packet, &position, entry))
        if (entry->id == id)
            return true;
    return false;
}
