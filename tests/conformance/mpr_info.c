/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * mprapi.dll's information headers, page by page (nf-mprapi-mprinfo*), and their layout
 * ([MS-RRASM] 2.2.1.2.3 RTR_INFO_BLOCK_HEADER, 2.2.1.2.4 RTR_TOC_ENTRY).
 */

#include <test.h>
#include <string.h>

#include <windows.h>
#include <mprapi.h>
#include <rtinfo.h>

#define GARBAGE ((void *)(ULONG_PTR)0xdeadbeef)

/* Numbers of ipinfoid.h that the pages name */
#define IN_FILTER 0xffff0001
#define OUT_FILTER 0xffff0002
#define ROUTES 0xffff0005

static const BYTE three_bytes[] = {1, 2, 3};
static const ULONG two_routes[] = {0x0100007f, 0xffffffff, 0x0200007f, 0xfffffffe};

static BYTE *bytes(const void *data)
{
    return (BYTE *)(ULONG_PTR)data; /* mprapi.h's parameters are not const */
}

static void *create(void)
{
    void *header = GARBAGE;

    assert_int_equal(MprInfoCreate(RTR_INFO_BLOCK_VERSION, &header), NO_ERROR);
    assert_ptr_not_equal(header, GARBAGE);
    return header;
}

/* Adds a block to the header; frees the old header. */
static void *add(void *header, DWORD type, DWORD size, DWORD count, const void *data)
{
    void *larger = GARBAGE;

    assert_int_equal(MprInfoBlockAdd(header, type, size, count, bytes(data), &larger), NO_ERROR);
    assert_ptr_not_equal(larger, header);
    assert_int_equal(MprInfoDelete(header), NO_ERROR);
    return larger;
}

static void *two_blocks(void)
{
    return add(add(create(), IN_FILTER, 3, 1, three_bytes), ROUTES, 8, 2, two_routes);
}

static void assert_block(void *header, DWORD type, DWORD size, DWORD count, const void *data)
{
    DWORD found_size = 77, found_count = 77;
    BYTE *found = GARBAGE;

    assert_int_equal(MprInfoBlockFind(header, type, &found_size, &found_count, &found), NO_ERROR);
    assert_int_equal(found_size, size);
    assert_int_equal(found_count, count);
    assert_memory_equal(found, data, (size_t)size * count);
    assert_int_equal((ULONG_PTR)found % 8, 0);
}

/* True if all of it is within Size, and QuerySize returns that size. */
static void assert_whole(void *header)
{
    RTR_INFO_BLOCK_HEADER *h = header;
    DWORD i;

    assert_int_equal(h->Version, RTR_INFO_BLOCK_VERSION);
    assert_int_equal(h->Size, MprInfoBlockQuerySize(header));
    assert_true(h->Size >= 28); /* [MS-RRASM] */
    for (i = 0; i < h->TocEntriesCount; ++i)
    {
        assert_int_equal(h->TocEntry[i].Offset % ALIGN_SIZE, 0);
        assert_true(h->TocEntry[i].Offset >= 12 + 16 * h->TocEntriesCount);
        assert_true(
                h->TocEntry[i].Offset + h->TocEntry[i].InfoSize * h->TocEntry[i].Count <= h->Size);
    }
}

/* nf-mprapi-mprinfocreate */

TEST(Create_makes_an_empty_header)
{
    RTR_INFO_BLOCK_HEADER *header = create();

    assert_int_equal(sizeof(RTR_INFO_BLOCK_HEADER), 28);
    assert_int_equal(sizeof(RTR_TOC_ENTRY), 16);
    assert_whole(header);
    assert_int_equal(header->Size, 28);
    assert_int_equal(header->TocEntriesCount, 0);
    assert_int_equal(MprInfoDelete(header), NO_ERROR);
}

TEST(Create_refuses_NULL)
{
    assert_int_equal(MprInfoCreate(RTR_INFO_BLOCK_VERSION, NULL), ERROR_INVALID_PARAMETER);
}

