/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Asks one system health validator, in this process or as a local server, as the page of
 * INapSystemHealthValidator::Validate says. Foreign code may crash or hang the process that does
 * this; so only naphost does.
 */
#ifndef WINE_NAP_SHVHOST_H
#define WINE_NAP_SHVHOST_H

#include <windows.h>
#include <objbase.h>

#include "napsystemhealthvalidator.h"

#include "libs/napipc/napipc.h"

/* "The default timeout for all SHVs is 2000 milliseconds." */
#define SHVHOST_DEFAULT_TIMEOUT 2000

struct shvhost;

/* For the validator of this class and id. The calling thread is in the multithreaded apartment.
 * NULL: no memory. */
struct shvhost *shvhost_create(const CLSID *clsid, SystemHealthEntityId id);
/* Validates. The reply's SoH lives until the next call. The timeout is that of one Validate:
 * loading the validator may take 10 s more, and both may happen twice, if its process has gone.
 * Then or with any other failure the reply's result is one: "serverComponent failure". */
void shvhost_validate(struct shvhost *host, const struct napipc_validate *request,
        struct napipc_validate_reply *reply);

#endif
