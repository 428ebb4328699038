/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * The administrator's hook: a program that acts on the host's connections. A request is answered
 * when the hook has ended, and the agent's record of the connection changes only if the hook
 * succeeded.
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
    if (!++engine->last_hook)
        engine->last_hook = 1;
    status = engine->host.run_hook(
            engine->context, engine->last_hook, arguments->list, arguments->count);
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
    run->number = engine->last_hook;
    run->id = id;
    run->ended = ended;
    if (request)
    {
        run->session = session;
        run->type = request->type;
        run->call = request->call;
    }
    run->next = engine->hook_runs;
    engine->hook_runs = run;
    return RESULT_OK;
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

void hook_run_ended(struct engine *engine, uint32_t number, uint32_t result, int exit_status)
{
    enum hook_outcome outcome = HOOK_DONE;
    struct hook_run **link, *run;

    for (link = &engine->hook_runs; (run = *link); link = &run->next)
        if (run->number == number)
            break;
    if (!run)
        return;
    *link = run->next;
    if (result)
    {
        engine_log(engine, ENGINE_ERROR, 0, "hook-failed",
                "the hook for connection %u did not end "
                "normally: error 0x%08x",
                (unsigned int)run->id, (unsigned int)result);
        outcome = HOOK_NOT_RUN;
    }
    else if (exit_status)
    {
        engine_log(engine, ENGINE_ERROR, 0, "hook-failed",
                "the hook for connection %u failed with "
                "exit status %d",
                (unsigned int)run->id, exit_status);
        outcome = HOOK_FAILED;
    }
    if (run->ended)
        run->ended(engine, run, outcome, result);
    free(run);
}

void engine_hook_line(struct engine *engine, uint32_t number, const char *line)
{
    engine_log(engine, ENGINE_TRACE, 0, "dialer", "run %u: %s", (unsigned int)number, line);
}
