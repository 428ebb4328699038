/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * The agreement test: 500 random changes, whose order a seed decides. See agreement.h.
 *
 *   agreement SEED CHANGES PROGRAM32   the test; PROGRAM32 is the 32-bit build of this program
 *   agreement enforcer|health ID       a partner
 */
#include "agreement.h"

#include <objbase.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "tests/conformance/agent.h"

#define SAMPLE_EVERY 50
#define MAX_SAMPLES 64
#define SETTLE_TIME 500 /* ms; the agent merges the changes of 100 ms */
/* Memory and handles that may remain for other reasons (an allocator's page, a thread that is
 * ending) and must not add up. */
#define HANDLE_SLACK 2
#define MEMORY_SLACK 256 /* KiB */

static UINT32 random_state;
static UINT64 probation; /* the last one given: never the same twice, and never over */

static unsigned int random_below(unsigned int limit)
{
    random_state ^= random_state << 13;
    random_state ^= random_state >> 17;
    random_state ^= random_state << 5;
    return random_state % limit;
}

static UINT64 new_probation(void)
{
    return probation += 10000000ull * (1 + random_below(100));
}

/* ---- requests and decisions ---- */

/* The expected result of a request made now: S_OK and a code for each health agent. */
static void expected_codes(char *text, HRESULT codes[HEALTH_AGENTS])
{
    unsigned int a;

    strcpy(text, "0");
    for (a = 0; a < HEALTH_AGENTS; a++)
    {
        codes[a] = model_ask(a);
        sprintf(text + strlen(text), " %#lx", (unsigned long)codes[a]);
    }
}

static void decide(int e, int c, const struct verdict *verdict)
{
    struct connection_model *connection = &model.enforcers[e].connections[c];

    expect(&enforcers[e], "0", "decide %d %u %u %llu", c, verdict->state, verdict->extended,
            verdict->end);
    connection->decided = true;
    connection->verdict = *verdict;
    model_update();
}

/* Changes in quick succession are notified together, so how many notifications come depends on the
 * machine's speed. Returns their number when no more come: all changes have one, or for a while
 * none has come and none is being handled. */
static unsigned int settled(int e, unsigned int most)
{
    unsigned int count = 0, pending, last = 0, quiet = 0;

    for (;;)
    {
        if (sscanf(ask(&enforcers[e], "settled"), "%u %u", &count, &pending) != 2)
            fail("enforcement client %d does not say how often it was notified", e);
        if (count >= most || quiet >= SETTLE_TIME)
            return count;
        quiet = count == last && !pending ? quiet + 20 : 0;
        last = count;
        Sleep(20);
    }
}

/* The machine's health changed: every enforcement client is notified and makes a new request. */
static void health_changed(unsigned int changes)
{
    struct enforcer_model *enforcer;
    unsigned int count;
    int e, c;
    unsigned int a;

    for (e = 0; e < ENFORCERS; e++)
    {
        enforcer = &model.enforcers[e];
        if (!enforcer->bound)
            continue;
        count = (unsigned int)atoi(ask(&enforcers[e], "notified %u", enforcer->notified + 1));
        if (changes > 1)
            count = settled(e, enforcer->notified + changes);
        if (count <= enforcer->notified || count > enforcer->notified + changes)
            fail("enforcement client %d was notified %u times of %u changes", e,
                    count - enforcer->notified, changes);
        enforcer->notified = count;
        for (c = 0; c < CONNECTIONS; c++)
            if (enforcer->connections[c].up)
                for (a = 0; a < HEALTH_AGENTS; a++)
                    model_ask(a);
    }
}

/* A server judges one connection by the health agents; the model gets the result. */
static void tell_judge(int e, int c, struct verdict *verdict, char *text)
{
    HRESULT codes[HEALTH_AGENTS];

    expected_codes(text, codes);
    *verdict = judge(codes, new_probation());
    tell(&enforcers[e], "judge %d %llu", c, probation);
}

