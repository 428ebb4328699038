/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * INapClientManagement: registration. Pages inapclientmanagement-*; strings as
 * setting-up-a-simple-sha passes them; limits: nap-type-constants.
 */

#include "enforcer.h"

#define CLIENT_ID 0x00abcd10u
#define AGENT_ID 0x00abce10u

static INapClientManagement *management;

#define says(code, method, ...) returns(code, INapClientManagement, method, management, __VA_ARGS__)

static int management_begin(void)
{
    void *object = GARBAGE;

    if (enforcer_create()
            || CoCreateInstance(&CLSID_NapClientManagement, NULL, CLSCTX_INPROC_SERVER,
                       &IID_INapClientManagement, &object)
                       != S_OK)
        return 1;
    management = object;
    return 0;
}

static int management_end(void)
{
    int held = INapClientManagement_Release(management) != 0;

    return enforcer_destroy() || held;
}

#define MANAGEMENT_TEST(name) TEST_WITH(name, management_begin, management_end)

/* ---- the registration of the tests ---- */

static WCHAR name[] = L"Enforcement of tests", description[] = L"Description, \x00e4\x4e16",
             version[] = L"1.0.0.1", vendor[] = L"Vendor";
static const NapComponentRegistrationInfo plain = {
        .id = CLIENT_ID,
        .friendlyName = {ARRAYSIZE(name) - 1, name},
        .description = {ARRAYSIZE(description) - 1, description},
        .version = {ARRAYSIZE(version) - 1, version},
        .vendorName = {ARRAYSIZE(vendor) - 1, vendor},
        .infoClsid = {0x08b8b292, 0x7033, 0x46f3, {0xab, 0x97, 0xd6, 0x2b, 0x6f, 0xcd, 0xc0, 0xde}},
        .configClsid = {0x18b8b292, 0x7033, 0x46f3,
                {0xab, 0x97, 0xd6, 0x2b, 0x6f, 0xcd, 0xc0, 0xde}},
        .componentType = ComponentTypeEnforcementClientRp,
};

static const NapComponentRegistrationInfo *find(
        const NapComponentRegistrationInfo *infos, UINT16 count, NapComponentId id)
{
    UINT16 i;

    for (i = 0; i < count; i++)
        if (infos[i].id == id)
            return &infos[i];
    return NULL;
}

static void assert_string(const CountedString *string, const WCHAR *text)
{
    assert_int_equal(string->length, lstrlenW(text));
    assert_memory_equal(string->string, text, (string->length + 1) * sizeof(WCHAR));
}

static void assert_as_registered(const NapComponentRegistrationInfo *info)
{
    assert_non_null(info);
    assert_string(&info->friendlyName, name);
    assert_string(&info->description, description);
    assert_string(&info->version, version);
    assert_string(&info->vendorName, vendor);
    assert_memory_equal(&info->infoClsid, &plain.infoClsid, sizeof(CLSID));
    assert_memory_equal(&info->configClsid, &plain.configClsid, sizeof(CLSID));
}

MANAGEMENT_TEST(a_registered_enforcement_client_is_listed_as_registered)
{
    NapComponentRegistrationInfo *infos = GARBAGE;
    const NapComponentRegistrationInfo *info;
    EnforcementEntityCount count = 777;

    says(S_OK, RegisterEnforcementClient, &plain);
    says(S_OK, GetRegisteredEnforcementClients, &count, &infos);
    info = find(infos, count, CLIENT_ID);
    assert_as_registered(info);
    assert_int_equal(info->componentType, ComponentTypeEnforcementClientRp);
    free_registrations(infos, count);
    says(S_OK, UnregisterEnforcementClient, CLIENT_ID);
    assert_false(is_registered(false, CLIENT_ID));
}

MANAGEMENT_TEST(a_registered_health_agent_is_listed_as_registered)
{
    NapComponentRegistrationInfo *infos = GARBAGE, agent = plain;
    SystemHealthEntityCount count = 777;

    agent.id = AGENT_ID;
    agent.componentType = 0; /* nap-type-constants: "not used by SHAs" */
    says(S_OK, RegisterSystemHealthAgent, &agent);
    says(S_OK, GetRegisteredSystemHealthAgents, &count, &infos);
    assert_as_registered(find(infos, count, AGENT_ID));
    free_registrations(infos, count);
    says(S_OK, UnregisterSystemHealthAgent, AGENT_ID);
    says(S_OK, GetRegisteredSystemHealthAgents, &count, &infos);
    assert_null(find(infos, count, AGENT_ID));
    free_registrations(infos, count);
}

