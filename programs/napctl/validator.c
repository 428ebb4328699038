/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * validator: the registered system health validators, which napserver asks; and which of their
 * failures count as healthy.
 */
#include "programs/napctl/options.h"

HRESULT each_validator(
        void (*take)(void *context, const struct napipc_validator *validator), void *context)
{
    struct napipc_message request = {.type = NAPIPC_VALIDATOR_LIST};
    bool more = true;

    while (more)
    {
        struct agent_reply reply;
        const struct napipc_validator_list_reply *page = &reply.message.validator_list_reply;
        HRESULT hr = ask_to_read(&request, &reply);
        uint16_t i;

        if (FAILED(hr))
            return hr;
        for (i = 0; i < page->count; i++)
        {
            take(context, &page->validators[i]);
            request.validator_list.after = page->validators[i].component.id;
        }
        more = page->more && page->count;
        agent_reply_clear(&reply);
    }
    return S_OK;
}

/* ---- list ---- */

static void put_validator(void *context, const struct napipc_validator *validator)
{
    const struct napipc_component *component = &validator->component;
    struct json *json = context;
    unsigned int i;

    json_open(json, NULL, '{');
    json_number(json, "id", component->id);
    json_units(json, "name", &component->friendly_name);
    json_units(json, "description", &component->description);
    json_units(json, "version", &component->version);
    json_units(json, "vendor", &component->vendor_name);
    json_guid(json, "clsid", &validator->clsid);
    json_time(json, "registrationDate", component->registration_date);
    json_bool(json, "enabled", validator->enabled);
    json_open(json, "healthyFailures", '[');
    for (i = 0; i < NAPIPC_FAILURE_CATEGORIES; i++)
        if (validator->mapping.compliant[i])
            json_text(json, NULL, failure_category_name((uint8_t)(i + 1)));
    json_close(json, ']');
    json_close(json, '}');
}

static void print_validator(void *context, const struct napipc_validator *validator)
{
    unsigned int *count = context, healthy = 0, i;

    ++*count;
    printf("%-10u ", (unsigned int)validator->component.id);
    print_units(stdout, &validator->component.friendly_name);
    printf(" (%s)\n           ", validator->enabled ? "enabled" : "disabled");
    print_guid(stdout, &validator->clsid);
    printf("\n           counts as healthy if it fails: ");
    for (i = 0; i < NAPIPC_FAILURE_CATEGORIES; i++)
        if (validator->mapping.compliant[i])
            printf("%s%s", healthy++ ? ", " : "", failure_category_name((uint8_t)(i + 1)));
    puts(healthy ? "" : "never");
}

int validator_list(const struct options *options)
{
    struct json json = {.to = stdout};
    unsigned int count = 0;
    HRESULT hr;

    if (options->json)
    {
        json_open(&json, NULL, '{');
        json_open(&json, "validators", '[');
        hr = each_validator(put_validator, &json);
        json_close(&json, ']');
        json_close(&json, '}');
    }
    else
        hr = each_validator(print_validator, &count);
    if (FAILED(hr))
        return report_failure(hr, "list the system health validators");
    if (!options->json && !count)
        puts("No system health validators are registered.");
    return EXIT_DONE;
}

/* ---- changes ---- */

static int change(struct napipc_message *request, uint32_t id, const char *verb, const char *done)
{
    HRESULT hr = agent_process_call(agent_start_always, request, NULL, NULL);
    char text[64];

    if (FAILED(hr))
    {
        snprintf(text, sizeof(text), "%s system health validator %u", verb, (unsigned int)id);
        return report_failure(hr, text);
    }
    printf("System health validator %u is %s.\n", (unsigned int)id, done);
    return EXIT_DONE;
}

static int set_enabled(uint32_t id, bool enabled)
{
    struct napipc_message request = {
            .type = NAPIPC_VALIDATOR_SET_ENABLED, .validator_enabled = {id, enabled}};

    return change(&request, id, enabled ? "enable" : "disable", enabled ? "enabled" : "disabled");
}

int validator_enable(const struct options *options)
{
    return set_enabled(options->component.id, true);
}

int validator_disable(const struct options *options)
{
    return set_enabled(options->component.id, false);
}

int validator_map(const struct options *options)
{
    struct napipc_message request = {.type = NAPIPC_VALIDATOR_SET_MAPPING,
            .validator_mapping = {options->component.id, options->mapping}};

    return change(&request, options->component.id, "map", "mapped");
}
