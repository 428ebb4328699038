/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * The free-threaded marshaler of an object: any apartment of the process uses the
 * object itself, and also the callee of a call of ours. Part of its owner, which hands out
 * IMarshal_iface for IID_IMarshal.
 */
#ifndef WINE_NAP_QAGENT_MARSHALER_H
#define WINE_NAP_QAGENT_MARSHALER_H

#include "qagent.h"

struct marshaler
{
    IMarshal IMarshal_iface; /* shares the owner's references */
    IUnknown *owner;         /* not counted */
    IUnknown *free_threaded;
    DWORD near_thread;
};

/* E_OUTOFMEMORY, or what CoCreateFreeThreadedMarshaler says. */
HRESULT marshaler_init(struct marshaler *marshaler, IUnknown *owner);
/*
 * What this thread marshals from now on is for this process, though the system does not know
 * it; false: no more. For the time of one call, of a thread that calls no program's code itself.
 */
void marshaler_stay_near(struct marshaler *marshaler, bool near_by);
/* Takes a zeroed one. */
void marshaler_finish(struct marshaler *marshaler);

#endif
