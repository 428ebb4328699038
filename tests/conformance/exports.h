/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * What a replacement DLL exports, made of its list in tools/exports.
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
    int argument_bytes; /* i686; -1: not known */
    WORD ordinal;       /* 0: any */
    BOOL refused;
    INT_PTR failure; /* what a function that is refused returns */
};

extern const char dll_name[];
extern const struct export exports[]; /* the last one has no name */

#endif
