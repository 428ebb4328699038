/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Phone books; see pbk.h. The text is cut into strings in place. One pass counts, so that one
 * allocation holds everything; the next one cuts.
 */

#include "libs/pbk/pbk.h"

#include <stdlib.h>
#include <string.h>

#include "libs/pbk/line.h"
#include "libs/pbk/text.h"

struct counts
{
    size_t entries, blocks, lines;
};

static char *end_of_line(char *from, char *end)
{
    char *newline = memchr(from, '\n', (size_t)(end - from));

    return newline ? newline : end;
}

/* Counts what must be allocated. Returns false if the text is not a phone book: it has lines, and
 * none of them begins an entry. */
static bool count(char *text, char *end, struct counts *counts)
{
    char *at, *line_end;
    bool before_first = true, skipping = true, other_lines = false;

    memset(counts, 0, sizeof(*counts));
    for (at = text; at < end; at = line_end + 1)
    {
        struct line parsed;

        line_end = end_of_line(at, end);
        parsed = line_parse(at, line_end);
        if (parsed.kind == LINE_ENTRY)
        {
            before_first = false;
            skipping = parsed.key == parsed.key_end;
            counts->entries += !skipping;
            counts->blocks += !skipping;
        }
        else if (before_first)
        {
            other_lines =
                    other_lines || (!line_is_blank(at, line_end) && !line_is_comment(at, line_end));
        }
        else if (parsed.kind == LINE_SETTING && !skipping)
        {
            if (line_block(&parsed) != PBK_SETTINGS)
                counts->blocks++;
            else
                counts->lines++;
        }
    }
    return !before_first || !other_lines;
}

/* Cuts the text and fills the arrays, which have the counted sizes. The byte at `end` is ours
 * too. */
static void cut_text(char *text, char *end, struct pbk_entry *entry, struct pbk_block *block,
        struct pbk_line *line)
{
    struct pbk_entry *current = NULL;
    struct pbk_block *filled = NULL; /* the one that gets the settings */
    char *at, *line_end;

    for (at = text; at < end; at = line_end + 1)
    {
        struct line parsed;

        line_end = end_of_line(at, end);
        parsed = line_parse(at, line_end);
        if (parsed.kind == LINE_ENTRY)
        {
            current = NULL;
            if (parsed.key == parsed.key_end)
                continue;
            *parsed.key_end = 0;
            current = entry++;
            filled = block++;
            *current = (struct pbk_entry){parsed.key, filled, 1};
            *filled = (struct pbk_block){PBK_SETTINGS, "", line, 0};
        }
        else if (parsed.kind == LINE_SETTING && current)
        {
            enum pbk_block_kind kind = line_block(&parsed);

            *parsed.key_end = 0;
            *parsed.value_end = 0;
            if (kind != PBK_SETTINGS)
            {
                current->block_count++;
                filled = block++;
                *filled = (struct pbk_block){kind, parsed.value, line, 0};
                continue;
            }
            *line++ = (struct pbk_line){parsed.key, parsed.value};
            filled->line_count++;
        }
    }
}

enum pbk_status pbk_init(struct pbk *pbk, const void *data, size_t size)
{
    struct text_form form = text_form(data, size);
    size_t bound = text_bound(form.encoding, form.tail - form.mark) + size - form.tail;
    size_t text_size, array_size;
    struct pbk_entry *entries;
    struct pbk_block *blocks;
    struct pbk_line *lines;
    struct counts counts;
    char *text, *memory;

    memset(pbk, 0, sizeof(*pbk));
    if (!(text = malloc(bound + 1)))
        return PBK_NO_MEMORY;
    text_size = text_decode(
            form.encoding, (const uint8_t *)data + form.mark, form.tail - form.mark, text);
    text_size += text_decode(
            TEXT_8BIT, (const uint8_t *)data + form.tail, size - form.tail, text + text_size);
    text_size = text_without_nuls(text, text_size);
    if (text_size == SIZE_MAX || !count(text, text + text_size, &counts))
    {
        free(text);
        return PBK_NOT_A_PHONE_BOOK;
    }
    /* Each entry, block and line takes at least one byte of the text, so this does not overflow. */
    array_size = counts.entries * sizeof(*entries) + counts.blocks * sizeof(*blocks)
                 + counts.lines * sizeof(*lines);
    if (!(memory = malloc(array_size + text_size + 1)))
    {
        free(text);
        return PBK_NO_MEMORY;
    }
    entries = (struct pbk_entry *)memory;
    blocks = (struct pbk_block *)(entries + counts.entries);
    lines = (struct pbk_line *)(blocks + counts.blocks);
    memcpy(memory + array_size, text, text_size);
    free(text);
    text = memory + array_size;

