/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * The registered validators, each with its host, and what all of them say about one statement of
 * health.
 *
 * Each question begins with napagent's table, so a validator that was registered, enabled or mapped
 * a moment ago is asked so. A validator that is registered anew has another host: one that was left
 * out is asked again. The enabled validators are asked at once, each in its own process, with one
 * deadline for everything: starting the process and loading the validator as well. What a validator
 * does costs only its own answer.
 */
#ifndef WINE_NAP_NAPSERVER_VALIDATORS_H
#define WINE_NAP_NAPSERVER_VALIDATORS_H

#include <windows.h>

#include "libs/napipc/napipc.h"

/* "The default timeout for all SHVs is 2000 milliseconds." */
#define VALIDATORS_DEFAULT_TIMEOUT 2000
#define VALIDATORS_MAX_TIMEOUT 30000 /* ms; a longer one is cut */

/* Sets the ms of a question that names none. */
void validators_set_timeout(DWORD timeout);

/*
 * Asks all enabled validators; from any thread. On success the reply has what each said, by
 * ascending id, and the SSoHR, in `packet` (NAPIPC_MAX_SOH bytes).
 *
 * NAP_E_INVALID_PACKET: the statement is no SSoH. NAP_E_NOT_REGISTERED: there is no enabled
 * validator, so nobody judges. Any other: napagent cannot be asked for its table, or no memory.
 */
HRESULT validators_judge(const struct napipc_judge *request, struct napipc_judge_reply *reply,
        BYTE packet[NAPIPC_MAX_SOH]);

/* Ends all processes. Nobody may ask any more. */
void validators_end(void);

#endif
