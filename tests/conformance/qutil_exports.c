/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * qutil.dll for programs that link it by name: its exports are those of mingw-w64's import library,
 * which stands for the SDK's, and each pops the right number of bytes of arguments.
 */

#include <test.h>

#include <windows.h>

/* In the order of the loader's table, which is strcmp's. Each may be called with zeros as
 * arguments. */
static const struct export
{
    const char *name;
    int argument_bytes; /* i686 */
}
exports[] = {
        {"AllocConnections", 8},
        {"AllocCountedString", 8},
        {"AllocFixupInfo", 8},
        {"DllCanUnloadNow", 0},
        {"DllGetClassObject", 12},
        {"DllRegisterServer", 0},
        {"DllUnregisterServer", 0},
        {"FreeConnections", 4},
        {"FreeCountedString", 4},
        {"FreeFixupInfo", 4},
        {"FreeIsolationInfo", 4},
        {"FreeIsolationInfoEx", 4},
        {"FreeNapComponentRegistrationInfoArray", 8},
        {"FreeNetworkSoH", 4},
        {"FreePrivateData", 4},
        {"FreeSoH", 4},
        {"FreeSoHAttributeValue", 8},
        {"FreeSystemHealthAgentState", 4},
        {"InitializeNapAgentNotifier", 8},
        {"UninitializeNapAgentNotifier", 4},
};

static HMODULE qutil;

static int begin(void)
{
    return !(qutil = LoadLibraryW(L"qutil.dll"));
}

static const IMAGE_NT_HEADERS *nt_headers(void)
{
    return (const void *)((const BYTE *)qutil + ((const IMAGE_DOS_HEADER *)qutil)->e_lfanew);
}

TEST(the_exports_are_these_and_no_others)
{
    const BYTE *base = (const BYTE *)qutil;
    const IMAGE_EXPORT_DIRECTORY *directory;
    const DWORD *names;
    DWORD i;

    directory =
            (const void *)(base
                           + nt_headers()
                                     ->OptionalHeader.DataDirectory[IMAGE_DIRECTORY_ENTRY_EXPORT]
                                     .VirtualAddress);
    names = (const void *)(base + directory->AddressOfNames);
    for (i = 0; i < directory->NumberOfNames && i < ARRAYSIZE(exports); i++)
        assert_string_equal((const char *)base + names[i], exports[i].name);
    assert_int_equal(directory->NumberOfNames, ARRAYSIZE(exports));
    assert_int_equal(directory->NumberOfFunctions, ARRAYSIZE(exports));
    assert_string_equal((const char *)base + directory->Name, "qutil.dll");
}

#ifdef __i386__

/* Calls function with eight zeros on the stack and returns how many bytes it popped. */
static int popped_bytes(FARPROC function)
{
    int before, after;

    __asm__ volatile("movl %%esp, %0\n\t"
                     "pushl $0\n\tpushl $0\n\tpushl $0\n\tpushl $0\n\t"
                     "pushl $0\n\tpushl $0\n\tpushl $0\n\tpushl $0\n\t"
                     "call *%2\n\t"
                     "movl %%esp, %1\n\t"
                     "movl %0, %%esp\n\t"
                     : "=&S"(before), "=&D"(after)
                     : "b"(function)
                     : "eax", "ecx", "edx", "memory", "cc");
    return after - (before - 32);
}

TEST(every_export_pops_its_arguments)
{
    FARPROC function;
    size_t i;

    for (i = 0; i < ARRAYSIZE(exports); i++)
    {
        function = GetProcAddress(qutil, exports[i].name);
        assert_non_null(function);
        if (popped_bytes(function) != exports[i].argument_bytes)
            fail_msg("%s does not pop %d bytes", exports[i].name, exports[i].argument_bytes);
    }
    /* DllUnregisterServer was one of them. */
    assert_int_equal(GetProcAddress(qutil, "DllRegisterServer")(), 0);
}

#endif

/* Installers read the version of a DLL before they replace it. */
TEST(the_file_has_its_version)
{
    VS_FIXEDFILEINFO *fixed;
    WCHAR path[MAX_PATH];
    BYTE block[4096];
    WCHAR *name;
    UINT size;

    assert_int_not_equal(GetModuleFileNameW(qutil, path, ARRAYSIZE(path)), 0);
    assert_true(GetFileVersionInfoW(path, 0, sizeof(block), block));
    assert_true(VerQueryValueW(block, L"\\", (void **)&fixed, &size));
    assert_int_equal(fixed->dwFileType, VFT_DLL);
    assert_true(fixed->dwFileVersionMS || fixed->dwFileVersionLS);
    assert_true(VerQueryValueW(
            block, L"\\StringFileInfo\\040904B0\\OriginalFilename", (void **)&name, &size));
    assert_int_equal(wcscmp(name, L"qutil.dll"), 0);
}

TEST_MAIN(begin, NULL)
