/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * napserver: asks the registered validators. Pages inapsystemhealthvalidator-validate-method,
 * inapservermanagement-*. The validators are odd_validator.dll, in process, each in a naphost of
 * its own, and this process as a local server.
 */
#include <test.h>

#include <stdbool.h>
#include <stdio.h>
#include <string.h>
#include <windows.h>
#include <objbase.h>
#include <winsvc.h>

#include "naperror.h"
#include "napsystemhealthvalidator.h"

#include "libs/napclient/napclient.h"
#include "libs/soh/soh.h"
#include "odd_validator.h"
#include "tests/conformance/restricted.h"
#include "tests/conformance/validator.h"

#define ID 0x00abd100u /* the first of the tests' validators */
#define PATIENT 20000  /* ms, for validators that answer */
#define HASTY 400      /* ms, for those that do not */
#define SERVER_UNAVAILABLE HRESULT_FROM_WIN32(RPC_S_SERVER_UNAVAILABLE)

static struct agent_session session;
static BYTE statement[NAPIPC_MAX_SOH];
static size_t statement_size;
static const struct soh_correlation_id correlation = {{1, 2, 3, 4, 5, 6, 7, 8, 9}};

/* ---- the service ---- */

static bool start_server(void)
{
    SC_HANDLE manager = OpenSCManagerW(NULL, NULL, SC_MANAGER_CONNECT), service = NULL;
    bool started;
    int i;

    if (manager)
        service = OpenServiceW(manager, SERVER_SERVICE_NAME, SERVICE_START);
    started =
            service
            && (StartServiceW(service, 0, NULL) || GetLastError() == ERROR_SERVICE_ALREADY_RUNNING);
    CloseServiceHandle(service);
    CloseServiceHandle(manager);
    /* Its pipe is there before it says that it runs. */
    for (i = 0; started && FAILED(server_session_open(&session)) && i < 100; i++)
        Sleep(100);
    return started && session.pipe;
}

/* ---- registrations ---- */

static HRESULT ask_agent(struct napipc_message *request)
{
    return agent_process_call(agent_start_always, request, NULL, NULL);
}

static void register_class(uint32_t id, const WCHAR *class)
{
    struct napipc_message request = {.type = NAPIPC_VALIDATOR_REGISTER};
    CLSID clsid;

    assert_int_equal(CLSIDFromString(class, &clsid), S_OK);
    request.validator_register.component.id = id;
    memcpy(request.validator_register.clsid.bytes, &clsid, sizeof(clsid));
    assert_int_equal(ask_agent(&request), S_OK);
}

static void register_odd(uint32_t id, enum odd odd)
{
    WCHAR class[64];

    swprintf(class, ARRAYSIZE(class), ODD_CLASS, odd);
    register_class(id, class);
}

static void unregister(uint32_t id)
{
    struct napipc_message request = {.type = NAPIPC_VALIDATOR_UNREGISTER, .validator_id = {id}};

    ask_agent(&request);
}

static void enable(uint32_t id, bool enabled)
{
    struct napipc_message request = {
            .type = NAPIPC_VALIDATOR_SET_ENABLED, .validator_enabled = {id, enabled}};

    assert_int_equal(ask_agent(&request), S_OK);
}

/* Failures of this category count as healthy, and no others. */
static void map_to_healthy(uint32_t id, FailureCategory category)
{
    struct napipc_message request = {.type = NAPIPC_VALIDATOR_SET_MAPPING};

    request.validator_mapping.id = id;
    request.validator_mapping.mapping.compliant[category - 1] = true;
    assert_int_equal(ask_agent(&request), S_OK);
}

static int forget(void)
{
    uint32_t id;

    for (id = ID; id < ID + NAPIPC_MAX_VALIDATORS; id++)
        unregister(id);
    unregister(VALIDATOR_ID);
    return 0;
}

/* ---- statements, and what is said about them ---- */

static struct soh_builder builder;

static void begin_statement(void)
{
    struct soh_system system = {.present = SOH_HAS_CORRELATION_ID | SOH_HAS_MACHINE_NAME,
            .correlation_id = correlation,
            .machine_name = {(const uint8_t *)"CLIENT", 6}};

    soh_builder_init(&builder, statement, sizeof(statement));
    soh_build_begin(&builder, SOH_REQUEST, NULL, &system);
}

static void end_statement(void)
{
    assert_int_equal(soh_build_end(&builder), SOH_BUILD_OK);
    statement_size = builder.size;
}

/* A statement with an SoH for the first `count` validators. */
static void make_statement(unsigned int count)
{
    static const uint32_t code = S_OK;
    unsigned int i;

    begin_statement();
    for (i = 0; i < count; i++)
    {
        struct soh_result result = {.id = ID + i, .codes = &code, .code_count = 1};

        soh_build_result_entry(&builder, &result);
    }
    end_statement();
}

static struct agent_reply reply;
static const struct napipc_judge_reply *const judgement = &reply.message.judge_reply;
static struct soh_packet response;
static ULONGLONG took; /* ms */

static HRESULT judge(DWORD timeout)
{
    struct napipc_message request = {.type = NAPIPC_JUDGE};
    ULONGLONG begun = GetTickCount64();
    HRESULT hr;

    request.judge.timeout = timeout;
    request.judge.statement.data = statement;
    request.judge.statement.size = (uint32_t)statement_size;
    agent_reply_clear(&reply);
    hr = agent_session_call(&session, &request, &reply);
    took = GetTickCount64() - begun;
    memset(&response, 0, sizeof(response));
    if (SUCCEEDED(hr))
    {
        assert_true(soh_parse(judgement->response.data, judgement->response.size, &response, NULL));
        assert_int_equal(response.kind, SOH_RESPONSE);
        assert_memory_equal(&response.correlation_id, &correlation, sizeof(correlation));
        assert_int_equal(response.system.quarantine.isolation_state, judgement->compliant ? 1 : 3);
    }
    return hr;
}

