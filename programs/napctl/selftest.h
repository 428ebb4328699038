/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * selftest: faults of wine-nap in this prefix, and their remedies.
 *
 *   selftest.c         the command, and the order of the checks
 *   selftest_files.c   DLLs and programs: present, intact, of one version, registered
 *   selftest_agent.c   the service, its pipe, and the version of Windows
 *
 * Only the first fault of a file or service is reported: others may follow from it,
 * and are not checked.
 */
#ifndef WINE_NAP_NAPCTL_SELFTEST_H
#define WINE_NAP_NAPCTL_SELFTEST_H

#include "programs/napctl/napctl.h"

struct selftest
{
    struct json *json; /* NULL: text */
    unsigned int faults;
    unsigned int warnings;
};

/* `fault` is the fault's name in JSON, `where` is what has it; the rest is for people. */
void selftest_fault(struct selftest *test, const char *fault, const WCHAR *where,
        const char *remedy, const char *format, ...) __attribute__((format(gnu_printf, 5, 6)));
void selftest_warning(struct selftest *test, const char *warning, const WCHAR *where,
        const char *remedy, const char *format, ...) __attribute__((format(gnu_printf, 5, 6)));
void selftest_ok(struct selftest *test, const WCHAR *where, const char *format, ...)
        __attribute__((format(gnu_printf, 3, 4)));

/* ---- selftest_files.c ---- */

void selftest_files(struct selftest *test);

/* ---- selftest_agent.c ---- */

void selftest_windows(struct selftest *test);
/* False: there is no usable service, so that its pipe is not checked. */
bool selftest_service(struct selftest *test);
void selftest_pipe(struct selftest *test);

#endif
