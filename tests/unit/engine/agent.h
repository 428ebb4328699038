/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * The agent under test: an engine with a host for tests, whose clocks, store and clients the test
 * controls. Every request goes through frames, like those of a DLL or napctl.
 *
 * There is one agent at a time: an AGENT_TEST has a new one. Host functions allocate nothing, so
 * that a test may let the engine's own allocations fail.
 */
#ifndef WINE_NAP_TESTS_ENGINE_AGENT_H
#define WINE_NAP_TESTS_ENGINE_AGENT_H

#include <test.h>
#include <string.h>

#include "libs/engine/engine.h"
#include "libs/soh/soh.h"

/* HRESULTs by their official names; "NAP Error Constants" and the SDK's winerror.h. */
#define S_OK UINT32_C(0)
#define E_FAIL UINT32_C(0x80004005)
#define E_ACCESSDENIED UINT32_C(0x80070005)
#define E_OUTOFMEMORY UINT32_C(0x8007000E)
#define E_INVALIDARG UINT32_C(0x80070057)
#define E_ALREADY_INITIALIZED UINT32_C(0x800704DF) /* HRESULT_FROM_WIN32(1247) */
#define E_REVISION_MISMATCH UINT32_C(0x8007051A)   /* HRESULT_FROM_WIN32(1306) */
#define E_DISK_FULL UINT32_C(0x80070070)           /* HRESULT_FROM_WIN32(112) */
#define NAP_E_INVALID_PACKET UINT32_C(0x80270001)
#define NAP_E_CONFLICTING_ID UINT32_C(0x80270003)
#define NAP_E_STILL_BOUND UINT32_C(0x80270005)
#define NAP_E_NOT_REGISTERED UINT32_C(0x80270006)
#define NAP_E_NOT_INITIALIZED UINT32_C(0x80270007)
#define NAP_E_MISMATCHED_ID UINT32_C(0x80270008)
#define NAP_E_MAXSIZE_TOO_SMALL UINT32_C(0x8027000B)
#define NAP_E_ENTITY_DISABLED UINT32_C(0x8027000E)
#define NAP_E_NETSH_GROUPPOLICY_ERROR UINT32_C(0x8027000F)

/* IsolationState */
#define NOT_RESTRICTED 1
#define IN_PROBATION 2
#define RESTRICTED 3

#define ENFORCER NAPIPC_ENFORCEMENT_CLIENT
#define HEALTH_AGENT NAPIPC_HEALTH_AGENT

#define AGENT_PROCESS 4711
#define START_TIME UINT64_C(0x01CB3F7F00000000) /* FILETIME at which a test begins */
#define MILLISECONDS(count) ((uint64_t)(count)*10000)
#define SECONDS(count) MILLISECONDS((count)*UINT64_C(1000))

#define CLIENTS_MAX 48
#define SENT_MAX 512
#define LOG_MAX 256
#define STEPS_SIZE 8192
#define STORED_MAX 64
#define RRAS_MAX 80
#define INTERFACES_MAX 16
#define RAS_STORED_MAX 80
#define CACHES_MAX 3

struct client
{
    struct engine_session *session; /* NULL: not connected */
    void *memory;                   /* of the session */
    uint32_t process_id;
    bool administrator;
    uint32_t call;              /* the last one used */
    unsigned int may_say_more;  /* how often the engine closed it */
    unsigned int read, written; /* frames sent to it */
    struct
    {
        size_t offset, size; /* in agent.frames */
    } sent[SENT_MAX];
};

