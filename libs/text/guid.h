/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * GUIDs as text, and their two byte orders. In Windows' memory the first three fields are
 * little-endian; network protocols have all bytes in the order of the text.
 */

#ifndef WINE_NAP_TEXT_GUID_H
#define WINE_NAP_TEXT_GUID_H

#include <stdint.h>

#define GUID_TEXT_SIZE 39 /* with its NUL */

/* "{00112233-4455-6677-8899-AABBCCDDEEFF}" for the 16 bytes of a GUID in Windows' memory. */
void guid_format(const uint8_t guid[16], char text[GUID_TEXT_SIZE]);

/* The same for 16 bytes in network order. */
void guid_format_network(const uint8_t guid[16], char text[GUID_TEXT_SIZE]);

/* Converts one byte order to the other. `from` and `to` do not overlap. */
void guid_swap(const uint8_t from[16], uint8_t to[16]);

#endif
