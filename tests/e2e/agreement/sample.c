/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Measures the agent's process from outside.
 *
 * Wine's GetProcessHandleCount returns 0 for every process (ntdll zeroes ProcessHandleCount), so
 * the count comes from the list of processes, which has the server's own. The working set is real:
 * Wine reads it from /proc.
 */
#include "agreement.h"

#include <psapi.h>
#include <stdlib.h>
#include <winternl.h>

#include "tests/conformance/agent.h"

static unsigned int handle_count(DWORD id)
{
    ULONG size = 0x40000, needed;
    BYTE *list = malloc(size);
    SYSTEM_PROCESS_INFORMATION *entry = (SYSTEM_PROCESS_INFORMATION *)list;
    unsigned int count = 0;

    if (list && !NtQuerySystemInformation(SystemProcessInformation, list, size, &needed))
        for (;;)
        {
            if ((DWORD)(ULONG_PTR)entry->UniqueProcessId == id)
                count = entry->HandleCount;
            if (count || !entry->NextEntryOffset)
                break;
            entry = (SYSTEM_PROCESS_INFORMATION *)((BYTE *)entry + entry->NextEntryOffset);
        }
    free(list);
    return count;
}

bool sample_agent(unsigned int *handles, unsigned int *memory)
{
    PROCESS_MEMORY_COUNTERS counters = {.cb = sizeof(counters)};
    DWORD id = agent_process();
    HANDLE process =
            id ? OpenProcess(PROCESS_QUERY_INFORMATION | PROCESS_VM_READ, FALSE, id) : NULL;
    bool read = process && GetProcessMemoryInfo(process, &counters, sizeof(counters));

    if (process)
        CloseHandle(process);
    *memory = (unsigned int)(counters.WorkingSetSize / 1024);
    *handles = handle_count(id);
    return read && *handles && *memory;
}
