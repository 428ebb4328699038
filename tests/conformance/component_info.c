/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * What components say about themselves, as napctl shows it: the pages inapcomponentinfo-* and
 * inapcomponentconfig-*. The classes are odd_information.dll, each in a naphost of its own, and
 * this process as a local server. Also what happens if such a class fails, hangs or crashes.
 */

#include "sha.h"

#include <napcommon.h>
#include <napservermanagement.h>
#include <stdio.h>
#include <string.h>
#include <wchar.h>

#include "odd_information.h"
#include "process.h"
#include "servers.h"

/* The health agent of a class of odd_information.dll; the enforcement clients of the others */
#define ID(odd) (0x00abce40u + ODD_##odd)
#define CLIENT_ID(class) (0x00abce60u + class)
#define NO_CLASS L"{3E7A51C4-9D20-4B8F-A6E1-70C2D9F4B5FF}"    /* is not registered */
#define NO_SERVER L"{3E7A51C4-9D20-4B8F-A6E1-70C2D9F4B5FE}"   /* its DLL is no COM server */
#define NO_DLL L"{3E7A51C4-9D20-4B8F-A6E1-70C2D9F4B5FD}"      /* there is no such file */
#define LOCAL_CLASS L"{3E7A51C4-9D20-4B8F-A6E1-70C2D9F4B5FC}" /* lives in this process */
#define EXAMPLE L"{5C1D8B20-7A4F-4E6B-9A30-51D2C6E4F7B1}"     /* examples/health-agent */
#define OTHER_SIZE L"{3E7A51C4-9D20-4B8F-A6E1-70C2D9F4B5FB}"  /* a 32-bit DLL */

enum
{
    CLIENT_NO_CLASS,
    CLIENT_NO_SERVER,
    CLIENT_NO_DLL,
    CLIENT_LOCAL,
    CLIENT_OTHER_SIZE,
    CLIENT_EXAMPLE,
    CLIENTS
};

/* What napctl showed: with all components, and with a few of them. */
static char components[1 << 18], few_components[1 << 16], few_state[1 << 16], few_json[1 << 16];
static char shown[1 << 16]; /* by the test itself */

/* ---- classes ---- */

static LSTATUS set_server(const WCHAR *class, const WCHAR *server, REGSAM view)
{
    WCHAR key[128];
    LSTATUS status;
    HKEY opened;

    swprintf(key, ARRAYSIZE(key), L"Software\\Classes\\CLSID\\%ls\\InprocServer32", class);
    status = RegCreateKeyExW(
            HKEY_LOCAL_MACHINE, key, 0, NULL, 0, KEY_SET_VALUE | view, NULL, &opened, NULL);
    if (status)
        return status;
    RegSetValueExW(opened, NULL, 0, REG_SZ, (const BYTE *)server,
            (DWORD)(wcslen(server) + 1) * sizeof(WCHAR));
    RegSetValueExW(opened, L"ThreadingModel", 0, REG_SZ, (const BYTE *)L"Apartment", 20);
    RegCloseKey(opened);
    return 0;
}

static void remove_class(const WCHAR *class, REGSAM view)
{
    WCHAR key[128];

    swprintf(key, ARRAYSIZE(key), L"Software\\Classes\\CLSID\\%ls\\InprocServer32", class);
    RegDeleteKeyExW(HKEY_LOCAL_MACHINE, key, view, 0);
    *wcsrchr(key, '\\') = 0;
    RegDeleteKeyExW(HKEY_LOCAL_MACHINE, key, view, 0);
}

/* The DLL is beside this program; that of the other word size beside that one's. */
static void dll_path(bool other, WCHAR path[MAX_PATH])
{
    WCHAR *end;

    GetModuleFileNameW(NULL, path, MAX_PATH - 64);
    if ((end = wcsrchr(path, '\\')))
        wcscpy(end, other ? L"\\..\\..\\..\\win32\\tests\\conformance\\odd_information.dll"
                          : L"\\odd_information.dll");
}

