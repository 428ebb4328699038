/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * A crowd of clients: silent ones cost nothing. The sessions of the crowd are in protected memory
 * while others are served, so code that walks over all sessions ends the test.
 */
#include "tests/unit/engine/agent.h"

#include <stdlib.h>

#ifdef _WIN32
#include <windows.h>
#undef S_OK /* a number here, as in agent.h; winerror.h gives it a type */
#define S_OK UINT32_C(0)
#else
#include <sys/mman.h>
#endif

#define CROWD 10000
#define SLOT 4096 /* bytes: a page for each session */
#define QEC 1
#define SHA 5
#define WATCHERS 60 /* of SENT_MAX frames that one client keeps */
#define AT_ONCE 32  /* are notified per event */

static uint8_t *slots;
static struct engine_session *crowd[CROWD];
static struct client *member; /* used for all of them */

static void allow(bool touching)
{
#ifdef _WIN32
    DWORD before;

    assert_true(VirtualProtect(
            slots, (size_t)CROWD * SLOT, touching ? PAGE_READWRITE : PAGE_NOACCESS, &before));
#else
    assert_int_equal(
            mprotect(slots, (size_t)CROWD * SLOT, touching ? PROT_READ | PROT_WRITE : PROT_NONE),
            0);
#endif
}

/* Between two accessible sessions: a client that comes or goes accesses its neighbours. */
static int crowd_setup(void)
{
    size_t i;

    if (agent_setup())
        return -1;
#ifdef _WIN32
    slots = VirtualAlloc(NULL, (size_t)CROWD * SLOT, MEM_COMMIT | MEM_RESERVE, PAGE_READWRITE);
#else
    slots = mmap(
            NULL, (size_t)CROWD * SLOT, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    if (slots == MAP_FAILED)
        slots = NULL;
#endif
    assert_non_null(slots);
    member = client_connect();
    assert_true(engine_session_size() <= SLOT);
    for (i = 0; i < CROWD; i++)
        crowd[i] = engine_open_session(agent.engine, member, slots + i * SLOT);
    client_connect();
    return 0;
}

static int crowd_teardown(void)
{
    int result;

    allow(true);
    result = agent_teardown();
#ifdef _WIN32
    VirtualFree(slots, 0, MEM_RELEASE);
#else
    munmap(slots, (size_t)CROWD * SLOT);
#endif
    slots = NULL;
    return result;
}

#define CROWD_TEST(name) TEST_WITH(name, crowd_setup, crowd_teardown)

static void watch(struct engine_session *session, uint16_t type)
{
    struct napipc_message message = {.type = type, .call = 1};
    uint8_t frame[256];
    size_t size;

    assert_int_equal(napipc_encode(&message, frame, sizeof(frame), &size), NAPIPC_OK);
    agent.inside = true;
    assert_true(engine_receive(agent.engine, session, frame, size));
    agent.inside = false;
    member->read = member->written = 0;
    agent.frames_size = 0;
}

/* ---- silent clients ---- */

static void serve_others(void)
{
    static const struct decided probation = {IN_PROBATION, 0, START_TIME + SECONDS(20), NULL};
    struct client *client = client_connect(), *agent_client = client_connect();
    static struct object object;

    assert_int_equal(client_register(agent_client, HEALTH_AGENT, SHA), S_OK);
    assert_int_equal(client_register(client, ENFORCER, QEC), S_OK);
    assert_int_equal(client_enable(client, ENFORCER, QEC, true), S_OK);
    assert_int_equal(client_bind(client, QEC), S_OK);
    object_init(&object, 1);
    object_decide(client, &object, &probation);
    assert_int_equal(client_state(client).connections, 1);
    assert_int_equal(client_connections(client, 0).count, 1);
    assert_int_equal(client_components(client, ENFORCER, 0).count, 1);
    agent_advance(30000); /* the probation ends: it is called */
    client_called(client, NAPIPC_NOTIFY_SOH_CHANGE);
    agent_advance(10000); /* ... and does not answer */
    assert_int_equal(object_down(client, &object), S_OK);
    client_disconnect(client);
    client_disconnect(agent_client);
}

CROWD_TEST(who_says_nothing_is_not_looked_at)
{
    allow(false);
    serve_others();
}

CROWD_TEST(nor_is_who_goes)
{
    unsigned int i;

    /* The first and the last of the remaining ones must be accessible. */
    for (i = 1; i < 100; i++)
    {
        agent.inside = true;
        engine_close_session(agent.engine, crowd[CROWD - i]);
        agent.inside = false;
    }
    allow(false);
    client_disconnect(client_connect());
}

/* ---- watches ---- */

CROWD_TEST(watchers_are_notified_in_turns)
{
    static const struct decided restricted = {RESTRICTED, 0, SOH_NO_PROBATION, NULL};
    struct client *client = client_bound(QEC);
    static struct object object;
    unsigned int i;

    for (i = 0; i < WATCHERS; i++)
        watch(crowd[i * 7], NAPIPC_WATCH);
    object_init(&object, 1);
    object_decide(client, &object, &restricted);
    assert_int_equal(client_waiting(member), AT_ONCE);
    /* The rest only waits for its turn. */
    assert_true(engine_next_deadline(agent.engine) <= agent.monotonic);
    /* A client that ended meanwhile gets nothing. */
    agent.inside = true;
    engine_close_session(agent.engine, crowd[0]);
    engine_close_session(agent.engine, crowd[(WATCHERS - 1) * 7]);
    agent.inside = false;
    agent_advance(0);
    assert_in_range(client_waiting(member), WATCHERS - 1, WATCHERS);
    assert_true(engine_next_deadline(agent.engine) > agent.monotonic);
}

CROWD_TEST(who_watches_in_vain_is_not_looked_at)
{
    watch(crowd[3], NAPIPC_RRAS_WATCH);
    watch(crowd[5], NAPIPC_WATCH);
    allow(false);
    client_disconnect(client_connect());
    assert_int_equal(client_state(client_connect()).connections, 0);
}

/* Notified once until its next request, whatever others do. */
CROWD_TEST(who_knows_the_state_is_notified_of_the_next_change)
{
    struct client *client = client_connect();
    unsigned int i;

    for (i = 0; i < WATCHERS; i++)
        watch(crowd[i], NAPIPC_WATCH_STATE);
    assert_int_equal(client_register(client, ENFORCER, QEC), S_OK);
    agent_advance(0);
    assert_int_equal(client_waiting(member), WATCHERS);
    watch(crowd[7], NAPIPC_GET_STATE);
    assert_int_equal(client_enable(client, ENFORCER, QEC, true), S_OK);
    agent_advance(0);
    assert_int_equal(client_waiting(member), 1);
}

TEST_MAIN(NULL, NULL)
