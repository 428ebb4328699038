/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * RASDIALPARAMS with W or A.
 */
#ifndef WINE_NAP_RASAPI32_DIAL_PARAMS_H
#define WINE_NAP_RASAPI32_DIAL_PARAMS_H

#include <stdbool.h>
#include <stddef.h>

#include <windows.h>

struct dial_params
{
    DWORD sizes[4];                             /* of Windows 95, NT 4.0, 7 and 8 */
    size_t entry_name, phone_number, sub_entry; /* offsets */
    size_t callback_number, user_name, password, domain, callback_id;
    bool wide;
};

extern const struct dial_params dial_params_wide, dial_params_narrow;

/* Has the structure ever had this size? */
bool dial_params_is_size(DWORD size, const struct dial_params *layout);

#endif
