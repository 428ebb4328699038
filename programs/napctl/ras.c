/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * ras: the RAS connections of this machine as client, the entries that an administrator adds, and
 * the names of the interfaces that count as RAS connections.
 */
#include "programs/napctl/options.h"

#include <string.h>
#include <wchar.h>

static const char *const source_names[] = {
        [NAPIPC_RAS_TABLE] = "table",
        [NAPIPC_RAS_HOST] = "host",
        [NAPIPC_RAS_CLIENT] = "enforcement client",
        [NAPIPC_RAS_DIALED] = "dialed",
};

static struct napipc_string string_of(const WCHAR *text)
{
    struct napipc_string string = {(const uint8_t *)text, (uint16_t)wcslen(text)};

    return string;
}

static HRESULT ask(struct napipc_message *request, struct agent_reply *reply)
{
    return agent_process_call(agent_start_always, request, reply, NULL);
}

/* Calls `visit` for each connection until it returns false. */
static HRESULT for_each(
        bool (*visit)(void *context, const struct napipc_listed_ras *listed), void *context)
{
    struct napipc_message request;
    bool more = true;
    HRESULT hr = S_OK;

    request.type = NAPIPC_RAS_LIST;
    request.ras_list.after = 0;
    while (SUCCEEDED(hr) && more)
    {
        struct agent_reply reply;
        const struct napipc_ras_list_reply *page = &reply.message.ras_list_reply;
        uint16_t i;

        if (FAILED(hr = ask(&request, &reply)))
            break;
        more = page->more && page->count;
        for (i = 0; i < page->count; i++)
        {
            request.ras_list.after = page->connections[i].connection.handle;
            if (!visit(context, &page->connections[i]))
            {
                more = false;
                break;
            }
        }
        agent_reply_clear(&reply);
    }
    return hr;
}

/* ---- list ---- */

static bool put_ras_connection(void *context, const struct napipc_listed_ras *listed)
{
    const struct napipc_ras_connection *connection = &listed->connection;
    struct json *json = context;

    json_open(json, NULL, '{');
    json_number(json, "handle", connection->handle);
    json_text(json, "source", source_names[connection->source]);
    json_bool(json, "up", listed->active);
    json_units(json, "entry", &connection->entry_name);
    json_units(json, "phonebook", &connection->phonebook);
    json_units(json, "deviceType", &connection->device_type);
    json_units(json, "deviceName", &connection->device_name);
    json_units(json, "phoneNumber", &connection->phone_number);
    json_units(json, "user", &connection->user);
    json_units(json, "interface", &connection->interface_name);
    json_guid(json, "connectionId", &connection->id);
    json_guid(json, "entryId", &connection->entry_id);
    json_time(json, "since", connection->since);
    json_close(json, '}');
    return true;
}

static bool print_connection(void *context, const struct napipc_listed_ras *listed)
{
    const struct napipc_ras_connection *connection = &listed->connection;
    unsigned int *count = context;

    ++*count;
    printf("%-8u ", (unsigned int)connection->handle);
    print_units(stdout, &connection->entry_name);
    printf(" (%s, %s, ", listed->active ? "up" : "down", source_names[connection->source]);
    print_units(stdout, &connection->device_type);
    printf(")\n         ");
    print_guid(stdout, &connection->id);
    if (connection->interface_name.length)
    {
        printf(" on ");
        print_units(stdout, &connection->interface_name);
    }
    putchar('\n');
    return true;
}

int ras_list(const struct options *options)
{
    struct json json = {.to = stdout};
    unsigned int count = 0;
    HRESULT hr;

    if (options->json)
    {
        json_open(&json, NULL, '{');
        json_open(&json, "connections", '[');
        hr = for_each(put_ras_connection, &json);
        json_close(&json, ']');
        json_close(&json, '}');
    }
    else if (SUCCEEDED(hr = for_each(print_connection, &count)) && !count)
        printf("No RAS connections.\n");
    return FAILED(hr) ? report_failure(hr, "list the RAS connections") : EXIT_DONE;
}

/* ---- add ---- */

