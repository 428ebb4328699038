/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Changes of the registry: each is made completely or not at all. Under Wine, whose registry
 * rejects writes, in a key of the test instead of HKEY_LOCAL_MACHINE. The test provides the
 * journal.
 */
#include <test.h>
#include <stdio.h>
#include <string.h>

#include "libs/napclient/napclient.h"
#include "programs/napagent/registry.h"

#define MACHINE L"Software\\wine-nap-registry-test"

static HKEY machine;

/* ---- the journal ---- */

static DWORD append_result;
static unsigned int appended, applied, settled, taken_back;

DWORD journal_append(struct journal_change *change)
{
    assert_true(change->count);
    appended++;
    return append_result;
}

void journal_applied(void)
{
    applied++;
}

void journal_settle(void)
{
    settled++;
}

void journal_take_back(void)
{
    taken_back++;
}

/* ---- the registry ---- */

static HKEY create_key(const WCHAR *name, DWORD options)
{
    WCHAR path[512];
    HKEY key;

    swprintf(path, ARRAYSIZE(path), L"%ls\\%ls", AGENT_SERVICE_KEY, name);
    assert_int_equal(RegCreateKeyExW(HKEY_LOCAL_MACHINE, path, 0, NULL, options, KEY_ALL_ACCESS,
                             NULL, &key, NULL),
            0);
    return key;
}

static void put(const WCHAR *name, const WCHAR *value, DWORD type, const void *data, DWORD size)
{
    HKEY key = create_key(name, 0);

    assert_int_equal(RegSetValueExW(key, value, 0, type, data, size), 0);
    RegCloseKey(key);
}

static int create(void)
{
    static const DWORD one = 1;

    RegDeleteTreeW(HKEY_CURRENT_USER, MACHINE);
    assert_int_equal(RegCreateKeyExW(HKEY_CURRENT_USER, MACHINE, 0, NULL, 0, KEY_ALL_ACCESS, NULL,
                             &machine, NULL),
            0);
    assert_int_equal(RegOverridePredefKey(HKEY_LOCAL_MACHINE, machine), 0);
    put(L"Qecs\\1", L"Name", REG_SZ, L"old name", sizeof(L"old name"));
    put(L"Qecs\\1", L"Enabled", REG_DWORD, &one, sizeof(one));
    put(L"Qecs\\1\\below\\it", L"", REG_BINARY, "bytes", 5);
    put(L"Qecs\\2", L"Name", REG_SZ, L"another", sizeof(L"another"));
    put(L"Shas\\1", L"", REG_MULTI_SZ, L"a\0b\0", sizeof(L"a\0b\0"));
    put(L"Rras", L"Enabled", REG_DWORD, &one, sizeof(one));
    put(L"Parameters", L"RasPatterns", REG_SZ, L"vpn*", sizeof(L"vpn*"));
    put(L"Parameters", L"LogLevel", REG_SZ, L"info", sizeof(L"info"));
    /* Makes the registry reject keys: below a volatile key, keys must be volatile. */
    RegCloseKey(create_key(L"Ras", REG_OPTION_VOLATILE));
    append_result = appended = applied = settled = taken_back = 0;
    return 0;
}

static int destroy(void)
{
    registry_settle();
    RegOverridePredefKey(HKEY_LOCAL_MACHINE, NULL);
    RegCloseKey(machine);
    RegDeleteTreeW(HKEY_CURRENT_USER, MACHINE);
    return 0;
}

#define REGISTRY_TEST(name) TEST_WITH(name, create, destroy)

/* Everything below the key, as text. */
struct dump
{
    size_t length;
    char text[16384];
};

static void note(struct dump *dump, const char *format, ...)
        __attribute__((format(gnu_printf, 2, 3)));
static void note(struct dump *dump, const char *format, ...)
{
    va_list arguments;

    va_start(arguments, format);
    dump->length += (size_t)vsnprintf(
            dump->text + dump->length, sizeof(dump->text) - dump->length, format, arguments);
    va_end(arguments);
    assert_true(dump->length < sizeof(dump->text));
}

static void dump_key(struct dump *dump, HKEY key, unsigned int depth)
{
    WCHAR name[256];
    BYTE data[256];
    DWORD i, k, length = ARRAYSIZE(name), type, size = sizeof(data);
    HKEY child;

    for (i = 0; !RegEnumValueW(key, i, name, &length, NULL, &type, data, &size); i++)
    {
        note(dump, "%*s%ls = %lu:", (int)depth, "", name, type);
        for (k = 0; k < size; k++)
            note(dump, " %02x", data[k]);
        note(dump, "\n");
        length = ARRAYSIZE(name);
        size = sizeof(data);
    }
    for (i = 0; !RegEnumKeyW(key, i, name, ARRAYSIZE(name)); i++)
    {
        note(dump, "%*s[%ls]\n", (int)depth, "", name);
        assert_int_equal(RegOpenKeyExW(key, name, 0, KEY_READ, &child), 0);
        dump_key(dump, child, depth + 1);
        RegCloseKey(child);
    }
}

