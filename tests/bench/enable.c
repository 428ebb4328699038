/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * The cost of an acknowledged change: the agent writes it to the disk before it answers.
 */
#include "pipe.h"

#include <string.h>

#include "libs/napclient/napclient.h"

#define ID 79623
#define ROUNDS 40
#define RECORD 79 /* bytes that the journal gets for the change */

#define CAPACITY 65536 /* bytes of the file that does not grow */

/* Two files of our own: one grows with each record, the other was written with zeros first. */
static HANDLE growing, fixed;
static DWORD used; /* bytes of the latter */

static HANDLE create_file(const WCHAR *name)
{
    WCHAR path[MAX_PATH];
    HANDLE file;

    GetSystemWindowsDirectoryW(path, MAX_PATH - 64);
    wcscat(path, sizeof(void *) == 8 ? L"\\system32\\config\\" : L"\\sysnative\\config\\");
    wcscat(path, name);
    file = CreateFileW(
            path, GENERIC_WRITE, 0, NULL, CREATE_ALWAYS, FILE_FLAG_DELETE_ON_CLOSE, NULL);
    if (file == INVALID_HANDLE_VALUE)
        die("%ls cannot be made: error %lu", path, GetLastError());
    return file;
}

/* Writes where the last write ended, and waits for the disk. */
static UINT64 write_and_flush(HANDLE file, DWORD size)
{
    static const char bytes[CAPACITY];
    UINT64 begun = now_ns();
    DWORD written;

    if (!WriteFile(file, bytes, size, &written, NULL) || written != size || !FlushFileBuffers(file))
        die("a bare file cannot be flushed: error %lu", GetLastError());
    return now_ns() - begun;
}

static UINT64 flush_growing_file(void)
{
    return write_and_flush(growing, RECORD);
}

static UINT64 flush_fixed_file(void)
{
    if (used + RECORD > CAPACITY)
    {
        used = 0;
        SetFilePointer(fixed, 0, NULL, FILE_BEGIN);
    }
    used += RECORD;
    return write_and_flush(fixed, RECORD);
}

/* The least that an acknowledged change needs: a message, its answer, and a write to the disk. */
static UINT64 flush_and_echo(struct sizes sizes)
{
    return flush_fixed_file() + raw_echo(sizes);
}

static UINT64 set_enabled(struct agent_session *session, bool enabled)
{
    struct napipc_message request = {.type = NAPIPC_SET_ENABLED};
    UINT64 begun = now_ns(), took;
    HRESULT hr;

    request.set_enabled.kind = NAPIPC_ENFORCEMENT_CLIENT;
    request.set_enabled.id = ID;
    request.set_enabled.enabled = enabled;
    hr = agent_session_call(session, &request, NULL);
    took = now_ns() - begun;
    must(hr, "SetEnabled");
    return took;
}

/* The registry has it too. */
static void check_enabled(bool enabled)
{
    DWORD found = 2, size = sizeof(found);

    if (RegGetValueW(HKEY_LOCAL_MACHINE, AGENT_SERVICE_KEY L"\\Qecs\\79623", L"Enabled",
                RRF_RT_REG_DWORD, NULL, &found, &size)
            || found != enabled)
        die("the enforcement client is not %s", enabled ? "enabled" : "disabled");
}

void bench_enable(unsigned int runs, struct figure *against_flush, struct figure *against_both)
{
    struct napipc_message there = {.type = NAPIPC_SET_ENABLED,
                                  .set_enabled = {.kind = NAPIPC_ENFORCEMENT_CLIENT, .id = ID}},
                          back = {.type = NAPIPC_SET_ENABLED | NAPIPC_REPLY};
    struct sizes sizes = {frame_size(&there), frame_size(&back)};
    struct agent_session session;
    unsigned int run, i;
    bool enabled = true;

    growing = create_file(L"napagent-bench-growing");
    fixed = create_file(L"napagent-bench-fixed");
    used = CAPACITY;
    write_and_flush(fixed, CAPACITY);
    must(agent_session_open(&session, true), "opening a session");
    set_enabled(&session, enabled);
    for (run = 0; run < runs; run++)
    {
        for (i = 0; i < ROUNDS; i++)
        {
            UINT64 flush = i % 2 ? flush_growing_file() : 0, own;
            UINT64 both = i % 2 ? flush_and_echo(sizes) : 0;

            own = set_enabled(&session, enabled = !enabled);
            figure_add(against_flush, own, i % 2 ? flush : flush_growing_file());
            figure_add(against_both, own, i % 2 ? both : flush_and_echo(sizes));
            check_enabled(enabled);
        }
        figure_end_run(against_flush);
        figure_end_run(against_both);
    }
    agent_session_close(&session);
    CloseHandle(growing);
    CloseHandle(fixed);
}