/* "The only value currently supported is RTR_INFO_BLOCK_VERSION" */
TEST(Create_refuses_other_versions)
{
    void *header = GARBAGE;

    assert_int_equal(MprInfoCreate(0, &header), ERROR_INVALID_PARAMETER);
    assert_int_equal(MprInfoCreate(2, &header), ERROR_INVALID_PARAMETER);
    assert_ptr_equal(header, GARBAGE);
}

/* nf-mprapi-mprinfodelete */

TEST(Delete_refuses_NULL)
{
    assert_int_equal(MprInfoDelete(NULL), ERROR_INVALID_PARAMETER);
}

/* The pages of the MprAdmin functions that return headers name MprAdminBufferFree; a program that
 * mixes them up must not damage its heap. */
TEST(AdminBufferFree_frees_headers_too)
{
    assert_int_equal(MprAdminBufferFree(two_blocks()), NO_ERROR);
    assert_true(HeapValidate(GetProcessHeap(), 0, NULL));
}

/* nf-mprapi-mprinfoblockadd */

TEST(Add_gives_a_new_header_and_keeps_the_old)
{
    void *empty = create(), *one = GARBAGE, *two = GARBAGE;

    assert_int_equal(MprInfoBlockAdd(empty, IN_FILTER, 3, 1, bytes(three_bytes), &one), NO_ERROR);
    assert_int_equal(MprInfoBlockAdd(one, ROUTES, 8, 2, bytes(two_routes), &two), NO_ERROR);
    assert_whole(empty);
    assert_int_equal(((RTR_INFO_BLOCK_HEADER *)empty)->TocEntriesCount, 0);
    assert_whole(one);
    assert_int_equal(((RTR_INFO_BLOCK_HEADER *)one)->TocEntriesCount, 1);
    assert_block(one, IN_FILTER, 3, 1, three_bytes);
    assert_whole(two);
    assert_int_equal(((RTR_INFO_BLOCK_HEADER *)two)->TocEntriesCount, 2);
    assert_int_equal(((RTR_INFO_BLOCK_HEADER *)two)->TocEntry[0].InfoType, IN_FILTER);
    assert_int_equal(((RTR_INFO_BLOCK_HEADER *)two)->TocEntry[1].InfoType, ROUTES);
    assert_block(two, IN_FILTER, 3, 1, three_bytes);
    assert_block(two, ROUTES, 8, 2, two_routes);
    assert_true(MprInfoBlockQuerySize(two) > MprInfoBlockQuerySize(one));
    assert_true(MprInfoBlockQuerySize(one) > MprInfoBlockQuerySize(empty));
    MprInfoDelete(empty);
    MprInfoDelete(one);
    MprInfoDelete(two);
}

/* Programs call MprInfoBlockAdd(h, ..., &h) and lose the old header; they must never lose the new
 * one. */
TEST(Add_takes_one_variable_for_both)
{
    void *header = create(), *old = header;

    assert_int_equal(
            MprInfoBlockAdd(header, IN_FILTER, 3, 1, bytes(three_bytes), &header), NO_ERROR);
    assert_block(header, IN_FILTER, 3, 1, three_bytes);
    MprInfoDelete(old);
    old = header;
    assert_int_equal(MprInfoBlockAdd(header, IN_FILTER, 3, 1, bytes(three_bytes), &header),
            ERROR_INVALID_PARAMETER);
    assert_ptr_equal(header, old);
    MprInfoDelete(header);
}

TEST(Add_refuses_NULL)
{
    void *header = create(), *larger = GARBAGE;

    assert_int_equal(MprInfoBlockAdd(NULL, ROUTES, 3, 1, bytes(three_bytes), &larger),
            ERROR_INVALID_PARAMETER);
    assert_int_equal(MprInfoBlockAdd(header, ROUTES, 3, 1, NULL, &larger), ERROR_INVALID_PARAMETER);
    assert_int_equal(MprInfoBlockAdd(header, ROUTES, 3, 1, bytes(three_bytes), NULL),
            ERROR_INVALID_PARAMETER);
    assert_ptr_equal(larger, GARBAGE);
    MprInfoDelete(header);
}

