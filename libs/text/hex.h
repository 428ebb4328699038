/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Bytes that somebody wrote as hexadecimal text.
 */

#ifndef WINE_NAP_TEXT_HEX_H
#define WINE_NAP_TEXT_HEX_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/*
 * Reads the bytes that hexadecimal text stands for, in the forms that programs print: digits with
 * or without blanks, line breaks and 0x (also behind "NAME = 0x", as FreeRADIUS has it, and behind
 * "hexdump(len=N):", as wpa_supplicant has it), and dumps with an offset before and characters
 * behind each line (xxd, hexdump -C, tcpdump -x). False: the text is something else, or has no
 * byte. `bytes` has room for size / 2 and may be `text` itself.
 */
bool hex_read(const char *text, size_t size, uint8_t *bytes, size_t *count);

#endif
