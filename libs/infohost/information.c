/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * INapComponentInfo: names, texts and the icon of a component.
 */
#include "libs/infohost/infohost.h"

#include <string.h>
#include <wchar.h>

#include "napcommon.h"

#include "libs/log/log.h"

#define COPIES (NAPIPC_MAX_TEXTS + 5) /* and the names, and the icon's file */

static IUnknown *kept;
static WCHAR copies[COPIES][NAPIPC_MAX_STRING];
static unsigned int copies_used;

void infohost_keep(IUnknown *object)
{
    infohost_release();
    kept = object;
}

void infohost_release(void)
{
    IUnknown *object = kept;

    kept = NULL;
    if (object)
        IUnknown_Release(object);
}

struct asking
{
    INapComponentInfo *info;
    uint32_t id;
    struct napipc_component_info_reply *reply;
};

/* The first failure is the reply's. */
static void note(struct asking *asking, enum napipc_info_method method, HRESULT hr)
{
    log_event(LOG_TRACE, asking->id, "information", "method %d: %#lx", (int)method,
            (unsigned long)hr);
    if (SUCCEEDED(hr) || asking->reply->failed_method)
        return;
    asking->reply->failed_method = (uint8_t)method;
    asking->reply->failure = (uint32_t)hr;
}

/* Copies the string, whose length may count bytes, as Microsoft's own sample does. The class's own
 * is good until its next call only. Copies live until the next question. */
static HRESULT take(const CountedString *string, struct napipc_string *text)
{
    size_t most;
    WCHAR *copy;

    if (!string || !string->string)
        return E_POINTER;
    most = string->length < NAPIPC_MAX_STRING ? string->length : NAPIPC_MAX_STRING;
    if (copies_used == COPIES)
        return E_OUTOFMEMORY;
    copy = copies[copies_used++];
    text->length = (uint16_t)wcsnlen(string->string, most);
    memcpy(copy, string->string, text->length * sizeof(WCHAR));
    text->units = (const uint8_t *)copy;
    return S_OK;
}

/* "Strings should be localized according to the calling thread's language-id." */
static HRESULT get_text(struct asking *asking, MessageId message, struct napipc_string *text)
{
    CountedString *string = NULL;
    HRESULT hr = INapComponentInfo_GetLocalizedString(asking->info, message, &string);

    return FAILED(hr) ? hr : take(string, text);
}

/* Gets a text whose message a method of its own has returned, with `hr`, in *message. */
static void get_named(struct asking *asking, enum napipc_info_method method, HRESULT hr,
        MessageId *message, struct napipc_string *text)
{
    note(asking, method, hr);
    if (SUCCEEDED(hr))
        note(asking, NAPIPC_INFO_LOCALIZED_STRING, get_text(asking, *message, text));
    *message = 0;
}

static void get_names(struct asking *asking)
{
    struct napipc_component_info_reply *reply = asking->reply;
    INapComponentInfo *info = asking->info;
    MessageId message = 0;

    get_named(asking, NAPIPC_INFO_FRIENDLY_NAME, INapComponentInfo_GetFriendlyName(info, &message),
            &message, &reply->friendly_name);
    get_named(asking, NAPIPC_INFO_DESCRIPTION, INapComponentInfo_GetDescription(info, &message),
            &message, &reply->description);
    get_named(asking, NAPIPC_INFO_VENDOR_NAME, INapComponentInfo_GetVendorName(info, &message),
            &message, &reply->vendor_name);
    get_named(asking, NAPIPC_INFO_VERSION, INapComponentInfo_GetVersion(info, &message), &message,
            &reply->version);
}

static void get_icon(struct asking *asking)
{
    struct napipc_component_info_reply *reply = asking->reply;
    CountedString *file = NULL;
    UINT32 resource = 0;
    HRESULT hr = INapComponentInfo_GetIcon(asking->info, &file, &resource);

    if (SUCCEEDED(hr))
        hr = take(file, &reply->icon_file);
    if (SUCCEEDED(hr))
        reply->icon_resource = resource;
    note(asking, NAPIPC_INFO_ICON, hr);
}

/* A number without a text is none of the class's own: that is no failure. */
static void get_wanted(
        struct asking *asking, const struct napipc_wanted_text *wanted, struct napipc_string *text)
{
    MessageId message = wanted->number;

    if (wanted->is_message
            || SUCCEEDED(INapComponentInfo_ConvertErrorCodeToMessageId(
                    asking->info, (HRESULT)wanted->number, &message)))
        get_text(asking, message, text);
}

/* The user's language is the process's. A class may ask for the language or for the locale. */
static void speak_users_language(void)
{
    SetThreadLocale(MAKELCID(GetUserDefaultUILanguage(), SORT_DEFAULT));
}

HRESULT infohost_information(const CLSID *clsid, uint32_t id,
        const struct napipc_component_info *request, struct napipc_component_info_reply *reply)
{
    struct asking asking = {NULL, id, reply};
    HRESULT hr;
    uint16_t i;

    memset(reply, 0, sizeof(*reply));
    copies_used = 0;
    speak_users_language();
    hr = CoCreateInstance(clsid, NULL, CLSCTX_INPROC_SERVER | CLSCTX_LOCAL_SERVER,
            &IID_INapComponentInfo, (void **)&asking.info);
    if (SUCCEEDED(hr) && !asking.info)
        hr = E_NOINTERFACE;
    if (FAILED(hr))
        return hr;
    infohost_keep((IUnknown *)asking.info);
    get_names(&asking);
    get_icon(&asking);
    reply->count = request->count;
    for (i = 0; i < request->count; i++)
        get_wanted(&asking, &request->texts[i], &reply->texts[i]);
    return S_OK;
}
