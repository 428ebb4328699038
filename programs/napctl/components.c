/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * show components: what every registered component says about itself, by its own classes, and in
 * which process each class was asked.
 */
#include "programs/napctl/inquiry.h"
#include "programs/napctl/options.h"

struct view
{
    uint32_t kind;
    struct inquiries *inquiries;
    struct json *json; /* NULL: text */
    unsigned int count;
};

/* ---- each component of a kind ---- */

struct visit
{
    void (*take)(struct view *view, const struct napipc_component *component);
    struct view *view;
};

static void take_listed(void *context, const struct napipc_listed_component *listed)
{
    const struct visit *visit = context;

    visit->take(visit->view, &listed->component);
}

static void take_validator(void *context, const struct napipc_validator *validator)
{
    const struct visit *visit = context;

    visit->take(visit->view, &validator->component);
}

static HRESULT visit(struct view *view, uint32_t kind,
        void (*take)(struct view *view, const struct napipc_component *component))
{
    struct visit visit = {take, view};

    view->kind = kind;
    view->count = 0;
    return kind == KIND_VALIDATOR ? each_validator(take_validator, &visit)
                                  : each_component(NULL, kind, take_listed, &visit);
}

static void want(struct view *view, const struct napipc_component *component)
{
    want_information(view->inquiries, view->kind, component, NULL);
    want_configuration(view->inquiries, view->kind, component);
}

/* ---- text ---- */

static void print_icon(const struct inquiry *information)
{
    const struct napipc_component_info_reply *info = &information->reply.component_info_reply;

    if (!information->answered || !info->icon_file.length)
        return;
    print_name("    ", "Icon:");
    print_units(stdout, &info->icon_file);
    printf(", resource %lu\n", (unsigned long)info->icon_resource);
}

static void print_configuration(const struct inquiry *configuration)
{
    const struct napipc_component_config_reply *config =
            &configuration->reply.component_config_reply;
    const char *remote;

    if (!configuration->answered)
        return;
    print_name("    ", "Configuration:");
    printf("%s", SUCCEEDED((HRESULT)config->ui_result) && config->ui_supported
                         ? "has a user interface"
                         : "no user interface");
    if ((remote = remote_configuration(config)))
        printf(", remotely by %s", remote);
    if (SUCCEEDED((HRESULT)config->config_result))
        printf(", %u bytes", config->config_size);
    putchar('\n');
}

/* Which server ran in which process, and why that was ended. */
static void print_host(const char *name, const struct inquiry *inquiry)
{
    const WCHAR *server = inquiry->process.server;
    char text[MAX_PATH * 3];

    print_name("    ", name);
    if (*server && WideCharToMultiByte(CP_UTF8, 0, server, -1, text, sizeof(text), NULL, NULL))
        print_visible(stdout, text);
    else
        fputs("no server", stdout);
    if (inquiry->ended[0])
        printf("; %u-bit process %lu, ended: %s", inquiry->process.bits, inquiry->process.id,
                inquiry->ended);
    if (inquiry->failure[0])
        printf("; %s", inquiry->failure);
    putchar('\n');
}

static void print_component(struct view *view, const struct napipc_component *component)
{
    const struct inquiry *information = inquiry_find(
                                 view->inquiries, view->kind, component->id, NAPIPC_COMPONENT_INFO),
                         *configuration = inquiry_find(view->inquiries, view->kind, component->id,
                                 NAPIPC_COMPONENT_CONFIG);
    struct napipc_component shown;

    component_shown(information, component, &shown);
    printf("  %-8u ", (unsigned int)component->id);
    print_units(stdout, &shown.friendly_name);
    putchar('\n');
    print_present("Description:", &shown.description);
    print_present("Version:", &shown.version);
    print_present("Vendor:", &shown.vendor_name);
    if (information)
    {
        print_icon(information);
        print_host("Information class:", information);
    }
    if (configuration)
    {
        print_configuration(configuration);
        print_host("Configuration class:", configuration);
    }
}

/* ---- JSON ---- */

static void put_one(struct view *view, const struct napipc_component *component)
{
    struct json *json = view->json;

    json_open(json, NULL, '{');
    json_number(json, "id", component->id);
    json_units(json, "name", &component->friendly_name);
    json_units(json, "description", &component->description);
    json_units(json, "version", &component->version);
    json_units(json, "vendor", &component->vendor_name);
    put_information(json,
            inquiry_find(view->inquiries, view->kind, component->id, NAPIPC_COMPONENT_INFO),
            component);
    put_configuration(json,
            inquiry_find(view->inquiries, view->kind, component->id, NAPIPC_COMPONENT_CONFIG));
    json_close(json, '}');
}

static void show_one(struct view *view, const struct napipc_component *component)
{
    view->count++;
    if (view->json)
        put_one(view, component);
    else
        print_component(view, component);
}

/* ---- the command ---- */

static const struct
{
    uint32_t kind;
    const char *title, *name;
} kinds[] = {
        {NAPIPC_ENFORCEMENT_CLIENT, "Enforcement clients", "enforcementClients"},
        {NAPIPC_HEALTH_AGENT, "System health agents", "healthAgents"},
        {KIND_VALIDATOR, "System health validators", "validators"},
};

static HRESULT show_all(struct view *view)
{
    HRESULT hr = S_OK;
    unsigned int i;

    if (view->json)
        json_open(view->json, NULL, '{');
    for (i = 0; i < ARRAYSIZE(kinds) && SUCCEEDED(hr); i++)
    {
        if (view->json)
            json_open(view->json, kinds[i].name, '[');
        else
            printf("%s:\n", kinds[i].title);
        hr = visit(view, kinds[i].kind, show_one);
        if (view->json)
            json_close(view->json, ']');
        else if (SUCCEEDED(hr) && !view->count)
            puts("  none");
    }
    if (view->json)
        json_close(view->json, '}');
    return hr;
}

int show_components(const struct options *options)
{
    struct inquiries inquiries = {NULL};
    struct json json = {.to = stdout};
    struct view view = {.inquiries = &inquiries, .json = options->json ? &json : NULL};
    HRESULT hr = S_OK;
    unsigned int i;

    for (i = 0; i < ARRAYSIZE(kinds) && SUCCEEDED(hr); i++)
        hr = visit(&view, kinds[i].kind, want);
    if (SUCCEEDED(hr))
    {
        inquiries_ask(&inquiries);
        hr = show_all(&view);
    }
    inquiries_free(&inquiries);
    return FAILED(hr) ? report_failure(hr, "show the components") : EXIT_DONE;
}
