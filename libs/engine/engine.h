/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * The agent: components, bindings, connections, exchanges and the isolation
 * state, in pure C11.
 *
 * One thread owns an engine and makes every call on it. Everything outside - pipes, clocks, the
 * registry, the log - is behind struct engine_host, so the tests drive the same code without
 * Windows. The engine never blocks: it answers a request with host->send() when the answer is
 * ready.
 *
 *   engine_create, engine_add_component for each component in the store
 *   engine_open_session       a client connected
 *   engine_receive            a frame of that client arrived
 *   engine_close_session      its session ended, for any reason
 *   engine_next_deadline, engine_run_timers
 *
 * The host may call engine_close_session() at any time but never from inside
 * one of its own functions that the engine is calling.
 */
#ifndef WINE_NAP_ENGINE_H
#define WINE_NAP_ENGINE_H

#include "libs/napipc/napipc.h"

struct engine;
struct engine_session;

enum engine_level
{
    ENGINE_ERROR = 1,
    ENGINE_WARN,
    ENGINE_INFO,
    ENGINE_TRACE
};

/* What the SSoH says about this machine. */
struct engine_machine
{
    uint32_t os_major;
    uint32_t os_minor;
    uint32_t os_build;
    uint16_t service_pack_major;
    uint16_t service_pack_minor;
    uint16_t processor;   /* PROCESSOR_ARCHITECTURE_*: 0 x86, 9 x64 */
    uint8_t product_type; /* VER_NT_*: 1 workstation, 2 domain controller, 3 server */
    char name[256];       /* UTF-8; empty: unknown, and left out of SSoHs */
};

#define ENGINE_INTERFACE_NAME_MAX 64 /* bytes, with the NUL */

enum engine_interface_kind
{
    ENGINE_INTERFACE_OTHER, /* another kind, or the host does not report it */
    ENGINE_INTERFACE_ETHERNET,
    ENGINE_INTERFACE_LOOPBACK,
    ENGINE_INTERFACE_BRIDGE,
    ENGINE_INTERFACE_PPP,
    ENGINE_INTERFACE_SLIP,
    ENGINE_INTERFACE_TUN,
    ENGINE_INTERFACE_WIREGUARD
};

/* A network interface of the host, as it is now. Addresses are in network byte order, zero if there
 * is none. Counters start when the interface is created. */
struct engine_interface
{
    char name[ENGINE_INTERFACE_NAME_MAX]; /* UTF-8, unique */
    uint32_t index;                       /* never reused by the host; 0: unknown */
    enum engine_interface_kind kind;
    bool up;        /* enabled, and its peer or its program is present */
    uint32_t mtu;   /* bytes */
    uint64_t speed; /* bit/s; 0: unknown, as for most tunnels */
    uint8_t ipv4[4];
    uint8_t ipv4_mask[4];
    uint8_t ipv4_peer[4]; /* of a point-to-point interface */
    uint8_t ipv6[16];     /* global, else link-local */
    uint8_t ipv6_prefix;  /* bits; 0: no address */
    bool ipv6_global;
    uint64_t bytes_in, packets_in, errors_in, drops_in;
    uint64_t bytes_out, packets_out, errors_out, drops_out;
    uint64_t crc_errors, framing_errors, overruns; /* included in errors_in */
};

/* A RAS connection as the store keeps it. */
struct engine_ras_record
{
    struct napipc_ras_connection connection;
    uint32_t interface_index;           /* of the host's interface when it was last seen */
    struct napipc_guid key;             /* of the NAP connection, in PrivateData */
    struct napipc_ras_counters cleared; /* the interface's counters when they were cleared */
    uint32_t keep;                      /* 1: it does not end with the host's boot */
};

