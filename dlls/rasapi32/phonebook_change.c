/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Changes phone books; see phonebook_change.h.
 *
 * The lock is a mutex of the Wine prefix, which is released when its owner dies. It is one for all
 * phone books, because a file has many paths. What takes the old file's place is renamed, which
 * Wine does by rename(2), after fsync(2).
 */

#include "dlls/rasapi32/phonebook_change.h"

#include <ras.h>
#include <raserror.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <wchar.h>

#include "dlls/rasapi32/entry_name.h"
#include "dlls/rasapi32/phonebook.h"
#include "libs/log/log.h"

#define LOCK_PATIENCE 30000   /* ms: longer than any number of processes needs */
#define RENAME_PATIENCE 10000 /* ms: Wine replaces no file that a process has open */

static const WCHAR lock_name[] = L"wine-nap phone books";

DWORD phonebook_lock(HANDLE *lock)
{
    DWORD waited;

    if (!(*lock = CreateMutexW(NULL, FALSE, lock_name)))
        return ERROR_NOT_ENOUGH_MEMORY;
    waited = WaitForSingleObject(*lock, LOCK_PATIENCE);
    if (waited == WAIT_OBJECT_0 || waited == WAIT_ABANDONED)
        return ERROR_SUCCESS;
    CloseHandle(*lock);
    *lock = NULL;
    log_event(LOG_WARN, 0, "phonebook",
            "a phone book is not changed: another program has been changing one for %d seconds",
            LOCK_PATIENCE / 1000);
    return ERROR_CANNOT_WRITE_PHONEBOOK;
}

void phonebook_unlock(HANDLE lock)
{
    ReleaseMutex(lock);
    CloseHandle(lock);
}

/* Creates the folders of a path. */
static void make_folders(const WCHAR *path)
{
    WCHAR folder[MAX_PATH], *at;

    lstrcpynW(folder, path, ARRAYSIZE(folder));
    for (at = folder + 3; wcslen(folder) > 3 && (at = wcschr(at, '\\')); at++)
    {
        *at = 0;
        CreateDirectoryW(folder, NULL);
        *at = '\\';
    }
}

/* The phone book of new entries. */
static DWORD user_phonebook(WCHAR *path)
{
    DWORD length = ExpandEnvironmentStringsW(
            L"%APPDATA%\\Microsoft\\Network\\Connections\\Pbk\\rasphone.pbk", path, MAX_PATH);

    if (!length || length > MAX_PATH || path[0] == '%')
        return ERROR_CANNOT_OPEN_PHONEBOOK;
    make_folders(path);
    return ERROR_SUCCESS;
}

/* The file that has the entry. */
static DWORD find_file(
        struct phonebook_change *change, const WCHAR *path, const WCHAR *name, bool may_be_new)
{
    const struct phonebook *book;
    struct phonebooks books;
    DWORD result;

    if (path)
    {
        if (wcslen(path) >= MAX_PATH)
            return ERROR_CANNOT_OPEN_PHONEBOOK;
        lstrcpyW(change->path, path);
        return ERROR_SUCCESS;
    }
    if ((result = phonebooks_open(NULL, &books)) != ERROR_SUCCESS)
        return result;
    if (phonebooks_find(&books, name, &book))
        lstrcpyW(change->path, book->path);
    else
        result = may_be_new ? user_phonebook(change->path) : ERROR_CANNOT_FIND_PHONEBOOK_ENTRY;
    phonebooks_close(&books);
    return result;
}

/* Whether the user may write the file, which the change itself does not need. */
static bool may_write(const WCHAR *path)
{
    DWORD attributes = GetFileAttributesW(path);
    HANDLE file;

    if (attributes != INVALID_FILE_ATTRIBUTES && (attributes & FILE_ATTRIBUTE_READONLY))
        return false;
    file = CreateFileW(path, GENERIC_WRITE, FILE_SHARE_READ | FILE_SHARE_WRITE | FILE_SHARE_DELETE,
            NULL, OPEN_EXISTING, 0, NULL);
    if (file == INVALID_HANDLE_VALUE)
        return GetLastError() != ERROR_ACCESS_DENIED;
    CloseHandle(file);
    return true;
}

