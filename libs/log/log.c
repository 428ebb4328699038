/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * The log; see log.h. An event is one line; output.c writes it.
 */
#include "libs/log/log.h"

#include "libs/log/output.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "libs/text/format.h"
#include "libs/text/utf.h"
#include "libs/text/visible.h"

#define LINE_LENGTH 1022 /* bytes of a line, without its line break */
#define CUT "..."        /* the end of a line that was longer */

static const char *const level_names[] = {"none", "error", "warn", "info", "trace"};

static INIT_ONCE opened = INIT_ONCE_STATIC_INIT;
static const char *log_program = "wine-nap";
static enum log_level log_threshold = LOG_WARN;
static struct log_output output = LOG_OUTPUT_INIT;
static HANDLE event_log;

bool log_level_from_name(const WCHAR *name, enum log_level *level)
{
    unsigned int i, k;

    for (i = 0; i < sizeof(level_names) / sizeof(*level_names); i++)
    {
        for (k = 0; level_names[i][k] && name[k] == (WCHAR)level_names[i][k]; k++)
            ;
        if (!level_names[i][k] && !name[k])
        {
            *level = (enum log_level)i;
            return true;
        }
    }
    return false;
}

static BOOL CALLBACK open_nothing(INIT_ONCE *once, void *parameter, void **context)
{
    (void)once;
    (void)parameter;
    (void)context;
    return TRUE;
}

void log_open(const char *program, enum log_level level, const WCHAR *file)
{
    InitOnceExecuteOnce(&opened, open_nothing, NULL, NULL);
    log_program = program;
    log_threshold = level;
    if (!log_output_open(&output, file))
        log_event(LOG_ERROR, 0, "log",
                "cannot open the log file %ls (error %lu); logging to stderr", file,
                GetLastError());
}

/* Sets *level if the environment has one. Returns false if the name there is unknown. */
static bool environment_level(enum log_level *level)
{
    WCHAR name[16];
    DWORD length = GetEnvironmentVariableW(L"NAP_LOG_LEVEL", name, ARRAYSIZE(name));

    return !length || (length < ARRAYSIZE(name) && log_level_from_name(name, level));
}

/* The environment's file in `file` (MAX_PATH characters), or an empty string. */
static void environment_file(WCHAR *file)
{
    DWORD length = GetEnvironmentVariableW(L"NAP_LOG_FILE", file, MAX_PATH);

    if (length >= MAX_PATH)
        *file = 0;
    file[length < MAX_PATH ? length : 0] = 0;
}

void log_open_from_environment(const char *program, enum log_level level)
{
    WCHAR file[MAX_PATH];
    bool known = environment_level(&level);

    environment_file(file);
    log_open(program, level, file);
    if (!known)
        log_event(LOG_WARN, 0, "log",
                "NAP_LOG_LEVEL is not one of none, error, warn, info, trace; using %s",
                level_names[level]);
}

static BOOL CALLBACK open_once(INIT_ONCE *once, void *parameter, void **context)
{
    WCHAR file[MAX_PATH];

    (void)once;
    (void)parameter;
    (void)context;
    environment_level(&log_threshold);
    environment_file(file);
    log_output_open(&output, file);
    return TRUE;
}

void log_report_events(const WCHAR *source)
{
    event_log = RegisterEventSourceW(NULL, source);
}

static void report_event(enum log_level level, const char *line)
{
    static const WORD types[] = {
            [LOG_ERROR] = EVENTLOG_ERROR_TYPE,
            [LOG_WARN] = EVENTLOG_WARNING_TYPE,
            [LOG_INFO] = EVENTLOG_INFORMATION_TYPE,
    };

    if (event_log && level < ARRAYSIZE(types))
        ReportEventA(event_log, types[level], 0, 0, NULL, 1, 0, &line, NULL);
}

void log_name(const char *program)
{
    log_program = program;
}

bool log_enabled(enum log_level level)
{
    InitOnceExecuteOnce(&opened, open_once, NULL, NULL);
    return level != LOG_NONE && level <= log_threshold;
}

void log_event(enum log_level level, uint32_t component, const char *event, const char *format, ...)
{
    char given[LINE_LENGTH + 64], line[3 * sizeof(given) + 1], name[16] = "-";
    SYSTEMTIME now;
    va_list arguments;
    size_t length;

    if (!log_enabled(level))
        return;
    if (component)
        snprintf(name, sizeof(name), "%lu", (unsigned long)component);
    GetSystemTime(&now);
    snprintf(given, sizeof(given),
            "%04u-%02u-%02uT%02u:%02u:%02u.%03uZ %s %s[%lu] %s %s: ", now.wYear, now.wMonth,
            now.wDay, now.wHour, now.wMinute, now.wSecond, now.wMilliseconds, level_names[level],
            log_program, GetCurrentProcessId(), name, event);
    length = strlen(given);
    va_start(arguments, format);
    format_list(given + length, sizeof(given) - length, format, arguments);
    va_end(arguments);
    /* One event is one line, without control characters, whatever the origin of the text. */
    length = utf8_whole(given, strlen(given));
    length = visible_line(given, length, line, sizeof(line));
    if (length > LINE_LENGTH)
    {
        length = utf8_whole(line, LINE_LENGTH - strlen(CUT));
        length += (size_t)sprintf(line + length, CUT);
    }
    report_event(level, line);
    line[length++] = '\n';
    log_output_write(&output, line, (DWORD)length);
}
