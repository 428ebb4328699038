/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * The host's network interfaces, as they were when somebody last looked: one list for RAS
 * connections and the remote access server.
 */
#ifndef WINE_NAP_ENGINE_INTERFACES_H
#define WINE_NAP_ENGINE_INTERFACES_H

#include "libs/engine/model.h"

/* Makes the list at most `age` ms old, as far as the budget allows. False: the host cannot tell
 * now; the list is that of the last look. */
bool interfaces_look(struct engine *engine, uint64_t age);
/* The interface of that index in the list, or NULL; index 0 is never found. */
const struct engine_interface *interfaces_find(const struct engine *engine, uint32_t index);
/* The index of the interface of that name, which may have come a moment ago; 0: there is none. */
uint32_t interfaces_index_of(struct engine *engine, const struct napipc_string *name);
void interfaces_finish(struct engine *engine);

#endif
