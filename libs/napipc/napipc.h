/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * The agent protocol: the messages between napagent and the DLLs or napctl.
 *
 * One frame is one message of a message-mode named pipe. docs/protocol.md has the same as tables.
 * This header is pure C11, without transport and Windows types. A message is a plain structure;
 * napipc_encode() writes it, napipc_decode() reads it, and both follow the table of messages
 * (table.h), which names one function per body, so the two directions cannot drift apart.
 *
 * Views: decoding copies nothing. Blobs and strings of a decoded message point
 * into the frame, so the frame must outlive the message. They have no
 * alignment; strings are UTF-16LE code units without a terminator.
 */
#ifndef WINE_NAP_NAPIPC_H
#define WINE_NAP_NAPIPC_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "libs/napipc/table.h"

#define NAPIPC_VERSION 3
#define NAPIPC_TEXT_OF(number) NAPIPC_TEXT_OF_(number)
#define NAPIPC_TEXT_OF_(number) #number
#define NAPIPC_VERSION_TEXT NAPIPC_TEXT_OF(NAPIPC_VERSION)
#define NAPIPC_HEADER_SIZE 16
/* The maximum size of a frame in bytes, in either direction. */
#define NAPIPC_MAX_FRAME (128 * 1024)
/* Entries per page of a list; see the `more` fields. */
#define NAPIPC_COMPONENTS_PER_PAGE 8
#define NAPIPC_CONNECTIONS_PER_PAGE 32
#define NAPIPC_RAS_PER_PAGE 6

/* Milliseconds a client has to answer a callback, unless an administrator sets another value. */
#define NAPIPC_DEFAULT_CALLBACK_DEADLINE 5000

/* Limits of naptypes.h and napenforcementclient.h, in their units. */
#define NAPIPC_MAX_STRING 1024
#define NAPIPC_MAX_PRIVATE_DATA 200
#define NAPIPC_MAX_CONNECTIONS 20
#define NAPIPC_MAX_COMPONENTS 20
#define NAPIPC_MAX_SOH 65535
/* One health agent's SoH; two of them must fit a frame. */
#define NAPIPC_MAX_AGENT_SOH 60000

/* NAPIPC_BIND and so on. The answer to a request or callback has NAPIPC_REPLY added. */
enum napipc_type
{
#define ANSWERED(name, number, needs, fields, reply_fields, handler) NAPIPC_##name = number,
#define UNANSWERED(name, number, fields) NAPIPC_##name = number,
    NAPIPC_MESSAGES(ANSWERED, ANSWERED, UNANSWERED)
#undef ANSWERED
#undef UNANSWERED

            NAPIPC_REPLY = 0x8000
};

enum napipc_form
{
    NAPIPC_REQUEST = 1, /* from a client; the agent answers */
    NAPIPC_CALLBACK,    /* from the agent to a bound client, which answers */
    NAPIPC_NOTIFICATION /* from the agent to a watcher; not answered */
};

/* What a client must be to send a request or to get a callback. */
enum napipc_need
{
    NAPIPC_NEEDS_NOTHING,
    NAPIPC_NEEDS_BINDING,             /* bound to any component */
    NAPIPC_NEEDS_ENFORCEMENT_BINDING, /* bound to an enforcement client, enabled or not */
    NAPIPC_NEEDS_ENFORCEMENT_CLIENT,  /* bound to an enforcement client that is enabled */
    NAPIPC_NEEDS_HEALTH_BINDING,      /* the same for health agents */
    NAPIPC_NEEDS_HEALTH_AGENT,
    NAPIPC_NEEDS_DIALED_OR_ADMINISTRATOR, /* the RAS connection was dialed, or as below */
    NAPIPC_NEEDS_ADMINISTRATOR            /* its process has an administrator's rights */
};

enum napipc_kind
{
    NAPIPC_ENFORCEMENT_CLIENT = 1, /* QEC */
    NAPIPC_HEALTH_AGENT = 2        /* SHA */
};

/* A GUID in the byte order of Windows memory. */
struct napipc_guid
{
    uint8_t bytes[16];
};

