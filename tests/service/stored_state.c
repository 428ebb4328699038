/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * What the agent's store has after the host was booted, and what it does not believe.
 * docs/administration.md
 */
#include <test.h>
#include <stdio.h>
#include <string.h>
#include <wchar.h>

#include "libs/napclient/napclient.h"
#include "tests/conformance/agent.h"

#define KEY L"System\\CurrentControlSet\\Services\\napagent"
#define VALIDATOR 18193
#define VALIDATOR_KEY KEY L"\\Shvs\\18193"

static HRESULT ask(struct napipc_message *request, struct agent_reply *reply)
{
    return agent_process_call(agent_start_always, request, reply, NULL);
}

static struct napipc_string string(const WCHAR *text)
{
    return (struct napipc_string){(const uint8_t *)text, (uint16_t)wcslen(text)};
}

static HRESULT add_ras(const WCHAR *entry, bool keep)
{
    struct napipc_message request = {.type = NAPIPC_RAS_ADD, .ras_add = {.keep = keep}};

    request.ras_add.connection.source = NAPIPC_RAS_TABLE;
    request.ras_add.connection.entry_name = string(entry);
    return ask(&request, NULL);
}

static HRESULT add_rras(const WCHAR *user, const WCHAR *port, bool keep)
{
    struct napipc_message request = {.type = NAPIPC_RRAS_ADD, .rras_add = {.keep = keep}};

    request.rras_add.record.user = string(user);
    request.rras_add.record.port = string(port);
    return ask(&request, NULL);
}

static bool equals(struct napipc_string string, const WCHAR *text)
{
    return string.length == wcslen(text) && !memcmp(string.units, text, string.length * 2u);
}

static bool has_ras(const WCHAR *entry)
{
    struct napipc_message request = {.type = NAPIPC_RAS_LIST};
    struct agent_reply reply;
    bool found = false;
    uint16_t i;

    assert_int_equal(ask(&request, &reply), S_OK);
    for (i = 0; i < reply.message.ras_list_reply.count; i++)
        found = found
                || equals(reply.message.ras_list_reply.connections[i].connection.entry_name, entry);
    agent_reply_clear(&reply);
    return found;
}

static bool has_rras(const WCHAR *user)
{
    struct napipc_message request = {.type = NAPIPC_RRAS_LIST, .rras_list.even_if_off = true};
    struct napipc_rras_entry entry;
    struct agent_reply reply;
    struct napipc_blob rest;
    bool found = false;

    assert_int_equal(ask(&request, &reply), S_OK);
    rest = reply.message.rras_list_reply.entries;
    while (napipc_rras_next(&rest, &entry))
        found = found || equals(entry.record.user, user);
    agent_reply_clear(&reply);
    return found;
}

/* As if the value had been written in another boot of the host. */
static void age(const WCHAR *key, const WCHAR *name)
{
    ULONGLONG boot = 0;
    DWORD size = sizeof(boot);

    assert_int_equal(
            RegGetValueW(HKEY_LOCAL_MACHINE, key, name, RRF_RT_REG_QWORD, NULL, &boot, &size), 0);
    boot ^= 1;
    assert_int_equal(
            RegSetKeyValueW(HKEY_LOCAL_MACHINE, key, name, REG_QWORD, &boot, sizeof(boot)), 0);
}

static void age_all(void)
{
    WCHAR name[32], path[128];
    DWORD i, length, stamped = 0;
    HKEY key;

    assert_int_equal(RegOpenKeyExW(HKEY_LOCAL_MACHINE, KEY L"\\Ras", 0, KEY_READ, &key), 0);
    for (i = 0;
            length = ARRAYSIZE(name), !RegEnumKeyExW(key, i, name, &length, NULL, NULL, NULL, NULL);
            i++)
    {
        swprintf(path, ARRAYSIZE(path), KEY L"\\Ras\\%ls", name);
        if (RegGetValueW(HKEY_LOCAL_MACHINE, path, L"Boot", RRF_RT_ANY, NULL, NULL, NULL))
            continue;
        age(path, L"Boot");
        stamped++;
    }
    RegCloseKey(key);
    assert_int_equal(RegOpenKeyExW(HKEY_LOCAL_MACHINE, KEY L"\\Rras\\Boots", 0, KEY_READ, &key), 0);
    for (i = 0;
            length = ARRAYSIZE(name), !RegEnumValueW(key, i, name, &length, NULL, NULL, NULL, NULL);
            i++)
    {
        age(KEY L"\\Rras\\Boots", name);
        stamped++;
    }
    RegCloseKey(key);
    assert_int_equal(stamped, 2); /* of those that are not kept */
}

static void restart(void)
{
    assert_true(agent_stop());
    assert_true(agent_start());
}

static int set_up(void)
{
    return agent_start() ? 0 : -1;
}

