/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * The RRAS part of the agent protocol: the connections of this machine as a remote access server.
 * Included by napipc.h, which defines the types used here.
 *
 * A record is what an administrator has stated about a connection. The agent and its store keep it
 * in encoded form, and lists carry the same bytes: listing 16,384 records costs only a copy of
 * each. An entry of a list also has the host's current data.
 */
#ifndef WINE_NAP_NAPIPC_RRAS_H
#define WINE_NAP_NAPIPC_RRAS_H

/* RRAS's 16,384 ports of each of four kinds (PPTP, L2TP, SSTP, IKEv2). */
#define NAPIPC_RRAS_MAX_CONNECTIONS 65536
/* Maximum code units of a string of a record. */
#define NAPIPC_RRAS_MAX_STRING 256
/* Maximum bytes of a record, and of an entry of a list. */
#define NAPIPC_RRAS_MAX_RECORD 5120
#define NAPIPC_RRAS_MAX_ENTRY (NAPIPC_RRAS_MAX_RECORD + 128)

/* RAS_QUARANTINE_STATE */
enum napipc_rras_quarantine
{
    NAPIPC_RRAS_NORMAL = 0,
    NAPIPC_RRAS_QUARANTINE = 1,
    NAPIPC_RRAS_PROBATION = 2,
    NAPIPC_RRAS_NOT_CAPABLE = 3
};

enum napipc_rras_tunnel
{
    NAPIPC_RRAS_PPP = 0,
    NAPIPC_RRAS_IKEV2 = 1
};

struct napipc_rras_counters
{
    uint64_t bytes_in, packets_in; /* received from the client */
    uint64_t bytes_out, packets_out;
    uint64_t crc_errors, framing_errors, overruns;
};

struct napipc_rras_record
{
    struct napipc_guid guid; /* zero in a request: the agent creates one */
    uint64_t since;          /* FILETIME; 0 in a request: now */
    uint64_t probation_end;  /* FILETIME; 0: none */
    uint8_t quarantine;      /* enum napipc_rras_quarantine */
    uint8_t tunnel;          /* enum napipc_rras_tunnel */
    bool outgoing;           /* this machine called, as a demand-dial router */
    /* Inside the tunnel, in network byte order; zero: none. */
    uint8_t ipv4_local[4], ipv4[4];
    uint8_t ipv6_local[16], ipv6[16];
    uint8_t ipv6_prefix; /* bits */
    struct napipc_string user, domain, computer;
    struct napipc_string interface_name; /* of the host, if it has one of that name */
    struct napipc_string port, device_name, device_type;
    struct napipc_string local_endpoint, remote_endpoint; /* outside the tunnel, as text */
    /* Set by the agent; zero in a request. */
    uint32_t interface_index; /* the host's; 0: it had no such interface */
    bool cleared;             /* the statistics were cleared when they were `cleared_at` */
    struct napipc_rras_counters cleared_at;
};

/* The fields of a record that an update sets; each has its own bit, local addresses too. */
enum napipc_rras_field
{
    NAPIPC_RRAS_HAS_GUID = 1 << 0,
    NAPIPC_RRAS_HAS_SINCE = 1 << 1,
    NAPIPC_RRAS_HAS_PROBATION_END = 1 << 2,
    NAPIPC_RRAS_HAS_QUARANTINE = 1 << 3,
    NAPIPC_RRAS_HAS_TUNNEL = 1 << 4,
    NAPIPC_RRAS_HAS_DIRECTION = 1 << 5,
    NAPIPC_RRAS_HAS_IPV4_LOCAL = 1 << 6,
    NAPIPC_RRAS_HAS_IPV4 = 1 << 7,
    NAPIPC_RRAS_HAS_IPV6_LOCAL = 1 << 8,
    NAPIPC_RRAS_HAS_IPV6 = 1 << 9, /* and its prefix */
    NAPIPC_RRAS_HAS_USER = 1 << 10,
    NAPIPC_RRAS_HAS_DOMAIN = 1 << 11,
    NAPIPC_RRAS_HAS_COMPUTER = 1 << 12,
    NAPIPC_RRAS_HAS_INTERFACE = 1 << 13,
    NAPIPC_RRAS_HAS_PORT = 1 << 14,
    NAPIPC_RRAS_HAS_DEVICE_NAME = 1 << 15,
    NAPIPC_RRAS_HAS_DEVICE_TYPE = 1 << 16,
    NAPIPC_RRAS_HAS_LOCAL_ENDPOINT = 1 << 17,
    NAPIPC_RRAS_HAS_REMOTE_ENDPOINT = 1 << 18,
    NAPIPC_RRAS_ALL_FIELDS = (1 << 19) - 1
};

