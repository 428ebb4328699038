/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * The RAS part of the agent protocol: the connections of this machine as a client. Included by
 * napipc.h, which defines the types used here.
 */
#ifndef WINE_NAP_NAPIPC_RAS_H
#define WINE_NAP_NAPIPC_RAS_H

#define NAPIPC_RAS_MAX_ENTRIES 64 /* that administrators may add */

/* bit/s: the most whole Mbit/s that structures with a 32-bit speed can carry. Programs take
 * MAXDWORD, -1, for no speed. */
#define NAPIPC_SPEED_MAX 4294000000u

/* RAS_Max* of ras.h, in characters without the NUL */
#define NAPIPC_RAS_MAX_ENTRY_NAME 256
#define NAPIPC_RAS_MAX_DEVICE_TYPE 16
#define NAPIPC_RAS_MAX_DEVICE_NAME 128
#define NAPIPC_RAS_MAX_PHONE_NUMBER 128
#define NAPIPC_RAS_MAX_PHONEBOOK 259
#define NAPIPC_RAS_MAX_USER 256
#define NAPIPC_RAS_MAX_INTERFACE 63
#define NAPIPC_RAS_MAX_CALLBACK_NUMBER 128
/* DNLEN and PWLEN of lmcons.h */
#define NAPIPC_RAS_MAX_DOMAIN 15
#define NAPIPC_RAS_MAX_PASSWORD 256

#define NAPIPC_RAS_DIAL_WAIT 15000 /* ms that RAS_DIAL_NEXT waits for a further state */

/* Where a RAS connection comes from. */
enum napipc_ras_source
{
    NAPIPC_RAS_TABLE = 1,  /* an administrator added it */
    NAPIPC_RAS_HOST = 2,   /* an interface of the host */
    NAPIPC_RAS_CLIENT = 3, /* the Remote Access enforcement client's NAP connection */
    NAPIPC_RAS_DIALED = 4  /* a program dialed it */
};

/* RASCONN, and related data */
struct napipc_ras_connection
{
    uint32_t handle;             /* assigned by the agent, never 0; 0 in RAS_ADD */
    uint32_t source;             /* enum napipc_ras_source */
    uint32_t flags;              /* RASCF_* */
    struct napipc_guid id;       /* guidCorrelationId: the ConnectionId of its NAP connection */
    struct napipc_guid entry_id; /* guidEntry */
    uint64_t since;              /* FILETIME */
    struct napipc_string entry_name;
    struct napipc_string phonebook;
    struct napipc_string device_type;
    struct napipc_string device_name;
    struct napipc_string phone_number;
    struct napipc_string user;
    struct napipc_string interface_name; /* of the host; or empty */
};

/* Since the connection came up, or since the counters were cleared. */
struct napipc_ras_counters
{
    uint64_t bytes_out, bytes_in, frames_out, frames_in;
    uint64_t crc_errors, alignment_errors, overruns;
};

/* Addresses in network byte order, zero if there is none. */
struct napipc_ras_link
{
    bool known;     /* the host has the interface; else the rest is zero */
    uint32_t kind;  /* as enum engine_interface_kind of libs/engine */
    uint32_t mtu;   /* bytes */
    uint64_t speed; /* bit/s, 0: unknown */
    uint8_t ipv4[4], ipv4_peer[4];
    uint8_t ipv6[16];
    uint8_t ipv6_prefix; /* bits, 0: no address */
    struct napipc_ras_counters counters;
};

struct napipc_ras_list
{
    uint32_t after; /* 0 for the first page, then the last handle of the previous page */
};

struct napipc_listed_ras
{
    struct napipc_ras_connection connection;
    bool active;
};

struct napipc_ras_list_reply
{
    bool more;
    uint16_t count;
    struct napipc_listed_ras connections[NAPIPC_RAS_PER_PAGE];
};

struct napipc_ras_handle
{
    uint32_t handle;
};

struct napipc_ras_get_reply
{
    struct napipc_ras_connection connection;
    bool active;
    uint64_t duration; /* ms since it came up */
    uint32_t state;    /* RASCS_* */
    uint32_t error;    /* why it is not connected, as RASCONNSTATUS has it; or 0 */
    struct napipc_ras_link link;
};

/* RASNAPSTATE */
struct napipc_ras_nap_status_reply
{
    uint32_t state;         /* IsolationState */
    uint64_t probation_end; /* FILETIME, 0: none */
};

struct napipc_ras_add
{
    bool replace; /* replaces an existing entry of that name and phone book */
    bool keep;    /* it does not end with the host's boot */
    struct napipc_ras_connection connection;
};

struct napipc_ras_add_reply
{
    uint32_t handle;
    struct napipc_guid id;
};

/* Interface names with * and ?, one per line */
struct napipc_ras_patterns
{
    struct napipc_string patterns;
};

struct napipc_ras_dial
{
    struct napipc_ras_connection connection; /* handle, source, interface and since are ignored */
    struct napipc_string domain;
    struct napipc_string callback_number;
    struct napipc_string password;
};

struct napipc_ras_dial_reply
{
    uint32_t handle;
    bool existing; /* the entry is connected already: nothing is dialed */
};

struct napipc_ras_dial_next
{
    uint32_t handle;
    uint32_t seen; /* states that the client has got */
};

/* The state after those that the client has got, or the last one again if there is no other. */
struct napipc_ras_dial_next_reply
{
    uint32_t state; /* RASCS_* */
    uint32_t error; /* that occurred in it, or 0 */
    uint32_t count; /* of states up to this one */
    bool decided;   /* it is the last one: the connection is made, or the attempt has failed */
};

struct napipc_ras_changed
{
    uint32_t handle;
    bool connected;
};

#endif
