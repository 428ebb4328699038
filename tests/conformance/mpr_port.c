/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * MprAdminPort* and the RasAdmin* names: pages nf-mprapi-mpradminportenum,
 * ...portgetinfo, ...portclearstats, ...portdisconnect, ...portreset.
 */

#include <test.h>
#include <stdio.h>
#include <string.h>

#include "agent.h"
#include "mpr_fixture.h"

static void assert_text(const WCHAR *text, const WCHAR *expected)
{
    if (wcscmp(text, expected))
        fail_msg("\"%ls\", not \"%ls\"", text, expected);
}

static RAS_PORT_0 *ports_of(HANDLE connection, DWORD *count)
{
    RAS_PORT_0 *ports = NULL;
    DWORD total;

    assert_int_equal(MprAdminPortEnum(server, 0, connection, (BYTE **)&ports, (DWORD)-1, count,
                             &total, NULL),
            NO_ERROR);
    assert_int_equal(total, *count);
    return ports;
}

/* ns-mprapi-ras_port_0, ns-mprapi-ras_port_1 */
MPR_TEST(a_connection_has_a_port)
{
    HANDLE handle = rras_add("--user alice --port VPN3-7 --device-name \"WAN Miniport (SSTP)\" "
                             "--device-type vpn --interface lo"),
           hPort;
    RAS_PORT_0 *ports;
    RAS_PORT_1 *details;
    DWORD count;

    rras_add("--user bob");
    ports = ports_of(handle, &count);
    assert_int_equal(count, 1);
    assert_ptr_equal(ports->hConnection, handle);
    assert_int_equal(ports->dwPortCondition, RAS_PORT_AUTHENTICATED);
    assert_int_equal(ports->dwTotalNumberOfCalls, 1);
    assert_text(ports->wszPortName, L"VPN3-7");
    assert_text(ports->wszDeviceName, L"WAN Miniport (SSTP)");
    assert_text(ports->wszDeviceType, L"vpn");
    hPort = ports->hPort;
    assert_non_null(hPort);
    MprAdminBufferFree(ports);
    ports = ports_of(INVALID_HANDLE_VALUE, &count);
    assert_int_equal(count, 2);
    assert_ptr_equal(ports[0].hPort, hPort);
    assert_true(*ports[1].wszPortName); /* a port always has a name */
    MprAdminBufferFree(ports);

    assert_int_equal(MprAdminPortGetInfo(server, 0, hPort, (BYTE **)&ports), NO_ERROR);
    assert_text(ports->wszPortName, L"VPN3-7");
    MprAdminBufferFree(ports);
    assert_int_equal(MprAdminPortGetInfo(server, 1, hPort, (BYTE **)&details), NO_ERROR);
    assert_ptr_equal(details->hPort, hPort);
    assert_ptr_equal(details->hConnection, handle);
    assert_int_equal(details->dwHardwareCondition, RAS_HARDWARE_OPERATIONAL);
    assert_int_not_equal(details->dwBytesRcved, 0); /* lo's */
    MprAdminBufferFree(details);
}

MPR_TEST(ports_come_in_pages)
{
    DWORD ids[3], read, total, resume = 0;
    RAS_PORT_0 *ports;

    assert_int_equal(rras_load("--user a\n--user b\n--user c\n", ids, 3), 3);
    assert_int_equal(MprAdminPortEnum(server, 0, INVALID_HANDLE_VALUE, (BYTE **)&ports,
                             2 * sizeof(*ports), &read, &total, &resume),
            ERROR_MORE_DATA);
    assert_int_equal(read, 2);
    assert_int_equal(total, 3);
    MprAdminBufferFree(ports);
    assert_int_equal(MprAdminPortEnum(server, 0, INVALID_HANDLE_VALUE, (BYTE **)&ports,
                             2 * sizeof(*ports), &read, &total, &resume),
            NO_ERROR);
    assert_int_equal(read, 1);
    assert_int_equal(resume, 0);
    assert_int_equal((ULONG_PTR)ports->hConnection, ids[2]);
    MprAdminBufferFree(ports);
}

