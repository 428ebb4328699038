/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Text for people, in UTF-8.
 */
#include "programs/napctl/napctl.h"

#include <fcntl.h>
#include <io.h>
#include <objbase.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>
#include <wchar.h>

#include "naperror.h"
#include "libs/text/format.h"
#include "libs/text/utf.h"
#include "libs/text/visible.h"

int report_usage(const char *text)
{
    complain("%s", text);
    return EXIT_USAGE;
}

/* ---- a console ---- */

#define CONSOLE_BUFFER (1 << 20) /* bytes; more in one piece may cut a character at its end */

static UINT old_code_page; /* 0: neither output is a console */

static bool is_console(DWORD which)
{
    DWORD mode;

    return GetConsoleMode(GetStdHandle(which), &mode);
}

static void restore_console(void)
{
    fflush(stdout);
    fflush(stderr);
    SetConsoleOutputCP(old_code_page);
}

/* In text mode, msvcrt.dll takes each byte for a character of a console. And the console converts
 * each write by itself: one must not end within a character. */
static void write_whole(DWORD which, FILE *stream)
{
    if (!is_console(which))
        return;
    _setmode(_fileno(stream), _O_BINARY);
    setvbuf(stream, NULL, _IOFBF, CONSOLE_BUFFER);
}

/* The host's command napctl asks for lines that end as the host's do. */
static bool lines_end_with_lf(void)
{
    WCHAR value[4];

    return GetEnvironmentVariableW(L"NAPCTL_NEWLINE", value, ARRAYSIZE(value)) == 2
           && !wcscmp(value, L"lf");
}

void open_output(void)
{
    if (lines_end_with_lf())
    {
        _setmode(_fileno(stdout), _O_BINARY);
        _setmode(_fileno(stderr), _O_BINARY);
    }
    if (!is_console(STD_OUTPUT_HANDLE) && !is_console(STD_ERROR_HANDLE))
        return;
    old_code_page = GetConsoleOutputCP();
    SetConsoleOutputCP(CP_UTF8);
    atexit(restore_console);
    write_whole(STD_OUTPUT_HANDLE, stdout);
    write_whole(STD_ERROR_HANDLE, stderr);
}

/* ---- any output ---- */

static bool output_failed;

bool flush_output(void)
{
    unsigned long error;

    if (!output_failed && !fflush(stdout) && !ferror(stdout))
        return true;
    error = _doserrno;
    if (!output_failed && GetFileType(GetStdHandle(STD_OUTPUT_HANDLE)) != FILE_TYPE_PIPE)
        complain("cannot write to standard output: error %lu; is the disk full?", error);
    output_failed = true;
    return false;
}

int finish_output(int code)
{
    bool pipe = GetFileType(GetStdHandle(STD_OUTPUT_HANDLE)) == FILE_TYPE_PIPE;

    return flush_output() || pipe ? code : EXIT_FAILED;
}

/* The reason and the remedy of a failure; NULL if they are not known. */
static const char *advice(HRESULT hr)
{
    switch (hr)
    {
    case RPC_E_DISCONNECTED:
        return agent_start_unless_stopped()
                       ? "the agent does not run and could not be started; napctl show log says why"
                       : "the agent is stopped; start it with: net start napagent";
    case E_ACCESSDENIED:
        return "only an administrator may do this";
    case __HRESULT_FROM_WIN32(ERROR_CANTWRITE):
        return "the agent cannot write to the registry or its journal; napctl show log says where";
    case __HRESULT_FROM_WIN32(ERROR_DISK_FULL):
        return "the disk is full, and the agent cannot write its journal; free space and try again";
    case __HRESULT_FROM_WIN32(ERROR_ALREADY_EXISTS):
        return "one of that name or id exists; --replace replaces one of that name";
    case __HRESULT_FROM_WIN32(ERROR_NOT_FOUND):
        return "there is no such entry; napctl ras list lists them";
    case NAP_E_NOT_REGISTERED:
        return "no component of that id is registered; napctl show state and napctl validator list show them";
    case NAP_E_STILL_BOUND:
        return "a program still uses the component; end it first";
    case NAP_E_NETSH_GROUPPOLICY_ERROR:
        return "Group Policy decides which enforcement clients are enabled, and overrides this "
               "machine's settings";
    case __HRESULT_FROM_WIN32(ERROR_SERVICE_DOES_NOT_EXIST):
        return "wine-nap is not installed in this prefix; run tools/setup.sh install";
    case __HRESULT_FROM_WIN32(ERROR_SERVICE_DISABLED):
        return "the service is disabled; tools/setup.sh install enables it";
    case __HRESULT_FROM_WIN32(ERROR_REVISION_MISMATCH):
        return "napctl and the agent are of different releases; install both from one";
    default:
        return NULL;
    }
}

int report_failure(HRESULT hr, const char *what)
{
    const char *help = advice(hr);

    complain("cannot %s: %s%s(0x%08lX)", what, help ? help : "", help ? " " : "error ",
            (unsigned long)hr);
    return EXIT_FAILED;
}

void format_units(const struct napipc_string *string, char *text)
{
    visible_line_of_utf16(string->units, string->length, text, UNITS_TEXT);
}

void format_visible(const char *utf8, char *text, size_t size)
{
    visible_line(utf8, strlen(utf8), text, size);
}

void print_visible(FILE *to, const char *utf8)
{
    char text[4096];

    format_visible(utf8, text, sizeof(text));
    fputs(text, to);
}

void print_name(const char *indent, const char *name)
{
    printf("%s%-23s ", indent, name);
}

void complain(const char *format, ...)
{
    char text[4096];
    va_list arguments;

    va_start(arguments, format);
    format_list(text, sizeof(text), format, arguments);
    va_end(arguments);
    if (old_code_page)
        fflush(stdout); /* a console shows both, in this order */
    fputs("napctl: ", stderr);
    print_visible(stderr, text);
    fputc('\n', stderr);
    fflush(stderr);
}

void print_units(FILE *to, const struct napipc_string *string)
{
    char text[UNITS_TEXT];

    format_units(string, text);
    fputs(text, to);
}

void print_present(const char *name, const struct napipc_string *text)
{
    if (!text->length)
        return;
    print_name("    ", name);
    print_units(stdout, text);
    putchar('\n');
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

void format_guid(const struct napipc_guid *guid, char text[GUID_TEXT_SIZE])
{
    guid_format(guid->bytes, text);
}

void print_guid(FILE *to, const struct napipc_guid *guid)
{
    char text[GUID_TEXT_SIZE];

    format_guid(guid, text);
    fputs(text, to);
}

const char *isolation_state_name(uint32_t state)
{
    static const char *const names[] = {
            "unknown", "not restricted", "in probation", "restricted access"};

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
