/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * A health agent for tests.
 */

#include "sha.h"

struct sha sha;
INapSystemHealthAgentCallback *const sha_callback = &sha.INapSystemHealthAgentCallback_iface;

static struct sha others[20]; /* of sha_start(); refs 0: free */

/* ---- the callback object ---- */

static struct sha *impl_from_callback(INapSystemHealthAgentCallback *iface)
{
    return CONTAINING_RECORD(iface, struct sha, INapSystemHealthAgentCallback_iface);
}

static HRESULT STDMETHODCALLTYPE sha_QueryInterface(
        INapSystemHealthAgentCallback *iface, REFIID riid, void **object)
{
    *object = NULL;
    if (!IsEqualIID(riid, &IID_IUnknown) && !IsEqualIID(riid, &IID_INapSystemHealthAgentCallback))
        return E_NOINTERFACE;
    *object = iface;
    INapSystemHealthAgentCallback_AddRef(iface);
    return S_OK;
}

static ULONG STDMETHODCALLTYPE sha_AddRef(INapSystemHealthAgentCallback *iface)
{
    return InterlockedIncrement(&impl_from_callback(iface)->refs);
}

static ULONG STDMETHODCALLTYPE sha_Release(INapSystemHealthAgentCallback *iface)
{
    return InterlockedDecrement(&impl_from_callback(iface)->refs);
}

static void enter(struct sha *object)
{
    object->thread = GetCurrentThreadId();
    InterlockedIncrement(&object->inside);
}

static HRESULT leave(struct sha *object, LONG *counter, const char *method, HRESULT hr)
{
    InterlockedDecrement(&object->inside);
    InterlockedIncrement(counter);
    SetEvent(object->called);
    return contract_record("INapSystemHealthAgentCallback", method, hr);
}

static HRESULT STDMETHODCALLTYPE sha_GetSoHRequest(
        INapSystemHealthAgentCallback *iface, INapSystemHealthAgentRequest *request)
{
    struct sha *object = impl_from_callback(iface);
    struct small_soh small;
    HRESULT hr = object->request_result;

    enter(object);
    INapSystemHealthAgentRequest_GetCorrelationId(request, &object->asked_for);
    if (object->on_request)
        hr = object->on_request(object, request);
    else if (object->product)
        object->inner_result = record(INapSystemHealthAgentRequest, SetSoHRequest, request,
                small_soh(&small, object->id, object->product), object->cache);
    if (object->delay)
        Sleep(object->delay);
    return leave(object, &object->asked, "GetSoHRequest", hr);
}

static HRESULT STDMETHODCALLTYPE sha_ProcessSoHResponse(
        INapSystemHealthAgentCallback *iface, INapSystemHealthAgentRequest *request)
{
    struct sha *object = impl_from_callback(iface);
    SoHResponse *response = NULL;
    HRESULT hr = object->response_result;

    enter(object);
    INapSystemHealthAgentRequest_GetCorrelationId(request, &object->answered_to);
    if (record(INapSystemHealthAgentRequest, GetSoHResponse, request, &response, &object->flags)
            == S_OK)
    {
        soh_write(response, &object->response);
        free_agent_soh(response);
    }
    if (object->on_response)
        hr = object->on_response(object, request);
    return leave(object, &object->answered, "ProcessSoHResponse", hr);
}

static HRESULT STDMETHODCALLTYPE sha_NotifySystemIsolationStateChange(
        INapSystemHealthAgentCallback *iface)
{
    struct sha *object = impl_from_callback(iface);
    HRESULT hr = S_OK;

    enter(object);
    if (object->on_change)
        hr = object->on_change(object);
    return leave(object, &object->changed, "NotifySystemIsolationStateChange", hr);
}

