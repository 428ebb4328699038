/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * The names of phone-book entries: RasEnumEntries, RasValidateEntryName.
 */

#include <stdlib.h>
#include <string.h>
#include <wchar.h>

#include <windows.h>
#include <ras.h>
#include <raserror.h>

#include "dlls/rasapi32/entry_name.h"
#include "dlls/rasapi32/phonebook.h"

#include "libs/log/trace.h"

#define ALL_USERS 1 /* REN_AllUsers, which mingw-w64's header lacks; REN_User is 0 */

/* The longest name of Windows NT 3.51, whose RASENTRYNAME ends there too. */
#define SHORT_NAME 20

/* RASENTRYNAME with W or A. */
struct layout
{
    DWORD sizes[3];           /* that it has had, oldest first */
    size_t name, flags, path; /* offsets */
    bool wide;
};

#define LAYOUT(structure, oldest, wide)                                                            \
    {                                                                                              \
        {oldest, offsetof(structure, dwFlags), sizeof(structure)},                                 \
                offsetof(structure, szEntryName), offsetof(structure, dwFlags),                    \
                offsetof(structure, szPhonebookPath), wide                                         \
    }

static const struct layout wide_layout = LAYOUT(RASENTRYNAMEW, 48, true);
static const struct layout narrow_layout = LAYOUT(RASENTRYNAMEA, 28, false);

C_ASSERT(sizeof(RASENTRYNAMEW) == 1048 && offsetof(RASENTRYNAMEW, dwFlags) == 520);
C_ASSERT(sizeof(RASENTRYNAMEA) == 532 && offsetof(RASENTRYNAMEA, dwFlags) == 264);

static bool is_size(DWORD size, const DWORD sizes[3])
{
    return size == sizes[0] || size == sizes[1] || size == sizes[2];
}

static void write_name(BYTE *to, DWORD size, const WCHAR *name, const struct phonebook *book,
        const struct layout *layout)
{
    *(DWORD *)to = size;
    write_text(to + layout->name, name,
            (size == layout->sizes[0] ? SHORT_NAME : RAS_MaxEntryName) + 1, layout->wide);
    if (size < layout->sizes[2])
        return;
    *(DWORD *)(to + layout->flags) = book->all_users ? ALL_USERS : 0;
    write_text(to + layout->path, book->path, MAX_PATH + 1, layout->wide);
}

/* Writes the first `fitting` entries to `to`. Skips entries whose names are too long for a program
 * to use. Returns the number of the others. */
static DWORD each_entry(const struct phonebooks *books, BYTE *to, DWORD fitting, DWORD size,
        const struct layout *layout)
{
    WCHAR name[RAS_MaxEntryName + 1];
    DWORD count = 0;
    size_t i, k;

    for (i = 0; i < books->count; i++)
        for (k = 0; k < books->books[i].file->pbk.entry_count; k++)
        {
            const struct phonebook *book = &books->books[i];

            if (phonebook_text(book->file->pbk.entries[k].name, name, ARRAYSIZE(name))
                    > RAS_MaxEntryName)
                continue;
            if (count < fitting)
                write_name(to + (size_t)count * size, size, name, book, layout);
            count++;
        }
    return count;
}

static DWORD enum_entries(const void *reserved, const WCHAR *path, void *names, DWORD *buffer_size,
        DWORD *count, const struct layout *layout)
{
    DWORD size = layout->sizes[2], result, available;
    struct phonebooks books;
    ULONGLONG needed, capacity;

    if (reserved || !buffer_size || !count)
        return ERROR_INVALID_PARAMETER;
    if (names && *buffer_size >= sizeof(DWORD) && !is_size(size = *(DWORD *)names, layout->sizes))
        return ERROR_INVALID_SIZE;
    if ((result = phonebooks_open_entry(path, NULL, &books, NULL, NULL)) != ERROR_SUCCESS)
        return result;

    capacity = names ? *buffer_size : 0;
    available = each_entry(&books, names, (DWORD)(capacity / size), size, layout);
    needed = (ULONGLONG)available * size;
    if (needed > MAXDWORD)
        result = ERROR_NOT_ENOUGH_MEMORY;
    else
    {
        if (needed > capacity)
            result = ERROR_BUFFER_TOO_SMALL;
        *buffer_size = (DWORD)needed;
        *count = available;
    }
    phonebooks_close(&books);
    return result;
}

DWORD WINAPI RasEnumEntriesW(const WCHAR *reserved, const WCHAR *path, RASENTRYNAMEW *names,
        DWORD *buffer_size, DWORD *count)
{
    TRACE_CALL("(reserved %s, path %s, names %p, buffer_size %p, count %p)", TRACE_WIDE(reserved),
            TRACE_WIDE(path), (const void *)names, (const void *)buffer_size, (const void *)count);
    return TRACED(enum_entries(reserved, path, names, buffer_size, count, &wide_layout));
}

DWORD WINAPI RasEnumEntriesA(const char *reserved, const char *path, RASENTRYNAMEA *names,
        DWORD *buffer_size, DWORD *count)
{
    TRACE_CALL("(reserved %s, path %s, names %p, buffer_size %p, count %p)", TRACE_NARROW(reserved),
            TRACE_NARROW(path), (const void *)names, (const void *)buffer_size,
            (const void *)count);
    bool failed = false;
    WCHAR *wide = wide_from_ansi(path, &failed);
    DWORD result = failed ? ERROR_NOT_ENOUGH_MEMORY
                          : enum_entries(reserved, wide, names, buffer_size, count, &narrow_layout);

    free(wide);
    return TRACED(result);
}

bool entry_name_is_valid(const WCHAR *name)
{
    size_t length = wcslen(name), i;
    bool has_alphanumeric = false;

    if (length > RAS_MaxEntryName || *name == '.' || wcspbrk(name, L"|><?*\\/:"))
        return false;
    for (i = 0; i < length; i++)
        has_alphanumeric |= IsCharAlphaNumericW(name[i]) != 0;
    return has_alphanumeric;
}

static DWORD validate_name(const WCHAR *path, const WCHAR *name)
{
    DWORD result;

    if (!name)
        return ERROR_INVALID_PARAMETER;
    if (!entry_name_is_valid(name))
        return ERROR_INVALID_NAME;
    result = phonebook_check_entry(path, name, true);
    if (result == ERROR_CANNOT_FIND_PHONEBOOK_ENTRY)
        return ERROR_SUCCESS;
    return result == ERROR_SUCCESS ? ERROR_ALREADY_EXISTS : result;
}

DWORD WINAPI RasValidateEntryNameW(const WCHAR *path, const WCHAR *name)
{
    TRACE_CALL("(path %s, name %s)", TRACE_WIDE(path), TRACE_WIDE(name));
    return TRACED(validate_name(path, name));
}

DWORD WINAPI RasValidateEntryNameA(const char *path, const char *name)
{
    TRACE_CALL("(path %s, name %s)", TRACE_NARROW(path), TRACE_NARROW(name));
    bool failed = false;
    WCHAR *wide_path = wide_from_ansi(path, &failed), *wide_name = wide_from_ansi(name, &failed);
    DWORD result = failed ? ERROR_NOT_ENOUGH_MEMORY : validate_name(wide_path, wide_name);

    free(wide_path);
    free(wide_name);
    return TRACED(result);
}
