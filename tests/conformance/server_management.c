/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * INapServerManagement and INapServerInfo: registration of system health validators. Pages
 * inapservermanagement-*, inapserverinfo-*; strings as shv-module passes them; limits:
 * nap-type-constants.
 */

#include "agent.h"
#include "contract.h"
#include "servers.h"

#include <naptypes.h>
#include <stdio.h>

#define SHVS L"System\\CurrentControlSet\\Services\\napagent\\Shvs"
#define FIRST_OF_MANY 0x00abe000u
#define MOST 64

static INapServerManagement *management;
static INapServerInfo *server;

#define manages(code, method, ...)                                                                 \
    returns(code, INapServerManagement, method, management, __VA_ARGS__)
#define informs(code, method, ...) returns(code, INapServerInfo, method, server, __VA_ARGS__)

static int begin(void)
{
    if (FAILED(CoInitializeEx(NULL, COINIT_MULTITHREADED)) || !(management = servers_management())
            || !(server = servers_info()))
        return 1;
    servers_forget();
    return 0;
}

static int end(void)
{
    bool held = INapServerManagement_Release(management) | INapServerInfo_Release(server);

    CoUninitialize();
    return held;
}

static int forget(void)
{
    servers_forget();
    return 0;
}

#define SERVER_TEST(name) TEST_WITH(name, forget, forget)

/* ---- the registration of the tests ---- */

static WCHAR name[] = L"Validator of tests", description[] = L"Description, \x00e4\x4e16",
             version[] = L"1.0.0.1", vendor[] = L"Vendor";
static const NapComponentRegistrationInfo plain = {
        .id = SHV_ID,
        .friendlyName = {ARRAYSIZE(name) - 1, name},
        .description = {ARRAYSIZE(description) - 1, description},
        .version = {ARRAYSIZE(version) - 1, version},
        .vendorName = {ARRAYSIZE(vendor) - 1, vendor},
        .infoClsid = {0x08b8b292, 0x7033, 0x46f3, {0xab, 0x97, 0xd6, 0x2b, 0x6f, 0xcd, 0xc0, 0xde}},
        .configClsid = {0x18b8b292, 0x7033, 0x46f3,
                {0xab, 0x97, 0xd6, 0x2b, 0x6f, 0xcd, 0xc0, 0xde}},
};
static const CLSID some_class = {
        0x28b8b292, 0x7033, 0x46f3, {0xab, 0x97, 0xd6, 0x2b, 0x6f, 0xcd, 0xc0, 0xde}};
static const CLSID other_class = {
        0x38b8b292, 0x7033, 0x46f3, {0xab, 0x97, 0xd6, 0x2b, 0x6f, 0xcd, 0xc0, 0xde}};
static const FailureCategoryMapping none = {{FALSE, FALSE, FALSE, FALSE, FALSE}},
                                    some = {{TRUE, FALSE, TRUE, FALSE, TRUE}};

/* What GetRegisteredSystemHealthValidators returned. */
static struct
{
    SystemHealthEntityCount count;
    NapComponentRegistrationInfo *infos;
    CLSID *clsids;
} listed;

static void list(void)
{
    listed.count = 777;
    listed.infos = GARBAGE;
    listed.clsids = GARBAGE;
    informs(S_OK, GetRegisteredSystemHealthValidators, &listed.count, &listed.infos,
            &listed.clsids);
}

static void free_list(void)
{
    free_registrations(listed.infos, listed.count);
    CoTaskMemFree(listed.clsids);
}

/* The place of the id in the list, or -1. */
static int place_of(SystemHealthEntityId id)
{
    UINT16 i;

    for (i = 0; i < listed.count; i++)
        if (listed.infos[i].id == id)
            return i;
    return -1;
}

static bool is_validator(SystemHealthEntityId id)
{
    bool found;

    list();
    found = place_of(id) >= 0;
    free_list();
    return found;
}