/* CorrelationId: connId, then timeStamp as a FILETIME (100-ns intervals since 1601). */
struct napipc_correlation
{
    struct napipc_guid conn_id;
    uint64_t time_stamp;
};

struct napipc_blob
{
    const uint8_t *data;
    uint32_t size; /* bytes */
};

struct napipc_string
{
    const uint8_t *units; /* UTF-16LE, unaligned, not terminated */
    uint16_t length;      /* code units */
};

/* NapComponentRegistrationInfo */
struct napipc_component
{
    uint32_t id;
    struct napipc_string friendly_name;
    struct napipc_string description;
    struct napipc_string version;
    struct napipc_string vendor_name;
    struct napipc_guid info_clsid;
    struct napipc_guid config_clsid;
    uint64_t registration_date; /* FILETIME */
    uint32_t component_type;
};

/* IsolationInfoEx */
struct napipc_isolation
{
    uint32_t state;          /* IsolationState */
    uint32_t extended_state; /* ExtendedIsolationState */
    uint64_t probation_end;  /* FILETIME; 0: none */
    struct napipc_string failure_url;
};

struct napipc_bind
{
    uint32_t kind; /* enum napipc_kind */
    uint32_t id;
    bool again; /* the client was bound before and lost the agent */
};

struct napipc_soh_request
{
    struct napipc_blob private_data; /* what the connection object carries, or empty */
    struct napipc_guid connection_id;
    uint32_t max_size; /* bytes */
    uint64_t object;   /* identifies the connection object while that exists; 0: none */
};

struct napipc_soh_request_reply
{
    bool retrigger_hint;
    uint8_t flags; /* for SetFlags */
    struct napipc_correlation correlation;
    struct napipc_blob private_data;
    struct napipc_blob soh;
};

struct napipc_soh_response
{
    struct napipc_blob private_data;
    struct napipc_guid connection_id;
    struct napipc_blob soh;
};

struct napipc_soh_response_reply
{
    struct napipc_blob private_data;
    struct napipc_isolation isolation;
    uint16_t shv_count;      /* installed SHVs the response named, at most 20; 0: it named none */
    struct napipc_blob shvs; /* shv_count ids of 4 bytes, little-endian */
};

struct napipc_connection_down
{
    struct napipc_blob private_data;
};

struct napipc_register
{
    uint32_t kind;
    struct napipc_component component;
};

struct napipc_component_id
{
    uint32_t kind;
    uint32_t id;
};

struct napipc_set_enabled
{
    uint32_t kind;
    uint32_t id;
    bool enabled;
};

struct napipc_list_components
{
    uint32_t kind;
    uint32_t after; /* 0 for the first page, then the last id of the previous page */
};

#define NAPIPC_MAX_FIXUP_CODES 16

/* FixupInfo */
struct napipc_fixup
{
    uint32_t state; /* FixupState */
    uint8_t percentage;
    uint32_t message_id;
    uint16_t code_count;
    uint32_t codes[NAPIPC_MAX_FIXUP_CODES];
};

#define NAPIPC_MAX_RESULT_CODES 16

/* The state of a health agent; unused for an enforcement client. */
struct napipc_health
{
    bool fixup_known; /* the health agent is bound and has reported its fix-up */
    struct napipc_fixup fixup;
    bool judged;              /* a server has judged it; the rest is the latest verdict */
    uint8_t failure_category; /* FailureCategory */
    uint16_t code_count;      /* of `codes`, the first compliance result codes */
    uint32_t codes[NAPIPC_MAX_RESULT_CODES];
};

struct napipc_listed_component
{
    struct napipc_component component;
    bool enabled;
    bool bound;
    struct napipc_health health;
};

struct napipc_list_components_reply
{
    bool more;
    uint16_t count;
    struct napipc_listed_component components[NAPIPC_COMPONENTS_PER_PAGE];
};

struct napipc_get_state_reply
{
    bool unknown_connections;
    struct napipc_isolation isolation;
    uint32_t process_id;          /* the agent's */
    uint64_t started;             /* FILETIME */
    uint16_t enforcement_clients; /* registered */
    uint16_t enforcement_clients_enabled;
    uint16_t health_agents;
    uint16_t connections; /* up */
    bool group_policy;    /* it decides which enforcement clients are enabled */
};

