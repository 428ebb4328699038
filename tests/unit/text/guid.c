/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * GUIDs as text and their byte orders.
 */

#include <test.h>
#include <string.h>

#include "libs/text/guid.h"

static const uint8_t in_memory[16] = {0x33, 0x22, 0x11, 0x00, 0x55, 0x44, 0x77, 0x66, 0x88, 0x99,
        0xaa, 0xbb, 0xcc, 0xdd, 0xee, 0xff};
static const uint8_t in_network[16] = {0x00, 0x11, 0x22, 0x33, 0x44, 0x55, 0x66, 0x77, 0x88, 0x99,
        0xaa, 0xbb, 0xcc, 0xdd, 0xee, 0xff};

TEST(both_orders_have_one_text)
{
    char text[GUID_TEXT_SIZE];

    guid_format(in_memory, text);
    assert_string_equal(text, "{00112233-4455-6677-8899-AABBCCDDEEFF}");
    memset(text, 'x', sizeof(text));
    guid_format_network(in_network, text);
    assert_string_equal(text, "{00112233-4455-6677-8899-AABBCCDDEEFF}");
}

TEST(swapping_is_its_own_inverse)
{
    uint8_t swapped[16], back[16];

    guid_swap(in_memory, swapped);
    assert_memory_equal(swapped, in_network, 16);
    guid_swap(swapped, back);
    assert_memory_equal(back, in_memory, 16);
}

TEST_MAIN(NULL, NULL)
