/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * INapComponentInfo and INapComponentConfig, 2 and 3, which other makers' components implement and
 * administration programs call: from another apartment, through the registered proxies and stubs,
 * every argument arrives unchanged. Pages inapcomponentinfo-*, inapcomponentconfig-*,
 * inapcomponentconfig2-*, inapcomponentconfig3-*.
 */

#include <test.h>

#include <windows.h>
#include <initguid.h>
#include <napcommon.h>

#define GARBAGE ((void *)(ULONG_PTR)0xdeadbeef)
#define WINDOW ((HWND)(ULONG_PTR)0x10020)

/* ---- the component: it lives in a single-threaded apartment ---- */

static struct
{
    HWND window;
    UINT32 id;
    UINT16 size;
    BYTE bytes[0xffff];
    WCHAR machine[16];
    LONG deleted;
    DWORD thread; /* the thread of the last call */
} seen;

static BYTE bytes[0xffff];

static CountedString *text(const WCHAR *characters)
{
    CountedString *string = CoTaskMemAlloc(sizeof(*string));

    string->length = (UINT16)wcslen(characters);
    string->string = CoTaskMemAlloc((string->length + 1) * sizeof(WCHAR));
    wcscpy(string->string, characters);
    return string;
}

static void keep(UINT16 size, const BYTE *data)
{
    seen.thread = GetCurrentThreadId();
    seen.size = size;
    memcpy(seen.bytes, data, size);
}

static void give(UINT16 *size, BYTE **data)
{
    *size = seen.size;
    *data = CoTaskMemAlloc(seen.size ? seen.size : 1);
    memcpy(*data, seen.bytes, seen.size);
}

#define INFO(name, ...)                                                                            \
    static HRESULT STDMETHODCALLTYPE info_##name(INapComponentInfo *iface, __VA_ARGS__)
#define CONFIG(name, ...)                                                                          \
    static HRESULT STDMETHODCALLTYPE config_##name(INapComponentConfig3 *iface, __VA_ARGS__)

static ULONG STDMETHODCALLTYPE info_AddRef(INapComponentInfo *iface)
{
    (void)iface;
    return 2;
}

static ULONG STDMETHODCALLTYPE info_Release(INapComponentInfo *iface)
{
    (void)iface;
    return 1;
}

INFO(QueryInterface, REFIID riid, void **out)
{
    *out = IsEqualIID(riid, &IID_IUnknown) || IsEqualIID(riid, &IID_INapComponentInfo) ? iface
                                                                                       : NULL;
    return *out ? S_OK : E_NOINTERFACE;
}

#define TELLS(name, message)                                                                       \
    INFO(name, MessageId *id)                                                                      \
    {                                                                                              \
        (void)iface;                                                                               \
        *id = message;                                                                             \
        return S_OK;                                                                               \
    }
TELLS(GetFriendlyName, 101)
TELLS(GetDescription, 102)
TELLS(GetVendorName, 103)
TELLS(GetVersion, 0xfffffffe)

INFO(GetIcon, CountedString **file, UINT32 *resource)
{
    (void)iface;
    *file = text(L"C:\\nap\\icon.dll");
    *resource = 0x80000001;
    return S_FALSE;
}

INFO(ConvertErrorCodeToMessageId, HRESULT code, MessageId *id)
{
    (void)iface;
    *id = (MessageId)code;
    return code == E_FAIL ? E_FAIL : S_OK;
}

INFO(GetLocalizedString, MessageId id, CountedString **string)
{
    WCHAR words[] = L"number 0";

    (void)iface;
    words[7] = (WCHAR)(L'0' + id);
    *string = text(words);
    return S_OK;
}

static INapComponentInfoVtbl info_vtbl = {info_QueryInterface, info_AddRef, info_Release,
        info_GetFriendlyName, info_GetDescription, info_GetVendorName, info_GetVersion,
        info_GetIcon, info_ConvertErrorCodeToMessageId, info_GetLocalizedString};
static INapComponentInfo info_object = {&info_vtbl};

static ULONG STDMETHODCALLTYPE config_AddRef(INapComponentConfig3 *iface)
{
    (void)iface;
    return 2;
}

static ULONG STDMETHODCALLTYPE config_Release(INapComponentConfig3 *iface)
{
    (void)iface;
    return 1;
}

CONFIG(QueryInterface, REFIID riid, void **out)
{
    static const IID *const own[] = {&IID_IUnknown, &IID_INapComponentConfig,
            &IID_INapComponentConfig2, &IID_INapComponentConfig3};
    size_t i;

    *out = NULL;
    for (i = 0; i < ARRAYSIZE(own); i++)
        if (IsEqualIID(riid, own[i]))
            *out = iface;
    return *out ? S_OK : E_NOINTERFACE;
}

CONFIG(IsUISupported, WINBOOL *supported)
{
    (void)iface;
    *supported = TRUE;
    return S_OK;
}

