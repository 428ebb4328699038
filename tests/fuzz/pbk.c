/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Arbitrary bytes as a phone book. Its parts are in order, and every query has a result.
 */

#include <stdlib.h>
#include <string.h>

#include "libs/pbk/pbk.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void require(bool holds)
{
    if (!holds)
        abort();
}

static void check_block(const struct pbk_block *block)
{
    uint8_t bytes[16];
    size_t i;

    require(block->value && strlen(block->value) < SIZE_MAX);
    for (i = 0; i < block->line_count; i++)
    {
        require(*block->lines[i].key && !strchr(block->lines[i].key, '\n'));
        require(!strchr(block->lines[i].value, '\n'));
    }
    if (!block->line_count)
        return;
    require(pbk_value(block, block->lines[0].key, 0) == block->lines[0].value);
    pbk_number(block, block->lines[block->line_count - 1].key, 0);
    pbk_bytes(block, block->lines[0].key, bytes, sizeof(bytes));
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct pbk pbk;
    size_t i, k;

    if (pbk_init(&pbk, data, size) != PBK_OK)
    {
        require(!pbk.memory && !pbk.entry_count);
        return 0;
    }
    for (i = 0; i < pbk.entry_count; i++)
    {
        const struct pbk_entry *entry = &pbk.entries[i];

        require(*entry->name && entry->block_count >= 1);
        require(pbk_block(entry, PBK_SETTINGS, 0) == entry->blocks);
        require(!pbk_block(entry, PBK_SETTINGS, 1));
        for (k = 0; k < entry->block_count; k++)
            check_block(&entry->blocks[k]);
    }
    pbk_finish(&pbk);
    return 0;
}
