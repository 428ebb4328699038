/*
 * decode: show a statement of health to a person. No agent is asked.
 */
#include "programs/napctl/napctl.h"

#include <fcntl.h>
#include <io.h>
#include <stdint.h>
#include <wchar.h>

#include "libs/soh/soh.h"
#include "programs/napctl/file.h"

static void print_line(void *context, const char *text)
{
    (void)context;
    puts(text);
}

int decode(int argc, WCHAR **argv)
{
    static uint8_t bytes[SOH_FILE_MAX + 1];
    struct soh_error error;
    size_t size;

    if (argc != 1 || !wcsncmp(argv[0], L"--", 2))
        return report_usage("usage: napctl decode FILE");
    if (!file_read(argv[0], "a statement of health", bytes, SOH_FILE_MAX, &size))
        return EXIT_FAILED;
    if (!soh_decode(bytes, size, print_line, NULL, &error))
    {
        fprintf(stderr, "napctl: %ls is no statement of health: %s, at byte %u of %u "
            "(0x80270001)\n", argv[0], error.rule, (unsigned int)error.offset, (unsigned int)size);
        return EXIT_FAILED;
    }
    return EXIT_DONE;
}
