/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * The cost of RasDial: the agent runs the dialer by its script, as the bare start does.
 */
#include "pipe.h"

#include <raserror.h>
#include <string.h>
#include <wchar.h>

#define DIALER "/bin/true" /* connects at once, and hangs up at once */
#define PARAMETERS L"System\\CurrentControlSet\\Services\\napagent\\Parameters"
#define ENTRY L"Bench"
#define ROUNDS 8
#define PATIENCE 20000 /* ms */

static DWORD(WINAPI *dial)(
        RASDIALEXTENSIONS *, const WCHAR *, RASDIALPARAMSW *, DWORD, void *, HRASCONN *);
static DWORD(WINAPI *hang_up)(HRASCONN);
static WCHAR phonebook[MAX_PATH], folder[MAX_PATH], script[MAX_PATH];

static void write_file(const WCHAR *path, const void *bytes, size_t size)
{
    HANDLE file = CreateFileW(path, GENERIC_WRITE, 0, NULL, CREATE_ALWAYS, 0, NULL);
    DWORD written;

    if (file == INVALID_HANDLE_VALUE || !WriteFile(file, bytes, (DWORD)size, &written, NULL))
        die("%ls cannot be written: error %lu", path, GetLastError());
    CloseHandle(file);
}

static void dial_begin(void)
{
    static const char book[] = "[Bench]\nType=2\nMEDIA=rastapi\nDevice=WAN Miniport (PPTP)\n"
                               "DEVICE=vpn\nPhoneNumber=192.0.2.1\n";
    HMODULE module = LoadLibraryW(L"rasapi32.dll");

    dial = (void *)GetProcAddress(module, "RasDialW");
    hang_up = (void *)GetProcAddress(module, "RasHangUpW");
    GetTempPathW(MAX_PATH - 32, phonebook);
    wcscat(phonebook, L"bench-dial.pbk");
    write_file(phonebook, book, sizeof(book) - 1);
    if (RegSetKeyValueW(HKEY_LOCAL_MACHINE, PARAMETERS, L"Dialer", REG_SZ, L"" DIALER,
                (DWORD)sizeof(L"" DIALER)))
        die("the dialer cannot be set");
    GetSystemWindowsDirectoryW(folder, MAX_PATH - 32);
    wcscpy(script, folder);
    wcscat(script, sizeof(void *) == 8 ? L"\\system32" : L"\\sysnative");
    wcscat(script, L"\\napagent-hook");
    wcscat(folder, L"\\Temp\\bench-dial");
}

static void dial_end(void)
{
    RegDeleteKeyValueW(HKEY_LOCAL_MACHINE, PARAMETERS, L"Dialer");
    DeleteFileW(phonebook);
}

/* To RASCS_Connected; ends the connection after that. */
static UINT64 dial_once(void)
{
    RASDIALPARAMSW params = {.dwSize = sizeof(params), .szEntryName = ENTRY};
    HRASCONN connection = NULL;
    UINT64 begun = now_ns(), took;
    DWORD error = dial(NULL, phonebook, &params, 0, NULL, &connection);

    took = now_ns() - begun;
    if (error)
        die("RasDial says %lu", error);
    if ((error = hang_up(connection)))
        die("RasHangUp says %lu", error);
    return took;
}

static const WCHAR *file_in_folder(const WCHAR *name)
{
    static WCHAR path[MAX_PATH];

    wcscpy(path, folder);
    wcscat(path, L"\\");
    return wcscat(path, name);
}

/* Waits for a file that the script makes. */
static HANDLE wait_for(const WCHAR *name, DWORD access)
{
    ULONGLONG until = GetTickCount64() + PATIENCE;
    HANDLE file;

    while ((file = CreateFileW(file_in_folder(name), access,
                    FILE_SHARE_READ | FILE_SHARE_WRITE | FILE_SHARE_DELETE, NULL, OPEN_EXISTING, 0,
                    NULL))
            == INVALID_HANDLE_VALUE)
    {
        if (GetTickCount64() > until)
            die("the dialer's script does not write %ls", name);
        Sleep(1);
    }
    return file;
}

/* The script starts the same program, with the same files as for the agent. */
static UINT64 bare_start(void)
{
    static const char arguments[] = "60.000\0" DIALER "\0dial";
    static const WCHAR *const names[] = {L"arguments", L"input", L"output", L"status"};
    STARTUPINFOW startup = {.cb = sizeof(startup)};
    PROCESS_INFORMATION process = {0};
    WCHAR command[] = L"napagent-hook dialer";
    UINT64 begun = now_ns(), took;
    char status[16] = "";
    HANDLE file;
    DWORD done;
    size_t i;

    CreateDirectoryW(folder, NULL);
    write_file(file_in_folder(L"arguments"), arguments, sizeof(arguments));
    if (!CreateProcessW(script, command, NULL, NULL, FALSE, CREATE_NO_WINDOW, NULL, folder,
                &startup, &process))
        die("%ls cannot be started: error %lu", script, GetLastError());
    file = wait_for(L"input", GENERIC_WRITE);
    WriteFile(file, "", 1, &done, NULL);
    CloseHandle(file);
    file = wait_for(L"status", GENERIC_READ);
    ReadFile(file, status, sizeof(status) - 1, &done, NULL);
    CloseHandle(file);
    took = now_ns() - begun;
    if (strcmp(status, "exit 0\n") != 0)
        die("the dialer's script says %s", status);
    CloseHandle(process.hThread);
    CloseHandle(process.hProcess);
    for (i = 0; i < ARRAYSIZE(names); i++)
        DeleteFileW(file_in_folder(names[i]));
    RemoveDirectoryW(folder);
    return took;
}

void bench_dial(unsigned int runs, struct figure *figure)
{
    unsigned int run, i;

    dial_begin();
    for (run = 0; run < runs; run++)
    {
        for (i = 0; i < ROUNDS; i++)
        {
            UINT64 raw = i % 2 ? bare_start() : 0, own = dial_once();

            figure_add(figure, own, i % 2 ? raw : bare_start());
        }
        figure_end_run(figure);
    }
    dial_end();
}
