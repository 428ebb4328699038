/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* request.c, for agent_binding.c. */
#ifndef WINE_NAP_QAGENT_REQUEST_H
#define WINE_NAP_QAGENT_REQUEST_H

#include "qagent.h"

struct agent_request;

/*
 * The request object for one callback of health agent `id`. For GetSoHRequest,
 * `cached` is the SoH that the agent has cached, or empty. For ProcessSoHResponse,
 * `response` is the response. Their bytes must stay valid until agent_request_end().
 */
HRESULT agent_request_create_asking(SystemHealthEntityId id,
        const struct napipc_correlation *correlation, const struct napipc_blob *cached,
        struct agent_request **request);
HRESULT agent_request_create_answered(SystemHealthEntityId id,
        const struct napipc_correlation *correlation, const struct napipc_blob *response,
        UINT8 flags, struct agent_request **request);
/* For the callback; no reference is added. */
INapSystemHealthAgentRequest *agent_request_interface(struct agent_request *request);
/* Between true and false the calling thread passes the object only to programs in this process,
 * which get the object itself. */
void agent_request_stay_near(struct agent_request *request, bool near_by);
/*
 * Ends the request when the callback has returned: from now on every method
 * returns NAP_E_NOT_PENDING. *soh is the SoH that the health agent set, or empty;
 * it is valid until agent_request_release().
 */
void agent_request_end(struct agent_request *request, struct napipc_blob *soh, bool *cache);
void agent_request_release(struct agent_request *request);

#endif
