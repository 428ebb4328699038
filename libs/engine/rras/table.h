/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * The connections of this machine as a remote access server.
 */
#ifndef WINE_NAP_ENGINE_RRAS_TABLE_H
#define WINE_NAP_ENGINE_RRAS_TABLE_H

#include "libs/engine/model.h"

/* What Windows' demand-dial manager does it cannot do while it is off: RESULT_OK or
 * RESULT_DDM_NOT_RUNNING. */
uint32_t rras_running(const struct rras *rras);
/* The entry of that id, or NULL; *place: where it is, or would be, in by_id. */
struct rras_entry *rras_find(const struct rras *rras, uint32_t id, uint32_t *place);
/* The record, with views into the entry. */
void rras_read(const struct rras_entry *entry, struct napipc_rras_record *record);
bool rras_guid_is_zero(const struct napipc_guid *guid);
/* Makes an entry, with a GUID of its own if that of the record is zero. An HRESULT; failed: nothing
 * changed. */
uint32_t rras_create(struct engine *engine, const struct napipc_rras_record *record,
        struct napipc_rras_add_reply *reply);
/* Stores the changed record and puts it in the entry's place. An HRESULT; failed: nothing has
 * changed. */
uint32_t rras_replace(struct engine *engine, uint32_t id, const struct napipc_rras_record *record);
uint32_t rras_erase(struct engine *engine, uint32_t id);
/* The two halves of rras_replace(): stores a new version; puts it into the table. */
uint32_t rras_prepare(struct engine *engine, uint32_t id, const struct napipc_rras_record *record,
        struct rras_entry **prepared);
void rras_commit(struct engine *engine, struct rras_entry *prepared);
/* The second half of removing: the store has it no more. */
void rras_forget(struct engine *engine, struct rras_entry *entry);
void rras_finish(struct engine *engine);
/* The next entry that `selector` means, from by_id[*place] on, or NULL. */
struct rras_entry *rras_select(
        const struct rras *rras, const struct napipc_rras_selector *selector, uint32_t *place);

#endif
