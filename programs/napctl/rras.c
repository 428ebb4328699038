/*
 * rras add, update, remove, enable, disable.
 */
#include "programs/napctl/rras.h"

#include <wchar.h>

/* What a person can do about it. */
static void explain(HRESULT hr, const char *verb, char *why, size_t room)
{
    switch ((DWORD)hr)
    {
    case 0x8007038A: /* ERROR_INTERFACE_NOT_CONNECTED */
        snprintf(why, room, "cannot %s: there is no such connection; napctl rras list shows them "
            "(0x%08lX)", verb, (unsigned long)hr);
        break;
    case 0x800700B7: /* ERROR_ALREADY_EXISTS */
        snprintf(why, room, "cannot %s: a connection of that GUID is there already (0x%08lX)", verb,
            (unsigned long)hr);
        break;
    case (DWORD)RRAS_E_FULL:
        snprintf(why, room, "cannot %s: there are %u already, the most there may be; remove those that "
            "have ended: napctl rras list shows them (0x%08lX)", verb, NAPIPC_RRAS_MAX_CONNECTIONS,
            (unsigned long)hr);
        break;
    default:
        snprintf(why, room, "cannot %s: error 0x%08lX", verb, (unsigned long)hr);
    }
}

static HRESULT add(struct agent_session *session, const struct rras_options *options)
{
    struct napipc_message request;
    struct agent_reply reply;
    HRESULT hr;

    request.type = NAPIPC_RRAS_ADD;
    request.rras_add.record = options->record;
    if (SUCCEEDED(hr = agent_session_call(session, &request, &reply)))
    {
        printf("%u\n", (unsigned int)reply.message.rras_add_reply.id);
        agent_reply_clear(&reply);
    }
    return hr;
}

static HRESULT update(struct agent_session *session, const struct rras_options *options)
{
    struct napipc_message request;

    request.type = NAPIPC_RRAS_UPDATE;
    request.rras_update.selector = options->selector;
    request.rras_update.fields = options->fields;
    request.rras_update.record = options->record;
    return agent_session_call(session, &request, NULL);
}

static HRESULT remove_connections(struct agent_session *session,
    const struct rras_options *options)
{
    struct napipc_message request;

    request.type = NAPIPC_RRAS_REMOVE;
    request.rras_select.selector = options->selector;
    return agent_session_call(session, &request, NULL);
}

bool rras_do(struct agent_session *session, int argc, WCHAR **argv, HRESULT *hr, char *why,
    size_t room)
{
    struct rras_options options;
    const char *verb;

    *hr = S_OK;
    if (!rras_parse_options(argc - 1, argv + 1, &options, why, room))
        return false;
    if (!wcscmp(argv[0], L"add"))
    {
        if (options.selector.kind)
        {
            snprintf(why, room, "a new connection has no id yet");
            return false;
        }
        verb = "add the connection";
        *hr = add(session, &options);
    }
    else if (!options.selector.kind)
    {
        snprintf(why, room, "which connection? Give its id, or --match-interface, --match-port, "
            "--match-guid or --match-ipv4");
        return false;
    }
    else if (!wcscmp(argv[0], L"update"))
    {
        if (!options.fields)
        {
            snprintf(why, room, "what is to be changed?");
            return false;
        }
        verb = "update the connection";
        *hr = update(session, &options);
    }
    else
    {
        if (options.fields)
        {
            snprintf(why, room, "remove takes an id or --match-interface, --match-port, "
                "--match-guid or --match-ipv4");
            return false;
        }
        verb = "remove the connection";
        *hr = remove_connections(session, &options);
    }
    if (SUCCEEDED(*hr))
        return true;
    explain(*hr, verb, why, room);
    return false;
}

/* One command on a session of its own; `argv[-1]` is its verb. */
static int run(int argc, WCHAR **argv, const char *what)
{
    struct agent_session session;
    struct rras_options options;
    char why[RRAS_WHY];
    HRESULT hr;
    bool done;

    /* What is misspelt starts no agent. */
    if (!rras_parse_options(argc, argv, &options, why, sizeof(why)))
        return report_usage(why);
    if (FAILED(hr = agent_session_open(&session, true)))
        return report_failure(hr, what);
    done = rras_do(&session, argc + 1, argv - 1, &hr, why, sizeof(why));
    agent_session_close(&session);
    if (done)
        return EXIT_DONE;
    if (SUCCEEDED(hr))
        return report_usage(why);
    if (hr == (HRESULT)0x8007038A || hr == (HRESULT)0x800700B7 || hr == RRAS_E_FULL)
    {
        report_usage(why);
        return EXIT_FAILED;
    }
    return report_failure(hr, what);
}

int rras_add(int argc, WCHAR **argv)
{
    return run(argc, argv, "add the connection");
}

int rras_update(int argc, WCHAR **argv)
{
    return run(argc, argv, "update the connection");
}

int rras_remove(int argc, WCHAR **argv)
{
    return run(argc, argv, "remove the connection");
}

static int set_server(int argc, bool enabled)
{
    struct napipc_message request;
    HRESULT hr;

    if (argc)
        return report_usage(enabled ? "usage: napctl rras enable" : "usage: napctl rras disable");
    request.type = NAPIPC_RRAS_SET_SERVER;
    request.rras_set_server.enabled = enabled;
    hr = agent_process_call(agent_start_always, &request, NULL, NULL);
    if (FAILED(hr))
        return report_failure(hr, enabled ? "enable the remote access server"
                                          : "disable the remote access server");
    printf("The remote access server is %s.\n", enabled ? "on" : "off");
    return EXIT_DONE;
}

int rras_enable(int argc, WCHAR **argv)
{
    (void)argv;
    return set_server(argc, true);
}

int rras_disable(int argc, WCHAR **argv)
{
    (void)argv;
    return set_server(argc, false);
}
