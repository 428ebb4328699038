/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Seeds for RAS and RRAS connections: each of their messages as a frame, and sequences of agent
 * steps made of them.
 */

#include "tests/fuzz/seeds.h"

#include <stdlib.h>
#include <string.h>

#include "libs/napipc/napipc.h"

#define FIRST_HANDLE 0x10001 /* of RAS connections, in the agent's order */
#define FIRST_ID 1           /* of RRAS connections */

static struct napipc_string text(const char *ascii)
{
    static uint8_t units[32][64];
    static unsigned int turn;
    uint8_t *to = units[turn++ % 32];
    struct napipc_string string = {to, (uint16_t)strlen(ascii)};

    for (; *ascii; ascii++)
    {
        *to++ = (uint8_t)*ascii;
        *to++ = 0;
    }
    return string;
}

/* ---- messages, without their type ---- */

static struct napipc_ras_connection ras_connection(const char *entry, const char *interface)
{
    return (struct napipc_ras_connection){
            .handle = FIRST_HANDLE,
            .source = NAPIPC_RAS_TABLE,
            .flags = 1,
            .id = {{7, 1}},
            .since = 129266370001230000,
            .entry_name = text(entry),
            .device_type = text("vpn"),
            .device_name = text("WAN"),
            .phone_number = text("vpn.example"),
            .user = text("alice"),
            .interface_name = text(interface),
    };
}

static void about_handle(struct napipc_message *message)
{
    message->ras_handle.handle = FIRST_HANDLE;
}

static void ras_add(struct napipc_message *message)
{
    message->ras_add.keep = false;
    message->ras_add.connection = ras_connection("Office", "tun0");
}

static void ras_add_again(struct napipc_message *message)
{
    message->ras_add.connection = ras_connection("Office", "");
    message->ras_add.replace = true;
    message->ras_add.keep = true;
}

static void ras_listed(struct napipc_message *message)
{
    message->ras_list_reply.count = 1;
    message->ras_list_reply.connections[0].connection = ras_connection("Office", "tun0");
    message->ras_list_reply.connections[0].active = true;
}

static void ras_got(struct napipc_message *message)
{
    message->ras_get_reply.connection = ras_connection("Office", "tun0");
    message->ras_get_reply.active = true;
    message->ras_get_reply.link.known = true;
    message->ras_get_reply.link.mtu = 1400;
    message->ras_get_reply.link.counters.bytes_in = 5000000000;
}

static void ras_patterns(struct napipc_message *message)
{
    message->ras_patterns.patterns = text("vpn-*\nnic?");
}

static void ras_dial(struct napipc_message *message)
{
    message->ras_dial.connection = ras_connection("Office", "");
    message->ras_dial.password = text("secret");
}

static void ras_dial_next(struct napipc_message *message)
{
    message->ras_dial_next.handle = FIRST_HANDLE;
}

static void ras_changed(struct napipc_message *message)
{
    message->ras_changed.handle = FIRST_HANDLE;
    message->ras_changed.connected = true;
}

static struct napipc_rras_record rras_record(void)
{
    return (struct napipc_rras_record){
            .quarantine = NAPIPC_RRAS_PROBATION,
            .probation_end = 129266370001230000,
            .tunnel = NAPIPC_RRAS_IKEV2,
            .ipv4 = {192, 0, 2, 1},
            .ipv6_prefix = 64,
            .user = text("alice"),
            .interface_name = text("ppp0"),
            .port = text("VPN3-7"),
    };
}

static void rras_add(struct napipc_message *message)
{
    message->rras_add.keep = true;
    message->rras_add.record = rras_record();
}

static void rras_update(struct napipc_message *message)
{
    message->rras_update.selector.kind = NAPIPC_RRAS_BY_INTERFACE;
    message->rras_update.selector.name = text("ppp0");
    message->rras_update.fields = NAPIPC_RRAS_HAS_QUARANTINE | NAPIPC_RRAS_HAS_USER;
    message->rras_update.record = rras_record();
}

static void rras_by_id(struct napipc_message *message)
{
    message->rras_select.selector.kind = NAPIPC_RRAS_BY_ID;
    message->rras_select.selector.id = FIRST_ID;
}

static void rras_by_address(struct napipc_message *message)
{
    static const uint8_t address[] = {192, 0, 2, 1};

    message->rras_select.selector.kind = NAPIPC_RRAS_BY_IPV4;
    memcpy(message->rras_select.selector.ipv4, address, sizeof address);
}

