/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Processes of naphost; see host_process.h.
 *
 * The pipe has a name that nobody can guess, and one instance, whose other end is opened before the
 * process starts. So no other process ever has it.
 */
#include "programs/napserver/host_process.h"

#include <objbase.h>
#include <stdio.h>
#include <string.h>
#include <wchar.h>

#include "libs/napipc/napipc.h"

#define PIPE_BUFFER 65536 /* bytes */
#define END_TIMEOUT 1000  /* ms for an orderly end */
#define LAST_WORDS 200    /* ms in which what a process wrote arrives after its end */
#define STARTS_MAX 5      /* see start_process() */

/* ---- which naphost.exe ---- */

/* Is the class registered in that view of the registry, as that kind of server? */
static bool has_server(const CLSID *clsid, const WCHAR *kind, REGSAM view)
{
    WCHAR path[96], text[39];
    HKEY key;

    StringFromGUID2(clsid, text, ARRAYSIZE(text));
    swprintf(path, ARRAYSIZE(path), L"Software\\Classes\\CLSID\\%ls\\%ls", text, kind);
    if (RegOpenKeyExW(HKEY_LOCAL_MACHINE, path, 0, KEY_READ | view, &key))
        return false;
    RegCloseKey(key);
    return true;
}

/* Does the class need a 32-bit process, unlike this one? */
static bool needs_other_size(const CLSID *clsid)
{
    static const WCHAR *const kinds[] = {L"InprocServer32", L"LocalServer32"};
    unsigned int i;

    if (sizeof(void *) == 4)
        return false;
    for (i = 0; i < ARRAYSIZE(kinds); i++)
    {
        if (has_server(clsid, kinds[i], KEY_WOW64_64KEY))
            return false;
        if (has_server(clsid, kinds[i], KEY_WOW64_32KEY))
            return true;
    }
    return false;
}

/* naphost.exe is beside this program; that of the other word size is in syswow64. */
static DWORD find_naphost(const CLSID *clsid, WCHAR path[MAX_PATH])
{
    static const WCHAR name[] = L"\\naphost.exe";
    WCHAR *end;
    UINT length;

    if (needs_other_size(clsid))
        length = GetSystemWow64DirectoryW(path, MAX_PATH - ARRAYSIZE(name));
    else
    {
        length = GetModuleFileNameW(NULL, path, MAX_PATH - ARRAYSIZE(name));
        if (length && (end = wcsrchr(path, '\\')))
            length = (UINT)(end - path);
    }
    if (!length || length >= MAX_PATH - ARRAYSIZE(name))
        return ERROR_FILE_NOT_FOUND;
    wcscpy(path + length, name);
    return GetFileAttributesW(path) == INVALID_FILE_ATTRIBUTES ? ERROR_FILE_NOT_FOUND : 0;
}

/* ---- the pipe and the process ---- */

/* Makes the pipe; *end is its other end, which child processes inherit. */
static DWORD make_pipe(HANDLE *pipe, HANDLE *end)
{
    SECURITY_ATTRIBUTES inherited = {sizeof(inherited), NULL, TRUE};
    WCHAR name[64], text[39];
    GUID guid;
    DWORD error;

    if (FAILED(CoCreateGuid(&guid)))
        return ERROR_NOT_ENOUGH_MEMORY;
    StringFromGUID2(&guid, text, ARRAYSIZE(text));
    swprintf(name, ARRAYSIZE(name), L"\\\\.\\pipe\\napserver-%ls", text);
    *pipe = CreateNamedPipeW(name,
            PIPE_ACCESS_DUPLEX | FILE_FLAG_OVERLAPPED | FILE_FLAG_FIRST_PIPE_INSTANCE,
            PIPE_TYPE_BYTE | PIPE_READMODE_BYTE | PIPE_WAIT, 1, PIPE_BUFFER, PIPE_BUFFER, 0, NULL);
    if (*pipe == INVALID_HANDLE_VALUE)
    {
        *pipe = NULL;
        return GetLastError();
    }
    *end = CreateFileW(name, GENERIC_READ | GENERIC_WRITE, 0, &inherited, OPEN_EXISTING, 0, NULL);
    if (*end != INVALID_HANDLE_VALUE)
        return 0;
    error = GetLastError();
    CloseHandle(*pipe);
    *pipe = *end = NULL;
    return error;
}

/* On a busy machine Wine answers one start in ten thousand with ERROR_INTERNAL_ERROR: the new
 * process died before its first instruction. */
static DWORD start_process(WCHAR *command, STARTUPINFOW *startup, PROCESS_INFORMATION *information)
{
    DWORD error = ERROR_INTERNAL_ERROR;
    int i;

    for (i = 0; i < STARTS_MAX && error == ERROR_INTERNAL_ERROR; i++)
        error = CreateProcessW(NULL, command, NULL, NULL, TRUE, 0, NULL, NULL, startup, information)
                        ? 0
                        : GetLastError();
    return error;
}

/* Starts it with the end of the pipe as its standard input and, by a handle of its own, as its
 * standard output: it closes both. */
