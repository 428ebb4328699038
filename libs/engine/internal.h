/*
 * The nouns of the engine, shared by its files and nobody else.
 *
 * Ownership: the engine owns its components, sessions and connections through
 * lists. A binding is a session that is bound: it has no object of its own. A
 * connection belongs to the session that is bound for its enforcement client
 * and goes with it.
 */
#ifndef WINE_NAP_ENGINE_INTERNAL_H
#define WINE_NAP_ENGINE_INTERNAL_H

#include "libs/engine/engine.h"
#include "libs/engine/interfaces.h"
#include "libs/engine/session.h"
#include "libs/soh/soh.h"

/* IsolationState */
enum
{
    ISOLATION_UNKNOWN = 0, /* ours: no server has decided yet */
    ISOLATION_NOT_RESTRICTED = 1,
    ISOLATION_IN_PROBATION = 2,
    ISOLATION_RESTRICTED = 3
};

struct component
{
    struct component *next; /* by ascending id */
    uint32_t kind;
    bool stored_enabled; /* what administrators said; Group Policy may say otherwise */
    bool enabled;        /* what counts */
    struct engine_session *bound; /* the session that speaks for it, or NULL */
    /* of a health agent */
    struct bytes cached;       /* its SoH, kept for when it does not report */
    bool cache_unsaved;        /* the store has not got it yet */
    struct napipc_health health; /* as last heard */
    uint64_t fixup_at;         /* when to ask for it again; UINT64_MAX: not at all */
    struct napipc_component info; /* strings point into `text` */
    uint8_t text[];
};

/* A decision about a connection, or about the system. */
struct decision
{
    uint32_t state; /* ISOLATION_* */
    uint32_t extended_state;
    uint64_t probation_end; /* FILETIME, 0: none */
    uint8_t *url;           /* UTF-16LE, owned; NULL: none */
    uint16_t url_length;    /* code units */
};

/* What one health agent has to say in an SSoH. */
struct part
{
    uint32_t id;
    struct callback *callback; /* asks it: sent or waiting for a slot; NULL: settled */
    bool reported;    /* it set an SoH itself: it is told what becomes of it */
    bool same;        /* as in the connection's last SSoH */
    uint32_t code;    /* made by the agent: why; 0: `soh` says it */
    struct bytes soh; /* attributes, see napipc.h */
};

/* The parts of an SSoH, in the order of the components. */
struct parts
{
    unsigned int count;
    struct part part[SOH_MAX_ENTRIES];
};

/* A GetSoHRequest while health agents are asked. */
struct soh_request
{
    struct soh_request *next;
    struct engine_session *session; /* the enforcement client's */
    struct connection *connection;
    bool added; /* the connection is new: it goes if the request fails */
    uint32_t call;
    uint32_t max_size;
    struct napipc_guid connection_id;
    struct napipc_correlation correlation;
    unsigned int waiting; /* parts */
    struct parts *parts;
};

struct connection
{
    struct connection *next;
    uint32_t number;        /* ascending, never reused while the agent runs */
    struct napipc_guid key; /* travels in the connection's PrivateData */
    struct napipc_guid id;  /* ConnectionId, for people and for RAS */
    uint64_t object;        /* the client's name for its object, or 0 */
    bool named;             /* its client has shown that it knows the key */
    struct decision decision;
    bool restored;       /* the decision is from PrivateData, which has no room for the URL */
    bool probation_over; /* its end has come, and its client was told */
    bool retrigger;      /* ... and has not asked since: the next GetSoHRequest says so */
    /* the exchange */
    bool pending; /* an SSoH is out and its SSoHR has not come */
    struct napipc_correlation correlation;
    /* what the last SSoH said, correlation id aside; for retriggerHint */
    bool asked;
    uint64_t digest;
    struct parts *parts; /* of the last SSoH; NULL: not known */
};

/* The callbacks of one health agent that one process causes: those that wait for a slot, in order,
 * and how many have one. */
