/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * A DLL that replaces one of Wine's: a program gets it by its bare name, it has the exports of its
 * list, and those that are not implemented fail as listed and keep a 32-bit caller's stack intact.
 */

#include <test.h>
#include <stdio.h>
#include <string.h>

#include "exports.h"

static HMODULE dll;

/* A foreign directory: not the program's, not Windows'. */
static int begin(void)
{
    WCHAR folder[MAX_PATH];

    if (!GetTempPathW(MAX_PATH, folder) || !SetCurrentDirectoryW(folder))
        return 1;
    return !(dll = LoadLibraryA(dll_name));
}

TEST(the_module_is_ours)
{
    char path[MAX_PATH], expected[MAX_PATH];
    const char *text;
    BYTE block[4096];
    UINT size;

    assert_in_range(GetModuleFileNameA(dll, path, MAX_PATH), 1, MAX_PATH - 1);
    assert_in_range(GetSystemDirectoryA(expected, MAX_PATH), 1, MAX_PATH - 20);
    strcat(strcat(expected, "\\"), dll_name);
    assert_int_equal(lstrcmpiA(path, expected), 0);
    assert_true(GetFileVersionInfoA(path, 0, sizeof(block), block));
    assert_true(VerQueryValueA(
            block, "\\StringFileInfo\\040904B0\\ProductName", (void **)&text, &size));
    assert_string_equal(text, "wine-nap");
    assert_true(VerQueryValueA(
            block, "\\StringFileInfo\\040904B0\\OriginalFilename", (void **)&text, &size));
    assert_string_equal(text, dll_name);
}

TEST(every_export_is_there)
{
    const struct export *export;

    for (export = exports; export->name; export ++)
    {
        FARPROC function = GetProcAddress(dll, export->name);

        if (!function)
            fail_msg("%s is missing", export->name);
        if (export->ordinal
                && GetProcAddress(dll, (const char *)(ULONG_PTR) export->ordinal) != function)
            fail_msg("%s is not number %u", export->name, export->ordinal);
    }
}

/* Calls the function with ten zeros as arguments, more than any function takes; returns how many
 * bytes it popped. */
static INT_PTR call(FARPROC function, int *popped)
{
#ifdef __i386__
    int before, after;
    INT_PTR result;

    __asm__ volatile("movl %%esp, %0\n\t"
                     "pushl $0\n\tpushl $0\n\tpushl $0\n\tpushl $0\n\tpushl $0\n\t"
                     "pushl $0\n\tpushl $0\n\tpushl $0\n\tpushl $0\n\tpushl $0\n\t"
                     "call *%3\n\t"
                     "movl %%esp, %1\n\t"
                     "movl %0, %%esp\n\t"
                     : "=&S"(before), "=&D"(after), "=a"(result)
                     : "b"(function)
                     : "ecx", "edx", "memory", "cc");
    *popped = after - (before - 40);
    return result;
#else
    typedef INT_PTR(WINAPI * ten)(UINT_PTR, UINT_PTR, UINT_PTR, UINT_PTR, UINT_PTR, UINT_PTR,
            UINT_PTR, UINT_PTR, UINT_PTR, UINT_PTR);

    *popped = -1;
    return ((ten)(void *)function)(0, 0, 0, 0, 0, 0, 0, 0, 0, 0);
#endif
}

TEST(what_is_refused_fails_as_listed)
{
    const struct export *export;
    int popped, round;

    for (export = exports; export->name; export ++)
        for (round = 0; export->refused && round < 2; round++)
        {
            INT_PTR result = call(GetProcAddress(dll, export->name), &popped);

            if (result != export->failure)
                fail_msg("%s returns %ld, not %ld", export->name, (long)result,
                        (long)export->failure);
            if (popped >= 0 && popped != export->argument_bytes)
                fail_msg("%s pops %d bytes, not %d", export->name, popped, export->argument_bytes);
        }
}

TEST_MAIN(begin, NULL)