static void assert_judged(uint16_t index, uint32_t id, HRESULT result, bool compliant)
{
    assert_true(index < judgement->count);
    assert_int_equal(judgement->validators[index].id, id);
    assert_int_equal((HRESULT)judgement->validators[index].result, result);
    assert_int_equal(judgement->validators[index].compliant, compliant);
}

/* The response has the validator's compliance result code. */
static void assert_code(uint32_t id, HRESULT code)
{
    struct soh_attribute attribute;
    struct soh_entry entry;
    uint32_t found = 0;

    assert_true(soh_find_entry(&response, id, &entry));
    assert_true(soh_find_attribute(&entry, SOH_ATTRIBUTE_COMPLIANCE_RESULT_CODES, &attribute));
    assert_true(soh_attribute_u32_at(&attribute, 0, &found));
    assert_int_equal((HRESULT)found, code);
}

/* The response has this failure category for the validator. */
static void assert_category(uint32_t id, FailureCategory category)
{
    struct soh_attribute attribute;
    struct soh_entry entry;
    uint8_t found = 0;

    assert_true(soh_find_entry(&response, id, &entry));
    assert_true(soh_find_attribute(&entry, SOH_ATTRIBUTE_FAILURE_CATEGORY, &attribute));
    assert_true(soh_attribute_u8(&attribute, &found));
    assert_int_equal(found, category);
}

#define SERVER_TEST(name) TEST_WITH(name, NULL, forget)

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

/* ---- limits ---- */

SERVER_TEST(a_statement_of_65535_bytes_is_judged)
{
    static const uint32_t code = S_OK;
    static BYTE value[4000] = {0, 0, 1, 0x37};
    struct soh_result result = {.id = ID, .codes = &code, .code_count = 1};
    unsigned int count = 2;
    size_t left;

    register_odd(ID, ODD_COUNTS);
    register_odd(ID + 1, ODD_LARGE);
    register_odd(ID + 2, ODD_LARGE);
    begin_statement();
    soh_build_result_entry(&builder, &result);
    while ((left = sizeof(statement) - builder.size) > 4 + sizeof(value) + 8)
    {
        soh_build_attribute(&builder, SOH_ATTRIBUTE_VENDOR_SPECIFIC, value, sizeof(value));
        count++;
    }
    soh_build_attribute(&builder, SOH_ATTRIBUTE_VENDOR_SPECIFIC, value, left - 4);
    count++;
    end_statement();
    assert_int_equal(statement_size, 65535);
    assert_int_equal(judge(PATIENT), S_OK);
    assert_judged(0, ID, S_OK, true);
    assert_code(ID, (HRESULT)count);
    /* There is room for one large response. */
    assert_judged(1, ID + 1, S_OK, true);
    assert_judged(2, ID + 2, S_OK, true);
    assert_true(judgement->validators[1].in_response);
    assert_false(judgement->validators[2].in_response);
    assert_true(judgement->compliant);
}

SERVER_TEST(sixty_four_validators_are_asked)
{
    unsigned int i;

    for (i = 0; i < NAPIPC_MAX_VALIDATORS; i++)
        register_odd(ID + i, i == 60 ? ODD_UNHEALTHY : ODD_HEALTHY);
    make_statement(3);
    assert_int_equal(judge(30000), S_OK);
    assert_int_equal(judgement->count, NAPIPC_MAX_VALIDATORS);
    for (i = 0; i < NAPIPC_MAX_VALIDATORS; i++)
        assert_judged((uint16_t)i, ID + i, S_OK, i < 3);
    /* A response has 20 entries: first of those that the client reports of. */
    assert_int_equal(response.entry_count, SOH_MAX_ENTRIES);
    assert_code(ID, S_OK);
    assert_code(ID + 2, S_OK);
    assert_true(judgement->validators[0].in_response);
    assert_false(judgement->validators[63].in_response);
}

/* ---- all of them ---- */

/* Registers the classes of odd_validator.dll, which is beside this program. */
static bool register_classes(bool there)
{
    WCHAR key[128], class[64], path[MAX_PATH], *end;
    DWORD size;
    int odd;

    GetModuleFileNameW(NULL, path, MAX_PATH - 32);
    if (!(end = wcsrchr(path, '\\')))
        return false;
    wcscpy(end, L"\\odd_validator.dll");
    size = (DWORD)(wcslen(path) + 1) * sizeof(WCHAR);
    for (odd = ODD_HEALTHY; odd < ODD_END; odd++)
    {
        swprintf(class, ARRAYSIZE(class), ODD_CLASS, odd);
        swprintf(key, ARRAYSIZE(key), L"Software\\Classes\\CLSID\\%ls", class);
        if (!there)
        {
            RegDeleteTreeW(HKEY_LOCAL_MACHINE, key);
            continue;
        }
        wcscat(key, L"\\InprocServer32");
        if (RegSetKeyValueW(HKEY_LOCAL_MACHINE, key, NULL, REG_SZ, path, size)
                || RegSetKeyValueW(HKEY_LOCAL_MACHINE, key, L"ThreadingModel", REG_SZ, L"Both", 10))
            return false;
    }
    return true;
}

static int begin(void)
{
    forget();
    return register_classes(true) && start_server() ? 0 : 1;
}

static int end(void)
{
    register_classes(false);
    agent_session_close(&session);
    return 0;
}

int main(int argc, char **argv)
{
    if (argc == 2 && !strcmp(argv[1], "--without-rights"))
        return ask_without_rights();
    return test_main(begin, end);
}
