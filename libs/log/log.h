/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * One log for all parts: a line per event, UTF-8, to a file or to stderr.
 *
 *   2026-11-21T03:15:02.123Z info napagent[1234] 79617 bound: bound by process 88
 *   time (UTC)               level program[pid]  component event: text
 *
 * The component is "-" if the event concerns none. A file that has grown to LOG_FILE_LIMIT is
 * renamed to FILE.1, FILE.1 to FILE.2, and so on; the oldest is deleted. Level and file come from
 * the environment variables NAP_LOG_LEVEL and NAP_LOG_FILE for DLLs, napctl and `napagent
 * --console`, and from the registry for the service (docs/administration.md).
 */
#ifndef WINE_NAP_LOG_H
#define WINE_NAP_LOG_H

#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <windows.h>

#include "libs/text/format.h"

#define LOG_FILE_LIMIT (1024 * 1024) /* bytes */
#define LOG_FILES_KEPT 3             /* in addition to the current one */

enum log_level
{
    LOG_NONE,
    LOG_ERROR,
    LOG_WARN,
    LOG_INFO,
    LOG_TRACE
};

/* The level of that name (none, error, warn, info, trace); returns false if there is no such
 * name. */
bool log_level_from_name(const WCHAR *name, enum log_level *level);

/*
 * Names the program and sets level and file (NULL: stderr). Lines are appended to the file; if it
 * cannot be opened, stderr gets the error and all lines. Without this call the environment is read
 * at the first event; the defaults are level "warn" and program name "wine-nap".
 */
void log_open(const char *program, enum log_level level, const WCHAR *file);

/* Also reports events of level info and more severe ones to the system's event log, as `source`. */
void log_report_events(const WCHAR *source);

/* Sets the program name in a DLL. The environment is read at the first event. */
void log_name(const char *program);

/* log_open() with the settings of the environment; `level` if that sets none. */
void log_open_from_environment(const char *program, enum log_level level);

/* Writes FILE for 0, FILE.1 for 1, ... to `name` (MAX_PATH characters). Returns false if it is too
 * long. */
bool log_file_name(const WCHAR *file, unsigned int number, WCHAR *name);

bool log_enabled(enum log_level level);

/* Writes one event; `format` is printf's, without a line end. The text may be untrusted: control
 * characters, as in libs/text/visible.h, are replaced. */
void log_event(enum log_level level, uint32_t component, const char *event, const char *format, ...)
        __attribute__((format(TEXT_PRINTF, 4, 5)));

#endif
