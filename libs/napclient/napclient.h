/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * The way to the agent: find it, start it, make sure that it is the agent,
 * talk to it, and find it again when it has gone.
 *
 *   agent_process_call()   one question, over a session that the process keeps
 *   struct agent_session   one connection, one question at a time
 *   struct agent_watch     notifications, and the coming and going of the agent
 *   struct agent_link      a bound component: calls from any thread, callbacks
 *                          from the agent, binding again by itself
 *
 * What the agent sends is decoded here, all of it. A frame that does not decode
 * is believed by nobody and ends the connection that it came over.
 *
 * Results are HRESULTs. RPC_E_DISCONNECTED: the agent is not there, or went
 * while it was asked. HRESULT_FROM_WIN32(ERROR_SERVICE_DOES_NOT_EXIST,
 * ERROR_SERVICE_DISABLED, ...): it was to be started and could not be.
 * HRESULT_FROM_WIN32(ERROR_REVISION_MISMATCH): DLL and agent are not of one
 * release. Each of these says in the log what to do.
 */
#ifndef WINE_NAP_NAPCLIENT_H
#define WINE_NAP_NAPCLIENT_H

#include <stdbool.h>
#include <windows.h>

#include "libs/napipc/napipc.h"

#define AGENT_PIPE_NAME L"\\\\.\\pipe\\napagent"
#define AGENT_SERVICE_NAME L"napagent"
#define AGENT_SERVICE_KEY L"System\\CurrentControlSet\\Services\\napagent"
#define AGENT_PARAMETERS_KEY AGENT_SERVICE_KEY L"\\Parameters"
/* Values below the Parameters key that DLLs read: */
#define AGENT_VALUE_STOPPED L"Stopped"        /* DWORD 1: stopped in order, stays stopped */
#define AGENT_VALUE_CONSOLE L"ConsoleProcess" /* DWORD: pid of `napagent --console` */

/* Below AGENT_SERVICE_KEY\\Rras: DWORD 1: the remote access server is on. */
#define AGENT_VALUE_RRAS L"Enabled"

/* A frame as received; `data` is the owner's to agent_frame_clear(). */
struct agent_frame
{
    uint8_t *data;
    size_t size; /* bytes */
    size_t capacity;
};

/* Frees the bytes; takes a zeroed frame. */
void agent_frame_clear(struct agent_frame *frame);

/* ---- service.c: the service behind the pipe ---- */

/* Starts the service; S_OK if it runs already. */
HRESULT agent_start_service(void);
/* The process of the running service, or 0. The SCM's word counts only if that process lives. */
DWORD agent_service_process(void);
/* A DWORD below the Parameters key, or `otherwise`. */
DWORD agent_parameter(const WCHAR *name, DWORD otherwise);

/* For agent_process_call() and subscriptions: is a missing agent to be started? */
bool agent_start_always(void);
/* True, unless it was stopped in order: then it stays stopped. */
bool agent_start_unless_stopped(void);

/* The file that the service logs to, in `file` (MAX_PATH characters). False: the one that is set
 * has more than AGENT_LOG_FILE_MAX characters, so that no number fits behind it, and does not
 * count. */
#define AGENT_LOG_FILE_MAX (MAX_PATH - 3)
bool agent_log_file(WCHAR *file);

/* ---- pipe.c: one overlapped handle ---- */

/*
 * Opens the agent's pipe and checks who serves it. With `start` a missing
 * agent is started and waited for. *pipe is the caller's to CloseHandle().
 * `cancel`, an event or NULL, ends the waiting with E_ABORT.
 */
HRESULT agent_pipe_open(bool start, HANDLE cancel, HANDLE *pipe);
/* Sends one message. `event` is a manual-reset event of the caller's. */
HRESULT agent_pipe_send(HANDLE pipe, HANDLE event, const struct napipc_message *message);
/* Receives one frame within `timeout` ms. `cancel`: as above. */
HRESULT agent_pipe_receive(
        HANDLE pipe, HANDLE event, HANDLE cancel, DWORD timeout, struct agent_frame *frame);

