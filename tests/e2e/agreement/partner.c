/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * The partner processes, as seen by the test's own process.
 */
#include "agreement.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "tests/conformance/process.h"

struct partner enforcers[ENFORCERS], health_agents[HEALTH_AGENTS];

/* Makes a pipe; the partner inherits one end. */
static bool make_pipe(HANDLE *ours, HANDLE *theirs, bool we_read)
{
    SECURITY_ATTRIBUTES inheritable = {sizeof(inheritable), NULL, TRUE};

    if (!CreatePipe(we_read ? ours : theirs, we_read ? theirs : ours, &inheritable, 0))
        return false;
    return SetHandleInformation(*ours, HANDLE_FLAG_INHERIT, 0);
}

bool partner_create(struct partner *partner)
{
    STARTUPINFOW startup = {.cb = sizeof(startup), .dwFlags = STARTF_USESTDHANDLES};
    HANDLE their_input = NULL, their_output = NULL;
    PROCESS_INFORMATION process;
    char line[MAX_PATH + 64];
    bool made = false;

    partner->held = 0;
    partner->process = partner->input = partner->output = NULL;
    snprintf(line, sizeof(line), "\"%s\" %s 0x%08x", partner->program, partner->role,
            (unsigned int)partner->id);
    if (make_pipe(&partner->input, &their_input, false)
            && make_pipe(&partner->output, &their_output, true))
    {
        startup.hStdInput = their_input;
        startup.hStdOutput = their_output;
        startup.hStdError = GetStdHandle(STD_ERROR_HANDLE);
        made = start_process_a(line, TRUE, &startup, &process);
    }
    if (their_input)
        CloseHandle(their_input);
    if (their_output)
        CloseHandle(their_output);
    if (!made)
        return false;
    CloseHandle(process.hThread);
    partner->process = process.hProcess;
    return true;
}

void partner_destroy(struct partner *partner, bool crash)
{
    DWORD code = 1;

    if (!partner->process)
        return;
    if (crash)
        TerminateProcess(partner->process, 1);
    CloseHandle(partner->input);
    if (WaitForSingleObject(partner->process, PATIENCE) != WAIT_OBJECT_0)
    {
        TerminateProcess(partner->process, 1);
        fail("%s %#x does not end", partner->role, (unsigned int)partner->id);
    }
    GetExitCodeProcess(partner->process, &code);
    CloseHandle(partner->output);
    CloseHandle(partner->process);
    partner->process = NULL;
    if (!crash && code)
        fail("%s %#x ended with code %lu", partner->role, (unsigned int)partner->id, code);
}

static void tell_list(struct partner *partner, const char *format, va_list arguments)
{
    char line[LINE_SIZE];
    int size = vsnprintf(line, sizeof(line) - 1, format, arguments);
    DWORD written;

    line[size++] = '\n';
    if (!WriteFile(partner->input, line, (DWORD)size, &written, NULL) || (int)written != size)
        fail("%s %#x is gone before: %.*s", partner->role, (unsigned int)partner->id, size, line);
}

void tell(struct partner *partner, const char *format, ...)
{
    va_list arguments;

    va_start(arguments, format);
    tell_list(partner, format, arguments);
    va_end(arguments);
}

/* Ends the test if an answer is overdue: reading a pipe has no time limit. */
static const struct partner *volatile awaited;
static volatile LONG answers;

static DWORD WINAPI watch(void *unused)
{
    const struct partner *partner;
    LONG before;

    (void)unused;
    for (;;)
    {
        before = answers;
        Sleep(3 * PATIENCE);
        partner = awaited;
        if (partner && before == answers)
            fail("%s %#x does not answer", partner->role, (unsigned int)partner->id);
    }
}

const char *hear(struct partner *partner)
{
    static char line[LINE_SIZE];
    static HANDLE watcher;
    DWORD got;
    char *end;

    if (!watcher)
        watcher = CreateThread(NULL, 0, watch, NULL, 0, NULL);
    awaited = partner;
    while (!(end = memchr(partner->buffer, '\n', partner->held)))
    {
        if (partner->held == sizeof(partner->buffer)
                || !ReadFile(partner->output, partner->buffer + partner->held,
                        (DWORD)(sizeof(partner->buffer) - partner->held), &got, NULL))
            fail("%s %#x is gone", partner->role, (unsigned int)partner->id);
        partner->held += got;
    }
    awaited = NULL;
    InterlockedIncrement(&answers);
    memcpy(line, partner->buffer, end - partner->buffer);
    line[end - partner->buffer] = 0;
    line[strcspn(line, "\r")] = 0;
    partner->held -= end + 1 - partner->buffer;
    memmove(partner->buffer, end + 1, partner->held);
    return line;
}

const char *ask(struct partner *partner, const char *format, ...)
{
    va_list arguments;

    va_start(arguments, format);
    tell_list(partner, format, arguments);
    va_end(arguments);
    return hear(partner);
}

void expect(struct partner *partner, const char *expected, const char *format, ...)
{
    char command[256];
    const char *got;
    va_list arguments;

    va_start(arguments, format);
    vsnprintf(command, sizeof(command), format, arguments);
    va_end(arguments);
    got = ask(partner, "%s", command);
    if (strcmp(got, expected))
        fail("%s %#x, asked '%s', says '%s', not '%s'", partner->role, (unsigned int)partner->id,
                command, got, expected);
}
