/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Properties of the codec: a written message is read back unchanged, byte for byte; a frame has the
 * measured size; nothing is written beyond the end, and nothing that a reader would reject.
 */
#include <test.h>
#include <stdlib.h>
#ifdef _WIN32
#include <windows.h>
#else
#include <sys/mman.h>
#endif

#include "tests/unit/napipc/samples.h"

#define SEED UINT64_C(0x9e3779b97f4a7c15)
#define ROUNDS 200 /* messages of every type */

static struct filling filling;
static uint8_t frame[NAPIPC_MAX_FRAME], again[NAPIPC_MAX_FRAME];

/* Writes `message` into `frame`, exactly as large as the codec measures it. */
static size_t write_frame(const struct napipc_message *message)
{
    size_t measured = napipc_frame_size(message), size = 0;

    assert_true(measured && measured <= sizeof(frame));
    assert_int_equal(napipc_encode(message, frame, measured, &size), NAPIPC_OK);
    assert_int_equal(size, measured);
    return size;
}

static void check_round_trip(const struct napipc_message *message)
{
    size_t size = write_frame(message), size_again = 0;
    /* Exactly as large as the frame, so that a sanitizer sees a byte read too many. */
    uint8_t *exact = malloc(size);
    struct napipc_message read;
    const char *why = NULL;

    assert_non_null(exact);
    memcpy(exact, frame, size);
    memset(&read, 0xAA, sizeof(read));
    assert_int_equal(napipc_decode(exact, size, &read, NULL, &why), NAPIPC_OK);
    assert_int_equal(read.type, message->type);
    assert_int_equal(read.call, message->call);
    assert_int_equal(read.status, message->status);
    assert_int_equal(napipc_encode(&read, again, sizeof(again), &size_again), NAPIPC_OK);
    assert_int_equal(size_again, size);
    assert_memory_equal(again, frame, size);
    free(exact);
}

TEST(every_message_comes_back_as_it_was)
{
    struct napipc_message message;
    unsigned int round;
    uint16_t type;

    filling_init(&filling, false, SEED);
    for (round = 0; round < ROUNDS; round++)
        for (type = 0; (type = napipc_next_type(type));)
        {
            fill_message(&filling, type, &message);
            check_round_trip(&message);
        }
}

TEST(every_message_fits_at_its_limits)
{
    struct napipc_message message;
    uint16_t type;

    filling_init(&filling, true, SEED);
    for (type = 0; (type = napipc_next_type(type));)
    {
        fill_message(&filling, type, &message);
        check_round_trip(&message);
    }
}

/* docs/protocol.md, the end of "What is rejected" */
TEST(the_largest_frames_are_as_documented)
{
    struct napipc_message message;

    filling_init(&filling, true, SEED);
    fill_message(&filling, NAPIPC_LIST_CONNECTIONS | NAPIPC_REPLY, &message);
    assert_int_equal(write_frame(&message), 67859);
    fill_message(&filling, NAPIPC_LIST_COMPONENTS | NAPIPC_REPLY, &message);
    assert_int_equal(write_frame(&message), 67171);
    fill_message(&filling, NAPIPC_SOH_REQUEST | NAPIPC_REPLY, &message);
    assert_int_equal(write_frame(&message), 65785);
    fill_message(&filling, NAPIPC_SOH_RESPONSE, &message);
    assert_int_equal(write_frame(&message), 65775);
}

/* "A reply whose status is a failure is written without a body", whatever its body would be. */
TEST(body_of_a_failed_reply_is_not_written)
{
    struct napipc_message message;
    uint16_t type;

    filling_init(&filling, true, SEED);
    for (type = 0; (type = napipc_next_type(type));)
    {
        if (!(type & NAPIPC_REPLY))
            continue;
        fill_message(&filling, type, &message);
        message.status = 0x8007000E;
        assert_int_equal(write_frame(&message), NAPIPC_HEADER_SIZE);
    }
}

/* With less space than the frame needs, down to none, nothing is written beyond the end. */
TEST(too_small_a_buffer_is_refused)
{
    struct napipc_message message;
    size_t capacity, size, unused;
    uint16_t type;

    filling_init(&filling, false, SEED);
    for (type = 0; (type = napipc_next_type(type));)
    {
        fill_message(&filling, type, &message);
        size = write_frame(&message);
        for (capacity = 0; capacity < size; capacity += 1 + capacity / 64)
        {
            uint8_t *small = malloc(capacity + 1);

            assert_non_null(small);
            /* One byte in, so that even the empty buffer has an end to guard. */
            assert_int_equal(
                    napipc_encode(&message, small + 1, capacity, &unused), NAPIPC_BAD_MESSAGE);
            free(small);
        }
    }
}

/* ---- a message that must not be written to ---- */

#define PAGES 65536

static void *pages_create(void)
{
#ifdef _WIN32
    void *pages = VirtualAlloc(NULL, PAGES, MEM_COMMIT | MEM_RESERVE, PAGE_READWRITE);

    assert_non_null(pages);
#else
    void *pages = mmap(NULL, PAGES, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);

    assert_ptr_not_equal(pages, MAP_FAILED);
#endif
    return pages;
}

