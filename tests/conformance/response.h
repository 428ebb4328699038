/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * The server's side of an exchange, for tests: reads what it must of an SoH
 * request and writes a response. Written from the tables of the SoH format on
 * its own, so that a mistake in the agent's reader is not repeated here.
 */

#ifndef WINE_NAP_TESTS_RESPONSE_H
#define WINE_NAP_TESTS_RESPONSE_H

#include <stdbool.h>

#include <windows.h>
#include <naptypes.h>

#define NO_PROBATION (~(UINT64)0)
#define RESPONSE_MAX_SIZE 0xffff

/* What a response says. Zeroed but for the correlation id, state and probation end, it is a
 * plain one. */
struct response
{
    BYTE correlation[24]; /* as the request has it */
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
    const UINT32 *ids;    /* the entries' ids, if they are others */
    HRESULT result;       /* their Compliance-Result-Codes */
    bool fixup;           /* health agents shall mend what they find */
    size_t pad_to;        /* 0, or the size of the packet, filled up with attributes */
};

/* Starts a response to this request: its correlation id, not restricted, no probation. False:
 * the request is not one. */
bool response_to(const NetworkSoHRequest *request, struct response *response);
/* Writes the packet; its size. `packet` has room for RESPONSE_MAX_SIZE bytes. */
size_t response_write(const struct response *response, BYTE *packet);

/* The attributes of entry `i`, its id first; their size. `entry` has room for RESPONSE_ENTRY_SIZE
 * bytes. */
#define RESPONSE_ENTRY_SIZE 21
size_t response_entry(const struct response *response, unsigned int i, BYTE *entry);

/* The value of a pair of a request (type 1 to 8) and its size; NULL: it is not there, or the
 * packet is not well formed. */
const BYTE *request_pair(const NetworkSoHRequest *request, BYTE type, size_t *size);
/* The ids of the SoHReportEntries; the number of them, or -1: not well formed. */
int request_entries(const NetworkSoHRequest *request, UINT32 ids[20]);

/* The attributes of the entry of this id, its id first, and their size; NULL: it has none. */
const BYTE *request_entry(const NetworkSoHRequest *request, UINT32 id, size_t *size);

/* A FILETIME some milliseconds from now. */
UINT64 from_now(int ms);

#endif
