/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * What is configured on the router: pages nf-mprapi-mprconfigtransport*, ...interface* and
 * ...interfacetransport*, nf-mprapi-mpradmintransportgetinfo, ...setinfo and ...create, and the
 * registry that public documents describe.
 */

#include <test.h>

#include <stdbool.h>
#include <stdio.h>
#include <string.h>
#include <wchar.h>
#include "mpr_fixture.h"

#include <rtinfo.h>

#define NOTHING ((HANDLE)7)
#define UNREADABLE ((WCHAR *)1)
#define SPARE 0x77u /* a protocol that no router has */
#define LAN L"{00112233-4455-6677-8899-AABBCCDDEEFF}"
#define ROUTER_KEY L"SYSTEM\\CurrentControlSet\\Services\\RemoteAccess"

static HANDLE config;

static int set_up(void)
{
    RegDeleteTreeW(HKEY_LOCAL_MACHINE, ROUTER_KEY L"\\Interfaces"); /* of a run that failed */
    return mpr_setup() || MprConfigServerConnect(NULL, &config) ? -1 : 0;
}

static int tear_down(void)
{
    MprConfigServerDisconnect(config);
    return mpr_teardown();
}

/* ---- transports ---- */

static void assert_info(BYTE *info, DWORD size, const char *wanted)
{
    assert_int_equal(size, strlen(wanted));
    assert_memory_equal(info, wanted, size);
    assert_int_equal(MprConfigBufferFree(info), NO_ERROR);
}

static HANDLE create_transport(DWORD id)
{
    HANDLE transport = NULL;

    assert_int_equal(MprConfigTransportCreate(config, id, (WCHAR *)L"Spare", (BYTE *)"global", 6,
                             (BYTE *)"client", 6, (WCHAR *)L"%SystemRoot%\\spare.dll", &transport),
            NO_ERROR);
    assert_non_null(transport);
    return transport;
}

TEST(a_router_has_ip_with_an_empty_header)
{
    static const DWORD ids[] = {PID_IP, 0x57 /* PID_IPV6 */};
    unsigned int i;

    for (i = 0; i < ARRAYSIZE(ids); i++)
    {
        HANDLE transport = NULL;
        BYTE *info = NULL;
        void *empty = NULL;
        DWORD size = 0;

        assert_int_equal(MprConfigTransportGetHandle(config, ids[i], &transport), NO_ERROR);
        assert_int_equal(
                MprConfigTransportGetInfo(config, transport, &info, &size, NULL, NULL, NULL),
                NO_ERROR);
        assert_int_equal(MprInfoCreate(RTR_INFO_BLOCK_VERSION, &empty), NO_ERROR);
        assert_int_equal(size, MprInfoBlockQuerySize(empty));
        assert_memory_equal(info, empty, size);
        assert_int_equal(MprInfoDelete(empty), NO_ERROR);
        assert_int_equal(MprConfigBufferFree(info), NO_ERROR);
    }
}

TEST(a_transport_is_created_read_changed_and_deleted)
{
    HANDLE transport = create_transport(SPARE), found = NULL;
    BYTE *global = NULL, *client = NULL;
    DWORD global_size = 0, client_size = 0;
    WCHAR *dll = NULL;

    assert_int_equal(MprConfigTransportGetHandle(config, SPARE, &found), NO_ERROR);
    assert_ptr_equal(found, transport);
    assert_int_equal(MprConfigTransportGetInfo(
                             config, transport, &global, &global_size, &client, &client_size, &dll),
            NO_ERROR);
    assert_info(global, global_size, "global");
    assert_info(client, client_size, "client");
    assert_int_equal(wcscmp(dll, L"%SystemRoot%\\spare.dll"), 0);
    assert_int_equal(MprConfigBufferFree(dll), NO_ERROR);

    /* What is NULL stays as it is. */
    assert_int_equal(
            MprConfigTransportSetInfo(config, transport, (BYTE *)"other", 5, NULL, 0, NULL),
            NO_ERROR);
    assert_int_equal(MprConfigTransportGetInfo(
                             config, transport, &global, &global_size, &client, &client_size, NULL),
            NO_ERROR);
    assert_info(global, global_size, "other");
    assert_info(client, client_size, "client");

    /* "If the specified transport already exists, [it] does the equivalent of an
     * MprConfigTransportSetInfo call" */
    assert_int_equal(MprConfigTransportCreate(config, SPARE, (WCHAR *)L"Another name",
                             (BYTE *)"third", 5, NULL, 0, NULL, &found),
            NO_ERROR);
    assert_ptr_equal(found, transport);
    assert_int_equal(
            MprConfigTransportGetInfo(config, transport, &global, &global_size, NULL, NULL, &dll),
            NO_ERROR);
    assert_info(global, global_size, "third");
    assert_int_equal(wcscmp(dll, L"%SystemRoot%\\spare.dll"), 0);
    assert_int_equal(MprConfigBufferFree(dll), NO_ERROR);

    assert_int_equal(MprConfigTransportDelete(config, transport), NO_ERROR);
    assert_int_equal(MprConfigTransportDelete(config, transport), ERROR_UNKNOWN_PROTOCOL_ID);
    assert_int_equal(MprConfigTransportGetHandle(config, SPARE, &found), ERROR_UNKNOWN_PROTOCOL_ID);
    assert_int_equal(
            MprConfigTransportSetInfo(config, transport, (BYTE *)"other", 5, NULL, 0, NULL),
            ERROR_UNKNOWN_PROTOCOL_ID);
    assert_int_equal(
            MprConfigTransportGetInfo(config, transport, &global, &global_size, NULL, NULL, NULL),
            ERROR_UNKNOWN_PROTOCOL_ID);
    assert_null(global);
    assert_int_equal(global_size, 0);
}

