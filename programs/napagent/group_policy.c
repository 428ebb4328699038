/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Group Policy: the settings of [MS-GPNAP] (Group Policy: Network Access Protection Extension,
 * v20170601), which [MS-GPREG] puts into the registry, below
 *
 *   HKLM\Software\Policies\Microsoft\NetworkAccessProtection\ClientConfig
 *     Qecs\<qec-id>  "Enabled"     REG_DWORD  2.3: 0 disables, 1 enables an enforcement client
 *     "ShatimeoutInMsec"           REG_DWORD  2.5.1: a health agent's time to answer, in ms
 *     "BackwardCompatible"         REG_DWORD  2.5.2: 2: SSoHs have a mode sub-header; 1: not
 *
 * The other settings do not concern an agent without user interface and certificates:
 * docs/administration.md.
 *
 * A watch notifies the server of changes. The key need not exist, so every existing key on the path
 * to it is watched: each reports keys that are created or deleted below it.
 */
#include "programs/napagent/napagent.h"

#include <stdio.h>
#include <stdlib.h>
#include <wchar.h>

#include "libs/log/log.h"

/* "a set of entries in the machine-specific Registry Policy file" */
#define POLICY_KEY L"Software\\Policies\\Microsoft\\NetworkAccessProtection\\ClientConfig"
/* Policy is written value by value, and is read after this many ms without a change. */
#define QUIET 100

/* The path to the key, from the first key that always exists. */
static const WCHAR *const way[] = {
        L"Software",
        L"Software\\Policies",
        L"Software\\Policies\\Microsoft",
        L"Software\\Policies\\Microsoft\\NetworkAccessProtection",
        POLICY_KEY,
};

struct group_policy_watch
{
    HANDLE port;
    ULONG_PTR message;
    HANDLE stop;
    HANDLE changed;
    HANDLE thread;
    HKEY keys[ARRAYSIZE(way)];
};

/* ---- reading ---- */

/* False: the value is missing, or it is not usable, which is logged. */
static bool read_value(
        HKEY key, const WCHAR *subkey, const WCHAR *name, DWORD min, DWORD max, DWORD *value)
{
    DWORD size = sizeof(*value);
    DWORD error = RegGetValueW(key, subkey, name, RRF_RT_REG_DWORD, NULL, value, &size);

    if (!error && (*value < min || *value > max))
        error = ERROR_INVALID_DATA;
    if (error && error != ERROR_FILE_NOT_FOUND)
        log_event(LOG_ERROR, 0, "group-policy",
                "%ls%ls%ls\\%ls is not usable and skipped: "
                "error %lu",
                POLICY_KEY, subkey ? L"\\Qecs\\" : L"", subkey ? subkey : L"", name, error);
    return !error;
}

static void read_enforcement_clients(HKEY policy_key, struct engine_group_policy *policy)
{
    WCHAR name[256]; /* the longest name of a key */
    DWORD i, length;
    HKEY keys;

    if (RegOpenKeyExW(policy_key, L"Qecs", 0, KEY_READ, &keys))
        return;
    for (i = 0; length = ARRAYSIZE(name),
        !RegEnumKeyExW(keys, i, name, &length, NULL, NULL, NULL, NULL);
            i++)
    {
        DWORD enabled;
        WCHAR *end;
        unsigned long id;

        if (!read_value(keys, name, L"Enabled", 0, 1, &enabled))
            continue;
        id = wcstoul(name, &end, 10);
        if (!id || *end || (enabled && policy->enabled_count == ENGINE_GROUP_POLICY_IDS))
        {
            log_event(LOG_ERROR, 0, "group-policy", "%ls\\Qecs\\%ls is skipped: %s", POLICY_KEY,
                    name, !id || *end ? "its name is not an id" : "there are too many");
            continue;
        }
        policy->decides = true;
        if (enabled)
            policy->enabled[policy->enabled_count++] = id;
    }
    RegCloseKey(keys);
}

