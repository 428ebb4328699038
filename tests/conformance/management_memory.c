/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Allocation failures in NapClientManagement; see qagent_memory.c.
 */

#include "enforcer.h"
#include "shortage.h"

#define UNKNOWN_SHA_ID 0x00abce7fu /* never registered, as UNKNOWN_ID */

#define TRY(unchanged, call) RETRIED(E_OUTOFMEMORY, call, unchanged)

static void a_management(void)
{
    CountedString words = {4, (WCHAR *)L"Name"};
    NapComponentRegistrationInfo given = {.id = UNKNOWN_ID,
                                         .friendlyName = words,
                                         .description = words,
                                         .version = words,
                                         .vendorName = words,
                                         .componentType = ComponentTypeEnforcementClientSoH},
                                 *infos;
    INapClientManagement2 *management;
    EnforcementEntityCount count;
    IsolationInfoEx *extended;
    IsolationInfo *isolation;
    CountedString *texts[3];
    BOOL unknown;
    int i;

    TRY(!management, CoCreateInstance(&CLSID_NapClientManagement, NULL, CLSCTX_INPROC_SERVER,
                             &IID_INapClientManagement2, (void **)&management));
    TRY(!texts[0] && !texts[1] && !texts[2], INapClientManagement2_GetNapClientInfo(management,
                                                     &unknown, &texts[0], &texts[1], &texts[2]));
    for (i = 0; i < 3; i++)
    {
        CoTaskMemFree(texts[i]->string);
        CoTaskMemFree(texts[i]);
    }
    TRY(!isolation, INapClientManagement2_GetSystemIsolationInfo(management, &isolation, &unknown));
    free_isolation(isolation);
    TRY(!extended, INapClientManagement2_GetSystemIsolationInfoEx(management, &extended, &unknown));
    free_isolation_ex(extended);
    TRY(INapClientManagement2_UnregisterEnforcementClient(management, UNKNOWN_ID)
                    == NAP_E_NOT_REGISTERED,
            INapClientManagement2_RegisterEnforcementClient(management, &given));
    TRY(!infos, INapClientManagement2_GetRegisteredEnforcementClients(management, &count, &infos));
    free_registrations(infos, count);
    TRY(true, INapClientManagement2_UnregisterEnforcementClient(management, UNKNOWN_ID));
    given.id = UNKNOWN_SHA_ID;
    TRY(INapClientManagement2_UnregisterSystemHealthAgent(management, UNKNOWN_SHA_ID)
                    == NAP_E_NOT_REGISTERED,
            INapClientManagement2_RegisterSystemHealthAgent(management, &given));
    TRY(!infos, INapClientManagement2_GetRegisteredSystemHealthAgents(management, &count, &infos));
    free_registrations(infos, count);
    TRY(true, INapClientManagement2_UnregisterSystemHealthAgent(management, UNKNOWN_SHA_ID));
    INapClientManagement2_Release(management);
}

TEST(whichever_allocation_for_management_fails)
{
    shortage_everywhere("NapClientManagement", SHORTAGE_HERE, a_management, 10);
}

static int begin(void)
{
    if (FAILED(CoInitializeEx(NULL, COINIT_MULTITHREADED)))
        return 1;
    /* Starts the agent; removes what a crashed program may have left. */
    unregister_enforcement_client(UNKNOWN_ID);
    unregister_health_agent(UNKNOWN_SHA_ID);
    return !shortage_of(L"qagent.dll");
}

TEST_MAIN(begin, NULL)
