/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * INapSystemHealthAgentRequest: the values that a health agent may get and set during its callback.
 * Pages inapsystemhealthagentrequest-*; a test that checks another page names it. SetSoHRequest and
 * related methods: health_request_soh.c.
 */

#include "sha.h"

/* Results of the request object's methods inside the callback; asserted outside, because a failed
 * assertion must not leave a callback. */
#define inner(method, ...) record(INapSystemHealthAgentRequest, method, request, __VA_ARGS__)

static struct
{
    HRESULT hr[8];
    UINT8 flags;
    CorrelationId correlation;
    WCHAR text[128];
    UINT16 length;
    void *out[2];
    int live[2];
    INapSystemHealthAgentRequest *kept;
} seen;

static int request_begin(void)
{
    memset(&seen, 0, sizeof(seen));
    return sha_begin_bound();
}

#define REQUEST_TEST(name) TEST_WITH(name, request_begin, sha_end)

/* ---- the correlation id ---- */

static HRESULT read_text(struct sha *object, INapSystemHealthAgentRequest *request)
{
    StringCorrelationId *text = GARBAGE;

    (void)object;
    seen.hr[0] = inner(GetCorrelationId, &seen.correlation);
    seen.hr[1] = inner(GetStringCorrelationId, &text);
    if (seen.hr[1] == S_OK)
    {
        seen.length = text->length;
        lstrcpynW(seen.text, text->string, 128);
        CoTaskMemFree(text->string);
        CoTaskMemFree(text);
    }
    return S_OK;
}

static void assert_correlation_of_connection(void)
{
    StringCorrelationId *text = GARBAGE;
    CorrelationId correlation;

    says(S_OK, GetCorrelationId, &correlation);
    says(S_OK, GetStringCorrelationId, &text);
    assert_int_equal(seen.hr[0], S_OK);
    assert_int_equal(seen.hr[1], S_OK);
    assert_memory_equal(&seen.correlation, &correlation, sizeof(correlation));
    assert_int_equal(seen.length, text->length);
    assert_memory_equal(seen.text, text->string, (text->length + 1) * sizeof(WCHAR));
    CoTaskMemFree(text->string);
    CoTaskMemFree(text);
}

/* "A unique CorrelationId for the SoH exchange" */
REQUEST_TEST(the_correlation_id_is_the_connections)
{
    sha.on_request = read_text;
    ask();
    assert_correlation_of_connection();
}

/* "Used by system health agents to correlate SoH's and SoH-Responses" */
REQUEST_TEST(the_response_has_the_correlation_id_of_its_request)
{
    ask();
    sha.on_response = read_text;
    respond_to_sha(false);
    assert_true(sha_reaches(&sha, &sha.answered, 1, SOON));
    assert_correlation_of_connection();
    assert_memory_equal(&sha.asked_for, &sha.answered_to, sizeof(CorrelationId));
}

/* ---- GetSoHResponse ---- */

/* "Retrieve their SoHResponse blob" */
REQUEST_TEST(GetSoHResponse_gives_the_entry_of_the_health_agent)
{
    const UINT32 ids[] = {SECOND_SHA_ID, SHA_ID};
    struct response response = {.ids = ids};
    BYTE entry[RESPONSE_ENTRY_SIZE];

    ask();
    respond(ids, 2, false);
    assert_true(sha_reaches(&sha, &sha.answered, 1, SOON));
    assert_int_equal(sha.response.size, response_entry(&response, 1, entry));
    assert_memory_equal(sha.response.bytes, entry, sizeof(entry));
}

/* "A flag that enables fix-up by the SHA if the shaFixup bit is set" */
REQUEST_TEST(the_flags_say_shaFixup_when_the_response_does)
{
    ask();
    respond_to_sha(true);
    assert_true(sha_reaches(&sha, &sha.answered, 1, SOON));
    assert_int_equal(sha.flags, shaFixup);
    ask();
    respond_to_sha(false);
    assert_true(sha_reaches(&sha, &sha.answered, 2, SOON));
    assert_int_equal(sha.flags, 0);
}

