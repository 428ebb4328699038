/*
 * rras: the connections of this machine as a remote access server. The command
 * line (rras.c), whole files of commands (rras_load.c), what one command says of
 * a connection (rras_options.c), and lists (rras_list.c).
 */
#ifndef WINE_NAP_NAPCTL_RRAS_H
#define WINE_NAP_NAPCTL_RRAS_H

#include "programs/napctl/napctl.h"

/* What a command says; strings point into the arguments. */
struct rras_options
{
    struct napipc_rras_selector selector; /* kind 0: none given */
    struct napipc_rras_record record;
    uint32_t fields; /* NAPIPC_RRAS_HAS_* of the record */
};

/* Reads `argc` arguments; those without a value before them are a connection's id. False: *why
 * says what is wrong, in `room`. */
bool rras_parse_options(int argc, WCHAR **argv, struct rras_options *options, char *why,
    size_t room);

/*
 * Does "add", "update" or "remove" with its options over an open session. Says what it did on
 * stdout. False: *why says what was wrong; *hr is the agent's word, S_OK if the fault is the
 * command's.
 */
bool rras_do(struct agent_session *session, int argc, WCHAR **argv, HRESULT *hr, char *why,
    size_t room);

#define RRAS_WHY 512    /* bytes for `why` */
#define RRAS_QUOTED 100 /* characters of what was given, in it: what is wrong with them has to fit */
#define RRAS_E_FULL ((HRESULT)0x80070718) /* ERROR_NOT_ENOUGH_QUOTA: as many as there may be */

const char *rras_quarantine_name(uint8_t state);

#endif
