/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Packets written out by hand from the tables of docs/soh-format.md, a comment per field: round
 * trips alone would only prove that our reader and our writer make the same mistakes.
 *
 * All are canonical: the builder writes exactly these bytes for what they say.
 */

#ifndef WINE_NAP_TESTS_SOH_SAMPLES_H
#define WINE_NAP_TESTS_SOH_SAMPLES_H

#include <stdint.h>

/* {00112233-4455-6677-8899-AABBCCDDEEFF} at 2010-08-18 09:30:00.123Z */
#define SAMPLE_CORRELATION_ID                                                                      \
    0x00, 0x11, 0x22, 0x33, 0x44, 0x55, 0x66, 0x77, 0x88, 0x99, 0xaa, 0xbb, 0xcc, 0xdd, 0xee,      \
            0xff, 0x01, 0xcb, 0x3e, 0xb7, 0xed, 0xe3, 0x60, 0xb0

/* A request without mode sub-header, with every pair and two health agents. */
static const uint8_t request_plain[163] = {
        0x00, 0x07,             /* outer type: Vendor-Specific */
        0x00, 0x9f,             /* outer length: 159 */
        0x00, 0x00, 0x01, 0x37, /* IANA SMI code: Microsoft */
        0x00, 0x01,             /* inner type: no mode sub-header */
        0x00, 0x97,             /* inner length: 151 */

        0x00, 0x02,             /* type: System-Health-Id */
        0x00, 0x04,             /* length */
        0x00, 0x01, 0x37, 0x00, /* the system's own id */
        0x00, 0x07,             /* type: Vendor-Specific */
        0x00, 0x5f,             /* length: 95 */
        0x00, 0x00, 0x01, 0x37, /* vendor: Microsoft */

        0x03, /* MS-Packet-Info */
        0x11, /* request, version 1 */

        0x01,                   /* MS-Machine-Inventory */
        0x00, 0x00, 0x00, 0x06, /* OS major */
        0x00, 0x00, 0x00, 0x01, /* OS minor */
        0x00, 0x00, 0x1d, 0xb1, /* OS build: 7601 */
        0x00, 0x01,             /* service pack major */
        0x00, 0x00,             /* service pack minor */
        0x00, 0x09,             /* processor: x64 */

        0x05,                /* MS-MachineName */
        0x00, 0x04,          /* length: 4 */
        'p', 'c', '1', 0x00, /* name, NUL */

        0x06, /* MS-CorrelationId */
        SAMPLE_CORRELATION_ID,

        0x02,                                           /* MS-Quarantine-State */
        0x00, 0x01,                                     /* flags: not restricted */
        0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, /* no probation */
        0x00, 0x01,                                     /* URL length: 1 */
        0x00,                                           /* no URL, NUL */

        0x08,                   /* MS-Machine-Inventory-Ex */
        0x00, 0x00, 0x00, 0x00, /* reserved */
        0x01,                   /* product type: client */

        0x04,                   /* MS-SystemGenerated-Ids */
        0x00, 0x04,             /* length: 4 */
        0x00, 0x01, 0x37, 0x80, /* the agent made this one's entry */

        0x07,                   /* MS-Installed-Shvs */
        0x00, 0x08,             /* length: 8 */
        0x00, 0x01, 0x37, 0x80, /* an id */
        0x00, 0xab, 0xcd, 0x01, /* another */

        0x00, 0x02,             /* type: System-Health-Id */
        0x00, 0x04,             /* length */
        0x00, 0x01, 0x37, 0x80, /* id */
        0x00, 0x0e,             /* type: Failure-Category */
        0x00, 0x01,             /* length */
        0x02,                   /* client component */
        0x00, 0x0d,             /* type: Error-Codes */
        0x00, 0x04,             /* length */
        0x80, 0x27, 0x00, 0x04, /* NAP_E_NO_CACHED_SOH */

        0x00, 0x02,             /* type: System-Health-Id */
        0x00, 0x04,             /* length */
        0x00, 0xab, 0xcd, 0x01, /* id */
        0x00, 0x09,             /* type: Software-Version */
        0x00, 0x03,             /* length */
        '1', '.', '2',          /* value */
        0x00, 0x04,             /* type: Compliance-Result-Codes */
        0x00, 0x04,             /* length */
        0x00, 0x00, 0x00, 0x00, /* S_OK */
};

