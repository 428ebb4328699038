/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * NapComponentRegistrationInfo and the wire's structure of it.
 */
#include "libs/napcom/napcom.h"

#include <string.h>

HRESULT component_to_wire(
        const NapComponentRegistrationInfo *info, struct napipc_component *component)
{
    if (!info)
        return E_INVALIDARG;
    component->id = info->id;
    component->registration_date = 0; /* ignored, as documented */
    component->component_type = info->componentType;
    memcpy(component->info_clsid.bytes, &info->infoClsid, sizeof(CLSID));
    memcpy(component->config_clsid.bytes, &info->configClsid, sizeof(CLSID));
    if (FAILED(string_to_wire(&info->friendlyName, &component->friendly_name))
            || FAILED(string_to_wire(&info->description, &component->description))
            || FAILED(string_to_wire(&info->version, &component->version))
            || FAILED(string_to_wire(&info->vendorName, &component->vendor_name)))
        return E_INVALIDARG;
    return S_OK;
}

HRESULT component_from_wire(
        const struct napipc_component *component, NapComponentRegistrationInfo *info)
{
    HRESULT hr;

    info->id = component->id;
    info->componentType = component->component_type;
    info->registrationDate.dwLowDateTime = (DWORD)component->registration_date;
    info->registrationDate.dwHighDateTime = (DWORD)(component->registration_date >> 32);
    memcpy(&info->infoClsid, component->info_clsid.bytes, sizeof(CLSID));
    memcpy(&info->configClsid, component->config_clsid.bytes, sizeof(CLSID));
    if (FAILED(hr = string_from_wire(&component->friendly_name, &info->friendlyName))
            || FAILED(hr = string_from_wire(&component->description, &info->description))
            || FAILED(hr = string_from_wire(&component->version, &info->version)))
        return hr;
    return string_from_wire(&component->vendor_name, &info->vendorName);
}

void components_free(NapComponentRegistrationInfo *components, UINT16 count)
{
    while (count--)
    {
        CoTaskMemFree(components[count].friendlyName.string);
        CoTaskMemFree(components[count].description.string);
        CoTaskMemFree(components[count].version.string);
        CoTaskMemFree(components[count].vendorName.string);
    }
    CoTaskMemFree(components);
}
