/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * FILETIMEs as text.
 */

#include <stdio.h>

#include "libs/soh/wire.h"

#define MS_PER_DAY UINT64_C(86400000)
#define DAYS_PER_400_YEARS 146097
#define LAST_TIME_MS (UINT64_C(3067671) * MS_PER_DAY - 1) /* 9999-12-31 23:59:59.999 */

static bool is_leap(unsigned int year)
{
    return year % 4 == 0 && (year % 100 || year % 400 == 0);
}

void soh_filetime_format(uint64_t filetime, char text[FILETIME_TEXT_SIZE])
{
    static const uint8_t month_days[] = {31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
    uint64_t ms = filetime / 10000;
    uint32_t days, in_day, length;
    unsigned int year = 1601, month = 0;

    if (ms > LAST_TIME_MS)
        ms = LAST_TIME_MS;
    days = (uint32_t)(ms / MS_PER_DAY);
    in_day = (uint32_t)(ms % MS_PER_DAY);
    /* 1601 starts a cycle of 400 years, as the FILETIME does. */
    year += days / DAYS_PER_400_YEARS * 400;
    days %= DAYS_PER_400_YEARS;
    while (days >= (length = is_leap(year) ? 366u : 365u))
    {
        days -= length;
        ++year;
    }
    while (days >= (length = month_days[month] + (month == 1 && is_leap(year) ? 1u : 0u)))
    {
        days -= length;
        ++month;
    }
    /* % shows the compiler that each number fits its columns. */
    snprintf(text, FILETIME_TEXT_SIZE, "%04u-%02u-%02u %02u:%02u:%02u.%03uZ", year % 10000,
            (month + 1) % 100, (unsigned int)(days + 1) % 100,
            (unsigned int)(in_day / 3600000) % 100, (unsigned int)(in_day / 60000 % 60),
            (unsigned int)(in_day / 1000 % 60), (unsigned int)(in_day % 1000));
}
