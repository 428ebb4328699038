/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Attempts to connect.
 *
 * An attempt is in memory only, and belongs to the session that dials. The dialer's lines are the
 * states that it passes, its error, and the host's interface; its end decides. Then there is either
 * a connection, whose record is in the store and belongs to nobody, or a failed attempt, which is
 * kept for RasGetConnectStatus until it is hung up or its session closes.
 *
 * An aborted attempt belongs to nobody. It stays in the list until its dialer has ended, because a
 * dialer that still connects must hang up.
 */
#include "libs/engine/ras/dial.h"

#include <stdlib.h>
#include <string.h>

#include "libs/engine/hook.h"
#include "libs/engine/interfaces.h"
#include "libs/engine/ras/records.h"
#include "libs/engine/ras/sources.h"
#include "libs/engine/session.h"
#include "libs/text/utf.h"

#define DIAL_MAX RAS_TABLE_MAX
#define DIAL_STATES 64 /* that are kept; the dialer's further ones are ignored */

/* raserror.h */
#define ERROR_PORT_DISCONNECTED 619
#define ERROR_USER_DISCONNECTION 631
#define ERROR_PORT_NOT_AVAILABLE 633
#define ERROR_NO_ANSWER 678

struct dial_state
{
    uint32_t state; /* RASCS_* */
    uint32_t error; /* that occurred in it, or 0 */
};

struct dial
{
    struct dial *next;
    struct engine_session *session;            /* that dials; NULL: the attempt was aborted */
    uint32_t run;                              /* number of the dialer's run; 0: it has ended */
    bool decided;                              /* the last state is the result */
    bool connected;                            /* ... and there is a connection with this handle */
    char interface[ENGINE_INTERFACE_NAME_MAX]; /* as the dialer says; or empty */
    uint32_t error;                            /* that the dialer reported last; or 0 */
    unsigned int count;
    struct dial_state states[DIAL_STATES];
    /* RAS_DIAL_NEXT that waits for the state after `seen` */
    uint32_t call; /* 0: none */
    uint32_t seen;
    uint64_t until;     /* when it is answered anyway, on the monotonic clock */
    struct ras *record; /* not in the list of records */
};

static const struct napipc_ras_connection *connection_of(const struct dial *dial)
{
    return &dial->record->record.connection;
}

static uint32_t handle_of(const struct dial *dial)
{
    return connection_of(dial)->handle;
}

static void destroy(struct engine *engine, struct dial *dial)
{
    struct dial **link = &engine->ras.dials;

    while (*link != dial)
        link = &(*link)->next;
    *link = dial->next;
    free(dial->record);
    free(dial);
}

/* An attempt that somebody knows. */
static struct dial *find(const struct engine *engine, uint32_t handle)
{
    struct dial *dial;

    for (dial = engine->ras.dials; dial; dial = dial->next)
        if (dial->session && handle_of(dial) == handle)
            return dial;
    return NULL;
}

static struct dial *find_run(const struct engine *engine, uint32_t number)
{
    struct dial *dial;

    for (dial = engine->ras.dials; dial; dial = dial->next)
        if (dial->run == number)
            return dial;
    return NULL;
}

bool dial_made(struct engine *engine, uint32_t handle)
{
    const struct ras *ras = ras_find(engine, handle);

    return find(engine, handle) || (ras && ras->record.connection.source == NAPIPC_RAS_DIALED);
}

bool dial_has_interface(const struct engine *engine, const char *name)
{
    const struct dial *dial;

    for (dial = engine->ras.dials; dial; dial = dial->next)
        if (dial->session && !dial->decided && !strcmp(dial->interface, name))
            return true;
    return false;
}

bool dial_describe(const struct engine *engine, uint32_t handle, struct napipc_ras_get_reply *reply)
{
    const struct dial *dial = find(engine, handle);
    const struct dial_state *last;

    if (!dial || dial->connected)
        return false;
    last = &dial->states[dial->count - 1];
    memset(reply, 0, sizeof(*reply));
    reply->connection = *connection_of(dial);
    reply->state = dial->decided ? RASCS_DISCONNECTED : last->state;
    reply->error = last->error;
    return true;
}

