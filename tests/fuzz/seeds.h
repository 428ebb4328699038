/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The parts of fuzz-seeds. */
#ifndef WINE_NAP_TESTS_FUZZ_SEEDS_H
#define WINE_NAP_TESTS_FUZZ_SEEDS_H

#include <stddef.h>

/* Writes FOLDER/KIND/NAME from two pieces; ends the program on failure. */
void write_file(const char *folder, const char *kind, const char *name, const void *first,
        size_t first_size, const void *second, size_t second_size);

/* ras_seeds.c */
void write_ras_seeds(const char *folder);

#endif