struct agent
{
    struct engine *engine;
    struct engine_machine machine;
    struct engine_settings settings;
    bool inside;        /* the engine is running */
    uint64_t monotonic; /* ms */
    uint64_t filetime;
    uint8_t guids; /* ids handed out */
    struct client clients[CLIENTS_MAX];
    unsigned int client_count;
    /* the store */
    uint32_t store_result;   /* result of a write */
    unsigned int fail_write; /* counts down: the write that makes it 0 fails with E_DISK_FULL */
    bool collecting;         /* between begin_changes() and end_changes(), which is the one write */
    bool collected;          /* something was changed */
    unsigned int writes;     /* from here to hook_result: end_changes() may have to restore it */
    struct
    {
        bool used;
        uint32_t kind, id;
        bool enabled;
    } stored[STORED_MAX];
    struct stored_validator
    {
        uint32_t id; /* 0: none */
        struct napipc_guid clsid;
        struct napipc_failure_mapping mapping;
        bool enabled;
    } validators[NAPIPC_MAX_VALIDATORS + 1];
    /* the health agents' cached SoHs: the last written */
    unsigned int cache_writes;
    uint32_t cache_id;
    size_t cache_size;
    uint8_t cache[4096];
    struct /* the stored SoH of each id up to CACHES_MAX */
    {
        size_t size;
        uint8_t soh[32]; /* the first bytes only */
    } caches[CACHES_MAX + 1];
    /* RAS connections in the store */
    struct stored_ras
    {
        struct engine_ras_record record; /* handle 0: none */
        uint8_t text[1024];
    } ras_stored[RAS_STORED_MAX];
    uint32_t ras_last_handle;
    uint8_t ras_patterns[256];
    uint16_t ras_patterns_length;
    /* the RRAS table's store: the last written record of each id */
    struct
    {
        uint32_t id; /* 0: free */
        size_t size;
        uint8_t record[2048];
    } rras[RRAS_MAX];
    unsigned int rras_writes;
    uint32_t rras_booted; /* the last id that ends with the boot */
    bool rras_enabled;
    uint32_t rras_next;
    uint64_t time_stamp_limit;
    unsigned int time_stamp_writes;
    /* the administrator's hook */
    uint32_t hook_result; /* result of starting it */
    unsigned int hooks;   /* number of starts */
    uint32_t hook_number; /* of the last start */
    char hook_arguments[12][64];
    /* the administrator's dialer */
    uint32_t dialer_result; /* result of starting it */
    unsigned int dialers;   /* number of starts */
    uint32_t dialer_number; /* of the last start */
    char dialer_arguments[10][300];
    char dialer_input[1100];
    unsigned int ended_runs; /* ended before their time; the last is: */
    uint32_t ended_run;
    /* the host's interfaces */
    struct engine_interface interfaces[INTERFACES_MAX];
    unsigned int interface_count;
    bool interfaces_unknown;      /* the host cannot list them */
    unsigned int interface_lists; /* how often they were listed */
    uint32_t interfaces_take;     /* microseconds per listing */
    /* the log */
    struct
    {
        enum engine_level level;
        uint32_t component;
        char event[32], text[256];
    } log[LOG_MAX];
    unsigned int log_count;
    /* frames sent and events logged, in order, a line each: "0 SOH_REQUEST reply", "log decided" */
    char steps[STEPS_SIZE];
    size_t steps_size;
    /* frames sent, one after the other */
    uint8_t frames[4 << 20];
    size_t frames_size;
};

extern struct agent agent;

int agent_setup(void);
int agent_teardown(void);
#define AGENT_TEST(name) TEST_WITH(name, agent_setup, agent_teardown)
/* Makes the engine, with the stored state. False: an allocation failed. */
bool agent_start(void);
/* Ends the engine; the clients lose their connections. */
void agent_stop(void);
/* Lets time pass on both clocks, and runs the timers whenever they are due. */
void agent_advance(uint64_t milliseconds);
/* Forgets the steps so far. */
void agent_forget_steps(void);
/* The number of times this event was logged. */
unsigned int agent_logged(const char *event);
/* The text of this event when it was last logged; empty: never. */
const char *agent_log_text(const char *event);
bool agent_stored(uint32_t kind, uint32_t id, bool *enabled);
/* Ends the hook that was started last. */
void agent_hook_ended(uint32_t result, int exit_status);
/* The dialer that was started last writes a line, or ends. */
void agent_dialer_line(const char *line);
void agent_dialer_ended(uint32_t result, int exit_status);
/* Adds an interface of the host, which is up. */
struct engine_interface *agent_interface(
        const char *name, uint32_t index, enum engine_interface_kind kind);

/* ---- clients ---- */

/* A client with a process of its own, with administrator rights. */
struct client *client_connect(void);
/* Connects again after agent_stop() or client_disconnect(). */
void client_reconnect(struct client *client);
void client_disconnect(struct client *client);

