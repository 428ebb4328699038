/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * The power fails at any byte, or the disk changes one: the reader returns the changes before that
 * byte, each complete.
 */
#include <test.h>
#include <stdlib.h>
#include <string.h>

#include "libs/journal/journal.h"

#define RECORDS 6
#define NOISE 20000 /* files of noise */
#define SECTOR 8    /* bytes that the disk writes at once; real ones are larger, as are records */
#define SPACE 200   /* zeros after the records, bytes */

static uint8_t *file;
static size_t ends[RECORDS + 1]; /* of the records; the first is the start of the file */
static uint64_t random_state = 88172645463325252u;

static uint32_t random_below(uint32_t end)
{
    random_state ^= random_state << 13;
    random_state ^= random_state >> 7;
    random_state ^= random_state << 17;
    return (uint32_t)(random_state >> 20) % end;
}

static size_t size_of_file(void)
{
    return ends[RECORDS];
}

/* A snapshot and some changes; the value of each operation names its record. */
static int make_file(void)
{
    unsigned int i, k;

    for (i = 0; i < RECORDS; i++)
    {
        struct journal_change change = {0};

        for (k = 0; k < i * 3 % 5 + (i != 3); k++)
        {
            uint8_t data[40];
            struct journal_operation operation = {.kind = JOURNAL_SET,
                    .key = {(const uint8_t *)"Q.e.c.s.", 4},
                    .name = {(const uint8_t *)"value.", 3},
                    .type = 3,
                    .data = data,
                    .size = k * 7 + 1};

            memset(data, (int)i, sizeof(data));
            journal_change_add(&change, &operation);
        }
        assert_true(
                journal_change_seal(&change, i ? JOURNAL_CHANGE : JOURNAL_SNAPSHOT, 10 + i * 2));
        assert_non_null(file = realloc(file, ends[i] + change.size));
        memcpy(file + ends[i], change.bytes, change.size);
        ends[i + 1] = ends[i] + change.size;
        journal_change_clear(&change);
    }
    return 0;
}

static int free_file(void)
{
    free(file);
    return 0;
}

static void assert_whole(struct journal_record record, unsigned int number)
{
    struct journal_operation operation;
    unsigned int k;

    assert_true(record.sequence == 10 + number * 2);
    for (k = 0; journal_next_operation(&record, &operation); k++)
    {
        assert_int_equal(operation.size, k * 7 + 1);
        assert_int_equal(operation.data[0], number);
        assert_int_equal(operation.data[operation.size - 1], number);
    }
    assert_int_equal(record.size, 0);
    assert_int_equal(k, number * 3 % 5 + (number != 3));
}

/* Reads the bytes, in a buffer that the sanitizer guards; returns the number of records, each
 * unchanged. */
static unsigned int read_records(const uint8_t *bytes, size_t size, enum journal_found *end)
{
    struct journal_reader reader = {bytes, size, 0, 0};
    struct journal_record record;
    unsigned int count = 0;

    while ((*end = journal_read(&reader, &record)) == JOURNAL_RECORD)
    {
        assert_true(count < RECORDS);
        assert_whole(record, count++);
    }
    assert_int_equal(reader.offset, ends[count]);
    return count;
}

static uint8_t *copy_of(size_t size)
{
    uint8_t *copy = malloc(size ? size : 1);

    assert_non_null(copy);
    memcpy(copy, file, size);
    return copy;
}

TEST(cut_at_any_byte_it_has_what_was_whole)
{
    enum journal_found end;
    unsigned int whole;
    size_t cut;

    for (cut = 0; cut <= size_of_file(); cut++)
    {
        uint8_t *copy = copy_of(cut);

        for (whole = 0; whole < RECORDS && ends[whole + 1] <= cut; whole++)
            ;
        assert_int_equal(read_records(copy, cut, &end), whole);
        assert_int_equal(end, !whole               ? JOURNAL_DAMAGED
                              : ends[whole] == cut ? JOURNAL_END
                                                   : JOURNAL_TORN);
        free(copy);
    }
}

/* A file system may have extended the file without writing all of it. */
TEST(what_was_not_written_may_be_zeros_or_rubbish)
{
    enum journal_found end;
    size_t cut;
    int filler;

    for (filler = 0; filler <= 0xFF; filler += 0x55)
        for (cut = ends[RECORDS - 1]; cut < size_of_file(); cut++)
        {
            uint8_t *copy = copy_of(size_of_file());

            memset(copy + cut, filler, size_of_file() - cut);
            if (memcmp(copy, file, size_of_file()))
            {
                bool begun = filler || cut > ends[RECORDS - 1];

                assert_int_equal(read_records(copy, size_of_file(), &end), RECORDS - 1);
                assert_int_equal(end, begun ? JOURNAL_TORN : JOURNAL_END);
            }
            free(copy);
        }
}

