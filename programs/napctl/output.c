/*
 * Text and JSON, both UTF-8.
 */
#include "programs/napctl/napctl.h"

#include <objbase.h>
#include <string.h>
#include <wchar.h>

int report_usage(const char *text)
{
    fprintf(stderr, "napctl: %s\n", text);
    return EXIT_USAGE;
}

static bool output_failed;

bool flush_output(void)
{
    unsigned long error;

    if (!output_failed && !fflush(stdout) && !ferror(stdout))
        return true;
    error = _doserrno;
    if (!output_failed && GetFileType(GetStdHandle(STD_OUTPUT_HANDLE)) != FILE_TYPE_PIPE)
        fprintf(stderr, "napctl: cannot write to standard output: error %lu; is the disk full?\n",
            error);
    output_failed = true;
    return false;
}

int finish_output(int code)
{
    bool pipe = GetFileType(GetStdHandle(STD_OUTPUT_HANDLE)) == FILE_TYPE_PIPE;

    return flush_output() || pipe ? code : EXIT_FAILED;
}

/* What a person can do about it, where that is known. */
static const char *advice(HRESULT hr)
{
    switch ((DWORD)hr)
    {
    case (DWORD)RPC_E_DISCONNECTED:
        return "the agent is not running; start it with: net start napagent";
    case 0x80070005: /* E_ACCESSDENIED */
        return "only an administrator may do this";
    case 0x800700B7: /* ERROR_ALREADY_EXISTS */
        return "there is one of that name or id; --replace replaces one of that name";
    case 0x80070490: /* ERROR_NOT_FOUND */
        return "there is no such entry; napctl ras list lists them";
    case 0x80270006: /* NAP_E_NOT_REGISTERED */
        return "no component of that id is registered; napctl show state lists them";
    case 0x80270005: /* NAP_E_STILL_BOUND */
        return "a program still uses the component; end it first";
    case 0x8027000F: /* NAP_E_NETSH_GROUPPOLICY_ERROR */
        return "Group Policy decides which enforcement clients are enabled, and goes before this "
               "machine's settings";
    case 0x80070424: /* ERROR_SERVICE_DOES_NOT_EXIST */
        return "wine-nap is not installed in this prefix; run tools/setup.sh install";
    case 0x80070422: /* ERROR_SERVICE_DISABLED */
        return "the service is disabled; tools/setup.sh install enables it";
    case 0x8007051A: /* ERROR_REVISION_MISMATCH */
        return "napctl and the agent are of different releases; install both from one";
    default:
        return NULL;
    }
}

int report_failure(HRESULT hr, const char *what)
{
    const char *help = advice(hr);

    fprintf(stderr, "napctl: cannot %s: %s%s(0x%08lX)\n", what, help ? help : "",
        help ? " " : "error ", (unsigned long)hr);
    return EXIT_FAILED;
}

bool parse_json(int argc, WCHAR **argv, bool *json)
{
    *json = argc == 1 && !wcscmp(argv[0], L"--json");
    return !argc || *json;
}

bool parse_number(const WCHAR *text, uint32_t *number)
{
    bool hex = text[0] == '0' && (text[1] == 'x' || text[1] == 'X');
    const WCHAR *digits = hex ? text + 2 : text;
    uint64_t value = 0;

    if (!*digits)
        return false;
    for (; *digits; digits++)
    {
        unsigned int digit = *digits >= '0' && *digits <= '9' ? *digits - '0'
                : *digits >= 'a' && *digits <= 'f' ? *digits - 'a' + 10
                : *digits >= 'A' && *digits <= 'F' ? *digits - 'A' + 10 : 16;

        if (digit >= (hex ? 16u : 10u) || (value = value * (hex ? 16 : 10) + digit) > 0xffffffff)
            return false;
    }
    *number = (uint32_t)value;
    return true;
}

/* UTF-8 of the string in `text`, which has room for 3 bytes a unit and the NUL. */
static void utf8_of(const struct napipc_string *string, char *text, int size)
{
    int length = 0;

    if (string->length)
        length = WideCharToMultiByte(CP_UTF8, 0, (const WCHAR *)string->units, string->length,
            text, size - 1, NULL, NULL);
    text[length] = 0;
}

void format_units(const struct napipc_string *string, char *text)
{
    char *c;

    utf8_of(string, text, UNITS_TEXT);
    for (c = text; *c; c++)
    {
        bool upper = (unsigned char)*c == 0xc2 && (unsigned char)c[1] < 0xa0; /* U+0080 to U+009F */

        if (upper || (unsigned char)*c < ' ' || *c == 0x7f) /* strangers control no terminal */
            *c = '?';
        if (upper)
            *++c = '?';
    }
}

