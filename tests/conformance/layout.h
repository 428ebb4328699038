/* SPDX-License-Identifier: LGPL-2.1-or-later */

#ifndef WINE_NAP_TESTS_LAYOUT_H
#define WINE_NAP_TESTS_LAYOUT_H

#include <stdbool.h>
#include <stddef.h>

#include <windows.h>

struct layout_item
{
    const char *name;
    size_t offset; /* of a member or a method's slot; a constant's value */
    size_t size;
    const GUID *iid;
};

/* layout_table.c compiled with mingw-w64's headers, and with ours */
extern const struct layout_item layout_mingw[], layout_ours[];
extern const size_t layout_mingw_count, layout_ours_count;
/* True if our headers were in the include path */
extern const bool layout_mingw_is_ours, layout_ours_is_ours;

/* The ids of napmicrosoftvendorids.h one by one; 0 after the last */
UINT32 layout_mingw_vendor_id(size_t index);
UINT32 layout_ours_vendor_id(size_t index);

#endif
