/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Arbitrary bytes as a phone book. Its parts are in order, and every query has a result. What a
 * change writes is read as it was meant, and the other entries are as they were.
 */

#include <stdlib.h>
#include <string.h>

#include "libs/pbk/edit.h"
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

#define VALUE "a value"

/* Reads what the edit makes of the file, and finishes it. Every entry but `changed` is as before.
 * Returns false if the file is not in one 8-bit encoding: a line may then be read otherwise after a
 * change, so pbk_same_others() must be asked. */
static bool read_back(struct pbk_edit *edit, const struct pbk *before, size_t changed,
        size_t removed, struct pbk *after)
{
    bool is_mixed = edit->size && memchr(edit->data, 0, edit->size), same;
    uint8_t *data;
    size_t size;

    data = pbk_edit_data(edit, &size);
    require(data != NULL);
    same = pbk_init(after, data, size) == PBK_OK
           && pbk_same_others(before, after, changed, removed);
    require(same || is_mixed);
    pbk_edit_finish(edit);
    free(data);
    if (same && !is_mixed)
        return true;
    pbk_finish(after);
    return false;
}

static void change(const struct pbk *pbk, const uint8_t *data, size_t size, size_t index)
{
    struct pbk_edit edit;
    struct pbk after;
    uint8_t *same;
    size_t same_size;

    pbk_edit_open(&edit, data, size, index);
    same = pbk_edit_data(&edit, &same_size);
    require(same && same_size == size && !memcmp(same, data, size));
    free(same);
    pbk_edit_set(&edit, PBK_SETTINGS, 0, "Added", 0, VALUE);
    pbk_edit_set_block(&edit, PBK_DEVICE, 0, VALUE);
    if (read_back(&edit, pbk, index, 0, &after))
    {
        require(after.entry_count == pbk->entry_count);
        require(!strcmp(pbk_value(after.entries[index].blocks, "Added", 0), VALUE));
        require(!strcmp(pbk_block(&after.entries[index], PBK_DEVICE, 0)->value, VALUE));
        pbk_finish(&after);
    }

    pbk_edit_open(&edit, data, size, index);
    pbk_edit_rename(&edit, "renamed");
    if (read_back(&edit, pbk, index, 0, &after))
    {
        require(after.entry_count == pbk->entry_count);
        require(!strcmp(after.entries[index].name, "renamed"));
        pbk_finish(&after);
    }

    if (pbk->entry_count == 1)
        return; /* what is left may be no phone book */
    pbk_edit_open(&edit, data, size, index);
    pbk_edit_delete(&edit);
    if (read_back(&edit, pbk, index, 1, &after))
    {
        require(after.entry_count == pbk->entry_count - 1);
        pbk_finish(&after);
    }
}

static void append(const struct pbk *pbk, const uint8_t *data, size_t size)
{
    struct pbk_edit edit;
    struct pbk after;

    pbk_edit_append(&edit, data, size, "appended");
    pbk_edit_set(&edit, PBK_SETTINGS, 0, "Added", 0, VALUE);
    if (read_back(&edit, pbk, pbk->entry_count, 0, &after))
    {
        require(after.entry_count == pbk->entry_count + 1);
        require(!strcmp(after.entries[pbk->entry_count].name, "appended"));
        require(!strcmp(pbk_value(after.entries[pbk->entry_count].blocks, "Added", 0), VALUE));
        pbk_finish(&after);
    }
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
    append(&pbk, data, size);
    if (pbk.entry_count)
    {
        change(&pbk, data, size, 0);
        change(&pbk, data, size, pbk.entry_count - 1);
    }
    pbk_finish(&pbk);
    return 0;
}
