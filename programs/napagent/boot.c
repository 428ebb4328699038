/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * The host's boots; see boot.h.
 */
#include "programs/napagent/boot.h"

#include <stdint.h>
#include <wchar.h>

#include "libs/napclient/napclient.h"
#include "programs/napagent/fields.h"
#include "programs/napagent/registry.h"

/* The boot of the host, as the kernel tells it: a hash of its boot_id. 0: it is unknown. */
static uint64_t current_boot(void)
{
    static uint64_t known;
    char text[64];
    HANDLE file;
    DWORD size = 0, i;

    if (known)
        return known;
    file = CreateFileW(L"\\\\?\\unix\\proc\\sys\\kernel\\random\\boot_id", GENERIC_READ,
            FILE_SHARE_READ | FILE_SHARE_WRITE, NULL, OPEN_EXISTING, 0, NULL);
    if (file == INVALID_HANDLE_VALUE)
        return 0;
    if (!ReadFile(file, text, sizeof(text), &size, NULL))
        size = 0;
    CloseHandle(file);
    for (i = 0; i < size; i++)
        known = (known ^ (BYTE)text[i]) * 1099511628211u; /* FNV-1 */
    return known;
}

void boot_stamp(const WCHAR *key, const WCHAR *name)
{
    uint64_t now = current_boot();

    if (now)
        registry_set(key, name, REG_QWORD, &now, sizeof(now));
}

enum boot_stamp boot_stamp_of(const WCHAR *key, const WCHAR *name)
{
    const struct field field = {name, FIELD_QWORD, 0, 0};
    WCHAR path[ARRAYSIZE(AGENT_SERVICE_KEY) + 32];
    uint64_t stamp = 0, now = current_boot();

    swprintf(path, ARRAYSIZE(path), L"%ls\\%ls", AGENT_SERVICE_KEY, key);
    fields_read_each(path, &field, 1, &stamp);
    if (!stamp)
        return BOOT_NONE;
    return !now || stamp == now ? BOOT_THIS : BOOT_EARLIER;
}
