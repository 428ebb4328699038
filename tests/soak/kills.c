/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Processes are killed at random moments, under load: first the agent, then
 * clients and health agents in the middle of a callback.
 *
 *   soak-kills AGENT-KILLS PARTNER-KILLS SEED PARTNER64 PARTNER32
 *
 * Five enforcement clients and two health agents in processes of their own, 64-bit and 32-bit, make
 * exchanges without end; two threads here are administrators that register, enable and change the
 * tables. See partner.h and held.h.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "tests/conformance/process.h"
#include "tests/soak/held.h"
#include "tests/soak/partner.h"
#include "tests/soak/soak.h"

#define ADMINISTRATORS 2
#define PATIENCE 30000 /* ms: the design says 2,000; the machine may be busy with other things */
#define DESIGN 2000    /* ms */
#define HANDLES_LEFT_OVER 24
#define MEMORY_LEFT_OVER 1536 /* KiB */

static uint64_t seed;
static const char *programs[2]; /* the partner, 64 bit and 32 */
static char board_name[64];
static struct board *board;
static HANDLE processes[SLOTS];
static double ms_per_count;

static LONG64 now(void)
{
    LARGE_INTEGER count;

    QueryPerformanceCounter(&count);
    return count.QuadPart;
}

/* ---- partners ---- */

static void start_partner(
        unsigned int number, const char *role, unsigned int bits, const char *callback)
{
    STARTUPINFOW startup = {.cb = sizeof(startup)};
    PROCESS_INFORMATION process;
    char line[2 * MAX_PATH];

    memset((void *)&board->slots[number], 0, sizeof(struct slot));
    snprintf(line, sizeof(line), "\"%s\" %s %u %s %s", programs[bits], role, number, board_name,
            callback);
    if (!start_process_a(line, FALSE, &startup, &process))
        die("%s cannot be started: error %lu", line, GetLastError());
    CloseHandle(process.hThread);
    processes[number] = process.hProcess;
}

static void kill_partner(unsigned int number)
{
    TerminateProcess(processes[number], 9);
    WaitForSingleObject(processes[number], PATIENCE);
    CloseHandle(processes[number]);
    processes[number] = NULL;
}

/* Waits until a number on the board is not 0. */
static bool comes(const volatile LONG *value)
{
    unsigned int i;

    for (i = 0; i < PATIENCE && !*value; i++)
        Sleep(1);
    return *value != 0;
}

/* Waits until each partner has made an exchange since `since`; returns when the last one did, in
 * ms. Negative: one did not. */
static double all_work(LONG64 since, double times[VICTIM])
{
    LONG64 until = since + (LONG64)(PATIENCE / ms_per_count);
    bool done[VICTIM] = {false};
    unsigned int left = VICTIM, i;
    double last = 0;

    while (left && now() < until)
    {
        for (i = 0; i < VICTIM; i++)
            if (!done[i] && board->slots[i].began > since)
            {
                done[i] = true;
                left--;
                times[i] = last = (double)(now() - since) * ms_per_count;
            }
        Sleep(1);
    }
    return left ? -1 : last;
}

static bool every_answer_was_sound(void)
{
    unsigned int i;

    for (i = 0; i < VICTIM; i++)
        if (board->slots[i].wrong)
        {
            printf("partner %u: %#lx\n", i, board->slots[i].wrong);
            return false;
        }
    return true;
}

/* ---- administrators ---- */

static struct administrator
{
    struct held held;
    uint64_t seed;
    HANDLE thread, go, stopped;
    volatile LONG working; /* 0: the agent's data is about to be read */
    LONG changes;
    HRESULT wrong;
} administrators[ADMINISTRATORS];

/* Makes changes until the agent has ended. */
static void administrate(struct administrator *self)
{
    struct agent_session session;
    struct held_item *item;
    HRESULT hr = agent_session_open(&session, false);

    if (FAILED(hr))
        return;
    while (self->working && SUCCEEDED(hr))
    {
        item = &self->held.items[random_below(&self->seed, self->held.count)];
        if (item->still)
            continue;
        item->wanted = held_choose(item, &self->seed);
        hr = held_change(item, &session);
        if (SUCCEEDED(hr))
            self->changes++;
    }
    agent_session_close(&session);
    if (FAILED(hr) && hr != RPC_E_DISCONNECTED)
    {
        printf("%s, %d to %d: %#lx\n", held_name(item), item->state, item->wanted, hr);
        self->wrong = hr;
    }
}

