/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Arbitrary bytes as a packet, first unchanged and then as pairs and entries with the right lengths
 * around them, which mutation alone would seldom produce. An accepted packet must be consistent: it
 * can be walked, printed, and built again within any limit, with the same content.
 */

#include <stdlib.h>
#include <string.h>

#include "libs/soh/soh.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void require(bool holds)
{
    if (!holds)
        abort();
}

static void count_line(void *ctx, const char *text)
{
    *(size_t *)ctx += strlen(text);
}

/* Builds the packet's content into exactly limit bytes. */
static enum soh_build_status rebuild(
        const struct soh_packet *packet, uint8_t *buffer, size_t limit, size_t *size)
{
    static struct soh_attribute attributes[SOH_MAX_ATTRIBUTES];
    struct soh_builder b;
    struct soh_entry entry;
    size_t position = 0, in_entry, count;

    soh_builder_init(&b, buffer, limit);
    soh_build_begin(&b, packet->kind, packet->has_mode ? &packet->mode : NULL, &packet->system);
    while (soh_next_entry(packet, &position, &entry))
    {
        require(entry.count <= SOH_MAX_ATTRIBUTES);
        for (count = in_entry = 0; soh_next_attribute(&entry, &in_entry, &attributes[count]);)
            ++count;
        require(count == entry.count);
        soh_build_soh(&b, attributes, count);
    }
    *size = b.size;
    return soh_build_end(&b);
}

static void check_packet(const struct soh_packet *packet, size_t given)
{
    uint8_t *first = malloc(SOH_MAX_PACKET_SIZE), *second;
    struct soh_packet again;
    size_t size, size2;
    enum soh_build_status status;

    require(first != NULL);
    status = rebuild(packet, first, SOH_MAX_PACKET_SIZE, &size);
    /* A packet may lack the NULs of two empty strings and so become longer. */
    require(size <= given + 2);
    if (status != SOH_BUILD_OK)
    {
        require(status == SOH_BUILD_TOO_SMALL && size > SOH_MAX_PACKET_SIZE);
        free(first);
        return;
    }
    require(soh_parse(first, size, &again, NULL));
    require(again.kind == packet->kind && again.system.present == packet->system.present);
    require(again.entry_count == packet->entry_count);
    require(again.entries.size == packet->entries.size);
    second = malloc(size); /* exactly, so that the sanitizer guards its end */
    require(second != NULL);
    require(rebuild(&again, second, size, &size2) == SOH_BUILD_OK && size2 == size);
    require(!memcmp(first, second, size));
    require(rebuild(&again, second, size / 2, &size2) == SOH_BUILD_TOO_SMALL && size2 == size);
    free(second);
    free(first);
}

static void check_bytes(const uint8_t *data, size_t size)
{
    struct soh_packet packet;
    struct soh_error error = {0, NULL};

    if (soh_parse(data, size, &packet, &error))
        check_packet(&packet, size);
    else
        require(error.rule && error.offset <= size);
}

/* A packet whose pairs are the data[0] bytes after the first, followed by its entries. */
static void check_framed(const uint8_t *data, size_t size)
{
    static const uint8_t start[28] = {0, 7, 0, 0, 0, 0, 1, 0x37, 0, 1, 0, 0, /* SoH header */
            0, 2, 0, 4, 0, 1, 0x37, 0,                                       /* SSoH TLV */
            0, 7, 0, 0, 0, 0, 1, 0x37};
    size_t pairs, whole;
    uint8_t *framed;

    if (!size || size > 0x8000)
        return;
    pairs = data[0] < size - 1 ? data[0] : size - 1;
    whole = sizeof start + size - 1;
    framed = malloc(whole);
    require(framed != NULL);
    memcpy(framed, start, sizeof start);
    framed[2] = (uint8_t)((whole - 4) >> 8);
    framed[3] = (uint8_t)(whole - 4);
    framed[10] = (uint8_t)((whole - 12) >> 8);
    framed[11] = (uint8_t)(whole - 12);
    framed[22] = (uint8_t)((pairs + 4) >> 8);
    framed[23] = (uint8_t)(pairs + 4);
    memcpy(framed + sizeof start, data + 1, size - 1);
    check_bytes(framed, whole);
    free(framed);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct soh_span span;
    struct soh_packet packet;
    size_t printed = 0;

    soh_carrier_strip(data, size, &span);
    check_bytes(span.data, span.size);
    if (soh_parse_carried(data, size, &packet, NULL))
    {
        soh_print(&packet, count_line, NULL, &printed);
        require(printed != 0);
    }
    check_framed(data, size);
    return 0;
}
