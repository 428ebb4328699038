/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * NAP interfaces between processes, through the registered proxies and stubs: each structure type
 * arrives unchanged, from a process of the same bitness and of the other. This program is both
 * sides: without arguments it holds the objects, with arguments it is the other process.
 */

#include "foreign.h"

#include <stdio.h>

#include "process.h"

#define CLIENT_ID 0x00abcd10u

/* ---- the other process: returns 0, or the line of the failed check ---- */

#define CHECK(condition)                                                                           \
    do                                                                                             \
    {                                                                                              \
        if (!(condition))                                                                          \
            return __LINE__;                                                                       \
    } while (0)

static BYTE bytes[0xffff];

static int use_packets(INapEnforcementClientConnection2 *connection)
{
    static const UINT16 sizes[] = {1, 12, 4000, 0xffff};
    NetworkSoH *got = GARBAGE;
    size_t i;

    for (i = 0; i < ARRAYSIZE(sizes); i++)
    {
        NetworkSoH given = {sizes[i], bytes};

        CHECK(INapEnforcementClientConnection2_SetSoHRequest(connection, &given) == S_OK);
        CHECK(INapEnforcementClientConnection2_GetSoHRequest(connection, &got) == S_OK);
        CHECK(got->size == sizes[i] && !memcmp(got->data, bytes, sizes[i]));
        free_soh(got);
        CHECK(INapEnforcementClientConnection2_SetSoHResponse(connection, &given) == S_OK);
        CHECK(INapEnforcementClientConnection2_GetSoHResponse(connection, &got) == S_OK);
        CHECK(got->size == sizes[i] && !memcmp(got->data, bytes, sizes[i]));
        free_soh(got);
    }
    CHECK(INapEnforcementClientConnection2_SetSoHRequest(connection, NULL) == E_INVALIDARG);
    return 0;
}

static int use_private_data(INapEnforcementClientConnection2 *connection)
{
    PrivateData given = {200, bytes}, more = {201, bytes}, empty = {0, NULL}, *got = GARBAGE;

    CHECK(INapEnforcementClientConnection2_SetPrivateData(connection, &given) == S_OK);
    CHECK(INapEnforcementClientConnection2_SetPrivateData(connection, &more) == E_INVALIDARG);
    CHECK(INapEnforcementClientConnection2_GetPrivateData(connection, &got) == S_OK);
    CHECK(got->size == 200 && !memcmp(got->data, bytes, 200));
    free_data(got);
    CHECK(INapEnforcementClientConnection2_SetPrivateData(connection, &empty) == S_OK);
    CHECK(INapEnforcementClientConnection2_GetPrivateData(connection, &got) == S_OK);
    CHECK(got->size == 0);
    free_data(got);
    CHECK(INapEnforcementClientConnection2_SetEnforcerPrivateData(connection, &given) == S_OK);
    CHECK(INapEnforcementClientConnection2_GetEnforcerPrivateData(connection, &got) == S_OK);
    CHECK(got->size == 200 && !memcmp(got->data, bytes, 200));
    free_data(got);
    return 0;
}

static int use_identities(INapEnforcementClientConnection2 *connection)
{
    CorrelationId correlation = {IID_IStream, {0x12345678, 0x01cb3f7f}}, got;
    StringCorrelationId *string = GARBAGE;
    ProtocolMaxSize size = 0;
    ConnectionId *id = GARBAGE;
    UINT8 flags = 7;

    CHECK(INapEnforcementClientConnection2_SetConnectionId(connection, &IID_IStream) == S_OK);
    CHECK(INapEnforcementClientConnection2_GetConnectionId(connection, &id) == S_OK);
    CHECK(IsEqualGUID(id, &IID_IStream));
    CoTaskMemFree(id);
    CHECK(INapEnforcementClientConnection2_SetCorrelationId(connection, correlation) == S_OK);
    CHECK(INapEnforcementClientConnection2_GetCorrelationId(connection, &got) == S_OK);
    CHECK(!memcmp(&got, &correlation, sizeof(got)));
    CHECK(INapEnforcementClientConnection2_GetStringCorrelationId(connection, &string) == S_OK);
    CHECK(string->length == 65);
    CHECK(!memcmp(string->string, L"{0000000C-0000-0000-C000-000000000046}", 76));
    CoTaskMemFree(string->string);
    CoTaskMemFree(string);
    CHECK(INapEnforcementClientConnection2_SetMaxSize(connection, 777) == S_OK);
    CHECK(INapEnforcementClientConnection2_SetMaxSize(connection, 77) == E_INVALIDARG);
    CHECK(INapEnforcementClientConnection2_GetMaxSize(connection, &size) == S_OK && size == 777);
    CHECK(INapEnforcementClientConnection2_SetFlags(connection, freshSoHRequest) == S_OK);
    CHECK(INapEnforcementClientConnection2_GetFlags(connection, &flags) == S_OK && flags == 1);
    CHECK(INapEnforcementClientConnection2_Initialize(connection, ENFORCER_ID) == S_OK);
    return 0;
}

