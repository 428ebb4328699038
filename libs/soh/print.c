/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Prints a whole packet as a tree of lines; long values continue on several lines. Bytes of the
 * packet reach the text only as numbers or escaped.
 */

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "libs/soh/wire.h"

#define LINE_SIZE 160
#define STRING_WIDTH 100
#define HEX_BYTES_PER_LINE 32

struct printer
{
    soh_line_fn line;
    void *ctx;
};

#if defined(__GNUC__) && !defined(_WIN32)
__attribute__((format(printf, 3, 4)))
#endif
static void
print(const struct printer *p, unsigned int depth, const char *format, ...)
{
    char text[LINE_SIZE];
    unsigned int indent = 2 * depth;
    va_list args;

    memset(text, ' ', indent);
    va_start(args, format);
    vsnprintf(text + indent, sizeof text - indent, format, args);
    va_end(args);
    p->line(p->ctx, text);
}

static const char *or_unknown(const char *name)
{
    return name ? name : "unknown";
}

static bool is_printable(uint8_t c)
{
    return c >= 0x20 && c < 0x7f;
}

/* "label: \"text\"", and further lines of a long text one level deeper. */
static void print_string(
        const struct printer *p, unsigned int depth, const char *label, struct soh_span string)
{
    char text[STRING_WIDTH + 1];
    size_t at = 0, size;

    do
    {
        for (size = 0; at < string.size && size + 4 <= STRING_WIDTH; ++at)
        {
            uint8_t c = string.data[at];

            if (c == '"' || c == '\\')
                text[size++] = '\\';
            if (is_printable(c))
                text[size++] = (char)c;
            else
                size += (size_t)snprintf(text + size, sizeof text - size, "\\x%02x", c);
        }
        text[size] = 0;
        if (label)
            print(p, depth++, "%s: \"%s\"", label, text);
        else
            print(p, depth, "\"%s\"", text);
        label = NULL;
    } while (at < string.size);
}

static void print_hex(const struct printer *p, unsigned int depth, struct soh_span bytes)
{
    char text[2 * HEX_BYTES_PER_LINE + 1];
    size_t at = 0, i;

    while (at < bytes.size)
    {
        for (i = 0; i < HEX_BYTES_PER_LINE && at < bytes.size; ++i, ++at)
            snprintf(text + 2 * i, 3, "%02x", bytes.data[at]);
        print(p, depth, "%s", text);
    }
}

static void print_correlation_id(const struct printer *p, unsigned int depth, const char *label,
        const struct soh_correlation_id *id)
{
    char text[SOH_CORRELATION_TEXT_SIZE];

    soh_correlation_id_format_log(id, text);
    print(p, depth, "%s: %s", label, text);
    soh_correlation_id_format(id, text);
    print(p, depth + 1, "%s", text);
}

static void print_component(
        const struct printer *p, unsigned int depth, const char *label, uint32_t id)
{
    const char *name = soh_component_name(id);

    print(p, depth, "%s0x%08x (%u%s%s)", label, (unsigned int)id, (unsigned int)id,
            name ? ", " : "", name ? name : "");
}

static void print_ids(const struct printer *p, const char *label, struct soh_span ids)
{
    uint32_t id;
    size_t i;

    print(p, 2, "%s: %u", label, (unsigned int)(ids.size / 4));
    for (i = 0; soh_ids_get(ids, i, &id); ++i)
        print_component(p, 3, "", id);
}

static void print_quarantine(const struct printer *p, const struct soh_quarantine *quarantine)
{
    char time[FILETIME_TEXT_SIZE];

    print(p, 2, "MS-Quarantine-State: %s (%u)%s",
            or_unknown(soh_isolation_state_name(quarantine->isolation_state)),
            quarantine->isolation_state, quarantine->fixup ? ", fix-up wanted" : "");
    print(p, 3, "extended state: %s (%u)",
            or_unknown(soh_extended_state_name(quarantine->extended_state)),
            quarantine->extended_state);
    if (quarantine->probation_end == SOH_NO_PROBATION)
        print(p, 3, "probation end: none");
    else
    {
        soh_filetime_format(quarantine->probation_end, time);
        print(p, 3, "probation end: %s", time);
    }
    if (quarantine->url.size)
        print_string(p, 3, "URL", quarantine->url);
    else
        print(p, 3, "URL: none");
}

static void print_system(const struct printer *p, const struct soh_system *system)
{
    print(p, 1, "system");
    if (system->present & SOH_HAS_MACHINE)
        print(p, 2, "MS-Machine-Inventory: Windows %u.%u.%u, service pack %u.%u, %s (%u)",
                (unsigned int)system->machine.os_major, (unsigned int)system->machine.os_minor,
                (unsigned int)system->machine.os_build, system->machine.sp_major,
                system->machine.sp_minor, or_unknown(soh_processor_name(system->machine.processor)),
                system->machine.processor);
    if (system->present & SOH_HAS_MACHINE_NAME)
        print_string(p, 2, "MS-MachineName", system->machine_name);
    if (system->present & SOH_HAS_CORRELATION_ID)
        print_correlation_id(p, 2, "MS-CorrelationId", &system->correlation_id);
    if (system->present & SOH_HAS_QUARANTINE)
        print_quarantine(p, &system->quarantine);
    if (system->present & SOH_HAS_MACHINE_EX)
        print(p, 2, "MS-Machine-Inventory-Ex: %s (%u)",
                or_unknown(soh_product_type_name(system->machine_ex.product_type)),
                system->machine_ex.product_type);
    if (system->present & SOH_HAS_GENERATED_IDS)
        print_ids(p, "MS-SystemGenerated-Ids", system->generated_ids);
    if (system->present & SOH_HAS_INSTALLED_SHVS)
        print_ids(p, "MS-Installed-Shvs", system->installed_shvs);
}

