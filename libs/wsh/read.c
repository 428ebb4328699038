/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Reads entries, attribute by attribute in the order of [MS-WSH] 2.2.2 and 2.2.3.
 */

#include <string.h>

#include "libs/wsh/wire.h"

struct reader
{
    const struct soh_entry *entry;
    size_t position;           /* of the attribute after `next` */
    size_t start;              /* of `next` */
    bool has_next;             /* false at the end */
    struct soh_attribute next; /* not taken yet */
    const char *rule;          /* the first that was broken, or NULL */
    size_t offset;             /* of the attribute that broke it */
};

static void advance(struct reader *r)
{
    r->start = r->position;
    r->has_next = soh_next_attribute(r->entry, &r->position, &r->next);
}

static void fail(struct reader *r, size_t offset, const char *rule)
{
    if (r->rule)
        return;
    r->rule = rule;
    r->offset = offset;
}

static bool next_is(const struct reader *r, uint16_t type)
{
    return !r->rule && r->has_next && r->next.type == type;
}

/* Takes the next attribute, which must be of this type and of `least` to `most` bytes. */
static bool take(struct reader *r, uint16_t type, size_t least, size_t most, const char *rule,
        struct soh_attribute *attribute)
{
    if (!next_is(r, type) || r->next.size < least || r->next.size > most)
    {
        fail(r, r->start, rule);
        return false;
    }
    *attribute = r->next;
    advance(r);
    return true;
}

static void begin(struct reader *r, const struct soh_entry *entry)
{
    static const char rule[] = "the entry begins with the System-Health-Id 79744";
    struct soh_attribute id;

    memset(r, 0, sizeof *r);
    r->entry = entry;
    advance(r);
    if (take(r, SOH_ATTRIBUTE_SYSTEM_HEALTH_ID, 4, 4, rule, &id) && get_big(id.value) != WSH_ID)
        fail(r, 0, rule);
}

/* Ends a reading: a result that broke a rule is zeroed. */
static bool end(struct reader *r, void *result, size_t size, struct soh_error *error)
{
    if (r->has_next || r->start != r->entry->attributes.size)
        fail(r, r->start, "no attribute follows the last of the specification");
    if (!r->rule)
        return true;
    memset(result, 0, size);
    if (error)
    {
        error->offset = r->offset;
        error->rule = r->rule;
    }
    return false;
}

/* A vendor-specific attribute with one number, both little-endian. A vendor in network order, as
 * other such attributes have it, is accepted as well. */
static uint32_t take_pair(struct reader *r, const char *rule)
{
    size_t at = r->start;
    struct soh_attribute a;

    if (!take(r, SOH_ATTRIBUTE_VENDOR_SPECIFIC, PAIR_SIZE, PAIR_SIZE, rule, &a))
        return 0;
    if (get_little(a.value) != WSH_ID && get_big(a.value) != WSH_ID)
        fail(r, at, "a vendor-specific attribute has the vendor 0x00013780");
    return get_little(a.value + VENDOR_SIZE);
}

static void take_class(struct reader *r, enum wsh_class health_class)
{
    static const char rule[] =
            "the classes are firewall, antivirus, antispyware, automatic updates and security "
            "updates, in this order";
    size_t at = r->start;
    struct soh_attribute a;

    if (take(r, SOH_ATTRIBUTE_HEALTH_CLASS, 1, 1, rule, &a) && *a.value != health_class)
        fail(r, at, rule);
}

static uint32_t take_status(struct reader *r, const char *rule)
{
    struct soh_attribute a;

    return take(r, SOH_ATTRIBUTE_HEALTH_CLASS_STATUS, 4, 4, rule, &a) ? get_big(a.value) : 0;
}

/* ---- the SoH ---- */

static void take_product(struct reader *r, struct wsh_products *class)
{
    struct wsh_product *product = &class->products[class->count];
    struct soh_attribute name;
    size_t at = r->start;

    if (class->count == WSH_MAX_PRODUCTS)
    {
        fail(r, at, "a class has at most 14 products");
        return;
    }
    if (!take(r, SOH_ATTRIBUTE_PRODUCT_NAME, 1, WSH_MAX_NAME_SIZE,
                "a product's name has 1 to 512 bytes", &name))
        return;
    product->name.data = name.value;
    product->name.size = name.size;
    at = r->start;
    product->status = take_status(r, "a product's name is followed by its status of 4 bytes");
    if (wsh_is_error(product->status))
        fail(r, at, "a product's status is no error");
    ++class->count;
}

/* One status that is an error, or products. */
static void take_products(struct reader *r, enum wsh_class health_class, struct wsh_products *class)
{
    size_t at;

    take_class(r, health_class);
    at = r->start;
    if (next_is(r, SOH_ATTRIBUTE_PRODUCT_NAME))
    {
        while (next_is(r, SOH_ATTRIBUTE_PRODUCT_NAME))
            take_product(r, class);
        return;
    }
    class->error = take_status(r, "a class has products, or a status of 4 bytes");
    if (!is_class_error(class->error))
        fail(r, at, "a class without products has an error as its status");
}

