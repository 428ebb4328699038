/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Reads a journal.
 */
#include "libs/journal/journal.h"

#include <string.h>

#define OPERATION_SIZE 13   /* without names and value */
#define SLACK (1024 * 1024) /* bytes that a journal may always have beyond its snapshot */
#define SEARCH_TIMES 8 /* the search for records checks at most the file's size this many times */

static uint64_t get(const uint8_t *at, unsigned int size)
{
    uint64_t value = 0;

    while (size--)
        value = value << 8 | at[size];
    return value;
}

bool journal_next_operation(struct journal_record *record, struct journal_operation *operation)
{
    const uint8_t *at = record->operations;
    size_t key, name, left;

    if (record->size < OPERATION_SIZE)
        return false;
    operation->kind = at[0];
    operation->key.length = (uint16_t)get(at + 1, 2);
    operation->name.length = (uint16_t)get(at + 3, 2);
    operation->type = (uint32_t)get(at + 5, 4);
    operation->size = (uint32_t)get(at + 9, 4);
    key = operation->key.length * (size_t)2;
    name = operation->name.length * (size_t)2;
    left = record->size - OPERATION_SIZE;
    if (operation->kind < JOURNAL_SET || operation->kind > JOURNAL_DELETE_KEY
            || operation->key.length > JOURNAL_MAX_NAME || operation->name.length > JOURNAL_MAX_NAME
            || left < key + name || left - key - name < operation->size)
        return false;
    at += OPERATION_SIZE;
    operation->key.units = at;
    operation->name.units = at + key;
    operation->data = at + key + name;
    record->operations = operation->data + operation->size;
    record->size = left - key - name - operation->size;
    return true;
}

static bool operations_are_sound(struct journal_record record)
{
    struct journal_operation operation;

    while (journal_next_operation(&record, &operation))
        ;
    return !record.size;
}

/* Is there a record at the offset? Adds the bytes that were checked to *checked. */
static bool read_at(const struct journal_reader *reader, size_t offset,
        struct journal_record *record, uint64_t *checked)
{
    const uint8_t *at = reader->bytes + offset;
    size_t left = reader->size - offset;

    if (left < JOURNAL_HEADER_SIZE || memcmp(at, "NAPJ", 4))
        return false;
    *checked += JOURNAL_HEADER_SIZE;
    if (journal_crc(0, at, 24) != get(at + 24, 4))
        return false;
    record->kind = (enum journal_kind)get(at + 4, 4);
    record->sequence = get(at + 8, 8);
    record->size = (size_t)get(at + 16, 4);
    record->operations = at + JOURNAL_HEADER_SIZE;
    if ((record->kind != JOURNAL_SNAPSHOT && record->kind != JOURNAL_CHANGE)
            || record->size > left - JOURNAL_HEADER_SIZE)
        return false;
    *checked += record->size;
    return journal_crc(0, record->operations, record->size) == get(at + 20, 4)
           && operations_are_sound(*record);
}

/*
 * Records are flushed one by one: only the last can be incomplete after a power failure. If a
 * record follows bytes that are none, these were a complete record once. A file crafted to make
 * this search long counts as damaged.
 */
static bool records_follow(struct journal_reader *reader)
{
    uint64_t checked = 0, most = (uint64_t)reader->size * SEARCH_TIMES;
    struct journal_record record;
    bool found = false;
    size_t offset;

    for (offset = reader->offset + 1; offset < reader->size && checked <= most; offset++)
        if (reader->bytes[offset] == 'N' && read_at(reader, offset, &record, &checked)
                && record.sequence > reader->sequence)
        {
            reader->sequence = record.sequence;
            found = true;
        }
    return found || checked > most;
}

static bool only_zeros_follow(const struct journal_reader *reader)
{
    size_t offset = reader->offset;

    while (offset < reader->size && !reader->bytes[offset])
        offset++;
    return offset == reader->size;
}

enum journal_found journal_read(struct journal_reader *reader, struct journal_record *record)
{
    uint64_t checked = 0;

    if (reader->offset && only_zeros_follow(reader))
        return JOURNAL_END;
    if (read_at(reader, reader->offset, record, &checked) && record->sequence > reader->sequence
            && (record->kind == JOURNAL_SNAPSHOT) == !reader->offset)
    {
        reader->sequence = record->sequence;
        reader->offset += JOURNAL_HEADER_SIZE + record->size;
        return JOURNAL_RECORD;
    }
    /* A file gets its name only when its snapshot is on the disk: that cannot be torn. */
    return records_follow(reader) || !reader->offset ? JOURNAL_DAMAGED : JOURNAL_TORN;
}

bool journal_is_long(uint64_t size, uint64_t snapshot)
{
    return size > 2 * snapshot + SLACK;
}

uint64_t journal_capacity(uint64_t size)
{
    return (size + JOURNAL_STEP - 1) / JOURNAL_STEP * JOURNAL_STEP;
}
