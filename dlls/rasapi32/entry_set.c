/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * RasSetEntryProperties, RasRenameEntry and RasDeleteEntry.
 */

#include <stdlib.h>
#include <string.h>
#include <wchar.h>

#include <windows.h>
#include <ras.h>
#include <raserror.h>

#include "dlls/rasapi32/alternates.h"
#include "dlls/rasapi32/entry.h"
#include "dlls/rasapi32/entry_write.h"
#include "dlls/rasapi32/phonebook.h"
#include "dlls/rasapi32/phonebook_change.h"
#include "dlls/rasapi32/secrets.h"

#include "libs/log/trace.h"

/* Ends the texts of the caller's structure where their members end. */
static void end_texts(struct entry_w *entry)
{
#define END(member) entry->xp.member[ARRAYSIZE(entry->xp.member) - 1] = 0
    END(szAreaCode);
    END(szLocalPhoneNumber);
    END(szAutodialDll);
    END(szAutodialFunc);
    END(szDeviceType);
    END(szDeviceName);
    END(szCustomDialDll);
    END(szDnsSuffix);
    END(szPrerequisitePbk);
    END(szPrerequisiteEntry);
#undef END
}

/* Fills *entry from `before` and, over it, what the caller's structure has. *before becomes what
 * the caller can have read: in A, text that the code page lacks is different there, and stays in
 * the phone book if the caller does not change it. */
static void take_members(
        const BYTE *from, DWORD size, bool wide, struct entry_w *before, struct entry_w *entry)
{
    struct entry_a narrow;

    if (wide)
    {
        *entry = *before;
        memcpy(entry, from, entry_known_size(size, true));
        end_texts(entry);
        return;
    }
    entry_to_ansi(before, &narrow);
    entry_from_ansi(&narrow, before);
    memcpy(&narrow, from, entry_known_size(size, false));
    entry_from_ansi(&narrow, entry);
}

/* "The caller must provide values for the following members" */
static bool is_complete(const struct entry_w *entry)
{
    const RASENTRYW *xp = &entry->xp;
    /* These have no number. */
    bool has_number = xp->dwType != RASET_Broadband && xp->dwType != RASET_Direct;

    return (*xp->szLocalPhoneNumber || !has_number) && *xp->szDeviceName && *xp->szDeviceType
           && (xp->dwFramingProtocol == RASFP_Ppp || xp->dwFramingProtocol == RASFP_Slip
                   || xp->dwFramingProtocol == RASFP_Ras)
           && xp->dwType >= RASET_Phone && xp->dwType <= RASET_Broadband;
}

static DWORD check_arguments(const WCHAR *name, const BYTE *entry, DWORD size, bool wide)
{
    if (!entry || IsBadReadPtr(entry, sizeof(DWORD)))
        return ERROR_BUFFER_INVALID;
    if (!name || !*name || !*(const DWORD *)entry)
        return ERROR_INVALID_PARAMETER;
    if (!entry_is_size(*(const DWORD *)entry, wide))
        return ERROR_INVALID_SIZE;
    if (size < *(const DWORD *)entry || IsBadReadPtr(entry, size))
        return ERROR_BUFFER_INVALID;
    return ERROR_SUCCESS;
}

static DWORD change_entry(struct phonebook_change *change, const BYTE *given, DWORD size, bool wide)
{
    struct entry_w before, entry;
    WCHAR *alternates = NULL;
    DWORD offset;

    entry_read(change->entry, &before);
    take_members(given, *(const DWORD *)given, wide, &before, &entry);
    /* An older structure has no type, and programs written for it, as Microsoft's sample
     * phoneentry, set none in a newer one. */
    if ((!change->entry && *(const DWORD *)given <= entry_type_offset(wide)) || !entry.xp.dwType)
        entry.xp.dwType = entry_type_of_device(entry.xp.szDeviceType, true);
    if (!is_complete(&entry))
        return ERROR_INVALID_PARAMETER;
    offset = wide ? ((const RASENTRYW *)given)->dwAlternateOffset
                  : ((const RASENTRYA *)given)->dwAlternateOffset;
    if (offset && !(alternates = alternates_read(given, size, offset, wide)))
        return ERROR_INVALID_PARAMETER;
    entry_write(change, &before, &entry);
    entry_write_alternates(change, 0, alternates ? alternates : L"");
    free(alternates);
    return phonebook_change_commit(change);
}

static DWORD set_properties(
        const WCHAR *path, const WCHAR *name, const BYTE *entry, DWORD size, bool wide)
{
    struct phonebook_change change;
    DWORD result = check_arguments(name, entry, size, wide);

    if (result != ERROR_SUCCESS)
        return result;
    result = phonebook_change_begin_new(&change, path, name);
    if (result == ERROR_SUCCESS)
        result = change_entry(&change, entry, size, wide);
    phonebook_change_end(&change);
    return result;
}

DWORD WINAPI RasSetEntryPropertiesW(const WCHAR *path, const WCHAR *name, RASENTRYW *entry,
        DWORD entry_size, BYTE *device_info, DWORD device_info_size)
{
    TRACE_CALL("(path %s, name %s, entry %p, entry_size %lu, device_info %p, "
               "device_info_size %lu)",
            TRACE_WIDE(path), TRACE_WIDE(name), (const void *)entry, (unsigned long)entry_size,
            (const void *)device_info, (unsigned long)device_info_size);
    (void)device_info;
    (void)device_info_size;
    return TRACED(set_properties(path, name, (const BYTE *)entry, entry_size, true));
}