TEST(Add_refuses_a_type_that_is_there)
{
    void *header = two_blocks(), *larger = GARBAGE;

    assert_int_equal(MprInfoBlockAdd(header, ROUTES, 3, 1, bytes(three_bytes), &larger),
            ERROR_INVALID_PARAMETER);
    assert_ptr_equal(larger, GARBAGE);
    assert_block(header, ROUTES, 8, 2, two_routes);
    MprInfoDelete(header);
}

TEST(Add_takes_a_block_of_no_items)
{
    void *header = add(create(), IN_FILTER, 8, 0, three_bytes);
    DWORD size = 77, count = 77;

    header = add(header, ROUTES, 8, 2, two_routes);
    assert_int_equal(MprInfoBlockFind(header, IN_FILTER, &size, &count, NULL), NO_ERROR);
    assert_int_equal(size, 8);
    assert_int_equal(count, 0);
    assert_block(header, ROUTES, 8, 2, two_routes);
    MprInfoDelete(header);
}

/* A product beyond 32 bits must not wrap into a small block. */
TEST(Add_refuses_more_than_can_be)
{
    void *header = create(), *larger = GARBAGE;

    assert_int_equal(MprInfoBlockAdd(header, ROUTES, 0x10000, 0x10000, bytes(three_bytes), &larger),
            ERROR_NOT_ENOUGH_MEMORY);
    assert_int_equal(MprInfoBlockAdd(header, ROUTES, 0xffffffff, 1, bytes(three_bytes), &larger),
            ERROR_NOT_ENOUGH_MEMORY);
    assert_int_equal(
            MprInfoBlockAdd(header, ROUTES, 0xffffffff, 0xffffffff, bytes(three_bytes), &larger),
            ERROR_NOT_ENOUGH_MEMORY);
    assert_ptr_equal(larger, GARBAGE);
    MprInfoDelete(header);
}

TEST(Add_takes_many_blocks)
{
    void *header = create();
    DWORD type, value;

    for (type = 1; type <= 200; ++type)
        header = add(header, type, 1 + type % 3, 1, &type);
    assert_whole(header);
    for (type = 1; type <= 200; ++type)
    {
        value = type;
        assert_block(header, type, 1 + type % 3, 1, &value);
    }
    MprInfoDelete(header);
}

/* nf-mprapi-mprinfoblockremove */

TEST(Remove_leaves_the_others)
{
    void *header = add(two_blocks(), OUT_FILTER, 1, 3, three_bytes), *smaller = GARBAGE;

    assert_int_equal(MprInfoBlockRemove(header, ROUTES, &smaller), NO_ERROR);
    assert_whole(smaller);
    assert_int_equal(((RTR_INFO_BLOCK_HEADER *)smaller)->TocEntriesCount, 2);
    assert_block(smaller, IN_FILTER, 3, 1, three_bytes);
    assert_block(smaller, OUT_FILTER, 1, 3, three_bytes);
    assert_int_equal(MprInfoBlockFind(smaller, ROUTES, NULL, NULL, NULL), ERROR_NOT_FOUND);
    assert_block(header, ROUTES, 8, 2, two_routes);
    assert_true(MprInfoBlockQuerySize(smaller) < MprInfoBlockQuerySize(header));
    MprInfoDelete(header);
    MprInfoDelete(smaller);
}

