/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Tracing of entry points: each exported function and each method of an interface
 * logs its name and arguments when it is entered, and its result when it returns.
 *
 *   DWORD WINAPI SomeFunction(const WCHAR *name, DWORD flags)
 *   {
 *       TRACE_CALL("(name %s, flags %lu)", TRACE_WIDE(name), (unsigned long)flags);
 *       ...
 *       return TRACED(error);
 *   }
 *
 * Pointers are logged as such: what they point to may be a secret. Constant strings and GUIDs are
 * logged as text; reading them never faults. While tracing is off a call costs two tests of one
 * variable. tools/check-trace fails if an entry point lacks TRACE_CALL or TRACED.
 */
#ifndef WINE_NAP_TRACE_H
#define WINE_NAP_TRACE_H

#include "libs/log/log.h"

#define TRACE_TEXT_SIZE 96 /* bytes; longer text is cut */

/* 0 once tracing is known to be off. */
extern LONG log_tracing;

void trace_call(const char *function, const char *format, ...)
        __attribute__((format(TEXT_PRINTF, 2, 3)));
void trace_result(const char *function, DWORD result);

/* The text, or a note that the pointer is bad. `text` has TRACE_TEXT_SIZE bytes. */
const char *trace_wide(char *text, const WCHAR *string);
const char *trace_narrow(char *text, const char *string);
const char *trace_guid(char *text, const GUID *guid);

#define TRACE_WIDE(string) trace_wide((char[TRACE_TEXT_SIZE]){0}, string)
#define TRACE_NARROW(string) trace_narrow((char[TRACE_TEXT_SIZE]){0}, string)
#define TRACE_GUID(guid) trace_guid((char[TRACE_TEXT_SIZE]){0}, guid)

#define TRACE_CALL(...)                                                                            \
    do                                                                                             \
    {                                                                                              \
        if (log_tracing)                                                                           \
            trace_call(__func__, __VA_ARGS__);                                                     \
    } while (0)

static inline DWORD traced(const char *function, DWORD result)
{
    if (log_tracing)
        trace_result(function, result);
    return result;
}

/* For all results of 32 bits: HRESULT, DWORD, ULONG, BOOL. */
#define TRACED(result) traced(__func__, (DWORD)(result))

#endif
