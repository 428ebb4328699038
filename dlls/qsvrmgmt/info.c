/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * NapServerInfo: the server's name, its registered validators and their failure category mappings.
 * "These methods provide only static information": whether the agent runs makes no difference, so
 * they start it if they need its table.
 */
#include "qsvrmgmt.h"

#include "libs/log/trace.h"

#include <stdlib.h>
#include <string.h>

struct info
{
    INapServerInfo INapServerInfo_iface;
    LONG refs;
};

static struct info *impl_from_info(INapServerInfo *iface)
{
    return CONTAINING_RECORD(iface, struct info, INapServerInfo_iface);
}

static HRESULT STDMETHODCALLTYPE info_QueryInterface(
        INapServerInfo *iface, REFIID riid, void **object)
{
    TRACE_CALL("(iface %p, riid %s, object %p)", (const void *)iface, TRACE_GUID(riid),
            (const void *)object);
    if (!object)
        return TRACED(E_POINTER);
    *object = NULL;
    if (!IsEqualIID(riid, &IID_IUnknown) && !IsEqualIID(riid, &IID_INapServerInfo))
        return TRACED(E_NOINTERFACE);
    *object = iface;
    INapServerInfo_AddRef(iface);
    return TRACED(S_OK);
}

static ULONG STDMETHODCALLTYPE info_AddRef(INapServerInfo *iface)
{
    TRACE_CALL("(iface %p)", (const void *)iface);
    return TRACED(InterlockedIncrement(&impl_from_info(iface)->refs));
}

static ULONG STDMETHODCALLTYPE info_Release(INapServerInfo *iface)
{
    TRACE_CALL("(iface %p)", (const void *)iface);
    struct info *info = impl_from_info(iface);
    LONG refs = InterlockedDecrement(&info->refs);

    if (!refs)
    {
        free(info);
        module_unlock();
    }
    return TRACED(refs);
}

static HRESULT STDMETHODCALLTYPE info_GetNapServerInfo(INapServerInfo *iface, CountedString **name,
        CountedString **description, CountedString **version)
{
    TRACE_CALL("(iface %p, name %p, description %p, version %p)", (const void *)iface,
            (const void *)name, (const void *)description, (const void *)version);
    static const WCHAR server_name[] = L"Network Access Protection Server";
    static const WCHAR server_description[] = L"The system health validators of wine-nap";
    /* Of the statements of health, [MS-SOH]. */
    static const WCHAR server_version[] = L"1.0";
    HRESULT hr;

    (void)iface;
    if (name)
        *name = NULL;
    if (description)
        *description = NULL;
    if (version)
        *version = NULL;
    if (!name || !description || !version)
        return TRACED(E_INVALIDARG);
    if (FAILED(hr = task_counted_string(name, server_name, ARRAYSIZE(server_name) - 1))
            || FAILED(hr = task_counted_string(
                              description, server_description, ARRAYSIZE(server_description) - 1))
            || FAILED(hr = task_counted_string(
                              version, server_version, ARRAYSIZE(server_version) - 1)))
    {
        free_counted_string(*name);
        free_counted_string(*description);
        *name = *description = NULL;
    }
    return TRACED(hr);
}

/* The registered validators, in two arrays of `count`. */
struct validators
{
    UINT16 count;
    NapComponentRegistrationInfo *infos;
    CLSID *clsids;
};

/* Appends the validators of one page. */
static HRESULT append_page(
        const struct napipc_validator_list_reply *page, struct validators *validators)
{
    size_t count = validators->count + page->count;
    NapComponentRegistrationInfo *infos;
    HRESULT hr = S_OK;
    CLSID *clsids;
    uint16_t i;

    if (!page->count)
        return S_OK;
    if (!(infos = CoTaskMemRealloc(validators->infos, count * sizeof(*infos))))
        return E_OUTOFMEMORY;
    validators->infos = infos;
    if (!(clsids = CoTaskMemRealloc(validators->clsids, count * sizeof(*clsids))))
        return E_OUTOFMEMORY;
    validators->clsids = clsids;
    memset(infos + validators->count, 0, page->count * sizeof(*infos));
    for (i = 0; i < page->count && SUCCEEDED(hr); i++)
    {
        memcpy(&clsids[validators->count], page->validators[i].clsid.bytes, sizeof(*clsids));
        hr = component_from_wire(&page->validators[i].component, &infos[validators->count++]);
    }
    return hr;
}

