/*
 * show: what the agent knows, as text or JSON.
 */
#include "programs/napctl/napctl.h"

#include <wchar.h>

/* Takes "--json" or nothing. */
static bool parse_json(int argc, WCHAR **argv, bool *json)
{
    *json = argc == 1 && !wcscmp(argv[0], L"--json");
    return !argc || *json;
}

static void put_isolation(struct json *json, const char *name,
    const struct napipc_isolation *isolation)
{
    json_open(json, name, '{');
    json_text(json, "state", isolation_state_name(isolation->state));
    json_number(json, "value", isolation->state);
    json_text(json, "extendedState", extended_state_name(isolation->extended_state));
    json_time(json, "probationEnd", isolation->probation_end);
    json_units(json, "remediationUrl", &isolation->failure_url);
    json_close(json, '}');
}

static void print_isolation(const struct napipc_isolation *isolation, const char *indent)
{
    printf("%sIsolation state: %s\n", indent, isolation_state_name(isolation->state));
    if (isolation->extended_state)
        printf("%sExtended state:  %s\n", indent,
            extended_state_name(isolation->extended_state));
    if (isolation->probation_end)
    {
        printf("%sProbation ends:  ", indent);
        print_time(stdout, isolation->probation_end);
        putchar('\n');
    }
    if (isolation->failure_url.length)
    {
        printf("%sRemediation URL: ", indent);
        print_units(stdout, &isolation->failure_url);
        putchar('\n');
    }
}

static void print_component(const struct napipc_listed_component *listed)
{
    printf("  %-8u ", (unsigned int)listed->component.id);
    print_units(stdout, &listed->component.friendly_name);
    printf(" (%s, %s)\n", listed->enabled ? "enabled" : "disabled",
        listed->bound ? "bound" : "not bound");
}

static void put_component(struct json *json, const struct napipc_listed_component *listed)
{
    json_open(json, NULL, '{');
    json_number(json, "id", listed->component.id);
    json_units(json, "name", &listed->component.friendly_name);
    json_units(json, "description", &listed->component.description);
    json_units(json, "version", &listed->component.version);
    json_units(json, "vendor", &listed->component.vendor_name);
    json_time(json, "registrationDate", listed->component.registration_date);
    json_bool(json, "enabled", listed->enabled);
    json_bool(json, "bound", listed->bound);
    json_close(json, '}');
}

/* Every component of a kind; `json` NULL: as text. */
static HRESULT show_components(struct agent_session *session, uint32_t kind, struct json *json)
{
    struct napipc_message request;
    bool more = true;

    request.type = NAPIPC_LIST_COMPONENTS;
    request.list_components.kind = kind;
    request.list_components.after = 0;
    while (more)
    {
        struct agent_reply reply;
        const struct napipc_list_components_reply *page = &reply.message.list_components_reply;
        HRESULT hr = agent_session_call(session, &request, &reply);
        uint16_t i;

        if (FAILED(hr))
            return hr;
        for (i = 0; i < page->count; i++)
        {
            if (json)
                put_component(json, &page->components[i]);
            else
                print_component(&page->components[i]);
            request.list_components.after = page->components[i].component.id;
        }
        more = page->more && page->count;
        agent_reply_clear(&reply);
    }
    return S_OK;
}

static void print_connection(const struct napipc_listed_connection *listed)
{
    printf("  ");
    print_guid(stdout, &listed->connection_id);
    printf("\n    Enforcement client: %u (process %u)\n",
        (unsigned int)listed->enforcement_client, (unsigned int)listed->process_id);
    print_isolation(&listed->isolation, "    ");
    printf("    Exchange:        %s\n", listed->pending ? "an answer is awaited" : "none pending");
}

static void put_connection(struct json *json, const struct napipc_listed_connection *listed)
{
    json_open(json, NULL, '{');
    json_number(json, "number", listed->number);
    json_guid(json, "connectionId", &listed->connection_id);
    json_number(json, "enforcementClient", listed->enforcement_client);
    json_number(json, "pid", listed->process_id);
    json_bool(json, "known", listed->known);
    put_isolation(json, "isolation", &listed->isolation);
    json_bool(json, "pending", listed->pending);
    json_open(json, "correlationId", '{');
    json_guid(json, "guid", &listed->correlation.conn_id);
    json_time(json, "time", listed->correlation.time_stamp);
    json_close(json, '}');
    json_close(json, '}');
}

