/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * The text of a phone book, decoded from the file.
 */

#ifndef WINE_NAP_PBK_TEXT_H
#define WINE_NAP_PBK_TEXT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* The maximum size of the text in bytes, without a NUL at its end. */
size_t text_bound(const uint8_t *data, size_t size);

/* Writes the text, without byte order mark, and returns its size. UTF-16 becomes UTF-8, with U+FFFD
 * for an unpaired surrogate; anything else is copied. */
size_t text_read(const uint8_t *data, size_t size, char *text);

bool text_is_utf8(const char *text, size_t size);

#endif
