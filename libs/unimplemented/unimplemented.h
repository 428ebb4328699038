/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Exports that are not implemented: they log that once and return a failure. The lists in
 * tools/exports name them.
 */
#ifndef WINE_NAP_UNIMPLEMENTED_H
#define WINE_NAP_UNIMPLEMENTED_H

#include <windows.h>
#include <lmerr.h>
#include <mprerror.h>
#include <raserror.h>

#include "libs/log/trace.h"

/* Logs it unless *logged. Returns `failure`. That is also the thread's last error if it is an error
 * code, not a value like 0 or -1. */
INT_PTR unimplemented(const char *function, LONG *logged, INT_PTR failure);

/* A parameter of any type as wide as a register. */
#define ANY(n) UINT_PTR any##n

/* Defines a function that is not implemented. The rest is what TRACE_CALL takes. */
#define UNIMPLEMENTED(name, parameters, failure, ...)                                              \
    INT_PTR WINAPI name parameters;                                                                \
    INT_PTR WINAPI name parameters                                                                 \
    {                                                                                              \
        static LONG logged;                                                                        \
        TRACE_CALL(__VA_ARGS__);                                                                   \
        return unimplemented(#name, &logged, failure);                                             \
    }

#endif
