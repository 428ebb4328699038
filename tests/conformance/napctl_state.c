/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * napctl as an administrator uses it: health agents in show state, and agent enable, disable.
 */

#include "sha.h"

#include <stdio.h>
#include <string.h>

#define AGENT L"0x00abce01" /* SHA_ID */

static char text[65536];

/* Checks that napctl's output has these words, in this order. */
static bool shows(const WCHAR *arguments, const char *const *words, size_t count)
{
    const char *at = text;
    size_t i;

    assert_int_equal(napctl_says(arguments, text, sizeof(text)), 0);
    for (i = 0; i < count; i++)
    {
        if (!(at = strstr(at, words[i])))
            return false;
        at += strlen(words[i]);
    }
    return true;
}

/* The same for the one registered health agent, with words that must not be there. */
#define agent_shows(...)                                                                           \
    shows(L"show state --json",                                                                    \
            (const char *[]){"\"healthAgents\"", "\"id\": 11259393", __VA_ARGS__},                 \
            2 + sizeof((const char *[]){__VA_ARGS__}) / sizeof(char *))

static bool agent_soon_shows(const char *one, const char *other)
{
    ULONGLONG end = GetTickCount64() + SOON;

    while (!agent_shows(one, other))
    {
        if (GetTickCount64() > end)
            return false;
        Sleep(50);
    }
    return true;
}

BOUND_SHA_TEST(nothing_is_known_of_a_fresh_agent)
{
    assert_true(agent_shows(
            "\"enabled\": true", "\"bound\": true", "\"remediation\": null", "\"verdict\": null"));
}

/* inapsystemhealthagentcallback-getfixupinfo: the NapAgent knows the progress of the fix-up. */
BOUND_SHA_TEST(the_progress_of_a_fix_up_is_shown)
{
    sha.fixup_state = fixupStateInProgress;
    sha.fixup_percentage = 40;
    ask();
    respond_to_sha(true);
    assert_true(agent_soon_shows("\"remediation\": {", "\"percentage\": 40"));
    assert_true(agent_shows("\"remediation\": {", "\"state\": \"in progress\"", "\"value\": 1"));
    assert_true(shows(L"show state",
            (const char *[]){"11259393", "Remediation state:", "in progress",
                    "Remediation percentage:", "40 %"},
            5));
    sha.fixup_percentage = 80;
    assert_true(agent_soon_shows("\"remediation\": {", "\"percentage\": 80"));
    sha.fixup_state = fixupStateCouldNotUpdate;
    sha.fixup_percentage = 101; /* percentageNotSupported */
    assert_true(agent_soon_shows("\"state\": \"could not update\"", "\"percentage\": null"));
    assert_true(shows(L"show state",
            (const char *[]){"11259393", "Remediation state:", "could not update"}, 3));
    assert_null(strstr(text, "101"));
}

BOUND_SHA_TEST(the_servers_verdict_is_shown)
{
    static const UINT32 id = SHA_ID;
    struct response response;

    ask();
    start_response(connection, &response);
    response.entries = 1;
    response.ids = &id;
    response.result = NAP_E_NO_CACHED_SOH;
    set_response(connection, &response);
    returns(S_OK, INapEnforcementClientBinding, ProcessSoHResponse, binding, connection);
    assert_true(agent_shows("\"verdict\": {", "\"failureCategory\": \"none\"", "\"resultCodes\": [",
            "\"code\": \"0x80270004\"", "\"name\": \"NAP_E_NO_CACHED_SOH\""));
    assert_true(shows(L"show state",
            (const char *[]){"11259393", "Failure category:", "none",
                    "Compliance results:", "0x80270004 (NAP_E_NO_CACHED_SOH)"},
            5));
}

/* nap-error-constants: NAP_E_ENTITY_DISABLED; enforcement clients are notified of the change. */
BOUND_SHA_TEST(a_disabled_agent_does_not_report)
{
    ask();
    assert_reported(SHA_ID, "healthy");
    assert_int_equal(napctl_says(L"agent disable " AGENT, text, sizeof(text)), 0);
    assert_non_null(strstr(text, "Health agent 11259393 is disabled."));
    assert_true(enforcer_notified(&enforcer, 1, SOON));
    assert_true(agent_shows("\"enabled\": false"));
    ask();
    assert_made_by_system(SHA_ID, NAP_E_ENTITY_DISABLED);
    assert_int_equal(napctl(L"agent enable " AGENT), 0);
    assert_true(enforcer_notified(&enforcer, 2, SOON));
    ask();
    assert_reported(SHA_ID, "healthy");
}

BOUND_SHA_TEST(what_cannot_be_done_is_said)
{
    assert_int_equal(napctl_says(L"agent enable 0x00abce7f", text, sizeof(text)), 1);
    assert_non_null(strstr(text, "cannot enable health agent 11259519: no component of that id"));
    /* Only a health agent has its id. */
    assert_int_equal(napctl_says(L"enforcement enable " AGENT, text, sizeof(text)), 1);
    assert_int_equal(napctl_says(L"agent disable", text, sizeof(text)), 2);
    assert_int_equal(napctl_says(L"agent disable 1 2", text, sizeof(text)), 2);
    assert_int_equal(napctl_says(L"agent disable none", text, sizeof(text)), 2);
}

TEST_MAIN(sha_tests_begin, sha_tests_end)