static void print_codes(
        const struct printer *p, const char *label, const struct soh_attribute *attribute)
{
    uint32_t code;
    size_t i;

    print(p, 2, "%s: %u", label, attribute->size / 4u);
    for (i = 0; soh_attribute_u32_at(attribute, i, &code); ++i)
    {
        const char *name = soh_code_name(code);

        print(p, 3, "0x%08x%s%s", (unsigned int)code, name ? " " : "", name ? name : "");
    }
}

static void print_addresses(
        const struct printer *p, const char *label, const struct soh_attribute *attribute)
{
    const uint8_t *a;
    size_t i;

    print(p, 2, "%s:", label);
    if (attribute->type == SOH_ATTRIBUTE_IPV4_FIXUP_SERVERS)
    {
        for (i = 0; (a = soh_attribute_ipv4_at(attribute, i)); ++i)
            print(p, 3, "%u.%u.%u.%u", a[0], a[1], a[2], a[3]);
        return;
    }
    for (i = 0; (a = soh_attribute_ipv6_at(attribute, i)); ++i)
        print(p, 3, "%x:%x:%x:%x:%x:%x:%x:%x", get_u16(a), get_u16(a + 2), get_u16(a + 4),
                get_u16(a + 6), get_u16(a + 8), get_u16(a + 10), get_u16(a + 12), get_u16(a + 14));
}

/* Prints text if it is text, with or without a NUL at the end; else bytes. */
static void print_octets(const struct printer *p, const char *label, struct soh_span octets)
{
    struct soh_span text = octets;
    size_t i;

    if (text.size > 1 && !text.data[text.size - 1])
        --text.size;
    for (i = 0; i < text.size && is_printable(text.data[i]); ++i)
        ;
    if (text.size && i == text.size)
    {
        print_string(p, 2, label, text);
        return;
    }
    print(p, 2, "%s: %u bytes", label, (unsigned int)octets.size);
    print_hex(p, 3, octets);
}

static void print_attribute(const struct printer *p, const struct soh_attribute *attribute)
{
    struct soh_span value = {attribute->value, attribute->size};
    const char *label = soh_attribute_name(attribute->type);
    char unknown[32], time[FILETIME_TEXT_SIZE];
    uint64_t filetime;
    uint8_t u8 = 0;

    if (!label)
    {
        snprintf(unknown, sizeof unknown, "attribute %u", attribute->type);
        label = unknown;
    }
    soh_attribute_u8(attribute, &u8);
    switch (attribute->type)
    {
    case SOH_ATTRIBUTE_IPV4_FIXUP_SERVERS:
    case SOH_ATTRIBUTE_IPV6_FIXUP_SERVERS:
        print_addresses(p, label, attribute);
        break;
    case SOH_ATTRIBUTE_COMPLIANCE_RESULT_CODES:
    case SOH_ATTRIBUTE_ERROR_CODES:
        print_codes(p, label, attribute);
        break;
    case SOH_ATTRIBUTE_TIME_OF_LAST_UPDATE:
    case SOH_ATTRIBUTE_SOH_GENERATION_TIME:
        if (!soh_attribute_filetime(attribute, &filetime))
            break;
        soh_filetime_format(filetime, time);
        print(p, 2, "%s: %s", label, time);
        break;
    case SOH_ATTRIBUTE_VENDOR_SPECIFIC:
        print(p, 2, "%s: vendor 0x%08x, %u bytes", label, (unsigned int)get_u32(value.data),
                (unsigned int)(value.size - 4));
        value.data += 4;
        value.size -= 4;
        print_hex(p, 3, value);
        break;
    case SOH_ATTRIBUTE_HEALTH_CLASS:
        print(p, 2, "%s: %u", label, u8);
        break;
    case SOH_ATTRIBUTE_FAILURE_CATEGORY:
        print(p, 2, "%s: %s (%u)", label, or_unknown(soh_failure_category_name(u8)), u8);
        break;
    case SOH_ATTRIBUTE_EXTENDED_ISOLATION_STATE:
        print(p, 2, "%s: %s (%u)", label, or_unknown(soh_extended_state_name(u8)), u8);
        break;
    default:
        print_octets(p, label, value);
    }
}

void soh_print(
        const struct soh_packet *packet, soh_line_fn line, soh_entry_fn print_entry, void *ctx)
{
    struct printer p = {line, ctx};
    struct soh_attribute attribute;
    struct soh_entry entry;
    size_t position = 0, in_entry;

    print(&p, 0, packet->kind == SOH_REQUEST ? "SSoH (request)" : "SSoHR (response)");
    if (packet->has_mode)
    {
        print(&p, 1, "mode sub-header, intent %s (%u)",
                packet->mode.intent == SOH_INTENT_REQUEST ? "request" : "response",
                packet->mode.intent);
        print_correlation_id(&p, 2, "correlation id", &packet->mode.correlation_id);
    }
    print_system(&p, &packet->system);
    while (soh_next_entry(packet, &position, &entry))
    {
        print_component(&p, 1, "SoH of ", entry.id);
        if (print_entry && print_entry(ctx, packet, &entry))
            continue;
        in_entry = 0;
        soh_next_attribute(&entry, &in_entry, &attribute); /* the id, printed above */
        while (soh_next_attribute(&entry, &in_entry, &attribute))
            print_attribute(&p, &attribute);
    }
}