TEST(a_transport_without_a_name_is_named_by_its_id)
{
    DWORD read = 0, total = 0, i;
    BYTE *buffer = NULL;
    HANDLE transport = NULL;
    bool found = false;

    assert_int_equal(MprConfigTransportCreate(
                             config, SPARE, NULL, (BYTE *)"x", 1, NULL, 0, NULL, &transport),
            NO_ERROR);
    assert_int_equal(
            MprConfigTransportEnum(config, 0, &buffer, (DWORD)-1, &read, &total, NULL), NO_ERROR);
    assert_int_equal(read, total);
    for (i = 0; i < read; i++)
    {
        const MPR_TRANSPORT_0 *row = (MPR_TRANSPORT_0 *)buffer + i;

        if (row->dwTransportId != SPARE)
            continue;
        found = true;
        assert_ptr_equal(row->hTransport, transport);
        assert_int_equal(wcscmp(row->wszTransportName, L"119"), 0);
    }
    assert_true(found);
    assert_int_equal(MprConfigBufferFree(buffer), NO_ERROR);
    assert_int_equal(MprConfigTransportDelete(config, transport), NO_ERROR);
}

TEST(transports_need_their_arguments)
{
    HANDLE transport = create_transport(SPARE), made = NULL;
    BYTE *info = NULL;
    DWORD size = 0;

    assert_int_equal(MprConfigTransportCreate(NULL, PID_IP, NULL, NULL, 0, NULL, 0, NULL, &made),
            ERROR_INVALID_PARAMETER);
    assert_int_equal(MprConfigTransportCreate(config, PID_IP, NULL, NULL, 0, NULL, 0, NULL, NULL),
            ERROR_INVALID_PARAMETER);
    assert_int_equal(MprConfigTransportCreate(
                             config, SPARE + 1, (WCHAR *)L"a\\b", NULL, 0, NULL, 0, NULL, &made),
            ERROR_INVALID_PARAMETER);
    assert_int_equal(MprConfigTransportCreate(
                             config, SPARE + 1, (WCHAR *)L"Spare", NULL, 0, NULL, 0, NULL, &made),
            ERROR_ALREADY_EXISTS);
    assert_null(made);
    assert_int_equal(
            MprConfigTransportCreate(config, SPARE + 1, UNREADABLE, NULL, 0, NULL, 0, NULL, &made),
            ERROR_INVALID_PARAMETER);
    assert_int_equal(MprConfigTransportSetInfo(config, transport, NULL, 0, NULL, 0, UNREADABLE),
            ERROR_INVALID_PARAMETER);
    assert_int_equal(MprConfigTransportDelete(NULL, transport), ERROR_INVALID_PARAMETER);
    assert_int_equal(MprConfigTransportDelete(config, NULL), ERROR_INVALID_PARAMETER);
    assert_int_equal(MprConfigTransportGetHandle(NULL, PID_IP, &made), ERROR_INVALID_PARAMETER);
    assert_int_equal(MprConfigTransportGetHandle(config, PID_IP, NULL), ERROR_INVALID_PARAMETER);
    assert_int_equal(MprConfigTransportSetInfo(NULL, transport, NULL, 0, NULL, 0, NULL),
            ERROR_INVALID_PARAMETER);
    assert_int_equal(MprConfigTransportSetInfo(config, NULL, NULL, 0, NULL, 0, NULL),
            ERROR_INVALID_PARAMETER);
    /* "If [they] are all NULL, the function does nothing, returning a value of NO_ERROR" */
    assert_int_equal(MprConfigTransportSetInfo(config, NOTHING, NULL, 0, NULL, 0, NULL), NO_ERROR);
    assert_int_equal(
            MprConfigTransportGetInfo(config, NOTHING, NULL, NULL, NULL, NULL, NULL), NO_ERROR);
    assert_int_equal(MprConfigTransportGetInfo(NULL, transport, &info, &size, NULL, NULL, NULL),
            ERROR_INVALID_PARAMETER);
    assert_int_equal(MprConfigTransportGetInfo(config, NULL, &info, &size, NULL, NULL, NULL),
            ERROR_INVALID_PARAMETER);
    assert_int_equal(MprConfigTransportGetInfo(config, transport, &info, NULL, NULL, NULL, NULL),
            ERROR_INVALID_PARAMETER);
    assert_int_equal(MprConfigTransportGetInfo(config, transport, NULL, NULL, &info, NULL, NULL),
            ERROR_INVALID_PARAMETER);
    assert_int_equal(MprConfigTransportDelete(config, transport), NO_ERROR);
}

