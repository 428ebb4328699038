/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Components: the registered enforcement clients and health agents.
 *
 * The list mirrors the store, which is written before the list changes; if writing fails, nothing
 * has changed.
 */
#include "libs/engine/component.h"

#include <stdlib.h>
#include <string.h>

#include "libs/engine/group_policy.h"
#include "libs/engine/health.h"
#include "libs/engine/session.h"

struct component *component_find(struct engine *engine, uint32_t kind, uint32_t id)
{
    struct component *component;

    for (component = engine->components; component; component = component->next)
        if (component->kind == kind && component->info.id == id)
            return component;
    return NULL;
}

void component_destroy(struct component *component)
{
    free(component->cached.data);
    free(component);
}

/* Copies the text of `from` to *end and advances *end. */
static void copy_string(uint8_t **end, struct napipc_string *to, const struct napipc_string *from)
{
    to->units = *end;
    to->length = from->length;
    if (from->length)
        memcpy(*end, from->units, (size_t)from->length * 2);
    *end += (size_t)from->length * 2;
}

static struct component *component_create(uint32_t kind, const struct napipc_component *info)
{
    size_t units = (size_t)info->friendly_name.length + info->description.length
                   + info->version.length + info->vendor_name.length;
    struct component *component = calloc(1, sizeof(*component) + units * 2);
    uint8_t *end;

    if (!component)
        return NULL;
    component->kind = kind;
    component->fixup_at = UINT64_MAX;
    component->info = *info;
    end = component->text;
    copy_string(&end, &component->info.friendly_name, &info->friendly_name);
    copy_string(&end, &component->info.description, &info->description);
    copy_string(&end, &component->info.version, &info->version);
    copy_string(&end, &component->info.vendor_name, &info->vendor_name);
    return component;
}

static unsigned int component_count(const struct engine *engine, uint32_t kind)
{
    const struct component *component;
    unsigned int count = 0;

    for (component = engine->components; component; component = component->next)
        count += component->kind == kind;
    return count;
}

static void component_insert(struct engine *engine, struct component *component)
{
    struct component **link = &engine->components;

    while (*link && (*link)->info.id < component->info.id)
        link = &(*link)->next;
    component->next = *link;
    *link = component;
}

bool engine_add_component(
        struct engine *engine, uint32_t kind, const struct napipc_component *info, bool enabled)
{
    struct component *component;

    if (component_find(engine, kind, info->id)
            || component_count(engine, kind) >= NAPIPC_MAX_COMPONENTS)
        return false;
    if (!(component = component_create(kind, info)))
        return false;
    component->stored_enabled = enabled;
    group_policy_apply(engine, component);
    component_insert(engine, component);
    return true;
}

static const char *kind_name(uint32_t kind)
{
    return kind == NAPIPC_ENFORCEMENT_CLIENT ? "enforcement client" : "system health agent";
}

uint32_t handle_register(struct engine *engine, struct engine_session *session,
        const struct napipc_message *message, struct napipc_message *reply)
{
    const struct napipc_register *request = &message->reg;
    struct napipc_component info = request->component;
    struct component *component;
    uint32_t status;
    /* A health agent is enabled from the start; an enforcement client waits for an administrator to
     * enable it, as on Windows. */
    bool enabled = request->kind == NAPIPC_HEALTH_AGENT;

    (void)reply;
    if (!info.id)
        return RESULT_INVALIDARG;
    if (component_find(engine, request->kind, info.id))
        return RESULT_CONFLICTING_ID;
    if (component_count(engine, request->kind) >= NAPIPC_MAX_COMPONENTS)
    {
        engine_log(engine, ENGINE_WARN, info.id, "refused-registration",
                "there are already %d %ss, the maximum: unregister one", NAPIPC_MAX_COMPONENTS,
                kind_name(request->kind));
        return RESULT_OUTOFMEMORY;
    }
    info.registration_date = engine->host.filetime(engine->context);
    if (!(component = component_create(request->kind, &info)))
        return RESULT_OUTOFMEMORY;
    component->stored_enabled = enabled;
    group_policy_apply(engine, component);
    /* The store may hold data under this id that could not be loaded: erase all of it. */
    engine->host.begin_changes(engine->context);
    status = engine->host.erase_component(engine->context, request->kind, info.id);
    if (!status)
        status = engine->host.save_component(
                engine->context, request->kind, &component->info, enabled);
    if ((status = store_end(engine, status)))
    {
        component_destroy(component);
        return status;
    }
    component_insert(engine, component);
    session_answer(engine, session, message, RESULT_OK); /* the client need not wait for the log */
    engine_log(engine, ENGINE_INFO, info.id, "registered", "%s registered by process %u",
            kind_name(request->kind),
            (unsigned int)engine->host.process_id(engine->context, session->client));
    return HANDLER_ANSWERS;
}

