/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * AutoDial: which entry to dial for which network address. Nothing here dials, and no address is
 * stored: the mapping database is empty, and what would change it or AutoDial's settings is not
 * implemented. Errors in the arguments come first.
 */

#include <windows.h>
#include <ras.h>
#include <raserror.h>

#include "dlls/rasapi32/phonebook.h"
#include "libs/unimplemented/unimplemented.h"
#include "libs/log/trace.h"

/* RASAUTODIALENTRY with W or A. */
struct layout
{
    DWORD size;
    size_t entry_name; /* offset */
    bool wide;
};

#define LAYOUT(structure, wide)                                                                    \
    {                                                                                              \
        sizeof(structure), offsetof(structure, szEntry), wide                                      \
    }

static const struct layout wide_layout = LAYOUT(RASAUTODIALENTRYW, true);
static const struct layout narrow_layout = LAYOUT(RASAUTODIALENTRYA, false);

/* ---- addresses ---- */

/* Sets both to 0: there are no addresses. */
static void report_none(DWORD *size, DWORD *count)
{
    *size = 0;
    *count = 0;
}

/* No address has an entry. NULL asks for the default Internet connection, and that there is none is
 * no error. */
static DWORD get_address(const void *address, const DWORD *reserved, const void *entries,
        DWORD *size, DWORD *count, const struct layout *layout)
{
    if (reserved || !size || !count)
        return ERROR_INVALID_PARAMETER;
    if (entries && (*size < sizeof(DWORD) || *(const DWORD *)entries != layout->size))
        return ERROR_INVALID_SIZE;
    report_none(size, count);
    return address ? ERROR_FILE_NOT_FOUND : ERROR_SUCCESS;
}

static DWORD check_entries(
        const BYTE *entries, DWORD size, DWORD count, const struct layout *layout)
{
    DWORD i, error;

    if (!entries)
        return size || count ? ERROR_INVALID_PARAMETER : ERROR_SUCCESS;
    if (!count || size / layout->size < count)
        return ERROR_INVALID_PARAMETER;
    for (i = 0; i < count; i++)
    {
        const BYTE *entry = entries + (size_t)i * layout->size;
        const void *name = entry + layout->entry_name;

        if (*(const DWORD *)entry != layout->size)
            return ERROR_INVALID_SIZE;
        /* An empty name deletes. */
        if ((layout->wide ? *(const WCHAR *)name : *(const char *)name)
                && (error = phonebook_check_entry(NULL, name, layout->wide)))
            return error;
    }
    return ERROR_SUCCESS;
}

static DWORD set_address(const void *address, DWORD reserved, const void *entries, DWORD size,
        DWORD count, const struct layout *layout)
{
    static LONG logged;
    DWORD error;

    /* NULL with an entry sets the default Internet connection. */
    if (reserved || (!address && !entries))
        return ERROR_INVALID_PARAMETER;
    if ((error = check_entries(entries, size, count, layout)))
        return error;
    return (DWORD)unimplemented("RasSetAutodialAddress", &logged, ERROR_CALL_NOT_IMPLEMENTED);
}

static DWORD enum_addresses(DWORD *size, DWORD *count)
{
    if (!size || !count)
        return ERROR_INVALID_PARAMETER;
    report_none(size, count);
    return ERROR_SUCCESS;
}

/* ---- settings ---- */

static DWORD get_enabled(const BOOL *enabled)
{
    static LONG logged;

    if (!enabled)
        return ERROR_INVALID_PARAMETER;
    return (DWORD)unimplemented("RasGetAutodialEnable", &logged, ERROR_CALL_NOT_IMPLEMENTED);
}

/* All parameters are DWORDs. */
static DWORD check_parameter(DWORD key, const void *value, const DWORD *size, bool exact)
{
    if (key > RASADP_ConnectionQueryTimeout || !value || !size)
        return ERROR_INVALID_PARAMETER;
    if (*size < sizeof(DWORD) || (exact && *size != sizeof(DWORD)))
        return ERROR_INVALID_SIZE;
    return ERROR_SUCCESS;
}

static DWORD get_parameter(DWORD key, const void *value, const DWORD *size)
{
    static LONG logged;
    DWORD error = check_parameter(key, value, size, false);

    if (error)
        return error;
    return (DWORD)unimplemented("RasGetAutodialParam", &logged, ERROR_CALL_NOT_IMPLEMENTED);
}

