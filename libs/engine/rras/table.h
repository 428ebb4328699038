/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * The connections of this machine as a remote access server.
 */
#ifndef WINE_NAP_ENGINE_RRAS_TABLE_H
#define WINE_NAP_ENGINE_RRAS_TABLE_H

#include "libs/engine/model.h"

/* RESULT_OK, or RESULT_DDM_NOT_RUNNING while the server is off, like Windows' demand-dial
 * manager. */
uint32_t rras_running(const struct rras *rras);
/* The entry of that id, or NULL. *index: its index in by_id, or the index to insert it at. */
struct rras_entry *rras_find(const struct rras *rras, uint32_t id, uint32_t *index);
/* Reads the record; its strings point into the entry. */
void rras_read(const struct rras_entry *entry, struct napipc_rras_record *record);
bool rras_guid_is_zero(const struct napipc_guid *guid);
/* Adds an entry, with a new GUID if that of the record is zero. Returns an HRESULT; on failure
 * nothing has changed. */
uint32_t rras_create(struct engine *engine, const struct napipc_rras_add *add,
        struct napipc_rras_add_reply *reply);
/* Stores the changed record and replaces the entry. Returns an HRESULT; on failure nothing has
 * changed. */
uint32_t rras_replace(struct engine *engine, uint32_t id, const struct napipc_rras_record *record);
uint32_t rras_erase(struct engine *engine, uint32_t id);
/* The two steps of rras_replace(): stores a new version; puts it into the table. */
uint32_t rras_prepare(struct engine *engine, uint32_t id, const struct napipc_rras_record *record,
        struct rras_entry **prepared);
void rras_commit(struct engine *engine, struct rras_entry *prepared);
/* Has one of these new versions the user and the port of the record? */
bool rras_is_among(const struct rras_entry *versions, const struct napipc_rras_record *record);
/* The second step of removing, when the store no longer has it: takes it out of the table and frees
 * it. */
void rras_forget(struct engine *engine, struct rras_entry *entry);
void rras_finish(struct engine *engine);
/* The next entry that matches `selector`, from by_id[*index] on, or NULL. *index: its index. */
struct rras_entry *rras_select(
        const struct rras *rras, const struct napipc_rras_selector *selector, uint32_t *index);

#endif