struct callback_queue
{
    struct callback_queue *next;
    uint32_t process; /* 0: the agent itself */
    unsigned int unanswered;
    unsigned int waiting;
    struct callback *first, *last;
};

/* A callback that the client has not answered, or a health agent's that waits for a slot. */
struct callback
{
    struct callback *next;
    struct callback *previous; /* while it waits */
    struct callback_queue *queue; /* of a health agent's */
    struct engine_session *session;
    bool sent;
    uint32_t call;
    uint16_t type;
    bool late;      /* its deadline has passed and was acted upon */
    bool abandoned; /* the binding it was for has gone: the answer is of no interest */
    uint32_t allowed; /* ms to answer */
    uint64_t began;   /* when it was sent, on the monotonic clock */
    uint64_t deadline;
    struct soh_request *soh_request; /* waits for the answer; or NULL */
    struct part *part;
    /* what a health agent is told */
    struct napipc_correlation correlation;
    uint32_t flags;
    struct bytes soh;
};

/* When a callback that failed is made again. */
struct retry
{
    uint64_t at;    /* on the monotonic clock; UINT64_MAX: not at all */
    uint32_t delay; /* ms, of the next; 0: the first */
};

/* What a client may watch. */
enum
{
    NEWS_ISOLATION = 1, /* the isolation state */
    NEWS_STATE = 2,     /* whatever changes */
    NEWS_RRAS = 4,
    NEWS_RAS = 8
};

struct engine_session
{
    struct engine_session *next, **link; /* of all */
    void *client; /* the host's */
    bool again;    /* bound before, and lost the agent */
    uint32_t watches; /* NEWS_* */
    uint32_t news;    /* of these, what it has still to be told */
    struct engine_session *next_watcher, **watcher_link;
    struct engine_session *next_news, **news_link; /* while there are news for it */
    bool state_told;     /* it was told of a change and has not asked since */
    uint32_t ras_told;   /* changes of RAS connections up to this one */
    uint64_t rejected[2]; /* a bit for each type of message that it may not send, and the log says so */
    struct component *component; /* bound for it, or NULL */
    struct connection *connections;
    struct callback *callbacks; /* sent, the newest first */
    unsigned int soh_requests;
    bool paused; /* too many of them: the host waits for take_more() */
    /* a health agent's */
    struct callback_queue *queues;
    unsigned int unanswered; /* callbacks, those of earlier bindings too */
    bool hangs;   /* it is not asked for SoHs until it answers */
    bool skipped; /* ... and something was not told, as the log says */
    /* NotifySoHChange: one at a time; what comes meanwhile is one more. */
    bool notify_again;
    bool notify_taken; /* a GetSoHRequest came since the last was sent */
    struct retry notify_retry;
    struct retry connections_retry; /* GetConnections */
    unsigned int isolation_changes; /* a health agent has still to hear of */
    uint64_t isolation_at; /* when to tell it, for want of memory; UINT64_MAX: nothing to tell */
};

struct ras;

#define RAS_CHANGES 64 /* that a watcher who is told late may have missed */

/* RAS connections; ras/ras.h */
struct ras_table
{
    struct ras *first;    /* by ascending handle */
    uint32_t last_handle; /* issued, ever */
    unsigned int watchers;
    uint64_t poll_at;     /* look at the host's interfaces; UINT64_MAX: nobody watches */
    struct bytes patterns; /* UTF-16LE, one a line */
    uint32_t changes; /* ever; the last of them, by number modulo RAS_CHANGES: */
    struct napipc_ras_changed changed[RAS_CHANGES];
};

/* A connection of the remote access server. Replaced as a whole when something changes. */
struct rras_entry
{
    uint32_t id;
    uint32_t interface_index; /* the host's; 0: none */
    bool cleared;             /* its statistics */
    struct napipc_guid guid;
    struct rras_entry *next; /* of new versions that are not in the table yet */
    uint32_t size; /* bytes */
    uint8_t record[]; /* as libs/napipc keeps it */
};