TEST(Remove_of_all_leaves_what_Create_makes)
{
    void *header = two_blocks(), *one = GARBAGE, *none = GARBAGE, *empty = create();

    assert_int_equal(MprInfoBlockRemove(header, IN_FILTER, &one), NO_ERROR);
    assert_int_equal(MprInfoBlockRemove(one, ROUTES, &none), NO_ERROR);
    assert_int_equal(MprInfoBlockQuerySize(none), MprInfoBlockQuerySize(empty));
    assert_memory_equal(none, empty, MprInfoBlockQuerySize(empty));
    MprInfoDelete(header);
    MprInfoDelete(one);
    MprInfoDelete(none);
    MprInfoDelete(empty);
}

TEST(Remove_refuses_NULL)
{
    void *header = two_blocks(), *smaller = GARBAGE;

    assert_int_equal(MprInfoBlockRemove(NULL, ROUTES, &smaller), ERROR_INVALID_PARAMETER);
    assert_int_equal(MprInfoBlockRemove(header, ROUTES, NULL), ERROR_INVALID_PARAMETER);
    assert_ptr_equal(smaller, GARBAGE);
    MprInfoDelete(header);
}

TEST(Remove_refuses_a_type_that_is_not_there)
{
    void *header = two_blocks(), *smaller = GARBAGE;

    assert_int_equal(MprInfoBlockRemove(header, OUT_FILTER, &smaller), ERROR_INVALID_PARAMETER);
    assert_ptr_equal(smaller, GARBAGE);
    MprInfoDelete(header);
}

/* nf-mprapi-mprinfoblockset */

TEST(Set_changes_one_block)
{
    void *header = two_blocks(), *changed = GARBAGE;
    ULONG longer[] = {1, 2, 3, 4, 5, 6};

    assert_int_equal(MprInfoBlockSet(header, IN_FILTER, 4, 6, bytes(longer), &changed), NO_ERROR);
    assert_whole(changed);
    assert_block(changed, IN_FILTER, 4, 6, longer);
    assert_block(changed, ROUTES, 8, 2, two_routes);
    assert_int_equal(((RTR_INFO_BLOCK_HEADER *)changed)->TocEntriesCount, 2);
    assert_block(header, IN_FILTER, 3, 1, three_bytes);
    MprInfoDelete(header);
    MprInfoDelete(changed);
}

/* A program may set any block that it found in the header. */
TEST(Set_takes_data_of_the_header_itself)
{
    void *header = two_blocks(), *changed = GARBAGE;
    BYTE *routes = GARBAGE;

    assert_int_equal(MprInfoBlockFind(header, ROUTES, NULL, NULL, &routes), NO_ERROR);
    assert_int_equal(MprInfoBlockSet(header, IN_FILTER, 8, 2, routes, &changed), NO_ERROR);
    assert_block(changed, IN_FILTER, 8, 2, two_routes);
    assert_block(changed, ROUTES, 8, 2, two_routes);
    MprInfoDelete(header);
    MprInfoDelete(changed);
}

TEST(Set_refuses_NULL)
{
    void *header = two_blocks(), *changed = GARBAGE;

    assert_int_equal(MprInfoBlockSet(NULL, ROUTES, 3, 1, bytes(three_bytes), &changed),
            ERROR_INVALID_PARAMETER);
    assert_int_equal(
            MprInfoBlockSet(header, ROUTES, 3, 1, NULL, &changed), ERROR_INVALID_PARAMETER);
    assert_int_equal(MprInfoBlockSet(header, ROUTES, 3, 1, bytes(three_bytes), NULL),
            ERROR_INVALID_PARAMETER);
    assert_ptr_equal(changed, GARBAGE);
    MprInfoDelete(header);
}

TEST(Set_refuses_a_type_that_is_not_there)
{
    void *header = two_blocks(), *changed = GARBAGE;

    assert_int_equal(MprInfoBlockSet(header, OUT_FILTER, 3, 1, bytes(three_bytes), &changed),
            ERROR_INVALID_PARAMETER);
    assert_ptr_equal(changed, GARBAGE);
    MprInfoDelete(header);
}

/* nf-mprapi-mprinfoblockfind */

