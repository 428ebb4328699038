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
 *
 * Copyright 2026 the wine-nap authors
 *
 * This library is free software; you can redistribute it and/or
 * modify it under the terms of the GNU Lesser General Public
 * License as published by the Free Software Foundation; either
 * version 2.1 of the License, or (at your option) any later version.
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
