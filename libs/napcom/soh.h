/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* soh.c: the SoH of a health agent or a validator, between programs and the wire. */
#ifndef WINE_NAP_NAPCOM_SOH_H
#define WINE_NAP_NAPCOM_SOH_H

#include "libs/napcom/napcom.h"

#include "libs/soh/soh.h"

/*
 * Checks the SoH of component `id` and writes it to *data, *size bytes, which
 * the caller free()s. E_INVALIDARG: it is malformed, too long or has the id of
 * another component; the log has the reason.
 */
HRESULT soh_to_wire(const SoH *soh, SystemHealthEntityId id, uint8_t **data, uint32_t *size);
/* The SoH in task memory, to be freed by free_soh(). NAP_E_INVALID_PACKET: it is malformed. */
HRESULT soh_from_wire(const struct napipc_blob *wire, SoH **soh);
/* Takes NULL. */
void free_soh(SoH *soh);

#endif
