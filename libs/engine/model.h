/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * The nouns of the engine. The functions of a noun are in the header of the same name.
 *
 * Ownership: the engine owns its components, sessions and connections through lists. A binding is a
 * session that is bound: it has no object of its own. A connection belongs to the session that is
 * bound for its enforcement client and is destroyed with the binding.
 */
#ifndef WINE_NAP_ENGINE_MODEL_H
#define WINE_NAP_ENGINE_MODEL_H

#include "libs/engine/bytes.h"
#include "libs/engine/engine.h"
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
    bool stored_enabled;          /* set by administrators; Group Policy may override it */
    bool enabled;                 /* the effective setting */
    struct engine_session *bound; /* the session that speaks for it, or NULL */
    /* of health agents only */
    struct bytes cached;          /* its SoH, used when it does not report one */
    bool cache_unsaved;           /* not in the store yet */
    struct napipc_health health;  /* as last reported */
    uint64_t fixup_at;            /* when to call GetFixupInfo; UINT64_MAX: never */
    struct napipc_component info; /* strings point into `text` */
    uint8_t text[];
};

struct validator
{
    struct validator *next;       /* by ascending id */
    struct napipc_validator info; /* strings point into `text` */
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

/* The part of one health agent in an SSoH. */
struct part
{
    uint32_t id;
    struct callback *callback; /* asks it, sent or waiting for a slot; NULL: settled */
    bool reported;             /* it set an SoH itself, so it gets the outcome */
    bool same;                 /* unchanged since the connection's last SSoH */
    uint32_t code;             /* why the agent makes the entry; 0: `soh` is the entry */
    struct bytes soh;          /* attributes, see napipc.h */
};

/* The parts of an SSoH, in the order of the components. */
struct parts
{
    unsigned int count;
    struct part part[SOH_MAX_ENTRIES];
};

/* A GetSoHRequest that waits for health agents. */
struct soh_request
{
    struct soh_request *next;
    struct engine_session *session; /* the enforcement client's */
    struct connection *connection;
    bool added; /* the connection is new: removed if the request fails */
    uint32_t call;
    uint32_t max_size;
    struct napipc_guid connection_id;
    struct napipc_correlation correlation;
    unsigned int waiting; /* parts that are not settled */
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
    bool restored;       /* the decision is from PrivateData, which does not hold the URL */
    bool probation_over; /* it has ended, and its client was notified */
    bool retrigger;      /* ... and has not requested an SoH since: the next reply says so */
    /* the exchange */
    bool pending; /* an SSoH was issued and its SSoHR has not arrived */
    struct napipc_correlation correlation;
    /* the last SSoH without its correlation id; for retriggerHint */
    bool asked;
    uint64_t digest;
    struct parts *parts; /* of the last SSoH; NULL: unknown */
};

/* The response that the current event accepted; settle() sends the health agents their parts. */
struct response
{
    struct engine_session *session;
    struct connection *connection; /* NULL: there is none */
    struct soh_packet packet;      /* its strings and entries are in the frame */
};

struct callback_kind;
struct notification_kind;
struct dial;
struct hook_run;
struct ras;

/* The callbacks to one health agent that one process causes: those that wait for a slot, in order,
 * and the number of those that have one. */
struct callback_queue
{
    struct callback_queue *next;
    uint32_t process; /* 0: the agent itself */
    unsigned int unanswered;
    unsigned int waiting;
    struct callback *first, *last;
};

/* A callback that the client has not answered, or one to a health agent that waits for a slot. */
struct callback
{
    struct callback *next;
    struct callback *previous;    /* while it waits */
    struct callback_queue *queue; /* of callbacks to health agents */
    struct engine_session *session;
    bool sent;
    uint32_t call;
    const struct callback_kind *kind;
    bool late;        /* its deadline has passed and was acted upon */
    bool abandoned;   /* its binding is gone: the answer is ignored */
    uint32_t allowed; /* ms to answer */
    uint64_t began;   /* when it was sent, on the monotonic clock */
    uint64_t deadline;
    struct soh_request *soh_request; /* waits for the answer, or NULL */
    struct part *part;
    /* what is sent to a health agent */
    struct napipc_correlation correlation;
    uint32_t flags;
    struct bytes soh;
};

/* When a failed callback is retried. */
struct retry
{
    uint64_t at;    /* on the monotonic clock; UINT64_MAX: never */
    uint32_t delay; /* ms, of the next retry; 0: not failed yet */
};

/* What a client may watch. */
enum
{
    NOTIFY_ISOLATION = 1, /* the isolation state */
    NOTIFY_STATE = 2,     /* any change of the agent's state */
    NOTIFY_RRAS = 4,
    NOTIFY_RAS = 8
};
#define NOTIFY_KINDS 4

struct engine_session
{
    struct engine_session *next, **link; /* in the list of all sessions */
    void *client;                        /* the host's */
    bool rebound;                        /* bound again after it lost the agent */
    uint32_t watches;                    /* NOTIFY_* */
    uint32_t notifications;              /* NOTIFY_* that are not sent yet */
    struct engine_session *next_watcher, **watcher_link;
    struct engine_session *next_to_notify, **to_notify_link; /* while some are not sent */
    bool state_notified;         /* notified of a change and has not asked since */
    uint32_t ras_notified;       /* number of the next change of RAS connections to send */
    uint64_t rejected[2];        /* a bit for each message type that was rejected and logged */
    struct component *component; /* that it is bound to, or NULL */
    struct connection *connections;
    struct callback *callbacks; /* sent, the newest first */
    unsigned int soh_requests;
    bool paused; /* too many are pending: the host waits for take_more() */
    /* of a health agent */
    struct callback_queue *queues;
    unsigned int unanswered;        /* callbacks, including those of earlier bindings */
    bool hangs;                     /* it is not asked for SoHs until it answers */
    bool skipped;                   /* ... and a callback was skipped, which is logged */
    unsigned int isolation_changes; /* not reported to it yet */
    uint64_t isolation_at; /* when to retry after an allocation failure; UINT64_MAX: never */
    /* of an enforcement client: NotifySoHChange is sent one at a time; changes meanwhile cause one
     * more */
    bool notify_pending;
    bool soh_requested;            /* a GetSoHRequest came since the last one was sent */
    uint64_t soh_changes_notified; /* the engine's soh_changes when the last one was sent */
    struct retry notify_retry;
    struct retry connections_retry; /* GetConnections */
};

#define RAS_CHANGES 64 /* kept for watchers that are notified late */

/* RAS connections */
struct ras_table
{
    struct ras *first;    /* by ascending handle */
    struct dial *dials;   /* attempts to connect, the newest first */
    uint32_t last_handle; /* the highest ever issued */
    unsigned int watchers;
    uint64_t poll_at;      /* when to poll the host's interfaces; UINT64_MAX: nobody watches */
    struct bytes patterns; /* UTF-16LE, one per line */
    uint32_t changes; /* so far; `changed` has the last ones, at their number modulo RAS_CHANGES */
    struct napipc_ras_changed changed[RAS_CHANGES];
};

/* A connection of the remote access server. Replaced as a whole when something changes. */
struct rras_entry
{
    uint32_t id;
    uint32_t interface_index; /* the host's; 0: none */
    bool cleared;             /* its statistics */
    uint64_t seat;            /* a digest of user and port; 0: it lacks one of them */
    struct napipc_guid guid;
    struct rras_entry *next; /* in a list of new versions that are not in the table yet */
    uint32_t size;           /* bytes */
    uint8_t record[];        /* as encoded by libs/napipc */
};

/* The remote access server. */
struct rras
{
    bool enabled;
    uint64_t started; /* FILETIME when it was enabled or the agent started; 0: off */
    uint32_t next_id;
    uint32_t reserved;                    /* ids below this are marked as used in the store */
    struct rras_entry **by_id, **by_guid; /* `count` entries each, sorted */
    uint32_t count, capacity;
};

/* The host's network interfaces, as last polled. */
struct interfaces
{
    struct engine_interface *list; /* by ascending index */
    size_t count;
    uint64_t polled_at; /* the last poll, on the monotonic clock, ms */
    bool polled;        /* polled at least once */
    bool failed;        /* the last poll failed, which was logged */
    int64_t budget;     /* microseconds left for polling */
    uint64_t filled_at; /* when the budget was last refilled, ms */
};

struct engine
{
    struct engine_host host;
    void *context;
    struct engine_machine machine;
    struct engine_settings settings;
    struct engine_group_policy policy;
    struct component *components;
    struct validator *validators;
    unsigned int validator_count;
    uint64_t validator_date; /* of the last registration */
    struct engine_session *sessions;
    struct engine_session *watchers;
    /* those that somebody has watched, by the index of their bit */
    const struct notification_kind *notification_kinds[NOTIFY_KINDS];
    struct engine_session *to_notify, **to_notify_end; /* with unsent notifications, in order */
    unsigned int notifications_left;                   /* that may be sent at this event */
    struct soh_request *soh_requests;
    struct response response;
    struct ras_table ras;
    struct interfaces interfaces;
    bool closing;             /* engine_stop() was called */
    uint64_t soh_changes;     /* number of changes of SoHs */
    uint64_t soh_change_at;   /* when to notify of a changed SoH; UINT64_MAX: never */
    uint64_t soh_quiet_until; /* the next notification of a changed SoH waits until then */
    uint64_t started;
    uint64_t last_time_stamp;  /* of the last correlation id */
    uint64_t time_stamp_limit; /* in the store: the next agent's time stamps are not before it */
    bool time_stamp_unsaved;   /* the last attempt to store it failed */
    uint32_t last_number;
    uint32_t last_call;
    struct rras rras;
    struct hook_run *hook_runs;
    uint32_t last_hook;
    unsigned int state_watchers;
    uint64_t state_digest;          /* of the state that they know or are being notified of */
    struct napipc_isolation system; /* without its URL, as last logged */
    uint8_t packet[NAPIPC_MAX_SOH]; /* the SSoH under construction */
    uint8_t frame[NAPIPC_MAX_FRAME];
};

#endif
