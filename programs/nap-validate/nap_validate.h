/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * nap-validate: a health policy server for hosts, without Wine and without an agent. It judges
 * statements of health by a policy file: one in a file, one in RADIUS attributes, or those that
 * FreeRADIUS sends over a socket.
 *
 *   main.c     options
 *   file.c     the policy; a statement in a file
 *   radius.c   RADIUS attributes of [MS-RNAP], as text
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

/* ---- log.c ---- */

/* Prints "nap-validate: TEXT" to stderr, as one line without control characters. */
void complain(const char *format, ...) __attribute__((format(printf, 1, 2)));
uint64_t filetime_now(void);

/* ---- file.c: a message is printed if they fail; "-" is standard input or output ---- */

bool read_policy(const char *name, struct policy *policy);
/* Reads a request, judges it, writes the response; returns the exit code. */
int validate_file(const struct policy *policy, const char *request, const char *response);

/* ---- radius.c ---- */

/* The most bytes of attributes in one line: those of the largest request, in hexadecimal, and what
 * stands between them. A RADIUS packet has 4,096 bytes at most. */
#define RADIUS_MAX_VALUES 140000
/* The answer, with a NUL: at most an Access-Accept's attributes and the rebuilt statement. */
#define RADIUS_MAX_ANSWER 160000

/*
 * Judges the statement of health in the values of an Access-Request's MS-Quarantine-SOH attributes:
 * hexadecimal, with or without 0x, in the packet's order, with blanks or commas between them.
 * Writes the answer as lines:
 *
 *     compliant, not-compliant or rejected
 *     reply NAME = VALUE     an attribute for the Access-Accept
 *     request NAME = VALUE   an attribute for the Access-Request, in the place of those of that
 *                            name: the statement for FreeRADIUS's decoder
 *
 * and returns the exit code. "rejected" stands alone, and why is printed; the access server must
 * get an Access-Reject.
 */
int radius_answer(const struct policy *policy, const char *values, size_t size,
        char answer[RADIUS_MAX_ANSWER]);

/* ---- server.c ---- */

/*
 * Answers on a Unix socket until SIGTERM or SIGINT. A client sends lines of values and gets for
 * each the lines of the answer and an empty one. SIGHUP reads the policy again; if that fails, the
 * old one counts. Returns the exit code.
 */
int serve(const char *path, const char *policy_name, struct policy *policy);

#endif