static void assert_string(const CountedString *string, const WCHAR *text)
{
    assert_int_equal(string->length, lstrlenW(text));
    assert_memory_equal(string->string, text, (string->length + 1) * sizeof(WCHAR));
}

static void assert_mapping(SystemHealthEntityId id, const FailureCategoryMapping *expected)
{
    FailureCategoryMapping mapping;

    memset(&mapping, 0x55, sizeof(mapping));
    informs(S_OK, GetFailureCategoryMappings, id, &mapping);
    assert_memory_equal(&mapping, expected, sizeof(mapping));
}

/* "Registers an SHV", "validatorClsid: a pointer to the CLSID of the COM class that implements the
 * INapSystemHealthValidator interface". */
SERVER_TEST(a_registered_validator_is_listed_as_registered)
{
    int place;

    manages(S_OK, RegisterSystemHealthValidator, &plain, &some_class);
    list();
    assert_true((place = place_of(SHV_ID)) >= 0);
    assert_string(&listed.infos[place].friendlyName, name);
    assert_string(&listed.infos[place].description, description);
    assert_string(&listed.infos[place].version, version);
    assert_string(&listed.infos[place].vendorName, vendor);
    assert_memory_equal(&listed.infos[place].infoClsid, &plain.infoClsid, sizeof(CLSID));
    assert_memory_equal(&listed.infos[place].configClsid, &plain.configClsid, sizeof(CLSID));
    assert_memory_equal(&listed.clsids[place], &some_class, sizeof(CLSID));
    free_list();
}

/* sdk-api, NapComponentRegistrationInfo: registrationDate is set by the NAP system. */
SERVER_TEST(the_registration_date_is_the_time_of_registration)
{
    NapComponentRegistrationInfo given = plain;
    FILETIME before, after;

    given.registrationDate.dwHighDateTime = 5;
    GetSystemTimeAsFileTime(&before);
    manages(S_OK, RegisterSystemHealthValidator, &given, &some_class);
    GetSystemTimeAsFileTime(&after);
    list();
    assert_true(place_of(SHV_ID) >= 0);
    assert_true(CompareFileTime(&listed.infos[place_of(SHV_ID)].registrationDate, &before) >= 0);
    assert_true(CompareFileTime(&listed.infos[place_of(SHV_ID)].registrationDate, &after) <= 0);
    free_list();
}

/* "NAP_E_CONFLICTING_ID: SHV id is already registered." */
SERVER_TEST(an_id_can_be_registered_once)
{
    manages(S_OK, RegisterSystemHealthValidator, &plain, &some_class);
    manages(NAP_E_CONFLICTING_ID, RegisterSystemHealthValidator, &plain, &other_class);
    list();
    assert_memory_equal(&listed.clsids[place_of(SHV_ID)], &some_class, sizeof(CLSID));
    free_list();
    manages(S_OK, UnregisterSystemHealthValidator, SHV_ID);
    manages(S_OK, RegisterSystemHealthValidator, &plain, &other_class);
}

/* nap-datatypes: SystemHealthEntityId is "used to identify SHA/SHV pairs": the two of a pair share
 * the id, and are registered apart. */
SERVER_TEST(a_health_agent_may_have_the_id_of_its_validator)
{
    assert_int_equal(register_health_agent(SHV_ID), S_OK);
    assert_false(is_validator(SHV_ID));
    manages(S_OK, RegisterSystemHealthValidator, &plain, &some_class);
    assert_int_equal(unregister_health_agent(SHV_ID), S_OK);
    assert_true(is_validator(SHV_ID));
}

/* "Deregisters an SHV from the NAP server." */
SERVER_TEST(an_unregistered_validator_is_not_listed)
{
    manages(S_OK, RegisterSystemHealthValidator, &plain, &some_class);
    manages(S_OK, UnregisterSystemHealthValidator, SHV_ID);
    assert_false(is_validator(SHV_ID));
    manages(NAP_E_NOT_REGISTERED, UnregisterSystemHealthValidator, SHV_ID);
    manages(NAP_E_NOT_REGISTERED, UnregisterSystemHealthValidator, 0);
}