static int register_classes(void)
{
    WCHAR class[64], path[MAX_PATH], other[MAX_PATH];
    LSTATUS status = 0;
    int odd;

    dll_path(false, path);
    dll_path(true, other);
    for (odd = ODD_GOOD; odd < ODD_END && !status; odd++)
    {
        swprintf(class, ARRAYSIZE(class), ODD_CLASS, odd);
        status = set_server(class, path, 0);
    }
    if (!status)
        status = set_server(NO_SERVER, L"C:\\windows\\system32\\kernel32.dll", 0);
    if (!status)
        status = set_server(NO_DLL, L"C:\\nothing\x1b.dll", 0);
    if (!status && sizeof(void *) == 8)
        status = set_server(OTHER_SIZE, other, KEY_WOW64_32KEY);
    return status ? 1 : 0;
}

static void remove_classes(void)
{
    WCHAR class[64];
    int odd;

    for (odd = ODD_GOOD; odd < ODD_END; odd++)
    {
        swprintf(class, ARRAYSIZE(class), ODD_CLASS, odd);
        remove_class(class, 0);
    }
    remove_class(NO_SERVER, 0);
    remove_class(NO_DLL, 0);
    remove_class(OTHER_SIZE, KEY_WOW64_32KEY);
}

/* ---- registrations ---- */

static CountedString counted(const WCHAR *text)
{
    CountedString string = {(UINT16)wcslen(text), (WCHAR *)text};

    return string;
}

/* Registers a component whose information class, and configuration class, is this one. */
static int register_with(
        bool client, NapComponentId id, const WCHAR *information, const WCHAR *configuration)
{
    NapComponentRegistrationInfo info = {.id = id,
            .friendlyName = counted(L"Registered name"),
            .description = counted(L"Registered description"),
            .version = counted(L"1.0"),
            .vendorName = counted(L"Registered vendor"),
            .componentType = client ? ComponentTypeEnforcementClientSoH : 0};
    INapClientManagement2 *management = management_create();
    HRESULT hr;

    if (!management || (information && FAILED(CLSIDFromString(information, &info.infoClsid)))
            || (configuration && FAILED(CLSIDFromString(configuration, &info.configClsid))))
        return 1;
    hr = client ? INapClientManagement2_RegisterEnforcementClient(management, &info)
                : INapClientManagement2_RegisterSystemHealthAgent(management, &info);
    INapClientManagement2_Release(management);
    return FAILED(hr);
}

static const WCHAR *odd_class(int odd)
{
    static WCHAR class[64];

    swprintf(class, ARRAYSIZE(class), ODD_CLASS, odd);
    return class;
}

static int register_components(void)
{
    static const WCHAR *const clients[CLIENTS] = {
            NO_CLASS, NO_SERVER, NO_DLL, LOCAL_CLASS, OTHER_SIZE, EXAMPLE};
    int failed = 0, odd;
    unsigned int i;

    for (odd = ODD_GOOD; odd < ODD_END && !failed; odd++)
    {
        bool configured = odd == ODD_GOOD || odd == ODD_FAILS || odd == ODD_UI || odd == ODD_REMOTE
                          || odd == ODD_HANGS;

        failed = register_with(false, 0x00abce40u + (NapComponentId)odd,
                odd == ODD_UI || odd == ODD_REMOTE ? NULL : odd_class(odd),
                configured ? odd_class(odd) : NULL);
    }
    for (i = 0; i < CLIENTS && !failed; i++)
        failed = register_with(
                true, CLIENT_ID(i), clients[i], i == CLIENT_LOCAL ? LOCAL_CLASS : NULL);
    return failed;
}

/* All of them, or all but the few. */
static int forget(bool few)
{
    NapComponentId i;

    for (i = 0; i < ODD_END; i++)
        if (!few || (i != ODD_GOOD && i != ODD_CONTROLS && i != ODD_UI))
            unregister_health_agent(0x00abce40u + i);
    for (i = 0; i < CLIENTS; i++)
        if (!few || i != CLIENT_NO_DLL)
            unregister_enforcement_client(CLIENT_ID(i));
    return 0;
}

/* ---- what napctl shows ---- */

