/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * The registry really rejects writes: some keys are read-only, and some are links to themselves,
 * which nobody can open. The requesting program gets the error, and this agent and the next have
 * the old state.
 */
#include <stdio.h>
#include <string.h>
#include <wchar.h>

#include <windows.h>
#include <sddl.h>

#include "tests/conformance/agent.h"
#include "tests/soak/held.h"
#include "tests/soak/soak.h"

#define CLIENT_ID 0x00abc2f1u
#define NEW_CLIENT_ID 0x00abc2f2u
#define AGENT_ID 0x00abc2f3u
#define NEW_AGENT_ID 0x00abc2f4u
#define DEFAULT_CLIENT 79617
#define CANNOT_WRITE HRESULT_FROM_WIN32(ERROR_CANTWRITE)
#define SAVED L"Software\\wine-nap soak"

enum
{
    CLIENT,
    NEW_CLIENT,
    AGENT,
    NEW_AGENT,
    DEFAULT,
    RRAS,
    NEW_RRAS,
    RAS,
    NEW_RAS,
    PATTERNS,
    SERVER
};

static struct held held;
static unsigned int kept, refused, tried;

static void open_session(struct agent_session *session)
{
    HRESULT hr = agent_session_open(session, true);

    if (FAILED(hr))
        die("the agent is not there: %#lx", hr);
}

/* Requests a change; returns the result. */
static HRESULT ask(unsigned int item, int wanted)
{
    struct agent_session session;
    HRESULT hr;

    open_session(&session);
    held.items[item].wanted = wanted;
    hr = held_change(&held.items[item], &session);
    agent_session_close(&session);
    return hr;
}

static bool all_as_before(void)
{
    struct agent_session session;
    bool same = true;
    unsigned int i;
    HRESULT hr;

    open_session(&session);
    if (FAILED(hr = held_read(&held, &session)))
        die("the agent does not say what it has: %#lx", hr);
    agent_session_close(&session);
    for (i = 0; i < held.count; i++)
        if (held.items[i].found != held.items[i].state)
        {
            printf("%s is %d and was %d\n", held_name(&held.items[i]), held.items[i].found,
                    held.items[i].state);
            same = false;
        }
    return same;
}

static void must_refuse(unsigned int item, int wanted, HRESULT expected)
{
    HRESULT hr = ask(item, wanted);

    tried++;
    if (hr == expected)
        refused++;
    else
        printf("%s, %d to %d: %#lx\n", held_name(&held.items[item]), held.items[item].state, wanted,
                hr);
    kept += all_as_before();
}

/* ---- keys ---- */

static const WCHAR *key_of(const WCHAR *below, DWORD id)
{
    static WCHAR name[256];

    swprintf(name, ARRAYSIZE(name), L"%ls\\%ls\\%lu", AGENT_SERVICE_KEY, below, id);
    return name;
}

/* The key of the one RAS connection of the table. */
static const WCHAR *ras_key(void)
{
    static WCHAR path[256];
    WCHAR name[64], entry[64];
    DWORD i, length, size;
    HKEY keys;

    if (RegOpenKeyExW(HKEY_LOCAL_MACHINE, AGENT_SERVICE_KEY L"\\Ras", 0, KEY_READ, &keys))
        die("there are no RAS connections in the registry");
    for (i = 0; length = ARRAYSIZE(name),
        !RegEnumKeyExW(keys, i, name, &length, NULL, NULL, NULL, NULL);
            i++)
    {
        size = sizeof(entry);
        if (!RegGetValueW(keys, name, L"Entry Name", RRF_RT_REG_SZ, NULL, entry, &size)
                && !wcsncmp(entry, L"Soak ", 5))
            swprintf(path, ARRAYSIZE(path), L"%ls\\Ras\\%ls", AGENT_SERVICE_KEY, name);
    }
    RegCloseKey(keys);
    return path;
}

static void set_rights(const WCHAR *name, const WCHAR *rights)
{
    PSECURITY_DESCRIPTOR descriptor;
    HKEY key;

    if (RegOpenKeyExW(HKEY_LOCAL_MACHINE, name, 0, WRITE_DAC, &key)
            || !ConvertStringSecurityDescriptorToSecurityDescriptorW(
                    rights, SDDL_REVISION_1, &descriptor, NULL)
            || RegSetKeySecurity(key, DACL_SECURITY_INFORMATION, descriptor))
        die("the rights of %ls cannot be set", name);
    LocalFree(descriptor);
    RegCloseKey(key);
}

