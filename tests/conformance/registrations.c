/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Registrations that last: in the registry, below HKLM\SYSTEM\CurrentControlSet\Services\napagent.
 * Unusable entries there are ignored and not changed.
 */

#include "enforcer.h"

#include <stdio.h>
#include <string.h>

#define AGENT_KEY L"System\\CurrentControlSet\\Services\\napagent"
#define QECS AGENT_KEY L"\\Qecs"
#define SHAS AGENT_KEY L"\\Shas"

#define SOUND 11259500u /* a health agent whose registry entry is valid */
#define FIRST_BAD 11259501u
#define BAD_CACHE 11259600u
#define SHARED 11259700u /* the component that two administrators register */
#define FIRST_OWN 11259701u
#define OWN_COUNT 3
#define ROUNDS 12

static const WCHAR *const roots[] = {QECS, SHAS};

/* ---- the registry ---- */

static const struct
{
    const WCHAR *name;
    DWORD type;
    const void *data;
    DWORD size;
} values[] = {
        {L"Friendly Name", REG_SZ, L"Sound", sizeof(L"Sound")},
        {L"Description", REG_SZ, L"In order", sizeof(L"In order")},
        {L"Version", REG_SZ, L"1.0", sizeof(L"1.0")},
        {L"Vendor Name", REG_SZ, L"Us", sizeof(L"Us")},
        {L"Info Clsid", REG_SZ, L"{00000000-0000-0000-0000-000000000000}", 78},
        {L"Config Clsid", REG_SZ, L"{00000000-0000-0000-0000-000000000000}", 78},
        {L"Registration Date", REG_QWORD, "\0\0\0\0\0\0\xcb\x01", 8},
        {L"Enabled", REG_DWORD, "\1\0\0", 4},
        {L"Component Type", REG_DWORD, "\0\0\0", 4},
};

static void set_value(const WCHAR *root, const WCHAR *key, const WCHAR *name, DWORD type,
        const void *data, DWORD size)
{
    WCHAR path[512];
    HKEY opened;

    swprintf(path, ARRAYSIZE(path), L"%ls\\%ls", root, key);
    assert_int_equal(
            RegCreateKeyExW(HKEY_LOCAL_MACHINE, path, 0, NULL, 0, KEY_WRITE, NULL, &opened, NULL),
            ERROR_SUCCESS);
    if (name)
        assert_int_equal(RegSetValueExW(opened, name, 0, type, data, size), ERROR_SUCCESS);
    RegCloseKey(opened);
}

/* Writes a valid registration, except for the value `without`. */
static void set_registration(const WCHAR *root, const WCHAR *key, const WCHAR *without)
{
    size_t i;

    for (i = 0; i < ARRAYSIZE(values); i++)
        if (!without || wcscmp(values[i].name, without))
            set_value(root, key, values[i].name, values[i].type, values[i].data, values[i].size);
}

static void remove_key(const WCHAR *root, const WCHAR *key)
{
    WCHAR path[512];

    swprintf(path, ARRAYSIZE(path), L"%ls\\%ls", root, key);
    RegDeleteTreeW(HKEY_LOCAL_MACHINE, path);
}

static const WCHAR *name_of(DWORD id)
{
    static WCHAR name[16];

    swprintf(name, ARRAYSIZE(name), L"%lu", id);
    return name;
}

/* Everything in a key, as bytes. */
struct dump
{
    size_t size;
    BYTE bytes[1 << 20];
};

static void dump_bytes(struct dump *dump, const void *bytes, size_t size)
{
    assert_true(dump->size + size <= sizeof(dump->bytes));
    memcpy(dump->bytes + dump->size, bytes, size);
    dump->size += size;
}

static void dump_key(struct dump *dump, HKEY parent, const WCHAR *path)
{
    static BYTE data[1 << 17];
    WCHAR name[300];
    DWORD i, length, type, size;
    HKEY key;

    assert_int_equal(RegOpenKeyExW(parent, path, 0, KEY_READ, &key), ERROR_SUCCESS);
    for (i = 0; length = ARRAYSIZE(name), size = sizeof(data),
        !RegEnumValueW(key, i, name, &length, NULL, &type, data, &size);
            i++)
    {
        dump_bytes(dump, name, (length + 1) * sizeof(WCHAR));
        dump_bytes(dump, &type, sizeof(type));
        dump_bytes(dump, &size, sizeof(size));
        dump_bytes(dump, data, size);
    }
    for (i = 0;
            length = ARRAYSIZE(name), !RegEnumKeyExW(key, i, name, &length, NULL, NULL, NULL, NULL);
            i++)
    {
        dump_bytes(dump, name, (length + 1) * sizeof(WCHAR));
        dump_key(dump, key, name);
    }
    RegCloseKey(key);
}

