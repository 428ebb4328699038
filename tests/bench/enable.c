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

static HANDLE bare;

/* Appends a record to a file of our own and flushes it. */
static UINT64 flush_bare_file(void)
{
    static const char record[RECORD];
    UINT64 begun = now_ns();
    DWORD written;

    if (!WriteFile(bare, record, sizeof(record), &written, NULL) || written != sizeof(record)
            || !FlushFileBuffers(bare))
        die("a bare file cannot be flushed: error %lu", GetLastError());
    return now_ns() - begun;
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

void bench_enable(unsigned int runs, struct figure *figure)
{
    struct agent_session session;
    WCHAR name[MAX_PATH];
    unsigned int run, i;
    bool enabled = true;

    GetSystemWindowsDirectoryW(name, MAX_PATH - 64);
    wcscat(name, sizeof(void *) == 8 ? L"\\system32\\config" : L"\\sysnative\\config");
    wcscat(name, L"\\napagent-bench");
    bare = CreateFileW(
            name, GENERIC_WRITE, 0, NULL, CREATE_ALWAYS, FILE_FLAG_DELETE_ON_CLOSE, NULL);
    if (bare == INVALID_HANDLE_VALUE)
        die("%ls cannot be made: error %lu", name, GetLastError());
    must(agent_session_open(&session, true), "opening a session");
    set_enabled(&session, enabled);
    for (run = 0; run < runs; run++)
    {
        for (i = 0; i < ROUNDS; i++)
        {
            UINT64 raw = i % 2 ? flush_bare_file() : 0, own;

            own = set_enabled(&session, enabled = !enabled);
            figure_add(figure, own, i % 2 ? raw : flush_bare_file());
            check_enabled(enabled);
        }
        figure_end_run(figure);
    }
    agent_session_close(&session);
    CloseHandle(bare);
}
