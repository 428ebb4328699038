/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * What the tests of napserver share; see server_fixture.h.
 */
#include "server_fixture.h"

#include <stdio.h>
#include <string.h>
#include <objbase.h>
#include <winsvc.h>

struct agent_session session;
BYTE statement[NAPIPC_MAX_SOH];
size_t statement_size;
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

void register_class(uint32_t id, const WCHAR *class)
{
    struct napipc_message request = {.type = NAPIPC_VALIDATOR_REGISTER};
    CLSID clsid;

    assert_int_equal(CLSIDFromString(class, &clsid), S_OK);
    request.validator_register.component.id = id;
    memcpy(request.validator_register.clsid.bytes, &clsid, sizeof(clsid));
    assert_int_equal(ask_agent(&request), S_OK);
}

void register_odd(uint32_t id, enum odd odd)
{
    WCHAR class[64];

    swprintf(class, ARRAYSIZE(class), ODD_CLASS, odd);
    register_class(id, class);
}

void unregister(uint32_t id)
{
    struct napipc_message request = {.type = NAPIPC_VALIDATOR_UNREGISTER, .validator_id = {id}};

    ask_agent(&request);
}

void enable(uint32_t id, bool enabled)
{
    struct napipc_message request = {
            .type = NAPIPC_VALIDATOR_SET_ENABLED, .validator_enabled = {id, enabled}};

    assert_int_equal(ask_agent(&request), S_OK);
}

/* Failures of this category count as healthy, and no others. */
void map_to_healthy(uint32_t id, FailureCategory category)
{
    struct napipc_message request = {.type = NAPIPC_VALIDATOR_SET_MAPPING};

    request.validator_mapping.id = id;
    request.validator_mapping.mapping.compliant[category - 1] = true;
    assert_int_equal(ask_agent(&request), S_OK);
}

int forget(void)
{
    uint32_t id;

    for (id = ID; id < ID + NAPIPC_MAX_VALIDATORS; id++)
        unregister(id);
    unregister(VALIDATOR_ID);
    return 0;
}

/* ---- statements, and what is said about them ---- */

struct soh_builder builder;

void begin_statement(void)
{
    struct soh_system system = {.present = SOH_HAS_CORRELATION_ID | SOH_HAS_MACHINE_NAME,
            .correlation_id = correlation,
            .machine_name = {(const uint8_t *)"CLIENT", 6}};

    soh_builder_init(&builder, statement, sizeof(statement));
    soh_build_begin(&builder, SOH_REQUEST, NULL, &system);
}

void end_statement(void)
{
    assert_int_equal(soh_build_end(&builder), SOH_BUILD_OK);
    statement_size = builder.size;
}

/* A statement with an SoH for the first `count` validators. */
void make_statement(unsigned int count)
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
const struct napipc_judge_reply *const judgement = &reply.message.judge_reply;
struct soh_packet response;
ULONGLONG took;

HRESULT judge(DWORD timeout)
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

void assert_judged(uint16_t index, uint32_t id, HRESULT result, bool compliant)
{
    assert_true(index < judgement->count);
    assert_int_equal(judgement->validators[index].id, id);
    if ((HRESULT)judgement->validators[index].result != result)
        fail_msg("validator %u of %u has the result %#x", index, judgement->count,
                judgement->validators[index].result);
    assert_int_equal(judgement->validators[index].compliant, compliant);
}

/* The response has the validator's compliance result code. */
void assert_code(uint32_t id, HRESULT code)
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
void assert_category(uint32_t id, FailureCategory category)
{
    struct soh_attribute attribute;
    struct soh_entry entry;
    uint8_t found = 0;

    assert_true(soh_find_entry(&response, id, &entry));
    assert_true(soh_find_attribute(&entry, SOH_ATTRIBUTE_FAILURE_CATEGORY, &attribute));
    assert_true(soh_attribute_u8(&attribute, &found));
    assert_int_equal(found, category);
}

/* ---- all tests ---- */

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

int server_begin(void)
{
    forget();
    return register_classes(true) && start_server() ? 0 : 1;
}

int server_end(void)
{
    register_classes(false);
    agent_session_close(&session);
    return 0;
}