MPR_TEST(what_is_wrong_is_refused)
{
    HANDLE handle = rras_add("--user alice");
    DWORD read, total, resume = 0;
    BYTE *buffer;

    assert_int_equal(MprAdminPortEnum(NULL, 0, handle, &buffer, (DWORD)-1, &read, &total, &resume),
            RPC_S_INVALID_BINDING);
    assert_int_equal(
            MprAdminPortEnum(server, 1, handle, &buffer, (DWORD)-1, &read, &total, &resume),
            ERROR_NOT_SUPPORTED);
    assert_int_equal(MprAdminPortEnum(server, 0, NULL, &buffer, (DWORD)-1, &read, &total, &resume),
            ERROR_INVALID_HANDLE);
    assert_int_equal(MprAdminPortEnum(server, 0, (HANDLE)0x7FFFFFF0, &buffer, (DWORD)-1, &read,
                             &total, &resume),
            ERROR_INVALID_HANDLE);
    assert_int_equal(MprAdminPortEnum(server, 0, handle, NULL, (DWORD)-1, &read, &total, &resume),
            ERROR_INVALID_PARAMETER);
    assert_int_equal(MprAdminPortEnum(server, 0, handle, &buffer, (DWORD)-1, NULL, &total, &resume),
            ERROR_INVALID_PARAMETER);
    assert_int_equal(MprAdminPortEnum(server, 0, handle, &buffer, (DWORD)-1, &read, NULL, &resume),
            ERROR_INVALID_PARAMETER);
    assert_int_equal(MprAdminPortGetInfo(server, 2, handle, &buffer), ERROR_NOT_SUPPORTED);
    assert_int_equal(MprAdminPortGetInfo(server, 0, NULL, &buffer), ERROR_INVALID_PORT_HANDLE);
    assert_int_equal(
            MprAdminPortGetInfo(server, 0, (HANDLE)0x7FFFFFF0, &buffer), ERROR_INVALID_PORT_HANDLE);
    assert_int_equal(MprAdminPortGetInfo(server, 0, handle, NULL), ERROR_INVALID_PARAMETER);
    assert_int_equal(MprAdminPortClearStats(NULL, handle), RPC_S_INVALID_BINDING);
    assert_int_equal(MprAdminPortClearStats(server, NULL), RPC_S_INVALID_BINDING);
    assert_int_equal(MprAdminPortDisconnect(NULL, handle), ERROR_INVALID_PARAMETER);
    assert_int_equal(MprAdminPortDisconnect(server, NULL), ERROR_INVALID_PARAMETER);
    assert_int_equal(MprAdminPortDisconnect(server, (HANDLE)0x7FFFFFF0), ERROR_INVALID_PARAMETER);
}

MPR_TEST(statistics_are_cleared)
{
    HANDLE handle = rras_add("--user alice --interface lo");
    RAS_PORT_1 *port;
    DWORD before;

    assert_int_equal(MprAdminPortGetInfo(server, 1, handle, (BYTE **)&port), NO_ERROR);
    before = port->dwBytesRcved;
    MprAdminBufferFree(port);
    assert_int_equal(MprAdminPortClearStats(server, handle), NO_ERROR);
    assert_int_equal(MprAdminPortGetInfo(server, 1, handle, (BYTE **)&port), NO_ERROR);
    assert_true(port->dwBytesRcved < before || !before);
    MprAdminBufferFree(port);
}

/* nf-mprapi-mpradminportreset: "The handle to the RAS server or the handle to the port is invalid."
 * A tunnel has no device that could be reset, and the connection stays. */
MPR_TEST(a_tunnel_has_no_device_to_reset)
{
    HANDLE handle = rras_add("--user alice");
    BYTE *buffer;

    assert_int_equal(MprAdminPortReset(NULL, handle), ERROR_INVALID_PARAMETER);
    assert_int_equal(MprAdminPortReset(server, NULL), ERROR_INVALID_PARAMETER);
    assert_int_equal(MprAdminPortReset(server, (HANDLE)0x7FFFFFF0), ERROR_INVALID_PARAMETER);
    assert_int_equal(MprAdminPortReset(server, handle), ERROR_NOT_SUPPORTED);
    assert_int_equal(MprAdminConnectionGetInfo(server, 0, handle, &buffer), NO_ERROR);
    MprAdminBufferFree(buffer);
    assert_int_equal(MprAdminPortDisconnect(server, handle), NO_ERROR);
    assert_int_equal(MprAdminPortReset(server, handle), ERROR_INVALID_PARAMETER);
}

/* A connection without a host interface ends with its entry. */
MPR_TEST(disconnecting_ends_a_connection)
{
    HANDLE alice = rras_add("--user alice"), bob = rras_add("--user bob");
    RAS_CONNECTION_0 *list;
    BYTE *buffer;
    DWORD count;

    assert_int_equal(MprAdminPortDisconnect(server, alice), NO_ERROR);
    list = all_of(0, &count);
    assert_int_equal(count, 1);
    assert_ptr_equal(list->hConnection, bob);
    MprAdminBufferFree(list);
    assert_int_equal(MprAdminPortDisconnect(server, alice), ERROR_INVALID_PARAMETER);
    assert_int_equal(
            MprAdminConnectionGetInfo(server, 0, alice, &buffer), ERROR_INTERFACE_NOT_CONNECTED);
}

