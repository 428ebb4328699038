/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * The table of validators. As with components, the store is written before the list changes; if
 * writing fails, nothing has changed.
 */
#include "libs/engine/validator.h"

#include <stdlib.h>
#include <string.h>

#include "libs/engine/session.h"

/* The first validator whose id is at least `id`: the link to it, which is NULL at the end. */
static struct validator **find_link(struct engine *engine, uint32_t id)
{
    struct validator **link = &engine->validators;

    while (*link && (*link)->info.component.id < id)
        link = &(*link)->next;
    return link;
}

static struct validator *find(struct engine *engine, uint32_t id)
{
    struct validator *validator = *find_link(engine, id);

    return validator && validator->info.component.id == id ? validator : NULL;
}

/* Moves the text of *string to *end and advances *end. */
static void keep_string(uint8_t **end, struct napipc_string *string)
{
    size_t size = (size_t)string->length * 2;

    if (size)
        memcpy(*end, string->units, size);
    string->units = *end;
    *end += size;
}

static struct validator *validator_create(const struct napipc_validator *info)
{
    const struct napipc_component *from = &info->component;
    size_t units = (size_t)from->friendly_name.length + from->description.length
                   + from->version.length + from->vendor_name.length;
    struct validator *validator = calloc(1, sizeof(*validator) + units * 2);
    uint8_t *end;

    if (!validator)
        return NULL;
    validator->info = *info;
    end = validator->text;
    keep_string(&end, &validator->info.component.friendly_name);
    keep_string(&end, &validator->info.component.description);
    keep_string(&end, &validator->info.component.version);
    keep_string(&end, &validator->info.component.vendor_name);
    return validator;
}

static void validator_insert(struct engine *engine, struct validator *validator)
{
    struct validator **link = find_link(engine, validator->info.component.id);

    validator->next = *link;
    *link = validator;
    engine->validator_count++;
}

bool engine_add_validator(struct engine *engine, const struct napipc_validator *info)
{
    struct validator *validator;

    if (find(engine, info->component.id) || engine->validator_count >= NAPIPC_MAX_VALIDATORS
            || !(validator = validator_create(info)))
        return false;
    validator_insert(engine, validator);
    return true;
}

void validators_destroy(struct engine *engine)
{
    struct validator *validator;

    while ((validator = engine->validators))
    {
        engine->validators = validator->next;
        free(validator);
    }
}

static unsigned int process_of(struct engine *engine, struct engine_session *session)
{
    return engine->host.process_id(engine->context, session->client);
}

uint32_t handle_validator_register(struct engine *engine, struct engine_session *session,
        const struct napipc_message *message, struct napipc_message *reply)
{
    /* No failure counts as healthy, until an administrator says otherwise. */
    struct napipc_validator info = {message->validator_register.component,
            message->validator_register.clsid, {{false}}, true};
    static const struct napipc_guid no_class;
    uint32_t id = info.component.id, status;
    struct validator *validator;

    (void)reply;
    if (!id || !memcmp(&info.clsid, &no_class, sizeof(no_class)))
        return RESULT_INVALIDARG;
    if (find(engine, id))
        return RESULT_CONFLICTING_ID;
    if (engine->validator_count >= NAPIPC_MAX_VALIDATORS)
    {
        engine_log(engine, ENGINE_WARN, id, "refused-registration",
                "there are already %d system health validators, the maximum: unregister one",
                NAPIPC_MAX_VALIDATORS);
        return RESULT_OUTOFMEMORY;
    }
    /* Each registration has a date of its own, by which napserver distinguishes them. */
    info.component.registration_date = engine->host.filetime(engine->context);
    if (info.component.registration_date <= engine->validator_date)
        info.component.registration_date = engine->validator_date + 1;
    engine->validator_date = info.component.registration_date;
    if (!(validator = validator_create(&info)))
        return RESULT_OUTOFMEMORY;
    /* The store may hold data under this id that could not be loaded: erase all of it. */
    engine->host.begin_changes(engine->context);
    status = engine->host.erase_validator(engine->context, id);
    if (!status)
        status = engine->host.save_validator(engine->context, &validator->info);
    if ((status = store_end(engine, status)))
    {
        free(validator);
        return status;
    }
    validator_insert(engine, validator);
    session_answer(engine, session, message, RESULT_OK);
    engine_log(engine, ENGINE_INFO, id, "registered",
            "system health validator registered by process %u", process_of(engine, session));
    return HANDLER_ANSWERS;
}

