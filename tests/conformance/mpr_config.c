/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * The router configuration: pages nf-mprapi-mprconfigserverconnect, ...serverdisconnect,
 * ...getfriendlyname, ...getguidname and ...servergetinfo. Programs ask it for the names of network
 * adapters, as iphlpapi has them. What is configured is tested in mpr_router.c.
 */

#include <test.h>

#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <winsock2.h>
#include <iphlpapi.h>
#include <windows.h>
#include <mprapi.h>
#include <mprerror.h>

#define NOTHING ((HANDLE)7)
#define NO_GUID L"{00112233-4455-6677-8899-AABBCCDDEEFF}"

static HANDLE config;
static IP_ADAPTER_ADDRESSES *adapters;

static int set_up(void)
{
    ULONG size = 0;

    if (GetAdaptersAddresses(AF_UNSPEC, 0, NULL, NULL, &size) != ERROR_BUFFER_OVERFLOW
            || !(adapters = malloc(size))
            || GetAdaptersAddresses(AF_UNSPEC, 0, NULL, adapters, &size))
        return -1;
    return MprConfigServerConnect(NULL, &config) || !config ? -1 : 0;
}

static int tear_down(void)
{
    MprConfigServerDisconnect(config);
    free(adapters);
    return 0;
}

/* The adapter's GUID name, "{...}". */
static void guid_name(const IP_ADAPTER_ADDRESSES *adapter, WCHAR name[64])
{
    assert_true(MultiByteToWideChar(CP_ACP, 0, adapter->AdapterName, -1, name, 64) > 0);
}

TEST(each_adapter_has_both_names)
{
    const IP_ADAPTER_ADDRESSES *adapter;

    assert_non_null(adapters); /* the loopback interface at least */
    for (adapter = adapters; adapter; adapter = adapter->Next)
    {
        WCHAR guid[64], found[512];

        guid_name(adapter, guid);
        memset(found, 0xcc, sizeof(found));
        assert_int_equal(MprConfigGetFriendlyName(config, guid, found, sizeof(found)), NO_ERROR);
        if (wcscmp(found, adapter->FriendlyName))
            fail_msg("%ls is %ls, not %ls", guid, found, adapter->FriendlyName);
        memset(found, 0xcc, sizeof(found));
        assert_int_equal(MprConfigGetGuidName(config, adapter->FriendlyName, found, sizeof(found)),
                NO_ERROR);
        if (wcscmp(found, guid))
            fail_msg("%ls is %ls, not %ls", adapter->FriendlyName, found, guid);
    }
}

/* GUIDs have no case. */
TEST(a_guid_in_small_letters_is_the_same)
{
    WCHAR guid[64], found[512];

    guid_name(adapters, guid);
    assert_int_equal(
            MprConfigGetFriendlyName(config, _wcslwr(guid), found, sizeof(found)), NO_ERROR);
    assert_int_equal(wcscmp(found, adapters->FriendlyName), 0);
}

/* The buffer's size is in bytes. */
TEST(the_buffer_holds_the_name_and_its_end)
{
    DWORD size = (DWORD)(wcslen(adapters->FriendlyName) + 1) * sizeof(WCHAR), i;
    WCHAR guid[64], found[512];

    guid_name(adapters, guid);
    assert_int_equal(MprConfigGetFriendlyName(config, guid, found, size), NO_ERROR);
    for (i = 0; i < size; i++)
    {
        memset(found, 0xcc, sizeof(found));
        assert_int_equal(MprConfigGetFriendlyName(config, guid, found, i), ERROR_BUFFER_OVERFLOW);
        assert_int_equal(found[0], 0xcccc);
    }
    size = (DWORD)(wcslen(guid) + 1) * sizeof(WCHAR);
    assert_int_equal(MprConfigGetGuidName(config, adapters->FriendlyName, found, size), NO_ERROR);
    memset(found, 0xcc, sizeof(found));
    assert_int_equal(MprConfigGetGuidName(config, adapters->FriendlyName, found, size - 1),
            ERROR_BUFFER_OVERFLOW);
    assert_int_equal(found[0], 0xcccc);
}

TEST(an_unknown_name_is_not_found)
{
    static const WCHAR *const names[] = {NO_GUID, L"", L"{", L"{}", L"no GUID",
            L"{00112233-4455-6677-8899-AABBCCDDEEFF", L"{00112233-4455-6677-8899-AABBCCDDEEFFAA}"};
    WCHAR found[512];
    DWORD i;

    for (i = 0; i < ARRAYSIZE(names); i++)
        assert_int_equal(MprConfigGetFriendlyName(config, (WCHAR *)names[i], found, sizeof(found)),
                ERROR_NOT_FOUND);
    assert_int_equal(
            MprConfigGetGuidName(config, (WCHAR *)L"no such adapter", found, sizeof(found)),
            ERROR_NOT_FOUND);
    assert_int_equal(
            MprConfigGetGuidName(config, (WCHAR *)L"", found, sizeof(found)), ERROR_NOT_FOUND);
}