static const char *dump_all(struct dump *dump)
{
    dump->length = 0;
    dump->text[0] = 0;
    dump_key(dump, machine, 0);
    return dump->text;
}

/* ---- a change with every kind of operation ---- */

static void set_text(const WCHAR *key, const WCHAR *name, const WCHAR *text)
{
    registry_set(key, name, REG_SZ, text, (DWORD)(wcslen(text) + 1) * sizeof(*text));
}

static void change_value(void)
{
    set_text(L"Qecs\\1", L"Name", L"a new and longer name");
}
static void change_type(void)
{
    registry_set(L"Qecs\\1", L"Enabled", REG_BINARY, "x", 1);
}
static void add_value(void)
{
    set_text(L"Qecs\\2", L"Vendor", L"vendor");
}
static void add_another(void)
{
    set_text(L"Qecs\\2", L"Vendor", L"vendor again");
}
static void add_key(void)
{
    set_text(L"Qecs\\3", L"Name", L"third");
}
static void add_to_it(void)
{
    set_text(L"Qecs\\3", L"Vendor", L"its vendor");
}
static void add_below_it(void)
{
    set_text(L"Qecs\\3\\below", L"", L"below");
}
static void delete_value(void)
{
    registry_delete_value(L"Rras", L"Enabled");
}
static void delete_nothing(void)
{
    registry_delete_value(L"Rras", L"None");
}
static void delete_tree(void)
{
    registry_delete_key(L"Qecs\\1");
}
static void make_it_again(void)
{
    set_text(L"Qecs\\1", L"Name", L"made again");
}
static void delete_new_key(void)
{
    registry_delete_key(L"Qecs\\3");
}
static void delete_missing_key(void)
{
    registry_delete_key(L"Shas\\77");
}
static void delete_all_of_a_kind(void)
{
    registry_delete_key(L"Shas");
}
static void change_patterns(void)
{
    set_text(L"Parameters", L"RasPatterns", L"*");
}
static void delete_patterns(void)
{
    registry_delete_value(L"Parameters", L"RasPatterns");
}

static void (*const steps[])(void) = {change_value, change_type, add_value, add_another, add_key,
        add_to_it, add_below_it, delete_value, delete_nothing, delete_tree, make_it_again,
        delete_new_key, delete_missing_key, delete_all_of_a_kind, change_patterns, delete_patterns};

/* Operations that the registry rejects, and keys that are not ours: any program may write the
 * journal. */
static void below_volatile(void)
{
    set_text(L"Ras\\1", L"Name", L"x");
}
static void not_ours(void)
{
    set_text(L"Elsewhere", L"Name", L"x");
}
static void not_ours_either(void)
{
    set_text(L"Parameters", L"LogLevel", L"none");
}
static void the_parameters(void)
{
    registry_delete_key(L"Parameters");
}

static void (*const rejected[])(void) = {below_volatile, not_ours, not_ours_either, the_parameters};

REGISTRY_TEST(a_change_is_made_as_a_whole)
{
    static struct dump dump;
    size_t i;

    for (i = 0; i < ARRAYSIZE(steps); i++)
        steps[i]();
    assert_int_equal(registry_commit(), 0);
    assert_int_equal(appended, 1);
    assert_int_equal(applied, 1);
    assert_int_equal(taken_back, 0);
    dump_all(&dump);
    assert_non_null(strstr(dump.text, "[1]"));
    assert_null(strstr(dump.text, "[below]"));
    assert_null(strstr(dump.text, "[3]"));
    assert_null(strstr(dump.text, "[Shas]"));
    assert_null(strstr(dump.text, "RasPatterns"));
    assert_non_null(strstr(dump.text, "LogLevel"));
}

/* The registry rejects at any operation of a change, after any others. */
REGISTRY_TEST(a_change_that_fails_midway_leaves_the_old_state)
{
    static struct dump before, after;
    size_t first, count, i, k;

    dump_all(&before);
    for (k = 0; k < ARRAYSIZE(rejected); k++)
        for (first = 0; first < ARRAYSIZE(steps); first++)
            for (count = 0; first + count <= ARRAYSIZE(steps); count++)
            {
                appended = taken_back = 0;
                for (i = first; i < first + count; i++)
                    steps[i]();
                rejected[k]();
                for (; i < ARRAYSIZE(steps); i++)
                    steps[i]();
                assert_int_not_equal(registry_commit(), 0);
                assert_int_equal(appended, 1);
                assert_int_equal(taken_back, 1);
                assert_int_equal(applied, 0);
                assert_string_equal(dump_all(&after), before.text);
            }
}

