/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * A stand-in for the agent: this process serves the agent's pipe and answers as a test specifies.
 * Clients take it for the agent because its process id is where `napagent --console` writes its
 * own.
 */
#ifndef WINE_NAP_TESTS_STAND_IN_H
#define WINE_NAP_TESTS_STAND_IN_H

#include "libs/napclient/napclient.h"

#define STAND_IN_DELAY 500 /* ms */

enum stand_in_manner
{
    STAND_IN_ANSWERS,         /* S_OK and zeroes in answer to all requests */
    STAND_IN_BABBLES,         /* the same, and garbage after a request to watch or to bind */
    STAND_IN_CHANGES_TOPIC,   /* the same, and STAND_IN_DELAY later an unrequested notification */
    STAND_IN_IS_OTHER_RELEASE /* rejects everything, like an agent of another protocol version */
};

/* Stops the agent and takes its place; false: it cannot. */
bool stand_in_begin(void);
/* Closes the pipe and starts the agent. */
bool stand_in_end(void);

/* Sets the behaviour from now on; ends the existing connections. */
void stand_in_behave(enum stand_in_manner manner);
/* The number of requests of that type since stand_in_behave(). */
LONG stand_in_count(uint16_t type);
/* Waits until that many have come. */
bool stand_in_await(uint16_t type, LONG count, DWORD timeout);

#endif
