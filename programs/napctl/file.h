/* Whole files, "-" for standard input or output. */
#ifndef WINE_NAP_NAPCTL_FILE_H
#define WINE_NAP_NAPCTL_FILE_H

#include <stdbool.h>
#include <stddef.h>
#include <wchar.h>

/* A packet with its carrier TLV, and one byte more to tell what is too long. */
#define FILE_LIMIT (65535 + 12 + 1)

/* Reads at most FILE_LIMIT - 1 bytes; says on stderr what is wrong otherwise. */
bool file_read(const wchar_t *name, void *bytes, size_t *size);
bool file_write(const wchar_t *name, const void *bytes, size_t size);
/* Says on stderr that `verb` cannot be done, and why: errno. */
void file_complain(const char *verb, const wchar_t *name);

#endif
