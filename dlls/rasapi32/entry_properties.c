/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * RasGetEntryProperties.
 */

#include <stdlib.h>
#include <string.h>
#include <wchar.h>

#include <windows.h>
#include <ras.h>
#include <raserror.h>

#include "dlls/rasapi32/alternates.h"
#include "dlls/rasapi32/entry.h"
#include "dlls/rasapi32/phonebook.h"

#include "libs/log/trace.h"

static DWORD write_entry(const struct pbk_entry *source, BYTE *to, DWORD *buffer_size, bool wide)
{
    DWORD size = wide ? sizeof(struct entry_w) : sizeof(struct entry_a), capacity = *buffer_size;
    const struct pbk_block *device = source ? pbk_block(source, PBK_DEVICE, 0) : NULL;
    size_t alternates = alternates_write(device, NULL, wide);
    struct entry_w entry;
    struct entry_a narrow;

    if (to && capacity >= sizeof(DWORD))
    {
        size = *(DWORD *)to;
        if (!entry_is_size(size, wide))
            return ERROR_INVALID_SIZE;
    }
    *buffer_size = (DWORD)(size + alternates);
    if (!to || capacity < *buffer_size)
        return ERROR_BUFFER_TOO_SMALL;
    if (IsBadWritePtr(to, *buffer_size))
        return ERROR_BUFFER_INVALID;

    entry_read(source, &entry);
    entry.xp.dwSize = size;
    entry.xp.dwAlternateOffset = alternates ? size : 0;
    memset(to, 0, size);
    if (wide)
        memcpy(to, &entry, entry_known_size(size, true));
    else
    {
        entry_to_ansi(&entry, &narrow);
        narrow.xp.dwSize = size;
        narrow.xp.dwAlternateOffset = entry.xp.dwAlternateOffset;
        memcpy(to, &narrow, entry_known_size(size, false));
    }
    alternates_write(device, to + size, wide);
    return ERROR_SUCCESS;
}

static DWORD get_properties(const WCHAR *path, const WCHAR *name, BYTE *entry, DWORD *entry_size,
        DWORD *device_info_size, bool wide)
{
    const struct pbk_entry *source = NULL;
    struct phonebooks books = {0};
    DWORD result = ERROR_SUCCESS;

    /* Programs ask for the size of the structure before they know an entry's name. */
    if (!name && !entry && entry_size)
        name = L"";
    if (!name || (entry && !entry_size))
        return ERROR_INVALID_PARAMETER;
    if (entry && IsBadReadPtr(entry, sizeof(DWORD)))
        return ERROR_BUFFER_INVALID;
    if (*name)
    {
        result = phonebooks_open(path, &books);
        if (result == ERROR_SUCCESS && !(source = phonebooks_find(&books, name, NULL)))
            result = ERROR_CANNOT_FIND_PHONEBOOK_ENTRY;
        else if (result == ERROR_CORRUPT_PHONEBOOK)
            result = ERROR_CANNOT_FIND_PHONEBOOK_ENTRY; /* as on the page */
    }
    if (result == ERROR_SUCCESS && entry_size)
        result = write_entry(source, entry, entry_size, wide);
    /* There has been no device information since Windows Me. */
    if (device_info_size && (result == ERROR_SUCCESS || result == ERROR_BUFFER_TOO_SMALL))
        *device_info_size = 0;
    phonebooks_close(&books);
    return result;
}

DWORD WINAPI RasGetEntryPropertiesW(const WCHAR *path, const WCHAR *name, RASENTRYW *entry,
        DWORD *entry_size, BYTE *device_info, DWORD *device_info_size)
{
    TRACE_CALL("(path %s, name %s, entry %p, entry_size %p, device_info %p, "
               "device_info_size %p)",
            TRACE_WIDE(path), TRACE_WIDE(name), (const void *)entry, (const void *)entry_size,
            (const void *)device_info, (const void *)device_info_size);
    (void)device_info;
    return TRACED(get_properties(path, name, (BYTE *)entry, entry_size, device_info_size, true));
}

DWORD WINAPI RasGetEntryPropertiesA(const char *path, const char *name, RASENTRYA *entry,
        DWORD *entry_size, BYTE *device_info, DWORD *device_info_size)
{
    TRACE_CALL("(path %s, name %s, entry %p, entry_size %p, device_info %p, "
               "device_info_size %p)",
            TRACE_NARROW(path), TRACE_NARROW(name), (const void *)entry, (const void *)entry_size,
            (const void *)device_info, (const void *)device_info_size);
    bool failed = false;
    WCHAR *wide_path = wide_from_ansi(path, &failed), *wide_name = wide_from_ansi(name, &failed);
    DWORD result = failed ? ERROR_NOT_ENOUGH_MEMORY
                          : get_properties(wide_path, wide_name, (BYTE *)entry, entry_size,
                                  device_info_size, false);

    (void)device_info;
    free(wide_path);
    free(wide_name);
    return TRACED(result);
}
