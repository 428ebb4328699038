/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * An administrator's data in the agent; see held.h.
 */
#include "tests/soak/held.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <wchar.h>

#include "tests/soak/soak.h"

#define LENGTH 64
#define LONG_LENGTH 900 /* characters: so that writing a registration takes a while */

void held_add(struct held *held, enum held_kind kind, uint32_t number, bool fixed, bool still)
{
    struct held_item *item = &held->items[held->count++];

    memset(item, 0, sizeof(*item));
    item->kind = kind;
    item->number = number;
    item->fixed = fixed;
    item->still = still;
}

const char *held_name(const struct held_item *item)
{
    static const char *const kinds[] = {"enforcement client", "health agent",
            "connection of the RRAS table", "connection of the RAS table", "name patterns",
            "remote access server"};
    static char name[64];

    snprintf(name, sizeof(name), "%s %lu", kinds[item->kind], (unsigned long)item->number);
    return name;
}

int held_choose(const struct held_item *item, uint64_t *seed)
{
    if (item->kind == HELD_CLIENT || item->kind == HELD_AGENT)
    {
        if (!item->state) /* as they are registered */
            return item->kind == HELD_CLIENT ? 1 : 2;
        return !item->fixed && random_below(seed, 2) ? 0 : 3 - item->state;
    }
    if (item->kind == HELD_SERVER)
        return !item->state;
    if (item->state && item->kind != HELD_PATTERNS && !random_below(seed, 3))
        return 0;
    return (item->state > 0 ? item->state : 0) + 1 + (int)random_below(seed, 1000);
}

/* ---- strings ---- */

/* `text` owns the characters. */
static struct napipc_string say(
        WCHAR *text, size_t size, const WCHAR *format, uint32_t number, int version)
{
    struct napipc_string string = {(const uint8_t *)text, 0};

    string.length =
            (uint16_t)swprintf(text, size, format, (unsigned int)number, (unsigned int)version);
    return string;
}

static bool same(struct napipc_string one, struct napipc_string other)
{
    return one.length == other.length && !memcmp(one.units, other.units, one.length * 2u);
}

/* The number at the end of a string, after a '-'; 0: none. */
static int version_of(struct napipc_string string)
{
    WCHAR text[LENGTH + 1], *at;
    size_t length = string.length > LENGTH ? LENGTH : string.length;

    memcpy(text, string.units, length * sizeof(WCHAR));
    text[length] = 0;
    at = wcsrchr(text, '-');
    return at ? (int)wcstoul(at + 1, NULL, 10) : 0;
}

/* ---- components ---- */

struct component_texts
{
    WCHAR name[LENGTH], description[LONG_LENGTH + 1], version[LENGTH], vendor[LENGTH];
};

static void describe_component(
        uint32_t id, struct component_texts *texts, struct napipc_component *component)
{
    memset(component, 0, sizeof(*component));
    component->id = id;
    component->component_type = 1;
    component->friendly_name = say(texts->name, LENGTH, L"Soak %u", id, 0);
    wmemset(texts->description, (WCHAR)('a' + id % 26), LONG_LENGTH);
    component->description.units = (const uint8_t *)texts->description;
    component->description.length = LONG_LENGTH;
    component->version = say(texts->version, LENGTH, L"1.%u", id, 0);
    component->vendor_name = say(texts->vendor, LENGTH, L"Vendor of %u", id, 0);
    memset(component->info_clsid.bytes, (int)id, sizeof(component->info_clsid.bytes));
    memset(component->config_clsid.bytes, (int)id + 1, sizeof(component->config_clsid.bytes));
}

static uint32_t wire_kind(enum held_kind kind)
{
    return kind == HELD_CLIENT ? NAPIPC_ENFORCEMENT_CLIENT : NAPIPC_HEALTH_AGENT;
}

static HRESULT change_component(struct held_item *item, struct agent_session *session)
{
    struct napipc_message request;
    struct component_texts texts;

    memset(&request, 0, sizeof(request));
    if (!item->state)
    {
        request.type = NAPIPC_REGISTER;
        request.reg.kind = wire_kind(item->kind);
        describe_component(item->number, &texts, &request.reg.component);
    }
    else if (!item->wanted)
    {
        request.type = NAPIPC_UNREGISTER;
        request.component_id.kind = wire_kind(item->kind);
        request.component_id.id = item->number;
    }
    else
    {
        request.type = NAPIPC_SET_ENABLED;
        request.set_enabled.kind = wire_kind(item->kind);
        request.set_enabled.id = item->number;
        request.set_enabled.enabled = item->wanted == 2;
    }
    return agent_session_call(session, &request, NULL);
}

