/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Two administrators make changes until the wineserver, and with it this program, is killed; or,
 * after a given time, this program kills the agent itself. Each requested and each acknowledged
 * change goes into a file. The next run compares the file with the agent's data.
 *
 *   soak-durable FILE SEED MS     MS 0: until it is killed
 *
 * Prints "ready" when the changes begin.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <windows.h>

#include "tests/soak/held.h"
#include "tests/soak/soak.h"

#define ADMINISTRATORS 2
#define FIRST_ID 0x00abc301u
#define PATIENCE 60000 /* ms for the agent to start */
#define LIFE 120000    /* ms until it ends by itself, not killed */

static struct administrator
{
    struct held held;
    uint64_t seed;
    HRESULT wrong;
} administrators[ADMINISTRATORS];

static CRITICAL_SECTION lock;
static FILE *record;
static volatile LONG working = 1;

static void hire(void)
{
    struct held *components = &administrators[0].held, *tables = &administrators[1].held;
    unsigned int i;

    for (i = 0; i < 6; i++)
    {
        held_add(components, HELD_CLIENT, FIRST_ID + i, false, false);
        held_add(components, HELD_AGENT, FIRST_ID + 32 + i, false, false);
    }
    held_add(components, HELD_CLIENT, 79617, true, false);
    held_add(components, HELD_CLIENT, 79623, true, false);
    for (i = 0; i < 12; i++)
        held_add(tables, HELD_RRAS, i, false, false);
    for (i = 0; i < 4; i++)
        held_add(tables, HELD_RAS, i, false, false);
    held_add(tables, HELD_PATTERNS, 0, false, false);
    held_add(tables, HELD_SERVER, 0, false, false);
}

/* ---- the file: one line for each requested change, and one when it is acknowledged ---- */

static void note(const char *what, unsigned int who, unsigned int which)
{
    const struct held_item *item = &administrators[who].held.items[which];

    EnterCriticalSection(&lock);
    fprintf(record, "%u %u %d %d %s\n", who, which, item->state, item->wanted, what);
    fflush(record);
    LeaveCriticalSection(&lock);
}

/* False: the file is empty. */
static bool recall(const char *name)
{
    FILE *file = fopen(name, "r");
    unsigned int who, which;
    bool known = false;
    int state, wanted;
    char line[64];

    while (file && fgets(line, sizeof(line), file))
        if (strchr(line, '\n') && sscanf(line, "%u %u %d %d", &who, &which, &state, &wanted) == 4
                && who < ADMINISTRATORS && which < administrators[who].held.count)
        {
            administrators[who].held.items[which].state = state;
            administrators[who].held.items[which].wanted = wanted;
            known = true;
        }
    if (file)
        fclose(file);
    return known;
}

/* ---- the agent ---- */

static void open_session(struct agent_session *session)
{
    ULONGLONG until = GetTickCount64() + PATIENCE;
    HRESULT hr;

    while (FAILED(hr = agent_session_open(session, true)))
    {
        if (GetTickCount64() > until)
            die("the agent is not there: %#lx", hr);
        Sleep(50);
    }
}

/* The number of acknowledged changes that are missing or incomplete. Continues from the state
 * found. */
static unsigned int count_lost(bool known)
{
    struct agent_session session;
    unsigned int i, k, lost = 0;
    HRESULT hr;

    open_session(&session);
    for (i = 0; i < ADMINISTRATORS; i++)
    {
        if (FAILED(hr = held_read(&administrators[i].held, &session)))
            die("the agent does not say what it has: %#lx", hr);
        for (k = 0; k < administrators[i].held.count; k++)
        {
            struct held_item *item = &administrators[i].held.items[k];

            if (known && item->found != item->state && item->found != item->wanted)
            {
                printf("%s: acknowledged %d, asked for %d, found %d\n", held_name(item),
                        item->state, item->wanted, item->found);
                lost++;
            }
            item->state = item->wanted = item->found;
            note("found", i, k);
        }
    }
    agent_session_close(&session);
    return lost;
}

static DWORD WINAPI administrate(void *context)
{
    unsigned int who = (unsigned int)(UINT_PTR)context;
    struct administrator *self = &administrators[who];
    struct agent_session session;
    HRESULT hr = S_OK;

    open_session(&session);
    while (working && SUCCEEDED(hr))
    {
        unsigned int which = random_below(&self->seed, self->held.count);
        struct held_item *item = &self->held.items[which];

        item->wanted = held_choose(item, &self->seed);
        note("asked", who, which);
        if (SUCCEEDED(hr = held_change(item, &session)))
            note("acknowledged", who, which);
        else if (hr != RPC_E_DISCONNECTED)
        {
            printf("%s, %d to %d: %#lx\n", held_name(item), item->state, item->wanted, hr);
            self->wrong = hr;
        }
    }
    agent_session_close(&session);
    return 0;
}

static void kill_agent(void)
{
    DWORD id = 0;
    HANDLE process;

    if (FAILED(ask_state(&id))
            || !(process = OpenProcess(PROCESS_TERMINATE | SYNCHRONIZE, FALSE, id))
            || !TerminateProcess(process, 99)
            || WaitForSingleObject(process, PATIENCE) != WAIT_OBJECT_0)
        die("the agent cannot be killed: error %lu", GetLastError());
    CloseHandle(process);
}

int main(int argc, char **argv)
{
    unsigned int lost, i;
    HANDLE threads[ADMINISTRATORS];
    HRESULT wrong = S_OK;
    DWORD life;
    bool known;

    if (argc != 4)
        die("it is run by durable.sh");
    InitializeCriticalSection(&lock);
    hire();
    known = recall(argv[1]);
    if (!(record = fopen(argv[1], "a")))
        die("%s cannot be written", argv[1]);
    lost = count_lost(known);
    printf("ready\n");
    fflush(stdout);
    life = strtoul(argv[3], NULL, 10);
    for (i = 0; i < ADMINISTRATORS; i++)
    {
        administrators[i].seed = strtoul(argv[2], NULL, 10) * 2654435761u + i + 1;
        threads[i] = CreateThread(NULL, 0, administrate, (void *)(UINT_PTR)i, 0, NULL);
    }
    if (!life
            && WaitForMultipleObjects(ADMINISTRATORS, threads, TRUE, lost ? 0 : LIFE)
                       == WAIT_TIMEOUT
            && !lost)
        die("nobody kills it");
    if (life && !lost)
    {
        Sleep(life);
        kill_agent();
    }
    working = 0;
    if (WaitForMultipleObjects(ADMINISTRATORS, threads, TRUE, PATIENCE) == WAIT_TIMEOUT)
        die("an administrator hangs in a call");
    for (i = 0; i < ADMINISTRATORS; i++)
        wrong = administrators[i].wrong ? administrators[i].wrong : wrong;
    if (life && !lost)
        lost = count_lost(true);
    fclose(record);
    printf("lost %u, %#lx\n", lost, wrong);
    return lost || wrong;
}