static void hear_judge(int e, int c, const struct verdict *verdict, const char *text)
{
    struct connection_model *connection = &model.enforcers[e].connections[c];
    const char *got = hear(&enforcers[e]);

    if (strcmp(got, text))
        fail("connection %d of enforcement client %d asked and has '%s', not '%s'", c, e, got,
                text);
    connection->decided = true;
    connection->verdict = *verdict;
}

static void judge_in_turn(void)
{
    int start = (int)random_below(ENFORCERS * CONNECTIONS), i;
    struct verdict verdict;
    char text[128];

    for (i = 0; i < ENFORCERS * CONNECTIONS; i++)
    {
        int at = (start + i * 7) % (ENFORCERS * CONNECTIONS), e = at / CONNECTIONS,
            c = at % CONNECTIONS;

        if (!model.enforcers[e].connections[c].up)
            continue;
        tell_judge(e, c, &verdict, text);
        hear_judge(e, c, &verdict, text);
        model_update();
    }
}

/* All enforcement clients at the same time. */
static void judge_in_a_race(void)
{
    struct verdict verdicts[ENFORCERS];
    char texts[ENFORCERS][128];
    unsigned int count = 0;
    int e, c;

    check_agreement();
    for (c = 0; c < CONNECTIONS; c++)
    {
        for (e = 0; e < ENFORCERS; e++)
            if (model.enforcers[e].connections[c].up)
                tell_judge(e, c, &verdicts[e], texts[e]);
        for (e = 0; e < ENFORCERS; e++)
            if (model.enforcers[e].connections[c].up)
            {
                hear_judge(e, c, &verdicts[e], texts[e]);
                count++;
            }
    }
    check_agreement_after_race(count);
}

/* ---- changes; each returns how many it made ---- */

static void change_health(void)
{
    unsigned int count = random_below(5) ? 1 : 3, done = 0, a, first = random_below(HEALTH_AGENTS);

    for (a = 0; a < HEALTH_AGENTS && done < count; a++)
    {
        unsigned int agent = (first + a) % HEALTH_AGENTS;
        struct health_model *health = &model.health[agent];

        if (!health->bound)
            continue;
        health->compliant = !health->compliant;
        expect(&health_agents[agent], "0", "health %d", health->compliant);
        done++;
    }
    if (!done)
        return;
    health_changed(done);
    if (random_below(4))
        judge_in_turn();
    else
        judge_in_a_race();
}

/* The nth connection of a bound enforcement client that is up, or that is down. */
static bool find_connection(bool up, int *e, int *c)
{
    unsigned int count = 0, skip = 0;
    int at, pass;

    for (pass = 0; pass < 2; pass++)
    {
        for (at = 0; at < ENFORCERS * CONNECTIONS; at++)
        {
            const struct enforcer_model *enforcer = &model.enforcers[at / CONNECTIONS];

            if (!enforcer->bound || enforcer->connections[at % CONNECTIONS].up != up)
                continue;
            if (!pass)
                count++;
            else if (!skip--)
            {
                *e = at / CONNECTIONS;
                *c = at % CONNECTIONS;
                return true;
            }
        }
        if (!count)
            return false;
        skip = random_below(count);
    }
    return false;
}

static void ask_for(int e, int c)
{
    HRESULT codes[HEALTH_AGENTS];
    char text[128];

    expected_codes(text, codes);
    expect(&enforcers[e], text, "ask %d", c);
}

static void bring_up(void)
{
    struct connection_model *connection;
    int e, c;

    if (!find_connection(false, &e, &c))
        return;
    connection = &model.enforcers[e].connections[c];
    expect(&enforcers[e], "0", "up %d", c);
    ask_for(e, c);
    connection->up = true;
    connection->decided = false;
    model_update();
}

static void take_down(void)
{
    int e, c;

    if (!find_connection(true, &e, &c))
        return;
    expect(&enforcers[e], "0", "down %d", c);
    model.enforcers[e].connections[c].up = false;
    model_update();
}

