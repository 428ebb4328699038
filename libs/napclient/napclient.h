/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * The client side of the agent: find it, start it, verify it, call it, and connect again after it
 * has gone.
 *
 *   agent_process_call()   one request, over a session that the process keeps
 *   struct agent_session   one connection, one request at a time
 *   struct agent_watch     notifications, and when the agent comes and goes
 *   struct agent_link      a bound component: calls from any thread, callbacks
 *                          from the agent, automatic rebinding
 *
 * All frames from the agent are decoded here. One that does not decode is dropped and ends its
 * connection.
 *
 * Results are HRESULTs. RPC_E_DISCONNECTED: the agent is not there, or ended during the call.
 * HRESULT_FROM_WIN32(ERROR_SERVICE_DOES_NOT_EXIST, ERROR_SERVICE_DISABLED, ...): it could not be
 * started. HRESULT_FROM_WIN32(ERROR_REVISION_MISMATCH): DLL and agent are of different releases.
 * For each of these the log says what to do.
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
#define AGENT_VALUE_STOPPED L"Stopped"        /* DWORD 1: orderly stop; stays stopped */
#define AGENT_VALUE_CONSOLE L"ConsoleProcess" /* DWORD: pid of `napagent --console` */

/* Below AGENT_SERVICE_KEY\\Rras: DWORD 1: the remote access server is on. */
#define AGENT_VALUE_RRAS L"Enabled"

/* napserver, the service that asks the registered validators. */
#define SERVER_PIPE_NAME L"\\\\.\\pipe\\napserver"
#define SERVER_SERVICE_NAME L"napserver"
#define SERVER_SERVICE_KEY L"System\\CurrentControlSet\\Services\\napserver"
#define SERVER_PARAMETERS_KEY SERVER_SERVICE_KEY L"\\Parameters"

/* A received frame; its owner frees `data` with agent_frame_clear(). */
struct agent_frame
{
    uint8_t *data;
    size_t size; /* bytes */
    size_t capacity;
};

/* Frees the bytes; accepts a zeroed frame. */
void agent_frame_clear(struct agent_frame *frame);

/* ---- service.c: the service behind the pipe ---- */

/* Starts the service; S_OK if it runs already. */
HRESULT agent_start_service(void);
/* The process of the running service, or 0. The SCM is believed only if that process lives. */
DWORD agent_service_process(void);
/* The same of napserver. */
DWORD server_service_process(void);
/* A DWORD below the Parameters key, or `otherwise`. */
DWORD agent_parameter(const WCHAR *name, DWORD otherwise);

/* For agent_process_call() and subscriptions: should a missing agent be started? */
bool agent_start_always(void);
/* True unless the agent had an orderly stop: then it stays stopped. */
bool agent_start_unless_stopped(void);

/* Writes the path of the service's log file to `file` (MAX_PATH characters). Returns false if the
 * configured path is ignored because it has more than AGENT_LOG_FILE_MAX characters: no number fits
 * after it. */
#define AGENT_LOG_FILE_MAX (MAX_PATH - 3)
bool agent_log_file(WCHAR *file);

/* ---- pipe.c: one overlapped handle ---- */

/*
 * Opens the agent's pipe and checks who serves it. With `start` it starts a missing agent and waits
 * for it. The caller closes *pipe with CloseHandle(). `cancel`, an event or NULL, ends the wait
 * with E_ABORT.
 */
HRESULT agent_pipe_open(bool start, HANDLE cancel, HANDLE *pipe);
/* Opens napserver's pipe and checks who serves it. It is never started: RPC_E_DISCONNECTED if it
 * does not run. */
HRESULT server_pipe_open(HANDLE *pipe);
/* Sends one message. `event` is the caller's manual-reset event. */
HRESULT agent_pipe_send(HANDLE pipe, HANDLE event, const struct napipc_message *message);
/* Receives one frame within `timeout` ms. `cancel`: as above. */
HRESULT agent_pipe_receive(
        HANDLE pipe, HANDLE event, HANDLE cancel, DWORD timeout, struct agent_frame *frame);

