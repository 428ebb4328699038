/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Runs a fuzz target over the files of a folder, without libFuzzer: replays a corpus in any native
 * build.
 */

#include <dirent.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* Reads a file into an allocation of exactly its size. */
static void replay(const char *path)
{
    static uint8_t buffer[1 << 20];
    FILE *file = fopen(path, "rb");
    uint8_t *data;
    size_t size, i;

    if (!file)
    {
        perror(path);
        exit(1);
    }
    size = fread(buffer, 1, sizeof buffer, file);
    fclose(file);
    data = malloc(size ? size : 1);
    if (!data)
        abort();
    for (i = 0; i < size; ++i)
        data[i] = buffer[i];
    LLVMFuzzerTestOneInput(data, size);
    free(data);
}

int main(int argc, char **argv)
{
    struct dirent *entry;
    unsigned int count = 0;
    char path[4096];
    DIR *folder = argc == 2 ? opendir(argv[1]) : NULL;

    if (!folder)
    {
        fprintf(stderr, "usage: replay FOLDER\n");
        return 2;
    }
    while ((entry = readdir(folder)))
    {
        if (entry->d_name[0] == '.')
            continue;
        snprintf(path, sizeof path, "%s/%s", argv[1], entry->d_name);
        replay(path);
        ++count;
    }
    closedir(folder);
    printf("%u inputs\n", count);
    return count ? 0 : 1;
}