struct engine_host
{
    /* Milliseconds of a clock that never goes back. */
    uint64_t (*monotonic)(void *context);
    /* The wall clock as a FILETIME. */
    uint64_t (*filetime)(void *context);
    /* A new random GUID. */
    void (*new_guid)(void *context, struct napipc_guid *guid);
    /* Queues a copy of a frame for a client. If it cannot be sent, the host closes the client
     * later. */
    void (*send)(void *context, void *client, const void *frame, size_t size);
    /* engine_takes_more() was false for this client and is true again. */
    void (*take_more)(void *context, void *client);
    uint32_t (*process_id)(void *context, void *client);
    /* May this client change registrations? */
    bool (*is_administrator)(void *context, void *client);
    /* All that is saved or erased between these two calls is one change. end_changes() stores all
     * of it or, if the result is not S_OK, nothing; `keep` false discards it. Calls do not nest. */
    void (*begin_changes)(void *context);
    uint32_t (*end_changes)(void *context, bool keep);
    /* Written through: on return the change is on the disk, or nothing has changed. Returns an
     * HRESULT. */
    uint32_t (*save_component)(
            void *context, uint32_t kind, const struct napipc_component *component, bool enabled);
    uint32_t (*erase_component)(void *context, uint32_t kind, uint32_t id);
    /* The cached SoH of a health agent; size 0 erases it. */
    uint32_t (*save_cache)(void *context, uint32_t id, const void *soh, size_t size);
    /* Also written through: the registered validators. */
    uint32_t (*save_validator)(void *context, const struct napipc_validator *validator);
    uint32_t (*erase_validator)(void *context, uint32_t id);
    /* Also written through: RAS connections by handle, the last handle issued, and the patterns of
     * interface names that count as RAS connections. */
    uint32_t (*save_ras)(void *context, const struct engine_ras_record *record);
    uint32_t (*erase_ras)(void *context, uint32_t handle);
    uint32_t (*save_ras_handle)(void *context, uint32_t last);
    uint32_t (*save_ras_patterns)(void *context, struct napipc_string patterns);
    /* RRAS: a connection's record as encoded by libs/napipc, written through; size 0 erases it. */
    uint32_t (*save_rras)(void *context, uint32_t id, const void *record, size_t size);
    /* The connection of that id, which is not stored yet, ends with the host's boot. */
    uint32_t (*end_rras_with_boot)(void *context, uint32_t id);
    /* `enabled`: the server side is on. All ids below `next_id` may have been used. */
    uint32_t (*save_rras_server)(void *context, bool enabled, uint32_t next_id);
    /* The time stamps (FILETIME) of all correlation ids so far are before `limit`. */
    uint32_t (*save_time_stamp)(void *context, uint64_t limit);
    /* Starts the administrator's hook and returns at once. S_OK: the host calls engine_hook_ended()
     * with `number` later, never from inside this call. HRESULT_FROM_WIN32(ERROR_NOT_FOUND): no
     * hook is configured. Another failure: it could not be started. Each of the `count` UTF-8
     * strings is one argument of the program. */
    uint32_t (*run_hook)(
            void *context, uint32_t number, const char *const *arguments, unsigned int count);
    /* Starts the administrator's dialer and returns at once, like run_hook(): S_OK means that
     * engine_hook_line() is called for each line that it writes, in order, and then
     * engine_hook_ended(), never from inside this call. `input` is written to its standard input,
     * which is closed then. HRESULT_FROM_WIN32(ERROR_NOT_FOUND): no dialer is configured. */
    uint32_t (*run_dialer)(void *context, uint32_t number, const char *const *arguments,
            unsigned int count, const void *input, size_t input_size);
    /* Ends a run of the dialer before its time; engine_hook_ended() still follows. An unknown
     * number is ignored. */
    void (*end_run)(void *context, uint32_t number);
    /* Lists the host's interfaces. The caller frees *list with free(); *took is the duration in
     * microseconds. Returns false if they cannot be listed now. */
    bool (*interfaces)(
            void *context, struct engine_interface **list, size_t *count, uint32_t *took);
    /* Logs one event; `component` is 0 if the event concerns none. */
    void (*log)(void *context, enum engine_level level, uint32_t component, const char *event,
            const char *text);
};

/* Settings that an administrator may change; see docs/administration.md. 0: the default. */
struct engine_settings
{
    uint32_t callback_deadline; /* ms a client has to answer a callback */
    uint32_t retry_delay;       /* ms before the first retry of a failed callback; doubles */
    uint32_t retry_delay_max;   /* ms */
    uint32_t process_id;        /* the agent's own, for NAPIPC_GET_STATE */
};

#define ENGINE_GROUP_POLICY_IDS 64

/*
 * The settings of Group Policy, [MS-GPNAP]; zeroed if there are none. If Group Policy decides on
 * enforcement clients, what administrators enabled locally is ignored: "When a NAP client computer
 * receives NAP settings from Group Policy, it will ignore its local settings. For example, it is
 * not possible to enable one NAP enforcement client in Group Policy and another enforcement client
 * in local policy." (Microsoft, "NAP Configuration Overview")
 */
