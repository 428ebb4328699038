/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * The isolation state of a connection object, as IsolationInfoEx has it but with a
 * copy of the URL of its own.
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
    WCHAR url[maxStringLength]; /* no memory of its own: what the agent decided must find room */
};

/* A copy of what a program gave. E_INVALIDARG: a state there is not, or a URL that is too long. */
HRESULT isolation_init(struct isolation *isolation, const IsolationInfoEx *info);
/* A copy in task memory; *info is NULL on failure. */
HRESULT isolation_describe(const struct isolation *isolation, IsolationInfoEx **info);

#endif
