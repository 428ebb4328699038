/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * The agent's state as JSON; docs/schemas describes it.
 */
#include "programs/napctl/inquiry.h"

#include "libs/soh/soh.h"

void put_isolation(struct json *json, const char *name, const struct napipc_isolation *isolation)
{
    json_open(json, name, '{');
    json_text(json, "state", isolation_state_name(isolation->state));
    json_number(json, "value", isolation->state);
    json_text(json, "extendedState", extended_state_name(isolation->extended_state));
    json_time(json, "probationEnd", isolation->probation_end);
    json_units(json, "remediationUrl", &isolation->failure_url);
    json_close(json, '}');
}

/* The component's own text of a number; null if there is none. */
static void put_own_text(struct json *json, const char *name, const struct inquiry *information,
        bool is_message, uint32_t number)
{
    const struct napipc_string *own = own_text(information, is_message, number);

    if (own)
        json_units(json, name, own);
    else
        json_null(json, name);
}

static void put_codes(
        struct json *json, const uint32_t *codes, uint16_t count, const struct inquiry *information)
{
    uint16_t i;

    json_open(json, "resultCodes", '[');
    for (i = 0; i < count; i++)
    {
        const char *name = soh_code_name(codes[i]);

        json_open(json, NULL, '{');
        json_code(json, "code", codes[i]);
        if (name)
            json_text(json, "name", name);
        else
            json_null(json, "name");
        put_own_text(json, "text", information, false, codes[i]);
        json_close(json, '}');
    }
    json_close(json, ']');
}

static void put_health(
        struct json *json, const struct napipc_health *health, const struct inquiry *information)
{
    const struct napipc_fixup *fixup = &health->fixup;

    if (health->fixup_known)
    {
        json_open(json, "remediation", '{');
        json_text(json, "state", fixup_state_name(fixup->state));
        json_number(json, "value", fixup->state);
        if (fixup->percentage < PERCENTAGE_NOT_SUPPORTED)
            json_number(json, "percentage", fixup->percentage);
        else
            json_null(json, "percentage");
        json_number(json, "messageId", fixup->message_id);
        put_own_text(json, "message", information, true, fixup->message_id);
        put_codes(json, fixup->codes, fixup->code_count, information);
        json_close(json, '}');
    }
    else
        json_null(json, "remediation");
    if (health->judged)
    {
        json_open(json, "verdict", '{');
        json_text(json, "failureCategory", failure_category_name(health->failure_category));
        json_number(json, "value", health->failure_category);
        put_codes(json, health->codes, health->code_count, information);
        json_close(json, '}');
    }
    else
        json_null(json, "verdict");
}

void put_component(struct json *json, const char *name, uint32_t kind, bool policy,
        const struct napipc_listed_component *listed, const struct inquiry *information)
{
    json_open(json, name, '{');
    json_number(json, "id", listed->component.id);
    json_units(json, "name", &listed->component.friendly_name);
    json_units(json, "description", &listed->component.description);
    json_units(json, "version", &listed->component.version);
    json_units(json, "vendor", &listed->component.vendor_name);
    json_time(json, "registrationDate", listed->component.registration_date);
    json_bool(json, "enabled", listed->enabled);
    json_bool(json, "byGroupPolicy", policy);
    json_bool(json, "bound", listed->bound);
    put_information(json, information, &listed->component);
    if (kind == NAPIPC_HEALTH_AGENT)
        put_health(json, &listed->health, information);
    json_close(json, '}');
}

void put_connection(
        struct json *json, const char *name, const struct napipc_listed_connection *listed)
{
    json_open(json, name, '{');
    json_number(json, "number", listed->number);
    json_guid(json, "connectionId", &listed->connection_id);
    json_number(json, "enforcementClient", listed->enforcement_client);
    json_number(json, "pid", listed->process_id);
    json_bool(json, "known", listed->known);
    put_isolation(json, "isolation", &listed->isolation);
    json_bool(json, "pending", listed->pending);
    json_open(json, "correlationId", '{');
    json_guid(json, "guid", &listed->correlation.conn_id);
    json_time(json, "time", listed->correlation.time_stamp);
    json_close(json, '}');
    json_close(json, '}');
}

void put_agent(struct json *json, const struct napipc_get_state_reply *state)
{
    json_open(json, "agent", '{');
    json_bool(json, "running", state != NULL);
    if (state)
    {
        json_number(json, "pid", state->process_id);
        json_time(json, "started", state->started);
        json_number(json, "protocol", NAPIPC_VERSION);
    }
    json_close(json, '}');
}