static DWORD start_with(HANDLE end, WCHAR *command, PROCESS_INFORMATION *information)
{
    STARTUPINFOW startup = {.cb = sizeof(startup), .dwFlags = STARTF_USESTDHANDLES};
    DWORD error;

    startup.hStdInput = end;
    startup.hStdError = GetStdHandle(STD_ERROR_HANDLE);
    if (!DuplicateHandle(GetCurrentProcess(), end, GetCurrentProcess(), &startup.hStdOutput, 0,
                TRUE, DUPLICATE_SAME_ACCESS))
        return GetLastError();
    error = start_process(command, &startup, information);
    CloseHandle(startup.hStdOutput);
    return error;
}

DWORD host_process_start(struct host_process *host, const CLSID *clsid, DWORD id)
{
    /* While another thread starts a process, that one would inherit this one's pipe. */
    static SRWLOCK starting = SRWLOCK_INIT;
    WCHAR path[MAX_PATH], command[MAX_PATH + 64], text[39];
    PROCESS_INFORMATION information;
    HANDLE end = NULL;
    DWORD error;

    memset(host, 0, sizeof(*host));
    if ((error = find_naphost(clsid, path)))
        return error;
    if (!(host->event = CreateEventW(NULL, TRUE, FALSE, NULL)))
        return GetLastError();
    StringFromGUID2(clsid, text, ARRAYSIZE(text));
    swprintf(command, ARRAYSIZE(command), L"\"%ls\" %ls %lu", path, text, id);
    AcquireSRWLockExclusive(&starting);
    if (!(error = make_pipe(&host->pipe, &end)))
    {
        error = start_with(end, command, &information);
        CloseHandle(end);
    }
    ReleaseSRWLockExclusive(&starting);
    if (error)
    {
        host_process_end(host, false);
        return error;
    }
    CloseHandle(information.hThread);
    host->process = information.hProcess;
    host->id = information.dwProcessId;
    host->started = GetTickCount64();
    return 0;
}

void host_process_end(struct host_process *host, bool orderly)
{
    if (host->pipe)
        CloseHandle(host->pipe);
    if (host->process)
    {
        if (!orderly || WaitForSingleObject(host->process, END_TIMEOUT) != WAIT_OBJECT_0)
            TerminateProcess(host->process, 1);
        CloseHandle(host->process);
    }
    if (host->event)
        CloseHandle(host->event);
    memset(host, 0, sizeof(*host));
}

/* ---- frames ---- */

static DWORD time_left(ULONGLONG limit)
{
    ULONGLONG now = GetTickCount64();

    return limit <= now ? 0 : (DWORD)(limit - now);
}

/* Waits for the operation that was started with `error`. */
static DWORD finish(struct host_process *host, HANDLE stop, ULONGLONG limit, OVERLAPPED *overlapped,
        DWORD error, DWORD *count)
{
    HANDLE handles[3] = {host->event, stop, host->process};
    DWORD which;

    *count = 0;
    if (error && error != ERROR_IO_PENDING)
        return error;
    which = error ? WaitForMultipleObjects(3, handles, FALSE, time_left(limit)) : WAIT_OBJECT_0;
    /* What the process wrote before its end may still arrive. */
    if (which == WAIT_OBJECT_0 + 2 && WaitForSingleObject(host->event, LAST_WORDS) == WAIT_OBJECT_0)
        which = WAIT_OBJECT_0;
    if (which != WAIT_OBJECT_0)
        CancelIoEx(host->pipe, overlapped);
    if (GetOverlappedResult(host->pipe, overlapped, count, TRUE))
        return 0;
    if (which == WAIT_OBJECT_0)
        return GetLastError();
    if (which == WAIT_OBJECT_0 + 1)
        return ERROR_OPERATION_ABORTED;
    return which == WAIT_TIMEOUT ? ERROR_TIMEOUT : ERROR_BROKEN_PIPE;
}

static DWORD write_bytes(
        struct host_process *host, HANDLE stop, ULONGLONG limit, const BYTE *from, DWORD size)
{
    DWORD error = 0, count;

    for (; size && !error; from += count, size -= count)
    {
        OVERLAPPED overlapped = {.hEvent = host->event};

        error = WriteFile(host->pipe, from, size, NULL, &overlapped) ? 0 : GetLastError();
        error = finish(host, stop, limit, &overlapped, error, &count);
    }
    return error;
}

static DWORD read_bytes(
        struct host_process *host, HANDLE stop, ULONGLONG limit, BYTE *to, DWORD size)
{
    DWORD error = 0, count;

    for (; size && !error; to += count, size -= count)
    {
        OVERLAPPED overlapped = {.hEvent = host->event};

        error = ReadFile(host->pipe, to, size, NULL, &overlapped) ? 0 : GetLastError();
        error = finish(host, stop, limit, &overlapped, error, &count);
        if (!error && !count)
            error = ERROR_BROKEN_PIPE;
    }
    return error;
}

DWORD host_process_exchange(struct host_process *host, HANDLE stop, ULONGLONG limit, BYTE *frame,
        DWORD size, DWORD capacity, DWORD *received)
{
    DWORD error = write_bytes(host, stop, limit, frame, size);

    if (!error)
        error = read_bytes(host, stop, limit, frame, NAPIPC_HEADER_SIZE);
    if (error)
        return error;
    *received = frame[0] | frame[1] << 8 | frame[2] << 16 | (DWORD)frame[3] << 24;
    if (*received < NAPIPC_HEADER_SIZE || *received > capacity)
        return ERROR_INVALID_DATA;
    return read_bytes(
            host, stop, limit, frame + NAPIPC_HEADER_SIZE, *received - NAPIPC_HEADER_SIZE);
}