/*
 * Sends a message and receives the next frame. The read is started before the message is sent,
 * which saves a round trip to the wineserver. Not for a pipe on which anything but the answer may
 * arrive.
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
    bool watching; /* notifications may arrive */
    bool notified; /* one arrived before an answer, and was dropped */
};

/* An answer: `message` points into `frame`. */
struct agent_reply
{
    struct napipc_message message;
    struct agent_frame frame;
};

/* Frees the frame; accepts a zeroed reply. */
void agent_reply_clear(struct agent_reply *reply);

HRESULT agent_session_open(struct agent_session *session, bool start);
/* A session with napserver, for the same calls; RPC_E_DISCONNECTED if that does not run. */
HRESULT server_session_open(struct agent_session *session);
void agent_session_close(struct agent_session *session);
/*
 * Sends a request and waits for the answer. The caller sets `request->type` and the body; the rest
 * is filled in. Returns the answer's status. `reply` may be NULL; it is set, and must be cleared,
 * only on success.
 */
HRESULT agent_session_call(
        struct agent_session *session, struct napipc_message *request, struct agent_reply *reply);

/* ---- process.c ---- */

/*
 * As agent_session_call(), over the session of the process, one request at a time. The session is
 * opened at the first request and kept. `start` decides whether to start a missing agent; NULL:
 * never. A request is sent a second time if a kept session turns out to be broken, never otherwise.
 * `asked` may be NULL; *asked is false if no agent could be reached.
 */
HRESULT agent_process_call(bool (*start)(void), struct napipc_message *request,
        struct agent_reply *reply, bool *asked);
/* Closes the session. Called when no thread can use it any more. */
void agent_process_close(void);

/* ---- backoff.c ----
 *
 * Backoff: the one policy for everything that reconnects.
 *
 * - Pauses between attempts are 100, 200, 400, 800 and then always 1000 ms. An agent
 *   that starts is found within a second.
 * - After ERROR_REVISION_MISMATCH the pause is 30 s: only another installation
 *   helps.
 * - A connection that lasted a second resets the pauses. One that broke earlier
 *   does not: an agent that crashes or sends bad frames is not retried any faster
 *   because it accepted a connection.
 * - The first attempt after a break waits 100 ms. That of a bound component does not,
 *   because bound components start an agent that was killed.
 */

/* Zeroed at first. */
struct agent_backoff
{
    DWORD pause;         /* ms, the next one */
    ULONGLONG connected; /* GetTickCount64() of the last connection, 0: there was none */
};

/* Waits before the next attempt after `failure`. Returns false if the event `stop` is set. */
bool agent_backoff_wait(struct agent_backoff *backoff, HRESULT failure, HANDLE stop);
/* An attempt has succeeded. */
void agent_backoff_connected(struct agent_backoff *backoff);
/* The connection broke. Returns true if it had lasted a second. */
bool agent_backoff_lost(struct agent_backoff *backoff);

/* ---- link.c ---- */

struct agent_link;

/* A callback from the agent. */
struct agent_callback
{
    struct napipc_message message; /* it points into `frame` */
    struct agent_frame frame;
    uint32_t connection; /* number of the link's connection, for its answer */
};

struct agent_link_events
{
    /*
     * A callback has arrived. The callee frees the frame with agent_frame_clear(), now or after
     * agent_link_answer(); a copy of `callback` is valid as long. Runs on the link's reader thread
     * and must not block or call client code.
     */
    void (*callback)(void *context, const struct agent_callback *callback);
};

/*
 * Waits until `event` is set or `timeout` ms have passed, as the calling thread's apartment
 * requires. Given only if waiting must pump messages.
 */
typedef void (*agent_wait_function)(HANDLE event, DWORD timeout);

/*
 * Connects and binds; returns the result of binding. On success the caller closes *link with
 * agent_link_close(). `start`: starts a missing agent. Without it a missing agent is
 * RPC_E_DISCONNECTED, but *link is set and must be closed all the same: it binds when the agent is
 * there.
 */