    pbk->is_utf8 = text_is_utf8(text, text_size);
    cut_text(text, text + text_size, entries, blocks, lines);
    pbk->entries = entries;
    pbk->entry_count = counts.entries;
    pbk->memory = memory;
    return PBK_OK;
}

void pbk_finish(struct pbk *pbk)
{
    free(pbk->memory);
    memset(pbk, 0, sizeof(*pbk));
}

static bool same_entry(const struct pbk_entry *a, const struct pbk_entry *b)
{
    size_t i, k;

    if (strcmp(a->name, b->name) != 0 || a->block_count != b->block_count)
        return false;
    for (i = 0; i < a->block_count; i++)
    {
        const struct pbk_block *left = &a->blocks[i], *right = &b->blocks[i];

        if (left->kind != right->kind || left->line_count != right->line_count)
            return false;
        for (k = 0; k < left->line_count; k++)
            if (strcmp(left->lines[k].key, right->lines[k].key) != 0
                    || strcmp(left->lines[k].value, right->lines[k].value) != 0)
                return false;
    }
    return true;
}

bool pbk_same_others(
        const struct pbk *before, const struct pbk *after, size_t index, size_t removed)
{
    size_t i;

    if (after->entry_count != before->entry_count - removed + (index == before->entry_count))
        return false;
    for (i = 0; i < before->entry_count; i++)
        if (i != index
                && !same_entry(&before->entries[i], &after->entries[i - (i > index ? removed : 0)]))
            return false;
    return true;
}

const struct pbk_block *pbk_block(const struct pbk_entry *entry, enum pbk_block_kind kind, size_t n)
{
    size_t i;

    for (i = 0; i < entry->block_count; i++)
        if (entry->blocks[i].kind == kind && !n--)
            return &entry->blocks[i];
    return NULL;
}

const char *pbk_value(const struct pbk_block *block, const char *key, size_t n)
{
    size_t i;

    for (i = 0; block && i < block->line_count; i++)
        if (line_same_key(block->lines[i].key, strlen(block->lines[i].key), key, strlen(key))
                && !n--)
            return block->lines[i].value;
    return NULL;
}

uint32_t pbk_number(const struct pbk_block *block, const char *key, uint32_t otherwise)
{
    const char *at = pbk_value(block, key, 0);
    bool negative = at && *at == '-';
    uint64_t number = 0;

    if (!at || !*(at += negative))
        return otherwise;
    for (; *at; at++)
    {
        if (*at < '0' || *at > '9')
            return otherwise;
        number = number * 10 + (uint64_t)(*at - '0');
        if (number > (negative ? 0x80000000u : 0xffffffffu))
            return otherwise;
    }
    return negative ? 0u - (uint32_t)number : (uint32_t)number;
}

static bool digit(char c, uint8_t *value)
{
    if (c >= '0' && c <= '9')
        *value = (uint8_t)(c - '0');
    else if (c >= 'a' && c <= 'f')
        *value = (uint8_t)(c - 'a' + 10);
    else if (c >= 'A' && c <= 'F')
        *value = (uint8_t)(c - 'A' + 10);
    else
        return false;
    return true;
}

/* Reads a byte of two digits. */
static bool byte(const char *digits, uint8_t *value)
{
    uint8_t high, low;

    if (!digit(digits[0], &high) || !digit(digits[1], &low))
        return false;
    *value = (uint8_t)(high << 4 | low);
    return true;
}

bool pbk_bytes(const struct pbk_block *block, const char *key, uint8_t *bytes, size_t size)
{
    const char *value = pbk_value(block, key, 0);
    size_t i;

    if (!value || strlen(value) != 2 * size)
        return false;
    for (i = 0; i < size; i++)
        if (!byte(value + 2 * i, &bytes[i]))
            return false;
    return true;
}

size_t pbk_dump(const struct pbk_block *block, const char *key, uint8_t *bytes, size_t capacity)
{
    size_t size = 0, i;

    for (i = 0; block && i < block->line_count; i++)
    {
        const char *at = block->lines[i].value;
        uint8_t value;

        if (!line_same_key(block->lines[i].key, strlen(block->lines[i].key), key, strlen(key)))
            continue;
        for (; *at; at += 2, size++)
        {
            if (!byte(at, &value))
                return 0;
            if (size < capacity)
                bytes[size] = value;
        }
    }
    return size;
}
