/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * The ABI: our headers, which our DLLs are built with, agree with mingw-w64's,
 * which stand for the SDK's, in every size, offset, constant, method slot and
 * interface id.
 */

#include <test.h>

#include "layout.h"

TEST(the_tables_have_the_same_items)
{
    size_t i;

    assert_int_equal(layout_ours_count, layout_mingw_count);
    for (i = 0; i < layout_mingw_count; i++)
        assert_string_equal(layout_ours[i].name, layout_mingw[i].name);
}

TEST(sizes_and_offsets_are_the_same)
{
    size_t i;

    for (i = 0; i < layout_mingw_count; i++)
    {
        if (layout_ours[i].size != layout_mingw[i].size
                || layout_ours[i].offset != layout_mingw[i].offset)
            fail_msg("%s: size %u, not %u; offset or value %u, not %u", layout_mingw[i].name,
                    (unsigned)layout_ours[i].size, (unsigned)layout_mingw[i].size,
                    (unsigned)layout_ours[i].offset, (unsigned)layout_mingw[i].offset);
    }
}

TEST(interface_ids_are_the_same)
{
    size_t i, compared = 0;

    for (i = 0; i < layout_mingw_count; i++)
    {
        if (!layout_mingw[i].iid)
            continue;
        compared++;
        if (!IsEqualGUID(layout_ours[i].iid, layout_mingw[i].iid))
            fail_msg("%s has another id", layout_mingw[i].name);
    }
    assert_int_not_equal(compared, 0);
}

/* Page nap-vendor-constants */
TEST(vendor_ids_are_the_same)
{
    size_t i = 0;

    do
        assert_int_equal(layout_ours_vendor_id(i), layout_mingw_vendor_id(i));
    while (layout_mingw_vendor_id(i++));
    assert_int_equal(i, 15);
}

/* If both tables were compiled with the same headers, they would always agree. */
TEST(the_tables_come_from_different_headers)
{
    assert_true(layout_ours_is_ours);
    assert_false(layout_mingw_is_ours);
}

TEST_MAIN(NULL, NULL)
