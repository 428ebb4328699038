/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Every command with its arguments and options: how each is read, which member it sets, and its
 * words in usage.
 */

#include "programs/napctl/options.h"

#include <stddef.h>
#include <wchar.h>

#define READS(type, member) .read = read_##type, .offset = offsetof(struct options, member)
/* A text of a component, of a RAS connection, of a connection of the remote access server. */
#define COMPONENT(member) READS(text, component.member), .most = NAPIPC_MAX_STRING
#define RAS(member, limit) READS(text, connection.member), .most = NAPIPC_RAS_MAX_##limit
#define RRAS(type, member) READS(type, rras.record.member)
#define RRAS_TEXT(member) RRAS(text, member), .most = NAPIPC_RRAS_MAX_STRING
#define END                                                                                        \
    {                                                                                              \
        .name = NULL                                                                               \
    }

static const char which_connection[] = "which connection";
static const char which_form[] = "how it is shown";
static const char which_patterns[] = "which patterns";
static const char which_judge[] = "who judges";

static const struct option json_options[] = {
        {L"--json", NULL, READS(flag, json)},
        END,
};

static const struct option show_state_options[] = {
        {L"--json", NULL, READS(flag, json), .group = which_form},
        {L"--verbose", NULL, READS(flag, verbose), .group = which_form},
        END,
};

static const struct option id_options[] = {
        {L"ID", NULL, READS(number, component.id), .flags = OPTION_REQUIRED},
        END,
};

#define HEALTHY(category) READS(flag, mapping.compliant[category])

static const struct option map_options[] = {
        {L"ID", NULL, READS(number, component.id), .flags = OPTION_REQUIRED},
        {L"--other", NULL, HEALTHY(0)},
        {L"--client-component", NULL, HEALTHY(1)},
        {L"--client-communication", NULL, HEALTHY(2)},
        {L"--server-component", NULL, HEALTHY(3)},
        {L"--server-communication", NULL, HEALTHY(4)},
        END,
};

static const struct option register_options[] = {
        {L"NAME", NULL, COMPONENT(friendly_name), .flags = OPTION_REQUIRED},
        {L"--description", "TEXT", COMPONENT(description)},
        {L"--version", "TEXT", COMPONENT(version)},
        {L"--vendor", "TEXT", COMPONENT(vendor_name)},
        {L"--information", "{CLSID}", READS(guid, component.info_clsid)},
        {L"--configuration", "{CLSID}", READS(guid, component.config_clsid)},
        END,
};

static const struct option ras_add_options[] = {
        {L"ENTRY", NULL, RAS(entry_name, ENTRY_NAME), .flags = OPTION_REQUIRED},
        {L"--phonebook", "FILE", RAS(phonebook, PHONEBOOK)},
        {L"--device-type", "TYPE", RAS(device_type, DEVICE_TYPE)},
        {L"--device-name", "NAME", RAS(device_name, DEVICE_NAME)},
        {L"--phone", "NUMBER", RAS(phone_number, PHONE_NUMBER)},
        {L"--user", "NAME", RAS(user, USER)},
        {L"--interface", "NAME", RAS(interface_name, INTERFACE)},
        {L"--id", "{GUID}", READS(guid, connection.id)},
        {L"--entry-id", "{GUID}", READS(guid, connection.entry_id)},
        {L"--replace", NULL, READS(flag, replace)},
        {L"--keep", NULL, READS(flag, keep)},
        END,
};

static const struct option ras_remove_options[] = {
        {L"ENTRY|HANDLE|{GUID}", NULL, READS(name, name), .flags = OPTION_REQUIRED},
        END,
};

static const struct option ras_patterns_options[] = {
        {L"--json", NULL, READS(flag, json), .group = which_patterns},
        {L"--clear", NULL, READS(flag, clear), .group = which_patterns},
        {L"PATTERN", NULL, READS(pattern, patterns), .flags = OPTION_REPEATED,
                .group = which_patterns},
        END,
};

#define SELECTOR(by)                                                                               \
    .flags = OPTION_REQUIRED, .group = which_connection, .selector = NAPIPC_RRAS_BY_##by

