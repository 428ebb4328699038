/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * RasCreatePhonebookEntry and RasEditPhonebookEntry: dialogs for an entry, which are not
 * implemented. A function here reports that last, after every error in its arguments, in the phone
 * book and in the entry's name: programs tell by the error whether there is such an entry.
 */

#include <windows.h>
#include <ras.h>
#include <raserror.h>

#include "dlls/rasapi32/phonebook.h"
#include "libs/unimplemented/unimplemented.h"
#include "libs/log/trace.h"

static DWORD create_entry(const void *path, bool wide)
{
    static LONG logged;
    DWORD error = phonebook_check_entry(path, NULL, wide);

    if (error)
        return error;
    return (DWORD)unimplemented("RasCreatePhonebookEntry", &logged, ERROR_CANNOT_WRITE_PHONEBOOK);
}

static DWORD edit_entry(const void *path, const void *name, bool wide)
{
    static LONG logged;
    DWORD error = name ? phonebook_check_entry(path, name, wide) : ERROR_BUFFER_INVALID;

    if (error)
        return error;
    return (DWORD)unimplemented("RasEditPhonebookEntry", &logged, ERROR_CANNOT_WRITE_PHONEBOOK);
}

DWORD WINAPI RasCreatePhonebookEntryW(HWND window, const WCHAR *path)
{
    TRACE_CALL("(window %p, path %s)", (const void *)window, TRACE_WIDE(path));
    (void)window;
    return TRACED(create_entry(path, true));
}

DWORD WINAPI RasCreatePhonebookEntryA(HWND window, const char *path)
{
    TRACE_CALL("(window %p, path %s)", (const void *)window, TRACE_NARROW(path));
    (void)window;
    return TRACED(create_entry(path, false));
}

DWORD WINAPI RasEditPhonebookEntryW(HWND window, const WCHAR *path, const WCHAR *name)
{
    TRACE_CALL("(window %p, path %s, name %s)", (const void *)window, TRACE_WIDE(path),
            TRACE_WIDE(name));
    (void)window;
    return TRACED(edit_entry(path, name, true));
}

DWORD WINAPI RasEditPhonebookEntryA(HWND window, const char *path, const char *name)
{
    TRACE_CALL("(window %p, path %s, name %s)", (const void *)window, TRACE_NARROW(path),
            TRACE_NARROW(name));
    (void)window;
    return TRACED(edit_entry(path, name, false));
}
