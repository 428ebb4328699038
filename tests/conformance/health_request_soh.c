/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * INapSystemHealthAgentRequest: the SoH and the cache. Pages
 * inapsystemhealthagentrequest-{setsohrequest,getsohrequest,getcachesohflag}-method; a test that
 * checks another page names it.
 */

#include "sha.h"

/* Results of the request object's methods inside the callback; asserted outside, because a failed
 * assertion must not leave a callback. */
#define inner(method, ...) record(INapSystemHealthAgentRequest, method, request, __VA_ARGS__)

static struct
{
    HRESULT hr[6];
    BOOL flag;
    struct soh_bytes soh;
    SoHRequest *out;
} seen;

static int request_begin(void)
{
    memset(&seen, 0, sizeof(seen));
    return sha_begin_bound();
}

#define REQUEST_TEST(name) TEST_WITH(name, request_begin, sha_end)

static HRESULT get_cached(struct sha *object, INapSystemHealthAgentRequest *request)
{
    SoHRequest *soh = GARBAGE;

    (void)object;
    seen.hr[0] = inner(GetSoHRequest, &soh);
    seen.out = soh;
    if (seen.hr[0] == S_OK)
    {
        soh_write(soh, &seen.soh);
        free_agent_soh(soh);
    }
    seen.flag = 7;
    seen.hr[1] = inner(GetCacheSoHFlag, &seen.flag);
    return S_OK;
}

/* "The SoH is not found; NapAgent does not have a cached copy." */
REQUEST_TEST(GetSoHRequest_says_NO_CACHED_SOH_without_one)
{
    sha.on_request = get_cached;
    ask();
    assert_int_equal(seen.hr[0], NAP_E_NO_CACHED_SOH);
    assert_null(seen.out);
}

/* "Get SoHs previously cached by the NapAgent" */
REQUEST_TEST(GetSoHRequest_gives_the_cached_SoH)
{
    struct small_soh small;
    struct soh_bytes bytes;

    cache_soh("cached");
    sha.on_request = get_cached;
    ask();
    assert_int_equal(seen.hr[0], S_OK);
    soh_write(small_soh(&small, SHA_ID, "cached"), &bytes);
    assert_int_equal(seen.soh.size, bytes.size);
    assert_memory_equal(seen.soh.bytes, bytes.bytes, bytes.size);
}

static HRESULT set_and_get(struct sha *object, INapSystemHealthAgentRequest *request)
{
    struct small_soh small;

    seen.hr[2] =
            inner(SetSoHRequest, small_soh(&small, object->id, object->product), object->cache);
    /* The caller gets a copy. */
    memset(&small, 0xdd, sizeof(small));
    return get_cached(object, request);
}

REQUEST_TEST(GetSoHRequest_gives_what_SetSoHRequest_set)
{
    struct small_soh small;
    struct soh_bytes bytes;

    cache_soh("cached");
    sha.on_request = set_and_get;
    sha.product = "new";
    ask();
    assert_int_equal(seen.hr[2], S_OK);
    assert_int_equal(seen.hr[0], S_OK);
    soh_write(small_soh(&small, SHA_ID, "new"), &bytes);
    assert_int_equal(seen.soh.size, bytes.size);
    assert_memory_equal(seen.soh.bytes, bytes.bytes, bytes.size);
    assert_reported(SHA_ID, "new");
}

/* "TRUE if the NapAgent should cache the SoH and FALSE otherwise" */
REQUEST_TEST(GetCacheSoHFlag_tells_what_SetSoHRequest_was_told)
{
    sha.on_request = set_and_get;
    sha.cache = FALSE;
    ask();
    assert_int_equal(seen.hr[1], S_OK);
    assert_int_equal(seen.flag, FALSE);
    sha.cache = TRUE;
    ask();
    assert_int_equal(seen.hr[1], S_OK);
    assert_int_equal(seen.flag, TRUE);
}

REQUEST_TEST(GetCacheSoHFlag_is_FALSE_before_SetSoHRequest)
{
    sha.on_request = get_cached;
    ask();
    assert_int_equal(seen.hr[1], S_OK);
    assert_int_equal(seen.flag, FALSE);
}