static int use_isolation(INapEnforcementClientConnection2 *connection)
{
    WCHAR url[] = L"http://fix/";
    IsolationInfoEx given = {isolationStateInProbation, extendedIsolationStateInfected,
                            {0x12345678, 0x01cb3f7f}, {11, url}},
                    *got = GARBAGE;
    IsolationInfo plain = {isolationStateRestrictedAccess, {1, 2}, {11, url}}, *got_plain = GARBAGE;
    SystemHealthEntityId ids[20], *got_ids = GARBAGE;
    SystemHealthEntityCount count = 777;
    int i;

    CHECK(INapEnforcementClientConnection2_SetIsolationInfoEx(connection, &given) == S_OK);
    CHECK(INapEnforcementClientConnection2_GetIsolationInfoEx(connection, &got) == S_OK);
    CHECK(got->isolationState == isolationStateInProbation);
    CHECK(got->extendedIsolationState == extendedIsolationStateInfected);
    CHECK(got->probEndTime.dwHighDateTime == 0x01cb3f7f);
    CHECK(got->failureUrl.length == 11 && !memcmp(got->failureUrl.string, url, 22));
    free_isolation_ex(got);
    CHECK(INapEnforcementClientConnection2_SetIsolationInfo(connection, &plain) == S_OK);
    CHECK(INapEnforcementClientConnection2_GetIsolationInfo(connection, &got_plain) == S_OK);
    CHECK(got_plain->isolationState == isolationStateRestrictedAccess);
    CHECK(got_plain->probEndTime.dwLowDateTime == 1);
    CHECK(got_plain->failureUrl.length == 11 && !memcmp(got_plain->failureUrl.string, url, 22));
    free_isolation(got_plain);
    for (i = 0; i < 20; i++)
        ids[i] = 0x00abc000 + i;
    CHECK(INapEnforcementClientConnection2_GetInstalledShvs(connection, &count, &got_ids) == S_OK);
    CHECK(count == 0 && !got_ids);
    CHECK(INapEnforcementClientConnection2_SetInstalledShvs(connection, 20, ids) == S_OK);
    CHECK(INapEnforcementClientConnection2_GetInstalledShvs(connection, &count, &got_ids) == S_OK);
    CHECK(count == 20 && !memcmp(got_ids, ids, sizeof(ids)));
    CoTaskMemFree(got_ids);
    return 0;
}

static int use_connection(IUnknown *object)
{
    INapEnforcementClientConnection2 *connection = (void *)object;
    int line;

    if ((line = use_packets(connection)) || (line = use_private_data(connection))
            || (line = use_identities(connection)))
        return line;
    return use_isolation(connection);
}

/* Four connections, of the maximum sizes 300 to 303. */
static int use_callback(IUnknown *object)
{
    INapEnforcementClientCallback *client = (void *)object;
    Connections *connections = NULL;
    ProtocolMaxSize size = 0;
    UINT16 i;

    CHECK(INapEnforcementClientCallback_NotifySoHChange(client) == S_OK);
    CHECK(INapEnforcementClientCallback_GetConnections(client, &connections) == S_OK);
    CHECK(connections->count == 4);
    for (i = 0; i < 4; i++)
    {
        CHECK(INapEnforcementClientConnection_GetMaxSize(connections->connections[i], &size)
                == S_OK);
        CHECK(size == 300u + i);
        INapEnforcementClientConnection_Release(connections->connections[i]);
    }
    CoTaskMemFree(connections->connections);
    CoTaskMemFree(connections);
    return 0;
}

