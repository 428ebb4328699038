/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What request.c and agent_binding.c ask of agent_soh.c. */
#ifndef WINE_NAP_QAGENT_AGENT_SOH_H
#define WINE_NAP_QAGENT_AGENT_SOH_H

#include "qagent.h"

#include "libs/soh/soh.h"

/*
 * Checks the SoH of health agent `id` and writes it into *data, *size bytes, to
 * be free()d. E_INVALIDARG: it could not be sent, or would be taken for another
 * health agent's; the log says why.
 */
HRESULT soh_to_wire(const SoH *soh, SystemHealthEntityId id, uint8_t **data, uint32_t *size);
/* The SoH in task memory, to be freed by free_soh(). NAP_E_INVALID_PACKET: it is malformed. */
HRESULT soh_from_wire(const struct napipc_blob *wire, SoH **soh);
/* Takes NULL. */
void free_soh(SoH *soh);

#endif
