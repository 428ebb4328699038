/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * The network interfaces of the host, for the engine.
 *
 * Wine's iphlpapi lists interfaces that no longer exist, gives a new interface the index of an old
 * one of the same name, and reports wireguard as MIB_IF_TYPE_OTHER, and tun as that (Wine 8, 9) or
 * as IF_TYPE_PPP (Wine 10, 11), which would be a modem. So the kernel's own files are read.
 * /proc/net/dev has the present interfaces and their counters, /sys/class/net their kinds and
 * properties, /proc/net/if_inet6 the IPv6 addresses, and /proc/net/route the peers' IPv4 addresses.
 * No such file has the host's own IPv4 addresses: they come from iphlpapi, by name.
 *
 * A sandbox may lack /sys, or have that of another network namespace. Interfaces that are not found
 * there are described by iphlpapi too.
 */
#include <winsock2.h>
#include <ws2ipdef.h>
#include <iphlpapi.h>
#include <netioapi.h>

#include "programs/napagent/napagent.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* ARPHRD_* of <linux/if_arp.h> */
#define ARPHRD_ETHER 1
#define ARPHRD_SLIP 256
#define ARPHRD_CSLIP6 259
#define ARPHRD_PPP 512
#define ARPHRD_LOOPBACK 772
#define ARPHRD_NONE 65534

#define HOST_IFF_UP 1     /* IFF_UP of <linux/if.h> */
#define SYS_VALUE_MAX 512 /* bytes of a file below /sys/class/net */
#define FILE_MAX (1024 * 1024)

/* Reads a file of the host as text, which the caller free()s. NULL: no file or no memory. */
static char *read_host_file(const char *path, size_t most)
{
    WCHAR name[160] = L"\\\\?\\unix";
    size_t length = wcslen(name), size = 0;
    char *text = NULL, *larger;
    DWORD received;
    HANDLE file;

    if (!MultiByteToWideChar(CP_UTF8, 0, path, -1, name + length, (int)(ARRAYSIZE(name) - length)))
        return NULL;
    for (; name[length]; length++)
        if (name[length] == '/')
            name[length] = '\\';
    file = CreateFileW(name, GENERIC_READ, FILE_SHARE_READ | FILE_SHARE_WRITE | FILE_SHARE_DELETE,
            NULL, OPEN_EXISTING, 0, NULL);
    if (file == INVALID_HANDLE_VALUE)
        return NULL;
    do
    {
        DWORD chunk = most < 4096 ? (DWORD)most : 4096;

        if (!(larger = realloc(text, size + chunk + 1)))
        {
            free(text);
            text = NULL;
            break;
        }
        text = larger;
        if (!ReadFile(file, text + size, chunk, &received, NULL))
            received = 0;
        text[size += received] = 0;
    } while (received && size < most);
    CloseHandle(file);
    return text;
}

/* ---- /sys/class/net/NAME ---- */

/* Reads a file of the interface, without newlines at its end. False: there is none. */
static bool read_sys(const char *device, const char *file, char value[SYS_VALUE_MAX])
{
    char path[128], *text;
    size_t length;

    snprintf(path, sizeof(path), "/sys/class/net/%s/%s", device, file);
    if (!(text = read_host_file(path, SYS_VALUE_MAX - 1)))
        return false;
    strcpy(value, text);
    free(text);
    for (length = strlen(value); length && value[length - 1] == '\n'; length--)
        value[length - 1] = 0;
    return true;
}

enum engine_interface_kind interface_kind(
        unsigned long type, const char *uevent, bool has_tun_flags)
{
    if (type == ARPHRD_LOOPBACK)
        return ENGINE_INTERFACE_LOOPBACK;
    if (type == ARPHRD_ETHER)
        return strstr(uevent, "DEVTYPE=bridge") ? ENGINE_INTERFACE_BRIDGE
                                                : ENGINE_INTERFACE_ETHERNET;
    if (type == ARPHRD_PPP)
        return ENGINE_INTERFACE_PPP;
    if (type >= ARPHRD_SLIP && type <= ARPHRD_CSLIP6)
        return ENGINE_INTERFACE_SLIP;
    if (type == ARPHRD_NONE && strstr(uevent, "DEVTYPE=wireguard"))
        return ENGINE_INTERFACE_WIREGUARD;
    return has_tun_flags ? ENGINE_INTERFACE_TUN : ENGINE_INTERFACE_OTHER;
}

uint64_t interface_speed(const char *text)
{
    char *end;
    long long mbits = strtoll(text, &end, 10);

    /* -1 means unknown; older kernels print it as 4294967295. */
    return end != text && mbits > 0 && mbits < UINT32_MAX ? (uint64_t)mbits * 1000000 : 0;
}

