/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * The messages of the agent protocol, one row each. Everything that depends on the list of messages
 * is made of this table: enum napipc_type, the codec, the engine's dispatch and its check of
 * rights, the table in docs/protocol.md, the test's and the fuzzer's samples.
 *
 *   REQUEST(name, number, needs, fields, reply's fields, handler)
 *       from a client, answered by the agent. `needs`: what the engine requires of the client,
 *       see enum napipc_need. `handler`: the engine's function for it.
 *   CALLBACK(name, number, needs, fields, reply's fields, method)
 *       from the agent to a client that is bound as `needs` says, answered by the client. `method`
 *       is the method of the client's program that is called.
 *   NOTIFICATION(name, number, fields)
 *       from the agent to a client that watches. It is not answered.
 *
 * `fields` names the function that writes and reads the body: bind means bind_fields(), in nap.c,
 * ras.c, rras.c, validator.c or information.c; `no` means no body.
 */
#ifndef WINE_NAP_NAPIPC_TABLE_H
#define WINE_NAP_NAPIPC_TABLE_H

/* A test build may add rows of its own. */
#ifndef NAPIPC_MORE_MESSAGES
#define NAPIPC_MORE_MESSAGES(REQUEST, CALLBACK, NOTIFICATION)
#endif

/* clang-format off */
#define NAPIPC_MESSAGES(REQUEST, CALLBACK, NOTIFICATION) \
    REQUEST(BIND, 1, NOTHING, bind, no, handle_bind) \
    REQUEST(UNBIND, 2, BINDING, no, no, handle_unbind) \
    REQUEST(SOH_REQUEST, 3, ENFORCEMENT_CLIENT, soh_request, soh_request_reply, handle_soh_request) \
    REQUEST(SOH_RESPONSE, 4, ENFORCEMENT_CLIENT, soh_response, soh_response_reply, handle_soh_response) \
    REQUEST(CONNECTION_DOWN, 5, ENFORCEMENT_BINDING, connection_down, no, handle_connection_down) \
    REQUEST(SOH_CHANGE_FAILURE, 6, ENFORCEMENT_CLIENT, no, no, handle_soh_change_failure) \
    REQUEST(REGISTER, 7, ADMINISTRATOR, register, no, handle_register) \
    REQUEST(UNREGISTER, 8, ADMINISTRATOR, component_id, no, handle_unregister) \
    REQUEST(LIST_COMPONENTS, 9, NOTHING, list_components, list_components_reply, handle_list_components) \
    REQUEST(SET_ENABLED, 10, ADMINISTRATOR, set_enabled, no, handle_set_enabled) \
    REQUEST(GET_STATE, 11, NOTHING, no, get_state_reply, handle_get_state) \
    REQUEST(LIST_CONNECTIONS, 12, NOTHING, list_connections, list_connections_reply, handle_list_connections) \
    REQUEST(WATCH, 13, NOTHING, no, no, handle_watch) \
    REQUEST(SOH_CHANGE, 14, HEALTH_AGENT, no, no, handle_soh_change) \
    REQUEST(FLUSH_CACHE, 15, HEALTH_AGENT, no, no, handle_flush_cache) \
    REQUEST(WATCH_STATE, 16, NOTHING, no, no, handle_watch_state) \
    /* RAS connections: this machine as client; see ras.h */ \
    REQUEST(RAS_LIST, 20, NOTHING, ras_list, ras_list_reply, handle_ras_list) \
    REQUEST(RAS_GET, 21, NOTHING, ras_handle, ras_get_reply, handle_ras_get) \
    REQUEST(RAS_NAP_STATUS, 22, NOTHING, ras_handle, ras_nap_status_reply, handle_ras_nap_status) \
    REQUEST(RAS_ADD, 23, ADMINISTRATOR, ras_add, ras_add_reply, handle_ras_add) \
    REQUEST(RAS_REMOVE, 24, ADMINISTRATOR, ras_handle, no, handle_ras_remove) \
    REQUEST(RAS_HANG_UP, 25, DIALED_OR_ADMINISTRATOR, ras_handle, no, handle_ras_hang_up) \
    REQUEST(RAS_CLEAR, 26, NOTHING, ras_handle, no, handle_ras_clear) \
    REQUEST(RAS_WATCH, 27, NOTHING, no, no, handle_ras_watch) \
    REQUEST(RAS_GET_PATTERNS, 28, NOTHING, no, ras_patterns, handle_ras_get_patterns) \
    REQUEST(RAS_SET_PATTERNS, 29, ADMINISTRATOR, ras_patterns, no, handle_ras_set_patterns) \
    /* RRAS: this machine as a remote access server; see rras.h */ \
    REQUEST(RRAS_ADD, 30, ADMINISTRATOR, rras_add, rras_add_reply, handle_rras_add) \
    REQUEST(RRAS_UPDATE, 31, ADMINISTRATOR, rras_update, rras_count_reply, handle_rras_update) \
    REQUEST(RRAS_REMOVE, 32, ADMINISTRATOR, rras_select, rras_count_reply, handle_rras_remove) \
    REQUEST(RRAS_LIST, 33, ADMINISTRATOR, rras_list, rras_list_reply, handle_rras_list) \
    REQUEST(RRAS_GET, 34, ADMINISTRATOR, rras_select, rras_list_reply, handle_rras_get) \
    REQUEST(RRAS_SET_SERVER, 35, ADMINISTRATOR, rras_set_server, no, handle_rras_set_server) \
    REQUEST(RRAS_GET_SERVER, 36, ADMINISTRATOR, no, rras_server_reply, handle_rras_get_server) \
    REQUEST(RRAS_CLEAR_STATISTICS, 37, ADMINISTRATOR, rras_select, no, handle_rras_clear_statistics) \
    REQUEST(RRAS_REMOVE_QUARANTINE, 38, ADMINISTRATOR, rras_select, rras_count_reply, handle_rras_remove_quarantine) \
    REQUEST(RRAS_DISCONNECT, 39, ADMINISTRATOR, rras_select, no, handle_rras_disconnect) \
    REQUEST(RRAS_WATCH, 40, ADMINISTRATOR, no, no, handle_rras_watch) \
    /* RAS connections that the agent makes, by the administrator's dialer */ \
    REQUEST(RAS_DIAL, 41, NOTHING, ras_dial, ras_dial_reply, handle_ras_dial) \
    REQUEST(RAS_DIAL_NEXT, 42, NOTHING, ras_dial_next, ras_dial_next_reply, handle_ras_dial_next) \
    /* validators: this machine as health policy server; see validator.h */ \
    REQUEST(VALIDATOR_REGISTER, 50, ADMINISTRATOR, validator_register, no, handle_validator_register) \
    REQUEST(VALIDATOR_UNREGISTER, 51, ADMINISTRATOR, validator_id, no, handle_validator_unregister) \
    REQUEST(VALIDATOR_SET_MAPPING, 52, ADMINISTRATOR, validator_mapping, no, handle_validator_set_mapping) \
    REQUEST(VALIDATOR_LIST, 53, NOTHING, validator_list, validator_list_reply, handle_validator_list) \
    REQUEST(VALIDATOR_SET_ENABLED, 54, ADMINISTRATOR, validator_enabled, no, handle_validator_set_enabled) \
    /* to a bound client of either kind, or to a watcher */ \
    CALLBACK(NOTIFY_SOH_CHANGE, 64, ENFORCEMENT_BINDING, no, no, "NotifySoHChange") \
    CALLBACK(GET_CONNECTIONS, 65, ENFORCEMENT_BINDING, no, get_connections_reply, "GetConnections") \
    NOTIFICATION(ISOLATION_CHANGED, 66, isolation_changed) \
    NOTIFICATION(RAS_CHANGED, 67, ras_changed) \
    NOTIFICATION(STATE_CHANGED, 68, no) \
    NOTIFICATION(RRAS_CHANGED, 74, no) \
    CALLBACK(AGENT_GET_SOH, 80, HEALTH_BINDING, agent_get_soh, agent_get_soh_reply, "GetSoHRequest") \
    CALLBACK(AGENT_PROCESS_RESPONSE, 81, HEALTH_BINDING, agent_process_response, agent_fixup_reply, "ProcessSoHResponse") \
    CALLBACK(AGENT_ISOLATION_CHANGED, 82, HEALTH_BINDING, no, no, "NotifySystemIsolationStateChange") \
    CALLBACK(AGENT_GET_FIXUP_INFO, 83, HEALTH_BINDING, no, agent_fixup_reply, "GetFixupInfo") \
    CALLBACK(AGENT_ORPHANED, 84, HEALTH_BINDING, agent_orphaned, no, "NotifyOrphanedSoHRequest") \
    /* to naphost, over its standard input */ \
    CALLBACK(VALIDATE, 90, NOTHING, validate, validate_reply, "Validate") \
    /* to napserver, over its own pipe */ \
    CALLBACK(JUDGE, 91, ADMINISTRATOR, judge, judge_reply, "Validate") \
    /* to naphost, over its standard input: what a component says about itself; see information.h */ \
    CALLBACK(COMPONENT_INFO, 95, NOTHING, component_info, component_info_reply, "INapComponentInfo") \
    CALLBACK(COMPONENT_CONFIG, 96, NOTHING, no, component_config_reply, "INapComponentConfig") \
    NAPIPC_MORE_MESSAGES(REQUEST, CALLBACK, NOTIFICATION)
/* clang-format on */

#endif
