/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Clients send nothing to a process that created the name of the agent's pipe first, even if it
 * knows the protocol; and a program without administrator rights can change nothing in any way.
 *
 *   soak-squat           the test
 *   soak-squat serve|try its own child processes without administrator rights
 *   soak-squat claim     the same with all rights
 */
#include <stdio.h>
#include <string.h>

#include "tests/conformance/agent.h"
#include "tests/conformance/process.h"
#include "tests/conformance/restricted.h"
#include "tests/soak/held.h"
#include "tests/soak/soak.h"

#define PATIENCE 30000 /* ms */
#define CLIENT_ID 0x00abc301u
#define OTHER_ID 0x00abc302u

/* Shared by squatter and test. */
struct stage
{
    volatile LONG process;  /* of the squatter that holds the name */
    volatile LONG received; /* bytes that clients sent to it */
    volatile LONG callers;  /* number of clients that connected */
    volatile LONG end;
};
static struct stage *stage;

static bool open_stage(void)
{
    HANDLE mapping = CreateFileMappingW(
            INVALID_HANDLE_VALUE, NULL, PAGE_READWRITE, 0, sizeof(*stage), L"wine-nap-soak-squat");

    return mapping && (stage = MapViewOfFile(mapping, FILE_MAP_ALL_ACCESS, 0, 0, sizeof(*stage)));
}

/* ---- the squatter ---- */

/* Answers as the agent would: every request succeeds. */
static void answer(HANDLE pipe, const uint8_t *bytes, DWORD size)
{
    struct napipc_message message;
    uint8_t reply[4096];
    size_t length;
    DWORD written;

    if (napipc_decode(bytes, size, &message, NULL, NULL) != NAPIPC_OK)
        return;
    memset((uint8_t *)&message + offsetof(struct napipc_message, bind), 0,
            sizeof(message) - offsetof(struct napipc_message, bind));
    message.type |= NAPIPC_REPLY;
    message.status = 0;
    if (napipc_encode(&message, reply, sizeof(reply), &length) == NAPIPC_OK)
        WriteFile(pipe, reply, (DWORD)length, &written, NULL);
}

static DWORD WINAPI serve_instance(void *context)
{
    HANDLE pipe = context;
    uint8_t bytes[4096];
    DWORD got;

    for (;;)
    {
        if (ConnectNamedPipe(pipe, NULL) || GetLastError() == ERROR_PIPE_CONNECTED)
        {
            InterlockedIncrement(&stage->callers);
            while (ReadFile(pipe, bytes, sizeof(bytes), &got, NULL))
            {
                InterlockedExchangeAdd(&stage->received, (LONG)got);
                answer(pipe, bytes, got);
            }
        }
        DisconnectNamedPipe(pipe);
    }
    return 0;
}

static int be_squatter(bool restricted)
{
    unsigned int i;
    HANDLE pipe;

    if (!open_stage() || (restricted && is_administrator()))
        return 2;
    for (i = 0; i < 4; i++)
    {
        pipe = CreateNamedPipeW(AGENT_PIPE_NAME, PIPE_ACCESS_DUPLEX,
                PIPE_TYPE_MESSAGE | PIPE_READMODE_MESSAGE, PIPE_UNLIMITED_INSTANCES, 4096, 4096, 0,
                NULL);
        if (pipe == INVALID_HANDLE_VALUE || !CreateThread(NULL, 0, serve_instance, pipe, 0, NULL))
            return 3;
    }
    stage->process = (LONG)GetCurrentProcessId();
    for (i = 0; i < 50 * 1000 && !stage->end; i++)
        Sleep(1);
    return 0;
}

static DWORD WINAPI run_squatter(void *context)
{
    WCHAR path[MAX_PATH], line[MAX_PATH + 16];
    STARTUPINFOW startup = {.cb = sizeof(startup)};
    PROCESS_INFORMATION process;

    if (context)
        return run_without_rights(L"serve");
    GetModuleFileNameW(NULL, path, MAX_PATH);
    swprintf(line, ARRAYSIZE(line), L"\"%ls\" claim", path);
    if (!start_process(line, FALSE, &startup, &process))
        return 99;
    WaitForSingleObject(process.hProcess, 2 * PATIENCE);
    return 0;
}

/* ---- clients that look for the agent ---- */