/*
 * Sends a message and receives the next frame. The answer finds a read that waits for it, which
 * saves a way to the server. Not for a pipe on which anything else may come.
 */
HRESULT agent_pipe_exchange(HANDLE pipe, HANDLE sent, HANDLE received,
        const struct napipc_message *message, DWORD timeout, struct agent_frame *frame);

/* ---- session.c ---- */

struct agent_session
{
    HANDLE pipe;
    HANDLE event;
    HANDLE sent;   /* event */
    HANDLE cancel; /* event that ends waiting, or NULL */
    DWORD timeout; /* ms for an answer */
    uint32_t call;
    bool watching; /* notifications come */
    bool notified; /* one came before an answer, and was passed over */
};

/* An answer: `message` with its views into `frame`. */
struct agent_reply
{
    struct napipc_message message;
    struct agent_frame frame;
};

/* Frees what the views point into; takes a zeroed reply. */
void agent_reply_clear(struct agent_reply *reply);

HRESULT agent_session_open(struct agent_session *session, bool start);
void agent_session_close(struct agent_session *session);
/*
 * Asks and waits for the answer. `request->type` and its body are the
 * caller's, the rest is filled in. The result is the answer's status; the
 * reply is set, and to be cleared, only on success. `reply` may be NULL.
 */
HRESULT agent_session_call(
        struct agent_session *session, struct napipc_message *request, struct agent_reply *reply);

/* ---- process.c ---- */

/*
 * Asks over the session of the process, one question at a time; else as
 * agent_session_call(). It is opened at the first question and kept. `start` is
 * asked whether to start a missing agent; NULL: never. A question is asked a second
 * time if the session had been kept and turned out to be broken, never otherwise.
 * *asked, unless `asked` is NULL: false if the failure is that no agent could be reached.
 */
HRESULT agent_process_call(bool (*start)(void), struct napipc_message *request,
        struct agent_reply *reply, bool *asked);
/* Closes the session, when nobody can ask any more. */
void agent_process_close(void);

/* ---- backoff.c ----
 *
 * Backoff: the one policy of all that connect again.
 *
 * - Pauses between tries are 100, 200, 400, 800 and then always 1000 ms. An agent
 *   that starts is found within a second.
 * - After ERROR_REVISION_MISMATCH the pause is 30 s: only another installation
 *   mends that.
 * - A connection that lasted a second starts the pauses anew. One that broke
 *   sooner does not: an agent that cannot live, or sends what is no frame, is not
 *   tried any faster for having let us in.
 * - The first try after a break waits 100 ms. A bound component's does not,
 *   because bound components start an agent that was killed.
 */

/* Begins zeroed. */
struct agent_backoff
{
    DWORD pause;         /* ms, the next one */
    ULONGLONG connected; /* GetTickCount64() of the last connection, 0: there was none */
};

/* Waits before the next try after `failure`. False: the event `stop` is set. */
bool agent_backoff_wait(struct agent_backoff *backoff, HRESULT failure, HANDLE stop);
/* A try has succeeded. */
void agent_backoff_connected(struct agent_backoff *backoff);
/* The connection broke. True: it had lasted. */
bool agent_backoff_lost(struct agent_backoff *backoff);

/* ---- link.c ---- */

struct agent_link;

/* A callback of the agent's. */
struct agent_callback
{
    struct napipc_message message; /* its views point into `frame` */
    struct agent_frame frame;
    uint32_t connection; /* the link's: an answer goes where the question came from, or nowhere */
};

struct agent_link_events
{
    /*
     * The agent calls back. The frame is the callee's to agent_frame_clear(), now
     * or when it has answered with agent_link_answer(); a copy of the callback
     * lives as long. Runs on the link's reader thread and must not block or call
     * client code.
     */
    void (*callback)(void *context, const struct agent_callback *callback);
};

/*
 * Waits until `event` is set or `timeout` ms have passed, as the calling
 * thread's apartment wants it. Given only where waiting must pump messages.
 */
typedef void (*agent_wait_function)(HANDLE event, DWORD timeout);

