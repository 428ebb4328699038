/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* request.c, for health_binding.c. */
#ifndef WINE_NAP_QAGENT_REQUEST_H
#define WINE_NAP_QAGENT_REQUEST_H

#include "qagent.h"

struct health_request;

/*
 * The request object for one callback of health agent `id`. For GetSoHRequest,
 * `cached` is the SoH that the agent has cached, or empty. For ProcessSoHResponse,
 * `response` is the response. Their bytes must stay valid until health_request_end().
 */
HRESULT health_request_create_asking(SystemHealthEntityId id,
        const struct napipc_correlation *correlation, const struct napipc_blob *cached,
        struct health_request **request);
HRESULT health_request_create_answered(SystemHealthEntityId id,
        const struct napipc_correlation *correlation, const struct napipc_blob *response,
        UINT8 flags, struct health_request **request);
/* For the callback; no reference is added. */
INapSystemHealthAgentRequest *health_request_interface(struct health_request *request);
/* Between true and false the calling thread passes the object only to programs in this process,
 * which get the object itself. */
void health_request_stay_near(struct health_request *request, bool near_by);
/*
 * Ends the request when the callback has returned: from now on every method
 * returns NAP_E_NOT_PENDING. *soh is the SoH that the health agent set, or empty;
 * it is valid until health_request_release().
 */
void health_request_end(struct health_request *request, struct napipc_blob *soh, bool *cache);
void health_request_release(struct health_request *request);

#endif
