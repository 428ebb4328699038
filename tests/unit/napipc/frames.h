/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Frames of the agent protocol, written by hand from docs/protocol.md: one of every message that
 * has a body. Used by the tests and as seeds for fuzzing.
 */
#ifndef WINE_NAP_TESTS_NAPIPC_FRAMES_H
#define WINE_NAP_TESTS_NAPIPC_FRAMES_H

#include "libs/napipc/napipc.h"

/* clang-format off */

/* {00112233-4455-6677-8899-AABBCCDDEEFF} as Windows keeps it in memory */
#define CONNECTION_GUID \
    0x33, 0x22, 0x11, 0x00, 0x55, 0x44, 0x77, 0x66, \
    0x88, 0x99, 0xAA, 0xBB, 0xCC, 0xDD, 0xEE, 0xFF
/* {FFEEDDCC-BBAA-9988-7766-554433221100} */
#define OTHER_GUID \
    0xCC, 0xDD, 0xEE, 0xFF, 0xAA, 0xBB, 0x88, 0x99, \
    0x77, 0x66, 0x55, 0x44, 0x33, 0x22, 0x11, 0x00
/* FILETIME 0x01CB3F7F12345678 */
#define SOME_TIME 0x78, 0x56, 0x34, 0x12, 0x7F, 0x3F, 0xCB, 0x01

static const uint8_t bind_frame[] = {
    25, 0, 0, 0,                /* size of the frame */
    3, 0,                       /* protocol version */
    1, 0,                       /* type: BIND */
    7, 0, 0, 0,                 /* call */
    0, 0, 0, 0,                 /* status: 0 in requests */
    1, 0, 0, 0,                 /* kind: enforcement client */
    0x01, 0x37, 0x01, 0x00,     /* id: 79617 */
    1,                          /* again: yes */
};

static const uint8_t soh_request_frame[] = {
    51, 0, 0, 0,                /* size of the frame */
    3, 0,                       /* protocol version */
    3, 0,                       /* type: SOH_REQUEST */
    8, 0, 0, 0,                 /* call */
    0, 0, 0, 0,                 /* status */
    3, 0, 0, 0,                 /* private data: 3 bytes */
    'a', 'b', 'c',
    CONNECTION_GUID,            /* connection id */
    0xA0, 0x0F, 0, 0,           /* maximum size: 4000 bytes */
    9, 0, 0, 0, 0, 0, 0, 1,     /* object */
};

static const uint8_t soh_request_reply_frame[] = {
    57, 0, 0, 0,                /* size of the frame */
    3, 0,                       /* protocol version */
    3, 0x80,                    /* type: reply to SOH_REQUEST */
    8, 0, 0, 0,                 /* call */
    0, 0, 0, 0,                 /* status: S_OK */
    1,                          /* retrigger hint: yes */
    1,                          /* flags: freshSoHRequest */
    CONNECTION_GUID, SOME_TIME, /* correlation id */
    2, 0, 0, 0,                 /* private data: 2 bytes */
    'd', 'e',
    5, 0, 0, 0,                 /* SSoH: 5 bytes */
    'h', 'e', 'a', 'l', 't',
};

static const uint8_t soh_response_frame[] = {
    46, 0, 0, 0,                /* size of the frame */
    3, 0,                       /* protocol version */
    4, 0,                       /* type: SOH_RESPONSE */
    9, 0, 0, 0,                 /* call */
    0, 0, 0, 0,                 /* status */
    2, 0, 0, 0,                 /* private data: 2 bytes */
    'd', 'e',
    CONNECTION_GUID,            /* connection id */
    4, 0, 0, 0,                 /* SSoHR: 4 bytes */
    'f', 'i', 'n', 'e',
};

static const uint8_t soh_response_reply_frame[] = {
    56, 0, 0, 0,                /* size of the frame */
    3, 0,                       /* protocol version */
    4, 0x80,                    /* type: reply to SOH_RESPONSE */
    9, 0, 0, 0,                 /* call */
    1, 0, 0, 0,                 /* status: S_FALSE, a success and so with a body */
    2, 0, 0, 0,                 /* private data: 2 bytes */
    'f', 'g',
    2, 0, 0, 0,                 /* isolation state: in probation */
    2, 0, 0, 0,                 /* extended state: infected */
    SOME_TIME,                  /* end of the probation */
    1, 0,                       /* URL: 1 code unit */
    'u', 0,
    2, 0,                       /* installed SHVs: 2 */
    8, 0, 0, 0,                 /* their bytes: 8 */
    0x80, 0x38, 0x01, 0x00,     /* 80000 */
    0x81, 0x38, 0x01, 0x00,     /* 80001 */
};

