/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Changes of the registry, through the journal (registry.h).
 *
 * The journal is written first: if the agent or the wineserver is killed before the registry has
 * the whole change, the next agent replays it. Before each operation but the last, the old state is
 * read. So if the registry rejects an operation, those before it are undone.
 *
 *   HKLM\Software\wine-nap\Journal
 *     "Sequence"   REG_QWORD, the last change that the registry has
 *
 * The number is not below the service's key: if an administrator exports that key and imports it
 * later, that must count as a change by hand and not as an older registry.
 */
#include "programs/napagent/registry.h"

#include <stdlib.h>
#include <string.h>

#include "libs/log/log.h"
#include "libs/napclient/napclient.h"

#define SEQUENCE_KEY L"Software\\wine-nap\\Journal"
#define SEQUENCE L"Sequence"
#define PARAMETERS L"Parameters"
#define PATTERNS L"RasPatterns"
#define KEY_LENGTH 512         /* characters, with the NUL; below the service's key */
#define MAX_DATA (1024 * 1024) /* larger values are not ours */

/* The agent's state: these keys with everything below them, and one of its parameters. */
static const WCHAR *const roots[] = {L"Qecs", L"Shas", L"Shvs", L"Ras", L"Rras", L"Correlation"};

static struct journal_change pending;
static bool collecting; /* between registry_begin() and registry_end() */

/* ---- the open key ---- */

static DWORD open_key(const WCHAR *name, REGSAM access, HKEY *key)
{
    WCHAR path[KEY_LENGTH + ARRAYSIZE(AGENT_SERVICE_KEY)];

    swprintf(path, ARRAYSIZE(path), L"%ls\\%ls", AGENT_SERVICE_KEY, name);
    return RegOpenKeyExW(HKEY_LOCAL_MACHINE, path, 0, access, key);
}

/* The open key of the last operation: the next operation usually has the same key. */
struct cursor
{
    HKEY key;
    WCHAR name[KEY_LENGTH];
    WCHAR created[KEY_LENGTH]; /* the highest key that was created for it, or empty */
};

/* Of changes, from the first question about one until registry_settle(): opening a key and closing
 * it are two requests to Wine's server. */
static struct cursor change_cursor;

static void cursor_close(struct cursor *cursor)
{
    if (cursor->key)
        RegCloseKey(cursor->key);
    cursor->key = NULL;
}

/* Finds the highest key of the path that does not exist. */
static void find_missing(const WCHAR *name, WCHAR *missing)
{
    const WCHAR *end = name;
    DWORD error = 0;
    HKEY key;

    while (!error && (end = wcschr(end, '\\')))
    {
        memcpy(missing, name, (end - name) * sizeof(*name));
        missing[end++ - name] = 0;
        if (!(error = open_key(missing, KEY_QUERY_VALUE, &key)))
            RegCloseKey(key);
    }
    if (!error)
        wcscpy(missing, name);
}

static DWORD cursor_move(struct cursor *cursor, const WCHAR *name, bool create)
{
    WCHAR path[KEY_LENGTH + ARRAYSIZE(AGENT_SERVICE_KEY)];
    DWORD error;

    if (cursor->key && !wcscmp(cursor->name, name))
        return 0;
    cursor_close(cursor);
    cursor->created[0] = 0;
    error = open_key(name, KEY_READ | KEY_WRITE, &cursor->key);
    if (error == ERROR_FILE_NOT_FOUND && create)
    {
        find_missing(name, cursor->created);
        swprintf(path, ARRAYSIZE(path), L"%ls\\%ls", AGENT_SERVICE_KEY, name);
        error = RegCreateKeyExW(HKEY_LOCAL_MACHINE, path, 0, NULL, 0, KEY_READ | KEY_WRITE, NULL,
                &cursor->key, NULL);
    }
    if (error)
        cursor->key = NULL;
    wcscpy(cursor->name, name);
    return error;
}

/* ---- operations ---- */

static struct journal_name name_of(const WCHAR *text)
{
    struct journal_name name = {(const uint8_t *)text, (uint16_t)wcslen(text)};