struct napipc_list_connections
{
    uint32_t after; /* 0 for the first page, then the last number of the previous page */
};

struct napipc_listed_connection
{
    uint32_t number; /* assigned by the agent, ascending; for paging */
    uint32_t enforcement_client;
    uint32_t process_id; /* of the enforcement client */
    struct napipc_guid connection_id;
    struct napipc_correlation correlation; /* of the latest exchange */
    bool pending;                          /* a response is awaited */
    bool known;                            /* `isolation` is a server's decision */
    struct napipc_isolation isolation;
};

struct napipc_list_connections_reply
{
    bool more;
    uint16_t count;
    struct napipc_listed_connection connections[NAPIPC_CONNECTIONS_PER_PAGE];
};

struct napipc_isolation_changed
{
    struct napipc_isolation isolation; /* of the system, now */
};

/* One connection that an enforcement client reports. */
struct napipc_reported_connection
{
    struct napipc_blob private_data;
    struct napipc_guid connection_id;
    struct napipc_isolation isolation;
};

struct napipc_get_connections_reply
{
    uint16_t count;
    struct napipc_reported_connection connections[NAPIPC_MAX_CONNECTIONS];
};

/*
 * Asks a health agent for its SoH. An SoH is a sequence of attributes as in an SoHReportEntry: u16
 * type, u16 size, value, all big-endian; the first is the System-Health-Id. An empty blob is no
 * SoH.
 */
struct napipc_agent_get_soh
{
    struct napipc_correlation correlation;
    struct napipc_blob cached;   /* the cached SoH of this health agent */
    struct napipc_blob previous; /* its last SoH on this connection, for comparison */
};

struct napipc_agent_get_soh_reply
{
    bool cache; /* cacheSohForLaterUse */
    /* Is the SoH the same as `previous`, by CompareSoHRequests or byte for byte? */
    bool same;
    struct napipc_blob soh; /* empty: none was set */
};

struct napipc_agent_process_response
{
    struct napipc_correlation correlation;
    uint8_t flags; /* shaFixup */
    struct napipc_blob soh;
};

/* The status is that of GetFixupInfo, or of ProcessSoHResponse if that failed. */
struct napipc_agent_fixup_reply
{
    struct napipc_fixup fixup;
};

struct napipc_agent_orphaned
{
    struct napipc_correlation correlation;
};

#include "libs/napipc/ras.h"
#include "libs/napipc/rras.h"
#include "libs/napipc/validator.h"
#include "libs/napipc/information.h"

struct napipc_message
{
    uint16_t type;   /* enum napipc_type, NAPIPC_REPLY included */
    uint32_t call;   /* chosen by the sender, repeated in the answer; never 0 */
    uint32_t status; /* HRESULT in replies, 0 in requests; a reply with a failure has no body */
    union
    {
        struct napipc_bind bind;
        struct napipc_soh_request soh_request;
        struct napipc_soh_request_reply soh_request_reply;
        struct napipc_soh_response soh_response;
        struct napipc_soh_response_reply soh_response_reply;
        struct napipc_connection_down connection_down;
        struct napipc_register reg;
        struct napipc_component_id component_id;
        struct napipc_set_enabled set_enabled;
        struct napipc_list_components list_components;
        struct napipc_list_components_reply list_components_reply;
        struct napipc_get_state_reply get_state_reply;
        struct napipc_list_connections list_connections;
        struct napipc_list_connections_reply list_connections_reply;
        struct napipc_get_connections_reply get_connections_reply;
        struct napipc_isolation_changed isolation_changed;
        struct napipc_agent_get_soh agent_get_soh;
        struct napipc_agent_get_soh_reply agent_get_soh_reply;
        struct napipc_agent_process_response agent_process_response;
        struct napipc_agent_fixup_reply agent_fixup_reply;
        struct napipc_agent_orphaned agent_orphaned;
        struct napipc_ras_list ras_list;
        struct napipc_ras_list_reply ras_list_reply;
        struct napipc_ras_handle ras_handle; /* GET, NAP_STATUS, REMOVE, HANG_UP, CLEAR */
        struct napipc_ras_get_reply ras_get_reply;
        struct napipc_ras_nap_status_reply ras_nap_status_reply;
        struct napipc_ras_add ras_add;
        struct napipc_ras_add_reply ras_add_reply;
        struct napipc_ras_patterns ras_patterns; /* and the answer to GET_PATTERNS */
        struct napipc_ras_changed ras_changed;
        struct napipc_ras_dial ras_dial;
        struct napipc_ras_dial_reply ras_dial_reply;
        struct napipc_ras_dial_next ras_dial_next;
        struct napipc_ras_dial_next_reply ras_dial_next_reply;
        struct napipc_rras_add rras_add;
        struct napipc_rras_add_reply rras_add_reply;
        struct napipc_rras_update rras_update;
        struct napipc_rras_select rras_select;
        struct napipc_rras_count_reply rras_count_reply;
        struct napipc_rras_list rras_list;
        struct napipc_rras_list_reply rras_list_reply;
        struct napipc_rras_set_server rras_set_server;
        struct napipc_rras_server_reply rras_server_reply;
        struct napipc_validator_register validator_register;
        struct napipc_validator_id validator_id;
        struct napipc_validator_mapping validator_mapping;
        struct napipc_validator_enabled validator_enabled;
        struct napipc_validator_list validator_list;
        struct napipc_validator_list_reply validator_list_reply;
        struct napipc_validate validate;
        struct napipc_validate_reply validate_reply;
        struct napipc_judge judge;
        struct napipc_judge_reply judge_reply;
        struct napipc_component_info component_info;
        struct napipc_component_info_reply component_info_reply;
        struct napipc_component_config_reply component_config_reply;
    };
};