void print_units(FILE *to, const struct napipc_string *string)
{
    char text[UNITS_TEXT];

    format_units(string, text);
    fputs(text, to);
}

void format_time(uint64_t filetime, char *text, size_t size)
{
    FILETIME time = {(DWORD)filetime, (DWORD)(filetime >> 32)};
    SYSTEMTIME parts;

    if (FileTimeToSystemTime(&time, &parts))
        snprintf(text, size, "%04u-%02u-%02uT%02u:%02u:%02uZ", parts.wYear, parts.wMonth,
            parts.wDay, parts.wHour, parts.wMinute, parts.wSecond);
    else
        snprintf(text, size, "0x%016llx", (unsigned long long)filetime);
}

void print_time(FILE *to, uint64_t filetime)
{
    char text[40];

    format_time(filetime, text, sizeof(text));
    fputs(text, to);
}

void format_guid(const struct napipc_guid *guid, char *text, size_t size)
{
    GUID value;

    memcpy(&value, guid->bytes, sizeof(value));
    snprintf(text, size, "{%08lX-%04X-%04X-%02X%02X-%02X%02X%02X%02X%02X%02X}",
        (unsigned long)value.Data1, value.Data2, value.Data3, value.Data4[0], value.Data4[1],
        value.Data4[2], value.Data4[3], value.Data4[4], value.Data4[5], value.Data4[6],
        value.Data4[7]);
}

void print_guid(FILE *to, const struct napipc_guid *guid)
{
    char text[40];

    format_guid(guid, text, sizeof(text));
    fputs(text, to);
}

const char *isolation_state_name(uint32_t state)
{
    static const char *const names[] = {"unknown", "not restricted", "in probation",
        "restricted access"};

    return names[state < ARRAYSIZE(names) ? state : 0];
}

const char *extended_state_name(uint32_t state)
{
    static const char *const names[] = {"no data", "transition", "infected", "unknown"};

    return names[state < ARRAYSIZE(names) ? state : 3];
}

const char *fixup_state_name(uint32_t state)
{
    static const char *const names[] = {"success", "in progress", "could not update"};

    return state < ARRAYSIZE(names) ? names[state] : "unknown";
}

/* ---- JSON ---- */

/* The bytes of the character that the text begins with; 0: it is no UTF-8. */
static unsigned int utf8_length(const unsigned char *text)
{
    unsigned int length = *text < 0x80 ? 1 : *text < 0xc2 ? 0 : *text < 0xe0 ? 2 : *text < 0xf0 ? 3
            : *text < 0xf5 ? 4 : 0;
    unsigned int i;

    for (i = 1; i < length; i++)
        if ((text[i] & 0xc0) != 0x80)
            return 0;
    /* overlong, a surrogate, beyond Unicode */
    if ((text[0] == 0xe0 && text[1] < 0xa0) || (text[0] == 0xed && text[1] >= 0xa0)
            || (text[0] == 0xf0 && text[1] < 0x90) || (text[0] == 0xf4 && text[1] >= 0x90))
        return 0;
    return length;
}

static void json_quoted(struct json *json, const char *utf8)
{
    fputc('"', json->to);
    while (*utf8)
    {
        unsigned int length = utf8_length((const unsigned char *)utf8);

        if (*utf8 == '"' || *utf8 == '\\')
            fprintf(json->to, "\\%c", *utf8);
        else if ((unsigned char)*utf8 < ' ')
            fprintf(json->to, "\\u%04x", (unsigned char)*utf8);
        else if (length)
            fwrite(utf8, 1, length, json->to);
        else
            fputs("\\ufffd", json->to);
        utf8 += length ? length : 1;
    }
    fputc('"', json->to);
}

static void json_new_line(struct json *json)
{
    if (!json->one_line)
        fprintf(json->to, "\n%*s", (int)json->depth * 2, "");
}

/* Comma, line, indentation and name of the next value. */
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
    char text[UNITS_TEXT];

    utf8_of(string, text, sizeof(text));
    json_text(json, name, text);
}

void json_code(struct json *json, const char *name, uint32_t code)
{
    char text[11];

    snprintf(text, sizeof(text), "0x%08lX", (unsigned long)code);
    json_text(json, name, text);
}

void json_guid(struct json *json, const char *name, const struct napipc_guid *guid)
{
    char text[40];

    format_guid(guid, text, sizeof(text));
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
