/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Rewrites the seed corpora: fuzz-seeds CORPUS-FOLDER POLICY-FILE...
 */

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "libs/soh/soh.h"
#include "libs/wsh/wsh.h"
#include "tests/fuzz/seeds.h"
#include "tests/unit/napipc/frames.h"
#include "tests/unit/napipc/samples.h"
#include "tests/unit/wsh/samples.h"

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
            .present = SOH_HAS_MACHINE | SOH_HAS_QUARANTINE | SOH_HAS_GENERATED_IDS
                       | SOH_HAS_MACHINE_NAME | SOH_HAS_CORRELATION_ID | SOH_HAS_INSTALLED_SHVS
                       | SOH_HAS_MACHINE_EX,
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

/* A response with every field that a policy can set. */
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

/* The entry of one of the samples. */
static void build_wsh(struct soh_builder *b, const struct soh_entry *entry)
{
    struct soh_attribute a;
    size_t position = 0;

    soh_build_entry(b, entry->id);
    soh_next_attribute(entry, &position, &a);
    while (soh_next_attribute(entry, &position, &a))
        soh_build_attribute(b, a.type, a.value, a.size);
}

/* A client's statement with what Windows' own health agent reports, and a response to it. */
static void build_wsh_request(struct soh_builder *b, const struct soh_mode *mode)
{
    static const struct soh_entry entry = SAMPLE_ENTRY(sample_soh, SAMPLE_SOH_COUNT);
    static const struct soh_system system = {
            .present = SOH_HAS_MACHINE | SOH_HAS_MACHINE_NAME | SOH_HAS_CORRELATION_ID,
            .machine = {6, 0, 6001, 1, 0, 9},
            .machine_name = {(const uint8_t *)"pc2", 3},
    };

    soh_build_begin(b, SOH_REQUEST, mode, &system);
    build_wsh(b, &entry);
}

