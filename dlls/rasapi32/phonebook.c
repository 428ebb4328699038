/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Finds phone books, and converts their text; see phonebook.h.
 */

#include "dlls/rasapi32/phonebook.h"

#include <ras.h>
#include <stdlib.h>
#include <string.h>
#include <wchar.h>

#include "libs/log/log.h"

/* Logs the entries whose names no structure of the API can carry: programs do not see them. */
static void report_long_names(const struct phonebook_file *file, const WCHAR *path)
{
    WCHAR name[RAS_MaxEntryName + 1];
    size_t i;

    for (i = 0; i < file->pbk.entry_count; i++)
        if (phonebook_text(file->pbk.entries[i].name, name, ARRAYSIZE(name)) > RAS_MaxEntryName)
            log_event(LOG_WARN, 0, "phonebook",
                    "%ls: the name of an entry is longer than %d characters, and programs do not "
                    "see the entry; rename it: \"%.60ls...\"",
                    path, RAS_MaxEntryName, name);
}

/* Adds the file of that path. */
static DWORD add_book(struct phonebooks *books, const WCHAR *path, bool all_users)
{
    struct phonebook *grown;
    struct phonebook_file *file;
    DWORD result = phonebook_file_open(path, &file);

    if (result != ERROR_SUCCESS)
        return result;
    if (!InterlockedExchange(&file->reported, TRUE))
        report_long_names(file, path);
    if (!(grown = realloc(books->books, (books->count + 1) * sizeof(*grown))))
    {
        phonebook_file_release(file);
        return ERROR_NOT_ENOUGH_MEMORY;
    }
    books->books = grown;
    grown += books->count++;
    lstrcpynW(grown->path, path, ARRAYSIZE(grown->path));
    grown->all_users = all_users;
    grown->file = file;
    return ERROR_SUCCESS;
}

/* Adds the files that match `name`, which may contain *, in a folder of Windows. */
static DWORD add_folder(
        struct phonebooks *books, const WCHAR *folder, const WCHAR *name, bool all_users)
{
    WCHAR path[MAX_PATH], file[MAX_PATH];
    WIN32_FIND_DATAW found;
    DWORD length = ExpandEnvironmentStringsW(folder, path, ARRAYSIZE(path)), result = ERROR_SUCCESS;
    HANDLE search;

    /* An environment variable that is not set is not expanded. */
    if (!length || length > ARRAYSIZE(path) || path[0] == '%'
            || wcslen(path) + wcslen(name) >= MAX_PATH)
        return ERROR_SUCCESS;
    lstrcpyW(file, path);
    lstrcatW(file, name);
    if ((search = FindFirstFileW(file, &found)) == INVALID_HANDLE_VALUE)
        return ERROR_SUCCESS;
    do
    {
        if ((found.dwFileAttributes & FILE_ATTRIBUTE_DIRECTORY)
                || wcslen(path) + wcslen(found.cFileName) >= MAX_PATH)
            continue;
        lstrcpyW(file, path);
        lstrcatW(file, found.cFileName);
        result = add_book(books, file, all_users);
        if (result != ERROR_SUCCESS && result != ERROR_NOT_ENOUGH_MEMORY)
        {
            log_event(LOG_WARN, 0, "phonebook", "cannot read %ls: RAS error %lu", file, result);
            result = ERROR_SUCCESS;
        }
    } while (result == ERROR_SUCCESS && FindNextFileW(search, &found));
    FindClose(search);
    return result;
}

#define ALL_USERS_FOLDER L"%ALLUSERSPROFILE%\\Microsoft\\Network\\Connections\\Pbk\\"
#define SYSTEM_FOLDER L"%SystemRoot%\\system32\\ras\\"

static DWORD add_folders(struct phonebooks *books)
{
    BOOL wow64 = FALSE;
    DWORD result = add_folder(books, ALL_USERS_FOLDER, L"*.pbk", true);

    if (result == ERROR_SUCCESS)
        result = add_folder(
                books, L"%APPDATA%\\Microsoft\\Network\\Connections\\Pbk\\", L"*.pbk", false);
    if (result != ERROR_SUCCESS)
        return result;
    /* A 32-bit program's system32 is another folder. */
    IsWow64Process(GetCurrentProcess(), &wow64);
    return add_folder(books, wow64 ? L"%SystemRoot%\\sysnative\\ras\\" : SYSTEM_FOLDER,
            L"rasphone.pbk", true);
}

