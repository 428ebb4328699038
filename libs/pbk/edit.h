/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Changes one entry of a phone book. Every line that is not changed keeps its bytes: keys that
 * nobody here knows, comments, order, encoding and line ends.
 *
 *     struct pbk_edit edit;
 *
 *     pbk_edit_open(&edit, data, size, index);
 *     pbk_edit_set(&edit, PBK_SETTINGS, 0, "Type", 0, "2");
 *     changed = pbk_edit_data(&edit, &changed_size);
 *     pbk_edit_finish(&edit);
 *
 * Texts that are set are UTF-8, or in the file's code page if pbk_edit_is_ansi(). They have no line
 * ends. After an allocation failure the other functions do nothing and pbk_edit_data() fails.
 */

#ifndef WINE_NAP_PBK_EDIT_H
#define WINE_NAP_PBK_EDIT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "libs/pbk/pbk.h"
#include "libs/pbk/text.h"

struct pbk_edit_line
{
    const uint8_t *bytes; /* as in the file, with the line end; NULL: changed */
    size_t size;
    char *text; /* decoded, without the line end */
    size_t length;
    enum text_encoding encoding;
    bool has_cr, has_lf;
};

struct pbk_edit
{
    const uint8_t *data; /* the file */
    size_t size;
    struct text_form form;
    size_t begin, end; /* of the entry in it */
    struct pbk_edit_line *lines;
    size_t count, capacity;
    bool has_cr; /* in the file's line ends */
    bool failed;
};

/* Opens the entry with that index in pbk.entries. The data must be what pbk_init() accepted, and
 * must stay until pbk_edit_finish(). */
void pbk_edit_open(struct pbk_edit *edit, const void *data, size_t size, size_t index);

/* Adds an entry at the end of the file, which may be empty. */
void pbk_edit_append(struct pbk_edit *edit, const void *data, size_t size, const char *name);

void pbk_edit_finish(struct pbk_edit *edit);

bool pbk_edit_is_ansi(const struct pbk_edit *edit);

void pbk_edit_rename(struct pbk_edit *edit, const char *name);

/* Comments at its end stay, because they may be about the next entry. */
void pbk_edit_delete(struct pbk_edit *edit);

/* Sets the nth value of a key, from 0, in the block_index-th block of that kind. A key that is not
 * there is added at the end of the block; NULL deletes it. Nothing happens if there is no such
 * block. */
void pbk_edit_set(struct pbk_edit *edit, enum pbk_block_kind kind, size_t block_index,
        const char *key, size_t nth, const char *value);

/* Replaces all values of a key in that block by these, in lines one after another. */
void pbk_edit_set_list(struct pbk_edit *edit, enum pbk_block_kind kind, size_t block_index,
        const char *key, const char *const *values, size_t count);

/* Sets the value of the line that begins a block, such as a DEVICE's type. Adds the block if there
 * are block_index of them. */
void pbk_edit_set_block(
        struct pbk_edit *edit, enum pbk_block_kind kind, size_t block_index, const char *value);

void pbk_edit_delete_block(struct pbk_edit *edit, enum pbk_block_kind kind, size_t block_index);

/* The whole file as changed, which the caller free()s; NULL on allocation failure. */
uint8_t *pbk_edit_data(const struct pbk_edit *edit, size_t *size);

#endif
