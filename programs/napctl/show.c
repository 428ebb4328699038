/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * show: the agent's state, as text or JSON.
 */
#include "programs/napctl/inquiry.h"
#include "programs/napctl/options.h"

#include "libs/soh/soh.h"

static void print_isolation(const struct napipc_isolation *isolation, const char *indent)
{
    print_name(indent, "Restriction state:");
    puts(isolation_state_name(isolation->state));
    if (isolation->extended_state)
    {
        print_name(indent, "Extended state:");
        puts(extended_state_name(isolation->extended_state));
    }
    if (isolation->probation_end)
    {
        print_name(indent, "Probation ends:");
        print_time(stdout, isolation->probation_end);
        putchar('\n');
    }
    if (isolation->failure_url.length)
    {
        print_name(indent, "Troubleshooting URL:");
        print_units(stdout, &isolation->failure_url);
        putchar('\n');
    }
}

/* Prints the codes in one line; one that the component has a text for ends its line with it. */
static void print_codes(
        const char *name, const uint32_t *codes, uint16_t count, const struct inquiry *information)
{
    const struct napipc_string *own = NULL;
    struct text text;
    uint16_t i;

    print_name("    ", name);
    for (i = 0; i < count; i++)
    {
        if (own)
            print_name("    ", "");
        else if (i)
            printf(", ");
        text.length = 0;
        text_codes(&text, &codes[i], 1);
        fputs(text.bytes, stdout);
        if (!(own = own_text(information, false, codes[i])))
            continue;
        printf(": ");
        print_units(stdout, own);
        if (i + 1 < count)
            putchar('\n');
    }
    putchar('\n');
}

static void print_message(uint32_t message, const struct inquiry *information)
{
    const struct napipc_string *own = own_text(information, true, message);

    print_name("    ", "Fixup message:");
    printf("(%lu)%s", (unsigned long)message, own ? " " : "");
    if (own)
        print_units(stdout, own);
    putchar('\n');
}

/* Prints the last verdict on a health agent, and the state of its fix-up. */
static void print_health(const struct napipc_health *health, const struct inquiry *information)
{
    const struct napipc_fixup *fixup = &health->fixup;

    if (health->judged)
    {
        print_name("    ", "Failure category:");
        puts(failure_category_name(health->failure_category));
        print_codes("Compliance results:", health->codes, health->code_count, information);
    }
    if (!health->fixup_known)
        return;
    print_name("    ", "Remediation state:");
    puts(fixup_state_name(fixup->state));
    if (fixup->percentage < PERCENTAGE_NOT_SUPPORTED)
    {
        print_name("    ", "Remediation percentage:");
        printf("%u %%\n", fixup->percentage);
    }
    if (fixup->message_id)
        print_message(fixup->message_id, information);
    print_codes("Remediation results:", fixup->codes, fixup->code_count, information);
}

struct component_view
{
    uint32_t kind;
    bool policy;
    bool verbose;      /* the whole registration, in text */
    struct json *json; /* NULL: text */
    struct inquiries *inquiries;
};

static void print_registration(
        const struct napipc_component *shown, const struct napipc_component *registered)
{
    print_present("Description:", &shown->description);
    print_present("Version:", &shown->version);
    print_present("Vendor:", &shown->vendor_name);
    print_name("    ", "Registered:");
    print_time(stdout, registered->registration_date);
    putchar('\n');
}

static void print_component(const struct component_view *view,
        const struct napipc_listed_component *listed, const struct inquiry *information)
{
    struct napipc_component shown;
    struct text text = {0};

    text_bound(&text, view->policy, listed);
    component_shown(information, &listed->component, &shown);
    printf("  %-8u ", (unsigned int)listed->component.id);
    print_units(stdout, &shown.friendly_name);
    printf(" (%s)\n", text.bytes);
    if (view->verbose)
        print_registration(&shown, &listed->component);
    if (view->kind == NAPIPC_HEALTH_AGENT)
        print_health(&listed->health, information);
}

static void want_component(void *context, const struct napipc_listed_component *listed)
{
    const struct component_view *view = context;

    want_information(view->inquiries, view->kind, &listed->component, &listed->health);
}

/* Asks the components that have a class for it what they say about themselves. */
static void ask_components(struct inquiries *inquiries)
{
    struct component_view view = {.kind = NAPIPC_ENFORCEMENT_CLIENT, .inquiries = inquiries};

    each_component(NULL, view.kind, want_component, &view);
    view.kind = NAPIPC_HEALTH_AGENT;
    each_component(NULL, view.kind, want_component, &view);
    inquiries_ask(inquiries);
}

static void show_component(void *context, const struct napipc_listed_component *listed)
{
    const struct component_view *view = context;
    const struct inquiry *information =
            inquiry_find(view->inquiries, view->kind, listed->component.id, NAPIPC_COMPONENT_INFO);

    if (view->json)
        put_component(view->json, NULL, view->kind, view->policy, listed, information);
    else
        print_component(view, listed, information);
}

