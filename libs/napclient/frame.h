/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What session.c, watch.c and link.c share. */
#ifndef WINE_NAP_NAPCLIENT_FRAME_H
#define WINE_NAP_NAPCLIENT_FRAME_H

#include "libs/napclient/napclient.h"

/* Decodes a frame from the agent. If that fails, logs why. */
HRESULT agent_frame_decode(const struct agent_frame *frame, struct napipc_message *message);

/* As agent_session_open(). `cancel`, an event or NULL, ends this and later waits for answers with
 * E_ABORT. `timeout`: ms for an answer; 0: the default. */
HRESULT agent_session_open_until(
        struct agent_session *session, bool start, HANDLE cancel, DWORD timeout);
/* Receives the next frame, of any type. HRESULT_FROM_WIN32(ERROR_TIMEOUT): none within `timeout`
 * ms. Whatever the result, the caller may reuse the reply and must clear it in the end. */
HRESULT agent_session_receive(
        struct agent_session *session, DWORD timeout, struct agent_reply *reply);

#endif