/* Filled in like Microsoft's simple SHA's, in memory that the caller frees */
static HRESULT STDMETHODCALLTYPE sha_GetFixupInfo(
        INapSystemHealthAgentCallback *iface, FixupInfo **out)
{
    struct sha *object = impl_from_callback(iface);
    FixupInfo *info = NULL;

    enter(object);
    if (object->on_fixup)
        object->on_fixup(object);
    if (SUCCEEDED(object->fixup_result))
    {
        info = CoTaskMemAlloc(sizeof(*info));
        info->state = object->fixup_state;
        info->percentage = object->fixup_percentage;
        info->fixupMsgId = 7;
        info->resultCodes.count = 1;
        info->resultCodes.results = CoTaskMemAlloc(sizeof(HRESULT));
        info->resultCodes.results[0] = S_OK;
    }
    *out = info;
    return leave(object, &object->mended, "GetFixupInfo", object->fixup_result);
}

static HRESULT STDMETHODCALLTYPE sha_CompareSoHRequests(INapSystemHealthAgentCallback *iface,
        const SoHRequest *left, const SoHRequest *right, BOOL *equal)
{
    struct sha *object = impl_from_callback(iface);

    enter(object);
    soh_write(left, &object->left);
    soh_write(right, &object->right);
    *equal = object->equal;
    return leave(object, &object->compared, "CompareSoHRequests", object->compare_result);
}

static HRESULT STDMETHODCALLTYPE sha_NotifyOrphanedSoHRequest(
        INapSystemHealthAgentCallback *iface, const CorrelationId *correlation)
{
    struct sha *object = impl_from_callback(iface);

    enter(object);
    object->orphan = *correlation;
    return leave(object, &object->orphaned, "NotifyOrphanedSoHRequest", S_OK);
}

static INapSystemHealthAgentCallbackVtbl callback_vtbl = {
        sha_QueryInterface,
        sha_AddRef,
        sha_Release,
        sha_GetSoHRequest,
        sha_ProcessSoHResponse,
        sha_NotifySystemIsolationStateChange,
        sha_GetFixupInfo,
        sha_CompareSoHRequests,
        sha_NotifyOrphanedSoHRequest,
};

void sha_init(struct sha *object, SystemHealthEntityId id)
{
    memset(object, 0, sizeof(*object));
    object->INapSystemHealthAgentCallback_iface.lpVtbl = &callback_vtbl;
    object->refs = 1;
    object->id = id;
    object->called = CreateEventW(NULL, FALSE, FALSE, NULL);
    object->compare_result = E_NOTIMPL;
}

/* ---- waiting ---- */

bool sha_reaches(struct sha *object, const LONG *counter, LONG count, DWORD timeout)
{
    ULONGLONG until = GetTickCount64() + timeout, now;

    while (*(volatile const LONG *)counter < count)
    {
        if ((now = GetTickCount64()) >= until)
            return false;
        WaitForSingleObject(object->called, (DWORD)(until - now));
    }
    return true;
}

bool sha_is_inside(struct sha *object)
{
    int i;

    for (i = 0; i < 300 && !*(volatile LONG *)&object->inside; i++)
        Sleep(10);
    return object->inside != 0;
}

bool sha_refs_become(struct sha *object, LONG refs)
{
    int i;

    for (i = 0; i < 200 && *(volatile LONG *)&object->refs != refs; i++)
        Sleep(10);
    return object->refs == refs;
}

bool sha_released(struct sha *object)
{
    return sha_refs_become(object, 1);
}

/* ---- setup ---- */

INapSystemHealthAgentBinding *sha_binding_create(void)
{
    void *object = GARBAGE;

    if (CoCreateInstance(&CLSID_NapSystemHealthAgentBinding, NULL, CLSCTX_INPROC_SERVER,
                &IID_INapSystemHealthAgentBinding, &object)
            != S_OK)
        return NULL;
    return object;
}

struct sha *sha_start(SystemHealthEntityId id)
{
    struct sha *object = others;

