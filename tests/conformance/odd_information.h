/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * The classes of odd_information.dll: this GUID, with what the class does as its last byte.
 */

#ifndef WINE_NAP_TESTS_ODD_INFORMATION_H
#define WINE_NAP_TESTS_ODD_INFORMATION_H

#define ODD_CLASS L"{3E7A51C4-9D20-4B8F-A6E1-70C2D9F4B5%02X}"

enum odd
{
    ODD_GOOD = 1, /* has a text for each method, E_FAIL and message 7; and a configuration */
    ODD_BYTES,    /* the same, with lengths in bytes as in Microsoft's sample, in one buffer */
    ODD_FAILS,    /* all methods return E_ACCESSDENIED */
    ODD_NULL,     /* all methods return S_OK, and set nothing */
    ODD_HUGE,     /* texts of 60,000 characters */
    ODD_CONTROLS, /* texts with control characters */
    ODD_GARBAGE,  /* writes garbage to its standard handles and into every pipe of its process */
    ODD_UI,       /* INapComponentConfig only, with a user interface */
    ODD_REMOTE,   /* INapComponentConfig2 too, remotely for the machine */
    ODD_HANGS,    /* in GetFriendlyName, or in IsUISupported */
    ODD_HANGS_LOADING,
    ODD_CRASHES_LOADING,
    ODD_CRASHES_IN, /* its GetFriendlyName; the next classes in the next methods, then in Release */
    ODD_CRASHES_IN_RELEASE = ODD_CRASHES_IN + 7,
    ODD_END
};

#endif