/* Is the file in this folder? */
static bool is_in(const WCHAR *path, const WCHAR *folder)
{
    WCHAR full[MAX_PATH], expanded[MAX_PATH];
    DWORD length = ExpandEnvironmentStringsW(folder, expanded, ARRAYSIZE(expanded)), name;

    if (!length || length > ARRAYSIZE(expanded))
        return false;
    length = GetFullPathNameW(path, ARRAYSIZE(full), full, NULL);
    if (!length || length >= ARRAYSIZE(full))
        return false;
    for (name = length; name && full[name - 1] != '\\'; name--)
        ;
    return CompareStringOrdinal(full, (int)name, expanded, -1, TRUE) == CSTR_EQUAL;
}

static bool is_for_all_users(const WCHAR *path)
{
    return is_in(path, ALL_USERS_FOLDER) || is_in(path, SYSTEM_FOLDER)
           || is_in(path, L"%SystemRoot%\\sysnative\\ras\\");
}

DWORD phonebooks_open(const WCHAR *path, struct phonebooks *books)
{
    DWORD result;

    memset(books, 0, sizeof(*books));
    result = path ? add_book(books, path, is_for_all_users(path)) : add_folders(books);
    if (result != ERROR_SUCCESS)
        phonebooks_close(books);
    return result;
}

void phonebooks_close(struct phonebooks *books)
{
    size_t i;

    for (i = 0; i < books->count; i++)
        phonebook_file_release(books->books[i].file);
    free(books->books);
    memset(books, 0, sizeof(*books));
}

/* phonebook_name_hash() of a name in UTF-16. */
static DWORD wide_name_hash(const WCHAR *name)
{
    char ascii[RAS_MaxEntryName + 1];
    size_t i;

    for (i = 0; i < ARRAYSIZE(ascii); i++)
    {
        if (name[i] >= 0x80)
            return 0;
        if (!(ascii[i] = (char)name[i]))
            return phonebook_name_hash(ascii);
    }
    return 0;
}

bool phonebook_has_name(const struct pbk_entry *entry, const WCHAR *name)
{
    /* Longer than any name, so that a text that does not fit is no name. */
    WCHAR text[RAS_MaxEntryName + 3];

    return phonebook_text(entry->name, text, ARRAYSIZE(text)) < ARRAYSIZE(text)
           && CompareStringOrdinal(text, -1, name, -1, TRUE) == CSTR_EQUAL;
}

const struct pbk_entry *phonebooks_find(
        const struct phonebooks *books, const WCHAR *name, const struct phonebook **book)
{
    DWORD hash = wide_name_hash(name);
    size_t i, k;

    for (i = 0; i < books->count; i++)
    {
        const struct phonebook_file *file = books->books[i].file;

        for (k = 0; k < file->pbk.entry_count; k++)
        {
            /* Two names in ASCII differ if their hashes differ. */
            if (hash && file->hashes[k] && hash != file->hashes[k])
                continue;
            if (!phonebook_has_name(&file->pbk.entries[k], name))
                continue;
            if (book)
                *book = &books->books[i];
            return &file->pbk.entries[k];
        }
    }
    return NULL;
}

DWORD phonebooks_open_entry(const WCHAR *path, const WCHAR *name, struct phonebooks *books,
        const struct pbk_entry **entry, const struct phonebook **book)
{
    DWORD result = phonebooks_open(path, books);
    const struct pbk_entry *found = NULL;

    if (result != ERROR_SUCCESS)
        return result == ERROR_CORRUPT_PHONEBOOK ? ERROR_CANNOT_OPEN_PHONEBOOK : result;
    if (name && !(found = phonebooks_find(books, name, book)))
    {
        phonebooks_close(books);
        return ERROR_CANNOT_FIND_PHONEBOOK_ENTRY;
    }
    if (entry)
        *entry = found;
    return ERROR_SUCCESS;
}

