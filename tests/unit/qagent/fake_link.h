/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The link to the agent as the test controls it. One binding at a time. */
#ifndef WINE_NAP_TESTS_FAKE_LINK_H
#define WINE_NAP_TESTS_FAKE_LINK_H

#include "libs/napclient/napclient.h"

struct fake_link
{
    HRESULT open_result; /* result of agent_link_open(); with RPC_E_DISCONNECTED the link is made */
    bool open;
    bool start; /* as requested */
    uint32_t kind, id;
    uint16_t last_type; /* the last request's type */
};

extern struct fake_link fake_link;

void fake_link_reset(void);
/* Sends a callback of the agent; returns the answer. Its views last until the next call. */
const struct napipc_message *fake_link_ask(const struct napipc_message *message);

#endif
