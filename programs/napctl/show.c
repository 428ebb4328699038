/*
 * show: what the agent knows, as text or JSON.
 */
#include "programs/napctl/napctl.h"

#include "libs/soh/soh.h"

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

/* FixupInfo's percentage where progress cannot be told; public SDK headers. */
#define PERCENTAGE_NOT_SUPPORTED 101

static void print_codes(const uint32_t *codes, uint16_t count)
{
    uint16_t i;

    for (i = 0; i < count; i++)
    {
        const char *name = soh_code_name(codes[i]);

        printf("%s0x%08lX", i ? ", " : "; codes ", (unsigned long)codes[i]);
        if (name)
            printf(" (%s)", name);
    }
    putchar('\n');
}

/* How a health agent stands. */
static void print_health(const struct napipc_health *health)
{
    const struct napipc_fixup *fixup = &health->fixup;

    if (health->fixup_known)
    {
        printf("    Remediation: %s", fixup_state_name(fixup->state));
        if (fixup->percentage < PERCENTAGE_NOT_SUPPORTED)
            printf(", %u %%", fixup->percentage);
        print_codes(fixup->codes, fixup->code_count);
    }
    if (health->judged)
    {
        const char *category = soh_failure_category_name(health->failure_category);

        printf("    Verdict:     failure category %s", category ? category : "unknown");
        print_codes(health->codes, health->code_count);
    }
}

static void put_codes(struct json *json, const uint32_t *codes, uint16_t count)
{
    uint16_t i;

    json_open(json, "resultCodes", '[');
    for (i = 0; i < count; i++)
        json_code(json, NULL, codes[i]);
    json_close(json, ']');
}

static void put_health(struct json *json, const struct napipc_health *health)
{
    const struct napipc_fixup *fixup = &health->fixup;

    if (health->fixup_known)
    {
        json_open(json, "remediation", '{');
        json_text(json, "state", fixup_state_name(fixup->state));
        json_number(json, "value", fixup->state);
        if (fixup->percentage < PERCENTAGE_NOT_SUPPORTED)
            json_number(json, "percentage", fixup->percentage);
        else
            json_null(json, "percentage");
        json_number(json, "messageId", fixup->message_id);
        put_codes(json, fixup->codes, fixup->code_count);
        json_close(json, '}');
    }
    else
        json_null(json, "remediation");
    if (health->judged)
    {
        const char *category = soh_failure_category_name(health->failure_category);

        json_open(json, "verdict", '{');
        json_text(json, "failureCategory", category ? category : "unknown");
        json_number(json, "value", health->failure_category);
        put_codes(json, health->codes, health->code_count);
        json_close(json, '}');
    }
    else
        json_null(json, "verdict");
}

/* Enabled or disabled, and by whom if not by this machine's administrators. */
static void print_component(uint32_t kind, bool policy, const struct napipc_listed_component *listed)
{
    printf("  %-8u ", (unsigned int)listed->component.id);
    print_units(stdout, &listed->component.friendly_name);
    printf(" (%s%s, %s)\n", listed->enabled ? "enabled" : "disabled",
        policy ? " by Group Policy" : "", listed->bound ? "bound" : "not bound");
    if (kind == NAPIPC_HEALTH_AGENT)
        print_health(&listed->health);
}

static void put_component(struct json *json, uint32_t kind, bool policy,
    const struct napipc_listed_component *listed)
{
    json_open(json, NULL, '{');
    json_number(json, "id", listed->component.id);
    json_units(json, "name", &listed->component.friendly_name);
    json_units(json, "description", &listed->component.description);
    json_units(json, "version", &listed->component.version);
    json_units(json, "vendor", &listed->component.vendor_name);
    json_time(json, "registrationDate", listed->component.registration_date);
    json_bool(json, "enabled", listed->enabled);
    json_bool(json, "byGroupPolicy", policy);
    json_bool(json, "bound", listed->bound);
    if (kind == NAPIPC_HEALTH_AGENT)
        put_health(json, &listed->health);
    json_close(json, '}');
}

struct component_view
{
    uint32_t kind;
    bool policy;
    struct json *json; /* NULL: text */
};

static void show_component(void *context, const struct napipc_listed_component *listed)
{
    const struct component_view *view = context;

    if (view->json)
        put_component(view->json, view->kind, view->policy, listed);
    else
        print_component(view->kind, view->policy, listed);
}

/* Every component of a kind; `json` NULL: as text. */
static HRESULT show_components(struct agent_session *session, uint32_t kind, bool policy,
    struct json *json)
{
    struct component_view view = {kind, policy, json};

    return each_component(session, kind, show_component, &view);
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

static void show_connection(void *context, const struct napipc_listed_connection *listed)
{
    if (context)
        put_connection(context, listed);
    else
        print_connection(listed);
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
    json_bool(json, "groupPolicy", state->group_policy);
}

static HRESULT show_state_json(struct agent_session *session,
    const struct napipc_get_state_reply *state)
{
    struct json json = {.to = stdout};
    HRESULT hr;

    json_open(&json, NULL, '{');
    put_state(&json, state);
    json_open(&json, "enforcementClients", '[');
    hr = show_components(session, NAPIPC_ENFORCEMENT_CLIENT, state->group_policy, &json);
    json_close(&json, ']');
    json_open(&json, "healthAgents", '[');
    if (SUCCEEDED(hr))
        hr = show_components(session, NAPIPC_HEALTH_AGENT, false, &json);
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
    printf("Enforcement clients%s:\n", state->group_policy
        ? ", enabled or disabled by Group Policy; this machine's settings do not count" : "");
    hr = show_components(session, NAPIPC_ENFORCEMENT_CLIENT, state->group_policy, NULL);
    printf("System health agents:%s\n", state->health_agents ? "" : " none");
    if (SUCCEEDED(hr))
        hr = show_components(session, NAPIPC_HEALTH_AGENT, false, NULL);
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
        hr = each_connection(&session, show_connection, json ? &writer : NULL);
        if (json)
        {
            json_close(&writer, ']');
            json_close(&writer, '}');
        }
        agent_session_close(&session);
    }
    return FAILED(hr) ? report_failure(hr, "show the connections") : EXIT_DONE;
}
