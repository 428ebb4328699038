/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * The statement of Windows' own health agent from what is known of the host. What is unknown is an
 * error of [MS-WSH] 2.2.9.1 or 2.2.9.2.
 */
#include "libs/hosthealth/hosthealth.h"

#include <string.h>

static const uint32_t severity_bits[HOST_HEALTH_SEVERITIES] = {WSH_SEVERITY_CRITICAL,
        WSH_SEVERITY_IMPORTANT, WSH_SEVERITY_MODERATE, WSH_SEVERITY_LOW, WSH_SEVERITY_UNSPECIFIED};

static bool is(const char *value, const char *word)
{
    return value && !strcmp(value, word);
}

/* The status of a product that is on or off; false: it is neither. */
static bool product_status(
        enum wsh_class health_class, const struct host_product *product, uint32_t *status)
{
    *status = 0;
    if (is(product->state, "on"))
        *status = WSH_ENABLED;
    else if (!is(product->state, "off"))
        return false;
    if (health_class != WSH_FIREWALL && is(product->up_to_date, "yes"))
        *status |= WSH_UP_TO_DATE;
    return true;
}

/* The products that are on or off. One of which nobody knows cannot be told, so it is left out if
 * another is on; the class is unknown if none is. */
static void make_products(enum wsh_class health_class, const struct host_class *class,
        uint8_t names[WSH_MAX_PRODUCTS][WSH_MAX_NAME_SIZE], struct wsh_products *products)
{
    struct wsh_product *product;
    bool any_on = false, any_unknown = false;
    uint32_t status;
    size_t i;

    memset(products, 0, sizeof *products);
    for (i = 0; i < class->count; i++)
    {
        product = &products->products[products->count];
        if (!class->products[i].name || !product_status(health_class, &class->products[i], &status)
                || !wsh_name_make(class->products[i].name, names[i], &product->name))
        {
            any_unknown = true;
            continue;
        }
        product->status = status;
        any_on = any_on || status & WSH_ENABLED;
        products->count++;
    }
    if (is(class->state, "on") ? any_on : is(class->state, "off") && !any_on && !any_unknown)
        if (products->count)
            return;
    products->error = is(class->state, "none") && !class->count ? E_MSSHAV_PRODUCT_NOT_INSTALLED
                                                                : E_MSSHAV_WSC_SERVICE_DOWN;
    products->count = 0;
}

static uint32_t automatic_updates(const char *state)
{
    static const struct
    {
        const char *state;
        uint32_t status;
    } states[] = {{"off", WSH_AU_DISABLED}, {"checks", WSH_AU_CHECKS},
            {"downloads", WSH_AU_DOWNLOADS}, {"installs", WSH_AU_INSTALLS},
            {"never-configured", WSH_AU_NEVER_CONFIGURED}};
    size_t i;

    for (i = 0; i < sizeof states / sizeof *states; i++)
        if (is(state, states[i].state))
            return states[i].status;
    return E_MSSHAV_WSC_SERVICE_DOWN;
}

/* The worst severity of which any is missing; unspecified if nothing says. */
static uint32_t worst_severity(const struct host_health *health)
{
    uint32_t count;
    size_t i;

    for (i = 0; i < HOST_HEALTH_SEVERITIES; i++)
        if (host_number(health->missing[i], &count) && count)
            return severity_bits[i];
    return WSH_SEVERITY_UNSPECIFIED;
}

/* Does every severity say that none is missing? A line that lacks says nothing. */
static bool none_missing(const struct host_health *health)
{
    uint32_t count;
    size_t i;

    for (i = 0; i < HOST_HEALTH_SEVERITIES; i++)
        if (health->missing[i] && (!host_number(health->missing[i], &count) || count))
            return false;
    return true;
}

static void make_updates(const struct host_health *health, struct wsh_soh *soh)
{
    const char *state = health->classes[WSH_SECURITY_UPDATES].state;

    soh->security_updates = E_MSSHAV_WUA_COMM_FAILURE;
    if (is(state, "restart"))
        soh->security_updates = E_MSSHAV_UPDATES_INSTALLED_REQUIRE_REBOOT;
    else if (!host_number(health->since_scan, &soh->since_scan))
        return;
    else if (is(state, "none") && none_missing(health))
    {
        soh->security_updates = S_MSSHA_NO_MISSING_UPDATES;
        soh->updates = WSH_SOURCE_WINDOWS_UPDATE;
    }
    else if (is(state, "missing"))
    {
        soh->security_updates = S_MSSHA_MISSING_UPDATES;
        soh->updates = WSH_SOURCE_WINDOWS_UPDATE | worst_severity(health);
    }
}

void host_statement_make(const struct host_health *health, struct host_statement *statement)
{
    struct wsh_soh *soh = &statement->soh;
    size_t i;

    memset(soh, 0, sizeof *soh);
    soh->version = WSH_VERSION_VISTA_SP1;
    for (i = 0; i < WSH_PRODUCT_CLASSES; i++)
        make_products(
                (enum wsh_class)i, &health->classes[i], statement->names[i], &soh->classes[i]);
    soh->automatic_updates = automatic_updates(health->classes[WSH_AUTOMATIC_UPDATES].state);
    make_updates(health, soh);
}

void host_statement_unknown(enum host_unknown why, struct host_statement *statement)
{
    struct wsh_soh *soh = &statement->soh;
    uint32_t error = why == HOST_NOT_LOOKED ? E_MSSHAV_WSC_SERVICE_NOT_STARTED_SINCE_BOOT
                                            : E_MSSHAV_WSC_SERVICE_DOWN;
    size_t i;

    memset(soh, 0, sizeof *soh);
    soh->version = WSH_VERSION_VISTA_SP1;
    for (i = 0; i < WSH_PRODUCT_CLASSES; i++)
        soh->classes[i].error = error;
    soh->automatic_updates = error;
    soh->security_updates = why == HOST_NOT_LOOKED ? E_MSSHAV_WUA_SERVICE_NOT_STARTED_SINCE_BOOT
                                                   : E_MSSHAV_WUA_COMM_FAILURE;
}
