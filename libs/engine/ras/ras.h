/*
 * RAS connections of this machine as client, inside the engine.
 *
 *   records.c   the records: handles, store, strings
 *   sources.c   where they come from: the host's interfaces, the Remote Access enforcement
  *               client, the administrator's table; who hears of changes
 *   requests.c  what DLLs and napctl ask
 *
 * A handle is issued once and never again, in the order of ascending numbers; the last one is in
 * the store before anybody has it. A connection that is still there when the agent comes back
 * keeps its handle: its record is in the store too.
 */
#ifndef WINE_NAP_ENGINE_RAS_RAS_H
#define WINE_NAP_ENGINE_RAS_RAS_H

#include "libs/engine/internal.h"

#define RAS_FIRST_HANDLE 0x10001u
#define RAS_LAST_HANDLE 0x7fffffffu
#define RAS_TABLE_MAX NAPIPC_RAS_MAX_ENTRIES
#define RAS_POLL_INTERVAL 1000 /* ms between two looks at the host's interfaces */
#define RAS_RESTORE_TIME 60000 /* ms that an enforcement client has to come back */
#define RAS_REMOTE_ACCESS_CLIENT 79618

#define RAS_MAX_ENTRY_NAME NAPIPC_RAS_MAX_ENTRY_NAME
#define RAS_MAX_DEVICE_TYPE NAPIPC_RAS_MAX_DEVICE_TYPE
#define RAS_MAX_DEVICE_NAME NAPIPC_RAS_MAX_DEVICE_NAME
#define RAS_MAX_PHONE_NUMBER NAPIPC_RAS_MAX_PHONE_NUMBER
#define RAS_MAX_PHONEBOOK NAPIPC_RAS_MAX_PHONEBOOK
#define RAS_MAX_USER NAPIPC_RAS_MAX_USER
#define RAS_MAX_INTERFACE NAPIPC_RAS_MAX_INTERFACE

#define RASCF_ALL_USERS 1u /* RASCF_AllUsers */

struct ras
{
    struct ras *next;
    struct engine_ras_record record; /* strings point into `text` */
    bool active;
    bool seen;     /* in the look that is under way */
    bool attached; /* the host had its interface at the last look */
    uint8_t text[];
};

/* ---- records.c ---- */

struct ras *ras_find(struct engine *engine, uint32_t handle);
/* Was this handle issued, ever? */
bool ras_was_issued(const struct engine *engine, uint32_t handle);
/* The record that has this ConnectionId; NULL for GUID_NULL. */
struct ras *ras_find_id(struct engine *engine, const struct napipc_guid *id);
bool ras_guid_is_null(const struct napipc_guid *guid);
/* Are they the same entry of the same phone book? */
bool ras_same_entry(const struct napipc_ras_connection *one,
    const struct napipc_ras_connection *other);
/* Makes a record with a handle of its own (record->connection.handle 0) or the given one, and
 * stores it. The result is an HRESULT; *ras is set on success. */
uint32_t ras_create(struct engine *engine, const struct engine_ras_record *record,
    struct ras **ras);
/* Gives an existing record other contents under its old handle, and stores it. The old `ras` is
 * gone on success. */
uint32_t ras_replace(struct engine *engine, struct ras **ras,
    const struct engine_ras_record *record);
/* Takes it out of the list, not out of the store. */
void ras_forget(struct engine *engine, struct ras *ras);
void ras_destroy_all(struct engine *engine);

/* An ASCII or UTF-8 text as UTF-16LE, into a buffer of the caller's. */
struct napipc_string ras_text(uint8_t *units, size_t capacity, const char *utf8);
bool ras_strings_equal(struct napipc_string one, struct napipc_string other);
/* Does the UTF-16LE name say the same as this UTF-8 one? */
bool ras_name_is(struct napipc_string name, const char *utf8);

/* ---- sources.c ---- */

/* Looks at the enforcement client's connections; costs nothing. */
void ras_look_at_clients(struct engine *engine);
/* The host's interface that it is about, NULL: the host has none. Until the next look. */
const struct engine_interface *ras_interface(const struct engine *engine, const struct ras *ras);
/* Looks at those and at the host's interfaces. */
void ras_look(struct engine *engine);
/* A NAP connection may have come or gone. */
void ras_connections_changed(struct engine *engine);
/* Notes whether it is up, and tells the watchers of a change. */
void ras_set_active(struct engine *engine, struct ras *ras, bool active);
/* Takes it out of store and list; the watchers hear of it. The result is an HRESULT; on failure
 * nothing has changed. */
uint32_t ras_end(struct engine *engine, struct ras *ras);
void ras_unwatch(struct engine *engine, struct engine_session *session);
void ras_run_timers(struct engine *engine, uint64_t now);
/* Does this name match one of the administrator's patterns? */
bool ras_matches_pattern(const struct engine *engine, const char *name);

#endif
