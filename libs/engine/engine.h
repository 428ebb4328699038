/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * The agent: components, bindings, connections, exchanges and the isolation
 * state, in pure C11.
 *
 * One thread owns an engine and makes every call on it. Whatever is outside -
 * pipes, clocks, the registry, the log - is behind struct engine_host, so the
 * tests drive the same code without Windows. The engine never blocks: a
 * request is answered with host->send() when its answer is there.
 *
 *   engine_create, engine_add_component for what the store holds
 *   engine_open_session       a client connected
 *   engine_receive            a frame of that client came
 *   engine_close_session      its connection ended, whatever the reason
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

/* What the SSoH says of this machine. */
struct engine_machine
{
    uint32_t os_major;
    uint32_t os_minor;
    uint32_t os_build;
    uint16_t service_pack_major;
    uint16_t service_pack_minor;
    uint16_t processor;   /* PROCESSOR_ARCHITECTURE_*: 0 x86, 9 x64 */
    uint8_t product_type; /* VER_NT_*: 1 workstation, 2 domain controller, 3 server */
    char name[256];       /* UTF-8; empty: not known, and SSoHs do not say it */
};

#define ENGINE_INTERFACE_NAME_MAX 64 /* bytes, with the NUL */

enum engine_interface_kind
{
    ENGINE_INTERFACE_OTHER, /* the host does not tell */
    ENGINE_INTERFACE_ETHERNET,
    ENGINE_INTERFACE_LOOPBACK,
    ENGINE_INTERFACE_BRIDGE,
    ENGINE_INTERFACE_PPP,
    ENGINE_INTERFACE_SLIP,
    ENGINE_INTERFACE_TUN,
    ENGINE_INTERFACE_WIREGUARD
};

/* A network interface of the host, as it is now. Addresses are in network byte order, zero where
 * there is none. Counters are since the interface came to be. */
struct engine_interface
{
    char name[ENGINE_INTERFACE_NAME_MAX]; /* UTF-8, unique */
    uint32_t index;                       /* not used twice by the host; 0: not known */
    enum engine_interface_kind kind;
    bool up;        /* switched on, and its other end or its program is there */
    uint32_t mtu;   /* bytes */
    uint64_t speed; /* bit/s; 0: not known, as of most tunnels */
    uint8_t ipv4[4];
    uint8_t ipv4_mask[4];
    uint8_t ipv4_peer[4]; /* of a point-to-point interface */
    uint8_t ipv6[16];     /* global, else of the link */
    uint8_t ipv6_prefix;  /* bits; 0: no address */
    bool ipv6_global;
    uint64_t bytes_in, packets_in, errors_in, drops_in;
    uint64_t bytes_out, packets_out, errors_out, drops_out;
    uint64_t crc_errors, framing_errors, overruns; /* of errors_in */
};

/* A RAS connection as the store keeps it. */
struct engine_ras_record
{
    struct napipc_ras_connection connection;
    uint32_t interface_index;           /* of the host's interface, when it was last seen */
    struct napipc_guid key;             /* of the NAP connection, in PrivateData */
    struct napipc_ras_counters cleared; /* the interface's counters when they were cleared */
};

struct engine_host
{
    /* Milliseconds of a clock that never goes back. */
    uint64_t (*monotonic)(void *context);
    /* The wall clock as a FILETIME. */
    uint64_t (*filetime)(void *context);
    /* A new random GUID. */
    void (*new_guid)(void *context, struct napipc_guid *guid);
    /* Queues a frame for a client; copies it. A client that cannot be sent to is
     * closed by the host later. */
    void (*send)(void *context, void *client, const void *frame, size_t size);
    /* engine_takes_more() was false for this client, and is no longer. */
    void (*take_more)(void *context, void *client);
    uint32_t (*process_id)(void *context, void *client);
    /* May this client change registrations? */
    bool (*is_administrator)(void *context, void *client);
    /* Whatever is saved or erased in between is one change, which is stored at the end: all of it
     * or, if the result is no S_OK, nothing. `keep` false: it is dropped. Not nested. */
    void (*begin_changes)(void *context);
    uint32_t (*end_changes)(void *context, bool keep);
    /* Write through: when it returns, the change is on the disk, or nothing has changed. The
     * result is an HRESULT. */
    uint32_t (*save_component)(
            void *context, uint32_t kind, const struct napipc_component *component, bool enabled);
    uint32_t (*erase_component)(void *context, uint32_t kind, uint32_t id);
    /* The cached SoH of a health agent; size 0 erases it. */
    uint32_t (*save_cache)(void *context, uint32_t id, const void *soh, size_t size);
    /* Also written through. RAS connections by their handles; the last handle that was issued;
     * interface names that count as RAS. */
    uint32_t (*save_ras)(void *context, const struct engine_ras_record *record);
    uint32_t (*erase_ras)(void *context, uint32_t handle);
    uint32_t (*save_ras_handle)(void *context, uint32_t last);
    uint32_t (*save_ras_patterns)(void *context, struct napipc_string patterns);
    /* RRAS: a connection's record as libs/napipc keeps it, written through; size 0 erases it. */
    uint32_t (*save_rras)(void *context, uint32_t id, const void *record, size_t size);
    /* Is the server side on, and which ids may have been used: all below next_id. */
    uint32_t (*save_rras_server)(void *context, bool enabled, uint32_t next_id);
    /* No correlation id has had a time stamp (FILETIME) of this or later. */
    uint32_t (*save_time_stamp)(void *context, uint64_t limit);
    /* Starts the administrator's hook and returns at once. S_OK: engine_hook_ended() comes
     * later with `number`, never from inside this call. HRESULT_FROM_WIN32(ERROR_NOT_FOUND): no
     * hook is configured. Another failure: it could not be started. The `count` arguments are
     * UTF-8, each one an argument of the program. */
    uint32_t (*run_hook)(
            void *context, uint32_t number, const char *const *arguments, unsigned int count);
    /* Lists the host's interfaces; *list is the caller's to free(), *took the microseconds it took.
     * False: not possible now. */
    bool (*interfaces)(
            void *context, struct engine_interface **list, size_t *count, uint32_t *took);
    /* One event for the log; `component` is 0 where none is concerned. */
    void (*log)(void *context, enum engine_level level, uint32_t component, const char *event,
            const char *text);
};