static int component_state(
        const struct held_item *item, const struct napipc_listed_component *listed)
{
    struct component_texts texts;
    struct napipc_component expected;
    const struct napipc_component *found = &listed->component;

    describe_component(item->number, &texts, &expected);
    if (!item->fixed
            && (!same(found->friendly_name, expected.friendly_name)
                    || !same(found->description, expected.description)
                    || !same(found->version, expected.version)
                    || !same(found->vendor_name, expected.vendor_name)
                    || memcmp(&found->info_clsid, &expected.info_clsid, sizeof(expected.info_clsid))
                    || memcmp(&found->config_clsid, &expected.config_clsid,
                            sizeof(expected.config_clsid))
                    || found->component_type != 1 || !found->registration_date))
        return HELD_DAMAGED;
    return listed->enabled ? 2 : 1;
}

static HRESULT read_components(
        struct held *held, struct agent_session *session, enum held_kind kind)
{
    struct napipc_list_components_reply *page;
    struct napipc_message request;
    struct agent_reply reply;
    uint32_t after = 0;
    unsigned int i, k;
    bool more;
    HRESULT hr;

    do
    {
        memset(&request, 0, sizeof(request));
        request.type = NAPIPC_LIST_COMPONENTS;
        request.list_components.kind = wire_kind(kind);
        request.list_components.after = after;
        if (FAILED(hr = agent_session_call(session, &request, &reply)))
            return hr;
        page = &reply.message.list_components_reply;
        for (i = 0; i < page->count; i++)
            for (k = 0; k < held->count; k++)
                if (held->items[k].kind == kind
                        && held->items[k].number == page->components[i].component.id)
                    held->items[k].found = component_state(&held->items[k], &page->components[i]);
        more = page->more && page->count;
        if (more)
            after = page->components[page->count - 1].component.id;
        agent_reply_clear(&reply);
    } while (more);
    return S_OK;
}

/* ---- the RRAS table ---- */

struct rras_texts
{
    WCHAR user[LENGTH], computer[LENGTH], port[LENGTH], endpoint[LENGTH];
};

static void describe_rras(const struct held_item *item, int version, struct rras_texts *texts,
        struct napipc_rras_record *record)
{
    memset(record, 0, sizeof(*record));
    memset(record->guid.bytes, 0xC0 + (int)item->number, sizeof(record->guid.bytes));
    record->user = say(texts->user, LENGTH, L"user%u-%u", item->number, version);
    record->computer = say(texts->computer, LENGTH, L"computer%u-%u", item->number, version);
    record->port = say(texts->port, LENGTH, L"SOAK%u-%u", item->number, version);
    record->remote_endpoint = say(texts->endpoint, LENGTH, L"end%u-%u", item->number, version);
    record->ipv4[0] = 10;
    record->ipv4[2] = (uint8_t)(version >> 8);
    record->ipv4[3] = (uint8_t)version;
}

static HRESULT change_rras(struct held_item *item, struct agent_session *session)
{
    struct napipc_message request;
    struct napipc_rras_record record;
    struct rras_texts texts;

    memset(&request, 0, sizeof(request));
    describe_rras(item, item->wanted, &texts, &record);
    if (!item->state)
    {
        request.type = NAPIPC_RRAS_ADD;
        request.rras_add.record = record;
    }
    else if (!item->wanted)
    {
        request.type = NAPIPC_RRAS_REMOVE;
        request.rras_select.selector.kind = NAPIPC_RRAS_BY_GUID;
        request.rras_select.selector.guid = record.guid;
    }
    else
    {
        request.type = NAPIPC_RRAS_UPDATE;
        request.rras_update.selector.kind = NAPIPC_RRAS_BY_GUID;
        request.rras_update.selector.guid = record.guid;
        request.rras_update.fields = NAPIPC_RRAS_HAS_USER | NAPIPC_RRAS_HAS_COMPUTER
                                     | NAPIPC_RRAS_HAS_PORT | NAPIPC_RRAS_HAS_REMOTE_ENDPOINT
                                     | NAPIPC_RRAS_HAS_IPV4;
        request.rras_update.record = record;
    }
    return agent_session_call(session, &request, NULL);
}

