/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * An enforcement client for tests: registered and enabled once for a program, with a binding and a
 * callback object for each test.
 */

#ifndef WINE_NAP_TESTS_ENFORCER_H
#define WINE_NAP_TESTS_ENFORCER_H

#include "contract.h"

#include <objbase.h>
#include <napenforcementclient.h>

#include "agent.h"
#include "response.h"
#include "spy.h"

/* Registered and enabled by enforcer_tests_begin() */
#define ENFORCER_ID 0x00abcd01u
/* Never registered */
#define UNKNOWN_ID 0x00abcd7fu

#define ALREADY_INITIALIZED HRESULT_FROM_WIN32(ERROR_ALREADY_INITIALIZED)

/* An out variable before the call: programs do not clear it. */
#define GARBAGE ((void *)(ULONG_PTR)0xdeadbeef)

/* A callback object. Zeroed, with its vtable and refs 1, it returns S_OK and has no connections. */
struct enforcer
{
    INapEnforcementClientCallback INapEnforcementClientCallback_iface;
    LONG refs;
    /* The calls that came: */
    LONG notified;  /* calls of NotifySoHChange that returned */
    LONG inside;    /* calls of NotifySoHChange that have not */
    LONG asked;     /* calls of GetConnections that returned */
    DWORD thread;   /* of the last call */
    ULONGLONG when; /* GetTickCount64 at the end of the last NotifySoHChange */
    HANDLE called;  /* set at the end of each call */
    /* The behaviour of the callbacks: */
    HRESULT notify_result;
    HRESULT connections_result;
    HRESULT (*on_notify)(struct enforcer *enforcer);   /* instead of notify_result */
    void (*on_connections)(struct enforcer *enforcer); /* before GetConnections answers */
    INapEnforcementClientConnection *connections[maxConnectionCountPerEnforcer];
    UINT16 connection_count;
    INapEnforcementClientBinding *binding; /* for on_notify */
    HRESULT inner_result;                  /* results of on_notify's own calls */
    BOOL inner_hint;
};

extern INapEnforcementClientBinding *binding; /* of the running test */
extern struct enforcer enforcer;              /* its callback object */
extern INapEnforcementClientCallback *const callback;

/* Group setup and teardown: COM in the multithreaded apartment (or with the program's main thread
 * in a single-threaded one), the memory spy, ENFORCER_ID. */
int enforcer_tests_begin(void);
int enforcer_tests_begin_single_threaded(void);
int enforcer_tests_end(void);

/* Each test has a fresh binding object and callback object; after it there is no reference to
 * the callback, no task memory is lost and none was freed twice. */
#define ENFORCER_TEST(name) TEST_WITH(name, enforcer_create, enforcer_destroy)
/* The same, and the binding is initialized with ENFORCER_ID. */
#define BOUND_TEST(name) TEST_WITH(name, enforcer_bind, enforcer_destroy)
int enforcer_create(void);
int enforcer_bind(void);
int enforcer_destroy(void);

void enforcer_init(struct enforcer *object);
void enforcer_clear(struct enforcer *object);
INapEnforcementClientBinding *binding_create(void);
/* Waits until NotifySoHChange (or GetConnections) has returned `count` times; false: it did not
 * within `timeout` ms. */
bool enforcer_notified(struct enforcer *object, LONG count, DWORD timeout);
bool enforcer_asked(struct enforcer *object, LONG count, DWORD timeout);
/* Waits a little until there is no reference to the callback object; the agent's last references
 * are released when its worker is out of the callback. */
bool enforcer_released(struct enforcer *object);
/* Waits a little until it has that many references: a pending call has one more. */
bool enforcer_refs_become(struct enforcer *object, LONG refs);
/* Waits a little until the binding is no longer initialized. */
bool binding_is_free(void);
/* Makes the agent call NotifySoHChange in `ms`: a connection whose probation ends then. `object`
 * must keep it up and release it. */
INapEnforcementClientConnection *enforcer_probation(int ms);

/* Fails the test if it does not succeed. */
INapEnforcementClientConnection *connection_create(void);
void connection_release(INapEnforcementClientConnection *connection);
/* GetSoHRequest of the binding. */
void request_soh(INapEnforcementClientConnection *connection);
/* A response to the connection's last request. */
void start_response(INapEnforcementClientConnection *connection, struct response *response);
/* Sets the response on the connection. */
void set_response(INapEnforcementClientConnection *connection, const struct response *response);
/* An exchange with this decision. */
void decide(INapEnforcementClientConnection *connection, IsolationState state, UINT64 probation_end,
        const char *url);
IsolationState isolation_of(INapEnforcementClientConnection *connection);
void free_isolation(IsolationInfo *info);
void free_isolation_ex(IsolationInfoEx *info);
void free_soh(NetworkSoH *soh);
void free_data(PrivateData *data);

#endif