static DWORD read_file(struct phonebook_change *change, bool may_be_new)
{
    LARGE_INTEGER size;
    HANDLE file = CreateFileW(change->path, GENERIC_READ,
            FILE_SHARE_READ | FILE_SHARE_WRITE | FILE_SHARE_DELETE, NULL, OPEN_EXISTING, 0, NULL);
    DWORD done, result = ERROR_SUCCESS;
    enum pbk_status status;

    if (file == INVALID_HANDLE_VALUE)
    {
        if (may_be_new && GetLastError() == ERROR_FILE_NOT_FOUND)
            return (change->data = calloc(1, 1)) ? ERROR_SUCCESS : ERROR_NOT_ENOUGH_MEMORY;
        return ERROR_CANNOT_OPEN_PHONEBOOK;
    }
    if (!GetFileSizeEx(file, &size) || size.QuadPart > PHONEBOOK_MAX_SIZE)
        result = ERROR_CANNOT_OPEN_PHONEBOOK;
    else if (!(change->data = malloc((size_t)size.QuadPart + 1)))
        result = ERROR_NOT_ENOUGH_MEMORY;
    else if (!ReadFile(file, change->data, (DWORD)size.QuadPart, &done, NULL))
        result = ERROR_CANNOT_OPEN_PHONEBOOK;
    else
    {
        change->size = done;
        status = pbk_init(&change->pbk, change->data, change->size);
        result = status == PBK_OK          ? ERROR_SUCCESS
                 : status == PBK_NO_MEMORY ? ERROR_NOT_ENOUGH_MEMORY
                                           : ERROR_CANNOT_OPEN_PHONEBOOK;
    }
    CloseHandle(file);
    if (result == ERROR_SUCCESS && !may_write(change->path))
        result = ERROR_ACCESS_DENIED;
    return result;
}

static DWORD begin_entry(struct phonebook_change *change, const WCHAR *name, bool may_be_new)
{
    char *text;

    while (change->index < change->pbk.entry_count
            && !phonebook_has_name(&change->pbk.entries[change->index], name))
        change->index++;
    if (change->index < change->pbk.entry_count)
    {
        change->entry = &change->pbk.entries[change->index];
        pbk_edit_open(&change->edit, change->data, change->size, change->index);
        return ERROR_SUCCESS;
    }
    if (!may_be_new)
        return ERROR_CANNOT_FIND_PHONEBOOK_ENTRY;
    if (!entry_name_is_valid(name) || wcspbrk(name, L"\r\n"))
        return ERROR_INVALID_NAME;
    pbk_edit_append(&change->edit, change->data, change->size, "");
    if ((text = phonebook_change_text(change, name)))
        pbk_edit_rename(&change->edit, text);
    free(text);
    return ERROR_SUCCESS;
}

static DWORD begin(
        struct phonebook_change *change, const WCHAR *path, const WCHAR *name, bool may_be_new)
{
    DWORD result;

    memset(change, 0, sizeof(*change));
    result = phonebook_lock(&change->lock);
    if (result == ERROR_SUCCESS)
        result = find_file(change, path, name, may_be_new);
    if (result == ERROR_SUCCESS)
        result = read_file(change, may_be_new);
    if (result == ERROR_SUCCESS)
        result = begin_entry(change, name, may_be_new);
    return result;
}

DWORD phonebook_change_begin(struct phonebook_change *change, const WCHAR *path, const WCHAR *name)
{
    return begin(change, path, name, false);
}

DWORD phonebook_change_begin_new(
        struct phonebook_change *change, const WCHAR *path, const WCHAR *name)
{
    return begin(change, path, name, true);
}

static char *converted(UINT page, const WCHAR *text, BOOL *lossy)
{
    int length = WideCharToMultiByte(page, 0, text, -1, NULL, 0, NULL, lossy);
    char *out = length > 0 ? malloc((size_t)length) : NULL;

    if (out)
        WideCharToMultiByte(page, 0, text, -1, out, length, NULL, NULL);
    return out;
}

