/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * A client of the agent under test that administers the remote access server.
 */
#ifndef WINE_NAP_TESTS_ENGINE_RRAS_CLIENT_H
#define WINE_NAP_TESTS_ENGINE_RRAS_CLIENT_H

#include "tests/unit/engine/agent.h"

#define E_NOT_SUPPORTED UINT32_C(0x80070032)   /* HRESULT_FROM_WIN32(ERROR_NOT_SUPPORTED) */
#define E_GEN_FAILURE UINT32_C(0x8007001F)     /* ERROR_GEN_FAILURE */
#define E_ALREADY_EXISTS UINT32_C(0x800700B7)  /* ERROR_ALREADY_EXISTS */
#define E_HANGUP_FAILED UINT32_C(0x800702F1)   /* ERROR_HANGUP_FAILED */
#define E_DDM_NOT_RUNNING UINT32_C(0x80070387) /* ERROR_DDM_NOT_RUNNING */
#define E_NOT_CONNECTED UINT32_C(0x8007038A)   /* ERROR_INTERFACE_NOT_CONNECTED */
#define E_NOT_FOUND UINT32_C(0x80070490)       /* ERROR_NOT_FOUND */
#define E_TIMEOUT_ UINT32_C(0x800705B4)        /* ERROR_TIMEOUT */

/* Connects a client, and turns the server on. */
struct client *rras_administrator(void);
uint32_t rras_set_server(struct client *client, bool enabled);
/* An RRAS_ADD to be changed and sent. */
struct napipc_message rras_addition(const char *user, const char *interface);
/* Adds it, which must succeed; returns the id. */
uint32_t rras_add(struct client *client, const char *user, const char *interface);
/* A request that selects one connection by its id; rras_ask() returns the status. */
struct napipc_message rras_selection(uint16_t type, uint32_t id);
/* An RRAS_UPDATE of that connection, with the record to be filled. */
struct napipc_message rras_change(uint32_t id, uint32_t fields);
uint32_t rras_ask(struct client *client, uint16_t type, uint32_t id);
uint32_t rras_set_quarantine(struct client *client, uint32_t id, uint8_t quarantine);
/* Gets one page; the entries' strings live until the agent stops. Returns the number of entries. */
uint32_t rras_page(struct client *client, uint32_t after, uint32_t limit, uint32_t *remaining,
        struct napipc_rras_entry *entries);
struct napipc_rras_entry rras_entry(struct client *client, uint32_t id);
/* A watch, and whether it has been notified since. */
struct client *rras_watcher(void);
bool rras_notified(struct client *client);
/* Sends a request whose answer comes later; takes the answer. */
void rras_begin(struct client *client, uint16_t type, uint32_t id);
uint32_t rras_answered(struct client *client);

#endif