static DWORD WINAPI administrator_thread(void *context)
{
    struct administrator *self = context;

    for (;;)
    {
        WaitForSingleObject(self->go, INFINITE);
        administrate(self);
        SetEvent(self->stopped);
    }
    return 0;
}

static void let_administrators_work(bool work)
{
    unsigned int i;

    for (i = 0; i < ADMINISTRATORS; i++)
    {
        administrators[i].working = work;
        if (work)
            SetEvent(administrators[i].go);
        else if (WaitForSingleObject(administrators[i].stopped, 2 * PATIENCE))
            die("an administrator hangs in a call");
    }
}

/* Checks that every acknowledged change is there, and that an unacknowledged one is there
 * completely or not at all. Continues from the state found. */
static unsigned int count_lost(void)
{
    struct agent_session session;
    unsigned int i, k, lost = 0;
    HRESULT hr = agent_session_open(&session, false);

    if (FAILED(hr))
        die("the agent cannot be asked: %#lx", hr);
    for (i = 0; i < ADMINISTRATORS; i++)
    {
        if (FAILED(hr = held_read(&administrators[i].held, &session)))
            die("the agent does not say what it has: %#lx", hr);
        for (k = 0; k < administrators[i].held.count; k++)
        {
            struct held_item *item = &administrators[i].held.items[k];

            if (item->found != item->state && item->found != item->wanted)
            {
                printf("%s: acknowledged %d, asked for %d, found %d\n", held_name(item),
                        item->state, item->wanted, item->found);
                lost++;
            }
            item->state = item->wanted = item->found;
        }
    }
    agent_session_close(&session);
    return lost;
}

static void hire_administrators(void)
{
    struct held *components = &administrators[0].held, *tables = &administrators[1].held;
    unsigned int i;

    for (i = 0; i < CLIENTS; i++)
        held_add(components, HELD_CLIENT, FIRST_CLIENT + i, false, true);
    held_add(components, HELD_CLIENT, VICTIM_CLIENT, false, true);
    for (i = 0; i < AGENTS; i++)
        held_add(components, HELD_AGENT, FIRST_AGENT + i, false, true);
    held_add(components, HELD_AGENT, VICTIM_AGENT, false, true);
    for (i = 0; i < 4; i++)
    {
        held_add(components, HELD_CLIENT, FIRST_CLIENT + 32 + i, false, false);
        held_add(components, HELD_AGENT, FIRST_AGENT + 32 + i, false, false);
    }
    held_add(components, HELD_CLIENT, 79617, true, false);
    held_add(components, HELD_CLIENT, 79623, true, false);
    for (i = 0; i < 12; i++)
        held_add(tables, HELD_RRAS, i, false, false);
    for (i = 0; i < 4; i++)
        held_add(tables, HELD_RAS, i, false, false);
    held_add(tables, HELD_PATTERNS, 0, false, false);
    held_add(tables, HELD_SERVER, 0, false, false);
    for (i = 0; i < ADMINISTRATORS; i++)
    {
        administrators[i].seed = seed * 2654435761u + i + 1;
        administrators[i].go = CreateEventW(NULL, FALSE, FALSE, NULL);
        administrators[i].stopped = CreateEventW(NULL, FALSE, FALSE, NULL);
        administrators[i].thread =
                CreateThread(NULL, 0, administrator_thread, &administrators[i], 0, NULL);
    }
}

/* Registers and enables the partners' components. */
static void prepare_partners(void)
{
    struct held *held = &administrators[0].held;
    struct agent_session session;
    unsigned int i;
    HRESULT hr = agent_session_open(&session, true);

    for (i = 0; i < held->count && SUCCEEDED(hr); i++)
    {
        struct held_item *item = &held->items[i];

        if (!item->still)
            continue;
        for (item->wanted = item->kind == HELD_AGENT ? 2 : 1; item->wanted <= 2 && SUCCEEDED(hr);
                item->wanted++)
            hr = held_change(item, &session);
        item->wanted = item->state;
    }
    if (SUCCEEDED(hr))
        hr = held_read(held, &session);
    if (SUCCEEDED(hr))
        hr = held_read(&administrators[1].held, &session);
    if (FAILED(hr))
        die("the partners cannot be registered: %#lx", hr);
    agent_session_close(&session);
    for (i = 0; i < held->count; i++)
        held->items[i].state = held->items[i].wanted = held->items[i].found;
    for (i = 0; i < VICTIM; i++)
        start_partner(i, i < CLIENTS ? "client" : "agent", i % 2, "");
    for (i = 0; i < VICTIM; i++)
        if (!comes(&board->slots[i].ready))
            die("partner %u is not bound: %#lx", i, board->slots[i].wrong);
}

