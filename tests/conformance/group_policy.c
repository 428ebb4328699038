/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Group Policy over enforcement clients. [MS-GPNAP] 2.3 and 2.5 name the keys; "When a NAP client
 * computer receives NAP settings from Group Policy, it will ignore its local settings. For
 * example, it is not possible to enable one NAP enforcement client in Group Policy and another
 * enforcement client in local policy" ("NAP Configuration Overview").
 */

#include "enforcer.h"

#include <stdio.h>
#include <string.h>

#define POLICIES L"Software\\Policies\\Microsoft"
#define POLICY POLICIES L"\\NetworkAccessProtection\\ClientConfig"
#define ENFORCER L"0x00abcd01" /* ENFORCER_ID */
#define ENFORCER_KEY POLICY L"\\Qecs\\11259137"
#define OTHER_KEY POLICY L"\\Qecs\\79617"  /* DHCP, registered by the installation */
#define MARKER_KEY POLICY L"\\Qecs\\79623" /* EAP, as well */

#define SOON 3000 /* ms */

static char text[65536];

static void set_policy(
        const WCHAR *path, const WCHAR *name, DWORD type, const void *data, DWORD size)
{
    HKEY key;

    assert_int_equal(RegCreateKeyExW(HKEY_LOCAL_MACHINE, path, 0, NULL, 0,
                             KEY_WRITE | KEY_WOW64_64KEY, NULL, &key, NULL),
            ERROR_SUCCESS);
    assert_int_equal(RegSetValueExW(key, name, 0, type, data, size), ERROR_SUCCESS);
    RegCloseKey(key);
}

static void set_number(const WCHAR *path, const WCHAR *name, DWORD value)
{
    set_policy(path, name, REG_DWORD, &value, sizeof(value));
}

static void remove_policy(const WCHAR *path)
{
    HKEY key;

    if (RegOpenKeyExW(HKEY_LOCAL_MACHINE, path, 0, KEY_ALL_ACCESS | KEY_WOW64_64KEY, &key))
        return;
    RegDeleteTreeW(key, NULL);
    RegCloseKey(key);
    RegDeleteKeyExW(HKEY_LOCAL_MACHINE, path, KEY_WOW64_64KEY, 0);
}

/* Waits until Initialize has this result; a success is uninitialized again. */
static bool initialize_soon_returns(HRESULT expected)
{
    INapEnforcementClientBinding *probe = binding_create();
    ULONGLONG end = GetTickCount64() + SOON;
    HRESULT hr;

    do
    {
        hr = record(INapEnforcementClientBinding, Initialize, probe, ENFORCER_ID, callback);
        if (hr == S_OK)
            INapEnforcementClientBinding_Uninitialize(probe);
        if (hr != expected)
            Sleep(20);
    } while (hr != expected && GetTickCount64() < end);
    INapEnforcementClientBinding_Release(probe);
    return hr == expected;
}

static bool shows(const WCHAR *arguments, int code, const char *words)
{
    assert_int_equal(napctl_says(arguments, text, sizeof(text)), code);
    return strstr(text, words) != NULL;
}

/* Waits until it shows them. */
static bool shows_soon(const WCHAR *arguments, const char *words)
{
    ULONGLONG end = GetTickCount64() + SOON;
    bool shown;

    while (!(shown = shows(arguments, 0, words)) && GetTickCount64() < end)
        Sleep(20);
    return shown;
}

/* The agent has taken what was set or removed before: it reads all of the policy when a part of it
 * changes, so it has when it shows a setting that came last, and that this has gone again. */
static bool policy_is_read(void)
{
    bool shown;

    set_number(MARKER_KEY, L"Enabled", 0);
    shown = shows_soon(
            L"show state", "EAP Quarantine Enforcement Client (disabled by Group Policy");
    remove_policy(MARKER_KEY);
    return shown;
}

