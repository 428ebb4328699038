/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * The router configuration of this machine. The names of its interfaces are the host's. Nothing is
 * kept beyond that, so no transport and no interface is configured, and none can be added.
 */

#include "dlls/mprapi/rras.h"

#include <iphlpapi.h>
#include <rpcdce.h>

#include "libs/log/trace.h"
#include "libs/text/guid.h"
#include "libs/unimplemented/unimplemented.h"

#define ALIAS_SIZE (IF_MAX_STRING_SIZE + 1) /* characters and NUL */

static struct handle_set configs;

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

    if (!handle_is_in(&configs, config) || !guid_name || !buffer)
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

    if (!handle_is_in(&configs, config) || !friendly_name || !buffer)
        return TRACED(ERROR_INVALID_PARAMETER);
    if (ConvertInterfaceAliasToLuid(friendly_name, &luid)
            || ConvertInterfaceLuidToGuid(&luid, &guid))
        return TRACED(ERROR_NOT_FOUND);
    guid_format((const uint8_t *)&guid, narrow);
    for (i = 0; i < GUID_TEXT_SIZE; i++)
        text[i] = (WCHAR)narrow[i];
    return TRACED(give_text(text, buffer, size));
}

/* ---- what is configured: nothing ---- */

/* Checks what both enumerations get; there is nothing to return. */
static DWORD enumerate_nothing(HANDLE config, DWORD level, BYTE **buffer, DWORD max_length,
        DWORD entry_size, DWORD *read, DWORD *total, DWORD *resume)
{
    if (!handle_is_in(&configs, config) || level || max_length < entry_size
            || !clear_results(buffer, read, total)
            || (resume && !is_writable(resume, sizeof(*resume))))
        return ERROR_INVALID_PARAMETER;
    return ERROR_NO_MORE_ITEMS;
}

/* nf-mprapi-mprconfiginterfaceenum */
DWORD APIENTRY MprConfigInterfaceEnum(HANDLE config, DWORD level, BYTE **buffer, DWORD max_length,
        DWORD *read, DWORD *total, DWORD *resume)
{
    TRACE_CALL("(config %p, level %lu, buffer %p, max_length %lu, read %p, total %p, resume %p)",
            (const void *)config, (unsigned long)level, (const void *)buffer,
            (unsigned long)max_length, (const void *)read, (const void *)total,
            (const void *)resume);
    return TRACED(enumerate_nothing(
            config, level, buffer, max_length, sizeof(MPR_INTERFACE_0), read, total, resume));
}

/* nf-mprapi-mprconfigtransportenum */
DWORD APIENTRY MprConfigTransportEnum(HANDLE config, DWORD level, BYTE **buffer, DWORD max_length,
        DWORD *read, DWORD *total, DWORD *resume)
{
    TRACE_CALL("(config %p, level %lu, buffer %p, max_length %lu, read %p, total %p, resume %p)",
            (const void *)config, (unsigned long)level, (const void *)buffer,
            (unsigned long)max_length, (const void *)read, (const void *)total,
            (const void *)resume);
    return TRACED(enumerate_nothing(
            config, level, buffer, max_length, sizeof(MPR_TRANSPORT_0), read, total, resume));
}

/* nf-mprapi-mprconfiginterfacegethandle */
DWORD APIENTRY MprConfigInterfaceGetHandle(HANDLE config, WCHAR *name, HANDLE *interface_handle)
{
    TRACE_CALL("(config %p, name %s, interface_handle %p)", (const void *)config, TRACE_WIDE(name),
            (const void *)interface_handle);
    if (!handle_is_in(&configs, config) || !name
            || !is_writable(interface_handle, sizeof(*interface_handle)))
        return TRACED(ERROR_INVALID_PARAMETER);
    return TRACED(ERROR_NO_SUCH_INTERFACE);
}

