/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What session.c, watch.c and link.c share. */
#ifndef WINE_NAP_NAPCLIENT_FRAME_H
#define WINE_NAP_NAPCLIENT_FRAME_H

#include "libs/napclient/napclient.h"

/* Decodes what the agent sent, and says in the log what is wrong with it. */
HRESULT agent_frame_decode(const struct agent_frame *frame, struct napipc_message *message);

/* agent_session_open() that `cancel`, an event or NULL, ends with E_ABORT, as it does with later
 * waiting for answers. An answer has `timeout` ms; 0: the usual time. */
HRESULT agent_session_open_until(
        struct agent_session *session, bool start, HANDLE cancel, DWORD timeout);
/* Receives the next frame, whatever it is. HRESULT_FROM_WIN32(ERROR_TIMEOUT): none within
 * `timeout` ms. The reply is to be cleared, and may be used again, whatever the result. */
HRESULT agent_session_receive(
        struct agent_session *session, DWORD timeout, struct agent_reply *reply);

#endif