TEST(names_need_all_arguments)
{
    WCHAR guid[64], found[512];

    guid_name(adapters, guid);
    assert_int_equal(
            MprConfigGetFriendlyName(NULL, guid, found, sizeof(found)), ERROR_INVALID_PARAMETER);
    assert_int_equal(
            MprConfigGetFriendlyName(NOTHING, guid, found, sizeof(found)), ERROR_INVALID_PARAMETER);
    assert_int_equal(
            MprConfigGetFriendlyName(config, NULL, found, sizeof(found)), ERROR_INVALID_PARAMETER);
    assert_int_equal(
            MprConfigGetFriendlyName(config, guid, NULL, sizeof(found)), ERROR_INVALID_PARAMETER);
    assert_int_equal(MprConfigGetGuidName(NULL, adapters->FriendlyName, found, sizeof(found)),
            ERROR_INVALID_PARAMETER);
    assert_int_equal(
            MprConfigGetGuidName(config, NULL, found, sizeof(found)), ERROR_INVALID_PARAMETER);
    assert_int_equal(MprConfigGetGuidName(config, adapters->FriendlyName, NULL, sizeof(found)),
            ERROR_INVALID_PARAMETER);
}

TEST(connections_to_this_machine_only)
{
    HANDLE other = NOTHING, closed;
    WCHAR found[512], guid[64];

    assert_int_equal(MprConfigServerConnect(NULL, NULL), ERROR_INVALID_PARAMETER);
    assert_int_equal(MprConfigServerConnect((WCHAR *)L"192.0.2.1", &other), ERROR_BAD_NETPATH);
    assert_null(other);
    assert_int_equal(MprConfigServerConnect((WCHAR *)L"localhost", &other), NO_ERROR);
    assert_non_null(other);
    assert_ptr_not_equal(other, config);
    closed = other;
    MprConfigServerDisconnect(other);
    MprConfigServerDisconnect(other); /* does no harm */
    MprConfigServerDisconnect(NULL);
    guid_name(adapters, guid);
    assert_int_equal(
            MprConfigGetFriendlyName(closed, guid, found, sizeof(found)), ERROR_INVALID_PARAMETER);
}

/* A configuration is no server, and a server no configuration. */
TEST(handles_of_servers_are_others)
{
    MPR_SERVER_HANDLE server = NULL;
    WCHAR found[512], guid[64];
    BYTE *buffer = NULL;

    assert_int_equal(MprAdminServerConnect(NULL, &server), NO_ERROR);
    guid_name(adapters, guid);
    assert_int_equal(
            MprConfigGetFriendlyName(server, guid, found, sizeof(found)), ERROR_INVALID_PARAMETER);
    assert_int_equal(MprAdminServerGetInfo(config, 0, &buffer), RPC_S_INVALID_BINDING);
    MprAdminServerDisconnect(server);
}

/* What is not implemented looks at its arguments first. */
TEST(ports_cannot_be_configured)
{
    MPR_SERVER_1 ports = {.dwNumPptpPorts = 5};

    assert_int_equal(MprConfigServerSetInfo(NULL, 1, (BYTE *)&ports), ERROR_INVALID_PARAMETER);
    assert_int_equal(MprConfigServerSetInfo(config, 1, NULL), ERROR_INVALID_PARAMETER);
    assert_int_equal(MprConfigServerSetInfo(config, 1, (BYTE *)&ports), ERROR_NOT_SUPPORTED);
}

/* Nothing is cached. */
TEST(a_configuration_is_refreshed)
{
    assert_int_equal(MprConfigServerRefresh(NULL), ERROR_INVALID_PARAMETER);
    assert_int_equal(MprConfigServerRefresh(config), NO_ERROR);
}

/* nf-mprapi-mprconfigservergetinfo */
TEST(the_server_has_its_information)
{
    BYTE *buffer = NULL, *of_server = NULL;
    MPR_SERVER_HANDLE server = NULL;
    DWORD level;

    assert_int_equal(MprConfigServerGetInfo(NULL, 0, &buffer), ERROR_INVALID_PARAMETER);
    assert_int_equal(MprConfigServerGetInfo(config, 3, &buffer), ERROR_INVALID_PARAMETER);
    assert_int_equal(MprConfigServerGetInfo(config, 0, NULL), ERROR_INVALID_PARAMETER);
    assert_int_equal(MprAdminServerConnect(NULL, &server), NO_ERROR);
    for (level = 0; level < 3; level++)
    {
        assert_int_equal(MprConfigServerGetInfo(config, level, &buffer), NO_ERROR);
        assert_int_equal(MprAdminServerGetInfo(server, level, &of_server), NO_ERROR);
        if (!level) /* the time goes on */
            assert_int_equal(((MPR_SERVER_0 *)buffer)->dwTotalPorts,
                    ((MPR_SERVER_0 *)of_server)->dwTotalPorts);
        else
            assert_memory_equal(
                    buffer, of_server, level == 1 ? sizeof(MPR_SERVER_1) : sizeof(MPR_SERVER_2));
        assert_int_equal(MprConfigBufferFree(buffer), NO_ERROR);
        assert_int_equal(MprAdminBufferFree(of_server), NO_ERROR);
    }
    MprAdminServerDisconnect(server);
}

TEST_MAIN(set_up, tear_down)
