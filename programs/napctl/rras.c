/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * rras add, update, remove, enable, disable.
 */
#include "programs/napctl/rras.h"

#include <wchar.h>

/* Writes the reason of a failure, and the remedy if one is known. */
static void explain(HRESULT hr, const char *verb, char *why, size_t capacity)
{
    switch (hr)
    {
    case RRAS_E_NO_CONNECTION:
        snprintf(why, capacity,
                "cannot %s: there is no such connection; napctl rras list shows them "
                "(0x%08lX)",
                verb, (unsigned long)hr);
        break;
    case __HRESULT_FROM_WIN32(ERROR_ALREADY_EXISTS):
        snprintf(why, capacity,
                "cannot %s: there is one of that GUID, or of that user and port, already; napctl "
                "rras list shows it, napctl rras update changes it (0x%08lX)",
                verb, (unsigned long)hr);
        break;
    case RRAS_E_FULL:
        snprintf(why, capacity,
                "cannot %s: there are %u already, the most that are allowed; remove those that "
                "have ended: napctl rras list shows them (0x%08lX)",
                verb, NAPIPC_RRAS_MAX_CONNECTIONS, (unsigned long)hr);
        break;
    default:
        snprintf(why, capacity, "cannot %s: error 0x%08lX", verb, (unsigned long)hr);
    }
}

static HRESULT add(bool (*start)(void), const struct rras_options *options)
{
    struct napipc_message request;
    struct agent_reply reply;
    HRESULT hr;

    request.type = NAPIPC_RRAS_ADD;
    request.rras_add.keep = options->keep;
    request.rras_add.record = options->record;
    if (SUCCEEDED(hr = agent_process_call(start, &request, &reply, NULL)))
    {
        printf("%u\n", (unsigned int)reply.message.rras_add_reply.id);
        agent_reply_clear(&reply);
    }
    return hr;
}

static HRESULT update(bool (*start)(void), const struct rras_options *options)
{
    struct napipc_message request;

    request.type = NAPIPC_RRAS_UPDATE;
    request.rras_update.selector = options->selector;
    request.rras_update.fields = options->fields;
    request.rras_update.record = options->record;
    return agent_process_call(start, &request, NULL, NULL);
}

static HRESULT remove_connections(bool (*start)(void), const struct rras_options *options)
{
    struct napipc_message request;

    request.type = NAPIPC_RRAS_REMOVE;
    request.rras_select.selector = options->selector;
    return agent_process_call(start, &request, NULL, NULL);
}

bool rras_do(bool (*start)(void), const WCHAR *word, const struct rras_options *options,
        HRESULT *hr, char why[WHY_SIZE])
{
    char what[64];

    *hr = S_OK;
    if (wcscmp(word, L"remove") && !options->fields)
    {
        snprintf(why, WHY_SIZE, "nothing to %ls: give at least one option that describes it",
                wcscmp(word, L"add") ? L"change" : L"add");
        return false;
    }
    if (!wcscmp(word, L"add"))
        *hr = add(start, options);
    else if (!wcscmp(word, L"remove"))
        *hr = remove_connections(start, options);
    else
        *hr = update(start, options);
    if (SUCCEEDED(*hr))
        return true;
    snprintf(what, sizeof(what), "%ls the connection", word);
    explain(*hr, what, why, WHY_SIZE);
    return false;
}

static int run(const struct rras_options *options, const WCHAR *word, const char *what)
{
    char why[WHY_SIZE];
    HRESULT hr;

    if (rras_do(agent_start_always, word, options, &hr, why))
        return EXIT_DONE;
    if (SUCCEEDED(hr))
        return complain_usage(find_command(L"rras", word), why);
    if (hr == RRAS_E_NO_CONNECTION || hr == __HRESULT_FROM_WIN32(ERROR_ALREADY_EXISTS)
            || hr == RRAS_E_FULL)
    {
        report_usage(why);
        return EXIT_FAILED;
    }
    return report_failure(hr, what);
}

int rras_add(const struct options *options)
{
    return run(&options->rras, L"add", "add the connection");
}

int rras_update(const struct options *options)
{
    return run(&options->rras, L"update", "update the connection");
}

int rras_remove(const struct options *options)
{
    return run(&options->rras, L"remove", "remove the connection");
}

static int set_server(bool enabled)
{
    struct napipc_message request;
    HRESULT hr;

    request.type = NAPIPC_RRAS_SET_SERVER;
    request.rras_set_server.enabled = enabled;
    hr = agent_process_call(agent_start_always, &request, NULL, NULL);
    if (FAILED(hr))
        return report_failure(hr,
                enabled ? "enable the remote access server" : "disable the remote access server");
    printf("The remote access server is %s.\n", enabled ? "on" : "off");
    return EXIT_DONE;
}

int rras_enable(const struct options *options)
{
    (void)options;
    return set_server(true);
}

int rras_disable(const struct options *options)
{
    (void)options;
    return set_server(false);
}
