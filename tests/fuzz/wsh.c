/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Arbitrary bytes as the attributes of an entry of Windows' own health agent, behind its id. What
 * is read can be printed; what is written of it is read as the same.
 */

#include <stdlib.h>
#include <string.h>

#include "libs/wsh/wsh.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void require(bool holds)
{
    if (!holds)
        abort();
}

static void count_line(void *ctx, const char *text)
{
    const char *c;

    for (c = text; *c; ++c)
        require(*c >= ' ' && *c < 0x7f);
    ++*(size_t *)ctx;
}

static void check_soh(const struct soh_entry *entry)
{
    static uint8_t buffer[WSH_MAX_SOH_SIZE];
    struct soh_error error = {0, NULL};
    struct soh_entry written;
    struct wsh_soh soh, again;
    size_t lines = 0;

    if (!wsh_soh_read(entry, &soh, &error))
    {
        require(error.rule && error.offset <= entry->attributes.size);
        require(!wsh_print(SOH_REQUEST, entry, 0, count_line, &lines) && !lines);
        return;
    }
    require(wsh_print(SOH_REQUEST, entry, 2, count_line, &lines) && lines >= 5);
    /* Ignored bits and unknown codes are read, but not written. */
    if (wsh_soh_write(&soh, buffer, sizeof buffer, &written) != WSH_OK)
        return;
    require(wsh_soh_read(&written, &again, NULL));
    require(again.flag == soh.flag && again.automatic_updates == soh.automatic_updates);
    require(again.security_updates == soh.security_updates && again.updates == soh.updates);
    require(again.server.size == soh.server.size);
    require(wsh_soh_write(&soh, buffer, written.attributes.size - 1, &written) == WSH_TOO_SMALL);
}

static void check_sohr(const struct soh_entry *entry)
{
    uint8_t buffer[WSH_MAX_SOHR_SIZE];
    struct soh_entry written;
    struct wsh_sohr sohr, again;
    size_t lines = 0;

    if (!wsh_sohr_read(entry, &sohr, NULL))
        return;
    require(wsh_print(SOH_RESPONSE, entry, 2, count_line, &lines) && lines >= 4);
    require(wsh_sohr_write(&sohr, buffer, sizeof buffer, &written) == WSH_OK);
    require(wsh_sohr_read(&written, &again, NULL));
    require(!memcmp(&again, &sohr, sizeof sohr));
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static const uint8_t id[8] = {0, 2, 0, 4, 0, 1, 0x37, 0x80};
    struct soh_entry entry = {WSH_ID, 1, {NULL, sizeof id + size}};
    uint8_t *bytes;

    if (size > SOH_MAX_PACKET_SIZE)
        return 0;
    bytes = malloc(sizeof id + size);
    require(bytes != NULL);
    memcpy(bytes, id, sizeof id);
    if (size)
        memcpy(bytes + sizeof id, data, size);
    entry.attributes.data = bytes;
    check_soh(&entry);
    check_sohr(&entry);
    free(bytes);
    return 0;
}
