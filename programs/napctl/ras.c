/*
 * ras: the RAS connections of this machine as client, the entries that an administrator adds, and
 * the names of interfaces that count as such.
 */
#include "programs/napctl/napctl.h"

#include <objbase.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>
#include <wchar.h>

static const char *const source_names[] = {
    [NAPIPC_RAS_TABLE] = "table",
    [NAPIPC_RAS_HOST] = "host",
    [NAPIPC_RAS_CLIENT] = "enforcement client",
};

static struct napipc_string string_of(const WCHAR *text)
{
    size_t length = wcslen(text);
    struct napipc_string string = {(const uint8_t *)text,
        (uint16_t)(length > NAPIPC_MAX_STRING ? NAPIPC_MAX_STRING + 1 : length)};

    return string;
}

static bool parse_guid(const WCHAR *text, struct napipc_guid *guid)
{
    GUID value;

    /* CLSIDFromString() takes ProgIDs too. */
    if (text[0] != '{' || FAILED(CLSIDFromString(text, &value)))
        return false;
    memcpy(guid->bytes, &value, sizeof(value));
    return true;
}

static HRESULT ask(struct napipc_message *request, struct agent_reply *reply)
{
    return agent_process_call(agent_start_always, request, reply, NULL);
}

/* Calls `tell` for each connection until it says false. */
static HRESULT for_each(bool (*tell)(void *context, const struct napipc_listed_ras *listed),
    void *context)
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
            if (!tell(context, &page->connections[i]))
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

