/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Whole files; see file.h.
 */
#include "programs/napctl/file.h"

#include "programs/napctl/napctl.h"

#include <errno.h>
#include <fcntl.h>
#include <io.h>
#include <stdio.h>
#include <string.h>
#include <windows.h>

void file_complain(const char *verb, const wchar_t *name)
{
    int error = errno;

    complain("cannot %s %ls: %s (error %d)", verb, name, strerror(error), error);
}

static void too_long(const wchar_t *name, const char *what, unsigned long long most)
{
    complain("%ls has more than %llu bytes, the most that %s may have: is it the file "
             "you mean?",
            wcscmp(name, L"-") ? name : L"standard input", most, what);
}

FILE *file_open(const wchar_t *name, const char *what, unsigned long long most)
{
    LARGE_INTEGER size;
    HANDLE handle;
    FILE *file;

    if (!wcscmp(name, L"-"))
    {
        _setmode(_fileno(stdin), _O_BINARY);
        return stdin;
    }
    if (!(file = _wfopen(name, L"rb")))
    {
        file_complain("open", name);
        return NULL;
    }
    /* A device or a pipe may have no end. */
    handle = (HANDLE)_get_osfhandle(_fileno(file));
    if (GetFileType(handle) != FILE_TYPE_DISK || !GetFileSizeEx(handle, &size))
        complain("%ls is not a regular file: give a file, or - to read standard input", name);
    else if ((unsigned long long)size.QuadPart > most)
        too_long(name, what, most);
    else
        return file;
    fclose(file);
    return NULL;
}

bool file_read(const wchar_t *name, const char *what, void *bytes, size_t most, size_t *size)
{
    FILE *file = file_open(name, what, most);
    bool done = false;

    if (!file)
        return false;
    *size = fread(bytes, 1, most + 1, file); /* one byte more shows that it is too long */
    if (ferror(file))
        file_complain("read", name);
    else if (*size > most)
        too_long(name, what, most);
    else
        done = true;
    if (file != stdin)
        fclose(file);
    return done;
}

bool file_write(const wchar_t *name, const void *bytes, size_t size)
{
    bool standard = !wcscmp(name, L"-");
    bool done;
    FILE *file;

    if (standard)
    {
        _setmode(_fileno(stdout), _O_BINARY);
        file = stdout;
    }
    else if (!(file = _wfopen(name, L"wb")))
    {
        file_complain("write", name);
        return false;
    }
    done = fwrite(bytes, 1, size, file) == size;
    if ((standard ? fflush(file) : fclose(file)))
        done = false;
    if (!done)
        file_complain("write", name);
    return done;
}
