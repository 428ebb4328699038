/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * A statement of health as JSON: docs/schemas/decode.json.
 */
#include "programs/napctl/decode.h"

#include <string.h>

#include "libs/wsh/wsh.h"
#include "programs/napctl/napctl.h"

/* Text or null. */
static void put_name(struct json *json, const char *name, const char *text)
{
    if (text)
        json_text(json, name, text);
    else
        json_null(json, name);
}

/* Bytes as the text that they are; size 0 is null. Those that are no UTF-8 become U+FFFD. */
static void put_bytes(struct json *json, const char *name, struct soh_span bytes)
{
    static char text[SOH_MAX_PACKET_SIZE + 1];

    if (!bytes.size)
    {
        json_null(json, name);
        return;
    }
    memcpy(text, bytes.data, bytes.size);
    text[bytes.size] = 0;
    json_text(json, name, text);
}

static void put_hex(struct json *json, const char *name, const uint8_t *bytes, size_t size)
{
    static char text[2 * SOH_MAX_ATTRIBUTE_SIZE + 1];
    size_t i;

    for (i = 0; i < size && i < SOH_MAX_ATTRIBUTE_SIZE; i++)
        snprintf(text + 2 * i, 3, "%02x", bytes[i]);
    text[2 * i] = 0;
    json_text(json, name, text);
}

static void put_ids(struct json *json, const char *name, struct soh_span ids)
{
    uint32_t id;
    size_t i;

    json_open(json, name, '[');
    for (i = 0; soh_ids_get(ids, i, &id); i++)
        json_number(json, NULL, id);
    json_close(json, ']');
}

static void put_machine(struct json *json, const struct soh_system *system)
{
    const struct soh_machine *machine = &system->machine;
    char text[48];

    if (!(system->present & SOH_HAS_MACHINE))
    {
        json_null(json, "machine");
        return;
    }
    json_open(json, "machine", '{');
    snprintf(text, sizeof(text), "%u.%u.%u", (unsigned int)machine->os_major,
            (unsigned int)machine->os_minor, (unsigned int)machine->os_build);
    json_text(json, "version", text);
    snprintf(text, sizeof(text), "%u.%u", machine->sp_major, machine->sp_minor);
    json_text(json, "servicePack", text);
    put_name(json, "processor", soh_processor_name(machine->processor));
    json_close(json, '}');
}

static void put_quarantine(struct json *json, const struct soh_system *system)
{
    const struct soh_quarantine *quarantine = &system->quarantine;

    if (!(system->present & SOH_HAS_QUARANTINE))
    {
        json_null(json, "quarantine");
        return;
    }
    json_open(json, "quarantine", '{');
    put_name(json, "state", soh_isolation_state_name(quarantine->isolation_state));
    put_name(json, "extendedState", soh_extended_state_name(quarantine->extended_state));
    json_bool(json, "fixup", quarantine->fixup);
    json_time(json, "probationEnd",
            quarantine->probation_end == SOH_NO_PROBATION ? 0 : quarantine->probation_end);
    put_bytes(json, "url", quarantine->url);
    json_close(json, '}');
}

static void put_system(struct json *json, const struct soh_system *system)
{
    json_open(json, "system", '{');
    put_machine(json, system);
    put_name(json, "productType",
            system->present & SOH_HAS_MACHINE_EX
                    ? soh_product_type_name(system->machine_ex.product_type)
                    : NULL);
    put_bytes(json, "machineName", system->machine_name);
    put_quarantine(json, system);
    put_ids(json, "generatedIds", system->generated_ids);
    put_ids(json, "installedValidators", system->installed_shvs);
    json_close(json, '}');
}

/* ---- the entry of Windows' own health agent ---- */

static void put_code(struct json *json, const char *name, uint32_t code, const char *text)
{
    json_open(json, name, '{');
    json_code(json, "code", code);
    put_name(json, "name", wsh_code_name(code));
    put_name(json, "text", text);
    json_close(json, '}');
}

static void put_status(
        struct json *json, const char *name, enum wsh_class health_class, uint32_t status)
{
    char text[96];

    wsh_status_text(health_class, status, text, sizeof(text));
    put_code(json, name, status, text);
}

static void put_product(
        struct json *json, enum wsh_class health_class, const struct wsh_product *product)
{
    char name[3 * WSH_MAX_NAME_SIZE / 2 + 1];

    wsh_name_text(product->name, name, sizeof(name));
    json_open(json, NULL, '{');
    json_text(json, "name", name);
    json_code(json, "status", product->status);
    json_bool(json, "enabled", product->status & WSH_ENABLED);
    if (health_class == WSH_FIREWALL)
        json_null(json, "upToDate");
    else
        json_bool(json, "upToDate", product->status & WSH_UP_TO_DATE);
    json_bool(json, "microsoft", product->status & WSH_MICROSOFT);
    json_bool(json, "snoozed", product->status & WSH_SNOOZED);
    json_close(json, '}');
}

static void put_products(struct json *json, const char *name, enum wsh_class health_class,
        const struct wsh_products *class)
{
    size_t i;

    json_open(json, name, '{');
    if (class->count)
        json_null(json, "error");
    else
        put_status(json, "error", health_class, class->error);
    json_open(json, "products", '[');
    for (i = 0; i < class->count; i++)
        put_product(json, health_class, &class->products[i]);
    json_close(json, ']');
    json_close(json, '}');
}