/* The remote access server. */
struct rras
{
    bool enabled;
    uint64_t started; /* FILETIME: enabled since, or the agent's start */
    uint32_t next_id;
    uint32_t reserved; /* ids below this are in the store as used */
    struct rras_entry **by_id, **by_guid; /* both of `count`, sorted */
    uint32_t count, capacity;
};

struct engine
{
    struct engine_host host;
    void *context;
    struct engine_machine machine;
    struct engine_settings settings;
    struct engine_group_policy policy;
    struct component *components;
    struct engine_session *sessions;
    struct engine_session *watchers;
    struct engine_session *news, **news_end; /* sessions that have news to be told, in order */
    unsigned int news_left;                  /* that may be told at this event */
    struct soh_request *soh_requests;
    struct ras_table ras;
    struct interfaces interfaces;
    bool closing;          /* engine_stop() was called */
    uint64_t soh_change_at; /* when enforcement clients hear of a changed SoH; UINT64_MAX: never */
    uint64_t soh_quiet_until; /* they heard of one lately: the next change waits until then */
    uint64_t started;
    uint64_t last_time_stamp;  /* of a correlation id */
    uint64_t time_stamp_limit; /* the store has it: the next agent's are not before it */
    bool time_stamp_unsaved;   /* the store refused it */
    uint32_t last_number;
    uint32_t last_call;
    struct rras rras;
    struct hook_run *hook_runs;
    uint32_t last_hook;
    unsigned int state_watchers;
    uint64_t state_digest; /* of what they know, or will have been told of */
    struct napipc_isolation system; /* without its URL, as last logged */
    uint8_t packet[NAPIPC_MAX_SOH]; /* the SSoH under construction */
    uint8_t frame[NAPIPC_MAX_FRAME];
};

/* component.c */
struct component *component_find(struct engine *engine, uint32_t kind, uint32_t id);
void component_destroy(struct component *component);

/* group_policy.c */
/* Does it say whether components of this kind are enabled? */
bool group_policy_decides(const struct engine *engine, uint32_t kind);
/* Sets component->enabled to what counts. True: it has changed; an enforcement client that may go
 * on is told to ask for an SoH. */
bool group_policy_apply(struct engine *engine, struct component *component);

/* binding.c */
/* Undoes a binding and forgets the connections. No harm if not bound. */
void session_unbind(struct engine *engine, struct engine_session *session, const char *why);
/* The client has gone without a word: a health agent's cached SoH goes too. */
void session_lost(struct engine *engine, struct engine_session *session, const char *why);
/* The bound sessions, by the ids of their components; *place is at first engine->components. NULL:
 * there are no more. Whoever is not bound has no connections and no timers. */
struct engine_session *session_bound(struct component **place);
/* Why the session may not use its binding as one of that kind, or RESULT_OK. */
uint32_t session_usable(const struct engine_session *session, uint32_t kind);

/* callback.c */
const char *callback_name(uint16_t type);
/* Sends a callback; its type and what it is about are the caller's, all else is set here. */
void callback_start(struct engine *engine, struct engine_session *session,
    struct callback *callback);
void callback_free(struct callback *callback);
bool callback_outstanding(const struct engine_session *session, uint16_t type);
void callback_send(struct engine *engine, struct engine_session *session, uint16_t type);
/* Does the client leave so many callbacks unanswered that it may not bind again? */
bool callback_too_many(const struct engine_session *session);
/* Takes an answer. False: nobody asked. */
bool callback_answered(struct engine *engine, struct engine_session *session,
    const struct napipc_message *message);
