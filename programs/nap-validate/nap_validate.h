/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * nap-validate: a health policy server for hosts, without Wine and without an agent. It judges
 * statements of health by a policy file: one in a file, one in the values of RADIUS attributes, or
 * those that FreeRADIUS proxies to it.
 *
 *   main.c     options
 *   file.c     the policy and the secret; a statement in a file
 *   judge.c    a statement, answered by RADIUS attributes of [MS-RNAP]
 *   values.c   --radius: these attributes as text
 *   packet.c   RADIUS packets
 *   server.c   --listen
 *   log.c      messages, the time
 *
 * Exit codes: see enum. Every failure prints one line on stderr.
 */
#ifndef WINE_NAP_NAP_VALIDATE_H
#define WINE_NAP_NAP_VALIDATE_H

#include "libs/policy/policy.h"

enum
{
    EXIT_COMPLIANT = 0,
    EXIT_NOT_COMPLIANT = 1,
    EXIT_USAGE = 2,
    EXIT_BAD_INPUT = 3 /* a malformed policy or statement; a file or socket that does not work */
};

#define STATEMENT_MAX (SOH_CARRIER_SIZE + SOH_MAX_PACKET_SIZE)

/* ---- log.c ---- */

/* Prints "nap-validate: TEXT" to stderr, as one line without control characters. */
void complain(const char *format, ...) __attribute__((format(printf, 1, 2)));
uint64_t filetime_now(void);
#define FILETIME_OF_1970 UINT64_C(116444736000000000)

/* ---- file.c: a message is printed if they fail; "-" is standard input or output ---- */

bool read_policy(const char *name, struct policy *policy);
/* Reads a request, judges it, writes the response; returns the exit code. */
int validate_file(const struct policy *policy, const char *request, const char *response);

/* What nap-validate and its client share; no NUL behind it. */
struct secret
{
    char bytes[256];
    size_t size;
};

/* The secret is the file's line. Fails if everybody may read the file. */
bool read_secret(const char *name, struct secret *secret);

/* ---- judge.c ---- */

/* Of the 4,096 bytes of an Access-Accept, what the answer may use. The rest is for its header and
 * for other attributes. */
#define REPLY_MAX 3800

/* The attributes of Microsoft's (vendor 311) in an answer, as in FreeRADIUS's dictionary. */
enum
{
    MS_QUARANTINE_SESSION_TIMEOUT = 37,
    MS_QUARANTINE_STATE = 45,
    MS_QUARANTINE_GRACE_TIME = 46,
    MS_IPV4_REMEDIATION_SERVERS = 52,
    MS_IPV6_REMEDIATION_SERVERS = 53,
    MS_QUARANTINE_SOH = 55,
    MS_EXTENDED_QUARANTINE_STATE = 57
};

#define RADIUS_VENDOR_SPECIFIC 26
#define RADIUS_VENDOR_MICROSOFT 311
#define RADIUS_VENDOR_HEADER 8 /* type, length, vendor, type, length */

struct judgement
{
    int code;                 /* EXIT_COMPLIANT, EXIT_NOT_COMPLIANT; EXIT_BAD_INPUT: rejected */
    uint8_t reply[REPLY_MAX]; /* attributes for the Access-Accept, as on the wire */
    size_t reply_size;
    uint8_t decoder[STATEMENT_MAX]; /* the statement that FreeRADIUS's decoder may have */
    size_t decoder_size;
};

/*
 * Judges a statement of health, with or without carrier TLV. A rejected one has no attributes; why
 * is printed, and the access server must get an Access-Reject.
 */
void judge(const struct policy *policy, const uint8_t *statement, size_t size, struct judgement *j);

/* ---- values.c ---- */

/*
 * Judges the statement in the values of an Access-Request's MS-Quarantine-SOH attributes:
 * hexadecimal, with or without 0x, in the packet's order, with blanks or commas between them.
 * Prints the answer as lines:
 *
 *     compliant, not-compliant or rejected
 *     reply NAME = VALUE     an attribute for the Access-Accept
 *     request NAME = VALUE   the statement for FreeRADIUS's decoder
 *
 * and returns the exit code.
 */
int validate_values(const struct policy *policy, const char *values);

/* ---- packet.c ---- */

#define RADIUS_MAX_PACKET 4096

/*
 * Answers an Access-Request or a Status-Server with a correct Message-Authenticator. Returns the
 * response's size; or 0 if there is none, and *why says why.
 */
size_t packet_answer(const struct policy *policy, const struct secret *secret,
        const uint8_t *request, size_t size, uint8_t response[RADIUS_MAX_PACKET], const char **why);

/* ---- server.c ---- */

/*
 * Answers RADIUS packets on a UDP port, ADDRESS:PORT, until SIGTERM or SIGINT. SIGHUP reads the
 * policy again; if that fails, the old one counts. Returns the exit code.
 */
int serve(const char *address, const struct secret *secret, const char *policy_name,
        struct policy *policy);

#endif
