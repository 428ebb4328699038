/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * health enable, health disable: the health agent 79744 of the NAP agent, and the service napwsha
 * that is behind it.
 */
#include "programs/napctl/health.h"

#include "libs/service/service.h"
#include "libs/wsh/wsh.h"
#include "naperror.h"
#include "programs/napctl/options.h"

#define BIND_TIMEOUT 10000 /* ms in which the service initializes the health agent */

/* The registration that `health enable` makes. */
#define NAME L"Windows Security Health Agent"
#define VENDOR L"wine-nap"

/* ---- what is there ---- */

static bool is_text(const struct napipc_string *string, const WCHAR *text)
{
    return string->length == wcslen(text) && !memcmp(string->units, text, string->length * 2u);
}

static void take(void *context, const struct napipc_listed_component *listed)
{
    struct health_state *state = context;

    if (listed->component.id != WSH_ID)
        return;
    state->registered = true;
    state->theirs = !is_text(&listed->component.vendor_name, VENDOR)
                    || !is_text(&listed->component.friendly_name, NAME);
    state->enabled = listed->enabled;
    state->bound = listed->bound;
}

void health_state_read(struct health_state *state)
{
    SC_HANDLE manager = OpenSCManagerW(NULL, NULL, SC_MANAGER_CONNECT), service = NULL;
    DWORD needed;
    union
    {
        QUERY_SERVICE_CONFIGW config;
        BYTE memory[4096];
    } is;

    memset(state, 0, sizeof(*state));
    if (manager)
        service = OpenServiceW(manager, HEALTH_SERVICE_NAME, SERVICE_QUERY_CONFIG);
    if (service)
    {
        state->installed = true;
        state->automatic = QueryServiceConfigW(service, &is.config, sizeof(is), &needed)
                           && is.config.dwStartType == SERVICE_AUTO_START;
        CloseServiceHandle(service);
    }
    if (manager)
        CloseServiceHandle(manager);
    state->runs = service_process(HEALTH_SERVICE_NAME) != 0;
    state->agent = each_component(NULL, NAPIPC_HEALTH_AGENT, take, state);
}

/* ---- the service ---- */

/* Stops the service, sets how it starts, and starts it if that is automatic. */
static DWORD set_service(bool automatic)
{
    SC_HANDLE manager = OpenSCManagerW(NULL, NULL, SC_MANAGER_CONNECT), service = NULL;
    DWORD error = 0;

    if (!manager
            || !(service = OpenServiceW(manager, HEALTH_SERVICE_NAME,
                         SERVICE_START | SERVICE_STOP | SERVICE_QUERY_STATUS
                                 | SERVICE_CHANGE_CONFIG)))
        error = GetLastError();
    if (!error)
        error = service_stop(service);
    if (!error
            && !ChangeServiceConfigW(service, SERVICE_NO_CHANGE,
                    automatic ? SERVICE_AUTO_START : SERVICE_DEMAND_START, SERVICE_NO_CHANGE, NULL,
                    NULL, NULL, NULL, NULL, NULL, NULL))
        error = GetLastError();
    if (!error && automatic)
        error = service_start(service);
    if (service)
        CloseServiceHandle(service);
    if (manager)
        CloseServiceHandle(manager);
    return error;
}

static int report_service(DWORD error, const char *what)
{
    if (error != ERROR_SERVICE_DOES_NOT_EXIST)
        return report_failure(HRESULT_FROM_WIN32(error), what);
    complain("cannot %s: there is no service napwsha; to do: tools/setup.sh install (0x%08lX)",
            what, (unsigned long)HRESULT_FROM_WIN32(error));
    return EXIT_FAILED;
}

/* ---- the health agent ---- */

static struct napipc_string string_of(const WCHAR *text)
{
    struct napipc_string string = {(const uint8_t *)text, (uint16_t)wcslen(text)};

    return string;
}

