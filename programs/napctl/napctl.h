/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * napctl: the command line of the agent.
 *
 *   main.c        finds the command, and runs it
 *   options.c     the table of commands, parse.c, values.c: see options.h
 *   show.c        show state, show connections
 *   components.c, information.c, inquiry.c   what components say; see inquiry.h
 *   watch*.c      watch
 *   describe.c, state_json.c   the state in words and as JSON, for both
 *   config.c      show config
 *   list.c        the agent's lists, which come in pages
 *   log.c         show log
 *   enable.c      enforcement enable, disable; agent enable, disable
 *   register.c    enforcement register, unregister; agent register, unregister
 *   health*.c     health; health enable, disable
 *   selftest*.c   selftest
 *   validator.c   validator list, enable, disable, map
 *   ras.c         ras list, add, remove, patterns
 *   rras*.c       rras add, update, remove, list, load, enable, disable
 *   decode.c, decode_json.c, validate.c   work on files, without an agent
 *   file.c        whole files
 *   output.c      text for people
 *   json.c        JSON
 *
 * Exit codes: 0 done, 1 failed (one line on stderr says what), 2 wrong usage.
 */
#ifndef WINE_NAP_NAPCTL_H
#define WINE_NAP_NAPCTL_H

#include <stdbool.h>
#include <stdio.h>
#include <windows.h>

#include "libs/napclient/napclient.h"
#include "libs/text/guid.h"

enum
{
    EXIT_DONE = 0,
    EXIT_FAILED = 1,
    EXIT_USAGE = 2
};

struct options;
struct inquiry; /* inquiry.h */

/* The commands; the result is the exit code. */
int show_state(const struct options *options);
int show_components(const struct options *options);
int show_connections(const struct options *options);
int show_config(const struct options *options);
int show_log(const struct options *options);
int watch(const struct options *options);
int enforcement_enable(const struct options *options);
int enforcement_disable(const struct options *options);
int agent_enable(const struct options *options);
int agent_disable(const struct options *options);
int enforcement_register(const struct options *options);
int enforcement_unregister(const struct options *options);
int agent_register(const struct options *options);
int agent_unregister(const struct options *options);
int validator_list(const struct options *options);
int validator_enable(const struct options *options);
int validator_disable(const struct options *options);
int validator_map(const struct options *options);
int health(const struct options *options);
int health_enable(const struct options *options);
int health_disable(const struct options *options);
int selftest(const struct options *options);
int ras_list(const struct options *options);
int ras_add(const struct options *options);
int ras_remove(const struct options *options);
int ras_patterns(const struct options *options);
int rras_add(const struct options *options);
int rras_update(const struct options *options);
int rras_remove(const struct options *options);
int rras_list(const struct options *options);
int rras_load(const struct options *options);
int rras_enable(const struct options *options);
int rras_disable(const struct options *options);
int decode(const struct options *options);
int validate(const struct options *options);

/* ---- list.c ---- */

/* Sends a request that only reads. It starts the agent unless somebody stopped it in order: Wine
 * ends services with the last program, so to whoever types a command the agent runs. */
HRESULT ask_to_read(struct napipc_message *request, struct agent_reply *reply);
/* Calls `take` for each, by ascending id or number. Returns the agent's result. Uses ask_to_read()
 * if `session` is NULL. */
HRESULT each_component(struct agent_session *session, uint32_t kind,
        void (*take)(void *context, const struct napipc_listed_component *listed), void *context);
HRESULT each_connection(struct agent_session *session,
        void (*take)(void *context, const struct napipc_listed_connection *listed), void *context);

/* ---- validator.c ---- */

/* The same for the registered system health validators. */
HRESULT each_validator(
        void (*take)(void *context, const struct napipc_validator *validator), void *context);

/* ---- output.c ---- */

/* Prints to stderr that `what` failed, why, and the remedy if one is known; returns EXIT_FAILED. */
int report_failure(HRESULT hr, const char *what);
/* Prints "napctl: TEXT" to stderr; returns EXIT_USAGE. */
int report_usage(const char *text);

/* For the beginning of the program: all output is UTF-8, so a console is made to take that. Its old
 * code page comes back at the end. */
void open_output(void);
/* Flushes standard output. False: that failed. The error is on stderr, except for a pipe, whose
 * reader wants no more when it has ended. */
bool flush_output(void);
/* Flushes at the end. Returns the exit code: `code`, or EXIT_FAILED if that failed. */
int finish_output(int code);