/* False: /sys does not know the interface. */
static bool describe_by_sys(struct engine_interface *device)
{
    char value[SYS_VALUE_MAX], uevent[SYS_VALUE_MAX], tun_flags[SYS_VALUE_MAX];
    const char *index;

    if (!read_sys(device->name, "uevent", uevent) || !read_sys(device->name, "type", value))
        return false;
    device->kind = interface_kind(
            strtoul(value, NULL, 0), uevent, read_sys(device->name, "tun_flags", tun_flags));
    if ((index = strstr(uevent, "IFINDEX=")))
        device->index = strtoul(index + 8, NULL, 10);
    /* A tunnel whose program has ended stays IFF_UP, but has no carrier. */
    device->up = read_sys(device->name, "flags", value) && strtoul(value, NULL, 0) & HOST_IFF_UP
                 && read_sys(device->name, "operstate", value)
                 && (!strcmp(value, "up") || !strcmp(value, "unknown"));
    if (read_sys(device->name, "mtu", value))
        device->mtu = strtoul(value, NULL, 10);
    /* There may be no speed to read. */
    if (device->up && read_sys(device->name, "speed", value))
        device->speed = interface_speed(value);
    if (read_sys(device->name, "statistics/rx_crc_errors", value))
        device->crc_errors = strtoull(value, NULL, 10);
    if (read_sys(device->name, "statistics/rx_frame_errors", value))
        device->framing_errors = strtoull(value, NULL, 10);
    if (read_sys(device->name, "statistics/rx_over_errors", value))
        device->overruns = strtoull(value, NULL, 10);
    return true;
}

/* ---- iphlpapi ---- */

/* Wine's alias of an interface is the host's name. */
static bool has_alias(const WCHAR *alias, const char *name)
{
    char utf8[IF_MAX_STRING_SIZE * 3 + 1];

    return WideCharToMultiByte(CP_UTF8, 0, alias, -1, utf8, sizeof(utf8), NULL, NULL)
           && !strcmp(utf8, name);
}

enum engine_interface_kind interface_kind_of_iphlpapi(unsigned long type)
{
    switch (type)
    {
    case IF_TYPE_ETHERNET_CSMACD:
        return ENGINE_INTERFACE_ETHERNET;
    case IF_TYPE_SOFTWARE_LOOPBACK:
        return ENGINE_INTERFACE_LOOPBACK;
    case IF_TYPE_PPP:
        return ENGINE_INTERFACE_PPP;
    case IF_TYPE_SLIP:
        return ENGINE_INTERFACE_SLIP;
    default:
        return ENGINE_INTERFACE_OTHER;
    }
}

static void describe_by_iphlpapi(struct engine_interface *device)
{
    MIB_IF_TABLE2 *table;
    ULONG i;

    if (GetIfTable2(&table))
        return;
    /* If several rows have the name, the last is the newest. */
    for (i = 0; i < table->NumEntries; i++)
    {
        const MIB_IF_ROW2 *row = &table->Table[i];

        if (!has_alias(row->Alias, device->name))
            continue;
        device->index = row->InterfaceIndex;
        device->up = row->OperStatus == IfOperStatusUp;
        device->mtu = row->Mtu;
        device->kind = interface_kind_of_iphlpapi(row->Type);
    }
    FreeMibTable(table);
}

static void put_ipv4(struct engine_interface *list, size_t count, const WCHAR *alias,
        const MIB_UNICASTIPADDRESS_ROW *row)
{
    size_t i, bit;

    for (i = 0; i < count; i++)
        if (has_alias(alias, list[i].name) && !memcmp(list[i].ipv4, "\0\0\0", 4))
        {
            memcpy(list[i].ipv4, &row->Address.Ipv4.sin_addr, 4);
            for (bit = 0; bit < row->OnLinkPrefixLength && bit < 32; bit++)
                list[i].ipv4_mask[bit / 8] |= (uint8_t)(0x80 >> bit % 8);
        }
}

/* Sets the first address of each interface, which is the one that was assigned first. */
static void add_ipv4(struct engine_interface *list, size_t count)
{
    MIB_UNICASTIPADDRESS_TABLE *table;
    WCHAR alias[IF_MAX_STRING_SIZE + 1];
    ULONG i;

    if (GetUnicastIpAddressTable(AF_INET, &table))
        return;
    for (i = 0; i < table->NumEntries; i++)
        if (!ConvertInterfaceLuidToAlias(&table->Table[i].InterfaceLuid, alias, ARRAYSIZE(alias)))
            put_ipv4(list, count, alias, &table->Table[i]);
    FreeMibTable(table);
}