/* nf-mprapi-mpradmintransportgetinfo, ...setinfo, ...create */
TEST(the_running_router_has_the_configured_transports)
{
    HANDLE transport = create_transport(SPARE);
    BYTE *global = NULL, *client = NULL;
    DWORD global_size = 0, client_size = 0;

    assert_int_equal(
            MprAdminTransportGetInfo(server, SPARE, &global, &global_size, &client, &client_size),
            NO_ERROR);
    assert_info(global, global_size, "global");
    assert_info(client, client_size, "client");
    assert_int_equal(MprAdminTransportSetInfo(server, SPARE, (BYTE *)"live", 4, NULL, 0), NO_ERROR);
    assert_int_equal(
            MprAdminTransportGetInfo(server, SPARE, &global, &global_size, NULL, NULL), NO_ERROR);
    assert_info(global, global_size, "live");
    assert_int_equal(MprAdminTransportCreate(
                             server, SPARE, NULL, (BYTE *)"x", 1, NULL, 0, (WCHAR *)L"x.dll"),
            ERROR_PROTOCOL_ALREADY_INSTALLED);
    assert_int_equal(MprConfigTransportDelete(config, transport), NO_ERROR);

    assert_int_equal(MprAdminTransportGetInfo(server, SPARE, &global, &global_size, NULL, NULL),
            ERROR_UNKNOWN_PROTOCOL_ID);
    assert_int_equal(MprAdminTransportSetInfo(server, SPARE, (BYTE *)"live", 4, NULL, 0),
            ERROR_UNKNOWN_PROTOCOL_ID);
    assert_int_equal(MprAdminTransportCreate(
                             server, SPARE, NULL, (BYTE *)"x", 1, NULL, 0, (WCHAR *)L"x.dll"),
            ERROR_UNKNOWN_PROTOCOL_ID);
    assert_int_equal(
            MprAdminTransportCreate(server, SPARE, NULL, NULL, 0, NULL, 0, (WCHAR *)L"x.dll"),
            ERROR_INVALID_PARAMETER);
    assert_int_equal(MprAdminTransportGetInfo(server, PID_IP, NULL, NULL, NULL, NULL),
            ERROR_INVALID_PARAMETER);
    assert_int_equal(
            MprAdminTransportSetInfo(server, PID_IP, NULL, 0, NULL, 0), ERROR_INVALID_PARAMETER);
    assert_int_equal(MprAdminTransportGetInfo(NOTHING, PID_IP, &global, &global_size, NULL, NULL),
            ERROR_INVALID_HANDLE);
}

/* ---- interfaces ---- */

static HANDLE create_interface(const WCHAR *name, ROUTER_INTERFACE_TYPE type, BOOL enabled)
{
    MPR_INTERFACE_0 given = {.fEnabled = enabled, .dwIfType = type};
    HANDLE made = NULL;

    wcscpy(given.wszInterfaceName, name);
    assert_int_equal(MprConfigInterfaceCreate(config, 0, (BYTE *)&given, &made), NO_ERROR);
    assert_non_null(made);
    return made;
}

static void delete_interface(HANDLE handle)
{
    assert_int_equal(MprConfigInterfaceDelete(config, handle), NO_ERROR);
}

TEST(an_interface_is_created_read_and_deleted)
{
    HANDLE made = create_interface(LAN, ROUTER_IF_TYPE_DEDICATED, TRUE), found = NULL;
    MPR_INTERFACE_0 *row = NULL;
    DWORD size = 0;

    assert_int_equal(MprConfigInterfaceGetHandle(config, (WCHAR *)LAN, &found), NO_ERROR);
    assert_ptr_equal(found, made);
    assert_int_equal(MprConfigInterfaceGetInfo(config, made, 0, (BYTE **)&row, &size), NO_ERROR);
    assert_int_equal(size, sizeof(*row));
    assert_int_equal(wcscmp(row->wszInterfaceName, LAN), 0);
    assert_ptr_equal(row->hInterface, made);
    assert_int_equal(row->fEnabled, TRUE);
    assert_int_equal(row->dwIfType, ROUTER_IF_TYPE_DEDICATED);
    assert_int_equal(MprConfigBufferFree(row), NO_ERROR);
    delete_interface(made);

    assert_int_equal(MprConfigInterfaceDelete(config, made), ERROR_NO_SUCH_INTERFACE);
    assert_int_equal(
            MprConfigInterfaceGetHandle(config, (WCHAR *)LAN, &found), ERROR_NO_SUCH_INTERFACE);
    assert_int_equal(MprConfigInterfaceGetInfo(config, made, 0, (BYTE **)&row, &size),
            ERROR_NO_SUCH_INTERFACE);
    assert_null(row);
}

TEST(a_deleted_interface_is_never_another)
{
    HANDLE first = create_interface(LAN, ROUTER_IF_TYPE_DEDICATED, TRUE), second;

    delete_interface(first);
    second = create_interface(LAN, ROUTER_IF_TYPE_DEDICATED, TRUE);
    assert_ptr_not_equal(first, second);
    assert_int_equal(MprConfigInterfaceDelete(config, first), ERROR_NO_SUCH_INTERFACE);
    delete_interface(second);
}

