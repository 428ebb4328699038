/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * The agent's report of its state, held against the model.
 */
#include "tests/fuzz/model.h"

static void check_members(void)
{
    struct napipc_list_components_reply list;
    unsigned int i, found = 0, kind;
    bool enabled = false;
    uint16_t k;

    for (i = 0; i < CLIENTS; i++)
    {
        found += members[i].registered;
        require(agent_stored(members[i].kind, members[i].id, &enabled) == members[i].registered);
        require(!members[i].registered || enabled == members[i].enabled);
    }
    for (kind = ENFORCER; kind <= HEALTH_AGENT; kind++)
    {
        list = client_components(administrator, kind, 0);
        for (k = 0; k < list.count; k++, found--)
        {
            i = list.components[k].component.id - 1 + (kind == HEALTH_AGENT ? ENFORCERS : 0);
            require(i < CLIENTS && members[i].registered);
            require(list.components[k].enabled == members[i].enabled);
            require(list.components[k].bound == members[i].bound);
        }
    }
    require(!found);
}

static void check_system(void)
{
    struct napipc_get_state_reply state = client_state(administrator);
    uint32_t expected = NOT_RESTRICTED;
    bool unknown = false;
    unsigned int i, k;

    for (i = 0; i < ENFORCERS; i++)
        for (k = 0; k < OBJECTS; k++)
            if (!usable(&members[i]) && connections[i][k].known)
            {
                if (connections[i][k].object.state > expected)
                    expected = connections[i][k].object.state;
                unknown = unknown || !connections[i][k].object.state;
            }
    require(state.isolation.state == expected);
    require(state.unknown_connections == unknown);
}

/* Requests wait only for the answer of a health agent that is within its deadline, or for a
 * slot. */
static void check_requests(void)
{
    unsigned int i, k, waiting;

    for (i = 0; i < ENFORCERS * OPEN_MAX; i++)
    {
        const struct request *request = &requests[0][0] + i;

        for (k = waiting = 0; k < AGENTS && request->open; k++)
        {
            const struct member *health = &members[ENFORCERS + k];
            const struct question *question = question_of(request, health);

            if (question ? question->settled : !request->part[k].in || request->part[k].settled)
                continue;
            waiting++;
            require(question || may_wait(health, i / OPEN_MAX));
        }
        require(!request->open || waiting);
    }
    for (k = ENFORCERS; k < CLIENTS; k++)
    {
        bool all = true;

        for (i = 0; i < ENFORCERS; i++)
            all = all && !may_wait(&members[k], i);
        require(members[k].parts <= members[k].parts_max);
        require(!all || members[k].parts >= members[k].parts_min);
    }
}

void check_state(void)
{
    check_requests();
    check_members();
    check_system();
}
