/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * A small but complete enforcement client, as one was written for Windows 7. It
 * uses Microsoft's public headers and nothing else.
 *
 *   enforcement-client register ID NAME
 *       registers an enforcement client with the NAP system
 *   enforcement-client unregister ID
 *   enforcement-client exchange ID REQUEST RESPONSE
 *       one exchange: writes the SoH request to the file REQUEST, waits until a
 *       server has written the file RESPONSE, reads it, has it processed, prints
 *       the connection's isolation state, and keeps the connection up until a
 *       line is entered on standard input
 *   enforcement-client connect ID REQUEST RESPONSE
 *       the same, and another exchange whenever the machine's health changes
 *
 * Each step is printed with its HRESULT. The exit code is 0 if all succeeded.
 */
#ifndef COBJMACROS
#define COBJMACROS
#endif
#define INITGUID
#include <windows.h>
#include <naptypes.h>
#include <napenforcementclient.h>
#include <napmanagement.h>
#include <stdio.h>
#include <stdlib.h>
#include <wchar.h>

/* The values of uuid.lib; mingw-w64 only declares them. */
DEFINE_GUID(CLSID_NapEnforcementClientBinding_, 0x9443b89b, 0x6564, 0x496a, 0xb1, 0x9c, 0x6c, 0x6d,
        0x22, 0x70, 0x90, 0x45);
DEFINE_GUID(CLSID_NapClientManagement_, 0xeb082ba1, 0xdf8a, 0x46be, 0x82, 0xf3, 0x35, 0xbf, 0x9e,
        0x9b, 0xe5, 0x2f);

#define RESPONSE_TIMEOUT 60000 /* ms to wait for the server */

static HRESULT step(const char *what, HRESULT hr)
{
    printf("%-28s 0x%08lX%s\n", what, (unsigned long)hr, FAILED(hr) ? "  failed" : "");
    fflush(stdout);
    return hr;
}

/* ---- the callback ---- */

struct client
{
    INapEnforcementClientCallback INapEnforcementClientCallback_iface;
    LONG refs;
    INapEnforcementClientBinding *binding;
    INapEnforcementClientConnection *connection; /* NULL: none is up */
    HANDLE changed; /* NotifySoHChange sets it; NULL: changes are not followed */
};

static struct client *impl_from_callback(INapEnforcementClientCallback *iface)
{
    return CONTAINING_RECORD(iface, struct client, INapEnforcementClientCallback_iface);
}

static HRESULT WINAPI callback_QueryInterface(
        INapEnforcementClientCallback *iface, REFIID riid, void **object)
{
    if (!IsEqualIID(riid, &IID_IUnknown) && !IsEqualIID(riid, &IID_INapEnforcementClientCallback))
    {
        *object = NULL;
        return E_NOINTERFACE;
    }
    *object = iface;
    INapEnforcementClientCallback_AddRef(iface);
    return S_OK;
}

static ULONG WINAPI callback_AddRef(INapEnforcementClientCallback *iface)
{
    return InterlockedIncrement(&impl_from_callback(iface)->refs);
}

static ULONG WINAPI callback_Release(INapEnforcementClientCallback *iface)
{
    return InterlockedDecrement(&impl_from_callback(iface)->refs); /* lives in main() */
}

static HRESULT WINAPI callback_NotifySoHChange(INapEnforcementClientCallback *iface)
{
    struct client *client = impl_from_callback(iface);
    BOOL retrigger = FALSE;

    if (!client->connection)
        return S_OK;
    if (client->changed)
    {
        /* A server may take long, so the main thread makes the exchange. */
        SetEvent(client->changed);
        return step("> NotifySoHChange", S_OK);
    }
    return step("> NotifySoHChange, GetSoHRequest",
            INapEnforcementClientBinding_GetSoHRequest(
                    client->binding, client->connection, &retrigger));
}

