/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Tracing of entry points; see trace.h.
 */
#include "libs/log/trace.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "libs/text/guid.h"

LONG log_tracing = TRUE;

static bool is_on(void)
{
    if (log_enabled(LOG_TRACE))
        return true;
    log_tracing = FALSE;
    return false;
}

void trace_call(const char *function, const char *format, ...)
{
    DWORD error = GetLastError(); /* tracing must not change it for the program */
    char arguments[768];
    va_list list;

    if (is_on())
    {
        va_start(list, format);
        vsnprintf(arguments, sizeof(arguments), format, list);
        va_end(list);
        log_event(LOG_TRACE, 0, function, "%s", arguments);
    }
    SetLastError(error);
}

void trace_result(const char *function, DWORD result)
{
    DWORD error = GetLastError();

    if (is_on())
        log_event(LOG_TRACE, 0, function, "returned 0x%lx", (unsigned long)result);
    SetLastError(error);
}

/* Copies at most `most` units of `unit` bytes, up to a zero, which is not copied. Returns false if
 * the memory cannot be read. */
static bool read_string(const void *from, size_t unit, void *to, size_t most, size_t *count)
{
    static const WCHAR zero;
    size_t i;

    for (i = 0; i < most; i++)
    {
        char *copy = (char *)to + i * unit;
        SIZE_T done;

        if (!ReadProcessMemory(
                    GetCurrentProcess(), (const char *)from + i * unit, copy, unit, &done))
            return false;
        if (!memcmp(copy, &zero, unit))
            break;
    }
    *count = i;
    return true;
}

const char *trace_wide(char *text, const WCHAR *string)
{
    WCHAR wide[TRACE_TEXT_SIZE / 3 - 2];
    size_t count;
    int length;

    if (!log_enabled(LOG_TRACE) || !string)
        return "NULL";
    if (!read_string(string, sizeof(*wide), wide, ARRAYSIZE(wide), &count))
    {
        snprintf(text, TRACE_TEXT_SIZE, "%p (bad)", (const void *)string);
        return text;
    }
    text[0] = '"';
    length = count ? WideCharToMultiByte(
                     CP_UTF8, 0, wide, (int)count, text + 1, TRACE_TEXT_SIZE - 3, NULL, NULL)
                   : 0;
    strcpy(text + 1 + length, "\"");
    return text;
}

const char *trace_narrow(char *text, const char *string)
{
    WCHAR wide[TRACE_TEXT_SIZE / 3 - 2] = {0};
    char narrow[ARRAYSIZE(wide) - 1];
    size_t count;

    if (!log_enabled(LOG_TRACE) || !string)
        return "NULL";
    if (!read_string(string, 1, narrow, sizeof(narrow), &count))
    {
        snprintf(text, TRACE_TEXT_SIZE, "%p (bad)", (const void *)string);
        return text;
    }
    if (count)
        MultiByteToWideChar(CP_ACP, 0, narrow, (int)count, wide, ARRAYSIZE(wide) - 1);
    return trace_wide(text, wide);
}

const char *trace_guid(char *text, const GUID *guid)
{
    GUID copy;
    SIZE_T done;

    if (!log_enabled(LOG_TRACE) || !guid)
        return "NULL";
    if (!ReadProcessMemory(GetCurrentProcess(), guid, &copy, sizeof(copy), &done))
        snprintf(text, TRACE_TEXT_SIZE, "%p (bad)", (const void *)guid);
    else
        guid_format((const uint8_t *)&copy, text);
    return text;
}