/* sdk-api, NapComponentRegistrationInfo: registrationDate is set by the NAP system. */
MANAGEMENT_TEST(the_registration_date_is_the_time_of_registration)
{
    NapComponentRegistrationInfo *infos = GARBAGE, given = plain;
    const NapComponentRegistrationInfo *info;
    EnforcementEntityCount count = 777;
    UINT64 before = from_now(0), date;

    given.registrationDate.dwHighDateTime = 5;
    says(S_OK, RegisterEnforcementClient, &given);
    says(S_OK, GetRegisteredEnforcementClients, &count, &infos);
    info = find(infos, count, CLIENT_ID);
    assert_non_null(info);
    date = (UINT64)info->registrationDate.dwHighDateTime << 32
           | info->registrationDate.dwLowDateTime;
    free_registrations(infos, count);
    says(S_OK, UnregisterEnforcementClient, CLIENT_ID);
    assert_in_range(date, before, from_now(0));
}

/* "An enforcement agent using the given identifier is already registered." */
MANAGEMENT_TEST(an_id_can_be_registered_once)
{
    NapComponentRegistrationInfo agent = plain;

    says(S_OK, RegisterEnforcementClient, &plain);
    says(NAP_E_CONFLICTING_ID, RegisterEnforcementClient, &plain);
    agent.id = AGENT_ID;
    says(S_OK, RegisterSystemHealthAgent, &agent);
    says(NAP_E_CONFLICTING_ID, RegisterSystemHealthAgent, &agent);
    says(S_OK, UnregisterSystemHealthAgent, AGENT_ID);
    says(S_OK, UnregisterEnforcementClient, CLIENT_ID);
    says(S_OK, RegisterEnforcementClient, &plain);
    says(S_OK, UnregisterEnforcementClient, CLIENT_ID);
}

MANAGEMENT_TEST(enforcement_clients_and_health_agents_have_ids_of_their_own)
{
    says(S_OK, RegisterEnforcementClient, &plain);
    says(S_OK, RegisterSystemHealthAgent, &plain);
    says(S_OK, UnregisterEnforcementClient, CLIENT_ID);
    says(S_OK, UnregisterSystemHealthAgent, CLIENT_ID);
}

/* nap-error-constants: NAP_E_NOT_REGISTERED */
MANAGEMENT_TEST(what_is_not_registered_cannot_be_unregistered)
{
    says(NAP_E_NOT_REGISTERED, UnregisterEnforcementClient, CLIENT_ID);
    says(NAP_E_NOT_REGISTERED, UnregisterSystemHealthAgent, AGENT_ID);
    says(NAP_E_NOT_REGISTERED, UnregisterSystemHealthAgent, ENFORCER_ID);
    says(NAP_E_NOT_REGISTERED, UnregisterEnforcementClient, 0);
}

/* "The enforcement client could not be unregistered and remains bound." */
MANAGEMENT_TEST(a_bound_enforcement_client_cannot_be_unregistered)
{
    returns(S_OK, INapEnforcementClientBinding, Initialize, binding, ENFORCER_ID, callback);
    says(NAP_E_STILL_BOUND, UnregisterEnforcementClient, ENFORCER_ID);
    assert_true(is_registered(false, ENFORCER_ID));
    returns(ALREADY_INITIALIZED, INapEnforcementClientBinding, Initialize, binding, ENFORCER_ID,
            callback);
    returns(S_OK, INapEnforcementClientBinding, Uninitialize, binding);
    says(S_OK, UnregisterEnforcementClient, ENFORCER_ID);
    assert_int_equal(register_enforcement_client(ENFORCER_ID), S_OK);
    assert_int_equal(napctl(L"enforcement enable 0x00abcd01"), 0);
}

MANAGEMENT_TEST(a_registered_enforcement_client_starts_disabled)
{
    says(S_OK, RegisterEnforcementClient, &plain);
    returns(NAP_E_ENTITY_DISABLED, INapEnforcementClientBinding, Initialize, binding, CLIENT_ID,
            callback);
    says(S_OK, UnregisterEnforcementClient, CLIENT_ID);
}

