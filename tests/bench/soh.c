/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * What reading and building an SSoH costs: fills a packet of a given size with as many TLVs as fit
 * and does one of the two many times. tests/bench/soh.sh counts instructions with it.
 *
 *     bench-soh parse|build SIZE ROUNDS
 *
 * prints the packet's size, its TLVs in entries, and nanoseconds per packet.
 */

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "libs/soh/soh.h"

static const struct soh_system request_system = {.present = SOH_HAS_CORRELATION_ID};

/* Callgrind starts and stops counting here, so these are never inlined. */
#define MEASURED __attribute__((noinline))

size_t bench_parse(const uint8_t *bytes, size_t size, unsigned int rounds);
size_t bench_build(uint8_t *bytes, size_t size, unsigned int rounds);

/* Parses and reads every attribute. Returns the sum of their sizes. */
MEASURED size_t bench_parse(const uint8_t *bytes, size_t size, unsigned int rounds)
{
    struct soh_packet packet;
    struct soh_entry entry;
    struct soh_attribute attribute;
    size_t position, in_entry, seen = 0;

    while (rounds--)
    {
        if (!soh_parse(bytes, size, &packet, NULL))
            abort();
        position = 0;
        while (soh_next_entry(&packet, &position, &entry))
        {
            in_entry = 0;
            while (soh_next_attribute(&entry, &in_entry, &attribute))
                seen += attribute.size;
        }
    }
    return seen;
}

/* Builds a packet of at most size bytes with as many TLVs of one byte as fit. Returns its size. */
MEASURED size_t bench_build(uint8_t *bytes, size_t size, unsigned int rounds)
{
    struct soh_builder b;
    uint32_t id;
    unsigned int count;

    while (rounds--)
    {
        soh_builder_init(&b, bytes, size);
        soh_build_begin(&b, SOH_REQUEST, NULL, &request_system);
        for (id = 0; id < SOH_MAX_ENTRIES && b.size + 8 <= size; ++id)
        {
            soh_build_entry(&b, id);
            for (count = 1; count < SOH_MAX_ATTRIBUTES && b.size + 5 <= size; ++count)
                soh_build_attribute_u8(&b, SOH_ATTRIBUTE_HEALTH_CLASS, 1);
        }
        if (soh_build_end(&b) != SOH_BUILD_OK)
            abort();
    }
    return b.size;
}

static double now_ns(void)
{
    struct timespec t;

    clock_gettime(CLOCK_MONOTONIC, &t);
    return (double)t.tv_sec * 1e9 + (double)t.tv_nsec;
}

static unsigned int count_tlvs(const uint8_t *bytes, size_t size)
{
    struct soh_packet packet;
    struct soh_entry entry;
    size_t position = 0;
    unsigned int count = 0;

    if (!soh_parse(bytes, size, &packet, NULL))
        abort();
    while (soh_next_entry(&packet, &position, &entry))
        count += entry.count;
    return count;
}

int main(int argc, char **argv)
{
    static uint8_t bytes[SOH_MAX_PACKET_SIZE];
    size_t limit, size;
    unsigned int rounds;
    double start, end;

    if (argc != 4 || (strcmp(argv[1], "parse") && strcmp(argv[1], "build")))
    {
        fprintf(stderr, "usage: bench-soh parse|build SIZE ROUNDS\n");
        return 2;
    }
    limit = strtoul(argv[2], NULL, 10);
    rounds = (unsigned int)strtoul(argv[3], NULL, 10);
    if (limit < 64 || limit > sizeof bytes || !rounds)
    {
        fprintf(stderr, "bench-soh: a size from 64 to 65535 and at least one round\n");
        return 2;
    }
    size = bench_build(bytes, limit, 1);
    start = now_ns();
    if (!strcmp(argv[1], "parse"))
        bench_parse(bytes, size, rounds);
    else
        bench_build(bytes, limit, rounds);
    end = now_ns();
    printf("%zu %u %.0f\n", size, count_tlvs(bytes, size), (end - start) / rounds);
    return 0;
}
