/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * The nouns of the engine: what it is made of. What can be done with a noun is in the header of its
 * name.
 *
 * Ownership: the engine owns its components, sessions and connections through lists. A binding is a
 * session that is bound: it has no object of its own. A connection belongs to the session that is
 * bound for its enforcement client and goes with it.
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
    bool stored_enabled;          /* what administrators said; Group Policy may say otherwise */
    bool enabled;                 /* what counts */
    struct engine_session *bound; /* the session that speaks for it, or NULL */
    /* of a health agent */
    struct bytes cached;          /* its SoH, kept for when it does not report */
    bool cache_unsaved;           /* the store has not got it yet */
    struct napipc_health health;  /* as last heard */
    uint64_t fixup_at;            /* when to ask for it again; UINT64_MAX: not at all */
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
    bool reported;             /* it set an SoH itself: it is told what becomes of it */
    bool same;                 /* as in the connection's last SSoH */
    uint32_t code;             /* made by the agent: why; 0: `soh` says it */
    struct bytes soh;          /* attributes, see napipc.h */
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

/* A response that was accepted, while its event lasts: the health agents are told last. */
struct response
{
    struct engine_session *session;
    struct connection *connection; /* NULL: there is none */
    struct soh_packet packet;      /* its strings and entries are in the frame */
};

struct callback_kind;
struct notification_kind;
struct hook_run;
struct ras;

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
    struct callback *previous;    /* while it waits */
    struct callback_queue *queue; /* of a health agent's */
    struct engine_session *session;
    bool sent;
    uint32_t call;
    const struct callback_kind *kind;
    bool late;        /* its deadline has passed and was acted upon */
    bool abandoned;   /* the binding it was for has gone: the answer is of no interest */
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
    NOTIFY_ISOLATION = 1, /* the isolation state */
    NOTIFY_STATE = 2,     /* whatever changes */
    NOTIFY_RRAS = 4,
    NOTIFY_RAS = 8
};
#define NOTIFY_KINDS 4

struct engine_session
{
    struct engine_session *next, **link; /* of all */
    void *client;                        /* the host's */
    bool again;                          /* bound before, and lost the agent */
    uint32_t watches;                    /* NOTIFY_* */
    uint32_t notifications;              /* of these, those that are not sent yet */
    struct engine_session *next_watcher, **watcher_link;
    struct engine_session *next_to_notify, **to_notify_link; /* while it has some */
    bool state_told;             /* it was told of a change and has not asked since */
    uint32_t ras_told;           /* changes of RAS connections up to this one */
    uint64_t rejected[2];        /* a bit for each type of message that was rejected and logged */
    struct component *component; /* bound for it, or NULL */
    struct connection *connections;
    struct callback *callbacks; /* sent, the newest first */
    unsigned int soh_requests;
    bool paused; /* too many of them: the host waits for take_more() */
    /* a health agent's */
    struct callback_queue *queues;
    unsigned int unanswered;        /* callbacks, those of earlier bindings too */
    bool hangs;                     /* it is not asked for SoHs until it answers */
    bool skipped;                   /* ... and something was not told, as the log says */
    unsigned int isolation_changes; /* it has still to hear of */
    uint64_t isolation_at; /* when to retry after an allocation failure; UINT64_MAX: not at all */
    /* an enforcement client's: NotifySoHChange, one at a time; what comes meanwhile is one more */
    bool notify_again;
    bool notify_taken; /* a GetSoHRequest came since the last was sent */
    struct retry notify_retry;
    struct retry connections_retry; /* GetConnections */
};

#define RAS_CHANGES 64 /* that a watcher who is told late may have missed */

/* RAS connections */
struct ras_table
{
    struct ras *first;    /* by ascending handle */
    uint32_t last_handle; /* issued, ever */
    unsigned int watchers;
    uint64_t poll_at;      /* look at the host's interfaces; UINT64_MAX: nobody watches */
    struct bytes patterns; /* UTF-16LE, one a line */
    uint32_t changes;      /* ever; the last of them, by number modulo RAS_CHANGES: */
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
    uint32_t size;           /* bytes */
    uint8_t record[];        /* as libs/napipc keeps it */
};

/* The remote access server. */
struct rras
{
    bool enabled;
    uint64_t started; /* FILETIME: enabled since, or the agent's start */
    uint32_t next_id;
    uint32_t reserved;                    /* ids below this are in the store as used */
    struct rras_entry **by_id, **by_guid; /* both of `count`, sorted */
    uint32_t count, capacity;
};

/* The host's network interfaces, as they were when somebody last looked. */
struct interfaces
{
    struct engine_interface *list; /* by ascending index */
    size_t count;
    uint64_t looked_at; /* on the monotonic clock, ms */
    bool looked;        /* ever */
    bool failed;        /* the last look, and it was logged */
    int64_t budget;     /* microseconds of looking that are left */
    uint64_t filled_at; /* when the budget was filled last, ms */
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
    /* those that somebody has watched, by their bit */
    const struct notification_kind *notification_kinds[NOTIFY_KINDS];
    struct engine_session *to_notify, **to_notify_end; /* sessions with notifications, in order */
    unsigned int notifications_left;                   /* that may be sent at this event */
    struct soh_request *soh_requests;
    struct response response;
    struct ras_table ras;
    struct interfaces interfaces;
    bool closing;           /* engine_stop() was called */
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
    uint64_t state_digest;          /* of what they know, or will have been told of */
    struct napipc_isolation system; /* without its URL, as last logged */
    uint8_t packet[NAPIPC_MAX_SOH]; /* the SSoH under construction */
    uint8_t frame[NAPIPC_MAX_FRAME];
};

#endif