static HRESULT show_all_connections(struct agent_session *session, struct json *json)
{
    struct napipc_message request;
    bool more = true;

    request.type = NAPIPC_LIST_CONNECTIONS;
    request.list_connections.after = 0;
    while (more)
    {
        struct agent_reply reply;
        const struct napipc_list_connections_reply *page = &reply.message.list_connections_reply;
        HRESULT hr = agent_session_call(session, &request, &reply);
        uint16_t i;

        if (FAILED(hr))
            return hr;
        for (i = 0; i < page->count; i++)
        {
            if (json)
                put_connection(json, &page->connections[i]);
            else
                print_connection(&page->connections[i]);
            request.list_connections.after = page->connections[i].number;
        }
        more = page->more && page->count;
        agent_reply_clear(&reply);
    }
    return S_OK;
}

static void put_state(struct json *json, const struct napipc_get_state_reply *state)
{
    json_open(json, "agent", '{');
    json_bool(json, "running", true);
    json_number(json, "pid", state->process_id);
    json_time(json, "started", state->started);
    json_number(json, "protocol", NAPIPC_VERSION);
    json_close(json, '}');
    put_isolation(json, "isolation", &state->isolation);
    json_bool(json, "unknownConnections", state->unknown_connections);
    json_number(json, "connections", state->connections);
}

static HRESULT show_state_json(struct agent_session *session,
    const struct napipc_get_state_reply *state)
{
    struct json json = {.to = stdout};
    HRESULT hr;

    json_open(&json, NULL, '{');
    put_state(&json, state);
    json_open(&json, "enforcementClients", '[');
    hr = show_components(session, NAPIPC_ENFORCEMENT_CLIENT, &json);
    json_close(&json, ']');
    json_open(&json, "healthAgents", '[');
    if (SUCCEEDED(hr))
        hr = show_components(session, NAPIPC_HEALTH_AGENT, &json);
    json_close(&json, ']');
    json_close(&json, '}');
    return hr;
}

static HRESULT show_state_text(struct agent_session *session,
    const struct napipc_get_state_reply *state)
{
    HRESULT hr;

    printf("Agent: running, process %u, since ", (unsigned int)state->process_id);
    print_time(stdout, state->started);
    putchar('\n');
    print_isolation(&state->isolation, "");
    printf("Connections: %u up%s\n", state->connections,
        state->unknown_connections ? ", of some the state is unknown" : "");
    printf("Enforcement clients:\n");
    hr = show_components(session, NAPIPC_ENFORCEMENT_CLIENT, NULL);
    printf("System health agents:%s\n", state->health_agents ? "" : " none");
    if (SUCCEEDED(hr))
        hr = show_components(session, NAPIPC_HEALTH_AGENT, NULL);
    return hr;
}

int show_state(int argc, WCHAR **argv)
{
    struct agent_session session;
    struct napipc_message request;
    struct agent_reply reply;
    bool json;
    HRESULT hr;

    if (!parse_json(argc, argv, &json))
        return report_usage("usage: napctl show state [--json]");
    request.type = NAPIPC_GET_STATE;
    if (SUCCEEDED(hr = agent_session_open(&session, false)))
    {
        if (SUCCEEDED(hr = agent_session_call(&session, &request, &reply)))
        {
            hr = json ? show_state_json(&session, &reply.message.get_state_reply)
                      : show_state_text(&session, &reply.message.get_state_reply);
            agent_reply_clear(&reply);
        }
        agent_session_close(&session);
    }
    if (hr == RPC_E_DISCONNECTED && json)
        puts("{\n  \"agent\": {\n    \"running\": false\n  }\n}");
    return FAILED(hr) ? report_failure(hr, "show the state") : EXIT_DONE;
}

int show_connections(int argc, WCHAR **argv)
{
    struct json writer = {.to = stdout};
    struct agent_session session;
    bool json;
    HRESULT hr;

    if (!parse_json(argc, argv, &json))
        return report_usage("usage: napctl show connections [--json]");
    if (SUCCEEDED(hr = agent_session_open(&session, false)))
    {
        if (json)
        {
            json_open(&writer, NULL, '{');
            json_open(&writer, "connections", '[');
        }
        hr = show_all_connections(&session, json ? &writer : NULL);
        if (json)
        {
            json_close(&writer, ']');
            json_close(&writer, '}');
        }
        agent_session_close(&session);
    }
    return FAILED(hr) ? report_failure(hr, "show the connections") : EXIT_DONE;
}
