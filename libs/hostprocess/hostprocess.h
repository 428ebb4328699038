/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * A process of naphost, and the pipe to its standard input and output. Each waits no longer than
 * its caller says, so a process that hangs costs nobody more than that.
 */
#ifndef WINE_NAP_HOSTPROCESS_H
#define WINE_NAP_HOSTPROCESS_H

#include <stdbool.h>
#include <windows.h>

struct host_process
{
    HANDLE process; /* NULL: there is none */
    HANDLE pipe;    /* overlapped; the other end is its standard input and output */
    HANDLE event;   /* of the operation that has begun */
    DWORD id;
    ULONGLONG started;      /* GetTickCount64() */
    unsigned int bits;      /* its bitness */
    WCHAR server[MAX_PATH]; /* what runs the class: a DLL, or a command; empty: it is not known */
};

/* Starts naphost for the class of the component `id`, in the bitness that its class is registered
 * for: as an in-process server, else as a local one. A class that is registered for neither is
 * tried in our own bitness. Returns a Win32 error, ERROR_FILE_NOT_FOUND if that naphost.exe is
 * not installed. Its standard error is `errors`; NULL: it has none, nor a console. `bits` and
 * `server` are set in any case, and stay after the end. */
DWORD host_process_start(struct host_process *host, const CLSID *clsid, DWORD id, HANDLE errors);

/*
 * Writes a frame and reads the next one into `frame`, until GetTickCount64() is `limit` or the
 * event `stop` is set. Returns a Win32 error: ERROR_TIMEOUT, ERROR_OPERATION_ABORTED,
 * ERROR_INVALID_DATA for an answer that is no frame; any other: the process has ended. After an
 * error the pipe is not usable.
 */
DWORD host_process_exchange(struct host_process *host, HANDLE stop, ULONGLONG limit, BYTE *frame,
        DWORD size, DWORD capacity, DWORD *received);

/* Ends it: at once, or, with `orderly`, by the end of its input, if it does that in time. Accepts
 * a zeroed struct. */
void host_process_end(struct host_process *host, bool orderly);

#endif