    while (object->refs)
        object++;
    sha_init(object, id);
    object->product = "healthy";
    unregister_health_agent(id);
    assert_int_equal(register_health_agent(id), S_OK);
    assert_non_null(object->binding = sha_binding_create());
    returns(S_OK, INapSystemHealthAgentBinding, Initialize, object->binding, id,
            &object->INapSystemHealthAgentCallback_iface);
    return object;
}

static bool end_other(struct sha *object)
{
    bool clean = (!object->binding || !INapSystemHealthAgentBinding_Release(object->binding))
                 && object->refs == 1;

    object->binding = NULL;
    object->refs = 0;
    CloseHandle(object->called);
    return unregister_health_agent(object->id) == S_OK && clean;
}

void sha_stop(struct sha *object)
{
    assert_true(end_other(object));
}

int sha_begin(void)
{
    if (connection_begin())
        return 1;
    sha_init(&sha, SHA_ID);
    sha.binding = sha_binding_create();
    /* A crashed earlier test may have left it. */
    unregister_health_agent(SHA_ID);
    return !sha.binding || FAILED(register_health_agent(SHA_ID));
}

int sha_begin_bound(void)
{
    if (sha_begin())
        return 1;
    sha.product = "healthy";
    return record(INapSystemHealthAgentBinding, Initialize, sha.binding, SHA_ID, sha_callback)
           != S_OK;
}

int sha_end(void)
{
    int faults = 0;
    size_t i;

    spy_fail_at(0);
    for (i = 0; i < ARRAYSIZE(others); i++)
        if (others[i].refs)
            end_other(&others[i]);
    if (sha.binding && INapSystemHealthAgentBinding_Release(sha.binding))
    {
        print_error("somebody holds the binding object of the health agent\n");
        faults++;
    }
    sha.binding = NULL;
    if (sha.refs != 1)
    {
        print_error("%ld references to the health agent are left\n", sha.refs - 1);
        faults++;
    }
    if (unregister_health_agent(SHA_ID) != S_OK)
    {
        print_error("the health agent cannot be unregistered\n");
        faults++;
    }
    CloseHandle(sha.called);
    return connection_end() || faults;
}

/* ---- SoHs ---- */

const SoH *small_soh(struct small_soh *small, SystemHealthEntityId id, const char *product)
{
    small->id[0] = (BYTE)(id >> 24);
    small->id[1] = (BYTE)(id >> 16);
    small->id[2] = (BYTE)(id >> 8);
    small->id[3] = (BYTE)id;
    small->attributes[0].type = sohAttributeTypeSystemHealthId;
    small->attributes[0].size = 4;
    small->attributes[0].value = small->id;
    small->attributes[1].type = sohAttributeTypeProductName;
    small->attributes[1].size = (UINT16)strlen(product);
    small->attributes[1].value = (BYTE *)(ULONG_PTR)product;
    small->soh.count = 2;
    small->soh.attributes = small->attributes;
    return &small->soh;
}

void soh_write(const SoH *soh, struct soh_bytes *to)
{
    UINT16 i;

    to->size = 0;
    for (i = 0; i < soh->count; i++)
    {
        const SoHAttribute *attribute = &soh->attributes[i];

        if (to->size + 4 + attribute->size > SOH_CAPACITY)
            return;
        to->bytes[to->size++] = (BYTE)(attribute->type >> 8);
        to->bytes[to->size++] = (BYTE)attribute->type;
        to->bytes[to->size++] = (BYTE)(attribute->size >> 8);
        to->bytes[to->size++] = (BYTE)attribute->size;
        memcpy(to->bytes + to->size, attribute->value, attribute->size);
        to->size += attribute->size;
    }
}

void free_agent_soh(SoH *soh)
{
    UINT16 i;

    for (i = 0; i < soh->count; i++)
        CoTaskMemFree(soh->attributes[i].value);
    CoTaskMemFree(soh->attributes);
    CoTaskMemFree(soh);
}