static void build_wsh_response(struct soh_builder *b, const struct soh_mode *mode)
{
    static const struct soh_entry entry = SAMPLE_ENTRY(sample_sohr, SAMPLE_SOHR_COUNT);
    static const struct soh_system system = {
            .present = SOH_HAS_QUARANTINE | SOH_HAS_CORRELATION_ID,
            .quarantine = {.isolation_state = 3, .probation_end = SOH_NO_PROBATION},
    };

    soh_build_begin(b, SOH_RESPONSE, mode, &system);
    build_wsh(b, &entry);
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

void write_file(const char *folder, const char *kind, const char *name, const void *first,
        size_t first_size, const void *second, size_t second_size)
{
    char path[1024];
    FILE *file;

    snprintf(path, sizeof path, "%s/%s/%s", folder, kind, name);
    file = fopen(path, "wb");
    if (!file || fwrite(first, 1, first_size, file) != first_size
            || fwrite(second, 1, second_size, file) != second_size || fclose(file))
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

/* The samples behind their ids, and the statement of a client of Windows XP. */
static void write_wsh_seeds(const char *folder)
{
    static const size_t id = 8, version = 28, antispyware = 98, automatic = 111;
    static const uint8_t xp[] = {0x01, 0x00, 0x05, 0x00};
    uint8_t statement[sizeof sample_soh];

    write_file(folder, "wsh", "statement", sample_soh + id, sizeof sample_soh - id, "", 0);
    write_file(folder, "wsh", "response", sample_sohr + id, sizeof sample_sohr - id, "", 0);
    memcpy(statement, sample_soh, sizeof statement);
    memcpy(statement + version, xp, sizeof xp);
    write_file(folder, "wsh", "statement-xp", statement + id, antispyware - id,
            statement + automatic, sizeof statement - automatic);
}

/* ---- the agent: steps as engine.c describes them ---- */

/* clang-format off */

#define BIND(client) 0, client, 1, 0, 9, 1, 0, 0, 0, client + 1, 0, 0, 0, 0
#define BIND_AGAIN(client) 0, client, 1, 0, 9, 1, 0, 0, 0, client + 1, 0, 0, 0, 1
#define BARE(client, type) 0, client, type, 0, 0 /* a message without fields */
#define REQUEST(client, object, size) 1, client, object, (size) % 256, (size) / 256
#define RESPOND(client, object, states, probation) 2, client, object, states, probation, 0, 0
#define ANSWER(client, status) 4, client, status
#define WAIT(seconds) 5, 0, (seconds) * 4

static const uint8_t engine_exchange[] = {
    BIND(0), REQUEST(0, 0, 4000), RESPOND(0, 0, 0x26, 0), BARE(0, 11), 0, 0, 12, 0, 4, 0, 0, 0, 0,
    REQUEST(0, 0, 100), REQUEST(0, 0, 300), 2, 0, 0, 1, 0, 40, 1, RESPOND(0, 0, 0, 0),
    3, 0, 0, BARE(0, 2),
};

static const uint8_t engine_probation[] = {
    BARE(2, 13), BIND(0), REQUEST(0, 0, 4000), RESPOND(0, 0, 5, 3), REQUEST(0, 1, 4000), WAIT(3),
    ANSWER(0, 1), WAIT(1), ANSWER(0, 0), REQUEST(0, 0, 4000), BARE(0, 6), WAIT(9), WAIT(30),
    ANSWER(0, 3), BIND(0),
};

static const uint8_t engine_restart[] = {
    BIND(0), BIND(1), REQUEST(0, 0, 4000), RESPOND(0, 0, 6, 0), REQUEST(1, 0, 4000),
    RESPOND(1, 0, 5, 9), 8, 0, BIND_AGAIN(0), REQUEST(0, 0, 4000), ANSWER(0, 0), BIND_AGAIN(1),
    ANSWER(1, 4), WAIT(2), ANSWER(1, 0), 10, 1, 0, 4, 1, REQUEST(1, 0, 4000), 6, 0, BARE(1, 11),
};

static const uint8_t engine_registration[] = {
    /* an enforcement client with a name: kind, id, four strings, two classes, date, type */
    0, 0, 7, 0, 62, 1, 0, 0, 0, 9, 0, 0, 0, 1, 0, 'n', 0, 0, 0, 0, 0, 0, 0,
    0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0,
    0, 0, 0, 0, 0, 0, 0, 0, 1, 0, 0, 0,
    0, 1, 10, 0, 9, 1, 0, 0, 0, 9, 0, 0, 0, 1,  /* enabled */
    0, 1, 9, 0, 8, 1, 0, 0, 0, 0, 0, 0, 0,      /* listed */
    7, 1, 2, 0, 1, 8, 0, 8, 1, 0, 0, 0, 9, 0, 0, 0, /* not unregistered: no administrator */
    7, 1, 3, 0, 1, 8, 0, 8, 1, 0, 0, 0, 9, 0, 0, 0, /* not unregistered: the store is full */
    7, 1, 1, 0, 1, 8, 0, 8, 1, 0, 0, 0, 9, 0, 0, 0, /* unregistered */
    9, 0, 16, 16, 0, 0, 0, 2, 0, 11, 0, 1, 0, 0, 0, 0, 0, 0, 0, /* another version */
};

static const uint8_t engine_watch[] = {
    BARE(2, 16), BIND(0), REQUEST(0, 0, 4000), BARE(2, 11), RESPOND(0, 0, 0x26, 0), BARE(2, 11),
    REQUEST(0, 0, 4000), BARE(1, 16), 3, 0, 0, BARE(2, 16), BARE(0, 2), BARE(2, 11), WAIT(1),
};

/* clang-format on */

/* A small message of each type in the table of messages. */
static void write_drawn_frames(const char *folder)
{
    static struct filling filling;
    uint8_t frame[512];
    struct napipc_message message;
    uint16_t type;
    size_t size;

    filling_init(&filling, false, 20260117);
    for (type = 0; (type = napipc_next_type(type));)
    {
        char name[64];

        do
            fill_message(&filling, type, &message);
        while (napipc_encode(&message, frame, sizeof frame, &size) != NAPIPC_OK);
        snprintf(name, sizeof name, "drawn-%u%s", (unsigned int)(type & ~NAPIPC_REPLY),
                type & NAPIPC_REPLY ? "-reply" : "");
        write_file(folder, "napipc", name, frame, size, "", 0);
    }
}

static void write_agent_seeds(const char *folder)
{
    size_t i;

    write_drawn_frames(folder);
    for (i = 0; i < SAMPLE_FRAME_COUNT; ++i)
        write_file(folder, "napipc", sample_frames[i].name, sample_frames[i].bytes,
                sample_frames[i].size, "", 0);
    write_file(folder, "engine", "exchange", engine_exchange, sizeof engine_exchange, "", 0);
    write_file(folder, "engine", "probation", engine_probation, sizeof engine_probation, "", 0);
    write_file(folder, "engine", "restart", engine_restart, sizeof engine_restart, "", 0);
    write_file(folder, "engine", "registration", engine_registration, sizeof engine_registration,
            "", 0);
    write_file(folder, "engine", "watch", engine_watch, sizeof engine_watch, "", 0);
    write_ras_seeds(folder);
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
    write_packet(argv[1], "windows_request", build(build_wsh_request, 0));
    write_packet(argv[1], "windows_response", build(build_wsh_response, 0));
    soh_carrier_write(carrier, SOH_REQUEST, request.size);
    write_file(argv[1], "soh", "carried", carrier, sizeof carrier, request.bytes, request.size);
    /* as check_framed() of soh.c expects it: the size of the pairs, the pairs, the entries */
    pairs = (uint8_t)(request.bytes[PAIRS_AT - 5] - 4);
    write_file(
            argv[1], "soh", "framed", &pairs, 1, request.bytes + PAIRS_AT, request.size - PAIRS_AT);
    write_wsh_seeds(argv[1]);
    write_agent_seeds(argv[1]);
    for (arg = 2; arg < argc; ++arg)
        write_policy(argv[1], argv[arg],
                strstr(argv[arg], "windows") ? build(build_wsh_request, 0) : request);
    return 0;
}
