/*
 * napagent: the service that DLLs and napctl talk to.
 *
 *   main.c      the process: service, console, install, uninstall
 *   server.c    the pipe: one thread, one completion port, all the clients
 *   host.c      what the engine asks for: clocks, sending, store, log
 *   store.c     component registrations in the registry
 *   machine.c   what an SSoH says of this machine
 *   access.c    who may change registrations
 */
#ifndef WINE_NAP_NAPAGENT_H
#define WINE_NAP_NAPAGENT_H

#include <stdbool.h>
#include <windows.h>

#include "libs/engine/engine.h"

/* The service's log, where Parameters\LogFile says nothing. */
#define DEFAULT_LOG_FILE L"%SystemRoot%\\Logs\\napagent.log"

/* ---- server.c ---- */

struct server;

/* Makes the pipe and the engine. A Win32 error, ERROR_PIPE_BUSY if the pipe's name is taken. */
DWORD server_create(struct server **server);
/* Serves until server_stop(). */
void server_run(struct server *server);
/* Ends server_run(); may be called from any thread, more than once. */
void server_stop(struct server *server);
void server_destroy(struct server *server);

/* ---- store.c ---- */

/* Puts every readable component of the registry into the engine; says in the log what is not
 * readable, and leaves it where it is. */
void store_load(struct engine *engine);
/* Results are HRESULTs; when S_OK comes back the registry has the change. */
HRESULT store_save(uint32_t kind, const struct napipc_component *component, bool enabled);
/* The cached SoH of a health agent; size 0 erases it. */
HRESULT store_save_cache(uint32_t id, const void *soh, size_t size);
HRESULT store_erase(uint32_t kind, uint32_t id);
/* Adds those of Microsoft's own enforcement clients that are not there. A Win32 error. */
DWORD store_add_defaults(void);

/* ---- machine.c ---- */

void machine_describe(struct engine_machine *machine);

/* ---- access.c ---- */

/* Is the process at the other end of this pipe instance an administrator's? */
bool client_is_administrator(HANDLE pipe, DWORD process);

/* ---- install.c ---- */

/* Exit codes: 0 done, 1 failed (and said why on stderr). */
int install_service(void);
int uninstall_service(bool purge);

#endif
