/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * DLLs and programs: each must exist, have the right bitness, be ours and of this
 * version, and be found by the programs that need it.
 */
#include "programs/napctl/selftest.h"

#include <stdlib.h>
#include <string.h>
#include <wchar.h>

#include "napenforcementclient.h"
#include "napmanagement.h"
#include "napprotocol.h"
#include "napservermanagement.h"
#include "napsystemhealthagent.h"
#include "napsystemhealthvalidator.h"

#include "version.h"

#define SETUP "run tools/setup.sh install"
#define OVERRIDES L"Software\\Wine\\DllOverrides"

enum kind
{
    KIND_PROGRAM,
    KIND_CLASSES,    /* has COM classes */
    KIND_REPLACEMENT /* replaces one of Wine's DLLs, by a DLL override */
};

static const struct file
{
    const WCHAR *name;
    enum kind kind;
    bool main_only; /* not in syswow64 */
    const CLSID *classes[3];
} files[] = {
        {L"qagent.dll", KIND_CLASSES, false,
                {&CLSID_NapEnforcementClientBinding, &CLSID_NapSystemHealthAgentBinding,
                        &CLSID_NapClientManagement}},
        {L"qutil.dll", KIND_CLASSES, false, {&CLSID_NapSoHConstructor, &CLSID_NapSoHProcessor}},
        {L"qsvrmgmt.dll", KIND_CLASSES, false, {&CLSID_NapServerManagement, &CLSID_NapServerInfo}},
        {L"qshvhost.dll", KIND_CLASSES, false, {NULL}},
        {L"rasapi32.dll", KIND_REPLACEMENT, false, {NULL}},
        {L"mprapi.dll", KIND_REPLACEMENT, false, {NULL}},
        {L"napagent.exe", KIND_PROGRAM, true, {NULL}},
        {L"napserver.exe", KIND_PROGRAM, true, {NULL}},
        {L"napwsha.exe", KIND_PROGRAM, true, {NULL}},
        {L"naphost.exe", KIND_PROGRAM, false, {NULL}},
        {L"napctl.exe", KIND_PROGRAM, false, {NULL}},
};

/* The interfaces that the DLLs marshal. */
static const struct interface_name
{
    const WCHAR *file;
    const IID *iid;
    const char *name;
} interfaces[] = {
        {L"qagent.dll", &IID_INapEnforcementClientBinding, "INapEnforcementClientBinding"},
        {L"qagent.dll", &IID_INapEnforcementClientCallback, "INapEnforcementClientCallback"},
        {L"qagent.dll", &IID_INapEnforcementClientConnection, "INapEnforcementClientConnection"},
        {L"qagent.dll", &IID_INapEnforcementClientConnection2, "INapEnforcementClientConnection2"},
        {L"qagent.dll", &IID_INapSystemHealthAgentBinding, "INapSystemHealthAgentBinding"},
        {L"qagent.dll", &IID_INapSystemHealthAgentBinding2, "INapSystemHealthAgentBinding2"},
        {L"qagent.dll", &IID_INapSystemHealthAgentCallback, "INapSystemHealthAgentCallback"},
        {L"qagent.dll", &IID_INapSystemHealthAgentRequest, "INapSystemHealthAgentRequest"},
        {L"qagent.dll", &IID_INapClientManagement, "INapClientManagement"},
        {L"qagent.dll", &IID_INapClientManagement2, "INapClientManagement2"},
        {L"qsvrmgmt.dll", &IID_INapServerManagement, "INapServerManagement"},
        {L"qsvrmgmt.dll", &IID_INapServerInfo, "INapServerInfo"},
        {L"qshvhost.dll", &IID_INapSystemHealthValidator, "INapSystemHealthValidator"},
        {L"qshvhost.dll", &IID_INapSystemHealthValidationRequest,
                "INapSystemHealthValidationRequest"},
        {L"qshvhost.dll", &IID_INapSystemHealthValidationRequest2,
                "INapSystemHealthValidationRequest2"},
        {L"qshvhost.dll", &IID_INapServerCallback, "INapServerCallback"},
};

