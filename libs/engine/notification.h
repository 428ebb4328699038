/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Notifications: what clients that watch are told without having asked again.
 */
#ifndef WINE_NAP_ENGINE_NOTIFICATION_H
#define WINE_NAP_ENGINE_NOTIFICATION_H

#include "libs/engine/model.h"

struct notification_kind
{
    uint32_t what; /* one of NOTIFY_* */
    uint16_t type; /* of the message */
    /* Writes the message. NULL: it has no more than its type. */
    void (*describe)(
            struct engine *engine, struct engine_session *session, struct napipc_message *message);
};

/* From now on the session is notified of that kind, of which there is one for each NOTIFY_*. */
void notification_watch(struct engine *engine, struct engine_session *session,
        const struct notification_kind *kind);
/* Does nothing if it does not watch. */
void notification_unwatch(struct engine *engine, struct engine_session *session, uint32_t what);
/* Notifies all who watch it, some of them when the timers run next. */
void notification_raise(struct engine *engine, uint32_t what);
/* Notifies this one, at the next notification_send(). */
void notification_add(struct engine *engine, struct engine_session *session, uint32_t what);
/* The session has asked: what was not sent yet is not sent any more. */
void notification_drop(struct engine *engine, struct engine_session *session, uint32_t what);
/* An event begins: so many may be notified at it and no more. */
void notification_begin(struct engine *engine);
void notification_send(struct engine *engine);

#endif
