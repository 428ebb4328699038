/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * GUIDs; see guid.h.
 */

#include "libs/text/guid.h"

#include <stdio.h>

void guid_swap(const uint8_t from[16], uint8_t to[16])
{
    static const uint8_t order[16] = {3, 2, 1, 0, 5, 4, 7, 6, 8, 9, 10, 11, 12, 13, 14, 15};
    unsigned int i;

    for (i = 0; i < 16; i++)
        to[i] = from[order[i]];
}

void guid_format_network(const uint8_t guid[16], char text[GUID_TEXT_SIZE])
{
    snprintf(text, GUID_TEXT_SIZE,
            "{%02X%02X%02X%02X-%02X%02X-%02X%02X-%02X%02X-%02X%02X%02X%02X%02X%02X}", guid[0],
            guid[1], guid[2], guid[3], guid[4], guid[5], guid[6], guid[7], guid[8], guid[9],
            guid[10], guid[11], guid[12], guid[13], guid[14], guid[15]);
}

void guid_format(const uint8_t guid[16], char text[GUID_TEXT_SIZE])
{
    uint8_t network[16];

    guid_swap(guid, network);
    guid_format_network(network, text);
}
