/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * watch: the state and each change of it.
 *
 *   watch.c         the command: the agent's notifications, its start and its end
 *   watch_items.c   the state at one instant, as items that can be compared
 *   watch_lines.c   a line for each change, in words or as JSON
 *   watch_screen.c  the whole state, redrawn in a terminal
 */
#ifndef WINE_NAP_NAPCTL_WATCH_H
#define WINE_NAP_NAPCTL_WATCH_H

#include "programs/napctl/napctl.h"

enum item_kind
{
    ITEM_AGENT,
    ITEM_CLIENT, /* the system's isolation state */
    ITEM_ENFORCEMENT_CLIENT,
    ITEM_HEALTH_AGENT,
    ITEM_CONNECTION
};

/* A part of the state that may change, as a message of the protocol with only this part. */
struct item
{
    enum item_kind kind;
    uint32_t number; /* of a component or connection */
    uint8_t *frame;
    size_t size; /* bytes */
};

/* By ascending kind and number. Zeroed: nothing is known. */
struct items
{
    struct item *items;
    size_t count, capacity;
    bool group_policy;
};

/* Requests the state from the agent; a failure leaves no items. */
HRESULT items_take(struct items *items, struct agent_session *session);
void items_clear(struct items *items);
/* Decodes the item's message, whose pointers point into the item. */
void item_read(const struct item *item, struct napipc_message *message);

enum change
{
    CHANGE_PRESENT, /* when watching begins */
    CHANGE_ADDED,
    CHANGE_CHANGED,
    CHANGE_REMOVED
};

/* Calls `report` for each item that has changed. */
void items_compare(const struct items *before, const struct items *now, bool first,
        void (*report)(void *context, enum change change, const struct item *item, bool policy),
        void *context);

/* ---- watch_lines.c ---- */

void line_write(bool json, enum change change, const struct item *item, bool policy);
/* Writes that the agent is not running. */
void line_write_absent(bool json, enum change change);

/* ---- watch_screen.c ---- */

struct screen;

/* NULL: standard output is not a terminal, or no memory. */
struct screen *screen_open(void);
/* `items` NULL: the agent is not running. True: there is a countdown, to be drawn every second. */
bool screen_draw(struct screen *screen, const struct items *items);
/* Leaves the last drawing on the terminal. */
void screen_close(struct screen *screen);

#endif
