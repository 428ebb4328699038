/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * napserver at its limits: many and large responses, slow and leaking validators, strangers that
 * connect. docs/administration.md names the limits.
 */
#include "server_fixture.h"

#include <stdio.h>
#include <string.h>

#include "tests/conformance/restricted.h"

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

/* An entry that says what is wrong is worth more than one that says that all is well, and 19 small
 * ones more than a large one. */
SERVER_TEST(a_large_response_does_not_push_out_what_matters)
{
    register_odd(ID, ODD_LARGE);
    register_odd(ID + 1, ODD_LARGE_UNHEALTHY);
    register_odd(ID + 2, ODD_HEALTHY);
    register_odd(ID + 3, ODD_UNHEALTHY);
    make_statement(4);
    assert_int_equal(judge(PATIENT), S_OK);
    assert_false(judgement->validators[0].in_response);
    assert_true(judgement->validators[1].in_response);
    assert_code(ID + 1, E_FAIL);
    assert_code(ID + 2, S_OK);
    assert_code(ID + 3, E_FAIL);
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

/* ---- time ---- */

/* "hintTimeOutInMsec": the time that is left when it is asked, not when its process was started. */
SERVER_TEST(the_time_of_loading_is_not_given_again)
{
    struct soh_attribute attribute;
    struct soh_entry entry;
    uint32_t hint = 0;

    register_odd(ID, ODD_LOADS);
    make_statement(1);
    assert_int_equal(judge(PATIENT), S_OK);
    assert_true(soh_find_entry(&response, ID, &entry));
    assert_true(soh_find_attribute(&entry, SOH_ATTRIBUTE_COMPLIANCE_RESULT_CODES, &attribute));
    assert_true(soh_attribute_u32_at(&attribute, 0, &hint));
    assert_in_range(hint, 1, PATIENT - 650);
    /* When it is loaded it has the time again. */
    assert_int_equal(judge(PATIENT), S_OK);
    assert_true(soh_find_entry(&response, ID, &entry));
    assert_true(soh_find_attribute(&entry, SOH_ATTRIBUTE_COMPLIANCE_RESULT_CODES, &attribute));
    assert_true(soh_attribute_u32_at(&attribute, 0, &hint));
    assert_in_range(hint, PATIENT / 2, PATIENT - 100);
}

/* It is not asked when nobody waits any more; its process is kept. */
SERVER_TEST(one_that_loads_too_long_is_late_once)
{
    register_odd(ID, ODD_LOADS);
    make_statement(1);
    assert_int_equal(judge(400), S_OK);
    assert_judged(0, ID, NAP_E_SHV_TIMEOUT, false);
    assert_int_equal(judge(PATIENT), S_OK);
    assert_judged(0, ID, S_OK, true);
}

/* ---- memory ---- */

static void limit_memory(DWORD limit) /* MiB; 0: as usual */
{
    if (limit)
        RegSetKeyValueW(HKEY_LOCAL_MACHINE, SERVER_PARAMETERS_KEY, L"HostMemory", REG_DWORD, &limit,
                sizeof(limit));
    else
        RegDeleteKeyValueW(HKEY_LOCAL_MACHINE, SERVER_PARAMETERS_KEY, L"HostMemory");
}

SERVER_TEST(a_host_that_leaks_is_ended_and_started_again)
{
    DWORD process, next = 0;
    int i;

    limit_memory(250);
    register_odd(ID, ODD_LEAKS);
    make_statement(1);
    for (i = 0; i < 3; i++)
    {
        assert_int_equal(judge(PATIENT), S_OK);
        assert_judged(0, ID, S_OK, true); /* the answer counts */
        if (!i)
            process = judgement->validators[0].process_id;
        assert_int_equal(judgement->validators[0].process_id, process);
    }
    /* 300 MiB: the next one has another process, after a pause. */
    for (i = 0; i < 50 && !next; i++)
    {
        Sleep(100);
        assert_int_equal(judge(PATIENT), S_OK);
        next = judgement->validators[0].process_id;
    }
    limit_memory(0);
    assert_true(next);
    assert_int_not_equal(next, process);
    assert_judged(0, ID, S_OK, true);
}

/* ---- the log of the processes ---- */

static bool file_has(const WCHAR *name, const char *text)
{
    static char content[1 << 20];
    WCHAR path[MAX_PATH];
    FILE *file;
    size_t size;

    ExpandEnvironmentStringsW(name, path, MAX_PATH);
    if (!(file = _wfopen(path, L"rb")))
        return false;
    size = fread(content, 1, sizeof(content) - 1, file);
    content[size] = 0;
    fclose(file);
    return strstr(content, text) != NULL;
}

SERVER_TEST(what_a_host_logs_is_beside_the_services_log)
{
    register_class(ID, L"{00000000-1111-2222-3333-555555555555}");
    make_statement(1);
    assert_int_equal(judge(PATIENT), S_OK);
    assert_judged(0, ID, REGDB_E_CLASSNOTREG, false);
    assert_true(file_has(L"%SystemRoot%\\Logs\\naphost.log", "it cannot be created: 0x80040154"));
    assert_true(file_has(L"%SystemRoot%\\Logs\\napserver.log",
            "for class {00000000-1111-2222-3333-555555555555}"));
}

/* ---- strangers ---- */

#define STRANGERS 100       /* connections */
#define STRANGERS_TIME 4000 /* ms */

/* Keeps as many connections as it gets, and sends nothing. */
static int keep_connections(void)
{
    static HANDLE pipes[STRANGERS];
    ULONGLONG begun = GetTickCount64();
    bool connected = false;
    int i;

    while (GetTickCount64() - begun < STRANGERS_TIME)
    {
        for (i = 0; i < STRANGERS; i++)
        {
            if (pipes[i] && !PeekNamedPipe(pipes[i], NULL, 0, NULL, NULL, NULL))
            {
                CloseHandle(pipes[i]);
                pipes[i] = NULL;
            }
            if (!pipes[i] && FAILED(server_pipe_open(&pipes[i])))
                pipes[i] = NULL;
            connected |= pipes[i] != NULL;
        }
        Sleep(10);
    }
    return connected ? 0 : 1;
}

static DWORD WINAPI run_strangers(void *unused)
{
    (void)unused;
    return run_without_rights(L"--strangers");
}

SERVER_TEST(strangers_do_not_keep_administrators_out)
{
    ULONGLONG longest = 0;
    unsigned int asked = 0;
    HANDLE thread;
    DWORD code = 99;

    if (!is_administrator())
        skip();
    register_odd(ID, ODD_HEALTHY);
    make_statement(1);
    assert_int_equal(judge(PATIENT), S_OK);
    thread = CreateThread(NULL, 0, run_strangers, NULL, 0, NULL);
    while (WaitForSingleObject(thread, 50) == WAIT_TIMEOUT)
    {
        agent_session_close(&session);
        assert_int_equal(server_session_open(&session), S_OK);
        assert_int_equal(judge(PATIENT), S_OK);
        assert_judged(0, ID, S_OK, true);
        if (took > longest)
            longest = took;
        asked++;
    }
    GetExitCodeThread(thread, &code);
    CloseHandle(thread);
    assert_int_equal(code, 0);
    assert_true(asked >= 5);
    assert_in_range(longest, 0, 3000);
}

int main(int argc, char **argv)
{
    if (argc == 2 && !strcmp(argv[1], "--strangers"))
        return keep_connections();
    return test_main(server_begin, server_end);
}