static HRESULT WINAPI callback_GetConnections(
        INapEnforcementClientCallback *iface, Connections **out)
{
    struct client *client = impl_from_callback(iface);
    Connections *connections = CoTaskMemAlloc(sizeof(*connections));

    *out = NULL;
    if (!connections)
        return E_OUTOFMEMORY;
    connections->count = 0;
    connections->connections = NULL;
    if (client->connection)
    {
        connections->connections = CoTaskMemAlloc(sizeof(*connections->connections));
        if (!connections->connections)
        {
            CoTaskMemFree(connections);
            return E_OUTOFMEMORY;
        }
        connections->count = 1;
        connections->connections[0] = client->connection;
        INapEnforcementClientConnection_AddRef(client->connection);
    }
    *out = connections;
    return S_OK;
}

static INapEnforcementClientCallbackVtbl callback_vtbl = {
        callback_QueryInterface,
        callback_AddRef,
        callback_Release,
        callback_NotifySoHChange,
        callback_GetConnections,
};

/* ---- registration ---- */

static CountedString counted(WCHAR *text)
{
    CountedString string = {(UINT16)wcslen(text), text};

    return string;
}

static int register_client(EnforcementEntityId id, WCHAR *name)
{
    WCHAR description[] = L"The enforcement client of wine-nap's demo", version[] = L"1.0",
          vendor[] = L"The wine-nap authors";
    NapComponentRegistrationInfo info = {
            .id = id,
            .friendlyName = counted(name),
            .description = counted(description),
            .version = counted(version),
            .vendorName = counted(vendor),
            .componentType = ComponentTypeEnforcementClientSoH,
    };
    INapClientManagement *management;
    HRESULT hr;

    hr = step("CoCreateInstance(management)",
            CoCreateInstance(&CLSID_NapClientManagement_, NULL, CLSCTX_INPROC_SERVER,
                    &IID_INapClientManagement, (void **)&management));
    if (FAILED(hr))
        return 1;
    hr = step("RegisterEnforcementClient",
            INapClientManagement_RegisterEnforcementClient(management, &info));
    INapClientManagement_Release(management);
    return FAILED(hr);
}

static int unregister_client(EnforcementEntityId id)
{
    INapClientManagement *management;
    HRESULT hr;

    hr = step("CoCreateInstance(management)",
            CoCreateInstance(&CLSID_NapClientManagement_, NULL, CLSCTX_INPROC_SERVER,
                    &IID_INapClientManagement, (void **)&management));
    if (FAILED(hr))
        return 1;
    hr = step("UnregisterEnforcementClient",
            INapClientManagement_UnregisterEnforcementClient(management, id));
    INapClientManagement_Release(management);
    return FAILED(hr);
}

/* ---- the exchange ---- */

/* Writes a temporary file and renames it, so that a reader never sees half of it. */
static BOOL write_file(const WCHAR *name, const void *bytes, size_t size)
{
    WCHAR part[MAX_PATH];
    FILE *file;
    BOOL done;

    swprintf(part, MAX_PATH, L"%ls.part", name);
    if (!(file = _wfopen(part, L"wb")))
        return FALSE;
    done = fwrite(bytes, 1, size, file) == size;
    if (fclose(file))
        done = FALSE;
    return done && MoveFileExW(part, name, MOVEFILE_REPLACE_EXISTING);
}

/* Waits for the file. Returns its *size bytes, which the caller frees. */
static BYTE *wait_for_file(const WCHAR *name, size_t *size)
{
    BYTE *bytes = malloc(0x10000);
    DWORD waited;
    FILE *file = NULL;

    for (waited = 0; bytes && waited < RESPONSE_TIMEOUT; waited += 50)
    {
        if ((file = _wfopen(name, L"rb")))
            break;
        Sleep(50);
    }
    if (!file)
    {
        free(bytes);
        return NULL;
    }
    *size = fread(bytes, 1, 0x10000, file);
    fclose(file);
    return bytes;
}

