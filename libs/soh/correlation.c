/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Correlation ids: the GUID and FILETIME that name an exchange, and their text forms.
 *
 * The GUID is in network order in a packet, but not in Windows' memory. Only the two functions at
 * the top convert between them.
 */

#include <inttypes.h>
#include <stdio.h>

#include "libs/soh/wire.h"
#include "libs/text/guid.h"

#define GUID_SIZE 16

struct soh_correlation_id soh_correlation_id_make(const uint8_t guid[16], uint64_t filetime)
{
    struct soh_correlation_id id;

    guid_swap(guid, id.bytes);
    put_u64(id.bytes + GUID_SIZE, filetime);
    return id;
}

void soh_correlation_id_split(
        const struct soh_correlation_id *id, uint8_t *guid, uint64_t *filetime)
{
    if (guid)
        guid_swap(id->bytes, guid);
    if (filetime)
        *filetime = get_u64(id->bytes + GUID_SIZE);
}

void soh_correlation_id_format(
        const struct soh_correlation_id *id, char text[SOH_CORRELATION_TEXT_SIZE])
{
    char guid[GUID_TEXT_SIZE];

    guid_format_network(id->bytes, guid);
    snprintf(text, SOH_CORRELATION_TEXT_SIZE, "%s-%016" PRIX64, guid,
            get_u64(id->bytes + GUID_SIZE));
}

void soh_correlation_id_format_log(
        const struct soh_correlation_id *id, char text[SOH_CORRELATION_TEXT_SIZE])
{
    char guid[GUID_TEXT_SIZE], time[FILETIME_TEXT_SIZE];

    guid_format_network(id->bytes, guid);
    soh_filetime_format(get_u64(id->bytes + GUID_SIZE), time);
    snprintf(text, SOH_CORRELATION_TEXT_SIZE, "%s - %s", guid, time);
}