MANAGEMENT_TEST(wrong_registrations_are_refused)
{
    NapComponentRegistrationInfo wrong = plain;

    says(E_INVALIDARG, RegisterEnforcementClient, NULL);
    says(E_INVALIDARG, RegisterSystemHealthAgent, NULL);
    wrong.id = 0;
    says(E_INVALIDARG, RegisterEnforcementClient, &wrong);
    says(E_INVALIDARG, RegisterSystemHealthAgent, &wrong);
    wrong.id = CLIENT_ID;
    wrong.vendorName.string = NULL;
    says(E_INVALIDARG, RegisterEnforcementClient, &wrong);
    assert_false(is_registered(false, CLIENT_ID));
}

/* The page of NapComponentRegistrationInfo says "should be" one of two; Microsoft's own sample of
 * an enforcement client leaves it 0. */
MANAGEMENT_TEST(component_type_is_kept_as_given)
{
    NapComponentRegistrationInfo *infos, given = plain;
    EnforcementEntityCount count, i;

    given.componentType = 0;
    says(S_OK, RegisterEnforcementClient, &given);
    says(S_OK, GetRegisteredEnforcementClients, &count, &infos);
    for (i = 0; i < count; i++)
        if (infos[i].id == given.id)
            assert_int_equal(infos[i].componentType, 0);
    free_registrations(infos, count);
    says(S_OK, UnregisterEnforcementClient, given.id);
}

MANAGEMENT_TEST(texts_may_be_empty)
{
    NapComponentRegistrationInfo *infos = GARBAGE, given = plain;
    const NapComponentRegistrationInfo *info;
    EnforcementEntityCount count = 777;

    memset(&given.friendlyName, 0, sizeof(given.friendlyName));
    memset(&given.description, 0, sizeof(given.description));
    says(S_OK, RegisterEnforcementClient, &given);
    says(S_OK, GetRegisteredEnforcementClients, &count, &infos);
    info = find(infos, count, CLIENT_ID);
    assert_non_null(info);
    assert_int_equal(info->friendlyName.length, 0);
    assert_string(&info->version, version);
    free_registrations(infos, count);
    says(S_OK, UnregisterEnforcementClient, CLIENT_ID);
}

/* maxStringLength: 0x400 */
MANAGEMENT_TEST(texts_may_have_1024_characters)
{
    static WCHAR text[1026];
    NapComponentRegistrationInfo *infos = GARBAGE, given = plain;
    const NapComponentRegistrationInfo *info;
    EnforcementEntityCount count = 777;
    CountedString most = {1024, text}, more = {1025, text};
    int i;

    for (i = 0; i < 1025; i++)
        text[i] = (WCHAR)('a' + i % 26);
    given.friendlyName = more;
    says(E_INVALIDARG, RegisterEnforcementClient, &given);
    given.friendlyName = given.description = given.version = given.vendorName = most;
    says(S_OK, RegisterEnforcementClient, &given);
    says(S_OK, GetRegisteredEnforcementClients, &count, &infos);
    info = find(infos, count, CLIENT_ID);
    assert_non_null(info);
    assert_int_equal(info->vendorName.length, 1024);
    assert_memory_equal(info->vendorName.string, text, 2048);
    free_registrations(infos, count);
    says(S_OK, UnregisterEnforcementClient, CLIENT_ID);
}

/* setting-up-a-simple-sha: ConstructCountedString(SHA_FRIENDLY_NAME, sizeof(SHA_FRIENDLY_NAME)) */
MANAGEMENT_TEST(lengths_in_bytes_are_understood)
{
    WCHAR buffers[4][128] = {L"", L"", L"", L""};
    NapComponentRegistrationInfo *infos = GARBAGE, given = plain;
    EnforcementEntityCount count = 777;

    given.friendlyName.length = sizeof(name);
    given.friendlyName.string = lstrcpyW(buffers[0], name);
    given.description.length = sizeof(description);
    given.description.string = lstrcpyW(buffers[1], description);
    given.version.length = sizeof(version);
    given.version.string = lstrcpyW(buffers[2], version);
    given.vendorName.length = sizeof(vendor);
    given.vendorName.string = lstrcpyW(buffers[3], vendor);
    says(S_OK, RegisterEnforcementClient, &given);
    says(S_OK, GetRegisteredEnforcementClients, &count, &infos);
    assert_as_registered(find(infos, count, CLIENT_ID));
    free_registrations(infos, count);
    says(S_OK, UnregisterEnforcementClient, CLIENT_ID);
}

