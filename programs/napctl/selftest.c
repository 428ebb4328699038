/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * The command; see selftest.h.
 */
#include "programs/napctl/selftest.h"

#include <stdarg.h>

#include "libs/text/format.h"
#include "programs/napctl/options.h"
#include "version.h"

enum verdict
{
    VERDICT_OK,
    VERDICT_WARNING,
    VERDICT_FAULT
};

static void report(struct selftest *test, enum verdict verdict, const char *name,
        const WCHAR *where, const char *remedy, const char *format, va_list arguments)
{
    static const char *const words[] = {"ok", "warning", "FAULT"};
    char text[MAX_PATH * 8], where_text[MAX_PATH * 3];

    format_list(text, sizeof(text), format, arguments);
    format_text(where_text, sizeof(where_text), "%ls", where);
    if (!test->json)
    {
        printf("%-8s ", words[verdict]);
        print_visible(stdout, where_text);
        fputs(": ", stdout);
        print_visible(stdout, text);
        putchar('\n');
        if (remedy)
            printf("         to do: %s\n", remedy);
        return;
    }
    json_open(test->json, NULL, '{');
    json_text(test->json, "verdict", verdict == VERDICT_FAULT ? "fault" : words[verdict]);
    if (name)
        json_text(test->json, "name", name);
    json_text(test->json, "where", where_text);
    json_text(test->json, "text", text);
    if (remedy)
        json_text(test->json, "remedy", remedy);
    json_close(test->json, '}');
}

void selftest_fault(struct selftest *test, const char *fault, const WCHAR *where,
        const char *remedy, const char *format, ...)
{
    va_list arguments;

    test->faults++;
    va_start(arguments, format);
    report(test, VERDICT_FAULT, fault, where, remedy, format, arguments);
    va_end(arguments);
}

void selftest_warning(struct selftest *test, const char *warning, const WCHAR *where,
        const char *remedy, const char *format, ...)
{
    va_list arguments;

    test->warnings++;
    va_start(arguments, format);
    report(test, VERDICT_WARNING, warning, where, remedy, format, arguments);
    va_end(arguments);
}

void selftest_ok(struct selftest *test, const WCHAR *where, const char *format, ...)
{
    va_list arguments;

    va_start(arguments, format);
    report(test, VERDICT_OK, NULL, where, NULL, format, arguments);
    va_end(arguments);
}

int selftest(const struct options *options)
{
    struct json writer = {.to = stdout};
    struct selftest test = {0};

    if (options->json)
    {
        test.json = &writer;
        json_open(&writer, NULL, '{');
        json_text(&writer, "version", WINE_NAP_VERSION);
        json_open(&writer, "checks", '[');
    }
    selftest_windows(&test);
    selftest_files(&test);
    if (selftest_service(&test))
        selftest_pipe(&test);
    if (options->json)
    {
        json_close(&writer, ']');
        json_number(&writer, "faults", test.faults);
        json_number(&writer, "warnings", test.warnings);
        json_bool(&writer, "healthy", !test.faults);
        json_close(&writer, '}');
    }
    else if (test.faults)
        printf("%u fault%s found.\n", test.faults, test.faults == 1 ? "" : "s");
    else
        printf("No fault found.\n");
    return test.faults ? EXIT_FAILED : EXIT_DONE;
}