/* ---- the states ---- */

/* The state after the first `seen` ones. */
static void describe_next(
        const struct dial *dial, uint32_t seen, struct napipc_ras_dial_next_reply *reply)
{
    unsigned int index = seen < dial->count ? seen : dial->count - 1;

    reply->state = dial->states[index].state;
    reply->error = dial->states[index].error;
    reply->count = index + 1;
    reply->decided = dial->decided && index + 1 == dial->count;
}

/* Answers the RAS_DIAL_NEXT that waits. */
static void answer(struct engine *engine, struct dial *dial)
{
    struct napipc_message reply;

    if (!dial->call)
        return;
    session_reply_init(&reply, NAPIPC_RAS_DIAL_NEXT, dial->call, RESULT_OK);
    dial->call = 0;
    describe_next(dial, dial->seen, &reply.ras_dial_next_reply);
    session_send(engine, dial->session, &reply);
}

/* The last of the kept states is the result's. */
static void add_state(struct engine *engine, struct dial *dial, uint32_t state, uint32_t error)
{
    const struct dial_state *last = dial->count ? &dial->states[dial->count - 1] : NULL;

    if (last && !dial->decided && last->state == state && last->error == error)
        return;
    if (dial->count + !dial->decided >= DIAL_STATES)
        return;
    dial->states[dial->count].state = state;
    dial->states[dial->count++].error = error;
    answer(engine, dial);
}

static void decide(struct engine *engine, struct dial *dial, uint32_t state, uint32_t error)
{
    dial->decided = true;
    add_state(engine, dial, state, error);
}

static void fail(struct engine *engine, struct dial *dial, uint32_t error)
{
    engine_log(engine, ENGINE_WARN, 0, "dial", "RAS connection %#x was not made: error %u",
            (unsigned int)handle_of(dial), (unsigned int)error);
    /* "If an error occurs within a state, RasDialFunc is called again with a nonzero dwError" */
    decide(engine, dial, dial->states[dial->count - 1].state, error);
}

uint32_t handle_ras_dial_next(struct engine *engine, struct engine_session *session,
        const struct napipc_message *request, struct napipc_message *reply)
{
    uint32_t handle = request->ras_dial_next.handle, seen = request->ras_dial_next.seen;
    struct dial *dial = find(engine, handle);

    if (!dial || dial->session != session)
        return ras_no_connection(engine, handle);
    answer(engine, dial);
    if (seen < dial->count || dial->decided)
    {
        describe_next(dial, seen, &reply->ras_dial_next_reply);
        return RESULT_OK;
    }
    dial->call = request->call;
    dial->seen = seen;
    dial->until = engine->host.monotonic(engine->context) + NAPIPC_RAS_DIAL_WAIT;
    return HANDLER_ANSWERS;
}

uint64_t dial_next_deadline(const struct engine *engine)
{
    uint64_t next = UINT64_MAX;
    const struct dial *dial;

    for (dial = engine->ras.dials; dial; dial = dial->next)
        if (dial->call && dial->until < next)
            next = dial->until;
    return next;
}

void dial_run_timers(struct engine *engine, uint64_t now)
{
    struct dial *dial;

    for (dial = engine->ras.dials; dial; dial = dial->next)
        if (dial->call && dial->until <= now)
            answer(engine, dial);
}

/* ---- the dialer ---- */

static void add_arguments(struct hook_arguments *arguments, const char *what,
        const struct napipc_ras_connection *connection, const struct napipc_string *domain)
{
    hook_arguments_init(arguments, what, connection->handle);
    hook_add_string(arguments, &connection->entry_name);
    hook_add_string(arguments, &connection->phonebook);
    hook_add_string(arguments, &connection->device_type);
    hook_add_string(arguments, &connection->device_name);
    hook_add_string(arguments, &connection->phone_number);
    hook_add_string(arguments, &connection->user);
    hook_add_string(arguments, domain);
}

