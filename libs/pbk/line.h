/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * One line of a phone book.
 */

#ifndef WINE_NAP_PBK_LINE_H
#define WINE_NAP_PBK_LINE_H

#include <stdbool.h>
#include <stddef.h>

#include "libs/pbk/pbk.h"

enum line_kind
{
    LINE_EMPTY, /* or a comment, or anything else */
    LINE_ENTRY, /* key: the name */
    LINE_SETTING
};

struct line
{
    enum line_kind kind;
    char *key, *key_end, *value, *value_end;
};

/* Parses the line [from, to) without changing it. */
struct line line_parse(char *from, char *to);

/* The block that a setting begins; PBK_SETTINGS if it begins none. */
enum pbk_block_kind line_block(const struct line *line);

/* Whether there is nothing but spaces, or a comment. */
bool line_is_blank(const char *from, const char *to);
bool line_is_comment(const char *from, const char *to);

bool line_same_key(const char *a, size_t a_length, const char *b, size_t b_length);

#endif
