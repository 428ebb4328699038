/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * The journal's file (libs/journal has its format):
 *
 *   C:\windows\system32\config\napagent.journal
 *
 * Wine writes the registry to the disk about every 30 s and when it is shut down. RegFlushKey does
 * nothing, but FlushFileBuffers is an fsync. After a crash the registry is as it was at one moment,
 * with the number of the last change that it had then (registry.c). So at the start
 *
 *   changes with greater numbers are replayed: the registry was written before them;
 *   else the registry counts, even if it was changed by hand;
 *   a greater number in the registry means that the journal is old or was removed.
 *
 * A change in the registry need not be on the disk: one wineserver may outlive many agents. So a
 * record is removed only when a snapshot of the whole state has replaced it, in a new file that is
 * on the disk before it is renamed. The number of a new snapshot is the time of day if that is
 * greater. So a journal that is begun after an older one was removed is newer than any registry
 * with changes of the older one.
 *
 * Zeros follow the records, so that the file does not grow with each of them: then FlushFileBuffers
 * has no new size to put on the disk. Nothing is lost if the disk has no space for the zeros.
 */
#include "programs/napagent/registry.h"

#include <stdlib.h>
#include <string.h>
#include <wchar.h>

#include "libs/log/log.h"

#define OTHERS_PATIENCE 2000 /* ms to wait while another process has the file open */

static struct
{
    bool used; /* journal_open() was called */
    WCHAR path[MAX_PATH], next_path[MAX_PATH], damaged_path[MAX_PATH];
    HANDLE file;          /* NULL: not open */
    ULONGLONG size;       /* bytes of valid records */
    ULONGLONG capacity;   /* bytes of the file; zeros follow the records */
    ULONGLONG snapshot;   /* bytes of the first record */
    ULONGLONG sequence;   /* the number of the last record */
    ULONGLONG applied;    /* the registry has this change but not its number; 0: none */
    ULONGLONG taken_back; /* bytes that the last append added */
    bool begin_anew;      /* nothing may be appended to this file */
    bool behind;          /* a change could not be replayed: the registry keeps its number */
} journal;

static bool find_paths(void)
{
    WCHAR folder[MAX_PATH];
    UINT length = GetSystemWindowsDirectoryW(folder, ARRAYSIZE(folder));
    BOOL wow64 = FALSE;

    if (!length || length > MAX_PATH - 64)
        return false;
    IsWow64Process(GetCurrentProcess(), &wow64);
    wcscat(folder, wow64 ? L"\\sysnative\\config" : L"\\system32\\config");
    CreateDirectoryW(folder, NULL);
    swprintf(journal.path, MAX_PATH, L"%ls\\napagent.journal", folder);
    swprintf(journal.next_path, MAX_PATH, L"%ls.new", journal.path);
    swprintf(journal.damaged_path, MAX_PATH, L"%ls.damaged", journal.path);
    return true;
}

static void close_file(void)
{
    if (journal.file)
        CloseHandle(journal.file);
    journal.file = NULL;
}

/* Opens the journal. With write access, no other process may write to it meanwhile. */
static DWORD open_file(DWORD access)
{
    DWORD error = 0, waited;

    for (waited = 0;; waited += 50)
    {
        journal.file = CreateFileW(journal.path, access,
                access & GENERIC_WRITE ? FILE_SHARE_READ : FILE_SHARE_READ | FILE_SHARE_WRITE, NULL,
                OPEN_EXISTING, FILE_ATTRIBUTE_NORMAL, NULL);
        if (journal.file != INVALID_HANDLE_VALUE)
            return 0;
        error = GetLastError();
        journal.file = NULL;
        if (error != ERROR_SHARING_VIOLATION || waited >= OTHERS_PATIENCE)
            return error;
        Sleep(50); /* an agent that was killed, or a backup */
    }
}

static DWORD write_at(HANDLE file, ULONGLONG offset, const void *bytes, size_t size)
{
    LARGE_INTEGER to = {.QuadPart = (LONGLONG)offset};
    DWORD written = 0;

    if (!SetFilePointerEx(file, to, NULL, FILE_BEGIN)
            || !WriteFile(file, bytes, (DWORD)size, &written, NULL))
        return GetLastError();
    return written == size ? 0 : ERROR_DISK_FULL;
}

