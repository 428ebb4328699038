/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * qutil.dll as a COM server: its classes are found by CLSID, are free-threaded,
 * register and unregister themselves (pages inapsohconstructor and
 * inapsohprocessor; COM's own rules).
 */

#include <test.h>

#include <windows.h>
#include <objbase.h>
#include <naputil.h>

#define GARBAGE ((void *)(ULONG_PTR)0xdeadbeef)

static const struct class
{
    const CLSID *clsid;
    const IID *iid;
    const WCHAR *key;
} classes[] = {
        {&CLSID_NapSoHConstructor, &IID_INapSoHConstructor,
                L"Software\\Classes\\CLSID\\{E8140D53-6535-46A5-B8A1-DA6C571DA9B9}"},
        {&CLSID_NapSoHProcessor, &IID_INapSoHProcessor,
                L"Software\\Classes\\CLSID\\{AA160628-8775-46E3-837C-F7A2AE66E2F5}"},
};

static HMODULE qutil;
static HRESULT(WINAPI *get_class_object)(REFCLSID, REFIID, void **);
static HRESULT(WINAPI *can_unload_now)(void);
static HRESULT(WINAPI *register_server)(void);
static HRESULT(WINAPI *unregister_server)(void);

static int begin(void)
{
    if (FAILED(CoInitializeEx(NULL, COINIT_MULTITHREADED)) || !(qutil = LoadLibraryW(L"QUtil.dll")))
        return 1;
    get_class_object = (void *)GetProcAddress(qutil, "DllGetClassObject");
    can_unload_now = (void *)GetProcAddress(qutil, "DllCanUnloadNow");
    register_server = (void *)GetProcAddress(qutil, "DllRegisterServer");
    unregister_server = (void *)GetProcAddress(qutil, "DllUnregisterServer");
    return !get_class_object || !can_unload_now || !register_server || !unregister_server;
}

static IUnknown *create(const CLSID *clsid, const IID *iid)
{
    void *object = GARBAGE;

    assert_int_equal(CoCreateInstance(clsid, NULL, CLSCTX_INPROC_SERVER, iid, &object), S_OK);
    return object;
}

TEST(objects_are_created_by_CLSID)
{
    IUnknown *object;
    size_t i;

    for (i = 0; i < ARRAYSIZE(classes); i++)
    {
        object = create(classes[i].clsid, classes[i].iid);
        assert_int_equal(IUnknown_Release(object), 0);
    }
}

TEST(objects_are_created_in_a_single_threaded_apartment_too)
{
    CoUninitialize();
    assert_int_equal(CoInitializeEx(NULL, COINIT_APARTMENTTHREADED), S_OK);
    objects_are_created_by_CLSID();
    CoUninitialize();
    assert_int_equal(CoInitializeEx(NULL, COINIT_MULTITHREADED), S_OK);
}

TEST(objects_have_one_identity)
{
    IUnknown *object, *first, *second;
    size_t i;

    for (i = 0; i < ARRAYSIZE(classes); i++)
    {
        object = create(classes[i].clsid, classes[i].iid);
        assert_int_equal(IUnknown_QueryInterface(object, &IID_IUnknown, (void **)&first), S_OK);
        assert_int_equal(IUnknown_QueryInterface(first, classes[i].iid, (void **)&second), S_OK);
        assert_ptr_equal(second, object);
        assert_int_equal(IUnknown_Release(second), 2);
        assert_int_equal(IUnknown_Release(first), 1);
        assert_int_equal(IUnknown_Release(object), 0);
    }
}

TEST(objects_refuse_interfaces_they_do_not_have)
{
    IUnknown *object;
    void *other;
    size_t i;

    for (i = 0; i < ARRAYSIZE(classes); i++)
    {
        object = create(classes[i].clsid, &IID_IUnknown);
        other = GARBAGE;
        assert_int_equal(IUnknown_QueryInterface(object, &IID_IDispatch, &other), E_NOINTERFACE);
        assert_null(other);
        assert_int_equal(IUnknown_QueryInterface(object, &IID_IUnknown, NULL), E_POINTER);
        assert_int_equal(IUnknown_Release(object), 0);

        other = GARBAGE;
        assert_int_equal(CoCreateInstance(classes[i].clsid, NULL, CLSCTX_INPROC_SERVER,
                                 &IID_IDispatch, &other),
                E_NOINTERFACE);
        assert_null(other);
    }
}

TEST(objects_refuse_aggregation)
{
    IUnknown *outer = create(&CLSID_NapSoHConstructor, &IID_IUnknown);
    void *object = GARBAGE;
    size_t i;

    for (i = 0; i < ARRAYSIZE(classes); i++)
    {
        assert_int_equal(CoCreateInstance(classes[i].clsid, outer, CLSCTX_INPROC_SERVER,
                                 &IID_IUnknown, &object),
                CLASS_E_NOAGGREGATION);
        assert_null(object);
    }
    IUnknown_Release(outer);
}

TEST(DllGetClassObject_knows_its_classes_only)
{
    IUnknown *factory = GARBAGE;
    size_t i;

    for (i = 0; i < ARRAYSIZE(classes); i++)
    {
        assert_int_equal(
                get_class_object(classes[i].clsid, &IID_IClassFactory, (void **)&factory), S_OK);
        IUnknown_Release(factory);
        assert_int_equal(get_class_object(classes[i].clsid, &IID_IDispatch, (void **)&factory),
                E_NOINTERFACE);
        assert_null(factory);
    }
    factory = GARBAGE;
    assert_int_equal(get_class_object(&IID_INapSoHConstructor, &IID_IUnknown, (void **)&factory),
            CLASS_E_CLASSNOTAVAILABLE);
    assert_null(factory);
    factory = GARBAGE;
    assert_int_equal(get_class_object(NULL, &IID_IUnknown, (void **)&factory), E_INVALIDARG);
    assert_null(factory);
    assert_int_equal(get_class_object(classes[0].clsid, NULL, (void **)&factory), E_INVALIDARG);
    assert_int_equal(get_class_object(classes[0].clsid, &IID_IUnknown, NULL), E_POINTER);
}

TEST(DllCanUnloadNow_waits_for_objects_and_locks)
{
    IClassFactory *factory;
    IUnknown *object;
    size_t i;

    assert_int_equal(can_unload_now(), S_OK);
    for (i = 0; i < ARRAYSIZE(classes); i++)
    {
        assert_int_equal(
                get_class_object(classes[i].clsid, &IID_IClassFactory, (void **)&factory), S_OK);
        assert_int_equal(can_unload_now(), S_FALSE);
        assert_int_equal(
                IClassFactory_CreateInstance(factory, NULL, &IID_IUnknown, (void **)&object), S_OK);
        assert_int_equal(IClassFactory_LockServer(factory, TRUE), S_OK);
        IClassFactory_Release(factory);
        assert_int_equal(can_unload_now(), S_FALSE);
        IUnknown_Release(object);
        assert_int_equal(can_unload_now(), S_FALSE);
        assert_int_equal(IClassFactory_LockServer(factory, FALSE), S_OK);
        assert_int_equal(can_unload_now(), S_OK);
    }
}

/* The free-threaded marshaler: another apartment gets the object itself, and
 * the class needs no proxy. */

struct visit
{
    IStream *stream;
    const IID *iid;
    void *seen;
    HRESULT hr;
};

static DWORD WINAPI visit_from_the_multithreaded_apartment(void *arg)
{
    struct visit *visit = arg;

    CoInitializeEx(NULL, COINIT_MULTITHREADED);
    visit->hr = CoGetInterfaceAndReleaseStream(visit->stream, visit->iid, &visit->seen);
    if (SUCCEEDED(visit->hr))
        IUnknown_Release((IUnknown *)visit->seen);
    CoUninitialize();
    return 0;
}

static DWORD WINAPI pass_objects_from_a_single_threaded_apartment(void *arg)
{
    int *passed = arg;
    IUnknown *object;
    struct visit visit;
    HANDLE thread;
    size_t i;

    CoInitializeEx(NULL, COINIT_APARTMENTTHREADED);
    for (i = 0; i < ARRAYSIZE(classes); i++)
    {
        if (FAILED(CoCreateInstance(classes[i].clsid, NULL, CLSCTX_INPROC_SERVER, classes[i].iid,
                    (void **)&object)))
            continue;
        visit.iid = classes[i].iid;
        visit.seen = NULL;
        if (SUCCEEDED(CoMarshalInterThreadInterfaceInStream(visit.iid, object, &visit.stream)))
        {
            thread = CreateThread(NULL, 0, visit_from_the_multithreaded_apartment, &visit, 0, NULL);
            WaitForSingleObject(thread, INFINITE);
            CloseHandle(thread);
            if (visit.hr == S_OK && visit.seen == object)
                ++*passed;
        }
        IUnknown_Release(object);
    }
    CoUninitialize();
    return 0;
}

TEST(objects_serve_every_apartment_directly)
{
    HANDLE thread;
    int passed = 0;

    thread = CreateThread(NULL, 0, pass_objects_from_a_single_threaded_apartment, &passed, 0, NULL);
    WaitForSingleObject(thread, INFINITE);
    CloseHandle(thread);
    assert_int_equal(passed, ARRAYSIZE(classes));
}

/* Free-threaded: one object, many threads. */

enum
{
    THREADS = 4,
    ROUNDS = 24,
    OBJECTS = 50
};

static HANDLE start; /* so that all threads begin at the same time */

static DWORD WINAPI append_from_a_thread(void *arg)
{
    INapSoHConstructor *constructor = arg;
    SoHAttributeValue value;
    DWORD failures = 0;
    SoH *soh;
    int i;

    memset(&value, 0, sizeof(value));
    WaitForSingleObject(start, INFINITE);
    for (i = 0; i < ROUNDS; i++)
    {
        if (INapSoHConstructor_AppendAttribute(constructor, sohAttributeTypeHealthClass, &value)
                != S_OK)
            failures++;
        if (INapSoHConstructor_GetSoH(constructor, &soh) != S_OK)
            failures++;
        else
            FreeSoH(soh);
    }
    return failures;
}

static DWORD WINAPI read_from_a_thread(void *arg)
{
    INapSoHProcessor *processor = arg;
    SoHAttributeValue *value;
    SoHAttributeType type;
    DWORD failures = 0;
    UINT16 i;

    WaitForSingleObject(start, INFINITE);
    for (i = 0; i < ROUNDS; i++)
    {
        if (INapSoHProcessor_GetAttribute(processor, i, &type, &value) != S_OK)
            failures++;
        else
            FreeSoHAttributeValue(type, value);
    }
    return failures;
}

static void run_threads(LPTHREAD_START_ROUTINE routine, void *object)
{
    HANDLE threads[THREADS];
    DWORD failures;
    int i;

    start = CreateEventW(NULL, TRUE, FALSE, NULL);
    for (i = 0; i < THREADS; i++)
        threads[i] = CreateThread(NULL, 0, routine, object, 0, NULL);
    SetEvent(start);
    for (i = 0; i < THREADS; i++)
    {
        WaitForSingleObject(threads[i], INFINITE);
        assert_true(GetExitCodeThread(threads[i], &failures));
        assert_int_equal(failures, 0);
        CloseHandle(threads[i]);
    }
    CloseHandle(start);
}

static void use_objects_from_many_threads(void)
{
    INapSoHConstructor *constructor;
    INapSoHProcessor *processor;
    SystemHealthEntityId id;
    SoH *soh;

    constructor = (void *)create(&CLSID_NapSoHConstructor, &IID_INapSoHConstructor);
    assert_int_equal(INapSoHConstructor_Initialize(constructor, 0x000137f0, TRUE), S_OK);
    run_threads(append_from_a_thread, constructor);
    assert_int_equal(INapSoHConstructor_GetSoH(constructor, &soh), S_OK);
    assert_int_equal(soh->count, 1 + THREADS * ROUNDS);

    processor = (void *)create(&CLSID_NapSoHProcessor, &IID_INapSoHProcessor);
    assert_int_equal(INapSoHProcessor_Initialize(processor, soh, TRUE, &id), S_OK);
    FreeSoH(soh);
    run_threads(read_from_a_thread, processor);
    assert_int_equal(INapSoHProcessor_Release(processor), 0);
    assert_int_equal(INapSoHConstructor_Release(constructor), 0);
}

TEST(objects_may_be_used_by_many_threads_at_once)
{
    int i;

    for (i = 0; i < OBJECTS; i++)
        use_objects_from_many_threads();
}

static void assert_registered(const struct class *class)
{
    WCHAR text[MAX_PATH], *name;
    HKEY class_key, key;
    DWORD size;

    assert_int_equal(RegOpenKeyExW(HKEY_LOCAL_MACHINE, class->key, 0, KEY_READ, &class_key), 0);
    assert_int_equal(RegOpenKeyExW(class_key, L"InprocServer32", 0, KEY_READ, &key), 0);
    size = sizeof(text);
    assert_int_equal(RegQueryValueExW(key, L"ThreadingModel", NULL, NULL, (BYTE *)text, &size), 0);
    assert_int_equal(wcscmp(text, L"Both"), 0);
    size = sizeof(text);
    assert_int_equal(RegQueryValueExW(key, NULL, NULL, NULL, (BYTE *)text, &size), 0);
    name = wcsrchr(text, L'\\');
    assert_int_equal(wcsicmp(name ? name + 1 : text, L"qutil.dll"), 0);
    RegCloseKey(key);
    RegCloseKey(class_key);
}

TEST(the_classes_are_registered_as_Both)
{
    size_t i;

    for (i = 0; i < ARRAYSIZE(classes); i++)
        assert_registered(&classes[i]);
}

TEST(DllUnregisterServer_leaves_nothing_behind)
{
    HKEY key;
    size_t i;

    assert_int_equal(unregister_server(), S_OK);
    for (i = 0; i < ARRAYSIZE(classes); i++)
        assert_int_equal(RegOpenKeyExW(HKEY_LOCAL_MACHINE, classes[i].key, 0, KEY_READ, &key),
                ERROR_FILE_NOT_FOUND);
    assert_int_equal(unregister_server(), S_OK); /* nothing to do is no error */

    assert_int_equal(register_server(), S_OK);
    assert_int_equal(register_server(), S_OK);
    the_classes_are_registered_as_Both();
    objects_are_created_by_CLSID();
}

/* Registers the classes again, whatever failed above. */
static int end(void)
{
    register_server();
    CoUninitialize();
    return 0;
}

TEST_MAIN(begin, end)