char *phonebook_change_text(struct phonebook_change *change, const WCHAR *text)
{
    BOOL lossy = FALSE;
    char *out = NULL;

    if (wcspbrk(text, L"\r\n"))
    {
        change->invalid = true;
        return NULL;
    }
    if (pbk_edit_is_ansi(&change->edit) && GetACP() != CP_UTF8)
    {
        out = converted(CP_ACP, text, &lossy);
        /* What the code page lacks, or what reads as UTF-8, is written in UTF-8. */
        if (out && (lossy || text_is_utf8(out, strlen(out))))
        {
            free(out);
            out = NULL;
        }
    }
    if (!out && !(out = converted(CP_UTF8, text, NULL)))
        change->edit.failed = true;
    return out;
}

void phonebook_change_set(struct phonebook_change *change, enum pbk_block_kind kind, size_t block,
        const char *key, size_t nth, const WCHAR *value)
{
    char *text = phonebook_change_text(change, value);

    if (text)
        pbk_edit_set(&change->edit, kind, block, key, nth, text);
    free(text);
}

void phonebook_change_set_number(struct phonebook_change *change, enum pbk_block_kind kind,
        size_t block, const char *key, DWORD value)
{
    char text[16];

    sprintf(text, "%ld", (long)(LONG)value);
    pbk_edit_set(&change->edit, kind, block, key, 0, text);
}

static DWORD write_error(void)
{
    return GetLastError() == ERROR_ACCESS_DENIED ? ERROR_ACCESS_DENIED
                                                 : ERROR_CANNOT_WRITE_PHONEBOOK;
}

static DWORD write_new(const WCHAR *path, const void *data, size_t size)
{
    HANDLE file = CreateFileW(path, GENERIC_WRITE, 0, NULL, CREATE_ALWAYS, 0, NULL);
    DWORD done, result = ERROR_SUCCESS;

    if (file == INVALID_HANDLE_VALUE)
        return write_error();
    if (!WriteFile(file, data, (DWORD)size, &done, NULL) || done != size || !FlushFileBuffers(file))
        result = ERROR_CANNOT_WRITE_PHONEBOOK;
    CloseHandle(file);
    return result;
}

/* Puts the new file in the old one's place. Other programs have the old one open for moments. */
static DWORD replace(const WCHAR *from, const WCHAR *to)
{
    DWORD started = GetTickCount(), error;

    while (!MoveFileExW(from, to, MOVEFILE_REPLACE_EXISTING))
    {
        error = GetLastError();
        if (error != ERROR_ACCESS_DENIED && error != ERROR_SHARING_VIOLATION)
            return ERROR_CANNOT_WRITE_PHONEBOOK;
        if (GetTickCount() - started > RENAME_PATIENCE)
        {
            log_event(LOG_WARN, 0, "phonebook",
                    "%ls is not changed: another program has it open; close it there", to);
            return ERROR_CANNOT_WRITE_PHONEBOOK;
        }
        Sleep(1);
    }
    return ERROR_SUCCESS;
}

static DWORD put_in_place(struct phonebook_change *change, const void *data, size_t size)
{
    WCHAR temporary[MAX_PATH + 4];
    DWORD result;

    lstrcpyW(temporary, change->path);
    lstrcatW(temporary, L".new");
    result = write_new(temporary, data, size);
    if (result == ERROR_SUCCESS)
        result = replace(temporary, change->path);
    if (result != ERROR_SUCCESS)
        DeleteFileW(temporary);
    return result;
}

DWORD phonebook_change_commit(struct phonebook_change *change)
{
    struct pbk after = {0};
    DWORD result;
    size_t size;
    void *data;

    if (change->invalid)
        return ERROR_INVALID_PARAMETER;
    if (!(data = pbk_edit_data(&change->edit, &size)))
        return ERROR_NOT_ENOUGH_MEMORY;
    if (size == change->size && !memcmp(data, change->data, size))
        result = ERROR_SUCCESS;
    else if (size > PHONEBOOK_MAX_SIZE || pbk_init(&after, data, size) != PBK_OK
             || !pbk_same_others(&change->pbk, &after, change->index, change->removed))
        result = ERROR_CANNOT_WRITE_PHONEBOOK;
    else
        result = put_in_place(change, data, size);
    pbk_finish(&after);
    free(data);
    return result;
}

void phonebook_change_end(struct phonebook_change *change)
{
    pbk_edit_finish(&change->edit);
    pbk_finish(&change->pbk);
    free(change->data);
    if (change->lock)
        phonebook_unlock(change->lock);
    memset(change, 0, sizeof(*change));
}
