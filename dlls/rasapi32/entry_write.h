/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * RASENTRY, as in Windows 7, to a phone book.
 */

#ifndef WINE_NAP_RASAPI32_ENTRY_WRITE_H
#define WINE_NAP_RASAPI32_ENTRY_WRITE_H

#include "dlls/rasapi32/entry.h"
#include "dlls/rasapi32/phonebook_change.h"

/*
 * Writes the members whose values differ from those of `before`, which entry_read() has read from
 * change->entry. So a setting that is not changed keeps its bytes. A new entry gets all settings,
 * as Windows 7 writes them.
 */
void entry_write(
        struct phonebook_change *change, const struct entry_w *before, const struct entry_w *entry);

/* Writes the phone numbers after the first of the n-th link: texts one after another, then an empty
 * one. */
void entry_write_alternates(struct phonebook_change *change, size_t link, const WCHAR *numbers);

/* Writes the MEDIA and DEVICE block of a link, which is new if there are `link` links. */
void entry_write_link(struct phonebook_change *change, size_t link, const WCHAR *device_type,
        const WCHAR *device_name, const WCHAR *phone_number);

#endif
