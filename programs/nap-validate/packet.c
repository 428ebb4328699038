/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * RADIUS packets: RFC 2865, Message-Authenticator of RFC 3579 3.2, Status-Server of RFC 5997.
 *
 * The client is a RADIUS server that proxies to us. A packet without Message-Authenticator has no
 * answer, and each answer has one, before all else: MD5 alone proves nothing.
 */
#include "programs/nap-validate/nap_validate.h"

#include <string.h>

#include "libs/digest/digest.h"

#define HEADER_SIZE 20 /* code, identifier, length, authenticator */
#define AUTHENTICATOR 4
#define MAX_ATTRIBUTE 255
#define VENDOR_OFFSET 2     /* in a Vendor-Specific */
#define VENDOR_ATTRIBUTES 6 /* the offset of the vendor's own attributes in it */

enum
{
    ACCESS_REQUEST = 1,
    ACCESS_ACCEPT = 2,
    ACCESS_REJECT = 3,
    STATUS_SERVER = 12
};

enum
{
    REPLY_MESSAGE = 18,
    CLASS = 25,
    PROXY_STATE = 33,
    MESSAGE_AUTHENTICATOR = 80
};

struct request
{
    const uint8_t *packet;
    size_t size;
    size_t message_authenticator;         /* its value's offset; 0: none */
    uint8_t statement[RADIUS_MAX_PACKET]; /* of all MS-Quarantine-SOH, joined */
    size_t statement_size;
    uint8_t proxy_states[RADIUS_MAX_PACKET]; /* whole attributes */
    size_t proxy_states_size;
};

/* ---- the request ---- */

static bool is_microsoft(const uint8_t *attribute)
{
    static const uint8_t vendor[] = {
            0, 0, RADIUS_VENDOR_MICROSOFT >> 8, RADIUS_VENDOR_MICROSOFT & 0xff};

    return attribute[0] == RADIUS_VENDOR_SPECIFIC && attribute[1] >= VENDOR_ATTRIBUTES
           && !memcmp(attribute + VENDOR_OFFSET, vendor, sizeof vendor);
}

/* An attribute of Microsoft's may have several of its own. False: one has a wrong length. */
static bool take_microsoft(struct request *r, const uint8_t *attribute)
{
    const uint8_t *end = attribute + attribute[1], *at;

    for (at = attribute + VENDOR_ATTRIBUTES; at < end; at += at[1])
    {
        if (end - at < 2 || at[1] < 2 || at[1] > end - at)
            return false;
        if (at[0] != MS_QUARANTINE_SOH)
            continue;
        memcpy(r->statement + r->statement_size, at + 2, at[1] - 2u);
        r->statement_size += at[1] - 2u;
    }
    return true;
}

static bool take_attribute(struct request *r, size_t at)
{
    const uint8_t *attribute = r->packet + at;

    if (attribute[0] == MESSAGE_AUTHENTICATOR)
    {
        if (r->message_authenticator || attribute[1] != 2 + DIGEST_MD5_SIZE)
            return false;
        r->message_authenticator = at + 2;
    }
    else if (attribute[0] == PROXY_STATE)
    {
        memcpy(r->proxy_states + r->proxy_states_size, attribute, attribute[1]);
        r->proxy_states_size += attribute[1];
    }
    return !is_microsoft(attribute) || take_microsoft(r, attribute);
}

static bool parse(struct request *r, const uint8_t *packet, size_t size)
{
    size_t at;

    r->packet = packet;
    r->message_authenticator = r->statement_size = r->proxy_states_size = 0;
    if (size < HEADER_SIZE)
        return false;
    r->size = (size_t)packet[2] << 8 | packet[3];
    if (r->size < HEADER_SIZE || r->size > size || r->size > RADIUS_MAX_PACKET)
        return false;
    for (at = HEADER_SIZE; at < r->size; at += packet[at + 1])
        if (r->size - at < 2 || packet[at + 1] < 2 || packet[at + 1] > r->size - at
                || !take_attribute(r, at))
            return false;
    return true;
}

static bool is_authentic(const struct request *r, const struct secret *secret)
{
    static const uint8_t zero[DIGEST_MD5_SIZE];
    size_t at = r->message_authenticator, behind = at + DIGEST_MD5_SIZE;
    uint8_t expected[DIGEST_MD5_SIZE];
    struct hmac h;

    hmac_init(&h, DIGEST_MD5, secret->bytes, secret->size);
    hmac_update(&h, r->packet, at);
    hmac_update(&h, zero, sizeof zero);
    hmac_update(&h, r->packet + behind, r->size - behind);
    hmac_finish(&h, expected);
    return digest_equal(expected, r->packet + at, DIGEST_MD5_SIZE);
}

