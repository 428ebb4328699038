/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * ProcessSoHResponse of enforcement clients.
 */
#ifndef WINE_NAP_ENGINE_RESPONSE_H
#define WINE_NAP_ENGINE_RESPONSE_H

#include "libs/engine/model.h"

/* Sends the health agents their parts of the response that this event accepted, if any. */
void response_distribute(struct engine *engine);

#endif
