/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * The isolation state of a connection object: as IsolationInfoEx, but with its own
 * copy of the URL.
 */
#ifndef WINE_NAP_QAGENT_ISOLATION_H
#define WINE_NAP_QAGENT_ISOLATION_H

#include "qagent.h"

struct isolation
{
    IsolationState state;
    ExtendedIsolationState extended;
    ProbationTime probation_end;
    UINT16 url_length;
    WCHAR url[maxStringLength]; /* an array: storing the agent's decision allocates nothing */
};

/* Copies what a program passed. E_INVALIDARG: an unknown state, or a URL that is too long. */
HRESULT isolation_init(struct isolation *isolation, const IsolationInfoEx *info);
/* A copy in task memory; *info is NULL on failure. */
HRESULT isolation_describe(const struct isolation *isolation, IsolationInfoEx **info);

#endif