static bool is_refused(const WCHAR *name)
{
    HKEY key;

    return RegOpenKeyExW(HKEY_LOCAL_MACHINE, name, 0, KEY_SET_VALUE, &key) == ERROR_ACCESS_DENIED;
}

/* Makes the agent's keys read-only for everybody; or writable again. */
static bool only_reading(bool only)
{
    static const WCHAR *const names[] = {AGENT_PARAMETERS_KEY, AGENT_SERVICE_KEY L"\\Ras",
            AGENT_SERVICE_KEY L"\\Rras", AGENT_SERVICE_KEY L"\\Rras\\Connections"};
    const WCHAR *rights = only ? L"D:P(A;;KR;;;WD)(A;;WD;;;WD)" : L"D:P(A;;KA;;;WD)";
    bool good = true;
    unsigned int i;

    for (i = 0; i < ARRAYSIZE(names); i++)
    {
        set_rights(names[i], rights);
        good = good && is_refused(names[i]) == only;
    }
    set_rights(key_of(L"Qecs", CLIENT_ID), rights);
    set_rights(key_of(L"Qecs", DEFAULT_CLIENT), rights);
    set_rights(key_of(L"Shas", AGENT_ID), rights);
    return good && is_refused(key_of(L"Qecs", CLIENT_ID)) == only;
}

/* Makes the key a link to itself. */
static void plant_loop(const WCHAR *name)
{
    WCHAR target[256];
    int length = swprintf(target, ARRAYSIZE(target), L"\\Registry\\Machine\\%ls", name);
    HKEY key;

    if (RegCreateKeyExW(HKEY_LOCAL_MACHINE, name, 0, NULL, REG_OPTION_CREATE_LINK, KEY_ALL_ACCESS,
                NULL, &key, NULL)
            || RegSetValueExW(key, L"SymbolicLinkValue", 0, REG_LINK, (const BYTE *)target,
                    (DWORD)length * sizeof(WCHAR)))
        die("%ls cannot be made a link", name);
    RegCloseKey(key);
}

static void take_loop(const WCHAR *name)
{
    HKEY key;

    if (RegOpenKeyExW(HKEY_LOCAL_MACHINE, name, REG_OPTION_OPEN_LINK, KEY_ALL_ACCESS, &key)
            || RegDeleteKeyW(key, L""))
        die("the link %ls cannot be taken away", name);
    RegCloseKey(key);
}

static void copy_key(const WCHAR *from, const WCHAR *to)
{
    HKEY source, target;

    if (RegOpenKeyExW(HKEY_LOCAL_MACHINE, from, 0, KEY_READ, &source)
            || RegCreateKeyExW(
                    HKEY_LOCAL_MACHINE, to, 0, NULL, 0, KEY_ALL_ACCESS, NULL, &target, NULL)
            || RegCopyTreeW(source, NULL, target))
        die("%ls cannot be copied", from);
    RegCloseKey(source);
    RegCloseKey(target);
}

/* ---- rejected changes ---- */

static void restart_agent(void)
{
    if (!agent_kill() || !agent_start())
        die("the agent cannot be started again");
}

static HRESULT flush_cache(void)
{
    struct napipc_message request = {.type = NAPIPC_BIND};
    struct agent_session session;
    HRESULT hr;

    open_session(&session);
    request.bind.kind = NAPIPC_HEALTH_AGENT;
    request.bind.id = AGENT_ID;
    if (SUCCEEDED(hr = agent_session_call(&session, &request, NULL)))
    {
        request.type = NAPIPC_FLUSH_CACHE;
        hr = agent_session_call(&session, &request, NULL);
    }
    agent_session_close(&session);
    return hr;
}

static void check_napctl(const WCHAR *arguments)
{
    char text[4096];
    int code = napctl_says(arguments, text, sizeof(text));

    text[strcspn(text, "\r\n")] = 0;
    check(code == 1 && strstr(text, "the agent cannot write to the registry"),
            "napctl says that the registry refuses", "%ls: exit code %d, '%s'", arguments, code,
            text);
}