TEST(an_interface_that_exists_is_changed)
{
    HANDLE first = create_interface(L"Office", ROUTER_IF_TYPE_FULL_ROUTER, TRUE);
    HANDLE again = create_interface(L"OFFICE", ROUTER_IF_TYPE_FULL_ROUTER, FALSE);
    MPR_INTERFACE_0 *row = NULL;
    DWORD size = 0;

    assert_ptr_equal(first, again);
    assert_int_equal(MprConfigInterfaceGetInfo(config, first, 0, (BYTE **)&row, &size), NO_ERROR);
    assert_int_equal(row->fEnabled, FALSE);
    assert_int_equal(row->fUnReachabilityReasons, MPR_INTERFACE_ADMIN_DISABLED);
    assert_int_equal(wcscmp(row->wszInterfaceName, L"Office"), 0);
    assert_int_equal(MprConfigBufferFree(row), NO_ERROR);
    delete_interface(first);
}

/* ns-mprapi-mpr_interface_1: "2 09:00-12:00 13:00-17:30<NULL>4 09:00-12:00<NULL><NULL>" */
TEST(the_hours_of_an_interface_are_kept)
{
    static const WCHAR hours[] = L"2 09:00-12:00 13:00-17:30\0004 09:00-12:00\000";
    MPR_INTERFACE_1 given = {.wszInterfaceName = L"Office",
            .fEnabled = TRUE,
            .dwIfType = ROUTER_IF_TYPE_FULL_ROUTER,
            .lpwsDialoutHoursRestriction = (WCHAR *)hours};
    MPR_INTERFACE_1 *row = NULL;
    HANDLE made = NULL;
    DWORD size = 0;

    assert_int_equal(MprConfigInterfaceCreate(config, 1, (BYTE *)&given, &made), NO_ERROR);
    assert_int_equal(MprConfigInterfaceGetInfo(config, made, 1, (BYTE **)&row, &size), NO_ERROR);
    assert_int_equal(size, sizeof(*row) + sizeof(hours));
    assert_memory_equal(row->lpwsDialoutHoursRestriction, hours, sizeof(hours));
    assert_int_equal(MprConfigBufferFree(row), NO_ERROR);

    /* Level 0 has no hours, and leaves them. */
    assert_int_equal(MprConfigInterfaceSetInfo(config, made, 0, (BYTE *)&given), NO_ERROR);
    assert_int_equal(MprConfigInterfaceGetInfo(config, made, 1, (BYTE **)&row, &size), NO_ERROR);
    assert_non_null(row->lpwsDialoutHoursRestriction);
    assert_int_equal(MprConfigBufferFree(row), NO_ERROR);
    given.lpwsDialoutHoursRestriction = NULL;
    assert_int_equal(MprConfigInterfaceSetInfo(config, made, 1, (BYTE *)&given), NO_ERROR);
    assert_int_equal(MprConfigInterfaceGetInfo(config, made, 1, (BYTE **)&row, &size), NO_ERROR);
    assert_null(row->lpwsDialoutHoursRestriction);
    assert_int_equal(MprConfigBufferFree(row), NO_ERROR);
    delete_interface(made);
}

/* nf-mprapi-mprconfiginterfacesetinfo: ERROR_INVALID_PARAMETER "if the interface is of type
 * ROUTER_IF_TYPE_DEDICATED or ROUTER_IF_TYPE_INTERNAL and the interface is enabled" */
TEST(an_enabled_lan_interface_is_not_changed)
{
    static const struct
    {
        ROUTER_INTERFACE_TYPE type;
        BOOL enabled;
        DWORD error;
    } rows[] = {
            {ROUTER_IF_TYPE_DEDICATED, TRUE, ERROR_INVALID_PARAMETER},
            {ROUTER_IF_TYPE_INTERNAL, TRUE, ERROR_INVALID_PARAMETER},
            {ROUTER_IF_TYPE_DEDICATED, FALSE, NO_ERROR},
            {ROUTER_IF_TYPE_FULL_ROUTER, TRUE, NO_ERROR},
    };
    unsigned int i;

    for (i = 0; i < ARRAYSIZE(rows); i++)
    {
        MPR_INTERFACE_0 given = {.fEnabled = FALSE, .dwIfType = rows[i].type};
        HANDLE made = create_interface(LAN, rows[i].type, rows[i].enabled);

        assert_int_equal(MprConfigInterfaceSetInfo(config, made, 0, (BYTE *)&given), rows[i].error);
        delete_interface(made);
    }
}

