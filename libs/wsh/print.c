/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Entries as text for people.
 */

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "libs/wsh/wire.h"

#define INDENT 2
#define MAX_INDENT 40
#define LINE_SIZE 256
#define NAME_WIDTH 64 /* characters of a text from the wire in one line */
#define SECONDS_PER_MINUTE 60
#define SECONDS_PER_HOUR 3600
#define SECONDS_PER_DAY 86400

struct printer
{
    soh_line_fn line;
    void *ctx;
    unsigned int indent;
};

__attribute__((format(printf, 3, 4))) static void print(
        const struct printer *p, unsigned int depth, const char *format, ...)
{
    char text[LINE_SIZE];
    unsigned int indent = p->indent + INDENT * depth;
    va_list args;

    if (indent > MAX_INDENT)
        indent = MAX_INDENT;
    memset(text, ' ', indent);
    va_start(args, format);
    vsnprintf(text + indent, sizeof text - indent, format, args);
    va_end(args);
    p->line(p->ctx, text);
}

/* Bytes of which those that are not printable ASCII are escaped; a long text ends in "...". */
static void escape(const char *bytes, size_t size, char text[NAME_WIDTH + 4])
{
    size_t at = 0, i;

    for (i = 0; i < size && at + 4 <= NAME_WIDTH; ++i)
    {
        unsigned char c = (unsigned char)bytes[i];

        if (c == '"' || c == '\\')
            text[at++] = '\\';
        if (c >= ' ' && c < 0x7f)
            text[at++] = (char)c;
        else
            at += (size_t)snprintf(text + at, 5, "\\x%02x", c);
    }
    strcpy(text + at, i < size ? "..." : "");
}

static void print_status(const struct printer *p, unsigned int depth, const char *what,
        enum wsh_class health_class, uint32_t status)
{
    const char *name = wsh_code_name(status);
    char text[96];

    wsh_status_text(health_class, status, text, sizeof text);
    print(p, depth, "%s: %s (0x%08x%s%s)", what, text, (unsigned int)status,
            name && status ? " " : "", name && status ? name : "");
}

static void print_products(
        const struct printer *p, enum wsh_class health_class, const struct wsh_products *class)
{
    char utf8[3 * WSH_MAX_NAME_SIZE / 2 + 1], name[NAME_WIDTH + 4], label[NAME_WIDTH + 6];
    size_t i;

    if (!class->count)
    {
        print_status(p, 0, wsh_class_name((uint8_t)health_class), health_class, class->error);
        return;
    }
    print(p, 0, "%s:", wsh_class_name((uint8_t)health_class));
    for (i = 0; i < class->count; ++i)
    {
        escape(utf8, wsh_name_text(class->products[i].name, utf8, sizeof utf8), name);
        snprintf(label, sizeof label, "\"%s\"", name);
        print_status(p, 1, label, health_class, class->products[i].status);
    }
}

static void print_since(const struct printer *p, uint32_t seconds)
{
    static const struct
    {
        uint32_t seconds;
        const char *name;
    } units[] = {{SECONDS_PER_DAY, "day"}, {SECONDS_PER_HOUR, "hour"},
            {SECONDS_PER_MINUTE, "minute"}, {1, "second"}};
    size_t i = 0;
    uint32_t count;

    while (units[i].seconds > seconds && units[i].seconds > 1)
        ++i;
    count = seconds / units[i].seconds;
    print(p, 1, "last scan: %u %s%s ago (%u seconds)", (unsigned int)count, units[i].name,
            count == 1 ? "" : "s", (unsigned int)seconds);
}

static void print_updates(const struct printer *p, const struct wsh_soh *soh)
{
    const char *severity = wsh_severity_name(soh->updates);
    char server[NAME_WIDTH + 4];

    print_since(p, soh->since_scan);
    print(p, 1, "worst severity: %s", severity ? severity : "none");
    print(p, 1, "sources:%s%s%s%s (0x%08x)",
            soh->updates & WSH_SOURCE_WINDOWS_UPDATE ? " Windows Update" : "",
            soh->updates & WSH_SOURCE_MICROSOFT_UPDATE ? " Microsoft Update" : "",
            soh->updates & WSH_SOURCE_WSUS ? " WSUS" : "",
            soh->updates & WSH_SOURCE_BITS ? "" : " none", (unsigned int)soh->updates);
    if (!soh->server.size)
        return;
    escape((const char *)soh->server.data, soh->server.size, server);
    print(p, 1, "update server: \"%s\"", server);
}