/* A folder of DLLs of one bitness. */
struct folder
{
    const WCHAR *name;    /* below Windows' folder, and for people */
    WCHAR path[MAX_PATH]; /* as this process sees it */
    WORD machine;
    REGSAM view;
};

static unsigned int find_folders(struct folder folders[2])
{
    WCHAR windows[MAX_PATH - 16], wow64[MAX_PATH];
    bool mixed = GetSystemWow64DirectoryW(wow64, MAX_PATH) != 0;
    BOOL redirected = FALSE;

    if (mixed)
        mixed = GetFileAttributesW(wow64) != INVALID_FILE_ATTRIBUTES;
    IsWow64Process(GetCurrentProcess(), &redirected);
    GetSystemWindowsDirectoryW(windows, ARRAYSIZE(windows));
    folders[0].name = L"system32";
    swprintf(folders[0].path, MAX_PATH, L"%ls\\%ls", windows,
            redirected ? L"sysnative" : L"system32");
    folders[0].machine =
            sizeof(void *) == 8 || redirected ? IMAGE_FILE_MACHINE_AMD64 : IMAGE_FILE_MACHINE_I386;
    folders[0].view = mixed ? KEY_WOW64_64KEY : 0;
    if (!mixed)
        return 1;
    folders[1].name = L"syswow64";
    wcscpy(folders[1].path, wow64);
    folders[1].machine = IMAGE_FILE_MACHINE_I386;
    folders[1].view = KEY_WOW64_32KEY;
    return 2;
}

/* The identity of a DLL or program, read from its bytes. GetFileVersionInfo follows the DLL
 * overrides, and so may read another file than the one to be checked. */
struct identity
{
    WORD machine; /* 0: neither DLL nor program */
    bool ours;
    WCHAR version[32];
};

static BYTE *read_whole(const WCHAR *path, DWORD *size)
{
    HANDLE file = CreateFileW(path, GENERIC_READ,
            FILE_SHARE_READ | FILE_SHARE_WRITE | FILE_SHARE_DELETE, NULL, OPEN_EXISTING, 0, NULL);
    BYTE *bytes = NULL;

    if (file == INVALID_HANDLE_VALUE)
        return NULL;
    *size = GetFileSize(file, NULL);
    if (*size != INVALID_FILE_SIZE && (bytes = malloc(*size + 1))
            && !ReadFile(file, bytes, *size, size, NULL))
    {
        free(bytes);
        bytes = NULL;
    }
    CloseHandle(file);
    return bytes;
}

/* Reads a text of the version resource, which has its name, NUL, padding, and the value. Searches
 * from the end of the file: resources come last, after other data with the same name. */
static void version_text(
        const BYTE *bytes, DWORD size, const WCHAR *name, WCHAR *text, size_t capacity)
{
    DWORD length = (DWORD)(wcslen(name) + 1) * sizeof(WCHAR), at;
    size_t units = 0;

    *text = 0;
    if (size <= length)
        return;
    for (at = (size - length) & ~1u; at && memcmp(bytes + at, name, length); at -= sizeof(WCHAR))
        ; /* resources are aligned */
    for (at += length; at + 1 < size && !bytes[at] && !bytes[at + 1]; at += sizeof(WCHAR))
        ;
    for (; at + 1 < size && units + 1 < capacity; at += sizeof(WCHAR))
        if (!(text[units++] = (WCHAR)(bytes[at] | bytes[at + 1] << 8)))
            return;
    text[units] = 0;
}

static void identify(const WCHAR *path, struct identity *identity)
{
    const IMAGE_DOS_HEADER *dos;
    const IMAGE_NT_HEADERS *pe;
    WCHAR product[32];
    DWORD size;
    BYTE *bytes = read_whole(path, &size);

    memset(identity, 0, sizeof(*identity));
    dos = (const IMAGE_DOS_HEADER *)bytes;
    if (bytes && size >= sizeof(*dos) && dos->e_magic == IMAGE_DOS_SIGNATURE && dos->e_lfanew >= 0
            && size >= sizeof(*pe) && (DWORD)dos->e_lfanew <= size - sizeof(*pe))
    {
        pe = (const IMAGE_NT_HEADERS *)(bytes + dos->e_lfanew);
        if (pe->Signature == IMAGE_NT_SIGNATURE)
            identity->machine = pe->FileHeader.Machine;
        version_text(bytes, size, L"ProductName", product, ARRAYSIZE(product));
        identity->ours = !wcscmp(product, L"wine-nap");
        version_text(bytes, size, L"FileVersion", identity->version, ARRAYSIZE(identity->version));
    }
    free(bytes);
}

