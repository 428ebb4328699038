/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * The log's files: at 1 MiB a new one begins, three older ones are kept, and no line is lost or
 * torn, also if several processes write. log.h
 */
#include <test.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <wchar.h>

#include "libs/log/log.h"

#include "tests/conformance/process.h"

/* With time, program and the rest a line has some 300 bytes. */
#define TEXT_SIZE 240
#define WRITERS 3
#define LINES 3000 /* of each writer: all fit into four files */

static WCHAR file[MAX_PATH];

static void write_lines(unsigned int writer, unsigned int count)
{
    char text[TEXT_SIZE + 1];
    unsigned int i;

    memset(text, 'x', TEXT_SIZE);
    text[TEXT_SIZE] = 0;
    for (i = 0; i < count; i++)
        log_event(LOG_INFO, 0, "line", "%u %u %s.", writer, i, text);
}

static void remove_files(void)
{
    WCHAR name[MAX_PATH];
    unsigned int i;

    for (i = 0; i <= LOG_FILES_KEPT + 1; i++)
        if (log_file_name(file, i, name))
            DeleteFileW(name);
}

/* The size in bytes, or -1: the file does not exist. */
static LONGLONG size_of(unsigned int number)
{
    WIN32_FILE_ATTRIBUTE_DATA data;
    WCHAR name[MAX_PATH];

    log_file_name(file, number, name);
    if (!GetFileAttributesExW(name, GetFileExInfoStandard, &data))
        return -1;
    return (LONGLONG)data.nFileSizeHigh << 32 | data.nFileSizeLow;
}

/* Calls `take` for each line of all files, oldest first. */
static void read_lines(void (*take)(unsigned int writer, unsigned int number))
{
    char line[1100], text[TEXT_SIZE + 8];
    unsigned int writer, number;
    WCHAR name[MAX_PATH];
    FILE *from;
    int i;

    for (i = LOG_FILES_KEPT; i >= 0; i--)
    {
        log_file_name(file, (unsigned int)i, name);
        if (!(from = _wfopen(name, L"rb")))
            continue;
        while (fgets(line, sizeof(line), from))
        {
            const char *event = strstr(line, " - line: ");

            assert_non_null(event);
            assert_int_equal(sscanf(event, " - line: %u %u %247s", &writer, &number, text), 3);
            assert_int_equal(strlen(text), TEXT_SIZE + 1);
            assert_int_equal(text[TEXT_SIZE], '.');
            take(writer, number);
        }
        fclose(from);
    }
}

static unsigned int next_line[WRITERS];

static void in_order(unsigned int writer, unsigned int number)
{
    assert_true(writer < WRITERS);
    assert_int_equal(number, next_line[writer]);
    next_line[writer]++;
}

static unsigned int first_seen, last_seen, seen;

static void without_gap(unsigned int writer, unsigned int number)
{
    (void)writer;
    if (!seen++)
        first_seen = number;
    else
        assert_int_equal(number, last_seen + 1);
    last_seen = number;
}

TEST(a_full_file_is_renamed_and_the_oldest_goes)
{
    unsigned int i;

    remove_files();
    log_open("rotation", LOG_INFO, file);
    write_lines(0, 20000);
    for (i = 0; i <= LOG_FILES_KEPT; i++)
    {
        assert_true(size_of(i) > 0);
        assert_true(size_of(i) <= LOG_FILE_LIMIT + 1024);
        if (i)
            assert_true(size_of(i) >= LOG_FILE_LIMIT);
    }
    assert_int_equal(size_of(LOG_FILES_KEPT + 1), -1);
    read_lines(without_gap);
    assert_true(first_seen > 0);
    assert_int_equal(last_seen, 19999);
    log_open("rotation", LOG_NONE, NULL);
}

/* Each writer's lines are all there, once, in order. */
TEST(several_processes_write_to_one_file)
{
    PROCESS_INFORMATION processes[WRITERS];
    WCHAR program[MAX_PATH], line[MAX_PATH * 2];
    unsigned int i;

    remove_files();
    GetModuleFileNameW(NULL, program, MAX_PATH);
    for (i = 0; i < WRITERS; i++)
    {
        STARTUPINFOW startup = {.cb = sizeof(startup)};

        swprintf(line, ARRAYSIZE(line), L"\"%ls\" %u \"%ls\"", program, i, file);
        assert_true(start_process(line, FALSE, &startup, &processes[i]));
    }
    for (i = 0; i < WRITERS; i++)
    {
        assert_int_equal(WaitForSingleObject(processes[i].hProcess, 60000), WAIT_OBJECT_0);
        CloseHandle(processes[i].hProcess);
        CloseHandle(processes[i].hThread);
    }
    assert_true(size_of(1) > 0); /* otherwise nothing was rotated */
    read_lines(in_order);
    for (i = 0; i < WRITERS; i++)
        assert_int_equal(next_line[i], LINES);
}

int wmain(int argc, WCHAR **argv);

int wmain(int argc, WCHAR **argv)
{
    int failed;

    if (argc == 3)
    {
        log_open("writer", LOG_INFO, argv[2]);
        write_lines((unsigned int)_wtoi(argv[1]), LINES);
        return 0;
    }
    GetTempPathW(ARRAYSIZE(file) - 32, file);
    swprintf(file + wcslen(file), 32, L"nap-rotation-%lu.log", GetCurrentProcessId());
    failed = test_main(NULL, NULL);
    remove_files();
    return failed;
}