int ras_list(int argc, WCHAR **argv)
{
    struct json json = {.to = stdout};
    unsigned int count = 0;
    HRESULT hr;

    if (argc > 1 || (argc == 1 && wcscmp(argv[0], L"--json")))
        return report_usage("usage: napctl ras list [--json]");
    if (argc)
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

static const struct
{
    const WCHAR *name;
    size_t offset; /* in struct napipc_ras_connection */
    size_t most;   /* characters */
} texts[] = {
    {L"--phonebook", offsetof(struct napipc_ras_connection, phonebook), NAPIPC_RAS_MAX_PHONEBOOK},
    {L"--device-type", offsetof(struct napipc_ras_connection, device_type),
        NAPIPC_RAS_MAX_DEVICE_TYPE},
    {L"--device-name", offsetof(struct napipc_ras_connection, device_name),
        NAPIPC_RAS_MAX_DEVICE_NAME},
    {L"--phone", offsetof(struct napipc_ras_connection, phone_number),
        NAPIPC_RAS_MAX_PHONE_NUMBER},
    {L"--user", offsetof(struct napipc_ras_connection, user), NAPIPC_RAS_MAX_USER},
    {L"--interface", offsetof(struct napipc_ras_connection, interface_name),
        NAPIPC_RAS_MAX_INTERFACE},
};

/* The string of that option; NULL: it is none. */
static struct napipc_string *text_of(struct napipc_ras_connection *connection, const WCHAR *option,
    size_t *most)
{
    unsigned int i;

    for (i = 0; i < ARRAYSIZE(texts); i++)
        if (!wcscmp(option, texts[i].name))
        {
            *most = texts[i].most;
            return (struct napipc_string *)((char *)connection + texts[i].offset);
        }
    return NULL;
}

static const char add_usage[] = "usage: napctl ras add ENTRY [--phonebook FILE] [--device-type TYPE] "
    "[--device-name NAME] [--phone NUMBER] [--user NAME] [--interface NAME] [--id {GUID}] "
    "[--entry-id {GUID}] [--replace] [--json]";

int ras_add(int argc, WCHAR **argv)
{
    struct napipc_message request;
    struct napipc_ras_connection *connection = &request.ras_add.connection;
    struct agent_reply reply;
    struct json json = {.to = stdout};
    bool as_json = false;
    HRESULT hr;
    int i;

    if (!argc || !wcsncmp(argv[0], L"--", 2))
        return report_usage(add_usage);
    memset(&request, 0, sizeof(request));
    request.type = NAPIPC_RAS_ADD;
    connection->source = NAPIPC_RAS_TABLE;
    connection->flags = 1; /* RASCF_AllUsers */
    if (!take_string(L"ENTRY", argv[0], NAPIPC_RAS_MAX_ENTRY_NAME, &connection->entry_name))
        return EXIT_USAGE;
    connection->device_type = string_of(L"vpn");
    for (i = 1; i < argc; i++)
    {
        const WCHAR *option = argv[i], *value;
        struct napipc_string *string;
        size_t most;

        if (!wcscmp(option, L"--replace"))
        {
            request.ras_add.replace = true;
            continue;
        }
        if (!wcscmp(option, L"--json"))
        {
            as_json = true;
            continue;
        }
        if (++i == argc)
            return report_usage(add_usage);
        value = argv[i];
        if ((string = text_of(connection, option, &most)))
        {
            if (!take_string(option, value, most, string))
                return EXIT_USAGE;
        }
        else if (!wcscmp(option, L"--id") ? !parse_guid(value, &connection->id)
                                          : wcscmp(option, L"--entry-id")
                                                || !parse_guid(value, &connection->entry_id))
            return report_usage(add_usage);
    }
    hr = ask(&request, &reply);
    if (hr == HRESULT_FROM_WIN32(ERROR_NOT_ENOUGH_QUOTA))
    {
        complain("cannot add the RAS connection: there are %d that were added, the most there may be; "
            "remove one with napctl ras remove (0x%08lX)", NAPIPC_RAS_MAX_ENTRIES, (unsigned long)hr);
        return EXIT_FAILED;
    }
    if (FAILED(hr))
        return report_failure(hr, "add the RAS connection");
    if (as_json)
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

/* Which entry of the table is meant. */
struct search
{
    const WCHAR *name;
    uint32_t number; /* 0: it is no number */
    struct napipc_guid id;
    bool by_id;
    uint32_t handle; /* found; 0: not */
};

static bool look_for(void *context, const struct napipc_listed_ras *listed)
{
    const struct napipc_ras_connection *connection = &listed->connection;
    struct search *search = context;
    size_t length = wcslen(search->name);

    if (connection->source == NAPIPC_RAS_TABLE && (search->by_id
            ? !memcmp(&connection->id, &search->id, sizeof(search->id))
            : (search->number && connection->handle == search->number)
                || (connection->entry_name.length == length
                    && !memcmp(connection->entry_name.units, search->name, 2 * length))))
        search->handle = connection->handle;
    return !search->handle;
}

int ras_remove(int argc, WCHAR **argv)
{
    struct search search = {0};
    struct napipc_message request;
    HRESULT hr;

    if (argc != 1 || !wcsncmp(argv[0], L"--", 2))
        return report_usage("usage: napctl ras remove ENTRY|HANDLE|{GUID}");
    search.name = argv[0];
    search.by_id = parse_guid(argv[0], &search.id);
    if (!parse_number(argv[0], &search.number))
        search.number = 0;
    hr = for_each(look_for, &search);
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

int ras_patterns(int argc, WCHAR **argv)
{
    static const char usage[] = "usage: napctl ras patterns [--json | --clear | PATTERN...]";
    WCHAR text[NAPIPC_MAX_STRING + 1] = {0};
    struct napipc_message request;
    size_t length = 0;
    HRESULT hr;
    int i;

    if (!argc || (argc == 1 && !wcscmp(argv[0], L"--json")))
        return show_patterns(argc);
    if (argc > 1 || wcscmp(argv[0], L"--clear"))
        for (i = 0; i < argc; i++)
        {
            if (!argv[i][0] || argv[i][0] == '-' || wcspbrk(argv[i], L"\r\n"))
                return report_usage(usage);
            if (length + wcslen(argv[i]) + 1 > NAPIPC_MAX_STRING)
                return report_usage("the patterns have more than 1024 characters together, one between "
                    "two of them included: use * and ? to shorten them");
            if (i)
                text[length++] = '\n';
            wcscpy(text + length, argv[i]);
            length += wcslen(argv[i]);
        }
    request.type = NAPIPC_RAS_SET_PATTERNS;
    request.ras_patterns.patterns = string_of(text);
    if (FAILED(hr = ask(&request, NULL)))
        return report_failure(hr, "set the name patterns");
    printf("The name patterns are set.\n");
    return EXIT_DONE;
}
