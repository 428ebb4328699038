/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * register-agent [--remove] ID: registers a system health agent that never runs, so that the agent
 * makes its entry in every SSoH; or unregisters it.
 */
#ifndef COBJMACROS
#define COBJMACROS
#endif
#define INITGUID
#include <windows.h>
#include <naptypes.h>
#include <napmanagement.h>
#include <stdio.h>
#include <stdlib.h>
#include <wchar.h>

/* The value of uuid.lib; mingw-w64 only declares it. */
DEFINE_GUID(CLSID_NapClientManagement_, 0xeb082ba1, 0xdf8a, 0x46be, 0x82, 0xf3, 0x35, 0xbf, 0x9e,
        0x9b, 0xe5, 0x2f);

int wmain(int argc, WCHAR **argv);

int wmain(int argc, WCHAR **argv)
{
    static WCHAR name[] = L"Silent Health Agent", version[] = L"1.0";
    NapComponentRegistrationInfo info = {
            .friendlyName = {ARRAYSIZE(name) - 1, name},
            .description = {ARRAYSIZE(name) - 1, name},
            .version = {ARRAYSIZE(version) - 1, version},
            .vendorName = {ARRAYSIZE(name) - 1, name},
    };
    INapClientManagement *management;
    int remove = argc == 3 && !wcscmp(argv[1], L"--remove");
    HRESULT hr;

    if (argc != 2 + remove || !(info.id = wcstoul(argv[1 + remove], NULL, 0)))
    {
        fprintf(stderr, "usage: register-agent [--remove] ID\n");
        return 2;
    }
    if (FAILED(hr = CoInitializeEx(NULL, COINIT_MULTITHREADED)))
        return 1;
    hr = CoCreateInstance(&CLSID_NapClientManagement_, NULL, CLSCTX_INPROC_SERVER,
            &IID_INapClientManagement, (void **)&management);
    if (SUCCEEDED(hr))
    {
        hr = remove ? INapClientManagement_UnregisterSystemHealthAgent(management, info.id)
                    : INapClientManagement_RegisterSystemHealthAgent(management, &info);
        INapClientManagement_Release(management);
    }
    CoUninitialize();
    printf("%sregistering health agent %u: 0x%08lX\n", remove ? "un" : "", (unsigned int)info.id,
            (unsigned long)hr);
    return FAILED(hr);
}
