/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Changes phone books; see edit.h. Only the lines of the entry are taken apart; what is before and
 * after it is copied.
 */

#include "libs/pbk/edit.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "libs/pbk/line.h"

/* The offset after the line at `from`. *encoding is the line's. */
static size_t next_line(const struct pbk_edit *edit, size_t from, enum text_encoding *encoding)
{
    const uint8_t *newline;
    size_t at;

    *encoding = from >= edit->form.tail ? TEXT_8BIT : edit->form.encoding;
    if (*encoding == TEXT_8BIT)
    {
        newline = memchr(edit->data + from, '\n', edit->size - from);
        return newline ? (size_t)(newline - edit->data) + 1 : edit->size;
    }
    for (at = from; at + 1 < edit->form.tail; at += 2)
    {
        bool big_endian = *encoding == TEXT_UTF16_BIG_ENDIAN;

        if (edit->data[at + !big_endian] == 0 && edit->data[at + big_endian] == '\n')
            return at + 2;
    }
    return edit->form.tail;
}

/* Decodes the line [from, to) of the file. Returns false on allocation failure. */
static bool decode(const struct pbk_edit *edit, size_t from, size_t to, enum text_encoding encoding,
        struct pbk_edit_line *line)
{
    const uint8_t *bytes = edit->data + from;
    size_t size = to - from, length;
    char *text = malloc(text_bound(encoding, size) + 1);

    if (!text)
        return false;
    length = text_without_nuls(text, text_decode(encoding, bytes, size, text));
    if (length == SIZE_MAX)
        length = 0;
    *line = (struct pbk_edit_line){bytes, size, text, length, encoding, false, false};
    if (line->length && text[line->length - 1] == '\n')
    {
        line->has_lf = true;
        line->length--;
        if (line->length && text[line->length - 1] == '\r')
        {
            line->has_cr = true;
            line->length--;
        }
    }
    return true;
}

static struct line parse(const struct pbk_edit_line *line)
{
    return line_parse(line->text, line->text + line->length);
}

static bool is_blank(const struct pbk_edit_line *line)
{
    return line_is_blank(line->text, line->text + line->length);
}

static bool says_nothing(const struct pbk_edit_line *line)
{
    return is_blank(line) || line_is_comment(line->text, line->text + line->length);
}

/* Makes space for a line at `index`; NULL on allocation failure. */
static struct pbk_edit_line *insert(struct pbk_edit *edit, size_t index)
{
    struct pbk_edit_line *grown;
    size_t capacity = edit->capacity ? 2 * edit->capacity : 128;

    if (edit->failed)
        return NULL;
    if (edit->count == edit->capacity)
    {
        if (!(grown = realloc(edit->lines, capacity * sizeof(*grown))))
        {
            edit->failed = true;
            return NULL;
        }
        edit->lines = grown;
        edit->capacity = capacity;
    }
    memmove(edit->lines + index + 1, edit->lines + index,
            (edit->count - index) * sizeof(*edit->lines));
    edit->count++;
    edit->lines[index] = (struct pbk_edit_line){0};
    return &edit->lines[index];
}

static void remove_lines(struct pbk_edit *edit, size_t from, size_t to)
{
    size_t i;

    if (from == to)
        return;
    for (i = from; i < to; i++)
        free(edit->lines[i].text);
    memmove(edit->lines + from, edit->lines + to, (edit->count - to) * sizeof(*edit->lines));
    edit->count -= to - from;
}

/* Sets a line's text to the three parts. */
static void write_line(struct pbk_edit *edit, struct pbk_edit_line *line, const char *a,
        size_t a_length, const char *b, const char *c)
{
    size_t length = a_length + strlen(b) + strlen(c);
    char *text = malloc(length + 1);

    if (!text)
    {
        edit->failed = true;
        return;
    }
    sprintf(text, "%.*s%s%s", (int)a_length, a, b, c);
    free(line->text);
    line->text = text;
    line->length = length;
    line->bytes = NULL;
}

/* Adds a line in the encoding of the one before it. */
static void add_line(
        struct pbk_edit *edit, size_t index, const char *a, const char *b, const char *c)
{
    struct pbk_edit_line *line = insert(edit, index);

    if (!line)
        return;
    line->encoding = edit->form.tail < edit->size ? TEXT_8BIT : edit->form.encoding;
    if (index)
        line->encoding = edit->lines[index - 1].encoding;
    line->has_cr = edit->has_cr;
    line->has_lf = true;
    write_line(edit, line, a, strlen(a), b, c);
    if (index && !edit->lines[index - 1].has_lf)
    {
        edit->lines[index - 1].has_cr = edit->has_cr;
        edit->lines[index - 1].has_lf = true;
        edit->lines[index - 1].bytes = NULL;
    }
}

static void start(struct pbk_edit *edit, const void *data, size_t size)
{
    const uint8_t *bytes = data, *newline;

    memset(edit, 0, sizeof(*edit));
    edit->data = bytes;
    edit->size = size;
    edit->form = text_form(bytes, size);
    edit->begin = edit->end = size;
    newline = size ? memchr(bytes, '\n', size) : NULL;
    /* In UTF-16 the '\r' is two or three bytes before. Without any line, as Windows. */
    edit->has_cr = !newline || (newline > bytes && newline[-1] == '\r')
                   || (newline > bytes + 1 && newline[-2] == '\r');
}

