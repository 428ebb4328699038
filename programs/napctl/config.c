/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * show config: the settings of administrators and Group Policy, whatever the state.
 */
#include "programs/napctl/options.h"

#include <wchar.h>

/* The service's settings that are texts; docs/administration.md describes them. */
static const struct
{
    const WCHAR *value;
    const char *name, *otherwise;
} texts[] = {
        {L"LogLevel", "logLevel", "info"},
        {L"Hook", "hook", ""},
        {L"Dialer", "dialer", ""},
};

static const struct
{
    const WCHAR *value;
    const char *name;
    DWORD otherwise;
} numbers[] = {
        {L"CallbackDeadline", "callbackDeadline", NAPIPC_DEFAULT_CALLBACK_DEADLINE},
        {L"HookTimeout", "hookTimeout", 10000},
        {L"DialTimeout", "dialTimeout", 120000},
};

static void put_text(struct json *json, const char *name, const char *text)
{
    if (json)
        json_text(json, name, text);
    else
    {
        printf("  %-18s ", name);
        print_visible(stdout, *text ? text : "-");
        putchar('\n');
    }
}

static void put_wide(struct json *json, const char *name, const WCHAR *wide)
{
    char text[MAX_PATH * 3];

    if (!WideCharToMultiByte(CP_UTF8, 0, wide, -1, text, sizeof(text), NULL, NULL))
        text[0] = 0;
    put_text(json, name, text);
}

static void put_settings(struct json *json)
{
    WCHAR text[MAX_PATH];
    unsigned int i;

    if (json)
        json_open(json, "settings", '{');
    else
        printf("Settings:\n");
    agent_log_file(text);
    put_wide(json, "logFile", text);
    for (i = 0; i < ARRAYSIZE(texts); i++)
    {
        DWORD size = sizeof(text);

        if (RegGetValueW(HKEY_LOCAL_MACHINE, AGENT_PARAMETERS_KEY, texts[i].value, RRF_RT_REG_SZ,
                    NULL, text, &size))
            put_text(json, texts[i].name, texts[i].otherwise);
        else
            put_wide(json, texts[i].name, text);
    }
    for (i = 0; i < ARRAYSIZE(numbers); i++)
    {
        DWORD value = agent_parameter(numbers[i].value, 0);

        if (!value)
            value = numbers[i].otherwise;
        if (json)
            json_number(json, numbers[i].name, value);
        else
            printf("  %-18s %lu ms\n", numbers[i].name, value);
    }
    if (json)
        json_close(json, '}');
}

static void put_configured(void *context, const struct napipc_listed_component *listed)
{
    struct json *json = context;

    if (json)
    {
        json_open(json, NULL, '{');
        json_number(json, "id", listed->component.id);
        json_units(json, "name", &listed->component.friendly_name);
        json_bool(json, "enabled", listed->enabled);
        json_close(json, '}');
        return;
    }
    printf("  %-8u %-8s ", (unsigned int)listed->component.id,
            listed->enabled ? "enabled" : "disabled");
    print_units(stdout, &listed->component.friendly_name);
    putchar('\n');
}

static HRESULT put_components(uint32_t kind, const char *title, const char *name, struct json *json)
{
    HRESULT hr;

    if (json)
        json_open(json, name, '[');
    else
        printf("%s:\n", title);
    hr = each_component(NULL, kind, put_configured, json);
    if (json)
        json_close(json, ']');
    return hr;
}

static HRESULT put_config(struct json *json)
{
    struct napipc_message request = {.type = NAPIPC_GET_STATE};
    struct agent_reply reply;
    bool policy;
    HRESULT hr;

    if (FAILED(hr = ask_to_read(&request, &reply)))
        return hr;
    policy = reply.message.get_state_reply.group_policy;
    agent_reply_clear(&reply);
    if (json)
    {
        json_open(json, NULL, '{');
        json_bool(json, "groupPolicy", policy);
    }
    else if (policy)
        printf("Enforcement clients are enabled or disabled by Group Policy; this machine's settings "
               "are ignored.\n");
    hr = put_components(
            NAPIPC_ENFORCEMENT_CLIENT, "Enforcement clients", "enforcementClients", json);
    if (SUCCEEDED(hr))
        hr = put_components(NAPIPC_HEALTH_AGENT, "System health agents", "healthAgents", json);
    put_settings(json);
    if (json)
        json_close(json, '}');
    return hr;
}

int show_config(const struct options *options)
{
    struct json writer = {.to = stdout};
    HRESULT hr = put_config(options->json ? &writer : NULL);

    return FAILED(hr) ? report_failure(hr, "show the configuration") : EXIT_DONE;
}
