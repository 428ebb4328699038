/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Phone books; see pbk.h. The text is cut into strings in place. One pass counts, so that one
 * allocation holds everything; the next one cuts.
 */

#include "libs/pbk/pbk.h"

#include <stdlib.h>
#include <string.h>

#include "libs/pbk/text.h"

struct counts
{
    size_t entries, blocks, lines;
};

static bool is_space(char c)
{
    return c == ' ' || c == '\t' || c == '\r';
}

/* ASCII only: keys are ASCII, and the bytes of a code page must not change. */
static char lower(char c)
{
    return c >= 'A' && c <= 'Z' ? (char)(c - 'A' + 'a') : c;
}

static bool same_key(const char *a, const char *b)
{
    for (; *a && lower(*a) == lower(*b); a++, b++)
        ;
    return !*a && !*b;
}

/* Trims spaces from both ends of [*from, to); returns the new end. */
static char *trim(char **from, char *to)
{
    while (*from < to && is_space(**from))
        ++*from;
    while (to > *from && is_space(to[-1]))
        --to;
    return to;
}

enum line_kind
{
    LINE_EMPTY, /* or a comment, or anything else */
    LINE_ENTRY, /* key: the name */
    LINE_SETTING
};

struct cut
{
    enum line_kind kind;
    char *key, *key_end, *value, *value_end;
};

/* Parses the line [from, to) without changing it. */
static struct cut cut_line(char *from, char *to)
{
    struct cut cut = {.kind = LINE_EMPTY};
    char *at;

    to = trim(&from, to);
    if (from == to || *from == ';')
        return cut;
    if (*from == '[')
    {
        /* A name may contain brackets, and the second byte of a character may look like one. */
        for (at = to; at > from + 1 && at[-1] != ']'; at--)
            ;
        cut.key = from + 1;
        cut.key_end = at > from + 1 ? at - 1 : cut.key;
        cut.key_end = trim(&cut.key, cut.key_end);
        cut.kind = LINE_ENTRY;
        return cut;
    }
    at = memchr(from, '=', (size_t)(to - from));
    if (!at || at == from)
        return cut;
    cut.key = from;
    cut.key_end = trim(&cut.key, at);
    cut.value = at + 1;
    cut.value_end = trim(&cut.value, to);
    cut.kind = LINE_SETTING;
    return cut;
}

/* In capitals only: a MEDIA block has a setting that is called Device. */
static bool key_is(const struct cut *cut, const char *key)
{
    size_t length = (size_t)(cut->key_end - cut->key);

    return strlen(key) == length && !memcmp(cut->key, key, length);
}

static enum pbk_block_kind block_kind(const struct cut *cut)
{
    return key_is(cut, "NETCOMPONENTS") ? PBK_NETCOMPONENTS
           : key_is(cut, "MEDIA")       ? PBK_MEDIA
           : key_is(cut, "DEVICE")      ? PBK_DEVICE
                                        : PBK_SETTINGS;
}

static char *end_of_line(char *from, char *end)
{
    char *newline = memchr(from, '\n', (size_t)(end - from));

    return newline ? newline : end;
}

/* Counts what must be allocated. Returns false if the text is not a phone book. */
static bool count(char *text, char *end, struct counts *counts)
{
    char *at, *line_end;
    bool before_first = true, skipping = true;

    memset(counts, 0, sizeof(*counts));
    if (memchr(text, 0, (size_t)(end - text)))
        return false;
    for (at = text; at < end; at = line_end + 1)
    {
        struct cut cut;

        line_end = end_of_line(at, end);
        cut = cut_line(at, line_end);
        if (cut.kind == LINE_ENTRY)
        {
            before_first = false;
            skipping = cut.key == cut.key_end;
            counts->entries += !skipping;
            counts->blocks += !skipping;
        }
        else if (before_first)
        {
            while (at < line_end && is_space(*at))
                at++;
            if (at < line_end && *at != ';')
                return false;
        }
        else if (cut.kind == LINE_SETTING && !skipping)
        {
            if (block_kind(&cut) != PBK_SETTINGS)
                counts->blocks++;
            else
                counts->lines++;
        }
    }
    return true;
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
        struct cut cut;

        line_end = end_of_line(at, end);
        cut = cut_line(at, line_end);
        if (cut.kind == LINE_ENTRY)
        {
            current = NULL;
            if (cut.key == cut.key_end)
                continue;
            *cut.key_end = 0;
            current = entry++;
            filled = block++;
            *current = (struct pbk_entry){cut.key, filled, 1};
            *filled = (struct pbk_block){PBK_SETTINGS, "", line, 0};
        }
        else if (cut.kind == LINE_SETTING && current)
        {
            enum pbk_block_kind kind = block_kind(&cut);

            *cut.key_end = 0;
            *cut.value_end = 0;
            if (kind != PBK_SETTINGS)
            {
                current->block_count++;
                filled = block++;
                *filled = (struct pbk_block){kind, cut.value, line, 0};
                continue;
            }
            *line++ = (struct pbk_line){cut.key, cut.value};
            filled->line_count++;
        }
    }
}

enum pbk_status pbk_init(struct pbk *pbk, const void *data, size_t size)
{
    size_t bound = text_bound(data, size), text_size, array_size;
    struct pbk_entry *entries;
    struct pbk_block *blocks;
    struct pbk_line *lines;
    struct counts counts;
    char *text, *memory;

    memset(pbk, 0, sizeof(*pbk));
    if (!(text = malloc(bound + 1)))
        return PBK_NO_MEMORY;
    text_size = text_read(data, size, text);
    if (!count(text, text + text_size, &counts))
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
        if (same_key(block->lines[i].key, key) && !n--)
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
    c = lower(c);
    if (c >= '0' && c <= '9')
        *value = (uint8_t)(c - '0');
    else if (c >= 'a' && c <= 'f')
        *value = (uint8_t)(c - 'a' + 10);
    else
        return false;
    return true;
}

bool pbk_bytes(const struct pbk_block *block, const char *key, uint8_t *bytes, size_t size)
{
    const char *value = pbk_value(block, key, 0);
    size_t i;

    if (!value || strlen(value) != 2 * size)
        return false;
    for (i = 0; i < size; i++)
    {
        uint8_t high, low;

        if (!digit(value[2 * i], &high) || !digit(value[2 * i + 1], &low))
            return false;
        bytes[i] = (uint8_t)(high << 4 | low);
    }
    return true;
}
