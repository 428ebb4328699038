/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * The exports of a replacement DLL, generated from its list in tools/exports.
 */

#ifndef EXPORTS_H
#define EXPORTS_H

#include <windows.h>
#include <lmerr.h>
#include <mprerror.h>
#include <raserror.h>

struct export
{
    const char *name;
    int argument_bytes; /* i686; -1: unknown */
    WORD ordinal;       /* 0: any */
    BOOL refused;
    INT_PTR failure; /* result of a function that is not implemented */
};

extern const char dll_name[];
extern const struct export exports[]; /* the last one has no name */

#endif