static DWORD set_parameter(DWORD key, const void *value, DWORD size)
{
    static LONG logged;
    DWORD error = check_parameter(key, value, &size, true);

    if (error)
        return error;
    return (DWORD)unimplemented("RasSetAutodialParam", &logged, ERROR_CALL_NOT_IMPLEMENTED);
}

/* ---- the functions ---- */

DWORD WINAPI RasGetAutodialAddressW(const WCHAR *address, DWORD *reserved,
        RASAUTODIALENTRYW *entries, DWORD *size, DWORD *count)
{
    TRACE_CALL("(address %s, reserved %p, entries %p, size %p, count %p)", TRACE_WIDE(address),
            (const void *)reserved, (const void *)entries, (const void *)size, (const void *)count);
    return TRACED(get_address(address, reserved, entries, size, count, &wide_layout));
}

DWORD WINAPI RasGetAutodialAddressA(
        const char *address, DWORD *reserved, RASAUTODIALENTRYA *entries, DWORD *size, DWORD *count)
{
    TRACE_CALL("(address %s, reserved %p, entries %p, size %p, count %p)", TRACE_NARROW(address),
            (const void *)reserved, (const void *)entries, (const void *)size, (const void *)count);
    return TRACED(get_address(address, reserved, entries, size, count, &narrow_layout));
}

DWORD WINAPI RasSetAutodialAddressW(
        const WCHAR *address, DWORD reserved, RASAUTODIALENTRYW *entries, DWORD size, DWORD count)
{
    TRACE_CALL("(address %s, reserved %lu, entries %p, size %lu, count %lu)", TRACE_WIDE(address),
            (unsigned long)reserved, (const void *)entries, (unsigned long)size,
            (unsigned long)count);
    return TRACED(set_address(address, reserved, entries, size, count, &wide_layout));
}

DWORD WINAPI RasSetAutodialAddressA(
        const char *address, DWORD reserved, RASAUTODIALENTRYA *entries, DWORD size, DWORD count)
{
    TRACE_CALL("(address %s, reserved %lu, entries %p, size %lu, count %lu)", TRACE_NARROW(address),
            (unsigned long)reserved, (const void *)entries, (unsigned long)size,
            (unsigned long)count);
    return TRACED(set_address(address, reserved, entries, size, count, &narrow_layout));
}

DWORD WINAPI RasEnumAutodialAddressesW(WCHAR **addresses, DWORD *size, DWORD *count)
{
    TRACE_CALL("(addresses %p, size %p, count %p)", (const void *)addresses, (const void *)size,
            (const void *)count);
    (void)addresses;
    return TRACED(enum_addresses(size, count));
}

DWORD WINAPI RasEnumAutodialAddressesA(char **addresses, DWORD *size, DWORD *count)
{
    TRACE_CALL("(addresses %p, size %p, count %p)", (const void *)addresses, (const void *)size,
            (const void *)count);
    (void)addresses;
    return TRACED(enum_addresses(size, count));
}

DWORD WINAPI RasGetAutodialEnableW(DWORD location, BOOL *enabled)
{
    TRACE_CALL("(location %lu, enabled %p)", (unsigned long)location, (const void *)enabled);
    (void)location;
    return TRACED(get_enabled(enabled));
}

DWORD WINAPI RasGetAutodialEnableA(DWORD location, BOOL *enabled)
{
    TRACE_CALL("(location %lu, enabled %p)", (unsigned long)location, (const void *)enabled);
    (void)location;
    return TRACED(get_enabled(enabled));
}

DWORD WINAPI RasGetAutodialParamW(DWORD key, void *value, DWORD *size)
{
    TRACE_CALL("(key %lu, value %p, size %p)", (unsigned long)key, (const void *)value,
            (const void *)size);
    return TRACED(get_parameter(key, value, size));
}

DWORD WINAPI RasGetAutodialParamA(DWORD key, void *value, DWORD *size)
{
    TRACE_CALL("(key %lu, value %p, size %p)", (unsigned long)key, (const void *)value,
            (const void *)size);
    return TRACED(get_parameter(key, value, size));
}

DWORD WINAPI RasSetAutodialParamW(DWORD key, void *value, DWORD size)
{
    TRACE_CALL("(key %lu, value %p, size %lu)", (unsigned long)key, (const void *)value,
            (unsigned long)size);
    return TRACED(set_parameter(key, value, size));
}

DWORD WINAPI RasSetAutodialParamA(DWORD key, void *value, DWORD size)
{
    TRACE_CALL("(key %lu, value %p, size %lu)", (unsigned long)key, (const void *)value,
            (unsigned long)size);
    return TRACED(set_parameter(key, value, size));
}
