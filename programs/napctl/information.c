/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * What components are asked about themselves, and what they say.
 */
#include "programs/napctl/inquiry.h"

#include <string.h>
#include <wchar.h>

#include "libs/text/format.h"

/* ---- questions ---- */

static void want_text(struct napipc_component_info *info, bool is_message, uint32_t number)
{
    if (info->count < NAPIPC_MAX_TEXTS)
        info->texts[info->count++] = (struct napipc_wanted_text){is_message, number};
}

void want_information(struct inquiries *all, uint32_t kind,
        const struct napipc_component *component, const struct napipc_health *health)
{
    struct inquiry *inquiry =
            inquiry_add(all, kind, component->id, NAPIPC_COMPONENT_INFO, &component->info_clsid);
    struct napipc_component_info *info;
    uint16_t i;

    if (!inquiry || !health)
        return;
    info = &inquiry->message.component_info;
    if (health->fixup_known && health->fixup.message_id)
        want_text(info, true, health->fixup.message_id);
    for (i = 0; health->fixup_known && i < health->fixup.code_count; i++)
        want_text(info, false, health->fixup.codes[i]);
    for (i = 0; health->judged && i < health->code_count; i++)
        want_text(info, false, health->codes[i]);
}

void want_configuration(
        struct inquiries *all, uint32_t kind, const struct napipc_component *component)
{
    inquiry_add(all, kind, component->id, NAPIPC_COMPONENT_CONFIG, &component->config_clsid);
}

/* ---- answers ---- */

void complain_inquiries(const struct inquiries *all)
{
    static const char *const kinds[] = {
            "component", "enforcement client", "health agent", "validator"};
    const struct inquiry *inquiry;

    for (inquiry = all->first; inquiry; inquiry = inquiry->next)
        if (inquiry->failure[0])
            complain("the %s class of %s %u (%ls): %s",
                    inquiry->type == NAPIPC_COMPONENT_INFO ? "information" : "configuration",
                    kinds[inquiry->kind], (unsigned int)inquiry->id,
                    inquiry->process.server[0] ? inquiry->process.server : L"no server",
                    inquiry->failure);
}

static void prefer(struct napipc_string *text, const struct napipc_string *own)
{
    if (own->length)
        *text = *own;
}

void component_shown(const struct inquiry *information, const struct napipc_component *component,
        struct napipc_component *shown)
{
    const struct napipc_component_info_reply *info;

    *shown = *component;
    if (!information || !information->answered)
        return;
    info = &information->reply.component_info_reply;
    prefer(&shown->friendly_name, &info->friendly_name);
    prefer(&shown->description, &info->description);
    prefer(&shown->version, &info->version);
    prefer(&shown->vendor_name, &info->vendor_name);
}

const struct napipc_string *own_text(
        const struct inquiry *information, bool is_message, uint32_t number)
{
    const struct napipc_component_info *asked;
    uint16_t i;

    if (!information || !information->answered)
        return NULL;
    asked = &information->message.component_info;
    for (i = 0; i < asked->count; i++)
        if (asked->texts[i].is_message == is_message && asked->texts[i].number == number)
        {
            const struct napipc_string *text = &information->reply.component_info_reply.texts[i];

            return text->length ? text : NULL;
        }
    return NULL;
}

const char *remote_configuration(const struct napipc_component_config_reply *reply)
{
    static const char *const names[] = {"unknown", "machine", "configuration blob"};

    if (FAILED((HRESULT)reply->remote_result) || !reply->remote_supported)
        return NULL;
    return names[reply->remote_type < ARRAYSIZE(names) ? reply->remote_type : 0];
}

/* ---- JSON ---- */

static void put_wide(struct json *json, const char *name, const WCHAR *wide)
{
    const struct napipc_string string = {(const uint8_t *)wide, (uint16_t)wcslen(wide)};

    if (*wide)
        json_units(json, name, &string);
    else
        json_null(json, name);
}

static void put_line(struct json *json, const char *name, const char *text)
{
    if (*text)
        json_text(json, name, text);
    else
        json_null(json, name);
}

/* The class, the process in which it was asked, and what came of that. */
static void put_host(struct json *json, const struct inquiry *inquiry)
{
    struct napipc_guid clsid;

    memcpy(&clsid, &inquiry->clsid, sizeof(clsid));
    json_guid(json, "clsid", &clsid);
    put_line(json, "failure", inquiry->failure);
    put_wide(json, "server", inquiry->process.server);
    json_number(json, "bits", inquiry->process.bits);
    if (inquiry->ended[0])
        json_number(json, "pid", inquiry->process.id);
    else
        json_null(json, "pid");
    put_line(json, "ended", inquiry->ended);
}

void put_information(struct json *json, const struct inquiry *information,
        const struct napipc_component *component)
{
    const struct napipc_component_info_reply *info;
    struct napipc_component shown;

    if (!information)
    {
        json_null(json, "information");
        return;
    }
    info = information->answered ? &information->reply.component_info_reply : NULL;
    component_shown(information, component, &shown);
    json_open(json, "information", '{');
    json_units(json, "name", &shown.friendly_name);
    json_units(json, "description", &shown.description);
    json_units(json, "version", &shown.version);
    json_units(json, "vendor", &shown.vendor_name);
    if (info && info->icon_file.length)
    {
        json_open(json, "icon", '{');
        json_units(json, "file", &info->icon_file);
        json_number(json, "resource", info->icon_resource);
        json_close(json, '}');
    }
    else
        json_null(json, "icon");
    put_host(json, information);
    json_close(json, '}');
}

void put_configuration(struct json *json, const struct inquiry *configuration)
{
    const struct napipc_component_config_reply *config;
    const char *remote;

    if (!configuration)
    {
        json_null(json, "configuration");
        return;
    }
    config = configuration->answered ? &configuration->reply.component_config_reply : NULL;
    remote = config ? remote_configuration(config) : NULL;
    json_open(json, "configuration", '{');
    if (config)
        json_number(json, "interface", config->level);
    else
        json_null(json, "interface");
    if (config && SUCCEEDED((HRESULT)config->ui_result))
        json_bool(json, "userInterface", config->ui_supported);
    else
        json_null(json, "userInterface");
    if (remote)
        json_text(json, "remote", remote);
    else
        json_null(json, "remote");
    if (config && SUCCEEDED((HRESULT)config->config_result))
        json_number(json, "size", config->config_size);
    else
        json_null(json, "size");
    put_host(json, configuration);
    json_close(json, '}');
}
