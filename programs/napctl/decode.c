/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * decode: shows a statement of health as text or JSON. It needs no agent.
 */
#include "programs/napctl/options.h"

#include <fcntl.h>
#include <io.h>
#include <stdint.h>
#include <wchar.h>

#include "libs/soh/soh.h"
#include "libs/text/hex.h"
#include "libs/wsh/wsh.h"
#include "programs/napctl/decode.h"
#include "programs/napctl/file.h"

static void print_line(void *context, const char *text)
{
    (void)context;
    puts(text); /* libs/soh and libs/wsh escape all that is not ASCII */
}

/* Did the NAP agent make this entry because the health agent had none? */
static bool is_made_by_agent(const struct soh_packet *packet, uint32_t id)
{
    uint32_t generated;
    size_t i;

    for (i = 0; soh_ids_get(packet->system.generated_ids, i, &generated); i++)
        if (generated == id)
            return true;
    return false;
}

/* What Windows' own health agent reports is shown in words; if it is malformed, why. */
static bool print_entry(
        void *context, const struct soh_packet *packet, const struct soh_entry *entry)
{
    struct soh_error error;
    struct wsh_soh soh;

    if (entry->id != WSH_ID)
        return false;
    if (wsh_print(packet->kind, entry, SOH_ENTRY_INDENT, print_line, context))
        return true;
    if (packet->kind == SOH_REQUEST && !is_made_by_agent(packet, entry->id)
            && !wsh_soh_read(entry, &soh, &error))
        printf("%*snot as [MS-WSH] says: %s, at byte %u of the entry\n", SOH_ENTRY_INDENT, "",
                error.rule, (unsigned int)error.offset);
    return false;
}

static bool print_packet(const uint8_t *bytes, size_t size, bool json, struct soh_error *error)
{
    struct soh_packet packet;

    if (!soh_parse_carried(bytes, size, &packet, error))
        return false;
    if (json)
        print_packet_json(&packet);
    else
        soh_print(&packet, print_line, print_entry, NULL);
    return true;
}

/* Decodes hexadecimal text as radiusd -X, wpa_supplicant, tcpdump or xxd print it, which is often
 * all that people have. True: it is such text, and *code is the exit code. */
static bool decode_hex(const struct options *options, uint8_t *bytes, size_t size, int *code)
{
    struct soh_error error;
    size_t count;

    if (!hex_read((const char *)bytes, size, bytes, &count))
        return false;
    *code = EXIT_DONE;
    if (print_packet(bytes, count, options->json, &error))
        return true;
    complain("%ls is hexadecimal text of %u bytes, but not a statement of health: %s, at byte "
             "%u (0x80270001)",
            options->name, (unsigned int)count, error.rule, (unsigned int)error.offset);
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
    if (!print_packet(bytes, size, options->json, &error))
    {
        if (decode_hex(options, bytes, size, &code))
            return code;
        complain("%ls is not a statement of health: %s, at byte %u of %u (0x80270001)",
                options->name, error.rule, (unsigned int)error.offset, (unsigned int)size);
        return EXIT_FAILED;
    }
    return EXIT_DONE;
}
