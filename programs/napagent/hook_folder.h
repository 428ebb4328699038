/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * The folder of one run of the hook or the dialer, in the system's folder for temporary files. The
 * agent writes the arguments into it, and tools/hooks/napagent-hook how the run ended. For a dialer
 * there are its input, a pipe of the host, and its output.
 */
#ifndef WINE_NAP_NAPAGENT_HOOK_FOLDER_H
#define WINE_NAP_NAPAGENT_HOOK_FOLDER_H

#include <stdbool.h>
#include <windows.h>

/* Makes a folder of a new name and writes its path to `folder`, MAX_PATH characters. Returns a
 * Win32 error. */
DWORD hook_folder_create(WCHAR *folder);
/* Writes the timeout in ms, and `count` bytes: program and arguments, each with its NUL. Returns a
 * Win32 error. */
DWORD hook_folder_write(const WCHAR *folder, DWORD timeout_ms, const char *bytes, size_t count);
/* Reads how the run ended, without the newline. False: it has not ended yet. */
bool hook_folder_read(const WCHAR *folder, char *status, size_t capacity);
/* Sends the dialer's input to the script. False: the script has not made its pipe yet. */
bool hook_folder_send(const WCHAR *folder, const void *bytes, size_t count);
/* The dialer is to end before its time. */
void hook_folder_end(const WCHAR *folder);
/* Reads what the dialer has written from `offset` on. Returns the number of bytes. */
size_t hook_folder_output(const WCHAR *folder, size_t offset, char *bytes, size_t capacity);
void hook_folder_remove(const WCHAR *folder);
/* Removes the folders that an agent that was killed left there, which also ends its dialers. Call
 * it before the first run, when no other agent can run. */
void hook_folders_clean(void);

#endif
