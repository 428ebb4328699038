/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * The journal: changes of a registry, one after the other, as bytes of a file.
 *
 * A change is a list of operations on keys and values that happen together or not at all. It
 * becomes one record of the file. The first record of a file is a snapshot, the whole state at
 * that time; changes follow. Who keeps a journal writes a record, has it flushed to the disk, and
 * only then says that the change is made.
 *
 *   offset size
 *        0    4  "NAPJ"
 *        4    4  kind, enum journal_kind
 *        8    8  sequence number; each record's is greater than the one before
 *       16    4  bytes of operations that follow the header
 *       20    4  CRC-32C of the operations
 *       24    4  CRC-32C of the header's first 24 bytes
 *       28       operations, each:
 *                  1  enum journal_operation_kind
 *                  2  length of the key's name, UTF-16 units
 *                  2  length of the value's name, units
 *                  4  type of the value
 *                  4  bytes of the value
 *                     the key's name, the value's name, the value
 *
 * All numbers are little endian. Names have no NUL at their end.
 */
#ifndef WINE_NAP_JOURNAL_H
#define WINE_NAP_JOURNAL_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define JOURNAL_HEADER_SIZE 28
#define JOURNAL_MAX_SIZE (UINT32_C(1) << 30) /* bytes of a record, and of a file */
#define JOURNAL_MAX_NAME 1024                /* units of a key's or a value's name */

enum journal_kind
{
    JOURNAL_SNAPSHOT = 1, /* stands for all records before it */
    JOURNAL_CHANGE
};

enum journal_operation_kind
{
    JOURNAL_SET = 1,      /* sets a value; makes its key */
    JOURNAL_DELETE_VALUE, /* no error if it is not there */
    JOURNAL_DELETE_KEY    /* with all that is below it; no error if it is not there */
};

struct journal_name
{
    const uint8_t *units; /* UTF-16LE */
    uint16_t length;      /* units */
};

/* Views of a record's bytes. */
struct journal_operation
{
    enum journal_operation_kind kind;
    struct journal_name key;
    struct journal_name name; /* of the value; empty: the key's default one */
    uint32_t type;
    const uint8_t *data;
    uint32_t size; /* bytes of data */
};

/* ---- change.c: making a record ---- */

/* Zeroed, it is empty. */
struct journal_change
{
    uint8_t *bytes; /* a whole record once it is sealed */
    size_t size;
    size_t capacity;
    size_t count; /* operations */
    bool failed;  /* memory is short, or it is too long: sealing it will fail */
};

/* Appends an operation; what it points to is copied. */
void journal_change_add(struct journal_change *change, const struct journal_operation *operation);
/* Writes the header. False: the change is not whole. May be called again, with other numbers. */
bool journal_change_seal(struct journal_change *change, enum journal_kind kind, uint64_t sequence);
/* Empties it and frees its memory. */
void journal_change_clear(struct journal_change *change);

/* CRC-32C (Castagnoli), of `size` bytes; `crc` is that of the bytes before them, or 0. */
uint32_t journal_crc(uint32_t crc, const void *bytes, size_t size);

/* ---- read.c ---- */

struct journal_record
{
    enum journal_kind kind;
    uint64_t sequence;
    const uint8_t *operations;
    size_t size; /* bytes of operations */
};

enum journal_found
{
    JOURNAL_RECORD,
    JOURNAL_END,
    /* The last record was cut short: whoever wrote it was never told that it is there. */
    JOURNAL_TORN,
    /* What is here is no record and there are records behind it, or the file does not begin with
     * a snapshot: what was acknowledged is lost. */
    JOURNAL_DAMAGED
};

struct journal_reader
{
    const uint8_t *bytes; /* of the file */
    size_t size;
    size_t offset;     /* of the next record; when there is none, where the sound ones end */
    uint64_t sequence; /* of the last record; JOURNAL_DAMAGED: the greatest that was seen at all */
};

/* Begin with a zeroed reader that has bytes and size. Every operation of a record that this gives
 * is sound. */
enum journal_found journal_read(struct journal_reader *reader, struct journal_record *record);

/* Takes the next operation of a record: moves its `operations` and `size`. False: no more, or
 * what follows is not sound. */
bool journal_next_operation(struct journal_record *record, struct journal_operation *operation);

/* Should a file of `size` bytes be written anew, if its snapshot has `snapshot` bytes? */
bool journal_is_long(uint64_t size, uint64_t snapshot);

#endif
