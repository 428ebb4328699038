/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Statements of health under load: 20 threads on 20 connections, and each SSoH must have each
 * health agent's SoH for exactly this request.
 *
 *   soak-statements REQUESTS OTHER [judge]   judge: the latency must keep its limit
 *
 * OTHER is the build of this program of the other bitness, which every second health agent runs.
 * The health agents take 0, 5 and 50 ms. First the honest programs are alone. Then a hostile
 * process without administrator rights, bound to another enabled id, writes GetSoHRequests in
 * bursts without pause, half of the time without reading. Then a fourth health agent hangs.
 */
#include "soak.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "libs/napclient/napclient.h"
#include "tests/conformance/agent.h"
#include "tests/conformance/process.h"
#include "tests/conformance/restricted.h"
#include "tests/conformance/sha.h"

#define BOARD "nap-soak-statements"
#define CLIENT 0x00abce31u
#define HOSTILE_CLIENT 0x00abce32u
#define FIRST_AGENT 0x00abceb1u
#define AGENTS 3
#define HANGS AGENTS    /* the number of the one that hangs */
#define THREADS 20      /* maxConnectionCountPerEnforcer */
#define PATIENCE 120000 /* ms */
#define BURST 2000      /* frames of a hostile session */
#define STUCK 100       /* ms after which a hostile session that cannot write ends */
#define SLOWER 2        /* the maximum ratio of the median during an attack */
#define SPEED "under attack the median is at most 2 times the quiet one"
#define DEADLINE 5000 /* ms, the installed CallbackDeadline */

static const DWORD delays[AGENTS] = {0, 5, 50};

static struct board
{
    volatile LONG bound[AGENTS + 1];
    volatile LONG end, hostile_end;
    volatile LONG hostile_sessions, hostile_frames, hostile_answers;
} * board;

static void open_board(void)
{
    HANDLE mapping = CreateFileMappingA(
            INVALID_HANDLE_VALUE, NULL, PAGE_READWRITE, 0, sizeof(*board), BOARD);

    board = mapping ? MapViewOfFile(mapping, FILE_MAP_WRITE, 0, 0, 0) : NULL;
    if (!board)
        die("no shared memory: error %lu", GetLastError());
}

/* A health agent's SoH for a request, different from every other. */
static void mark_of(const CorrelationId *correlation, char mark[32])
{
    snprintf(mark, 32, "for %08lx%08lx", correlation->timeStamp.dwHighDateTime,
            correlation->timeStamp.dwLowDateTime);
}

/* ---- a health agent ---- */

static DWORD delay;

static HRESULT report_health(struct sha *object, INapSystemHealthAgentRequest *request)
{
    struct small_soh small;
    CorrelationId correlation;
    char mark[32];
    HRESULT hr = INapSystemHealthAgentRequest_GetCorrelationId(request, &correlation);

    if (delay)
        Sleep(delay);
    if (hr != S_OK)
        return hr;
    mark_of(&correlation, mark);
    return INapSystemHealthAgentRequest_SetSoHRequest(
            request, small_soh(&small, object->id, mark), FALSE);
}

static int be_health_agent(unsigned int number)
{
    HRESULT hr;

    delay = number == HANGS ? INFINITE : delays[number];
    sha_init(&sha, FIRST_AGENT + number);
    sha.on_request = report_health;
    if (!(sha.binding = sha_binding_create()))
        return 1;
    hr = INapSystemHealthAgentBinding_Initialize(sha.binding, sha.id, sha_callback);
    board->bound[number] = FAILED(hr) ? hr : 1;
    while (SUCCEEDED(hr) && !board->end)
        Sleep(20);
    ExitProcess(FAILED(hr)); /* one of its callbacks may never return */
}

/* ---- the hostile process ---- */

static uint8_t frame[NAPIPC_MAX_FRAME], answer[NAPIPC_MAX_FRAME];

/* Writes one message, from `frame`; false: it cannot be written within STUCK ms, or the agent has
 * closed the connection. */
