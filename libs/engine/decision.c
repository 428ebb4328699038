/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * The decisions of servers about connections.
 */
#include "libs/engine/decision.h"

#include <stdlib.h>
#include <string.h>

void decision_clear(struct decision *decision)
{
    free(decision->url);
    memset(decision, 0, sizeof(*decision));
}

bool decision_set_url(struct decision *decision, const uint8_t *units, uint16_t length)
{
    uint8_t *copy = NULL;

    if (length)
    {
        if (!(copy = malloc((size_t)length * 2)))
            return false;
        memcpy(copy, units, (size_t)length * 2);
    }
    free(decision->url);
    decision->url = copy;
    decision->url_length = length;
    return true;
}

void decision_describe(const struct decision *decision, struct napipc_isolation *isolation)
{
    isolation->state = decision->state;
    isolation->extended_state = decision->extended_state;
    isolation->probation_end = decision->probation_end;
    isolation->failure_url.units = decision->url;
    isolation->failure_url.length = decision->url_length;
}