SERVER_TEST(wrong_registrations_are_refused)
{
    NapComponentRegistrationInfo wrong = plain;

    manages(E_INVALIDARG, RegisterSystemHealthValidator, NULL, &some_class);
    manages(E_INVALIDARG, RegisterSystemHealthValidator, &plain, NULL);
    manages(E_INVALIDARG, RegisterSystemHealthValidator, &plain, &GUID_NULL);
    wrong.id = 0;
    manages(E_INVALIDARG, RegisterSystemHealthValidator, &wrong, &some_class);
    wrong = plain;
    wrong.vendorName.string = NULL;
    manages(E_INVALIDARG, RegisterSystemHealthValidator, &wrong, &some_class);
    assert_false(is_validator(SHV_ID));
}

/* shv-module passes sizeof(text) as the length of its strings. */
SERVER_TEST(lengths_in_bytes_are_taken)
{
    static WCHAR padded[2 * ARRAYSIZE(name)];
    NapComponentRegistrationInfo given = plain;

    wcscpy(padded, name);
    given.friendlyName.string = padded;
    given.friendlyName.length = sizeof(name);
    manages(S_OK, RegisterSystemHealthValidator, &given, &some_class);
    list();
    assert_string(&listed.infos[place_of(SHV_ID)].friendlyName, name);
    free_list();
}

/* ---- failure category mappings ---- */

SERVER_TEST(a_new_validator_maps_no_failure_to_healthy)
{
    manages(S_OK, RegisterSystemHealthValidator, &plain, &some_class);
    assert_mapping(SHV_ID, &none);
}

/* "Sets the SHV's failure category mappings", "retrieves the failure category mappings for a
 * specified SHA or SHV". */
SERVER_TEST(mappings_are_kept_for_each_validator)
{
    NapComponentRegistrationInfo other = plain;

    other.id = OTHER_SHV_ID;
    manages(S_OK, RegisterSystemHealthValidator, &plain, &some_class);
    manages(S_OK, RegisterSystemHealthValidator, &other, &other_class);
    manages(S_OK, SetFailureCategoryMappings, SHV_ID, some);
    assert_mapping(SHV_ID, &some);
    assert_mapping(OTHER_SHV_ID, &none);
    manages(S_OK, SetFailureCategoryMappings, SHV_ID, none);
    assert_mapping(SHV_ID, &none);
}

SERVER_TEST(any_true_value_maps_to_healthy)
{
    static const FailureCategoryMapping given = {{-1, 0, 0x100, 0, 2}};

    manages(S_OK, RegisterSystemHealthValidator, &plain, &some_class);
    manages(S_OK, SetFailureCategoryMappings, SHV_ID, given);
    assert_mapping(SHV_ID, &some);
}

SERVER_TEST(a_new_registration_does_not_inherit_the_mapping)
{
    manages(S_OK, RegisterSystemHealthValidator, &plain, &some_class);
    manages(S_OK, SetFailureCategoryMappings, SHV_ID, some);
    manages(S_OK, UnregisterSystemHealthValidator, SHV_ID);
    manages(S_OK, RegisterSystemHealthValidator, &plain, &some_class);
    assert_mapping(SHV_ID, &none);
}

/* nap-error-constants: NAP_E_NOT_REGISTERED */
SERVER_TEST(what_is_not_registered_has_no_mapping)
{
    FailureCategoryMapping mapping = some;

    manages(S_OK, RegisterSystemHealthValidator, &plain, &some_class);
    manages(NAP_E_NOT_REGISTERED, SetFailureCategoryMappings, SHV_ID - 1, some);
    informs(NAP_E_NOT_REGISTERED, GetFailureCategoryMappings, SHV_ID - 1, &mapping);
    assert_memory_equal(&mapping, &none, sizeof(none));
    informs(NAP_E_NOT_REGISTERED, GetFailureCategoryMappings, 0, &mapping);
    informs(NAP_E_NOT_REGISTERED, GetFailureCategoryMappings, 0xffffffff, &mapping);
    informs(E_INVALIDARG, GetFailureCategoryMappings, SHV_ID, NULL);
}