static const uint8_t connection_down_frame[] = {
    21, 0, 0, 0,                /* size of the frame */
    3, 0,                       /* protocol version */
    5, 0,                       /* type: CONNECTION_DOWN */
    10, 0, 0, 0,                /* call */
    0, 0, 0, 0,                 /* status */
    1, 0, 0, 0,                 /* private data: 1 byte */
    'p',
};

/* NapComponentRegistrationInfo, as in the three frames that carry one: 70 bytes */
#define COMPONENT \
    0x01, 0x37, 0x01, 0x00,     /* id: 79617 */ \
    4, 0, 'n', 0, 'a', 0, 'm', 0, 'e', 0, /* friendly name: 4 code units */ \
    0, 0,                       /* description: empty */ \
    1, 0, '1', 0,               /* version */ \
    2, 0, 0x3D, 0xD8, 0x00, 0xDE, /* vendor: a surrogate pair, U+1F600 */ \
    CONNECTION_GUID,            /* info class */ \
    OTHER_GUID,                 /* config class */ \
    SOME_TIME,                  /* registration date */ \
    1, 0, 0, 0                  /* component type: enforcement client of SoHs */

static const uint8_t register_frame[] = {
    90, 0, 0, 0,                /* size of the frame */
    3, 0,                       /* protocol version */
    7, 0,                       /* type: REGISTER */
    11, 0, 0, 0,                /* call */
    0, 0, 0, 0,                 /* status */
    1, 0, 0, 0,                 /* kind: enforcement client */
    COMPONENT,
};

static const uint8_t unregister_frame[] = {
    24, 0, 0, 0,                /* size of the frame */
    3, 0,                       /* protocol version */
    8, 0,                       /* type: UNREGISTER */
    12, 0, 0, 0,                /* call */
    0, 0, 0, 0,                 /* status */
    2, 0, 0, 0,                 /* kind: health agent */
    0x80, 0x38, 0x01, 0x00,     /* id: 80000 */
};

static const uint8_t list_components_frame[] = {
    24, 0, 0, 0,                /* size of the frame */
    3, 0,                       /* protocol version */
    9, 0,                       /* type: LIST_COMPONENTS */
    13, 0, 0, 0,                /* call */
    0, 0, 0, 0,                 /* status */
    1, 0, 0, 0,                 /* kind: enforcement client */
    0x00, 0x37, 0x01, 0x00,     /* after: 79616 */
};

static const uint8_t list_components_reply_frame[] = {
    203, 0, 0, 0,               /* size of the frame */
    3, 0,                       /* protocol version */
    9, 0x80,                    /* type: reply to LIST_COMPONENTS */
    13, 0, 0, 0,                /* call */
    0, 0, 0, 0,                 /* status */
    1,                          /* more: yes */
    2, 0,                       /* components: 2 */
    COMPONENT,
    1,                          /* enabled: yes */
    0,                          /* bound: no */
    1,                          /* fix-up known: yes */
    1, 0, 0, 0,                 /* state: in progress */
    40,                         /* percentage */
    7, 0, 0, 0,                 /* message id */
    1, 0,                       /* codes: 1 */
    0x05, 0x40, 0x00, 0x80,     /* E_FAIL */
    1,                          /* judged: yes */
    2,                          /* failure category: client component */
    1, 0,                       /* codes: 1 */
    0x04, 0x00, 0x27, 0x80,     /* NAP_E_NO_CACHED_SOH */
    COMPONENT,
    0,                          /* enabled: no */
    1,                          /* bound: yes */
    0,                          /* fix-up known: no */
    0, 0, 0, 0,                 /* state */
    0,                          /* percentage */
    0, 0, 0, 0,                 /* message id */
    0, 0,                       /* codes: none */
    0,                          /* judged: no */
    0,                          /* failure category */
    0, 0,                       /* codes: none */
};

static const uint8_t set_enabled_frame[] = {
    25, 0, 0, 0,                /* size of the frame */
    3, 0,                       /* protocol version */
    10, 0,                      /* type: SET_ENABLED */
    14, 0, 0, 0,                /* call */
    0, 0, 0, 0,                 /* status */
    1, 0, 0, 0,                 /* kind: enforcement client */
    0x02, 0x37, 0x01, 0x00,     /* id: 79618 */
    1,                          /* enabled: yes */
};

static const uint8_t get_state_reply_frame[] = {
    58, 0, 0, 0,                /* size of the frame */
    3, 0,                       /* protocol version */
    11, 0x80,                   /* type: reply to GET_STATE */
    15, 0, 0, 0,                /* call */
    0, 0, 0, 0,                 /* status */
    1,                          /* unknown connections: yes */
    3, 0, 0, 0,                 /* isolation state: restricted */
    1, 0, 0, 0,                 /* extended state: transition */
    0, 0, 0, 0, 0, 0, 0, 0,     /* end of the probation: none */
    1, 0,                       /* URL: 1 code unit */
    'u', 0,
    0xD2, 0x04, 0, 0,           /* process id of the agent: 1234 */
    SOME_TIME,                  /* started */
    6, 0,                       /* enforcement clients */
    1, 0,                       /* of them enabled */
    2, 0,                       /* health agents */
    3, 0,                       /* connections */
    1,                          /* Group Policy decides: yes */
};

