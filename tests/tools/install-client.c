/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * A program that is built with nothing of ours but the files of `meson install`: an enforcement
 * client that creates its binding, and calls of RAS and RRAS.
 */
#define COBJMACROS
#include <windows.h>
#include <stdio.h>
#include <napenforcementclient.h>
#include <napmanagement.h>
#include <naperror.h>
#include <naputil.h>
#include <rasnap.h>
#include <mprapi.h>

int main(void)
{
    INapEnforcementClientConnection *connection = NULL;
    INapEnforcementClientBinding *binding = NULL;
    Connections *connections = NULL;
    RASNAPSTATE state = {.dwSize = sizeof(state)};
    HRESULT hr;
    DWORD error;

    CoInitializeEx(NULL, COINIT_MULTITHREADED);
    hr = CoCreateInstance(&CLSID_NapEnforcementClientBinding, NULL, CLSCTX_INPROC_SERVER,
            &IID_INapEnforcementClientBinding, (void **)&binding);
    if (FAILED(hr))
        return printf("CoCreateInstance 0x%08lX\n", (unsigned long)hr), 1;
    hr = INapEnforcementClientBinding_CreateConnection(binding, &connection);
    if (hr != NAP_E_NOT_INITIALIZED)
        return printf("CreateConnection 0x%08lX\n", (unsigned long)hr), 1;
    hr = AllocConnections(&connections, 3);
    if (FAILED(hr) || connections->count != 3)
        return printf("AllocConnections 0x%08lX\n", (unsigned long)hr), 1;
    FreeConnections(connections);
    error = RasGetNapStatus(NULL, &state);
    if (error != ERROR_INVALID_HANDLE)
        return printf("RasGetNapStatus %lu\n", error), 1;
    if (MprAdminIsServiceRunning(NULL))
        return printf("MprAdminIsServiceRunning\n"), 1;
    INapEnforcementClientBinding_Release(binding);
    CoUninitialize();
    puts("done");
    return 0;
}