static int rras_state(const struct held_item *item, const struct napipc_rras_record *found)
{
    int version = version_of(found->user);
    struct napipc_rras_record expected;
    struct rras_texts texts;

    describe_rras(item, version, &texts, &expected);
    if (item->found || !same(found->user, expected.user)
            || !same(found->computer, expected.computer) || !same(found->port, expected.port)
            || !same(found->remote_endpoint, expected.remote_endpoint)
            || memcmp(found->ipv4, expected.ipv4, sizeof(expected.ipv4)))
        return HELD_DAMAGED;
    return version;
}

static HRESULT read_rras(struct held *held, struct agent_session *session)
{
    struct napipc_message request;
    struct napipc_rras_record record;
    struct napipc_rras_entry entry;
    struct napipc_blob rest;
    struct rras_texts texts;
    struct agent_reply reply;
    uint32_t left;
    unsigned int k;
    HRESULT hr;

    memset(&request, 0, sizeof(request));
    request.type = NAPIPC_RRAS_LIST;
    request.rras_list.even_if_off = true;
    do
    {
        if (FAILED(hr = agent_session_call(session, &request, &reply)))
            return hr;
        rest = reply.message.rras_list_reply.entries;
        left = reply.message.rras_list_reply.remaining - reply.message.rras_list_reply.count;
        while (napipc_rras_next(&rest, &entry))
        {
            request.rras_list.after = entry.id;
            for (k = 0; k < held->count; k++)
            {
                describe_rras(&held->items[k], 0, &texts, &record);
                if (held->items[k].kind == HELD_RRAS
                        && !memcmp(&record.guid, &entry.record.guid, sizeof(record.guid)))
                    held->items[k].found = rras_state(&held->items[k], &entry.record);
            }
        }
        agent_reply_clear(&reply);
    } while (left);
    return S_OK;
}

static HRESULT change_server(struct held_item *item, struct agent_session *session)
{
    struct napipc_message request = {.type = NAPIPC_RRAS_SET_SERVER};

    request.rras_set_server.enabled = item->wanted != 0;
    return agent_session_call(session, &request, NULL);
}

/* ---- the RAS table ---- */

struct ras_texts
{
    WCHAR name[LENGTH], phone[LENGTH], device[LENGTH], user[LENGTH];
};

static void describe_ras(const struct held_item *item, int version, struct ras_texts *texts,
        struct napipc_ras_connection *connection)
{
    memset(connection, 0, sizeof(*connection));
    connection->source = NAPIPC_RAS_TABLE;
    memset(connection->id.bytes, 0x30 + (int)item->number, sizeof(connection->id.bytes));
    connection->entry_name = say(texts->name, LENGTH, L"Soak %u", item->number, 0);
    connection->phone_number = say(texts->phone, LENGTH, L"%u-%u", item->number, version);
    connection->device_name = say(texts->device, LENGTH, L"device%u-%u", item->number, version);
    connection->user = say(texts->user, LENGTH, L"user%u-%u", item->number, version);
}

struct found_ras
{
    struct held *held;
    const struct held_item *wanted; /* or NULL */
    uint32_t handle;                /* the index of that */
};

static void found_ras(struct found_ras *look, const struct napipc_ras_connection *found)
{
    struct napipc_ras_connection expected;
    struct ras_texts texts;
    unsigned int k;

    for (k = 0; k < look->held->count; k++)
    {
        struct held_item *item = &look->held->items[k];
        int version = version_of(found->phone_number);

        if (item->kind != HELD_RAS)
            continue;
        describe_ras(item, version, &texts, &expected);
        if (!same(found->entry_name, expected.entry_name))
            continue;
        if (item == look->wanted)
            look->handle = found->handle;
        /* Found before: it is there twice. */
        item->found = !item->found && same(found->phone_number, expected.phone_number)
                                      && same(found->device_name, expected.device_name)
                                      && same(found->user, expected.user)
                                      && found->source == NAPIPC_RAS_TABLE
                                      && !memcmp(&found->id, &expected.id, sizeof(expected.id))
                              ? version
                              : HELD_DAMAGED;
    }
}

