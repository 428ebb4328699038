/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * The administrator's hook: a program that acts on the host's connections. A request is answered
 * when the hook has ended, and the agent's record of the connection changes only if the hook
 * succeeded. The administrator's dialer, which makes connections, is run in the same way; what its
 * lines and its end mean is known to those who run it.
 */
#include "libs/engine/hook.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

#include "libs/engine/session.h"
#include "libs/text/guid.h"
#include "libs/text/utf.h"

/* ---- its arguments ---- */

void hook_arguments_init(struct hook_arguments *arguments, const char *what, uint32_t id)
{
    arguments->count = 0;
    arguments->next = arguments->bytes;
    hook_add_text(arguments, what);
    hook_add_format(arguments, "%u", (unsigned int)id);
}

/* Begins the next argument; it is empty if there is no capacity left. */
static void begin(struct hook_arguments *arguments)
{
    static char nothing[1];

    if (arguments->count < HOOK_ARGUMENTS)
        arguments->list[arguments->count++] =
                arguments->next < arguments->bytes + sizeof(arguments->bytes) ? arguments->next
                                                                              : nothing;
}

void hook_add_text(struct hook_arguments *arguments, const char *text)
{
    hook_add_format(arguments, "%s", text);
}

void hook_add_format(struct hook_arguments *arguments, const char *format, ...)
{
    size_t left = (size_t)(arguments->bytes + sizeof(arguments->bytes) - arguments->next);
    va_list list;
    int length;

    begin(arguments);
    va_start(list, format);
    length = vsnprintf(arguments->next, left, format, list);
    va_end(list);
    arguments->next += (size_t)length < left ? (size_t)length + 1 : left;
}

/* As UTF-8, up to a NUL; an unpaired surrogate becomes U+FFFD. */
void hook_add_string(struct hook_arguments *arguments, const struct napipc_string *string)
{
    const char *end = arguments->bytes + sizeof(arguments->bytes);
    char *to = arguments->next;
    uint32_t character;
    size_t i;

    begin(arguments);
    for (i = 0; i < string->length && end - to > 5;)
    {
        i += utf16_get(string->units + 2 * i, string->length - i, false, &character);
        if (!character)
            break;
        to += utf8_put(character, to);
    }
    if (to < end)
        *to++ = 0;
    arguments->next = to;
}

void hook_add_guid(struct hook_arguments *arguments, const struct napipc_guid *guid)
{
    char text[GUID_TEXT_SIZE];

    guid_format(guid->bytes, text);
    hook_add_text(arguments, text);
}

/* ---- its runs ---- */

static uint32_t next_number(struct engine *engine)
{
    if (!++engine->last_hook)
        engine->last_hook = 1;
    return engine->last_hook;
}

/* The run that was started last is in progress. */
static void add_run(struct engine *engine, struct hook_run *run, struct engine_session *session,
        const struct napipc_message *request, uint32_t id)
{
    run->number = engine->last_hook;
    run->id = id;
    if (request)
    {
        run->session = session;
        run->type = request->type;
        run->call = request->call;
    }
    run->next = engine->hook_runs;
    engine->hook_runs = run;
}

uint32_t hook_run(struct engine *engine, struct engine_session *session,
        const struct napipc_message *request, hook_ended ended, uint32_t id,
        const struct hook_arguments *arguments)
{
    struct hook_run *run;
    uint32_t status;

    if (!engine->host.run_hook)
        return RESULT_NOT_FOUND;
    /* After an allocation failure, a hook that nobody waits for runs all the same; only its failure
     * is not reported. */
    if (!(run = calloc(1, sizeof(*run))) && request)
        return RESULT_OUTOFMEMORY;
    status = engine->host.run_hook(
            engine->context, next_number(engine), arguments->list, arguments->count);
    if (status)
    {
        if (status != RESULT_NOT_FOUND)
            engine_log(engine, ENGINE_ERROR, 0, "hook-failed",
                    "the hook could not be started for the "
                    "action \"%s\" on connection %u (error 0x%08x): check the file that the setting Hook "
                    "names",
                    arguments->list[0], (unsigned int)id, (unsigned int)status);
        free(run);
        return status;
    }
    if (!run)
        return RESULT_OK;
    run->ended = ended;
    add_run(engine, run, session, request, id);
    return RESULT_OK;
}

uint32_t hook_run_dialer(struct engine *engine, struct engine_session *session,
        const struct napipc_message *request, const struct hook_dialer *dialer, uint32_t id,
        const struct hook_arguments *arguments, const struct bytes *input, uint32_t *number)
{
    struct hook_run *run;
    uint32_t status;

    if (!engine->host.run_dialer)
        return RESULT_NOT_FOUND;
    if (!(run = calloc(1, sizeof(*run))))
        return RESULT_OUTOFMEMORY;
    status = engine->host.run_dialer(engine->context, next_number(engine), arguments->list,
            arguments->count, input ? input->data : NULL, input ? input->size : 0);
    if (status)
    {
        free(run);
        return status;
    }
    run->ended = dialer->ended;
    run->line = dialer->line;
    add_run(engine, run, session, request, id);
    *number = run->number;
    return RESULT_OK;
}

void hook_run_line(struct engine *engine, uint32_t number, const char *line)
{
    const struct hook_run *run;

    for (run = engine->hook_runs; run; run = run->next)
        if (run->number == number && run->line)
        {
            run->line(engine, run, line);
            return;
        }
}

void hook_forget_session(struct engine *engine, const struct engine_session *session)
{
    struct hook_run *run;

    for (run = engine->hook_runs; run; run = run->next)
        if (run->session == session)
            run->session = NULL;
}

void hook_finish(struct engine *engine)
{
    struct hook_run *run;

    while ((run = engine->hook_runs))
    {
        engine->hook_runs = run->next;
        free(run);
    }
}

/* How the run ended; of the hook a failure is logged here. */
static enum hook_outcome outcome_of(
        struct engine *engine, const struct hook_run *run, uint32_t result, int exit_status)
{
    if (result)
    {
        if (!run->line)
            engine_log(engine, ENGINE_ERROR, 0, "hook-failed",
                    "the hook for connection %u did not end "
                    "normally: error 0x%08x",
                    (unsigned int)run->id, (unsigned int)result);
        return HOOK_NOT_RUN;
    }
    if (!exit_status)
        return HOOK_DONE;
    if (!run->line)
        engine_log(engine, ENGINE_ERROR, 0, "hook-failed",
                "the hook for connection %u failed with "
                "exit status %d",
                (unsigned int)run->id, exit_status);
    return HOOK_FAILED;
}

void hook_run_ended(struct engine *engine, uint32_t number, uint32_t result, int exit_status)
{
    struct hook_run **link, *run;
    enum hook_outcome outcome;

    for (link = &engine->hook_runs; (run = *link); link = &run->next)
        if (run->number == number)
            break;
    if (!run)
        return;
    *link = run->next;
    outcome = outcome_of(engine, run, result, exit_status);
    if (run->ended)
        run->ended(engine, run, outcome, result);
    free(run);
}