/*
 * Connects and binds; the result is that of the binding. On success *link is
 * to be closed by agent_link_close(). `start`: a missing agent is started.
 * Without it a missing agent is RPC_E_DISCONNECTED, and yet *link is set, and to
 * be closed: it binds when the agent is there.
 */
HRESULT agent_link_open(uint32_t kind, uint32_t id, bool start,
        const struct agent_link_events *events, void *context, struct agent_link **link);
/*
 * Unbinds, waits until no event function runs, and gives up the reference that
 * agent_link_open() gave. Calls under way end with RPC_E_DISCONNECTED. The
 * result is the agent's word on the unbinding; the link is closed whatever it
 * says. Takes NULL.
 */
HRESULT agent_link_close(struct agent_link *link);
/* One more reference: keeps the memory, not the binding. */
void agent_link_acquire(struct agent_link *link);
void agent_link_release(struct agent_link *link);
/* Is the agent there and are we bound? True only until it is not. */
bool agent_link_is_bound(struct agent_link *link);
/* Asks and waits; see agent_session_call(). Any thread; `wait` may be NULL. */
HRESULT agent_link_call(struct agent_link *link, struct napipc_message *request,
        struct agent_reply *reply, agent_wait_function wait);
/* Answers a callback; `message` has status and body. RPC_E_DISCONNECTED: whoever asked has gone,
 * also if the agent is there again. */
HRESULT agent_link_answer(struct agent_link *link, const struct agent_callback *callback,
        struct napipc_message *message);

/* ---- watch.c: notifications ---- */

struct agent_watch;

/*
 * What to watch, and what to do. The functions run on the watch's thread and must not close
 * the watch; they may abandon it. A failure of those that return an HRESULT gives the connection
 * up, to be made again. They may ask on the session; a notification that comes before the answer
 * is passed over, and sets `session->notified`.
 */
struct agent_subscription
{
    uint16_t request;      /* NAPIPC_..WATCH.. */
    uint16_t notification; /* what then comes; anything else is passed over */
    bool (*start)(void);   /* is a missing agent to be started? NULL: never */
    bool required;         /* agent_watch_open() fails if the agent is not there */
    /* The agent is there, and what happens from now on is notified. `first`: on the thread of
     * agent_watch_open(), before that returns. May be NULL. */
    HRESULT (*connected)(void *context, struct agent_session *session, bool first);
    HRESULT(*notified)
    (void *context, struct agent_session *session, const struct napipc_message *message);
    /* The connection broke, or (`connected` false) a try to connect failed. May be NULL. */
    void (*lost)(void *context, HRESULT why, bool connected);
    /* Before each waiting: ms until it is to be called again. NULL: INFINITE. */
    DWORD (*wait)(void *context);
};

/*
 * Watches on a thread of its own, until agent_watch_close() or agent_watch_abandon(), one of
 * which the caller must call. The thread keeps the calling DLL loaded. The watch begins before this
 * returns; an agent that goes and comes back is watched again.
 */
HRESULT agent_watch_open(
        const struct agent_subscription *subscription, void *context, struct agent_watch **watch);
/* No function runs, nor is called any more, when this returns. Takes NULL. */
void agent_watch_close(struct agent_watch *watch);
/* Does not wait: a function may run still, and once more. Takes NULL. */
void agent_watch_abandon(struct agent_watch *watch);
/* Watches on the calling thread until the event `stop` is set. */
void agent_watch_run(const struct agent_subscription *subscription, void *context, HANDLE stop);

/*
 * The one watch of a DLL, open as long as programs wait for events. Its owner has a lock and holds
 * it in each call. The functions of the subscription get a context that tells their watch from one
 * that was abandoned, which may call once more and is not to be believed.
 */
struct agent_single_watch
{
    const struct agent_subscription *subscription;
    struct agent_watch *watch; /* NULL: nobody waits */
    UINT_PTR generation;
};

/* S_OK too if it is open. */
HRESULT agent_single_watch_open(struct agent_single_watch *single);
/* Abandons it. Nothing if it is not open. */
void agent_single_watch_abandon(struct agent_single_watch *single);
/* Is this the context of the watch that is open? */
bool agent_single_watch_is(const struct agent_single_watch *single, const void *context);

#endif