/* nf-mprapi-mprconfigtransportgethandle */
DWORD APIENTRY MprConfigTransportGetHandle(HANDLE config, DWORD id, HANDLE *transport)
{
    TRACE_CALL("(config %p, id %#lx, transport %p)", (const void *)config, (unsigned long)id,
            (const void *)transport);
    if (!handle_is_in(&configs, config) || !is_writable(transport, sizeof(*transport)))
        return TRACED(ERROR_INVALID_PARAMETER);
    return TRACED(ERROR_UNKNOWN_PROTOCOL_ID);
}

/* ---- not implemented; the arguments are checked first ---- */

/* nf-mprapi-mprconfigserverrefresh */
DWORD APIENTRY MprConfigServerRefresh(HANDLE config)
{
    TRACE_CALL("(config %p)", (const void *)config);
    static LONG logged;

    if (!handle_is_in(&configs, config))
        return TRACED(ERROR_INVALID_PARAMETER);
    return TRACED((DWORD)unimplemented("MprConfigServerRefresh", &logged, ERROR_NOT_SUPPORTED));
}

/* nf-mprapi-mprconfigservergetinfo */
DWORD APIENTRY MprConfigServerGetInfo(HANDLE config, DWORD level, BYTE **buffer)
{
    TRACE_CALL("(config %p, level %lu, buffer %p)", (const void *)config, (unsigned long)level,
            (const void *)buffer);
    static LONG logged;

    if (!handle_is_in(&configs, config) || !is_writable(buffer, sizeof(*buffer)))
        return TRACED(ERROR_INVALID_PARAMETER);
    return TRACED((DWORD)unimplemented("MprConfigServerGetInfo", &logged, ERROR_NOT_SUPPORTED));
}

/* nf-mprapi-mprconfigserversetinfo */
DWORD APIENTRY MprConfigServerSetInfo(HANDLE config, DWORD level, BYTE *buffer)
{
    TRACE_CALL("(config %p, level %lu, buffer %p)", (const void *)config, (unsigned long)level,
            (const void *)buffer);
    static LONG logged;

    if (!handle_is_in(&configs, config) || !buffer)
        return TRACED(ERROR_INVALID_PARAMETER);
    return TRACED((DWORD)unimplemented("MprConfigServerSetInfo", &logged, ERROR_NOT_SUPPORTED));
}

/* nf-mprapi-mprconfiginterfacecreate */
DWORD APIENTRY MprConfigInterfaceCreate(
        HANDLE config, DWORD level, BYTE *buffer, HANDLE *interface_handle)
{
    TRACE_CALL("(config %p, level %lu, buffer %p, interface_handle %p)", (const void *)config,
            (unsigned long)level, (const void *)buffer, (const void *)interface_handle);
    static LONG logged;

    if (!handle_is_in(&configs, config) || level || !buffer
            || !is_writable(interface_handle, sizeof(*interface_handle)))
        return TRACED(ERROR_INVALID_PARAMETER);
    return TRACED((DWORD)unimplemented("MprConfigInterfaceCreate", &logged, ERROR_NOT_SUPPORTED));
}

/* nf-mprapi-mprconfigtransportcreate */
DWORD APIENTRY MprConfigTransportCreate(HANDLE config, DWORD id, WCHAR *name, BYTE *global_info,
        DWORD global_size, BYTE *client_info, DWORD client_size, WCHAR *dll, HANDLE *transport)
{
    TRACE_CALL("(config %p, id %#lx, name %s, global_info %p, global_size %lu, client_info %p, "
               "client_size %lu, dll %s, transport %p)",
            (const void *)config, (unsigned long)id, TRACE_WIDE(name), (const void *)global_info,
            (unsigned long)global_size, (const void *)client_info, (unsigned long)client_size,
            TRACE_WIDE(dll), (const void *)transport);
    static LONG logged;

    if (!handle_is_in(&configs, config) || !is_writable(transport, sizeof(*transport)))
        return TRACED(ERROR_INVALID_PARAMETER);
    return TRACED((DWORD)unimplemented("MprConfigTransportCreate", &logged, ERROR_NOT_SUPPORTED));
}