static HRESULT get_response(struct sha *object, INapSystemHealthAgentRequest *request)
{
    SoHResponse *response = GARBAGE;
    UINT8 flags = 7;

    (void)object;
    seen.hr[0] = inner(GetSoHResponse, &response, &flags);
    seen.out[0] = response;
    seen.flags = flags;
    return S_OK;
}

REQUEST_TEST(there_is_no_response_while_an_SoH_is_asked_for)
{
    sha.on_request = get_response;
    ask();
    assert_int_equal(seen.hr[0], NAP_E_NOT_PENDING);
    assert_null(seen.out[0]);
    assert_int_equal(seen.flags, 0);
}

/* ---- arguments, memory, lifetime ---- */

static HRESULT pass_NULL(struct sha *object, INapSystemHealthAgentRequest *request)
{
    SoHResponse *response = GARBAGE;
    UINT8 flags = 7;

    (void)object;
    seen.hr[0] = inner(GetCorrelationId, NULL);
    seen.hr[1] = inner(GetStringCorrelationId, NULL);
    seen.hr[2] = inner(GetSoHRequest, NULL);
    seen.hr[3] = inner(GetCacheSoHFlag, NULL);
    seen.hr[4] = inner(GetSoHResponse, NULL, &flags);
    seen.hr[5] = inner(GetSoHResponse, &response, NULL);
    seen.out[0] = response;
    seen.flags = flags;
    return S_OK;
}

static void assert_NULL_rejected(int methods)
{
    int i;

    for (i = 0; i < methods; i++)
        assert_int_equal(seen.hr[i], E_INVALIDARG);
    assert_null(seen.out[0]);
    assert_int_equal(seen.flags, 0);
}

REQUEST_TEST(NULL_arguments_are_refused)
{
    sha.on_request = pass_NULL;
    ask();
    assert_NULL_rejected(4); /* GetSoHResponse is not allowed now */
    sha.on_request = NULL;
    ask();
    memset(&seen, 0, sizeof(seen));
    sha.on_response = pass_NULL;
    respond_to_sha(false);
    assert_true(sha_reaches(&sha, &sha.answered, 1, SOON));
    assert_NULL_rejected(6);
}

static HRESULT starve(struct sha *object, INapSystemHealthAgentRequest *request)
{
    StringCorrelationId *text = GARBAGE;
    SoHRequest *soh = GARBAGE;

    (void)object;
    seen.live[0] = spy_live();
    spy_fail_at(2);
    seen.hr[0] = inner(GetStringCorrelationId, &text);
    spy_fail_at(4); /* structure, attributes, id, name */
    seen.hr[1] = inner(GetSoHRequest, &soh);
    spy_fail_at(0);
    seen.live[1] = spy_live();
    seen.out[0] = text;
    seen.out[1] = soh;
    return S_OK;
}

REQUEST_TEST(E_OUTOFMEMORY_loses_nothing)
{
    cache_soh("cached");
    sha.on_request = starve;
    ask();
    assert_int_equal(seen.hr[0], E_OUTOFMEMORY);
    assert_int_equal(seen.hr[1], E_OUTOFMEMORY);
    assert_null(seen.out[0]);
    assert_null(seen.out[1]);
    assert_int_equal(seen.live[0], seen.live[1]);
}

static HRESULT starve_of_response(struct sha *object, INapSystemHealthAgentRequest *request)
{
    SoHResponse *response;
    UINT8 flags;
    int nth;

    (void)object;
    seen.live[0] = spy_live();
    for (nth = 1; nth <= 5; nth++) /* structure, attributes, three values */
    {
        response = GARBAGE;
        flags = 7;
        spy_fail_at(nth);
        seen.hr[nth] = inner(GetSoHResponse, &response, &flags);
        spy_fail_at(0);
        if (response || flags)
            seen.out[0] = response;
    }
    seen.live[1] = spy_live();
    return S_OK;
}

