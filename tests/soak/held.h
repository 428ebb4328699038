/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * What an administrator had the agent keep: registrations, enabled flags, the
 * tables of RAS and RRAS, the name patterns. Each is an item with a state, a
 * small number; changes go over the live agent's pipe, and what the agent has
 * is read back and compared.
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
#define HELD_DAMAGED (-1) /* there, but not as anybody has made it */

struct held_item
{
    enum held_kind kind;
    uint32_t number; /* a component's id; which one of a table */
    bool fixed;      /* registered for good: it is only enabled and disabled */
    bool still;      /* never changed */
    int state;       /* what the agent acknowledged last */
    int wanted;      /* differs while a change is under way, or was when the agent went */
    int found;       /* held_read() */
};

struct held
{
    struct held_item items[HELD_ITEMS];
    unsigned int count;
};

void held_add(struct held *held, enum held_kind kind, uint32_t number, bool fixed, bool still);
/* Reads what the agent has into `found` of each item. */
HRESULT held_read(struct held *held, struct agent_session *session);
/* Makes the item what `wanted` says; on success `state` follows. */
HRESULT held_change(struct held_item *item, struct agent_session *session);
/* Another state that the item may have next, by chance. */
int held_choose(const struct held_item *item, uint64_t *seed);
/* "enforcement client 11256577", for people */
const char *held_name(const struct held_item *item);

#endif
