/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Connections to the router configuration, the names of network adapters, which are the host's, and
 * the server as a whole.
 */

#include "dlls/mprapi/config_store.h"
#include "dlls/mprapi/rras.h"

#include <iphlpapi.h>
#include <rpcdce.h>

#include "libs/log/trace.h"
#include "libs/text/guid.h"
#include "libs/unimplemented/unimplemented.h"

#define ALIAS_SIZE (IF_MAX_STRING_SIZE + 1) /* characters and NUL */

static struct handle_set configs;

bool config_is_valid(HANDLE config)
{
    return handle_is_in(&configs, config);
}

/* ---- connections ---- */

/* nf-mprapi-mprconfigserverconnect. As in Wine's DLL, *config is NULL on failure: programs rely on
 * it. */
DWORD APIENTRY MprConfigServerConnect(WCHAR *server, HANDLE *config)
{
    TRACE_CALL("(server %s, config %p)", TRACE_WIDE(server), (const void *)config);
    if (!is_writable(config, sizeof(*config)))
        return TRACED(ERROR_INVALID_PARAMETER);
    *config = NULL;
    if (!is_this_machine(server))
        return TRACED(ERROR_BAD_NETPATH);
    *config = handle_create(&configs);
    return TRACED(*config ? NO_ERROR : ERROR_NOT_ENOUGH_MEMORY);
}

/* nf-mprapi-mprconfigserverdisconnect */
void APIENTRY MprConfigServerDisconnect(HANDLE config)
{
    TRACE_CALL("(config %p)", (const void *)config);
    handle_destroy(&configs, config);
}

/* ---- names of interfaces ---- */

/* Copies a text to a program's buffer of `size` bytes. */
static DWORD give_text(const WCHAR *text, WCHAR *buffer, DWORD size)
{
    DWORD needed = (DWORD)(wcslen(text) + 1) * sizeof(WCHAR);

    if (needed > size)
        return ERROR_BUFFER_OVERFLOW;
    if (!is_writable(buffer, needed))
        return ERROR_INVALID_PARAMETER;
    memcpy(buffer, text, needed);
    return NO_ERROR;
}

/* "{00112233-...}", in any case, or without the braces. */
static bool parse_guid(const WCHAR *text, GUID *guid)
{
    WCHAR plain[GUID_TEXT_SIZE];
    size_t length = wcslen(text);

    if (length >= GUID_TEXT_SIZE)
        return false;
    if (*text == '{')
    {
        if (text[length - 1] != '}')
            return false;
        text++;
        length -= 2;
    }
    memcpy(plain, text, length * sizeof(WCHAR));
    plain[length] = 0;
    return !UuidFromStringW((RPC_WSTR)plain, guid);
}

/* nf-mprapi-mprconfiggetfriendlyname */
DWORD APIENTRY MprConfigGetFriendlyName(HANDLE config, WCHAR *guid_name, WCHAR *buffer, DWORD size)
{
    TRACE_CALL("(config %p, guid_name %s, buffer %p, size %lu)", (const void *)config,
            TRACE_WIDE(guid_name), (const void *)buffer, (unsigned long)size);
    WCHAR alias[ALIAS_SIZE];
    NET_LUID luid;
    GUID guid;

    if (!config_is_valid(config) || !guid_name || !buffer)
        return TRACED(ERROR_INVALID_PARAMETER);
    if (!parse_guid(guid_name, &guid) || ConvertInterfaceGuidToLuid(&guid, &luid)
            || ConvertInterfaceLuidToAlias(&luid, alias, ARRAYSIZE(alias)))
        return TRACED(ERROR_NOT_FOUND);
    return TRACED(give_text(alias, buffer, size));
}

/* nf-mprapi-mprconfiggetguidname */
DWORD APIENTRY MprConfigGetGuidName(HANDLE config, WCHAR *friendly_name, WCHAR *buffer, DWORD size)
{
    TRACE_CALL("(config %p, friendly_name %s, buffer %p, size %lu)", (const void *)config,
            TRACE_WIDE(friendly_name), (const void *)buffer, (unsigned long)size);
    char narrow[GUID_TEXT_SIZE];
    WCHAR text[GUID_TEXT_SIZE];
    NET_LUID luid;
    GUID guid;
    int i;

    if (!config_is_valid(config) || !friendly_name || !buffer)
        return TRACED(ERROR_INVALID_PARAMETER);
    if (ConvertInterfaceAliasToLuid(friendly_name, &luid)
            || ConvertInterfaceLuidToGuid(&luid, &guid))
        return TRACED(ERROR_NOT_FOUND);
    guid_format((const uint8_t *)&guid, narrow);
    for (i = 0; i < GUID_TEXT_SIZE; i++)
        text[i] = (WCHAR)narrow[i];
    return TRACED(give_text(text, buffer, size));
}

/* ---- the server ---- */

/* nf-mprapi-mprconfigservergetinfo */
DWORD APIENTRY MprConfigServerGetInfo(HANDLE config, DWORD level, BYTE **buffer)
{
    TRACE_CALL("(config %p, level %lu, buffer %p)", (const void *)config, (unsigned long)level,
            (const void *)buffer);
    if (!config_is_valid(config) || !is_writable(buffer, sizeof(*buffer)))
        return TRACED(ERROR_INVALID_PARAMETER);
    *buffer = NULL;
    return TRACED(level < SERVER_LEVELS ? server_get_info(level, buffer) : ERROR_INVALID_PARAMETER);
}

/* MprConfigServerRefresh makes a configuration current that was read before. Here every function
 * reads the registry when it is called. */
DWORD APIENTRY MprConfigServerRefresh(HANDLE config)
{
    TRACE_CALL("(config %p)", (const void *)config);
    return TRACED(config_is_valid(config) ? NO_ERROR : ERROR_INVALID_PARAMETER);
}

/* nf-mprapi-mprconfigserversetinfo: not implemented; the arguments are checked first */
DWORD APIENTRY MprConfigServerSetInfo(HANDLE config, DWORD level, BYTE *buffer)
{
    TRACE_CALL("(config %p, level %lu, buffer %p)", (const void *)config, (unsigned long)level,
            (const void *)buffer);
    static LONG logged;

    if (!config_is_valid(config) || !buffer)
        return TRACED(ERROR_INVALID_PARAMETER);
    return TRACED((DWORD)unimplemented("MprConfigServerSetInfo", &logged, ERROR_NOT_SUPPORTED));
}
