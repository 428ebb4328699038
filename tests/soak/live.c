/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * The process that watches: it starts the others, measures, and reports the results. See live.h.
 */
#include "live.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <objbase.h>

#include "tests/conformance/agent.h"
#include "tests/conformance/process.h"
#include "tests/conformance/restricted.h"

#define BOARD "nap-soak-live"
#define WARM_UP 300     /* sessions, before anything is measured */
#define QUIET_TIME 1500 /* ms of a round without hostile processes */
#define PATIENCE 120000 /* ms */
#define MOST_ROUNDS 100 /* if an attack is over before one exchange is */
#define SLOWER 3        /* the maximum ratio of the median of an exchange during an attack */
#define SPEED "under attack the median is at most 3 times the quiet one"
#define HANDLES_LEFT_OVER 16  /* threads of the system's pool come and go */
#define MEMORY_LEFT_OVER 2048 /* KiB; the heap keeps some freed memory */

static struct board *board;
static const char *programs[SIDES];

struct board *board_open(void)
{
    HANDLE mapping = CreateFileMappingA(
            INVALID_HANDLE_VALUE, NULL, PAGE_READWRITE, 0, sizeof(struct board), BOARD);
    struct board *shared = mapping ? MapViewOfFile(mapping, FILE_MAP_WRITE, 0, 0, 0) : NULL;

    if (!shared)
        die("no shared memory: error %lu", GetLastError());
    return shared;
}

void samples_add(struct samples *samples, const struct board *shared, LONG phase, double us)
{
    LONG count = samples->counts[phase];

    if (shared->phase != phase || count >= SAMPLES)
        return;
    samples->times[phase][count] = (float)us;
    samples->counts[phase]++;
}

/* ---- processes ---- */

/* With that token, or with our own if it is NULL. */
static HANDLE start(HANDLE token, unsigned int side, const char *format, ...)
{
    STARTUPINFOW startup = {.cb = sizeof(startup)};
    WCHAR line[MAX_PATH + 160];
    PROCESS_INFORMATION process;
    char arguments[128];
    va_list list;

    va_start(list, format);
    vsnprintf(arguments, sizeof(arguments), format, list);
    va_end(list);
    swprintf(line, ARRAYSIZE(line), L"\"%hs\" %hs", programs[side], arguments);
    if (!start_process_as(token, line, FALSE, &startup, &process))
        die("%ls cannot be started: error %lu", line, GetLastError());
    CloseHandle(process.hThread);
    return process.hProcess;
}

/* Waits for a process or thread to end. */
static DWORD finish(HANDLE process, DWORD patience, const char *what)
{
    DWORD code = 99;

    if (WaitForSingleObject(process, patience) != WAIT_OBJECT_0)
    {
        TerminateProcess(process, 98);
        die("%s does not end", what);
    }
    GetExitCodeProcess(process, &code);
    CloseHandle(process);
    return code;
}

static void await_bound(const volatile LONG *bound, const char *what)
{
    unsigned int tries;

    for (tries = 0; !*bound; tries++, Sleep(10))
        if (tries == PATIENCE / 10)
            die("%s does not start", what);
    if (*bound != 1)
        die("%s cannot bind: %#lx", what, *bound);
}

static void register_enabled(UINT32 id)
{
    WCHAR line[64];

    wsprintfW(line, L"enforcement enable %u", id);
    unregister_enforcement_client(id);
    if (FAILED(register_enforcement_client(id)) || napctl(line))
        die("enforcement client %#x cannot be registered and enabled", id);
}

static void start_honest(HANDLE honest[2 * SIDES])
{
    unsigned int side;

    register_enabled(HOSTILE_CLIENT);
    for (side = 0; side < SIDES; side++)
    {
        register_enabled(FIRST_CLIENT + side);
        unregister_health_agent(FIRST_AGENT + side);
        if (FAILED(register_health_agent(FIRST_AGENT + side)))
            die("a health agent cannot be registered");
        honest[side] = start(NULL, side, "health %u", side);
        await_bound(&board->agents[side].bound, "a health agent");
    }
    for (side = 0; side < SIDES; side++)
    {
        honest[SIDES + side] = start(NULL, side, "client %u", side);
        await_bound(&board->clients[side].bound, "an enforcement client");
    }
}

/* ---- rounds ---- */

static HANDLE restricted_token;
static uint64_t seed;

static void attack(unsigned int sessions)
{
    HANDLE hostile[SIDES];
    unsigned int side;

    for (side = 0; side < SIDES; side++)
        hostile[side] = start(restricted_token, side, "hostile %u %u %u", side, sessions / SIDES,
                random_below(&seed, 0x7fffffff) + 1);
    for (side = 0; side < SIDES; side++)
        finish(hostile[side], PATIENCE + sessions * 20, "a hostile process");
}

