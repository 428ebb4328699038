/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Reading the lines of host-health.
 */
#include "libs/hosthealth/hosthealth.h"

#include <string.h>

static const char *const class_keys[WSH_CLASSES] = {
        "firewall", "antivirus", "antispyware", "automatic-updates", "security-updates"};
static const char *const severity_keys[HOST_HEALTH_SEVERITIES] = {
        "critical", "important", "moderate", "low", "unspecified"};

const char *host_class_key(enum wsh_class health_class)
{
    return class_keys[health_class];
}

const char *host_severity_key(size_t severity)
{
    return severity_keys[severity];
}

bool host_number(const char *text, uint32_t *number)
{
    size_t length = text ? strspn(text, "0123456789") : 0;
    uint32_t value = 0;

    if (!length || length > 9 || text[length])
        return false;
    while (*text)
        value = value * 10 + (uint32_t)(*text++ - '0');
    *number = value;
    return true;
}

/* Where the value of a product's key belongs, "1.name"; NULL: the key is unknown. */
static const char **find_product_value(
        struct host_class *class, const char *key, const char **broken)
{
    struct host_product *product;
    unsigned int number = 0;

    for (; *key >= '0' && *key <= '9' && number <= WSH_MAX_PRODUCTS; key++)
        number = number * 10 + (unsigned int)(*key - '0');
    if (*key++ != '.')
        return NULL;
    if (!number || number > WSH_MAX_PRODUCTS || number > class->count + 1)
    {
        *broken = "products are numbered from 1 without gaps, and a class has at most 14";
        return NULL;
    }
    product = &class->products[number - 1];
    if (number > class->count)
        class->count = number;
    if (!strcmp(key, "name"))
        return &product->name;
    if (!strcmp(key, "state"))
        return &product->state;
    if (!strcmp(key, "found"))
        return &product->found;
    if (!strcmp(key, "up-to-date"))
        return &product->up_to_date;
    return strcmp(key, "signature-age") ? NULL : &product->signature_age;
}

/* Where the value of a key belongs; NULL: the key is unknown, or *broken is the rule it breaks. */
static const char **find_value(struct host_health *health, const char *key, const char **broken)
{
    struct host_class *class;
    size_t length, i, j;

    for (i = 0; i < WSH_CLASSES; i++)
    {
        class = &health->classes[i];
        length = strlen(class_keys[i]);
        if (strncmp(key, class_keys[i], length))
            continue;
        if (!key[length])
            return &class->state;
        if (key[length] != '.')
            return NULL;
        key += length + 1;
        if (!strcmp(key, "found"))
            return &class->found;
        if (!strcmp(key, "name"))
            return &class->name;
        if (i < WSH_PRODUCT_CLASSES)
            return *key >= '0' && *key <= '9' ? find_product_value(class, key, broken) : NULL;
        for (j = 0; i == WSH_SECURITY_UPDATES && j < HOST_HEALTH_SEVERITIES; j++)
            if (!strcmp(key, severity_keys[j]))
                return &health->missing[j];
        return i == WSH_SECURITY_UPDATES && !strcmp(key, "since-scan") ? &health->since_scan : NULL;
    }
    if (!strcmp(key, HOST_HEALTH_LOOK_TIME))
        return &health->look_time;
    return strcmp(key, HOST_HEALTH_LOOK_FAULT) ? NULL : &health->look_fault;
}

/* One line, which ends with a NUL now. */
static const char *read_line(struct host_health *health, char *line)
{
    const char *broken = NULL, **value;
    char *equals = strchr(line, '=');
    size_t i, length = strlen(line);

    if (length > HOST_HEALTH_LINE_MAX)
        return "a line has at most 250 bytes";
    for (i = 0; i < length; i++)
        if (line[i] < 0x20 || line[i] > 0x7e)
            return "a line is printable ASCII";
    if (!equals || equals == line)
        return "a line is KEY=VALUE";
    *equals = 0;
    value = find_value(health, line, &broken);
    if (value && *value)
        return "a key comes once";
    if (value)
        *value = equals + 1;
    return broken;
}

static bool says_something(const struct host_health *health)
{
    size_t i;

    for (i = 0; i < WSH_CLASSES; i++)
        if (health->classes[i].state)
            return true;
    return health->look_fault != NULL;
}

const char *host_health_read(
        char *text, size_t size, struct host_health *health, unsigned int *line)
{
    const char *broken = NULL;
    size_t at = 0;
    char *end;

    memset(health, 0, sizeof *health);
    for (*line = 1; !broken && at < size; ++*line)
    {
        if (!(end = memchr(text + at, '\n', size - at)))
            broken = "a line ends with a newline";
        else if (memchr(text + at, 0, (size_t)(end - text) - at))
            broken = "a line is printable ASCII";
        else
        {
            *end = 0;
            broken = read_line(health, text + at);
            at = (size_t)(end - text) + 1;
        }
        if (broken)
            break;
    }
    if (!broken && !says_something(health))
    {
        broken = "no line is about a health class";
        *line = 0;
    }
    if (broken)
        memset(health, 0, sizeof *health);
    return broken;
}
