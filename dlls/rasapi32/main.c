/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * rasapi32.dll: the client functions of the Remote Access Service.
 *
 * How does this DLL work?
 *
 * It replaces Wine's rasapi32, so it has every export of Wine's and of Windows
 * 7's. They are listed in tools/exports/rasapi32.txt. The build generates from
 * that list the .def file and unimplemented.c, which has the functions that are not
 * implemented. An implemented function has "-" in the list's last column, and
 * is in a file here.
 */

#include <windows.h>

#include "dlls/rasapi32/dialing.h"
#include "dlls/rasapi32/phonebook_file.h"
#include "libs/log/log.h"
#include "libs/napclient/napclient.h"

BOOL WINAPI DllMain(HINSTANCE instance, DWORD reason, void *reserved);

BOOL WINAPI DllMain(HINSTANCE instance, DWORD reason, void *reserved)
{
    if (reason == DLL_PROCESS_ATTACH)
    {
        DisableThreadLibraryCalls(instance);
        log_name("rasapi32");
    }
    else if (reason == DLL_PROCESS_DETACH && !reserved)
    {
        phonebook_files_forget();
        dialing_forget_all();
        agent_process_close();
    }
    return TRUE;
}
