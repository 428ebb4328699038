/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * health --json.
 */
#include "programs/napctl/health.h"

#include <string.h>

static void put_text(struct json *json, const char *name, const char *text)
{
    if (text)
        json_text(json, name, text);
    else
        json_null(json, name);
}

static void put_number(struct json *json, const char *name, const char *text)
{
    uint32_t number;

    if (host_number(text, &number))
        json_number(json, name, number);
    else
        json_null(json, name);
}

/* null: unknown, or of no meaning */
static void put_yes(struct json *json, const char *name, const char *text)
{
    if (text && (!strcmp(text, "yes") || !strcmp(text, "no")))
        json_bool(json, name, !strcmp(text, "yes"));
    else
        json_null(json, name);
}

static void put_product(struct json *json, const struct host_product *product)
{
    json_open(json, NULL, '{');
    put_text(json, "name", product->name);
    put_text(json, "state", product->state);
    put_text(json, "found", product->found);
    put_yes(json, "upToDate", product->up_to_date);
    put_number(json, "signatureAge", product->signature_age);
    json_close(json, '}');
}

static void put_status(struct json *json, enum wsh_class health_class, uint32_t code)
{
    char text[128];

    json_open(json, NULL, '{');
    json_code(json, "status", code);
    wsh_status_text(health_class, code, text, sizeof(text));
    json_text(json, "text", text);
    json_close(json, '}');
}

/* The code that is reported of a class; of products their own. */
static void put_reported(struct json *json, const struct wsh_soh *soh, enum wsh_class health_class)
{
    uint32_t code = health_reported(soh, health_class);
    size_t i;

    json_open(json, "reported", '[');
    if (health_class >= WSH_PRODUCT_CLASSES || code)
        put_status(json, health_class, code);
    else
        for (i = 0; i < soh->classes[health_class].count; i++)
            put_status(json, health_class, soh->classes[health_class].products[i].status);
    json_close(json, ']');
}

static void put_class(
        struct json *json, const struct health_record *record, enum wsh_class health_class)
{
    const struct host_class *class = &record->health.classes[health_class];
    size_t i;

    json_open(json, NULL, '{');
    json_text(json, "class", host_class_key(health_class));
    put_text(json, "state", class->state);
    put_text(json, "name", class->name);
    put_text(json, "found", class->found);
    json_open(json, "products", '[');
    for (i = 0; i < class->count; i++)
        put_product(json, &class->products[i]);
    json_close(json, ']');
    put_reported(json, &record->statement.soh, health_class);
    json_close(json, '}');
}

static void put_updates(struct json *json, const struct host_health *health)
{
    size_t i;

    json_open(json, "missingUpdates", '{');
    for (i = 0; i < HOST_HEALTH_SEVERITIES; i++)
        put_number(json, host_severity_key(i), health->missing[i]);
    json_close(json, '}');
    put_number(json, "sinceScan", health->since_scan);
}

void health_json(const struct health_state *state, const struct health_record *record)
{
    struct json json = {.to = stdout};
    int i;

    json_open(&json, NULL, '{');
    json_bool(&json, "enabled", state->automatic);
    json_bool(&json, "running", state->runs);
    if (SUCCEEDED(state->agent))
        json_bool(&json, "reporting",
                state->bound && state->enabled && state->runs && !state->theirs);
    else
        json_null(&json, "reporting");
    json_time(&json, "looked", record->time);
    put_text(&json, "fault", record->health.look_fault);
    json_open(&json, "classes", '[');
    for (i = 0; i < WSH_CLASSES && record->exists; i++)
        put_class(&json, record, (enum wsh_class)i);
    json_close(&json, ']');
    put_updates(&json, &record->health);
    json_close(&json, '}');
}