void callback_run_timers(struct engine *engine, struct engine_session *session, uint64_t now);
uint64_t callback_next_deadline(const struct engine_session *session);
/* The binding goes: answers may still come, and are then ignored. */
void callback_abandon_all(struct engine *engine, struct engine_session *session);
void callback_destroy_all(struct engine_session *session);
/* No callback failed yet. */
void callback_reset_retries(struct engine_session *session);
/* Sends NotifySoHChange now, or as soon as the one that is out is answered or late. */
void callback_notify_soh_change(struct engine *engine, struct engine_session *session);
/* The same when the timers run next: who caused it has its answer first. */
void callback_notify_soon(struct engine *engine, struct engine_session *session);
/* The client has asked for an SoH: "it then must apply the change", so a failure that comes
 * later is a new one. */
void callback_soh_requested(struct engine_session *session);

/* slots.c */
/* The process on whose behalf callbacks are made that the session causes. */
uint32_t slots_process(struct engine *engine, const struct engine_session *session);
/* A callback of a health agent that `process` causes (0: the agent itself). The caller says what it
 * is about and then lets slots_run() send it. NULL: no memory, or the process has far too many
 * waiting, or the health agent hangs and has no slot left. */
struct callback *slots_ask(struct engine *engine, struct engine_session *session, uint16_t type,
    uint32_t process);
/* Sends what waits, as far as there are slots. */
void slots_run(struct engine *engine, struct engine_session *session);
bool slots_full(const struct engine_session *session);
/* The callback is answered: its slot is free. */
void slots_answered(struct engine_session *session, struct callback *callback);
/* A waiting callback is wanted no more. Frees it. */
void slots_withdraw(struct callback *callback);
/* Does such a callback of the agent's own wait? */
bool slots_waiting(const struct engine_session *session, uint16_t type);
/* Takes all waiting callbacks of that type, 0: of any, out of the queues; a list by `next`. */
struct callback *slots_take_waiting(struct engine_session *session, uint16_t type);
/* All callbacks have gone. */
void slots_destroy(struct engine_session *session);

/* connection.c */
struct connection *connection_find(struct engine_session *session, struct napipc_blob data);
/* The same; a connection that is another process's is refused in the log. */
struct connection *connection_find_own(struct engine *engine, struct engine_session *session,
    struct napipc_blob data);
/* Is what is pending on the connection that `data` names, if anything, of before the agent was
 * started again? */
bool connection_is_of_before(struct engine_session *session, struct napipc_blob data);
/* The connection that `data` names, adopted or made if need be, as *added then says; NULL: there
 * is no place or memory for one more. `object`, 0 or what the client calls its object, finds the
 * connection too, as long as the client has not shown that it knows the key. */
struct connection *connection_get(struct engine *engine, struct engine_session *session,
    struct napipc_blob data, uint64_t object, bool *added);
void connection_destroy(struct connection *connection);
/* Takes it out of the session's list and destroys it. */
void connection_remove(struct engine_session *session, struct connection *connection);
/* False: memory was too short to take all that was reported. */
bool connection_report(struct engine *engine, struct engine_session *session,
    const struct napipc_get_connections_reply *report);
/* What the connection is to carry as PrivateData; `data` has CONNECTION_DATA_SIZE bytes. */
#define CONNECTION_DATA_SIZE 36
void connection_write_data(const struct connection *connection, uint8_t *data);

/* request.c */
/* A health agent answered, or its deadline passed, or it went (no message). */
void soh_request_answered(struct engine *engine, struct callback *callback,
    const struct napipc_message *message);
void soh_request_late(struct engine *engine, struct callback *callback);
void soh_request_gone(struct engine *engine, struct callback *callback);
/* Writes what the health agent is asked. */
void soh_request_describe(struct callback *callback, struct napipc_message *message);
/* The enforcement client's binding goes, or a connection of it (else NULL). */
void soh_request_cancel(struct engine *engine, const struct engine_session *session,
    const struct connection *connection);
void parts_destroy(struct parts *parts);
/* The answer is not wanted any more: health agents are told. No harm if nothing is pending. */
void soh_request_orphan(struct engine *engine, struct engine_session *session,
    struct connection *connection, const char *why);