static void rras_by_port(struct napipc_message *message)
{
    message->rras_select.selector.kind = NAPIPC_RRAS_BY_PORT;
    message->rras_select.selector.name = text("VPN3-7");
}

static void rras_list(struct napipc_message *message)
{
    message->rras_list.limit = 3;
    message->rras_list.even_if_off = true;
}

static void rras_listed(struct napipc_message *message)
{
    static uint8_t record[NAPIPC_RRAS_MAX_RECORD], entry[NAPIPC_RRAS_MAX_ENTRY];
    const struct napipc_rras_live live = {.known = true, .counters = {.bytes_in = 9}};
    const struct napipc_rras_record given = rras_record();
    struct napipc_blob blob = {record, 0};

    blob.size = (uint32_t)napipc_rras_write_record(&given, record, sizeof record);
    message->rras_list_reply.remaining = message->rras_list_reply.count = 1;
    message->rras_list_reply.entries.data = entry;
    message->rras_list_reply.entries.size =
            (uint32_t)napipc_rras_write_entry(FIRST_ID, &blob, &live, entry, sizeof entry);
}

static void rras_server(struct napipc_message *message)
{
    message->rras_set_server.enabled = true;
}

static void rras_server_is(struct napipc_message *message)
{
    message->rras_server_reply.enabled = true;
    message->rras_server_reply.connections = 1;
}

static const struct seed_message
{
    const char *name;
    uint16_t type;
    void (*fill)(struct napipc_message *message);
} seeds[] = {
        {"ras_list", NAPIPC_RAS_LIST, NULL},
        {"ras_list_reply", NAPIPC_RAS_LIST | NAPIPC_REPLY, ras_listed},
        {"ras_get", NAPIPC_RAS_GET, about_handle},
        {"ras_get_reply", NAPIPC_RAS_GET | NAPIPC_REPLY, ras_got},
        {"ras_nap_status", NAPIPC_RAS_NAP_STATUS, about_handle},
        {"ras_nap_status_reply", NAPIPC_RAS_NAP_STATUS | NAPIPC_REPLY, NULL},
        {"ras_add", NAPIPC_RAS_ADD, ras_add},
        {"ras_add_again", NAPIPC_RAS_ADD, ras_add_again},
        {"ras_add_reply", NAPIPC_RAS_ADD | NAPIPC_REPLY, NULL},
        {"ras_remove", NAPIPC_RAS_REMOVE, about_handle},
        {"ras_hang_up", NAPIPC_RAS_HANG_UP, about_handle},
        {"ras_clear", NAPIPC_RAS_CLEAR, about_handle},
        {"ras_watch", NAPIPC_RAS_WATCH, NULL},
        {"ras_get_patterns", NAPIPC_RAS_GET_PATTERNS, NULL},
        {"ras_get_patterns_reply", NAPIPC_RAS_GET_PATTERNS | NAPIPC_REPLY, ras_patterns},
        {"ras_set_patterns", NAPIPC_RAS_SET_PATTERNS, ras_patterns},
        {"ras_dial", NAPIPC_RAS_DIAL, ras_dial},
        {"ras_dial_reply", NAPIPC_RAS_DIAL | NAPIPC_REPLY, NULL},
        {"ras_dial_next", NAPIPC_RAS_DIAL_NEXT, ras_dial_next},
        {"ras_dial_next_reply", NAPIPC_RAS_DIAL_NEXT | NAPIPC_REPLY, NULL},
        {"ras_changed", NAPIPC_RAS_CHANGED, ras_changed},
        {"rras_add", NAPIPC_RRAS_ADD, rras_add},
        {"rras_add_reply", NAPIPC_RRAS_ADD | NAPIPC_REPLY, NULL},
        {"rras_update", NAPIPC_RRAS_UPDATE, rras_update},
        {"rras_update_reply", NAPIPC_RRAS_UPDATE | NAPIPC_REPLY, NULL},
        {"rras_remove", NAPIPC_RRAS_REMOVE, rras_by_port},
        {"rras_list", NAPIPC_RRAS_LIST, rras_list},
        {"rras_list_reply", NAPIPC_RRAS_LIST | NAPIPC_REPLY, rras_listed},
        {"rras_get", NAPIPC_RRAS_GET, rras_by_id},
        {"rras_set_server", NAPIPC_RRAS_SET_SERVER, rras_server},
        {"rras_get_server", NAPIPC_RRAS_GET_SERVER, NULL},
        {"rras_get_server_reply", NAPIPC_RRAS_GET_SERVER | NAPIPC_REPLY, rras_server_is},
        {"rras_clear_statistics", NAPIPC_RRAS_CLEAR_STATISTICS, rras_by_id},
        {"rras_remove_quarantine", NAPIPC_RRAS_REMOVE_QUARANTINE, rras_by_address},
        {"rras_disconnect", NAPIPC_RRAS_DISCONNECT, rras_by_id},
        {"rras_watch", NAPIPC_RRAS_WATCH, NULL},
        {"rras_changed", NAPIPC_RRAS_CHANGED, NULL},
};