static void log_not_started(struct engine *engine, uint32_t handle, uint32_t status)
{
    if (status == RESULT_NOT_FOUND)
        engine_log(engine, ENGINE_WARN, 0, "dialer-missing",
                "RAS connection %#x needs a dialer and none is configured: set the value Dialer "
                "below the service's Parameters key to the path of a program of the host, for "
                "example of tools/hooks/dial",
                (unsigned int)handle);
    else
        engine_log(engine, ENGINE_ERROR, 0, "dialer-failed",
                "the dialer could not be started for RAS connection %#x (error 0x%08x): check the "
                "file that the setting Dialer names",
                (unsigned int)handle, (unsigned int)status);
}

/* What the dialer writes beside what it must. */
static void ignore_line(struct engine *engine, const struct hook_run *run, const char *line)
{
    engine_log(engine, ENGINE_TRACE, 0, "dialer", "RAS connection %#x: %s", (unsigned int)run->id,
            line);
}

/* RASCONNSTATE, those that are not paused and not the end. */
static const char *const state_names[] = {
        "open-port",
        "port-opened",
        "connect-device",
        "device-connected",
        "all-devices-connected",
        "authenticate",
        "auth-notify",
        "auth-retry",
        "auth-callback",
        "auth-change-password",
        "auth-project",
        "auth-link-speed",
        "auth-ack",
        "re-authenticate",
        "authenticated",
        "prepare-for-callback",
        "wait-for-modem-reset",
        "wait-for-callback",
        "projected",
        "start-authentication",
        "callback-complete",
        "logon-network",
        "sub-entry-connected",
        "sub-entry-disconnected",
};
#define STATE_COUNT (sizeof(state_names) / sizeof(*state_names))

static bool take_state(struct engine *engine, struct dial *dial, const char *name)
{
    unsigned int state;

    for (state = 0; state < STATE_COUNT; state++)
        if (!strcmp(state_names[state], name))
        {
            add_state(engine, dial, state, 0);
            return true;
        }
    return false;
}

static bool take_error(struct dial *dial, const char *text)
{
    uint32_t number = 0;
    unsigned int digits;

    for (digits = 0; text[digits] >= '0' && text[digits] <= '9' && digits < 9; digits++)
        number = 10 * number + (uint32_t)(text[digits] - '0');
    if (!number || text[digits])
        return false;
    dial->error = number;
    return true;
}

static bool take_interface(struct dial *dial, const char *name)
{
    size_t length = strlen(name);

    if (!length || length >= sizeof(dial->interface))
        return false;
    memcpy(dial->interface, name, length + 1);
    return true;
}

static bool take_line(struct engine *engine, struct dial *dial, const char *line)
{
    if (!strncmp(line, "state ", 6))
        return take_state(engine, dial, line + 6);
    if (!strncmp(line, "error ", 6))
        return take_error(dial, line + 6);
    if (!strncmp(line, "interface ", 10))
        return take_interface(dial, line + 10);
    if (!strncmp(line, "message ", 8))
    {
        engine_log(engine, ENGINE_WARN, 0, "dialer", "RAS connection %#x: %s",
                (unsigned int)handle_of(dial), line + 8);
        return true;
    }
    return false;
}

static void dial_line(struct engine *engine, const struct hook_run *run, const char *line)
{
    struct dial *dial = find_run(engine, run->number);

    if (!dial || !take_line(engine, dial, line))
        ignore_line(engine, run, line);
}

/* ---- hanging up ---- */

static void hang_up_ended(struct engine *engine, const struct hook_run *run,
        enum hook_outcome outcome, uint32_t result)
{
    struct napipc_message request = {.type = run->type, .call = run->call};
    struct ras *ras = ras_find(engine, run->id);
    uint32_t status = RESULT_OK;

