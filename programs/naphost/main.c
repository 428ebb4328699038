/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * naphost: the process in which one class of a component runs: a system health validator, or what
 * shows a component's names and texts. That is foreign code: what hangs, crashes or leaks here
 * costs nobody else anything, and whoever started this process may kill it.
 *
 *     naphost.exe {CLSID} ID
 *
 * Each message on standard input is a VALIDATE of libs/napipc, or each is a COMPONENT_INFO or
 * COMPONENT_CONFIG, and is answered on standard output, one after the other. The end of the input
 * is the end of the process.
 */
#include <stdbool.h>
#include <stdio.h>
#include <wchar.h>

#include "libs/infohost/infohost.h"
#include "libs/log/log.h"
#include "libs/napipc/napipc.h"
#include "libs/shvhost/shvhost.h"

static BYTE frame[NAPIPC_MAX_FRAME];

/* False: the input has ended before `size` bytes. */
static bool read_bytes(HANDLE input, BYTE *to, DWORD size)
{
    DWORD count;

    for (; size; to += count, size -= count)
        if (!ReadFile(input, to, size, &count, NULL) || !count)
            return false;
    return true;
}

static bool write_bytes(HANDLE output, const BYTE *from, DWORD size)
{
    DWORD count;

    for (; size; from += count, size -= count)
        if (!WriteFile(output, from, size, &count, NULL))
            return false;
    return true;
}

/* Reads one frame: its first four bytes are its size. */
static bool read_frame(HANDLE input, DWORD *size)
{
    if (!read_bytes(input, frame, NAPIPC_HEADER_SIZE))
        return false;
    *size = frame[0] | frame[1] << 8 | frame[2] << 16 | (DWORD)frame[3] << 24;
    if (*size < NAPIPC_HEADER_SIZE || *size > sizeof(frame))
        return true; /* napipc_decode() says why it is bad */
    return read_bytes(input, frame + NAPIPC_HEADER_SIZE, *size - NAPIPC_HEADER_SIZE);
}

/* ---- a validator ---- */

static struct shvhost *validator;

static HRESULT begin_validator(const CLSID *clsid, unsigned long id)
{
    HRESULT hr = CoInitializeEx(NULL, COINIT_MULTITHREADED);

    if (SUCCEEDED(hr) && !(validator = shvhost_create(clsid, id)))
        hr = E_OUTOFMEMORY;
    return hr;
}

/* ---- what a component says ---- */

#define ANSWER_TIMEOUT 60000 /* ms; by then nobody waits for it any more */

/* Whoever started this process may be gone, and cannot kill it if it hangs. */
static DWORD WINAPI end_late(void *context)
{
    SetEvent(context);
    Sleep(ANSWER_TIMEOUT);
    TerminateProcess(GetCurrentProcess(), 1);
    return 0;
}

/* The thread runs before any DLL of others is loaded: one that hangs in DllMain keeps new threads
 * from their beginning. */
static HRESULT begin_component(void)
{
    HANDLE runs = CreateEventW(NULL, TRUE, FALSE, NULL), thread = NULL;

    if (runs && (thread = CreateThread(NULL, 0, end_late, runs, 0, NULL)))
    {
        WaitForSingleObject(runs, INFINITE);
        CloseHandle(thread);
    }
    if (runs)
        CloseHandle(runs);
    if (!thread)
        return E_OUTOFMEMORY;
    return CoInitializeEx(NULL, COINIT_APARTMENTTHREADED);
}

/* ---- requests ---- */

struct component
{
    CLSID clsid;
    unsigned long id;
    bool begun;
};

/* The first request says what this process is for. */
static HRESULT begin(struct component *component, uint16_t type)
{
    if (component->begun)
        return S_OK;
    component->begun = true;
    return type == NAPIPC_VALIDATE ? begin_validator(&component->clsid, component->id)
                                   : begin_component();
}