uint32_t handle_validator_unregister(struct engine *engine, struct engine_session *session,
        const struct napipc_message *message, struct napipc_message *reply)
{
    uint32_t id = message->validator_id.id, status;
    struct validator *validator, **link;

    (void)reply;
    if (!find(engine, id))
        return RESULT_NOT_REGISTERED;
    if ((status = engine->host.erase_validator(engine->context, id)))
        return status;
    link = find_link(engine, id);
    validator = *link;
    *link = validator->next;
    engine->validator_count--;
    free(validator);
    session_answer(engine, session, message, RESULT_OK);
    engine_log(engine, ENGINE_INFO, id, "unregistered",
            "system health validator unregistered by process %u", process_of(engine, session));
    return HANDLER_ANSWERS;
}

/* Stores the changed validator and answers the request. A status other than HANDLER_ANSWERS: it is
 * not changed. */
static uint32_t change(struct engine *engine, struct engine_session *session,
        const struct napipc_message *message, struct validator *validator,
        const struct napipc_validator *changed)
{
    uint32_t status = engine->host.save_validator(engine->context, changed);

    if (status)
        return status;
    validator->info = *changed;
    session_answer(engine, session, message, RESULT_OK);
    return HANDLER_ANSWERS;
}

uint32_t handle_validator_set_mapping(struct engine *engine, struct engine_session *session,
        const struct napipc_message *message, struct napipc_message *reply)
{
    const struct napipc_validator_mapping *request = &message->validator_mapping;
    struct validator *validator = find(engine, request->id);
    struct napipc_validator changed;
    uint32_t status;

    (void)reply;
    if (!validator)
        return RESULT_NOT_REGISTERED;
    changed = validator->info;
    changed.mapping = request->mapping;
    if ((status = change(engine, session, message, validator, &changed)) != HANDLER_ANSWERS)
        return status;
    engine_log(engine, ENGINE_INFO, request->id, "mapped",
            "failure categories of the system health validator mapped by process %u",
            process_of(engine, session));
    return HANDLER_ANSWERS;
}

uint32_t handle_validator_set_enabled(struct engine *engine, struct engine_session *session,
        const struct napipc_message *message, struct napipc_message *reply)
{
    const struct napipc_validator_enabled *request = &message->validator_enabled;
    struct validator *validator = find(engine, request->id);
    struct napipc_validator changed;
    uint32_t status;

    (void)reply;
    if (!validator)
        return RESULT_NOT_REGISTERED;
    changed = validator->info;
    changed.enabled = request->enabled;
    if ((status = change(engine, session, message, validator, &changed)) != HANDLER_ANSWERS)
        return status;
    engine_log(engine, ENGINE_INFO, request->id, request->enabled ? "enabled" : "disabled",
            "system health validator %s by process %u", request->enabled ? "enabled" : "disabled",
            process_of(engine, session));
    return HANDLER_ANSWERS;
}

uint32_t handle_validator_list(struct engine *engine, struct engine_session *session,
        const struct napipc_message *request, struct napipc_message *reply)
{
    struct napipc_validator_list_reply *page = &reply->validator_list_reply;
    uint32_t after = request->validator_list.after;
    const struct validator *validator;

    (void)session;
    page->more = false;
    page->count = 0;
    if (after == UINT32_MAX)
        return RESULT_OK;
    for (validator = *find_link(engine, after + 1); validator; validator = validator->next)
    {
        if (page->count == NAPIPC_VALIDATORS_PER_PAGE)
        {
            page->more = true;
            break;
        }
        page->validators[page->count++] = validator->info;
    }
    return RESULT_OK;
}
