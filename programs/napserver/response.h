/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * What the answers of validators mean, and the SSoHR that says it.
 */
#ifndef WINE_NAP_NAPSERVER_RESPONSE_H
#define WINE_NAP_NAPSERVER_RESPONSE_H

#include "programs/napserver/question.h"

/* Is this an SoH of the validator that an SSoHR may have? `scratch` has NAPIPC_MAX_SOH bytes. */
bool response_accepts(DWORD id, const struct napipc_blob *soh, BYTE *scratch);

/*
 * Sets what the validator with this answer says, by its failure category mapping. A validator that
 * failed is a failure of the category serverComponent: "If any other error code is returned, then
 * the system assumes serverComponent failure has occurred, and the appropriate mapping is done to
 * pass/fail".
 */
void response_judge(const struct answer *answer, const struct napipc_failure_mapping *mapping,
        struct napipc_judged *judged);

/*
 * Builds the SSoHR of a question that has ended: not restricted if `reply->compliant`, else
 * restricted, with the entries of the `reply->count` judged validators. There is room for 20
 * entries and 65,535 bytes. First come those whose health agent the statement has, of them those
 * that are not content; large ones are left out before small ones. `in_response` says which got in.
 * `packet` has NAPIPC_MAX_SOH bytes. False: not even the system's part has room.
 */
bool response_build(
        const struct question *question, struct napipc_judge_reply *reply, BYTE *packet);

#endif
