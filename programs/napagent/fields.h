/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Records in the registry. A table of fields has the names and types of a record's values, and
 * their offsets in a structure. It is used to write and to read records. A record with a value that
 * is missing, of another type or cut short is rejected.
 */
#ifndef WINE_NAP_NAPAGENT_FIELDS_H
#define WINE_NAP_NAPAGENT_FIELDS_H

#include <stddef.h>
#include <windows.h>

#include "libs/napipc/napipc.h"

enum field_kind
{
    FIELD_STRING, /* REG_SZ; a struct napipc_string */
    FIELD_GUID,   /* REG_SZ with braces; a struct napipc_guid */
    FIELD_DWORD,
    FIELD_QWORD,
    FIELD_BYTES /* REG_BINARY of exactly this size */
};

struct field
{
    const WCHAR *name;
    enum field_kind kind;
    size_t offset; /* in the structure */
    DWORD size;    /* of FIELD_BYTES */
};

/* The memory that the strings of one record point to. */
struct field_texts
{
    unsigned int count;
    WCHAR text[8][NAPIPC_MAX_STRING + 1];
};

/* Adds the record's values to the next change of registry.h; `key` is below the service's key. */
void fields_write(const WCHAR *key, const struct field *fields, size_t count, const void *record);
/* Reads the record; its strings point into `texts`. Returns a Win32 error, ERROR_INVALID_DATA for a
 * value of another type or size. On failure *what is the name of the value. */
DWORD fields_read(HKEY key, const struct field *fields, size_t count, void *record,
        struct field_texts *texts, const WCHAR **what);
/* Reads each value by itself. A value that is missing, or that is not usable, leaves its member
 * unchanged; one that is not usable is logged. Not for strings. `path` is below HKEY_LOCAL_MACHINE.
 */
void fields_read_each(const WCHAR *path, const struct field *fields, size_t count, void *record);

#endif
