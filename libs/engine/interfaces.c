/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * The host's network interfaces; see interfaces.h.
 *
 * A poll takes milliseconds, during which no client is answered, and any client may cause one. So
 * polling has a budget: one second at first, then a tenth of the time. Beyond the budget clients
 * get the result of the last poll.
 */
#include "libs/engine/interfaces.h"

#include <stdlib.h>

#include "libs/engine/session.h"

#define BUDGET 1000000    /* us of polling at once */
#define BUDGET_PERCENT 10 /* of the time after that */
#define NAME_AGE 1000     /* ms; maximum age of the list for finding a name */
#define MISSING_AGE 50    /* ms; the same if the name was not found */

static int compare_index(const void *one, const void *other)
{
    uint32_t a = ((const struct engine_interface *)one)->index;
    uint32_t b = ((const struct engine_interface *)other)->index;

    return a < b ? -1 : a > b;
}

/* Does the budget allow another poll? */
static bool within_budget(struct interfaces *interfaces, uint64_t now)
{
    if (!interfaces->polled)
        interfaces->budget = BUDGET;
    else
        interfaces->budget +=
                (int64_t)((now - interfaces->filled_at) * 1000 * BUDGET_PERCENT / 100);
    if (interfaces->budget > BUDGET)
        interfaces->budget = BUDGET;
    interfaces->filled_at = now;
    return interfaces->budget > 0;
}

bool interfaces_poll(struct engine *engine, uint64_t age)
{
    struct interfaces *interfaces = &engine->interfaces;
    uint64_t now = engine->host.monotonic(engine->context);
    struct engine_interface *list;
    uint32_t took = 0;
    size_t count;

    if (interfaces->polled && age && now - interfaces->polled_at < age)
        return true;
    if (!within_budget(interfaces, now))
        return interfaces->polled;
    if (!engine->host.interfaces(engine->context, &list, &count, &took))
    {
        if (!interfaces->failed)
            engine_log(engine, ENGINE_WARN, 0, "ras",
                    "the host's interfaces cannot be listed; RAS connections of the host stay as they "
                    "were last seen");
        interfaces->failed = true;
        return false;
    }
    interfaces->failed = false;
    if (count)
        qsort(list, count, sizeof(*list), compare_index);
    free(interfaces->list);
    interfaces->list = list;
    interfaces->count = count;
    interfaces->polled = true;
    interfaces->polled_at = now;
    interfaces->budget -= took;
    return true;
}

const struct engine_interface *interfaces_find(const struct engine *engine, uint32_t index)
{
    const struct interfaces *interfaces = &engine->interfaces;
    struct engine_interface key;

    if (!index || !interfaces->count)
        return NULL;
    key.index = index;
    return bsearch(&key, interfaces->list, interfaces->count, sizeof(key), compare_index);
}

/* Are the two names the same? */
static bool names(const struct napipc_string *string, const char *utf8)
{
    uint16_t i;

    /* The kernel allows any bytes in names; programs use ASCII. */
    for (i = 0; i < string->length; i++)
        if (!utf8[i] || string->units[2 * i + 1] || string->units[2 * i] != (uint8_t)utf8[i])
            return false;
    return !utf8[i];
}

static const struct engine_interface *find_name(
        const struct engine *engine, const struct napipc_string *name)
{
    size_t i;

    for (i = 0; i < engine->interfaces.count; i++)
        if (names(name, engine->interfaces.list[i].name))
            return &engine->interfaces.list[i];
    return NULL;
}

uint32_t interfaces_index_of(struct engine *engine, const struct napipc_string *name)
{
    const struct engine_interface *found;

    if (!name->length || name->length >= ENGINE_INTERFACE_NAME_MAX)
        return 0;
    interfaces_poll(engine, NAME_AGE);
    if (!(found = find_name(engine, name)) && interfaces_poll(engine, MISSING_AGE))
        found = find_name(engine, name);
    return found ? found->index : 0;
}

void interfaces_finish(struct engine *engine)
{
    free(engine->interfaces.list);
}