static bool put(HANDLE pipe, HANDLE event, const struct napipc_message *message)
{
    OVERLAPPED overlapped = {.hEvent = event};
    size_t size;
    DWORD done;

    if (napipc_encode(message, frame, sizeof(frame), &size) != NAPIPC_OK)
        die("a message does not fit a frame");
    if (!WriteFile(pipe, frame, (DWORD)size, NULL, &overlapped)
            && GetLastError() != ERROR_IO_PENDING)
        return false;
    if (WaitForSingleObject(event, STUCK) != WAIT_OBJECT_0)
        CancelIo(pipe);
    return GetOverlappedResult(pipe, &overlapped, &done, TRUE);
}

/* Takes all available frames, or the first within `patience` ms; false: none. */
static bool drain(HANDLE pipe, HANDLE event, DWORD patience)
{
    OVERLAPPED overlapped = {.hEvent = event};
    DWORD done;

    if (!ReadFile(pipe, answer, sizeof(answer), NULL, &overlapped)
            && GetLastError() != ERROR_IO_PENDING)
        return false;
    if (WaitForSingleObject(event, patience) != WAIT_OBJECT_0)
        CancelIo(pipe);
    return GetOverlappedResult(pipe, &overlapped, &done, TRUE);
}

/* A session: binds, then writes as many requests as possible. */
static void burst(bool reads)
{
    struct napipc_message message = {.type = NAPIPC_BIND,
            .call = 1,
            .bind = {.kind = NAPIPC_ENFORCEMENT_CLIENT, .id = HOSTILE_CLIENT}};
    HANDLE pipe = connect_raw(FILE_FLAG_OVERLAPPED), event = CreateEventW(NULL, TRUE, FALSE, NULL);
    unsigned int i;

    if (pipe == INVALID_HANDLE_VALUE)
        die("the hostile process cannot connect");
    put(pipe, event, &message);
    drain(pipe, event, STUCK);
    for (i = 0; i < BURST && !board->hostile_end; i++)
    {
        message = (struct napipc_message){.type = NAPIPC_SOH_REQUEST, .call = 2 + i};
        message.soh_request.max_size = 4000;
        message.soh_request.object = 1 + i % THREADS;
        if (!put(pipe, event, &message))
            break;
        InterlockedIncrement(&board->hostile_frames);
        while (reads && drain(pipe, event, 0))
            InterlockedIncrement(&board->hostile_answers);
    }
    CloseHandle(event);
    CloseHandle(pipe);
    InterlockedIncrement(&board->hostile_sessions);
}

static int be_hostile(void)
{
    bool reads = false;

    for (; !board->hostile_end; reads = !reads)
        burst(reads);
    return 0;
}

/* ---- the honest enforcement client ---- */

struct tally
{
    volatile LONG left;          /* requests left to begin */
    volatile LONG done, changed; /* with each health agent's SoH; without */
    bool hangs;                  /* one that the agent made an entry for */
    char fault[120];             /* the first error */
    float *times;                /* us */
};

static struct tally *tally;
static INapEnforcementClientConnection *connections[THREADS];

static void fault_is(const char *what, HRESULT hr)
{
    if (InterlockedIncrement(&tally->changed) == 1)
        snprintf(tally->fault, sizeof(tally->fault), "%s, %#lx", what, hr);
}

/* NULL: the SSoH has each health agent's SoH for this request. */
static const char *look_into(INapEnforcementClientConnection *own, const NetworkSoHRequest *request)
{
    size_t size, generated = 0;
    CorrelationId correlation;
    unsigned int i, agents = AGENTS + tally->hangs;
    const BYTE *entry;
    UINT32 ids[20];
    char mark[32];

    if (request_entries(request, ids) != (int)agents)
        return "the SSoH does not have the health agents' entries";
    if (INapEnforcementClientConnection_GetCorrelationId(own, &correlation) != S_OK)
        return "the connection has no correlation id";
    mark_of(&correlation, mark);
    for (i = 0; i < AGENTS; i++)
    {
        entry = request_entry(request, FIRST_AGENT + i, &size);
        /* after the id and the header of Product-Name */
        if (!entry || size < 12 + strlen(mark) || memcmp(entry + 12, mark, strlen(mark)))
            return "a health agent's own SoH is not there";
    }
    /* SystemGenerated-Ids: u16 bytes, ids */
    if (request_pair(request, 4, &generated) && generated > (tally->hangs ? 6 : 2))
        return "the agent answered for a health agent";
    return NULL;
}