/* ---- the agent is killed ---- */

static DWORD agent_id(void)
{
    DWORD process = 0;
    HRESULT hr = ask_state(&process);

    if (FAILED(hr))
        die("the agent does not say who it is: %#lx", hr);
    return process;
}

/* The time after its death: exchanges that begin later are the next agent's. */
static LONG64 kill_agent(void)
{
    HANDLE process = OpenProcess(PROCESS_TERMINATE | SYNCHRONIZE, FALSE, agent_id());

    if (!process || !TerminateProcess(process, 99)
            || WaitForSingleObject(process, PATIENCE) != WAIT_OBJECT_0)
        die("the agent cannot be killed: error %lu", GetLastError());
    CloseHandle(process);
    return now();
}

static void kill_agents(unsigned int kills)
{
    double *clients = calloc(kills * CLIENTS + 1, sizeof(*clients)), times[VICTIM], slowest = 0;
    double slowest_agent = 0;
    unsigned int round, i, recovered = 0, whole = 0, late = 0, lost;
    LONG changes = 0, good = 0;
    HRESULT wrong = S_OK;
    LONG64 killed;

    for (round = 0; round < kills; round++)
    {
        if (all_work(now(), times) < 0)
            break;
        let_administrators_work(true);
        Sleep(20 + random_below(&seed, 300));
        killed = kill_agent();
        let_administrators_work(false);
        if (all_work(killed, times) < 0)
            break;
        recovered++;
        for (i = 0; i < VICTIM; i++)
        {
            double *most = i < CLIENTS ? &slowest : &slowest_agent;

            if (i < CLIENTS)
                clients[round * CLIENTS + i] = times[i];
            late += i < CLIENTS && times[i] > DESIGN;
            *most = times[i] > *most ? times[i] : *most;
        }
        lost = count_lost();
        whole += !lost;
    }
    for (i = 0; i < ADMINISTRATORS; i++)
    {
        changes += administrators[i].changes;
        wrong = administrators[i].wrong ? administrators[i].wrong : wrong;
    }
    for (i = 0; i < CLIENTS; i++)
        good += board->slots[i].good;
    printf("agent killed %u times: %ld exchanges of %u clients, %ld changes by administrators; a "
           "client's next exchange is done %.0f ms (median), %.0f ms (slowest) after the kill, %u of "
           "%u later than %d ms; a health agent is asked again after %.0f ms at the latest\n",
            round, good, CLIENTS, changes, median(clients, recovered * CLIENTS), slowest, late,
            recovered * CLIENTS, DESIGN, slowest_agent);
    check(recovered == kills, "every client recovers by itself each time the agent is killed",
            "%u of %u times", recovered, kills);
    check(whole == kills, "nothing that was acknowledged is lost, nothing is half there",
            "%u of %u times", whole, kills);
    check(!wrong, "administrators get no other error", "%#lx", wrong);
    check(changes > (LONG)kills && every_answer_was_sound(),
            "the load is one, its answers "
            "right",
            "%ld changes", changes);
    free(clients);
}

/* ---- partners are killed inside a callback ---- */

static const struct
{
    const char *role, *callback;
} callbacks[] = {
        {"agent", "request"}, {"client", "notify"}, {"agent", "response"}, {"agent", "change"},
        {"agent", "fixup"}, {"client", "connections"}, /* last: only a new agent calls it */
};
#define QUIET_CALLBACKS (ARRAYSIZE(callbacks) - 1)

