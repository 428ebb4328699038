/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * The router's errors, mprerror.h: 900 and up.
 */

#include <stddef.h>

#include "libs/raserror/raserror.h"

#define ROUTEBASE 900

/* 947 has no name. */
static const char *const texts[] = {
        [0] = "The router has stopped.",
        [1] = "This interface has a connection already.",
        [2] = "The router knows no protocol of this number.",
        [3] = "The demand-dial manager, the remote access server's part of the router, is not running.",
        [4] = "There is an interface of this name already.",
        [5] = "There is no such interface.",
        [6] = "The interface has no connection.",
        [7] = "The protocol is about to stop.",
        [8] = "The interface has a connection and must lose it first.",
        [9] = "No user name and password are set for this interface.",
        [10] = "The interface is connecting already.",
        [11] = "The routes of this interface are being updated already.",
        [12] = "The interface is not set up in a way that works.",
        [13] = "The port does not belong to a client that called in.",
        [14] = "The port does not belong to another router.",
        [15] = "There is a client's interface of this name already.",
        [16] = "The interface is disabled.",
        [17] = "The other side refused the authentication protocol.",
        [18] = "Both sides have no authentication protocol in common.",
        [19] = "The other side refused to authenticate with the protocol that is set.",
        [20] = "The other side does not let this account call in.",
        [21] = "The password of this account has expired on the other side.",
        [22] = "This account is disabled on the other side.",
        [23] = "The other side does not let this account log on at this time of day.",
        [24] = "The other side does not know this user name, or not with this password.",
        [25] = "No device is set up for this demand-dial interface.",
        [26] = "The connection ended because nothing was sent for too long.",
        [27] = "The interface cannot be reached at the moment.",
        [28] = "The demand-dial service is paused.",
        [29] = "An administrator ended the connection of this interface.",
        [30] = "The authentication server did not answer in time.",
        [31] = "The other side has no more ports for connections with more than one link.",
        [32] = "The longest time that this user may stay connected is over.",
        [33] = "The router can take no more LAN interfaces.",
        [34] = "The router can take no more demand-dial interfaces.",
        [35] = "The router can take no more clients.",
        [36] = "The bandwidth allocation protocol ended the link because little of it was used.",
        [37] = "No more users may be connected at one time.",
        [38] = "No RADIUS server could be found. Check the settings of the RADIUS client.",
        [39] = "The RADIUS server's answer is not valid. Check that both sides have the same secret.",
        [40] = "This user may not connect at this time.",
        [41] = "This user may not connect over this kind of port.",
        [42] = "This user may not connect with this authentication protocol.",
        [43] = "A connection with several links needs the bandwidth allocation protocol for this user.",
        [44] = "The interface may not connect at this time.",
        [45] = "The router's settings are of another version and cannot be read by this one.",
        [46] = "Accounts that use MD5-CHAP could not be brought over and need to be set up again.",
        [48] = "The protocol is installed already.",
        [49] = "The signature in the RADIUS packet has the wrong length.",
        [50] = "The signature in the RADIUS packet is not valid.",
        [51] = "The RADIUS packet has no signature where one is needed.",
        [52] = "The RADIUS packet has a wrong length or number.",
        [53] = "The RADIUS packet has an attribute of a wrong length.",
        [54] = "The RADIUS packet is not valid.",
        [55] = "The authenticator in the RADIUS packet does not match.",
};

const char *raserror_router_text(uint32_t error)
{
    if (error < ROUTEBASE || error - ROUTEBASE >= sizeof(texts) / sizeof *texts)
        return NULL;
    return texts[error - ROUTEBASE];
}