TEST(Find_fills_what_is_asked_for)
{
    void *header = two_blocks();
    DWORD size = 77, count = 77;
    BYTE *data = GARBAGE;

    assert_int_equal(MprInfoBlockFind(header, ROUTES, NULL, NULL, NULL), NO_ERROR);
    assert_true(MprInfoBlockExists(header, ROUTES));
    assert_int_equal(MprInfoBlockFind(header, ROUTES, &size, NULL, NULL), NO_ERROR);
    assert_int_equal(size, 8);
    assert_int_equal(MprInfoBlockFind(header, ROUTES, NULL, &count, NULL), NO_ERROR);
    assert_int_equal(count, 2);
    assert_int_equal(MprInfoBlockFind(header, ROUTES, NULL, NULL, &data), NO_ERROR);
    assert_memory_equal(data, two_routes, sizeof two_routes);
    assert_in_range(
            (ULONG_PTR)data, (ULONG_PTR)header, (ULONG_PTR)header + MprInfoBlockQuerySize(header));
    MprInfoDelete(header);
}

TEST(Find_refuses_NULL)
{
    DWORD size = 77;

    assert_int_equal(MprInfoBlockFind(NULL, ROUTES, &size, NULL, NULL), ERROR_INVALID_PARAMETER);
    assert_int_equal(size, 77);
}

TEST(Find_says_what_is_not_found)
{
    void *header = two_blocks(), *empty = create();
    DWORD size = 77, count = 77;
    BYTE *data = GARBAGE;

    assert_int_equal(MprInfoBlockFind(header, OUT_FILTER, &size, &count, &data), ERROR_NOT_FOUND);
    assert_int_equal(MprInfoBlockFind(empty, ROUTES, &size, &count, &data), ERROR_NOT_FOUND);
    assert_false(MprInfoBlockExists(empty, ROUTES));
    assert_int_equal(size, 77);
    assert_int_equal(count, 77);
    assert_ptr_equal(data, GARBAGE);
    MprInfoDelete(header);
    MprInfoDelete(empty);
}

/* nf-mprapi-mprinfoduplicate */

TEST(Duplicate_copies_every_byte)
{
    void *header = two_blocks(), *copy = GARBAGE;

    assert_int_equal(MprInfoDuplicate(header, &copy), NO_ERROR);
    assert_ptr_not_equal(copy, header);
    assert_int_equal(MprInfoBlockQuerySize(copy), MprInfoBlockQuerySize(header));
    assert_memory_equal(copy, header, MprInfoBlockQuerySize(header));
    MprInfoDelete(header);
    assert_block(copy, ROUTES, 8, 2, two_routes);
    MprInfoDelete(copy);
}

TEST(Duplicate_refuses_NULL)
{
    void *header = create(), *copy = GARBAGE;

    assert_int_equal(MprInfoDuplicate(header, NULL), ERROR_INVALID_PARAMETER);
    assert_int_equal(MprInfoDuplicate(NULL, &copy), ERROR_INVALID_PARAMETER);
    assert_ptr_equal(copy, GARBAGE);
    MprInfoDelete(header);
}

/* nf-mprapi-mprinforemoveall */

TEST(RemoveAll_gives_a_header_without_blocks)
{
    void *header = two_blocks(), *none = GARBAGE, *empty = create();

    assert_int_equal(MprInfoRemoveAll(header, &none), NO_ERROR);
    assert_int_equal(MprInfoBlockQuerySize(none), MprInfoBlockQuerySize(empty));
    assert_memory_equal(none, empty, MprInfoBlockQuerySize(empty));
    assert_block(header, ROUTES, 8, 2, two_routes);
    MprInfoDelete(header);
    MprInfoDelete(none);
    MprInfoDelete(empty);
}

TEST(RemoveAll_refuses_NULL)
{
    void *header = create(), *none = GARBAGE;

    assert_int_equal(MprInfoRemoveAll(NULL, &none), ERROR_INVALID_PARAMETER);
    assert_int_equal(MprInfoRemoveAll(header, NULL), ERROR_INVALID_PARAMETER);
    assert_ptr_equal(none, GARBAGE);
    MprInfoDelete(header);
}

