/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Arbitrary bytes as events of the agent: frames of three clients, answers to its callbacks,
 * time, clients that come and go, the agent's own restart.
 *
 * An input is a sequence of steps. A step is a byte for its kind (below), a byte for the client
 * (modulo 3), and the step's arguments; beyond the end of the input everything is 0.
 *
 *   0 FRAME     type (2 bytes), length n, n bytes: the body of a frame with a good header
 *   1 REQUEST   object, maximum size (2 bytes): GetSoHRequest
 *   2 RESPOND   object, states, seconds of probation, offset, bits: ProcessSoHResponse with a
 *               server's response, one byte of it changed if bits are not 0
 *   3 DOWN      object: NotifyConnectionStateDown
 *   4 ANSWER    status: answers the oldest pending callback, with all objects
 *   5 WAIT      seconds, times 256 milliseconds
 *   6 RECONNECT
 *   7 HOST      bits: administrator, store full
 *   8 RESTART   the agent
 *   9 RAW       length n, n bytes: a frame with these bytes
 *  10 SPOIL     object, offset, bits: changes PrivateData, which a client should not do
 *  11 INTERFACES bits: the host's interfaces that exist
 *  12 HOOK      bits: there is a hook, the last that was started ends; the rest is its exit status
 *
 * In every case an accepted request has one answer, the timers settle, and the agent's report of
 * its state is consistent.
 */
#include <stdlib.h>

#include "tests/unit/engine/agent.h"

#define CLIENTS 3
#define OBJECTS 4
#define STEPS_MAX 400
#define OPEN_MAX 64

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

struct input
{
    const uint8_t *data;
    size_t left;
};

struct open_callback
{
    uint16_t type;
    uint32_t call;
};

/* Requests that start a hook are answered when it has ended. */
static bool may_wait(uint16_t type)
{
    switch (type)
    {
    case NAPIPC_SOH_REQUEST: /* for a health agent that a fuzzed frame bound */
    case NAPIPC_RAS_HANG_UP:
    case NAPIPC_RAS_DIAL_NEXT:
    case NAPIPC_RRAS_DISCONNECT:
    case NAPIPC_RRAS_REMOVE_QUARANTINE:
        return true;
    default:
        return false;
    }
}

/* Messages without an answer; see napipc.h. */
#define FIRST_NOTIFICATION NAPIPC_ISOLATION_CHANGED
#define LAST_NOTIFICATION (NAPIPC_AGENT_GET_SOH - 1)

static struct client *clients[CLIENTS];
static struct object objects[CLIENTS][OBJECTS];
static struct open_callback open_callbacks[CLIENTS][OPEN_MAX];
static unsigned int open_count[CLIENTS];

static void require(bool holds)
{
    if (!holds)
        abort();
}

static uint8_t take(struct input *input)
{
    if (!input->left)
        return 0;
    input->left--;
    return *input->data++;
}

static size_t take_bytes(struct input *input, uint8_t *bytes, size_t size)
{
    size_t i;

    for (i = 0; i < size && input->left; i++)
        bytes[i] = take(input);
    return i;
}

static unsigned int index_of(const struct client *client)
{
    unsigned int i = 0;

    while (clients[i] != client)
        i++;
    return i;
}

static void reconnect(struct client *client)
{
    if (client->session)
        client_disconnect(client);
    open_count[index_of(client)] = 0;
    client_reconnect(client);
}

/* Sets the values of a SOH_REQUEST's or SOH_RESPONSE's reply on the request's object. */
static void set_object(struct object *object, const struct napipc_message *reply)
{
    const struct napipc_blob *data = NULL;

    if (!object || reply->status)
        return;
    if (reply->type == (NAPIPC_SOH_REQUEST | NAPIPC_REPLY))
    {
        data = &reply->soh_request_reply.private_data;
        object->ssoh_size = reply->soh_request_reply.soh.size;
        require(object->ssoh_size <= object->max_size);
        memcpy(object->ssoh, reply->soh_request_reply.soh.data, object->ssoh_size);
    }
    else if (reply->type == (NAPIPC_SOH_RESPONSE | NAPIPC_REPLY))
        data = &reply->soh_response_reply.private_data;
    if (data)
    {
        memcpy(object->private_data, data->data, data->size);
        object->private_size = data->size;
    }
}

/* Takes the frames sent to a client; counts the answers to `call`. */
static unsigned int read_all(struct client *client, uint32_t call, struct object *object)
{
    unsigned int index = index_of(client), answers = 0;
    struct napipc_message message;

    while (client_next(client, &message))
    {
        if (message.type & NAPIPC_REPLY)
        {
            require(message.call == call || may_wait((uint16_t)(message.type & ~NAPIPC_REPLY)));
            if (message.call != call)
                continue;
            set_object(object, &message);
            answers++;
        }
        else if (message.type < FIRST_NOTIFICATION || message.type > LAST_NOTIFICATION)
        {
            require(open_count[index] < OPEN_MAX);
            open_callbacks[index][open_count[index]].type = message.type;
            open_callbacks[index][open_count[index]++].call = message.call;
        }
    }
    return answers;
}

