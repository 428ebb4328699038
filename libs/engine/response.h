/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * ProcessSoHResponse of enforcement clients.
 */
#ifndef WINE_NAP_ENGINE_RESPONSE_H
#define WINE_NAP_ENGINE_RESPONSE_H

#include "libs/engine/model.h"

/* Tells the health agents their part of the response that this event brought, if any. */
void response_distribute(struct engine *engine);

#endif
