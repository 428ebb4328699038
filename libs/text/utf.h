/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * UTF-8 and UTF-16, one character at a time and whole strings.
 */
#ifndef WINE_NAP_TEXT_UTF_H
#define WINE_NAP_TEXT_UTF_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define UTF_REPLACEMENT 0xfffd   /* for what is not a character */
#define UTF_MALFORMED UINT32_MAX /* instead of a character */

/*
 * Reads the character at the start of `size` bytes, at least one, and returns how many it takes.
 * Malformed (overlong, an unpaired surrogate, beyond Unicode, incomplete): *character is
 * UTF_MALFORMED and the result counts the bytes that belong together, as Unicode recommends.
 */
size_t utf8_get(const char *text, size_t size, uint32_t *character);

/* Writes the character into up to 4 bytes and returns how many; U+FFFD for an invalid one. */
size_t utf8_put(uint32_t character, char text[4]);

/* `size` without the bytes of an incomplete character at the end. */
size_t utf8_whole(const char *text, size_t size);

/* Reads the character at the start of `count` units, at least one, and returns how many units it
 * takes. An unpaired surrogate: *character is UTF_MALFORMED. The bytes need no alignment. */
size_t utf16_get(const uint8_t *units, size_t count, bool big_endian, uint32_t *character);

/* Writes the character as one or two little-endian units, and returns how many; U+FFFD for an
 * invalid one. */
size_t utf16_put(uint32_t character, uint8_t units[4]);

/* Converts UTF-8 to UTF-16LE of `*length` units. Returns false if it is malformed or would have
 * more than `limit` units. */
bool utf16_from_utf8(const char *text, size_t size, uint8_t *units, size_t limit, size_t *length);

#endif