/* The default value of a key below Software\Classes; false: there is none. */
static bool class_value(const struct folder *folder, const WCHAR *key, WCHAR *value)
{
    WCHAR whole[256], text[MAX_PATH];
    DWORD size = sizeof(text);
    LSTATUS error;
    HKEY opened;

    swprintf(whole, ARRAYSIZE(whole), L"Software\\Classes\\%ls", key);
    if (RegOpenKeyExW(HKEY_LOCAL_MACHINE, whole, 0, KEY_READ | folder->view, &opened))
        return false;
    error = RegGetValueW(opened, NULL, NULL, RRF_RT_REG_SZ, NULL, text, &size);
    RegCloseKey(opened);
    if (!error)
        wcscpy(value, text);
    return !error;
}

/* True if the server of a class or proxy registration is the file: by its bare name, or by its path
 * as programs of that bitness write it. */
static bool leads_to(const struct folder *folder, const struct file *file, const WCHAR *server)
{
    WCHAR windows[MAX_PATH - 48], path[MAX_PATH];

    if (!_wcsicmp(server, file->name))
        return true;
    GetSystemWindowsDirectoryW(windows, ARRAYSIZE(windows));
    swprintf(path, MAX_PATH, L"%ls\\%ls\\%ls", windows, folder->name, file->name);
    if (!_wcsicmp(server, path))
        return true;
    /* In a 32-bit program system32 means syswow64. */
    swprintf(path, MAX_PATH, L"%ls\\system32\\%ls", windows, file->name);
    return !_wcsicmp(server, path);
}

static bool check_class(struct selftest *test, const struct folder *folder, const struct file *file,
        const CLSID *clsid, const WCHAR *where)
{
    WCHAR guid[40], key[80], server[MAX_PATH];

    StringFromGUID2(clsid, guid, ARRAYSIZE(guid));
    swprintf(key, ARRAYSIZE(key), L"CLSID\\%ls\\InprocServer32", guid);
    if (!class_value(folder, key, server))
        selftest_fault(
                test, "class-missing", where, SETUP, "its class %ls is not registered", guid);
    else if (!leads_to(folder, file, server))
        selftest_fault(test, "class-path", where, SETUP,
                "its class %ls is registered for another file, %ls", guid, server);
    else
        return true;
    return false;
}

/* Checks that every interface that the file marshals has a proxy class, and that it is its server.
 */
static bool check_proxies(struct selftest *test, const struct folder *folder,
        const struct file *file, const WCHAR *where)
{
    WCHAR guid[40], key[80], proxy[MAX_PATH], server[MAX_PATH];
    unsigned int i;

    for (i = 0; i < ARRAYSIZE(interfaces); i++)
    {
        if (wcscmp(interfaces[i].file, file->name))
            continue;
        StringFromGUID2(interfaces[i].iid, guid, ARRAYSIZE(guid));
        swprintf(key, ARRAYSIZE(key), L"Interface\\%ls\\ProxyStubClsid32", guid);
        if (class_value(folder, key, proxy) && wcslen(proxy) < 40)
        {
            swprintf(key, ARRAYSIZE(key), L"CLSID\\%ls\\InprocServer32", proxy);
            if (class_value(folder, key, server) && leads_to(folder, file, server))
                continue;
        }
        selftest_fault(test, "proxy-stub", where, SETUP,
                "calls of %s between apartments do not work: its proxy/stub is not registered",
                interfaces[i].name);
        return false;
    }
    return true;
}

static bool check_classes(struct selftest *test, const struct folder *folder,
        const struct file *file, const WCHAR *where)
{
    unsigned int i;

    for (i = 0; i < ARRAYSIZE(file->classes) && file->classes[i]; i++)
        if (!check_class(test, folder, file, file->classes[i], where))
            return false;
    return check_proxies(test, folder, file, where);
}

