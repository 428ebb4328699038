/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Arbitrary bytes as a frame of the agent protocol. A frame that is read must be written to the
 * same bytes, with the measured size; a rejected one must have a reason.
 */
#include <stdlib.h>
#include <string.h>

#include "libs/napipc/napipc.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void require(bool holds)
{
    if (!holds)
        abort();
}

static void check_frame(const uint8_t *frame, size_t size)
{
    static uint8_t again[NAPIPC_MAX_FRAME];
    struct napipc_message message;
    const char *why = NULL;
    uint16_t version = 0;
    size_t written = 0;

    switch (napipc_decode(frame, size, &message, &version, &why))
    {
    case NAPIPC_OK:
        require(version == NAPIPC_VERSION && !why && size <= NAPIPC_MAX_FRAME);
        require(size == napipc_frame_size(&message));
        require(napipc_encode(&message, again, size, &written) == NAPIPC_OK);
        require(written == size && !memcmp(again, frame, size));
        require(napipc_encode(&message, again, size - 1, &written) == NAPIPC_BAD_MESSAGE);
        break;
    case NAPIPC_BAD_VERSION:
        require(version != NAPIPC_VERSION && size >= NAPIPC_HEADER_SIZE);
        break;
    case NAPIPC_BAD_FRAME:
        require(why != NULL);
        break;
    default:
        abort();
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    uint8_t *frame;

    check_frame(data, size);
    if (size < NAPIPC_HEADER_SIZE)
        return 0;
    /* Repeats it with the right size in the header, which is hard to guess. */
    if (!(frame = malloc(size)))
        abort();
    memcpy(frame, data, size);
    frame[0] = (uint8_t)size;
    frame[1] = (uint8_t)(size >> 8);
    frame[2] = (uint8_t)(size >> 16);
    frame[3] = 0;
    check_frame(frame, size);
    free(frame);
    return 0;
}