static DWORD truncate_at(HANDLE file, ULONGLONG offset)
{
    LARGE_INTEGER to = {.QuadPart = (LONGLONG)offset};

    return SetFilePointerEx(file, to, NULL, FILE_BEGIN) && SetEndOfFile(file) ? 0 : GetLastError();
}

/* Writes a record to the disk at the end of the records. *capacity is the file's size; extends the
 * file with zeros if the record does not fit. */
static DWORD write_record(
        HANDLE file, ULONGLONG offset, const struct journal_change *record, ULONGLONG *capacity)
{
    static const BYTE zeros[JOURNAL_STEP];
    ULONGLONG end = offset + record->size;
    DWORD error = write_at(file, offset, record->bytes, record->size);

    if (!error && end > *capacity)
    {
        *capacity = journal_capacity(end);
        if (write_at(file, end, zeros, (size_t)(*capacity - end)))
            error = truncate_at(file, *capacity = end); /* no space for zeros */
    }
    if (!error && !FlushFileBuffers(file))
        error = GetLastError();
    return error;
}

/* Truncates the file after its valid records. */
static DWORD cut(void)
{
    DWORD error = truncate_at(journal.file, journal.size);

    if (!error && !FlushFileBuffers(journal.file))
        error = GetLastError();
    if (!error)
        journal.capacity = journal.size;
    return error;
}

/* ---- a new file ---- */

static ULONGLONG time_of_day(void)
{
    FILETIME now;

    GetSystemTimeAsFileTime(&now);
    return (ULONGLONG)now.dwHighDateTime << 32 | now.dwLowDateTime;
}

/* Writes a new file to the disk, and then renames it. A kill leaves the old file or the new one. */
static DWORD replace_file(const struct journal_change *snapshot, ULONGLONG *capacity)
{
    HANDLE file = CreateFileW(
            journal.next_path, GENERIC_WRITE, 0, NULL, CREATE_ALWAYS, FILE_ATTRIBUTE_NORMAL, NULL);
    DWORD error;

    if (file == INVALID_HANDLE_VALUE)
        return GetLastError();
    *capacity = 0;
    error = write_record(file, 0, snapshot, capacity);
    CloseHandle(file);
    if (!error)
    {
        close_file();
        if (!MoveFileExW(journal.next_path, journal.path,
                    MOVEFILE_REPLACE_EXISTING | MOVEFILE_WRITE_THROUGH))
            error = GetLastError();
    }
    if (error)
        DeleteFileW(journal.next_path);
    return error;
}

/* Begins a new file with a snapshot of the registry, which the caller frees. */
static DWORD begin_anew(struct journal_change *snapshot)
{
    ULONGLONG sequence = max(journal.sequence + 1, time_of_day()), capacity;
    DWORD error;

    if (!journal_change_seal(snapshot, JOURNAL_SNAPSHOT, sequence))
        return ERROR_NOT_ENOUGH_MEMORY;
    error = replace_file(snapshot, &capacity);
    if (!journal.file)
    {
        DWORD failed = open_file(GENERIC_READ | GENERIC_WRITE);

        if (!error)
            error = failed;
        if (failed)
            journal.begin_anew = true; /* the file cannot be appended to */
    }
    if (error)
        return error;
    /* A flush after the rename puts the name on the disk too. */
    if (!FlushFileBuffers(journal.file))
    {
        journal.begin_anew = true;
        return GetLastError();
    }
    journal.begin_anew = journal.behind = false;
    journal.sequence = sequence;
    journal.size = journal.snapshot = snapshot->size;
    journal.capacity = capacity;
    journal_applied();
    journal_settle();
    return 0;
}

static DWORD compact(void)
{
    struct journal_change snapshot = {0};
    DWORD error = registry_snapshot(&snapshot) ? begin_anew(&snapshot) : ERROR_NOT_ENOUGH_MEMORY;

    journal_change_clear(&snapshot);
    return error;
}

/* ---- the start ---- */