    if (outcome != HOOK_DONE)
    {
        engine_log(engine, ENGINE_ERROR, 0, "dialer-failed",
                "the dialer has not hung up RAS connection %#x: %s (0x%08x)", (unsigned int)run->id,
                outcome == HOOK_FAILED ? "its exit status is not 0" : "it did not end normally",
                (unsigned int)result);
        status = RESULT_HANGUP_FAILED;
    }
    else if (ras && ras->record.connection.source == NAPIPC_RAS_DIALED)
        status = ras_end(engine, ras);
    if (run->session)
        session_answer(engine, run->session, &request, status);
}

static const struct hook_dialer hanging_up = {.ended = hang_up_ended, .line = ignore_line};

/* `request` NULL: nobody waits. */
static uint32_t run_hang_up(struct engine *engine, struct engine_session *session,
        const struct napipc_message *request, const struct napipc_ras_connection *connection)
{
    static const struct napipc_string none;
    struct hook_arguments arguments;
    uint32_t status, number;

    /* The record has no domain. */
    add_arguments(&arguments, "hang-up", connection, &none);
    hook_add_string(&arguments, &connection->interface_name);
    status = hook_run_dialer(
            engine, session, request, &hanging_up, connection->handle, &arguments, NULL, &number);
    if (status && status != RESULT_OUTOFMEMORY)
        log_not_started(engine, connection->handle, status);
    return status;
}

uint32_t dial_hang_up(struct engine *engine, struct engine_session *session,
        const struct napipc_message *request, const struct napipc_ras_connection *connection)
{
    uint32_t status = run_hang_up(engine, session, request, connection);

    if (!status)
        return HANDLER_ANSWERS; /* when the dialer has ended */
    return status == RESULT_OUTOFMEMORY ? status : RESULT_HANGUP_FAILED;
}

/* ---- the end of an attempt ---- */

/* The connection, or what would have become it. `units` holds the interface's name. */
static struct engine_ras_record record_of(
        const struct dial *dial, uint8_t units[4 * ENGINE_INTERFACE_NAME_MAX])
{
    struct engine_ras_record record = dial->record->record;

    record.connection.interface_name =
            ras_text(units, 4 * ENGINE_INTERFACE_NAME_MAX, dial->interface);
    return record;
}

/* Listed by itself, the interface is not of the connection that was dialed. */
static void end_host_connection(struct engine *engine, const char *name)
{
    struct ras *ras, *next;

    for (ras = engine->ras.first; ras; ras = next)
    {
        next = ras->next;
        if (ras->record.connection.source == NAPIPC_RAS_HOST
                && ras_name_is(ras->record.connection.interface_name, name))
            ras_end(engine, ras);
    }
}

static void connected(struct engine *engine, struct dial *dial)
{
    uint8_t units[4 * ENGINE_INTERFACE_NAME_MAX];
    struct engine_ras_record record = record_of(dial, units);
    struct ras *ras;
    uint32_t status;

    record.connection.since = engine->host.filetime(engine->context);
    if (*dial->interface)
    {
        record.interface_index = interfaces_index_of(engine, &record.connection.interface_name);
        end_host_connection(engine, dial->interface);
    }
    if ((status = ras_create(engine, &record, &ras)))
    {
        engine_log(engine, ENGINE_ERROR, 0, "ras", "a RAS connection cannot be listed: %#x",
                (unsigned int)status);
        run_hang_up(engine, NULL, NULL, &record.connection);
        fail(engine, dial, status & 0xffff);
        return;
    }
    ras->attached = record.interface_index != 0;
    dial->connected = true;
    decide(engine, dial, RASCS_CONNECTED, 0);
    ras_set_active(engine, ras, true);
}

