/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * odd_information.dll: information and configuration classes of another maker, and what goes wrong
 * with them.
 */
#define INITGUID
#include <windows.h>
#include <objbase.h>
#include <naptypes.h>
#include <napcommon.h>
#include <string.h>
#include <wchar.h>

#include "odd_information.h"

#define HUGE_LENGTH 60000

/* The numbers of its messages */
enum
{
    MESSAGE_NAME = 100,
    MESSAGE_DESCRIPTION,
    MESSAGE_VENDOR,
    MESSAGE_VERSION,
    MESSAGE_UNHAPPY,
    MESSAGE_FIXUP = 7
};

static struct
{
    INapComponentInfo INapComponentInfo_iface;
    INapComponentConfig3 INapComponentConfig3_iface;
    IClassFactory IClassFactory_iface;
    enum odd odd;
} object;

static void crash_in(int method)
{
    if (object.odd == (enum odd)(ODD_CRASHES_IN + method))
        RaiseException(EXCEPTION_ACCESS_VIOLATION, EXCEPTION_NONCONTINUABLE, 0, NULL);
}

/* ---- strings ---- */

/* In memory of the kind that COM wants, or not. */
static HRESULT give(const WCHAR *text, CountedString **string)
{
    static CountedString in_bytes;
    static WCHAR buffer[256];
    size_t length = wcslen(text);
    CountedString *copy;

    *string = NULL;
    if (object.odd == ODD_NULL)
        return S_OK;
    if (object.odd == ODD_BYTES)
    {
        in_bytes.length = (UINT16)((length + 1) * sizeof(WCHAR));
        in_bytes.string = wcscpy(buffer, text); /* good until the next call */
        *string = &in_bytes;
        return S_OK;
    }
    if (!(copy = CoTaskMemAlloc(sizeof(*copy)))
            || !(copy->string = CoTaskMemAlloc((length + 1) * sizeof(WCHAR))))
        return E_OUTOFMEMORY;
    copy->length = (UINT16)length;
    wcscpy(copy->string, text);
    *string = copy;
    return S_OK;
}

static const WCHAR *huge(void)
{
    static WCHAR text[HUGE_LENGTH + 1];

    wmemset(text, 'h', HUGE_LENGTH);
    return text;
}

/* "Strings should be localized according to the calling thread's language-id." */
static const WCHAR *language(void)
{
    static WCHAR text[32];

    swprintf(text, ARRAYSIZE(text), L"language %04x", LANGIDFROMLCID(GetThreadLocale()));
    return text;
}

static HRESULT get_string(MessageId message, CountedString **string)
{
    if (object.odd == ODD_HUGE || object.odd == ODD_NULL)
        return give(huge(), string);
    if (object.odd == ODD_CONTROLS)
        return give(L"one\r\ntwo\x1b[31m\x202ethree", string);
    switch (message)
    {
    case MESSAGE_NAME:
        return give(L"Odd name", string);
    case MESSAGE_DESCRIPTION:
        return give(L"Odd description", string);
    case MESSAGE_VENDOR:
        return give(L"Odd vendor \x00e9\x6f22", string);
    case MESSAGE_VERSION:
        return give(language(), string);
    case MESSAGE_UNHAPPY:
        return give(L"The odd component is unhappy.", string);
    case MESSAGE_FIXUP:
        return give(L"The odd component is being mended.", string);
    default:
        return E_INVALIDARG;
    }
}

/* ---- what goes wrong ---- */

static void write_garbage(void)
{
    static const char garbage[] = "This is no answer, but printed by a component.";
    ULONG_PTR value;
    DWORD written;

    WriteFile(GetStdHandle(STD_OUTPUT_HANDLE), garbage, sizeof(garbage), &written, NULL);
    WriteFile(GetStdHandle(STD_ERROR_HANDLE), garbage, sizeof(garbage), &written, NULL);
    for (value = 4; value < 0x1000; value += 4)
        if (GetFileType((HANDLE)value) == FILE_TYPE_PIPE)
            WriteFile((HANDLE)value, garbage, sizeof(garbage), &written, NULL);
}

static HRESULT give_message(int method, MessageId number, MessageId *message)
{
    crash_in(method);
    if (object.odd == ODD_FAILS)
        return E_ACCESSDENIED;
    if (object.odd != ODD_NULL)
        *message = number;
    return S_OK;
}

/* ---- INapComponentInfo ---- */

