/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * rras: the connections of this machine as a remote access server. The command
 * line (rras.c), whole files of commands (rras_load.c), and lists (rras_list.c).
 */
#ifndef WINE_NAP_NAPCTL_RRAS_H
#define WINE_NAP_NAPCTL_RRAS_H

#include "programs/napctl/options.h"

#include <mprerror.h>

/*
 * Runs the command `word`: "add", "update" or "remove". `start` is as in agent_process_call().
 * Prints the id of an added connection. False: `why` is the error message; *hr is the agent's
 * result, or S_OK if the command is wrong.
 */
bool rras_do(bool (*start)(void), const WCHAR *word, const struct rras_options *options,
        HRESULT *hr, char why[WHY_SIZE]);

/* There are as many connections as allowed; there is none of that name or id. */
#define RRAS_E_FULL __HRESULT_FROM_WIN32(ERROR_NOT_ENOUGH_QUOTA)
#define RRAS_E_NO_CONNECTION __HRESULT_FROM_WIN32(ERROR_INTERFACE_NOT_CONNECTED)

const char *rras_quarantine_name(uint8_t state);

#endif
