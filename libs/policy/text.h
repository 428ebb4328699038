/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Words and numbers of a policy's text. Internal to libs/policy.
 */

#ifndef WINE_NAP_POLICY_TEXT_H
#define WINE_NAP_POLICY_TEXT_H

#include "libs/policy/policy.h"

#define MAX_WORDS 80
#define INTERVALS_PER_SECOND UINT64_C(10000000)

/* One word of a line, without its quotes. Points into the text. */
struct word
{
    const char *text; /* not NUL-terminated */
    size_t size;
    bool quoted; /* was between quotes: escapes are still in it */
};

struct line
{
    struct word words[MAX_WORDS];
    size_t count;
};

/* Split a line, without its line end, into words; a # outside quotes starts a comment. Returns NULL
 * or the broken rule. */
const char *line_split(const char *text, size_t size, struct line *line);

bool word_is(const struct word *word, const char *text);

/* One of several words, and what it stands for. */
struct choice
{
    const char *word;
    uint32_t value;
};

/* Which of the words is it? */
bool word_choose(
        const struct word *word, const struct choice *choices, size_t count, uint32_t *value);

/* Copy a word, escapes resolved; false if it is longer than size - 1. */
bool word_copy(const struct word *word, char *text, size_t size);

/* A decimal number, or a hexadecimal one after 0x, of at most 32 bits. */
bool word_u32(const struct word *word, uint32_t *value);

/* 00ff12: pairs of hexadecimal digits, at least one and at most `limit` */
bool word_bytes(const struct word *word, uint8_t *bytes, size_t limit, size_t *size);

/* 192.0.2.1; 2001:db8::1 (hexadecimal groups only) */
bool word_ipv4(const struct word *word, uint8_t address[4]);
bool word_ipv6(const struct word *word, uint8_t address[16]);

/* 90s, 15m, 8h, 7d: to 100-nanosecond intervals, one second to 3650 days */
bool word_duration(const struct word *word, uint64_t *intervals);

/* Compare two dotted numbers number by number; missing ones count as 0. Sets *order below, at or
 * above 0. Returns false if one is not a dotted number. */
bool version_compare(const char *a, size_t a_size, const char *b, size_t b_size, int *order);

#endif
