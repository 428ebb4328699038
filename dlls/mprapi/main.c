/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * mprapi.dll: the Remote Access Service as the server's administrator sees it.
 *
 * How does this DLL work?
 *
 * It replaces Wine's mprapi, so it exports whatever Wine's does, and what
 * Windows 7's does. tools/exports/mprapi.txt is the list; of it come the .def
 * file and refusals.c, the functions that only say what they cannot do. A
 * function that is implemented has "-" in the list's last column, and a place in
 * a file here.
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