static HRESULT set_registered(void)
{
    struct napipc_message request = {.type = NAPIPC_REGISTER};

    request.reg.kind = NAPIPC_HEALTH_AGENT;
    request.reg.component.id = WSH_ID;
    request.reg.component.friendly_name = string_of(NAME);
    request.reg.component.description =
            string_of(L"Firewall, antivirus, antispyware and updates of the host");
    request.reg.component.version = string_of(L"1.0");
    request.reg.component.vendor_name = string_of(VENDOR);
    return agent_process_call(agent_start_always, &request, NULL, NULL);
}

static HRESULT set_enabled(bool enabled)
{
    struct napipc_message request = {.type = NAPIPC_SET_ENABLED};

    request.set_enabled.kind = NAPIPC_HEALTH_AGENT;
    request.set_enabled.id = WSH_ID;
    request.set_enabled.enabled = enabled;
    return agent_process_call(agent_start_always, &request, NULL, NULL);
}

static int report_theirs(const char *what)
{
    complain("cannot %s: another program has registered 79744; napctl show state --verbose shows "
             "it, and napctl agent unregister 79744 takes it away (0x%08lX)",
            what, (unsigned long)NAP_E_CONFLICTING_ID);
    return EXIT_FAILED;
}

/* Starts the NAP agent also if it was stopped in order: its answer must be known before anything is
 * changed. */
static HRESULT read_started(struct health_state *state)
{
    struct napipc_message request = {.type = NAPIPC_GET_STATE};
    HRESULT hr = agent_process_call(agent_start_always, &request, NULL, NULL);

    health_state_read(state);
    return FAILED(hr) ? hr : state->agent;
}

/* False: the service has not initialized the health agent in time. */
static bool await_binding(struct health_state *state)
{
    ULONGLONG begun = GetTickCount64();

    for (;;)
    {
        health_state_read(state);
        if (state->runs && state->bound)
            return true;
        if (GetTickCount64() - begun >= BIND_TIMEOUT)
            return false;
        Sleep(100);
    }
}

/* Both commands ask the NAP agent first, because it takes changes of administrators only. */
int health_enable(const struct options *options)
{
    static const char what[] = "enable the health agent 79744";
    struct health_state state;
    DWORD error;
    HRESULT hr;

    (void)options;
    hr = read_started(&state);
    if (!state.installed)
        return report_service(ERROR_SERVICE_DOES_NOT_EXIST, what);
    if (FAILED(hr))
        return report_failure(hr, what);
    if (state.theirs)
        return report_theirs(what);
    if (!state.registered)
        hr = set_registered();
    if (SUCCEEDED(hr))
        hr = set_enabled(true);
    if (FAILED(hr))
        return report_failure(hr, what);
    if (!(state.automatic && state.runs && state.bound) && (error = set_service(true)))
        return report_service(error, what);
    if (!await_binding(&state))
    {
        complain("the health agent 79744 is enabled, but the service napwsha has not initialized "
                 "it; C:\\windows\\logs\\napwsha.log says why");
        return EXIT_FAILED;
    }
    puts("The health agent 79744 is enabled: the service napwsha reports the health of this host.");
    return EXIT_DONE;
}

int health_disable(const struct options *options)
{
    static const char what[] = "disable the health agent 79744";
    struct napipc_message request = {.type = NAPIPC_UNREGISTER};
    struct health_state state;
    DWORD error;
    HRESULT hr;

    (void)options;
    if (FAILED(hr = read_started(&state)))
        return report_failure(hr, what);
    if (state.theirs)
        return report_theirs(what);
    hr = set_enabled(false);
    if (FAILED(hr) && hr != NAP_E_NOT_REGISTERED)
        return report_failure(hr, what);
    if ((error = set_service(false)))
        return report_service(error, what);
    request.component_id.kind = NAPIPC_HEALTH_AGENT;
    request.component_id.id = WSH_ID;
    if (SUCCEEDED(hr) && FAILED(hr = agent_process_call(agent_start_always, &request, NULL, NULL)))
        return report_failure(hr, what);
    puts("The health agent 79744 is disabled: nothing reports the health of this host.");
    return EXIT_DONE;
}
