/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * INapSystemHealthValidator::Validate as naphost calls it, and the objects that a validator gets:
 * INapSystemHealthValidationRequest, INapSystemHealthValidationRequest2, INapServerCallback. Pages
 * inapsystemhealthvalidator-validate-method, inapsystemhealthvalidationrequest-*,
 * inapsystemhealthvalidationrequest2-getconfigid, inapservercallback-oncomplete-method.
 *
 * The test process is the validator, a local server; so the calls go through the proxies of
 * qshvhost.dll. The example in examples/validator runs inside of naphost. The test writes the
 * frames of docs/protocol.md itself.
 */

#include "contract.h"
#include "servers.h"
#include "validator.h"

#include <stdbool.h>
#include <stdio.h>
#include <string.h>

#define PROTOCOL 3 /* its version */
#define TIMEOUT                                                                                    \
    5000 /* ms, of a validation that is not to be late; the first one loads the validator */
#define SHORT 500 /* ms, of one that is to be late */
#define SAMPLE_CLASS L"{5C1D8B20-7A4F-4E6B-9A30-51D2C6E4F7A1}"
#define SAMPLE_SLOW_CLASS L"{5C1D8B20-7A4F-4E6B-9A30-51D2C6E4F7A2}"
#define SAMPLE_ID 0x00abd001u
#define SAMPLE_SLOW_ID 0x00abd002u
#define SERVER_UNAVAILABLE HRESULT_FROM_WIN32(RPC_S_SERVER_UNAVAILABLE)

#define asked(method, ...) record(INapSystemHealthValidationRequest, method, __VA_ARGS__)

/* ---- naphost ---- */

static HANDLE process, to_host, from_host;

static void host_start(const WCHAR *clsid, SystemHealthEntityId id)
{
    SECURITY_ATTRIBUTES inherit = {sizeof(inherit), NULL, TRUE};
    STARTUPINFOW startup = {.cb = sizeof(startup), .dwFlags = STARTF_USESTDHANDLES};
    PROCESS_INFORMATION information;
    WCHAR command[128];

    assert_true(CreatePipe(&startup.hStdInput, &to_host, &inherit, 1 << 17));
    assert_true(CreatePipe(&from_host, &startup.hStdOutput, &inherit, 1 << 17));
    SetHandleInformation(to_host, HANDLE_FLAG_INHERIT, 0);
    SetHandleInformation(from_host, HANDLE_FLAG_INHERIT, 0);
    startup.hStdError = GetStdHandle(STD_ERROR_HANDLE);
    swprintf(command, ARRAYSIZE(command), L"naphost.exe %ls %u", clsid, id);
    assert_true(
            CreateProcessW(NULL, command, NULL, NULL, TRUE, 0, NULL, NULL, &startup, &information));
    CloseHandle(startup.hStdInput);
    CloseHandle(startup.hStdOutput);
    CloseHandle(information.hThread);
    process = information.hProcess;
}

/* The end of its input ends it. */
static DWORD host_end(void)
{
    DWORD code = 99;

    CloseHandle(to_host);
    if (WaitForSingleObject(process, 10000) != WAIT_OBJECT_0)
        TerminateProcess(process, 98);
    GetExitCodeProcess(process, &code);
    CloseHandle(process);
    CloseHandle(from_host);
    return code;
}

/* ---- what is asked, and the answer ---- */

static const CorrelationId correlation = {
        {0x11223344, 0x5566, 0x7788, {1, 2, 3, 4, 5, 6, 7, 8}}, {0xa0000000, 0x01cb3f7f}};
static const WCHAR machine[] = L"CLIENT-\x00e4";

static struct
{
    UINT32 timeout, config_id;
    BOOL generated;
    UINT32 soh_size;
    BYTE soh[64];
} question;

static struct
{
    HRESULT result;
    BOOL removed;
    UINT32 soh_size;
    BYTE soh[64];
    ULONGLONG took; /* ms */
} answer;

static BYTE frame[1024];
static DWORD frame_size;

static void put(const void *bytes, DWORD size)
{
    memcpy(frame + frame_size, bytes, size);
    frame_size += size;
}

static void put_number(UINT32 number, DWORD size)
{
    put(&number, size);
}