/* ---- the response ---- */

struct response
{
    uint8_t *packet;
    size_t size;
};

static bool add(struct response *p, const uint8_t *bytes, size_t size)
{
    if (RADIUS_MAX_PACKET - p->size < size)
        return false;
    memcpy(p->packet + p->size, bytes, size);
    p->size += size;
    return true;
}

/* Bytes as attributes of one type, as many as they need: all or none. */
static bool add_split(struct response *p, uint8_t type, const uint8_t *bytes, size_t size)
{
    size_t most = MAX_ATTRIBUTE - 2, part;

    if (RADIUS_MAX_PACKET - p->size < size + 2 * ((size + most - 1) / most))
        return false;
    for (; size; bytes += part, size -= part)
    {
        part = size < most ? size : most;
        p->packet[p->size++] = type;
        p->packet[p->size++] = (uint8_t)(2 + part);
        add(p, bytes, part);
    }
    return true;
}

static void begin(struct response *p, const struct request *r)
{
    static const uint8_t unsigned_yet[2 + DIGEST_MD5_SIZE] = {
            MESSAGE_AUTHENTICATOR, 2 + DIGEST_MD5_SIZE};

    p->packet[1] = r->packet[1];
    memcpy(p->packet + AUTHENTICATOR, r->packet + AUTHENTICATOR, DIGEST_MD5_SIZE);
    p->size = HEADER_SIZE;
    add(p, unsigned_yet, sizeof unsigned_yet);
    add(p, r->proxy_states, r->proxy_states_size); /* fits, as it did into the request */
}

/* Both signatures are made with the request's authenticator in place of the response's. */
static void finish(struct response *p, uint8_t code, const struct secret *secret)
{
    struct digest d;
    struct hmac h;

    p->packet[0] = code;
    p->packet[2] = (uint8_t)(p->size >> 8);
    p->packet[3] = (uint8_t)p->size;
    hmac_init(&h, DIGEST_MD5, secret->bytes, secret->size);
    hmac_update(&h, p->packet, p->size);
    hmac_finish(&h, p->packet + HEADER_SIZE + 2);
    digest_init(&d, DIGEST_MD5);
    digest_update(&d, p->packet, p->size);
    digest_update(&d, secret->bytes, secret->size);
    digest_finish(&d, p->packet + AUTHENTICATOR);
}

static void reject(struct response *p, const char *text)
{
    add_split(p, REPLY_MESSAGE, (const uint8_t *)text, strlen(text));
}

/* Returns the response's code. */
static uint8_t answer(struct response *p, const struct policy *policy, const struct request *r)
{
    static struct judgement j;

    judge(policy, r->statement, r->statement_size, &j);
    if (j.code == EXIT_BAD_INPUT)
    {
        reject(p, "the statement of health is missing or malformed");
        return ACCESS_REJECT;
    }
    if (!add(p, j.reply, j.reply_size))
    {
        complain("a statement of health is rejected: its answer and the request's Proxy-State do "
                 "not fit into a packet");
        reject(p, "the health policy server's answer is too large");
        return ACCESS_REJECT;
    }
    add_split(p, CLASS, j.decoder, j.decoder_size); /* if it fits: who needs it must check */
    return ACCESS_ACCEPT;
}

size_t packet_answer(const struct policy *policy, const struct secret *secret,
        const uint8_t *packet, size_t size, uint8_t response[RADIUS_MAX_PACKET], const char **why)
{
    static struct request r;
    struct response p = {.packet = response};
    uint8_t code = ACCESS_ACCEPT;

    if (!parse(&r, packet, size))
        *why = "it is not a RADIUS packet";
    else if (packet[0] != ACCESS_REQUEST && packet[0] != STATUS_SERVER)
        *why = "it is neither Access-Request nor Status-Server";
    else if (!r.message_authenticator)
        *why = "it has no Message-Authenticator";
    else if (!is_authentic(&r, secret))
        *why = "its sender has another secret";
    else
    {
        begin(&p, &r);
        if (packet[0] == ACCESS_REQUEST)
            code = answer(&p, policy, &r);
        finish(&p, code, secret);
        return p.size;
    }
    return 0;
}
