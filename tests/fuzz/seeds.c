/*
 * Writes the seed corpora anew: fuzz-seeds CORPUS-FOLDER POLICY-FILE...
 *
 * Copyright 2026 the wine-nap authors
 *
 * This library is free software; you can redistribute it and/or
 * modify it under the terms of the GNU Lesser General Public
 * License as published by the Free Software Foundation; either
 * version 2.1 of the License, or (at your option) any later version.
 */

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "libs/soh/soh.h"

#define PAIRS_AT 28 /* in a packet without mode sub-header */

struct packet
{
    uint8_t bytes[1024];
    size_t size;
};

/* A request with every pair, an entry of the NAP agent's and one of a health agent's. */
static void build_request(struct soh_builder *b, const struct soh_mode *mode)
{
    static const uint32_t shvs[] = {0x13780, 0xabcd01}, code = 0x80270004, ok = 0;
    uint8_t generated[4], installed[8];
    struct soh_system system = {
            .present = SOH_HAS_MACHINE | SOH_HAS_QUARANTINE | SOH_HAS_GENERATED_IDS |
                       SOH_HAS_MACHINE_NAME | SOH_HAS_CORRELATION_ID | SOH_HAS_INSTALLED_SHVS |
                       SOH_HAS_MACHINE_EX,
            .machine = {6, 1, 7601, 1, 0, 9},
            .quarantine = {.isolation_state = 1, .probation_end = SOH_NO_PROBATION},
            .generated_ids = soh_ids_put(generated, shvs, 1),
            .machine_name = {(const uint8_t *)"pc1", 3},
            .installed_shvs = soh_ids_put(installed, shvs, 2),
            .machine_ex = {0, 1},
    };

    soh_build_begin(b, SOH_REQUEST, mode, &system);
    soh_build_agent_entry(b, shvs[0], 2, &code, 1);
    soh_build_entry(b, shvs[1]);
    soh_build_attribute(b, SOH_ATTRIBUTE_SOFTWARE_VERSION, "4.2", 3);
    soh_build_attribute_u32s(b, SOH_ATTRIBUTE_COMPLIANCE_RESULT_CODES, &ok, 1);
    soh_build_attribute_filetime(b, SOH_ATTRIBUTE_TIME_OF_LAST_UPDATE, 129266370001230000);
    soh_build_attribute(b, SOH_ATTRIBUTE_VENDOR_SPECIFIC, "\0\x01\x37\x80vendor", 10);
}

/* A response with everything that a policy can say. */
static void build_response(struct soh_builder *b, const struct soh_mode *mode)
{
    static const uint32_t codes[] = {0x80270002, 0x80004005};
    static const uint8_t ipv4[2][4] = {{192, 0, 2, 1}, {192, 0, 2, 2}};
    static const uint8_t ipv6[1][16] = {{0x20, 0x01, 0x0d, 0xb8, [15] = 1}};
    static const struct soh_result result = {
            0xabcd01, codes, 2, true, 5, ipv4, 2, ipv6, 1, NULL, 0};
    static const struct soh_system system = {
            .present = SOH_HAS_QUARANTINE | SOH_HAS_CORRELATION_ID,
            .quarantine = {3, true, 2, 129266370001230000,
                    {(const uint8_t *)"http://fix.example/", 19}},
    };

    soh_build_begin(b, SOH_RESPONSE, mode, &system);
    soh_build_result_entry(b, &result);
}

static struct packet build(
        void (*part)(struct soh_builder *, const struct soh_mode *), uint8_t intent)
{
    struct soh_mode mode = {.intent = intent};
    struct soh_builder b;
    struct packet packet;

    soh_builder_init(&b, packet.bytes, sizeof packet.bytes);
    part(&b, intent ? &mode : NULL);
    if (soh_build_end(&b) != SOH_BUILD_OK)
        abort();
    packet.size = b.size;
    return packet;
}

static void write_file(const char *folder, const char *kind, const char *name, const void *first,
        size_t first_size, const void *second, size_t second_size)
{
    char path[1024];
    FILE *file;

    snprintf(path, sizeof path, "%s/%s/%s", folder, kind, name);
    file = fopen(path, "wb");
    if (!file || fwrite(first, 1, first_size, file) != first_size ||
            fwrite(second, 1, second_size, file) != second_size || fclose(file))
    {
        perror(path);
        exit(1);
    }
}

static void write_packet(const char *folder, const char *name, struct packet packet)
{
    write_file(folder, "soh", name, packet.bytes, packet.size, "", 0);
}

/* A policy, a NUL and a request that it judges. */
static void write_policy(const char *folder, const char *path, struct packet request)
{
    static char text[65536];
    FILE *file = fopen(path, "rb");
    const char *name = strrchr(path, '/') ? strrchr(path, '/') + 1 : path;
    size_t size;

    if (!file)
    {
        perror(path);
        exit(1);
    }
    size = fread(text, 1, sizeof text - 1, file);
    fclose(file);
    text[size] = 0;
    write_file(folder, "policy", name, text, size + 1, request.bytes, request.size);
}

int main(int argc, char **argv)
{
    struct packet request = build(build_request, 0);
    uint8_t carrier[SOH_CARRIER_SIZE], pairs;
    int arg;

    if (argc < 2)
    {
        fprintf(stderr, "usage: fuzz-seeds CORPUS-FOLDER POLICY-FILE...\n");
        return 2;
    }
    write_packet(argv[1], "request_plain", request);
    write_packet(argv[1], "request_mode", build(build_request, SOH_INTENT_REQUEST));
    write_packet(argv[1], "response_plain", build(build_response, 0));
    write_packet(argv[1], "response_mode", build(build_response, SOH_INTENT_RESPONSE));
    soh_carrier_write(carrier, SOH_REQUEST, request.size);
    write_file(argv[1], "soh", "carried", carrier, sizeof carrier, request.bytes, request.size);
    /* as check_framed() of soh.c wants it: the size of the pairs, the pairs, the entries */
    pairs = (uint8_t)(request.bytes[PAIRS_AT - 5] - 4);
    write_file(
            argv[1], "soh", "framed", &pairs, 1, request.bytes + PAIRS_AT, request.size - PAIRS_AT);
    for (arg = 2; arg < argc; ++arg)
        write_policy(argv[1], argv[arg], request);
    return 0;
}
