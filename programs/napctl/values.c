/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Reads the values of arguments and options.
 */

#include "programs/napctl/options.h"

#include <objbase.h>
#include <stddef.h>
#include <string.h>
#include <wchar.h>
/* After windows.h */
#include <winsock2.h>
#include <ws2tcpip.h>

bool read_flag(const WCHAR *text, void *member)
{
    (void)text;
    *(bool *)member = true;
    return true;
}

/* The option's table has the maximum length. */
bool read_text(const WCHAR *text, void *member)
{
    struct napipc_string *string = member;

    string->units = (const uint8_t *)text;
    string->length = (uint16_t)wcslen(text);
    return true;
}

bool read_name(const WCHAR *text, void *member)
{
    *(const WCHAR **)member = text;
    return true;
}

bool read_number(const WCHAR *text, void *member)
{
    bool hex = text[0] == '0' && (text[1] == 'x' || text[1] == 'X');
    const WCHAR *digits = hex ? text + 2 : text;
    uint64_t value = 0;

    if (!*digits)
        return false;
    for (; *digits; digits++)
    {
        unsigned int digit = *digits >= '0' && *digits <= '9'   ? *digits - '0'
                             : *digits >= 'a' && *digits <= 'f' ? *digits - 'a' + 10
                             : *digits >= 'A' && *digits <= 'F' ? *digits - 'A' + 10
                                                                : 16;

        if (digit >= (hex ? 16u : 10u) || (value = value * (hex ? 16 : 10) + digit) > 0xffffffff)
            return false;
    }
    *(uint32_t *)member = (uint32_t)value;
    return true;
}

bool read_pattern(const WCHAR *text, void *member)
{
    struct patterns *patterns = member;
    size_t length = wcslen(text);

    if (!length || text[0] == '-' || wcspbrk(text, L"\r\n"))
        return false;
    if (patterns->length + length + 1 > NAPIPC_MAX_STRING)
    {
        patterns->length = NAPIPC_MAX_STRING + 1;
        return true;
    }
    if (patterns->length)
        patterns->text[patterns->length++] = '\n';
    wcscpy(patterns->text + patterns->length, text);
    patterns->length += length;
    return true;
}

bool read_guid(const WCHAR *text, void *member)
{
    WCHAR braced[40];
    GUID guid;

    if (text[0] == '{')
        swprintf(braced, ARRAYSIZE(braced), L"%.39ls", text);
    else
        swprintf(braced, ARRAYSIZE(braced), L"{%.36ls}", text);
    if (wcslen(braced) != 38 || FAILED(CLSIDFromString(braced, &guid)))
        return false;
    memcpy(((struct napipc_guid *)member)->bytes, &guid, sizeof(guid));
    return true;
}

static bool read_two(const WCHAR *text, unsigned int *value, WCHAR after)
{
    if (text[0] < '0' || text[0] > '9' || text[1] < '0' || text[1] > '9' || text[2] != after)
        return false;
    *value = (unsigned int)(text[0] - '0') * 10 + (unsigned int)(text[1] - '0');
    return true;
}

bool read_time(const WCHAR *text, void *member)
{
    unsigned int century, year, month, day, hour, minute, second;
    SYSTEMTIME parts = {0};
    FILETIME time;
    uint64_t value;
    WCHAR *end;

    if (wcslen(text) == 20)
    {
        if (!read_two(text, &century, text[2]) || !read_two(text + 2, &year, '-')
                || !read_two(text + 5, &month, '-') || !read_two(text + 8, &day, 'T')
                || !read_two(text + 11, &hour, ':') || !read_two(text + 14, &minute, ':')
                || !read_two(text + 17, &second, 'Z'))
            return false;
        parts.wYear = (WORD)(century * 100 + year);
        parts.wMonth = (WORD)month;
        parts.wDay = (WORD)day;
        parts.wHour = (WORD)hour;
        parts.wMinute = (WORD)minute;
        parts.wSecond = (WORD)second;
        if (!SystemTimeToFileTime(&parts, &time))
            return false;
        value = (uint64_t)time.dwHighDateTime << 32 | time.dwLowDateTime;
    }
    else
    {
        if (text[0] < '0' || text[0] > '9')
            return false;
        value = wcstoull(text, &end, 10);
        if (*end || value > 200000000000ull)
            return false;
        if (value)
            value = value * 10000000 + 116444736000000000ull;
    }
    *(uint64_t *)member = value;
    return true;
}

/* *value is the index of the text in `names`, which end with NULL. */
static bool find_name(const WCHAR *text, const WCHAR *const *names, uint8_t *value)
{
    uint8_t i;

    for (i = 0; names[i]; i++)
        if (!wcscmp(text, names[i]))
        {
            *value = i;
            return true;
        }
    return false;
}

bool read_quarantine(const WCHAR *text, void *member)
{
    static const WCHAR *const names[] = {L"normal", L"quarantine", L"probation", L"unknown", NULL};

    /* Windows' name of the last is RAS_QUAR_STATE_NOT_CAPABLE */
    if (!wcscmp(text, L"not-capable"))
        text = names[NAPIPC_RRAS_NOT_CAPABLE];
    return find_name(text, names, member);
}

bool read_tunnel(const WCHAR *text, void *member)
{
    static const WCHAR *const names[] = {L"ppp", L"ikev2", NULL};

    return find_name(text, names, member);
}

bool read_direction(const WCHAR *text, void *member)
{
    static const WCHAR *const names[] = {L"in", L"out", NULL};
    uint8_t value;

    if (!find_name(text, names, &value))
        return false;
    *(bool *)member = value;
    return true;
}

static bool narrow(const WCHAR *text, char *to, size_t size)
{
    size_t i;

    for (i = 0; text[i]; i++)
    {
        if (i + 1 >= size || text[i] >= 0x80)
            return false;
        to[i] = (char)text[i];
    }
    to[i] = 0;
    return true;
}

bool read_ipv4(const WCHAR *text, void *member)
{
    char ascii[16];

    return narrow(text, ascii, sizeof(ascii)) && inet_pton(AF_INET, ascii, member) == 1;
}

bool read_ipv6_local(const WCHAR *text, void *member)
{
    char ascii[64];

    return narrow(text, ascii, sizeof(ascii)) && inet_pton(AF_INET6, ascii, member) == 1;
}

/* Without BITS the prefix length is 64. */
bool read_ipv6(const WCHAR *text, void *member)
{
    struct napipc_rras_record *record = CONTAINING_RECORD(member, struct napipc_rras_record, ipv6);
    uint32_t bits = 64;
    char ascii[64];
    WCHAR number[8];
    char *slash;

    if (!narrow(text, ascii, sizeof(ascii)))
        return false;
    if ((slash = strchr(ascii, '/')))
    {
        *slash++ = 0;
        swprintf(number, ARRAYSIZE(number), L"%.7hs", slash);
        if (!read_number(number, &bits) || bits > 128)
            return false;
    }
    record->ipv6_prefix = (uint8_t)bits;
    return inet_pton(AF_INET6, ascii, member) == 1;
}
