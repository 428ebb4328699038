/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Building an SSoH.
 */
#ifndef WINE_NAP_ENGINE_SSOH_H
#define WINE_NAP_ENGINE_SSOH_H

#include "libs/engine/model.h"

/* Builds the SSoH in engine->packet. Returns an HRESULT. SSoHs with the same *digest say the same
 * about health agents. */
uint32_t ssoh_build(struct engine *engine, const struct napipc_correlation *correlation,
        const struct parts *parts, uint32_t max_size, size_t *size, uint64_t *digest);

#endif
