/*
 * What a command says of an RRAS connection.
 */
#include "programs/napctl/rras.h"

#include <objbase.h>
#include <stddef.h>
#include <string.h>
#include <wchar.h>
/* After windows.h */
#include <winsock2.h>
#include <ws2tcpip.h>

#include "libs/text/format.h"

/* How an option's value is read into the member at `offset` of struct rras_options. */
typedef bool (*read_function)(const WCHAR *text, void *member);

static bool read_text(const WCHAR *text, void *member)
{
    struct napipc_string *string = member;
    size_t length = wcslen(text);

    if (length > NAPIPC_RRAS_MAX_STRING)
        return false;
    string->units = (const uint8_t *)text;
    string->length = (uint16_t)length;
    return true;
}

static bool read_number(const WCHAR *text, void *member)
{
    return parse_number(text, member);
}

static bool read_guid(const WCHAR *text, void *member)
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

/* 2026-11-21T06:07:08Z, or seconds since 1970 as `date +%s` says them; 0: none. */
static bool read_time(const WCHAR *text, void *member)
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

/* Which of `names` the text is; they end with NULL. */
static bool read_name(const WCHAR *text, const WCHAR *const *names, uint8_t *value)
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

static bool read_quarantine(const WCHAR *text, void *member)
{
    static const WCHAR *const names[] = {L"normal", L"quarantine", L"probation", L"unknown", NULL};

    /* Windows' name of the last is RAS_QUAR_STATE_NOT_CAPABLE */
    if (!wcscmp(text, L"not-capable"))
        text = names[NAPIPC_RRAS_NOT_CAPABLE];
    return read_name(text, names, member);
}

static bool read_tunnel(const WCHAR *text, void *member)
{
    static const WCHAR *const names[] = {L"ppp", L"ikev2", NULL};

    return read_name(text, names, member);
}

static bool read_direction(const WCHAR *text, void *member)
{
    static const WCHAR *const names[] = {L"in", L"out", NULL};
    uint8_t value;

    if (!read_name(text, names, &value))
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

static bool read_ipv4(const WCHAR *text, void *member)
{
    char ascii[16];

    return narrow(text, ascii, sizeof(ascii)) && inet_pton(AF_INET, ascii, member) == 1;
}

static bool read_ipv6_local(const WCHAR *text, void *member)
{
    char ascii[64];

    return narrow(text, ascii, sizeof(ascii)) && inet_pton(AF_INET6, ascii, member) == 1;
}

/* ADDRESS or ADDRESS/BITS, which says where the prefix ends; 64 if nothing does. */
static bool read_ipv6(const WCHAR *text, void *member)
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
        if (!parse_number(number, &bits) || bits > 128)
            return false;
    }
    record->ipv6_prefix = (uint8_t)bits;
    return inet_pton(AF_INET6, ascii, member) == 1;
}

#define OF_RECORD(member) offsetof(struct rras_options, record.member)
#define OF_SELECTOR(member) offsetof(struct rras_options, selector.member)