/* The WSUS server's name, with or without a NUL. Its vendor is in network order. */
static void take_server(struct reader *r, struct soh_span *server)
{
    size_t at = r->start;
    struct soh_attribute a;

    if (!take(r, SOH_ATTRIBUTE_VENDOR_SPECIFIC, VENDOR_SIZE, VENDOR_SIZE + WSH_MAX_SERVER_SIZE,
                "the update server's name has at most 1024 bytes", &a))
        return;
    if (get_big(a.value) != WSH_ID)
        fail(r, at, "a vendor-specific attribute has the vendor 0x00013780");
    server->data = a.value + VENDOR_SIZE;
    server->size = a.size - VENDOR_SIZE;
    if (server->size && !server->data[server->size - 1])
        --server->size;
    if (server->size && memchr(server->data, 0, server->size))
        fail(r, at, "the update server's name has no NUL within");
}

/* Does the next attribute end the entry? */
static bool next_is_last(const struct reader *r)
{
    size_t position = r->position;
    struct soh_attribute a;

    return !soh_next_attribute(r->entry, &position, &a);
}

bool wsh_soh_read(const struct soh_entry *entry, struct wsh_soh *soh, struct soh_error *error)
{
    struct reader r;

    memset(soh, 0, sizeof *soh);
    begin(&r, entry);
    soh->flag = take_pair(&r, "the id is followed by the flag: a vendor and 4 bytes");
    soh->version = take_pair(&r, "the flag is followed by the version: a vendor and 4 bytes");
    take_products(&r, WSH_FIREWALL, &soh->classes[WSH_FIREWALL]);
    take_products(&r, WSH_ANTIVIRUS, &soh->classes[WSH_ANTIVIRUS]);
    if (soh->version != WSH_VERSION_XP)
        take_products(&r, WSH_ANTISPYWARE, &soh->classes[WSH_ANTISPYWARE]);
    take_class(&r, WSH_AUTOMATIC_UPDATES);
    soh->automatic_updates = take_status(&r, "automatic updates have a status of 4 bytes");
    take_class(&r, WSH_SECURITY_UPDATES);
    soh->security_updates = take_status(&r, "security updates have a status of 4 bytes");
    if (has_updates(soh->security_updates))
    {
        soh->since_scan = take_pair(
                &r, "security updates have the time since the last scan: a vendor and 4 bytes");
        if (!next_is_last(&r)) /* 2.2.11: the server's name is optional */
            take_server(&r, &soh->server);
        soh->updates = take_pair(&r, "security updates have their flags: a vendor and 4 bytes");
    }
    return end(&r, soh, sizeof *soh, error);
}

/* ---- the response ---- */

/* Codes, and a failure category if the class may have one. */
static void take_verdict(struct reader *r, enum wsh_class health_class, struct wsh_verdict *verdict)
{
    bool is_single = health_class == WSH_FIREWALL || health_class == WSH_AUTOMATIC_UPDATES;
    struct soh_attribute a;
    size_t at, i;

    take_class(r, health_class);
    at = r->start;
    if (!take(r, SOH_ATTRIBUTE_COMPLIANCE_RESULT_CODES, 4, is_single ? 4 : 8,
                "a class has one compliance code, or two if it may", &a))
        return;
    if (a.size % 4)
        fail(r, at, "a class has one compliance code, or two if it may");
    verdict->count = a.size / 4;
    for (i = 0; i < verdict->count; ++i)
        verdict->codes[i] = get_big(a.value + 4 * i);
    if (health_class == WSH_SECURITY_UPDATES || !next_is(r, SOH_ATTRIBUTE_FAILURE_CATEGORY))
        return;
    at = r->start;
    if (take(r, SOH_ATTRIBUTE_FAILURE_CATEGORY, 1, 1, "a failure category has one byte", &a)
            && *a.value != FAILURE_CLIENT_COMPONENT)
        fail(r, at, "the failure category is client component");
    verdict->client_component = true;
}

bool wsh_sohr_read(const struct soh_entry *entry, struct wsh_sohr *sohr, struct soh_error *error)
{
    struct reader r;
    uint8_t i;

    memset(sohr, 0, sizeof *sohr);
    begin(&r, entry);
    for (i = 0; i < WSH_CLASSES; ++i)
    {
        if (i == WSH_ANTISPYWARE)
        {
            sohr->has_antispyware = next_is(&r, SOH_ATTRIBUTE_HEALTH_CLASS) && r.next.size == 1
                                    && *r.next.value == WSH_ANTISPYWARE;
            if (!sohr->has_antispyware)
                continue;
        }
        take_verdict(&r, (enum wsh_class)i, &sohr->classes[i]);
    }
    while (next_is(&r, SOH_ATTRIBUTE_IPV4_FIXUP_SERVERS)
            || next_is(&r, SOH_ATTRIBUTE_IPV6_FIXUP_SERVERS))
        advance(&r);
    return end(&r, sohr, sizeof *sohr, error);
}

bool wsh_is_error(uint32_t code)
{
    return code >> 24 == 0xc0 || code == E_MSSHAV_WUA_SERVICE_NOT_STARTED_SINCE_BOOT;
}
