/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * RasGetSubEntryProperties, RasSetSubEntryProperties and RasDeleteSubEntry: the links of an entry,
 * each a MEDIA and a DEVICE block of its phone book.
 */

#include <stdlib.h>
#include <string.h>

#include <windows.h>
#include <ras.h>
#include <raserror.h>

#include "dlls/rasapi32/alternates.h"
#include "dlls/rasapi32/entry_write.h"
#include "dlls/rasapi32/phonebook.h"
#include "dlls/rasapi32/phonebook_change.h"

#include "libs/log/trace.h"

/* RASSUBENTRY with W or A. */
struct layout
{
    DWORD size;
    size_t device_type, device_name, phone_number, alternates; /* offsets */
    bool wide;
};

#define LAYOUT(structure, wide)                                                                    \
    {                                                                                              \
        sizeof(structure), offsetof(structure, szDeviceType), offsetof(structure, szDeviceName),   \
                offsetof(structure, szLocalPhoneNumber), offsetof(structure, dwAlternateOffset),   \
                wide                                                                               \
    }

static const struct layout wide_layout = LAYOUT(RASSUBENTRYW, true);
static const struct layout narrow_layout = LAYOUT(RASSUBENTRYA, false);

/* ---- reading ---- */

static void write_member(BYTE *to, const char *text, size_t capacity, const struct layout *layout)
{
    WCHAR wide[RAS_MaxPhoneNumber + 1];

    phonebook_text(text, wide, ARRAYSIZE(wide));
    write_text(to, wide, capacity, layout->wide);
}

static DWORD write_link(const struct pbk_entry *entry, DWORD number, BYTE *link, DWORD *size,
        const struct layout *layout)
{
    const struct pbk_block *media = pbk_block(entry, PBK_MEDIA, number - 1);
    const struct pbk_block *device = pbk_block(entry, PBK_DEVICE, number - 1);
    size_t alternates = alternates_write(device, NULL, layout->wide);
    DWORD capacity = link ? *size : 0;

    *size = layout->size + (DWORD)alternates;
    if (capacity < *size)
        return ERROR_BUFFER_TOO_SMALL;
    if (IsBadWritePtr(link, *size))
        return ERROR_BUFFER_INVALID;
    memset(link, 0, *size);
    *(DWORD *)link = layout->size;
    write_member(link + layout->device_type, device ? device->value : "modem",
            RAS_MaxDeviceType + 1, layout);
    write_member(link + layout->device_name, pbk_value(media, "Device", 0), RAS_MaxDeviceName + 1,
            layout);
    write_member(link + layout->phone_number, pbk_value(device, "PhoneNumber", 0),
            RAS_MaxPhoneNumber + 1, layout);
    if (alternates)
        *(DWORD *)(link + layout->alternates) = layout->size;
    alternates_write(device, link + layout->size, layout->wide);
    return ERROR_SUCCESS;
}

static DWORD get_link(const WCHAR *path, const WCHAR *name, DWORD number, void *link, DWORD *size,
        const struct layout *layout)
{
    const struct pbk_entry *entry;
    struct phonebooks books;
    DWORD result;

    if (!name || !number || (link && !size))
        return ERROR_INVALID_PARAMETER;
    if (link && IsBadReadPtr(link, sizeof(DWORD)))
        return ERROR_BUFFER_INVALID;
    if (link && *(const DWORD *)link != layout->size)
        return ERROR_INVALID_SIZE;
    if ((result = phonebooks_open_entry(path, name, &books, &entry, NULL)) != ERROR_SUCCESS)
        return result;
    if (!pbk_block(entry, PBK_MEDIA, number - 1))
        result = ERROR_INVALID_PARAMETER;
    else if (size)
        result = write_link(entry, number, link, size, layout);
    phonebooks_close(&books);
    return result;
}

/* ---- writing ---- */

/* How many links the entry has. */
static DWORD count_links(const struct pbk_entry *entry)
{
    DWORD count = 0;

    while (pbk_block(entry, PBK_MEDIA, count))
        count++;
    return count;
}

