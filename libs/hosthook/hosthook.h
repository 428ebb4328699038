/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Running a program of the host: the administrator's hook and dialer (napagent), host-health
 * (napwsha).
 *
 * Wine gives no process handle for such a program. So tools/hooks/napagent-hook, which setup.sh
 * installs beside the services, runs it. Each run has a folder in the system's folder for temporary
 * files: the service writes the arguments into it, and the script how the run ended. The script
 * takes one word, which says what else is in the folder:
 *
 *   napagent-hook         nothing
 *   napagent-hook dialer  the program's input, a pipe of the host, and its output
 *   napagent-hook report  its output, of HOOK_REPORT_MAX bytes at most, when it has ended
 */
#ifndef WINE_NAP_HOSTHOOK_H
#define WINE_NAP_HOSTHOOK_H

#include <stdbool.h>
#include <windows.h>

#define HOOK_REPORT_MAX 65536 /* bytes; a report of more has one more: the script cuts it */

/* ---- folder.c ---- */

/* Makes a folder of a new name, which begins with its owner's ("napagent-hook"; at most 20
 * characters), and writes its path to `folder`, MAX_PATH characters. Returns a Win32 error. */
DWORD hook_folder_create(const WCHAR *owner, WCHAR *folder);
/* Writes the timeout in ms, and `count` bytes: program and arguments, each with its NUL. Returns a
 * Win32 error. */
DWORD hook_folder_write(const WCHAR *folder, DWORD timeout_ms, const char *bytes, size_t count);
/* Reads how the run ended, without the newline. False: it has not ended yet. */
bool hook_folder_read(const WCHAR *folder, char *status, size_t capacity);
/* Sends the dialer's input to the script. False: the script has not made its pipe yet. */
bool hook_folder_send(const WCHAR *folder, const void *bytes, size_t count);
/* The dialer is to end before its time. */
void hook_folder_end(const WCHAR *folder);
/* Reads the output from `offset` on. Returns the number of bytes. */
size_t hook_folder_output(const WCHAR *folder, size_t offset, char *bytes, size_t capacity);
void hook_folder_remove(const WCHAR *folder);
/* Removes the folders that a service that was killed left there, which also ends its dialers. Call
 * it before the first run, when no other process of this owner can run. */
void hook_folders_clean(const WCHAR *owner);

/* ---- script.c ---- */

/* Starts the script in the folder; `command` is its name and the word. Returns a Win32 error:
 * ERROR_MOD_NOT_FOUND if there is no script. */
DWORD hook_script_start(const WCHAR *folder, const WCHAR *command);
/* What the script says of the end: 0 and an exit status (128 + n if signal n ended the program), or
 * a Win32 error: ERROR_TIMEOUT, ERROR_FILE_NOT_FOUND (there is no such program, or it is not
 * executable), ERROR_ACCESS_DENIED (of a report: others may write it), ERROR_GEN_FAILURE (the
 * script failed). */
DWORD hook_status_read(const char *status, int *exit_status);

#endif
