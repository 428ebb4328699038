/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * A health agent for tests (SHA): it records its callbacks; the test sets its answers.
 */

#ifndef WINE_NAP_TESTS_SHA_H
#define WINE_NAP_TESTS_SHA_H

#include "connection_fixture.h"

#include <napprotocol.h>
#include <napsystemhealthagent.h>

/* Registered during a test */
#define SHA_ID 0x00abce01u
#define SECOND_SHA_ID 0x00abce02u
/* Never registered */
#define UNKNOWN_SHA_ID 0x00abce7fu

#define SOON 3000 /* ms: notifications that come by themselves have come by then */
#define SOH_CAPACITY 8192

/* An SoH as on the wire. */
struct soh_bytes
{
    size_t size;
    BYTE bytes[SOH_CAPACITY];
};

/* A callback object. After sha_init() it sets no SoH, returns S_OK from all methods and E_NOTIMPL
 * from CompareSoHRequests. */
struct sha
{
    INapSystemHealthAgentCallback INapSystemHealthAgentCallback_iface;
    LONG refs;
    SystemHealthEntityId id;
    INapSystemHealthAgentBinding *binding;
    /* The calls that have returned: */
    LONG asked;                                   /* GetSoHRequest */
    LONG answered;                                /* ProcessSoHResponse */
    LONG changed;                                 /* NotifySystemIsolationStateChange */
    LONG mended;                                  /* GetFixupInfo */
    LONG compared;                                /* CompareSoHRequests */
    LONG orphaned;                                /* NotifyOrphanedSoHRequest */
    LONG inside;                                  /* calls of any kind that have not returned */
    DWORD thread;                                 /* of the last call */
    HANDLE called;                                /* set at the end of each call */
    CorrelationId asked_for, answered_to, orphan; /* of the last call of each kind */
    UINT8 flags;                                  /* of the last response */
    struct soh_bytes response;                    /* the last response */
    struct soh_bytes left, right;                 /* the last SoHs to be compared */
    /* The behaviour of the callbacks: */
    const char *product; /* its SoH has its id and this Product-Name; NULL: it sets none */
    BOOL cache;          /* cacheSohForLaterUse */
    DWORD delay;         /* ms that GetSoHRequest takes */
    HRESULT request_result;
    HRESULT response_result;
    HRESULT fixup_result;
    HRESULT compare_result;
    BOOL equal;
    FixupState fixup_state;
    Percentage fixup_percentage;
    HRESULT (*on_request)(struct sha *sha, INapSystemHealthAgentRequest *request); /* instead */
    HRESULT (*on_response)(struct sha *sha, INapSystemHealthAgentRequest *request);
    HRESULT (*on_change)(struct sha *sha);
    void (*on_fixup)(struct sha *sha); /* before GetFixupInfo returns */
    HRESULT inner_result;              /* results of their own calls */
};

extern struct sha sha; /* of the running test */
extern INapSystemHealthAgentCallback *const sha_callback;

/* Group setup and teardown: those of the enforcement client. */
#define sha_tests_begin enforcer_tests_begin
#define sha_tests_end enforcer_tests_end

/* Each test has a bound enforcement client with a connection, and SHA_ID registered, without cached
 * SoH, with a new binding object that is not initialized. */
#define SHA_TEST(name) TEST_WITH(name, sha_begin, sha_end)
/* The same, and it is initialized and has an SoH. */
#define BOUND_SHA_TEST(name) TEST_WITH(name, sha_begin_bound, sha_end)
int sha_begin(void);
int sha_begin_bound(void);
int sha_end(void);

void sha_init(struct sha *object, SystemHealthEntityId id);
INapSystemHealthAgentBinding *sha_binding_create(void);
/* Another health agent: registered, its binding initialized, with an SoH. Fails the test if that is
 * impossible. sha_end() also cleans up after a failed test. */
struct sha *sha_start(SystemHealthEntityId id);
/* Undoes it; fails the test if references are left. */
void sha_stop(struct sha *object);

/* Waits until a counter of `object` has reached `count`; false: not within `timeout` ms. */
bool sha_reaches(struct sha *object, const LONG *counter, LONG count, DWORD timeout);
/* Waits until it is inside a callback. */
bool sha_is_inside(struct sha *object);
/* Waits a little until there is no reference to the callback object. */
bool sha_released(struct sha *object);
/* Waits a little until it has that many references: a pending call has one more. */
bool sha_refs_become(struct sha *object, LONG refs);

/* The SoH of a health agent with this id and product. */
struct small_soh
{
    SoH soh;
    SoHAttribute attributes[2];
    BYTE id[4];
};
const SoH *small_soh(struct small_soh *small, SystemHealthEntityId id, const char *product);
void soh_write(const SoH *soh, struct soh_bytes *bytes);
/* Frees an SoH that the NAP system allocated. */
void free_agent_soh(SoH *soh);

/* GetSoHRequest on the test's connection; returns the hint. */
BOOL ask(void);
/* Whatever the agent calls the clients of this program for because of what was done before has come
 * when this returns: callbacks are sent when their cause is there, in order, and what follows from
 * an answer is sent before the second request is. The requests have no answer. */
void callbacks_have_come(void);
/* The same as ask(), and the test's health agent has this SoH cached; then it sets none, as told by
 * its `product`, which is NULL afterwards. */
void cache_soh(const char *product);
/* Checks that the connection's request has this entry. */
void assert_entry(SystemHealthEntityId id, const void *entry, size_t size);
/* ... made by a health agent with this product. */
void assert_reported(SystemHealthEntityId id, const char *product);
/* Has it? The connection has a request, with or without an entry of this health agent. */
bool has_reported(SystemHealthEntityId id, const char *product);
/* ... that the NAP system made, with this error code. */
void assert_made_by_system(SystemHealthEntityId id, HRESULT code);
/* Makes a response to the connection's request with an entry for each of these ids, or with
 * none. */
void respond(const UINT32 *ids, unsigned int count, bool fixup);
/* The same with entries for SHA_ID only. */
void respond_to_sha(bool fixup);

#endif