static void refuse_writing(void)
{
    HRESULT hr;

    check(only_reading(true), "the registry really refuses", "a key can be written");
    restart_agent(); /* it may have keys open */
    must_refuse(CLIENT, 2, CANNOT_WRITE);
    must_refuse(AGENT, 1, CANNOT_WRITE);
    must_refuse(DEFAULT, 3 - held.items[DEFAULT].state, CANNOT_WRITE);
    must_refuse(RRAS, 2, CANNOT_WRITE);
    must_refuse(RRAS, 0, CANNOT_WRITE);
    must_refuse(NEW_RRAS, 1, CANNOT_WRITE);
    must_refuse(SERVER, 0, CANNOT_WRITE);
    must_refuse(RAS, 2, CANNOT_WRITE);
    must_refuse(NEW_RAS, 1, CANNOT_WRITE);
    must_refuse(PATTERNS, 2, CANNOT_WRITE);
    hr = flush_cache();
    check(hr == CANNOT_WRITE, "a health agent gets the error that its cache is not flushed", "%#lx",
            hr);
    check_napctl(held.items[DEFAULT].state == 2 ? L"enforcement disable 79617"
                                                : L"enforcement enable 79617");
    check_napctl(L"ras add Home");
    check_napctl(L"rras add --user carol");
    restart_agent();
    check(all_as_before(), "the next agent has the old state", "it has not");
    check(only_reading(false), "the registry is as it was", "a key cannot be written");
    restart_agent();
}

/* Where a link is, nothing can be registered; what has become a link cannot be erased. */
static void refuse_opening(void)
{
    const WCHAR *name;

    plant_loop(key_of(L"Qecs", NEW_CLIENT_ID));
    must_refuse(NEW_CLIENT, 1, E_INVALIDARG);
    take_loop(key_of(L"Qecs", NEW_CLIENT_ID));
    plant_loop(key_of(L"Shas", NEW_AGENT_ID));
    must_refuse(NEW_AGENT, 2, E_INVALIDARG);
    take_loop(key_of(L"Shas", NEW_AGENT_ID));

    name = key_of(L"Qecs", CLIENT_ID);
    copy_key(name, SAVED L"\\Client");
    RegDeleteTreeW(HKEY_LOCAL_MACHINE, name);
    plant_loop(name);
    must_refuse(CLIENT, 0, E_INVALIDARG);
    take_loop(name);
    copy_key(SAVED L"\\Client", name);

    name = ras_key();
    copy_key(name, SAVED L"\\Ras");
    RegDeleteTreeW(HKEY_LOCAL_MACHINE, name);
    plant_loop(name);
    must_refuse(RAS, 0, E_INVALIDARG);
    take_loop(name);
    copy_key(SAVED L"\\Ras", name);
    RegDeleteTreeW(HKEY_LOCAL_MACHINE, SAVED);
    restart_agent();
    check(all_as_before(), "the next agent has the old state again", "it has not");
}

static void add_items(void)
{
    held_add(&held, HELD_CLIENT, CLIENT_ID, false, false);
    held_add(&held, HELD_CLIENT, NEW_CLIENT_ID, false, false);
    held_add(&held, HELD_AGENT, AGENT_ID, false, false);
    held_add(&held, HELD_AGENT, NEW_AGENT_ID, false, false);
    held_add(&held, HELD_CLIENT, DEFAULT_CLIENT, true, false);
    held_add(&held, HELD_RRAS, 0, false, false);
    held_add(&held, HELD_RRAS, 1, false, false);
    held_add(&held, HELD_RAS, 0, false, false);
    held_add(&held, HELD_RAS, 1, false, false);
    held_add(&held, HELD_PATTERNS, 0, false, false);
    held_add(&held, HELD_SERVER, 0, false, false);
}

int main(void)
{
    static const int wanted[] = {1, 0, 2, 0, 2, 1, 0, 1, 0, 1, 1};
    unsigned int i, changed = 0;

    add_items();
    held.items[DEFAULT].state = 1;
    for (i = 0; i < held.count; i++)
        if (wanted[i] && FAILED(ask(i, wanted[i])))
            die("%s cannot be made", held_name(&held.items[i]));
    if (!all_as_before())
        die("what was made is not there");
    refuse_writing();
    refuse_opening();
    printf("%d bit: %u changes of %u that the registry refuses are refused, the state kept %u "
           "times\n",
            (int)sizeof(void *) * 8, refused, tried, kept);
    check(refused == tried, "whoever asked gets the error", "%u of %u", refused, tried);
    check(kept == tried, "the agent keeps the old state", "%u of %u", kept, tried);
    for (i = 0; i < held.count; i++)
        changed += held.items[i].state
                   && SUCCEEDED(ask(i, held.items[i].fixed                   ? 1
                                       : held.items[i].kind == HELD_PATTERNS ? 2
                                                                             : 0));
    check(changed == 7 && all_as_before(), "all can be changed when it does not refuse any more",
            "%u of 7", changed);
    return checks_failed();
}
