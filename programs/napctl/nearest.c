/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Which word was probably meant by a wrong one.
 */
#include "programs/napctl/options.h"

#include <wchar.h>

#define LONGEST 40 /* characters; words of ours are shorter */

static unsigned int least(unsigned int a, unsigned int b, unsigned int c)
{
    return min(min(a, b), c);
}

/* How many characters must be inserted, removed or replaced to make one word the other. */
static unsigned int distance(const WCHAR *one, const WCHAR *other)
{
    unsigned int row[LONGEST + 1], i, j, length = (unsigned int)wcslen(other);

    for (j = 0; j <= length; j++)
        row[j] = j;
    for (i = 1; one[i - 1]; i++)
    {
        unsigned int diagonal = row[0];

        row[0] = i;
        for (j = 1; j <= length; j++)
        {
            unsigned int above = row[j];

            row[j] = least(above + 1, row[j - 1] + 1, diagonal + (one[i - 1] != other[j - 1]));
            diagonal = above;
        }
    }
    return row[length];
}

unsigned int nearness(const WCHAR *wrong, const WCHAR *right)
{
    size_t length = wcslen(wrong);
    unsigned int away;

    if (length > LONGEST || wcslen(right) > LONGEST)
        return NOT_NEAR;
    away = distance(wrong, right);
    /* A third of its letters may be wrong, rounded, at least one. */
    return away <= max((length + 1) / 3, 1) ? away : NOT_NEAR;
}
