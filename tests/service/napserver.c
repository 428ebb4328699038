/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * napserver: asks the registered validators. Pages inapsystemhealthvalidator-validate-method,
 * inapservermanagement-*. The validators are odd_validator.dll, in process, each in a naphost of
 * its own, and this process as a local server.
 */
#include "server_fixture.h"

#include <stdio.h>
#include <string.h>
#include <objbase.h>

#include "tests/conformance/restricted.h"

#define HASTY 400 /* ms, for those that do not */
#define SERVER_UNAVAILABLE HRESULT_FROM_WIN32(RPC_S_SERVER_UNAVAILABLE)

SERVER_TEST(without_validators_nobody_judges)
{
    make_statement(1);
    assert_int_equal(judge(0), NAP_E_NOT_REGISTERED);
}

SERVER_TEST(what_is_no_statement_is_refused)
{
    register_odd(ID, ODD_HEALTHY);
    make_statement(1);
    statement_size--;
    assert_int_equal(judge(0), NAP_E_INVALID_PACKET);
    statement_size = 0;
    assert_int_equal(judge(0), NAP_E_INVALID_PACKET);
}

SERVER_TEST(the_machine_is_healthy_if_all_validators_say_so)
{
    register_odd(ID, ODD_HEALTHY);
    register_odd(ID + 1, ODD_LATER);
    make_statement(2);
    assert_int_equal(judge(PATIENT), S_OK);
    assert_true(judgement->compliant);
    assert_int_equal(judgement->count, 2);
    assert_judged(0, ID, S_OK, true);
    assert_judged(1, ID + 1, S_OK, true);
    assert_code(ID, S_OK);
    assert_code(ID + 1, S_OK);
    register_odd(ID + 2, ODD_UNHEALTHY);
    assert_int_equal(judge(PATIENT), S_OK);
    assert_false(judgement->compliant);
    assert_judged(1, ID + 1, S_OK, true);
    assert_judged(2, ID + 2, S_OK, false);
    assert_code(ID + 2, E_FAIL);
}

/* "SHVs will be asked to validate the client machine regardless of whether the client sent an
 * SoHRequest intended for the SHV." */
SERVER_TEST(a_validator_is_asked_without_an_SoH)
{
    register_odd(ID, ODD_HEALTHY);
    make_statement(0);
    assert_int_equal(judge(PATIENT), S_OK);
    assert_judged(0, ID, S_OK, false);
    assert_code(ID, NAP_E_MISSING_SOH);
}

SERVER_TEST(a_host_is_kept_for_further_questions)
{
    DWORD process;

    register_odd(ID, ODD_HEALTHY);
    make_statement(1);
    assert_int_equal(judge(PATIENT), S_OK);
    process = judgement->validators[0].process_id;
    assert_true(process);
    assert_int_equal(judge(0), S_OK);
    assert_judged(0, ID, S_OK, true);
    assert_int_equal(judgement->validators[0].process_id, process);
}

/* ---- failures ---- */

/* "If any other error code is returned, then the system assumes serverComponent failure has
 * occurred, and the appropriate mapping is done to pass/fail." */
SERVER_TEST(another_error_is_mapped_as_a_failure_of_the_servers_component)
{
    register_odd(ID, ODD_FAILS);
    make_statement(1);
    assert_int_equal(judge(PATIENT), S_OK);
    assert_judged(0, ID, E_FAIL, false);
    assert_category(ID, failureCategoryServerComponent);
    map_to_healthy(ID, failureCategoryServerCommunication);
    assert_int_equal(judge(PATIENT), S_OK);
    assert_judged(0, ID, E_FAIL, false);
    map_to_healthy(ID, failureCategoryServerComponent);
    assert_int_equal(judge(PATIENT), S_OK);
    assert_judged(0, ID, E_FAIL, true);
    assert_true(judgement->compliant);
    assert_category(ID, failureCategoryServerComponent);
}

/* "This TLV will further be mapped to healthy or unhealthy depending upon the SHV's
 * configuration." */
SERVER_TEST(the_failure_category_of_a_response_is_mapped)
{
    register_odd(ID, ODD_CATEGORY);
    make_statement(1);
    assert_int_equal(judge(PATIENT), S_OK);
    assert_judged(0, ID, S_OK, false);
    assert_category(ID, failureCategoryClientComponent);
    map_to_healthy(ID, failureCategoryClientComponent);
    assert_int_equal(judge(PATIENT), S_OK);
    assert_judged(0, ID, S_OK, true);
}

SERVER_TEST(a_class_that_is_not_there_is_a_failure)
{
    register_class(ID, L"{00000000-1111-2222-3333-444444444444}");
    register_odd(ID + 1, ODD_HEALTHY);
    make_statement(2);
    assert_int_equal(judge(PATIENT), S_OK);
    assert_judged(0, ID, REGDB_E_CLASSNOTREG, false);
    assert_judged(1, ID + 1, S_OK, true);
}

