/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * decode: shows a statement of health as text. It needs no agent.
 */
#include "programs/napctl/options.h"

#include <fcntl.h>
#include <io.h>
#include <stdint.h>
#include <wchar.h>

#include "libs/soh/soh.h"
#include "libs/text/hex.h"
#include "programs/napctl/file.h"

static void print_line(void *context, const char *text)
{
    (void)context;
    puts(text); /* libs/soh escapes all that is not ASCII */
}

/* Decodes hexadecimal text as radiusd -X, wpa_supplicant, tcpdump or xxd print it, which is often
 * all that people have. True: it is such text, and *code is the exit code. */
static bool decode_hex(const WCHAR *name, uint8_t *bytes, size_t size, int *code)
{
    struct soh_error error;
    size_t count;

    if (!hex_read((const char *)bytes, size, bytes, &count))
        return false;
    *code = EXIT_DONE;
    if (soh_decode(bytes, count, print_line, NULL, &error))
        return true;
    complain("%ls is hexadecimal text of %u bytes, but not a statement of health: %s, at byte "
             "%u (0x80270001)",
            name, (unsigned int)count, error.rule, (unsigned int)error.offset);
    *code = EXIT_FAILED;
    return true;
}

int decode(const struct options *options)
{
    static uint8_t bytes[SOH_FILE_MAX + 1];
    struct soh_error error;
    size_t size;
    int code;

    if (!file_read(options->name, "a statement of health", bytes, SOH_FILE_MAX, &size))
        return EXIT_FAILED;
    if (!soh_decode(bytes, size, print_line, NULL, &error))
    {
        if (decode_hex(options->name, bytes, size, &code))
            return code;
        complain("%ls is not a statement of health: %s, at byte %u of %u (0x80270001)",
                options->name, error.rule, (unsigned int)error.offset, (unsigned int)size);
        return EXIT_FAILED;
    }
    return EXIT_DONE;
}