static void dump_registrations(struct dump *dump)
{
    dump->size = 0;
    dump_key(dump, HKEY_LOCAL_MACHINE, QECS);
    dump_key(dump, HKEY_LOCAL_MACHINE, SHAS);
}

/* ---- the log ---- */

static LONGLONG log_end(void)
{
    WCHAR path[MAX_PATH];
    LARGE_INTEGER size = {.QuadPart = 0};
    HANDLE file;

    GetWindowsDirectoryW(path, MAX_PATH);
    wcscat(path, L"\\Logs\\napagent.log");
    file = CreateFileW(path, GENERIC_READ, FILE_SHARE_READ | FILE_SHARE_WRITE | FILE_SHARE_DELETE,
            NULL, OPEN_EXISTING, 0, NULL);
    if (file != INVALID_HANDLE_VALUE)
    {
        GetFileSizeEx(file, &size);
        CloseHandle(file);
    }
    return size.QuadPart;
}

static char log_text[1 << 18];

static void read_log(LONGLONG from)
{
    WCHAR path[MAX_PATH];
    LARGE_INTEGER position = {.QuadPart = from};
    DWORD got = 0;
    HANDLE file;

    GetWindowsDirectoryW(path, MAX_PATH);
    wcscat(path, L"\\Logs\\napagent.log");
    file = CreateFileW(path, GENERIC_READ, FILE_SHARE_READ | FILE_SHARE_WRITE | FILE_SHARE_DELETE,
            NULL, OPEN_EXISTING, 0, NULL);
    assert_true(file != INVALID_HANDLE_VALUE);
    SetFilePointerEx(file, position, NULL, FILE_BEGIN);
    ReadFile(file, log_text, sizeof(log_text) - 1, &got, NULL);
    log_text[got] = 0;
    CloseHandle(file);
}

/* The log names this registration as ignored. */
static bool log_has(const WCHAR *root, const WCHAR *key)
{
    char words[400];

    snprintf(
            words, sizeof(words), "the registration %ls\\%ls is not usable and skipped", root, key);
    return strstr(log_text, words) != NULL;
}

/* ---- the agent's answers ---- */

/* ---- malformed registrations ---- */

static const WCHAR *const bad_names[] = {L"none", L"0", L"007", L"12abc", L"99999999999",
        L"4294967296", L"-5", L" 5", L"5 ", L"0x10"};

static unsigned int bad_count; /* numbered from FIRST_BAD in each root */

static const WCHAR *next_bad(void)
{
    return name_of(FIRST_BAD + bad_count++);
}

static void set_bad_registrations(const WCHAR *root)
{
    WCHAR text[1025 + 1], long_name[256];
    const WCHAR *key;
    size_t i;

    bad_count = 0;
    set_value(root, next_bad(), NULL, 0, NULL, 0); /* a key without values */
    for (i = 0; i < ARRAYSIZE(values); i++)
    {
        /* missing */
        set_registration(root, next_bad(), values[i].name);
        /* of another type */
        set_registration(root, key = next_bad(), NULL);
        if (values[i].type == REG_SZ)
            set_value(root, key, values[i].name, REG_DWORD, "\1\0\0", 4);
        else
            set_value(root, key, values[i].name, REG_SZ, L"1", 4);
        /* truncated */
        set_registration(root, key = next_bad(), NULL);
        set_value(root, key, values[i].name, values[i].type, values[i].data, 3);
    }
    for (i = 0; i < 1025; i++)
        text[i] = 'x';
    text[i] = 0;
    for (i = 0; i < 4; i++)
    {
        set_registration(root, key = next_bad(), NULL);
        set_value(root, key, values[i].name, REG_SZ, text, sizeof(text));
    }
    for (i = 4; i < 6; i++)
    {
        set_registration(root, key = next_bad(), NULL);
        set_value(root, key, values[i].name, REG_SZ, L"{no class}", sizeof(L"{no class}"));
    }
    for (i = 0; i < 6; i++) /* with a NUL inside */
    {
        memcpy(text, values[i].data, values[i].size);
        memcpy((BYTE *)text + values[i].size, L"x", sizeof(L"x"));
        set_registration(root, key = next_bad(), NULL);
        set_value(root, key, values[i].name, REG_SZ, text, values[i].size + sizeof(L"x"));
    }
    for (i = 0; i < ARRAYSIZE(bad_names); i++)
        set_registration(root, bad_names[i], NULL);
    for (i = 0; i < 255; i++)
        long_name[i] = '9';
    long_name[i] = 0;
    set_registration(root, long_name, NULL);
}

