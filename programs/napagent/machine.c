/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Describes this machine for SSoHs: the prefix's version, processor, name and
 * role.
 */
#include "programs/napagent/napagent.h"

#include <winternl.h>

#include "libs/log/log.h"

/* Wine's header declares it for the longer structure, mingw-w64's not at all. */
typedef NTSTATUS NTAPI get_version(RTL_OSVERSIONINFOEXW *info);

void machine_describe(struct engine_machine *machine)
{
    RTL_OSVERSIONINFOEXW version = {.dwOSVersionInfoSize = sizeof(version)};
    SYSTEM_INFO system;
    get_version *get;
    WCHAR name[256];
    DWORD length = ARRAYSIZE(name);

    ZeroMemory(machine, sizeof(*machine));
    if ((get = (get_version *)(void *)GetProcAddress(
                 GetModuleHandleW(L"ntdll.dll"), "RtlGetVersion")))
        get(&version);
    GetNativeSystemInfo(&system);
    machine->os_major = version.dwMajorVersion;
    machine->os_minor = version.dwMinorVersion;
    machine->os_build = version.dwBuildNumber;
    machine->service_pack_major = version.wServicePackMajor;
    machine->service_pack_minor = version.wServicePackMinor;
    machine->product_type = version.wProductType;
    machine->processor = system.wProcessorArchitecture;
    if (!GetComputerNameExW(ComputerNameDnsFullyQualified, name, &length)
            || !WideCharToMultiByte(
                    CP_UTF8, 0, name, -1, machine->name, sizeof(machine->name), NULL, NULL))
    {
        log_event(LOG_WARN, 0, "machine",
                "this machine has no usable name (error %lu); "
                "SSoHs are sent without one",
                GetLastError());
        machine->name[0] = 0; /* a truncated name is not a name */
    }
}
