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
    uint32_t (*process_id)(void *context, void *client);
    /* May this client change registrations? */
    bool (*is_administrator)(void *context, void *client);
    /* Write through: when it returns, the change is stored. The result is an HRESULT. */
    uint32_t (*save_component)(void *context, uint32_t kind,
        const struct napipc_component *component, bool enabled);
    uint32_t (*erase_component)(void *context, uint32_t kind, uint32_t id);
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

#define ENGINE_DEFAULT_RETRY_DELAY 1000
#define ENGINE_DEFAULT_RETRY_DELAY_MAX 60000

/* Everything given is copied. Returns NULL when memory is short. */
struct engine *engine_create(const struct engine_host *host, void *context,
    const struct engine_machine *machine, const struct engine_settings *settings);
/* Takes NULL. Open sessions go too. */
void engine_destroy(struct engine *engine);

/* Adds a component that the store already holds. False: a duplicate, or no memory or place. */
bool engine_add_component(struct engine *engine, uint32_t kind,
    const struct napipc_component *component, bool enabled);

/* `client` names the session in calls of the host. NULL when memory is short. */
struct engine_session *engine_open_session(struct engine *engine, void *client);
void engine_close_session(struct engine *engine, struct engine_session *session);
/* Takes one frame. False: it was refused (and logged); the host must close the session. */
bool engine_receive(struct engine *engine, struct engine_session *session, const void *frame,
    size_t size);

/* When engine_run_timers() is due, on the monotonic clock; UINT64_MAX: not before an event. */
uint64_t engine_next_deadline(const struct engine *engine);
void engine_run_timers(struct engine *engine);

#endif
