/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Text that others control, as people read it: names of components, connections, files and users,
 * what servers and programs say. Nothing in it may steer a terminal, add a line to a list or a log,
 * or turn around what stands beside it.
 */
#ifndef WINE_NAP_TEXT_VISIBLE_H
#define WINE_NAP_TEXT_VISIBLE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/*
 * Is this a character that no output may have as it is? C0 and DEL (U+0000 to U+001F, U+007F), C1
 * (U+0080 to U+009F), the line and paragraph separators (U+2028, U+2029), and what directs the
 * bidirectional algorithm (U+061C, U+200E, U+200F, U+202A to U+202E, U+2066 to U+2069).
 */
bool is_control(uint32_t character);

/*
 * Writes `size` bytes of UTF-8 as one visible line, with a NUL behind it, and returns its length. A
 * tab, line break or separator becomes a space, CR and LF together one; any other control character
 * a question mark, and what is not UTF-8 U+FFFD. Ends before the first character that does not fit
 * into `capacity` bytes (at least one). 3 * size + 1 always do.
 */
size_t visible_line(const char *text, size_t size, char *line, size_t capacity);

/* The same for `count` little-endian units of UTF-16; 3 * count + 1 bytes always do. */
size_t visible_line_of_utf16(const uint8_t *units, size_t count, char *line, size_t capacity);

#endif
