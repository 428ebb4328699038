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
            switch (table->Table[row].Type)
            {
            case IF_TYPE_SOFTWARE_LOOPBACK:
                assert_int_equal(list[i].kind, ENGINE_INTERFACE_LOOPBACK);
                break;
            case IF_TYPE_ETHERNET_CSMACD:
                assert_true(list[i].kind == ENGINE_INTERFACE_ETHERNET
                            || list[i].kind == ENGINE_INTERFACE_BRIDGE);
                break;
            case IF_TYPE_PPP:
                assert_int_equal(list[i].kind, ENGINE_INTERFACE_PPP);
                break;
            default:
                assert_true(list[i].kind != ENGINE_INTERFACE_ETHERNET);
                assert_true(list[i].kind != ENGINE_INTERFACE_LOOPBACK);
            }
        }
    assert_true(compared > 0);
    FreeMibTable(table);
    free(list);
}

TEST_MAIN(NULL, NULL)
