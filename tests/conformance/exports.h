/*
 * What a replacement DLL exports, made of its list in tools/exports.
 *
 * Copyright 2026 the wine-nap authors
 *
 * This library is free software; you can redistribute it and/or
 * modify it under the terms of the GNU Lesser General Public
 * License as published by the Free Software Foundation; either
 * version 2.1 of the License, or (at your option) any later version.
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
    WORD ordinal; /* 0: any */
    BOOL refused;
    INT_PTR failure; /* what a function that is refused returns */
};

extern const char dll_name[];
extern const struct export exports[]; /* the last one has no name */

#endif