struct engine_group_policy
{
    bool decides; /* the enforcement clients below are enabled, and no others: section 2.3 */
    uint16_t enabled_count;
    uint32_t enabled[ENGINE_GROUP_POLICY_IDS];
    uint32_t agent_deadline; /* ms a health agent has to answer; 0: not set: section 2.5.1 */
    bool mode_header;        /* SSoHs have a mode sub-header: section 2.5.2 */
};

#define ENGINE_DEFAULT_RETRY_DELAY 1000
#define ENGINE_DEFAULT_RETRY_DELAY_MAX 60000

/* Copies its arguments. Returns NULL on allocation failure. */
struct engine *engine_create(const struct engine_host *host, void *context,
        const struct engine_machine *machine, const struct engine_settings *settings);
/* The agent is stopping: a session that closes from now on does not count as a lost client. Accepts
 * NULL. */
void engine_stop(struct engine *engine);
/* Closes open sessions too. Accepts NULL. */
void engine_destroy(struct engine *engine);

/* Adds a component from the store. Returns false for a duplicate, at capacity, or on allocation
 * failure. */
bool engine_add_component(struct engine *engine, uint32_t kind,
        const struct napipc_component *component, bool enabled);

/* Adds a validator from the store. Returns false for a duplicate, at capacity, or on allocation
 * failure. */
bool engine_add_validator(struct engine *engine, const struct napipc_validator *validator);

/* Sets the cached SoH of a health agent from the store, after engine_add_component(). Returns false
 * if there is no such health agent, if the bytes are not a valid SoH of it, or on allocation
 * failure. */
bool engine_add_cached_soh(struct engine *engine, uint32_t id, const void *soh, size_t size);

/* Called at startup and whenever Group Policy changes. Bindings and exchanges remain; what they may
 * do changes. */
void engine_set_group_policy(struct engine *engine, const struct engine_group_policy *policy);

/* RAS data from the store: first the last handle issued and the name patterns, then each
 * connection. Returns false on allocation failure, or for an invalid or duplicate handle. */
bool engine_set_ras(struct engine *engine, uint32_t last_handle, struct napipc_string patterns);
bool engine_add_ras(struct engine *engine, const struct engine_ras_record *record);
/* RRAS data from the store, before the first session. Returns false for an invalid record or a
 * duplicate, at capacity, or on allocation failure. */
bool engine_add_rras(struct engine *engine, uint32_t id, const void *record, size_t size);
void engine_set_rras_server(struct engine *engine, bool enabled, uint32_t next_id);
/* The limit that save_time_stamp() last stored; 0: none. */
void engine_set_time_stamp(struct engine *engine, uint64_t limit);
/* Called when all records are added: drops those whose host interface is gone, from the store
 * too. */
void engine_rras_loaded(struct engine *engine);

/* A hook that run_hook() started has ended. If `result` is 0, `exit_status` is its exit status;
 * else `result` is an HRESULT that says why there is none (ERROR_TIMEOUT: it hung and was
 * ended). */
void engine_hook_ended(struct engine *engine, uint32_t number, uint32_t result, int exit_status);
/* A line that a run of the dialer has written to its standard output, in UTF-8, without its end. */
void engine_hook_line(struct engine *engine, uint32_t number, const char *line);

/* The size of a session in bytes. */
size_t engine_session_size(void);
/* Opens a session in `memory`: engine_session_size() bytes, aligned for uint64_t. The host frees
 * them after engine_close_session() or engine_destroy(). `client` identifies the session in calls
 * to the host. */
struct engine_session *engine_open_session(struct engine *engine, void *client, void *memory);
void engine_close_session(struct engine *engine, struct engine_session *session);
/* Takes one frame. Returns false if it was rejected (and logged): the host must close the
 * session. */
bool engine_receive(
        struct engine *engine, struct engine_session *session, const void *frame, size_t size);

/* May the host read the next frame of this client? False while more of its GetSoHRequests are
 * pending than it may have connections; the engine calls host->take_more() when that is over. */
bool engine_takes_more(struct engine_session *session);

/* When engine_run_timers() is due, on the monotonic clock; UINT64_MAX: not before the next
 * event. */
uint64_t engine_next_deadline(const struct engine *engine);
void engine_run_timers(struct engine *engine);

#endif
