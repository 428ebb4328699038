/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * A connection object of a program's own: it implements
 * INapEnforcementClientConnection and nothing else, in any apartment.
 */

#ifndef WINE_NAP_TESTS_FOREIGN_H
#define WINE_NAP_TESTS_FOREIGN_H

#include "enforcer.h"

struct foreign
{
    INapEnforcementClientConnection INapEnforcementClientConnection_iface;
    LONG refs;
    LONG asked_for; /* other interfaces */
    LONG initialized;
    const char *failing; /* the method that returns E_NOTIMPL */
    bool gives_nothing;  /* getters return NULL and S_OK */
    HANDLE wait_in_GetMaxSize, inside_GetMaxSize;
    ProtocolMaxSize max_size;
    UINT8 flags;
    CorrelationId correlation;
    BYTE request[0xffff], response[0xffff], data[200];
    UINT16 request_size, response_size, data_size;
    LONG decided; /* calls of SetIsolationInfo */
    IsolationState state;
    WCHAR url[64];
};

/* Zeroes the object except for one reference, its vtable and the default maximum size. */
void foreign_init(struct foreign *foreign);

#endif
