/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Text on the console, or in its code page where that is redirected; and the password from it.
 */

#include "programs/rasdial/rasdial.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <wchar.h>

void print_text(const WCHAR *format, ...)
{
    HANDLE out = GetStdHandle(STD_OUTPUT_HANDLE);
    UINT page = GetConsoleOutputCP() ? GetConsoleOutputCP() : CP_OEMCP;
    WCHAR text[2048], *at;
    char bytes[3 * ARRAYSIZE(text)];
    DWORD done, mode;
    va_list list;
    int length;

    va_start(list, format);
    length = vswprintf(text, ARRAYSIZE(text), format, list);
    va_end(list);
    if (length < 0)
        return;
    /* What comes from elsewhere moves no cursor. */
    for (at = text; *at; at++)
        if ((*at < ' ' && *at != '\n') || *at == 0x7f)
            *at = '?';
    if (GetConsoleMode(out, &mode))
    {
        WriteConsoleW(out, text, (DWORD)length, &done, NULL);
        return;
    }
    for (at = text; *at; at += length)
    {
        /* A redirected line ends as Windows' do. */
        length = (int)wcscspn(at, L"\n");
        done = (DWORD)WideCharToMultiByte(page, 0, at, length, bytes, sizeof(bytes), NULL, NULL);
        WriteFile(out, bytes, done, &done, NULL);
        if (at[length] == '\n')
        {
            WriteFile(out, "\r\n", 2, &done, NULL);
            length++;
        }
    }
}

DWORD report(DWORD error)
{
    WCHAR text[512] = L"";

    if (!RasGetErrorStringW(error, text, ARRAYSIZE(text)))
        print_text(L"\nRemote Access error %lu - %ls\n", (unsigned long)error, text);
    else if (FormatMessageW(FORMAT_MESSAGE_FROM_SYSTEM | FORMAT_MESSAGE_IGNORE_INSERTS, NULL, error,
                     0, text, ARRAYSIZE(text), NULL))
    {
        text[wcscspn(text, L"\r\n")] = 0;
        print_text(L"\nRemote Access error %lu - %ls\n", (unsigned long)error, text);
    }
    else
        print_text(L"\nRemote Access error %lu\n", (unsigned long)error);
    return error;
}

bool read_password(const WCHAR *user, WCHAR *password, size_t capacity)
{
    HANDLE in = GetStdHandle(STD_INPUT_HANDLE);
    char bytes[3 * (PWLEN + 1)];
    DWORD mode, done, length = 0;
    bool console = GetConsoleMode(in, &mode), whole = false;

    print_text(L"Enter the password for %ls:", user);
    if (console)
        SetConsoleMode(in, mode & ~(DWORD)ENABLE_ECHO_INPUT);
    while (!whole && length < sizeof(bytes) && ReadFile(in, bytes + length, 1, &done, NULL) && done)
    {
        whole = bytes[length] == '\n';
        length += !whole && bytes[length] != '\r';
    }
    if (console)
        SetConsoleMode(in, mode);
    print_text(L"\n");
    done = length ? (DWORD)MultiByteToWideChar(console ? GetConsoleCP() : CP_ACP, 0, bytes,
                   (int)length, password, (int)capacity - 1)
                  : 0;
    password[done] = 0;
    SecureZeroMemory(bytes, sizeof(bytes));
    /* One that is too long must not become an empty one. */
    return length ? done : whole;
}
