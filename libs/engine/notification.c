/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Notifications: messages that clients which watch get without asking again.
 *
 * Clients that do not watch cost nothing here. At one event AT_ONCE notifications are sent; the
 * others follow when the timers run next, so that requests of other clients have their turn in
 * between. The kind of the notification writes the message.
 */
#include "libs/engine/notification.h"

#include "libs/engine/session.h"

#define AT_ONCE 32

/* The index of the one bit that is set. */
static unsigned int index_of(uint32_t what)
{
    unsigned int index = 0;

    while (!(what >> index & 1))
        index++;
    return index;
}

void notification_watch(
        struct engine *engine, struct engine_session *session, const struct notification_kind *kind)
{
    engine->notification_kinds[index_of(kind->what)] = kind;
    if (!session->watches)
    {
        if ((session->next_watcher = engine->watchers))
            session->next_watcher->watcher_link = &session->next_watcher;
        session->watcher_link = &engine->watchers;
        engine->watchers = session;
    }
    session->watches |= kind->what;
}

void notification_drop(struct engine *engine, struct engine_session *session, uint32_t what)
{
    uint32_t before = session->notifications;

    session->notifications &= ~what;
    if (!before || session->notifications)
        return;
    if (!(*session->to_notify_link = session->next_to_notify))
        engine->to_notify_end = session->to_notify_link;
    else
        session->next_to_notify->to_notify_link = session->to_notify_link;
}

void notification_unwatch(struct engine *engine, struct engine_session *session, uint32_t what)
{
    notification_drop(engine, session, what);
    if (session->watches && !(session->watches & ~what)
            && (*session->watcher_link = session->next_watcher))
        session->next_watcher->watcher_link = session->watcher_link;
    session->watches &= ~what;
}

static void notify(struct engine *engine, struct engine_session *session, uint32_t what)
{
    const struct notification_kind *kind = engine->notification_kinds[index_of(what)];
    struct napipc_message message = {.type = kind->type, .call = 1};

    if (kind->describe)
        kind->describe(engine, session, &message);
    session_send(engine, session, &message);
}

void notification_begin(struct engine *engine)
{
    engine->notifications_left = AT_ONCE;
}

void notification_send(struct engine *engine)
{
    struct engine_session *session;

    while (engine->notifications_left && (session = engine->to_notify))
    {
        uint32_t what = session->notifications & -session->notifications;

        engine->notifications_left--;
        notification_drop(engine, session, what);
        notify(engine, session, what);
    }
}

void notification_add(struct engine *engine, struct engine_session *session, uint32_t what)
{
    if (!session->notifications)
    {
        session->next_to_notify = NULL;
        session->to_notify_link = engine->to_notify_end;
        *engine->to_notify_end = session;
        engine->to_notify_end = &session->next_to_notify;
    }
    session->notifications |= what;
}

void notification_raise(struct engine *engine, uint32_t what)
{
    struct engine_session *session;

    for (session = engine->watchers; session; session = session->next_watcher)
        if (session->watches & what)
            notification_add(engine, session, what);
}
