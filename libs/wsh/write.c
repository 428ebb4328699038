/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Writes entries, attribute by attribute in the order of [MS-WSH] 2.2.2 and 2.2.3.
 */

#include <string.h>

#include "libs/wsh/wire.h"

#define TLV_HEADER_SIZE 4

struct writer
{
    uint8_t *buffer;
    size_t limit, size; /* size counts what does not fit, too */
    uint16_t count;     /* of attributes */
};

/* The attribute's header; returns where `size` bytes of its value go, or NULL if they do not fit.
 */
static uint8_t *put(struct writer *w, uint16_t type, size_t size)
{
    size_t start = w->size;
    uint8_t *at;

    w->size += TLV_HEADER_SIZE + size;
    ++w->count;
    if (w->size > w->limit)
        return NULL;
    at = w->buffer + start;
    at[0] = (uint8_t)(type >> 8);
    at[1] = (uint8_t)type;
    at[2] = (uint8_t)(size >> 8);
    at[3] = (uint8_t)size;
    return at + TLV_HEADER_SIZE;
}

static void put_u8(struct writer *w, uint16_t type, uint8_t value)
{
    uint8_t *at = put(w, type, 1);

    if (at)
        *at = value;
}

static void put_u32(struct writer *w, uint16_t type, uint32_t value)
{
    uint8_t *at = put(w, type, 4);

    if (at)
        put_big(at, value);
}

/* Vendor and number, both little-endian. */
static void put_pair(struct writer *w, uint32_t value)
{
    uint8_t *at = put(w, SOH_ATTRIBUTE_VENDOR_SPECIFIC, PAIR_SIZE);

    if (!at)
        return;
    put_little(at, WSH_ID);
    put_little(at + VENDOR_SIZE, value);
}

static enum wsh_status finish(const struct writer *w, struct soh_entry *entry)
{
    if (w->size > w->limit)
        return WSH_TOO_SMALL;
    entry->id = WSH_ID;
    entry->count = w->count;
    entry->attributes.data = w->buffer;
    entry->attributes.size = w->size;
    return WSH_OK;
}

/* ---- the SoH ---- */

/* In the tables of 2.2.9.3 and 2.2.9.4? A product that is not enabled is not snoozed. */
static bool is_product_status(enum wsh_class health_class, uint32_t status)
{
    if (status & ~WSH_PRODUCT_BITS || (status & WSH_SNOOZED && !(status & WSH_ENABLED)))
        return false;
    return health_class != WSH_FIREWALL || !(status & WSH_UP_TO_DATE);
}

static bool are_products(enum wsh_class health_class, const struct wsh_products *class)
{
    size_t i;

    if (!class->count)
        return is_class_error(class->error);
    if (class->error || class->count > WSH_MAX_PRODUCTS)
        return false;
    for (i = 0; i < class->count; ++i)
        if (!class->products[i].name.size || class->products[i].name.size > WSH_MAX_NAME_SIZE
                || !is_product_status(health_class, class->products[i].status))
            return false;
    return true;
}

static bool is_automatic_status(uint32_t status)
{
    uint32_t state = status & ~WSH_AU_BY_POLICY;

    return (state >= WSH_AU_DISABLED && state <= WSH_AU_NEVER_CONFIGURED)
           || status == E_MSSHAV_WSC_SERVICE_DOWN
           || status == E_MSSHAV_WSC_SERVICE_NOT_STARTED_SINCE_BOOT;
}

static bool are_updates(const struct wsh_soh *soh)
{
    const uint32_t known = WSH_SEVERITY_UNSPECIFIED | WSH_SEVERITY_LOW | WSH_SEVERITY_MODERATE
                           | WSH_SEVERITY_IMPORTANT | WSH_SEVERITY_CRITICAL | WSH_SOURCE_BITS;

    if (has_updates(soh->security_updates))
        return !(soh->updates & ~known) && soh->server.size < WSH_MAX_SERVER_SIZE
               && (!soh->server.size || !memchr(soh->server.data, 0, soh->server.size));
    return (soh->security_updates >= E_MSSHAV_NO_WUS_SERVER
                   && soh->security_updates <= E_MSSHAV_UPDATES_INSTALLED_REQUIRE_REBOOT)
           || soh->security_updates == E_MSSHAV_WUA_SERVICE_NOT_STARTED_SINCE_BOOT;
}

static bool is_valid_soh(const struct wsh_soh *soh)
{
    uint8_t i;

    for (i = 0; i < WSH_PRODUCT_CLASSES; ++i)
    {
        if (i == WSH_ANTISPYWARE && soh->version == WSH_VERSION_XP)
            continue;
        if (!are_products((enum wsh_class)i, &soh->classes[i]))
            return false;
    }
    return is_automatic_status(soh->automatic_updates) && are_updates(soh);
}

