/*
 * Whole files; see file.h.
 */
#include "programs/napctl/file.h"

#include <errno.h>
#include <fcntl.h>
#include <io.h>
#include <stdio.h>
#include <string.h>

void file_complain(const char *verb, const wchar_t *name)
{
    int error = errno;

    fprintf(stderr, "napctl: cannot %s %ls: %s (error %d)\n", verb, name, strerror(error), error);
}

bool file_read(const wchar_t *name, void *bytes, size_t *size)
{
    bool standard = !wcscmp(name, L"-");
    FILE *file;

    if (standard)
    {
        _setmode(_fileno(stdin), _O_BINARY);
        file = stdin;
    }
    else if (!(file = _wfopen(name, L"rb")))
    {
        file_complain("open", name);
        return false;
    }
    *size = fread(bytes, 1, FILE_LIMIT, file);
    if (ferror(file) || *size == FILE_LIMIT)
    {
        if (ferror(file))
            file_complain("read", name);
        else
            fprintf(stderr, "napctl: %ls is too long to be a statement of health\n", name);
        if (!standard)
            fclose(file);
        return false;
    }
    if (!standard)
        fclose(file);
    return true;
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
