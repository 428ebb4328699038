/*
 * The administrator's hook: what really acts on connections, which are the host's.
 * Who asked is answered when the hook has ended, and what the agent says of the
 * connection changes only if the hook said that it is done.
 */
#include "libs/engine/internal.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* ---- what it is told ---- */

static char *put_octet(char *to, uint32_t code)
{
    *to++ = (char)code;
    return to;
}

static char *put_utf8(char *to, uint32_t code)
{
    if (code < 0x80)
        return put_octet(to, code);
    if (code < 0x800)
        to = put_octet(to, 0xC0 | code >> 6);
    else
    {
        if (code < 0x10000)
            to = put_octet(to, 0xE0 | code >> 12);
        else
        {
            to = put_octet(to, 0xF0 | code >> 18);
            to = put_octet(to, 0x80 | (code >> 12 & 0x3F));
        }
        to = put_octet(to, 0x80 | (code >> 6 & 0x3F));
    }
    return put_octet(to, 0x80 | (code & 0x3F));
}

void hook_arguments_init(struct hook_arguments *arguments, const char *what, uint32_t id)
{
    arguments->count = 0;
    arguments->place = arguments->room;
    hook_add_text(arguments, what);
    hook_add_format(arguments, "%u", (unsigned int)id);
}

/* The next argument begins; what does not fit is empty. */
static void begin(struct hook_arguments *arguments)
{
    static char nothing[1];

    if (arguments->count < HOOK_ARGUMENTS)
        arguments->list[arguments->count++] = arguments->place
                < arguments->room + sizeof(arguments->room) ? arguments->place : nothing;
}

void hook_add_text(struct hook_arguments *arguments, const char *text)
{
    hook_add_format(arguments, "%s", text);
}

void hook_add_format(struct hook_arguments *arguments, const char *format, ...)
{
    size_t left = (size_t)(arguments->room + sizeof(arguments->room) - arguments->place);
    va_list list;
    int length;

    begin(arguments);
    va_start(list, format);
    length = vsnprintf(arguments->place, left, format, list);
    va_end(list);
    arguments->place += (size_t)length < left ? (size_t)length + 1 : left;
}

/* As UTF-8; a half of a pair becomes U+FFFD. */
void hook_add_string(struct hook_arguments *arguments, const struct napipc_string *string)
{
    const char *end = arguments->room + sizeof(arguments->room);
    char *to = arguments->place;
    uint16_t i;

    begin(arguments);
    for (i = 0; i < string->length && end - to > 5; i++)
    {
        uint32_t unit = string->units[2 * i] | (uint32_t)string->units[2 * i + 1] << 8;

        if (unit >= 0xD800 && unit < 0xDC00 && i + 1 < string->length)
        {
            uint32_t low = string->units[2 * i + 2] | (uint32_t)string->units[2 * i + 3] << 8;

            if (low >= 0xDC00 && low < 0xE000)
            {
                unit = 0x10000 + ((unit - 0xD800) << 10) + (low - 0xDC00);
                i++;
            }
        }
        if (unit >= 0xD800 && unit < 0xE000)
            unit = 0xFFFD;
        if (!unit)
            break;
        to = put_utf8(to, unit);
    }
    if (to < end)
        *to++ = 0;
    arguments->place = to;
}

void hook_add_guid(struct hook_arguments *arguments, const struct napipc_guid *guid)
{
    const uint8_t *b = guid->bytes;

    hook_add_format(arguments,
        "{%02X%02X%02X%02X-%02X%02X-%02X%02X-%02X%02X-%02X%02X%02X%02X%02X%02X}",
        b[3], b[2], b[1], b[0], b[5], b[4], b[7], b[6], b[8], b[9], b[10], b[11], b[12], b[13],
        b[14], b[15]);
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
    /* Where nobody waits the hook runs all the same; only its failure is not told. */
    if (!(run = calloc(1, sizeof(*run))) && request)
        return RESULT_OUTOFMEMORY;
    if (!++engine->last_hook)
        engine->last_hook = 1;
    status = engine->host.run_hook(engine->context, engine->last_hook, arguments->list,
        arguments->count);
    if (status)
    {
        if (status != RESULT_NOT_FOUND)
            engine_log(engine, ENGINE_ERROR, 0, "hook-failed", "the hook could not be started for the "
                "action \"%s\" on connection %u (error 0x%08x): check the file that the setting Hook "
                "names", arguments->list[0], (unsigned int)id, (unsigned int)status);
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

void engine_hook_ended(struct engine *engine, uint32_t number, uint32_t result, int exit_status)
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
        engine_log(engine, ENGINE_ERROR, 0, "hook-failed", "the hook for connection %u did not end "
            "well: error 0x%08x", (unsigned int)run->id, (unsigned int)result);
        outcome = HOOK_NOT_RUN;
    }
    else if (exit_status)
    {
        engine_log(engine, ENGINE_ERROR, 0, "hook-failed", "the hook for connection %u failed with "
            "exit status %d", (unsigned int)run->id, exit_status);
        outcome = HOOK_FAILED;
    }
    if (run->ended)
        run->ended(engine, run, outcome, result);
    free(run);
}