static int policy_end(void)
{
    bool gone;

    remove_policy(POLICY);
    gone = shows_soon(L"show state --json", "\"groupPolicy\": false");
    return (!gone) | napctl(L"enforcement enable " ENFORCER) | enforcer_destroy();
}

#define POLICY_TEST(name) TEST_WITH(name, enforcer_create, policy_end)

/* ---- what applies ---- */

/* 2.3: "0x00000000 Disables NAP enforcement." */
POLICY_TEST(what_policy_disables_is_disabled)
{
    assert_true(initialize_soon_returns(S_OK));
    set_number(ENFORCER_KEY, L"Enabled", 0);
    assert_true(initialize_soon_returns(NAP_E_ENTITY_DISABLED));
    remove_policy(POLICY);
    assert_true(initialize_soon_returns(S_OK));
}

/* 2.3: "0x00000001 Enables NAP enforcement." */
POLICY_TEST(what_policy_enables_is_enabled)
{
    assert_int_equal(napctl(L"enforcement disable " ENFORCER), 0);
    assert_true(initialize_soon_returns(NAP_E_ENTITY_DISABLED));
    set_number(ENFORCER_KEY, L"Enabled", 1);
    assert_true(initialize_soon_returns(S_OK));
    set_number(ENFORCER_KEY, L"Enabled", 0);
    assert_true(initialize_soon_returns(NAP_E_ENTITY_DISABLED));
    set_number(ENFORCER_KEY, L"Enabled", 1);
    assert_true(initialize_soon_returns(S_OK));
}

POLICY_TEST(local_settings_do_not_count_beside_policy)
{
    assert_true(initialize_soon_returns(S_OK));
    set_number(OTHER_KEY, L"Enabled", 1);
    assert_true(initialize_soon_returns(NAP_E_ENTITY_DISABLED));
}

POLICY_TEST(policy_holds_from_the_agents_start)
{
    assert_true(agent_stop());
    set_number(ENFORCER_KEY, L"Enabled", 0);
    assert_true(agent_start());
    returns(NAP_E_ENTITY_DISABLED, INapEnforcementClientBinding, Initialize, binding, ENFORCER_ID,
            callback);
}

/* The policy comes and goes as a whole: each key on its path may be the first that is missing. */
POLICY_TEST(policy_may_come_and_go)
{
    static const WCHAR *const levels[] = {
            POLICY L"\\Qecs", POLICY, POLICIES L"\\NetworkAccessProtection"};
    size_t i;

    for (i = 0; i < ARRAYSIZE(levels); i++)
    {
        set_number(ENFORCER_KEY, L"Enabled", 0);
        assert_true(initialize_soon_returns(NAP_E_ENTITY_DISABLED));
        remove_policy(levels[i]);
        assert_true(initialize_soon_returns(S_OK));
    }
}

/* A watched empty key is deleted. */
POLICY_TEST(an_empty_key_that_goes_does_not_blind_the_agent)
{
    set_number(ENFORCER_KEY, L"Enabled", 0);
    assert_true(initialize_soon_returns(NAP_E_ENTITY_DISABLED));
    remove_policy(POLICY L"\\Qecs");
    assert_true(initialize_soon_returns(S_OK));
    remove_policy(POLICY);
    Sleep(1000); /* nothing shows that the agent has seen an empty key go */
    set_number(ENFORCER_KEY, L"Enabled", 0);
    assert_true(initialize_soon_returns(NAP_E_ENTITY_DISABLED));
}

