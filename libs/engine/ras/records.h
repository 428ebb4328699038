/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * The records of RAS connections: those of this machine as a client.
 *
 * Handles ascend and are never reused: the last one is stored before anybody gets it. A connection
 * that still exists after a restart of the agent keeps its handle, because its record is in the
 * store too.
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

/* RASCONNSTATE */
#define RASCS_CONNECTED 0x2000u
#define RASCS_DISCONNECTED 0x2001u

struct ras
{
    struct ras *next;
    struct engine_ras_record record; /* strings point into `text` */
    bool active;
    bool seen;     /* in the current poll */
    bool attached; /* the host had its interface at the last poll */
    uint8_t text[];
};

struct ras *ras_find(struct engine *engine, uint32_t handle);
/* Was this handle ever issued? */
bool ras_was_issued(const struct engine *engine, uint32_t handle);
/* The result for a handle that is not of a connection now: was there one? */
uint32_t ras_no_connection(const struct engine *engine, uint32_t handle);
/* The record that has this ConnectionId; NULL for GUID_NULL. */
struct ras *ras_find_id(struct engine *engine, const struct napipc_guid *id);
bool ras_guid_is_null(const struct napipc_guid *guid);
/* Are they the same entry of the same phone book? */
bool ras_same_entry(
        const struct napipc_ras_connection *one, const struct napipc_ras_connection *other);
/* Does it have an entry's name, and is no string longer than ras.h allows? */
bool ras_lengths_are_sound(const struct napipc_ras_connection *connection);
/* A copy outside the list, which the caller frees with free(). NULL: allocation failure. */
struct ras *ras_copy(const struct engine_ras_record *record);
/* Issues a new handle, which is in the store before anybody gets it. Returns an HRESULT. */
uint32_t ras_issue(struct engine *engine, uint32_t *handle);
/* Makes a record and stores it. It keeps a handle that was issued for it; 0: it gets a new one.
 * Returns an HRESULT; *ras is set on success. */
uint32_t ras_create(
        struct engine *engine, const struct engine_ras_record *record, struct ras **ras);
/* Replaces a record, which keeps its handle, and stores it. Returns an HRESULT; on success *ras is
 * the new record and the old one is freed. */
uint32_t ras_replace(
        struct engine *engine, struct ras **ras, const struct engine_ras_record *record);
/* Takes it out of the list and frees it; the store does not change. */
void ras_forget(struct engine *engine, struct ras *ras);
void ras_destroy_all(struct engine *engine);

/* Converts a UTF-8 text to UTF-16LE in the caller's buffer. */
struct napipc_string ras_text(uint8_t *units, size_t capacity, const char *utf8);
bool ras_strings_equal(struct napipc_string one, struct napipc_string other);
/* Is the UTF-16LE name the same as this UTF-8 one? */
bool ras_name_is(struct napipc_string name, const char *utf8);

#endif
