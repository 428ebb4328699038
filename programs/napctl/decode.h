/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The parts of decode. */
#ifndef WINE_NAP_NAPCTL_DECODE_H
#define WINE_NAP_NAPCTL_DECODE_H

#include "libs/soh/soh.h"

/* decode_json.c: prints the packet as docs/schemas/decode.json. */
void print_packet_json(const struct soh_packet *packet);

#endif
