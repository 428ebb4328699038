/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * English texts for the errors of raserror.h (600 and up) and mprerror.h (900 and up).
 */

#ifndef WINE_NAP_RASERROR_H
#define WINE_NAP_RASERROR_H

#include <stdint.h>

/*
 * The text of one error: ASCII, one or more sentences without a line end, at most RASERROR_LONGEST
 * characters. NULL for a number that neither header defines, such as a system error. The same
 * numbers mean other things in winerror.h, so look up the result of a RAS or router function here
 * first.
 */
const char *raserror_text(uint32_t error);

/* RasGetErrorString's page promises that 512 characters are enough. */
#define RASERROR_LONGEST 255

/* The parts of the table: raserror.h's and mprerror.h's numbers. */
const char *raserror_ras_text(uint32_t error);
const char *raserror_router_text(uint32_t error);

#endif