static const struct option selectors[] = {
        {L"ID", NULL, READS(number, rras.selector.id), SELECTOR(ID)},
        {L"--match-id", "ID", READS(number, rras.selector.id),
                .flags = OPTION_REQUIRED | OPTION_UNLISTED, .group = which_connection,
                .selector = NAPIPC_RRAS_BY_ID},
        {L"--match-interface", "NAME", READS(text, rras.selector.name),
                .most = NAPIPC_RRAS_MAX_STRING, SELECTOR(INTERFACE)},
        {L"--match-port", "NAME", READS(text, rras.selector.name), .most = NAPIPC_RRAS_MAX_STRING,
                SELECTOR(PORT)},
        {L"--match-guid", "GUID", READS(guid, rras.selector.guid), SELECTOR(GUID)},
        {L"--match-ipv4", "ADDRESS", READS(ipv4, rras.selector.ipv4), SELECTOR(IPV4)},
        END,
};

#define FIELD(name) .field = NAPIPC_RRAS_HAS_##name

static const struct option record_options[] = {
        {L"--user", "NAME", RRAS_TEXT(user), FIELD(USER)},
        {L"--domain", "NAME", RRAS_TEXT(domain), FIELD(DOMAIN)},
        {L"--computer", "NAME", RRAS_TEXT(computer), FIELD(COMPUTER)},
        {L"--interface", "NAME", RRAS_TEXT(interface_name), FIELD(INTERFACE)},
        {L"--port", "NAME", RRAS_TEXT(port), FIELD(PORT)},
        {L"--device-name", "NAME", RRAS_TEXT(device_name), FIELD(DEVICE_NAME)},
        {L"--device", "NAME", RRAS_TEXT(device_name), FIELD(DEVICE_NAME), .flags = OPTION_UNLISTED},
        {L"--device-type", "TYPE", RRAS_TEXT(device_type), FIELD(DEVICE_TYPE)},
        {L"--ipv4", "ADDRESS", RRAS(ipv4, ipv4), FIELD(IPV4)},
        {L"--ipv4-local", "ADDRESS", RRAS(ipv4, ipv4_local), FIELD(IPV4_LOCAL)},
        {L"--ipv6", "ADDRESS[/BITS]", RRAS(ipv6, ipv6), FIELD(IPV6)},
        {L"--ipv6-local", "ADDRESS", RRAS(ipv6_local, ipv6_local), FIELD(IPV6_LOCAL)},
        {L"--local-endpoint", "ADDRESS", RRAS_TEXT(local_endpoint), FIELD(LOCAL_ENDPOINT)},
        {L"--remote-endpoint", "ADDRESS", RRAS_TEXT(remote_endpoint), FIELD(REMOTE_ENDPOINT)},
        {L"--direction", "in|out", RRAS(direction, outgoing), FIELD(DIRECTION)},
        {L"--tunnel", "ppp|ikev2", RRAS(tunnel, tunnel), FIELD(TUNNEL)},
        {L"--guid", "GUID", RRAS(guid, guid), FIELD(GUID)},
        {L"--since", "TIME", RRAS(time, since), FIELD(SINCE)},
        {L"--quarantine", "normal|quarantine|probation|unknown", RRAS(quarantine, quarantine),
                FIELD(QUARANTINE)},
        {L"--probation-end", "TIME", RRAS(time, probation_end), FIELD(PROBATION_END)},
        END,
};

static const struct option rras_add_options[] = {
        {L"--keep", NULL, READS(flag, rras.keep)},
        END,
};

static const struct option rras_load_options[] = {
        {L"FILE|-", NULL, READS(name, name), .flags = OPTION_REQUIRED},
        END,
};

static const struct option decode_options[] = {
        {L"FILE", NULL, READS(name, name), .flags = OPTION_REQUIRED},
        {L"--json", NULL, READS(flag, json)},
        END,
};

static const struct option validate_options[] = {
        {L"--policy", "FILE", READS(name, policy), .flags = OPTION_REQUIRED, .group = which_judge},
        {L"--validators", NULL, READS(flag, validators), .flags = OPTION_REQUIRED,
                .group = which_judge},
        {L"--check", "POLICY", READS(name, check), .flags = OPTION_REQUIRED, .group = which_judge},
        {L"--request", "FILE|-", READS(name, request)},
        {L"--response", "FILE|-", READS(name, response)},
        END,
};

