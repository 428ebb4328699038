/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * What tools/hooks/host-health says of the host, as lines KEY=VALUE, and the statement of Windows'
 * own health agent (libs/wsh) that follows from it. docs/administration.md has the lines.
 *
 * napwsha records its last look in a file, which `napctl health` reads: the same lines, and two of
 * its own before them.
 *
 * What is unknown, missing or contradictory becomes an error of [MS-WSH] 2.2.9, and never looks
 * healthy. Nothing here allocates or keeps state between calls.
 */
#ifndef WINE_NAP_HOSTHEALTH_H
#define WINE_NAP_HOSTHEALTH_H

#include "libs/wsh/wsh.h"

/* napwsha, the service that reports this; and the file of its last look, C:\\windows\\Logs\\... */
#define HEALTH_SERVICE_NAME L"napwsha"
#define HEALTH_SERVICE_KEY L"System\\CurrentControlSet\\Services\\napwsha"
#define HEALTH_PARAMETERS_KEY HEALTH_SERVICE_KEY L"\\Parameters"
#define HEALTH_RECORD_FILE L"%SystemRoot%\\Logs\\napwsha.health"
#define HEALTH_RECORD_MAX                                                                          \
    66560 /* bytes: what host-health may print, and the record's own lines                         \
           */

#define HOST_HEALTH_LINE_MAX 250 /* bytes, without the newline */
#define HOST_HEALTH_SEVERITIES 5

/* Keys of the record. */
#define HOST_HEALTH_LOOK_TIME "look.time"   /* FILETIME, decimal */
#define HOST_HEALTH_LOOK_FAULT "look.fault" /* why there are no other lines */

/* Values are NULL if their line lacks. They are printable ASCII. */
struct host_product
{
    const char *name;
    const char *state; /* "on", "off", "unknown" */
    const char *found; /* how it was found out */
    const char *up_to_date;
    const char *signature_age;
};

struct host_class
{
    const char *state;
    const char *name; /* of automatic and security updates: what does it */
    const char *found;
    size_t count; /* of products */
    struct host_product products[WSH_MAX_PRODUCTS];
};

struct host_health
{
    struct host_class classes[WSH_CLASSES];
    const char *since_scan;                      /* of security updates */
    const char *missing[HOST_HEALTH_SEVERITIES]; /* of each severity, the worst first */
    const char *look_time, *look_fault;          /* of a record only */
};

/* The statement, and the names of its products. */
struct host_statement
{
    struct wsh_soh soh;
    uint8_t names[WSH_PRODUCT_CLASSES][WSH_MAX_PRODUCTS][WSH_MAX_NAME_SIZE];
};

/* Why no facts are known. */
enum host_unknown
{
    HOST_NOT_LOOKED, /* there was no look yet */
    HOST_LOOK_FAILED /* host-health did not say */
};

/*
 * Reads lines. `text` has size bytes and is changed: the values of *health point into it. Unknown
 * keys are ignored. Rejected as a whole: a line that is too long, has no newline, no "=" or a byte
 * that is not printable; a key that comes twice; products with gaps or too many of them; lines of
 * which none is about a health class.
 *
 * Returns NULL, or the broken rule (static storage); *line is then its number, from 1, or 0 if no
 * line is at fault. *health is then empty.
 */
const char *host_health_read(
        char *text, size_t size, struct host_health *health, unsigned int *line);

/* The keys of a class and of a severity, from 0: "firewall", "critical". */
const char *host_class_key(enum wsh_class health_class);
const char *host_severity_key(size_t severity);

/* A decimal number. False: it is none, or has more than 9 digits. NULL is none. */
bool host_number(const char *text, uint32_t *number);

/* Fills *statement, which wsh_soh_write() takes, with everything but the flag. The automatic and
 * security updates of the host are what its distribution offers: that counts as Windows Update. */
void host_statement_make(const struct host_health *health, struct host_statement *statement);

/* The same where no facts are known. */
void host_statement_unknown(enum host_unknown why, struct host_statement *statement);

#endif
