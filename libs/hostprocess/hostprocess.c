/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Processes of naphost; see hostprocess.h.
 *
 * The pipe has a name that nobody can guess, and one instance, whose other end is opened before the
 * process starts. So no other process ever has it.
 */
#include "libs/hostprocess/hostprocess.h"

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

/* Is the class registered in that view of the registry, as that kind of server? *server, of
 * MAX_PATH characters, is what runs it: a DLL, or the command of a program. */
static bool has_server(const CLSID *clsid, const WCHAR *kind, REGSAM view, WCHAR *server)
{
    DWORD size = (MAX_PATH - 1) * sizeof(WCHAR);
    WCHAR path[96], text[39];
    HKEY key;

    StringFromGUID2(clsid, text, ARRAYSIZE(text));
    swprintf(path, ARRAYSIZE(path), L"Software\\Classes\\CLSID\\%ls\\%ls", text, kind);
    if (RegOpenKeyExW(HKEY_LOCAL_MACHINE, path, 0, KEY_READ | view, &key))
        return false;
    memset(server, 0, MAX_PATH * sizeof(WCHAR));
    if (RegQueryValueExW(key, NULL, NULL, NULL, (BYTE *)server, &size))
        server[0] = 0;
    RegCloseKey(key);
    return true;
}

/* Finds what runs the class. Does it need a process of the other bitness? */
static bool needs_other_size(const CLSID *clsid, WCHAR *server)
{
    static const WCHAR *const kinds[] = {L"InprocServer32", L"LocalServer32"};
    REGSAM own = sizeof(void *) == 8 ? KEY_WOW64_64KEY : KEY_WOW64_32KEY,
           other = own ^ KEY_WOW64_64KEY ^ KEY_WOW64_32KEY;
    unsigned int i;

    for (i = 0; i < ARRAYSIZE(kinds); i++)
    {
        if (has_server(clsid, kinds[i], own, server))
            return false;
        if (has_server(clsid, kinds[i], other, server))
            return true;
    }
    return false;
}

/* The folder of the other bitness: from a 64-bit process and from a 32-bit one. */
static UINT other_folder(WCHAR *path, UINT size)
{
    static const WCHAR name[] = L"\\sysnative";
    UINT length;

    if (sizeof(void *) == 8)
        return GetSystemWow64DirectoryW(path, size);
    length = GetWindowsDirectoryW(path, size - ARRAYSIZE(name));
    if (!length || length >= size - ARRAYSIZE(name))
        return 0;
    wcscpy(path + length, name);
    return length + ARRAYSIZE(name) - 1;
}

/* naphost.exe is beside this program; that of the other bitness is in the system's folder. */
static DWORD find_naphost(struct host_process *host, const CLSID *clsid, WCHAR path[MAX_PATH])
{
    static const WCHAR name[] = L"\\naphost.exe";
    bool other = needs_other_size(clsid, host->server);
    WCHAR *end;
    UINT length;

    host->bits = (sizeof(void *) == 8) != other ? 64 : 32;
    if (other)
        length = other_folder(path, MAX_PATH - ARRAYSIZE(name));
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
static DWORD start_process(
        WCHAR *command, STARTUPINFOEXW *startup, PROCESS_INFORMATION *information)
{
    DWORD flags =
            EXTENDED_STARTUPINFO_PRESENT | (startup->StartupInfo.hStdError ? 0 : DETACHED_PROCESS);
    DWORD error = ERROR_INTERNAL_ERROR;
    int i;

    for (i = 0; i < STARTS_MAX && error == ERROR_INTERNAL_ERROR; i++)
        error = CreateProcessW(NULL, command, NULL, NULL, TRUE, flags, NULL, NULL,
                        &startup->StartupInfo, information)
                        ? 0
                        : GetLastError();
    return error;
}

/* The same; it inherits its standard handles, and no other: foreign code must not reach what else
 * this process has inherited or opened. */
static DWORD start_alone(WCHAR *command, STARTUPINFOEXW *startup, PROCESS_INFORMATION *information)
{
    STARTUPINFOW *standard = &startup->StartupInfo;
    HANDLE handles[3] = {standard->hStdInput, standard->hStdOutput, standard->hStdError};
    union
    {
        BYTE bytes[128];
        void *alignment;
    } list;
    SIZE_T size = sizeof(list);
    DWORD error;

    startup->lpAttributeList = (LPPROC_THREAD_ATTRIBUTE_LIST)list.bytes;
    if (!InitializeProcThreadAttributeList(startup->lpAttributeList, 1, 0, &size))
        return GetLastError();
    if (UpdateProcThreadAttribute(startup->lpAttributeList, 0, PROC_THREAD_ATTRIBUTE_HANDLE_LIST,
                handles, (handles[2] ? 3 : 2) * sizeof(*handles), NULL, NULL))
        error = start_process(command, startup, information);
    else
        error = GetLastError();
    DeleteProcThreadAttributeList(startup->lpAttributeList);
    return error;
}

/* Another handle of the same, for a child process; NULL on failure. */
static HANDLE inheritable(HANDLE handle)
{
    HANDLE own = GetCurrentProcess(), copy;

    return DuplicateHandle(own, handle, own, &copy, 0, TRUE, DUPLICATE_SAME_ACCESS) ? copy : NULL;
}

/* Starts it with the end of the pipe as its standard input and, by a handle of its own, as its
 * standard output: it closes both. */
static DWORD start_with(HANDLE end, HANDLE errors, WCHAR *command, PROCESS_INFORMATION *information)
{
    STARTUPINFOEXW startup = {
            .StartupInfo = {.cb = sizeof(startup), .dwFlags = STARTF_USESTDHANDLES}};
    STARTUPINFOW *standard = &startup.StartupInfo;
    DWORD error = ERROR_NOT_ENOUGH_MEMORY;

    standard->hStdInput = end;
    standard->hStdOutput = inheritable(end);
    standard->hStdError = errors ? inheritable(errors) : NULL;
    if (standard->hStdOutput)
    {
        error = start_alone(command, &startup, information);
        CloseHandle(standard->hStdOutput);
    }
    if (standard->hStdError)
        CloseHandle(standard->hStdError);
    return error;
}

DWORD host_process_start(struct host_process *host, const CLSID *clsid, DWORD id, HANDLE errors)
{
    WCHAR path[MAX_PATH], command[MAX_PATH + 64], text[39];
    PROCESS_INFORMATION information;
    HANDLE end = NULL;
    DWORD error;

    memset(host, 0, sizeof(*host));
    if ((error = find_naphost(host, clsid, path)))
        return error;
    if (!(host->event = CreateEventW(NULL, TRUE, FALSE, NULL)))
        return GetLastError();
    StringFromGUID2(clsid, text, ARRAYSIZE(text));
    swprintf(command, ARRAYSIZE(command), L"\"%ls\" %ls %lu", path, text, id);
    if (!(error = make_pipe(&host->pipe, &end)))
    {
        error = start_with(end, errors, command, &information);
        CloseHandle(end);
    }
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
    host->pipe = host->process = host->event = NULL;
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