/* Line ends are CR LF in text. */
static int show(const WCHAR *command, char *output, DWORD size)
{
    int code = napctl_says(command, output, size);
    char *from = output, *to = output;

    for (; *from; from++)
        if (*from != '\r')
            *to++ = *from;
    *to = 0;
    return code;
}

/* The part of the output that is about this component. */
static const char *part_of(const char *output, NapComponentId id, size_t *length)
{
    char start[32];
    const char *from, *to;

    snprintf(start, sizeof(start), "\"id\": %u,", (unsigned int)id);
    from = strstr(output, start);
    if (!from)
        fail_msg("%u is not shown: %s", (unsigned int)id, output);
    to = strstr(from + 1, "\"id\": ");
    *length = to ? (size_t)(to - from) : strlen(from);
    return from;
}

static bool is_told_in(const char *output, NapComponentId id, const char *text)
{
    size_t length, i;
    const char *part = part_of(output, id, &length);

    for (i = 0; i + strlen(text) <= length; i++)
        if (!strncmp(part + i, text, strlen(text)))
            return true;
    return false;
}

static void assert_told_in(const char *output, NapComponentId id, const char *text)
{
    const char *part;
    size_t length;

    if (is_told_in(output, id, text))
        return;
    part = part_of(output, id, &length);
    fail_msg("\"%s\" is not said of %u: %.*s", text, (unsigned int)id, (int)length, part);
}

static void assert_told(NapComponentId id, const char *text)
{
    assert_told_in(components, id, text);
}

/* The object "information" of a failure has the registration's own texts. */
static void assert_registered_texts(NapComponentId id)
{
    assert_told(id, "\"information\": {\n"
                    "        \"name\": \"Registered name\",\n"
                    "        \"description\": \"Registered description\",\n"
                    "        \"version\": \"1.0\",\n"
                    "        \"vendor\": \"Registered vendor\",\n"
                    "        \"icon\": null,\n");
}

/* "Strings should be localized according to the calling thread's language-id": the user's. */
static void assert_own_texts(const char *output, NapComponentId id)
{
    char version[64];

    snprintf(
            version, sizeof(version), "\"version\": \"language %04x\"", GetUserDefaultUILanguage());
    assert_told_in(output, id, "\"name\": \"Odd name\"");
    assert_told_in(output, id, "\"description\": \"Odd description\"");
    assert_told_in(output, id, "\"vendor\": \"Odd vendor \xc3\xa9\xe6\xbc\xa2\"");
    assert_told_in(output, id, version);
    assert_told_in(output, id, "\"file\": \"C:\\\\odd.dll\"");
    assert_told_in(output, id, "\"resource\": 42");
    assert_told_in(output, id, "\"failure\": null");
    assert_told_in(output, id, "\"ended\": \"it answered\"");
}

/* inapcomponentinfo-*: GetFriendlyName, GetDescription, GetVendorName and GetVersion have "the
 * resource ID" of a string, which GetLocalizedString has; GetIcon has a file and a resource ID. */
TEST(a_component_is_shown_by_its_own_texts)
{
    char size[32];

    assert_own_texts(components, ID(GOOD));
    snprintf(size, sizeof(size), "\"bits\": %u", (unsigned int)(8 * sizeof(void *)));
    assert_told(ID(GOOD), size);
    assert_told(ID(GOOD), "odd_information.dll\"");
    /* The registration's texts are there as well. */
    assert_told(ID(GOOD), "\"name\": \"Registered name\"");
    assert_own_texts(components, ID(BYTES));
}

TEST(show_state_has_the_own_name)
{
    assert_non_null(strstr(few_state, "11259457 Odd name (enabled"));
    assert_own_texts(few_json, ID(GOOD));
    assert_non_null(strstr(few_components, "11259457 Odd name\n"));
    assert_non_null(strstr(few_components, "C:\\odd.dll, resource 42"));
    assert_non_null(strstr(few_components, "ended: it answered\n"));
}