/* Settings that an administrator may change; see docs/administration.md. 0: the default. */
struct engine_settings
{
    uint32_t callback_deadline; /* ms a client has to answer a callback */
    uint32_t retry_delay;       /* ms before a failed NotifySoHChange is tried again; doubles */
    uint32_t retry_delay_max;   /* ms */
    uint32_t process_id;        /* the agent's own, for NAPIPC_GET_STATE */
};

#define ENGINE_GROUP_POLICY_IDS 64

/*
 * What Group Policy says, [MS-GPNAP]; zeroed it says nothing. Where it speaks of enforcement
 * clients at all, what administrators enabled here counts for nothing: "When a NAP client computer
 * receives NAP settings from Group Policy, it will ignore its local settings. For example, it is
 * not possible to enable one NAP enforcement client in Group Policy and another enforcement client
 * in local policy." (Microsoft, "NAP Configuration Overview")
 */
struct engine_group_policy
{
    bool decides; /* the enforcement clients below are enabled, and no others: section 2.3 */
    uint16_t enabled_count;
    uint32_t enabled[ENGINE_GROUP_POLICY_IDS];
    uint32_t agent_deadline; /* ms a health agent has to answer; 0: not said: section 2.5.1 */
    bool mode_header;        /* SSoHs have a mode sub-header: section 2.5.2 */
};

#define ENGINE_DEFAULT_RETRY_DELAY 1000
#define ENGINE_DEFAULT_RETRY_DELAY_MAX 60000

/* Everything given is copied. Returns NULL when memory is short. */
struct engine *engine_create(const struct engine_host *host, void *context,
        const struct engine_machine *machine, const struct engine_settings *settings);
/* The agent ends: that clients lose it from now on says nothing about them. Takes NULL. */
void engine_stop(struct engine *engine);
/* Takes NULL. Open sessions go too. */
void engine_destroy(struct engine *engine);

/* Adds a component that the store already holds. False: a duplicate, or no memory or place. */
bool engine_add_component(struct engine *engine, uint32_t kind,
        const struct napipc_component *component, bool enabled);

/* Gives a health agent that was added the cached SoH that the store holds. False: there is no
 * such agent, the bytes are no SoH of it, or no memory. */
bool engine_add_cached_soh(struct engine *engine, uint32_t id, const void *soh, size_t size);

/* At the start and whenever it has changed. Bindings and exchanges stay as they are; what they may
 * do changes. */
void engine_set_group_policy(struct engine *engine, const struct engine_group_policy *policy);

/* What the store holds of RAS: the last handle issued and the name patterns, then each connection.
 * False: no memory, or a handle that is there. */
bool engine_set_ras(struct engine *engine, uint32_t last_handle, struct napipc_string patterns);
bool engine_add_ras(struct engine *engine, const struct engine_ras_record *record);
/* RRAS: what the store holds, before the first session. False: the record is not sound, a
 * duplicate, or no memory. */
bool engine_add_rras(struct engine *engine, uint32_t id, const void *record, size_t size);
void engine_set_rras_server(struct engine *engine, bool enabled, uint32_t next_id);
/* What save_time_stamp() last stored; 0: nothing. */
void engine_set_time_stamp(struct engine *engine, uint64_t limit);
/* All records are added: those whose host interface has gone are dropped, from the store too. */
void engine_rras_loaded(struct engine *engine);

/* A hook that run_hook() started has ended: RESULT 0 and its exit status, or an HRESULT that says
 * why there is none (ERROR_TIMEOUT: it hung and was ended). */
void engine_hook_ended(struct engine *engine, uint32_t number, uint32_t result, int exit_status);

/* Bytes of memory for a session; the host owns them. */
size_t engine_session_size(void);
/* Opens a session in `memory`, aligned as by malloc(), which it needs until engine_close_session()
 * or engine_destroy(). `client` names the session in calls of the host. */
struct engine_session *engine_open_session(struct engine *engine, void *client, void *memory);
void engine_close_session(struct engine *engine, struct engine_session *session);
/* Takes one frame. False: it was refused (and logged); the host must close the session. */
bool engine_receive(
        struct engine *engine, struct engine_session *session, const void *frame, size_t size);

/* May the host read the next frame of this client? False: more of its GetSoHRequests are under way
 * than it has connections; the engine calls host->take_more() when one is done. */
bool engine_takes_more(struct engine_session *session);

/* When engine_run_timers() is due, on the monotonic clock; UINT64_MAX: not before an event. */
uint64_t engine_next_deadline(const struct engine *engine);
void engine_run_timers(struct engine *engine);

#endif