REQUEST_TEST(E_OUTOFMEMORY_of_GetSoHResponse_loses_nothing)
{
    int nth;

    ask();
    sha.on_response = starve_of_response;
    respond_to_sha(true);
    assert_true(sha_reaches(&sha, &sha.answered, 1, SOON));
    for (nth = 1; nth <= 5; nth++)
        assert_int_equal(seen.hr[nth], E_OUTOFMEMORY);
    assert_null(seen.out[0]);
    assert_int_equal(seen.live[0], seen.live[1]);
}

static HRESULT keep(struct sha *object, INapSystemHealthAgentRequest *request)
{
    (void)object;
    seen.kept = request;
    INapSystemHealthAgentRequest_AddRef(request);
    return S_OK;
}

static void assert_unusable(void)
{
    INapSystemHealthAgentRequest *request = seen.kept;
    StringCorrelationId *text = GARBAGE;
    SoHResponse *response = GARBAGE;
    SoHRequest *soh = GARBAGE;
    CorrelationId correlation;
    struct small_soh small;
    UINT8 flags;
    BOOL cache;

    assert_true(FAILED(inner(GetCorrelationId, &correlation)));
    assert_true(FAILED(inner(GetStringCorrelationId, &text)));
    assert_null(text);
    assert_true(FAILED(inner(SetSoHRequest, small_soh(&small, SHA_ID, "late"), TRUE)));
    assert_true(FAILED(inner(GetSoHRequest, &soh)));
    assert_null(soh);
    assert_true(FAILED(inner(GetSoHResponse, &response, &flags)));
    assert_null(response);
    assert_true(FAILED(inner(GetCacheSoHFlag, &cache)));
    INapSystemHealthAgentRequest_Release(request);
}

static void await_unusable(void)
{
    INapSystemHealthAgentRequest *request = seen.kept;
    ULONGLONG until = GetTickCount64() + SOON;
    CorrelationId correlation;

    while (SUCCEEDED(inner(GetCorrelationId, &correlation)) && GetTickCount64() < until)
        Sleep(1);
}

/* inapsystemhealthagentcallback-getsohrequest: "must not hold references to the request object
 * once this call has completed" */
REQUEST_TEST(a_request_object_is_unusable_after_the_callback)
{
    sha.on_request = keep;
    ask();
    assert_non_null(seen.kept);
    assert_unusable();
    assert_made_by_system(SHA_ID, NAP_E_NO_CACHED_SOH);
    sha.on_request = NULL;
    ask();
    sha.on_response = keep;
    respond_to_sha(false);
    assert_true(sha_reaches(&sha, &sha.answered, 1, SOON));
    await_unusable(); /* the callback has returned, the system has to see it */
    assert_unusable();
}

static HRESULT query(struct sha *object, INapSystemHealthAgentRequest *request)
{
    void *found = GARBAGE;

    (void)object;
    seen.hr[0] = INapSystemHealthAgentRequest_QueryInterface(request, &IID_IUnknown, &found);
    if (seen.hr[0] == S_OK)
        INapSystemHealthAgentRequest_Release(request);
    seen.hr[1] = INapSystemHealthAgentRequest_QueryInterface(
            request, &IID_INapSystemHealthAgentRequest, &found);
    if (seen.hr[1] == S_OK)
        INapSystemHealthAgentRequest_Release(request);
    seen.hr[2] = INapSystemHealthAgentRequest_QueryInterface(
            request, &IID_INapSystemHealthAgentBinding, &seen.out[0]);
    return S_OK;
}

REQUEST_TEST(a_request_object_has_its_interface_and_no_other)
{
    seen.out[0] = GARBAGE;
    sha.on_request = query;
    ask();
    assert_int_equal(seen.hr[0], S_OK);
    assert_int_equal(seen.hr[1], S_OK);
    assert_int_equal(seen.hr[2], E_NOINTERFACE);
    assert_null(seen.out[0]);
}

TEST_MAIN(sha_tests_begin, sha_tests_end)
