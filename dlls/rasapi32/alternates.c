/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Alternate phone numbers; see alternates.h.
 */

#include "dlls/rasapi32/alternates.h"

#include <stdlib.h>
#include <string.h>
#include <wchar.h>

#include <ras.h>

#include "dlls/rasapi32/phonebook.h"

size_t alternates_write(const struct pbk_block *device, BYTE *to, bool wide)
{
    WCHAR number[RAS_MaxPhoneNumber + 1];
    char narrow[2 * RAS_MaxPhoneNumber + 1];
    size_t size = 0, unit = wide ? sizeof(WCHAR) : sizeof(char), length, i;
    const char *text;

    for (i = 1; (text = pbk_value(device, "PhoneNumber", i)); i++)
    {
        if (!*text)
            continue;
        phonebook_text(text, number, ARRAYSIZE(number));
        ansi_from_wide(number, narrow, ARRAYSIZE(narrow));
        length = ((wide ? wcslen(number) : strlen(narrow)) + 1) * unit;
        if (to)
            memcpy(to + size, wide ? (void *)number : (void *)narrow, length);
        size += length;
    }
    if (size && to)
        memset(to + size, 0, unit);
    return size ? size + unit : 0;
}

WCHAR *alternates_read(const BYTE *structure, DWORD size, DWORD offset, bool wide)
{
    DWORD unit = wide ? sizeof(WCHAR) : sizeof(char), end;
    WCHAR *numbers;
    int length;

    if (offset < *(const DWORD *)structure || offset > size)
        return NULL;
    for (end = offset;; end += unit)
    {
        bool is_end;

        if (end + unit > size)
            return NULL;
        is_end = wide ? !*(const WCHAR *)(structure + end) : !structure[end];
        if (!is_end)
            continue;
        /* An empty text is the end of the list. */
        if (end == offset
                || (wide ? !*(const WCHAR *)(structure + end - unit) : !structure[end - unit]))
            break;
    }
    end += unit;
    if (!(numbers = calloc(end - offset + 2, sizeof(*numbers))))
        return NULL;
    length = (int)((end - offset) / unit);
    if (wide)
        memcpy(numbers, structure + offset, (size_t)length * unit);
    else
        MultiByteToWideChar(CP_ACP, 0, (const char *)structure + offset, length, numbers, length);
    return numbers;
}