static HRESULT set_twice(struct sha *object, INapSystemHealthAgentRequest *request)
{
    struct small_soh small;

    seen.hr[0] = inner(SetSoHRequest, small_soh(&small, object->id, "first"), TRUE);
    seen.hr[1] = inner(SetSoHRequest, small_soh(&small, object->id, "second"), FALSE);
    return S_OK;
}

REQUEST_TEST(the_last_SetSoHRequest_counts)
{
    sha.on_request = set_twice;
    ask();
    assert_int_equal(seen.hr[0], S_OK);
    assert_int_equal(seen.hr[1], S_OK);
    assert_reported(SHA_ID, "second");
    sha.on_request = get_cached;
    ask();
    assert_int_equal(seen.hr[0], NAP_E_NO_CACHED_SOH);
}

static HRESULT set_large(struct sha *object, INapSystemHealthAgentRequest *request)
{
    static BYTE value[maxSoHAttributeSize];
    SoHAttribute attributes[5] = {{sohAttributeTypeSystemHealthId, 4, NULL},
            {sohAttributeTypeVendorSpecific, maxSoHAttributeSize, value},
            {sohAttributeTypeProductName, 0, value}, {0x123, 3, value + 100},
            {sohAttributeTypeHealthClassStatus, 4, value + 200}};
    SoH soh = {ARRAYSIZE(attributes), attributes};
    struct small_soh small;
    unsigned int i;

    small_soh(&small, object->id, "");
    attributes[0].value = small.id;
    for (i = 0; i < sizeof(value); i++)
        value[i] = (BYTE)(i * 7);
    soh_write(&soh, &seen.soh);
    seen.hr[0] = inner(SetSoHRequest, &soh, FALSE);
    return S_OK;
}

/* nap-type-constants: maxSoHAttributeSize. The system checks no attribute's content except the
 * id's. */
REQUEST_TEST(an_SoH_goes_into_the_request_byte_for_byte)
{
    says(S_OK, SetMaxSize, 20000);
    sha.on_request = set_large;
    ask();
    assert_int_equal(seen.hr[0], S_OK);
    assert_entry(SHA_ID, seen.soh.bytes, seen.soh.size);
}

/* nap-error-constants: NAP_E_MAXSIZE_TOO_SMALL */
REQUEST_TEST(an_SoH_that_does_not_fit_the_connection_fails_its_GetSoHRequest)
{
    BOOL hint = 7;

    says(S_OK, SetMaxSize, 4000);
    sha.on_request = set_large;
    returns(NAP_E_MAXSIZE_TOO_SMALL, INapEnforcementClientBinding, GetSoHRequest, binding,
            connection, &hint);
    assert_int_equal(seen.hr[0], S_OK);
    assert_false(hint);
    sha.on_request = NULL;
    ask();
    assert_reported(SHA_ID, "healthy");
}

static HRESULT set_wrong(struct sha *object, INapSystemHealthAgentRequest *request)
{
    SoH none = {0, NULL}, nowhere = {2, NULL};
    struct small_soh small;

    seen.hr[0] = inner(SetSoHRequest, NULL, FALSE);
    seen.hr[1] = inner(SetSoHRequest, &none, FALSE);
    seen.hr[2] = inner(SetSoHRequest, &nowhere, FALSE);
    small_soh(&small, object->id, "no bytes");
    small.attributes[1].value = NULL;
    seen.hr[3] = inner(SetSoHRequest, &small.soh, FALSE);
    small_soh(&small, object->id + 1, "another's");
    seen.hr[4] = inner(SetSoHRequest, &small.soh, FALSE);
    small_soh(&small, object->id, "second id");
    small.attributes[1] = small.attributes[0];
    seen.hr[5] = inner(SetSoHRequest, &small.soh, FALSE);
    return S_OK;
}

/* An SoH that would break the packet for the other health agents is rejected. */
REQUEST_TEST(SetSoHRequest_refuses_what_is_no_SoH_of_the_health_agent)
{
    int i;

    sha.on_request = set_wrong;
    ask();
    for (i = 0; i < 6; i++)
        assert_int_equal(seen.hr[i], E_INVALIDARG);
    assert_made_by_system(SHA_ID, NAP_E_NO_CACHED_SOH);
}

TEST_MAIN(sha_tests_begin, sha_tests_end)
