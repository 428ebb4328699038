/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * The host's network interfaces, as last polled: one list for RAS connections and the remote access
 * server.
 */
#ifndef WINE_NAP_ENGINE_INTERFACES_H
#define WINE_NAP_ENGINE_INTERFACES_H

#include "libs/engine/model.h"

/* Polls if the list is older than `age` ms and the budget allows it. Returns false if the host
 * cannot list its interfaces now, or there is no list yet; the list of the last poll stays. */
bool interfaces_poll(struct engine *engine, uint64_t age);
/* The interface of that index in the list, or NULL; index 0 is never found. */
const struct engine_interface *interfaces_find(const struct engine *engine, uint32_t index);
/* The index of the interface of that name, even if it has just appeared; 0: there is none. */
uint32_t interfaces_index_of(struct engine *engine, const struct napipc_string *name);
void interfaces_finish(struct engine *engine);

#endif