POLICY_TEST(what_is_no_setting_is_skipped)
{
    static const WCHAR one[] = L"1";

    set_number(POLICY L"\\Qecs\\all", L"Enabled", 1);
    set_number(POLICY L"\\Qecs\\0", L"Enabled", 1);
    set_policy(POLICY L"\\Qecs\\79618", L"Enabled", REG_SZ, one, sizeof(one));
    set_number(POLICY L"\\Qecs\\79619", L"Enabled", 2);
    set_number(POLICY L"\\Qecs\\79621", L"Other", 1);
    assert_true(policy_is_read());
    /* That is no policy. */
    assert_true(initialize_soon_returns(S_OK));
    assert_true(shows_soon(L"show state --json", "\"groupPolicy\": false"));
    set_number(ENFORCER_KEY, L"Enabled", 1);
    set_number(OTHER_KEY, L"Enabled", 0);
    assert_true(policy_is_read());
    assert_true(initialize_soon_returns(S_OK));
    assert_true(shows(L"show state --json", 0, "\"groupPolicy\": true"));
}

/* ---- napctl ---- */

/* nap-error-constants: NAP_E_NETSH_GROUPPOLICY_ERROR */
POLICY_TEST(napctl_says_that_policy_decides)
{
    set_number(ENFORCER_KEY, L"Enabled", 0);
    assert_true(initialize_soon_returns(NAP_E_ENTITY_DISABLED));
    assert_true(shows(L"enforcement enable " ENFORCER, 1, "Group Policy decides"));
    assert_non_null(strstr(text, "0x8027000F"));
    assert_true(initialize_soon_returns(NAP_E_ENTITY_DISABLED));
    assert_true(shows(L"enforcement disable " ENFORCER, 1, "Group Policy decides"));
    assert_true(shows(L"enforcement enable 79618", 1, "Group Policy decides"));
    assert_true(shows(
            L"show state", 0, "11259137 Conformance (disabled by Group Policy, not initialized)"));
    assert_true(shows(L"show state --json", 0, "\"groupPolicy\": true"));
    set_number(ENFORCER_KEY, L"Enabled", 1);
    assert_true(initialize_soon_returns(S_OK));
    assert_true(shows(
            L"show state", 0, "11259137 Conformance (enabled by Group Policy, not initialized)"));
    /* The earlier local settings apply again. */
    remove_policy(POLICY);
    assert_true(shows_soon(L"show state", "11259137 Conformance (enabled, not initialized)"));
    assert_true(shows(L"enforcement disable " ENFORCER, 0, "disabled"));
    assert_true(initialize_soon_returns(NAP_E_ENTITY_DISABLED));
}

/* ---- SoH settings ---- */

/* Whether a new request of the connection has these bytes behind its header. */
static int asks_with(INapEnforcementClientConnection *connection, const BYTE *bytes, size_t size)
{
    NetworkSoHRequest *request = NULL;
    int has;

    request_soh(connection);
    assert_int_equal(INapEnforcementClientConnection_GetSoHRequest(connection, &request), S_OK);
    assert_true(request->size > 12 + size);
    has = !memcmp(request->data + 12, bytes, size);
    free_soh(request);
    return has;
}

/* 2.5.2: 2 is "SoH Mode Subheader, SSoH"; [MS-SOH]: a Vendor-Specific TLV of 30 bytes */
POLICY_TEST(policy_asks_for_a_mode_sub_header)
{
    INapEnforcementClientConnection *connection;
    static const BYTE header[] = {0, 7, 0, 30, 0, 0, 1, 0x37};
    ULONGLONG end;
    int with;

    returns(S_OK, INapEnforcementClientBinding, Initialize, binding, ENFORCER_ID, callback);
    connection = connection_create();
    for (with = 1; with >= 0; with--)
    {
        set_number(POLICY, L"BackwardCompatible", with ? 2 : 1);
        for (end = GetTickCount64() + SOON;
                asks_with(connection, header, sizeof(header)) != with && GetTickCount64() < end;)
            Sleep(20);
        assert_int_equal(asks_with(connection, header, sizeof(header)), with);
    }
    assert_int_equal(INapEnforcementClientBinding_Uninitialize(binding), S_OK);
    connection_release(connection);
}

TEST_MAIN(enforcer_tests_begin, enforcer_tests_end)
