/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * One log for all parts: a line per event, UTF-8, to a file or to stderr.
 *
 *   2026-11-21T03:15:02.123Z info napagent[1234] 79617 bound: bound by process 88
 *   time (UTC)               level program[pid]  component event: text
 *
 * The component is "-" where none is concerned. A file that has grown to
 * LOG_FILE_LIMIT becomes FILE.1, what was FILE.1 becomes FILE.2, and so on; the
 * oldest goes. What rules level and file:
 * the environment variables NAP_LOG_LEVEL and NAP_LOG_FILE for DLLs, napctl
 * and `napagent --console`; the registry for the service (docs/administration.md).
 */
#ifndef WINE_NAP_LOG_H
#define WINE_NAP_LOG_H

#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <windows.h>

#define LOG_FILE_LIMIT (1024 * 1024) /* bytes */
#define LOG_FILES_KEPT 3             /* beside the one that is written to */

enum log_level
{
    LOG_NONE,
    LOG_ERROR,
    LOG_WARN,
    LOG_INFO,
    LOG_TRACE
};

/* The level of that name (none, error, warn, info, trace); false: no such name. */
bool log_level_from_name(const WCHAR *name, enum log_level *level);

/*
 * Names the program and sets level and file (NULL: stderr). A file is appended
 * to; one that cannot be opened is reported on stderr, which is used instead.
 * Without this call the environment decides at the first event, with level
 * "warn" and program name "wine-nap".
 */
void log_open(const char *program, enum log_level level, const WCHAR *file);

/* Reports events of level info and worse to the system's event log too, as `source`. */
void log_report_events(const WCHAR *source);

/* Names the program in a DLL, where the environment decides the rest at the first event. */
void log_name(const char *program);

/* log_open() with what the environment says; `level` where it says nothing. */
void log_open_from_environment(const char *program, enum log_level level);

/* FILE for 0, FILE.1 for 1, ... in `name` (MAX_PATH characters); false: too long. */
bool log_file_name(const WCHAR *file, unsigned int number, WCHAR *name);

bool log_enabled(enum log_level level);

/* Writes one event; `format` is printf's and gives no line end. The text may be of any origin: what
 * libs/text/visible.h calls a control character is replaced. */
void log_event(enum log_level level, uint32_t component, const char *event, const char *format, ...)
        __attribute__((format(__MINGW_PRINTF_FORMAT, 4, 5)));

#endif