/* Each client and the bare pipe have a duration in this phase. */
static bool measured(enum phase phase)
{
    return board->clients[0].samples.counts[phase] && board->clients[1].samples.counts[phase]
           && board->echo.counts[phase];
}

static void attack_and_measure(unsigned int sessions)
{
    unsigned int side, waited;

    board->phase = PHASE_QUIET;
    /* On a busy machine one exchange may take longer than the phase, and then does not count. */
    for (waited = 0; waited < QUIET_TIME || (!measured(PHASE_QUIET) && waited < PATIENCE);
            waited += 100)
        Sleep(100);
    board->phase = PHASE_PAUSE;
    for (side = 0; side < SIDES; side++)
        board->hostile[side].full = 0;
    board->phase = PHASE_ATTACK;
    attack(sessions);
    board->phase = PHASE_PAUSE;
}

static void add_samples(
        const struct samples *samples, enum phase phase, double *all, unsigned int *count)
{
    LONG i;

    for (i = 0; i < samples->counts[phase]; i++)
        all[(*count)++] = samples->times[phase][i];
}

/* The median of both clients' exchanges in a phase, or of the echo; us. */
static double median_of(enum phase phase, bool echo, unsigned int *count)
{
    double *all = malloc(SIDES * SAMPLES * sizeof(*all)), result;
    unsigned int side;

    *count = 0;
    if (echo)
        add_samples(&board->echo, phase, all, count);
    for (side = 0; side < SIDES && !echo; side++)
        add_samples(&board->clients[side].samples, phase, all, count);
    if (!*count)
        die("nothing was measured");
    result = median(all, *count);
    free(all);
    return result;
}

/* ---- results ---- */

static void report_sessions(unsigned int sessions)
{
    LONG begun = board->hostile[0].sessions + board->hostile[1].sessions;
    unsigned int side;

    printf("%ld hostile sessions, %ld instances of the pipe at once\n", begun, board->instances);
    check(begun >= (LONG)sessions, "all hostile sessions were begun", "%ld of %u", begun, sessions);
    check(board->instances >= SIDES * CONNECTIONS_HELD, "200 connections are open at once",
            "%ld instances of the pipe", board->instances);
    for (side = 0; side < SIDES; side++)
        check(!board->hostile[side].unexpected,
                side ? "what hostile 32-bit programs meet is right"
                     : "what hostile 64-bit programs meet is right",
                "%ld times not, first: %s", board->hostile[side].unexpected,
                board->hostile[side].surprise);
}

static void report_honest(void)
{
    LONG exchanges = board->clients[0].exchanges + board->clients[1].exchanges;
    unsigned int side;

    printf("%ld honest exchanges\n", exchanges);
    for (side = 0; side < SIDES; side++)
        check(!board->clients[side].failures && board->clients[side].exchanges,
                side ? "every exchange of the 32-bit client succeeds"
                     : "every exchange of the 64-bit client succeeds",
                "%ld of %ld failed, first: %s", board->clients[side].failures,
                board->clients[side].exchanges, board->clients[side].failure);
    for (side = 0; side < SIDES; side++)
        check(board->agents[side].asked >= exchanges,
                side ? "the 32-bit health agent was asked each time"
                     : "the 64-bit health agent was asked each time",
                "%ld times for %ld exchanges", board->agents[side].asked, exchanges);
}

/* Prints the medians; returns how many times slower an exchange is under attack. */
static double report_medians(bool echo)
{
    unsigned int quiet_count, attack_count;
    double quiet = median_of(PHASE_QUIET, echo, &quiet_count),
           then = median_of(PHASE_ATTACK, echo, &attack_count);

    printf("median of %s: %.0f us quiet (%u), %.0f us under attack (%u), %.2f times\n",
            echo ? "a bare echo" : "an exchange", quiet, quiet_count, then, attack_count,
            then / quiet);
    return then / quiet;
}

/* Without priority over the machine's other work the figures mean little. */
static void report_speed(bool judge)
{
    double slower = report_medians(false);

    report_medians(true);
    if (judge)
        check(slower <= SLOWER, SPEED, "%.2f times", slower);
    else
        printf("skip " SPEED ": needs the right to real-time priority\n");
}

/* Short activity of the machine may affect a figure: one that is too high is measured a second
 * time. */
