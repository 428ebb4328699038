/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * The rights of a program without an administrator's: it may bind and read, but not change a
 * registration. Pages inapclientmanagement-register... and -unregister...: "E_ACCESSDENIED:
 * Permissions error, access denied." It runs as a second process of this program, with a restricted
 * token.
 */

#include "restricted.h"
#include "servers.h"
#include "sha.h"

#include <stdio.h>
#include <string.h>

#define NEW_ID 0x00abcf99u

static INapClientManagement *management;

/* ---- the other process ---- */

static int try_nothing(void)
{
    return !is_administrator();
}

#define asked(method, ...) record(INapClientManagement, method, management, __VA_ARGS__)

static int try_registering(void)
{
    NapComponentRegistrationInfo info = {
            .id = NEW_ID, .componentType = ComponentTypeEnforcementClientSoH};

    return asked(RegisterEnforcementClient, &info) == E_ACCESSDENIED
           && asked(RegisterSystemHealthAgent, &info) == E_ACCESSDENIED
           && asked(UnregisterEnforcementClient, ENFORCER_ID) == E_ACCESSDENIED
           && asked(UnregisterSystemHealthAgent, SHA_ID) == E_ACCESSDENIED
           /* nor does the error reveal what is registered */
           && asked(UnregisterEnforcementClient, NEW_ID) == E_ACCESSDENIED
           && asked(UnregisterSystemHealthAgent, NEW_ID) == E_ACCESSDENIED;
}

/* Pages inapservermanagement-*: "E_ACCESSDENIED: Permissions error, access denied." */
static int try_validators(void)
{
    static const FailureCategoryMapping mapping = {{TRUE}};
    static const CLSID some_class = {1, 2, 3, {4}};
    NapComponentRegistrationInfo info = {.id = SHV_ID};
    INapServerManagement *servers = servers_management();
    INapServerInfo *server = servers_info();
    NapComponentRegistrationInfo *infos;
    SystemHealthEntityCount count;
    CountedString *texts[3];
    CLSID *clsids;

    return servers && server
           && record(INapServerManagement, RegisterSystemHealthValidator, servers, &info,
                      &some_class)
                      == E_ACCESSDENIED
           && record(INapServerManagement, UnregisterSystemHealthValidator, servers, SHV_ID)
                      == E_ACCESSDENIED
           && record(INapServerManagement, SetFailureCategoryMappings, servers, SHV_ID, mapping)
                      == E_ACCESSDENIED
           && record(INapServerInfo, GetRegisteredSystemHealthValidators, server, &count, &infos,
                      &clsids)
                      == S_OK
           && record(INapServerInfo, GetNapServerInfo, server, &texts[0], &texts[1], &texts[2])
                      == S_OK;
}

static int try_napctl(void)
{
    static const WCHAR *const commands[] = {L"enforcement disable 0x00abcd01",
            L"enforcement enable 0x00abcd01", L"agent disable 0x00abce01",
            L"agent enable 0x00abce01"};
    char text[4096];
    size_t i;

    for (i = 0; i < ARRAYSIZE(commands); i++)
        if (napctl_says(commands[i], text, sizeof(text)) != 1
                || !strstr(text, "only an administrator may do this (0x80070005)"))
            return 0;
    return 1;
}

static int try_reading(void)
{
    static char text[65536];
    NapComponentRegistrationInfo *infos;
    CountedString *name, *description, *version;
    IsolationInfo *info;
    BOOL flag;
    UINT16 count;

    if (asked(GetRegisteredEnforcementClients, &count, &infos) != S_OK || !count)
        return 0;
    free_registrations(infos, count);
    if (asked(GetRegisteredSystemHealthAgents, &count, &infos) != S_OK || !count)
        return 0;
    free_registrations(infos, count);
    if (asked(GetSystemIsolationInfo, &info, &flag) != S_OK)
        return 0;
    free_isolation(info);
    if (asked(GetNapClientInfo, &flag, &name, &description, &version) != S_OK)
        return 0;
    return !napctl_says(L"show state", text, sizeof(text)) && strstr(text, "running, process ")
           && !napctl_says(L"show connections", text, sizeof(text));
}

/* An exchange between an enforcement client and a health agent in this process. */
static int try_binding(void)
{
    struct sha *agent = &sha;
    BOOL hint = 7;

    sha_init(agent, SHA_ID);
    enforcer_init(&enforcer);
    binding = binding_create();
    agent->binding = sha_binding_create();
    agent->product = "healthy";
    if (record(INapEnforcementClientBinding, Initialize, binding, ENFORCER_ID, callback) != S_OK
            || record(INapSystemHealthAgentBinding, Initialize, agent->binding, SHA_ID,
                       sha_callback)
                       != S_OK)
        return 0;
    connection = connection_create();
    if (record(INapEnforcementClientBinding, GetSoHRequest, binding, connection, &hint) != S_OK
            || agent->asked != 1
            || record(INapSystemHealthAgentBinding, NotifySoHChange, agent->binding) != S_OK
            || !enforcer_notified(&enforcer, 1, SOON))
        return 0;
    connection_release(connection);
    return record(INapSystemHealthAgentBinding, Uninitialize, agent->binding) == S_OK
           && record(INapEnforcementClientBinding, Uninitialize, binding) == S_OK;
}

static const struct
{
    const char *name;
    int (*run)(void);
} attempts[] = {
        {"nothing", try_nothing},
        {"registering", try_registering},
        {"validators", try_validators},
        {"napctl", try_napctl},
        {"reading", try_reading},
        {"binding", try_binding},
};

/* 1: as expected; 0: not; 2: not tested. */
static int try(const char *name)
{
    size_t i;

    if (is_administrator() || FAILED(CoInitializeEx(NULL, COINIT_MULTITHREADED)))
        return 2;
    management = (INapClientManagement *)management_create();
    for (i = 0; i < ARRAYSIZE(attempts) && management; i++)
        if (!strcmp(attempts[i].name, name))
            return attempts[i].run();
    return 2;
}

/* ---- this process ---- */

/* Without this the other tests show nothing. */
SHA_TEST(the_client_is_no_administrator_and_we_are)
{
    assert_true(is_administrator());
    assert_int_equal(run_without_rights(L"try nothing"), 1);
}

SHA_TEST(only_an_administrator_registers)
{
    int clients = enforcement_client_count(), agents = health_agent_count();

    assert_int_equal(run_without_rights(L"try registering"), 1);
    assert_int_equal(enforcement_client_count(), clients);
    assert_int_equal(health_agent_count(), agents);
}

SHA_TEST(only_an_administrator_registers_validators)
{
    assert_int_equal(run_without_rights(L"try validators"), 1);
}

SHA_TEST(only_an_administrator_enables)
{
    static char text[65536];

    assert_int_equal(run_without_rights(L"try napctl"), 1);
    assert_int_equal(napctl_says(L"show state", text, sizeof(text)), 0);
    assert_non_null(strstr(text, "11259137 Conformance (enabled,"));
    assert_non_null(strstr(text, "11259393 Conformance (enabled,"));
}

SHA_TEST(everybody_may_read)
{
    assert_int_equal(run_without_rights(L"try reading"), 1);
}

SHA_TEST(everybody_may_bind)
{
    returns(S_OK, INapEnforcementClientBinding, Uninitialize, binding);
    assert_int_equal(run_without_rights(L"try binding"), 1);
}

int main(int argc, char **argv)
{
    if (argc == 3 && !strcmp(argv[1], "try"))
        return try(argv[2]);
    return test_main(sha_tests_begin, sha_tests_end);
}