TEST(without_an_answer_the_registration_is_shown)
{
    assert_registered_texts(ID(FAILS));
    assert_told(ID(FAILS), "\"failure\": \"GetFriendlyName failed (0x80070005)\"");
    assert_registered_texts(ID(NULL));
    assert_told(ID(NULL), "\"failure\": \"GetLocalizedString failed (0x80004003)\"");
    assert_registered_texts(CLIENT_ID(CLIENT_NO_CLASS));
    assert_told(CLIENT_ID(CLIENT_NO_CLASS),
            "\"failure\": \"its class cannot be created (0x80040154)\"");
    assert_told(CLIENT_ID(CLIENT_NO_CLASS), "\"server\": null");
    assert_registered_texts(CLIENT_ID(CLIENT_NO_SERVER));
    assert_told(CLIENT_ID(CLIENT_NO_SERVER), "\"failure\": \"its class cannot be created (0x");
    assert_registered_texts(CLIENT_ID(CLIENT_NO_DLL));
    assert_told(CLIENT_ID(CLIENT_NO_DLL), "\"failure\": \"its class cannot be created (0x");
    assert_told(CLIENT_ID(CLIENT_NO_DLL), "\"server\": \"C:\\\\nothing\\u001b.dll\"");
    assert_registered_texts(ID(GARBAGE));
    assert_told(ID(GARBAGE), "\"failure\": \"its answer was malformed\"");
    assert_null(strstr(components, "printed by a component"));
}

/* A reason is one line, and without control characters in text. */
TEST(show_state_says_why_on_stderr)
{
    assert_non_null(strstr(few_state, "11259490 Registered name (disabled"));
    assert_non_null(
            strstr(few_state, "napctl: the information class of enforcement client 11259490 "
                              "(C:\\nothing?.dll): its class cannot be created (0x"));
    assert_null(strchr(few_state, '\x1b'));
}

TEST(texts_that_others_control_control_nothing)
{
    assert_told(ID(CONTROLS), "\"name\": \"one\\u000d\\u000atwo\\u001b[31m\\u202ethree\"");
    assert_told(ID(CONTROLS), "\"file\": \"C:\\\\odd\\u001b.dll\"");
    assert_told(ID(HUGE), "\"name\": \"hhhh");
    assert_told(ID(HUGE), "\"failure\": null");
    assert_non_null(strstr(few_state, "11259462 one two?[31m?three (enabled"));
    assert_non_null(strstr(few_components, "C:\\odd?.dll, resource 42"));
    assert_null(strchr(few_components, '\x1b'));
}

TEST(a_crash_costs_only_its_own_component)
{
    NapComponentId i;

    for (i = 0; i < 8; i++)
    {
        /* No result code is converted here, and a crash in Release comes after the answer. */
        if (i == 5 || i == 7)
            assert_own_texts(components, ID(CRASHES_IN) + i);
        else
        {
            assert_registered_texts(ID(CRASHES_IN) + i);
            assert_told(ID(CRASHES_IN) + i, "\"failure\": \"it crashed (0xC0000005)\"");
        }
    }
    assert_registered_texts(ID(CRASHES_LOADING));
    assert_told(ID(CRASHES_LOADING), "\"ended\": \"it crashed (0xC0000005)\"");
}

TEST(a_hang_costs_only_its_own_component)
{
    assert_registered_texts(ID(HANGS));
    assert_told(ID(HANGS), "\"failure\": \"it hung\"");
    assert_told(ID(HANGS), "\"interface\": null");
    assert_registered_texts(ID(HANGS_LOADING));
    assert_told(ID(HANGS_LOADING), "\"failure\": \"it hung\"");
}

/* inapcomponentconfig-isuisupported, -getconfig, inapcomponentconfig2-isremoteconfigsupported:
 * IsUISupported, GetConfig, IsRemoteConfigSupported */
TEST(the_configuration_is_described)
{
    assert_told(ID(UI), "\"information\": null");
    assert_told(ID(UI), "\"interface\": 1");
    assert_told(ID(UI), "\"userInterface\": true");
    assert_told(ID(UI), "\"remote\": null");
    assert_told(ID(UI), "\"size\": 321");
    assert_told(ID(REMOTE), "\"interface\": 2");
    assert_told(ID(REMOTE), "\"userInterface\": false");
    assert_told(ID(REMOTE), "\"remote\": \"machine\"");
    assert_told(ID(GOOD), "\"interface\": 3");
    assert_told(ID(GOOD), "\"remote\": \"configuration blob\"");
    assert_told(ID(FAILS), "\"userInterface\": null");
    assert_told(ID(FAILS), "\"size\": null");
    assert_told(ID(BYTES), "\"configuration\": null");
    assert_non_null(strstr(few_components, "has a user interface, 321 bytes"));
    assert_non_null(
            strstr(few_components, "no user interface, remotely by configuration blob, 321 bytes"));
}