/* ---- the server ---- */

static void free_text(CountedString *text)
{
    CoTaskMemFree(text->string);
    CoTaskMemFree(text);
}

/* "These methods provide only static information about the NAP Server". */
SERVER_TEST(the_server_has_a_name_whether_or_not_the_agent_runs)
{
    CountedString *names[3] = {GARBAGE, GARBAGE, GARBAGE};
    unsigned int i;

    assert_true(agent_stop());
    informs(S_OK, GetNapServerInfo, &names[0], &names[1], &names[2]);
    assert_int_equal(agent_process(), 0);
    assert_string(names[0], L"Network Access Protection Server");
    assert_true(names[1]->length > 0);
    assert_string(names[2], L"1.0");
    for (i = 0; i < 3; i++)
        free_text(names[i]);
}

SERVER_TEST(outputs_are_needed_and_empty_on_failure)
{
    CountedString *one = GARBAGE, *two = GARBAGE;
    NapComponentRegistrationInfo *infos = GARBAGE;
    SystemHealthEntityCount count = 777;
    CLSID *clsids = GARBAGE;

    informs(E_INVALIDARG, GetNapServerInfo, &one, &two, NULL);
    assert_null(one);
    assert_null(two);
    informs(E_INVALIDARG, GetRegisteredSystemHealthValidators, &count, &infos, NULL);
    assert_int_equal(count, 0);
    assert_null(infos);
    informs(E_INVALIDARG, GetRegisteredSystemHealthValidators, NULL, &infos, &clsids);
    assert_null(clsids);
    informs(E_INVALIDARG, GetRegisteredSystemHealthValidators, &count, NULL, &clsids);
}

/* ---- registrations last ---- */

SERVER_TEST(registrations_outlive_the_agent)
{
    manages(S_OK, RegisterSystemHealthValidator, &plain, &some_class);
    manages(S_OK, SetFailureCategoryMappings, SHV_ID, some);
    assert_true(agent_kill());
    assert_true(is_validator(SHV_ID)); /* starts it */
    assert_mapping(SHV_ID, &some);
    assert_true(agent_stop());
    list();
    assert_memory_equal(&listed.clsids[place_of(SHV_ID)], &some_class, sizeof(CLSID));
    assert_string(&listed.infos[place_of(SHV_ID)].description, description);
    free_list();
    assert_true(agent_stop());
    manages(S_OK, UnregisterSystemHealthValidator, SHV_ID);
}

/* An entry of the registry that is not whole is ignored, until the id is registered. */
SERVER_TEST(a_malformed_entry_is_ignored)
{
    WCHAR path[128];
    HKEY key;

    assert_true(agent_stop());
    swprintf(path, ARRAYSIZE(path), SHVS L"\\%u", SHV_ID);
    assert_int_equal(
            RegCreateKeyExW(HKEY_LOCAL_MACHINE, path, 0, NULL, 0, KEY_ALL_ACCESS, NULL, &key, NULL),
            0);
    assert_int_equal(RegSetValueExW(key, L"Friendly Name", 0, REG_SZ, (BYTE *)L"Half", 10), 0);
    assert_int_equal(RegSetValueExW(key, L"Stray", 0, REG_SZ, (BYTE *)L"Half", 10), 0);
    assert_false(is_validator(SHV_ID));
    manages(NAP_E_NOT_REGISTERED, UnregisterSystemHealthValidator, SHV_ID);
    assert_int_equal(RegQueryValueExW(key, L"Stray", NULL, NULL, NULL, NULL), 0);
    manages(S_OK, RegisterSystemHealthValidator, &plain, &some_class);
    assert_int_not_equal(RegQueryValueExW(key, L"Stray", NULL, NULL, NULL, NULL), 0);
    RegCloseKey(key);
    assert_true(agent_stop());
    assert_true(is_validator(SHV_ID));
}