static void read_exactly(void *to, DWORD size)
{
    ULONGLONG begun = GetTickCount64();
    DWORD there = 0, count;

    while (PeekNamedPipe(from_host, NULL, 0, NULL, &there, NULL) && there < size
            && GetTickCount64() - begun < 20000)
        Sleep(5);
    if (there < size)
        fail_msg("naphost has not answered");
    assert_true(ReadFile(from_host, to, size, &count, NULL));
    assert_int_equal(count, size);
}

static void ask(void)
{
    ULONGLONG begun = GetTickCount64();
    UINT32 header[4];
    DWORD count;

    frame_size = 0;
    put_number(0, 4);
    put_number(PROTOCOL, 2);
    put_number(90, 2); /* VALIDATE */
    put_number(7, 4);
    put_number(0, 4);
    put(&correlation, sizeof(correlation));
    put_number(ARRAYSIZE(machine) - 1, 2);
    put(machine, sizeof(machine) - sizeof(WCHAR));
    put_number(question.timeout, 4);
    put_number(question.config_id, 4);
    put_number(question.generated, 1);
    put_number(question.soh_size, 4);
    put(question.soh, question.soh_size);
    memcpy(frame, &frame_size, 4);
    assert_true(WriteFile(to_host, frame, frame_size, &count, NULL));
    read_exactly(header, sizeof(header));
    assert_int_equal(header[1], 0x805a0000 | PROTOCOL);
    assert_int_equal(header[2], 7);
    assert_int_equal(header[3], S_OK);
    memset(&answer, 0, sizeof(answer));
    read_exactly(&answer.result, 4);
    read_exactly(&answer.removed, 1);
    read_exactly(&answer.soh_size, 4);
    assert_true(answer.soh_size <= sizeof(answer.soh));
    assert_int_equal(header[0], 16 + 9 + answer.soh_size);
    if (answer.soh_size)
        read_exactly(answer.soh, answer.soh_size);
    answer.took = GetTickCount64() - begun;
}

/* The SoH of a health agent, with one compliance result code. */
static void give_soh(SystemHealthEntityId id, HRESULT code)
{
    BYTE soh[16] = {0, 2, 0, 4, (BYTE)(id >> 24), (BYTE)(id >> 16), (BYTE)(id >> 8), (BYTE)id, 0, 4,
            0, 4, (BYTE)(code >> 24), (BYTE)(code >> 16), (BYTE)(code >> 8), (BYTE)code};

    memcpy(question.soh, soh, sizeof(soh));
    question.soh_size = sizeof(soh);
}

static void assert_answer(SystemHealthEntityId id, HRESULT code)
{
    BYTE expected[16] = {0, 2, 0, 4, (BYTE)(id >> 24), (BYTE)(id >> 16), (BYTE)(id >> 8), (BYTE)id,
            0, 4, 0, 4, (BYTE)(code >> 24), (BYTE)(code >> 16), (BYTE)(code >> 8), (BYTE)code};

    assert_int_equal(answer.result, S_OK);
    assert_int_equal(answer.soh_size, sizeof(expected));
    assert_memory_equal(answer.soh, expected, sizeof(expected));
}

static void assert_failure(HRESULT result)
{
    assert_int_equal(answer.result, result);
    assert_int_equal(answer.soh_size, 0);
}

/* ---- validators ---- */

/* Set by the validators, on other threads: an assertion there would not end the test. */
static HRESULT seen[8];
static INapSystemHealthValidationRequest *kept_request;
static INapServerCallback *kept_callback;
static HANDLE go;

static HRESULT says_healthy(
        INapSystemHealthValidationRequest *request, UINT32 timeout, INapServerCallback *callback)
{
    (void)timeout;
    (void)callback;
    return validator_respond(request, VALIDATOR_ID, S_OK);
}

static void keep(INapSystemHealthValidationRequest *request, INapServerCallback *callback)
{
    kept_request = request;
    kept_callback = callback;
    INapSystemHealthValidationRequest_AddRef(request);
    INapServerCallback_AddRef(callback);
}

static void release_kept(void)
{
    INapSystemHealthValidationRequest_Release(kept_request);
    INapServerCallback_Release(kept_callback);
}

static int begin_host(void)
{
    memset(&question, 0, sizeof(question));
    memset(seen, 0x55, sizeof(seen));
    question.timeout = TIMEOUT;
    validator.validate = says_healthy;
    validator.asked = validator.created = 0;
    ResetEvent(go);
    host_start(VALIDATOR_CLASS, VALIDATOR_ID);
    return 0;
}

static int end_host(void)
{
    return host_end() != 0;
}

