/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Notifications: messages that clients which watch get without asking again.
 */
#ifndef WINE_NAP_ENGINE_NOTIFICATION_H
#define WINE_NAP_ENGINE_NOTIFICATION_H

#include "libs/engine/model.h"

struct notification_kind
{
    uint32_t what; /* one of NOTIFY_* */
    uint16_t type; /* of the message */
    /* Writes the fields of the message. NULL: it has none. */
    void (*describe)(
            struct engine *engine, struct engine_session *session, struct napipc_message *message);
};

/* From now on the session gets notifications of this kind. There is one kind for each NOTIFY_*. */
void notification_watch(struct engine *engine, struct engine_session *session,
        const struct notification_kind *kind);
/* Does nothing if the session does not watch it. */
void notification_unwatch(struct engine *engine, struct engine_session *session, uint32_t what);
/* Notifies all sessions that watch it, at the next notification_send(). */
void notification_raise(struct engine *engine, uint32_t what);
/* Notifies this session at the next notification_send(). */
void notification_add(struct engine *engine, struct engine_session *session, uint32_t what);
/* The session has asked: a notification that was not sent yet is dropped. */
void notification_drop(struct engine *engine, struct engine_session *session, uint32_t what);
/* An event begins: resets the number of notifications that may be sent at it. */
void notification_begin(struct engine *engine);
/* Sends what was added, some of it only when the timers run next. For the end of an event, when the
 * requesting session has its reply. */
void notification_send(struct engine *engine);

#endif