static int use_empty_callback(IUnknown *object)
{
    INapEnforcementClientCallback *client = (void *)object;
    Connections *connections = NULL;

    CHECK(INapEnforcementClientCallback_NotifySoHChange(client) == E_FAIL);
    CHECK(INapEnforcementClientCallback_GetConnections(client, &connections) == S_OK);
    CHECK(connections->count == 0 && !connections->connections);
    CoTaskMemFree(connections);
    return 0;
}

static int use_binding(IUnknown *object)
{
    INapEnforcementClientBinding *proxy = (void *)object;
    INapEnforcementClientConnection *connection = GARBAGE;
    struct response response;
    NetworkSoHRequest *request = GARBAGE;
    NetworkSoHResponse soh = {0, bytes};
    IsolationInfo *info = GARBAGE;
    BOOL hint = 7;

    CHECK(INapEnforcementClientBinding_CreateConnection(proxy, &connection) == S_OK);
    CHECK(INapEnforcementClientBinding_GetSoHRequest(proxy, connection, &hint) == S_OK);
    CHECK(hint == TRUE);
    CHECK(INapEnforcementClientConnection_GetSoHRequest(connection, &request) == S_OK);
    CHECK(response_to(request, &response));
    free_soh(request);
    response.state = isolationStateRestrictedAccess;
    soh.size = (UINT16)response_write(&response, bytes);
    CHECK(INapEnforcementClientConnection_SetSoHResponse(connection, &soh) == S_OK);
    CHECK(INapEnforcementClientBinding_ProcessSoHResponse(proxy, connection) == S_OK);
    CHECK(INapEnforcementClientBinding_ProcessSoHResponse(proxy, connection)
            == NAP_E_MISMATCHED_ID);
    CHECK(INapEnforcementClientConnection_GetIsolationInfo(connection, &info) == S_OK);
    CHECK(info->isolationState == isolationStateRestrictedAccess);
    free_isolation(info);
    CHECK(INapEnforcementClientBinding_NotifyConnectionStateDown(proxy, connection) == S_OK);
    INapEnforcementClientConnection_Release(connection);
    return 0;
}

static int use_management(IUnknown *object)
{
    WCHAR text[] = L"Marshalled";
    NapComponentRegistrationInfo given = {.id = CLIENT_ID,
                                         .friendlyName = {10, text},
                                         .description = {10, text},
                                         .infoClsid = IID_IStream,
                                         .componentType = ComponentTypeEnforcementClientSoH},
                                 *infos = GARBAGE;
    CountedString *name = GARBAGE, *description = GARBAGE, *version = GARBAGE;
    INapClientManagement2 *management = (void *)object;
    IsolationInfoEx *info = GARBAGE;
    BOOL enabled = 7, unknown = 7;
    UINT16 count = 777, i;

    CHECK(INapClientManagement2_GetNapClientInfo(
                  management, &enabled, &name, &description, &version)
            == S_OK);
    CHECK(enabled == TRUE && version->length == 3);
    CoTaskMemFree(name->string);
    CoTaskMemFree(name);
    CoTaskMemFree(description->string);
    CoTaskMemFree(description);
    CoTaskMemFree(version->string);
    CoTaskMemFree(version);
    CHECK(INapClientManagement2_GetSystemIsolationInfoEx(management, &info, &unknown) == S_OK);
    CHECK(info->isolationState == isolationStateNotRestricted);
    free_isolation_ex(info);
    CHECK(INapClientManagement2_RegisterEnforcementClient(management, &given) == S_OK);
    CHECK(INapClientManagement2_GetRegisteredEnforcementClients(management, &count, &infos)
            == S_OK);
    for (i = 0; i < count && infos[i].id != CLIENT_ID; i++)
        ;
    CHECK(i < count);
    CHECK(infos[i].friendlyName.length == 10 && !memcmp(infos[i].friendlyName.string, text, 20));
    CHECK(IsEqualGUID(&infos[i].infoClsid, &IID_IStream));
    free_registrations(infos, count);
    CHECK(INapClientManagement2_UnregisterEnforcementClient(management, CLIENT_ID) == S_OK);
    return 0;
}

