/*
 * News: what clients that watch are told without having asked again.
 */
#ifndef WINE_NAP_ENGINE_NEWS_H
#define WINE_NAP_ENGINE_NEWS_H

#include "libs/engine/model.h"

struct news_kind
{
    uint32_t what; /* one of NEWS_* */
    uint16_t type; /* of the message */
    /* Writes what the session is told. NULL: no more than the type. */
    void (*describe)(struct engine *engine, struct engine_session *session,
        struct napipc_message *message);
};

/* From now on the session is told of that kind, of which there is one for each NEWS_*. */
void news_watch(struct engine *engine, struct engine_session *session,
    const struct news_kind *kind);
/* No harm if it does not watch. */
void news_unwatch(struct engine *engine, struct engine_session *session, uint32_t what);
/* Tells all who watch it, some of them when the timers run next. */
void news_tell(struct engine *engine, uint32_t what);
/* Tells this one. It is not sent before news_send(). */
void news_add(struct engine *engine, struct engine_session *session, uint32_t what);
/* What is not yet told is told no more: the session has asked. */
void news_drop(struct engine *engine, struct engine_session *session, uint32_t what);
/* An event begins, at which so many may be told and no more. */
void news_begin(struct engine *engine);
void news_send(struct engine *engine);

#endif
