/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * The server's side of an exchange, for tests: reads the necessary parts of an SoH request and
 * writes a response. Written from the tables of the SoH format, independently of the agent's
 * reader, so that a mistake there is not repeated here.
 */

#ifndef WINE_NAP_TESTS_RESPONSE_H
#define WINE_NAP_TESTS_RESPONSE_H

#include <stdbool.h>

#include <windows.h>
#include <naptypes.h>

#define NO_PROBATION (~(UINT64)0)
#define RESPONSE_MAX_SIZE 0xffff

/* The content of a response. Zeroed except for the correlation id, state and probation end, it is a
 * plain one. */
struct response
{
    BYTE correlation[24]; /* from the request */
    BYTE state;           /* IsolationState */
    BYTE extended;        /* ExtendedIsolationState */
    UINT64 probation_end; /* FILETIME, or NO_PROBATION */
    const char *url;      /* NULL: none */
    bool mode;            /* with the mode sub-header */
    BYTE intent;          /* in the mode sub-header, if not 1 */
    bool only_mode_id;    /* the correlation id is in the mode sub-header only */
    const UINT32 *shvs;   /* Installed-Shvs */
    unsigned int shv_count;
    unsigned int entries; /* SoHReportEntries, of ids 0x00abc000 and on */
    const UINT32 *ids;    /* the entries' ids, if not those */
    HRESULT result;       /* their Compliance-Result-Codes */
    bool fixup;           /* health agents shall remediate */
    size_t pad_to;        /* 0, or the size of the packet, filled up with attributes */
};

/* Starts a response to this request: its correlation id, not restricted, no probation. False: it is
 * not a request. */
bool response_to(const NetworkSoHRequest *request, struct response *response);
/* Writes the packet; returns its size. `packet` holds RESPONSE_MAX_SIZE bytes. */
size_t response_write(const struct response *response, BYTE *packet);

/* Writes the attributes of entry `i`, its id first; returns their size. `entry` holds
 * RESPONSE_ENTRY_SIZE bytes. */
#define RESPONSE_ENTRY_SIZE 21
size_t response_entry(const struct response *response, unsigned int i, BYTE *entry);

/* The value of a pair of a request (type 1 to 8) and its size; NULL: there is none, or the packet
 * is malformed. */
const BYTE *request_pair(const NetworkSoHRequest *request, BYTE type, size_t *size);
/* Gets the ids of the SoHReportEntries; returns their number, or -1: malformed. */
int request_entries(const NetworkSoHRequest *request, UINT32 ids[20]);

/* Gets the attributes of the entry with this id, its id first, and their size; NULL: it has
 * none. */
const BYTE *request_entry(const NetworkSoHRequest *request, UINT32 id, size_t *size);

/* A FILETIME that many milliseconds from now. */
UINT64 from_now(int ms);

#endif