/* The caller free()s *bytes, which is unchanged if the file is empty. */
static DWORD read_file(uint8_t **bytes, size_t *size)
{
    LARGE_INTEGER length, begin = {.QuadPart = 0};
    DWORD got;

    if (!GetFileSizeEx(journal.file, &length))
        return GetLastError();
    if (length.QuadPart > JOURNAL_MAX_SIZE)
        return ERROR_FILE_TOO_LARGE;
    if (!length.QuadPart)
        return 0;
    if (!(*bytes = malloc((size_t)length.QuadPart)))
        return ERROR_NOT_ENOUGH_MEMORY;
    *size = (size_t)length.QuadPart;
    if (!SetFilePointerEx(journal.file, begin, NULL, FILE_BEGIN)
            || !ReadFile(journal.file, *bytes, (DWORD)*size, &got, NULL))
        return GetLastError();
    return got == *size ? 0 : ERROR_READ_FAULT;
}

/* Replays the changes that the registry does not have. Returns why reading ended; reader->offset is
 * the end of the valid records. */
static enum journal_found replay(struct journal_reader *reader, ULONGLONG known)
{
    struct journal_record record;
    enum journal_found found;
    unsigned int made = 0;
    DWORD error = 0;

    while ((found = journal_read(reader, &record)) == JOURNAL_RECORD)
    {
        journal.sequence = record.sequence;
        if (!journal.snapshot)
            journal.snapshot = reader->offset;
        if (record.sequence <= known)
            continue;
        if (registry_replay(record))
            journal.behind = true;
        made++;
    }
    journal.size = reader->offset;
    if (made && !journal.behind && (error = registry_set_sequence(journal.sequence)))
        log_event(LOG_WARN, 0, "journal",
                "the number of the last change cannot be written: error "
                "%lu",
                error);
    if (made)
        log_event(LOG_INFO, 0, "journal",
                "the registry was older than the journal: %u changes are "
                "replayed",
                made);
    return found;
}

static void keep_aside(size_t at)
{
    close_file();
    if (!MoveFileExW(journal.path, journal.damaged_path, MOVEFILE_REPLACE_EXISTING))
        log_event(LOG_ERROR, 0, "journal", "%ls is damaged and cannot be renamed: error %lu",
                journal.path, GetLastError());
    log_event(LOG_ERROR, 0, "journal",
            "%ls is damaged at byte %llu: changes after that may be "
            "lost if the prefix was not shut down cleanly; the file is kept as %ls; check the "
            "registrations and tables (napctl), then remove it",
            journal.path, (unsigned long long)at, journal.damaged_path);
}

/* Brings the registry up to the journal. True if the file can be appended to. */
static bool settle(const uint8_t *bytes, size_t size)
{
    struct journal_reader reader = {bytes, size, 0, 0};
    ULONGLONG known = registry_sequence();
    enum journal_found found = size ? replay(&reader, known) : JOURNAL_END;

    journal.capacity = size;
    if (found == JOURNAL_DAMAGED)
    {
        keep_aside(reader.offset);
        journal.sequence = max(reader.sequence, known);
        return false;
    }
    while (size > reader.offset && !bytes[size - 1])
        size--;
    if (found == JOURNAL_TORN)
        log_event(LOG_WARN, 0, "journal",
                "the last %llu bytes of %ls are dropped: the agent was "
                "killed before that change was acknowledged",
                (unsigned long long)(size - reader.offset), journal.path);
    if (known > journal.sequence)
    {
        if (journal.sequence)
            log_event(LOG_WARN, 0, "journal",
                    "%ls is older than the registry; the registry counts, and a new "
                    "journal is begun",
                    journal.path);
        journal.sequence = known;
        return false;
    }
    return size && (found == JOURNAL_END || !cut());
}

/* True if this snapshot is the file's only record. */
static bool is_snapshot(const uint8_t *bytes, const struct journal_change *snapshot)
{
    return journal.size == snapshot->size
           && !memcmp(bytes + JOURNAL_HEADER_SIZE, snapshot->bytes + JOURNAL_HEADER_SIZE,
                   snapshot->size - JOURNAL_HEADER_SIZE);
}