/* False: the victim did not enter its callback, or another program was affected. */
static bool kill_one(unsigned int which, unsigned int bits, double *slowest)
{
    struct slot *victim = &board->slots[VICTIM];
    double times[VICTIM], took;
    LONG64 killed;

    start_partner(VICTIM, callbacks[which].role, bits, callbacks[which].callback);
    if (!comes(&victim->ready))
        die("the victim is not bound: %#lx", victim->wrong);
    if (which == QUIET_CALLBACKS)
        kill_agent();
    if (!comes(&victim->inside))
    {
        printf("no %s came to the victim\n", callbacks[which].callback);
        kill_partner(VICTIM);
        return false;
    }
    Sleep(random_below(&seed, 200));
    kill_partner(VICTIM);
    killed = now();
    took = all_work(killed, times);
    if (took > *slowest)
        *slowest = took;
    return took >= 0;
}

static LONG failed_exchanges(void)
{
    LONG count = 0;
    unsigned int i;

    for (i = 0; i < CLIENTS; i++)
        count += board->slots[i].bad;
    return count;
}

static void kill_partners(unsigned int kills)
{
    struct process_size before, most, after;
    unsigned int round, survived = 0, quiet = kills - kills / 10, i;
    double slowest = 0, worst = 0, times[VICTIM];
    DWORD process;
    LONG failed;

    for (i = 0; i < QUIET_CALLBACKS; i++) /* so that permanent memory is there */
        if (!kill_one(i, i % 2, &slowest))
            die("a victim is not killed in its callback");
    process = agent_id();
    all_work(now(), times);
    before = process_measure(process);
    failed = failed_exchanges();
    for (i = 0; i < VICTIM; i++)
        board->slots[i].slowest = 0;
    for (round = 0; round < quiet; round++)
        survived += kill_one(round % QUIET_CALLBACKS, round / QUIET_CALLBACKS % 2, &slowest);
    failed = failed_exchanges() - failed;
    for (i = 0; i < CLIENTS; i++)
        if ((double)board->slots[i].slowest * ms_per_count > worst)
            worst = (double)board->slots[i].slowest * ms_per_count;
    check(agent_id() == process, "the agent lives on", "process %lu became %lu", process,
            agent_id());
    most.handles = before.handles + HANDLES_LEFT_OVER;
    most.memory = before.memory + MEMORY_LEFT_OVER;
    after = process_shrinks(process, most);
    for (; round < kills; round++)
        survived += kill_one(QUIET_CALLBACKS, round % 2, &slowest);
    printf("clients and health agents killed %u times inside a callback: all others go on within "
           "%.0f ms; slowest exchange %.0f ms, %ld failed; agent %lu and %lu handles, %lu and %lu "
           "KiB\n",
            round, slowest, worst, failed, before.handles, after.handles, before.memory,
            after.memory);
    check(survived == kills, "all others go on", "%u of %u times", survived, kills);
    check(!failed && every_answer_was_sound(), "no exchange of the others fails", "%ld", failed);
    check(after.handles <= most.handles, "the agent has its handles back", "%lu, %lu before",
            after.handles, before.handles);
    check(after.memory <= most.memory, "the agent has its memory back", "%lu KiB, %lu before",
            after.memory, before.memory);
    check(!count_lost(), "registrations and tables are as they were", "they are not");
}

int main(int argc, char **argv)
{
    LARGE_INTEGER frequency;
    HANDLE mapping;
    unsigned int i;

    if (argc != 6)
        die("it is run by kills.sh");
    seed = strtoul(argv[3], NULL, 10) + 1;
    programs[0] = argv[4];
    programs[1] = argv[5];
    QueryPerformanceFrequency(&frequency);
    ms_per_count = 1000.0 / (double)frequency.QuadPart;
    snprintf(board_name, sizeof(board_name), "wine-nap-soak-%lu", GetCurrentProcessId());
    mapping = CreateFileMappingA(
            INVALID_HANDLE_VALUE, NULL, PAGE_READWRITE, 0, sizeof(*board), board_name);
    if (!mapping || !(board = MapViewOfFile(mapping, FILE_MAP_ALL_ACCESS, 0, 0, sizeof(*board))))
        die("no memory to share");
    hire_administrators();
    prepare_partners();
    kill_agents(strtoul(argv[1], NULL, 10));
    kill_partners(strtoul(argv[2], NULL, 10));
    for (i = 0; i < VICTIM; i++)
        kill_partner(i);
    return checks_failed();
}