/* One entry applies to 32-bit and 64-bit programs, so it is checked for system32 only. */
static bool check_override(struct selftest *test, const struct folder *folder,
        const struct file *file, const WCHAR *where)
{
    WCHAR name[32], value[64];
    DWORD size = sizeof(value);

    if (wcscmp(folder->name, L"system32"))
        return true;
    wcscpy(name, file->name);
    *wcschr(name, '.') = 0;
    if (RegGetValueW(HKEY_CURRENT_USER, OVERRIDES, name, RRF_RT_REG_SZ, NULL, value, &size))
        selftest_fault(test, "override", where, SETUP,
                "it has no entry in DllOverrides, so Wine loads its own");
    else if (wcsncmp(value, L"native", 6))
        selftest_fault(test, "override", where, SETUP,
                "its entry in DllOverrides is \"%ls\", not \"native,builtin\", so Wine loads its own",
                value);
    else
        return true;
    return false;
}

static void check_file(struct selftest *test, const struct folder *folder, const struct file *file)
{
    WCHAR where[MAX_PATH], path[MAX_PATH];
    struct identity identity;

    swprintf(where, MAX_PATH, L"%ls\\%ls", folder->name, file->name);
    swprintf(path, MAX_PATH, L"%ls\\%ls", folder->path, file->name);
    if (GetFileAttributesW(path) == INVALID_FILE_ATTRIBUTES)
    {
        selftest_fault(test, "missing-file", where, SETUP, "missing");
        return;
    }
    identify(path, &identity);
    if (identity.machine != folder->machine)
        selftest_fault(test, "wrong-word-size", where, SETUP, "%s, not a %d-bit one",
                identity.machine == IMAGE_FILE_MACHINE_I386    ? "a 32-bit file"
                : identity.machine == IMAGE_FILE_MACHINE_AMD64 ? "a 64-bit file"
                                                               : "neither DLL nor program",
                folder->machine == IMAGE_FILE_MACHINE_AMD64 ? 64 : 32);
    else if (!identity.ours)
        selftest_fault(test, "foreign-file", where, SETUP, "not wine-nap's");
    else if (wcscmp(identity.version, L"" WINE_NAP_VERSION))
        selftest_fault(test, "wrong-version", where,
                "install DLLs and agent of one release: " SETUP,
                "version %ls, but this napctl is %s", identity.version, WINE_NAP_VERSION);
    else if ((file->kind != KIND_CLASSES || check_classes(test, folder, file, where))
             && (file->kind != KIND_REPLACEMENT || check_override(test, folder, file, where)))
        selftest_ok(test, where, "%ls", identity.version);
}

/* A mixed prefix may have no files for 32-bit programs (setup.sh install --only-64-bit). */
static bool has_any(const struct folder *folder)
{
    struct identity identity;
    WCHAR path[MAX_PATH];
    unsigned int i;

    for (i = 0; i < ARRAYSIZE(files); i++)
    {
        swprintf(path, MAX_PATH, L"%ls\\%ls", folder->path, files[i].name);
        identify(path, &identity);
        if (identity.ours)
            return true;
    }
    return false;
}

/* A Wine for 64-bit programs only leaves the folder of 32-bit ones empty. */
static bool has_wine(const struct folder *folder)
{
    WCHAR path[MAX_PATH];

    swprintf(path, MAX_PATH, L"%ls\\kernel32.dll", folder->path);
    return GetFileAttributesW(path) != INVALID_FILE_ATTRIBUTES;
}

void selftest_files(struct selftest *test)
{
    struct folder folders[2];
    unsigned int count = find_folders(folders), i, k;

    for (i = 0; i < count; i++)
    {
        if (i && !has_wine(&folders[i]))
        {
            selftest_ok(test, folders[i].name, "this Wine runs no 32-bit programs");
            continue;
        }
        if (i && !has_any(&folders[i]))
        {
            selftest_ok(test, folders[i].name, "wine-nap is not installed for 32-bit programs");
            continue;
        }
        for (k = 0; k < ARRAYSIZE(files); k++)
            if (!i || !files[k].main_only)
                check_file(test, &folders[i], &files[k]);
    }
}
