/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What agent_binding.c asks of request.c. */
#ifndef WINE_NAP_QAGENT_REQUEST_H
#define WINE_NAP_QAGENT_REQUEST_H

#include "qagent.h"

struct agent_request;

/*
 * The request object for one callback of health agent `id`. For GetSoHRequest
 * `soh` is what the agent has cached, or empty; for ProcessSoHResponse it is the
 * response. The blob must stay until agent_request_end().
 */
HRESULT agent_request_create_asking(SystemHealthEntityId id,
        const struct napipc_correlation *correlation, const struct napipc_blob *cached,
        struct agent_request **request);
HRESULT agent_request_create_answered(SystemHealthEntityId id,
        const struct napipc_correlation *correlation, const struct napipc_blob *response,
        UINT8 flags, struct agent_request **request);
/* For the callback; no reference is added. */
INapSystemHealthAgentRequest *agent_request_interface(struct agent_request *request);
/* Between the two the calling thread only hands it to a program in an apartment of this process,
 * which is to get the object itself. */
void agent_request_stay_near(struct agent_request *request, bool near_by);
/*
 * The callback has returned: from now on every method is NAP_E_NOT_PENDING. *soh
 * is what the health agent set, or empty, until agent_request_release().
 */
void agent_request_end(struct agent_request *request, struct napipc_blob *soh, bool *cache);
void agent_request_release(struct agent_request *request);

#endif
