/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * One look at the host. tools/hooks/napagent-hook runs host-health, ends it when its time is over,
 * and keeps the beginning of what it prints; libs/hosthealth reads that. Whatever goes wrong, every
 * class is then unknown, and the log says so once.
 */
#include "programs/napwsha/napwsha.h"

#include <stdio.h>
#include <string.h>

#include "libs/hosthook/hosthook.h"
#include "libs/log/log.h"

#define FOLDERS L"napwsha"
#define ALLOWANCE 15000  /* ms that the script may take beside the program */
#define POLL_INTERVAL 50 /* ms, at most */
#define FAULT_SIZE 200   /* of a line of the record */

static char lines[HOOK_REPORT_MAX + 1]; /* one more than allowed; only watch()'s thread looks */
static size_t size;
static char fault[FAULT_SIZE]; /* of this look; empty: none */

/* ---- running host-health ---- */

/* What the end of the run means for the look. */
static void set_fault(const struct settings *settings, DWORD error, int exit_status)
{
    const char *program = settings->program;

    *fault = 0;
    if (error == ERROR_TIMEOUT)
        snprintf(fault, FAULT_SIZE, "%s hung and was ended after %lu ms", program,
                settings->look_timeout);
    else if (error == ERROR_FILE_NOT_FOUND)
        snprintf(fault, FAULT_SIZE, "there is no program %s, or it is not executable", program);
    else if (error == ERROR_ACCESS_DENIED)
        snprintf(fault, FAULT_SIZE, "%s is not run: others may change it, or a folder above it",
                program);
    else if (error == ERROR_MOD_NOT_FOUND)
        snprintf(fault, FAULT_SIZE,
                "napagent-hook is missing beside napwsha.exe; tools/setup.sh install brings it");
    else if (error)
        snprintf(fault, FAULT_SIZE, "%s could not be run: error %lu", program, error);
    else if (size > HOOK_REPORT_MAX)
        snprintf(fault, FAULT_SIZE, "%s printed more than %d bytes", program, HOOK_REPORT_MAX);
    else if (exit_status)
        snprintf(fault, FAULT_SIZE, "%s ended with exit status %d", program, exit_status);
    else if (!size)
        snprintf(fault, FAULT_SIZE, "%s printed nothing", program);
}

static void read_lines(const WCHAR *folder)
{
    size_t read;

    for (size = 0;
            size < sizeof(lines)
            && (read = hook_folder_output(folder, size, lines + size, sizeof(lines) - size));)
        size += read;
}

/* False: `stop` is set. */
static bool wait_for_end(const struct settings *settings, const WCHAR *folder, HANDLE stop)
{
    ULONGLONG begun = GetTickCount64(), passed = 0;
    DWORD error = ERROR_GEN_FAILURE;
    int exit_status = 0;
    char status[64];

    while (passed < (ULONGLONG)settings->look_timeout + ALLOWANCE)
    {
        if (hook_folder_read(folder, status, sizeof(status)))
        {
            error = hook_status_read(status, &exit_status);
            read_lines(folder);
            break;
        }
        if (WaitForSingleObject(stop, (DWORD)min(POLL_INTERVAL, 1 + passed / 16)) == WAIT_OBJECT_0)
            return false;
        passed = GetTickCount64() - begun;
    }
    set_fault(settings, error, exit_status);
    return true;
}

/* Fills `lines` and `fault`. False: `stop` is set. */
static bool run(const struct settings *settings, HANDLE stop)
{
    char bytes[sizeof(settings->program) + 16];
    size_t length = strlen(settings->program) + 1;
    WCHAR folder[MAX_PATH];
    bool goes_on = true;
    DWORD error;

    size = 0;
    memcpy(bytes, settings->program, length);
    /* A program of the administrator need not know our options. */
    if (settings->program[0] != '/')
        length += (size_t)snprintf(bytes + length, sizeof(bytes) - length, "--cache") + 1;
    if (!(error = hook_folder_create(FOLDERS, folder)))
    {
        if (!(error = hook_folder_write(folder, settings->look_timeout, bytes, length))
                && !(error = hook_script_start(folder, L"napagent-hook report")))
            goes_on = wait_for_end(settings, folder, stop);
        hook_folder_remove(folder);
    }
    if (error)
        set_fault(settings, error, 0);
    return goes_on;
}

/* ---- the record ---- */

static void write_record(void)
{
    WCHAR path[MAX_PATH], new_path[MAX_PATH + 8];
    char head[64 + FAULT_SIZE];
    FILETIME now;
    HANDLE file;
    DWORD written;
    bool done;
    int length;

    ExpandEnvironmentStringsW(HEALTH_RECORD_FILE, path, MAX_PATH);
    swprintf(new_path, ARRAYSIZE(new_path), L"%ls.new", path);
    GetSystemTimeAsFileTime(&now);
    length = snprintf(head, sizeof(head), HOST_HEALTH_LOOK_TIME "=%llu\n%s%s%s",
            (unsigned long long)now.dwHighDateTime << 32 | now.dwLowDateTime,
            *fault ? HOST_HEALTH_LOOK_FAULT "=" : "", fault, *fault ? "\n" : "");
    file = CreateFileW(
            new_path, GENERIC_WRITE, 0, NULL, CREATE_ALWAYS, FILE_ATTRIBUTE_NORMAL, NULL);
    done = file != INVALID_HANDLE_VALUE && WriteFile(file, head, (DWORD)length, &written, NULL)
           && (*fault || WriteFile(file, lines, (DWORD)size, &written, NULL));
    if (file != INVALID_HANDLE_VALUE)
        CloseHandle(file);
    if (!done || !MoveFileExW(new_path, path, MOVEFILE_REPLACE_EXISTING))
        log_event(LOG_WARN, WSH_ID, "record", "%ls cannot be written: error %lu", path,
                GetLastError());
}

/* ---- the look ---- */

/* Reads a copy: reading changes the text, and the record has it unchanged. */
static void read_statement(const struct settings *settings, struct host_statement *statement)
{
    static char text[sizeof(lines)];
    static struct host_health health;
    const char *broken;
    unsigned int line;

    if (!*fault)
    {
        memcpy(text, lines, size);
        broken = host_health_read(text, size, &health, &line);
        if (!broken && (health.look_time || health.look_fault))
            broken = "the keys look. are the record's";
        if (broken)
            snprintf(fault, FAULT_SIZE, "%s, line %u: %s", settings->program, line, broken);
    }
    if (*fault)
        host_statement_unknown(HOST_LOOK_FAILED, statement);
    else
        host_statement_make(&health, statement);
}

/* Logs a fault when it appears, not at each look. */
static void log_fault(void)
{
    static char before[FAULT_SIZE];

    if (!strcmp(fault, before))
        return;
    if (*fault)
        log_event(
                LOG_ERROR, WSH_ID, "host-health", "%s; every class is reported as unknown", fault);
    else
        log_event(LOG_INFO, WSH_ID, "host-health", "it says again what it finds");
    strcpy(before, fault);
}

bool look(const struct settings *settings, HANDLE stop, struct host_statement *statement)
{
    char *at;

    if (!run(settings, stop))
        return false;
    read_statement(settings, statement);
    log_fault();
    for (at = fault; *at; at++) /* the record has printable ASCII only */
        if (*at < 0x20 || *at > 0x7e)
            *at = '?';
    write_record();
    return true;
}