/* True if each link has one MEDIA block and one DEVICE block. Otherwise nobody can say which DEVICE
 * is whose, and a change would damage another link. */
static bool links_are_paired(const struct pbk_entry *entry)
{
    size_t media = 0, devices = 0;

    while (entry && pbk_block(entry, PBK_MEDIA, media))
        media++;
    while (entry && pbk_block(entry, PBK_DEVICE, devices))
        devices++;
    return media == devices;
}

static DWORD change_link(struct phonebook_change *change, DWORD number, const BYTE *link,
        DWORD size, const struct layout *layout)
{
    WCHAR type[RAS_MaxDeviceType + 1], name[RAS_MaxDeviceName + 1];
    WCHAR phone_number[RAS_MaxPhoneNumber + 1], *alternates = NULL;
    DWORD offset = *(const DWORD *)(link + layout->alternates);
    DWORD links = count_links(change->entry);

    read_text(link + layout->device_type, type, ARRAYSIZE(type), layout->wide);
    read_text(link + layout->device_name, name, ARRAYSIZE(name), layout->wide);
    read_text(link + layout->phone_number, phone_number, ARRAYSIZE(phone_number), layout->wide);
    /* "each minimally consisting of a device and a phone number", which not every device has */
    if (!*type || !*name)
        return ERROR_INVALID_PARAMETER;
    if (!links_are_paired(change->entry))
        return ERROR_CANNOT_WRITE_PHONEBOOK;
    if (offset && !(alternates = alternates_read(link, size, offset, layout->wide)))
        return ERROR_INVALID_PARAMETER;
    /* "If the index does not match an existing index, the function creates a new subentry." */
    number = min(number - 1, links);
    entry_write_link(change, number, type, name, phone_number);
    entry_write_alternates(change, number, alternates ? alternates : L"");
    free(alternates);
    return phonebook_change_commit(change);
}

static DWORD set_link(const WCHAR *path, const WCHAR *name, DWORD number, const void *link,
        DWORD size, const struct layout *layout)
{
    struct phonebook_change change;
    DWORD result;

    if (!link || IsBadReadPtr(link, sizeof(DWORD)))
        return ERROR_BUFFER_INVALID;
    if (!name || !number)
        return ERROR_INVALID_PARAMETER;
    if (*(const DWORD *)link != layout->size)
        return ERROR_INVALID_SIZE;
    if (size < layout->size || IsBadReadPtr(link, size))
        return ERROR_BUFFER_INVALID;
    result = phonebook_change_begin(&change, path, name);
    if (result == ERROR_SUCCESS)
        result = change_link(&change, number, link, size, layout);
    phonebook_change_end(&change);
    return result;
}

static DWORD delete_link(const WCHAR *path, const WCHAR *name, DWORD number)
{
    struct phonebook_change change;
    DWORD result;

    if (!name || !number)
        return ERROR_INVALID_PARAMETER;
    result = phonebook_change_begin(&change, path, name);
    if (result == ERROR_SUCCESS && number > count_links(change.entry))
        result = ERROR_INVALID_PARAMETER;
    else if (result == ERROR_SUCCESS && !links_are_paired(change.entry))
        result = ERROR_CANNOT_WRITE_PHONEBOOK;
    if (result == ERROR_SUCCESS)
    {
        pbk_edit_delete_block(&change.edit, PBK_DEVICE, number - 1);
        pbk_edit_delete_block(&change.edit, PBK_MEDIA, number - 1);
        result = phonebook_change_commit(&change);
    }
    phonebook_change_end(&change);
    return result;
}

/* ---- the functions ---- */