/* maxEnforcerCount, maxSystemHealthEntityCount: 0x14 */
MANAGEMENT_TEST(twenty_of_a_kind_may_be_registered)
{
    int clients = 20 - enforcement_client_count(), agents = 20 - health_agent_count(), i;
    NapComponentRegistrationInfo *infos = GARBAGE, given = plain;
    EnforcementEntityCount count = 777;

    for (i = 0; i <= clients; i++)
    {
        given.id = CLIENT_ID + i;
        says(i < clients ? S_OK : E_OUTOFMEMORY, RegisterEnforcementClient, &given);
    }
    for (i = 0; i <= agents; i++)
    {
        given.id = AGENT_ID + i;
        says(i < agents ? S_OK : E_OUTOFMEMORY, RegisterSystemHealthAgent, &given);
    }
    says(S_OK, GetRegisteredEnforcementClients, &count, &infos);
    assert_int_equal(count, 20);
    for (i = 0; i < clients; i++)
        assert_as_registered(find(infos, count, CLIENT_ID + i));
    free_registrations(infos, count);
    for (i = 0; i < clients; i++)
        says(S_OK, UnregisterEnforcementClient, CLIENT_ID + i);
    for (i = 0; i < agents; i++)
        says(S_OK, UnregisterSystemHealthAgent, AGENT_ID + i);
}

/* nap-vendor-constants name them; Windows has them registered. */
MANAGEMENT_TEST(Microsofts_own_enforcement_clients_are_registered)
{
    static const EnforcementEntityId ids[] = {79617, 79618, 79619, 79621, 79623};
    size_t i;

    for (i = 0; i < ARRAYSIZE(ids); i++)
        assert_true(is_registered(false, ids[i]));
}

MANAGEMENT_TEST(lists_refuse_NULL_and_set_the_other_parameter)
{
    NapComponentRegistrationInfo *infos = GARBAGE;
    UINT16 count = 777;

    says(E_INVALIDARG, GetRegisteredEnforcementClients, NULL, &infos);
    assert_null(infos);
    says(E_INVALIDARG, GetRegisteredEnforcementClients, &count, NULL);
    assert_int_equal(count, 0);
    infos = GARBAGE;
    says(E_INVALIDARG, GetRegisteredSystemHealthAgents, NULL, &infos);
    assert_null(infos);
    count = 777;
    says(E_INVALIDARG, GetRegisteredSystemHealthAgents, &count, NULL);
    assert_int_equal(count, 0);
}

MANAGEMENT_TEST(lists_say_E_OUTOFMEMORY_and_lose_nothing)
{
    NapComponentRegistrationInfo *infos = GARBAGE, given = plain;
    HRESULT hr = E_OUTOFMEMORY;
    int live = spy_live(), nth;
    UINT16 count = 777;

    for (nth = 1; hr != S_OK; nth++)
    {
        spy_fail_at(nth);
        hr = record(
                INapClientManagement, GetRegisteredEnforcementClients, management, &count, &infos);
        spy_fail_at(0);
        if (hr == S_OK)
            break;
        assert_int_equal(hr, E_OUTOFMEMORY);
        assert_int_equal(count, 0);
        assert_null(infos);
        assert_int_equal(spy_live(), live);
    }
    assert_true(nth > 20); /* five clients with four texts each */
    free_registrations(infos, count);
    given.id = AGENT_ID;
    says(S_OK, RegisterSystemHealthAgent, &given);
    spy_fail_at(2);
    says(E_OUTOFMEMORY, GetRegisteredSystemHealthAgents, &count, &infos);
    spy_fail_at(0);
    assert_int_equal(count, 0);
    assert_null(infos);
    says(S_OK, UnregisterSystemHealthAgent, AGENT_ID);
}

/* A registration needs an administrator, and it stays. */
MANAGEMENT_TEST(registrations_survive_the_agent)
{
    NapComponentRegistrationInfo *infos = GARBAGE;
    EnforcementEntityCount count = 777;

    says(S_OK, RegisterEnforcementClient, &plain);
    assert_true(agent_kill());
    assert_true(agent_start());
    says(S_OK, GetRegisteredEnforcementClients, &count, &infos);
    assert_as_registered(find(infos, count, CLIENT_ID));
    free_registrations(infos, count);
    says(S_OK, UnregisterEnforcementClient, CLIENT_ID);
}

TEST_MAIN(enforcer_tests_begin, enforcer_tests_end)
