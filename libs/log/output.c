/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Files of the log.
 *
 * Several processes may write to one file. Each line is written under a mutex that they share: Wine
 * appends in two steps, finding the end and writing there, and overwrites what another process has
 * written in between. The process that finds the file full renames it and opens a new one; the
 * others notice it by the size of the file that they have open.
 */
#include "libs/log/output.h"

#include <wchar.h>

#include "libs/log/log.h"

#define MUTEX_TIMEOUT 1000 /* ms; a log must not stop its program */

bool log_file_name(const WCHAR *file, unsigned int number, WCHAR *name)
{
    if (wcslen(file) + 3 > MAX_PATH)
        return false;
    wcscpy(name, file);
    if (number)
    {
        size_t length = wcslen(name);

        name[length] = '.';
        name[length + 1] = (WCHAR)('0' + number);
        name[length + 2] = 0;
    }
    return true;
}

static HANDLE open_file(const WCHAR *file)
{
    return CreateFileW(file, FILE_APPEND_DATA | FILE_READ_ATTRIBUTES,
            FILE_SHARE_READ | FILE_SHARE_WRITE | FILE_SHARE_DELETE, NULL, OPEN_ALWAYS,
            FILE_ATTRIBUTE_NORMAL, NULL);
}

static bool is_full(HANDLE handle)
{
    LARGE_INTEGER size;

    return GetFileSizeEx(handle, &size) && size.QuadPart >= LOG_FILE_LIMIT;
}

static void rename_files(const WCHAR *file)
{
    WCHAR from[MAX_PATH], to[MAX_PATH];
    unsigned int number;

    for (number = LOG_FILES_KEPT; number; number--)
        if (log_file_name(file, number - 1, from) && log_file_name(file, number, to))
            MoveFileExW(from, to, MOVEFILE_REPLACE_EXISTING);
}

/* Opens the file again after renaming the full one, unless another process has done that. If
 * renaming fails the file keeps growing: too many lines are better than none. */
static void rotate(struct log_output *output)
{
    HANDLE handle = open_file(output->file);

    if (handle != INVALID_HANDLE_VALUE && is_full(handle))
    {
        rename_files(output->file);
        CloseHandle(handle);
        handle = open_file(output->file);
    }
    if (handle != INVALID_HANDLE_VALUE)
    {
        CloseHandle(output->handle);
        output->handle = handle;
    }
}

bool log_output_open(struct log_output *output, const WCHAR *file)
{
    bool opened = true;

    if (output->file[0])
        CloseHandle(output->handle);
    output->file[0] = 0;
    output->handle = INVALID_HANDLE_VALUE;
    if (file && *file)
    {
        opened = wcslen(file) < ARRAYSIZE(output->file)
                 && (output->handle = open_file(file)) != INVALID_HANDLE_VALUE;
        if (opened)
            wcscpy(output->file, file);
        if (opened && !output->mutex)
            output->mutex = CreateMutexW(NULL, FALSE, L"wine-nap-log");
    }
    if (output->handle == INVALID_HANDLE_VALUE)
        output->handle = GetStdHandle(STD_ERROR_HANDLE);
    return opened;
}

static void write_to_file(struct log_output *output, const char *line, DWORD size)
{
    DWORD owned = output->mutex ? WaitForSingleObject(output->mutex, MUTEX_TIMEOUT) : WAIT_FAILED;
    DWORD written;

    if (is_full(output->handle))
        rotate(output);
    WriteFile(output->handle, line, size, &written, NULL);
    if (owned == WAIT_OBJECT_0 || owned == WAIT_ABANDONED)
        ReleaseMutex(output->mutex);
}

void log_output_write(struct log_output *output, const char *line, DWORD size)
{
    DWORD written;

    AcquireSRWLockExclusive(&output->lock);
    if (output->file[0])
        write_to_file(output, line, size);
    else
        WriteFile(output->handle, line, size, &written, NULL);
    ReleaseSRWLockExclusive(&output->lock);
}