static const uint8_t list_connections_frame[] = {
    20, 0, 0, 0,                /* size of the frame */
    3, 0,                       /* protocol version */
    12, 0,                      /* type: LIST_CONNECTIONS */
    16, 0, 0, 0,                /* call */
    0, 0, 0, 0,                 /* status */
    5, 0, 0, 0,                 /* after: 5 */
};

static const uint8_t list_connections_reply_frame[] = {
    91, 0, 0, 0,                /* size of the frame */
    3, 0,                       /* protocol version */
    12, 0x80,                   /* type: reply to LIST_CONNECTIONS */
    16, 0, 0, 0,                /* call */
    0, 0, 0, 0,                 /* status */
    0,                          /* more: no */
    1, 0,                       /* connections: 1 */
    6, 0, 0, 0,                 /* number */
    0x01, 0x37, 0x01, 0x00,     /* enforcement client: 79617 */
    0xD2, 0x04, 0, 0,           /* process id: 1234 */
    CONNECTION_GUID,            /* connection id */
    OTHER_GUID, SOME_TIME,      /* correlation id */
    1,                          /* pending: yes */
    0,                          /* known: no */
    0, 0, 0, 0,                 /* isolation state: unknown */
    0, 0, 0, 0,                 /* extended state: no data */
    0, 0, 0, 0, 0, 0, 0, 0,     /* end of the probation: none */
    0, 0,                       /* URL: none */
};

static const uint8_t get_connections_reply_frame[] = {
    63, 0, 0, 0,                /* size of the frame */
    3, 0,                       /* protocol version */
    65, 0x80,                   /* type: reply to GET_CONNECTIONS */
    17, 0, 0, 0,                /* call */
    0, 0, 0, 0,                 /* status */
    1, 0,                       /* connections: 1 */
    3, 0, 0, 0,                 /* private data: 3 bytes */
    'a', 'b', 'c',
    CONNECTION_GUID,            /* connection id */
    1, 0, 0, 0,                 /* isolation state: not restricted */
    3, 0, 0, 0,                 /* extended state: unknown */
    0, 0, 0, 0, 0, 0, 0, 0,     /* end of the probation: none */
    2, 0,                       /* URL: 2 code units */
    'u', 0, 'v', 0,
};

static const uint8_t isolation_changed_frame[] = {
    36, 0, 0, 0,                /* size of the frame */
    3, 0,                       /* protocol version */
    66, 0,                      /* type: ISOLATION_CHANGED */
    1, 0, 0, 0,                 /* call: 1, because there is no answer */
    0, 0, 0, 0,                 /* status */
    3, 0, 0, 0,                 /* isolation state: restricted */
    2, 0, 0, 0,                 /* extended state: infected */
    0, 0, 0, 0, 0, 0, 0, 0,     /* end of the probation: none */
    1, 0,                       /* URL: 1 code unit */
    'u', 0,
};

/* clang-format on */

static const struct sample_frame
{
    const char *name;
    const uint8_t *bytes;
    size_t size;
} sample_frames[] = {
        {"bind", bind_frame, sizeof(bind_frame)},
        {"soh_request", soh_request_frame, sizeof(soh_request_frame)},
        {"soh_request_reply", soh_request_reply_frame, sizeof(soh_request_reply_frame)},
        {"soh_response", soh_response_frame, sizeof(soh_response_frame)},
        {"soh_response_reply", soh_response_reply_frame, sizeof(soh_response_reply_frame)},
        {"connection_down", connection_down_frame, sizeof(connection_down_frame)},
        {"register", register_frame, sizeof(register_frame)},
        {"unregister", unregister_frame, sizeof(unregister_frame)},
        {"list_components", list_components_frame, sizeof(list_components_frame)},
        {"list_components_reply", list_components_reply_frame, sizeof(list_components_reply_frame)},
        {"set_enabled", set_enabled_frame, sizeof(set_enabled_frame)},
        {"get_state_reply", get_state_reply_frame, sizeof(get_state_reply_frame)},
        {"list_connections", list_connections_frame, sizeof(list_connections_frame)},
        {"list_connections_reply", list_connections_reply_frame,
                sizeof(list_connections_reply_frame)},
        {"get_connections_reply", get_connections_reply_frame, sizeof(get_connections_reply_frame)},
        {"isolation_changed", isolation_changed_frame, sizeof(isolation_changed_frame)},
};

#define SAMPLE_FRAME_COUNT (sizeof(sample_frames) / sizeof(*sample_frames))

#endif