/* nf-mprapi-mprinfoblockquerysize names no failure. */
TEST(QuerySize_of_nothing_is_0)
{
    assert_int_equal(MprInfoBlockQuerySize(NULL), 0);
}

/*
 * Headers made by another program or a damaged registry. They end at the end of a page with nothing
 * after it, so that reading a byte too many is a fault.
 */

static BYTE *page_end; /* the end of the readable memory */

static int guard_page(void)
{
    DWORD old;
    BYTE *pages = VirtualAlloc(NULL, 0x2000, MEM_COMMIT | MEM_RESERVE, PAGE_READWRITE);

    assert_non_null(pages);
    page_end = pages + 0x1000;
    assert_true(VirtualProtect(page_end, 0x1000, PAGE_NOACCESS, &old));
    return 0;
}

static int free_page(void)
{
    VirtualFree(page_end - 0x1000, 0, MEM_RELEASE);
    return 0;
}

#define PAGE_TEST(name) TEST_WITH(name, guard_page, free_page)

static void *at_page_end(const void *data, size_t size)
{
    memcpy(page_end - size, data, size);
    return page_end - size;
}

static void assert_rejected(void *header)
{
    void *made = GARBAGE;

    assert_int_equal(MprInfoBlockQuerySize(header), 0);
    assert_int_equal(MprInfoBlockFind(header, 1, NULL, NULL, NULL), ERROR_INVALID_DATA);
    assert_int_equal(
            MprInfoBlockAdd(header, 5, 3, 1, bytes(three_bytes), &made), ERROR_INVALID_DATA);
    assert_int_equal(
            MprInfoBlockSet(header, 1, 3, 1, bytes(three_bytes), &made), ERROR_INVALID_DATA);
    assert_int_equal(MprInfoBlockRemove(header, 1, &made), ERROR_INVALID_DATA);
    assert_int_equal(MprInfoDuplicate(header, &made), ERROR_INVALID_DATA);
    assert_int_equal(MprInfoRemoveAll(header, &made), ERROR_INVALID_DATA);
    assert_ptr_equal(made, GARBAGE);
}

PAGE_TEST(headers_that_are_none_are_refused)
{
    static const RTR_INFO_BLOCK_HEADER bad[] = {
            {0, 28, 0, {{0}}}, /* versions */
            {2, 28, 0, {{0}}},
            {1, 0, 0, {{0}}}, /* sizes too small, too large */
            {1, 11, 0, {{0}}},
            {1, 29, 0, {{0}}},
            {1, 0xffffffff, 0, {{0}}},
            {1, 12, 1, {{1, 0, 0, 0}}}, /* tables longer than the header */
            {1, 27, 1, {{1, 0, 0, 0}}},
            {1, 28, 2, {{1, 0, 0, 0}}},
            {1, 28, 0x10000001, {{1, 0, 0, 0}}},
            {1, 28, 0xffffffff, {{1, 0, 0, 0}}},
            {1, 28, 1, {{1, 1, 1, 28}}}, /* data beyond the end */
            {1, 28, 1, {{1, 1, 1, 0xffffffff}}},
            {1, 28, 1, {{1, 29, 1, 0}}},
            {1, 28, 1, {{1, 5, 1, 24}}},
            {1, 28, 1, {{1, 0x10000, 0x10000, 0}}},
            {1, 28, 1, {{1, 0xffffffff, 2, 0xffffffff}}},
            {1, 28, 1, {{1, 0xfffffff0, 1, 32}}},
    };
    size_t i;

    for (i = 0; i < sizeof bad / sizeof *bad; ++i)
        assert_rejected(at_page_end(&bad[i], sizeof bad[i]));
}