/* Each costs its own answer; the validator beside it has judged before. */
static void costs_only_itself(enum odd odd, HRESULT result, DWORD timeout)
{
    make_statement(2);
    register_odd(ID, ODD_HEALTHY);
    assert_int_equal(judge(PATIENT), S_OK);
    register_odd(ID + 1, odd);
    assert_int_equal(judge(timeout), S_OK);
    assert_judged(0, ID, S_OK, true);
    assert_judged(1, ID + 1, result, false);
    assert_category(ID + 1, failureCategoryServerComponent);
    assert_false(judgement->compliant);
}

SERVER_TEST(one_that_hangs_is_ended_and_started_again)
{
    DWORD process, last;
    int i;

    costs_only_itself(ODD_HANGS, NAP_E_SHV_TIMEOUT, 1500);
    assert_in_range(took, 1000, 3000);
    process = last = judgement->validators[1].process_id;
    assert_true(process);
    /* Being late a few times costs it its process; after a pause it has another. */
    for (i = 0; i < 20 && (!last || last == process); i++)
    {
        assert_int_equal(judge(HASTY), S_OK);
        assert_judged(1, ID + 1, NAP_E_SHV_TIMEOUT, false);
        last = judgement->validators[1].process_id;
        Sleep(100);
    }
    assert_in_range(i, 3, 19);
}

SERVER_TEST(one_that_hangs_while_it_loads_costs_only_itself)
{
    costs_only_itself(ODD_HANGS_LOADING, NAP_E_SHV_TIMEOUT, 1500);
    assert_in_range(took, 1000, 3000);
}

SERVER_TEST(one_that_crashes_is_started_again_after_a_pause)
{
    DWORD process;

    costs_only_itself(ODD_CRASHES, RPC_E_SERVER_DIED, PATIENT);
    process = judgement->validators[1].process_id;
    assert_true(process);
    /* In the pause it has failed at once. */
    assert_int_equal(judge(PATIENT), S_OK);
    assert_judged(1, ID + 1, RPC_E_SERVER_DIED, false);
    assert_int_equal(judgement->validators[1].process_id, 0);
    Sleep(600);
    assert_int_equal(judge(PATIENT), S_OK);
    assert_judged(1, ID + 1, RPC_E_SERVER_DIED, false);
    assert_true(
            judgement->validators[1].process_id && judgement->validators[1].process_id != process);
    /* The next pause is longer. */
    Sleep(600);
    assert_int_equal(judge(PATIENT), S_OK);
    assert_int_equal(judgement->validators[1].process_id, 0);
}

SERVER_TEST(garbage_costs_only_its_validator)
{
    costs_only_itself(ODD_GARBAGE, HRESULT_FROM_WIN32(ERROR_INVALID_DATA), PATIENT);
    assert_true(took < PATIENT / 2);
}

/* "Otherwise, the SHV's response will be dropped." */
SERVER_TEST(a_late_answer_is_dropped)
{
    DWORD process;

    register_odd(ID, ODD_LATE);
    make_statement(1);
    assert_int_equal(judge(PATIENT), S_OK);
    assert_judged(0, ID, S_OK, true);
    process = judgement->validators[0].process_id;
    assert_int_equal(judge(HASTY), S_OK);
    assert_judged(0, ID, NAP_E_SHV_TIMEOUT, false);
    assert_in_range(took, HASTY / 2, 2 * HASTY);
    /* This is not the answer to the question before. */
    assert_int_equal(judge(PATIENT), S_OK);
    assert_judged(0, ID, S_OK, true);
    assert_true(took >= 600);
    assert_int_equal(judgement->validators[0].process_id, process);
}

/* "If the creation of the object or the re-executed Validate fails, the SHV is removed from the
 * list of loaded SHVs. The only way this SHV can now be reloaded is to unregister and reregister
 * the SHV again". */
SERVER_TEST(one_whose_process_has_gone_twice_is_left_out_until_it_is_registered_again)
{
    register_odd(ID, ODD_GONE);
    make_statement(1);
    assert_int_equal(judge(PATIENT), S_OK);
    assert_judged(0, ID, SERVER_UNAVAILABLE, false);
    assert_true(judgement->validators[0].process_id);
    Sleep(600);
    assert_int_equal(judge(PATIENT), S_OK);
    assert_judged(0, ID, SERVER_UNAVAILABLE, false);
    assert_int_equal(judgement->validators[0].process_id, 0);
    unregister(ID);
    register_odd(ID, ODD_GONE);
    assert_int_equal(judge(PATIENT), S_OK);
    assert_judged(0, ID, SERVER_UNAVAILABLE, false);
    assert_true(judgement->validators[0].process_id);
}