enum napipc_result
{
    NAPIPC_OK,
    NAPIPC_BAD_FRAME,   /* malformed: the sender loses the connection */
    NAPIPC_BAD_VERSION, /* well-formed header of another protocol version */
    NAPIPC_BAD_MESSAGE  /* from napipc_encode(): the message exceeds its limits */
};

/*
 * Writes `message` into `frame` (`capacity` bytes) and its size in bytes into *size. A reply whose
 * status is a failure is written without a body. Returns NAPIPC_OK or NAPIPC_BAD_MESSAGE (a string,
 * blob or list over its limit, an unknown type or kind, call 0, a status in a request, or
 * `capacity` too small); then *size is unchanged and the content of `frame` undefined.
 */
enum napipc_result napipc_encode(
        const struct napipc_message *message, void *frame, size_t capacity, size_t *size);

/*
 * Reads the frame of `size` bytes. Everything is checked: length against the header, type, counts,
 * string and blob lengths, booleans, and that no byte is left over. Returns NAPIPC_OK;
 * NAPIPC_BAD_VERSION with only *version set; or NAPIPC_BAD_FRAME with *why, a constant English
 * text. `version` and `why` may be NULL; `frame` may if `size` is 0.
 */
enum napipc_result napipc_decode(const void *frame, size_t size, struct napipc_message *message,
        uint16_t *version, const char **why);

/*
 * Writes the answer to a client whose first frame is not read, because it is of another protocol
 * version or its process has too many connections. It is a bare header with our version and the
 * status: the one frame that every version must be able to read. `frame` holds NAPIPC_HEADER_SIZE
 * bytes.
 */
void napipc_encode_refusal(uint32_t status, void *frame);

/*
 * The size in bytes of the frame that napipc_encode() would write; 0 if it would return
 * NAPIPC_BAD_MESSAGE.
 */
size_t napipc_frame_size(const struct napipc_message *message);

/* A row of the table of messages. */
struct napipc_row
{
    uint16_t type; /* enum napipc_type, without NAPIPC_REPLY */
    const char *name;
    enum napipc_form form;
    enum napipc_need needs;
    const char *method; /* of the client's program, or NULL */
    bool has_fields;
    bool reply_has_fields;
};

/* The row of `type`, with or without NAPIPC_REPLY, or NULL if there is no such message. */
const struct napipc_row *napipc_row(uint16_t type);

/* The next type after `type` in ascending order, replies last; 0 after the last one. Starting with
 * 0 gives all types. */
uint16_t napipc_next_type(uint16_t type);

#endif