/* Text that others control is printed by these, by describe.c's text_units() or as JSON, never by
 * printf(). They print one line without control characters (libs/text/visible.h). */
void format_visible(const char *utf8, char *text, size_t size);
void print_visible(FILE *to, const char *utf8);
/* Prints the name before a value. The words are those of netsh nap client, if it has them. */
void print_name(const char *indent, const char *name);
/* Prints "napctl: TEXT" to stderr in the same way. "%ls" is as in libs/text/format.h. */
void complain(const char *format, ...) __attribute__((format(printf, 1, 2)));
/* The same for UTF-16LE code units of the wire; `text` has UNITS_TEXT bytes. */
#define UNITS_TEXT (NAPIPC_MAX_STRING * 3 + 1)
void format_units(const struct napipc_string *string, char *text);
void print_units(FILE *to, const struct napipc_string *string);
/* Prints a line of a component: the name and the text; nothing if that is empty. */
void print_present(const char *name, const struct napipc_string *text);
/* A FILETIME as 2026-11-21T03:15:02Z. */
void format_time(uint64_t filetime, char *text, size_t size);
void print_time(FILE *to, uint64_t filetime);
void format_guid(const struct napipc_guid *guid, char text[GUID_TEXT_SIZE]);
void print_guid(FILE *to, const struct napipc_guid *guid);

/* IsolationState and ExtendedIsolationState in words. */
const char *isolation_state_name(uint32_t state);
const char *extended_state_name(uint32_t state);
const char *fixup_state_name(uint32_t state);

const char *failure_category_name(uint8_t category);

/* FixupInfo's percentage if there is no progress to report; from public SDK headers. */
#define PERCENTAGE_NOT_SUPPORTED 101

/* ---- describe.c ---- */

/* A UTF-8 text that is built in parts; what exceeds its capacity is cut. */
struct text
{
    size_t length;
    char bytes[8192];
};

void text_add(struct text *text, const char *format, ...) __attribute__((format(printf, 2, 3)));
void text_units(struct text *text, const struct napipc_string *string);
void text_time(struct text *text, uint64_t filetime);
void text_guid(struct text *text, const struct napipc_guid *guid);
/* HRESULTs, with their names. */
void text_codes(struct text *text, const uint32_t *codes, uint16_t count);
/* Enabled or disabled, by Group Policy if `policy` is true; initialized or not. */
void text_bound(struct text *text, bool policy, const struct napipc_listed_component *listed);
void text_isolation(struct text *text, const struct napipc_isolation *isolation);
/* The state of a health agent's fix-up; a server's last verdict on the health agent. */
void text_remediation(struct text *text, const struct napipc_fixup *fixup);
void text_verdict(struct text *text, const struct napipc_health *health);

/* ---- json.c ---- */

/*
 * A JSON writer. It escapes every control character of libs/text/visible.h, so that nothing is lost
 * and the output can be shown as it is. Values come in the order of the calls; commas and nesting
 * are the writer's. `name` is NULL inside arrays.
 */
struct json
{
    FILE *to;
    unsigned int depth;
    bool empty; /* nothing yet in the innermost object or array */
    bool one_line;
};

void json_open(struct json *json, const char *name, char bracket);
void json_close(struct json *json, char bracket);
void json_number(struct json *json, const char *name, uint64_t value);
void json_bool(struct json *json, const char *name, bool value);
void json_null(struct json *json, const char *name);
void json_text(struct json *json, const char *name, const char *utf8);
void json_units(struct json *json, const char *name, const struct napipc_string *string);
/* An HRESULT, as "0x80270004". */
void json_code(struct json *json, const char *name, uint32_t code);
void json_guid(struct json *json, const char *name, const struct napipc_guid *guid);
/* null for 0 */
void json_time(struct json *json, const char *name, uint64_t filetime);

/* ---- state_json.c: objects of that name, or NULL in arrays ---- */

/* `state` NULL: the agent is not running. */
void put_agent(struct json *json, const struct napipc_get_state_reply *state);
void put_isolation(struct json *json, const char *name, const struct napipc_isolation *isolation);
/* With what the component says about itself, or NULL: it was not asked. */
void put_component(struct json *json, const char *name, uint32_t kind, bool policy,
        const struct napipc_listed_component *listed, const struct inquiry *information);
void put_connection(
        struct json *json, const char *name, const struct napipc_listed_connection *listed);

#endif