static const struct option
{
    const WCHAR *name;
    read_function read;
    size_t offset;
    uint32_t field;   /* NAPIPC_RRAS_HAS_*, or 0 */
    uint8_t selector; /* NAPIPC_RRAS_BY_*, or 0 */
} known[] = {
    {L"--user", read_text, OF_RECORD(user), NAPIPC_RRAS_HAS_USER, 0},
    {L"--domain", read_text, OF_RECORD(domain), NAPIPC_RRAS_HAS_DOMAIN, 0},
    {L"--computer", read_text, OF_RECORD(computer), NAPIPC_RRAS_HAS_COMPUTER, 0},
    {L"--interface", read_text, OF_RECORD(interface_name), NAPIPC_RRAS_HAS_INTERFACE, 0},
    {L"--port", read_text, OF_RECORD(port), NAPIPC_RRAS_HAS_PORT, 0},
    {L"--device-name", read_text, OF_RECORD(device_name), NAPIPC_RRAS_HAS_DEVICE_NAME, 0},
    {L"--device", read_text, OF_RECORD(device_name), NAPIPC_RRAS_HAS_DEVICE_NAME, 0},
    {L"--device-type", read_text, OF_RECORD(device_type), NAPIPC_RRAS_HAS_DEVICE_TYPE, 0},
    {L"--ipv4", read_ipv4, OF_RECORD(ipv4), NAPIPC_RRAS_HAS_IPV4, 0},
    {L"--ipv4-local", read_ipv4, OF_RECORD(ipv4_local), NAPIPC_RRAS_HAS_IPV4_LOCAL, 0},
    {L"--ipv6", read_ipv6, OF_RECORD(ipv6), NAPIPC_RRAS_HAS_IPV6, 0},
    {L"--ipv6-local", read_ipv6_local, OF_RECORD(ipv6_local), NAPIPC_RRAS_HAS_IPV6_LOCAL, 0},
    {L"--local-endpoint", read_text, OF_RECORD(local_endpoint), NAPIPC_RRAS_HAS_LOCAL_ENDPOINT, 0},
    {L"--remote-endpoint", read_text, OF_RECORD(remote_endpoint),
        NAPIPC_RRAS_HAS_REMOTE_ENDPOINT, 0},
    {L"--direction", read_direction, OF_RECORD(outgoing), NAPIPC_RRAS_HAS_DIRECTION, 0},
    {L"--tunnel", read_tunnel, OF_RECORD(tunnel), NAPIPC_RRAS_HAS_TUNNEL, 0},
    {L"--guid", read_guid, OF_RECORD(guid), NAPIPC_RRAS_HAS_GUID, 0},
    {L"--quarantine", read_quarantine, OF_RECORD(quarantine), NAPIPC_RRAS_HAS_QUARANTINE, 0},
    {L"--probation-end", read_time, OF_RECORD(probation_end), NAPIPC_RRAS_HAS_PROBATION_END, 0},
    {L"--since", read_time, OF_RECORD(since), NAPIPC_RRAS_HAS_SINCE, 0},
    {L"--match-id", read_number, OF_SELECTOR(id), 0, NAPIPC_RRAS_BY_ID},
    {L"--match-interface", read_text, OF_SELECTOR(name), 0, NAPIPC_RRAS_BY_INTERFACE},
    {L"--match-port", read_text, OF_SELECTOR(name), 0, NAPIPC_RRAS_BY_PORT},
    {L"--match-guid", read_guid, OF_SELECTOR(guid), 0, NAPIPC_RRAS_BY_GUID},
    {L"--match-ipv4", read_ipv4, OF_SELECTOR(ipv4), 0, NAPIPC_RRAS_BY_IPV4},
};

static const struct option *find_option(const WCHAR *name)
{
    unsigned int i;

    for (i = 0; i < ARRAYSIZE(known); i++)
        if (!wcscmp(name, known[i].name))
            return &known[i];
    return NULL;
}

bool rras_parse_options(int argc, WCHAR **argv, struct rras_options *options, char *why,
    size_t room)
{
    int i;

    memset(options, 0, sizeof(*options));
    for (i = 0; i < argc; i++)
    {
        const WCHAR *word = argv[i];
        bool is_option = word[0] == '-' && word[1] == '-';
        const struct option *option = find_option(is_option ? word : L"--match-id");
        const WCHAR *value = is_option ? i + 1 < argc ? argv[++i] : NULL : word;

        if (!option)
            format_text(why, room, "there is no option \"%.*ls\"", RRAS_QUOTED, word);
        else if (!value)
            format_text(why, room, "%ls lacks its value", option->name);
        else if (option->selector && options->selector.kind)
            snprintf(why, room, "more than one way to say which connection");
        else if (option->read == read_text && wcslen(value) > NAPIPC_RRAS_MAX_STRING)
            format_too_long(why, room, option->name, wcslen(value), NAPIPC_RRAS_MAX_STRING);
        else if (!option->read(value, (char *)options + option->offset))
            format_text(why, room, "\"%.*ls\" is no value for %ls", RRAS_QUOTED, value,
                is_option ? option->name : L"the id of a connection");
        else
        {
            options->fields |= option->field;
            if (option->selector)
                options->selector.kind = option->selector;
            continue;
        }
        return false;
    }
    return true;
}