static HRESULT list_validators(struct validators *validators)
{
    struct napipc_message request;
    struct agent_reply reply;
    bool more = true;
    HRESULT hr = S_OK;

    request.type = NAPIPC_VALIDATOR_LIST;
    request.validator_list.after = 0;
    while (SUCCEEDED(hr) && more)
    {
        const struct napipc_validator_list_reply *page = &reply.message.validator_list_reply;

        if (FAILED(hr = agent_ask(true, &request, &reply)))
            break;
        hr = append_page(page, validators);
        more = page->more && page->count;
        if (page->count)
            request.validator_list.after = page->validators[page->count - 1].component.id;
        agent_reply_clear(&reply);
    }
    return hr;
}

static HRESULT STDMETHODCALLTYPE info_GetRegisteredSystemHealthValidators(INapServerInfo *iface,
        SystemHealthEntityCount *count, NapComponentRegistrationInfo **infos, CLSID **clsids)
{
    TRACE_CALL("(iface %p, count %p, infos %p, clsids %p)", (const void *)iface,
            (const void *)count, (const void *)infos, (const void *)clsids);
    struct validators validators = {0, NULL, NULL};
    HRESULT hr;

    (void)iface;
    if (count)
        *count = 0;
    if (infos)
        *infos = NULL;
    if (clsids)
        *clsids = NULL;
    if (!count || !infos || !clsids)
        return TRACED(E_INVALIDARG);
    if (FAILED(hr = list_validators(&validators)))
    {
        components_free(validators.infos, validators.count);
        CoTaskMemFree(validators.clsids);
        return TRACED(hr);
    }
    *count = validators.count;
    *infos = validators.infos;
    *clsids = validators.clsids;
    return TRACED(S_OK);
}

static HRESULT STDMETHODCALLTYPE info_GetFailureCategoryMappings(
        INapServerInfo *iface, SystemHealthEntityId id, FailureCategoryMapping *mapping)
{
    TRACE_CALL("(iface %p, id %lu, mapping %p)", (const void *)iface, (unsigned long)id,
            (const void *)mapping);
    const struct napipc_validator *first;
    struct napipc_message request;
    struct agent_reply reply;
    unsigned int i;
    HRESULT hr;

    (void)iface;
    if (!mapping)
        return TRACED(E_INVALIDARG);
    memset(mapping, 0, sizeof(*mapping));
    request.type = NAPIPC_VALIDATOR_LIST;
    request.validator_list.after = id ? id - 1 : 0;
    if (FAILED(hr = agent_ask(true, &request, &reply)))
        return TRACED(hr);
    first = reply.message.validator_list_reply.validators;
    if (!reply.message.validator_list_reply.count || first->component.id != id)
        hr = NAP_E_NOT_REGISTERED;
    else
        for (i = 0; i < failureCategoryCount; i++)
            mapping->mappingCompliance[i] = first->mapping.compliant[i];
    agent_reply_clear(&reply);
    return TRACED(hr);
}

static const INapServerInfoVtbl info_vtbl = {
        info_QueryInterface,
        info_AddRef,
        info_Release,
        info_GetNapServerInfo,
        info_GetRegisteredSystemHealthValidators,
        info_GetFailureCategoryMappings,
};

HRESULT server_info_create(REFIID riid, void **object)
{
    struct info *info = calloc(1, sizeof(*info));
    HRESULT hr;

    if (!info)
        return E_OUTOFMEMORY;
    info->INapServerInfo_iface.lpVtbl = (void *)&info_vtbl;
    info->refs = 1;
    module_lock();
    hr = INapServerInfo_QueryInterface(&info->INapServerInfo_iface, riid, object);
    INapServerInfo_Release(&info->INapServerInfo_iface);
    return hr;
}