static void read_everybody(void)
{
    unsigned int i;

    for (i = 0; i < CLIENTS; i++)
        require(!read_all(clients[i], 0, NULL));
    agent.frames_size = 0;
}

/* Sends bytes. A rejected client loses its connection, as with the real host. */
static void send_bytes(struct client *client, const uint8_t *bytes, size_t size, uint16_t type,
        uint32_t call, struct object *object)
{
    if (!client_send_bytes(client, bytes, size))
    {
        client->read = client->written = 0;
        reconnect(client);
    }
    else
    {
        /* The call number of a callback that is answered is not the number of a pending request. */
        unsigned int answers = read_all(client, type & NAPIPC_REPLY ? 0 : call, object);

        require(answers == !(type & NAPIPC_REPLY) || (!answers && may_wait(type)));
    }
    read_everybody();
}

static void send_message(
        struct client *client, struct napipc_message *message, struct object *object)
{
    static uint8_t frame[NAPIPC_MAX_FRAME];
    size_t size;

    if (!(message->type & NAPIPC_REPLY))
        message->call = ++client->call ? client->call : ++client->call;
    require(napipc_encode(message, frame, sizeof(frame), &size) == NAPIPC_OK);
    send_bytes(client, frame, size, message->type, message->call, object);
}

static void send_frame(struct client *client, struct input *input)
{
    uint8_t frame[NAPIPC_HEADER_SIZE + 255] = {0};
    uint16_t type = take(input);
    size_t size;

    type |= (uint16_t)(take(input) << 8);
    size = NAPIPC_HEADER_SIZE + take_bytes(input, frame + NAPIPC_HEADER_SIZE, take(input));
    frame[0] = (uint8_t)size;
    frame[1] = (uint8_t)(size >> 8);
    frame[4] = NAPIPC_VERSION;
    frame[6] = (uint8_t)type;
    frame[7] = (uint8_t)(type >> 8);
    frame[8] = 77;
    send_bytes(client, frame, size, type, 77, NULL);
}

static void send_raw(struct client *client, struct input *input)
{
    uint8_t frame[255];
    size_t size = take_bytes(input, frame, take(input));
    uint16_t type = size < NAPIPC_HEADER_SIZE ? 0 : (uint16_t)(frame[6] | frame[7] << 8);
    uint32_t call = size < NAPIPC_HEADER_SIZE ? 0
                                              : frame[8] | frame[9] << 8 | frame[10] << 16
                                                        | (uint32_t)frame[11] << 24;

    send_bytes(client, frame, size, type, call, NULL);
}

static struct object *take_object(struct client *client, struct input *input)
{
    return &objects[index_of(client)][take(input) % OBJECTS];
}

static void request(struct client *client, struct input *input)
{
    struct napipc_message message = {.type = NAPIPC_SOH_REQUEST};
    struct object *object = take_object(client, input);

    object->max_size = take(input);
    object->max_size |= (uint32_t)take(input) << 8;
    if (object->max_size > sizeof(object->ssoh))
        object->max_size = sizeof(object->ssoh);
    message.soh_request.private_data.data = object->private_data;
    message.soh_request.private_data.size = object->private_size;
    message.soh_request.connection_id = object->id;
    message.soh_request.max_size = object->max_size;
    send_message(client, &message, object);
}

static void respond(struct client *client, struct input *input)
{
    static uint8_t response[SOH_MAX_PACKET_SIZE];
    struct napipc_message message = {.type = NAPIPC_SOH_RESPONSE};
    struct object *object = take_object(client, input);
    uint8_t states = take(input), probation = take(input), offset = take(input);
    struct decided decided = {1 + states % 3, states >> 4,
            probation ? agent.filetime + SECONDS(probation - 1) : SOH_NO_PROBATION,
            states & 4 ? "http://remedy/\xE2\x82\xAC" : NULL};
    size_t size;

    if (!object->ssoh_size)
        return;
    size = object_response(object, &decided, response);
    response[offset % size] ^= take(input);
    message.soh_response.private_data.data = object->private_data;
    message.soh_response.private_data.size = object->private_size;
    message.soh_response.connection_id = object->id;
    message.soh_response.soh.data = response;
    message.soh_response.soh.size = (uint32_t)size;
    send_message(client, &message, object);
}

static void down(struct client *client, struct input *input)
{
    struct napipc_message message = {.type = NAPIPC_CONNECTION_DOWN};
    struct object *object = take_object(client, input);

    message.connection_down.private_data.data = object->private_data;
    message.connection_down.private_data.size = object->private_size;
    send_message(client, &message, NULL);
}

