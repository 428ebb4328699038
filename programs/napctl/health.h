/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * What the three commands of health share.
 */
#ifndef WINE_NAP_NAPCTL_HEALTH_H
#define WINE_NAP_NAPCTL_HEALTH_H

#include "libs/hosthealth/hosthealth.h"
#include "programs/napctl/napctl.h"

struct health_state
{
    bool installed; /* the service */
    bool automatic; /* it starts by itself */
    bool runs;
    HRESULT agent;   /* the NAP agent's answer, which says: */
    bool registered; /* the health agent is */
    bool enabled;    /* by an administrator */
    bool bound;      /* initialized; by the service, if it runs and the registration is ours */
    bool theirs;     /* another program's registration has the id */
};

void health_state_read(struct health_state *state);

/* The record of the last look. */
struct health_record
{
    bool exists;
    uint64_t time; /* FILETIME */
    struct host_health health;
    struct host_statement statement; /* of [MS-WSH]; of a look that failed too */
};

/* What is reported of a class: of products the error instead of them, or 0. */
uint32_t health_reported(const struct wsh_soh *soh, enum wsh_class health_class);

/* health_json.c: the document. */
void health_json(const struct health_state *state, const struct health_record *record);

#endif