DWORD WINAPI RasGetSubEntryPropertiesW(const WCHAR *path, const WCHAR *name, DWORD number,
        RASSUBENTRYW *link, DWORD *size, BYTE *device_info, DWORD *device_info_size)
{
    TRACE_CALL(
            "(path %s, name %s, number %lu, link %p, size %p, device_info %p, device_info_size %p)",
            TRACE_WIDE(path), TRACE_WIDE(name), (unsigned long)number, (const void *)link,
            (const void *)size, (const void *)device_info, (const void *)device_info_size);
    (void)device_info;
    (void)device_info_size;
    return TRACED(get_link(path, name, number, link, size, &wide_layout));
}

DWORD WINAPI RasGetSubEntryPropertiesA(const char *path, const char *name, DWORD number,
        RASSUBENTRYA *link, DWORD *size, BYTE *device_info, DWORD *device_info_size)
{
    TRACE_CALL(
            "(path %s, name %s, number %lu, link %p, size %p, device_info %p, device_info_size %p)",
            TRACE_NARROW(path), TRACE_NARROW(name), (unsigned long)number, (const void *)link,
            (const void *)size, (const void *)device_info, (const void *)device_info_size);
    bool failed = false;
    WCHAR *wide_path = wide_from_ansi(path, &failed), *wide_name = wide_from_ansi(name, &failed);
    DWORD result = failed ? ERROR_NOT_ENOUGH_MEMORY
                          : get_link(wide_path, wide_name, number, link, size, &narrow_layout);

    (void)device_info;
    (void)device_info_size;
    free(wide_path);
    free(wide_name);
    return TRACED(result);
}

DWORD WINAPI RasSetSubEntryPropertiesW(const WCHAR *path, const WCHAR *name, DWORD number,
        RASSUBENTRYW *link, DWORD size, BYTE *device_info, DWORD device_info_size)
{
    TRACE_CALL("(path %s, name %s, number %lu, link %p, size %lu, device_info %p, "
               "device_info_size %lu)",
            TRACE_WIDE(path), TRACE_WIDE(name), (unsigned long)number, (const void *)link,
            (unsigned long)size, (const void *)device_info, (unsigned long)device_info_size);
    (void)device_info;
    (void)device_info_size;
    return TRACED(set_link(path, name, number, link, size, &wide_layout));
}

DWORD WINAPI RasSetSubEntryPropertiesA(const char *path, const char *name, DWORD number,
        RASSUBENTRYA *link, DWORD size, BYTE *device_info, DWORD device_info_size)
{
    TRACE_CALL("(path %s, name %s, number %lu, link %p, size %lu, device_info %p, "
               "device_info_size %lu)",
            TRACE_NARROW(path), TRACE_NARROW(name), (unsigned long)number, (const void *)link,
            (unsigned long)size, (const void *)device_info, (unsigned long)device_info_size);
    bool failed = false;
    WCHAR *wide_path = wide_from_ansi(path, &failed), *wide_name = wide_from_ansi(name, &failed);
    DWORD result = failed ? ERROR_NOT_ENOUGH_MEMORY
                          : set_link(wide_path, wide_name, number, link, size, &narrow_layout);

    (void)device_info;
    (void)device_info_size;
    free(wide_path);
    free(wide_name);
    return TRACED(result);
}

DWORD WINAPI RasDeleteSubEntryW(const WCHAR *path, const WCHAR *name, DWORD number)
{
    TRACE_CALL("(path %s, name %s, number %lu)", TRACE_WIDE(path), TRACE_WIDE(name),
            (unsigned long)number);
    return TRACED(delete_link(path, name, number));
}

DWORD WINAPI RasDeleteSubEntryA(const char *path, const char *name, DWORD number)
{
    TRACE_CALL("(path %s, name %s, number %lu)", TRACE_NARROW(path), TRACE_NARROW(name),
            (unsigned long)number);
    bool failed = false;
    WCHAR *wide_path = wide_from_ansi(path, &failed), *wide_name = wide_from_ansi(name, &failed);
    DWORD result = failed ? ERROR_NOT_ENOUGH_MEMORY : delete_link(wide_path, wide_name, number);

    free(wide_path);
    free(wide_name);
    return TRACED(result);
}
