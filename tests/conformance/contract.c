/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * The results that methods really returned, for the table of docs/contract.tsv.
 */

#include "contract.h"

#include <stdio.h>

HRESULT contract_record(const char *interface_name, const char *method, HRESULT result)
{
    WCHAR name[MAX_PATH + 16] = L"\\\\?\\unix";
    char line[128];
    HANDLE file, turn;
    DWORD written;

    if (!GetEnvironmentVariableW(L"NAP_CONTRACT_RECORD", name + 8, MAX_PATH))
        return result;
    /* Wine appends at an old end of the file: concurrent writers would lose lines, hence the
     * lock. */
    turn = CreateMutexW(NULL, FALSE, L"wine-nap contract record");
    WaitForSingleObject(turn, 60000);
    /* A path of the host, as scripts pass it, or a Windows path. */
    file = CreateFileW(name[8] == '/' ? name : name + 8, FILE_APPEND_DATA,
            FILE_SHARE_READ | FILE_SHARE_WRITE, NULL, OPEN_ALWAYS, FILE_ATTRIBUTE_NORMAL, NULL);
    if (file != INVALID_HANDLE_VALUE)
    {
        snprintf(line, sizeof(line), "%s\t%s\t%08lX\t%d\n", interface_name, method,
                (unsigned long)result, (int)sizeof(void *) * 8);
        WriteFile(file, line, (DWORD)strlen(line), &written, NULL);
        CloseHandle(file);
    }
    ReleaseMutex(turn);
    CloseHandle(turn);
    return result;
}