static HRESULT read_ras(struct found_ras *look, struct agent_session *session)
{
    struct napipc_message request;
    struct agent_reply reply;
    unsigned int i;
    bool more;
    HRESULT hr;

    for (i = 0; i < look->held->count; i++)
        if (look->held->items[i].kind == HELD_RAS)
            look->held->items[i].found = 0;
    memset(&request, 0, sizeof(request));
    request.type = NAPIPC_RAS_LIST;
    do
    {
        if (FAILED(hr = agent_session_call(session, &request, &reply)))
            return hr;
        for (i = 0; i < reply.message.ras_list_reply.count; i++)
        {
            request.ras_list.after = reply.message.ras_list_reply.connections[i].connection.handle;
            found_ras(look, &reply.message.ras_list_reply.connections[i].connection);
        }
        more = reply.message.ras_list_reply.more && reply.message.ras_list_reply.count;
        agent_reply_clear(&reply);
    } while (more);
    return S_OK;
}

static HRESULT change_ras(struct held_item *item, struct agent_session *session)
{
    struct held one = {.items = {*item}, .count = 1};
    struct found_ras look = {&one, &one.items[0], 0};
    struct napipc_message request;
    struct ras_texts texts;
    HRESULT hr;

    memset(&request, 0, sizeof(request));
    if (item->wanted)
    {
        request.type = NAPIPC_RAS_ADD;
        request.ras_add.replace = item->state != 0;
        describe_ras(item, item->wanted, &texts, &request.ras_add.connection);
        return agent_session_call(session, &request, NULL);
    }
    if (FAILED(hr = read_ras(&look, session)))
        return hr;
    request.type = NAPIPC_RAS_REMOVE;
    request.ras_handle.handle = look.handle;
    return agent_session_call(session, &request, NULL);
}

/* ---- the name patterns ---- */

static HRESULT change_patterns(struct held_item *item, struct agent_session *session)
{
    struct napipc_message request = {.type = NAPIPC_RAS_SET_PATTERNS};
    WCHAR text[LENGTH];

    request.ras_patterns.patterns =
            say(text, LENGTH, L"no-such-%u*\nsoak-%u", (uint32_t)item->wanted, item->wanted);
    return agent_session_call(session, &request, NULL);
}

static HRESULT read_patterns(struct held_item *item, struct agent_session *session)
{
    struct napipc_message request = {.type = NAPIPC_RAS_GET_PATTERNS};
    struct napipc_string found;
    struct agent_reply reply;
    WCHAR text[LENGTH];
    HRESULT hr = agent_session_call(session, &request, &reply);

    if (FAILED(hr))
        return hr;
    found = reply.message.ras_patterns.patterns;
    item->found = found.length ? version_of(found) : 0;
    if (found.length
            && !same(found,
                    say(text, LENGTH, L"no-such-%u*\nsoak-%u", (uint32_t)item->found, item->found)))
        item->found = HELD_DAMAGED;
    agent_reply_clear(&reply);
    return S_OK;
}

/* ---- all ---- */

HRESULT held_change(struct held_item *item, struct agent_session *session)
{
    HRESULT hr;

    switch (item->kind)
    {
    case HELD_CLIENT:
    case HELD_AGENT:
        hr = change_component(item, session);
        break;
    case HELD_RRAS:
        hr = change_rras(item, session);
        break;
    case HELD_RAS:
        hr = change_ras(item, session);
        break;
    case HELD_PATTERNS:
        hr = change_patterns(item, session);
        break;
    default:
        hr = change_server(item, session);
        break;
    }
    if (SUCCEEDED(hr))
        item->state = item->wanted;
    return hr;
}

static HRESULT read_server(struct held_item *item, struct agent_session *session)
{
    struct napipc_message request = {.type = NAPIPC_RRAS_GET_SERVER};
    struct agent_reply reply;
    HRESULT hr = agent_session_call(session, &request, &reply);

    if (FAILED(hr))
        return hr;
    item->found = reply.message.rras_server_reply.enabled;
    agent_reply_clear(&reply);
    return S_OK;
}

HRESULT held_read(struct held *held, struct agent_session *session)
{
    struct found_ras look = {held, NULL, 0};
    HRESULT hr;
    unsigned int i;

    for (i = 0; i < held->count; i++)
        held->items[i].found = 0;
    if (FAILED(hr = read_components(held, session, HELD_CLIENT))
            || FAILED(hr = read_components(held, session, HELD_AGENT))
            || FAILED(hr = read_rras(held, session)) || FAILED(hr = read_ras(&look, session)))
        return hr;
    for (i = 0; i < held->count && SUCCEEDED(hr); i++)
        if (held->items[i].kind == HELD_PATTERNS)
            hr = read_patterns(&held->items[i], session);
        else if (held->items[i].kind == HELD_SERVER)
            hr = read_server(&held->items[i], session);
    return hr;
}
