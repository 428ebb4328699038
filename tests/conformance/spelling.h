/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Functions that come in two spellings: A, with text in the code page, and W, with UTF-16. What
 * differs is a row for each, `struct spelling` of the test program, and every check runs for both:
 *
 *     static const struct spelling spelling_A = {...}, spelling_W = {...};
 *
 *     SPELLING_TEST(a_sentence_of_the_contract)
 *     {
 *         assert_int_equal(spelling->function(), 0);
 *     }
 */

#ifndef WINE_NAP_TESTS_SPELLING_H
#define WINE_NAP_TESTS_SPELLING_H

#include <test.h>
#include <stdbool.h>
#include <string.h>
#include <wchar.h>

#include <windows.h>

#define SPELLING_TEST(name)                                                                        \
    static void name(const struct spelling *spelling);                                             \
    TEST(name##_A)                                                                                 \
    {                                                                                              \
        name(&spelling_A);                                                                         \
    }                                                                                              \
    TEST(name##_W)                                                                                 \
    {                                                                                              \
        name(&spelling_W);                                                                         \
    }                                                                                              \
    static void name(const struct spelling *spelling)

/* The size of a character, for a macro that makes either row. */
#define CHARACTER_A sizeof(CHAR)
#define CHARACTER_W sizeof(WCHAR)

/* A structure's member by its offset: the types of the two spellings differ. */
#define MEMBER(structure, offset) ((void *)((BYTE *)(structure) + (offset)))
#define NUMBER(structure, offset) (*(DWORD *)MEMBER(structure, offset))

#define SPELLED_MAX 512 /* characters */

/* Writes `text` with characters of `size` bytes, with its end. Returns `to`, or NULL for none. */
static inline void *spell(void *to, size_t size, const WCHAR *text)
{
    if (!text)
        return NULL;
    if (size == sizeof(WCHAR))
        wcscpy(to, text);
    else
        WideCharToMultiByte(CP_ACP, 0, text, -1, to, SPELLED_MAX, NULL, NULL);
    return to;
}

/* A text for the spelling under test, until the end of the block. */
#define SPELLED(text) spell((WCHAR[SPELLED_MAX]){0}, spelling->character, text)

/* The reverse; `to` has capacity for SPELLED_MAX characters. */
static inline WCHAR *widened(WCHAR *to, const void *text, size_t size)
{
    if (size == sizeof(WCHAR))
        wcscpy(to, text);
    else
        MultiByteToWideChar(CP_ACP, 0, text, -1, to, SPELLED_MAX);
    return to;
}

/* The length of a text in characters. */
static inline size_t spelled_length(const void *text, size_t size)
{
    return size == sizeof(WCHAR) ? wcslen(text) : strlen(text);
}

static inline void assert_spelled(const void *got, size_t size, const WCHAR *expected)
{
    WCHAR spelled[SPELLED_MAX];
    size_t length = spelled_length(spell(spelled, size, expected), size) + 1;

    if (!memcmp(got, spelled, length * size))
        return;
    if (size == sizeof(WCHAR))
        fail_msg("\"%ls\", not \"%ls\"", (const WCHAR *)got, expected);
    else
        fail_msg("\"%s\", not \"%ls\"", (const char *)got, expected);
}

/* The member at this offset is this text. */
#define assert_member(structure, offset, text)                                                     \
    assert_spelled(MEMBER(structure, offset), spelling->character, text)

#endif
