/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * The classes of odd_validator.dll: this GUID, with what the validator does as its last byte.
 */
#ifndef WINE_NAP_TESTS_ODD_VALIDATOR_H
#define WINE_NAP_TESTS_ODD_VALIDATOR_H

#define ODD_CLASS L"{6C0D9B10-5B1E-4C55-9D7A-2F40C1B6A8%02X}"

enum odd
{
    ODD_HEALTHY = 1,     /* says S_OK, or NAP_E_MISSING_SOH without an SoH */
    ODD_UNHEALTHY,       /* says E_FAIL */
    ODD_CATEGORY,        /* says that the client's component failed */
    ODD_COUNTS,          /* says how many attributes the SoH has */
    ODD_LARGE,           /* says S_OK and 56,000 bytes more */
    ODD_LARGE_UNHEALTHY, /* says E_FAIL and as many */
    ODD_LOADS,           /* takes 600 ms to load; says the timeout that it was given */
    ODD_LEAKS,           /* 100 MiB with each question */
    ODD_LATER,           /* E_PENDING, then OnComplete after 50 ms */
    ODD_LATE,            /* the same after 700 ms */
    ODD_FAILS,           /* returns E_FAIL */
    ODD_GONE,            /* returns RPC_S_SERVER_UNAVAILABLE */
    ODD_HANGS,           /* in Validate */
    ODD_HANGS_LOADING,
    ODD_CRASHES, /* in Validate */
    ODD_GARBAGE, /* writes garbage into every pipe of its process, then hangs */
    ODD_END
};

#endif
