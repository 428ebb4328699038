/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * qshvhost.dll as COM and regsvr32 use it: the four functions of a DLL of proxies and stubs.
 */

#include <test.h>

#include <windows.h>
#include <initguid.h>
#include <napsystemhealthvalidator.h>

#define GARBAGE ((void *)(ULONG_PTR)0xdeadbeef)

static const IID *const marshalled[] = {&IID_INapSystemHealthValidator,
        &IID_INapSystemHealthValidationRequest, &IID_INapSystemHealthValidationRequest2,
        &IID_INapServerCallback};

static HRESULT(WINAPI *get_class_object)(REFCLSID, REFIID, void **);
static HRESULT(WINAPI *can_unload_now)(void);
static HRESULT(WINAPI *register_server)(void);
static HRESULT(WINAPI *unregister_server)(void);

static int begin(void)
{
    HMODULE qshvhost = LoadLibraryW(L"qshvhost.dll");

    if (FAILED(CoInitializeEx(NULL, COINIT_MULTITHREADED)) || !qshvhost)
        return 1;
    get_class_object = (void *)GetProcAddress(qshvhost, "DllGetClassObject");
    can_unload_now = (void *)GetProcAddress(qshvhost, "DllCanUnloadNow");
    register_server = (void *)GetProcAddress(qshvhost, "DllRegisterServer");
    unregister_server = (void *)GetProcAddress(qshvhost, "DllUnregisterServer");
    return !get_class_object || !can_unload_now || !register_server || !unregister_server;
}

/* Registers everything again, whatever failed. */
static int end(void)
{
    register_server();
    CoUninitialize();
    return 0;
}

TEST(DllGetClassObject_knows_the_proxies_only)
{
    IUnknown *factory = GARBAGE;
    CLSID proxies;
    size_t i;

    for (i = 0; i < ARRAYSIZE(marshalled); i++)
    {
        assert_int_equal(CoGetPSClsid(marshalled[i], &proxies), S_OK);
        assert_int_equal(
                get_class_object(&proxies, &IID_IPSFactoryBuffer, (void **)&factory), S_OK);
        assert_int_equal(can_unload_now(), S_FALSE);
        IUnknown_Release(factory);
        assert_int_equal(can_unload_now(), S_OK);
    }
    assert_int_equal(get_class_object(&IID_IUnknown, &IID_IClassFactory, (void **)&factory),
            CLASS_E_CLASSNOTAVAILABLE);
}

TEST(DllCanUnloadNow_says_so_while_nothing_is_used)
{
    assert_int_equal(can_unload_now(), S_OK);
}

static void assert_registered(LSTATUS result)
{
    WCHAR name[96] = L"Software\\Classes\\Interface\\";
    const int length = (int)wcslen(name);
    size_t i;
    HKEY key;

    for (i = 0; i < ARRAYSIZE(marshalled); i++)
    {
        StringFromGUID2(marshalled[i], name + length, ARRAYSIZE(name) - length);
        assert_int_equal(RegOpenKeyExW(HKEY_LOCAL_MACHINE, name, 0, KEY_READ, &key), result);
        if (!result)
            RegCloseKey(key);
    }
}

TEST(DllUnregisterServer_undoes_DllRegisterServer)
{
    assert_registered(ERROR_SUCCESS);
    assert_int_equal(unregister_server(), S_OK);
    assert_registered(ERROR_FILE_NOT_FOUND);
    assert_int_equal(register_server(), S_OK);
    assert_int_equal(register_server(), S_OK); /* again, like an installer's repair */
    assert_registered(ERROR_SUCCESS);
}

TEST_MAIN(begin, end)
