/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * mprapi.dll: the functions that administer a Remote Access Service server.
 *
 * How does this DLL work?
 *
 * It replaces Wine's mprapi, so it has every export of Wine's and of Windows 7's.
 * They are listed in tools/exports/mprapi.txt. The build generates from that list
 * the .def file and unimplemented.c, which has the functions that are not implemented.
 * An implemented function has "-" in the list's last column, and is in a file here.
 */

#include <windows.h>

#include "dlls/mprapi/rras.h"
#include "libs/log/log.h"

BOOL WINAPI DllMain(HINSTANCE instance, DWORD reason, void *reserved);

BOOL WINAPI DllMain(HINSTANCE instance, DWORD reason, void *reserved)
{
    if (reason == DLL_PROCESS_ATTACH)
    {
        DisableThreadLibraryCalls(instance);
        log_name("mprapi");
    }
    else if (reason == DLL_PROCESS_DETACH && !reserved)
        agent_process_close();
    return TRUE;
}
