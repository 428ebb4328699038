/*
 * The way to the agent: find it, start it, make sure that it is the agent,
 * talk to it, and find it again when it has gone.
 *
 *   struct agent_session   one connection, one question at a time; for napctl,
 *                          management and status functions
 *   struct agent_watch     news of the agent and of the isolation state
 *   struct agent_link      a bound component: calls from any thread, callbacks
 *                          from the agent, binding again by itself
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

/* The file that the service logs to, in `file` (MAX_PATH characters). */
void agent_log_file(WCHAR *file);

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
HRESULT agent_pipe_receive(HANDLE pipe, HANDLE event, HANDLE cancel, DWORD timeout,
    struct agent_frame *frame);

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
    HANDLE sent; /* event */
    uint32_t call;
    size_t room; /* bytes to make room for before an answer comes; 0: as usual */
    bool watching; /* news come */
    bool news;     /* some has come that nobody has waited for yet */
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
HRESULT agent_session_call(struct agent_session *session, struct napipc_message *request,
    struct agent_reply *reply);

/* From now on there is news of whatever changes in the state, once after each GET_STATE. */
HRESULT agent_session_watch(struct agent_session *session);
/* Waits for news. S_OK: there is some; S_FALSE: `timeout` ms have passed; E_ABORT: `cancel`, an
 * event, is set. */
HRESULT agent_session_await_news(struct agent_session *session, HANDLE cancel, DWORD timeout);

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

/* ---- watch.c: news of the agent ---- */

struct agent_watch;

enum agent_news
{
    AGENT_STARTED,
    AGENT_STOPPED, /* or killed */
    AGENT_ISOLATION_CHANGED
};

/*
 * Watches the agent, without starting it, until agent_watch_close(). `tell`
 * runs on a thread of the watch, once for each change from how things stand
 * now, and must not close the watch. An agent that comes back is watched again.
 */
HRESULT agent_watch_open(void (*tell)(void *context, enum agent_news news), void *context,
    struct agent_watch **watch);
/* `tell` neither runs nor is called any more when this returns. Takes NULL. */
void agent_watch_close(struct agent_watch *watch);

#endif
