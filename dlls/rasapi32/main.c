/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * rasapi32.dll: the Remote Access Service as its clients see it.
 *
 * How does this DLL work?
 *
 * It replaces Wine's rasapi32, so it exports whatever Wine's does, and what
 * Windows 7's does. tools/exports/rasapi32.txt is the list; of it come the .def
 * file and refusals.c, the functions that only say what they cannot do. A
 * function that is implemented has "-" in the list's last column, and a place in
 * a file here.
 */

#include <windows.h>

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
        agent_process_close();
    }
    return TRUE;
}