/* Through the public interface: registering starts a missing agent, and sends it a request. */
static HRESULT register_and_unregister(void)
{
    HRESULT hr = register_enforcement_client(OTHER_ID);

    return SUCCEEDED(hr) ? unregister_enforcement_client(OTHER_ID) : hr;
}

static bool napctl_fails(const WCHAR *arguments, const char *words)
{
    static char text[65536];
    int code = napctl_says(arguments, text, sizeof(text));
    bool good = code == 1 && strstr(text, words);

    if (!good)
        printf("napctl %ls: exit code %d, %s\n", arguments, code, text);
    return good;
}

static bool log_says(const char *words)
{
    static char text[1 << 20];

    return !napctl_says(L"show log", text, sizeof(text)) && strstr(text, words);
}

/* Asks the service manager to start the service; returns the exit code that it reports. */
static void start_service(SERVICE_STATUS *status)
{
    SC_HANDLE manager = OpenSCManagerW(NULL, NULL, SC_MANAGER_CONNECT);
    SC_HANDLE service =
            OpenServiceW(manager, AGENT_SERVICE_NAME, SERVICE_START | SERVICE_QUERY_STATUS);
    int i;

    StartServiceW(service, 0, NULL);
    memset(status, 0, sizeof(*status));
    for (i = 0; i < PATIENCE / 10; i++, Sleep(10))
        if (QueryServiceStatus(service, status) && status->dwCurrentState == SERVICE_STOPPED
                && status->dwWin32ExitCode)
            break;
    CloseServiceHandle(service);
    CloseServiceHandle(manager);
}

static void check_squatted(bool restricted)
{
    char name[64];
    SERVICE_STATUS status;
    HANDLE thread;
    HRESULT hr;
    int i;

    if (!agent_stop())
        die("the agent cannot be stopped");
    memset((void *)stage, 0, sizeof(*stage));
    thread = CreateThread(NULL, 0, run_squatter, restricted ? (void *)1 : NULL, 0, NULL);
    for (i = 0; i < PATIENCE && !stage->process; i++)
        Sleep(1);
    if (!stage->process)
        die("nobody squats");
    start_service(&status);
    check(status.dwWin32ExitCode == ERROR_SERVICE_SPECIFIC_ERROR
                    && status.dwServiceSpecificExitCode == ERROR_PIPE_BUSY,
            "the service does not start where another has its pipe's name",
            "state %lu, exit code %lu, %lu", status.dwCurrentState, status.dwWin32ExitCode,
            status.dwServiceSpecificExitCode);
    check(log_says("cannot start: another process holds the name of the agent's pipe"),
            "its log says why", "it does not");
    hr = register_and_unregister();
    check(hr == RPC_E_DISCONNECTED, "nobody takes the squatter for the agent", "%#lx", hr);
    snprintf(name, sizeof(name), "process %lu, which is not the agent", (DWORD)stage->process);
    check(napctl_fails(L"selftest", name), "napctl selftest names the squatter", "it does not");
    check(napctl_fails(L"rras add --user eve", "cannot add the connection"), "napctl does nothing",
            "it does");
    printf("%s squatter: %ld looked, %ld bytes were said to it\n",
            restricted ? "unprivileged" : "privileged", stage->callers, stage->received);
    check(!stage->received && stage->callers, "the squatter hears nothing",
            "%ld bytes of %ld callers", stage->received, stage->callers);
    stage->end = 1;
    WaitForSingleObject(thread, 2 * PATIENCE);
    check(agent_start() && SUCCEEDED(register_and_unregister()), "all is well when it has gone",
            "it is not");
}

/* ---- a program without administrator rights ---- */

static unsigned int add_attempts(struct held *held)
{
    held_add(held, HELD_CLIENT, CLIENT_ID, false, false);
    held_add(held, HELD_CLIENT, OTHER_ID, false, false);
    held_add(held, HELD_AGENT, OTHER_ID, false, false);
    held_add(held, HELD_RRAS, 0, false, false);
    held_add(held, HELD_RAS, 0, false, false);
    held_add(held, HELD_RAS, 1, false, false);
    held_add(held, HELD_PATTERNS, 0, false, false);
    held_add(held, HELD_SERVER, 0, false, false);
    held->items[0].state = 1;
    held->items[3].state = held->items[4].state = 1;
    return held->count;
}

static const int attempted[][2] = {{2, 0}, {1, 1}, {2, 2}, {2, 0}, {2, 0}, {1, 1}, {2, 2}, {1, 0}};