#define HOST_TEST(name) TEST_WITH(name, begin_host, end_host)

/* "S_OK: indicates that the validator has set an SoHResponse on the 'request' object." */
HOST_TEST(the_response_of_a_validator_is_taken)
{
    question.timeout = 5000;
    give_soh(VALIDATOR_ID, S_OK);
    ask();
    assert_answer(VALIDATOR_ID, S_OK);
    assert_false(answer.removed);
    ask();
    assert_answer(VALIDATOR_ID, S_OK);
    assert_int_equal(validator.created, 1);
    assert_int_equal(validator.asked, 2);
}

static HRESULT looks_for_soh(
        INapSystemHealthValidationRequest *request, UINT32 timeout, INapServerCallback *callback)
{
    SoHRequest *soh = GARBAGE;
    BOOL generated = 7;

    (void)timeout;
    (void)callback;
    seen[0] = asked(GetSoHRequest, request, &soh, &generated);
    seen[1] = soh == NULL;
    seen[2] = generated;
    return validator_respond(request, VALIDATOR_ID, NAP_E_MISSING_SOH);
}

/* "SHVs will be asked to validate the client machine regardless of whether the client sent an
 * SoHRequest"; "may return NULL if the client did not send an SoHRequest". */
HOST_TEST(a_validator_is_asked_without_an_SoH)
{
    validator.validate = looks_for_soh;
    ask();
    assert_answer(VALIDATOR_ID, NAP_E_MISSING_SOH);
    assert_int_equal(seen[0], S_OK);
    assert_int_equal(seen[1], TRUE);
    assert_int_equal(seen[2], FALSE);
}

static CorrelationId seen_correlation;
static WCHAR seen_name[32], seen_string[96];
static UINT32 seen_config, seen_timeout;
static SoHAttribute seen_attribute;
static UINT16 seen_count;

static HRESULT reads_all(
        INapSystemHealthValidationRequest *request, UINT32 timeout, INapServerCallback *callback)
{
    INapSystemHealthValidationRequest2 *second = NULL;
    StringCorrelationId *string = NULL;
    CountedString *name = NULL;
    SoHRequest *soh = NULL;
    BOOL generated = 7;

    (void)callback;
    seen_timeout = timeout;
    seen[0] = asked(GetCorrelationId, request, &seen_correlation);
    seen[1] = asked(GetStringCorrelationId, request, &string);
    seen[2] = asked(GetMachineName, request, &name);
    seen[3] = asked(GetSoHRequest, request, &soh, &generated);
    seen[4] = generated;
    if (string && name && soh)
    {
        wcscpy(seen_string, string->string);
        wcscpy(seen_name, name->string);
        seen_count = soh->count;
        seen_attribute = soh->attributes[1];
    }
    if (INapSystemHealthValidationRequest_QueryInterface(
                request, &IID_INapSystemHealthValidationRequest2, (void **)&second)
            == S_OK)
    {
        seen[5] = record(INapSystemHealthValidationRequest2, GetConfigID, second, &seen_config);
        seen[6] = INapSystemHealthValidationRequest2_GetConfigID(second, NULL);
        INapSystemHealthValidationRequest2_Release(second);
    }
    return validator_respond(request, VALIDATOR_ID, E_FAIL);
}

HOST_TEST(the_request_has_what_the_client_sent)
{
    validator.validate = reads_all;
    give_soh(VALIDATOR_ID, E_ABORT);
    question.generated = TRUE;
    question.config_id = 42;
    ask();
    assert_answer(VALIDATOR_ID, E_FAIL);
    assert_int_equal(seen[0], S_OK);
    assert_memory_equal(&seen_correlation, &correlation, sizeof(correlation));
    assert_int_equal(seen[1], S_OK);
    assert_memory_equal(seen_string, L"{11223344-5566-7788-0102-030405060708} - 2010-", 46 * 2);
    assert_int_equal(seen[2], S_OK);
    assert_int_equal(wcscmp(seen_name, machine), 0);
    assert_int_equal(seen[3], S_OK);
    assert_int_equal(seen[4], TRUE);
    assert_int_equal(seen_count, 2);
    assert_int_equal(seen_attribute.type, 4);
    assert_int_equal(seen_attribute.size, 4);
    assert_int_equal(seen[5], S_OK);
    assert_int_equal(seen_config, 42);
    assert_int_equal(seen[6], HRESULT_FROM_WIN32(RPC_X_NULL_REF_POINTER)); /* of the proxy */
    assert_in_range(seen_timeout, 1, TIMEOUT); /* without the time of loading */
}

