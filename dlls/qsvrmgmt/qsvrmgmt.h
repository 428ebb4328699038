/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * What the files of qsvrmgmt.dll share. main.c describes how the DLL works.
 */
#ifndef WINE_NAP_QSVRMGMT_H
#define WINE_NAP_QSVRMGMT_H

#include <stdbool.h>
#include <windows.h>
#include <objbase.h>

#include "napservermanagement.h"
#include "naperror.h"

#include "libs/comclass/comclass.h"
#include "libs/napcom/napcom.h"

/* The classes: each function creates an object and queries it for riid. */
HRESULT server_management_create(REFIID riid, void **object);
HRESULT server_info_create(REFIID riid, void **object);

#endif