int ras_add(const struct options *options)
{
    struct napipc_message request = {.type = NAPIPC_RAS_ADD};
    struct napipc_ras_connection *connection = &request.ras_add.connection;
    struct agent_reply reply;
    struct json json = {.to = stdout};
    HRESULT hr;

    *connection = options->connection;
    connection->source = NAPIPC_RAS_TABLE;
    connection->flags = 1; /* RASCF_AllUsers */
    if (!connection->device_type.units)
        connection->device_type = string_of(L"vpn");
    request.ras_add.replace = options->replace;
    request.ras_add.keep = options->keep;
    hr = ask(&request, &reply);
    if (hr == HRESULT_FROM_WIN32(ERROR_NOT_ENOUGH_QUOTA))
    {
        complain("cannot add the RAS connection: there are %d already, the most that can be added; "
                 "remove one with napctl ras remove (0x%08lX)",
                NAPIPC_RAS_MAX_ENTRIES, (unsigned long)hr);
        return EXIT_FAILED;
    }
    if (hr == HRESULT_FROM_WIN32(ERROR_LUIDS_EXHAUSTED))
    {
        complain(
                "cannot add the RAS connection: every handle was issued already, and none is issued "
                "twice; tools/setup.sh uninstall --purge, then install, begins them anew (0x%08lX)",
                (unsigned long)hr);
        return EXIT_FAILED;
    }
    if (FAILED(hr))
        return report_failure(hr, "add the RAS connection");
    if (options->json)
    {
        json_open(&json, NULL, '{');
        json_number(&json, "handle", reply.message.ras_add_reply.handle);
        json_guid(&json, "connectionId", &reply.message.ras_add_reply.id);
        json_close(&json, '}');
    }
    else
    {
        printf("RAS connection %u is added, with ConnectionId ",
                (unsigned int)reply.message.ras_add_reply.handle);
        print_guid(stdout, &reply.message.ras_add_reply.id);
        printf(".\n");
    }
    agent_reply_clear(&reply);
    return EXIT_DONE;
}

/* ---- remove ---- */

/* The search for an entry of the table. */
struct search
{
    const WCHAR *name;
    uint32_t number; /* 0: the name is not a number */
    struct napipc_guid id;
    bool by_id;
    uint32_t handle; /* of the entry; 0: not found */
};

static bool match_entry(void *context, const struct napipc_listed_ras *listed)
{
    const struct napipc_ras_connection *connection = &listed->connection;
    struct search *search = context;
    size_t length = wcslen(search->name);

    if ((connection->source == NAPIPC_RAS_TABLE || connection->source == NAPIPC_RAS_DIALED)
            && (search->by_id ? !memcmp(&connection->id, &search->id, sizeof(search->id))
                              : (search->number && connection->handle == search->number)
                                        || (connection->entry_name.length == length
                                                && !memcmp(connection->entry_name.units,
                                                        search->name, 2 * length))))
        search->handle = connection->handle;
    return !search->handle;
}

int ras_remove(const struct options *options)
{
    struct search search = {.name = options->name};
    struct napipc_message request;
    HRESULT hr;

    search.by_id = search.name[0] == '{' && read_guid(search.name, &search.id);
    if (!read_number(search.name, &search.number))
        search.number = 0;
    hr = for_each(match_entry, &search);
    if (SUCCEEDED(hr) && !search.handle)
        hr = HRESULT_FROM_WIN32(ERROR_NOT_FOUND);
    request.type = NAPIPC_RAS_REMOVE;
    request.ras_handle.handle = search.handle;
    if (SUCCEEDED(hr))
        hr = ask(&request, NULL);
    if (FAILED(hr))
        return report_failure(hr, "remove the RAS connection");
    printf("RAS connection %u is removed.\n", (unsigned int)search.handle);
    return EXIT_DONE;
}

/* ---- patterns ---- */

static int show_patterns(bool as_json)
{
    struct napipc_message request;
    struct json json = {.to = stdout};
    struct agent_reply reply;
    struct napipc_string rest;
    HRESULT hr;

    request.type = NAPIPC_RAS_GET_PATTERNS;
    if (FAILED(hr = ask(&request, &reply)))
        return report_failure(hr, "show the name patterns");
    rest = reply.message.ras_patterns.patterns;
    if (as_json)
    {
        json_open(&json, NULL, '{');
        json_open(&json, "patterns", '[');
    }
    while (rest.length)
    {
        struct napipc_string line = {rest.units, 0};

        while (line.length < rest.length
                && (rest.units[2 * line.length] != '\n' || rest.units[2 * line.length + 1]))
            line.length++;
        if (as_json)
            json_units(&json, NULL, &line);
        else
        {
            print_units(stdout, &line);
            putchar('\n');
        }
        rest.units += 2 * line.length;
        rest.length -= line.length;
        if (rest.length)
        {
            rest.units += 2;
            rest.length--;
        }
    }
    if (as_json)
    {
        json_close(&json, ']');
        json_close(&json, '}');
    }
    agent_reply_clear(&reply);
    return EXIT_DONE;
}

int ras_patterns(const struct options *options)
{
    struct napipc_message request;
    HRESULT hr;

    if (!options->clear && !options->patterns.length)
        return show_patterns(options->json);
    if (options->patterns.length > NAPIPC_MAX_STRING)
        return report_usage("the patterns have more than 1024 characters together, including "
                            "separators: use * and ? to shorten them");
    request.type = NAPIPC_RAS_SET_PATTERNS;
    request.ras_patterns.patterns = string_of(options->patterns.text);
    if (FAILED(hr = ask(&request, NULL)))
        return report_failure(hr, "set the name patterns");
    printf("The name patterns are set.\n");
    return EXIT_DONE;
}