/* news.c */
/* From now on the session is told of `what`, NEWS_*. */
void news_watch(struct engine *engine, struct engine_session *session, uint32_t what);
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

/* state_watch.c */
void state_watch_end(struct engine *engine, struct engine_session *session);
/* The session is told the state: what it was told before is old. */
void state_watch_answered(struct engine *engine, struct engine_session *session);
/* After whatever may have changed the state: tells who watches. */
void state_watch_tell(struct engine *engine);

/* ssoh.c */
/* Digests tell whether two things are the same. */
#define DIGEST_OF_NOTHING UINT64_C(0xcbf29ce484222325)
uint64_t digest_add(uint64_t digest, const void *bytes, size_t size);
/* Builds the SSoH in engine->packet. The result is an HRESULT; *digest tells whether two SSoHs
 * say the same about health agents. */
uint32_t ssoh_build(struct engine *engine, const struct napipc_correlation *correlation,
    const struct parts *parts, uint32_t max_size, size_t *size, uint64_t *digest);

/* health.c: health agents */
struct component *health_agent(struct engine *engine, uint32_t id);
/* Keeps an SoH for later; it is stored by health_save_caches(). False: no memory, nothing changed. */
bool health_cache(struct engine *engine, struct component *agent, const void *soh, size_t size);
void health_save_caches(struct engine *engine);
/* Attributes as in an SoHReportEntry, the first naming `id`? */
bool health_soh_is_sound(const void *soh, size_t size, uint32_t id);
/* Tells an agent what the server says of its SoH, on behalf of `process`. */
void health_process_response(struct engine *engine, struct component *agent, uint32_t process,
    const struct napipc_correlation *correlation, bool fixup, struct soh_span soh);
void health_orphaned(struct engine *engine, uint32_t id, uint32_t process,
    const struct napipc_correlation *correlation);
/* Writes what a callback other than GetSoHRequest tells the agent. */
void health_describe(const struct callback *callback, struct napipc_message *message);
/* Every bound agent hears of a change of the system's isolation state. */
void health_isolation_changed(struct engine *engine);
/* An agent's SoH has changed: enforcement clients hear of it soon, once for many. */
void health_soh_changed(struct engine *engine);
/* Keeps what the server says of an agent, for who asks how it stands. */
void health_judged(struct component *agent, const struct soh_entry *entry);
/* The agent is no longer bound: what it said of its fix-up is of no interest. */
void health_unbound(struct component *agent);
/* An answer to any callback of an agent but GetSoHRequest. */
void health_answered(struct engine *engine, struct engine_session *session,
    const struct napipc_message *message);
/* A callback of this agent is late: what waited for it goes on. */
void health_callback_late(struct engine *engine, struct engine_session *session);
void health_run_timers(struct engine *engine, uint64_t now);
uint64_t health_next_deadline(const struct engine *engine);

/* rras.c: the table */
/* What Windows' demand-dial manager does it cannot do while it is off: RESULT_OK or
 * RESULT_DDM_NOT_RUNNING. */
uint32_t rras_running(const struct rras *rras);
/* The entry of that id, or NULL; *place: where it is, or would be, in by_id. */
struct rras_entry *rras_find(const struct rras *rras, uint32_t id, uint32_t *place);
/* The record, with views into the entry. */
void rras_read(const struct rras_entry *entry, struct napipc_rras_record *record);
bool rras_guid_is_zero(const struct napipc_guid *guid);
/* Makes an entry, with a GUID of its own if that of the record is zero. An HRESULT; failed: nothing
 * changed. */
uint32_t rras_create(struct engine *engine, const struct napipc_rras_record *record,
    struct napipc_rras_add_reply *reply);
/* Stores the changed record and puts it in the entry's place. An HRESULT; failed: nothing changed. */
uint32_t rras_replace(struct engine *engine, uint32_t id, const struct napipc_rras_record *record);
uint32_t rras_erase(struct engine *engine, uint32_t id);
/* The two halves of rras_replace(): stores a new version; puts it into the table. */
uint32_t rras_prepare(struct engine *engine, uint32_t id, const struct napipc_rras_record *record,
    struct rras_entry **prepared);