static void answer(struct client *client, struct input *input)
{
    static const uint32_t statuses[] = {S_OK, E_FAIL, 1722, 0x80010108, E_OUTOFMEMORY, 1};
    unsigned int index = index_of(client), i;
    struct napipc_message message;

    memset(&message, 0, sizeof(message)); /* an empty body of any type */
    message.status = statuses[take(input) % 6];
    if (!open_count[index])
        return;
    message.type = open_callbacks[index][0].type | NAPIPC_REPLY;
    message.call = open_callbacks[index][0].call;
    open_count[index]--;
    for (i = 0; i < open_count[index]; i++)
        open_callbacks[index][i] = open_callbacks[index][i + 1];
    if (message.type == (NAPIPC_GET_CONNECTIONS | NAPIPC_REPLY))
        message.get_connections_reply.count = OBJECTS;
    for (i = 0; i < message.get_connections_reply.count; i++)
        object_report(&objects[index][i], &message.get_connections_reply.connections[i]);
    send_message(client, &message, NULL);
}

static void restart(void)
{
    unsigned int i;

    agent_stop();
    require(agent_start());
    for (i = 0; i < CLIENTS; i++)
        reconnect(clients[i]);
}

static void spoil(struct client *client, struct input *input)
{
    struct object *object = take_object(client, input);

    object->private_data[take(input) % sizeof(object->private_data)] ^= take(input);
}

static void interfaces(uint8_t bits)
{
    static const enum engine_interface_kind kinds[] = {ENGINE_INTERFACE_TUN, ENGINE_INTERFACE_PPP,
            ENGINE_INTERFACE_OTHER, ENGINE_INTERFACE_ETHERNET};
    static const char *const names[] = {"tun0", "ppp0", "vpn-a", "eth0"};
    unsigned int i;

    agent.interface_count = 0;
    /* Another interface of the name, if the bit above is set. */
    for (i = 0; i < 4; i++)
        if (bits >> i & 1)
            agent_interface(names[i], 10 * (i + 1) + (bits >> (4 + i) & 1), kinds[i])->bytes_in =
                    agent.monotonic;
}

static void hook(uint8_t bits)
{
    agent.hook_result = bits & 1 ? S_OK : UINT32_C(0x80070490);
    if (bits & 2)
        agent_hook_ended(S_OK, bits >> 2);
}

/* Checks the agent's report of its state. */
static void check_state(void)
{
    struct napipc_get_state_reply state = client_state(clients[0]);
    struct napipc_list_connections_reply page = client_connections(clients[0], 0);
    bool unknown = false;
    uint16_t i;

    require(state.isolation.state >= NOT_RESTRICTED && state.isolation.state <= RESTRICTED);
    require(state.connections <= CLIENTS * NAPIPC_MAX_CONNECTIONS);
    require(state.enforcement_clients <= NAPIPC_MAX_COMPONENTS);
    require(state.enforcement_clients_enabled <= state.enforcement_clients);
    require(page.more || page.count == state.connections);
    for (i = 0; i < page.count; i++)
    {
        require(page.connections[i].known == (page.connections[i].isolation.state != 0));
        unknown = unknown || !page.connections[i].known;
    }
    require(page.more || unknown || !state.unknown_connections);
}

static void step(struct input *input)
{
    uint8_t what = take(input);
    struct client *client = clients[take(input) % CLIENTS];

    switch (what % 13)
    {
    case 0:
        send_frame(client, input);
        break;
    case 1:
        request(client, input);
        break;
    case 2:
        respond(client, input);
        break;
    case 3:
        down(client, input);
        break;
    case 4:
        answer(client, input);
        break;
    case 5:
        agent_advance(take(input) * 256u);
        break;
    case 6:
        reconnect(client);
        break;
    case 7:
        what = take(input);
        client->administrator = what & 1;
        agent.store_result = what & 2 ? E_DISK_FULL : S_OK;
        break;
    case 8:
        restart();
        break;
    case 9:
        send_raw(client, input);
        break;
    case 10:
        spoil(client, input);
        break;
    case 11:
        interfaces(take(input));
        break;
    default:
        hook(take(input));
        break;
    }
    read_everybody();
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct input input = {data, size};
    unsigned int i, k;

    require(!agent_setup());
    for (i = 0; i < CLIENTS; i++)
    {
        clients[i] = client_connect();
        open_count[i] = 0;
        require(!client_register(clients[0], ENFORCER, i + 1));
        require(!client_enable(clients[0], ENFORCER, i + 1, true));
        for (k = 0; k < OBJECTS; k++)
            object_init(&objects[i][k], (uint8_t)k);
    }
    require(!client_register(clients[0], HEALTH_AGENT, 1));
    for (i = 0; i < STEPS_MAX && input.left; i++)
        step(&input);
    agent.log_count = 0;
    reconnect(clients[0]); /* so that no notifications come between request and answer */
    read_everybody();
    check_state();
    agent_teardown();
    return 0;
}