static DWORD check_entry(const WCHAR *path, const WCHAR *name)
{
    struct phonebooks books;
    DWORD result = phonebooks_open_entry(path, name, &books, NULL, NULL);

    if (result == ERROR_SUCCESS)
        phonebooks_close(&books);
    return result;
}

DWORD phonebook_check_entry(const void *path, const void *name, bool wide)
{
    WCHAR *wide_path, *wide_name;
    bool failed = false;
    DWORD result;

    if (wide)
        return check_entry(path, name);
    wide_path = wide_from_ansi(path, &failed);
    wide_name = wide_from_ansi(name, &failed);
    result = failed ? ERROR_NOT_ENOUGH_MEMORY : check_entry(wide_path, wide_name);
    free(wide_path);
    free(wide_name);
    return result;
}

size_t phonebook_text(const char *text, WCHAR *out, size_t capacity)
{
    UINT page = CP_UTF8;
    WCHAR *whole;
    int length;

    if (!text)
        text = "";
    /* Text that is not valid UTF-8 is assumed to be in our code page. Text in a code page that is
     * valid UTF-8 by chance is rare and short. */
    length = MultiByteToWideChar(page, MB_ERR_INVALID_CHARS, text, -1, NULL, 0);
    if (!length)
        length = MultiByteToWideChar(page = CP_ACP, 0, text, -1, NULL, 0);
    *out = 0;
    if (length <= 0)
        return 0;
    if ((size_t)length <= capacity)
        MultiByteToWideChar(page, 0, text, -1, out, (int)capacity);
    else if ((whole = malloc((size_t)length * sizeof(*whole))))
    {
        MultiByteToWideChar(page, 0, text, -1, whole, length);
        memcpy(out, whole, (capacity - 1) * sizeof(*whole));
        out[capacity - 1] = 0;
        free(whole);
    }
    return (size_t)length - 1;
}

WCHAR *wide_from_ansi(const char *text, bool *failed)
{
    WCHAR *wide;
    int length;

    if (!text)
        return NULL;
    length = MultiByteToWideChar(CP_ACP, 0, text, -1, NULL, 0);
    if (!(wide = malloc((size_t)length * sizeof(*wide))))
    {
        *failed = true;
        return NULL;
    }
    MultiByteToWideChar(CP_ACP, 0, text, -1, wide, length);
    return wide;
}

void ansi_from_wide(const WCHAR *text, char *out, size_t capacity)
{
    int length = (int)wcslen(text), written = 0;

    /* Cut between characters, not within one. */
    while (length
            && !(written = WideCharToMultiByte(
                         CP_ACP, 0, text, length, out, (int)capacity - 1, NULL, NULL)))
        length--;
    out[written] = 0;
}

void write_text(void *out, const WCHAR *text, size_t capacity, bool wide)
{
    if (wide)
        lstrcpynW(out, text, (int)capacity);
    else
        ansi_from_wide(text, out, capacity);
}

void read_text(const void *from, WCHAR *to, size_t capacity, bool wide)
{
    size_t length = 0;

    if (wide)
    {
        lstrcpynW(to, from, (int)capacity);
        return;
    }
    while (length < capacity - 1 && ((const char *)from)[length])
        length++;
    length = (size_t)MultiByteToWideChar(CP_ACP, 0, from, (int)length, to, (int)capacity - 1);
    to[length] = 0;
}

bool phonebook_is_for_all(const struct phonebook *book)
{
    WCHAR folder[MAX_PATH];
    DWORD length =
            ExpandEnvironmentStringsW(L"%ALLUSERSPROFILE%\\Microsoft\\Network\\Connections\\Pbk\\",
                    folder, ARRAYSIZE(folder));

    return book->all_users
           || (length && length <= ARRAYSIZE(folder)
                   && !_wcsnicmp(book->path, folder, wcslen(folder)));
}

void phonebook_full_name(const WCHAR *path, WCHAR name[MAX_PATH])
{
    WCHAR full[MAX_PATH];
    DWORD length = GetFullPathNameW(path, ARRAYSIZE(full), full, NULL);

    if (length && length < ARRAYSIZE(full))
        length = GetLongPathNameW(full, name, MAX_PATH);
    if (!length || length >= MAX_PATH)
        lstrcpyW(name, path);
    CharUpperBuffW(name, 1); /* the drive */
}
