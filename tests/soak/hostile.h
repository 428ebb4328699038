/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * The parts of hostile sessions; a process makes one session after another.
 */
#ifndef WINE_NAP_TESTS_HOSTILE_H
#define WINE_NAP_TESTS_HOSTILE_H

#include "live.h"

#include "libs/napclient/napclient.h"

#define LONGEST (NAPIPC_MAX_FRAME + 65536) /* bytes of a message */

/* A connection. A slow writer is held with `left` frames to go. */
struct session
{
    HANDLE pipe, event;
    unsigned int left;
};

extern struct hostile_report *report; /* this process's */
extern uint64_t seed;
extern uint8_t bytes[LONGEST]; /* the next to end */

uint32_t below(uint32_t end);
void fill(void *to, size_t size);
/* Reports a fault; returns false, for the caller's convenience. */
bool unexpected(const char *format, ...) __attribute__((format(gnu_printf, 1, 2)));

void random_selector(struct napipc_rras_selector *selector);
/* A valid request that anybody may make; and its frame, in `bytes`. */
void random_request(struct napipc_message *message);
DWORD random_frame(void);
/* Writes its frame to `bytes`; returns the size. */
DWORD encode(const struct napipc_message *message);

bool open_session(struct session *session);
void close_session(struct session *session);
/* Writes `size` of `bytes` as one message; false: the agent has closed the connection. */
bool put(struct session *session, DWORD size);
/* Reads until the agent closes the connection; false: it stays open. */
bool is_closed(struct session *session, const char *after);
/* Reads until an answer comes: true, and it is in *reply; or until the connection is closed. */
bool get_answer(struct session *session, struct napipc_message *reply);
/* The agent's status for a request; RPC_E_DISCONNECTED: it closed the connection. */
HRESULT call(struct session *session, struct napipc_message *message, struct napipc_message *reply);
HRESULT bind_as(struct session *session, uint32_t kind, uint32_t id);
/* Binds as HOSTILE_CLIENT, unless another session is bound to it. */
bool bind_somehow(struct session *session);

#endif