/* "The default timeout for all SHVs is 2000 milliseconds." */
HOST_TEST(the_default_timeout_is_two_seconds)
{
    validator.validate = reads_all;
    ask(); /* it is loaded now */
    question.timeout = 0;
    ask();
    assert_answer(VALIDATOR_ID, E_FAIL);
    assert_in_range(seen_timeout, 1900, 2000);
}

static HRESULT keeps_private_data(
        INapSystemHealthValidationRequest *request, UINT32 timeout, INapServerCallback *callback)
{
    BYTE bytes[201] = {1, 2, 3};
    PrivateData given = {3, bytes}, large = {201, bytes}, *data = NULL;
    SoHResponse *response = GARBAGE;
    HRESULT hr;

    (void)timeout;
    (void)callback;
    seen[0] = asked(SetPrivateData, request, &given);
    seen[1] = asked(GetPrivateData, request, &data);
    seen[2] = data && data->size == 3 && !memcmp(data->data, bytes, 3);
    seen[3] = asked(SetPrivateData, request, &large);
    seen[4] = asked(GetSoHResponse, request, &response);
    hr = validator_respond(request, VALIDATOR_ID, S_OK);
    seen[5] = asked(GetSoHResponse, request, &response);
    seen[6] = response && response->count == 2 && response->attributes[1].type == 4;
    return hr;
}

/* "Allows the NapServer to store state information"; "gets the SoHResponse object". */
HOST_TEST(private_data_and_the_response_can_be_read_back)
{
    validator.validate = keeps_private_data;
    ask();
    assert_answer(VALIDATOR_ID, S_OK);
    assert_int_equal(seen[0], S_OK);
    assert_int_equal(seen[1], S_OK);
    assert_int_equal(seen[2], TRUE);
    assert_int_equal(seen[3], E_INVALIDARG);
    assert_int_equal(seen[4], NAP_E_MISSING_SOH);
    assert_int_equal(seen[5], S_OK);
    assert_int_equal(seen[6], TRUE);
}

/* ---- asynchronous validation ---- */

static HRESULT complete_with;
static HANDLE completer; /* the thread that calls OnComplete */

static DWORD WINAPI complete(void *unused)
{
    (void)unused;
    CoInitializeEx(NULL, COINIT_MULTITHREADED);
    WaitForSingleObject(go, 100);
    seen[0] = validator_respond(kept_request, VALIDATOR_ID, S_FALSE);
    seen[1] = record(INapServerCallback, OnComplete, kept_callback, NULL, complete_with);
    seen[2] = record(INapServerCallback, OnComplete, kept_callback, kept_request, complete_with);
    seen[3] = record(INapServerCallback, OnComplete, kept_callback, kept_request, complete_with);
    release_kept();
    CoUninitialize();
    return 0;
}

static HRESULT completes_later(
        INapSystemHealthValidationRequest *request, UINT32 timeout, INapServerCallback *callback)
{
    (void)timeout;
    keep(request, callback);
    completer = CreateThread(NULL, 0, complete, NULL, 0, NULL);
    return E_PENDING;
}

static void await_completer(void)
{
    assert_int_equal(WaitForSingleObject(completer, 10000), WAIT_OBJECT_0);
    CloseHandle(completer);
}

/* "E_PENDING: indicates that OnComplete() will be called on a separate thread." */
HOST_TEST(a_pending_validation_ends_with_OnComplete)
{
    validator.validate = completes_later;
    complete_with = S_OK;
    question.timeout = 5000;
    ask();
    assert_answer(VALIDATOR_ID, S_FALSE);
    assert_true(answer.took < 4000);
    await_completer();
    assert_int_equal(seen[0], S_OK);
    assert_int_equal(seen[1], E_INVALIDARG);
    assert_int_equal(seen[2], S_OK);
    assert_int_equal(seen[3], NAP_E_NOT_PENDING);
}

/* "errorCode: indicates the reason why the validation could not be performed." */
HOST_TEST(OnComplete_with_an_error_drops_the_response)
{
    validator.validate = completes_later;
    complete_with = NAP_E_INVALID_PACKET;
    question.timeout = 5000;
    ask();
    assert_failure(NAP_E_INVALID_PACKET);
    await_completer();
}