/* ---- exchanges ---- */

BOOL ask(void)
{
    BOOL hint = 7;

    returns(S_OK, INapEnforcementClientBinding, GetSoHRequest, binding, connection, &hint);
    assert_in_range(hint, FALSE, TRUE);
    return hint;
}

void callbacks_have_come(void)
{
    ask();
    ask();
}

void cache_soh(const char *product)
{
    sha.product = product;
    sha.cache = TRUE;
    ask();
    sha.product = NULL;
    sha.cache = FALSE;
}

void assert_entry(SystemHealthEntityId id, const void *expected, size_t expected_size)
{
    NetworkSoHRequest *request = GARBAGE;
    const BYTE *entry;
    size_t size = 0;

    says(S_OK, GetSoHRequest, &request);
    entry = request_entry(request, id, &size);
    assert_non_null(entry);
    assert_int_equal(size, expected_size);
    assert_memory_equal(entry, expected, size);
    free_soh(request);
}

static bool is_generated(SystemHealthEntityId id)
{
    BYTE wire[4] = {(BYTE)(id >> 24), (BYTE)(id >> 16), (BYTE)(id >> 8), (BYTE)id};
    NetworkSoHRequest *request = GARBAGE;
    const BYTE *pair;
    size_t size = 0, i;
    bool found = false;

    says(S_OK, GetSoHRequest, &request);
    pair = request_pair(request, 4, &size); /* SystemGenerated-Ids: u16 bytes, ids */
    for (i = 2; pair && i + 4 <= size; i += 4)
        found |= !memcmp(pair + i, wire, 4);
    free_soh(request);
    return found;
}

void assert_reported(SystemHealthEntityId id, const char *product)
{
    struct soh_bytes bytes;
    struct small_soh small;

    soh_write(small_soh(&small, id, product), &bytes);
    assert_entry(id, bytes.bytes, bytes.size);
    assert_false(is_generated(id));
}

bool has_reported(SystemHealthEntityId id, const char *product)
{
    NetworkSoHRequest *request = GARBAGE;
    struct soh_bytes bytes;
    struct small_soh small;
    const BYTE *entry;
    size_t size = 0;
    bool same;

    soh_write(small_soh(&small, id, product), &bytes);
    says(S_OK, GetSoHRequest, &request);
    entry = request_entry(request, id, &size);
    same = entry && size == bytes.size && !memcmp(entry, bytes.bytes, size);
    free_soh(request);
    return same;
}

/* inapsystemhealthagentcallback-getsohrequest: "SystemHealthId = <id>, FailureCategory =
 * failureCategoryClientComponent, ErrorCodes = <error-code>"; the same page has
 * "failureCategoryClientCommunication" for NAP_E_NO_CACHED_SOH */
void assert_made_by_system(SystemHealthEntityId id, HRESULT code)
{
    BYTE entry[] = {0, 2, 0, 4, (BYTE)(id >> 24), (BYTE)(id >> 16), (BYTE)(id >> 8), (BYTE)id, 0,
            14, 0, 1,
            (BYTE)(code == NAP_E_NO_CACHED_SOH ? failureCategoryClientCommunication
                                               : failureCategoryClientComponent),
            0, 13, 0, 4, (BYTE)(code >> 24), (BYTE)(code >> 16), (BYTE)(code >> 8), (BYTE)code};

    assert_entry(id, entry, sizeof(entry));
    assert_true(is_generated(id));
}

void respond(const UINT32 *ids, unsigned int count, bool fixup)
{
    struct response response;

    start_response(connection, &response);
    response.entries = count;
    response.ids = ids;
    response.fixup = fixup;
    set_response(connection, &response);
    returns(S_OK, INapEnforcementClientBinding, ProcessSoHResponse, binding, connection);
}

void respond_to_sha(bool fixup)
{
    static const UINT32 id = SHA_ID;

    respond(&id, 1, fixup);
}
