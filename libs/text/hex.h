/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Bytes from hexadecimal text.
 */

#ifndef WINE_NAP_TEXT_HEX_H
#define WINE_NAP_TEXT_HEX_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/*
 * Reads bytes from hexadecimal text in the forms that programs print: digits with or without
 * blanks, line breaks and 0x (also after "NAME = 0x", as FreeRADIUS prints it, and after
 * "hexdump(len=N):", as wpa_supplicant does), and dumps with an offset before and characters after
 * each line (xxd, hexdump -C, tcpdump -x). Returns false if the text is something else or has no
 * bytes. `bytes` has a capacity of size / 2 and may be `text` itself.
 */
bool hex_read(const char *text, size_t size, uint8_t *bytes, size_t *count);

#endif
