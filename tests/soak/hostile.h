/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * What hostile sessions are made of; one process makes one after another.
 */
#ifndef WINE_NAP_TESTS_HOSTILE_H
#define WINE_NAP_TESTS_HOSTILE_H

#include "live.h"

#include "libs/napclient/napclient.h"

#define LONGEST (NAPIPC_MAX_FRAME + 65536) /* bytes of a message */

/* A connection. One that writes slowly is held with `left` frames to go. */
struct session
{
    HANDLE pipe, event;
    unsigned int left;
};

extern struct hostile_report *report; /* this process's */
extern uint64_t seed;
extern uint8_t bytes[LONGEST]; /* the next that goes */

uint32_t below(uint32_t end);
void fill(void *to, size_t size);
/* Reports what should not be; false, for the caller's convenience. */
bool unexpected(const char *format, ...) __attribute__((format(gnu_printf, 1, 2)));

void random_selector(struct napipc_rras_selector *selector);
/* A request that is well formed and that anybody may make; and the frame of one, in `bytes`. */
void random_request(struct napipc_message *message);
DWORD random_frame(void);
/* Its frame in `bytes`; the size. */
DWORD encode(const struct napipc_message *message);

bool open_session(struct session *session);
void close_session(struct session *session);
/* Writes `size` of `bytes` as one message; false: the agent has closed the connection. */
bool put(struct session *session, DWORD size);
/* Reads on until the agent closes the connection; false: it leaves it open. */
bool is_closed(struct session *session, const char *after);
/* Reads on until an answer comes: true, and it is in *reply; or the connection is closed. */
bool get_answer(struct session *session, struct napipc_message *reply);
/* What the agent says to a request; RPC_E_DISCONNECTED: it closed the connection. */
HRESULT call(struct session *session, struct napipc_message *message, struct napipc_message *reply);
HRESULT bind_as(struct session *session, uint32_t kind, uint32_t id);
/* As HOSTILE_CLIENT, if nobody else is that now. */
bool bind_somehow(struct session *session);

#endif