    return name;
}

static void add(struct journal_change *change, enum journal_operation_kind kind, const WCHAR *key,
        const WCHAR *name, DWORD type, const void *data, DWORD size)
{
    struct journal_operation operation = {kind, name_of(key), name_of(name), type, data, size};

    journal_change_add(change, &operation);
}

/* True if there is certainly nothing to delete: not if earlier operations of the same change may
 * create it, and not if the key may not be written, so that the delete fails. */
static bool is_absent(const WCHAR *key_name, const WCHAR *name)
{
    DWORD error;

    if (pending.count)
        return false;
    if (!(error = cursor_move(&change_cursor, key_name, false)) && name)
        error = RegQueryValueExW(change_cursor.key, name, NULL, NULL, NULL, NULL);
    return error == ERROR_FILE_NOT_FOUND;
}

void registry_set(const WCHAR *key, const WCHAR *name, DWORD type, const void *data, DWORD size)
{
    add(&pending, JOURNAL_SET, key, name, type, data, size);
}

void registry_delete_value(const WCHAR *key, const WCHAR *name)
{
    if (!is_absent(key, name))
        add(&pending, JOURNAL_DELETE_VALUE, key, name, 0, NULL, 0);
}

void registry_delete_key(const WCHAR *key)
{
    if (!is_absent(key, NULL))
        add(&pending, JOURNAL_DELETE_KEY, key, L"", 0, NULL, 0);
}

bool registry_has_key(const WCHAR *name)
{
    HKEY key;

    if (pending.count)
        return false;
    if (!cursor_move(&change_cursor, name, false))
        return true;
    if (open_key(name, KEY_QUERY_VALUE, &key))
        return false;
    RegCloseKey(key); /* it exists, but cannot be written */
    return true;
}

/* ---- the present state ---- */

/* Adds operations that create the key with everything below it. Omits what cannot be read: the
 * agent could not load it either. */
static bool add_tree(struct journal_change *change, HKEY key, const WCHAR *name)
{
    DWORD i, length, type, size, keys, values, longest, largest;
    WCHAR own[JOURNAL_MAX_NAME + 1], below[KEY_LENGTH];
    BYTE *data;
    HKEY child;
    bool good = true;

    if (RegQueryInfoKeyW(
                key, NULL, NULL, NULL, &keys, NULL, NULL, &values, &longest, &largest, NULL, NULL))
        return true;
    largest = min(largest, MAX_DATA);
    if (!(data = malloc(largest + 1)))
        return false;
    for (i = 0; i < values; i++)
    {
        length = ARRAYSIZE(own);
        size = largest;
        if (!RegEnumValueW(key, i, own, &length, NULL, &type, data, &size))
            add(change, JOURNAL_SET, name, own, type, data, size);
    }
    free(data);
    for (i = 0; i < keys && good; i++)
    {
        length = ARRAYSIZE(own);
        if (RegEnumKeyExW(key, i, own, &length, NULL, NULL, NULL, NULL)
                || wcslen(name) + 1 + length >= KEY_LENGTH
                || RegOpenKeyExW(key, own, 0, KEY_READ, &child))
            continue;
        swprintf(below, ARRAYSIZE(below), L"%ls\\%ls", name, own);
        good = add_tree(change, child, below);
        RegCloseKey(child);
    }
    return good && !change->failed;
}

/* Adds the operation that restores the value's present state. */
static bool add_value(
        struct journal_change *change, HKEY key, const WCHAR *key_name, const WCHAR *name)
{
    DWORD type, size = 0, error;
    BYTE *data;

    error = RegQueryValueExW(key, name, NULL, NULL, NULL, &size);
    if (error)
        add(change, JOURNAL_DELETE_VALUE, key_name, name, 0, NULL, 0);
    else if (!(data = malloc(size + 1)))
        return false;
    else
    {
        if (!RegQueryValueExW(key, name, NULL, &type, data, &size))
            add(change, JOURNAL_SET, key_name, name, type, data, size);
        free(data);
    }
    return !change->failed;
}

