/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * The host's interfaces as the agent lists them, compared with Wine's iphlpapi and with our own
 * traffic over loopback. tests/e2e/ras-tunnels-test.sh makes tunnels and looks for them.
 */
#include <winsock2.h>
#include <ws2tcpip.h>
#include <iphlpapi.h>
#include <test.h>
#include <stdlib.h>
#include <string.h>

#include "programs/napagent/napagent.h"

/* The host's loopback interface. */
static struct engine_interface loopback(void)
{
    struct engine_interface *list, found = {0};
    size_t count, i;

    assert_true(interfaces_list(&list, &count));
    for (i = 0; i < count; i++)
        if (list[i].kind == ENGINE_INTERFACE_LOOPBACK)
            found = list[i];
    free(list);
    assert_true(found.name[0]);
    return found;
}

TEST(loopback_is_known_with_its_address)
{
    static const uint8_t address[4] = {127, 0, 0, 1}, mask[4] = {255, 0, 0, 0};
    struct engine_interface device = loopback();

    assert_true(device.index);
    assert_true(device.mtu);
    if (!device.up)
    {
        print_message("SKIP: loopback is down\n");
        skip();
    }
    assert_memory_equal(device.ipv4, address, 4);
    assert_memory_equal(device.ipv4_mask, mask, 4);
}