/* Other tests share the prefix. */
static int tear_down(void)
{
    struct napipc_message request = {
            .type = NAPIPC_VALIDATOR_UNREGISTER, .validator_id = {VALIDATOR}};
    struct agent_reply reply;
    uint16_t i;

    ask(&request, NULL);
    request.type = NAPIPC_RRAS_REMOVE;
    request.rras_select.selector = (struct napipc_rras_selector){.kind = NAPIPC_RRAS_BY_PORT};
    request.rras_select.selector.name = string(L"VPN2");
    ask(&request, NULL);
    request.type = NAPIPC_RAS_LIST;
    memset(&request.ras_list, 0, sizeof(request.ras_list));
    if (FAILED(ask(&request, &reply)))
        return -1;
    for (i = 0; i < reply.message.ras_list_reply.count; i++)
    {
        const struct napipc_ras_connection *listed =
                &reply.message.ras_list_reply.connections[i].connection;

        request.type = NAPIPC_RAS_REMOVE;
        request.ras_handle.handle = listed->handle;
        if (equals(listed->entry_name, L"Office") || equals(listed->entry_name, L"Kept"))
            ask(&request, NULL);
    }
    agent_reply_clear(&reply);
    return 0;
}

/* "administration.md": after a boot of the host, connections are gone unless they were added with
 * --keep; restarts of the agent keep them. */
TEST(connections_end_with_the_hosts_boot)
{
    assert_int_equal(add_ras(L"Office", false), S_OK);
    assert_int_equal(add_ras(L"Kept", true), S_OK);
    assert_int_equal(add_rras(L"ann", L"VPN1", false), S_OK);
    assert_int_equal(add_rras(L"bob", L"VPN2", true), S_OK);
    assert_int_equal(add_rras(L"ann", L"VPN1", false), HRESULT_FROM_WIN32(ERROR_ALREADY_EXISTS));
    /* Without a restart between: the stamp comes with the record. */
    assert_true(agent_stop());
    age_all();
    assert_true(agent_start());
    assert_false(has_ras(L"Office") || has_rras(L"ann"));
    assert_true(has_ras(L"Kept") && has_rras(L"bob"));
    /* What is reported again is of this boot. */
    assert_int_equal(add_rras(L"ann", L"VPN1", false), S_OK);
    assert_int_equal(add_ras(L"Office", false), S_OK);
    restart();
    assert_true(has_ras(L"Office") && has_ras(L"Kept") && has_rras(L"ann") && has_rras(L"bob"));
}

/* One that is removed leaves no mark. */
TEST(a_removed_connection_leaves_nothing)
{
    struct napipc_message request = {.type = NAPIPC_RRAS_REMOVE};
    DWORD values = 1;
    HKEY key;

    request.rras_select.selector.kind = NAPIPC_RRAS_BY_PORT;
    request.rras_select.selector.name = string(L"VPN1");
    assert_int_equal(ask(&request, NULL), S_OK);
    assert_int_equal(RegOpenKeyExW(HKEY_LOCAL_MACHINE, KEY L"\\Rras\\Boots", 0, KEY_READ, &key), 0);
    assert_int_equal(RegQueryInfoKeyW(key, NULL, NULL, NULL, NULL, NULL, NULL, &values, NULL, NULL,
                             NULL, NULL),
            0);
    RegCloseKey(key);
    assert_int_equal(values, 0);
}

/* ---- values that others wrote ---- */

static unsigned int validators(bool *enabled)
{
    struct napipc_message request = {.type = NAPIPC_VALIDATOR_LIST};
    struct agent_reply reply;
    unsigned int count;

    assert_int_equal(ask(&request, &reply), S_OK);
    count = reply.message.validator_list_reply.count;
    *enabled = count && reply.message.validator_list_reply.validators[0].enabled;
    agent_reply_clear(&reply);
    return count;
}

static void write_enabled(DWORD type, const void *data, DWORD size)
{
    assert_true(agent_stop());
    assert_int_equal(
            RegSetKeyValueW(HKEY_LOCAL_MACHINE, VALIDATOR_KEY, L"Enabled", type, data, size), 0);
    assert_true(agent_start());
}

/* A value of another type or size is not believed: the validator is left out, as it is for each of
 * its other values. */
TEST(a_validator_with_an_odd_value_is_left_out)
{
    struct napipc_message request = {.type = NAPIPC_VALIDATOR_REGISTER};
    static const DWORD no = 0;
    bool enabled;

    request.validator_register.component.id = VALIDATOR;
    request.validator_register.clsid.bytes[0] = 1;
    request.validator_register.component.friendly_name = string(L"Odd");
    assert_int_equal(ask(&request, NULL), S_OK);
    write_enabled(REG_DWORD, &no, sizeof(no));
    assert_int_equal(validators(&enabled), 1);
    assert_false(enabled);
    write_enabled(REG_SZ, L"0", 4);
    assert_int_equal(validators(&enabled), 0);
    write_enabled(REG_DWORD, &no, 2);
    assert_int_equal(validators(&enabled), 0);
    assert_true(agent_stop());
    assert_int_equal(RegDeleteKeyValueW(HKEY_LOCAL_MACHINE, VALIDATOR_KEY, L"Enabled"), 0);
    assert_true(agent_start());
    assert_int_equal(validators(&enabled), 1);
    assert_true(enabled);
}

TEST_MAIN(set_up, tear_down)
