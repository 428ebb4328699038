/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Arbitrary bytes as what host-health prints. What is accepted is printable, whatever is read makes
 * a statement that can be written, and nothing looks healthy that the bytes do not call so.
 */

#include <stdlib.h>
#include <string.h>

#include "libs/hosthealth/hosthealth.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void require(bool holds)
{
    if (!holds)
        abort();
}

static void check_text(const char *text)
{
    for (; text && *text; ++text)
        require(*text >= ' ' && *text <= '~');
}

static bool is(const char *text, const char *word)
{
    return text && !strcmp(text, word);
}

static void check_class(const struct host_class *class, const struct wsh_products *products)
{
    bool is_on = false;
    size_t i;

    for (i = 0; i < class->count; ++i)
    {
        check_text(class->products[i].name);
        check_text(class->products[i].found);
    }
    for (i = 0; i < products->count; ++i)
        is_on = is_on || products->products[i].status & WSH_ENABLED;
    require(!is_on || is(class->state, "on"));
    require(!products->count || !products->error);
}

static void check_statement(const struct host_health *health, const struct wsh_soh *soh)
{
    static uint8_t buffer[WSH_MAX_SOH_SIZE];
    struct soh_entry entry;
    size_t i;

    for (i = 0; i < WSH_PRODUCT_CLASSES; ++i)
        check_class(&health->classes[i], &soh->classes[i]);
    require(soh->security_updates != S_MSSHA_NO_MISSING_UPDATES
            || is(health->classes[WSH_SECURITY_UPDATES].state, "none"));
    require(wsh_soh_write(soh, buffer, sizeof buffer, &entry) == WSH_OK);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static struct host_statement statement;
    static struct host_health health;
    unsigned int line;
    char *bytes;

    if (size > 0x10000)
        return 0;
    bytes = malloc(size + !size);
    require(bytes != NULL);
    if (size)
        memcpy(bytes, data, size);
    if (host_health_read(bytes, size, &health, &line))
        require(!health.classes[WSH_FIREWALL].state);
    host_statement_make(&health, &statement);
    check_statement(&health, &statement.soh);
    free(bytes);
    return 0;
}