const struct command commands[] = {
        {{L"show", L"state"}, show_state, "the client's isolation state and its components",
                .tables = {show_state_options}},
        {{L"show", L"components"}, show_components,
                "every registered component, and what it says about itself",
                .tables = {json_options}},
        {{L"show", L"connections"}, show_connections,
                "every connection and the last decision about it", .tables = {json_options}},
        {{L"show", L"config"}, show_config, "what is enabled, and the settings of the service",
                .tables = {json_options}},
        {{L"show", L"log"}, show_log, "the agent's log, the oldest events first",
                .tables = {json_options}},
        {{L"watch"}, watch, "the state and each change of it, until Ctrl-C",
                .tables = {json_options}},
        {{L"enforcement", L"enable"}, enforcement_enable, "enable an enforcement client",
                .tables = {id_options}},
        {{L"enforcement", L"disable"}, enforcement_disable, "disable an enforcement client",
                .tables = {id_options}},
        {{L"enforcement", L"register"}, enforcement_register, "register an enforcement client",
                .tables = {id_options, register_options}},
        {{L"enforcement", L"unregister"}, enforcement_unregister,
                "unregister an enforcement client", .tables = {id_options}},
        {{L"agent", L"enable"}, agent_enable, "enable a system health agent",
                .tables = {id_options}},
        {{L"agent", L"disable"}, agent_disable, "disable a system health agent",
                .tables = {id_options}},
        {{L"agent", L"register"}, agent_register, "register a system health agent",
                .tables = {id_options, register_options}},
        {{L"agent", L"unregister"}, agent_unregister, "unregister a system health agent",
                .tables = {id_options}},
        {{L"validator", L"list"}, validator_list, "every registered system health validator",
                .tables = {json_options}},
        {{L"validator", L"enable"}, validator_enable, "let napserver ask a validator",
                .tables = {id_options}},
        {{L"validator", L"disable"}, validator_disable, "do not let napserver ask a validator",
                .tables = {id_options}},
        {{L"validator", L"map"}, validator_map,
                "failures of these categories count as healthy, and no others",
                .tables = {map_options}},
        {{L"health", L"enable"}, health_enable,
                "report the health of the host, as Windows' own health agent does",
                .tables = {NULL}},
        {{L"health", L"disable"}, health_disable, "do not report the health of the host",
                .tables = {NULL}},
        {{L"health"}, health, "the health of the host, how it was found, and what is reported",
                .tables = {json_options}},
        {{L"selftest"}, selftest, "faults of wine-nap in this prefix, and their remedies",
                .tables = {json_options}},
        {{L"ras", L"list"}, ras_list, "RAS connections of this machine as client",
                .tables = {json_options}},
        {{L"ras", L"add"}, ras_add, "add a RAS connection that wine-nap cannot detect",
                .tables = {ras_add_options, json_options}},
        {{L"ras", L"remove"}, ras_remove, "remove a RAS connection that was added or dialed",
                .tables = {ras_remove_options}},
        {{L"ras", L"patterns"}, ras_patterns, "names of RAS interfaces, with * and ?",
                .tables = {ras_patterns_options}},
        {{L"rras", L"add"}, rras_add, "add a connection of the remote access server; prints its id",
                .tables = {record_options, rras_add_options}, .is_long = true},
        {{L"rras", L"update"}, rras_update, "change a connection to what the options say",
                .tables = {selectors, record_options}, .is_long = true},
        {{L"rras", L"remove"}, rras_remove, "remove a connection that has ended",
                .tables = {selectors}, .is_long = true},
        {{L"rras", L"list"}, rras_list, "every connection of the remote access server",
                .tables = {json_options}},
        {{L"rras", L"load"}, rras_load, "run each line of a file: add, update or remove",
                .tables = {rras_load_options}},
        {{L"rras", L"enable"}, rras_enable, "enable the remote access server", .tables = {NULL}},
        {{L"rras", L"disable"}, rras_disable, "disable the remote access server", .tables = {NULL}},
        {{L"decode"}, decode, "show a statement of health, - for standard input",
                .tables = {decode_options}},
        {{L"validate"}, validate,
                "evaluate a request by a policy, or by napserver's validators, and write the response",
                .tables = {validate_options}},
};

const unsigned int command_count = ARRAYSIZE(commands);

const struct command *find_command(const WCHAR *first, const WCHAR *second)
{
    unsigned int i;

    for (i = 0; i < ARRAYSIZE(commands); i++)
        if (!wcscmp(first, commands[i].words[0])
                && (!commands[i].words[1] || (second && !wcscmp(second, commands[i].words[1]))))
            return &commands[i];
    return NULL;
}
