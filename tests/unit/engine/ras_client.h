/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * A client of the agent under test with requests for RAS connections. Any failure that no test
 * expects fails the test.
 */
#ifndef WINE_NAP_TESTS_ENGINE_RAS_CLIENT_H
#define WINE_NAP_TESTS_ENGINE_RAS_CLIENT_H

#include "tests/unit/engine/agent.h"

#define INVALID_HANDLE UINT32_C(0x80070006)
#define ALREADY_EXISTS UINT32_C(0x800700B7)
#define NOT_FOUND UINT32_C(0x80070490)
#define LUIDS_EXHAUSTED UINT32_C(0x80070536)
#define NOT_ENOUGH_QUOTA UINT32_C(0x80070718)
#define NO_CONNECTION UINT32_C(0x8007029C)
#define HANGUP_FAILED UINT32_C(0x800702F1)
#define NOT_NAP_CAPABLE UINT32_C(0x80070344)

#define REMOTE_ACCESS 79618

/* The first connections after that handle. */
struct napipc_ras_list_reply ras_listed(struct client *client, uint32_t after);
/* A request with only a handle; returns the status. */
uint32_t ras_ask(
        struct client *client, uint16_t type, uint32_t handle, struct napipc_message *reply);
uint32_t ras_get(struct client *client, uint32_t handle, struct napipc_ras_get_reply *got);
uint32_t ras_nap_state(struct client *client, uint32_t handle, uint32_t *state);
/* A RAS_ADD to be changed and sent; its ConnectionId is made from `id`, GUID_NULL if that is 0. */
struct napipc_message ras_addition(const char *entry, const char *interface, uint8_t id);
uint32_t ras_add(struct client *client, const char *entry, const char *interface, uint8_t id,
        uint32_t *handle);
uint32_t ras_set_patterns(struct client *client, const char *patterns);

#endif
