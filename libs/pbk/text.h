/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * The text of a phone book, from what the file has.
 */

#ifndef WINE_NAP_PBK_TEXT_H
#define WINE_NAP_PBK_TEXT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* How many bytes the text has at most, without a NUL behind it. */
size_t text_bound(const uint8_t *data, size_t size);

/* Writes the text, without byte order mark, and returns its size. UTF-16 becomes UTF-8,
 * with U+FFFD for half a surrogate pair; anything else is copied. */
size_t text_read(const uint8_t *data, size_t size, char *text);

bool text_is_utf8(const char *text, size_t size);

#endif