static void pages_protect(void *pages, bool writable)
{
#ifdef _WIN32
    DWORD old;

    assert_true(VirtualProtect(pages, PAGES, writable ? PAGE_READWRITE : PAGE_READONLY, &old));
#else
    assert_int_equal(mprotect(pages, PAGES, PROT_READ | (writable ? PROT_WRITE : 0)), 0);
#endif
}

static void pages_destroy(void *pages)
{
#ifdef _WIN32
    VirtualFree(pages, 0, MEM_RELEASE);
#else
    munmap(pages, PAGES);
#endif
}

/* The message of napipc_encode() is const: it may be in memory that cannot be written to. */
TEST(writing_does_not_touch_the_message)
{
    struct napipc_message *message = pages_create();
    uint16_t type;

    assert_true(sizeof(*message) <= PAGES);
    filling_init(&filling, true, SEED);
    for (type = 0; (type = napipc_next_type(type));)
    {
        fill_message(&filling, type, message);
        pages_protect(message, false);
        write_frame(message);
        pages_protect(message, true);
    }
    pages_destroy(message);
}

/* Views point into the frame: reading copies nothing. */
TEST(views_point_into_the_frame)
{
    struct napipc_message message, read;
    size_t size;

    filling_init(&filling, true, SEED);
    fill_message(&filling, NAPIPC_SOH_RESPONSE, &message);
    size = write_frame(&message);
    assert_int_equal(napipc_decode(frame, size, &read, NULL, NULL), NAPIPC_OK);
    assert_true(read.soh_response.soh.data >= frame && read.soh_response.soh.data < frame + size);
    assert_ptr_equal(read.soh_response.soh.data + read.soh_response.soh.size, frame + size);
}

/* A message that can be written, and what of it is replaced so that it cannot. */
struct spoiled
{
    const char *name;
    uint16_t type;
    size_t offset, size; /* of a number */
    uint32_t value;
};

#define SPOILED(type, member, value)                                                               \
    {                                                                                              \
#member, type, offsetof(struct napipc_message, member),                                    \
                sizeof(((struct napipc_message *)0)->member), value                                \
    }

static void put_number(void *to, size_t size, uint32_t value)
{
    const uint16_t half = (uint16_t)value;
    const uint64_t whole = value;

    if (size == sizeof(half))
        memcpy(to, &half, size);
    else if (size == sizeof(value))
        memcpy(to, &value, size);
    else if (size == sizeof(whole))
        memcpy(to, &whole, size);
    else
        fail_msg("a number of %zu bytes", size);
}

static void assert_not_written(const struct spoiled *rows, size_t count, bool largest)
{
    struct napipc_message message;
    size_t i, size;

    filling_init(&filling, largest, 1);
    for (i = 0; i < count; i++)
    {
        fill_message(&filling, rows[i].type, &message);
        assert_int_equal(napipc_encode(&message, frame, sizeof(frame), &size), NAPIPC_OK);
        put_number((uint8_t *)&message + rows[i].offset, rows[i].size, rows[i].value);
        if (napipc_encode(&message, frame, sizeof(frame), &size) != NAPIPC_BAD_MESSAGE)
            fail_msg("%s of %u is written", rows[i].name, (unsigned int)rows[i].value);
    }
}

TEST(messages_over_their_limits_are_not_written)
{
    static const struct spoiled rows[] = {
            SPOILED(NAPIPC_REGISTER, reg.component.vendor_name.length, NAPIPC_MAX_STRING + 1),
            SPOILED(NAPIPC_CONNECTION_DOWN, connection_down.private_data.size,
                    NAPIPC_MAX_PRIVATE_DATA + 1),
            SPOILED(NAPIPC_SOH_RESPONSE, soh_response.soh.size, NAPIPC_MAX_SOH + 1),
            SPOILED(NAPIPC_SOH_RESPONSE | NAPIPC_REPLY, soh_response_reply.shv_count, 19),
            SPOILED(NAPIPC_LIST_COMPONENTS | NAPIPC_REPLY, list_components_reply.count,
                    NAPIPC_COMPONENTS_PER_PAGE + 1),
            SPOILED(NAPIPC_LIST_CONNECTIONS | NAPIPC_REPLY, list_connections_reply.count,
                    NAPIPC_CONNECTIONS_PER_PAGE + 1),
            SPOILED(NAPIPC_GET_CONNECTIONS | NAPIPC_REPLY, get_connections_reply.count,
                    NAPIPC_MAX_CONNECTIONS + 1),
    };

    assert_not_written(rows, sizeof(rows) / sizeof(*rows), true);
}

/* A message that would be rejected is not written. */
TEST(messages_that_break_a_rule_are_not_written)
{
    static const struct spoiled rows[] = {
            SPOILED(NAPIPC_BIND, call, 0),
            SPOILED(NAPIPC_BIND, type, 63),
            SPOILED(NAPIPC_BIND, bind.kind, 3),
            SPOILED(NAPIPC_BIND, status, 1),
    };

    assert_not_written(rows, sizeof(rows) / sizeof(*rows), false);
}

TEST_MAIN(NULL, NULL)
