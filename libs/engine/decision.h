/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * The decisions of servers about connections.
 */
#ifndef WINE_NAP_ENGINE_DECISION_H
#define WINE_NAP_ENGINE_DECISION_H

#include "libs/engine/model.h"

void decision_clear(struct decision *decision);
/* Gives *decision a copy of the UTF-16LE URL. Returns false on allocation failure: nothing has
 * changed. */
bool decision_set_url(struct decision *decision, const uint8_t *units, uint16_t length);
void decision_describe(const struct decision *decision, struct napipc_isolation *isolation);

#endif
