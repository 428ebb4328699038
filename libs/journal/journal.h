/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * The journal: a file of changes to a registry, one after the other.
 *
 * A change is a list of operations on keys and values that happen together or not at all. It
 * becomes one record of the file. The first record of a file is a snapshot, the whole state at that
 * time; changes follow. The owner of a journal writes a record, flushes it to the disk, and only
 * then acknowledges the change. Zeros may follow the last record: space for more, as a flush is
 * faster if the file does not grow.
 *
 *   offset size
 *        0    4  "NAPJ"
 *        4    4  kind, enum journal_kind
 *        8    8  sequence number, greater than that of the record before
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
 * All numbers are little endian. Names have no terminating NUL.
 */
#ifndef WINE_NAP_JOURNAL_H
#define WINE_NAP_JOURNAL_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define JOURNAL_HEADER_SIZE 28
#define JOURNAL_MAX_SIZE (UINT32_C(1) << 30) /* bytes of a record, and of a file */
#define JOURNAL_MAX_NAME 1024                /* units of a key's or a value's name */
#define JOURNAL_STEP 65536                   /* bytes: files are extended to a multiple of this */

enum journal_kind
{
    JOURNAL_SNAPSHOT = 1, /* replaces all records before it */
    JOURNAL_CHANGE
};

enum journal_operation_kind
{
    JOURNAL_SET = 1,      /* sets a value; creates its key */
    JOURNAL_DELETE_VALUE, /* no error if it does not exist */
    JOURNAL_DELETE_KEY    /* with all that is below it; no error if it does not exist */
};

struct journal_name
{
    const uint8_t *units; /* UTF-16LE */
    uint16_t length;      /* units */
};

/* Points into a record's bytes. */
struct journal_operation
{
    enum journal_operation_kind kind;
    struct journal_name key;
    struct journal_name name; /* of the value; empty: the key's default value */
    uint32_t type;
    const uint8_t *data;
    uint32_t size; /* bytes of data */
};

/* ---- change.c: making a record ---- */

/* Zeroed, it is empty. */
struct journal_change
{
    uint8_t *bytes; /* a complete record once it is sealed */
    size_t size;
    size_t capacity;
    size_t count; /* operations */
    bool failed;  /* allocation failure, or too long: sealing it will fail */
};

/* Appends a copy of an operation. */
void journal_change_add(struct journal_change *change, const struct journal_operation *operation);
/* Writes the header. Returns false if the change has failed. May be called again with another kind
 * and number. */
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
    JOURNAL_END, /* of the file, or only zeros follow */
    /* The last record is incomplete: it was never acknowledged. */
    JOURNAL_TORN,
    /* There is no record here although records follow, or the file does not begin with a snapshot:
     * acknowledged changes are lost. */
    JOURNAL_DAMAGED
};

struct journal_reader
{
    const uint8_t *bytes; /* of the file */
    size_t size;
    size_t offset;     /* of the next record; if there is none, the end of the valid ones */
    uint64_t sequence; /* of the last record; JOURNAL_DAMAGED: the greatest that was found */
};

/* Begin with a reader that has bytes and size and is zeroed otherwise. All operations of a returned
 * record are valid. */
enum journal_found journal_read(struct journal_reader *reader, struct journal_record *record);

/* Takes the next operation of a record: advances its `operations` and `size`. Returns false at the
 * end, or if the next one is invalid. */
bool journal_next_operation(struct journal_record *record, struct journal_operation *operation);

/* Should a file with `size` bytes of records be rewritten, if its snapshot has `snapshot` bytes? */
bool journal_is_long(uint64_t size, uint64_t snapshot);

/* How many bytes a file has, with zeros, that is extended for `size` bytes of records. */
uint64_t journal_capacity(uint64_t size);

#endif