static HRESULT STDMETHODCALLTYPE info_QueryInterface(
        INapComponentInfo *iface, REFIID riid, void **found)
{
    enum odd odd = object.odd;

    (void)iface;
    *found = NULL;
    if (IsEqualIID(riid, &IID_IUnknown) || IsEqualIID(riid, &IID_INapComponentInfo))
        *found = &object.INapComponentInfo_iface;
    else if (IsEqualIID(riid, &IID_INapComponentConfig)
             || (IsEqualIID(riid, &IID_INapComponentConfig2) && odd != ODD_UI)
             || (IsEqualIID(riid, &IID_INapComponentConfig3) && odd != ODD_UI && odd != ODD_REMOTE))
        *found = &object.INapComponentConfig3_iface;
    return *found ? S_OK : E_NOINTERFACE;
}

static ULONG STDMETHODCALLTYPE info_AddRef(INapComponentInfo *iface)
{
    (void)iface;
    return 2;
}

static ULONG STDMETHODCALLTYPE info_Release(INapComponentInfo *iface)
{
    (void)iface;
    crash_in(7);
    return 1;
}

static HRESULT STDMETHODCALLTYPE info_GetFriendlyName(INapComponentInfo *iface, MessageId *message)
{
    (void)iface;
    if (object.odd == ODD_HANGS)
        Sleep(INFINITE);
    if (object.odd == ODD_GARBAGE)
        write_garbage();
    return give_message(0, MESSAGE_NAME, message);
}

static HRESULT STDMETHODCALLTYPE info_GetDescription(INapComponentInfo *iface, MessageId *message)
{
    (void)iface;
    return give_message(1, MESSAGE_DESCRIPTION, message);
}

static HRESULT STDMETHODCALLTYPE info_GetVendorName(INapComponentInfo *iface, MessageId *message)
{
    (void)iface;
    return give_message(2, MESSAGE_VENDOR, message);
}

static HRESULT STDMETHODCALLTYPE info_GetVersion(INapComponentInfo *iface, MessageId *message)
{
    (void)iface;
    return give_message(3, MESSAGE_VERSION, message);
}

static HRESULT STDMETHODCALLTYPE info_GetIcon(
        INapComponentInfo *iface, CountedString **file, UINT32 *resource)
{
    (void)iface;
    crash_in(4);
    if (object.odd == ODD_FAILS)
        return E_ACCESSDENIED;
    *resource = 42;
    return give(object.odd == ODD_CONTROLS ? L"C:\\odd\x1b.dll" : L"C:\\odd.dll", file);
}

static HRESULT STDMETHODCALLTYPE info_ConvertErrorCodeToMessageId(
        INapComponentInfo *iface, HRESULT code, MessageId *message)
{
    (void)iface;
    if (code != E_FAIL)
        return E_INVALIDARG;
    return give_message(5, MESSAGE_UNHAPPY, message);
}

static HRESULT STDMETHODCALLTYPE info_GetLocalizedString(
        INapComponentInfo *iface, MessageId message, CountedString **string)
{
    (void)iface;
    crash_in(6);
    return object.odd == ODD_FAILS ? E_ACCESSDENIED : get_string(message, string);
}

static const INapComponentInfoVtbl info_vtbl = {
        info_QueryInterface,
        info_AddRef,
        info_Release,
        info_GetFriendlyName,
        info_GetDescription,
        info_GetVendorName,
        info_GetVersion,
        info_GetIcon,
        info_ConvertErrorCodeToMessageId,
        info_GetLocalizedString,
};

/* ---- INapComponentConfig, 2 and 3: the methods that are called, and those that must not be ----
 */

static HRESULT STDMETHODCALLTYPE config_QueryInterface(
        INapComponentConfig3 *iface, REFIID riid, void **found)
{
    (void)iface;
    return info_QueryInterface(&object.INapComponentInfo_iface, riid, found);
}

static ULONG STDMETHODCALLTYPE config_AddRef(INapComponentConfig3 *iface)
{
    (void)iface;
    return 2;
}

static ULONG STDMETHODCALLTYPE config_Release(INapComponentConfig3 *iface)
{
    (void)iface;
    return info_Release(&object.INapComponentInfo_iface);
}

static HRESULT STDMETHODCALLTYPE config_IsUISupported(INapComponentConfig3 *iface, BOOL *supported)
{
    (void)iface;
    if (object.odd == ODD_HANGS)
        Sleep(INFINITE);
    if (object.odd == ODD_FAILS)
        return E_ACCESSDENIED;
    *supported = object.odd == ODD_UI;
    return S_OK;
}

