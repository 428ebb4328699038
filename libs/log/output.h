/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Where the lines of the log go: a file that is rotated, or stderr.
 */
#ifndef WINE_NAP_LOG_OUTPUT_H
#define WINE_NAP_LOG_OUTPUT_H

#include <stdbool.h>
#include <windows.h>

struct log_output
{
    SRWLOCK lock;
    HANDLE handle;
    HANDLE mutex;         /* shared by processes */
    WCHAR file[MAX_PATH]; /* empty: stderr */
};

#define LOG_OUTPUT_INIT                                                                            \
    {                                                                                              \
        SRWLOCK_INIT, INVALID_HANDLE_VALUE, NULL,                                                  \
        {                                                                                          \
            0                                                                                      \
        }                                                                                          \
    }

/* Returns false if the file cannot be opened (GetLastError() says why); lines then go to stderr.
 * `file` NULL or empty: stderr. */
bool log_output_open(struct log_output *output, const WCHAR *file);
/* Writes one line with its end. */
void log_output_write(struct log_output *output, const char *line, DWORD size);

#endif