static void change_verdict(void)
{
    /* Mostly the mildest state, otherwise the system would nearly always be restricted. */
    static const IsolationState states[] = {isolationStateNotRestricted,
            isolationStateNotRestricted, isolationStateNotRestricted, isolationStateNotRestricted,
            isolationStateNotRestricted, isolationStateInProbation, isolationStateInProbation,
            isolationStateRestrictedAccess};
    struct verdict verdict = {states[random_below(ARRAYSIZE(states))], random_below(4), 0};
    int e, c;

    if (!find_connection(true, &e, &c))
        return;
    if (verdict.state == isolationStateInProbation && random_below(4))
        verdict.end = new_probation();
    ask_for(e, c);
    decide(e, c, &verdict);
}

static void start_health_agent(unsigned int a)
{
    struct health_model *health = &model.health[a];

    if (!health_agents[a].process && !partner_create(&health_agents[a]))
        fail("health agent %u cannot be started", a);
    health->compliant = random_below(8) != 0;
    expect(&health_agents[a], "0", "health %d", health->compliant);
    expect(&health_agents[a], "0", "start");
    health->bound = true;
    follower_begin(a);
    health_changed(1);
}

static void restart_health_agent(void)
{
    unsigned int a = random_below(HEALTH_AGENTS), how = random_below(3);
    struct health_model *health = &model.health[a];

    if (!health->bound)
    {
        start_health_agent(a);
        return;
    }
    if (how == 0)
        expect(&health_agents[a], "0", "stop");
    else
        partner_destroy(&health_agents[a], how == 1);
    health->bound = false;
    if (how == 1)
        health->cached = false; /* ended without Uninitialize: its cache is flushed */
}

static void start_enforcer(int e)
{
    if (!enforcers[e].process && !partner_create(&enforcers[e]))
        fail("enforcement client %d cannot be started", e);
    expect(&enforcers[e], "0", "start");
    model.enforcers[e].bound = true;
    model.enforcers[e].notified = 0;
}

static void restart_enforcer(void)
{
    int e = (int)random_below(ENFORCERS), how = (int)random_below(3), c;

    if (!model.enforcers[e].bound)
    {
        start_enforcer(e);
        return;
    }
    for (c = 0; c < CONNECTIONS; c++)
        model.enforcers[e].connections[c].up = false;
    model.enforcers[e].bound = false;
    if (how == 0)
        expect(&enforcers[e], "0", "stop");
    else
        partner_destroy(&enforcers[e], how == 1);
    model_update();
    /* If it can bind again, the agent has noticed that the old process was killed. */
    if (how == 1)
        start_enforcer(e);
}

static void change(void)
{
    unsigned int kind = random_below(100);

    if (kind < 30)
        change_verdict();
    else if (kind < 52)
        change_health();
    else if (kind < 72)
        bring_up();
    else if (kind < 84)
        take_down();
    else if (kind < 95)
        restart_health_agent();
    else
        restart_enforcer();
}

/* ---- the whole test ---- */

/* Binds everybody and brings all connections up. */
static void complete(void)
{
    unsigned int a;
    int e, c;

    for (e = 0; e < ENFORCERS; e++)
        if (!model.enforcers[e].bound)
            start_enforcer(e);
    for (a = 0; a < HEALTH_AGENTS; a++)
        if (!model.health[a].bound)
            start_health_agent(a);
    while (find_connection(false, &e, &c))
        bring_up();
}

static bool prepare(const char *program32)
{
    static char self[MAX_PATH];
    WCHAR line[64];
    bool done = true;
    int i;

    GetModuleFileNameA(NULL, self, sizeof(self));
    for (i = 0; i < ENFORCERS; i++)
    {
        enforcers[i] = (struct partner){
                .role = "enforcer", .id = FIRST_ENFORCER + i, .program = i % 2 ? program32 : self};
        unregister_enforcement_client(enforcers[i].id); /* a failed run has left it */
        wsprintfW(line, L"enforcement enable %u", enforcers[i].id);
        done &= register_enforcement_client(enforcers[i].id) == S_OK && !napctl(line);
    }
    for (i = 0; i < HEALTH_AGENTS; i++)
    {
        health_agents[i] = (struct partner){.role = "health",
                .id = FIRST_HEALTH_AGENT + i,
                .program = i % 2 ? self : program32};
        unregister_health_agent(health_agents[i].id);
        done &= register_health_agent(health_agents[i].id) == S_OK;
    }
    model.changes[0].state = isolationStateNotRestricted;
    model.change_count = 1;
    return done;
}