static void print_soh(const struct printer *p, const struct wsh_soh *soh)
{
    const char *version = wsh_version_name(soh->version);
    uint8_t i;

    print(p, 0, "agent of %s (0x%08x), statement %u", version ? version : "an unknown version",
            (unsigned int)soh->version, (unsigned int)soh->flag);
    for (i = 0; i < WSH_PRODUCT_CLASSES; ++i)
        if (i != WSH_ANTISPYWARE || soh->version != WSH_VERSION_XP)
            print_products(p, (enum wsh_class)i, &soh->classes[i]);
    print_status(p, 0, wsh_class_name(WSH_AUTOMATIC_UPDATES), WSH_AUTOMATIC_UPDATES,
            soh->automatic_updates);
    print_status(p, 0, wsh_class_name(WSH_SECURITY_UPDATES), WSH_SECURITY_UPDATES,
            soh->security_updates);
    if (has_updates(soh->security_updates))
        print_updates(p, soh);
}

static void print_code(
        const struct printer *p, const char *what, uint32_t code, enum wsh_class health_class)
{
    const char *text = wsh_code_text(code), *name = wsh_code_name(code);

    /* An error of the security center is also that of the update agent, by value. */
    if (health_class != WSH_SECURITY_UPDATES && code == E_MSSHAV_WUA_SERVICE_NOT_STARTED_SINCE_BOOT)
        text = wsh_code_text(E_MSSHAV_WSC_SERVICE_NOT_STARTED_SINCE_BOOT);
    print(p, 0, "%s: %s (0x%08x%s%s)", what, text ? text : "unknown code", (unsigned int)code,
            name ? " " : "", name ? name : "");
}

/* ComplianceCode2 of security updates is the severity that is required. */
static void print_verdict(
        const struct printer *p, enum wsh_class health_class, const struct wsh_verdict *verdict)
{
    const char *name = wsh_class_name((uint8_t)health_class), *severity;
    char signatures[48];

    print_code(p, name, verdict->codes[0], health_class);
    if (verdict->count == 2 && health_class != WSH_SECURITY_UPDATES)
    {
        snprintf(signatures, sizeof signatures, "%s signatures", name);
        print_code(p, signatures, verdict->codes[1], health_class);
    }
    else if (verdict->count == 2 && verdict->codes[1])
    {
        severity = wsh_severity_name(verdict->codes[1]);
        print(p, 1, "required severity: %s (0x%08x)", severity ? severity : "unknown",
                (unsigned int)verdict->codes[1]);
    }
    if (verdict->client_component)
        print(p, 1, "failure category: %s (%u)",
                soh_failure_category_name(FAILURE_CLIENT_COMPONENT), FAILURE_CLIENT_COMPONENT);
}

/* Fix-up servers follow the classes, and are no business of [MS-WSH]. */
static void print_servers(const struct printer *p, const struct soh_entry *entry)
{
    struct soh_attribute a;
    const uint8_t *b;
    size_t position = 0, i;

    while (soh_next_attribute(entry, &position, &a))
    {
        for (i = 0;
                a.type == SOH_ATTRIBUTE_IPV4_FIXUP_SERVERS && (b = soh_attribute_ipv4_at(&a, i));
                ++i)
            print(p, 0, "fix-up server: %u.%u.%u.%u", b[0], b[1], b[2], b[3]);
        for (i = 0;
                a.type == SOH_ATTRIBUTE_IPV6_FIXUP_SERVERS && (b = soh_attribute_ipv6_at(&a, i));
                ++i)
            print(p, 0, "fix-up server: %x:%x:%x:%x:%x:%x:%x:%x", b[0] << 8 | b[1],
                    b[2] << 8 | b[3], b[4] << 8 | b[5], b[6] << 8 | b[7], b[8] << 8 | b[9],
                    b[10] << 8 | b[11], b[12] << 8 | b[13], b[14] << 8 | b[15]);
    }
}

bool wsh_print(enum soh_kind kind, const struct soh_entry *entry, unsigned int indent,
        soh_line_fn line, void *ctx)
{
    struct printer p = {line, ctx, indent};
    struct wsh_sohr sohr;
    struct wsh_soh soh;
    uint8_t i;

    if (kind == SOH_REQUEST)
    {
        if (!wsh_soh_read(entry, &soh, NULL))
            return false;
        print_soh(&p, &soh);
        return true;
    }
    if (!wsh_sohr_read(entry, &sohr, NULL))
        return false;
    for (i = 0; i < WSH_CLASSES; ++i)
        if (i != WSH_ANTISPYWARE || sohr.has_antispyware)
            print_verdict(&p, (enum wsh_class)i, &sohr.classes[i]);
    print_servers(&p, entry);
    return true;
}