static void put_scan(struct json *json, const struct wsh_soh *soh)
{
    if (soh->security_updates != S_MSSHA_NO_MISSING_UPDATES
            && soh->security_updates != S_MSSHA_MISSING_UPDATES)
    {
        json_null(json, "scan");
        return;
    }
    json_open(json, "scan", '{');
    json_number(json, "secondsAgo", soh->since_scan);
    put_name(json, "worstSeverity", wsh_severity_name(soh->updates));
    json_open(json, "sources", '[');
    if (soh->updates & WSH_SOURCE_WINDOWS_UPDATE)
        json_text(json, NULL, "Windows Update");
    if (soh->updates & WSH_SOURCE_MICROSOFT_UPDATE)
        json_text(json, NULL, "Microsoft Update");
    if (soh->updates & WSH_SOURCE_WSUS)
        json_text(json, NULL, "WSUS");
    json_close(json, ']');
    put_bytes(json, "server", soh->server);
    json_close(json, '}');
}

static void put_statement(struct json *json, const struct wsh_soh *soh)
{
    json_open(json, "statement", '{');
    json_number(json, "number", soh->flag);
    json_code(json, "version", soh->version);
    put_name(json, "versionName", wsh_version_name(soh->version));
    put_products(json, "firewall", WSH_FIREWALL, &soh->classes[WSH_FIREWALL]);
    put_products(json, "antivirus", WSH_ANTIVIRUS, &soh->classes[WSH_ANTIVIRUS]);
    if (soh->version == WSH_VERSION_XP)
        json_null(json, "antispyware");
    else
        put_products(json, "antispyware", WSH_ANTISPYWARE, &soh->classes[WSH_ANTISPYWARE]);
    put_status(json, "automaticUpdates", WSH_AUTOMATIC_UPDATES, soh->automatic_updates);
    put_status(json, "securityUpdates", WSH_SECURITY_UPDATES, soh->security_updates);
    put_scan(json, soh);
    json_close(json, '}');
}

static void put_wsh_verdict(struct json *json, const char *name, enum wsh_class health_class,
        const struct wsh_verdict *verdict)
{
    bool is_updates = health_class == WSH_SECURITY_UPDATES;

    json_open(json, name, '{');
    put_code(json, "code", verdict->codes[0], wsh_code_text(verdict->codes[0]));
    if (is_updates || verdict->count < 2)
        json_null(json, "signatures");
    else
        put_code(json, "signatures", verdict->codes[1], wsh_code_text(verdict->codes[1]));
    put_name(json, "requiredSeverity",
            is_updates && verdict->count == 2 ? wsh_severity_name(verdict->codes[1]) : NULL);
    json_bool(json, "clientComponentFailed", verdict->client_component);
    json_close(json, '}');
}

static void put_wsh_response(struct json *json, const struct wsh_sohr *sohr)
{
    static const char *const names[WSH_CLASSES] = {
            "firewall", "antivirus", "antispyware", "automaticUpdates", "securityUpdates"};
    size_t i;

    json_open(json, "verdict", '{');
    for (i = 0; i < WSH_CLASSES; i++)
    {
        if (i == WSH_ANTISPYWARE && !sohr->has_antispyware)
            json_null(json, names[i]);
        else
            put_wsh_verdict(json, names[i], (enum wsh_class)i, &sohr->classes[i]);
    }
    json_close(json, '}');
}

static void put_wsh(struct json *json, enum soh_kind kind, const struct soh_entry *entry)
{
    struct wsh_sohr sohr;
    struct wsh_soh soh;

    if (kind == SOH_REQUEST && entry->id == WSH_ID && wsh_soh_read(entry, &soh, NULL))
        put_statement(json, &soh);
    else
        json_null(json, "statement");
    if (kind == SOH_RESPONSE && entry->id == WSH_ID && wsh_sohr_read(entry, &sohr, NULL))
        put_wsh_response(json, &sohr);
    else
        json_null(json, "verdict");
}

/* ---- the packet ---- */

static void put_entry(struct json *json, enum soh_kind kind, const struct soh_entry *entry)
{
    struct soh_attribute attribute;
    size_t position = 0;

    json_open(json, NULL, '{');
    json_number(json, "id", entry->id);
    put_name(json, "name", soh_component_name(entry->id));
    put_wsh(json, kind, entry);
    json_open(json, "attributes", '[');
    soh_next_attribute(entry, &position, &attribute); /* the id, written above */
    while (soh_next_attribute(entry, &position, &attribute))
    {
        json_open(json, NULL, '{');
        json_number(json, "type", attribute.type);
        put_name(json, "name", soh_attribute_name(attribute.type));
        put_hex(json, "value", attribute.value, attribute.size);
        json_close(json, '}');
    }
    json_close(json, ']');
    json_close(json, '}');
}

void print_packet_json(const struct soh_packet *packet)
{
    char correlation[SOH_CORRELATION_TEXT_SIZE];
    struct json json = {.to = stdout};
    struct soh_entry entry;
    size_t position = 0;

    soh_correlation_id_format(&packet->correlation_id, correlation);
    json_open(&json, NULL, '{');
    json_text(&json, "kind", packet->kind == SOH_REQUEST ? "request" : "response");
    json_text(&json, "correlationId", correlation);
    if (packet->has_mode)
        json_text(&json, "intent",
                packet->mode.intent == SOH_INTENT_REQUEST ? "request" : "response");
    else
        json_null(&json, "intent");
    put_system(&json, &packet->system);
    json_open(&json, "entries", '[');
    while (soh_next_entry(packet, &position, &entry))
        put_entry(&json, packet->kind, &entry);
    json_close(&json, ']');
    json_close(&json, '}');
}
