/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * The host of one registered validator: a thread that asks it one question after the other, and
 * naphost, the process in which it runs, which is started for the first question and kept.
 *
 * A process that ends, hangs or answers what is no answer is killed. The next question starts
 * another one, but not before a pause, which grows; until then the validator has failed. The
 * thread waits for the process; whoever asks waits for the question's deadline only.
 */
#ifndef WINE_NAP_NAPSERVER_HOST_H
#define WINE_NAP_NAPSERVER_HOST_H

#include "programs/napserver/question.h"

struct host;

/* NULL: no memory, or no thread. The caller ends it by host_end(). */
struct host *host_create(const CLSID *clsid, DWORD id);
/* Asks; the answer is that of the index. The host has failed at once if there is no memory. */
void host_ask(struct host *host, struct question *question, unsigned int index);
/* Ends the process of a validator that is not asked any more, when its questions are answered. */
void host_rest(struct host *host);
/* Ends process and thread, later: the host is not used any more. */
void host_end(struct host *host);
/* Waits until the hosts that were ended are gone, `timeout` ms at most. */
void hosts_wait(DWORD timeout);

#endif