CONFIG(InvokeUI, HWND parent)
{
    (void)iface;
    seen.window = parent;
    return S_OK;
}

CONFIG(GetConfig, UINT16 *size, BYTE **data)
{
    (void)iface;
    give(size, data);
    return S_OK;
}

CONFIG(SetConfig, UINT16 size, BYTE *data)
{
    (void)iface;
    keep(size, data);
    return S_OK;
}

CONFIG(IsRemoteConfigSupported, WINBOOL *supported, UINT8 *type)
{
    (void)iface;
    *supported = FALSE;
    *type = 0xfe;
    return S_OK;
}

CONFIG(InvokeUIForMachine, HWND parent, CountedString *machine)
{
    (void)iface;
    seen.window = parent;
    lstrcpynW(seen.machine, machine->string, machine->length + 1);
    return S_OK;
}

CONFIG(InvokeUIFromConfigBlob, HWND parent, UINT16 size, BYTE *data, UINT16 *out_size, BYTE **out,
        WINBOOL *changed)
{
    (void)iface;
    seen.window = parent;
    keep(size, data);
    give(out_size, out);
    *changed = TRUE;
    return S_OK;
}

CONFIG(NewConfig, UINT32 id)
{
    (void)iface;
    seen.id = id;
    return S_OK;
}

CONFIG(DeleteConfig, UINT32 id)
{
    (void)iface;
    seen.id = id;
    return E_ACCESSDENIED;
}

static HRESULT STDMETHODCALLTYPE config_DeleteAllConfig(INapComponentConfig3 *iface)
{
    (void)iface;
    seen.deleted++;
    return S_OK;
}

CONFIG(GetConfigFromID, UINT32 id, UINT16 *size, BYTE **data)
{
    (void)iface;
    seen.id = id;
    give(size, data);
    return S_OK;
}

CONFIG(SetConfigToID, UINT32 id, UINT16 size, BYTE *data)
{
    (void)iface;
    seen.id = id;
    keep(size, data);
    return S_OK;
}

static INapComponentConfig3Vtbl config_vtbl = {config_QueryInterface, config_AddRef, config_Release,
        config_IsUISupported, config_InvokeUI, config_GetConfig, config_SetConfig,
        config_IsRemoteConfigSupported, config_InvokeUIForMachine, config_InvokeUIFromConfigBlob,
        config_NewConfig, config_DeleteConfig, config_DeleteAllConfig, config_GetConfigFromID,
        config_SetConfigToID};
static INapComponentConfig3 config_object = {&config_vtbl};

/* ---- its thread ---- */

static IStream *info_stream, *config_stream;
static HANDLE thread, ready;
static DWORD thread_id;

static DWORD WINAPI be_the_component(void *unused)
{
    MSG message;

    (void)unused;
    CoInitializeEx(NULL, COINIT_APARTMENTTHREADED);
    if (FAILED(CoMarshalInterThreadInterfaceInStream(
                &IID_INapComponentInfo, (IUnknown *)&info_object, &info_stream))
            || FAILED(CoMarshalInterThreadInterfaceInStream(
                    &IID_INapComponentConfig3, (IUnknown *)&config_object, &config_stream)))
        info_stream = config_stream = NULL;
    PeekMessageW(&message, NULL, 0, 0, PM_NOREMOVE); /* creates the message queue */
    SetEvent(ready);
    while (GetMessageW(&message, NULL, 0, 0) > 0)
        DispatchMessageW(&message);
    CoUninitialize();
    return 0;
}

static INapComponentInfo *info;
static INapComponentConfig3 *config;

static int begin(void)
{
    size_t i;

    for (i = 0; i < sizeof(bytes); i++)
        bytes[i] = (BYTE)(i * 7 + i / 256);
    CoInitializeEx(NULL, COINIT_MULTITHREADED);
    ready = CreateEventW(NULL, TRUE, FALSE, NULL);
    thread = CreateThread(NULL, 0, be_the_component, NULL, 0, &thread_id);
    if (WaitForSingleObject(ready, 60000) || !info_stream || !config_stream)
        return 1;
    return FAILED(CoGetInterfaceAndReleaseStream(
                   info_stream, &IID_INapComponentInfo, (void **)&info))
           || FAILED(CoGetInterfaceAndReleaseStream(
                   config_stream, &IID_INapComponentConfig3, (void **)&config))
           || info == &info_object || config == &config_object;
}

static int end(void)
{
    INapComponentInfo_Release(info);
    INapComponentConfig3_Release(config);
    PostThreadMessageW(thread_id, WM_QUIT, 0, 0);
    WaitForSingleObject(thread, 60000);
    CoUninitialize();
    return 0;
}

/* ---- the other apartment ---- */

static void assert_text_and_free(CountedString *string, const WCHAR *expected)
{
    assert_int_equal(string->length, wcslen(expected));
    assert_memory_equal(string->string, expected, string->length * sizeof(WCHAR));
    CoTaskMemFree(string->string);
    CoTaskMemFree(string);
}