/* False: the request is none to this process. */
static bool answer(const struct component *component, const struct napipc_message *request,
        struct napipc_message *reply)
{
    reply->type = request->type | NAPIPC_REPLY;
    reply->call = request->call;
    reply->status = S_OK;
    if ((request->type == NAPIPC_VALIDATE) != (validator != NULL))
        return false;
    if (validator)
        shvhost_validate(validator, &request->validate, &reply->validate_reply);
    else if (request->type == NAPIPC_COMPONENT_INFO)
        reply->status = (uint32_t)infohost_information(&component->clsid, component->id,
                &request->component_info, &reply->component_info_reply);
    else
        reply->status = (uint32_t)infohost_configuration(
                &component->clsid, component->id, &reply->component_config_reply);
    return true;
}

static int refuse(const char *why)
{
    log_event(LOG_ERROR, 0, "refused-input", "a bad frame: %s", why);
    return 1;
}

static int serve(struct component *component, HANDLE input, HANDLE output)
{
    static struct napipc_message request, reply;
    const char *why = NULL;
    size_t written;
    DWORD size;

    while (read_frame(input, &size))
    {
        if (napipc_decode(frame, size < sizeof(frame) ? size : sizeof(frame), &request, NULL, &why)
                != NAPIPC_OK)
            return refuse(why ? why : "of another release");
        if (request.type != NAPIPC_VALIDATE && request.type != NAPIPC_COMPONENT_INFO
                && request.type != NAPIPC_COMPONENT_CONFIG)
            return refuse("no request to a host");
        if (FAILED(begin(component, request.type)))
            return 1;
        if (!answer(component, &request, &reply))
            return refuse("a request of another kind than the first");
        if (napipc_encode(&reply, frame, sizeof(frame), &written) != NAPIPC_OK
                || !write_bytes(output, frame, (DWORD)written))
            return 1;
        infohost_release();
    }
    return 0;
}

/* Takes the standard handles for itself: a validator that prints would write into the answers. */
static bool take_handles(HANDLE *input, HANDLE *output)
{
    HANDLE process = GetCurrentProcess(), standard_input = GetStdHandle(STD_INPUT_HANDLE),
           standard_output = GetStdHandle(STD_OUTPUT_HANDLE);

    if (!DuplicateHandle(process, standard_input, process, input, 0, FALSE, DUPLICATE_SAME_ACCESS)
            || !DuplicateHandle(
                    process, standard_output, process, output, 0, FALSE, DUPLICATE_SAME_ACCESS))
        return false;
    /* The C library closes the handles with its files, and forgets them as standard handles. */
    fclose(stdin);
    fclose(stdout);
    SetStdHandle(STD_INPUT_HANDLE, NULL);
    SetStdHandle(STD_OUTPUT_HANDLE, GetStdHandle(STD_ERROR_HANDLE));
    return true;
}

/* Wine would start a debugger first, which takes seconds. */
static LONG WINAPI end_at_once(EXCEPTION_POINTERS *exception)
{
    TerminateProcess(GetCurrentProcess(), exception->ExceptionRecord->ExceptionCode);
    return EXCEPTION_EXECUTE_HANDLER;
}

int wmain(int argc, WCHAR **argv);

int wmain(int argc, WCHAR **argv)
{
    struct component component = {.id = 0};
    HANDLE input, output;
    WCHAR *end = NULL;
    UINT code = 1;

    log_name("naphost");
    if (argc != 3 || FAILED(CLSIDFromString(argv[1], &component.clsid))
            || !(component.id = wcstoul(argv[2], &end, 10)) || *end)
    {
        fputs("usage: naphost {CLSID} ID: asks this class what comes on standard input\n", stderr);
        return 2;
    }
    /* A crash ends the process at once, without a window. */
    SetErrorMode(SEM_FAILCRITICALERRORS | SEM_NOGPFAULTERRORBOX | SEM_NOOPENFILEERRORBOX);
    SetUnhandledExceptionFilter(end_at_once);
    if (take_handles(&input, &output))
        code = (UINT)serve(&component, input, output);
    /* Neither threads of the class that hang nor a DllMain that hangs keep the process. */
    TerminateProcess(GetCurrentProcess(), code);
    return (int)code;
}
