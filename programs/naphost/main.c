/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * naphost: the process in which one system health validator runs. Validators are foreign code:
 * what hangs, crashes or leaks here costs nobody else anything, and whoever started this process
 * may kill it.
 *
 *     naphost.exe {CLSID} ID
 *
 * Each message on standard input is a VALIDATE of libs/napipc, and is answered on standard output,
 * one after the other. The end of the input is the end of the process.
 */
#include <stdbool.h>
#include <stdio.h>
#include <wchar.h>

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

static int serve(struct shvhost *host, HANDLE input, HANDLE output)
{
    static struct napipc_message request, reply;
    const char *why = "no request to a host";
    size_t written;
    DWORD size;

    while (read_frame(input, &size))
    {
        if (napipc_decode(frame, size < sizeof(frame) ? size : sizeof(frame), &request, NULL, &why)
                        != NAPIPC_OK
                || request.type != NAPIPC_VALIDATE)
        {
            log_event(LOG_ERROR, 0, "refused-input", "a bad frame: %s", why);
            return 1;
        }
        reply.type = NAPIPC_VALIDATE | NAPIPC_REPLY;
        reply.call = request.call;
        reply.status = S_OK;
        shvhost_validate(host, &request.validate, &reply.validate_reply);
        if (napipc_encode(&reply, frame, sizeof(frame), &written) != NAPIPC_OK
                || !write_bytes(output, frame, (DWORD)written))
            return 1;
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
    struct shvhost *host = NULL;
    HANDLE input, output;
    WCHAR *end = NULL;
    unsigned long id;
    CLSID clsid;
    UINT code;

    log_name("naphost");
    if (argc != 3 || FAILED(CLSIDFromString(argv[1], &clsid)) || !(id = wcstoul(argv[2], &end, 10))
            || *end)
    {
        fputs("usage: naphost {CLSID} ID: asks this validator what comes on standard input\n",
                stderr);
        return 2;
    }
    /* A crash ends the process at once, without a window. */
    SetErrorMode(SEM_FAILCRITICALERRORS | SEM_NOGPFAULTERRORBOX | SEM_NOOPENFILEERRORBOX);
    SetUnhandledExceptionFilter(end_at_once);
    if (take_handles(&input, &output) && SUCCEEDED(CoInitializeEx(NULL, COINIT_MULTITHREADED)))
        host = shvhost_create(&clsid, id);
    code = host ? serve(host, input, output) : 1;
    /* Neither threads of the validator that hang nor a DllMain that hangs keep the process. */
    TerminateProcess(GetCurrentProcess(), code);
    return (int)code;
}
