/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Messages for people, and the time.
 */
#include "programs/nap-validate/nap_validate.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <time.h>

#include "libs/text/format.h"
#include "libs/text/visible.h"

void complain(const char *format, ...)
{
    char text[8192], line[sizeof text + 32];
    size_t length;
    va_list arguments;

    va_start(arguments, format);
    format_list(text, sizeof text, format, arguments);
    va_end(arguments);
    length = (size_t)snprintf(line, sizeof line, "nap-validate: ");
    length += visible_line(text, strlen(text), line + length, sizeof line - length - 1);
    line[length++] = '\n';
    fwrite(line, 1, length, stderr); /* at once: lines of several programs do not mix */
}

uint64_t filetime_now(void)
{
    struct timespec now;

    clock_gettime(CLOCK_REALTIME, &now);
    return (uint64_t)now.tv_sec * 10000000 + (uint64_t)now.tv_nsec / 100 + FILETIME_OF_1970;
}
