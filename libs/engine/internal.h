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
#include "libs/engine/results.h"
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
    bool enabled;
    struct engine_session *bound; /* the session that speaks for it, or NULL */
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

struct connection
{
    struct connection *next;
    uint32_t number;        /* ascending, never reused while the agent runs */
    struct napipc_guid key; /* travels in the connection's PrivateData */
    struct napipc_guid id;  /* ConnectionId, for people and for RAS */
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
};

/* A callback that the client has not answered. */
struct callback
{
    struct callback *next;
    uint32_t call;
    uint16_t type;
    bool late;      /* its deadline has passed and was acted upon */
    bool abandoned; /* the binding it was for has gone: the answer is of no interest */
    uint64_t deadline;
};

/* When a callback that failed is made again. */
struct retry
{
    uint64_t at;    /* on the monotonic clock; UINT64_MAX: not at all */
    uint32_t delay; /* ms, of the next; 0: the first */
};

struct engine_session
{
    struct engine_session *next;
    void *client; /* the host's */
    bool watching; /* wants to hear of changes of the isolation state */
    struct component *component; /* bound for it, or NULL */
    struct connection *connections;
    struct callback *callbacks;
    /* NotifySoHChange: one at a time; what comes meanwhile is one more. */
    bool notify_again;
    bool notify_taken; /* a GetSoHRequest came since the last was sent */
    struct retry notify_retry;
    struct retry connections_retry; /* GetConnections */
};

struct engine
{
    struct engine_host host;
    void *context;
    struct engine_machine machine;
    struct engine_settings settings;
    struct component *components;
    struct engine_session *sessions;
    uint64_t started;
    uint64_t last_time_stamp; /* of a correlation id */
    uint32_t last_number;
    uint32_t last_call;
    struct napipc_isolation system; /* without its URL, as last logged */
    uint8_t packet[NAPIPC_MAX_SOH]; /* the SSoH under construction */
    uint8_t frame[NAPIPC_MAX_FRAME];
};

/* engine.c */
void engine_log(struct engine *engine, enum engine_level level, uint32_t component,
    const char *event, const char *format, ...) __attribute__((format(printf, 5, 6)));
/* Sends `message` to the client of `session`. False: it does not fit a frame. */
bool session_send(struct engine *engine, struct engine_session *session,
    const struct napipc_message *message);
/* Answers `request` with a bare status. */
void session_answer(struct engine *engine, struct engine_session *session,
    const struct napipc_message *request, uint32_t status);

/* component.c */
struct component *component_find(struct engine *engine, uint32_t kind, uint32_t id);
void component_destroy(struct component *component);
uint32_t component_register(struct engine *engine, struct engine_session *session,
    const struct napipc_register *request);
uint32_t component_unregister(struct engine *engine, struct engine_session *session,
    const struct napipc_component_id *request);
uint32_t component_set_enabled(struct engine *engine, struct engine_session *session,
    const struct napipc_set_enabled *request);
void component_list(struct engine *engine, struct engine_session *session,
    const struct napipc_message *request);

/* binding.c */
uint32_t session_bind(struct engine *engine, struct engine_session *session,
    const struct napipc_bind *request);
/* Undoes session_bind and forgets the connections. No harm if not bound. */
void session_unbind(struct engine *engine, struct engine_session *session, const char *why);
/* Why the session may not use its binding, or RESULT_OK. */
uint32_t session_usable(const struct engine_session *session);

/* callback.c */
void callback_send(struct engine *engine, struct engine_session *session, uint16_t type);
/* Does the client leave so many callbacks unanswered that it may not bind again? */
bool callback_too_many(const struct engine_session *session);
/* Takes an answer. False: nobody asked. */
bool callback_answered(struct engine *engine, struct engine_session *session,
    const struct napipc_message *message);
void callback_run_timers(struct engine *engine, struct engine_session *session, uint64_t now);
uint64_t callback_next_deadline(const struct engine_session *session);
/* The binding goes: answers may still come, and are then ignored. */
void callback_abandon_all(struct engine_session *session);
void callback_destroy_all(struct engine_session *session);
/* No callback failed yet. */
void callback_reset_retries(struct engine_session *session);
/* Sends NotifySoHChange now, or as soon as the one that is out is answered or late. */
void callback_notify_soh_change(struct engine *engine, struct engine_session *session);
/* The client could not process the change: again later, later each time. */
void callback_notify_later(struct engine *engine, struct engine_session *session);
/* The client has asked for an SoH: "it then must apply the change", so a failure that comes
 * later is a new one. */
void callback_soh_requested(struct engine_session *session);

/* connection.c */
struct connection *connection_find(struct engine_session *session, struct napipc_blob data);
/* The connection that `data` names, adopted or made if need be, as *added then says; NULL: there
 * is no place or memory for one more. */
struct connection *connection_get(struct engine *engine, struct engine_session *session,
    struct napipc_blob data, bool *added);
void connection_destroy(struct connection *connection);
/* Takes it out of the session's list and destroys it. */
void connection_remove(struct engine_session *session, struct connection *connection);
void connection_down(struct engine *engine, struct engine_session *session,
    struct napipc_blob data);
/* False: memory was too short to take all that was reported. */
bool connection_report(struct engine *engine, struct engine_session *session,
    const struct napipc_get_connections_reply *report);
void connection_list(struct engine *engine, struct engine_session *session,
    const struct napipc_message *request);
/* What the connection is to carry as PrivateData; `data` has CONNECTION_DATA_SIZE bytes. */
#define CONNECTION_DATA_SIZE 36
void connection_write_data(const struct connection *connection, uint8_t *data);

/* exchange.c */
void exchange_begin(struct engine *engine, struct engine_session *session,
    const struct napipc_message *request);
void exchange_respond(struct engine *engine, struct engine_session *session,
    const struct napipc_message *request);
/* The answer is not wanted any more. No harm if nothing is pending. */
void exchange_orphan(struct engine *engine, struct connection *connection, const char *why);

/* isolation.c */
void decision_clear(struct decision *decision);
/* Gives *decision a copy of the UTF-16LE URL; false: no memory, nothing changed. */
bool decision_set_url(struct decision *decision, const uint8_t *units, uint16_t length);
void decision_describe(const struct decision *decision, struct napipc_isolation *isolation);
/* Something changed: logs the state of the system if that has too. */
void isolation_update(struct engine *engine);
void isolation_report(struct engine *engine, struct engine_session *session,
    const struct napipc_message *request);
/* Probations whose end has come: their enforcement clients are told, unless disabled. */
void isolation_run_timers(struct engine *engine, uint64_t filetime);
/* When the next probation ends, as a FILETIME; UINT64_MAX: none runs. */
uint64_t isolation_next_probation_end(const struct engine *engine);
const char *isolation_name(uint32_t state);

#endif
