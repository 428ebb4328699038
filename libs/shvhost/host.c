/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * One validator. It is created and called on workers, because both may hang; this thread waits no
 * longer than the timeout. A worker that hangs keeps its job, and the next validation has another.
 */
#include "libs/shvhost/shvhost.h"

#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include "naperror.h"

#include "libs/log/log.h"
#include "libs/napcom/napcom.h"
#include "libs/shvhost/validation.h"
#include "libs/soh/soh.h"

#define LOAD_TIMEOUT 10000 /* ms */

struct shvhost
{
    CLSID clsid;
    SystemHealthEntityId id;
    INapSystemHealthValidator *validator; /* NULL: not loaded */
    bool removed;
    struct validation *last; /* has the last response */
};

struct shvhost *shvhost_create(const CLSID *clsid, SystemHealthEntityId id)
{
    struct shvhost *host = calloc(1, sizeof(*host));

    if (host)
    {
        host->clsid = *clsid;
        host->id = id;
    }
    return host;
}

/* ---- jobs of workers ---- */

struct load
{
    LONG refs;
    CLSID clsid;
    HANDLE done;
    HRESULT result;
    INapSystemHealthValidator *validator;
};

static void load_release(struct load *load)
{
    if (InterlockedDecrement(&load->refs))
        return;
    if (load->validator)
        INapSystemHealthValidator_Release(load->validator);
    CloseHandle(load->done);
    free(load);
}

static void run_load(void *context)
{
    struct load *load = context;

    load->result = CoCreateInstance(&load->clsid, NULL, CLSCTX_INPROC_SERVER | CLSCTX_LOCAL_SERVER,
            &IID_INapSystemHealthValidator, (void **)&load->validator);
    SetEvent(load->done);
    load_release(load);
}

static HRESULT load_validator(struct shvhost *host)
{
    struct load *load = calloc(1, sizeof(*load));
    HRESULT hr = NAP_E_SHV_TIMEOUT;

    if (!load)
        return E_OUTOFMEMORY;
    load->refs = 2;
    load->clsid = host->clsid;
    if (!(load->done = CreateEventW(NULL, TRUE, FALSE, NULL)))
    {
        free(load);
        return E_OUTOFMEMORY;
    }
    if (!worker_run(run_load, load))
    {
        load_release(load);
        hr = E_OUTOFMEMORY;
    }
    else if (WaitForSingleObject(load->done, LOAD_TIMEOUT) == WAIT_OBJECT_0)
    {
        hr = load->result;
        if (SUCCEEDED(hr) && !load->validator)
            hr = E_NOINTERFACE;
        if (SUCCEEDED(hr))
        {
            host->validator = load->validator;
            load->validator = NULL;
        }
    }
    load_release(load);
    return hr;
}

struct call
{
    INapSystemHealthValidator *validator;
    struct validation *validation;
    DWORD timeout;
};

static void run_call(void *context)
{
    struct call *call = context;
    HRESULT hr = INapSystemHealthValidator_Validate(call->validator,
            validation_request(call->validation), call->timeout,
            validation_callback(call->validation));

    validation_returned(call->validation, hr);
    validation_release(call->validation);
    INapSystemHealthValidator_Release(call->validator);
    free(call);
}

static HRESULT start_call(struct shvhost *host, struct validation *validation, DWORD timeout)
{
    struct call *call = malloc(sizeof(*call));

    if (!call)
        return E_OUTOFMEMORY;
    *call = (struct call){host->validator, validation, timeout};
    INapSystemHealthValidator_AddRef(call->validator);
    validation_add_ref(call->validation);
    if (worker_run(run_call, call))
        return S_OK;
    validation_release(call->validation);
    INapSystemHealthValidator_Release(call->validator);
    free(call);
    return E_OUTOFMEMORY;
}

/* ---- validating ---- */

/* The validator's process has ended: RPC_S_SERVER_UNAVAILABLE in its forms. */
static bool is_gone(HRESULT hr)
{
    return hr == HRESULT_FROM_WIN32(RPC_S_SERVER_UNAVAILABLE)
           || hr == (HRESULT)RPC_S_SERVER_UNAVAILABLE || hr == HRESULT_FROM_WIN32(RPC_S_CALL_FAILED)
           || hr == RPC_E_DISCONNECTED || hr == RPC_E_SERVER_DIED || hr == RPC_E_SERVER_DIED_DNE
           || hr == CO_E_OBJNOTCONNECTED;
}

/* "An SHV must return either an sohAttributeTypeComplianceResultCodes or
 * sohAttributeTypeFailureCategory TLV". */
static bool says_something(const struct napipc_blob *response)
{
    struct soh_entry entry = {.attributes = {response->data, response->size}};
    struct soh_attribute attribute;
    size_t position = 0;

    while (soh_next_attribute(&entry, &position, &attribute))
        if (attribute.type == SOH_ATTRIBUTE_COMPLIANCE_RESULT_CODES
                || attribute.type == SOH_ATTRIBUTE_FAILURE_CATEGORY)
            return true;
    return false;
}

/* One call of Validate, which ends at `deadline` (GetTickCount64()). */
static HRESULT validate(struct shvhost *host, const struct napipc_validate *request,
        ULONGLONG deadline, struct napipc_blob *response)
{
    struct validation *validation;
    ULONGLONG now;
    DWORD timeout;
    HRESULT hr;

    if (!host->validator && FAILED(hr = load_validator(host)))
    {
        log_event(LOG_WARN, host->id, "validator", "it cannot be created: %#lx", (unsigned long)hr);
        return hr;
    }
    /* Loading has taken its part of the time. */
    if ((now = GetTickCount64()) >= deadline)
        return NAP_E_SHV_TIMEOUT;
    timeout = (DWORD)(deadline - now);
    if (FAILED(hr = validation_create(host->id, request, &validation)))
        return hr;
    if (FAILED(hr = start_call(host, validation, timeout)))
    {
        validation_release(validation);
        return hr;
    }
    hr = validation_end(validation, timeout, &response->data, &response->size);
    if (host->last)
        validation_release(host->last);
    host->last = validation;
    if (hr == S_OK && !says_something(response))
        hr = NAP_E_INVALID_PACKET;
    if (hr != S_OK)
        log_event(LOG_WARN, host->id, "validator", "its validation is dropped: %#lx",
                (unsigned long)hr);
    return hr;
}

void shvhost_validate(struct shvhost *host, const struct napipc_validate *request,
        struct napipc_validate_reply *reply)
{
    ULONGLONG deadline =
            GetTickCount64() + (request->timeout ? request->timeout : SHVHOST_DEFAULT_TIMEOUT);
    HRESULT hr = HRESULT_FROM_WIN32(RPC_S_SERVER_UNAVAILABLE);

    memset(reply, 0, sizeof(*reply));
    if (!host->removed && is_gone(hr = validate(host, request, deadline, &reply->soh)))
    {
        /* "The NapServer will try to re-create a new reference to the SHV and will reexecute the
         * Validate call once." */
        if (host->validator)
            INapSystemHealthValidator_Release(host->validator);
        host->validator = NULL;
        if (is_gone(hr = validate(host, request, deadline, &reply->soh)))
        {
            log_event(LOG_ERROR, host->id, "validator",
                    "its process has ended, also after a second try: it is removed until it is "
                    "registered again");
            host->removed = true;
        }
    }
    reply->removed = host->removed;
    reply->result = hr;
    if (hr != S_OK)
        reply->soh = (struct napipc_blob){NULL, 0};
}
