/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * The whole engine beside a reference model: two enforcement clients with two connections each,
 * three health agents, an administrator, a store that fails, a clock that is set back, an agent
 * that is restarted. The model is written from the pages of Microsoft's reference and from
 * docs/compatibility.md, not from the engine's sources; any difference aborts.
 *
 * An input is a sequence of steps: a byte for the kind (below), and its arguments, a byte each;
 * beyond the end of the input everything is 0. `e`, `o` and `h` choose an enforcement client, its
 * connection, a health agent.
 *
 *   0 BIND        kind, which, again: Initialize; as a client that lost the agent
 *   1 UNBIND      kind, which: Uninitialize
 *   2 LOSE        kind, which: the program ends and is restarted
 *   3 REQUEST     e, o: GetSoHRequest
 *   4 ANSWER      h, how, code: its oldest pending GetSoHRequest
 *   5 RESPOND     e, o, state, agents, stale: ProcessSoHResponse, with a part for the agents whose
 *                 bits are set; to the SSoH before the last
 *   6 DOWN        e, o: NotifyConnectionStateDown; the next connection there is a new one
 *   7 REGISTER    kind, which
 *   8 UNREGISTER  kind, which
 *   9 ENABLE      kind, which, on
 *  10 FLUSH       h: FlushCache
 *  11 WAIT        times 100 ms
 *  12 STORE       fails, administrator
 *  13 RESTART     seconds that the clock is set back; odd: the clients are closed first;
 *                 2 modulo 4: it is killed
 *
 * The model knows these rules:
 *
 * - A request is answered once. Every request is answered when no health agent that was called is
 *   within its deadline.
 * - Each request calls each health agent by a callback of its own: at once, or in its turn if the
 *   health agent has 32 pending ones or 20 of this process. One that hangs is neither called nor
 *   waited for.
 * - An SSoH has an entry for each health agent that was registered at the request, and no other:
 *   its own SoH, its cached one, or one that the agent made, with the code of the table in
 *   docs/compatibility.md. It lists the ids of those that the agent made, and no other.
 * - A response counts for the last SSoH of its connection, once; each health agent gets its part.
 * - The system's isolation is that of its most restricted connection that is up and belongs to a
 *   bound and enabled enforcement client.
 * - A change that the store rejects has not happened; an acknowledged change is there after a
 *   restart.
 * - No correlation id is repeated, unless the store cannot be written.
 */
#include "tests/fuzz/model.h"

#include <stdio.h>
#include <stdlib.h>

#define STEPS_MAX 300

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

struct member members[CLIENTS];
struct question questions[QUESTIONS];
unsigned int question_count;
struct request requests[ENFORCERS][OPEN_MAX];
struct connection connections[ENFORCERS][OBJECTS];
struct client *administrator;
uint64_t newest;
bool ids_may_repeat, store_failed;

static struct
{
    const uint8_t *data;
    size_t left;
    unsigned int steps; /* so far */
} input;

void differs(const char *file, unsigned int line)
{
    fprintf(stderr, "the engine and the model differ: %s:%u, step %u\n", file, line, input.steps);
    abort();
}

uint8_t take(void)
{
    if (!input.left)
        return 0;
    input.left--;
    return *input.data++;
}

struct member *take_agent(void)
{
    return &members[ENFORCERS + take() % AGENTS];
}

struct member *take_member(void)
{
    return take() & 1 ? take_agent() : &members[take() % ENFORCERS];
}

struct connection *take_connection(void)
{
    unsigned int enforcer = take() % ENFORCERS;

    return &connections[enforcer][take() % OBJECTS];
}
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    unsigned int i, k;

    input.data = data;
    input.left = size;
    require(!agent_setup());
    memset(requests, 0, sizeof(requests));
    question_count = 0;
    newest = 0;
    ids_may_repeat = store_failed = false;
    output_reset();
    administrator = client_connect();
    for (i = 0; i < CLIENTS; i++)
    {
        bool health = i >= ENFORCERS;

        memset(&members[i], 0, sizeof(members[i]));
        members[i].kind = health ? HEALTH_AGENT : ENFORCER;
        members[i].id = i + 1 - (health ? ENFORCERS : 0);
        members[i].cached = NOTHING;
        members[i].client = client_connect();
        members[i].registered = members[i].enabled = true;
        require(!client_register(administrator, members[i].kind, members[i].id));
        require(!client_enable(administrator, members[i].kind, members[i].id, true));
        for (k = 0; k < OBJECTS && !health; k++)
        {
            connections[i][k].enforcer = &members[i];
            new_object(&connections[i][k]);
        }
    }
    for (input.steps = 0; input.steps < STEPS_MAX && input.left; input.steps++)
        step();
    agent_teardown();
    return 0;
}