DWORD journal_open(void)
{
    struct journal_change snapshot = {0};
    uint8_t *bytes = NULL;
    size_t size = 0;
    bool writable;
    DWORD error;

    journal.used = true;
    if (!find_paths())
        return ERROR_PATH_NOT_FOUND;
    error = open_file(GENERIC_READ | GENERIC_WRITE);
    writable = !error;
    if (error && error != ERROR_FILE_NOT_FOUND && error != ERROR_PATH_NOT_FOUND)
        error = open_file(GENERIC_READ);
    if (journal.file && !error)
        error = read_file(&bytes, &size);
    if (error && error != ERROR_FILE_NOT_FOUND && error != ERROR_PATH_NOT_FOUND)
    {
        log_event(LOG_ERROR, 0, "journal",
                "%ls cannot be read: error %lu; correct that, or remove "
                "the file if the changes since the registry was last written may be lost",
                journal.path, error);
        close_file();
        free(bytes);
        return error;
    }
    journal.begin_anew = !settle(bytes, size) || !writable;
    if (!journal.behind)
    {
        if (!registry_snapshot(&snapshot))
            error = ERROR_NOT_ENOUGH_MEMORY;
        else if (journal.begin_anew || !is_snapshot(bytes, &snapshot))
            error = begin_anew(&snapshot);
        else
            error = 0;
        if (error)
            log_event(LOG_WARN, 0, "journal", "%ls cannot be written: error %lu%s", journal.path,
                    error, journal.begin_anew ? "; nothing can be changed until it can" : "");
    }
    journal_change_clear(&snapshot);
    free(bytes);
    return 0;
}

void journal_close(void)
{
    close_file();
    memset(&journal, 0, sizeof(journal));
}

/* ---- changes ---- */

/* Logs a failed write. Returns the client's error: the disk is full, or it cannot be written. */
static DWORD failure(DWORD error)
{
    bool full = error == ERROR_DISK_FULL || error == ERROR_HANDLE_DISK_FULL;

    log_event(LOG_ERROR, 0, "journal", "%ls cannot be written: error %lu%s", journal.path, error,
            full ? "; free space on its disk" : "");
    return full ? ERROR_DISK_FULL : ERROR_CANTWRITE;
}

/* Removes a record that may be in the file but must not be. If that fails, the file is replaced. */
static void cut_or_begin_anew(void)
{
    if (cut())
        journal.begin_anew = true;
}

DWORD journal_append(struct journal_change *change)
{
    DWORD error = 0;

    if (!journal.used)
        return 0;
    journal.taken_back = 0;
    if (journal.begin_anew || (!journal.behind && journal_is_long(journal.size, journal.snapshot)))
    {
        error = compact();
        if (error && journal.begin_anew)
            return failure(error);
        if (error)
            journal.snapshot = journal.size; /* do not retry with every change */
    }
    if (!journal_change_seal(change, JOURNAL_CHANGE, journal.sequence + 1))
        return ERROR_NOT_ENOUGH_MEMORY;
    if ((error = write_record(journal.file, journal.size, change, &journal.capacity)))
    {
        cut_or_begin_anew();
        return failure(error);
    }
    journal.sequence++;
    journal.size += change->size;
    journal.taken_back = change->size;
    return 0;
}

void journal_applied(void)
{
    journal.applied = journal.sequence;
}

void journal_settle(void)
{
    ULONGLONG applied = journal.applied;
    DWORD error;

    journal.applied = 0;
    /* If the number cannot be written, the changes are replayed at the next start. */
    if (applied && !journal.behind && (error = registry_set_sequence(applied)))
        log_event(LOG_WARN, 0, "journal",
                "the number of the last change cannot be written: error "
                "%lu",
                error);
}

void journal_take_back(void)
{
    if (!journal.used)
        return;
    journal.size -= journal.taken_back;
    journal.taken_back = 0;
    cut_or_begin_anew();
}

DWORD journal_remove(void)
{
    const WCHAR *const paths[] = {journal.path, journal.next_path, journal.damaged_path};
    unsigned int i;

    if (!find_paths())
        return ERROR_PATH_NOT_FOUND;
    for (i = 0; i < ARRAYSIZE(paths); i++)
        if (!DeleteFileW(paths[i]) && GetLastError() != ERROR_FILE_NOT_FOUND
                && GetLastError() != ERROR_PATH_NOT_FOUND)
            return GetLastError();
    return 0;
}