static void attack_in_rounds(unsigned int sessions, bool judge)
{
    unsigned int rounds = sessions >= 20000 ? 20 : 4, round, side, ignored;

    for (round = 0; round < rounds || (!measured(PHASE_ATTACK) && round < MOST_ROUNDS); round++)
        attack_and_measure(sessions / rounds);
    if (!judge
            || median_of(PHASE_ATTACK, false, &ignored)
                       <= SLOWER * median_of(PHASE_QUIET, false, &ignored))
        return;
    report_medians(false);
    memset(&board->echo, 0, sizeof(board->echo));
    for (side = 0; side < SIDES; side++)
        memset((void *)board->clients[side].samples.counts, 0,
                sizeof(board->clients[side].samples.counts));
    for (round = 0; round < rounds || (!measured(PHASE_ATTACK) && round < MOST_ROUNDS); round++)
        attack_and_measure(sessions / rounds);
}

static void report_size(DWORD process, struct process_size before)
{
    struct process_size most = {before.handles + HANDLES_LEFT_OVER,
                                before.memory + MEMORY_LEFT_OVER},
                        after;
    DWORD process_after = 0;

    check(SUCCEEDED(ask_state(&process_after)) && process == process_after,
            "the agent is the process that it was", "%lu, not %lu", process_after, process);
    after = process_shrinks(process, most);
    printf("the agent: %lu and %lu handles, %lu and %lu KiB\n", before.handles, after.handles,
            before.memory, after.memory);
    check(after.handles <= most.handles, "it has its handles back", "%lu, %lu before",
            after.handles, before.handles);
    check(after.memory <= most.memory, "it has its memory back", "%lu KiB, %lu before",
            after.memory, before.memory);
}

static void let_honest_end(HANDLE honest[2 * SIDES])
{
    unsigned int i;

    /* The clients first: the last exchange of one needs its health agents. */
    board->end = 1;
    for (i = SIDES; i < 2 * SIDES; i++)
        check(finish(honest[i], PATIENCE, "an honest process") == 0,
                "an enforcement client ends in order", "it did not");
    board->end = 2;
    for (i = 0; i < SIDES; i++)
        check(finish(honest[i], PATIENCE, "an honest process") == 0, "a health agent ends in order",
                "it did not");
}

static int watch(unsigned int sessions, bool judge)
{
    struct process_size before;
    HANDLE honest[2 * SIDES], echo;
    DWORD process;

    board = board_open();
    CoInitializeEx(NULL, COINIT_MULTITHREADED);
    if (FAILED(ask_state(&process)))
        die("the agent does not answer");
    if (!(restricted_token = token_without_rights()))
        die("no token for the hostile processes");
    start_honest(honest);
    echo = echo_begin(board);
    attack(WARM_UP);
    board->hostile[0].sessions = board->hostile[1].sessions = board->instances = 0;
    Sleep(1000);
    before = process_measure(process);
    attack_in_rounds(sessions, judge);
    report_sessions(sessions);
    report_speed(judge);
    report_size(process, before);
    let_honest_end(honest);
    finish(echo, PATIENCE, "the bare pipe");
    report_honest();
    return checks_failed();
}

/* Keeps the honest programs bound and idle, until a line comes. */
static int rest(void)
{
    HANDLE honest[2 * SIDES];

    board = board_open();
    CoInitializeEx(NULL, COINIT_MULTITHREADED);
    board->phase = PHASE_REST;
    start_honest(honest);
    printf("bound\n");
    fflush(stdout);
    getchar();
    let_honest_end(honest);
    return checks_failed();
}

int main(int argc, char **argv)
{
    char self[MAX_PATH];

    if (argc == 3 && !strcmp(argv[1], "client"))
        return be_client(strtoul(argv[2], NULL, 10));
    if (argc == 3 && !strcmp(argv[1], "health"))
        return be_health_agent(strtoul(argv[2], NULL, 10));
    if (argc == 5 && !strcmp(argv[1], "hostile"))
        return be_hostile(
                strtoul(argv[2], NULL, 10), strtoul(argv[3], NULL, 10), strtoul(argv[4], NULL, 10));
    GetModuleFileNameA(NULL, self, sizeof(self));
    programs[sizeof(void *) == 4] = self;
    programs[sizeof(void *) != 4] = argv[argc > 3 ? 3 : argc - 1];
    if (argc == 3 && !strcmp(argv[1], "rest"))
        return rest();
    if (argc != 4 && argc != 5)
        die("usage: soak-live SESSIONS SEED OTHER [judge] | rest OTHER");
    seed = strtoull(argv[2], NULL, 10);
    return watch(strtoul(argv[1], NULL, 10), argc == 5);
}
