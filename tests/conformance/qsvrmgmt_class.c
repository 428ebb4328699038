/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * qsvrmgmt.dll as COM and regsvr32 use it: the four functions of an in-process server, for its
 * classes and for its proxies.
 */

#include <test.h>

#include <windows.h>
#include <initguid.h>
#include <napservermanagement.h>

#define GARBAGE ((void *)(ULONG_PTR)0xdeadbeef)

static const CLSID *const classes[] = {&CLSID_NapServerManagement, &CLSID_NapServerInfo};
static const IID *const marshalled[] = {&IID_INapServerManagement, &IID_INapServerInfo};

static HRESULT(WINAPI *get_class_object)(REFCLSID, REFIID, void **);
static HRESULT(WINAPI *can_unload_now)(void);
static HRESULT(WINAPI *register_server)(void);
static HRESULT(WINAPI *unregister_server)(void);

static int begin(void)
{
    HMODULE qsvrmgmt = LoadLibraryW(L"qsvrmgmt.dll");

    if (FAILED(CoInitializeEx(NULL, COINIT_MULTITHREADED)) || !qsvrmgmt)
        return 1;
    get_class_object = (void *)GetProcAddress(qsvrmgmt, "DllGetClassObject");
    can_unload_now = (void *)GetProcAddress(qsvrmgmt, "DllCanUnloadNow");
    register_server = (void *)GetProcAddress(qsvrmgmt, "DllRegisterServer");
    unregister_server = (void *)GetProcAddress(qsvrmgmt, "DllUnregisterServer");
    return !get_class_object || !can_unload_now || !register_server || !unregister_server;
}

/* Registers everything again, whatever failed. */
static int end(void)
{
    register_server();
    CoUninitialize();
    return 0;
}

TEST(DllGetClassObject_knows_the_classes_and_the_proxies_only)
{
    IUnknown *factory = GARBAGE;
    CLSID proxies;
    size_t i;

    for (i = 0; i < ARRAYSIZE(classes); i++)
    {
        assert_int_equal(get_class_object(classes[i], &IID_IClassFactory, (void **)&factory), S_OK);
        IUnknown_Release(factory);
    }
    assert_int_equal(CoGetPSClsid(marshalled[0], &proxies), S_OK);
    assert_int_equal(get_class_object(&proxies, &IID_IPSFactoryBuffer, (void **)&factory), S_OK);
    IUnknown_Release(factory);
    assert_int_equal(get_class_object(&IID_IUnknown, &IID_IClassFactory, (void **)&factory),
            CLASS_E_CLASSNOTAVAILABLE);
    assert_null(factory);
}

TEST(DllCanUnloadNow_waits_for_objects_and_locks)
{
    IUnknown *object = GARBAGE;
    IClassFactory *factory;

    assert_int_equal(can_unload_now(), S_OK);
    assert_int_equal(get_class_object(classes[0], &IID_IClassFactory, (void **)&factory), S_OK);
    assert_int_equal(IClassFactory_LockServer(factory, TRUE), S_OK);
    assert_int_equal(can_unload_now(), S_FALSE);
    assert_int_equal(
            IClassFactory_CreateInstance(factory, NULL, &IID_IUnknown, (void **)&object), S_OK);
    assert_int_equal(IClassFactory_LockServer(factory, FALSE), S_OK);
    IClassFactory_Release(factory);
    assert_int_equal(can_unload_now(), S_FALSE);
    IUnknown_Release(object);
    assert_int_equal(can_unload_now(), S_OK);
}

static void assert_registered(HRESULT class_result, LSTATUS proxy_result)
{
    WCHAR name[96] = L"Software\\Classes\\Interface\\";
    const int length = (int)wcslen(name);
    IUnknown *factory;
    HRESULT hr;
    size_t i;
    HKEY key;

    for (i = 0; i < ARRAYSIZE(classes); i++)
    {
        hr = CoGetClassObject(
                classes[i], CLSCTX_INPROC_SERVER, NULL, &IID_IClassFactory, (void **)&factory);
        assert_int_equal(hr, class_result);
        if (SUCCEEDED(hr))
            IUnknown_Release(factory);
    }
    for (i = 0; i < ARRAYSIZE(marshalled); i++)
    {
        StringFromGUID2(marshalled[i], name + length, ARRAYSIZE(name) - length);
        assert_int_equal(RegOpenKeyExW(HKEY_LOCAL_MACHINE, name, 0, KEY_READ, &key), proxy_result);
        if (!proxy_result)
            RegCloseKey(key);
    }
}

TEST(DllUnregisterServer_undoes_DllRegisterServer)
{
    assert_registered(S_OK, ERROR_SUCCESS);
    assert_int_equal(unregister_server(), S_OK);
    assert_registered(REGDB_E_CLASSNOTREG, ERROR_FILE_NOT_FOUND);
    assert_int_equal(register_server(), S_OK);
    assert_int_equal(register_server(), S_OK); /* again, like an installer's repair */
    assert_registered(S_OK, ERROR_SUCCESS);
}

TEST_MAIN(begin, end)
