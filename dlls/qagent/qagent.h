/*
 * What the files of qagent.dll share. main.c tells how the DLL works.
 */
#ifndef WINE_NAP_QAGENT_H
#define WINE_NAP_QAGENT_H

#include <stdbool.h>
#include <stddef.h>
#include <windows.h>
#include <objbase.h>

#include "napenforcementclient.h"
#include "napmanagement.h"
#include "naperror.h"

#include "libs/comclass/comclass.h"
#include "libs/napclient/napclient.h"

/* ---- the classes: each makes an object and queries it for riid ---- */

HRESULT enforcement_binding_create(REFIID riid, void **object);
HRESULT client_management_create(REFIID riid, void **object);
/* A connection object of enforcement client `id`. */
HRESULT connection_create(EnforcementEntityId id, INapEnforcementClientConnection **connection);

/* ---- callback.c: the client's callback, reachable from any thread ---- */

/*
 * A callback target holds the client's INapEnforcementClientCallback. Calls go
 * through an object of ours in the client's apartment, which counts who is
 * inside and can be cut off from the client at any moment.
 */
struct callback_target;

/* To be called on the thread that gave `callback`; holds a reference to it. */
HRESULT callback_target_create(INapEnforcementClientCallback *callback,
    struct callback_target **target);
/*
 * Gives up the client's object: calls from now on end with RPC_E_DISCONNECTED,
 * those inside go on. Outside of a single-threaded client's own thread the
 * object cannot be released any more and is left to its apartment. May be
 * called more than once.
 */
void callback_target_close(struct callback_target *target);
/*
 * Waits until no call is under way, calls that are inside the client on the
 * current thread aside, or `timeout` ms have passed.
 */
void callback_target_wait(struct callback_target *target, DWORD timeout);
/* Frees the target when the last call has left. Takes NULL. */
void callback_target_release(struct callback_target *target);
/*
 * Between the two callback_target_wait() waits, whether or not the call has reached the client
 * already: one that waits for a single-threaded client's thread is under way. The target lives
 * until callback_target_end().
 */
void callback_target_begin(struct callback_target *target);
void callback_target_end(struct callback_target *target);

/* Does this result of a callback say that the client is gone? */
bool callback_says_gone(HRESULT hr);
/*
 * From a worker in the multithreaded apartment. A result that says that the
 * client is gone has closed the target.
 */
HRESULT callback_target_notify(struct callback_target *target);
/* On success *connections is to be freed by free_connections(). */
HRESULT callback_target_get_connections(struct callback_target *target,
    Connections **connections);
void free_connections(Connections *connections);

/* ---- worker.c: threads of the multithreaded apartment for callbacks ---- */

/* Runs function(context) on a worker. False: no thread and no memory for one. */
bool worker_run(void (*function)(void *context), void *context);

/* ---- apartment.c ---- */

/* How the calling thread must wait: NULL outside of single-threaded apartments. */
agent_wait_function apartment_wait(void);
bool apartment_is_single_threaded(void);

/* ---- activity.c: who is inside an object, by thread ---- */

struct activity
{
    struct activity *next;
    DWORD thread;
};

struct activities
{
    struct activity *first;
    unsigned int announced; /* those that will enter, until after they have left */
    CONDITION_VARIABLE left;
};

/* `lock` guards the list and is held exclusively. `activity` lives on the caller's stack. */
void activity_enter(struct activities *activities, struct activity *activity);
void activity_leave(struct activities *activities, struct activity *activity);
/* Somebody is on the way in, on whatever thread; takes it back after that one has left. */
void activity_announce(struct activities *activities);
void activity_retract(struct activities *activities);
/* Waits until only the current thread is inside or announced, or `timeout` ms have passed. Gives up `lock`
 * meanwhile; a single-threaded apartment's messages are pumped. */
void activities_wait(struct activities *activities, SRWLOCK *lock, DWORD timeout);

/* ---- memory.c: COM task memory, and structures of the wire ---- */

/* CoTaskMemAlloc and copy; NULL when memory is short. */
void *task_copy(const void *data, size_t size);
/* Fills `to` with a terminated copy. */
HRESULT task_string(CountedString *to, const WCHAR *text, size_t length);
/* An allocated structure with an allocated string. */
HRESULT task_counted_string(CountedString **to, const WCHAR *text, size_t length);

/* What is left of a string that a program gave: cut at the first NUL. E_INVALIDARG: more than
 * maxStringLength characters, or a length without characters. */
HRESULT string_to_wire(const CountedString *string, struct napipc_string *wire);
HRESULT string_from_wire(const struct napipc_string *wire, CountedString *string);
HRESULT isolation_from_wire(const struct napipc_isolation *wire, IsolationInfoEx **info);
/* The same without the extended state; takes over and frees `info`. */
HRESULT isolation_without_extended_state(IsolationInfoEx *info, IsolationInfo **out);
void free_isolation_info(IsolationInfo *info);
void free_isolation_info_ex(IsolationInfoEx *info);
void free_network_soh(NetworkSoH *soh);
void free_private_data(PrivateData *data);

#endif
