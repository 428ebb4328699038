/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * The text of a phone book, decoded from the file, and encoded for it.
 *
 * Scripts append lines in another encoding than the file's. So a file of UTF-16 may end in 8-bit
 * lines, and one of 8-bit text may have lines of UTF-16, which are 8-bit text with a NUL beside
 * each ASCII character. Both are read as they were meant.
 */

#ifndef WINE_NAP_PBK_TEXT_H
#define WINE_NAP_PBK_TEXT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum text_encoding
{
    TEXT_8BIT, /* UTF-8 or an ANSI code page */
    TEXT_UTF16_LITTLE_ENDIAN,
    TEXT_UTF16_BIG_ENDIAN
};

struct text_form
{
    enum text_encoding encoding;
    size_t mark; /* bytes of the byte order mark */
    size_t tail; /* offset of 8-bit lines at the end of UTF-16; the size if there are none */
};

/* Finds out how the file is encoded. UTF-16 need not have a mark. */
struct text_form text_form(const uint8_t *data, size_t size);

/* The maximum size of the text of `size` bytes, without a NUL at its end. */
size_t text_bound(enum text_encoding encoding, size_t size);

/* Decodes bytes without a mark to `text`, and returns its size. UTF-16 becomes UTF-8, with U+FFFD
 * for an unpaired surrogate; anything else is copied. */
size_t text_decode(enum text_encoding encoding, const uint8_t *data, size_t size, char *text);

/* The reverse: writes the bytes of a text, or only counts them if `to` is NULL. */
size_t text_encode(enum text_encoding encoding, const char *text, size_t length, uint8_t *to);

/* Removes single NULs, and returns the size. SIZE_MAX: there are two in a row, so the file is
 * damaged. */
size_t text_without_nuls(char *text, size_t size);

bool text_is_utf8(const char *text, size_t size);

#endif