void rras_commit(struct engine *engine, struct rras_entry *prepared);
/* The second half of removing: the store has it no more. */
void rras_forget(struct engine *engine, struct rras_entry *entry);
void rras_finish(struct engine *engine);
/* The next entry that `selector` means, from by_id[*place] on, or NULL. */
struct rras_entry *rras_select(const struct rras *rras,
    const struct napipc_rras_selector *selector, uint32_t *place);

/* hook.c: the administrator's hook */

#define HOOK_ARGUMENTS 12

/* What the hook is told; each is UTF-8 and an argument of its own. */
struct hook_arguments
{
    unsigned int count;
    const char *list[HOOK_ARGUMENTS];
    char *place;
    char room[8192];
};

/* How a run ended. */
enum hook_outcome
{
    HOOK_DONE,    /* exit status 0 */
    HOOK_FAILED,  /* another exit status */
    HOOK_NOT_RUN  /* it hung, or could not be watched: `result` says why */
};

struct hook_run;
/* `result` is an HRESULT, of HOOK_NOT_RUN. */
typedef void (*hook_ended)(struct engine *engine, const struct hook_run *run,
    enum hook_outcome outcome, uint32_t result);

/* A run that goes on. */
struct hook_run
{
    struct hook_run *next;
    uint32_t number;
    hook_ended ended; /* called when it has ended; NULL: nobody waits */
    uint16_t type; /* of the request */
    uint32_t id;   /* of the connection */
    struct engine_session *session; /* whom to answer; NULL: nobody any more */
    uint32_t call;
};

/* The first two: what is to be done, with which connection. */
void hook_arguments_init(struct hook_arguments *arguments, const char *what, uint32_t id);
void hook_add_text(struct hook_arguments *arguments, const char *text);
void hook_add_format(struct hook_arguments *arguments, const char *format, ...)
    __attribute__((format(printf, 2, 3)));
void hook_add_string(struct hook_arguments *arguments, const struct napipc_string *string);
void hook_add_guid(struct hook_arguments *arguments, const struct napipc_guid *guid);
/* Starts it for the connection `id`. RESULT_OK: `ended` is called when it has ended and answers the
 * request; `request` and `ended` may be NULL. RESULT_NOT_FOUND: there is no hook. */
uint32_t hook_run(struct engine *engine, struct engine_session *session,
    const struct napipc_message *request, hook_ended ended, uint32_t id,
    const struct hook_arguments *arguments);
/* The session goes: nobody waits for its runs any more. */
void hook_forget_session(struct engine *engine, const struct engine_session *session);
void hook_finish(struct engine *engine);

/* rras_action.c: what acts on connections, and who hears of it */
/* The quarantine state has changed by an administrator's word: the hook is told. */
void rras_tell_hook(struct engine *engine, uint32_t id);
void rras_changed(struct engine *engine);

/* isolation.c */
void decision_clear(struct decision *decision);
/* Gives *decision a copy of the UTF-16LE URL; false: no memory, nothing changed. */
bool decision_set_url(struct decision *decision, const uint8_t *units, uint16_t length);
void decision_describe(const struct decision *decision, struct napipc_isolation *isolation);
/* Something changed: logs the state of the system if that has too. */
void isolation_update(struct engine *engine);
/* The state of the system, with the URL of the connection that makes it. */
void isolation_describe_system(struct engine *engine, struct napipc_isolation *isolation);
/* Probations whose end has come: their enforcement clients are told, unless disabled. */
void isolation_run_timers(struct engine *engine, uint64_t filetime);
/* When the next probation ends, as a FILETIME; UINT64_MAX: none runs. */
uint64_t isolation_next_probation_end(const struct engine *engine);
const char *isolation_name(uint32_t state);

#endif