TEST(what_a_component_says_of_itself_arrives)
{
    CountedString *string = GARBAGE;
    MessageId id = 0;
    UINT32 resource = 0;

    assert_int_equal(INapComponentInfo_GetFriendlyName(info, &id), S_OK);
    assert_int_equal(id, 101);
    assert_int_equal(INapComponentInfo_GetDescription(info, &id), S_OK);
    assert_int_equal(id, 102);
    assert_int_equal(INapComponentInfo_GetVendorName(info, &id), S_OK);
    assert_int_equal(id, 103);
    assert_int_equal(INapComponentInfo_GetVersion(info, &id), S_OK);
    assert_int_equal(id, 0xfffffffe);
    assert_int_equal(INapComponentInfo_GetIcon(info, &string, &resource), S_FALSE);
    assert_int_equal(resource, 0x80000001);
    assert_text_and_free(string, L"C:\\nap\\icon.dll");
    assert_int_equal(INapComponentInfo_GetLocalizedString(info, 7, &string), S_OK);
    assert_text_and_free(string, L"number 7");
}

TEST(an_error_code_reaches_the_component_and_its_failure_the_caller)
{
    MessageId id = 0;

    assert_int_equal(
            INapComponentInfo_ConvertErrorCodeToMessageId(info, E_ACCESSDENIED, &id), S_OK);
    assert_int_equal(id, (MessageId)E_ACCESSDENIED);
    assert_int_equal(INapComponentInfo_ConvertErrorCodeToMessageId(info, E_FAIL, &id), E_FAIL);
}

static void assert_seen(UINT16 size)
{
    assert_int_equal(seen.size, size);
    assert_memory_equal(seen.bytes, bytes, size);
    assert_int_equal(seen.thread, thread_id); /* the thread itself */
}

static void assert_data_and_free(UINT16 size, BYTE *data, UINT16 expected)
{
    assert_int_equal(size, expected);
    assert_memory_equal(data, bytes, expected);
    CoTaskMemFree(data);
}

TEST(a_configuration_of_any_size_goes_there_and_back)
{
    static const UINT16 sizes[] = {1, 4000, 0xffff};
    BYTE *data = GARBAGE;
    UINT16 size = 0;
    size_t i;

    for (i = 0; i < ARRAYSIZE(sizes); i++)
    {
        assert_int_equal(INapComponentConfig3_SetConfig(config, sizes[i], bytes), S_OK);
        assert_seen(sizes[i]);
        assert_int_equal(INapComponentConfig3_GetConfig(config, &size, &data), S_OK);
        assert_data_and_free(size, data, sizes[i]);
    }
}

TEST(configurations_have_ids)
{
    BYTE *data = GARBAGE;
    UINT16 size = 0;

    assert_int_equal(INapComponentConfig3_NewConfig(config, 0xfedcba98), S_OK);
    assert_int_equal(seen.id, 0xfedcba98);
    assert_int_equal(INapComponentConfig3_SetConfigToID(config, 3, 300, bytes), S_OK);
    assert_int_equal(seen.id, 3);
    assert_seen(300);
    assert_int_equal(INapComponentConfig3_GetConfigFromID(config, 4, &size, &data), S_OK);
    assert_int_equal(seen.id, 4);
    assert_data_and_free(size, data, 300);
    assert_int_equal(INapComponentConfig3_DeleteConfig(config, 5), E_ACCESSDENIED);
    assert_int_equal(seen.id, 5);
    assert_int_equal(INapComponentConfig3_DeleteAllConfig(config), S_OK);
    assert_int_equal(seen.deleted, 1);
}

TEST(windows_and_names_reach_the_component)
{
    WCHAR name[] = L"machine";
    CountedString machine = {7, name};
    WINBOOL yes = 7, changed = 7;
    BYTE *data = GARBAGE;
    UINT16 size = 0;
    UINT8 type = 0;

    assert_int_equal(INapComponentConfig3_IsUISupported(config, &yes), S_OK);
    assert_int_equal(yes, TRUE);
    assert_int_equal(INapComponentConfig3_IsRemoteConfigSupported(config, &yes, &type), S_OK);
    assert_int_equal(yes, FALSE);
    assert_int_equal(type, 0xfe);
    assert_int_equal(INapComponentConfig3_InvokeUI(config, WINDOW), S_OK);
    assert_ptr_equal(seen.window, WINDOW);
    assert_int_equal(INapComponentConfig3_InvokeUIForMachine(config, NULL, &machine), S_OK);
    assert_null(seen.window);
    assert_int_equal(wcscmp(seen.machine, name), 0);
    assert_int_equal(INapComponentConfig3_InvokeUIFromConfigBlob(
                             config, WINDOW, 500, bytes, &size, &data, &changed),
            S_OK);
    assert_ptr_equal(seen.window, WINDOW);
    assert_seen(500);
    assert_data_and_free(size, data, 500);
    assert_int_equal(changed, TRUE);
}

TEST_MAIN(begin, end)
