/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Untrusted text for people to read: names of components, connections, files and users, and texts
 * of servers and programs. It must not control a terminal, add a line to a list or a log, or
 * reverse the text next to it.
 */
#ifndef WINE_NAP_TEXT_VISIBLE_H
#define WINE_NAP_TEXT_VISIBLE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/*
 * Is this a character that must not be output as it is? C0 and DEL (U+0000 to U+001F, U+007F), C1
 * (U+0080 to U+009F), the line and paragraph separators (U+2028, U+2029), and those that direct the
 * bidirectional algorithm (U+061C, U+200E, U+200F, U+202A to U+202E, U+2066 to U+2069).
 */
bool is_control(uint32_t character);

/*
 * Writes `size` bytes of UTF-8 as one visible line, with a NUL at its end, and returns its length.
 * A tab, line break (CR LF is one) or separator becomes a space, any other control character a
 * question mark, and malformed UTF-8 U+FFFD. The line ends before the first character that does not
 * fit into `capacity` bytes (at least one); 3 * size + 1 bytes are always enough.
 */
size_t visible_line(const char *text, size_t size, char *line, size_t capacity);

/* The same for `count` little-endian units of UTF-16; 3 * count + 1 bytes are always enough. */
size_t visible_line_of_utf16(const uint8_t *units, size_t count, char *line, size_t capacity);

#endif