TEST(interfaces_need_their_arguments)
{
    MPR_INTERFACE_0 given = {.wszInterfaceName = L"Office", .dwIfType = ROUTER_IF_TYPE_FULL_ROUTER};
    MPR_INTERFACE_0 nameless = given, endless = given, strange = given;
    HANDLE made = NULL, known = create_interface(LAN, ROUTER_IF_TYPE_DEDICATED, FALSE);
    BYTE *buffer = NULL, *info = (BYTE *)&given;
    DWORD size = 0;

    nameless.wszInterfaceName[0] = 0;
    wmemset(endless.wszInterfaceName, 'a', ARRAYSIZE(endless.wszInterfaceName));
    strange.dwIfType = 99;
    assert_int_equal(MprConfigInterfaceCreate(NULL, 0, info, &made), ERROR_INVALID_PARAMETER);
    assert_int_equal(MprConfigInterfaceCreate(config, 4, info, &made), ERROR_INVALID_PARAMETER);
    assert_int_equal(MprConfigInterfaceCreate(config, 0, NULL, &made), ERROR_INVALID_PARAMETER);
    assert_int_equal(MprConfigInterfaceCreate(config, 0, info, NULL), ERROR_INVALID_PARAMETER);
    assert_int_equal(
            MprConfigInterfaceCreate(config, 0, (BYTE *)&nameless, &made), ERROR_INVALID_PARAMETER);
    assert_int_equal(
            MprConfigInterfaceCreate(config, 0, (BYTE *)&endless, &made), ERROR_INVALID_PARAMETER);
    assert_int_equal(
            MprConfigInterfaceCreate(config, 0, (BYTE *)&strange, &made), ERROR_INVALID_PARAMETER);
    /* "However, MprConfigInterfaceCreate does not" support MPR_INTERFACE_2. */
    assert_int_equal(MprConfigInterfaceCreate(config, 2, info, &made), ERROR_NOT_SUPPORTED);
    assert_int_equal(MprConfigInterfaceSetInfo(NULL, known, 0, info), ERROR_INVALID_PARAMETER);
    assert_int_equal(MprConfigInterfaceSetInfo(config, NULL, 0, info), ERROR_INVALID_PARAMETER);
    assert_int_equal(MprConfigInterfaceSetInfo(config, known, 4, info), ERROR_INVALID_PARAMETER);
    assert_int_equal(MprConfigInterfaceSetInfo(config, known, 0, NULL), ERROR_INVALID_PARAMETER);
    assert_int_equal(MprConfigInterfaceSetInfo(config, NOTHING, 0, info), ERROR_NO_SUCH_INTERFACE);
    assert_int_equal(
            MprConfigInterfaceGetInfo(NULL, known, 0, &buffer, &size), ERROR_INVALID_PARAMETER);
    assert_int_equal(
            MprConfigInterfaceGetInfo(config, NULL, 0, &buffer, &size), ERROR_INVALID_PARAMETER);
    assert_int_equal(
            MprConfigInterfaceGetInfo(config, known, 4, &buffer, &size), ERROR_INVALID_PARAMETER);
    assert_int_equal(
            MprConfigInterfaceGetInfo(config, known, 0, NULL, &size), ERROR_INVALID_PARAMETER);
    assert_int_equal(
            MprConfigInterfaceGetInfo(config, known, 0, &buffer, NULL), ERROR_INVALID_PARAMETER);
    assert_int_equal(
            MprConfigInterfaceGetHandle(NULL, (WCHAR *)LAN, &made), ERROR_INVALID_PARAMETER);
    assert_int_equal(MprConfigInterfaceGetHandle(config, NULL, &made), ERROR_INVALID_PARAMETER);
    assert_int_equal(MprConfigInterfaceDelete(NULL, known), ERROR_INVALID_PARAMETER);
    assert_int_equal(MprConfigInterfaceDelete(config, NULL), ERROR_INVALID_PARAMETER);
    delete_interface(known);
}

/* ---- the transports of an interface ---- */

TEST(an_interface_has_transports)
{
    HANDLE made = create_interface(LAN, ROUTER_IF_TYPE_DEDICATED, TRUE);
    HANDLE ip = NULL, other = NULL, found = NULL;
    DWORD size = 0, read = 0, total = 0;
    MPR_IFTRANSPORT_0 *rows = NULL;
    BYTE *info = NULL;

    assert_int_equal(
            MprConfigInterfaceTransportAdd(config, made, PID_IP, NULL, (BYTE *)"one", 3, &ip),
            NO_ERROR);
    assert_int_equal(MprConfigInterfaceTransportAdd(
                             config, made, SPARE, (WCHAR *)L"Spare", (BYTE *)"two", 3, &other),
            NO_ERROR);
    assert_int_equal(MprConfigInterfaceTransportGetHandle(config, made, SPARE, &found), NO_ERROR);
    assert_ptr_equal(found, other);
    assert_int_equal(MprConfigInterfaceTransportGetInfo(config, made, ip, &info, &size), NO_ERROR);
    assert_info(info, size, "one");
    assert_int_equal(
            MprConfigInterfaceTransportSetInfo(config, made, ip, (BYTE *)"three", 5), NO_ERROR);
    assert_int_equal(MprConfigInterfaceTransportGetInfo(config, made, ip, &info, &size), NO_ERROR);
    assert_info(info, size, "three");
    assert_int_equal(MprConfigInterfaceTransportEnum(
                             config, made, 0, (BYTE **)&rows, (DWORD)-1, &read, &total, NULL),
            NO_ERROR);
    assert_int_equal(read, 2);
    assert_int_equal(total, 2);
    assert_int_equal(rows[0].dwTransportId, PID_IP);
    assert_ptr_equal(rows[0].hIfTransport, ip);
    assert_int_equal(wcscmp(rows[0].wszIfTransportName, L"IP"), 0);
    assert_int_equal(rows[1].dwTransportId, SPARE);
    assert_int_equal(wcscmp(rows[1].wszIfTransportName, L"Spare"), 0);
    assert_int_equal(MprConfigBufferFree(rows), NO_ERROR);
    assert_int_equal(MprConfigInterfaceTransportRemove(config, made, other), NO_ERROR);
    assert_int_equal(
            MprConfigInterfaceTransportRemove(config, made, other), ERROR_NO_SUCH_INTERFACE);
    assert_int_equal(MprConfigInterfaceTransportGetHandle(config, made, SPARE, &found),
            ERROR_NO_SUCH_INTERFACE);
    /* "All transport information associated with this interface is also removed." */
    delete_interface(made);
    assert_int_equal(MprConfigInterfaceTransportGetInfo(config, made, ip, &info, &size),
            ERROR_NO_SUCH_INTERFACE);
    made = create_interface(LAN, ROUTER_IF_TYPE_DEDICATED, TRUE);
    assert_int_equal(MprConfigInterfaceTransportEnum(
                             config, made, 0, (BYTE **)&rows, (DWORD)-1, &read, &total, NULL),
            ERROR_NO_MORE_ITEMS);
    delete_interface(made);
}