HRESULT agent_link_open(uint32_t kind, uint32_t id, bool start,
        const struct agent_link_events *events, void *context, struct agent_link **link);
/*
 * Unbinds, waits until no event function runs, and releases the reference from agent_link_open().
 * Pending calls end with RPC_E_DISCONNECTED. Returns the result of unbinding; the link is closed in
 * any case. Accepts NULL.
 */
HRESULT agent_link_close(struct agent_link *link);
/* Adds a reference, which keeps the memory but not the binding. */
void agent_link_acquire(struct agent_link *link);
void agent_link_release(struct agent_link *link);
/* Is the link bound to the agent at this moment? */
bool agent_link_is_bound(struct agent_link *link);
/* Sends a request and waits for the answer; see agent_session_call(). From any thread; `wait` may
 * be NULL. */
HRESULT agent_link_call(struct agent_link *link, struct napipc_message *request,
        struct agent_reply *reply, agent_wait_function wait);
/* Answers a callback; `message` has status and body. RPC_E_DISCONNECTED: the connection of the
 * callback has gone, even if there is a new one. */
HRESULT agent_link_answer(struct agent_link *link, const struct agent_callback *callback,
        struct napipc_message *message);

/* ---- watch.c: notifications ---- */

struct agent_watch;

/*
 * What to watch, and what to call. The functions run on the watch's thread and must not close the
 * watch; they may abandon it. If one returns a failure, the watch closes the connection and
 * reconnects. They may send requests on the session; a notification that arrives before the answer
 * is dropped, and sets `session->notified`.
 */
struct agent_subscription
{
    uint16_t request;      /* NAPIPC_..WATCH.. */
    uint16_t notification; /* that this causes; all others are ignored */
    bool (*start)(void);   /* should a missing agent be started? NULL: never */
    bool required;         /* agent_watch_open() fails if the agent is not there */
    /* The watch has begun: changes from now on are notified. `first`: called on the thread of
     * agent_watch_open(), before that returns. May be NULL. */
    HRESULT (*connected)(void *context, struct agent_session *session, bool first);
    HRESULT(*notified)
    (void *context, struct agent_session *session, const struct napipc_message *message);
    /* The connection broke, or (`connected` false) an attempt to connect failed. May be NULL. */
    void (*lost)(void *context, HRESULT why, bool connected);
    /* Called before each wait; returns the ms until it must be called again. NULL: INFINITE. */
    DWORD (*wait)(void *context);
};

/*
 * Watches on a thread of its own, until agent_watch_close() or agent_watch_abandon(), one of which
 * the caller must call. The thread keeps the calling DLL loaded. The watch begins before this
 * returns, and again whenever the agent comes back.
 */
HRESULT agent_watch_open(
        const struct agent_subscription *subscription, void *context, struct agent_watch **watch);
/* After this returns, no function of the subscription runs or is called. Accepts NULL. */
void agent_watch_close(struct agent_watch *watch);
/* Does not wait: a function may still be running, and may run once more. Accepts NULL. */
void agent_watch_abandon(struct agent_watch *watch);
/* Watches on the calling thread until the event `stop` is set. */
void agent_watch_run(const struct agent_subscription *subscription, void *context, HANDLE stop);

/*
 * The one watch of a DLL, open while programs wait for events. Its owner has a lock and holds it in
 * each call. The context of the subscription's functions identifies the watch: an abandoned watch
 * may call them once more, and such a call must be ignored.
 */
struct agent_single_watch
{
    const struct agent_subscription *subscription;
    struct agent_watch *watch; /* NULL: nobody waits */
    UINT_PTR generation;
};

/* S_OK also if it is open. */
HRESULT agent_single_watch_open(struct agent_single_watch *single);
/* Abandons it. Does nothing if it is not open. */
void agent_single_watch_abandon(struct agent_single_watch *single);
/* Is this the context of the open watch? */
bool agent_single_watch_is(const struct agent_single_watch *single, const void *context);

#endif