static void remove_bad_registrations(void)
{
    WCHAR long_name[256];
    size_t r, i;

    for (i = 0; i < 255; i++)
        long_name[i] = '9';
    long_name[i] = 0;
    for (r = 0; r < ARRAYSIZE(roots); r++)
    {
        for (i = 0; i < 60; i++)
            remove_key(roots[r], name_of(FIRST_BAD + (DWORD)i));
        for (i = 0; i < ARRAYSIZE(bad_names); i++)
            remove_key(roots[r], bad_names[i]);
        remove_key(roots[r], long_name);
    }
    for (i = 0; i < 10; i++)
        remove_key(SHAS, name_of(BAD_CACHE + (DWORD)i));
    remove_key(SHAS, name_of(SOUND));
}

/* ---- values that stand by themselves ---- */

static struct
{
    const WCHAR *key, *name;
    DWORD type;
    bool kept;
    LONG error; /* of reading what was there */
    DWORD kept_type, size;
    BYTE data[16];
} singles[] = {
        {.key = L"Rras", .name = L"Enabled", .type = REG_DWORD},
        {.key = L"Rras", .name = L"Next Id", .type = REG_DWORD},
        {.key = L"Ras", .name = L"Last Handle", .type = REG_DWORD},
        {.key = L"Correlation", .name = L"Time Stamps Below", .type = REG_QWORD},
};

static const WCHAR *single_path(size_t i)
{
    static WCHAR path[200];

    swprintf(path, ARRAYSIZE(path), L"%ls\\%ls", AGENT_KEY, singles[i].key);
    return path;
}

static void keep_singles(void)
{
    size_t i;

    for (i = 0; i < ARRAYSIZE(singles); i++)
    {
        singles[i].size = sizeof(singles[i].data);
        singles[i].error = RegGetValueW(HKEY_LOCAL_MACHINE, single_path(i), singles[i].name,
                RRF_RT_ANY, &singles[i].kept_type, singles[i].data, &singles[i].size);
        singles[i].kept = true;
    }
}

static void restore_singles(void)
{
    size_t i;

    for (i = 0; i < ARRAYSIZE(singles); i++)
        if (singles[i].kept && singles[i].error)
            RegDeleteKeyValueW(HKEY_LOCAL_MACHINE, single_path(i), singles[i].name);
        else if (singles[i].kept)
            RegSetKeyValueW(HKEY_LOCAL_MACHINE, single_path(i), singles[i].name,
                    singles[i].kept_type, singles[i].data, singles[i].size);
}

static int registrations_end(void)
{
    bool stopped = agent_stop();

    remove_bad_registrations();
    restore_singles();
    return !(agent_start() && agent_is_there() && stopped) || enforcer_destroy();
}

#define REGISTRATIONS_TEST(name) TEST_WITH(name, enforcer_create, registrations_end)

static struct dump before, after;

REGISTRATIONS_TEST(what_is_not_in_order_is_reported_skipped_and_left_alone)
{
    LONGLONG from;
    unsigned int i;
    size_t r;

    assert_true(agent_stop());
    for (r = 0; r < ARRAYSIZE(roots); r++)
        set_bad_registrations(roots[r]);
    set_registration(SHAS, name_of(SOUND), NULL);
    dump_registrations(&before);
    from = log_end();
    assert_true(agent_start());
    assert_true(agent_is_there());
    assert_true(is_registered(true, SOUND));
    assert_true(is_registered(false, ENFORCER_ID));
    assert_false(is_registered(true, 0));
    assert_false(is_registered(true, 7));
    assert_false(is_registered(true, 5));
    read_log(from);
    for (r = 0; r < ARRAYSIZE(roots); r++)
    {
        for (i = 0; i < bad_count; i++)
        {
            if (!log_has(roots[r], name_of(FIRST_BAD + i)) || is_registered(r == 1, FIRST_BAD + i))
                fail_msg("registration %u of %ls is not skipped", i, roots[r]);
            assert_int_equal((r == 1 ? unregister_health_agent : unregister_enforcement_client)(
                                     FIRST_BAD + i),
                    NAP_E_NOT_REGISTERED);
        }
        for (i = 0; i < ARRAYSIZE(bad_names); i++)
            assert_true(log_has(roots[r], bad_names[i]));
    }
    assert_int_equal(napctl(L"show state --json"), 0);
    dump_registrations(&after);
    assert_int_equal(after.size, before.size);
    assert_memory_equal(after.bytes, before.bytes, before.size);
}

