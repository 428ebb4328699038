/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Health agents and the enforcement client that requests their SoHs, for one connection object.
 */
#ifndef WINE_NAP_TESTS_ENGINE_HEALTH_CLIENT_H
#define WINE_NAP_TESTS_ENGINE_HEALTH_CLIENT_H

#include "tests/unit/engine/agent.h"

#define NAP_E_NO_CACHED_SOH UINT32_C(0x80270004)
#define CLIENT_COMPONENT 2
#define CLIENT_COMMUNICATION 3
/* FixupState */
#define FIXUP_SUCCESS 0
#define FIXUP_IN_PROGRESS 1

#define QEC 1
#define SHA 0x1234
#define OTHER_SHA 0x2345

/* An SoH of this agent: its id, and one result code. */
struct soh
{
    uint8_t bytes[16];
};

extern struct object object;
extern uint64_t object_name; /* its client's name for the object */
extern struct soh_packet packet;

struct soh make_soh(uint32_t id, uint8_t code);
struct client *agent_registered(uint32_t id);
uint32_t agent_bind(struct client *client, uint32_t id);
struct client *agent_bound(uint32_t id);
void send_get_soh(struct client *client);
/* Takes the answer to GetSoHRequest into `object` and parses the SSoH into `packet`. */
uint32_t take_soh(struct client *client);
/* Answers the GetSoHRequest that must be the next frame, except orphan notifications; soh may be
 * NULL. */
void answer_get_soh(
        struct client *client, uint32_t status, const struct soh *soh, bool cache, bool same);
/* Checks that the SSoH's entry is the one that the agent set. */
void assert_entry(uint32_t id, const struct soh *soh);
/* Checks that the NAP agent made the SSoH's entry, with this code. */
void assert_made(uint32_t id, uint8_t category, uint32_t code);
/* A whole GetSoHRequest with one agent that gives this answer. */
void exchange(struct client *client, struct client *agent_client, uint32_t status,
        const struct soh *soh, bool cache, bool same);
/* Gives the enforcement client a response with this part for SHA; returns the status. */
uint32_t respond(struct client *client, uint8_t category, uint32_t code);
/* Answers ProcessSoHResponse or GetFixupInfo, whichever is next, except isolation notifications. */
void report_fixup(struct client *client, uint32_t state, uint8_t percentage);
struct napipc_health health_of(struct client *client);

#endif