/* Gives the engine these bytes as a frame. The result is engine_receive()'s. */
bool client_send_bytes(struct client *client, const void *bytes, size_t size);
/* Sends it a message; the caller sets type, call and body. */
bool client_send(struct client *client, struct napipc_message *message);
/* Takes the next frame sent to it. False: none. */
bool client_next(struct client *client, struct napipc_message *message);
/* The frames sent to it and not taken. */
unsigned int client_waiting(const struct client *client);
/* Sends a request and takes its answer, which must be the next frame. Returns the status. `reply`
 * may be NULL. */
uint32_t client_ask(
        struct client *client, struct napipc_message *request, struct napipc_message *reply);

uint32_t client_register(struct client *client, uint32_t kind, uint32_t id);
uint32_t client_unregister(struct client *client, uint32_t kind, uint32_t id);
uint32_t client_enable(struct client *client, uint32_t kind, uint32_t id, bool enabled);
uint32_t client_bind(struct client *client, uint32_t id);
/* Binds like a client that lost the agent; takes no callback. */
uint32_t client_bind_again(struct client *client, uint32_t id);
uint32_t client_unbind(struct client *client);
uint32_t client_change_failure(struct client *client);
/* The views live until the agent stops. */
struct napipc_get_state_reply client_state(struct client *client);
struct napipc_list_components_reply client_components(
        struct client *client, uint32_t kind, uint32_t after);
struct napipc_list_connections_reply client_connections(struct client *client, uint32_t after);
/* Takes a callback of that type, which must be the next frame, and gives its call number. */
uint32_t client_called(struct client *client, uint16_t type);
/* Answers a callback with a status, and no connections. The result is engine_receive()'s. */
bool client_answer(struct client *client, uint16_t type, uint32_t call, uint32_t status);

/* Registers and enables the enforcement client and binds to it, with a new client. */
struct client *client_bound(uint32_t id);

/* ---- connection objects ---- */

/* The data of an INapEnforcementClientConnection. */
struct object
{
    struct napipc_guid id;
    uint32_t max_size;
    uint8_t private_data[NAPIPC_MAX_PRIVATE_DATA];
    uint32_t private_size;
    bool hint;
    uint8_t flags;
    struct napipc_correlation correlation;
    uint8_t ssoh[4000];
    uint32_t ssoh_size;
    uint32_t state, extended_state;
    uint64_t probation_end;
    uint8_t url[2 * NAPIPC_MAX_STRING];
    uint16_t url_length;
    uint16_t shv_count;
    uint32_t shvs[SOH_MAX_ENTRIES];
};

/* A new object; its ConnectionId is made from `number`, GUID_NULL if that is 0. */
void object_init(struct object *object, uint8_t number);
/* GetSoHRequest. The object changes only on success. */
uint32_t object_get_soh(struct client *client, struct object *object);
/* ProcessSoHResponse. The object changes only on success. */
uint32_t object_process(
        struct client *client, struct object *object, const void *response, size_t size);
/* NotifyConnectionStateDown */
uint32_t object_down(struct client *client, const struct object *object);

/* A server's decision; url may be NULL, probation_end SOH_NO_PROBATION. */
struct decided
{
    uint8_t state, extended_state;
    uint64_t probation_end;
    const char *url;
};

/* Writes the response to the object's SSoH; `response` has SOH_MAX_PACKET_SIZE bytes. */
size_t object_response(
        const struct object *object, const struct decided *decided, uint8_t *response);
/* GetSoHRequest, a server's decision, ProcessSoHResponse; each must succeed. */
void object_decide(struct client *client, struct object *object, const struct decided *decided);
/* Fills one entry of an answer to GetConnections. The object must outlive the message. */
void object_report(const struct object *object, struct napipc_reported_connection *reported);
/* Answers a GetConnections callback with these objects. */
bool client_report(
        struct client *client, uint32_t call, const struct object *objects, uint16_t count);

/* The ASCII text as UTF-16LE; valid until 64 more were made. */
struct napipc_string text(const char *ascii);
/* True if the UTF-16LE string is this ASCII text. */
bool string_is(struct napipc_string string, const char *text);

#endif
