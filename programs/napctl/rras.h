/*
 * rras: the connections of this machine as a remote access server. The command
 * line (rras.c), whole files of commands (rras_load.c), and lists (rras_list.c).
 */
#ifndef WINE_NAP_NAPCTL_RRAS_H
#define WINE_NAP_NAPCTL_RRAS_H

#include "programs/napctl/options.h"

/*
 * Does "add", "update" or "remove", the word; `start` as in agent_process_call(). Says what it did
 * on stdout. False: *why says what was wrong; *hr is the agent's word, S_OK if the fault is the
 * command's.
 */
bool rras_do(bool (*start)(void), const WCHAR *word, const struct rras_options *options,
    HRESULT *hr, char why[WHY_SIZE]);

#define RRAS_E_FULL ((HRESULT)0x80070718) /* ERROR_NOT_ENOUGH_QUOTA: as many as there may be */

const char *rras_quarantine_name(uint8_t state);

#endif