static void finish(void)
{
    int i;

    for (i = 0; i < ENFORCERS; i++)
    {
        partner_destroy(&enforcers[i], false);
        if (unregister_enforcement_client(enforcers[i].id) != S_OK)
            fail("enforcement client %d cannot be unregistered", i);
    }
    for (i = 0; i < HEALTH_AGENTS; i++)
    {
        partner_destroy(&health_agents[i], false);
        if (unregister_health_agent(health_agents[i].id) != S_OK)
            fail("health agent %d cannot be unregistered", i);
    }
}

/* The second half of the samples must not end above its beginning, nor far above the first half: a
 * leak may end by itself when there is nothing left to leak. */
static void judge_samples(
        const char *what, const unsigned int *samples, unsigned int count, unsigned int slack)
{
    unsigned int i, begin = 0, end = 0, half = count / 2, quarter = (count - half + 1) / 2;

    for (i = half; i < count; i++)
    {
        unsigned int *highest = i < half + quarter ? &begin : &end;

        if (samples[i] > *highest)
            *highest = samples[i];
    }
    if (end > begin + slack || end > samples[0] + 8 * slack)
        printf("not ok the agent's %s does not climb: %u, up to %u, then up to %u\n", what,
                samples[0], begin, end);
    else
        printf("ok the agent's %s does not climb\n", what);
}

static int run(UINT32 seed, unsigned int changes, const char *program32)
{
    unsigned int handles[MAX_SAMPLES], memory[MAX_SAMPLES], samples = 0, i;
    SYSTEMTIME now;
    FILETIME time;

    random_state = seed ? seed : 1;
    GetSystemTime(&now);
    now.wYear += 2;
    now.wDay = 1;
    SystemTimeToFileTime(&now, &time);
    probation = (UINT64)time.dwHighDateTime << 32 | time.dwLowDateTime;
    CoInitializeEx(NULL, COINIT_MULTITHREADED);
    if (!prepare(program32))
        fail("the components cannot be registered");
    complete();
    check_agreement();
    printf("ok all partners start\n");
    for (i = 1; i <= changes; i++)
    {
        change();
        /* Checks sometimes after each change, sometimes after many: both orders are tested. */
        if (!random_below(3))
            check_agreement();
        if (i % SAMPLE_EVERY || samples == MAX_SAMPLES)
            continue;
        complete();
        check_agreement();
        check_napctl();
        if (!sample_agent(&handles[samples], &memory[samples]))
            fail("the agent's process cannot be looked at");
        printf("%u changes, of the system's state %u: agree; the agent has %u handles, %u KiB\n", i,
                model.change_count - 1, handles[samples], memory[samples]);
        fflush(stdout);
        samples++;
    }
    Sleep(1000); /* what comes too late or twice: no later change may hide it */
    check_agreement();
    check_napctl();
    printf("ok all agree after %u changes\n", changes);
    judge_samples("handle count", handles, samples, HANDLE_SLACK);
    judge_samples("working set", memory, samples, MEMORY_SLACK);
    finish();
    printf("ok all partners end\n");
    return 0;
}

int main(int argc, char **argv)
{
    if (argc == 3 && !strcmp(argv[1], "enforcer"))
        return be_enforcer(strtoul(argv[2], NULL, 0));
    if (argc == 3 && !strcmp(argv[1], "health"))
        return be_health_agent(strtoul(argv[2], NULL, 0));
    if (argc == 4)
        return run(strtoul(argv[1], NULL, 0), strtoul(argv[2], NULL, 0), argv[3]);
    fprintf(stderr, "usage: agreement SEED CHANGES PROGRAM32\n");
    return 2;
}
