/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "servers.h"

static void *create(const CLSID *clsid, const IID *iid)
{
    void *object = NULL;

    return CoCreateInstance(clsid, NULL, CLSCTX_INPROC_SERVER, iid, &object) == S_OK ? object
                                                                                     : NULL;
}

INapServerManagement *servers_management(void)
{
    return create(&CLSID_NapServerManagement, &IID_INapServerManagement);
}

INapServerInfo *servers_info(void)
{
    return create(&CLSID_NapServerInfo, &IID_INapServerInfo);
}

void servers_forget(void)
{
    INapServerManagement *management = servers_management();

    if (!management)
        return;
    INapServerManagement_UnregisterSystemHealthValidator(management, SHV_ID);
    INapServerManagement_UnregisterSystemHealthValidator(management, OTHER_SHV_ID);
    INapServerManagement_Release(management);
}