/* The last operation of a change leaves nothing to undo. */
REGISTRY_TEST(a_change_whose_last_operation_fails_leaves_the_old_state)
{
    static struct dump before, after;
    size_t count, i, k;

    dump_all(&before);
    for (k = 0; k < ARRAYSIZE(rejected); k++)
        for (count = 0; count <= ARRAYSIZE(steps); count++)
        {
            for (i = 0; i < count; i++)
                steps[i]();
            rejected[k]();
            assert_int_not_equal(registry_commit(), 0);
            assert_string_equal(dump_all(&after), before.text);
        }
    assert_int_equal(applied, 0);
}

REGISTRY_TEST(what_the_journal_refuses_is_not_made)
{
    static struct dump before, after;
    size_t i;

    dump_all(&before);
    append_result = ERROR_DISK_FULL;
    for (i = 0; i < ARRAYSIZE(steps); i++)
        steps[i]();
    assert_int_equal(registry_commit(), ERROR_DISK_FULL);
    assert_int_equal(applied + taken_back, 0);
    assert_string_equal(dump_all(&after), before.text);
    append_result = 0;
    assert_int_equal(registry_commit(), 0); /* and nothing of it is left */
    assert_int_equal(appended, 1);
}

static bool has_value(const WCHAR *key, const WCHAR *name)
{
    WCHAR path[512];

    swprintf(path, ARRAYSIZE(path), L"%ls\\%ls", AGENT_SERVICE_KEY, key);
    return !RegGetValueW(HKEY_LOCAL_MACHINE, path, name, RRF_RT_ANY, NULL, NULL, NULL);
}

/* A key stays open for the changes of one event; what others do to it counts after that. */
REGISTRY_TEST(after_settling_the_key_is_opened_again)
{
    assert_true(registry_has_key(L"Qecs\\2"));
    add_value();
    assert_int_equal(registry_commit(), 0);
    assert_int_equal(settled, 0);
    registry_settle();
    assert_int_equal(settled, 1);
    assert_int_equal(RegDeleteTreeW(HKEY_LOCAL_MACHINE, AGENT_SERVICE_KEY L"\\Qecs\\2"), 0);
    assert_false(registry_has_key(L"Qecs\\2"));
    add_another();
    assert_int_equal(registry_commit(), 0);
    assert_true(has_value(L"Qecs\\2", L"Vendor"));
}

/* Between a question and the change another program deletes the key: the change is not made in a
 * key that nobody sees. */
REGISTRY_TEST(a_key_deleted_meanwhile_rejects_the_change)
{
    assert_true(registry_has_key(L"Qecs\\2"));
    assert_int_equal(RegDeleteTreeW(HKEY_LOCAL_MACHINE, AGENT_SERVICE_KEY L"\\Qecs\\2"), 0);
    add_value();
    assert_int_not_equal(registry_commit(), 0);
    assert_int_equal(applied, 0);
    assert_int_equal(taken_back, 1);
    add_value(); /* the key was closed */
    assert_int_equal(registry_commit(), 0);
    assert_true(has_value(L"Qecs\\2", L"Vendor"));
}

/* A deleted key is not asked again about its values, and is made again by the next change. */
REGISTRY_TEST(a_change_after_a_deletion_makes_the_key_again)
{
    add_value();
    assert_int_equal(registry_commit(), 0);
    registry_delete_key(L"Qecs\\2");
    assert_int_equal(registry_commit(), 0);
    assert_false(registry_has_key(L"Qecs\\2"));
    add_value();
    assert_int_equal(registry_commit(), 0);
    assert_true(has_value(L"Qecs\\2", L"Vendor"));
}

REGISTRY_TEST(what_is_collected_is_one_change_or_none)
{
    static struct dump before, after;

    dump_all(&before);
    registry_begin();
    change_value();
    assert_int_equal(registry_commit(), 0);
    add_key();
    assert_int_equal(registry_commit(), 0);
    assert_int_equal(registry_end(false), 0);
    assert_int_equal(appended, 0);
    assert_string_equal(dump_all(&after), before.text);
    registry_begin();
    change_value();
    assert_int_equal(registry_commit(), 0);
    below_volatile();
    assert_int_equal(registry_commit(), 0);
    assert_int_not_equal(registry_end(true), 0);
    assert_int_equal(appended, 1);
    assert_string_equal(dump_all(&after), before.text);
}

TEST_MAIN(NULL, NULL)