TEST(counters_count_what_was_sent)
{
    struct engine_interface before = loopback(), after;
    struct sockaddr_in to = {.sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
    int length = sizeof(to), i;
    char bytes[1000] = {0};
    SOCKET in, out;
    WSADATA data;

    if (!before.up)
    {
        print_message("SKIP: loopback is down\n");
        skip();
    }
    assert_int_equal(WSAStartup(MAKEWORD(2, 2), &data), 0);
    in = socket(AF_INET, SOCK_DGRAM, 0);
    out = socket(AF_INET, SOCK_DGRAM, 0);
    assert_int_equal(bind(in, (struct sockaddr *)&to, sizeof(to)), 0);
    assert_int_equal(getsockname(in, (struct sockaddr *)&to, &length), 0);
    for (i = 0; i < 20; i++)
        assert_int_equal(sendto(out, bytes, sizeof(bytes), 0, (struct sockaddr *)&to, sizeof(to)),
                sizeof(bytes));
    after = loopback();
    assert_true(after.bytes_out >= before.bytes_out + 20 * sizeof(bytes));
    assert_true(after.bytes_in >= before.bytes_in + 20 * sizeof(bytes));
    assert_true(after.packets_out >= before.packets_out + 20);
    assert_true(after.packets_in >= before.packets_in + 20);
    closesocket(in);
    closesocket(out);
    WSACleanup();
}

/* A tunnel through a tun device has no PPP and no modem: its RASDT_* is vpn, not GENERIC. */
TEST(a_kind_follows_from_what_sys_has)
{
    static const struct
    {
        unsigned long type; /* ARPHRD_* */
        const char *uevent;
        bool has_tun_flags;
        enum engine_interface_kind kind;
    } rows[] = {
            {772, "INTERFACE=lo\nIFINDEX=1\n", false, ENGINE_INTERFACE_LOOPBACK},
            {1, "INTERFACE=eth0\nIFINDEX=2\n", false, ENGINE_INTERFACE_ETHERNET},
            {1, "INTERFACE=tap0\nIFINDEX=3\n", true, ENGINE_INTERFACE_ETHERNET},
            {1, "DEVTYPE=bridge\nINTERFACE=br0\n", false, ENGINE_INTERFACE_BRIDGE},
            {512, "DEVTYPE=ppp\nINTERFACE=ppp0\n", false, ENGINE_INTERFACE_PPP},
            {256, "INTERFACE=sl0\n", false, ENGINE_INTERFACE_SLIP},
            {259, "INTERFACE=sl0\n", false, ENGINE_INTERFACE_SLIP},
            {65534, "DEVTYPE=wireguard\nINTERFACE=wg0\n", false, ENGINE_INTERFACE_WIREGUARD},
            {65534, "INTERFACE=tun0\nIFINDEX=7\n", true, ENGINE_INTERFACE_TUN},
            {65534, "INTERFACE=ipsec0\n", false, ENGINE_INTERFACE_OTHER},
            {280, "INTERFACE=can0\n", false, ENGINE_INTERFACE_OTHER},
    };
    size_t i;

    for (i = 0; i < ARRAYSIZE(rows); i++)
        if (interface_kind(rows[i].type, rows[i].uevent, rows[i].has_tun_flags) != rows[i].kind)
            fail_msg("row %u: type %lu, %s", (unsigned int)i, rows[i].type, rows[i].uevent);
}

/* The kernel's documentation, ABI/testing/sysfs-class-net: Mbit/s; an interface that has none is
 * -1, or UINT_MAX of older kernels, or cannot be read. */
TEST(a_speed_is_known_or_zero)
{
    static const struct
    {
        const char *text;
        uint64_t speed;
    } rows[] = {
            {"10\n", 10000000},
            {"10000\n", UINT64_C(10000000000)},
            {"400000\n", UINT64_C(400000000000)},
            {"-1\n", 0},
            {"4294967295\n", 0},
            {"99999999999999999999\n", 0},
            {"0\n", 0},
            {"\n", 0},
            {"", 0},
    };
    size_t i;

    for (i = 0; i < ARRAYSIZE(rows); i++)
        if (interface_speed(rows[i].text) != rows[i].speed)
            fail_msg("row %u: \"%s\"", (unsigned int)i, rows[i].text);
}

/* Does iphlpapi's type fit the kind that the kernel's files give? It knows fewer types: a bridge is
 * Ethernet there, and tun is IF_TYPE_PPP on Wine 10 and 11. */
static bool kinds_agree(enum engine_interface_kind kind, unsigned long type)
{
    switch (interface_kind_of_iphlpapi(type))
    {
    case ENGINE_INTERFACE_LOOPBACK:
        return kind == ENGINE_INTERFACE_LOOPBACK;
    case ENGINE_INTERFACE_ETHERNET:
        return kind == ENGINE_INTERFACE_ETHERNET || kind == ENGINE_INTERFACE_BRIDGE;
    case ENGINE_INTERFACE_PPP:
        return kind == ENGINE_INTERFACE_PPP || kind == ENGINE_INTERFACE_TUN;
    case ENGINE_INTERFACE_SLIP:
        return kind == ENGINE_INTERFACE_SLIP;
    default:
        return kind != ENGINE_INTERFACE_ETHERNET && kind != ENGINE_INTERFACE_LOOPBACK;
    }
}

TEST(a_tun_device_agrees_with_each_wine)
{
    assert_true(kinds_agree(ENGINE_INTERFACE_TUN, MIB_IF_TYPE_OTHER)); /* Wine 8, 9 */
    assert_true(kinds_agree(ENGINE_INTERFACE_TUN, IF_TYPE_PPP));       /* Wine 10, 11 */
    assert_false(kinds_agree(ENGINE_INTERFACE_TUN, IF_TYPE_ETHERNET_CSMACD));
    assert_false(kinds_agree(ENGINE_INTERFACE_WIREGUARD, IF_TYPE_PPP));
}

/* If iphlpapi names a type, it is the same. */
TEST(kinds_agree_with_iphlpapi)
{
    struct engine_interface *list;
    MIB_IF_TABLE2 *table;
    size_t count, i, compared = 0;
    ULONG row;

    assert_true(interfaces_list(&list, &count));
    assert_int_equal(GetIfTable2(&table), 0);
    for (i = 0; i < count; i++)
        for (row = 0; row < table->NumEntries; row++)
        {
            WCHAR name[ENGINE_INTERFACE_NAME_MAX];

            MultiByteToWideChar(CP_UTF8, 0, list[i].name, -1, name, ENGINE_INTERFACE_NAME_MAX);
            if (wcscmp(name, table->Table[row].Alias)
                    || list[i].index != table->Table[row].InterfaceIndex)
                continue;
            compared++;
            assert_int_equal(list[i].mtu, table->Table[row].Mtu);
            if (!kinds_agree(list[i].kind, table->Table[row].Type))
                fail_msg("%s: kind %d, and iphlpapi's type is %lu", list[i].name, (int)list[i].kind,
                        table->Table[row].Type);
        }
    assert_true(compared > 0);
    FreeMibTable(table);
    free(list);
}

TEST_MAIN(NULL, NULL)