SERVER_TEST(sixty_four_validators_can_be_registered)
{
    NapComponentRegistrationInfo one = plain;
    unsigned int i;

    list();
    free_list();
    assert_int_equal(listed.count, 0);
    for (one.id = FIRST_OF_MANY; one.id < FIRST_OF_MANY + MOST; one.id++)
        manages(S_OK, RegisterSystemHealthValidator, &one, &some_class);
    manages(E_OUTOFMEMORY, RegisterSystemHealthValidator, &plain, &some_class);
    list();
    assert_int_equal(listed.count, MOST);
    for (i = 0; i < MOST; i++)
        assert_int_equal(listed.infos[i].id, FIRST_OF_MANY + i);
    free_list();
    for (i = 0; i < MOST; i++)
        manages(S_OK, UnregisterSystemHealthValidator, FIRST_OF_MANY + i);
}

/* ---- from another apartment ---- */

static IStream *streams[2];

static DWORD WINAPI call_from_another_apartment(void *unused)
{
    INapServerManagement *remote_management = NULL;
    INapServerInfo *remote_info = NULL;
    FailureCategoryMapping mapping = none;
    NapComponentRegistrationInfo *infos = NULL;
    SystemHealthEntityCount count = 0;
    CountedString *names[3];
    CLSID *clsids = NULL;
    DWORD done = 0;

    (void)unused;
    CoInitializeEx(NULL, COINIT_APARTMENTTHREADED);
    if (CoGetInterfaceAndReleaseStream(
                streams[0], &IID_INapServerManagement, (void **)&remote_management)
                    == S_OK
            && CoGetInterfaceAndReleaseStream(
                       streams[1], &IID_INapServerInfo, (void **)&remote_info)
                       == S_OK
            && (void *)remote_info != (void *)server
            && INapServerManagement_RegisterSystemHealthValidator(
                       remote_management, &plain, &some_class)
                       == S_OK
            && INapServerManagement_SetFailureCategoryMappings(remote_management, SHV_ID, some)
                       == S_OK
            && INapServerInfo_GetFailureCategoryMappings(remote_info, SHV_ID, &mapping) == S_OK
            && INapServerInfo_GetRegisteredSystemHealthValidators(
                       remote_info, &count, &infos, &clsids)
                       == S_OK
            && INapServerInfo_GetNapServerInfo(remote_info, &names[0], &names[1], &names[2]) == S_OK
            && INapServerManagement_UnregisterSystemHealthValidator(remote_management, SHV_ID)
                       == S_OK)
    {
        done = count == 1 && infos[0].id == SHV_ID && !wcscmp(infos[0].friendlyName.string, name)
               && IsEqualGUID(&clsids[0], &some_class) && !memcmp(&mapping, &some, sizeof(mapping))
               && !wcscmp(names[2]->string, L"1.0");
        free_registrations(infos, count);
        CoTaskMemFree(clsids);
        free_text(names[0]);
        free_text(names[1]);
        free_text(names[2]);
    }
    if (remote_info)
        INapServerInfo_Release(remote_info);
    if (remote_management)
        INapServerManagement_Release(remote_management);
    CoUninitialize();
    return done;
}

SERVER_TEST(every_method_can_be_called_from_another_apartment)
{
    HANDLE thread;
    DWORD done = 0;

    assert_int_equal(CoMarshalInterThreadInterfaceInStream(
                             &IID_INapServerManagement, (IUnknown *)management, &streams[0]),
            S_OK);
    assert_int_equal(CoMarshalInterThreadInterfaceInStream(
                             &IID_INapServerInfo, (IUnknown *)server, &streams[1]),
            S_OK);
    thread = CreateThread(NULL, 0, call_from_another_apartment, NULL, 0, NULL);
    assert_int_equal(WaitForSingleObject(thread, 30000), WAIT_OBJECT_0);
    GetExitCodeThread(thread, &done);
    CloseHandle(thread);
    assert_int_equal(done, 1);
}

TEST_MAIN(begin, end)