/* A request with mode sub-header and no health agent, as PEAP clients send. */
static const uint8_t request_mode[135] = {
        0x00, 0x07,             /* outer type: Vendor-Specific */
        0x00, 0x83,             /* outer length: 131 */
        0x00, 0x00, 0x01, 0x37, /* IANA SMI code: Microsoft */
        0x00, 0x02,             /* inner type: with mode sub-header */
        0x00, 0x7b,             /* inner length: 123 */

        0x00, 0x07,             /* type: Vendor-Specific */
        0x00, 0x1e,             /* length: 30 */
        0x00, 0x00, 0x01, 0x37, /* IANA SMI code: Microsoft */
        SAMPLE_CORRELATION_ID,  /* correlation id */
        0x01,                   /* intent: request */
        0x00,                   /* content type */

        0x00, 0x02,             /* type: System-Health-Id */
        0x00, 0x04,             /* length */
        0x00, 0x01, 0x37, 0x00, /* the system's own id */
        0x00, 0x07,             /* type: Vendor-Specific */
        0x00, 0x4d,             /* length: 77 */
        0x00, 0x00, 0x01, 0x37, /* vendor: Microsoft */

        0x03, /* MS-Packet-Info */
        0x11, /* request, version 1 */

        0x01,                   /* MS-Machine-Inventory */
        0x00, 0x00, 0x00, 0x05, /* OS major */
        0x00, 0x00, 0x00, 0x01, /* OS minor */
        0x00, 0x00, 0x0a, 0x28, /* OS build: 2600 */
        0x00, 0x03,             /* service pack major */
        0x00, 0x00,             /* service pack minor */
        0x00, 0x00,             /* processor: x86 */

        0x05,                /* MS-MachineName */
        0x00, 0x04,          /* length: 4 */
        'x', 'p', '3', 0x00, /* name, NUL */

        0x06, /* MS-CorrelationId */
        SAMPLE_CORRELATION_ID,

        0x02,                                           /* MS-Quarantine-State */
        0x00, 0x01,                                     /* flags: not restricted */
        0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, /* no probation */
        0x00, 0x01,                                     /* URL length: 1 */
        0x00,                                           /* no URL, NUL */

        0x08,                   /* MS-Machine-Inventory-Ex */
        0xde, 0xca, 0xfb, 0xad, /* reserved: Windows XP puts this here */
        0x01,                   /* product type: client */
};

