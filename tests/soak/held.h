/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * An administrator's data in the agent: registrations, enabled flags, the tables of RAS and RRAS,
 * the name patterns. Each is an item with a state, a small number. Changes go over the live agent's
 * pipe; then the agent's data is read back and compared.
 */
#ifndef WINE_NAP_TESTS_SOAK_HELD_H
#define WINE_NAP_TESTS_SOAK_HELD_H

#include <stdbool.h>
#include <stdint.h>

#include "libs/napclient/napclient.h"

enum held_kind
{
    HELD_CLIENT,   /* an enforcement client: 0 absent, 1 disabled, 2 enabled */
    HELD_AGENT,    /* a health agent, the same */
    HELD_RRAS,     /* a connection of the RRAS table: 0 absent, else a version of its fields */
    HELD_RAS,      /* the same of the RAS table */
    HELD_PATTERNS, /* a version of the name patterns */
    HELD_SERVER    /* the remote access server: 0 off, 1 on */
};

#define HELD_ITEMS 32
#define HELD_DAMAGED (-1) /* there, but with unexpected contents */

struct held_item
{
    enum held_kind kind;
    uint32_t number; /* a component's id; the index in a table */
    bool fixed;      /* registered permanently: it is only enabled and disabled */
    bool still;      /* never changed */
    int state;       /* the last acknowledged state */
    int wanted;      /* differs while a change is pending, or was when the agent ended */
    int found;       /* held_read() */
};

struct held
{
    struct held_item items[HELD_ITEMS];
    unsigned int count;
};

void held_add(struct held *held, enum held_kind kind, uint32_t number, bool fixed, bool still);
/* Reads the agent's data into `found` of each item. */
HRESULT held_read(struct held *held, struct agent_session *session);
/* Changes the item to `wanted`; on success `state` follows. */
HRESULT held_change(struct held_item *item, struct agent_session *session);
/* A random next state of the item. */
int held_choose(const struct held_item *item, uint64_t *seed);
/* "enforcement client 11256577", for messages */
const char *held_name(const struct held_item *item);

#endif
