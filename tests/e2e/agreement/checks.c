/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Whether health agents, connections and the system agree with the model.
 */
#include "agreement.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "tests/conformance/agent.h"
#include "tests/conformance/process.h"

#define RACE_PATIENCE 300 /* ms without notifications after which a race is over */

static struct follower followers[HEALTH_AGENTS];

void fail(const char *format, ...)
{
    va_list arguments;

    printf("not ok the agreement test: ");
    va_start(arguments, format);
    vprintf(format, arguments);
    va_end(arguments);
    printf("\n");
    fflush(stdout);
    /* The partners end with their input. */
    TerminateProcess(GetCurrentProcess(), 1);
    abort();
}

static void describe(const struct verdict *verdict, char *text)
{
    sprintf(text, "%u %u %llu", verdict->state, verdict->extended, verdict->end);
}

/* ---- health agents ---- */

/* A state that is read in the callback may be newer than the change that caused it, but never
 * older, and never older than one read before. */
static void follow(unsigned int a, const char *states)
{
    struct follower *follower = &followers[a];
    unsigned int at;
    char text[64];

    for (; *states == ';'; states += 1 + strcspn(states + 1, ";"))
    {
        at = follower->first + follower->notified++;
        if (at < follower->position)
            at = follower->position;
        for (;; at++)
        {
            if (at >= model.change_count)
                fail("health agent %u was notified of %.*s, which is no change it could know", a,
                        (int)strcspn(states + 1, ";"), states + 1);
            describe(&model.changes[at], text);
            if (strlen(text) == strcspn(states + 1, ";")
                    && !strncmp(text, states + 1, strlen(text)))
                break;
        }
        follower->position = at;
    }
}

static void check_notified(unsigned int a)
{
    struct follower *follower = &followers[a];
    unsigned int expected = follower->base + model.change_count - follower->first, count;
    const char *text;

    do
    {
        text = ask(&health_agents[a], "notified %u", expected);
        count = (unsigned int)atoi(text);
        if (count != expected)
            fail("health agent %u was notified of %u changes since it is bound, not %u", a, count,
                    expected);
        follow(a, text + strcspn(text, ";"));
    } while (follower->base + follower->notified < expected && strchr(text, ';'));
    if (follower->notified && follower->position != model.change_count - 1)
        fail("health agent %u was not notified of the last change", a);
}

void follower_begin(unsigned int a)
{
    followers[a].first = model.change_count;
    followers[a].base = followers[a].notified = followers[a].position = 0;
}

/* ---- the system ---- */

static void check_management(const char *expected)
{
    INapClientManagement2 *management = management_create();
    struct verdict verdict, verdict_ex;
    BOOL unknown, unknown_ex;
    IsolationInfoEx *info_ex;
    IsolationInfo *info;
    char text[96];
    HRESULT hr;

    if (!management)
        fail("there is no NapClientManagement");
    hr = INapClientManagement2_GetSystemIsolationInfo(management, &info, &unknown);
    if (SUCCEEDED(hr))
        hr = INapClientManagement2_GetSystemIsolationInfoEx(management, &info_ex, &unknown_ex);
    if (FAILED(hr))
        fail("GetSystemIsolationInfo says %#lx", (unsigned long)hr);
    INapClientManagement2_Release(management);
    verdict_read(info, &verdict);
    verdict_read_ex(info_ex, &verdict_ex);
    verdict.extended = verdict_ex.extended; /* the other has no probation */
    if (!verdict_equal(&verdict, &verdict_ex) || unknown != unknown_ex)
        fail("GetSystemIsolationInfo and GetSystemIsolationInfoEx differ");
    CoTaskMemFree(info->failureUrl.string);
    CoTaskMemFree(info);
    CoTaskMemFree(info_ex->failureUrl.string);
    CoTaskMemFree(info_ex);
    describe(&verdict, text);
    sprintf(text + strlen(text), " %d", unknown);
    if (strcmp(text, expected))
        fail("the system is %s, not %s", text, expected);
}

static void check_connections(void)
{
    char text[96];
    int e, c;

    for (e = 0; e < ENFORCERS; e++)
        for (c = 0; c < CONNECTIONS; c++)
            if (model.enforcers[e].connections[c].up && model.enforcers[e].connections[c].decided)
            {
                strcpy(text, "0 ");
                describe(&model.enforcers[e].connections[c].verdict, text + 2);
                expect(&enforcers[e], text, "state %d", c);
            }
}

/* Reads the state in every possible way. */
static void check_states(void)
{
    struct verdict system;
    char text[96] = "0 ";
    bool unknown;
    unsigned int a;

    system = model_system(&unknown);
    describe(&system, text + 2);
    sprintf(text + strlen(text), " %d", unknown);
    check_management(text + 2);
    for (a = 0; a < HEALTH_AGENTS; a++)
        if (model.health[a].bound)
            expect(&health_agents[a], text, "state");
    check_connections();
}