/* ---- /proc/net ---- */

/* The rest of the text after its next newline. */
static const char *next_line(const char *text)
{
    text += strcspn(text, "\n");
    return *text ? text + 1 : text;
}

static struct engine_interface *find_name(
        struct engine_interface *list, size_t count, const char *name)
{
    size_t i;

    for (i = 0; i < count; i++)
        if (!strcmp(list[i].name, name))
            return &list[i];
    return NULL;
}

/* "00000000000000000000000000000001 01 80 10 80       lo": address, index, prefix, scope, flags.
 * A global address is preferred to a link-local one. */
static void add_ipv6(struct engine_interface *list, size_t count)
{
    char *text = read_host_file("/proc/net/if_inet6", FILE_MAX);
    const char *line;

    for (line = text; line && *line; line = next_line(line))
    {
        char address[33], name[ENGINE_INTERFACE_NAME_MAX];
        unsigned int index, prefix, scope, flags, byte, i;
        struct engine_interface *device;

        if (sscanf(line, "%32[0-9a-f] %x %x %x %x %63s", address, &index, &prefix, &scope, &flags,
                    name)
                        != 6
                || strlen(address) != 32 || !(device = find_name(list, count, name))
                || (device->ipv6_prefix && (scope || device->ipv6_global)))
            continue;
        for (i = 0; i < 16; i++)
        {
            sscanf(address + 2 * i, "%2x", &byte);
            device->ipv6[i] = (uint8_t)byte;
        }
        device->ipv6_prefix = (uint8_t)prefix;
        device->ipv6_global = !scope;
    }
    free(text);
}

/* A point-to-point interface has a route to one host, its peer, without a gateway: "tun0 0200630A
 * 00000000 0005 0 0 0 FFFFFFFF ...". Addresses are little-endian numbers. */
static void add_peers(struct engine_interface *list, size_t count)
{
    char *text = read_host_file("/proc/net/route", FILE_MAX);
    const char *line;

    for (line = text; line && *line; line = next_line(line))
    {
        char name[ENGINE_INTERFACE_NAME_MAX];
        unsigned int destination, gateway, flags, refs, use, metric, mask;
        struct engine_interface *device;

        if (sscanf(line, "%63s %x %x %x %u %u %u %x", name, &destination, &gateway, &flags, &refs,
                    &use, &metric, &mask)
                        != 8
                || mask != 0xffffffff || gateway || !destination
                || !(device = find_name(list, count, name))
                || memcmp(device->ipv4_peer, "\0\0\0", 4))
            continue;
        memcpy(device->ipv4_peer, &destination, 4);
    }
    free(text);
}

/* "  eth0: 123 1 ...", with the counters in the order of the file's heading. */
static bool parse_dev_line(const char *line, struct engine_interface *device)
{
    unsigned long long in[8], out[8];
    char name[ENGINE_INTERFACE_NAME_MAX];

    if (sscanf(line,
                " %63[^: \n]:%llu %llu %llu %llu %llu %llu %llu %llu %llu %llu %llu %llu %llu"
                " %llu %llu %llu",
                name, &in[0], &in[1], &in[2], &in[3], &in[4], &in[5], &in[6], &in[7], &out[0],
                &out[1], &out[2], &out[3], &out[4], &out[5], &out[6], &out[7])
            != 17)
        return false;
    memset(device, 0, sizeof(*device));
    strcpy(device->name, name);
    device->bytes_in = in[0];
    device->packets_in = in[1];
    device->errors_in = in[2];
    device->drops_in = in[3];
    device->bytes_out = out[0];
    device->packets_out = out[1];
    device->errors_out = out[2];
    device->drops_out = out[3];
    return true;
}

bool interfaces_list(struct engine_interface **out, size_t *out_count)
{
    char *text = read_host_file("/proc/net/dev", FILE_MAX);
    struct engine_interface *list = NULL, *larger;
    size_t count = 0, capacity = 0, i;
    const char *line;

    *out = NULL;
    *out_count = 0;
    if (!text)
        return false;
    for (line = text; *line; line = next_line(line))
    {
        if (count == capacity)
        {
            capacity = capacity ? 2 * capacity : 8;
            if (!(larger = realloc(list, capacity * sizeof(*list))))
            {
                free(list);
                free(text);
                return false;
            }
            list = larger;
        }
        if (parse_dev_line(line, &list[count]))
            count++;
    }
    free(text);
    for (i = 0; i < count; i++)
        if (!describe_by_sys(&list[i]))
            describe_by_iphlpapi(&list[i]);
    add_ipv4(list, count);
    add_ipv6(list, count);
    add_peers(list, count);
    *out = list;
    *out_count = count;
    return true;
}