static void add_from_file(struct pbk_edit *edit, struct pbk_edit_line *decoded)
{
    struct pbk_edit_line *line = insert(edit, edit->count);

    if (line)
        *line = *decoded;
    else
        free(decoded->text);
}

void pbk_edit_open(struct pbk_edit *edit, const void *data, size_t size, size_t index)
{
    size_t at, next, entries = 0;
    bool inside = false;

    start(edit, data, size);
    for (at = edit->form.mark; at < size; at = next)
    {
        enum text_encoding encoding;
        struct pbk_edit_line decoded;
        struct line line;

        next = next_line(edit, at, &encoding);
        if (!decode(edit, at, next, encoding, &decoded))
        {
            edit->failed = true;
            return;
        }
        line = parse(&decoded);
        if (line.kind == LINE_ENTRY)
        {
            if (inside)
            {
                free(decoded.text);
                break;
            }
            inside = line.key != line.key_end && entries++ == index;
            if (inside)
                edit->begin = at;
        }
        if (inside)
            add_from_file(edit, &decoded);
        else
            free(decoded.text);
    }
    edit->end = at < size ? at : size;
}

void pbk_edit_append(struct pbk_edit *edit, const void *data, size_t size, const char *name)
{
    enum text_encoding encoding;
    struct pbk_edit_line last = {0};
    size_t at, begin = 0;
    bool has_line = false;

    start(edit, data, size);
    for (at = edit->form.mark; at < size; at = next_line(edit, at, &encoding))
    {
        begin = at;
        has_line = true;
    }
    if (has_line)
    {
        next_line(edit, begin, &encoding);
        if (!decode(edit, begin, size, encoding, &last))
        {
            edit->failed = true;
            return;
        }
        edit->begin = begin;
        add_from_file(edit, &last);
        if (!edit->failed && !is_blank(&edit->lines[0]))
            add_line(edit, edit->count, "", "", "");
    }
    add_line(edit, edit->count, "[", name, "]");
}

void pbk_edit_finish(struct pbk_edit *edit)
{
    remove_lines(edit, 0, edit->count);
    free(edit->lines);
    memset(edit, 0, sizeof(*edit));
}

bool pbk_edit_is_ansi(const struct pbk_edit *edit)
{
    return edit->form.encoding == TEXT_8BIT
           && !text_is_utf8(
                   (const char *)edit->data + edit->form.mark, edit->size - edit->form.mark);
}

/* The line with the name; the count if the entry was deleted. */
static size_t find_header(const struct pbk_edit *edit)
{
    size_t i;

    for (i = 0; i < edit->count; i++)
        if (parse(&edit->lines[i]).kind == LINE_ENTRY)
            return i;
    return i;
}

void pbk_edit_rename(struct pbk_edit *edit, const char *name)
{
    size_t header = find_header(edit);

    if (!edit->failed && header < edit->count)
        write_line(edit, &edit->lines[header], "[", 1, name, "]");
}

void pbk_edit_delete(struct pbk_edit *edit)
{
    size_t header = find_header(edit), end = edit->count;

    while (end > header && says_nothing(&edit->lines[end - 1]))
        end--;
    while (end < edit->count && is_blank(&edit->lines[end]))
        end++;
    remove_lines(edit, header, end);
}

struct range
{
    size_t begin, end; /* the line that begins the block, and after the block */
};

/* The end of the block that begins at the line. */
static size_t end_of_block(const struct pbk_edit *edit, size_t begin)
{
    size_t i;

    for (i = begin + 1; i < edit->count; i++)
    {
        struct line line = parse(&edit->lines[i]);

        if (line.kind == LINE_SETTING && line_block(&line) != PBK_SETTINGS)
            break;
    }
    return i;
}

static bool find_block(
        const struct pbk_edit *edit, enum pbk_block_kind kind, size_t index, struct range *range)
{
    size_t i;

    for (i = find_header(edit); i < edit->count; i = range->end)
    {
        struct line line = parse(&edit->lines[i]);
        enum pbk_block_kind found = line.kind == LINE_ENTRY ? PBK_SETTINGS : line_block(&line);

        range->begin = i;
        range->end = end_of_block(edit, i);
        if (found == kind && !index--)
            return true;
    }
    return false;
}

/* After the block's last line that says something. */
static size_t end_of_settings(const struct pbk_edit *edit, const struct range *range)
{
    size_t end = range->end;

    while (end > range->begin + 1 && says_nothing(&edit->lines[end - 1]))
        end--;
    return end;
}

static bool same_text(const char *from, const char *to, const char *text)
{
    return (size_t)(to - from) == strlen(text) && !memcmp(from, text, strlen(text));
}