TEST(transports_of_interfaces_need_their_arguments)
{
    HANDLE made = create_interface(LAN, ROUTER_IF_TYPE_DEDICATED, TRUE), ip = NULL, no = NULL;
    BYTE *info = NULL;
    DWORD size = 0;

    assert_int_equal(
            MprConfigInterfaceTransportAdd(NULL, made, PID_IP, NULL, (BYTE *)"one", 3, &ip),
            ERROR_INVALID_PARAMETER);
    assert_int_equal(
            MprConfigInterfaceTransportAdd(config, NULL, PID_IP, NULL, (BYTE *)"one", 3, &ip),
            ERROR_INVALID_PARAMETER);
    assert_int_equal(
            MprConfigInterfaceTransportAdd(config, made, PID_IP, NULL, (BYTE *)"one", 3, NULL),
            ERROR_INVALID_PARAMETER);
    assert_int_equal(
            MprConfigInterfaceTransportAdd(config, NOTHING, PID_IP, NULL, (BYTE *)"one", 3, &ip),
            ERROR_NO_SUCH_INTERFACE);
    assert_int_equal(
            MprConfigInterfaceTransportAdd(config, made, PID_IP, NULL, (BYTE *)"one", 3, &ip),
            NO_ERROR);
    assert_int_equal(
            MprConfigInterfaceTransportGetHandle(NULL, made, PID_IP, &no), ERROR_INVALID_PARAMETER);
    assert_int_equal(MprConfigInterfaceTransportGetHandle(config, NULL, PID_IP, &no),
            ERROR_INVALID_PARAMETER);
    assert_int_equal(MprConfigInterfaceTransportGetHandle(config, made, PID_IP, NULL),
            ERROR_INVALID_PARAMETER);
    assert_int_equal(MprConfigInterfaceTransportGetInfo(config, made, NULL, &info, &size),
            ERROR_INVALID_PARAMETER);
    assert_int_equal(MprConfigInterfaceTransportGetInfo(config, made, ip, &info, NULL),
            ERROR_INVALID_PARAMETER);
    /* "If the ppInterfaceInfo parameter is NULL, [it] does nothing" */
    assert_int_equal(
            MprConfigInterfaceTransportGetInfo(config, made, NOTHING, NULL, NULL), NO_ERROR);
    assert_int_equal(MprConfigInterfaceTransportSetInfo(config, made, NOTHING, NULL, 0), NO_ERROR);
    assert_int_equal(MprConfigInterfaceTransportSetInfo(config, made, ip, (BYTE *)"one", 0),
            ERROR_INVALID_PARAMETER);
    assert_int_equal(MprConfigInterfaceTransportSetInfo(config, made, NOTHING, (BYTE *)"one", 3),
            ERROR_NO_SUCH_INTERFACE);
    assert_int_equal(
            MprConfigInterfaceTransportRemove(config, made, NULL), ERROR_INVALID_PARAMETER);
    delete_interface(made);
}

/* ---- lists ---- */

typedef DWORD WINAPI enumeration(HANDLE, DWORD, BYTE **, DWORD, DWORD *, DWORD *, DWORD *);

static void assert_checks_arguments(enumeration *list, DWORD entry)
{
    DWORD read = 9, total = 9, resume = 0;
    BYTE *buffer = NULL;

    assert_int_equal(
            list(NULL, 0, &buffer, (DWORD)-1, &read, &total, &resume), ERROR_INVALID_PARAMETER);
    assert_int_equal(
            list(config, 1, &buffer, (DWORD)-1, &read, &total, &resume), ERROR_INVALID_PARAMETER);
    assert_int_equal(
            list(config, 0, NULL, (DWORD)-1, &read, &total, &resume), ERROR_INVALID_PARAMETER);
    assert_int_equal(
            list(config, 0, &buffer, entry - 1, &read, &total, &resume), ERROR_INVALID_PARAMETER);
    assert_int_equal(
            list(config, 0, &buffer, (DWORD)-1, NULL, &total, &resume), ERROR_INVALID_PARAMETER);
    assert_int_equal(
            list(config, 0, &buffer, (DWORD)-1, &read, NULL, &resume), ERROR_INVALID_PARAMETER);
}