static const struct use
{
    const char *name;
    const IID *iid;
    int (*use)(IUnknown *object);
} uses[] = {
        {"connection", &IID_INapEnforcementClientConnection2, use_connection},
        {"callback", &IID_INapEnforcementClientCallback, use_callback},
        {"empty", &IID_INapEnforcementClientCallback, use_empty_callback},
        {"binding", &IID_INapEnforcementClientBinding, use_binding},
        {"management", &IID_INapClientManagement2, use_management},
};

/* Unmarshals the objects in the file and uses them. */
static int be_the_other_process(const char *name, const char *file)
{
    BYTE packet[1024];
    FILE *from = fopen(file, "rb");
    IUnknown *object = NULL;
    IStream *stream;
    size_t size, i;
    int line;

    for (i = 0; i < sizeof(bytes); i++)
        bytes[i] = (BYTE)(i * 7 + i / 256);
    CHECK(from && (size = fread(packet, 1, sizeof(packet), from)));
    fclose(from);
    CHECK(SUCCEEDED(CoInitializeEx(NULL, COINIT_MULTITHREADED)));
    CHECK(CreateStreamOnHGlobal(NULL, TRUE, &stream) == S_OK);
    CHECK(IStream_Write(stream, packet, (ULONG)size, NULL) == S_OK);
    CHECK(IStream_Seek(stream, (LARGE_INTEGER){.QuadPart = 0}, STREAM_SEEK_SET, NULL) == S_OK);
    for (i = 0; i < ARRAYSIZE(uses); i++)
        if (!strcmp(uses[i].name, name))
        {
            CHECK(CoUnmarshalInterface(stream, uses[i].iid, (void **)&object) == S_OK);
            line = uses[i].use(object);
            IUnknown_Release(object);
            IStream_Release(stream);
            CoUninitialize();
            return line;
        }
    return __LINE__;
}

/* ---- this process: it holds the objects ---- */

static void write_marshalled(const IID *iid, void *object, const char *file)
{
    BYTE packet[1024];
    IStream *stream;
    ULONG size = 0;
    FILE *to;

    assert_int_equal(CreateStreamOnHGlobal(NULL, TRUE, &stream), S_OK);
    assert_int_equal(
            CoMarshalInterface(stream, iid, object, MSHCTX_LOCAL, NULL, MSHLFLAGS_NORMAL), S_OK);
    IStream_Seek(stream, (LARGE_INTEGER){.QuadPart = 0}, STREAM_SEEK_SET, NULL);
    assert_true(SUCCEEDED(IStream_Read(stream, packet, sizeof(packet), &size)));
    IStream_Release(stream);
    assert_non_null(to = fopen(file, "wb"));
    assert_int_equal(fwrite(packet, 1, size, to), size);
    fclose(to);
}

/* This program's path, or the path of its build of the other bitness. */
static bool find_program(bool other_size, WCHAR *path)
{
    WCHAR *folder;

    GetModuleFileNameW(NULL, path, MAX_PATH);
    if (!other_size)
        return true;
    if (!other_size_runs())
        return false;
    if (!(folder = wcsstr(path, sizeof(void *) == 8 ? L"\\win64\\" : L"\\win32\\")))
        return false;
    memcpy(folder, sizeof(void *) == 8 ? L"\\win32" : L"\\win64", 6 * sizeof(WCHAR));
    return GetFileAttributesW(path) != INVALID_FILE_ATTRIBUTES;
}

static void let_it_be_used(const struct use *use, void *object, bool other_size)
{
    STARTUPINFOW startup = {.cb = sizeof(startup)};
    WCHAR program[MAX_PATH], line[2 * MAX_PATH];
    char directory[MAX_PATH - 16], file[MAX_PATH];
    PROCESS_INFORMATION process;
    DWORD code = 0;

    if (!find_program(other_size, program))
        return; /* only one bitness is built, or runs here */
    GetTempPathA(sizeof(directory), directory);
    GetTempFileNameA(directory, "nap", 0, file);
    write_marshalled(use->iid, object, file);
    swprintf(line, ARRAYSIZE(line), L"\"%ls\" %hs \"%hs\"", program, use->name, file);
    assert_true(start_process(line, FALSE, &startup, &process));
    CloseHandle(process.hThread);
    assert_int_equal(WaitForSingleObject(process.hProcess, 20000), WAIT_OBJECT_0);
    GetExitCodeProcess(process.hProcess, &code);
    CloseHandle(process.hProcess);
    DeleteFileA(file);
    if (code)
        fail_msg("%s, used from the %s word size: the check in line %lu failed", use->name,
                other_size ? "other" : "same", code);
}