/* ---- zeros follow the records: space that was written ahead ---- */

/* A copy of the first `size` bytes, with `space` zeros after them. */
static uint8_t *with_space(size_t size, size_t space)
{
    uint8_t *copy = calloc(1, size + space + 1);

    assert_non_null(copy);
    memcpy(copy, file, size);
    return copy;
}

TEST(zeros_after_the_records_are_their_end)
{
    enum journal_found end;
    size_t space;
    unsigned int whole;

    /* The file may end anywhere inside the zeros. */
    for (whole = 1; whole <= RECORDS; whole++)
        for (space = 0; space <= SPACE; space++)
        {
            uint8_t *copy = with_space(ends[whole], space);

            assert_int_equal(read_records(copy, ends[whole] + space, &end), whole);
            assert_int_equal(end, JOURNAL_END);
            free(copy);
        }
}

/* A file gets its name only when its snapshot is on the disk. */
TEST(zeros_alone_are_no_journal)
{
    uint8_t *copy = with_space(0, SPACE);
    enum journal_found end;

    assert_int_equal(read_records(copy, SPACE, &end), 0);
    assert_int_equal(end, JOURNAL_DAMAGED);
    free(copy);
}

TEST(cut_at_any_byte_before_the_zeros_it_has_what_was_whole)
{
    enum journal_found end;
    unsigned int whole;
    size_t cut, last;

    for (cut = 0; cut <= size_of_file(); cut++)
    {
        uint8_t *copy = with_space(cut, size_of_file() - cut + SPACE);

        for (last = cut; last && !copy[last - 1]; last--)
            ; /* a record that ends with zeros is whole without them */
        for (whole = 0; whole < RECORDS && !memcmp(copy, file, ends[whole + 1]); whole++)
            ;
        assert_int_equal(read_records(copy, size_of_file() + SPACE, &end), whole);
        assert_int_equal(end, !whole                ? JOURNAL_DAMAGED
                              : last <= ends[whole] ? JOURNAL_END
                                                    : JOURNAL_TORN);
        free(copy);
    }
}

/* The power fails while the last record is written: the disk has any of its sectors, in any order.
 * The sectors without it have zeros. */
TEST(any_sectors_of_the_last_record_may_be_missing)
{
    size_t first = ends[RECORDS - 1] / SECTOR, count = (size_of_file() - 1) / SECTOR - first + 1;
    size_t size = size_of_file() + SPACE, start = ends[RECORDS - 1];
    unsigned int torn = 0, none = 0, set;
    enum journal_found end;

    assert_in_range(count, 4, 16);
    for (set = 0; set < 1u << count; set++)
    {
        uint8_t *copy = with_space(start, size - start);
        bool begun = false, whole;
        size_t at;

        for (at = start; at < size_of_file(); at++)
            if (set >> (at / SECTOR - first) & 1 && (copy[at] = file[at]))
                begun = true;
        whole = !memcmp(copy, file, size_of_file());
        assert_int_equal(read_records(copy, size, &end), whole ? RECORDS : RECORDS - 1);
        assert_int_equal(end, whole || !begun ? JOURNAL_END : JOURNAL_TORN);
        torn += end == JOURNAL_TORN;
        none += !begun;
        free(copy);
    }
    assert_true(torn > 1);
    assert_true(none >= 1);
}

/* An acknowledged record whose header was zeroed is not the end if another record follows. */
TEST(zeros_before_a_record_are_damage)
{
    uint8_t *copy = with_space(size_of_file(), SPACE);
    enum journal_found end;

    memset(copy + ends[3], 0, ends[4] - ends[3]);
    assert_int_equal(read_records(copy, size_of_file() + SPACE, &end), 3);
    assert_int_equal(end, JOURNAL_DAMAGED);
    free(copy);
}

/* Records of an older file, whose numbers are less, are neither read nor damage, wherever they are
 * in the space. The file itself is always written with zeros. */