/* Without a hook nothing can end the host's connection, and the call fails. */
MPR_TEST(what_cannot_be_disconnected_is_not_said_to_be)
{
    HANDLE handle = rras_add("--user alice --interface lo");
    BYTE *buffer;

    assert_int_equal(MprAdminPortDisconnect(server, handle), ERROR_NOT_SUPPORTED);
    assert_int_equal(MprAdminConnectionGetInfo(server, 0, handle, &buffer), NO_ERROR);
    MprAdminBufferFree(buffer);
}

/* "exports the function as RasAdmin... rather than MprAdmin..." */
MPR_TEST(the_old_names_do_the_same)
{
    HMODULE mprapi = GetModuleHandleW(L"mprapi.dll");
    DWORD(WINAPI * connect)
    (WCHAR *, HANDLE *) = (void *)GetProcAddress(mprapi, "RasAdminServerConnect");
    void(WINAPI * disconnect)(HANDLE) = (void *)GetProcAddress(mprapi, "RasAdminServerDisconnect");
    DWORD(WINAPI * enumerate)
    (HANDLE, DWORD, BYTE **, DWORD, DWORD *, DWORD *, DWORD *) =
            (void *)GetProcAddress(mprapi, "RasAdminConnectionEnum");
    DWORD(WINAPI * info)
    (HANDLE, DWORD, HANDLE, BYTE **) = (void *)GetProcAddress(mprapi, "RasAdminConnectionGetInfo");
    DWORD(WINAPI * clear)
    (HANDLE, HANDLE) = (void *)GetProcAddress(mprapi, "RasAdminConnectionClearStats");
    DWORD(WINAPI * ports)
    (HANDLE, DWORD, HANDLE, BYTE **, DWORD, DWORD *, DWORD *, DWORD *) =
            (void *)GetProcAddress(mprapi, "RasAdminPortEnum");
    DWORD(WINAPI * port)
    (HANDLE, DWORD, HANDLE, BYTE **) = (void *)GetProcAddress(mprapi, "RasAdminPortGetInfo");
    DWORD(WINAPI * clear_port)
    (HANDLE, HANDLE) = (void *)GetProcAddress(mprapi, "RasAdminPortClearStats");
    DWORD(WINAPI * hang_up)
    (HANDLE, HANDLE) = (void *)GetProcAddress(mprapi, "RasAdminPortDisconnect");
    DWORD(WINAPI * reset)
    (HANDLE, HANDLE) = (void *)GetProcAddress(mprapi, "RasAdminPortReset");
    DWORD(WINAPI * controller)
    (const WCHAR *, const WCHAR *, WCHAR *) =
            (void *)GetProcAddress(mprapi, "RasAdminGetPDCServer");
    DWORD(WINAPI * release)(void *) = (void *)GetProcAddress(mprapi, "RasAdminBufferFree");
    BOOL(WINAPI * running)(WCHAR *) = (void *)GetProcAddress(mprapi, "RasAdminIsServiceRunning");
    HANDLE alice = rras_add("--user alice"), handle;
    DWORD read, total, resume = 0;
    WCHAR name[32];
    BYTE *buffer;

    assert_true(running(NULL));
    assert_int_equal(controller(NULL, L"\\\\localhost", name), NO_ERROR);
    assert_int_equal(connect(NULL, &handle), NO_ERROR);
    assert_int_equal(enumerate(handle, 3, &buffer, (DWORD)-1, &read, &total, &resume), NO_ERROR);
    assert_int_equal(read, 1);
    assert_ptr_equal(((RAS_CONNECTION_3 *)buffer)->hConnection, alice);
    assert_int_equal(release(buffer), NO_ERROR);
    assert_int_equal(info(handle, 0, alice, &buffer), NO_ERROR);
    release(buffer);
    assert_int_equal(clear(handle, alice), NO_ERROR);
    assert_int_equal(ports(handle, 0, alice, &buffer, (DWORD)-1, &read, &total, NULL), NO_ERROR);
    assert_int_equal(read, 1);
    release(buffer);
    assert_int_equal(port(handle, 1, alice, &buffer), NO_ERROR);
    release(buffer);
    assert_int_equal(clear_port(handle, alice), NO_ERROR);
    assert_int_equal(reset(handle, alice), ERROR_NOT_SUPPORTED);
    assert_int_equal(hang_up(handle, alice), NO_ERROR);
    disconnect(handle);
    assert_int_equal(enumerate(handle, 3, &buffer, (DWORD)-1, &read, &total, &resume),
            RPC_S_INVALID_BINDING);
}

TEST_MAIN(mpr_setup, mpr_teardown)
