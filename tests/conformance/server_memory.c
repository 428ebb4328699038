/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Allocation failures in NapServerManagement and NapServerInfo; see qagent_memory.c.
 */

#include "agent.h"
#include "contract.h"
#include "servers.h"
#include "shortage.h"

#define TRY(unchanged, interface, method, ...)                                                     \
    RETRIED(E_OUTOFMEMORY, record(interface, method, __VA_ARGS__), unchanged)

static void a_server(void)
{
    static const FailureCategoryMapping none, given = {{TRUE}};
    static const CLSID some_class = {1, 2, 3, {4}};
    CountedString words = {4, (WCHAR *)L"Name"};
    NapComponentRegistrationInfo info = {.id = SHV_ID,
                                         .friendlyName = words,
                                         .description = words,
                                         .version = words,
                                         .vendorName = words},
                                 *infos;
    INapServerManagement *management;
    FailureCategoryMapping mapping;
    SystemHealthEntityCount count;
    CountedString *texts[3];
    INapServerInfo *server;
    CLSID *clsids;
    int i;

    RETRIED(E_OUTOFMEMORY,
            CoCreateInstance(&CLSID_NapServerManagement, NULL, CLSCTX_INPROC_SERVER,
                    &IID_INapServerManagement, (void **)&management),
            !management);
    RETRIED(E_OUTOFMEMORY,
            CoCreateInstance(&CLSID_NapServerInfo, NULL, CLSCTX_INPROC_SERVER, &IID_INapServerInfo,
                    (void **)&server),
            !server);
    TRY(!texts[0] && !texts[1] && !texts[2], INapServerInfo, GetNapServerInfo, server, &texts[0],
            &texts[1], &texts[2]);
    for (i = 0; i < 3; i++)
    {
        CoTaskMemFree(texts[i]->string);
        CoTaskMemFree(texts[i]);
    }
    TRY(INapServerManagement_UnregisterSystemHealthValidator(management, SHV_ID)
                    == NAP_E_NOT_REGISTERED,
            INapServerManagement, RegisterSystemHealthValidator, management, &info, &some_class);
    TRY(INapServerInfo_GetFailureCategoryMappings(server, SHV_ID, &mapping) == S_OK
                    && !memcmp(&mapping, &none, sizeof(none)),
            INapServerManagement, SetFailureCategoryMappings, management, SHV_ID, given);
    TRY(!memcmp(&mapping, &none, sizeof(none)), INapServerInfo, GetFailureCategoryMappings, server,
            SHV_ID, &mapping);
    TRY(!infos && !clsids && !count, INapServerInfo, GetRegisteredSystemHealthValidators, server,
            &count, &infos, &clsids);
    free_registrations(infos, count);
    CoTaskMemFree(clsids);
    TRY(true, INapServerManagement, UnregisterSystemHealthValidator, management, SHV_ID);
    INapServerInfo_Release(server);
    INapServerManagement_Release(management);
}

TEST(whichever_allocation_for_servers_fails)
{
    shortage_everywhere("NapServerManagement, NapServerInfo", SHORTAGE_HERE, a_server, 10);
}

static int begin(void)
{
    if (FAILED(CoInitializeEx(NULL, COINIT_MULTITHREADED)))
        return 1;
    servers_forget(); /* starts the agent; removes what a crashed program may have left */
    return !shortage_of(L"qsvrmgmt.dll");
}

TEST_MAIN(begin, NULL)
