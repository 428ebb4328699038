/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * The free-threaded marshaler of an object: every apartment of the process uses the
 * object itself, also a program that gets it in a callback. The marshaler is part of
 * its owner, which returns IMarshal_iface for IID_IMarshal.
 */
#ifndef WINE_NAP_QAGENT_MARSHALER_H
#define WINE_NAP_QAGENT_MARSHALER_H

#include "qagent.h"

struct marshaler
{
    IMarshal IMarshal_iface; /* shares the owner's references */
    IUnknown *owner;         /* without a reference */
    IUnknown *free_threaded;
    DWORD near_thread;
};

/* Returns the result of CoCreateFreeThreadedMarshaler. */
HRESULT marshaler_init(struct marshaler *marshaler, IUnknown *owner);
/*
 * True: everything that this thread marshals stays in this process, which the system does not
 * know. False: no longer. For the duration of one call, on a thread that runs no program's code.
 */
void marshaler_stay_near(struct marshaler *marshaler, bool near_by);
/* Takes a zeroed marshaler. */
void marshaler_finish(struct marshaler *marshaler);

#endif