static HRESULT never_completes(
        INapSystemHealthValidationRequest *request, UINT32 timeout, INapServerCallback *callback)
{
    (void)timeout;
    keep(request, callback);
    return E_PENDING;
}

/* "The SHVs are expected to respond within the hintTimeOutInMsec time or else the response will be
 * dropped." */
HOST_TEST(a_late_response_is_dropped)
{
    CorrelationId id;
    BOOL generated;
    SoHRequest *soh;

    validator.validate = says_healthy;
    ask(); /* it is loaded now */
    validator.validate = never_completes;
    question.timeout = SHORT;
    ask();
    assert_failure(NAP_E_SHV_TIMEOUT);
    assert_true(answer.took >= SHORT);
    assert_int_equal(validator_respond(kept_request, VALIDATOR_ID, S_OK), NAP_E_NOT_PENDING);
    assert_int_equal(asked(GetSoHRequest, kept_request, &soh, &generated), NAP_E_NOT_PENDING);
    assert_int_equal(asked(GetCorrelationId, kept_request, &id), NAP_E_NOT_PENDING);
    returns(NAP_E_NOT_PENDING, INapServerCallback, OnComplete, kept_callback, kept_request, S_OK);
    release_kept();
    validator.validate = says_healthy;
    question.timeout = TIMEOUT;
    ask();
    assert_answer(VALIDATOR_ID, S_OK);
}

static HRESULT hangs(
        INapSystemHealthValidationRequest *request, UINT32 timeout, INapServerCallback *callback)
{
    (void)request;
    (void)timeout;
    (void)callback;
    WaitForSingleObject(go, 10000);
    return S_OK;
}

HOST_TEST(a_validator_that_hangs_is_late_and_asked_again)
{
    validator.validate = says_healthy;
    ask(); /* it is loaded now */
    validator.validate = hangs;
    question.timeout = SHORT;
    ask();
    assert_failure(NAP_E_SHV_TIMEOUT);
    assert_true(answer.took < 5000);
    validator.validate = says_healthy;
    question.timeout = TIMEOUT;
    ask();
    assert_answer(VALIDATOR_ID, S_OK);
    SetEvent(go);
}

/* ---- results that are no response ---- */

static HRESULT fails(
        INapSystemHealthValidationRequest *request, UINT32 timeout, INapServerCallback *callback)
{
    (void)timeout;
    (void)callback;
    validator_respond(request, VALIDATOR_ID, S_OK);
    return E_ABORT;
}

static HRESULT sets_nothing(
        INapSystemHealthValidationRequest *request, UINT32 timeout, INapServerCallback *callback)
{
    (void)request;
    (void)timeout;
    (void)callback;
    return S_OK;
}

static HRESULT sets_no_verdict(
        INapSystemHealthValidationRequest *request, UINT32 timeout, INapServerCallback *callback)
{
    (void)timeout;
    (void)callback;
    return validator_respond(request, 0, S_OK);
}

static HRESULT sets_the_response_of_another(
        INapSystemHealthValidationRequest *request, UINT32 timeout, INapServerCallback *callback)
{
    (void)timeout;
    (void)callback;
    seen[0] = validator_respond(request, VALIDATOR_ID + 1, S_OK);
    seen[1] = asked(SetSoHResponse, request, NULL);
    return S_OK;
}

/* "If any other error code is returned by the SHV, the packet will be discarded." */
HOST_TEST(an_error_discards_the_response)
{
    validator.validate = fails;
    ask();
    assert_failure(E_ABORT);
}

/* "An SHV must return either a ComplianceResultCodes or FailureCategory TLV". */
HOST_TEST(a_response_must_be_the_validators_and_say_something)
{
    validator.validate = sets_nothing;
    ask();
    assert_failure(NAP_E_MISSING_SOH);
    validator.validate = sets_no_verdict;
    ask();
    assert_failure(NAP_E_INVALID_PACKET);
    validator.validate = sets_the_response_of_another;
    ask();
    assert_failure(NAP_E_MISSING_SOH);
    assert_int_equal(seen[0], E_INVALIDARG);
    assert_int_equal(seen[1], E_INVALIDARG);
}

static LONG unavailable; /* so often */

static HRESULT is_unavailable(
        INapSystemHealthValidationRequest *request, UINT32 timeout, INapServerCallback *callback)
{
    if (InterlockedDecrement(&unavailable) >= 0)
        return SERVER_UNAVAILABLE;
    return says_healthy(request, timeout, callback);
}

