/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * The records of RAS connections: this machine's as client.
 *
 * A handle is issued once and never again, in the order of ascending numbers; the last one is in
 * the store before anybody has it. A connection that is still there when the agent comes back
 * keeps its handle: its record is in the store too.
 */
#ifndef WINE_NAP_ENGINE_RAS_RECORDS_H
#define WINE_NAP_ENGINE_RAS_RECORDS_H

#include "libs/engine/model.h"

#define RAS_FIRST_HANDLE 0x10001u
#define RAS_LAST_HANDLE 0x7fffffffu
#define RAS_TABLE_MAX NAPIPC_RAS_MAX_ENTRIES

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

struct ras *ras_find(struct engine *engine, uint32_t handle);
/* Was this handle issued, ever? */
bool ras_was_issued(const struct engine *engine, uint32_t handle);
/* The record that has this ConnectionId; NULL for GUID_NULL. */
struct ras *ras_find_id(struct engine *engine, const struct napipc_guid *id);
bool ras_guid_is_null(const struct napipc_guid *guid);
/* Are they the same entry of the same phone book? */
bool ras_same_entry(
        const struct napipc_ras_connection *one, const struct napipc_ras_connection *other);
/* Makes a record with a handle of its own (record->connection.handle 0) or the given one, and
 * stores it. The result is an HRESULT; *ras is set on success. */
uint32_t ras_create(
        struct engine *engine, const struct engine_ras_record *record, struct ras **ras);
/* Gives an existing record other contents under its old handle, and stores it. The old `ras` is
 * gone on success. */
uint32_t ras_replace(
        struct engine *engine, struct ras **ras, const struct engine_ras_record *record);
/* Takes it out of the list, not out of the store. */
void ras_forget(struct engine *engine, struct ras *ras);
void ras_destroy_all(struct engine *engine);

/* An ASCII or UTF-8 text as UTF-16LE, into a buffer of the caller's. */
struct napipc_string ras_text(uint8_t *units, size_t capacity, const char *utf8);
bool ras_strings_equal(struct napipc_string one, struct napipc_string other);
/* Does the UTF-16LE name say the same as this UTF-8 one? */
bool ras_name_is(struct napipc_string name, const char *utf8);

#endif
