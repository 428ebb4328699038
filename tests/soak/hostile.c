/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * The hostile sessions. Each is a connection of its own; the seed decides what it does. The
 * protocol's rules (docs/protocol.md) are checked: a bad frame costs its sender the connection, a
 * request without the right to it is rejected, and every other frame is answered.
 */
#include "hostile.h"

#include <string.h>

#include "tests/conformance/response.h"
#include "tests/conformance/restricted.h"

#define PAUSE 2 /* ms between two sessions: the aim is not to overload Wine's server */

static struct board *board;

/* ---- kinds of sessions: each leaves the session to be held a while, or closed ---- */

static void half_open(struct session *session)
{
    (void)session;
}

static void cut_short(struct session *session)
{
    DWORD size = random_frame();

    put(session, 1 + below(size - 1));
    is_closed(session, "a frame that is cut short");
}

static void too_long(struct session *session)
{
    DWORD size = NAPIPC_MAX_FRAME + 1 + below(LONGEST - NAPIPC_MAX_FRAME - 1);

    memset(bytes, 0, size);
    random_frame();
    memcpy(bytes, &size, 4);
    put(session, size);
    is_closed(session, "a frame that is too long");
}

static void other_version(struct session *session)
{
    DWORD size = random_frame();

    bytes[4] = (uint8_t)(NAPIPC_VERSION + 1 + below(200));
    put(session, size);
    is_closed(session, "another version");
}

static void noise(struct session *session)
{
    DWORD size = 1 + below(below(8) ? 400 : 20000);

    fill(bytes, size);
    put(session, size);
    is_closed(session, "noise");
}

static void good_then_garbage(struct session *session)
{
    unsigned int good = 1 + below(5);

    if (below(2))
        bind_somehow(session);
    while (good--)
        put(session, random_frame());
    noise(session);
}

/* A good frame with some bytes changed: it is answered or costs the connection. */
static void mutant(struct session *session)
{
    DWORD size = random_frame(), changes = 1 + below(6);
    struct napipc_message reply;

    if (below(2))
        bind_somehow(session), size = random_frame();
    while (changes--)
        bytes[below(8) ? 6 + below(size - 6) : below(6)] = (uint8_t)below(256);
    put(session, size);
    get_answer(session, &reply);
}

/* An answer to a callback that was not made, by a bound or unbound client. */
static void unasked(struct session *session)
{
    static const uint16_t types[] = {NAPIPC_NOTIFY_SOH_CHANGE, NAPIPC_GET_CONNECTIONS,
            NAPIPC_AGENT_GET_SOH, NAPIPC_AGENT_PROCESS_RESPONSE, NAPIPC_AGENT_ISOLATION_CHANGED,
            NAPIPC_AGENT_GET_FIXUP_INFO, NAPIPC_AGENT_ORPHANED};
    struct napipc_message message = {.type = NAPIPC_GET_STATE};

    memset(&message, 0, sizeof(message));
    if (below(2))
        bind_somehow(session);
    message.type = types[below(ARRAYSIZE(types))] | NAPIPC_REPLY;
    message.call = 0x40000000 + below(1000); /* far beyond any callback's call number */
    put(session, encode(&message));
    is_closed(session, "an answer that nobody asked for");
}

/* Messages that only the agent may send */
static void impostor(struct session *session)
{
    static const uint16_t types[] = {NAPIPC_NOTIFY_SOH_CHANGE, NAPIPC_ISOLATION_CHANGED,
            NAPIPC_RAS_CHANGED, NAPIPC_RRAS_CHANGED, NAPIPC_GET_STATE | NAPIPC_REPLY};
    struct napipc_message message;

    memset(&message, 0, sizeof(message));
    message.type = types[below(ARRAYSIZE(types))];
    message.call = 1 + below(100);
    put(session, encode(&message));
    is_closed(session, "what only the agent may send");
}

/* Uses all data of an honest client's exchange, and answers in its place. */
static void thief(struct session *session)
{
    const struct client_report *victim = &board->clients[below(SIDES)];
    struct response response = {
            .state = isolationStateRestrictedAccess, .probation_end = NO_PROBATION};
    struct napipc_message message, reply;
    struct napipc_blob stolen = {victim->private_data, (uint32_t)victim->private_size};
    static BYTE packet[RESPONSE_MAX_SIZE];
    bool bound = bind_somehow(session);
    HRESULT hr;

    memset(&message, 0, sizeof(message));
    message.type = NAPIPC_SOH_RESPONSE;
    memcpy(response.correlation, victim->correlation, sizeof(response.correlation));
    message.soh_response.private_data = stolen;
    message.soh_response.soh.size = (uint32_t)response_write(&response, packet);
    message.soh_response.soh.data = packet;
    hr = call(session, &message, &reply);
    if (hr != (bound ? NAP_E_MISMATCHED_ID : NAP_E_NOT_INITIALIZED))
        unexpected("another's exchange is answered: %#lx", hr);
    memset(&message, 0, sizeof(message));
    message.type = NAPIPC_CONNECTION_DOWN;
    message.connection_down.private_data = stolen;
    call(session, &message, &reply);
    memset(&message, 0, sizeof(message));
    message.type = NAPIPC_SOH_REQUEST;
    message.soh_request.private_data = stolen;
    message.soh_request.max_size = 4000;
    hr = call(session, &message, &reply);
    if (hr == S_OK && stolen.size == reply.soh_request_reply.private_data.size
            && !memcmp(stolen.data, reply.soh_request_reply.private_data.data, stolen.size))
        unexpected("another's connection is taken over");
}