TEST(lists_check_their_arguments)
{
    assert_checks_arguments(MprConfigInterfaceEnum, sizeof(MPR_INTERFACE_0));
    assert_checks_arguments(MprConfigTransportEnum, sizeof(MPR_TRANSPORT_0));
}

TEST(a_list_goes_on_where_it_ended)
{
    DWORD read = 0, total = 0, resume = 0, i, count = 0;
    HANDLE made[3];
    BYTE *buffer = NULL;

    assert_int_equal(MprConfigInterfaceEnum(config, 0, &buffer, (DWORD)-1, &read, &total, &resume),
            ERROR_NO_MORE_ITEMS);
    assert_null(buffer);
    for (i = 0; i < 3; i++)
    {
        WCHAR name[] = L"Office 0";

        name[7] += (WCHAR)i;
        made[i] = create_interface(name, ROUTER_IF_TYPE_FULL_ROUTER, TRUE);
    }
    do
    {
        assert_int_equal(MprConfigInterfaceEnum(config, 0, &buffer, sizeof(MPR_INTERFACE_0), &read,
                                 &total, &resume),
                NO_ERROR);
        assert_int_equal(read, 1);
        assert_int_equal(total, 3 - count);
        assert_ptr_equal(((MPR_INTERFACE_0 *)buffer)->hInterface, made[count]);
        assert_int_equal(MprConfigBufferFree(buffer), NO_ERROR);
        count++;
    } while (resume);
    assert_int_equal(count, 3);
    for (i = 0; i < 3; i++)
        delete_interface(made[i]);
}

/* ---- the registry ---- */

static void assert_number(const WCHAR *path, const WCHAR *name, DWORD wanted)
{
    DWORD number = 0, size = sizeof(number);

    assert_int_equal(
            RegGetValueW(HKEY_LOCAL_MACHINE, path, name, RRF_RT_REG_DWORD, NULL, &number, &size),
            ERROR_SUCCESS);
    assert_int_equal(number, wanted);
}

static void assert_value(
        const WCHAR *path, const WCHAR *name, DWORD type, const void *wanted, DWORD size)
{
    DWORD found = 0, length = 256;
    BYTE bytes[256];
    HKEY key;

    assert_int_equal(RegOpenKeyExW(HKEY_LOCAL_MACHINE, path, 0, KEY_READ, &key), ERROR_SUCCESS);
    assert_int_equal(RegQueryValueExW(key, name, NULL, &found, bytes, &length), ERROR_SUCCESS);
    RegCloseKey(key);
    assert_int_equal(found, type);
    assert_int_equal(length, size);
    assert_memory_equal(bytes, wanted, size);
}

TEST(the_registry_has_the_configuration)
{
    HANDLE transport = create_transport(SPARE), made, ip = NULL;
    WCHAR key[200], item[220];

    assert_number(ROUTER_KEY L"\\RouterManagers\\Spare", L"ProtocolId", SPARE);
    assert_value(ROUTER_KEY L"\\RouterManagers\\Spare", L"GlobalInfo", REG_BINARY, "global", 6);
    assert_value(
            ROUTER_KEY L"\\RouterManagers\\Spare", L"GlobalInterfaceInfo", REG_BINARY, "client", 6);
    assert_value(ROUTER_KEY L"\\RouterManagers\\Spare", L"DLLPath", REG_EXPAND_SZ,
            L"%SystemRoot%\\spare.dll", sizeof(L"%SystemRoot%\\spare.dll"));
    assert_int_equal(MprConfigTransportDelete(config, transport), NO_ERROR);

    made = create_interface(LAN, ROUTER_IF_TYPE_FULL_ROUTER, FALSE);
    assert_int_equal(
            MprConfigInterfaceTransportAdd(config, made, PID_IP, NULL, (BYTE *)"one", 3, &ip),
            NO_ERROR);
    swprintf(key, ARRAYSIZE(key), ROUTER_KEY L"\\Interfaces\\%u", (UINT)(ULONG_PTR)made - 1);
    assert_value(key, L"InterfaceName", REG_SZ, LAN, sizeof(LAN));
    assert_number(key, L"Type", ROUTER_IF_TYPE_FULL_ROUTER);
    assert_number(key, L"Enabled", 0);
    swprintf(item, ARRAYSIZE(item), L"%ls\\IP", key);
    assert_number(item, L"ProtocolId", PID_IP);
    assert_value(item, L"InterfaceInfo", REG_BINARY, "one", 3);
    delete_interface(made);
}

/* Makes an interface's key by hand, with one value. */
static void plant(const WCHAR *name, const WCHAR *value, DWORD type, const void *bytes, DWORD size)
{
    WCHAR path[200];
    HKEY key;

    swprintf(path, ARRAYSIZE(path), ROUTER_KEY L"\\Interfaces\\%ls", name);
    assert_int_equal(
            RegCreateKeyExW(HKEY_LOCAL_MACHINE, path, 0, NULL, 0, KEY_ALL_ACCESS, NULL, &key, NULL),
            ERROR_SUCCESS);
    assert_int_equal(RegSetValueExW(key, value, 0, type, bytes, size), ERROR_SUCCESS);
    RegCloseKey(key);
}

