/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * napagent: the service that DLLs and napctl talk to.
 *
 *   main.c      the process: the service (libs/service), a console
 *   install.c   --install and --uninstall
 *   server.c    the pipe: one thread, one completion port
 *   client.c    its clients: receives and sends their frames
 *   crowd.c     the many clients that must not delay others
 *   host.c      the engine's host: clocks, sending, store, log
 *   fields.c    records in the registry, by tables of fields
 *   registry.c  changes of the registry, each complete or not at all
 *   journal.c   the file that has each change before the registry has it
 *   store.c     component registrations in the registry
 *   ras_store.c RAS connections in the registry
 *   rras_store.c  the remote access server's connections in the registry
 *   machine.c   describes this machine for SSoHs
 *   interfaces.c  the network interfaces of the host
 *   process.c   the processes of the clients, and how many connections each has
 *   hook.c      runs the administrator's hook and dialer
 *   group_policy.c   the settings of Group Policy, and a watch on them
 */
#ifndef WINE_NAP_NAPAGENT_H
#define WINE_NAP_NAPAGENT_H

#include <stdbool.h>
#include <windows.h>

#include "libs/engine/engine.h"

/* ---- server.c ---- */

struct server;

/* Creates pipe and engine. Returns a Win32 error, ERROR_PIPE_BUSY if the pipe's name is taken. */
DWORD server_create(struct server **server);
/* Serves until server_stop(). */
void server_run(struct server *server);
/* Ends server_run(); may be called from any thread, more than once. */
void server_stop(struct server *server);
void server_destroy(struct server *server);

/* ---- store.c ---- */

/* Adds every readable component of the registry to the engine. Logs unreadable ones, and leaves
 * them in the registry. */
void store_load(struct engine *engine);
/* The store of the engine's host; `context` is not used. Results are HRESULTs. S_OK: the change is
 * on the disk and in the registry; else nothing has changed. */
uint32_t store_save_component(
        void *context, uint32_t kind, const struct napipc_component *component, bool enabled);
uint32_t store_erase_component(void *context, uint32_t kind, uint32_t id);
/* The cached SoH of a health agent; size 0 erases it. */
uint32_t store_save_cache(void *context, uint32_t id, const void *soh, size_t size);
/* Saves that no correlation id has had this time stamp or a later one. */
uint32_t store_save_time_stamp(void *context, uint64_t limit);
/* For the stores: logs a failure, and returns the HRESULT of `error`. */
uint32_t store_result(uint32_t id, const char *what, DWORD error);
/* For the stores: registry_commit(), and its result. */
uint32_t store_commit(uint32_t id, const char *what);
/* Adds Microsoft's own enforcement clients that are missing. Returns a Win32 error. */
DWORD store_add_defaults(void);

/* ---- router.c ---- */

/* Configures the transports that every router has, if nothing is configured. Returns a Win32 error.
 */
DWORD router_add_defaults(void);
/* Removes the router configuration. Returns a Win32 error. */
DWORD router_remove(void);

/* ---- validator_store.c ---- */

/* For the registered validators, as store_load() and the others for components. */
void validator_store_load(struct engine *engine);
uint32_t validator_store_save(void *context, const struct napipc_validator *validator);
uint32_t validator_store_erase(void *context, uint32_t id);

/* ---- ras_store.c ---- */

/* For RAS connections and their settings, as store_load() and the others for components. */
void store_load_ras(struct engine *engine);
uint32_t store_save_ras(void *context, const struct engine_ras_record *record);
uint32_t store_erase_ras(void *context, uint32_t handle);
uint32_t store_save_ras_handle(void *context, uint32_t last);
uint32_t store_save_ras_patterns(void *context, struct napipc_string patterns);

/* ---- rras_store.c ---- */

/* Adds the connections of the remote access server to the engine, and drops those whose interface
 * no longer exists. */
void rras_store_load(struct engine *engine);
/* Results as above; size 0 erases the record. */
uint32_t rras_store_end_with_boot(void *context, uint32_t id);
uint32_t rras_store_save(void *context, uint32_t id, const void *record, size_t size);
uint32_t rras_store_save_server(void *context, bool enabled, uint32_t next_id);

/* ---- machine.c ---- */

void machine_describe(struct engine_machine *machine);

/* ---- interfaces.c ---- */

/* Lists the network interfaces of the host; the caller free()s *list. False: the host's list cannot
 * be read, or no memory. */
bool interfaces_list(struct engine_interface **list, size_t *count);

/* The kind by what /sys/class/net/NAME has: `type` (ARPHRD_*), `uevent`, and whether there is
 * `tun_flags`. */
enum engine_interface_kind interface_kind(
        unsigned long type, const char *uevent, bool has_tun_flags);

/* bit/s by what /sys/class/net/NAME/speed has; 0: unknown. */
uint64_t interface_speed(const char *text);

/* The kind by an IF_TYPE_* of Wine's iphlpapi, if /sys does not know the interface. */
enum engine_interface_kind interface_kind_of_iphlpapi(unsigned long type);

/* ---- group_policy.c ---- */

struct group_policy_watch;

void group_policy_read(struct engine_group_policy *policy);
/* Posts `message`, as a key without OVERLAPPED, to the port now and whenever the values of
 * group_policy_read() may have changed. NULL: no memory or no thread. */
struct group_policy_watch *group_policy_watch_create(HANDLE port, ULONG_PTR message);
/* Takes NULL. */
void group_policy_watch_destroy(struct group_policy_watch *watch);

/* ---- main.c ---- */

extern const struct service agent_service;

/* ---- install.c ---- */

/* Exit codes: 0 done, 1 failed, with the reason on stderr. */
int install_service(void);
int uninstall_service(bool purge);

#endif
