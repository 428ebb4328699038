/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Formats; see format.h.
 */
#include "libs/text/format.h"

#include <limits.h>
#include <stdbool.h>
#include <stdint.h>
#include <string.h>
#include <wchar.h>

#include "libs/text/utf.h"

struct output
{
    char *text;
    size_t size;
    size_t length;
};

/* A conversion, from % to its letter. */
struct conversion
{
    char format[24]; /* for snprintf(), with * for a number that is an argument */
    int numbers[2];  /* those arguments */
    int count;
    int precision; /* INT_MAX: none */
    int longs;     /* l */
    bool is_size;  /* z */
    char letter;
};

static void add_bytes(struct output *out, const char *bytes, size_t count)
{
    size_t left = out->size - 1 - out->length;

    if (count > left)
        count = left;
    memcpy(out->text + out->length, bytes, count);
    out->length += count;
}

/* Reads a character to *c and returns how many units it takes. */
static size_t wide_get(const wchar_t *wide, size_t count, uint32_t *c)
{
    if (sizeof(*wide) == 2)
        return utf16_get((const uint8_t *)wide, count, false, c);
    *c = (uint32_t)*wide;
    return 1;
}

static void add_wide(struct output *out, const wchar_t *wide, size_t most)
{
    size_t count = 0, size;
    char bytes[4];
    uint32_t c;

    if (!wide)
        wide = L"(null)";
    while (count < most && wide[count])
        count++;
    while (count)
    {
        size_t taken = wide_get(wide, count, &c);

        size = utf8_put(c, bytes);
        if (size > out->size - 1 - out->length)
        {
            out->size = out->length + 1; /* nothing follows a gap */
            return;
        }
        add_bytes(out, bytes, size);
        wide += taken;
        count -= taken;
    }
}

/* Takes flags, width, precision and modifiers; returns what follows the letter. */
static const char *parse(const char *at, struct conversion *conversion, va_list *arguments)
{
    size_t length = 0;

    memset(conversion, 0, sizeof(*conversion));
    conversion->precision = INT_MAX;
    for (; *at; at++)
    {
        if (length < sizeof(conversion->format) - 1)
            conversion->format[length++] = *at;
        if (*at == '*' && conversion->count < 2)
        {
            conversion->numbers[conversion->count++] = va_arg(*arguments, int);
            if (conversion->precision != INT_MAX)
                conversion->precision = conversion->numbers[conversion->count - 1];
        }
        else if (*at == '.')
            conversion->precision = 0;
        else if (*at >= '0' && *at <= '9' && conversion->precision != INT_MAX)
            conversion->precision = conversion->precision % 100000 * 10 + (*at - '0');
        else if (*at == 'l')
            conversion->longs++;
        else if (*at == 'z')
            conversion->is_size = true;
        else if (length > 1 && !strchr("0123456789-+ #", *at))
            break;
    }
    conversion->letter = *at;
    return *at ? at + 1 : at;
}

#define PRINT(value)                                                                               \
    (c->count == 2 ? snprintf(                                                                     \
             piece, sizeof(piece), c->format, c->numbers[0], c->numbers[1], value)                 \
            : c->count ? snprintf(piece, sizeof(piece), c->format, c->numbers[0], value)           \
                       : snprintf(piece, sizeof(piece), c->format, value))

#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Wformat-nonliteral"
static void add_number(struct output *out, const struct conversion *c, va_list *arguments)
{
    char piece[128] = "";

    switch (c->letter)
    {
    case 'p':
        PRINT(va_arg(*arguments, void *));
        break;
    case 'c':
        PRINT(va_arg(*arguments, int));
        break;
    case 'd':
    case 'i':
        if (c->longs > 1)
            PRINT(va_arg(*arguments, long long));
        else if (c->longs)
            PRINT(va_arg(*arguments, long));
        else
            PRINT(va_arg(*arguments, int));
        break;
    default: /* u, x, X */
        if (c->is_size)
            PRINT(va_arg(*arguments, size_t));
        else if (c->longs > 1)
            PRINT(va_arg(*arguments, unsigned long long));
        else if (c->longs)
            PRINT(va_arg(*arguments, unsigned long));
        else
            PRINT(va_arg(*arguments, unsigned int));
    }
    piece[sizeof(piece) - 1] = 0;
    add_bytes(out, piece, strlen(piece));
}

/* Written in place, because the string may have any length. */
static void add_string(struct output *out, const struct conversion *c, const char *string)
{
    char *piece = out->text + out->length;
    size_t left = out->size - out->length;
    int length = c->count == 2
                         ? snprintf(piece, left, c->format, c->numbers[0], c->numbers[1], string)
                 : c->count ? snprintf(piece, left, c->format, c->numbers[0], string)
                            : snprintf(piece, left, c->format, string);

    if (length > 0)
        out->length += (size_t)length < left ? (size_t)length : left - 1;
}
#pragma GCC diagnostic pop

size_t format_list(char *text, size_t size, const char *format, va_list given)
{
    struct output out = {text, size, 0};
    struct conversion conversion;
    va_list arguments;

    va_copy(arguments, given);
    while (*format)
    {
        size_t plain = strcspn(format, "%");

        add_bytes(&out, format, plain);
        format += plain;
        if (!*format)
            break;
        format = parse(format, &conversion, &arguments);
        if (conversion.letter == '%')
            add_bytes(&out, "%", 1);
        else if (conversion.letter == 's' && conversion.longs)
            add_wide(&out, va_arg(arguments, const wchar_t *), (size_t)conversion.precision);
        else if (conversion.letter == 's')
            add_string(&out, &conversion, va_arg(arguments, const char *));
        else if (conversion.letter)
            add_number(&out, &conversion, &arguments);
    }
    va_end(arguments);
    text[out.length] = 0;
    return out.length;
}

size_t format_text(char *text, size_t size, const char *format, ...)
{
    va_list arguments;
    size_t length;

    va_start(arguments, format);
    length = format_list(text, size, format, arguments);
    va_end(arguments);
    return length;
}
