/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Words and numbers of a policy's text.
 */

#include <string.h>

#include "libs/policy/text.h"

#define MAX_DURATION_SECONDS (UINT64_C(3650) * 86400)

static bool is_blank(char c)
{
    return c == ' ' || c == '\t';
}

/* Take a quoted word whose opening quote is just before *at. */
static const char *split_quoted(const char *text, size_t size, size_t *at, struct word *word)
{
    word->quoted = true;
    word->text = text + *at;
    while (*at < size && text[*at] != '"')
    {
        if (text[*at] == '\\' && ++*at < size && text[*at] != '"' && text[*at] != '\\')
            return "a backslash stands before a quote or another backslash; write two for one";
        ++*at;
    }
    if (*at >= size)
        return "a quoted word ends on its line; write the second quote";
    word->size = (size_t)(text + *at - word->text);
    ++*at;
    if (*at < size && !is_blank(text[*at]) && text[*at] != '#')
        return "a blank follows a quoted word; write one after the second quote";
    return NULL;
}

const char *line_split(const char *text, size_t size, struct line *line)
{
    const char *rule;
    struct word *word;
    size_t at;

    line->count = 0;
    for (at = 0; at < size; ++at)
        if (((unsigned char)text[at] < ' ' && text[at] != '\t') || text[at] == 0x7f)
            return "a policy is text: no control characters; remove them, and save the file as UTF-8";
    for (at = 0;;)
    {
        while (at < size && is_blank(text[at]))
            ++at;
        if (at == size || text[at] == '#')
            return NULL;
        if (line->count == MAX_WORDS)
            return "a line has at most 80 words; divide it into several lines";
        word = &line->words[line->count++];
        if (text[at] == '"')
        {
            ++at;
            if ((rule = split_quoted(text, size, &at, word)))
                return rule;
            continue;
        }
        word->quoted = false;
        word->text = text + at;
        while (at < size && !is_blank(text[at]) && text[at] != '#')
            if (text[at++] == '"')
                return "a quote stands at the start of a word; quote the whole word";
        word->size = (size_t)(text + at - word->text);
    }
}

bool word_is(const struct word *word, const char *text)
{
    return !word->quoted && word->size == strlen(text) && !memcmp(word->text, text, word->size);
}

bool word_choose(
        const struct word *word, const struct choice *choices, size_t count, uint32_t *value)
{
    size_t i;

    for (i = 0; i < count; ++i)
    {
        if (word_is(word, choices[i].word))
        {
            *value = choices[i].value;
            return true;
        }
    }
    return false;
}

bool word_copy(const struct word *word, char *text, size_t size)
{
    size_t from, to = 0;

    for (from = 0; from < word->size; ++from)
    {
        if (word->quoted && word->text[from] == '\\')
            ++from;
        if (to + 1 >= size)
            return false;
        text[to++] = word->text[from];
    }
    text[to] = 0;
    return true;
}

/* The value of a digit, or 16. */
static unsigned int digit(char c)
{
    if (c >= '0' && c <= '9')
        return (unsigned int)(c - '0');
    if (c >= 'a' && c <= 'f')
        return (unsigned int)(c - 'a') + 10;
    if (c >= 'A' && c <= 'F')
        return (unsigned int)(c - 'A') + 10;
    return 16;
}

/* Take a number from *at on: at least one digit, and a value up to `most`. */
static bool take_number(const char *text, size_t size, size_t *at, unsigned int base, uint32_t most,
        uint32_t *value)
{
    uint64_t number = 0;
    size_t start = *at;

    for (; *at < size && digit(text[*at]) < base; ++*at)
    {
        number = number * base + digit(text[*at]);
        if (number > most)
            return false;
    }
    *value = (uint32_t)number;
    return *at > start;
}

bool word_u32(const struct word *word, uint32_t *value)
{
    size_t at = 0;
    unsigned int base = 10;

    if (word->quoted)
        return false;
    if (word->size > 2 && word->text[0] == '0' && (word->text[1] | 0x20) == 'x')
    {
        base = 16;
        at = 2;
    }
    return take_number(word->text, word->size, &at, base, UINT32_MAX, value) && at == word->size;
}

