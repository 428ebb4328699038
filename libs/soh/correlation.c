/*
 * Correlation ids: the GUID and FILETIME that name an exchange, and how people write them.
 *
 * Copyright 2026 the wine-nap authors
 *
 * This library is free software; you can redistribute it and/or
 * modify it under the terms of the GNU Lesser General Public
 * License as published by the Free Software Foundation; either
 * version 2.1 of the License, or (at your option) any later version.
 */

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "libs/soh/wire.h"

#define GUID_SIZE 16
#define GUID_TEXT_SIZE 39

struct soh_correlation_id soh_correlation_id_make(const uint8_t guid[16], uint64_t filetime)
{
    struct soh_correlation_id id;

    memcpy(id.bytes, guid, GUID_SIZE);
    put_u64(id.bytes + GUID_SIZE, filetime);
    return id;
}

void soh_correlation_id_split(
        const struct soh_correlation_id *id, uint8_t *guid, uint64_t *filetime)
{
    if (guid)
        memcpy(guid, id->bytes, GUID_SIZE);
    if (filetime)
        *filetime = get_u64(id->bytes + GUID_SIZE);
}

static void format_guid(const uint8_t *g, char text[GUID_TEXT_SIZE])
{
    snprintf(text, GUID_TEXT_SIZE,
            "{%02X%02X%02X%02X-%02X%02X-%02X%02X-%02X%02X-%02X%02X%02X%02X%02X%02X}", g[3], g[2],
            g[1], g[0], g[5], g[4], g[7], g[6], g[8], g[9], g[10], g[11], g[12], g[13], g[14],
            g[15]);
}

void soh_correlation_id_format(
        const struct soh_correlation_id *id, char text[SOH_CORRELATION_TEXT_SIZE])
{
    char guid[GUID_TEXT_SIZE];

    format_guid(id->bytes, guid);
    snprintf(text, SOH_CORRELATION_TEXT_SIZE, "%s-%016" PRIX64, guid,
            get_u64(id->bytes + GUID_SIZE));
}

void soh_correlation_id_format_log(
        const struct soh_correlation_id *id, char text[SOH_CORRELATION_TEXT_SIZE])
{
    char guid[GUID_TEXT_SIZE], time[FILETIME_TEXT_SIZE];

    format_guid(id->bytes, guid);
    soh_filetime_format(get_u64(id->bytes + GUID_SIZE), time);
    snprintf(text, SOH_CORRELATION_TEXT_SIZE, "%s - %s", guid, time);
}