/* Binds to an id that is taken, and requests an administrator's changes. */
static void intruder(struct session *session)
{
    static const uint16_t types[] = {NAPIPC_REGISTER, NAPIPC_UNREGISTER, NAPIPC_SET_ENABLED,
            NAPIPC_RAS_ADD, NAPIPC_RAS_SET_PATTERNS, NAPIPC_RRAS_ADD, NAPIPC_RRAS_REMOVE,
            NAPIPC_RRAS_SET_SERVER};
    uint32_t kind = 1 + below(2),
             id = kind == NAPIPC_ENFORCEMENT_CLIENT ? FIRST_CLIENT : FIRST_AGENT;
    struct napipc_message message, reply;
    HRESULT hr;

    id += below(SIDES);
    if ((hr = bind_as(session, kind, id)) != HRESULT_FROM_WIN32(ERROR_ALREADY_INITIALIZED))
        unexpected("another's place is given away: %#lx", hr);
    memset(&message, 0, sizeof(message));
    message.type = types[below(ARRAYSIZE(types))];
    switch (message.type)
    {
    case NAPIPC_REGISTER:
        message.reg.kind = kind;
        message.reg.component.id = 0x00abcef0 + below(8);
        break;
    case NAPIPC_UNREGISTER:
        message.component_id.kind = kind;
        message.component_id.id = id;
        break;
    case NAPIPC_SET_ENABLED:
        message.set_enabled.kind = kind;
        message.set_enabled.id = id;
        break;
    case NAPIPC_RAS_ADD:
        message.ras_add.connection.source = NAPIPC_RAS_TABLE;
        message.ras_add.connection.entry_name.units = (const uint8_t *)L"Hostile";
        message.ras_add.connection.entry_name.length = 7;
        break;
    case NAPIPC_RRAS_REMOVE:
        random_selector(&message.rras_select.selector);
        break;
    }
    if ((hr = call(session, &message, &reply)) != E_ACCESSDENIED)
        unexpected("request %u of a stranger is answered %#lx", message.type, hr);
}

/* Lists with unusual starts and ends, one after another. */
static void broken_pages(struct session *session)
{
    struct napipc_message message, reply;
    unsigned int pages = 1 + below(6);

    while (pages--)
    {
        do
            random_request(&message);
        while (message.type < NAPIPC_RAS_LIST);
        if (call(session, &message, &reply) == RPC_E_DISCONNECTED)
        {
            unexpected("request %u is not answered", message.type);
            return;
        }
    }
    if (below(2))
        mutant(session);
}

/* Leaves in the middle of an exchange. */
static void deserter(struct session *session)
{
    struct napipc_message message;

    memset(&message, 0, sizeof(message));
    message.type = NAPIPC_SOH_REQUEST;
    message.call = 7;
    message.soh_request.max_size = 4000;
    bind_somehow(session);
    put(session, encode(&message));
    close_session(session);
}

/* Sends requests without reading the answers. */
static void never_reads(struct session *session)
{
    struct napipc_message message;
    unsigned int times = 20 + below(200);
    DWORD size;

    memset(&message, 0, sizeof(message));
    message.type = NAPIPC_LIST_COMPONENTS;
    message.call = 1;
    message.list_components.kind = NAPIPC_ENFORCEMENT_CLIENT;
    size = encode(&message);
    while (times-- && put(session, size))
        ;
}

/* Sends something now and then, while it is held. */
static void slow_writer(struct session *session)
{
    session->left = 1 + below(4);
}

static void (*const acts[])(struct session *session) = {half_open, cut_short, too_long,
        other_version, noise, good_then_garbage, mutant, unasked, impostor, thief, intruder,
        broken_pages, deserter, never_reads, slow_writer};

/* ---- all sessions ---- */

static struct session held[CONNECTIONS_HELD];

static void write_slowly(struct session *session)
{
    DWORD size = random_frame();

    if (!session->pipe || !session->left)
        return;
    if (!--session->left)
        size = 1 + below(size - 1); /* half a frame at last */
    put(session, size);
}

/* Holds that many at once, of all kinds; both processes do, and the pipe's instances are counted
 * then. */
static void fill_up(unsigned int side)
{
    DWORD instances = 0;
    unsigned int i, tries;

    for (i = 0; i < CONNECTIONS_HELD; i++)
    {
        open_session(&held[i]);
        if (i % 3 == 1)
            slow_writer(&held[i]);
        if (i % 3 == 2 && held[i].pipe)
            never_reads(&held[i]);
    }
    report->full = 1;
    for (tries = 0; tries < 5000 && !board->hostile[!side].full; tries++)
        Sleep(20);
    if (!GetNamedPipeHandleStateW(held[0].pipe, NULL, &instances, NULL, NULL, NULL, 0))
        unexpected("a connection that is only held is closed: error %lu", GetLastError());
    if ((LONG)instances > board->instances)
        board->instances = (LONG)instances;
}

static void attack(unsigned int sessions)
{
    struct session *session;
    unsigned int i;

    for (i = CONNECTIONS_HELD; i < sessions; i++)
    {
        /* Takes the place of the oldest, which ends only now. */
        session = &held[below(CONNECTIONS_HELD)];
        close_session(session);
        if (!open_session(session))
            continue;
        InterlockedIncrement(&report->sessions);
        acts[below(ARRAYSIZE(acts))](session);
        write_slowly(&held[below(CONNECTIONS_HELD)]);
        Sleep(PAUSE);
    }
}

int be_hostile(unsigned int side, unsigned int sessions, uint64_t of_seed)
{
    unsigned int i;

    board = board_open();
    report = &board->hostile[side];
    seed = of_seed;
    if (is_administrator())
        return !unexpected("it is an administrator's");
    fill_up(side);
    InterlockedExchangeAdd(&report->sessions, CONNECTIONS_HELD);
    attack(sessions);
    for (i = 0; i < CONNECTIONS_HELD; i++)
        close_session(&held[i]);
    return report->unexpected != 0;
}