bool word_bytes(const struct word *word, uint8_t *bytes, size_t limit, size_t *size)
{
    size_t i;

    if (word->quoted || !word->size || word->size % 2 || word->size / 2 > limit)
        return false;
    for (i = 0; i < word->size; ++i)
        if (digit(word->text[i]) == 16)
            return false;
    for (i = 0; i < word->size / 2; ++i)
        bytes[i] = (uint8_t)(digit(word->text[2 * i]) << 4 | digit(word->text[2 * i + 1]));
    *size = word->size / 2;
    return true;
}

bool word_ipv4(const struct word *word, uint8_t address[4])
{
    size_t at = 0;
    uint32_t number;
    unsigned int i;

    for (i = 0; i < 4; ++i)
    {
        if (i && (at == word->size || word->text[at++] != '.'))
            return false;
        if (!take_number(word->text, word->size, &at, 10, 255, &number))
            return false;
        address[i] = (uint8_t)number;
    }
    return !word->quoted && at == word->size;
}

bool word_ipv6(const struct word *word, uint8_t address[16])
{
    const char *text = word->text;
    const size_t none = 9;
    size_t size = word->size, at = 0, count = 0, gap = none; /* gap: groups before the :: */
    uint16_t groups[8];
    uint32_t number;

    if (word->quoted || size < 2)
        return false;
    if (text[0] == ':' && text[1] != ':')
        return false;
    while (at < size)
    {
        if (size - at >= 2 && text[at] == ':' && text[at + 1] == ':')
        {
            if (gap != none)
                return false;
            gap = count;
            at += 2;
            if (at == size)
                break;
        }
        else if (count && (text[at++] != ':' || at == size))
            return false;
        if (count == 8 || !take_number(text, size, &at, 16, 0xffff, &number))
            return false;
        groups[count++] = (uint16_t)number;
    }
    if (gap == none ? count != 8 : count > 7)
        return false;
    memset(address, 0, 16);
    for (at = 0; at < count; ++at)
    {
        size_t to = 2 * (at < gap ? at : 8 - count + at);

        address[to] = (uint8_t)(groups[at] >> 8);
        address[to + 1] = (uint8_t)groups[at];
    }
    return true;
}

bool word_duration(const struct word *word, uint64_t *intervals)
{
    uint64_t seconds;
    uint32_t number;
    size_t at = 0;

    if (word->quoted || !take_number(word->text, word->size, &at, 10, UINT32_MAX, &number)
            || at + 1 != word->size)
        return false;
    switch (word->text[at])
    {
    case 's':
        seconds = number;
        break;
    case 'm':
        seconds = number * UINT64_C(60);
        break;
    case 'h':
        seconds = number * UINT64_C(3600);
        break;
    case 'd':
        seconds = number * UINT64_C(86400);
        break;
    default:
        return false;
    }
    *intervals = seconds * INTERVALS_PER_SECOND;
    return seconds >= 1 && seconds <= MAX_DURATION_SECONDS;
}

/* Take one number of a version, and the dot after it if more follows. */
static bool take_version_part(const char *text, size_t size, size_t *at, uint32_t *value)
{
    *value = 0;
    if (*at == size)
        return true;
    if (!take_number(text, size, at, 10, UINT32_MAX, value))
        return false;
    if (*at == size)
        return true;
    return text[(*at)++] == '.' && *at < size;
}

bool version_compare(const char *a, size_t a_size, const char *b, size_t b_size, int *order)
{
    size_t a_at = 0, b_at = 0;
    uint32_t a_part, b_part;

    *order = 0;
    if (!a_size || !b_size)
        return false;
    while (a_at < a_size || b_at < b_size)
    {
        if (!take_version_part(a, a_size, &a_at, &a_part)
                || !take_version_part(b, b_size, &b_at, &b_part))
            return false;
        if (*order == 0 && a_part != b_part)
            *order = a_part < b_part ? -1 : 1;
    }
    return true;
}