bool registry_snapshot(struct journal_change *snapshot)
{
    bool good = true;
    unsigned int i;
    HKEY key;

    for (i = 0; i < ARRAYSIZE(roots) && good; i++)
    {
        add(snapshot, JOURNAL_DELETE_KEY, roots[i], L"", 0, NULL, 0);
        if (open_key(roots[i], KEY_READ, &key))
            continue;
        good = add_tree(snapshot, key, roots[i]);
        RegCloseKey(key);
    }
    if (open_key(PARAMETERS, KEY_READ, &key))
        add(snapshot, JOURNAL_DELETE_VALUE, PARAMETERS, PATTERNS, 0, NULL, 0);
    else
    {
        good = good && add_value(snapshot, key, PARAMETERS, PATTERNS);
        RegCloseKey(key);
    }
    return good && !snapshot->failed;
}

/* ---- making operations ---- */

/* Any program may write the journal's file, so only operations on the agent's own keys are made. */
static bool is_ours(const WCHAR *key, const WCHAR *name, enum journal_operation_kind kind)
{
    unsigned int i;

    for (i = 0; i < ARRAYSIZE(roots); i++)
    {
        size_t length = wcslen(roots[i]);

        if (!_wcsnicmp(key, roots[i], length) && (!key[length] || key[length] == '\\'))
            return true;
    }
    return kind != JOURNAL_DELETE_KEY && !wcscmp(key, PARAMETERS) && !wcscmp(name, PATTERNS);
}

static bool copy_name(struct journal_name name, WCHAR *text, size_t length)
{
    if (name.length >= length)
        return false;
    memcpy(text, name.units, name.length * sizeof(WCHAR));
    text[name.length] = 0;
    return wcslen(text) == name.length;
}

static DWORD delete_tree(const WCHAR *name)
{
    WCHAR path[KEY_LENGTH + ARRAYSIZE(AGENT_SERVICE_KEY)];

    swprintf(path, ARRAYSIZE(path), L"%ls\\%ls", AGENT_SERVICE_KEY, name);
    return RegDeleteTreeW(HKEY_LOCAL_MACHINE, path);
}

/* Makes one operation. `inverse`, if not NULL, gets the operations that undo it. `last`: the
 * operation itself is never undone, only keys that were created for it. */
static DWORD make(struct cursor *cursor, const struct journal_operation *operation,
        struct journal_change *inverse, bool last)
{
    WCHAR key[KEY_LENGTH], name[JOURNAL_MAX_NAME + 1];
    DWORD error;
    HKEY tree;

    if (!copy_name(operation->key, key, ARRAYSIZE(key))
            || !copy_name(operation->name, name, ARRAYSIZE(name))
            || !is_ours(key, name, operation->kind))
        return ERROR_INVALID_DATA;
    if (operation->kind == JOURNAL_DELETE_KEY)
    {
        cursor_close(cursor);
        if (inverse && !last && !open_key(key, KEY_READ, &tree))
        {
            bool good = add_tree(inverse, tree, key);

            RegCloseKey(tree);
            if (!good)
                return ERROR_NOT_ENOUGH_MEMORY;
        }
        error = delete_tree(key);
    }
    else
    {
        error = cursor_move(cursor, key, operation->kind == JOURNAL_SET);
        /* Even if creating the path failed halfway. The service's own Parameters stay. */
        if (inverse && cursor->created[0] && is_ours(cursor->created, L"", JOURNAL_DELETE_KEY))
            add(inverse, JOURNAL_DELETE_KEY, cursor->created, L"", 0, NULL, 0);
        else if (!error && inverse && !last && !add_value(inverse, cursor->key, key, name))
            return ERROR_NOT_ENOUGH_MEMORY;
        if (error)
            return error == ERROR_FILE_NOT_FOUND && operation->kind != JOURNAL_SET ? 0 : error;
        if (operation->kind == JOURNAL_SET)
            return RegSetValueExW(
                    cursor->key, name, 0, operation->type, operation->data, operation->size);
        error = RegDeleteValueW(cursor->key, name);
    }
    return error == ERROR_FILE_NOT_FOUND ? 0 : error;
}