/* A value of a wrong type, cut short or without its end is not believed. */
TEST(damaged_values_are_not_believed)
{
    DWORD read = 0, total = 0, number = 3, i, size = 0;
    MPR_INTERFACE_0 *rows = NULL;
    MPR_INTERFACE_1 *row = NULL;
    HANDLE found = NULL;
    WCHAR endless[260]; /* its 258th character is no NUL, which the registry would add */

    wmemset(endless, 'e', ARRAYSIZE(endless));
    plant(L"no number", L"InterfaceName", REG_SZ, L"A", 4);
    plant(L"007", L"InterfaceName", REG_SZ, L"B", 4);
    plant(L"1000001", L"InterfaceName", REG_DWORD, &number, sizeof(number));
    plant(L"1000002", L"InterfaceName", REG_SZ, endless, 257 * sizeof(WCHAR));
    plant(L"1000003", L"Enabled", REG_DWORD, &number, 1);
    plant(L"1000003", L"Type", REG_SZ, L"C", 4);
    plant(L"1000003", L"DialOutHoursRestriction", REG_MULTI_SZ, "a\0b", 3);
    assert_int_equal(
            MprConfigInterfaceGetHandle(config, (WCHAR *)L"A", &found), ERROR_NO_SUCH_INTERFACE);
    assert_int_equal(
            MprConfigInterfaceGetHandle(config, (WCHAR *)L"B", &found), ERROR_NO_SUCH_INTERFACE);
    assert_int_equal(
            MprConfigInterfaceEnum(config, 0, (BYTE **)&rows, (DWORD)-1, &read, &total, NULL),
            NO_ERROR);
    assert_int_equal(read, 3);
    for (i = 0; i < read; i++)
        assert_ptr_equal(rows[i].hInterface, (HANDLE)(ULONG_PTR)(1000002 + i));
    assert_int_equal(rows[0].wszInterfaceName[0], 0);
    assert_int_equal(wcsnlen(rows[1].wszInterfaceName, 257), 256);
    assert_int_equal(rows[2].fEnabled, TRUE);
    assert_int_equal(rows[2].dwIfType, ROUTER_IF_TYPE_DEDICATED);
    assert_int_equal(MprConfigInterfaceGetInfo(config, rows[2].hInterface, 1, (BYTE **)&row, &size),
            NO_ERROR);
    assert_int_equal(row->lpwsDialoutHoursRestriction[0], 'a');
    assert_int_equal(row->lpwsDialoutHoursRestriction[1], 0);
    assert_int_equal(MprConfigBufferFree(row), NO_ERROR);
    assert_int_equal(MprConfigBufferFree(rows), NO_ERROR);
    assert_int_equal(RegDeleteTreeW(HKEY_LOCAL_MACHINE, ROUTER_KEY L"\\Interfaces"), ERROR_SUCCESS);
}

/* ---- several threads ---- */

static DWORD WINAPI create_and_delete(void *stop)
{
    while (!*(volatile LONG *)stop)
    {
        MPR_INTERFACE_0 given = {.wszInterfaceName = L"Short", .dwIfType = ROUTER_IF_TYPE_DIALOUT};
        HANDLE made = NULL;

        if (MprConfigInterfaceCreate(config, 0, (BYTE *)&given, &made)
                || MprConfigInterfaceDelete(config, made))
            return 1;
    }
    return 0;
}

TEST(a_reader_meets_no_half_of_a_change)
{
    HANDLE before = create_interface(L"Before", ROUTER_IF_TYPE_DIALOUT, TRUE), thread, found;
    LONG stop = 0;
    DWORD i, code = 9;

    thread = CreateThread(NULL, 0, create_and_delete, &stop, 0, NULL);
    assert_non_null(thread);
    for (i = 0; i < 200; i++)
    {
        DWORD read = 0, total = 0;
        MPR_INTERFACE_0 *rows = NULL;

        assert_int_equal(MprConfigInterfaceGetHandle(config, (WCHAR *)L"Before", &found), NO_ERROR);
        assert_ptr_equal(found, before);
        assert_int_equal(
                MprConfigInterfaceEnum(config, 0, (BYTE **)&rows, (DWORD)-1, &read, &total, NULL),
                NO_ERROR);
        assert_int_equal(wcscmp(rows[0].wszInterfaceName, L"Before"), 0);
        if (read > 1)
            assert_int_equal(wcscmp(rows[1].wszInterfaceName, L"Short"), 0);
        assert_int_equal(MprConfigBufferFree(rows), NO_ERROR);
    }
    InterlockedExchange(&stop, 1);
    assert_int_equal(WaitForSingleObject(thread, 30000), WAIT_OBJECT_0);
    assert_true(GetExitCodeThread(thread, &code));
    assert_int_equal(code, 0);
    CloseHandle(thread);
    delete_interface(before);
}

TEST_MAIN(set_up, tear_down)
