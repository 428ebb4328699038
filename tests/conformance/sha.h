/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * A health agent of the tests (SHA): what it is told is written down, what it
 * answers the test says.
 */

#ifndef WINE_NAP_TESTS_SHA_H
#define WINE_NAP_TESTS_SHA_H

#include "connection_fixture.h"

#include <napprotocol.h>
#include <napsystemhealthagent.h>

/* Registered for the time of a test */
#define SHA_ID 0x00abce01u
#define SECOND_SHA_ID 0x00abce02u
/* Never registered */
#define UNKNOWN_SHA_ID 0x00abce7fu

#define SOON 3000 /* ms: what comes by itself has come by then */
#define SOH_ROOM 8192

/* An SoH as on the wire. */
struct soh_bytes
{
    size_t size;
    BYTE bytes[SOH_ROOM];
};

/* A callback object. As sha_init() leaves it, it sets no SoH, answers S_OK to all and
 * E_NOTIMPL to CompareSoHRequests. */
struct sha
{
    INapSystemHealthAgentCallback INapSystemHealthAgentCallback_iface;
    LONG refs;
    SystemHealthEntityId id;
    INapSystemHealthAgentBinding *binding;
    /* What came: calls that have returned */
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
    struct soh_bytes left, right;                 /* what was to be compared last */
    /* What to do */
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
    void (*on_fixup)(struct sha *sha); /* before GetFixupInfo answers */
    HRESULT inner_result;              /* of their own calls */
};

extern struct sha sha; /* of the running test */
extern INapSystemHealthAgentCallback *const sha_callback;

/* Group setup and teardown: those of the enforcement client. */
#define sha_tests_begin enforcer_tests_begin
#define sha_tests_end enforcer_tests_end

/* Each test has a bound enforcement client with a connection, and SHA_ID registered, without
 * cached SoH, with a fresh binding object that is not initialized. */
#define SHA_TEST(name) TEST_WITH(name, sha_begin, sha_end)
/* The same, and it is initialized and has an SoH. */
#define BOUND_SHA_TEST(name) TEST_WITH(name, sha_begin_bound, sha_end)
int sha_begin(void);
int sha_begin_bound(void);
int sha_end(void);

void sha_init(struct sha *object, SystemHealthEntityId id);
INapSystemHealthAgentBinding *sha_binding_create(void);
/* Another health agent: registered, its binding initialized, with an SoH. Fails the test if that
 * cannot be. What a failed test does not stop, sha_end() does. */
struct sha *sha_start(SystemHealthEntityId id);
/* Undoes it; fails the test if references are left. */
void sha_stop(struct sha *object);

/* Waits until a counter of `object` has reached `count`; false: not within `timeout` ms. */
bool sha_reaches(struct sha *object, const LONG *counter, LONG count, DWORD timeout);
/* Waits until it is inside a callback. */
bool sha_is_inside(struct sha *object);
/* Waits a little until nobody holds the callback object. */
bool sha_released(struct sha *object);
/* Waits a little until it holds so many: a call that is under way holds one more. */
bool sha_refs_become(struct sha *object, LONG refs);

/* The SoH that a health agent of this id with this product has. */
struct small_soh
{
    SoH soh;
    SoHAttribute attributes[2];
    BYTE id[4];
};
const SoH *small_soh(struct small_soh *small, SystemHealthEntityId id, const char *product);
void soh_write(const SoH *soh, struct soh_bytes *bytes);
/* Frees one that the NAP system allocated. */
void free_agent_soh(SoH *soh);

/* GetSoHRequest of the test's connection; the hint. */
BOOL ask(void);
/* The same, and the test's health agent has this SoH cached; then it sets none, as told by its
 * `product`, which is NULL afterwards. */
void cache_soh(const char *product);
/* The request of the connection has this entry. */
void assert_entry(SystemHealthEntityId id, const void *entry, size_t size);
/* ... as a health agent with this product sets it. */
void assert_reported(SystemHealthEntityId id, const char *product);
/* ... that the NAP system made, with this error code. */
void assert_made_by_system(SystemHealthEntityId id, HRESULT code);
/* A response to the connection's request with an entry for each of these ids, or without any. */
void respond(const UINT32 *ids, unsigned int count, bool fixup);
/* The same with entries for SHA_ID only. */
void respond_to_sha(bool fixup);

#endif
