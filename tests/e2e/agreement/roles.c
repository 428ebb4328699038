/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Code shared by the roles of the agreement test.
 */
#include "agreement.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

void answer(const char *format, ...)
{
    va_list arguments;

    va_start(arguments, format);
    vprintf(format, arguments);
    va_end(arguments);
    putchar('\n');
    fflush(stdout);
}

bool read_command(char *line, size_t size)
{
    if (!fgets(line, (int)size, stdin))
        return false;
    line[strcspn(line, "\r\n")] = 0;
    return true;
}

static UINT64 filetime(const FILETIME *time)
{
    return (UINT64)time->dwHighDateTime << 32 | time->dwLowDateTime;
}

void verdict_read(const IsolationInfo *info, struct verdict *verdict)
{
    verdict->state = info->isolationState;
    verdict->extended = 0;
    verdict->end = filetime(&info->probEndTime);
}

void verdict_read_ex(const IsolationInfoEx *info, struct verdict *verdict)
{
    verdict->state = info->isolationState;
    verdict->extended = info->extendedIsolationState;
    verdict->end = filetime(&info->probEndTime);
}

bool verdict_equal(const struct verdict *one, const struct verdict *other)
{
    return one->state == other->state && one->extended == other->extended && one->end == other->end;
}
