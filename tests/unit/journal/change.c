/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * A change becomes a record, and is read back unchanged.
 */
#include <test.h>
#include <stdlib.h>
#include <string.h>

#include "libs/journal/journal.h"

static struct journal_operation operation(enum journal_operation_kind kind, const char *key,
        const char *name, uint32_t type, const void *data, uint32_t size)
{
    struct journal_operation made = {.kind = kind, .type = type, .data = data, .size = size};

    made.key.units = (const uint8_t *)key;
    made.key.length = (uint16_t)(strlen(key) / 2);
    made.name.units = (const uint8_t *)name;
    made.name.length = (uint16_t)(strlen(name) / 2);
    return made;
}

static void assert_same(struct journal_operation one, struct journal_operation other)
{
    assert_int_equal(one.kind, other.kind);
    assert_int_equal(one.type, other.type);
    assert_int_equal(one.key.length, other.key.length);
    assert_memory_equal(one.key.units, other.key.units, one.key.length * 2u);
    assert_int_equal(one.name.length, other.name.length);
    assert_memory_equal(one.name.units, other.name.units, one.name.length * 2u);
    assert_int_equal(one.size, other.size);
    if (one.size)
        assert_memory_equal(one.data, other.data, one.size);
}

TEST(operations_come_back_in_their_order)
{
    static uint8_t large[100000];
    struct journal_operation given[4], found;
    struct journal_change change = {0};
    struct journal_reader reader = {0};
    struct journal_record record;
    size_t i;

    memset(large, 0xA7, sizeof(large));
    given[0] = operation(JOURNAL_DELETE_KEY, "Q.e.c.s.", "", 0, NULL, 0);
    given[1] = operation(JOURNAL_SET, "Q.e.c.s.", "E.n.", 4, "\1\0\0", 4);
    given[2] = operation(JOURNAL_SET, "S.h.a.s.", "", 3, large, sizeof(large));
    given[3] = operation(JOURNAL_DELETE_VALUE, "S.h.a.s.", "n.", 0, NULL, 0);
    for (i = 0; i < 4; i++)
        journal_change_add(&change, &given[i]);
    assert_int_equal(change.count, 4);
    assert_true(journal_change_seal(&change, JOURNAL_SNAPSHOT, UINT64_C(0x1122334455667788)));
    reader.bytes = change.bytes;
    reader.size = change.size;
    assert_int_equal(journal_read(&reader, &record), JOURNAL_RECORD);
    assert_int_equal(record.kind, JOURNAL_SNAPSHOT);
    assert_true(record.sequence == UINT64_C(0x1122334455667788));
    for (i = 0; i < 4; i++)
    {
        assert_true(journal_next_operation(&record, &found));
        assert_same(found, given[i]);
    }
    assert_false(journal_next_operation(&record, &found));
    assert_int_equal(journal_read(&reader, &record), JOURNAL_END);
    journal_change_clear(&change);
}

/* RFC 3720, B.4, and the check value of its polynomial. */
TEST(the_checksum_is_crc_32c)
{
    static const uint8_t zeros[32];

    assert_int_equal(journal_crc(0, zeros, 32), UINT32_C(0x8A9136AA));
    assert_int_equal(journal_crc(0, "123456789", 9), UINT32_C(0xE3069283));
    assert_int_equal(journal_crc(journal_crc(0, "1234", 4), "56789", 5), UINT32_C(0xE3069283));
}

TEST(the_header_is_as_described)
{
    static const uint8_t expected[24] = {'N', 'A', 'P', 'J', 2, 0, 0, 0, 5, 0, 0, 0, 0, 0, 0, 0, 0};
    struct journal_change change = {0};

    assert_true(journal_change_seal(&change, JOURNAL_CHANGE, 5));
    assert_int_equal(change.size, JOURNAL_HEADER_SIZE);
    assert_memory_equal(change.bytes, expected, sizeof(expected));
    journal_change_clear(&change);
}

TEST(what_is_too_long_is_not_sealed)
{
    static char name[2 * (JOURNAL_MAX_NAME + 1) + 1];
    struct journal_change change = {0};
    struct journal_operation large;

    memset(name, 'n', sizeof(name) - 1);
    large = operation(JOURNAL_SET, name, "", 1, NULL, 0);
    journal_change_add(&change, &large);
    assert_false(journal_change_seal(&change, JOURNAL_CHANGE, 1));
    journal_change_clear(&change);
    large = operation(JOURNAL_SET, "", name, 1, NULL, 0);
    journal_change_add(&change, &large);
    assert_false(journal_change_seal(&change, JOURNAL_CHANGE, 1));
    journal_change_clear(&change);
    large = operation(JOURNAL_SET, "", "", 1, NULL, JOURNAL_MAX_SIZE);
    journal_change_add(&change, &large);
    assert_false(journal_change_seal(&change, JOURNAL_CHANGE, 1));
    journal_change_clear(&change);
    assert_true(journal_change_seal(&change, JOURNAL_CHANGE, 1)); /* cleared, like a new one */
    journal_change_clear(&change);
}

TEST(a_file_is_written_anew_when_most_of_it_is_old)
{
    assert_false(journal_is_long(0, 0));
    assert_false(journal_is_long(1 << 20, 0));
    assert_true(journal_is_long((1 << 20) + 1, 0));
    assert_false(journal_is_long(21 << 20, 10 << 20));
    assert_true(journal_is_long((21 << 20) + 1, 10 << 20));
}

TEST_MAIN(NULL, NULL)