/* *changed: the server has not received the same request already. */
static HRESULT send_request(struct client *client, const WCHAR *file, BOOL *changed)
{
    NetworkSoHRequest *request = NULL;
    StringCorrelationId *correlation = NULL;
    HRESULT hr;

    *changed = FALSE;
    hr = step("GetSoHRequest", INapEnforcementClientBinding_GetSoHRequest(
                                       client->binding, client->connection, changed));
    if (FAILED(hr) || !*changed)
        return hr;
    hr = INapEnforcementClientConnection_GetStringCorrelationId(client->connection, &correlation);
    if (SUCCEEDED(hr))
    {
        printf("  correlation id             %ls\n", correlation->string);
        CoTaskMemFree(correlation->string);
        CoTaskMemFree(correlation);
        hr = INapEnforcementClientConnection_GetSoHRequest(client->connection, &request);
    }
    if (FAILED(hr))
        return step("reading the request", hr);
    printf("  request                    %u bytes\n", request->size);
    if (!write_file(file, request->data, request->size))
        hr = step("writing the request", HRESULT_FROM_WIN32(GetLastError()));
    CoTaskMemFree(request->data);
    CoTaskMemFree(request);
    return hr;
}

static HRESULT take_response(struct client *client, const WCHAR *file)
{
    NetworkSoHResponse response;
    size_t size;
    BYTE *bytes;
    HRESULT hr;

    if (!(bytes = wait_for_file(file, &size)) || size > maxProtocolMaxSize)
    {
        free(bytes);
        return step("waiting for the response", HRESULT_FROM_WIN32(ERROR_TIMEOUT));
    }
    DeleteFileW(file);
    response.size = (UINT16)size;
    response.data = bytes;
    hr = step("SetSoHResponse",
            INapEnforcementClientConnection_SetSoHResponse(client->connection, &response));
    free(bytes);
    if (FAILED(hr))
        return hr;
    return step("ProcessSoHResponse",
            INapEnforcementClientBinding_ProcessSoHResponse(client->binding, client->connection));
}

static HRESULT print_isolation(INapEnforcementClientConnection *connection)
{
    static const char *const names[] = {"?", "not restricted", "in probation", "restricted access"};
    IsolationInfo *info = NULL;
    SYSTEMTIME end;
    HRESULT hr = step("GetIsolationInfo",
            INapEnforcementClientConnection_GetIsolationInfo(connection, &info));

    if (FAILED(hr))
        return hr;
    printf("  isolation state            %s\n",
            info->isolationState <= isolationStateRestrictedAccess ? names[info->isolationState]
                                                                   : "?");
    if (info->isolationState == isolationStateInProbation
            && FileTimeToSystemTime(&info->probEndTime, &end))
        printf("  probation ends             %04u-%02u-%02u %02u:%02u:%02u UTC\n", end.wYear,
                end.wMonth, end.wDay, end.wHour, end.wMinute, end.wSecond);
    if (info->failureUrl.length)
        printf("  remediation URL            %ls\n", info->failureUrl.string);
    fflush(stdout);
    CoTaskMemFree(info->failureUrl.string);
    CoTaskMemFree(info);
    return S_OK;
}

/* One request and its response. */
static HRESULT ask_server(struct client *client, const WCHAR *request, const WCHAR *response)
{
    BOOL changed;
    HRESULT hr = send_request(client, request, &changed);

    if (FAILED(hr))
        return hr;
    if (!changed)
    {
        printf("The server has this already.\n");
        fflush(stdout);
        return S_OK;
    }
    hr = take_response(client, response);
    if (SUCCEEDED(hr))
        hr = print_isolation(client->connection);
    return hr;
}

static DWORD WINAPI wait_for_enter(void *ended)
{
    char line[16];

    if (!fgets(line, sizeof(line), stdin))
        line[0] = 0;
    SetEvent(ended);
    return 0;
}

