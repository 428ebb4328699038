/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * A line for each change, for pipes and files.
 */
#include "programs/napctl/watch.h"

static uint64_t time_now(void)
{
    FILETIME now;

    GetSystemTimeAsFileTime(&now);
    return (uint64_t)now.dwHighDateTime << 32 | now.dwLowDateTime;
}

/* ---- in words ---- */

static void describe_component(struct text *text, const struct item *item, bool policy,
        const struct napipc_listed_component *listed, bool removed)
{
    bool agent = item->kind == ITEM_HEALTH_AGENT;

    text_add(text, "%s %u (", agent ? "health agent" : "enforcement client",
            (unsigned int)item->number);
    text_units(text, &listed->component.friendly_name);
    text_add(text, "): ");
    if (removed)
    {
        text_add(text, "no longer registered");
        return;
    }
    text_bound(text, policy && !agent, listed);
    if (listed->health.fixup_known)
    {
        text_add(text, "; ");
        text_remediation(text, &listed->health.fixup);
    }
    if (listed->health.judged)
    {
        text_add(text, "; ");
        text_verdict(text, &listed->health);
    }
}

static void describe_connection(
        struct text *text, const struct napipc_listed_connection *listed, bool removed)
{
    text_add(text, "connection %u ", (unsigned int)listed->number);
    text_guid(text, &listed->connection_id);
    text_add(text,
            " of enforcement client %u, process %u: ", (unsigned int)listed->enforcement_client,
            (unsigned int)listed->process_id);
    if (removed)
    {
        text_add(text, "down");
        return;
    }
    text_isolation(text, &listed->isolation);
    if (listed->correlation.time_stamp)
    {
        text_add(text, listed->pending ? "; an answer is pending since " : "; last exchange ");
        text_time(text, listed->correlation.time_stamp);
    }
}

static void describe(struct text *text, const struct item *item, bool policy, bool removed)
{
    struct napipc_message message;

    item_read(item, &message);
    switch (item->kind)
    {
    case ITEM_AGENT:
        text_add(text, "agent: running, process %u, since ",
                (unsigned int)message.get_state_reply.process_id);
        text_time(text, message.get_state_reply.started);
        break;
    case ITEM_CLIENT:
        text_add(text, "client: ");
        text_isolation(text, &message.get_state_reply.isolation);
        if (message.get_state_reply.unknown_connections)
            text_add(text, "; the state of some connections is unknown");
        if (policy)
            text_add(text, "; Group Policy decides which enforcement clients are enabled");
        break;
    case ITEM_ENFORCEMENT_CLIENT:
    case ITEM_HEALTH_AGENT:
        describe_component(
                text, item, policy, &message.list_components_reply.components[0], removed);
        break;
    case ITEM_CONNECTION:
        describe_connection(text, &message.list_connections_reply.connections[0], removed);
    }
}

static void print_line(const struct text *text)
{
    print_time(stdout, time_now());
    printf(" %s\n", text->bytes);
}

/* ---- JSON ---- */

static void begin_json(struct json *json, enum change change)
{
    static const char *const names[] = {"present", "added", "changed", "removed"};

    json_open(json, NULL, '{');
    json_time(json, "time", time_now());
    json_text(json, "change", names[change]);
}

static void put_item(struct json *json, const struct item *item, bool policy)
{
    struct napipc_message message;

    item_read(item, &message);
    switch (item->kind)
    {
    case ITEM_AGENT:
        put_agent(json, &message.get_state_reply);
        break;
    case ITEM_CLIENT:
        json_open(json, "client", '{');
        put_isolation(json, "isolation", &message.get_state_reply.isolation);
        json_bool(json, "unknownConnections", message.get_state_reply.unknown_connections);
        json_bool(json, "groupPolicy", policy);
        json_close(json, '}');
        break;
    case ITEM_ENFORCEMENT_CLIENT:
        put_component(json, "enforcementClient", NAPIPC_ENFORCEMENT_CLIENT, policy,
                &message.list_components_reply.components[0], NULL);
        break;
    case ITEM_HEALTH_AGENT:
        put_component(json, "healthAgent", NAPIPC_HEALTH_AGENT, false,
                &message.list_components_reply.components[0], NULL);
        break;
    case ITEM_CONNECTION:
        put_connection(json, "connection", &message.list_connections_reply.connections[0]);
    }
}

void line_write(bool as_json, enum change change, const struct item *item, bool policy)
{
    struct json json = {.to = stdout, .one_line = true};
    struct text text = {0};

    if (as_json)
    {
        begin_json(&json, change);
        put_item(&json, item, policy);
        json_close(&json, '}');
        return;
    }
    describe(&text, item, policy, change == CHANGE_REMOVED);
    print_line(&text);
}

void line_write_absent(bool as_json, enum change change)
{
    struct json json = {.to = stdout, .one_line = true};
    struct text text = {0};

    if (as_json)
    {
        begin_json(&json, change);
        put_agent(&json, NULL);
        json_close(&json, '}');
        return;
    }
    text_add(&text, "agent: not running; waiting for it");
    print_line(&text);
}