void group_policy_read(struct engine_group_policy *policy)
{
    static const struct engine_group_policy nothing;
    DWORD value;
    HKEY key;

    *policy = nothing;
    if (RegOpenKeyExW(HKEY_LOCAL_MACHINE, POLICY_KEY, 0, KEY_READ | KEY_WOW64_64KEY, &key))
        return;
    read_enforcement_clients(key, policy);
    if (read_value(key, NULL, L"ShatimeoutInMsec", 1, INT32_MAX, &value))
        policy->agent_deadline = value;
    if (read_value(key, NULL, L"BackwardCompatible", 1, 2, &value))
        policy->mode_header = value == 2;
    RegCloseKey(key);
}

/* ---- watching ---- */

static void let_go(struct group_policy_watch *watch)
{
    size_t i;

    for (i = 0; i < ARRAYSIZE(way); i++)
        if (watch->keys[i])
        {
            RegCloseKey(watch->keys[i]);
            watch->keys[i] = NULL;
        }
    ResetEvent(watch->changed); /* closing a watched key sets it */
}

/* Watches the existing keys of the path. Returns a Win32 error. */
static DWORD watch_way(struct group_policy_watch *watch)
{
    DWORD error = 0;
    size_t i;

    for (i = 0; i < ARRAYSIZE(way) && !error; i++)
    {
        bool last = i == ARRAYSIZE(way) - 1;

        if (RegOpenKeyExW(
                    HKEY_LOCAL_MACHINE, way[i], 0, KEY_NOTIFY | KEY_WOW64_64KEY, &watch->keys[i]))
        {
            watch->keys[i] = NULL;
            break; /* its parent reports its creation */
        }
        error = RegNotifyChangeKeyValue(watch->keys[i], last,
                last ? REG_NOTIFY_CHANGE_NAME | REG_NOTIFY_CHANGE_LAST_SET : REG_NOTIFY_CHANGE_NAME,
                watch->changed, TRUE);
    }
    return error;
}

static DWORD CALLBACK watch_thread(void *context)
{
    struct group_policy_watch *watch = context;
    HANDLE events[] = {watch->stop, watch->changed};
    DWORD error, result;

    do
    {
        /* A key that is created meanwhile is found by watch_way(), or reported by its parent. */
        let_go(watch);
        if ((error = watch_way(watch)))
        {
            log_event(LOG_ERROR, 0, "group-policy",
                    "changes of Group Policy are ignored until "
                    "the service is restarted: error %lu",
                    error);
            return error;
        }
        PostQueuedCompletionStatus(watch->port, 0, watch->message, NULL);
        result = WaitForMultipleObjects(ARRAYSIZE(events), events, FALSE, INFINITE);
        if (result == WAIT_OBJECT_0 + 1)
            result = WaitForSingleObject(watch->stop, QUIET);
    } while (result == WAIT_TIMEOUT);
    return 0;
}

struct group_policy_watch *group_policy_watch_create(HANDLE port, ULONG_PTR message)
{
    struct group_policy_watch *watch = calloc(1, sizeof(*watch));

    if (!watch)
        return NULL;
    watch->port = port;
    watch->message = message;
    watch->stop = CreateEventW(NULL, TRUE, FALSE, NULL);
    watch->changed = CreateEventW(NULL, TRUE, FALSE, NULL);
    if (watch->stop && watch->changed)
        watch->thread = CreateThread(NULL, 0, watch_thread, watch, 0, NULL);
    if (!watch->thread)
    {
        group_policy_watch_destroy(watch);
        return NULL;
    }
    return watch;
}

void group_policy_watch_destroy(struct group_policy_watch *watch)
{
    if (!watch)
        return;
    if (watch->thread)
    {
        SetEvent(watch->stop);
        WaitForSingleObject(watch->thread, INFINITE);
        CloseHandle(watch->thread);
    }
    let_go(watch);
    if (watch->changed)
        CloseHandle(watch->changed);
    if (watch->stop)
        CloseHandle(watch->stop);
    free(watch);
}
