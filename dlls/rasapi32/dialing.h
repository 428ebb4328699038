/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Connections that this process is dialing.
 */
#ifndef WINE_NAP_RASAPI32_DIALING_H
#define WINE_NAP_RASAPI32_DIALING_H

#include <stdint.h>

#include <windows.h>
#include <lmcons.h>
#include <ras.h>

#include "dlls/rasapi32/secrets.h"

/* What is dialed. */
struct call
{
    WCHAR entry_name[RAS_MaxEntryName + 1]; /* of a call without an entry: a dot and the number */
    WCHAR phonebook[MAX_PATH];
    WCHAR device_type[RAS_MaxDeviceType + 1];
    WCHAR device_name[RAS_MaxDeviceName + 1];
    WCHAR phone_number[RAS_MaxPhoneNumber + 1];
    WCHAR callback_number[RAS_MaxCallbackNumber + 1];
    WCHAR user_name[UNLEN + 1];
    WCHAR password[PWLEN + 1];
    WCHAR domain[DNLEN + 1];
    GUID entry_id;
    DWORD flags; /* RASCF_* */
    struct dialed dialed;
};

#define NOTIFIER_WINDOW 0xffffffff

/* Who is notified of the states. */
struct notifier
{
    void *target; /* a function or a window; NULL: RasDial waits */
    DWORD type;   /* 0, 1, 2: RASDIALFUNC, ...FUNC1, ...FUNC2; NOTIFIER_WINDOW */
    ULONG_PTR callback_id;
};

/* Dials. Without a notifier it returns the result of the attempt, else at once. *connection stays
 * if there is no attempt. */
DWORD dialing_start(const struct call *call, const struct notifier *notifier, HRASCONN *connection);
/* Before the connection is hung up: from now on no notifier is called for it. One that runs on
 * another thread is waited for, but not for ever: it may wait for this thread. */
void dialing_hang_up(uint32_t handle);
/* After that: forgets the attempt. */
void dialing_forget(uint32_t handle);
/* When no thread can use them any more. */
void dialing_forget_all(void);

#endif