/* "RPC_S_SERVER_UNAVAILABLE: ... The NapServer will try to re-create a new reference to the SHV and
 * will reexecute the Validate call once." */
HOST_TEST(a_validator_that_is_gone_is_created_once_more)
{
    validator.validate = is_unavailable;
    unavailable = 1;
    ask();
    assert_answer(VALIDATOR_ID, S_OK);
    assert_false(answer.removed);
    assert_int_equal(validator.created, 2);
}

/* "If the creation of the object or the re-executed Validate fails, the SHV is removed from the
 * list of loaded SHVs." */
HOST_TEST(a_validator_that_is_gone_twice_is_removed)
{
    validator.validate = is_unavailable;
    unavailable = 2;
    ask();
    assert_failure(SERVER_UNAVAILABLE);
    assert_true(answer.removed);
    ask();
    assert_failure(SERVER_UNAVAILABLE);
    assert_true(answer.removed);
    assert_int_equal(validator.asked, 2);
}

TEST(a_class_that_is_not_registered_is_an_error)
{
    memset(&question, 0, sizeof(question));
    host_start(L"{00000000-1111-2222-3333-444444444444}", 1);
    ask();
    assert_failure(REGDB_E_CLASSNOTREG);
    assert_int_equal(host_end(), 0);
}

TEST(a_bad_frame_ends_the_host)
{
    BYTE bad[16] = {16, 0, 0, 0, PROTOCOL, 0, 9, 9, 1};
    DWORD count;

    host_start(VALIDATOR_CLASS, VALIDATOR_ID);
    assert_true(WriteFile(to_host, bad, sizeof(bad), &count, NULL));
    assert_int_equal(WaitForSingleObject(process, 10000), WAIT_OBJECT_0);
    assert_int_equal(host_end(), 1);
}

/* ---- the example, inside of naphost ---- */

static bool is_sample_registered(void)
{
    NapComponentRegistrationInfo *infos;
    SystemHealthEntityCount count;
    INapServerInfo *server = servers_info();
    bool found = false;
    CLSID *clsids;
    UINT16 i;

    if (!server
            || INapServerInfo_GetRegisteredSystemHealthValidators(server, &count, &infos, &clsids))
        return false;
    for (i = 0; i < count; i++)
        found |= infos[i].id == SAMPLE_ID;
    INapServerInfo_Release(server);
    return found;
}

static void judges(const WCHAR *clsid, SystemHealthEntityId id)
{
    memset(&question, 0, sizeof(question));
    question.timeout = 5000;
    host_start(clsid, id);
    give_soh(id, S_OK);
    ask();
    assert_answer(id, S_OK);
    give_soh(id, E_FAIL);
    ask();
    assert_answer(id, E_FAIL);
    question.soh_size = 0;
    ask();
    assert_answer(id, NAP_E_MISSING_SOH);
    /* The health agent failed: a failure category, that of the client's component. */
    give_soh(id, E_FAIL);
    question.generated = TRUE;
    ask();
    assert_int_equal(answer.result, S_OK);
    assert_int_equal(answer.soh_size, 13);
    assert_memory_equal(answer.soh + 8, "\0\x0e\0\1\2", 5);
    assert_int_equal(host_end(), 0);
}

TEST(the_example_judges_at_once_and_later)
{
    WCHAR path[MAX_PATH], *end;
    HRESULT(WINAPI * function)(void);
    HMODULE module;

    GetModuleFileNameW(NULL, path, MAX_PATH);
    if ((end = wcsrchr(path, '\\')))
        wcscpy(end, L"\\..\\..\\examples\\validator\\validator.dll");
    assert_non_null((module = LoadLibraryW(path)));
    function = (void *)GetProcAddress(module, "DllRegisterServer");
    assert_int_equal(function(), S_OK);
    assert_true(is_sample_registered());
    judges(SAMPLE_CLASS, SAMPLE_ID);
    judges(SAMPLE_SLOW_CLASS, SAMPLE_SLOW_ID);
    function = (void *)GetProcAddress(module, "DllUnregisterServer");
    assert_int_equal(function(), S_OK);
    assert_false(is_sample_registered());
}

static int begin(void)
{
    go = CreateEventW(NULL, TRUE, FALSE, NULL);
    return FAILED(CoInitializeEx(NULL, COINIT_MULTITHREADED)) || FAILED(validator_register());
}

static int end(void)
{
    validator_unregister();
    return 0;
}

TEST_MAIN(begin, end)