/* Prints every component of a kind. */
static HRESULT show_kind(struct component_view *view, uint32_t kind, bool policy)
{
    view->kind = kind;
    view->policy = policy;
    return each_component(NULL, kind, show_component, view);
}

static void print_connection(const struct napipc_listed_connection *listed)
{
    printf("  ");
    print_guid(stdout, &listed->connection_id);
    putchar('\n');
    print_name("    ", "Enforcement client:");
    printf("%u (process %u)\n", (unsigned int)listed->enforcement_client,
            (unsigned int)listed->process_id);
    print_isolation(&listed->isolation, "    ");
    print_name("    ", "Exchange:");
    puts(listed->pending ? "an answer is pending" : "none pending");
}

struct connection_view
{
    struct json *json; /* NULL: text */
    bool begun;        /* the JSON has begun */
    unsigned int count;
};

/* Begins the JSON after the agent has answered: without an agent there is none. */
static void begin_connections(struct connection_view *view)
{
    if (view->json && !view->begun)
    {
        json_open(view->json, NULL, '{');
        json_open(view->json, "connections", '[');
    }
    view->begun = true;
}

static void show_connection(void *context, const struct napipc_listed_connection *listed)
{
    struct connection_view *view = context;

    begin_connections(view);
    view->count++;
    if (view->json)
        put_connection(view->json, NULL, listed);
    else
        print_connection(listed);
}

static void put_state(struct json *json, const struct napipc_get_state_reply *state)
{
    put_agent(json, state);
    put_isolation(json, "isolation", &state->isolation);
    json_bool(json, "unknownConnections", state->unknown_connections);
    json_number(json, "connections", state->connections);
    json_bool(json, "groupPolicy", state->group_policy);
}

static HRESULT show_state_json(
        const struct napipc_get_state_reply *state, struct inquiries *inquiries)
{
    struct json json = {.to = stdout};
    struct component_view view = {.json = &json, .inquiries = inquiries};
    HRESULT hr;

    json_open(&json, NULL, '{');
    put_state(&json, state);
    json_open(&json, "enforcementClients", '[');
    hr = show_kind(&view, NAPIPC_ENFORCEMENT_CLIENT, state->group_policy);
    json_close(&json, ']');
    json_open(&json, "healthAgents", '[');
    if (SUCCEEDED(hr))
        hr = show_kind(&view, NAPIPC_HEALTH_AGENT, false);
    json_close(&json, ']');
    json_close(&json, '}');
    return hr;
}

static HRESULT show_state_text(
        const struct napipc_get_state_reply *state, struct inquiries *inquiries, bool verbose)
{
    struct component_view view = {.verbose = verbose, .inquiries = inquiries};
    HRESULT hr;

    puts("Client state:");
    print_name("  ", "Status:");
    printf("running, process %u, since ", (unsigned int)state->process_id);
    print_time(stdout, state->started);
    putchar('\n');
    print_isolation(&state->isolation, "  ");
    print_name("  ", "Connections:");
    printf("%u up%s\n", state->connections,
            state->unknown_connections ? ", the state of some is unknown" : "");
    printf("Enforcement client state%s:\n",
            state->group_policy
                    ? ", enabled or disabled by Group Policy; this machine's settings are ignored"
                    : "");
    hr = show_kind(&view, NAPIPC_ENFORCEMENT_CLIENT, state->group_policy);
    printf("System health agent (SHA) state:%s\n", state->health_agents ? "" : " none");
    if (SUCCEEDED(hr))
        hr = show_kind(&view, NAPIPC_HEALTH_AGENT, false);
    complain_inquiries(inquiries);
    return hr;
}

int show_state(const struct options *options)
{
    struct napipc_message request = {.type = NAPIPC_GET_STATE};
    struct json writer = {.to = stdout};
    struct inquiries inquiries = {NULL};
    struct agent_reply reply;
    bool begun = false;
    HRESULT hr;

    if (SUCCEEDED(hr = ask_to_read(&request, &reply)))
    {
        begun = true;
        ask_components(&inquiries);
        hr = options->json ? show_state_json(&reply.message.get_state_reply, &inquiries)
                           : show_state_text(
                                   &reply.message.get_state_reply, &inquiries, options->verbose);
        inquiries_free(&inquiries);
        agent_reply_clear(&reply);
    }
    if (hr == RPC_E_DISCONNECTED && options->json && !begun)
    {
        json_open(&writer, NULL, '{');
        put_agent(&writer, NULL);
        json_close(&writer, '}');
    }
    return FAILED(hr) ? report_failure(hr, "show the state") : EXIT_DONE;
}

int show_connections(const struct options *options)
{
    struct json writer = {.to = stdout};
    struct connection_view view = {.json = options->json ? &writer : NULL};
    HRESULT hr = each_connection(NULL, show_connection, &view);

    if (SUCCEEDED(hr))
        begin_connections(&view);
    if (view.json && view.begun)
    {
        json_close(&writer, ']');
        json_close(&writer, '}');
    }
    else if (SUCCEEDED(hr) && !view.count)
        puts("No connections.");
    return FAILED(hr) ? report_failure(hr, "show the connections") : EXIT_DONE;
}