/* A response with mode sub-header: restricted, fix-up wanted, one validator. */
static const uint8_t response_mode[184] = {
        0x00, 0x07,             /* outer type: Vendor-Specific */
        0x00, 0xb4,             /* outer length: 180 */
        0x00, 0x00, 0x01, 0x37, /* IANA SMI code: Microsoft */
        0x00, 0x02,             /* inner type: with mode sub-header */
        0x00, 0xac,             /* inner length: 172 */

        0x00, 0x07,             /* type: Vendor-Specific */
        0x00, 0x1e,             /* length: 30 */
        0x00, 0x00, 0x01, 0x37, /* IANA SMI code: Microsoft */
        SAMPLE_CORRELATION_ID,  /* correlation id */
        0x02,                   /* intent: response (at RESPONSE_MODE_INTENT) */
        0x00,                   /* content type */

        0x00, 0x02,             /* type: System-Health-Id */
        0x00, 0x04,             /* length */
        0x00, 0x01, 0x37, 0x00, /* the system's own id */
        0x00, 0x07,             /* type: Vendor-Specific */
        0x00, 0x40,             /* length: 64 */
        0x00, 0x00, 0x01, 0x37, /* vendor: Microsoft */

        0x03, /* MS-Packet-Info */
        0x01, /* response, version 1 */

        0x06, /* MS-CorrelationId */
        SAMPLE_CORRELATION_ID,

        0x02,                                           /* MS-Quarantine-State */
        0x00, 0x0b,                                     /* flags: fix-up, restricted */
        0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, /* no probation */
        0x00, 0x14,                                     /* URL length: 20 */
        'h', 't', 't', 'p', ':', '/', '/', 'f', 'i', 'x', '.', 'e', 'x', 'a', 'm', 'p', 'l', 'e',
        '/', 0x00, /* URL, NUL */

        0x00, 0x02,                                     /* type: System-Health-Id */
        0x00, 0x04,                                     /* length */
        0x00, 0xab, 0xcd, 0x01,                         /* id */
        0x00, 0x04,                                     /* type: Compliance-Result-Codes */
        0x00, 0x08,                                     /* length */
        0x80, 0x27, 0x00, 0x02,                         /* NAP_E_MISSING_SOH */
        0x80, 0x00, 0x40, 0x05,                         /* E_FAIL */
        0x00, 0x0e,                                     /* type: Failure-Category */
        0x00, 0x01,                                     /* length */
        0x05,                                           /* server communication */
        0x00, 0x03,                                     /* type: IPv4-Fixup-Servers */
        0x00, 0x08,                                     /* length */
        192, 0, 2, 1,                                   /* an address */
        192, 0, 2, 2,                                   /* another */
        0x00, 0x0f,                                     /* type: IPv6-Fixup-Servers */
        0x00, 0x10,                                     /* length */
        0x20, 0x01, 0x0d, 0xb8, 0x00, 0x00, 0x00, 0x00, /* an address: 2001:db8::1 */
        0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x01, /* ... */
        0x00, 0x10,                                     /* type: Extended-Isolation-State */
        0x00, 0x01,                                     /* length */
        0x01,                                           /* transition */
};
#define RESPONSE_MODE_INTENT 44

/* A response without mode sub-header: in probation, infected, one validator. */
static const uint8_t response_plain[85] = {
        0x00, 0x07,             /* outer type: Vendor-Specific */
        0x00, 0x51,             /* outer length: 81 */
        0x00, 0x00, 0x01, 0x37, /* IANA SMI code: Microsoft */
        0x00, 0x01,             /* inner type: no mode sub-header */
        0x00, 0x49,             /* inner length: 73 */

        0x00, 0x02,             /* type: System-Health-Id */
        0x00, 0x04,             /* length */
        0x00, 0x01, 0x37, 0x00, /* the system's own id */
        0x00, 0x07,             /* type: Vendor-Specific */
        0x00, 0x2d,             /* length: 45 */
        0x00, 0x00, 0x01, 0x37, /* vendor: Microsoft */

        0x03, /* MS-Packet-Info */
        0x01, /* response, version 1 */

        0x06, /* MS-CorrelationId */
        SAMPLE_CORRELATION_ID,

        0x02,       /* MS-Quarantine-State */
        0x00, 0x22, /* flags: extended state 2 (infected), in probation */
        0x01, 0xcb, 0x3f, 0x81, 0x18, 0x4d, 0x20, 0xb0, /* until a day later, 09:30:00.123Z */
        0x00, 0x01,                                     /* URL length: 1 */
        0x00,                                           /* no URL, NUL */

        0x00, 0x02,             /* type: System-Health-Id */
        0x00, 0x04,             /* length */
        0x00, 0x01, 0x37, 0x80, /* id */
        0x00, 0x04,             /* type: Compliance-Result-Codes */
        0x00, 0x04,             /* length */
        0x00, 0x00, 0x00, 0x00, /* S_OK */
};

#endif