/* A class in another process, this one: INapComponentInfo is marshalled. */
TEST(a_local_server_is_asked)
{
    NapComponentId id = CLIENT_ID(CLIENT_LOCAL);

    assert_told(id, "\"name\": \"Odd name\"");
    assert_told(id, "\"description\": \"Odd description\"");
    assert_told(id, "\"resource\": 42");
    assert_told(id, "\"interface\": 3");
    assert_told(id, "\"size\": 321");
    assert_told(id, "\"server\": null");
}

/* A class that is registered for 32-bit programs only has a 32-bit process. */
TEST(a_class_of_the_other_word_size_is_asked)
{
    if (sizeof(void *) == 4)
        skip();
    assert_told(CLIENT_ID(CLIENT_OTHER_SIZE), "\"bits\": 32");
    if (other_size_runs())
        assert_own_texts(components, CLIENT_ID(CLIENT_OTHER_SIZE));
    else
        assert_registered_texts(CLIENT_ID(CLIENT_OTHER_SIZE));
}

TEST(the_example_is_shown_by_its_own_texts)
{
    NapComponentId id = CLIENT_ID(CLIENT_EXAMPLE);

    assert_told(id, PRIMARYLANGID(GetUserDefaultUILanguage()) == LANG_GERMAN
                            ? "\"name\": \"Beispiel eines Integrit\xc3\xa4ts-Agents\""
                            : "\"name\": \"Sample health agent\"");
    assert_told(id, "\"version\": \"1.0.0.1\"");
    assert_told(id, "shell32.dll\"");
    assert_told(id, "\"resource\": 18");
    assert_told(id, "\"failure\": null");
    assert_told(id, "information.dll\"");
}

TEST(a_validator_is_shown_by_its_own_texts)
{
    assert_own_texts(components, SHV_ID);
    assert_told(SHV_ID, "\"interface\": 3");
}

/* ---- the texts of numbers ---- */

static int numbers_begin(void)
{
    if (sha_begin())
        return 1;
    unregister_health_agent(SHA_ID);
    if (register_with(false, SHA_ID, odd_class(ODD_GOOD), NULL))
        return 1;
    sha.product = "healthy";
    return record(INapSystemHealthAgentBinding, Initialize, sha.binding, SHA_ID, sha_callback)
           != S_OK;
}

static void judge(HRESULT code)
{
    static const UINT32 id = SHA_ID;
    struct response response;

    sha.fixup_state = fixupStateInProgress;
    sha.fixup_percentage = 40;
    ask();
    start_response(connection, &response);
    response.entries = 1;
    response.ids = &id;
    response.result = code;
    set_response(connection, &response);
    returns(S_OK, INapEnforcementClientBinding, ProcessSoHResponse, binding, connection);
    assert_true(sha_reaches(&sha, &sha.mended, 1, SOON));
}

/* inapcomponentinfo-converterrorcodetomessageid-method, ConvertErrorCodeToMessageId: "The returned
 * MessageId is used by the NAP System to retrieve a localized string." */
TEST_WITH(numbers_have_the_components_texts, numbers_begin, sha_end)
{
    judge(E_FAIL);
    assert_int_equal(show(L"show state --json", shown, sizeof(shown)), 0);
    assert_told_in(shown, SHA_ID, "\"text\": \"The odd component is unhappy.\"");
    assert_told_in(shown, SHA_ID, "\"message\": \"The odd component is being mended.\"");
    assert_int_equal(show(L"show state", shown, sizeof(shown)), 0);
    assert_non_null(strstr(shown, "0x80004005"));
    assert_non_null(strstr(shown, ": The odd component is unhappy.\n"));
    assert_non_null(strstr(shown, "(7) The odd component is being mended.\n"));
    /* A number that the component does not know stays one. */
    judge(NAP_E_NO_CACHED_SOH);
    assert_int_equal(show(L"show state --json", shown, sizeof(shown)), 0);
    assert_told_in(shown, SHA_ID, "\"text\": null");
    assert_told_in(shown, SHA_ID, "\"failure\": null");
}