static void ask_once(INapEnforcementClientConnection *own)
{
    NetworkSoHRequest *request = NULL;
    uint64_t begun = now_ns();
    const char *fault;
    BOOL hint;
    HRESULT hr = INapEnforcementClientBinding_GetSoHRequest(binding, own, &hint);
    double us = (double)(now_ns() - begun) / 1000;

    if (hr != S_OK)
    {
        fault_is("GetSoHRequest", hr);
        return;
    }
    if ((hr = INapEnforcementClientConnection_GetSoHRequest(own, &request)) != S_OK)
    {
        fault_is("the connection's GetSoHRequest", hr);
        return;
    }
    fault = look_into(own, request);
    free_soh(request);
    if (fault)
        fault_is(fault, 0);
    else
        tally->times[InterlockedIncrement(&tally->done) - 1] = (float)us;
}

static DWORD WINAPI ask_on(void *own)
{
    CoInitializeEx(NULL, COINIT_MULTITHREADED);
    while (InterlockedDecrement(&tally->left) >= 0)
        ask_once(own);
    CoUninitialize();
    return 0;
}

/* Makes that many requests by all threads; returns the median in us. */
static double ask_all(struct tally *of, unsigned int requests)
{
    HANDLE threads[THREADS];
    double *times = malloc(requests * sizeof(*times)), result;
    unsigned int i;

    of->times = malloc(requests * sizeof(*of->times));
    if (!times || !of->times)
        die("no memory");
    of->left = (LONG)requests;
    tally = of;
    for (i = 0; i < THREADS; i++)
        if (!(threads[i] = CreateThread(NULL, 0, ask_on, connections[i], 0, NULL)))
            die("no thread: error %lu", GetLastError());
    for (i = 0; i < THREADS; i++)
    {
        if (WaitForSingleObject(threads[i], PATIENCE + requests * 30) != WAIT_OBJECT_0)
            die("a request is never answered");
        CloseHandle(threads[i]);
    }
    for (i = 0; i < (unsigned int)of->done; i++)
        times[i] = of->times[i];
    result = of->done ? median(times, (unsigned int)of->done) : 0;
    free(of->times);
    free(times);
    return result;
}

/* ---- the whole test ---- */

static const char *programs[2];

static HANDLE start(HANDLE token, unsigned int side, const char *role, unsigned int number)
{
    STARTUPINFOW startup = {.cb = sizeof(startup)};
    PROCESS_INFORMATION process;
    WCHAR line[MAX_PATH + 64];

    swprintf(line, ARRAYSIZE(line), L"\"%hs\" %hs %u", programs[side], role, number);
    if (!start_process_as(token, line, FALSE, &startup, &process))
        die("%ls cannot be started: error %lu", line, GetLastError());
    CloseHandle(process.hThread);
    return process.hProcess;
}

static void finish(HANDLE process, const char *what)
{
    if (WaitForSingleObject(process, PATIENCE) != WAIT_OBJECT_0)
    {
        TerminateProcess(process, 98);
        die("%s does not end", what);
    }
    CloseHandle(process);
}

static HANDLE start_agent(unsigned int number)
{
    HANDLE process;
    unsigned int tries;

    unregister_health_agent(FIRST_AGENT + number);
    if (FAILED(register_health_agent(FIRST_AGENT + number)))
        die("a health agent cannot be registered");
    process = start(NULL, number % 2, "health", number);
    for (tries = 0; !board->bound[number]; tries++, Sleep(10))
        if (tries == PATIENCE / 10)
            die("a health agent does not start");
    if (board->bound[number] != 1)
        die("a health agent cannot bind: %#lx", board->bound[number]);
    return process;
}

static void register_enabled(UINT32 id)
{
    WCHAR line[64];

    wsprintfW(line, L"enforcement enable %u", id);
    unregister_enforcement_client(id);
    if (FAILED(register_enforcement_client(id)) || napctl(line))
        die("enforcement client %#x cannot be registered and enabled", id);
}

static void connect_all(void)
{
    unsigned int i;

    enforcer_init(&enforcer);
    if (!(binding = binding_create())
            || INapEnforcementClientBinding_Initialize(binding, CLIENT, callback) != S_OK)
        die("the enforcement client cannot bind");
    for (i = 0; i < THREADS; i++)
        if (INapEnforcementClientBinding_CreateConnection(binding, &connections[i]) != S_OK
                || INapEnforcementClientConnection_Initialize(connections[i], CLIENT) != S_OK)
            die("no connection %u", i);
}