/* Writes a value into a line, which keeps its key as it is spelled. */
static void set_value(struct pbk_edit *edit, struct pbk_edit_line *at, const char *value)
{
    struct line line = parse(at);

    if (!same_text(line.value, line.value_end, value))
        write_line(edit, at, at->text, (size_t)(line.key_end - at->text), "=", value);
}

/* Whether the line sets that key. */
static bool sets(const struct pbk_edit_line *at, const char *key)
{
    struct line line = parse(at);

    return line.kind == LINE_SETTING
           && line_same_key(line.key, (size_t)(line.key_end - line.key), key, strlen(key));
}

void pbk_edit_set(struct pbk_edit *edit, enum pbk_block_kind kind, size_t block_index,
        const char *key, size_t nth, const char *value)
{
    struct range range;
    size_t i;

    if (edit->failed || !find_block(edit, kind, block_index, &range))
        return;
    for (i = range.begin + 1; i < range.end; i++)
    {
        if (!sets(&edit->lines[i], key) || nth--)
            continue;
        if (value)
            set_value(edit, &edit->lines[i], value);
        else
            remove_lines(edit, i, i + 1);
        return;
    }
    if (value)
        add_line(edit, end_of_settings(edit, &range), key, "=", value);
}

void pbk_edit_set_list(struct pbk_edit *edit, enum pbk_block_kind kind, size_t block_index,
        const char *key, const char *const *values, size_t count)
{
    struct range range;
    size_t i, place = 0;

    if (edit->failed || !find_block(edit, kind, block_index, &range))
        return;
    for (i = range.end; i-- > range.begin + 1;)
        if (sets(&edit->lines[i], key))
        {
            place = i;
            remove_lines(edit, i, i + 1);
            range.end--;
        }
    if (!place)
        place = end_of_settings(edit, &range);
    for (i = 0; i < count; i++)
        add_line(edit, place + i, key, "=", values[i]);
}

/* Where a new block goes: NETCOMPONENTS after settings, a DEVICE after its MEDIA, others last. */
static size_t new_block_place(struct pbk_edit *edit, enum pbk_block_kind kind, size_t index)
{
    struct range range = {0, 0}, last;
    size_t i;

    if (kind == PBK_NETCOMPONENTS && find_block(edit, PBK_SETTINGS, 0, &range))
        return end_of_settings(edit, &range);
    if (kind == PBK_DEVICE && find_block(edit, PBK_MEDIA, index, &range))
        return end_of_settings(edit, &range);
    for (i = find_header(edit); i < edit->count; i = last.end)
    {
        last.begin = i;
        last.end = end_of_block(edit, i);
        range = last;
    }
    return end_of_settings(edit, &range);
}

static const char *const block_keys[] = {NULL, "NETCOMPONENTS", "MEDIA", "DEVICE"};

void pbk_edit_set_block(
        struct pbk_edit *edit, enum pbk_block_kind kind, size_t block_index, const char *value)
{
    struct range range;
    size_t place;

    if (edit->failed || kind == PBK_SETTINGS || find_header(edit) == edit->count)
        return;
    if (find_block(edit, kind, block_index, &range))
    {
        set_value(edit, &edit->lines[range.begin], value);
        return;
    }
    if (block_index && !find_block(edit, kind, block_index - 1, &range))
        return;
    place = new_block_place(edit, kind, block_index);
    add_line(edit, place, "", "", "");
    add_line(edit, place + 1, block_keys[kind], "=", value);
}

void pbk_edit_delete_block(struct pbk_edit *edit, enum pbk_block_kind kind, size_t block_index)
{
    struct range range;
    size_t end;

    if (edit->failed || kind == PBK_SETTINGS || !find_block(edit, kind, block_index, &range))
        return;
    end = end_of_settings(edit, &range);
    while (end < range.end && is_blank(&edit->lines[end]))
        end++;
    remove_lines(edit, range.begin, end);
}

static size_t encode_line(const struct pbk_edit_line *line, uint8_t *to)
{
    size_t done;

    if (line->bytes)
    {
        if (to)
            memcpy(to, line->bytes, line->size);
        return line->size;
    }
    done = text_encode(line->encoding, line->text, line->length, to);
    if (line->has_cr)
        done += text_encode(line->encoding, "\r", 1, to ? to + done : NULL);
    if (line->has_lf)
        done += text_encode(line->encoding, "\n", 1, to ? to + done : NULL);
    return done;
}

uint8_t *pbk_edit_data(const struct pbk_edit *edit, size_t *size)
{
    size_t i, total = edit->begin + (edit->size - edit->end);
    uint8_t *data, *to;

    if (edit->failed)
        return NULL;
    for (i = 0; i < edit->count; i++)
        total += encode_line(&edit->lines[i], NULL);
    if (!(data = to = malloc(total + 1)))
        return NULL;
    if (edit->begin)
        memcpy(to, edit->data, edit->begin);
    to += edit->begin;
    for (i = 0; i < edit->count; i++)
        to += encode_line(&edit->lines[i], to);
    if (edit->end < edit->size)
        memcpy(to, edit->data + edit->end, edit->size - edit->end);
    *size = total;
    return data;
}
