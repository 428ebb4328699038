/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * JSON, in UTF-8.
 */
#include "programs/napctl/napctl.h"

#include <string.h>

#include "libs/text/utf.h"
#include "libs/text/visible.h"

static void json_character(struct json *json, uint32_t c)
{
    char bytes[4];

    if (c == '"' || c == '\\')
        fprintf(json->to, "\\%c", (int)c);
    else if (c == UTF_MALFORMED)
        fprintf(json->to, "\\u%04x", UTF_REPLACEMENT);
    else if (is_control(c)) /* all of them have four digits */
        fprintf(json->to, "\\u%04x", (unsigned int)c);
    else
        fwrite(bytes, 1, utf8_put(c, bytes), json->to);
}

static void json_quoted(struct json *json, const char *utf8)
{
    size_t left = strlen(utf8);
    uint32_t c;

    fputc('"', json->to);
    while (left)
    {
        size_t taken = utf8_get(utf8, left, &c);

        json_character(json, c);
        utf8 += taken;
        left -= taken;
    }
    fputc('"', json->to);
}

static void json_new_line(struct json *json)
{
    if (!json->one_line)
        fprintf(json->to, "\n%*s", (int)json->depth * 2, "");
}

/* Writes comma, line break, indentation and name of the next value. */
static void json_begin(struct json *json, const char *name)
{
    if (json->depth && !json->empty)
        fputs(json->one_line ? ", " : ",", json->to);
    if (json->depth)
        json_new_line(json);
    json->empty = false;
    if (name)
    {
        json_quoted(json, name);
        fputs(": ", json->to);
    }
}

void json_open(struct json *json, const char *name, char bracket)
{
    json_begin(json, name);
    fputc(bracket, json->to);
    json->depth++;
    json->empty = true;
}

void json_close(struct json *json, char bracket)
{
    json->depth--;
    if (!json->empty)
        json_new_line(json);
    fputc(bracket, json->to);
    json->empty = false;
    if (!json->depth)
        fputc('\n', json->to);
}

void json_number(struct json *json, const char *name, uint64_t value)
{
    json_begin(json, name);
    fprintf(json->to, "%llu", (unsigned long long)value);
}

void json_bool(struct json *json, const char *name, bool value)
{
    json_begin(json, name);
    fputs(value ? "true" : "false", json->to);
}

void json_null(struct json *json, const char *name)
{
    json_begin(json, name);
    fputs("null", json->to);
}

void json_text(struct json *json, const char *name, const char *utf8)
{
    json_begin(json, name);
    json_quoted(json, utf8);
}

void json_units(struct json *json, const char *name, const struct napipc_string *string)
{
    uint32_t c;
    size_t i;

    json_begin(json, name);
    fputc('"', json->to);
    for (i = 0; i < string->length;)
    {
        i += utf16_get(string->units + 2 * i, string->length - i, false, &c);
        json_character(json, c);
    }
    fputc('"', json->to);
}

void json_code(struct json *json, const char *name, uint32_t code)
{
    char text[11];

    snprintf(text, sizeof(text), "0x%08lX", (unsigned long)code);
    json_text(json, name, text);
}

void json_guid(struct json *json, const char *name, const struct napipc_guid *guid)
{
    char text[GUID_TEXT_SIZE];

    format_guid(guid, text);
    json_text(json, name, text);
}

void json_time(struct json *json, const char *name, uint64_t filetime)
{
    char text[40];

    if (!filetime)
    {
        json_null(json, name);
        return;
    }
    format_time(filetime, text, sizeof(text));
    json_text(json, name, text);
}