static size_t frame_of(const struct seed_message *seed, uint8_t *frame, size_t capacity)
{
    struct napipc_message message;
    size_t size;

    memset(&message, 0, sizeof message);
    message.type = seed->type;
    message.call = 1;
    if (seed->fill)
        seed->fill(&message);
    if (napipc_encode(&message, frame, capacity, &size) != NAPIPC_OK)
        abort();
    return size;
}

/* ---- sequences of agent steps as engine.c describes them ---- */

struct life
{
    size_t size;
    uint8_t bytes[4096];
};

static void add_step(struct life *life, uint8_t what, uint8_t client, uint8_t value)
{
    const uint8_t step[] = {what, client, value};

    memcpy(life->bytes + life->size, step, sizeof step);
    life->size += sizeof step;
}

/* The client sends the message of that name. */
static void add_frame(struct life *life, uint8_t client, const char *name)
{
    uint8_t frame[NAPIPC_HEADER_SIZE + 255];
    const struct seed_message *seed = seeds;
    size_t size;

    while (strcmp(seed->name, name))
        seed++;
    size = frame_of(seed, frame, sizeof frame) - NAPIPC_HEADER_SIZE;
    add_step(life, 0, client, (uint8_t)seed->type);
    life->bytes[life->size++] = (uint8_t)(seed->type >> 8);
    life->bytes[life->size++] = (uint8_t)size;
    memcpy(life->bytes + life->size, frame + NAPIPC_HEADER_SIZE, size);
    life->size += size;
}

#define WAIT 5
#define RESTART 8
#define INTERFACES 11
#define HOOK 12
#define HOOK_IS_THERE 1
#define HOOK_ENDS 2

static void live(struct life *life, const char *const *names, size_t count)
{
    size_t i;

    for (i = 0; i < count; i++)
    {
        add_frame(life, (uint8_t)(i % 2), names[i]);
        /* Half of the possible interfaces, others each time. */
        add_step(life, INTERFACES, 0, (uint8_t)(0x35 << i % 3));
        if (i % 4 == 3)
            add_step(life, HOOK, 0, HOOK_IS_THERE | HOOK_ENDS);
        if (i % 5 == 4)
            add_step(life, WAIT, 0, 8);
        if (i == count / 2)
        {
            add_step(life, RESTART, 0, 0);
            life->size--; /* it takes no value */
        }
    }
}

void write_ras_seeds(const char *folder)
{
    static const char *const ras[] = {"ras_watch", "ras_set_patterns", "ras_add", "ras_list",
            "ras_get", "ras_clear", "ras_add_again", "ras_nap_status", "ras_list",
            "ras_get_patterns", "ras_watch", "ras_hang_up", "ras_add", "ras_remove", "ras_list"};
    static const char *const rras[] = {"rras_set_server", "rras_watch", "rras_add", "rras_add",
            "rras_list", "rras_get", "rras_clear_statistics", "rras_update", "rras_get_server",
            "rras_remove_quarantine", "rras_watch", "rras_add", "rras_disconnect", "rras_remove",
            "rras_list"};
    static uint8_t frame[NAPIPC_MAX_FRAME];
    static struct life life;
    size_t i;

    for (i = 0; i < sizeof seeds / sizeof *seeds; i++)
        write_file(folder, "napipc", seeds[i].name, frame, frame_of(&seeds[i], frame, sizeof frame),
                "", 0);
    live(&life, ras, sizeof ras / sizeof *ras);
    write_file(folder, "engine", "ras", life.bytes, life.size, "", 0);
    life.size = 0;
    live(&life, rras, sizeof rras / sizeof *rras);
    write_file(folder, "engine", "rras", life.bytes, life.size, "", 0);
}