/* The error of an attempt that has failed. */
static uint32_t error_of(const struct dial *dial, enum hook_outcome outcome, uint32_t result)
{
    if (outcome == HOOK_NOT_RUN && result == RESULT_TIMEOUT)
        return ERROR_NO_ANSWER;
    if (outcome == HOOK_NOT_RUN && result == RESULT_FILE_NOT_FOUND)
        return ERROR_PORT_NOT_AVAILABLE;
    return dial->error ? dial->error : ERROR_PORT_DISCONNECTED;
}

static void dial_ended(struct engine *engine, const struct hook_run *run, enum hook_outcome outcome,
        uint32_t result)
{
    struct dial *dial = find_run(engine, run->number);

    if (!dial)
        return;
    dial->run = 0;
    if (!dial->session)
    {
        uint8_t units[4 * ENGINE_INTERFACE_NAME_MAX];
        struct engine_ras_record record = record_of(dial, units);

        /* Nobody wants the connection any more. */
        if (outcome == HOOK_DONE)
            run_hang_up(engine, NULL, NULL, &record.connection);
        destroy(engine, dial);
    }
    else if (outcome == HOOK_DONE)
        connected(engine, dial);
    else
    {
        if (outcome == HOOK_NOT_RUN && result != RESULT_TIMEOUT)
            log_not_started(engine, handle_of(dial), result);
        fail(engine, dial, error_of(dial, outcome, result));
    }
}

static const struct hook_dialer dialing = {.ended = dial_ended, .line = dial_line};

/* From now on nobody knows the attempt. */
static void abandon(struct engine *engine, struct dial *dial)
{
    dial->session = NULL;
    dial->call = 0;
    if (!dial->run)
        destroy(engine, dial);
    else if (!engine->closing)
        engine->host.end_run(engine->context, dial->run);
}

bool dial_abort(struct engine *engine, uint32_t handle)
{
    struct dial *dial = find(engine, handle);

    if (!dial || dial->connected)
        return false;
    /* For the one that waits for it. */
    if (!dial->decided)
        decide(engine, dial, dial->states[dial->count - 1].state, ERROR_USER_DISCONNECTION);
    abandon(engine, dial);
    return true;
}

void dial_forget_session(struct engine *engine, const struct engine_session *session)
{
    struct dial *dial, *next;

    for (dial = engine->ras.dials; dial; dial = next)
    {
        next = dial->next;
        if (dial->session == session)
            abandon(engine, dial);
    }
}

void dial_stop(struct engine *engine)
{
    const struct dial *dial;

    for (dial = engine->ras.dials; dial; dial = dial->next)
        if (dial->run)
            engine->host.end_run(engine->context, dial->run);
}

void dial_finish(struct engine *engine)
{
    while (engine->ras.dials)
        destroy(engine, engine->ras.dials);
}

/* ---- a new attempt ---- */

static bool lengths_are_sound(const struct napipc_ras_dial *dial)
{
    return ras_lengths_are_sound(&dial->connection) && dial->domain.length <= NAPIPC_RAS_MAX_DOMAIN
           && dial->callback_number.length <= NAPIPC_RAS_MAX_CALLBACK_NUMBER
           && dial->password.length <= NAPIPC_RAS_MAX_PASSWORD;
}

/* The connection of that entry. An administrator's entry without a phone book is that of any. */
static const struct ras *find_connected(
        const struct engine *engine, const struct napipc_ras_connection *wanted)
{
    const struct ras *ras;

    for (ras = engine->ras.first; ras; ras = ras->next)
    {
        struct napipc_ras_connection other = ras->record.connection;

        if (!ras->active || (other.source != NAPIPC_RAS_TABLE && other.source != NAPIPC_RAS_DIALED))
            continue;
        if (other.source == NAPIPC_RAS_TABLE && !other.phonebook.length)
            other.phonebook = wanted->phonebook;
        if (ras_same_entry(&other, wanted))
            return ras;
    }
    return NULL;
}

static bool is_being_dialed(
        const struct engine *engine, const struct napipc_ras_connection *connection)
{
    const struct dial *dial;

    for (dial = engine->ras.dials; dial; dial = dial->next)
        if (dial->session && !dial->decided && ras_same_entry(connection_of(dial), connection))
            return true;
    return false;
}

