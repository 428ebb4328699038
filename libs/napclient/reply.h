/* What session.c and link.c share. */
#ifndef WINE_NAP_NAPCLIENT_REPLY_H
#define WINE_NAP_NAPCLIENT_REPLY_H

#include "libs/napclient/napclient.h"

/* ms between two looks for an agent of our version while one of another is there */
#define MISMATCH_PAUSE 30000

/* Decodes what the agent sent, and says in the log what is wrong with it. */
HRESULT agent_frame_decode(const struct agent_frame *frame, struct napipc_message *message);

#endif
