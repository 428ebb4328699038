/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * The Statement of Health wire format: reading, building and printing system
 * statements of health (SSoH, the client's request) and their responses (SSoHR).
 *
 * Sources: TCG "IF-TNCCS: Protocol Bindings for SoH" 1.0, published as [MS-SOH] too; the section
 * numbers below are those of [MS-SOH]. docs/soh-format.md has the tables, and says where public
 * sources are silent and what we decided.
 *
 * How it works. soh_parse() checks a whole packet once, allocates nothing, and fills a struct
 * soh_packet whose spans point into the caller's buffer; they are valid as long as that buffer.
 * Then soh_next_entry() and soh_next_attribute() walk the health agents' parts; both may be
 * restarted at will. A struct soh_builder writes into the caller's buffer; call order:
 *
 *     soh_builder_init, soh_build_begin,
 *     then per health agent one of soh_build_soh, soh_build_agent_entry, soh_build_result_entry
 *         or soh_build_entry with any number of soh_build_attribute...,
 *     soh_build_end
 *
 * Numbers in structs are in the machine's byte order, sizes are in bytes, times are FILETIMEs
 * (100-nanosecond intervals since 1601-01-01 UTC). Nothing here keeps state between calls, so
 * calls on different objects may run on any threads.
 */

#ifndef WINE_NAP_SOH_H
#define WINE_NAP_SOH_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* Limits of naptypes.h and napenforcementclient.h, enforced by the parser and the builder. */
#define SOH_MIN_PACKET_SIZE 12      /* minNetworkSoHSize */
#define SOH_MAX_PACKET_SIZE 0xffff  /* maxProtocolMaxSize */
#define SOH_MAX_ENTRIES 20          /* maxSystemHealthEntityCount */
#define SOH_MAX_ATTRIBUTES 100      /* maxSoHAttributeCount: of one entry, its id included */
#define SOH_MAX_ATTRIBUTE_SIZE 4000 /* maxSoHAttributeSize: of one attribute's value */

#define SOH_CORRELATION_ID_SIZE 24
#define SOH_CARRIER_SIZE 12
#define SOH_VENDOR_MICROSOFT 0x137u     /* IANA SMI code */
#define SOH_SYSTEM_HEALTH_ID 0x13700u   /* the System-Health-Id of the system itself */
#define SOH_NO_PROBATION (~UINT64_C(0)) /* probation_end: there is none */

/* SoHAttributeType of napprotocol.h; [MS-SOH] 2.2.3.5. */
enum soh_attribute_type
{
    SOH_ATTRIBUTE_SYSTEM_HEALTH_ID = 2,
    SOH_ATTRIBUTE_IPV4_FIXUP_SERVERS = 3,
    SOH_ATTRIBUTE_COMPLIANCE_RESULT_CODES = 4,
    SOH_ATTRIBUTE_TIME_OF_LAST_UPDATE = 5,
    SOH_ATTRIBUTE_CLIENT_ID = 6,
    SOH_ATTRIBUTE_VENDOR_SPECIFIC = 7,
    SOH_ATTRIBUTE_HEALTH_CLASS = 8,
    SOH_ATTRIBUTE_SOFTWARE_VERSION = 9,
    SOH_ATTRIBUTE_PRODUCT_NAME = 10,
    SOH_ATTRIBUTE_HEALTH_CLASS_STATUS = 11,
    SOH_ATTRIBUTE_SOH_GENERATION_TIME = 12,
    SOH_ATTRIBUTE_ERROR_CODES = 13,
    SOH_ATTRIBUTE_FAILURE_CATEGORY = 14,
    SOH_ATTRIBUTE_IPV6_FIXUP_SERVERS = 15,
    SOH_ATTRIBUTE_EXTENDED_ISOLATION_STATE = 16
};

/* The kind of a packet, from its MS-Packet-Info ([MS-SOH] 2.2.4.3). */
enum soh_kind
{
    SOH_REQUEST = 1, /* SSoH, from the client */
    SOH_RESPONSE = 2 /* SSoHR, from the server */
};

/* Intent of the mode sub-header. Readers accept both in both kinds of packet. */
enum soh_intent
{
    SOH_INTENT_REQUEST = 1,
    SOH_INTENT_RESPONSE = 2
};

/* Bytes in the caller's buffer. data may be NULL only if size is 0. */
struct soh_span
{
    const uint8_t *data;
    size_t size;
};

/* Why a packet was rejected. Unchanged by calls that succeed. */
struct soh_error
{
    size_t offset;    /* of the first byte of the field that breaks the rule */
    const char *rule; /* the broken rule, in English; static storage */
};

/*
 * The name of one exchange, byte for byte as on the wire ([MS-SOH] 2.2.4.6): 16 bytes GUID and 8
 * bytes FILETIME, both in network order. Peers echo the 24 bytes without interpreting them, so
 * compare them with memcmp.
 */
struct soh_correlation_id
{
    uint8_t bytes[SOH_CORRELATION_ID_SIZE];
};

/* The mode sub-header, which only packets of inner type 2 have. */
struct soh_mode
{
    struct soh_correlation_id correlation_id;
    uint8_t intent; /* enum soh_intent */
};

/* MS-Machine-Inventory, [MS-SOH] 2.2.4.1. processor is a PROCESSOR_ARCHITECTURE_ value (0 x86, 9
 * x64). */
struct soh_machine
{
    uint32_t os_major, os_minor, os_build;
    uint16_t sp_major, sp_minor;
    uint16_t processor;
};

/* MS-Machine-Inventory-Ex, [MS-SOH] 2.2.4.8. product_type: 1 client, 2 domain controller, 3
 * server. */
struct soh_machine_ex
{
    uint32_t reserved;
    uint8_t product_type;
};

/* MS-Quarantine-State, [MS-SOH] 2.2.4.2. */
struct soh_quarantine
{
    uint8_t isolation_state; /* 3 bits: IsolationState; in a response always 1, 2 or 3 */
    bool fixup;              /* the f bit: fix-up wanted (shaFixup) */
    uint8_t extended_state;  /* 4 bits: ExtendedIsolationState */
    uint64_t probation_end;  /* FILETIME, or SOH_NO_PROBATION */
    struct soh_span url;     /* of help for the user; without its NUL; size 0: none */
};

/* Which members of struct soh_system are present. The values are 1 << the pair's type on the
 * wire. */
#define SOH_HAS_MACHINE (1u << 1)
#define SOH_HAS_QUARANTINE (1u << 2)
#define SOH_HAS_GENERATED_IDS (1u << 4)
#define SOH_HAS_MACHINE_NAME (1u << 5)
#define SOH_HAS_CORRELATION_ID (1u << 6)
#define SOH_HAS_INSTALLED_SHVS (1u << 7)
#define SOH_HAS_MACHINE_EX (1u << 8)

/* The system's part of a packet: the MS pair list, [MS-SOH] 2.2.4, without MS-Packet-Info. */
struct soh_system
{
    uint32_t present; /* SOH_HAS_* */
    struct soh_machine machine;
    struct soh_quarantine quarantine;
    struct soh_span generated_ids; /* SystemGenerated-Ids: ids as on the wire, see soh_ids_get() */
    struct soh_span machine_name;  /* without its NUL */
    struct soh_correlation_id correlation_id;
    struct soh_span installed_shvs; /* ids as on the wire, see soh_ids_get() */
    struct soh_machine_ex machine_ex;
};

/* A parsed packet. Its spans point into the buffer it was parsed from. */
struct soh_packet
{
    enum soh_kind kind;
    bool has_mode; /* it has a mode sub-header; else mode is zero */
    struct soh_mode mode;
    struct soh_system system;
    /* The packet's correlation id, from MS-CorrelationId or the mode sub-header. */
    struct soh_correlation_id correlation_id;
    struct soh_span entries; /* the SoHReportEntries, for soh_next_entry() */
    uint16_t entry_count;
};

/* One type-length-value. type is 14 bits; the M and R bits of the wire are ignored. */
struct soh_attribute
{
    uint16_t type; /* enum soh_attribute_type, or an unknown one */
    uint16_t size;
    const uint8_t *value; /* size bytes, big-endian as on the wire */
};

/*
 * One SoHReportEntry: what naptypes.h calls an SoH. Its attributes start with the
 * System-Health-Id, exactly as the SoH structure of the API does, and count includes it.
 */
struct soh_entry
{
    uint32_t id;
    uint16_t count;
    struct soh_span attributes; /* for soh_next_attribute() */
};

/* ---- reading (parse.c, attribute.c) ---- */

/*
 * Parse a packet, without carrier TLV. Accepts requests and responses, with and without mode
 * sub-header. A packet is rejected as a whole if any length in it is wrong, if anything comes twice
 * or in the wrong place, or if a response has no MS-Quarantine-State; docs/soh-format.md lists
 * every rule.
 *
 * Returns true and fills *packet, or false and fills *error (which may be NULL); *packet is then
 * zeroed. data must stay unchanged as long as *packet is used.
 */
bool soh_parse(
        const uint8_t *data, size_t size, struct soh_packet *packet, struct soh_error *error);

/*
 * Walk the entries: *position starts at 0 and is advanced by each call. Returns false at the end.
 * The packet must come from soh_parse().
 */
bool soh_next_entry(const struct soh_packet *packet, size_t *position, struct soh_entry *entry);

/* The entry of one component; false if the packet has none. Ids are unique in a packet. */
bool soh_find_entry(const struct soh_packet *packet, uint32_t id, struct soh_entry *entry);

/* Walk an entry's attributes, its System-Health-Id first: as soh_next_entry(). */
bool soh_next_attribute(
        const struct soh_entry *entry, size_t *position, struct soh_attribute *attribute);

/* The first attribute of a type; false if the entry has none. */
bool soh_find_attribute(
        const struct soh_entry *entry, uint16_t type, struct soh_attribute *attribute);

/*
 * Does the value of an attribute have the form that its type requires (SoHAttributeValue page)?
 * Types without a form of their own, and unknown ones, allow any bytes up to
 * SOH_MAX_ATTRIBUTE_SIZE. Returns NULL if so, else the broken rule (static storage). Parser and
 * builder use it.
 */
const char *soh_attribute_check(const struct soh_attribute *attribute);

/*
 * Typed readers. Each returns false and leaves *value unchanged if the attribute's size does not
 * fit; the type is not checked.
 */
bool soh_attribute_u8(const struct soh_attribute *attribute, uint8_t *value);
bool soh_attribute_u32(const struct soh_attribute *attribute, uint32_t *value);
bool soh_attribute_filetime(const struct soh_attribute *attribute, uint64_t *value);

/* The index-th u32 of Compliance-Result-Codes, Error-Codes; false past the end. */
bool soh_attribute_u32_at(const struct soh_attribute *attribute, size_t index, uint32_t *value);

/* The index-th address, in network byte order: 4 bytes of IPv4-Fixup-Servers, 16 of
 * IPv6-Fixup-Servers. NULL past the end. */
const uint8_t *soh_attribute_ipv4_at(const struct soh_attribute *attribute, size_t index);
const uint8_t *soh_attribute_ipv6_at(const struct soh_attribute *attribute, size_t index);

/* The index-th id of generated_ids or installed_shvs; false past the end. */
bool soh_ids_get(struct soh_span ids, size_t index, uint32_t *id);

/* Write ids in the form of generated_ids and installed_shvs. wire has 4 * count bytes and must
 * outlive the returned span. */
struct soh_span soh_ids_put(uint8_t *wire, const uint32_t *ids, size_t count);

/* ---- correlation ids (correlation.c) ---- */

#define SOH_CORRELATION_TEXT_SIZE 66 /* of both forms below, NUL included */

/* Make one of a GUID in Windows' memory layout and a FILETIME; its bytes are as in the packet. */
struct soh_correlation_id soh_correlation_id_make(const uint8_t guid[16], uint64_t filetime);

/* Its two parts. guid receives 16 bytes in Windows' memory layout; either may be NULL. */
void soh_correlation_id_split(
        const struct soh_correlation_id *id, uint8_t *guid, uint64_t *filetime);

/* "{00112233-4455-6677-8899-AABBCCDDEEFF}-01CB3F7F7F7F7F7F": upper-case hexadecimal FILETIME. */
void soh_correlation_id_format(
        const struct soh_correlation_id *id, char text[SOH_CORRELATION_TEXT_SIZE]);

/* "{00112233-4455-6677-8899-AABBCCDDEEFF} - 2010-08-18 09:30:00.123Z", for logs: 65 characters, as
 * in [MS-DHCPN] 2.2.1.3. Years past 9999 are written as 9999-12-31 23:59:59.999. */
void soh_correlation_id_format_log(
        const struct soh_correlation_id *id, char text[SOH_CORRELATION_TEXT_SIZE]);

/* ---- the carrier TLV (carrier.c), [MS-PEAP] 2.2.8: PEAP and RADIUS put it in front ---- */

/*
 * If data starts with the carrier TLV of an SSoH or SSoHR, point *packet at what it carries and
 * return true. Else, or if the TLV's lengths do not match size exactly, point *packet at all of
 * data and return false.
 */
bool soh_carrier_strip(const uint8_t *data, size_t size, struct soh_span *packet);

/* Parse a packet that may be in a carrier TLV; the offset of *error counts from data. */
bool soh_parse_carried(
        const uint8_t *data, size_t size, struct soh_packet *packet, struct soh_error *error);

/* Write the carrier TLV for a packet of packet_size bytes. Returns false if the packet is too long
 * for it (over 65,527 bytes). */
bool soh_carrier_write(uint8_t carrier[SOH_CARRIER_SIZE], enum soh_kind kind, size_t packet_size);

/* ---- building (build.c) ---- */

enum soh_build_status
{
    SOH_BUILD_OK,
    SOH_BUILD_TOO_SMALL, /* the limit was too small; builder->size bytes are needed */
    SOH_BUILD_INVALID    /* a caller's value cannot be written; builder->rule is the broken rule */
};

/*
 * A packet under construction. The caller owns it and the buffer; there is nothing to free. After a
 * failure further calls only count bytes, and soh_build_end() reports the first failure. Callers
 * may read size, status and rule; the rest is private.
 */
struct soh_builder
{
    size_t size; /* of the packet so far, whether it fits or not */
    enum soh_build_status status;
    const char *rule; /* for SOH_BUILD_INVALID; static storage */

    uint8_t *buffer;
    size_t limit;
    uint32_t ids[SOH_MAX_ENTRIES];
    uint16_t entry_count, attribute_count;
    bool begun;
};

/* Start over with an empty packet. At most limit bytes are written to buffer, and never more than
 * SOH_MAX_PACKET_SIZE. buffer may be NULL with limit 0, to measure. */
void soh_builder_init(struct soh_builder *builder, uint8_t *buffer, size_t limit);

/*
 * Header, mode sub-header (none if mode is NULL) and the system's part. Invalid: a packet without
 * correlation id in system and mode, or with two different ones; a response without quarantine
 * state or with an isolation state outside 1..3; a NUL within a string; bits that do not fit their
 * field; a string or list over 65,534 bytes; ids of a size that is no multiple of 4. The pointers
 * are not kept.
 */
void soh_build_begin(struct soh_builder *builder, enum soh_kind kind, const struct soh_mode *mode,
        const struct soh_system *system);

/*
 * A health agent's whole SoH, as the health agent or qutil's constructor made it: attributes[0]
 * must be the System-Health-Id. Invalid, here and below: attributes that soh_attribute_check()
 * rejects, a component's second entry, more entries or attributes than the limits above.
 */
void soh_build_soh(
        struct soh_builder *builder, const struct soh_attribute *attributes, size_t count);

/* The same from the bytes of such an SoH, as struct soh_entry's attributes; they end with the first
 * attribute that is malformed, and with the most that an entry may have. */
void soh_build_soh_bytes(struct soh_builder *builder, struct soh_span soh);

/* An entry that the agent makes for a health agent that has none: System-Health-Id,
 * Failure-Category, Error-Codes (HRESULTs). */
void soh_build_agent_entry(struct soh_builder *builder, uint32_t id, uint8_t failure_category,
        const uint32_t *codes, size_t count);

/* A validator's part of a response. Members that are NULL or 0 are left out, except
 * failure_category, which has its own flag. Addresses are in network byte order. */
struct soh_result
{
    uint32_t id;
    const uint32_t *codes; /* HRESULTs, for Compliance-Result-Codes */
    size_t code_count;
    bool has_failure_category;
    uint8_t failure_category; /* FailureCategory */
    const uint8_t (*ipv4)[4];
    size_t ipv4_count;
    const uint8_t (*ipv6)[16];
    size_t ipv6_count;
    const struct soh_attribute *extra; /* appended as they are */
    size_t extra_count;
};

void soh_build_result_entry(struct soh_builder *builder, const struct soh_result *result);

/* An entry in parts: its System-Health-Id, then the attributes in the order of the calls. */
void soh_build_entry(struct soh_builder *builder, uint32_t id);
void soh_build_attribute(
        struct soh_builder *builder, uint16_t type, const void *value, size_t size);
void soh_build_attribute_u8(struct soh_builder *builder, uint16_t type, uint8_t value);
void soh_build_attribute_u32s(
        struct soh_builder *builder, uint16_t type, const uint32_t *values, size_t count);
void soh_build_attribute_filetime(struct soh_builder *builder, uint16_t type, uint64_t value);

/*
 * Complete the packet. On SOH_BUILD_OK the first builder->size bytes of the buffer are the packet,
 * and soh_parse() accepts it. Otherwise the buffer's content is undefined within its limit.
 */
enum soh_build_status soh_build_end(struct soh_builder *builder);

/* ---- printing (print.c, names.c) ---- */

/* Receives one line of text, without line end; text is valid until the function returns. */
typedef void (*soh_line_fn)(void *ctx, const char *text);

/* Prints what an entry has behind its id, for those who know the component. Returns false, and
 * prints nothing, to have it printed attribute by attribute. */
typedef bool (*soh_entry_fn)(
        void *ctx, const struct soh_packet *packet, const struct soh_entry *entry);

/* Print a parsed packet as a tree, two spaces of indentation per level. Bytes from the wire that
 * are not printable ASCII appear escaped, so the text is safe for a terminal. `entry` may be NULL;
 * its lines belong SOH_ENTRY_INDENT spaces to the right. */
void soh_print(const struct soh_packet *packet, soh_line_fn line, soh_entry_fn entry, void *ctx);
#define SOH_ENTRY_INDENT 4

/* Names in static storage; NULL if there is none. */
const char *soh_attribute_name(uint16_t type);           /* "Failure-Category" */
const char *soh_isolation_state_name(uint8_t state);     /* "restricted" */
const char *soh_extended_state_name(uint8_t state);      /* "infected" */
const char *soh_failure_category_name(uint8_t category); /* "client component" */
const char *soh_product_type_name(uint8_t type);         /* "domain controller" */
const char *soh_processor_name(uint16_t processor);      /* "x64" */
const char *soh_component_name(uint32_t id); /* Microsoft's own: "Windows Security ..." */
const char *soh_code_name(uint32_t hresult); /* "NAP_E_NO_CACHED_SOH" */

#endif