static void report(const struct tally *of, unsigned int requests, const char *name)
{
    check(of->done == (LONG)requests && !of->changed, name, "%ld of %u, first: %s", of->done,
            requests, of->fault);
}

static double attack(struct tally *of, unsigned int requests, HANDLE token)
{
    HANDLE hostile;
    double us;

    board->hostile_end = 0;
    hostile = start(token, 1, "hostile", 0);
    Sleep(500);
    us = ask_all(of, requests);
    board->hostile_end = 1;
    finish(hostile, "the hostile process");
    return us;
}

static void measure(unsigned int requests, HANDLE token, bool judge)
{
    struct tally quiet, attacked;
    unsigned int tries;
    double alone, under;

    for (tries = 0; tries < 2; tries++)
    {
        memset(&quiet, 0, sizeof(quiet));
        memset(&attacked, 0, sizeof(attacked));
        alone = ask_all(&quiet, requests);
        under = attack(&attacked, requests, token);
        printf("%u threads, median of a request: %.0f us quiet (%ld of %u), %.0f us under attack "
               "(%ld of %u), %.2f times\n",
                THREADS, alone, quiet.done, requests, under, attacked.done, requests,
                under / alone);
        if (!judge || under <= SLOWER * alone || quiet.changed || attacked.changed)
            break;
    }
    printf("hostile: %ld sessions, %ld requests, %ld answers read\n", board->hostile_sessions,
            board->hostile_frames, board->hostile_answers);
    report(&quiet, requests, "each SSoH has what each health agent said of it");
    report(&attacked, requests, "under attack each SSoH has what each health agent said of it");
    check(board->hostile_frames > 0, "the hostile process asks", "not once");
    if (judge)
        check(under <= SLOWER * alone, SPEED, "%.2f times", under / alone);
}

static void hang(unsigned int requests)
{
    struct tally first = {.hangs = true}, later = {.hangs = true};
    double once, us;
    HANDLE process = start_agent(HANGS);

    once = ask_all(&first, THREADS);
    us = ask_all(&later, requests);
    printf("a health agent hangs: %.0f ms for %u requests at once, then %.0f us (median of %ld)\n",
            once / 1000, THREADS, us, later.done);
    report(&first, THREADS, "who waits for a health agent that hangs has what the others say");
    report(&later, requests, "while a health agent hangs each SSoH has what the others say");
    check(once / 1000 >= DEADLINE - 100 && once / 1000 < DEADLINE + 2000,
            "a health agent that hangs costs its deadline once", "%.0f ms", once / 1000);
    check(us / 1000 < DEADLINE / 4, "... and nothing after that", "%.0f us", us);
    TerminateProcess(process, 0);
    finish(process, "the health agent that hangs");
}

int main(int argc, char **argv)
{
    HANDLE agents[AGENTS], token;
    unsigned int requests, i;
    bool judge;

    setvbuf(stdout, NULL, _IONBF, 0);
    open_board();
    CoInitializeEx(NULL, COINIT_MULTITHREADED);
    if (argc == 3 && !strcmp(argv[1], "health"))
        return be_health_agent(strtoul(argv[2], NULL, 10));
    if (argc == 3 && !strcmp(argv[1], "hostile"))
        return be_hostile();
    if (argc < 3 || !(requests = strtoul(argv[1], NULL, 10)))
        die("usage: soak-statements REQUESTS OTHER [judge]");
    judge = argc > 3;
    programs[0] = argv[0];
    programs[1] = argv[2];
    if (!(token = token_without_rights()))
        die("no token for the hostile process");
    register_enabled(CLIENT);
    register_enabled(HOSTILE_CLIENT);
    for (i = 0; i < AGENTS; i++)
        agents[i] = start_agent(i);
    connect_all();

    measure(requests, token, judge);
    hang(requests / 4);

    board->end = 1;
    for (i = 0; i < AGENTS; i++)
        finish(agents[i], "a health agent");
    INapEnforcementClientBinding_Uninitialize(binding);
    for (i = 0; i <= AGENTS; i++)
        unregister_health_agent(FIRST_AGENT + i);
    unregister_enforcement_client(CLIENT);
    unregister_enforcement_client(HOSTILE_CLIENT);
    return checks_failed();
}