void check_agreement(void)
{
    unsigned int a;
    int e;

    for (a = 0; a < HEALTH_AGENTS; a++)
        if (model.health[a].bound)
            check_notified(a);
    for (e = 0; e < ENFORCERS; e++)
        if (model.enforcers[e].bound)
        {
            char text[16];

            sprintf(text, "%u", model.enforcers[e].notified);
            expect(&enforcers[e], text, "notified %u", model.enforcers[e].notified);
        }
    check_states();
}

/* Reads a health agent's notifications in a race; returns their number, and whether the last is
 * `last`. */
static unsigned int notified_in_race(unsigned int a, const char *last, bool *right)
{
    const char *text, *state;
    unsigned int count;

    do
    {
        text = ask(&health_agents[a], "notified 0");
        count = (unsigned int)atoi(text);
        if ((state = strrchr(text, ';')))
            *right = !strcmp(state + 1, last);
    } while (state);
    return count;
}

void check_agreement_after_race(unsigned int most)
{
    unsigned int notified[HEALTH_AGENTS] = {0}, quiet = 0, a, count, first = HEALTH_AGENTS;
    bool right[HEALTH_AGENTS] = {false}, changed, unknown;
    unsigned int before = model.change_count;
    struct verdict system;
    char last[64];

    model_update();
    changed = model.change_count > before;
    system = model_system(&unknown);
    describe(&system, last);
    for (a = 0; a < HEALTH_AGENTS; a++)
        notified[a] = followers[a].base + followers[a].notified;
    while (quiet < RACE_PATIENCE)
    {
        Sleep(20);
        quiet += 20;
        for (a = 0; a < HEALTH_AGENTS; a++)
            if (model.health[a].bound)
            {
                count = notified_in_race(a, last, &right[a]);
                if (count != notified[a])
                    quiet = 0;
                notified[a] = count;
            }
    }
    for (a = 0; a < HEALTH_AGENTS; a++)
        if (model.health[a].bound)
        {
            count = notified[a] - followers[a].base - followers[a].notified;
            if (first == HEALTH_AGENTS)
                first = a;
            if (count != notified[first] - followers[first].base - followers[first].notified)
                fail("health agents %u and %u were notified of different numbers of changes", first,
                        a);
            if (count > most || (changed && !count))
                fail("health agent %u was notified of %u changes, there were up to %u", a, count,
                        most);
            if (count && !right[a])
                fail("health agent %u was not notified of the last change", a);
        }
    for (a = 0; a < HEALTH_AGENTS; a++)
    {
        followers[a].base = notified[a];
        followers[a].notified = 0;
        followers[a].first = model.change_count;
        followers[a].position = 0;
    }
    check_states();
}

/* ---- napctl ---- */

/* Runs napctl show state --json; its output goes to `text`. */
static void run_napctl(char *text, DWORD size)
{
    SECURITY_ATTRIBUTES inheritable = {sizeof(inheritable), NULL, TRUE};
    STARTUPINFOW startup = {.cb = sizeof(startup), .dwFlags = STARTF_USESTDHANDLES};
    char line[] = "napctl.exe show state --json";
    PROCESS_INFORMATION process;
    DWORD held = 0, got, code = 1;
    HANDLE output;

    if (!CreatePipe(&output, &startup.hStdOutput, &inheritable, 0)
            || !SetHandleInformation(output, HANDLE_FLAG_INHERIT, 0))
        fail("no pipe for napctl: error %lu", GetLastError());
    startup.hStdError = GetStdHandle(STD_ERROR_HANDLE);
    if (!start_process_a(line, TRUE, &startup, &process))
        fail("napctl cannot be run: error %lu", GetLastError());
    CloseHandle(startup.hStdOutput);
    while (held < size - 1 && ReadFile(output, text + held, size - 1 - held, &got, NULL) && got)
        held += got;
    text[held] = 0;
    CloseHandle(output);
    WaitForSingleObject(process.hProcess, PATIENCE);
    GetExitCodeProcess(process.hProcess, &code);
    CloseHandle(process.hProcess);
    CloseHandle(process.hThread);
    if (code)
        fail("napctl show state --json ended with code %lu", code);
}

void check_napctl(void)
{
    static const char *const names[] = {"?", "not restricted", "in probation", "restricted access"};
    static char text[0x10000];
    const char *isolation, *state, *unknown_line;
    struct verdict system;
    unsigned int ups = 0, e, c;
    char expected[64];
    bool unknown;

    run_napctl(text, sizeof(text));
    system = model_system(&unknown);
    for (e = 0; e < ENFORCERS; e++)
        for (c = 0; c < CONNECTIONS; c++)
            ups += model.enforcers[e].connections[c].up;
    isolation = strstr(text, "\"isolation\": {");
    state = isolation ? strstr(isolation, "\"state\": \"") : NULL;
    if (!state || strncmp(state + 10, names[system.state], strlen(names[system.state])))
        fail("napctl does not say that the system is %s", names[system.state]);
    sprintf(expected, "\"unknownConnections\": %s,", unknown ? "true" : "false");
    unknown_line = strstr(text, expected);
    if (!unknown_line)
        fail("napctl does not say %s", expected);
    sprintf(expected, "\"connections\": %u,", ups);
    if (!strstr(text, expected))
        fail("napctl does not say %s", expected);
}