static void use_from_both_word_sizes(int which, void *object)
{
    let_it_be_used(&uses[which], object, false);
    let_it_be_used(&uses[which], object, true);
}

BOUND_TEST(a_connection_is_used_by_another_process)
{
    int other_size;

    for (other_size = 0; other_size < 2; other_size++)
    {
        INapEnforcementClientConnection *connection = connection_create();

        let_it_be_used(&uses[0], connection, other_size != 0);
        connection_release(connection);
    }
}

BOUND_TEST(connections_of_the_clients_own_reach_another_process)
{
    static struct foreign foreign[4];
    int i;

    for (i = 0; i < 4; i++)
    {
        foreign_init(&foreign[i]);
        foreign[i].max_size = 300 + i;
        enforcer.connections[i] = &foreign[i].INapEnforcementClientConnection_iface;
    }
    enforcer.connection_count = 4;
    use_from_both_word_sizes(1, callback);
}

BOUND_TEST(connections_that_the_agent_made_reach_another_process)
{
    int i;

    for (i = 0; i < 4; i++)
    {
        enforcer.connections[i] = connection_create();
        assert_int_equal(
                INapEnforcementClientConnection_SetMaxSize(enforcer.connections[i], 300 + i), S_OK);
    }
    enforcer.connection_count = 4;
    use_from_both_word_sizes(1, callback);
    for (i = 0; i < 4; i++)
        connection_release(enforcer.connections[i]);
    enforcer.connection_count = 0;
}

/* Reads several objects from one stream. */
BOUND_TEST(several_connections_go_through_one_stream)
{
    static const LARGE_INTEGER start;
    INapEnforcementClientConnection *connections[3], *got;
    ProtocolMaxSize size = 0;
    IStream *stream;
    int i;

    assert_int_equal(CreateStreamOnHGlobal(NULL, TRUE, &stream), S_OK);
    for (i = 0; i < 3; i++)
    {
        connections[i] = connection_create();
        INapEnforcementClientConnection_SetMaxSize(connections[i], 300 + i);
        assert_int_equal(CoMarshalInterface(stream, &IID_INapEnforcementClientConnection,
                                 (IUnknown *)connections[i], MSHCTX_LOCAL, NULL, MSHLFLAGS_NORMAL),
                S_OK);
    }
    IStream_Seek(stream, start, STREAM_SEEK_SET, NULL);
    for (i = 0; i < 3; i++)
    {
        assert_int_equal(
                CoUnmarshalInterface(stream, &IID_INapEnforcementClientConnection, (void **)&got),
                S_OK);
        assert_int_equal(INapEnforcementClientConnection_GetMaxSize(got, &size), S_OK);
        assert_int_equal(size, 300 + i);
        INapEnforcementClientConnection_Release(got);
        connection_release(connections[i]);
    }
    IStream_Release(stream);
}

BOUND_TEST(failures_of_a_callback_reach_another_process)
{
    enforcer.connection_count = 0;
    enforcer.notify_result = E_FAIL;
    use_from_both_word_sizes(2, callback);
}

BOUND_TEST(a_binding_is_used_by_another_process)
{
    use_from_both_word_sizes(3, binding);
}

ENFORCER_TEST(client_management_is_used_by_another_process)
{
    INapClientManagement2 *management = management_create();

    assert_non_null(management);
    use_from_both_word_sizes(4, management);
    assert_int_equal(INapClientManagement2_Release(management), 0);
}

int main(int argc, char **argv)
{
    if (argc == 3)
        return be_the_other_process(argv[1], argv[2]);
    return test_main(enforcer_tests_begin, enforcer_tests_end);
}
