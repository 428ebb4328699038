/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * The folder of one run of a host program.
 */
#include "libs/hosthook/hosthook.h"

#include <objbase.h>
#include <sddl.h>
#include <stdio.h>
#include <string.h>

/* Of a name in the system's folder for temporary files. */
static bool temporary_file(WCHAR *path, const WCHAR *name)
{
    WCHAR windows[MAX_PATH];
    UINT length = GetSystemWindowsDirectoryW(windows, ARRAYSIZE(windows));

    return length && length < ARRAYSIZE(windows)
           && (size_t)swprintf(path, MAX_PATH, L"%ls\\Temp\\%ls", windows, name) < MAX_PATH - 16;
}

static bool file_in(WCHAR *path, const WCHAR *folder, const WCHAR *name)
{
    return swprintf(path, MAX_PATH, L"%ls\\%ls", folder, name) > 0;
}

void hook_folder_remove(const WCHAR *folder)
{
    static const WCHAR *const names[] = {
            L"arguments", L"status", L"status.new", L"input", L"input.new", L"end", L"output"};
    WCHAR path[MAX_PATH];
    unsigned int i;

    for (i = 0; i < ARRAYSIZE(names); i++)
        if (file_in(path, folder, names[i]))
            DeleteFileW(path);
    RemoveDirectoryW(folder);
}

void hook_folders_clean(const WCHAR *owner)
{
    WIN32_FIND_DATAW found;
    WCHAR path[MAX_PATH], name[64];
    HANDLE search;

    swprintf(name, ARRAYSIZE(name), L"%ls-*", owner);
    if (!temporary_file(path, name))
        return;
    if ((search = FindFirstFileW(path, &found)) == INVALID_HANDLE_VALUE)
        return;
    do
    {
        if (found.dwFileAttributes & FILE_ATTRIBUTE_DIRECTORY
                && temporary_file(path, found.cFileName))
            hook_folder_remove(path);
    } while (FindNextFileW(search, &found));
    FindClose(search);
}

/* Administrators and the system only; the script shuts out what Wine makes of a group. */
DWORD hook_folder_create(const WCHAR *owner, WCHAR *folder)
{
    SECURITY_ATTRIBUTES attributes = {.nLength = sizeof(attributes)};
    WCHAR name[64];
    GUID guid;
    DWORD error = 0;

    if (CoCreateGuid(&guid))
        return ERROR_GEN_FAILURE;
    swprintf(name, ARRAYSIZE(name), L"%ls-%08lx%04x%04x%02x%02x%02x%02x", owner, guid.Data1,
            guid.Data2, guid.Data3, guid.Data4[4], guid.Data4[5], guid.Data4[6], guid.Data4[7]);
    if (!temporary_file(folder, name))
        return ERROR_FILENAME_EXCED_RANGE;
    if (!ConvertStringSecurityDescriptorToSecurityDescriptorW(
                L"D:P(A;OICI;FA;;;BA)(A;OICI;FA;;;SY)", SDDL_REVISION_1,
                &attributes.lpSecurityDescriptor, NULL))
        return GetLastError();
    /* An existing folder is somebody else's. */
    if (!CreateDirectoryW(folder, &attributes))
        error = GetLastError();
    LocalFree(attributes.lpSecurityDescriptor);
    return error;
}

DWORD hook_folder_write(const WCHAR *folder, DWORD timeout_ms, const char *bytes, size_t count)
{
    WCHAR path[MAX_PATH];
    char timeout[32];
    HANDLE file;
    DWORD written, error = 0;
    int length =
            snprintf(timeout, sizeof(timeout), "%lu.%03lu", timeout_ms / 1000, timeout_ms % 1000);

    if (!file_in(path, folder, L"arguments"))
        return ERROR_FILENAME_EXCED_RANGE;
    file = CreateFileW(path, GENERIC_WRITE, 0, NULL, CREATE_NEW, FILE_ATTRIBUTE_NORMAL, NULL);
    if (file == INVALID_HANDLE_VALUE)
        return GetLastError();
    if (!WriteFile(file, timeout, (DWORD)length + 1, &written, NULL)
            || !WriteFile(file, bytes, (DWORD)count, &written, NULL))
        error = GetLastError();
    CloseHandle(file);
    return error;
}

static HANDLE open_file(const WCHAR *folder, const WCHAR *name, DWORD access)
{
    WCHAR path[MAX_PATH];

    if (!file_in(path, folder, name))
        return INVALID_HANDLE_VALUE;
    return CreateFileW(path, access, FILE_SHARE_READ | FILE_SHARE_WRITE | FILE_SHARE_DELETE, NULL,
            OPEN_EXISTING, FILE_ATTRIBUTE_NORMAL, NULL);
}

/* The script has the pipe open at both ends before it gives it this name, so that nothing that is
 * written is lost while the script lives. */
bool hook_folder_send(const WCHAR *folder, const void *bytes, size_t count)
{
    HANDLE pipe = open_file(folder, L"input", GENERIC_WRITE);
    DWORD written = 0;
    bool sent;

    if (pipe == INVALID_HANDLE_VALUE)
        return false;
    sent = WriteFile(pipe, bytes, (DWORD)count, &written, NULL) && written == count;
    CloseHandle(pipe);
    return sent;
}

void hook_folder_end(const WCHAR *folder)
{
    WCHAR path[MAX_PATH];
    HANDLE file;

    if (!file_in(path, folder, L"end"))
        return;
    file = CreateFileW(path, GENERIC_WRITE, 0, NULL, CREATE_NEW, FILE_ATTRIBUTE_NORMAL, NULL);
    if (file != INVALID_HANDLE_VALUE)
        CloseHandle(file);
}

size_t hook_folder_output(const WCHAR *folder, size_t offset, char *bytes, size_t capacity)
{
    HANDLE file = open_file(folder, L"output", GENERIC_READ);
    LARGE_INTEGER from = {.QuadPart = (LONGLONG)offset};
    DWORD size = 0;

    if (file == INVALID_HANDLE_VALUE)
        return 0;
    if (!SetFilePointerEx(file, from, NULL, FILE_BEGIN)
            || !ReadFile(file, bytes, (DWORD)capacity, &size, NULL))
        size = 0;
    CloseHandle(file);
    return size;
}

bool hook_folder_read(const WCHAR *folder, char *status, size_t capacity)
{
    HANDLE file = open_file(folder, L"status", GENERIC_READ);
    DWORD size = 0;

    if (file == INVALID_HANDLE_VALUE)
        return false;
    if (!ReadFile(file, status, (DWORD)capacity - 1, &size, NULL))
        size = 0;
    CloseHandle(file);
    status[size] = 0;
    status[strcspn(status, "\n")] = 0;
    return true;
}