static int crash_begin(void)
{
    if (sha_begin())
        return 1;
    unregister_health_agent(SHA_ID);
    if (register_with(false, SHA_ID, odd_class(ODD_CRASHES_IN + 5), NULL))
        return 1;
    sha.product = "healthy";
    return record(INapSystemHealthAgentBinding, Initialize, sha.binding, SHA_ID, sha_callback)
           != S_OK;
}

TEST_WITH(a_crash_in_ConvertErrorCodeToMessageId_leaves_the_numbers, crash_begin, sha_end)
{
    judge(E_FAIL);
    assert_int_equal(show(L"show state", shown, sizeof(shown)), 0);
    assert_non_null(strstr(shown, "11259393 Registered name (enabled"));
    assert_non_null(strstr(shown, "0x80004005"));
    assert_non_null(strstr(shown, "odd_information.dll): it crashed (0xC0000005)\n"));
}

/* ---- all of them ---- */

static int register_validator(void)
{
    NapComponentRegistrationInfo info = {.id = SHV_ID, .friendlyName = counted(L"Validator")};
    INapServerManagement *management = servers_management();
    CLSID clsid = {.Data1 = 1};
    HRESULT hr;

    servers_forget();
    if (!management || FAILED(CLSIDFromString(odd_class(ODD_GOOD), &info.infoClsid)))
        return 1;
    info.configClsid = info.infoClsid;
    hr = INapServerManagement_RegisterSystemHealthValidator(management, &info, &clsid);
    INapServerManagement_Release(management);
    return FAILED(hr);
}

/* This process is the server of a class, as long as it runs. */
static int serve_class(DWORD *cookie)
{
    HRESULT(WINAPI * get)(REFCLSID, REFIID, void **);
    CLSID local, good;
    IUnknown *factory;
    WCHAR path[MAX_PATH];
    HMODULE module;

    dll_path(false, path);
    return !(module = LoadLibraryW(path))
           || !(get = (void *)GetProcAddress(module, "DllGetClassObject"))
           || FAILED(CLSIDFromString(odd_class(ODD_GOOD), &good))
           || FAILED(CLSIDFromString(LOCAL_CLASS, &local))
           || FAILED(get(&good, &IID_IUnknown, (void **)&factory))
           || FAILED(CoRegisterClassObject(
                   &local, factory, CLSCTX_LOCAL_SERVER, REGCLS_MULTIPLEUSE, cookie));
}

/* As regsvr32 does it. */
static int register_example(const char *function)
{
    WCHAR path[MAX_PATH], *end;
    HRESULT(WINAPI * call)(void);
    HMODULE module;

    GetModuleFileNameW(NULL, path, MAX_PATH - 64);
    if ((end = wcsrchr(path, '\\')))
        wcscpy(end, L"\\..\\..\\examples\\health-agent\\information.dll");
    return !(module = LoadLibraryW(path)) || !(call = (void *)GetProcAddress(module, function))
           || FAILED(call());
}

static int begin(void)
{
    DWORD cookie;

    if (sha_tests_begin() || forget(false) || register_classes()
            || register_example("DllRegisterServer") || serve_class(&cookie)
            || register_components() || register_validator()
            || show(L"show components --json", components, sizeof(components)))
        return 1;
    servers_forget();
    return CoRevokeClassObject(cookie) || forget(true)
           || show(L"show components", few_components, sizeof(few_components))
           || show(L"show state", few_state, sizeof(few_state))
           || show(L"show state --json", few_json, sizeof(few_json)) || forget(false);
}

static int end(void)
{
    servers_forget();
    forget(false);
    remove_classes();
    register_example("DllUnregisterServer");
    return sha_tests_end();
}

TEST_MAIN(begin, end)
