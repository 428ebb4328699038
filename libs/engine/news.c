/*
 * News: what clients that watch are told without having asked again.
 *
 * Anybody may watch, and as many as like; so who does not watch costs nothing here, and of those
 * who do NEWS_AT_ONCE are told at an event and the others when the timers run next: whoever asks
 * something meanwhile has a turn in between. What the message says is in the kind of the news.
 */
#include "libs/engine/news.h"

#include "libs/engine/session.h"

#define NEWS_AT_ONCE 32

/* The index of the one bit that is set. */
static unsigned int index_of(uint32_t what)
{
    unsigned int index = 0;

    while (!(what >> index & 1))
        index++;
    return index;
}

void news_watch(struct engine *engine, struct engine_session *session,
    const struct news_kind *kind)
{
    engine->news_kinds[index_of(kind->what)] = kind;
    if (!session->watches)
    {
        if ((session->next_watcher = engine->watchers))
            session->next_watcher->watcher_link = &session->next_watcher;
        session->watcher_link = &engine->watchers;
        engine->watchers = session;
    }
    session->watches |= kind->what;
}

void news_drop(struct engine *engine, struct engine_session *session, uint32_t what)
{
    uint32_t before = session->news;

    session->news &= ~what;
    if (!before || session->news)
        return;
    if (!(*session->news_link = session->next_news))
        engine->news_end = session->news_link;
    else
        session->next_news->news_link = session->news_link;
}

void news_unwatch(struct engine *engine, struct engine_session *session, uint32_t what)
{
    news_drop(engine, session, what);
    if (session->watches && !(session->watches & ~what)
            && (*session->watcher_link = session->next_watcher))
        session->next_watcher->watcher_link = session->watcher_link;
    session->watches &= ~what;
}

static void tell(struct engine *engine, struct engine_session *session, uint32_t what)
{
    const struct news_kind *kind = engine->news_kinds[index_of(what)];
    struct napipc_message news = {.type = kind->type, .call = 1};

    if (kind->describe)
        kind->describe(engine, session, &news);
    session_send(engine, session, &news);
}

void news_begin(struct engine *engine)
{
    engine->news_left = NEWS_AT_ONCE;
}

void news_send(struct engine *engine)
{
    struct engine_session *session;

    while (engine->news_left && (session = engine->news))
    {
        uint32_t what = session->news & -session->news;

        engine->news_left--;
        news_drop(engine, session, what);
        tell(engine, session, what);
    }
}

void news_add(struct engine *engine, struct engine_session *session, uint32_t what)
{
    if (!session->news)
    {
        session->next_news = NULL;
        session->news_link = engine->news_end;
        *engine->news_end = session;
        engine->news_end = &session->next_news;
    }
    session->news |= what;
}

void news_tell(struct engine *engine, uint32_t what)
{
    struct engine_session *session;

    for (session = engine->watchers; session; session = session->next_watcher)
        if (session->watches & what)
            news_add(engine, session, what);
    news_send(engine);
}
