/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Makes a record of operations.
 */
#include "libs/journal/journal.h"

#include <stdlib.h>
#include <string.h>

#define FIRST_CAPACITY 1024

static void put(uint8_t *to, uint64_t value, unsigned int size)
{
    for (; size; size--, value >>= 8)
        *to++ = (uint8_t)value;
}

uint32_t journal_crc(uint32_t crc, const void *bytes, size_t size)
{
    static uint32_t table[256];
    const uint8_t *at = bytes;
    unsigned int i, bit;

    if (!table[1])
        for (i = 256; i--;) /* table[1] last */
        {
            uint32_t value = i;

            for (bit = 0; bit < 8; bit++)
                value = value >> 1 ^ (value & 1 ? UINT32_C(0x82F63B78) : 0);
            table[i] = value;
        }
    for (crc = ~crc; size; size--)
        crc = crc >> 8 ^ table[(crc ^ *at++) & 0xFF];
    return ~crc;
}

/* Extends the change by `size` bytes. Returns where they are, or NULL if the change has failed. */
static uint8_t *append(struct journal_change *change, size_t size)
{
    size_t capacity = change->capacity ? change->capacity : FIRST_CAPACITY;
    uint8_t *bytes;

    if (!change->size)
        change->size = JOURNAL_HEADER_SIZE;
    if (change->failed || size > JOURNAL_MAX_SIZE - change->size)
    {
        change->failed = true;
        return NULL;
    }
    while (capacity < change->size + size)
        capacity *= 2;
    if (capacity != change->capacity)
    {
        if (!(bytes = realloc(change->bytes, capacity)))
        {
            change->failed = true;
            return NULL;
        }
        change->bytes = bytes;
        change->capacity = capacity;
    }
    bytes = change->bytes + change->size;
    change->size += size;
    return bytes;
}

void journal_change_add(struct journal_change *change, const struct journal_operation *operation)
{
    size_t key = operation->key.length * (size_t)2, name = operation->name.length * (size_t)2;
    uint8_t *at;

    if (operation->key.length > JOURNAL_MAX_NAME || operation->name.length > JOURNAL_MAX_NAME
            || operation->size >= JOURNAL_MAX_SIZE)
    {
        change->failed = true;
        return;
    }
    if (!(at = append(change, 13 + key + name + operation->size)))
        return;
    put(at, operation->kind, 1);
    put(at + 1, operation->key.length, 2);
    put(at + 3, operation->name.length, 2);
    put(at + 5, operation->type, 4);
    put(at + 9, operation->size, 4);
    at += 13;
    if (key)
        memcpy(at, operation->key.units, key);
    if (name)
        memcpy(at + key, operation->name.units, name);
    if (operation->size)
        memcpy(at + key + name, operation->data, operation->size);
    change->count++;
}

bool journal_change_seal(struct journal_change *change, enum journal_kind kind, uint64_t sequence)
{
    size_t size;
    uint8_t *at;

    if (!change->size)
        append(change, 0);
    if (change->failed)
        return false;
    at = change->bytes;
    size = change->size - JOURNAL_HEADER_SIZE;
    memcpy(at, "NAPJ", 4);
    put(at + 4, kind, 4);
    put(at + 8, sequence, 8);
    put(at + 16, size, 4);
    put(at + 20, journal_crc(0, at + JOURNAL_HEADER_SIZE, size), 4);
    put(at + 24, journal_crc(0, at, 24), 4);
    return true;
}

void journal_change_clear(struct journal_change *change)
{
    free(change->bytes);
    memset(change, 0, sizeof(*change));
}