DWORD registry_replay(struct journal_record record)
{
    struct journal_operation operation;
    struct cursor cursor = {0};
    DWORD error, result = 0;
    WCHAR key[KEY_LENGTH];

    while (journal_next_operation(&record, &operation))
        if ((error = make(&cursor, &operation, NULL, false)))
        {
            if (!copy_name(operation.key, key, ARRAYSIZE(key)))
                wcscpy(key, L"?");
            log_event(LOG_ERROR, 0, "journal",
                    "%s cannot be written to the registry, key %ls: error "
                    "%lu",
                    record.sequence ? "a change of the journal" : "the old state", key, error);
            result = error;
        }
    cursor_close(&cursor);
    return result;
}

static struct journal_record record_of(const struct journal_change *change)
{
    struct journal_record record = {.operations = change->bytes + JOURNAL_HEADER_SIZE,
            .size = change->size - JOURNAL_HEADER_SIZE};

    return record;
}

/* Makes all operations of the change or none. */
static DWORD make_all(const struct journal_change *change)
{
    struct journal_change *inverses = calloc(change->count, sizeof(*inverses));
    struct journal_record record = record_of(change);
    struct journal_operation operation;
    DWORD error = inverses ? 0 : ERROR_NOT_ENOUGH_MEMORY;
    size_t made = 0, i;

    while (!error && journal_next_operation(&record, &operation))
    {
        error = make(&change_cursor, &operation, &inverses[made], made + 1 == change->count);
        made++;
    }
    if (error)
        cursor_close(&change_cursor);
    for (i = made; error && i--;)
        if (inverses[i].count)
            registry_replay(record_of(&inverses[i]));
    for (i = 0; i < made; i++)
        journal_change_clear(&inverses[i]);
    free(inverses);
    return error;
}

DWORD registry_commit(void)
{
    DWORD error = 0;

    if (collecting)
        return 0;
    if (pending.failed)
        error = ERROR_NOT_ENOUGH_MEMORY;
    else if (pending.count && !(error = journal_append(&pending)))
    {
        if ((error = make_all(&pending)))
            journal_take_back();
        else
            journal_applied();
    }
    journal_change_clear(&pending);
    return error;
}

void registry_begin(void)
{
    collecting = true;
}

DWORD registry_end(bool keep)
{
    collecting = false;
    if (!keep)
        journal_change_clear(&pending);
    return registry_commit();
}

void registry_settle(void)
{
    cursor_close(&change_cursor);
    journal_settle();
}

/* ---- the number ---- */

ULONGLONG registry_sequence(void)
{
    DWORD size = sizeof(ULONGLONG), type;
    ULONGLONG sequence = 0;
    HKEY key;

    if (RegOpenKeyExW(HKEY_LOCAL_MACHINE, SEQUENCE_KEY, 0, KEY_READ | KEY_WOW64_64KEY, &key))
        return 0;
    if (RegQueryValueExW(key, SEQUENCE, NULL, &type, (BYTE *)&sequence, &size) || type != REG_QWORD
            || size != sizeof(sequence))
        sequence = 0;
    RegCloseKey(key);
    return sequence;
}

DWORD registry_set_sequence(ULONGLONG sequence)
{
    static HKEY key; /* stays open: there may be hundreds of changes a second */
    DWORD error = ERROR_KEY_DELETED, tries;

    for (tries = 0; error && tries < 2; tries++)
    {
        if (!key
                && (error = RegCreateKeyExW(HKEY_LOCAL_MACHINE, SEQUENCE_KEY, 0, NULL, 0,
                            KEY_READ | KEY_WRITE | KEY_WOW64_64KEY, NULL, &key, NULL)))
            key = NULL;
        else if ((error = RegSetValueExW(
                          key, SEQUENCE, 0, REG_QWORD, (const BYTE *)&sequence, sizeof(sequence))))
        {
            RegCloseKey(key);
            key = NULL;
        }
    }
    return error;
}