/* Is there capacity for one more? The oldest of those that are decided makes it. */
static bool make_capacity(struct engine *engine)
{
    struct dial *dial, *oldest = NULL;
    unsigned int count = 0;

    for (dial = engine->ras.dials; dial; dial = dial->next, count++)
        if (dial->decided && !dial->run)
            oldest = dial;
    if (count < DIAL_MAX)
        return true;
    if (!oldest)
        return false;
    answer(engine, oldest);
    destroy(engine, oldest);
    return true;
}

/* Starts the dialer with the password as its input. */
static uint32_t run_dialer(
        struct engine *engine, struct dial *dial, const struct napipc_ras_dial *wanted)
{
    uint8_t password[4 * NAPIPC_RAS_MAX_PASSWORD];
    struct hook_arguments arguments;
    struct bytes input = {password, 0};
    uint32_t character, status;
    size_t i = 0;

    while (i < wanted->password.length)
    {
        i += utf16_get(
                wanted->password.units + 2 * i, wanted->password.length - i, false, &character);
        if (!character)
            break;
        input.size += (uint32_t)utf8_put(character, (char *)password + input.size);
    }
    add_arguments(&arguments, "dial", connection_of(dial), &wanted->domain);
    status = hook_run_dialer(
            engine, NULL, NULL, &dialing, handle_of(dial), &arguments, &input, &dial->run);
    bytes_wipe(password, sizeof(password));
    return status;
}

/* The attempt's record; NULL: *status says why. */
static struct dial *create(
        struct engine *engine, const struct napipc_ras_connection *wanted, uint32_t *status)
{
    struct engine_ras_record record = {.connection = *wanted};
    struct dial *dial = calloc(1, sizeof(*dial));

    record.connection.handle = 0;
    record.connection.source = NAPIPC_RAS_DIALED;
    record.connection.since = 0;
    record.connection.interface_name.length = 0;
    if (ras_guid_is_null(&record.connection.id))
        engine->host.new_guid(engine->context, &record.connection.id);
    if (dial)
        dial->record = ras_copy(&record);
    *status = dial && dial->record ? ras_issue(engine, &dial->record->record.connection.handle)
                                   : RESULT_OUTOFMEMORY;
    if (!*status)
        return dial;
    if (dial)
        free(dial->record);
    free(dial);
    return NULL;
}

uint32_t handle_ras_dial(struct engine *engine, struct engine_session *session,
        const struct napipc_message *request, struct napipc_message *reply)
{
    const struct napipc_ras_dial *wanted = &request->ras_dial;
    const struct ras *existing;
    struct dial *dial;
    uint32_t status;

    if (!lengths_are_sound(wanted))
        return RESULT_INVALIDARG;
    ras_update(engine);
    if ((existing = find_connected(engine, &wanted->connection)))
    {
        reply->ras_dial_reply.handle = existing->record.connection.handle;
        reply->ras_dial_reply.existing = true;
        return RESULT_OK;
    }
    if (is_being_dialed(engine, &wanted->connection))
        return RESULT_DIAL_ALREADY_IN_PROGRESS;
    if (!make_capacity(engine))
        return RESULT_NOT_ENOUGH_QUOTA;
    if (!(dial = create(engine, &wanted->connection, &status)))
        return status;
    dial->session = session;
    dial->next = engine->ras.dials;
    engine->ras.dials = dial;
    add_state(engine, dial, 0 /* RASCS_OpenPort */, 0);
    reply->ras_dial_reply.handle = handle_of(dial);
    reply->ras_dial_reply.existing = false;
    if (!(status = run_dialer(engine, dial, wanted)))
        return RESULT_OK;
    if (status != RESULT_OUTOFMEMORY)
    {
        log_not_started(engine, handle_of(dial), status);
        status = RESULT_PORT_NOT_AVAILABLE;
    }
    destroy(engine, dial);
    return status;
}