static unsigned int try_messages(void)
{
    struct held held = {.count = 0};
    struct agent_session session;
    unsigned int i, k, wrong = 0;
    HRESULT hr = agent_session_open(&session, false);

    if (FAILED(hr))
        return 1;
    for (i = add_attempts(&held); i-- > 0;)
        for (k = 0; k < 2; k++)
        {
            if (k && attempted[i][0] == attempted[i][1])
                continue;
            held.items[i].wanted = attempted[i][k];
            hr = held_change(&held.items[i], &session);
            if (hr != E_ACCESSDENIED)
            {
                printf("%s to %d: %#lx\n", held_name(&held.items[i]), attempted[i][k], hr);
                wrong++;
            }
        }
    agent_session_close(&session);
    return wrong;
}

static unsigned int try_napctl(void)
{
    static const WCHAR *const commands[] = {L"enforcement enable 79617",
            L"enforcement disable 79617", L"ras add Home", L"ras remove \"Soak 0\"",
            L"ras patterns nic*", L"ras patterns --clear", L"rras add --user eve",
            L"rras remove --match-port SOAK0-1", L"rras enable", L"rras disable"};
    unsigned int i, wrong = 0;

    for (i = 0; i < ARRAYSIZE(commands); i++)
        wrong += !napctl_fails(commands[i], "only an administrator may do this (0x80070005)");
    return wrong;
}

/* The keys that Wine itself lets anybody write, past the agent: it does not guard the registry. */
static unsigned int try_registry(void)
{
    static const WCHAR *const keys[] = {AGENT_PARAMETERS_KEY, AGENT_SERVICE_KEY L"\\Qecs\\79617",
            AGENT_SERVICE_KEY L"\\Rras", AGENT_SERVICE_KEY L"\\Ras", AGENT_SERVICE_KEY};
    unsigned int i, open = 0;
    HKEY key;

    for (i = 0; i < ARRAYSIZE(keys); i++)
        if (!RegOpenKeyExW(HKEY_LOCAL_MACHINE, keys[i], 0, KEY_SET_VALUE, &key))
        {
            RegCloseKey(key);
            open++;
        }
    return open;
}

static int try_all(void)
{
    unsigned int messages, commands;

    if (is_administrator())
        return 97;
    messages = try_messages();
    commands = try_napctl();
    printf("a non-administrator: %u messages and %u commands are not refused; Wine itself lets it "
           "write %u of 5 keys of the service in the registry\n",
            messages, commands, try_registry());
    fflush(stdout);
    return (int)(messages + commands);
}

static void check_rights(void)
{
    struct held held = {.count = 0};
    struct agent_session session;
    unsigned int i, kept = 0;
    DWORD code;

    if (FAILED(agent_session_open(&session, true)))
        die("the agent is not there");
    add_attempts(&held);
    for (i = 0; i < held.count; i++)
    {
        held.items[i].wanted = held.items[i].state || held.items[i].kind >= HELD_PATTERNS;
        held.items[i].state = 0;
        if (held.items[i].wanted && FAILED(held_change(&held.items[i], &session)))
            die("%s cannot be made", held_name(&held.items[i]));
    }
    code = run_without_rights(L"try");
    check(code != 97 && is_administrator(), "the other is no administrator, and we are", "%lu",
            code);
    check(!code, "it is refused everywhere", "%lu times not", code);
    if (FAILED(held_read(&held, &session)))
        die("the agent does not say what it has");
    for (i = 0; i < held.count; i++)
        kept += held.items[i].found == held.items[i].state;
    check(kept == held.count, "and has changed nothing", "%u of %u", kept, held.count);
    for (i = 0; i < held.count; i++) /* for the next test */
        if (held.items[i].state && held.items[i].kind != HELD_PATTERNS)
        {
            held.items[i].wanted = 0;
            held_change(&held.items[i], &session);
        }
    agent_session_close(&session);
}

int main(int argc, char **argv)
{
    if (argc > 1 && !strcmp(argv[1], "serve"))
        return be_squatter(true);
    if (argc > 1 && !strcmp(argv[1], "claim"))
        return be_squatter(false);
    CoInitializeEx(NULL, COINIT_MULTITHREADED);
    if (argc > 1 && !strcmp(argv[1], "try"))
        return try_all();
    if (!open_stage() || !agent_start())
        die("there is no agent");
    check_rights();
    check_squatted(true);
    check_squatted(false);
    return checks_failed();
}
