/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * The expected state, derived from the pages and not from the agent's code.
 */
#include "agreement.h"

struct model model;

/* "the most restrictive of all connections that are up"; among probations the one that ends
 * first */
static bool restricts_more(const struct verdict *one, const struct verdict *other)
{
    if (one->state != other->state)
        return one->state > other->state;
    if (one->end != other->end) /* a probation without an end comes last */
        return one->end && (!other->end || one->end < other->end);
    return one->extended > other->extended;
}

struct verdict model_system(bool *unknown)
{
    struct verdict most = {isolationStateNotRestricted, extendedIsolationStateNoData, 0};
    bool found = false;
    int e, c;

    *unknown = false;
    for (e = 0; e < ENFORCERS; e++)
        for (c = 0; c < CONNECTIONS; c++)
        {
            const struct connection_model *connection = &model.enforcers[e].connections[c];

            if (!connection->up)
                continue;
            if (!connection->decided)
                *unknown = true;
            else if (!found || restricts_more(&connection->verdict, &most))
            {
                most = connection->verdict;
                found = true;
            }
        }
    return most;
}

void model_update(void)
{
    bool unknown;
    struct verdict now = model_system(&unknown);

    if (verdict_equal(&now, &model.changes[model.change_count - 1]))
        return;
    if (model.change_count == MAX_CHANGES)
        fail("the model has no room for more changes");
    model.changes[model.change_count++] = now;
}

HRESULT model_ask(unsigned int agent)
{
    struct health_model *health = &model.health[agent];

    if (health->bound)
    {
        health->cached = true;
        health->cached_compliant = health->compliant;
    }
    else if (!health->cached)
        return NAP_E_NOT_INITIALIZED;
    return health->cached_compliant ? S_OK : E_FAIL;
}

struct verdict judge(const HRESULT codes[HEALTH_AGENTS], UINT64 end)
{
    struct verdict verdict = {isolationStateNotRestricted, extendedIsolationStateNoData, 0};
    int a;

    for (a = 0; a < HEALTH_AGENTS; a++)
        if (codes[a] == E_FAIL)
        {
            verdict.state = isolationStateRestrictedAccess;
            verdict.extended = extendedIsolationStateInfected;
            verdict.end = 0;
            break;
        }
        else if (FAILED(codes[a]))
        {
            verdict.state = isolationStateInProbation;
            verdict.end = end;
        }
    return verdict;
}
