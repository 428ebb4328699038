/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Phone-book files; see phonebook_file.h.
 */

#include "dlls/rasapi32/phonebook_file.h"

#include <raserror.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include "libs/log/log.h"

/* A file is cached only if its last write was this long ago, in 100 ns. File times have a
 * resolution of some milliseconds, so another write shortly after may leave the time unchanged. */
#define SETTLED (2 * 10000000ull)

static SRWLOCK lock = SRWLOCK_INIT;
static struct phonebook_file *kept[4];
static unsigned int oldest;

static ULONGLONG whole(DWORD high, DWORD low)
{
    return (ULONGLONG)high << 32 | low;
}

static bool same_file(const struct phonebook_file *a, const struct phonebook_file *b)
{
    return a->volume == b->volume && a->index == b->index && a->size == b->size
           && a->written == b->written;
}

/* The cached file that is the same as `file`, with a new reference; NULL if none is. */
static struct phonebook_file *find_kept(const struct phonebook_file *file)
{
    struct phonebook_file *found = NULL;
    size_t i;

    AcquireSRWLockExclusive(&lock);
    for (i = 0; i < ARRAYSIZE(kept) && !found; i++)
        if (kept[i] && same_file(kept[i], file))
            InterlockedIncrement(&(found = kept[i])->references);
    ReleaseSRWLockExclusive(&lock);
    return found;
}

static void keep(struct phonebook_file *file)
{
    struct phonebook_file *former;
    FILETIME now;

    GetSystemTimeAsFileTime(&now);
    if (file->written + SETTLED > whole(now.dwHighDateTime, now.dwLowDateTime))
        return;
    InterlockedIncrement(&file->references);
    AcquireSRWLockExclusive(&lock);
    former = kept[oldest];
    kept[oldest] = file;
    oldest = (oldest + 1) % ARRAYSIZE(kept);
    ReleaseSRWLockExclusive(&lock);
    phonebook_file_release(former);
}

/* FNV-1a. */
DWORD phonebook_name_hash(const char *name)
{
    DWORD hash = 2166136261u;

    for (; *name; name++)
    {
        unsigned char c = (unsigned char)*name;

        if (c & 0x80)
            return 0;
        hash = (hash ^ (c >= 'A' && c <= 'Z' ? c - 'A' + 'a' : c)) * 16777619u;
    }
    return hash ? hash : 1;
}

static bool hash_names(struct phonebook_file *file)
{
    size_t i;

    if (!(file->hashes = malloc(file->pbk.entry_count * sizeof(*file->hashes) + 1)))
        return false;
    for (i = 0; i < file->pbk.entry_count; i++)
        file->hashes[i] = phonebook_name_hash(file->pbk.entries[i].name);
    return true;
}

static DWORD read_whole(HANDLE handle, const WCHAR *path, struct phonebook_file *file)
{
    DWORD done, result;
    char *data;

    if (file->size > PHONEBOOK_MAX_SIZE)
    {
        log_event(LOG_WARN, 0, "phonebook",
                "%ls has %llu bytes, and a phone book may have %u: it is not "
                "read; remove entries",
                path, file->size, PHONEBOOK_MAX_SIZE);
        return ERROR_CANNOT_OPEN_PHONEBOOK;
    }
    if (!(data = malloc((size_t)file->size + 1)))
        return ERROR_NOT_ENOUGH_MEMORY;
    if (!ReadFile(handle, data, (DWORD)file->size, &done, NULL))
        result = ERROR_CANNOT_OPEN_PHONEBOOK;
    else
    {
        enum pbk_status status = pbk_init(&file->pbk, data, done);

        result = status == PBK_OK          ? ERROR_SUCCESS
                 : status == PBK_NO_MEMORY ? ERROR_NOT_ENOUGH_MEMORY
                                           : ERROR_CORRUPT_PHONEBOOK;
        if (result == ERROR_SUCCESS && !hash_names(file))
        {
            pbk_finish(&file->pbk);
            result = ERROR_NOT_ENOUGH_MEMORY;
        }
    }
    free(data);
    return result;
}

DWORD phonebook_file_open(const WCHAR *path, struct phonebook_file **file)
{
    struct phonebook_file *read;
    BY_HANDLE_FILE_INFORMATION info;
    DWORD result = ERROR_SUCCESS;
    HANDLE handle;

    *file = NULL;
    handle = CreateFileW(path, GENERIC_READ, FILE_SHARE_READ | FILE_SHARE_WRITE | FILE_SHARE_DELETE,
            NULL, OPEN_EXISTING, FILE_FLAG_SEQUENTIAL_SCAN, NULL);
    if (handle == INVALID_HANDLE_VALUE)
        return ERROR_CANNOT_OPEN_PHONEBOOK;
    if (!(read = calloc(1, sizeof(*read))))
        result = ERROR_NOT_ENOUGH_MEMORY;
    else if (!GetFileInformationByHandle(handle, &info))
        result = ERROR_CANNOT_OPEN_PHONEBOOK;
    if (result == ERROR_SUCCESS)
    {
        read->references = 1;
        read->volume = info.dwVolumeSerialNumber;
        read->index = whole(info.nFileIndexHigh, info.nFileIndexLow);
        read->size = whole(info.nFileSizeHigh, info.nFileSizeLow);
        read->written =
                whole(info.ftLastWriteTime.dwHighDateTime, info.ftLastWriteTime.dwLowDateTime);
        if (!(*file = find_kept(read))
                && (result = read_whole(handle, path, read)) == ERROR_SUCCESS)
        {
            *file = read;
            read = NULL;
            keep(*file);
        }
    }
    free(read);
    CloseHandle(handle);
    return result;
}

void phonebook_file_release(struct phonebook_file *file)
{
    if (!file || InterlockedDecrement(&file->references))
        return;
    pbk_finish(&file->pbk);
    free(file->hashes);
    free(file);
}

void phonebook_files_forget(void)
{
    size_t i;

    for (i = 0; i < ARRAYSIZE(kept); i++)
    {
        phonebook_file_release(kept[i]);
        kept[i] = NULL;
    }
}
