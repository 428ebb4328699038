/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * rras list: the connections of the remote access server, as text or JSON.
 */
#include "programs/napctl/rras.h"

#include <string.h>
#include <wchar.h>
/* After windows.h */
#include <winsock2.h>
#include <ws2tcpip.h>

const char *rras_quarantine_name(uint8_t state)
{
    static const char *const names[] = {"normal", "quarantine", "probation", "unknown"};

    return names[state <= NAPIPC_RRAS_NOT_CAPABLE ? state : NAPIPC_RRAS_NOT_CAPABLE];
}

/* "" for an address that is not set */
static void format_address(int family, const uint8_t *address, char *text, size_t size)
{
    static const uint8_t none[16];

    text[0] = 0;
    if (memcmp(address, none, family == AF_INET ? 4 : 16))
        inet_ntop(family, address, text, size);
}

static void print_string(const char *name, const struct napipc_string *string)
{
    if (!string->length)
        return;
    printf("  %-16s ", name);
    print_units(stdout, string);
    putchar('\n');
}

static void print_address(const char *name, int family, const uint8_t *address)
{
    char text[64];

    format_address(family, address, text, sizeof(text));
    if (*text)
        printf("  %-16s %s\n", name, text);
}

static void print_entry(const struct napipc_rras_entry *entry)
{
    const struct napipc_rras_record *record = &entry->record;

    printf("%u  ", (unsigned int)entry->id);
    if (record->domain.length)
    {
        print_units(stdout, &record->domain);
        putchar('\\');
    }
    print_units(stdout, &record->user);
    printf("\n  GUID:            ");
    print_guid(stdout, &record->guid);
    printf("\n  Since:           ");
    print_time(stdout, record->since);
    printf("\n  Direction:       %s, %s\n", record->outgoing ? "out" : "in",
            record->tunnel == NAPIPC_RRAS_IKEV2 ? "IKEv2" : "PPP");
    print_string("Computer:", &record->computer);
    print_string("Interface:", &record->interface_name);
    print_string("Port:", &record->port);
    print_string("Device:", &record->device_name);
    print_string("Device type:", &record->device_type);
    print_address("IPv4:", AF_INET, record->ipv4);
    print_address("IPv4, local:", AF_INET, record->ipv4_local);
    print_address("IPv6:", AF_INET6, record->ipv6);
    print_address("IPv6, local:", AF_INET6, record->ipv6_local);
    print_string("Endpoint:", &record->remote_endpoint);
    print_string("Endpoint, local:", &record->local_endpoint);
    printf("  Quarantine:      %s\n", rras_quarantine_name(record->quarantine));
    if (record->probation_end)
    {
        printf("  Probation ends:  ");
        print_time(stdout, record->probation_end);
        putchar('\n');
    }
    if (entry->live.known)
        printf("  Received:        %llu bytes, %llu packets\n"
               "  Sent:            %llu bytes, %llu packets\n",
                (unsigned long long)entry->live.counters.bytes_in,
                (unsigned long long)entry->live.counters.packets_in,
                (unsigned long long)entry->live.counters.bytes_out,
                (unsigned long long)entry->live.counters.packets_out);
}

static void put_address(struct json *json, const char *name, int family, const uint8_t *address)
{
    char text[64];

    format_address(family, address, text, sizeof(text));
    if (*text)
        json_text(json, name, text);
    else
        json_null(json, name);
}

static void put_counters(struct json *json, const struct napipc_rras_live *live)
{
    if (!live->known)
    {
        json_null(json, "statistics");
        return;
    }
    json_open(json, "statistics", '{');
    json_number(json, "bytesReceived", live->counters.bytes_in);
    json_number(json, "packetsReceived", live->counters.packets_in);
    json_number(json, "bytesSent", live->counters.bytes_out);
    json_number(json, "packetsSent", live->counters.packets_out);
    json_close(json, '}');
}

static void put_entry(struct json *json, const struct napipc_rras_entry *entry)
{
    const struct napipc_rras_record *record = &entry->record;

    json_open(json, NULL, '{');
    json_number(json, "id", entry->id);
    json_guid(json, "guid", &record->guid);
    json_units(json, "user", &record->user);
    json_units(json, "domain", &record->domain);
    json_units(json, "computer", &record->computer);
    json_units(json, "interface", &record->interface_name);
    json_units(json, "port", &record->port);
    json_units(json, "deviceName", &record->device_name);
    json_units(json, "deviceType", &record->device_type);
    json_text(json, "direction", record->outgoing ? "out" : "in");
    json_text(json, "tunnel", record->tunnel == NAPIPC_RRAS_IKEV2 ? "ikev2" : "ppp");
    put_address(json, "ipv4", AF_INET, record->ipv4);
    put_address(json, "ipv4Local", AF_INET, record->ipv4_local);
    put_address(json, "ipv6", AF_INET6, record->ipv6);
    put_address(json, "ipv6Local", AF_INET6, record->ipv6_local);
    json_number(json, "ipv6PrefixLength", record->ipv6_prefix);
    json_units(json, "remoteEndpoint", &record->remote_endpoint);
    json_units(json, "localEndpoint", &record->local_endpoint);
    json_text(json, "quarantine", rras_quarantine_name(record->quarantine));
    json_time(json, "probationEnd", record->probation_end);
    json_time(json, "since", record->since);
    put_counters(json, &entry->live);
    json_close(json, '}');
}

static HRESULT ask(struct napipc_message *request, struct agent_reply *reply)
{
    return agent_process_call(agent_start_always, request, reply, NULL);
}

/* Prints every connection, as text if `json` is NULL. */
static HRESULT list_all(struct json *json)
{
    struct napipc_message request;
    bool more = true;

    request.type = NAPIPC_RRAS_LIST;
    request.rras_list.after = 0;
    request.rras_list.limit = 0;
    request.rras_list.even_if_off = true;
    while (more)
    {
        struct agent_reply reply;
        const struct napipc_rras_list_reply *page = &reply.message.rras_list_reply;
        struct napipc_rras_entry entry;
        struct napipc_blob rest;
        HRESULT hr = ask(&request, &reply);

        if (FAILED(hr))
            return hr;
        rest = page->entries;
        while (napipc_rras_next(&rest, &entry))
        {
            if (json)
                put_entry(json, &entry);
            else
                print_entry(&entry);
            request.rras_list.after = entry.id;
        }
        more = page->count && page->remaining > page->count;
        agent_reply_clear(&reply);
    }
    return S_OK;
}

static HRESULT list(bool as_json)
{
    struct napipc_message request = {.type = NAPIPC_RRAS_GET_SERVER};
    struct json json = {.to = stdout};
    struct agent_reply reply;
    HRESULT hr = ask(&request, &reply);
    bool enabled;

    if (FAILED(hr))
        return hr;
    enabled = reply.message.rras_server_reply.enabled;
    agent_reply_clear(&reply);
    if (!as_json)
    {
        printf("The remote access server is %s.\n", enabled ? "on" : "off");
        return list_all(NULL);
    }
    json_open(&json, NULL, '{');
    json_bool(&json, "enabled", enabled);
    json_open(&json, "connections", '[');
    hr = list_all(&json);
    json_close(&json, ']');
    json_close(&json, '}');
    return hr;
}

int rras_list(const struct options *options)
{
    HRESULT hr = list(options->json);

    return FAILED(hr) ? report_failure(hr, "list the connections") : EXIT_DONE;
}