/* An administrator registers that id: nothing of the old entry is left. */
REGISTRATIONS_TEST(the_id_of_one_not_in_order_may_be_registered)
{
    WCHAR path[512];
    BYTE data[16];
    unsigned int i;

    assert_true(agent_stop());
    set_bad_registrations(SHAS);
    for (i = 0; i < 4; i++)
        set_value(SHAS, name_of(FIRST_BAD + i), L"Cached SoH", REG_BINARY, "garbage", 7);
    assert_true(agent_start());
    assert_true(agent_is_there());
    for (i = 0; i < 4; i++)
        assert_int_equal(register_health_agent(FIRST_BAD + i), S_OK);
    assert_true(agent_kill());
    assert_true(agent_start());
    assert_true(agent_is_there());
    for (i = 0; i < 4; i++)
    {
        DWORD size = sizeof(data);

        assert_true(is_registered(true, FIRST_BAD + i));
        swprintf(path, ARRAYSIZE(path), L"%ls\\%ls", SHAS, name_of(FIRST_BAD + i));
        assert_int_equal(RegGetValueW(HKEY_LOCAL_MACHINE, path, L"Cached SoH", RRF_RT_ANY, NULL,
                                 data, &size),
                ERROR_FILE_NOT_FOUND);
        assert_int_equal(unregister_health_agent(FIRST_BAD + i), S_OK);
    }
}

/* The registration is valid, its cached SoH is not. */
REGISTRATIONS_TEST(a_cached_SoH_that_is_none_does_not_harm_its_health_agent)
{
    static const BYTE other_id[] = {0, 2, 0, 4, 0, 0, 0, 1};
    static const BYTE cut[] = {0, 2, 0, 4, 0, 0xab};
    static BYTE huge[70000];
    LONGLONG from;
    unsigned int i;

    assert_true(agent_stop());
    for (i = 0; i < 6; i++)
        set_registration(SHAS, name_of(BAD_CACHE + i), NULL);
    set_value(SHAS, name_of(BAD_CACHE), L"Cached SoH", REG_SZ, L"healthy", 16);
    set_value(SHAS, name_of(BAD_CACHE + 1), L"Cached SoH", REG_BINARY, other_id, sizeof(other_id));
    set_value(SHAS, name_of(BAD_CACHE + 2), L"Cached SoH", REG_BINARY, cut, sizeof(cut));
    set_value(SHAS, name_of(BAD_CACHE + 3), L"Cached SoH", REG_BINARY, huge, sizeof(huge));
    set_value(SHAS, name_of(BAD_CACHE + 4), L"Cached SoH", REG_BINARY, "x", 1);
    set_value(SHAS, name_of(BAD_CACHE + 5), L"Cached SoH", REG_BINARY, "", 0);
    dump_registrations(&before);
    from = log_end();
    assert_true(agent_start());
    assert_true(agent_is_there());
    read_log(from);
    for (i = 0; i < 6; i++)
    {
        char words[100];

        assert_true(is_registered(true, BAD_CACHE + i));
        snprintf(words, sizeof(words), " %lu store: the cached SoH is not usable and skipped",
                (unsigned long)(BAD_CACHE + i));
        if (!strstr(log_text, words))
            fail_msg("cached SoH %u is not reported", i);
    }
    dump_registrations(&after);
    assert_int_equal(after.size, before.size);
    assert_memory_equal(after.bytes, before.bytes, before.size);
}

/* What the agent keeps beside registrations: one line for each value that is of another type or cut
 * short, and none for one that is missing. */
REGISTRATIONS_TEST(a_value_that_is_not_in_order_is_reported)
{
    enum
    {
        MISSING,
        OTHER_TYPE,
        CUT_SHORT,
        ROUND_COUNT
    } round;
    size_t i;

    for (round = MISSING; round < ROUND_COUNT; round++)
    {
        LONGLONG from;

        assert_true(agent_stop());
        if (round == MISSING)
            keep_singles();
        for (i = 0; i < ARRAYSIZE(singles); i++)
            if (round == MISSING)
                RegDeleteKeyValueW(HKEY_LOCAL_MACHINE, single_path(i), singles[i].name);
            else if (round == OTHER_TYPE)
                set_value(AGENT_KEY, singles[i].key, singles[i].name, REG_SZ, L"1", 4);
            else
                set_value(AGENT_KEY, singles[i].key, singles[i].name, singles[i].type, "\1\0", 3);
        from = log_end();
        assert_true(agent_start());
        assert_true(agent_is_there());
        read_log(from);
        for (i = 0; i < ARRAYSIZE(singles); i++)
        {
            char words[300], *found;

            snprintf(words, sizeof(words), "the value %ls in HKLM\\%ls is not usable and skipped",
                    singles[i].name, single_path(i));
            found = strstr(log_text, words);
            if (!found != (round == MISSING) || (found && strstr(found + 1, words)))
                fail_msg("round %d: \"%ls\" is not reported as it should be", (int)round,
                        singles[i].name);
        }
    }
}

TEST_MAIN(enforcer_tests_begin, enforcer_tests_end)
