/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * The slots of a health agent: how many of its callbacks may be unanswered.
 *
 * A callback that finds no free slot waits in a queue. Each process that causes callbacks has a
 * queue of its own at each health agent, so a process that asks without end delays only itself: a
 * free slot goes to the queue with the fewest unanswered callbacks, in turn among equals, and a
 * process that asks for more than there is gets a smaller share while others ask. No callback is
 * skipped because of other processes.
 */
#include "libs/engine/slots.h"

#include <stdlib.h>

#include "libs/engine/callback.h"
#include "libs/engine/session.h"

#define SLOTS 32 /* each may cost the health agent's process a thread */
/* The share of one process: enough for its 20 connections at once, with some left for the next
 * process. */
#define SLOTS_PER_PROCESS 20
/* The share of a process that asks for more than all slots, while others ask too. */
#define SLOTS_GREEDY 8
/* A connection may have three callbacks waiting: an orphaned request, the response to the next
 * request, and a new request. One process may have 20 enforcement clients with 20 connections each:
 * 1,200. Only a process that breaks the rules of the API can need more. */
#define WAITING_MAX 1280

uint32_t slots_process(struct engine *engine, const struct engine_session *session)
{
    uint32_t process = engine->host.process_id(engine->context, session->client);

    return process ? process : UINT32_MAX; /* unknown, but not the agent's own */
}

static struct callback_queue *queue_find(struct engine_session *session, uint32_t process)
{
    struct callback_queue *queue;

    for (queue = session->queues; queue; queue = queue->next)
        if (queue->process == process)
            break;
    return queue;
}

static void queue_append(struct engine_session *session, struct callback_queue *queue)
{
    struct callback_queue **end;

    for (end = &session->queues; *end; end = &(*end)->next)
        ;
    *end = queue;
    queue->next = NULL;
}

static void queue_remove(struct engine_session *session, struct callback_queue *queue)
{
    struct callback_queue **link;

    for (link = &session->queues; *link != queue; link = &(*link)->next)
        ;
    *link = queue->next;
}

/* Frees a queue that has no callbacks any more. */
static void queue_settle(struct engine_session *session, struct callback_queue *queue)
{
    if (queue->first || queue->unanswered)
        return;
    queue_remove(session, queue);
    free(queue);
}

/* Takes a waiting callback out of its queue. */
static void unlink_waiting(struct callback *callback)
{
    struct callback_queue *queue = callback->queue;

    *(callback->previous ? &callback->previous->next : &queue->first) = callback->next;
    *(callback->next ? &callback->next->previous : &queue->last) = callback->previous;
    callback->next = callback->previous = NULL;
    queue->waiting--;
}

bool slots_full(const struct engine_session *session)
{
    return session->unanswered >= SLOTS;
}

struct callback *slots_ask(struct engine *engine, struct engine_session *session,
        const struct callback_kind *kind, uint32_t process)
{
    struct callback_queue *queue = queue_find(session, process);
    struct callback *callback;

    /* The agent's own callbacks are few, and none of them may be lost. */
    if (process
            && ((queue && queue->waiting >= WAITING_MAX)
                    || (session->hangs && slots_full(session))))
    {
        if (!session->skipped)
            engine_log(engine, ENGINE_WARN, session->component->info.id, "callback-skipped",
                    "%s is not called for process %u: too many callbacks are unanswered",
                    kind->name, (unsigned int)process);
        session->skipped = true;
        return NULL;
    }
    callback = calloc(1, sizeof(*callback));
    if (callback && !queue && (queue = calloc(1, sizeof(*queue))))
    {
        queue->process = process;
        queue_append(session, queue);
    }
    if (!callback || !queue)
    {
        engine_log(engine, ENGINE_ERROR, session->component->info.id, "no-memory",
                "%s is not called: out of memory", kind->name);
        free(callback);
        return NULL;
    }
    callback->kind = kind;
    callback->session = session;
    callback->queue = queue;
    callback->previous = queue->last;
    *(queue->last ? &queue->last->next : &queue->first) = callback;
    queue->last = callback;
    queue->waiting++;
    return callback;
}

/* How many unanswered callbacks the process of this queue may have. */
static unsigned int queue_share(
        const struct engine_session *session, const struct callback_queue *queue)
{
    bool alone = session->queues == queue && !queue->next;

    return alone || queue->waiting + queue->unanswered <= SLOTS ? SLOTS_PER_PROCESS : SLOTS_GREEDY;
}

/* The queue that gets the next free slot, or NULL. */
static struct callback_queue *queue_next(struct engine_session *session)
{
    struct callback_queue *queue, *best = NULL;

    for (queue = session->queues; queue; queue = queue->next)
        if (queue->first && queue->unanswered < queue_share(session, queue)
                && (!best || queue->unanswered < best->unanswered))
            best = queue;
    return best;
}

void slots_run(struct engine *engine, struct engine_session *session)
{
    struct callback_queue *queue;
    struct callback *callback;

    while (!slots_full(session) && (queue = queue_next(session)))
    {
        callback = queue->first;
        unlink_waiting(callback);
        queue->unanswered++;
        session->unanswered++;
        /* Its next turn comes after the others'. */
        queue_remove(session, queue);
        queue_append(session, queue);
        callback_start(engine, session, callback);
    }
}

void slots_answered(struct engine_session *session, struct callback *callback)
{
    callback->queue->unanswered--;
    session->unanswered--;
    session->skipped = false;
    queue_settle(session, callback->queue);
    callback->queue = NULL;
}

void slots_withdraw(struct callback *callback)
{
    struct callback_queue *queue = callback->queue;

    unlink_waiting(callback);
    queue_settle(callback->session, queue);
    callback_free(callback);
}

bool slots_waiting(const struct engine_session *session, const struct callback_kind *kind)
{
    const struct callback_queue *queue;
    const struct callback *callback;

    for (queue = session->queues; queue; queue = queue->next)
        for (callback = queue->process ? NULL : queue->first; callback; callback = callback->next)
            if (callback->kind == kind)
                return true;
    return false;
}

struct callback *slots_take_waiting(struct engine_session *session, bool all)
{
    struct callback_queue *queue, *next_queue;
    struct callback *callback, *next, *taken = NULL, **end = &taken;

    for (queue = session->queues; queue; queue = next_queue)
    {
        next_queue = queue->next;
        for (callback = queue->first; callback; callback = next)
        {
            next = callback->next;
            if (!all && !callback->kind->waited_for)
                continue;
            unlink_waiting(callback);
            callback->queue = NULL;
            *end = callback;
            end = &callback->next;
        }
        queue_settle(session, queue);
    }
    return taken;
}

void slots_destroy(struct engine_session *session)
{
    struct callback_queue *queue;

    while ((queue = session->queues))
    {
        session->queues = queue->next;
        free(queue);
    }
}