static void put_products(
        struct writer *w, enum wsh_class health_class, const struct wsh_products *class)
{
    const struct wsh_product *product;
    uint8_t *at;
    size_t i;

    put_u8(w, SOH_ATTRIBUTE_HEALTH_CLASS, (uint8_t)health_class);
    if (!class->count)
        put_u32(w, SOH_ATTRIBUTE_HEALTH_CLASS_STATUS, class->error);
    for (i = 0; i < class->count; ++i)
    {
        product = &class->products[i];
        if ((at = put(w, SOH_ATTRIBUTE_PRODUCT_NAME, product->name.size)))
            memcpy(at, product->name.data, product->name.size);
        put_u32(w, SOH_ATTRIBUTE_HEALTH_CLASS_STATUS, product->status);
    }
}

/* The name with a NUL, which alone says that there is no server; 2.2.11. */
static void put_server(struct writer *w, struct soh_span server)
{
    uint8_t *at = put(w, SOH_ATTRIBUTE_VENDOR_SPECIFIC, VENDOR_SIZE + server.size + 1);

    if (!at)
        return;
    put_big(at, WSH_ID);
    if (server.size)
        memcpy(at + VENDOR_SIZE, server.data, server.size);
    at[VENDOR_SIZE + server.size] = 0;
}

enum wsh_status wsh_soh_write(
        const struct wsh_soh *soh, uint8_t *buffer, size_t limit, struct soh_entry *entry)
{
    struct writer w = {buffer, limit, 0, 0};

    if (!is_valid_soh(soh))
        return WSH_INVALID;
    put_u32(&w, SOH_ATTRIBUTE_SYSTEM_HEALTH_ID, WSH_ID);
    put_pair(&w, soh->flag);
    put_pair(&w, soh->version);
    put_products(&w, WSH_FIREWALL, &soh->classes[WSH_FIREWALL]);
    put_products(&w, WSH_ANTIVIRUS, &soh->classes[WSH_ANTIVIRUS]);
    if (soh->version != WSH_VERSION_XP)
        put_products(&w, WSH_ANTISPYWARE, &soh->classes[WSH_ANTISPYWARE]);
    put_u8(&w, SOH_ATTRIBUTE_HEALTH_CLASS, WSH_AUTOMATIC_UPDATES);
    put_u32(&w, SOH_ATTRIBUTE_HEALTH_CLASS_STATUS, soh->automatic_updates);
    put_u8(&w, SOH_ATTRIBUTE_HEALTH_CLASS, WSH_SECURITY_UPDATES);
    put_u32(&w, SOH_ATTRIBUTE_HEALTH_CLASS_STATUS, soh->security_updates);
    if (has_updates(soh->security_updates))
    {
        put_pair(&w, soh->since_scan);
        put_server(&w, soh->server);
        put_pair(&w, soh->updates);
    }
    return finish(&w, entry);
}

/* ---- the response ---- */

static bool is_valid_verdict(enum wsh_class health_class, const struct wsh_verdict *verdict)
{
    bool is_single = health_class == WSH_FIREWALL || health_class == WSH_AUTOMATIC_UPDATES;

    return verdict->count >= 1 && verdict->count <= (is_single ? 1 : 2)
           && !(health_class == WSH_SECURITY_UPDATES && verdict->client_component);
}

static void put_verdict(
        struct writer *w, enum wsh_class health_class, const struct wsh_verdict *verdict)
{
    uint8_t *at;
    size_t i;

    put_u8(w, SOH_ATTRIBUTE_HEALTH_CLASS, (uint8_t)health_class);
    at = put(w, SOH_ATTRIBUTE_COMPLIANCE_RESULT_CODES, 4 * verdict->count);
    for (i = 0; at && i < verdict->count; ++i)
        put_big(at + 4 * i, verdict->codes[i]);
    if (verdict->client_component)
        put_u8(w, SOH_ATTRIBUTE_FAILURE_CATEGORY, FAILURE_CLIENT_COMPONENT);
}

enum wsh_status wsh_sohr_write(
        const struct wsh_sohr *sohr, uint8_t *buffer, size_t limit, struct soh_entry *entry)
{
    struct writer w = {buffer, limit, 0, 0};
    uint8_t i;

    put_u32(&w, SOH_ATTRIBUTE_SYSTEM_HEALTH_ID, WSH_ID);
    for (i = 0; i < WSH_CLASSES; ++i)
    {
        if (i == WSH_ANTISPYWARE && !sohr->has_antispyware)
            continue;
        if (!is_valid_verdict((enum wsh_class)i, &sohr->classes[i]))
            return WSH_INVALID;
        put_verdict(&w, (enum wsh_class)i, &sohr->classes[i]);
    }
    return finish(&w, entry);
}