/* How connections are selected. */
enum napipc_rras_selector_kind
{
    NAPIPC_RRAS_BY_ID = 1,
    NAPIPC_RRAS_BY_INTERFACE = 2,
    NAPIPC_RRAS_BY_PORT = 3,
    NAPIPC_RRAS_BY_GUID = 4,
    NAPIPC_RRAS_BY_IPV4 = 5 /* the client's */
};

struct napipc_rras_selector
{
    uint8_t kind; /* enum napipc_rras_selector_kind: which member below counts */
    uint32_t id;
    struct napipc_string name;
    struct napipc_guid guid;
    uint8_t ipv4[4];
};

struct napipc_rras_add
{
    bool keep; /* it does not end with the host's boot */
    struct napipc_rras_record record;
};

struct napipc_rras_add_reply
{
    uint32_t id; /* ascending; never 0, not reused before all have been used */
    struct napipc_guid guid;
};

struct napipc_rras_update
{
    struct napipc_rras_selector selector;
    uint32_t fields; /* NAPIPC_RRAS_HAS_* */
    struct napipc_rras_record record;
};

/* Requests that consist of a selector. */
struct napipc_rras_select
{
    struct napipc_rras_selector selector;
};

struct napipc_rras_count_reply
{
    uint32_t count; /* connections affected; not 0 */
};

struct napipc_rras_list
{
    uint32_t after;   /* 0 for the first page, then the last id of the previous page */
    uint32_t limit;   /* entries wanted; 0: as many as fit */
    bool even_if_off; /* list the connections even if the server side is off */
};

struct napipc_rras_list_reply
{
    uint32_t remaining; /* connections after `after`, including those of this page */
    uint32_t count;
    struct napipc_blob entries; /* `count` of them; napipc_rras_next() reads one */
};

struct napipc_rras_set_server
{
    bool enabled;
};

struct napipc_rras_server_reply
{
    bool enabled;
    uint64_t started; /* FILETIME: when the server side came up; 0: it is off */
    uint32_t connections;
};

/* The host's current data about a connection's interface, minus what was cleared. */
struct napipc_rras_live
{
    bool known;     /* false: it has no interface, and the rest is zero */
    uint64_t speed; /* bit/s; 0: unknown */
    struct napipc_rras_counters counters;
};

struct napipc_rras_entry
{
    uint32_t id;
    struct napipc_rras_record record;
    struct napipc_rras_live live;
};

/* Encodes a record for the store into `bytes` (`capacity` bytes). Returns its size, or 0 if it does
 * not fit or is invalid. */
size_t napipc_rras_write_record(
        const struct napipc_rras_record *record, void *bytes, size_t capacity);
/* Decodes a stored record; its strings point into `bytes`. Returns false if it is invalid. */
bool napipc_rras_read_record(const void *bytes, size_t size, struct napipc_rras_record *record);

/* Writes an entry of a list with the encoded `record`. Returns its size, or 0 if it does not
 * fit. */
size_t napipc_rras_write_entry(uint32_t id, const struct napipc_blob *record,
        const struct napipc_rras_live *live, void *bytes, size_t capacity);
/* Takes the next entry off *rest; its strings point into the frame. Returns false at the end, or if
 * the next entry is invalid. */
bool napipc_rras_next(struct napipc_blob *rest, struct napipc_rras_entry *entry);

#endif