TEST(an_older_record_in_the_space_is_not_read)
{
    size_t old = ends[2] - ends[1], at;
    enum journal_found end;

    for (at = 0; at + old <= SPACE; at++)
    {
        uint8_t *copy = with_space(size_of_file(), SPACE);

        memcpy(copy + size_of_file() + at, file + ends[1], old);
        assert_int_equal(read_records(copy, size_of_file() + SPACE, &end), RECORDS);
        assert_int_equal(end, JOURNAL_TORN);
        free(copy);
    }
}

TEST(a_file_is_extended_in_steps)
{
    assert_int_equal(journal_capacity(1), JOURNAL_STEP);
    assert_int_equal(journal_capacity(JOURNAL_STEP), JOURNAL_STEP);
    assert_int_equal(journal_capacity(JOURNAL_STEP + 1), 2 * JOURNAL_STEP);
    assert_true(journal_capacity(JOURNAL_MAX_SIZE) == JOURNAL_MAX_SIZE);
}

TEST(a_changed_byte_ends_it_there_and_is_told_from_a_cut)
{
    enum journal_found end;
    unsigned int whole;
    size_t at;

    for (at = 0; at < size_of_file(); at++)
    {
        uint8_t *copy = copy_of(size_of_file());

        copy[at] ^= (uint8_t)(1 + random_below(255));
        for (whole = 0; ends[whole + 1] <= at; whole++)
            ;
        assert_int_equal(read_records(copy, size_of_file(), &end), whole);
        assert_int_equal(end, whole == RECORDS - 1 ? JOURNAL_TORN : JOURNAL_DAMAGED);
        free(copy);
    }
}

TEST(damage_says_how_far_the_numbers_had_gone)
{
    struct journal_reader reader = {NULL, size_of_file(), 0, 0};
    struct journal_record record;
    uint8_t *copy = copy_of(size_of_file());

    copy[ends[1] + 9] ^= 1;
    reader.bytes = copy;
    assert_int_equal(journal_read(&reader, &record), JOURNAL_RECORD);
    assert_int_equal(journal_read(&reader, &record), JOURNAL_DAMAGED);
    assert_true(reader.sequence == 10 + (RECORDS - 1) * 2);
    free(copy);
}

/* A repeated record, or one of an older file, is not read. */
TEST(numbers_only_grow)
{
    size_t last = size_of_file() - ends[RECORDS - 1];
    uint8_t *copy = malloc(size_of_file() + last);
    enum journal_found end;

    assert_non_null(copy);
    memcpy(copy, file, size_of_file());
    memcpy(copy + size_of_file(), file + ends[RECORDS - 1], last);
    assert_int_equal(read_records(copy, size_of_file() + last, &end), RECORDS);
    assert_int_equal(end, JOURNAL_TORN);
    free(copy);
}

/* Random bytes never cause an access out of bounds or a record that was not written. */
TEST(noise_is_no_record)
{
    enum journal_found end;
    unsigned int round, i;

    for (round = 0; round < NOISE; round++)
    {
        size_t size = random_below((uint32_t)size_of_file() + 1);
        uint8_t *copy = copy_of(size);

        for (i = random_below(8); size && i < 8; i++)
        {
            size_t at = random_below((uint32_t)size), length = random_below(64), from;

            if (length > size - at)
                length = size - at;
            from = random_below((uint32_t)(size - length) + 1);
            if (random_below(2))
                memmove(copy + at, copy + from, length);
            else
                for (; length; length--)
                    copy[at++] = (uint8_t)random_below(256);
        }
        read_records(copy, size, &end);
        free(copy);
    }
}

/* A file of headers that each claim all the rest must not keep the reader busy for hours. */
TEST(a_search_has_an_end)
{
    size_t size = 1 << 20, at;
    uint8_t *bytes = malloc(size), *header;
    struct journal_reader reader = {bytes, size, 0, 0};
    struct journal_record record;

    assert_non_null(bytes);
    memset(bytes, 0, size);
    for (at = 0; at + JOURNAL_HEADER_SIZE <= size; at += JOURNAL_HEADER_SIZE)
    {
        uint32_t rest = (uint32_t)(size - at - JOURNAL_HEADER_SIZE), crc;

        header = bytes + at;
        memcpy(header, "NAPJ\2\0\0\0\1", 9);
        memcpy(header + 16, &rest, 4);
        crc = journal_crc(0, header, 24);
        memcpy(header + 24, &crc, 4);
    }
    assert_int_equal(journal_read(&reader, &record), JOURNAL_DAMAGED);
    free(bytes);
}

TEST_MAIN(make_file, free_file)