DWORD WINAPI RasSetEntryPropertiesA(const char *path, const char *name, RASENTRYA *entry,
        DWORD entry_size, BYTE *device_info, DWORD device_info_size)
{
    TRACE_CALL("(path %s, name %s, entry %p, entry_size %lu, device_info %p, "
               "device_info_size %lu)",
            TRACE_NARROW(path), TRACE_NARROW(name), (const void *)entry, (unsigned long)entry_size,
            (const void *)device_info, (unsigned long)device_info_size);
    bool failed = false;
    WCHAR *wide_path = wide_from_ansi(path, &failed), *wide_name = wide_from_ansi(name, &failed);
    DWORD result =
            failed ? ERROR_NOT_ENOUGH_MEMORY
                   : set_properties(wide_path, wide_name, (const BYTE *)entry, entry_size, false);

    (void)device_info;
    (void)device_info_size;
    free(wide_path);
    free(wide_name);
    return TRACED(result);
}

/* "The string cannot have a length greater than RAS_MaxEntryName ... cannot consist entirely of
 * space or tab characters ... The first character in the string cannot be a period" */
static bool is_new_name(const WCHAR *name)
{
    return wcslen(name) <= RAS_MaxEntryName && name[wcsspn(name, L" \t")] && *name != '.'
           && !wcspbrk(name, L"\r\n");
}

/* What is saved of an entry without a Guid is found by its name. */
static void rename_secrets(const struct phonebook_change *change, const char *name)
{
    struct pbk_entry renamed = *change->entry;
    struct secrets_place from, to;

    renamed.name = name;
    secrets_place(change->path, change->entry, &from);
    secrets_place(change->path, &renamed, &to);
    secrets_move(&from, &to);
}

static DWORD rename_entry(const WCHAR *path, const WCHAR *from, const WCHAR *to)
{
    struct phonebook_change change;
    DWORD result;
    char *text;
    size_t i;

    if (!from || !to)
        return ERROR_INVALID_PARAMETER;
    if (!is_new_name(to))
        return ERROR_INVALID_NAME;
    result = phonebook_change_begin(&change, path, from);
    for (i = 0; result == ERROR_SUCCESS && i < change.pbk.entry_count; i++)
        if (i != change.index && phonebook_has_name(&change.pbk.entries[i], to))
            result = ERROR_ALREADY_EXISTS;
    if (result == ERROR_SUCCESS)
    {
        if ((text = phonebook_change_text(&change, to)))
            pbk_edit_rename(&change.edit, text);
        result = phonebook_change_commit(&change);
        if (result == ERROR_SUCCESS)
            rename_secrets(&change, text);
        free(text);
    }
    phonebook_change_end(&change);
    return result;
}

DWORD WINAPI RasRenameEntryW(const WCHAR *path, const WCHAR *old_name, const WCHAR *new_name)
{
    TRACE_CALL("(path %s, old_name %s, new_name %s)", TRACE_WIDE(path), TRACE_WIDE(old_name),
            TRACE_WIDE(new_name));
    return TRACED(rename_entry(path, old_name, new_name));
}

DWORD WINAPI RasRenameEntryA(const char *path, const char *old_name, const char *new_name)
{
    TRACE_CALL("(path %s, old_name %s, new_name %s)", TRACE_NARROW(path), TRACE_NARROW(old_name),
            TRACE_NARROW(new_name));
    bool failed = false;
    WCHAR *wide_path = wide_from_ansi(path, &failed), *wide_old = wide_from_ansi(old_name, &failed);
    WCHAR *wide_new = wide_from_ansi(new_name, &failed);
    DWORD result = failed ? ERROR_NOT_ENOUGH_MEMORY : rename_entry(wide_path, wide_old, wide_new);

    free(wide_path);
    free(wide_old);
    free(wide_new);
    return TRACED(result);
}

static DWORD delete_entry(const WCHAR *path, const WCHAR *name)
{
    struct phonebook_change change;
    struct secrets_place place;
    DWORD result;

    if (!name)
        return ERROR_INVALID_PARAMETER;
    result = phonebook_change_begin(&change, path, name);
    if (result == ERROR_SUCCESS)
    {
        change.removed = 1;
        pbk_edit_delete(&change.edit);
        secrets_place(change.path, change.entry, &place);
        if ((result = phonebook_change_commit(&change)) == ERROR_SUCCESS)
            secrets_delete(&place);
    }
    else if (result == ERROR_CANNOT_FIND_PHONEBOOK_ENTRY)
        result = ERROR_INVALID_NAME; /* as on the page */
    phonebook_change_end(&change);
    return result;
}

DWORD WINAPI RasDeleteEntryW(const WCHAR *path, const WCHAR *name)
{
    TRACE_CALL("(path %s, name %s)", TRACE_WIDE(path), TRACE_WIDE(name));
    return TRACED(delete_entry(path, name));
}

DWORD WINAPI RasDeleteEntryA(const char *path, const char *name)
{
    TRACE_CALL("(path %s, name %s)", TRACE_NARROW(path), TRACE_NARROW(name));
    bool failed = false;
    WCHAR *wide_path = wide_from_ansi(path, &failed), *wide_name = wide_from_ansi(name, &failed);
    DWORD result = failed ? ERROR_NOT_ENOUGH_MEMORY : delete_entry(wide_path, wide_name);

    free(wide_path);
    free(wide_name);
    return TRACED(result);
}