PAGE_TEST(memory_that_is_not_there_is_refused)
{
    assert_rejected(page_end);
    assert_rejected(page_end - 4);
    assert_rejected((void *)(ULONG_PTR)16);
    assert_rejected((void *)(ULONG_PTR)-32);
}

/* Valid, though no function here makes them so. */
PAGE_TEST(headers_made_by_hand_are_taken)
{
    static const struct
    {
        ULONG version, size, count;
        RTR_TOC_ENTRY entries[2];
        BYTE data[4];
    } odd = {1, 48, 2, {{1, 3, 1, 45}, {2, 8, 0, 0xffffffff}}, {0, 9, 8, 7}};
    static const ULONG shortest[] = {1, 12, 0};
    void *header = at_page_end(&odd, 48), *made = GARBAGE;
    static const BYTE expected[] = {9, 8, 7};
    BYTE *data = GARBAGE;

    assert_int_equal(MprInfoBlockFind(header, 1, NULL, NULL, &data), NO_ERROR);
    assert_memory_equal(data, expected, 3);
    assert_int_equal(MprInfoBlockFind(header, 2, NULL, NULL, &data), NO_ERROR);
    assert_null(data); /* GetInfoFromTocEntry of rtinfo.h */
    assert_int_equal(MprInfoDuplicate(header, &made), NO_ERROR);
    assert_memory_equal(made, header, 48);
    MprInfoDelete(made);
    assert_int_equal(MprInfoBlockAdd(header, ROUTES, 8, 2, bytes(two_routes), &made), NO_ERROR);
    assert_whole(made);
    assert_block(made, 1, 3, 1, expected);
    assert_block(made, ROUTES, 8, 2, two_routes);
    MprInfoDelete(made);

    header = at_page_end(shortest, sizeof shortest);
    assert_int_equal(MprInfoBlockQuerySize(header), 12);
    assert_int_equal(MprInfoBlockAdd(header, ROUTES, 8, 2, bytes(two_routes), &made), NO_ERROR);
    assert_block(made, ROUTES, 8, 2, two_routes);
    MprInfoDelete(made);
}

/* Randomly changed bytes never lead outside of the page or damage the heap. */
PAGE_TEST(damaged_headers_do_no_harm)
{
    static const ULONG values[] = {
            0, 1, 2, 7, 12, 28, 44, 47, 48, 64, 0x7fffffff, 0x80000000, 0xfffffff0, 0xffffffff};
    void *good = two_blocks();
    DWORD size = MprInfoBlockQuerySize(good), random = 1, round, i;
    unsigned int taken = 0;
    ULONG *header;

    for (round = 0; round < 20000; ++round)
    {
        header = at_page_end(good, size);
        for (i = 0; i < 1 + round % 3; ++i)
        {
            random = random * 1664525 + 1013904223;
            header[(random >> 8) % (44 / 4)] =
                    values[(random >> 20) % (sizeof values / sizeof *values)];
        }
        for (i = 0; i < 4; ++i)
        {
            static const DWORD types[] = {IN_FILTER, ROUTES, 0, 1};
            DWORD item_size = 0, item_count = 0;
            BYTE *data = NULL;
            void *made = NULL;

            if (!MprInfoBlockFind(header, types[i], &item_size, &item_count, &data) && item_size
                    && item_count)
            {
                assert_true(data >= (BYTE *)header
                            && data + (size_t)item_size * item_count <= page_end);
                ++taken;
            }
            if (!MprInfoBlockAdd(header, types[i], 3, 1, bytes(three_bytes), &made))
                MprInfoDelete(made);
            if (!MprInfoBlockSet(header, types[i], 3, 1, bytes(three_bytes), &made))
                MprInfoDelete(made);
            if (!MprInfoBlockRemove(header, types[i], &made))
                MprInfoDelete(made);
        }
    }
    assert_true(taken > 1000);
    assert_true(HeapValidate(GetProcessHeap(), 0, NULL));
    MprInfoDelete(good);
}

TEST_MAIN(NULL, NULL)