static HRESULT STDMETHODCALLTYPE config_GetConfig(
        INapComponentConfig3 *iface, UINT16 *count, BYTE **data)
{
    (void)iface;
    if (object.odd == ODD_FAILS)
        return E_ACCESSDENIED;
    *data = CoTaskMemAlloc(321);
    *count = 321;
    return *data ? S_OK : E_OUTOFMEMORY;
}

static HRESULT STDMETHODCALLTYPE config_IsRemoteConfigSupported(
        INapComponentConfig3 *iface, BOOL *supported, UINT8 *type)
{
    (void)iface;
    if (object.odd == ODD_FAILS)
        return E_ACCESSDENIED;
    *supported = TRUE;
    *type = object.odd == ODD_REMOTE ? remoteConfigTypeMachine : remoteConfigTypeConfigBlob;
    return S_OK;
}

/* To show a component must not change it, nor open a window. */
static HRESULT STDMETHODCALLTYPE must_not_be_called(INapComponentConfig3 *iface)
{
    (void)iface;
    RaiseException(EXCEPTION_ACCESS_VIOLATION, EXCEPTION_NONCONTINUABLE, 0, NULL);
    return E_UNEXPECTED;
}

static const INapComponentConfig3Vtbl config_vtbl = {
        config_QueryInterface, config_AddRef, config_Release, config_IsUISupported,
        (void *)must_not_be_called,                                 /* InvokeUI */
        config_GetConfig, (void *)must_not_be_called,               /* SetConfig */
        config_IsRemoteConfigSupported, (void *)must_not_be_called, /* InvokeUIForMachine */
        (void *)must_not_be_called,                                 /* InvokeUIFromConfigBlob */
        (void *)must_not_be_called,                                 /* NewConfig */
        (void *)must_not_be_called,                                 /* DeleteConfig */
        (void *)must_not_be_called,                                 /* DeleteAllConfig */
        (void *)must_not_be_called,                                 /* GetConfigFromID */
        (void *)must_not_be_called,                                 /* SetConfigToID */
};

/* ---- the class object ---- */

static HRESULT STDMETHODCALLTYPE factory_QueryInterface(
        IClassFactory *iface, REFIID riid, void **found)
{
    *found = IsEqualIID(riid, &IID_IUnknown) || IsEqualIID(riid, &IID_IClassFactory) ? iface : NULL;
    return *found ? S_OK : E_NOINTERFACE;
}

static ULONG STDMETHODCALLTYPE factory_AddRef(IClassFactory *iface)
{
    (void)iface;
    return 2;
}

static ULONG STDMETHODCALLTYPE factory_Release(IClassFactory *iface)
{
    (void)iface;
    return 1;
}

static HRESULT STDMETHODCALLTYPE factory_CreateInstance(
        IClassFactory *iface, IUnknown *outer, REFIID riid, void **found)
{
    (void)iface;
    (void)outer;
    return info_QueryInterface(&object.INapComponentInfo_iface, riid, found);
}

static HRESULT STDMETHODCALLTYPE factory_LockServer(IClassFactory *iface, BOOL lock)
{
    (void)iface;
    (void)lock;
    return S_OK;
}

static const IClassFactoryVtbl factory_vtbl = {
        factory_QueryInterface,
        factory_AddRef,
        factory_Release,
        factory_CreateInstance,
        factory_LockServer,
};

HRESULT WINAPI DllGetClassObject(REFCLSID clsid, REFIID riid, void **found)
{
    object.INapComponentInfo_iface.lpVtbl = (void *)&info_vtbl;
    object.INapComponentConfig3_iface.lpVtbl = (void *)&config_vtbl;
    object.IClassFactory_iface.lpVtbl = (void *)&factory_vtbl;
    object.odd = clsid->Data4[7];
    if (object.odd == ODD_HANGS_LOADING)
        Sleep(INFINITE);
    if (object.odd == ODD_CRASHES_LOADING)
        RaiseException(EXCEPTION_ACCESS_VIOLATION, EXCEPTION_NONCONTINUABLE, 0, NULL);
    return factory_QueryInterface(&object.IClassFactory_iface, riid, found);
}

HRESULT WINAPI DllCanUnloadNow(void)
{
    return S_FALSE;
}
