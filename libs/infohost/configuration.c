/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * INapComponentConfig, 2 and 3: what can be configured, and how.
 */
#include "libs/infohost/infohost.h"

#include <string.h>

#include "napcommon.h"

#include "libs/log/log.h"

/* Which of the interfaces the class has: "INapComponentConfig2 and INapComponentConfig3 inherit all
 * the methods of this interface and should be used instead." */
static HRESULT create(const CLSID *clsid, INapComponentConfig **config, uint8_t *level)
{
    static const IID *const newer[] = {&IID_INapComponentConfig3, &IID_INapComponentConfig2};
    void *object = NULL;
    HRESULT hr;
    uint8_t i;

    *config = NULL;
    *level = 1;
    hr = CoCreateInstance(clsid, NULL, CLSCTX_INPROC_SERVER | CLSCTX_LOCAL_SERVER,
            &IID_INapComponentConfig, (void **)config);
    if (SUCCEEDED(hr) && !*config)
        hr = E_NOINTERFACE;
    for (i = 0; SUCCEEDED(hr) && *level == 1 && i < ARRAYSIZE(newer); i++)
        if (SUCCEEDED(INapComponentConfig_QueryInterface(*config, newer[i], &object)) && object)
        {
            INapComponentConfig_Release(*config);
            *config = object;
            *level = (uint8_t)(3 - i);
        }
    return hr;
}

HRESULT infohost_configuration(
        const CLSID *clsid, uint32_t id, struct napipc_component_config_reply *reply)
{
    INapComponentConfig *config;
    BOOL supported = FALSE;
    BYTE *data = NULL;
    HRESULT hr;

    memset(reply, 0, sizeof(*reply));
    if (FAILED(hr = create(clsid, &config, &reply->level)))
        return hr;
    infohost_keep((IUnknown *)config);
    reply->ui_result = (uint32_t)INapComponentConfig_IsUISupported(config, &supported);
    reply->ui_supported = supported;
    reply->remote_result = (uint32_t)E_NOINTERFACE;
    if (reply->level >= 2)
    {
        supported = FALSE;
        reply->remote_result = (uint32_t)INapComponentConfig2_IsRemoteConfigSupported(
                (INapComponentConfig2 *)config, &supported, &reply->remote_type);
        reply->remote_supported = supported;
    }
    /* "Freed by the caller using CoTaskMemFree": it is, with the process. */
    reply->config_result =
            (uint32_t)INapComponentConfig_GetConfig(config, &reply->config_size, &data);
    log_event(LOG_TRACE, id, "configuration", "level %u: %#lx, %#lx, %#lx", reply->level,
            (unsigned long)reply->ui_result, (unsigned long)reply->remote_result,
            (unsigned long)reply->config_result);
    return S_OK;
}