/* ---- who is asked ---- */

SERVER_TEST(only_enabled_validators_are_asked)
{
    register_odd(ID, ODD_HEALTHY);
    register_odd(ID + 1, ODD_UNHEALTHY);
    make_statement(2);
    assert_int_equal(judge(PATIENT), S_OK);
    assert_int_equal(judgement->count, 2);
    enable(ID + 1, false);
    assert_int_equal(judge(PATIENT), S_OK);
    assert_int_equal(judgement->count, 1);
    assert_judged(0, ID, S_OK, true);
    assert_true(judgement->compliant);
    enable(ID + 1, true);
    assert_int_equal(judge(PATIENT), S_OK);
    assert_judged(1, ID + 1, S_OK, false);
    unregister(ID + 1);
    assert_int_equal(judge(PATIENT), S_OK);
    assert_int_equal(judgement->count, 1);
    enable(ID, false);
    assert_int_equal(judge(PATIENT), NAP_E_NOT_REGISTERED);
}

static HRESULT local_validate(
        INapSystemHealthValidationRequest *request, UINT32 timeout, INapServerCallback *callback)
{
    (void)callback;
    return validator_respond(request, VALIDATOR_ID, timeout <= PATIENT ? S_OK : E_UNEXPECTED);
}

SERVER_TEST(a_local_server_is_asked)
{
    assert_int_equal(CoInitializeEx(NULL, COINIT_MULTITHREADED), S_OK);
    validator.validate = local_validate;
    assert_int_equal(validator_register(), S_OK);
    register_class(VALIDATOR_ID, VALIDATOR_CLASS);
    make_statement(0);
    assert_int_equal(judge(PATIENT), S_OK);
    assert_judged(0, VALIDATOR_ID, S_OK, true);
    assert_code(VALIDATOR_ID, S_OK);
    validator_unregister();
    CoUninitialize();
}

/* Asks in a session of its own; a context of ask_meanwhile(). */
struct other
{
    HANDLE begun; /* event */
    struct agent_reply reply;
    HRESULT hr;
};

static DWORD WINAPI ask_meanwhile(void *context)
{
    struct napipc_message request = {.type = NAPIPC_JUDGE};
    struct agent_session own = {0};
    struct other *other = context;

    request.judge.timeout = PATIENT;
    request.judge.statement.data = statement;
    request.judge.statement.size = (uint32_t)statement_size;
    other->hr = server_session_open(&own);
    SetEvent(other->begun);
    if (SUCCEEDED(other->hr))
        other->hr = agent_session_call(&own, &request, &other->reply);
    agent_session_close(&own);
    return 0;
}

/* A validator that is unregistered while it is asked has not said that the client is healthy,
 * whatever its failures count as. Nobody waits for it any more. */
SERVER_TEST(a_validator_that_is_withdrawn_is_not_healthy)
{
    struct other other = {.begun = CreateEventW(NULL, TRUE, FALSE, NULL)};
    ULONGLONG begun = GetTickCount64();
    HANDLE thread;

    register_odd(ID, ODD_HANGS);
    map_to_healthy(ID, failureCategoryServerComponent);
    make_statement(1);
    thread = CreateThread(NULL, 0, ask_meanwhile, &other, 0, NULL);
    assert_int_equal(WaitForSingleObject(other.begun, PATIENT), WAIT_OBJECT_0);
    Sleep(1500); /* nothing shows that the validator is being asked */
    unregister(ID);
    assert_int_equal(judge(0), NAP_E_NOT_REGISTERED); /* the service notices it now */
    assert_int_equal(WaitForSingleObject(thread, PATIENT), WAIT_OBJECT_0);
    assert_true(GetTickCount64() - begun < PATIENT);
    assert_int_equal(other.hr, S_OK);
    assert_int_equal((HRESULT)other.reply.message.judge_reply.validators[0].result, E_ABORT);
    assert_false(other.reply.message.judge_reply.compliant);
    agent_reply_clear(&other.reply);
    CloseHandle(thread);
    CloseHandle(other.begun);
}

static int ask_without_rights(void)
{
    HRESULT hr;

    if (FAILED(server_session_open(&session)))
        return 2; /* everybody may connect: the service looks who it is */
    make_statement(1);
    hr = judge(0);
    agent_session_close(&session);
    return hr == E_ACCESSDENIED ? 0 : 1;
}

SERVER_TEST(only_an_administrator_may_ask)
{
    if (!is_administrator())
        skip();
    assert_int_equal(run_without_rights(L"--without-rights"), 0);
}

int main(int argc, char **argv)
{
    if (argc == 2 && !strcmp(argv[1], "--without-rights"))
        return ask_without_rights();
    return test_main(server_begin, server_end);
}