uint32_t handle_unregister(struct engine *engine, struct engine_session *session,
        const struct napipc_message *message, struct napipc_message *reply)
{
    const struct napipc_component_id *request = &message->component_id;
    struct component *component, **link;
    uint32_t status;

    (void)reply;
    if (!(component = component_find(engine, request->kind, request->id)))
        return RESULT_NOT_REGISTERED;
    if (component->bound)
        return RESULT_STILL_BOUND;
    if ((status = engine->host.erase_component(engine->context, request->kind, request->id)))
        return status;
    for (link = &engine->components; *link != component; link = &(*link)->next)
        ;
    *link = component->next;
    session_answer(engine, session, message, RESULT_OK);
    engine_log(engine, ENGINE_INFO, request->id, "unregistered", "%s unregistered by process %u",
            kind_name(request->kind),
            (unsigned int)engine->host.process_id(engine->context, session->client));
    component_destroy(component);
    return HANDLER_ANSWERS;
}

uint32_t handle_set_enabled(struct engine *engine, struct engine_session *session,
        const struct napipc_message *message, struct napipc_message *reply)
{
    const struct napipc_set_enabled *request = &message->set_enabled;
    struct component *component;
    uint32_t status;

    (void)reply;
    if (!(component = component_find(engine, request->kind, request->id)))
        return RESULT_NOT_REGISTERED;
    if (group_policy_decides(engine, request->kind))
    {
        engine_log(engine, ENGINE_WARN, request->id, "refused-policy",
                "process %u cannot %s it: Group Policy decides that",
                (unsigned int)engine->host.process_id(engine->context, session->client),
                request->enabled ? "enable" : "disable");
        return RESULT_NETSH_GROUPPOLICY_ERROR;
    }
    if (component->stored_enabled == request->enabled)
        return RESULT_OK;
    status = engine->host.save_component(
            engine->context, request->kind, &component->info, request->enabled);
    if (status)
        return status;
    component->stored_enabled = request->enabled;
    group_policy_apply(engine, component);
    session_answer(engine, session, message, RESULT_OK);
    engine_log(engine, ENGINE_INFO, request->id, component->enabled ? "enabled" : "disabled",
            "%s %s by process %u", kind_name(request->kind),
            component->enabled ? "enabled" : "disabled",
            (unsigned int)engine->host.process_id(engine->context, session->client));
    /* A health agent's part of an SSoH depends on this. */
    if (component->kind == NAPIPC_HEALTH_AGENT)
        health_soh_changed(engine);
    return HANDLER_ANSWERS;
}

uint32_t handle_list_components(struct engine *engine, struct engine_session *session,
        const struct napipc_message *request, struct napipc_message *reply)
{
    struct napipc_list_components_reply *page = &reply->list_components_reply;
    struct component *component;

    (void)session;
    page->more = false;
    page->count = 0;
    for (component = engine->components; component; component = component->next)
    {
        if (component->kind != request->list_components.kind
                || component->info.id <= request->list_components.after)
            continue;
        if (page->count == NAPIPC_COMPONENTS_PER_PAGE)
        {
            page->more = true;
            break;
        }
        page->components[page->count].component = component->info;
        page->components[page->count].enabled = component->enabled;
        page->components[page->count].bound = component->bound != NULL;
        page->components[page->count].health = component->health;
        page->count++;
    }
    return RESULT_OK;
}
