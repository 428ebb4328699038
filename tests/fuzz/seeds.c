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
#include "tests/unit/soh/samples.h"

static const struct
{
    const char *name;
    const uint8_t *data;
    size_t size;
} packets[] = {
        {"request_plain", request_plain, sizeof request_plain},
        {"request_mode", request_mode, sizeof request_mode},
        {"response_plain", response_plain, sizeof response_plain},
        {"response_mode", response_mode, sizeof response_mode},
};

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

/* A policy, a NUL and a request that it judges. */
static void write_policy(const char *folder, const char *path, unsigned int index)
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
    write_file(folder, "policy", name, text, size + 1, packets[index % 2].data,
            packets[index % 2].size);
}

int main(int argc, char **argv)
{
    uint8_t carrier[SOH_CARRIER_SIZE];
    size_t i;
    int arg;

    if (argc < 2)
    {
        fprintf(stderr, "usage: fuzz-seeds CORPUS-FOLDER POLICY-FILE...\n");
        return 2;
    }
    for (i = 0; i < sizeof packets / sizeof *packets; ++i)
        write_file(argv[1], "soh", packets[i].name, packets[i].data, packets[i].size, "", 0);
    soh_carrier_write(carrier, SOH_REQUEST, sizeof request_plain);
    write_file(argv[1], "soh", "carried", carrier, sizeof carrier, request_plain,
            sizeof request_plain);
    write_file(argv[1], "soh", "framed", "\x5b", 1, request_plain + 28, sizeof request_plain - 28);
    for (arg = 2; arg < argc; ++arg)
        write_policy(argv[1], argv[arg], (unsigned int)arg);
    return 0;
}