/* Keeps the connection up until a line or the end of standard input. */
static HRESULT stay_up(struct client *client, const WCHAR *request, const WCHAR *response)
{
    HANDLE events[2] = {CreateEventW(NULL, TRUE, FALSE, NULL), client->changed}, reader;
    DWORD count = client->changed ? 2 : 1;
    HRESULT hr = S_OK;

    printf("The connection is up; Enter takes it down.\n");
    fflush(stdout);
    reader = CreateThread(NULL, 0, wait_for_enter, events[0], 0, NULL);
    while (SUCCEEDED(hr)
            && WaitForMultipleObjects(count, events, FALSE, INFINITE) == WAIT_OBJECT_0 + 1)
        hr = ask_server(client, request, response);
    CloseHandle(reader);
    return hr; /* the event stays open: the thread may still read */
}

/* Everything between Initialize and Uninitialize. */
static HRESULT run_exchange(struct client *client, const WCHAR *request, const WCHAR *response)
{
    ConnectionId id;
    HRESULT hr;

    hr = step("CreateConnection",
            INapEnforcementClientBinding_CreateConnection(client->binding, &client->connection));
    if (FAILED(hr))
        return hr;
    CoCreateGuid(&id);
    hr = step("SetConnectionId",
            INapEnforcementClientConnection_SetConnectionId(client->connection, &id));
    if (SUCCEEDED(hr))
        hr = ask_server(client, request, response);
    if (SUCCEEDED(hr))
        hr = stay_up(client, request, response);
    step("NotifyConnectionStateDown", INapEnforcementClientBinding_NotifyConnectionStateDown(
                                              client->binding, client->connection));
    INapEnforcementClientConnection_Release(client->connection);
    client->connection = NULL;
    return hr;
}

static int exchange(
        EnforcementEntityId id, const WCHAR *request, const WCHAR *response, BOOL follow)
{
    struct client client = {{&callback_vtbl}, 1, NULL, NULL, NULL};
    HRESULT hr, ended;

    if (follow)
        client.changed = CreateEventW(NULL, FALSE, FALSE, NULL);

    hr = step("CoCreateInstance(binding)",
            CoCreateInstance(&CLSID_NapEnforcementClientBinding_, NULL, CLSCTX_INPROC_SERVER,
                    &IID_INapEnforcementClientBinding, (void **)&client.binding));
    if (FAILED(hr))
        return 1;
    hr = step("Initialize", INapEnforcementClientBinding_Initialize(client.binding, id,
                                    &client.INapEnforcementClientCallback_iface));
    if (SUCCEEDED(hr))
    {
        hr = run_exchange(&client, request, response);
        ended = step("Uninitialize", INapEnforcementClientBinding_Uninitialize(client.binding));
        if (SUCCEEDED(hr))
            hr = ended;
    }
    INapEnforcementClientBinding_Release(client.binding);
    return FAILED(hr);
}

int wmain(int argc, WCHAR **argv)
{
    int code = 2;

    if (FAILED(CoInitializeEx(NULL, COINIT_MULTITHREADED)))
        return 1;
    if (argc == 4 && !wcscmp(argv[1], L"register"))
        code = register_client(wcstoul(argv[2], NULL, 0), argv[3]);
    else if (argc == 3 && !wcscmp(argv[1], L"unregister"))
        code = unregister_client(wcstoul(argv[2], NULL, 0));
    else if (argc == 5 && !wcscmp(argv[1], L"exchange"))
        code = exchange(wcstoul(argv[2], NULL, 0), argv[3], argv[4], FALSE);
    else if (argc == 5 && !wcscmp(argv[1], L"connect"))
        code = exchange(wcstoul(argv[2], NULL, 0), argv[3], argv[4], TRUE);
    else
        fprintf(stderr, "usage: enforcement-client register ID NAME | unregister ID | exchange "
                        "ID REQUEST RESPONSE |\n    connect ID REQUEST RESPONSE\n");
    CoUninitialize();
    return code;
}
