/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * The COM classes of a DLL: factories, the DLL's lock count, registration.
 *
 * A DLL has one static array of struct com_class and forwards its four entry
 * points here. Each DLL that links this library has its own lock count.
 */
#ifndef WINE_NAP_COMCLASS_H
#define WINE_NAP_COMCLASS_H

#include <windows.h>
#include <objbase.h>

struct com_class
{
    IClassFactory IClassFactory_iface; /* set by com_class_get() */
    const CLSID *clsid;
    const WCHAR *description; /* registered with the class */
    /* Creates an object and queries it for riid; *object is NULL on entry. */
    HRESULT (*create)(REFIID riid, void **object);
};

/* Every object and every lock of a server keeps the DLL loaded. */
void module_lock(void);
void module_unlock(void);

/* DllGetClassObject, DllCanUnloadNow */
HRESULT com_class_get(
        struct com_class *classes, size_t count, REFCLSID clsid, REFIID riid, void **object);
HRESULT com_class_can_unload(void);

/*
 * HKLM\Software\Classes\CLSID\{clsid}\InprocServer32, ThreadingModel Both. A 32-bit process writes
 * to the 32-bit view automatically. Returns an HRESULT; a registration that fails half-way is
 * undone.
 */
HRESULT com_class_register(const struct com_class *classes, size_t count, HINSTANCE instance);
HRESULT com_class_unregister(const struct com_class *classes, size_t count);

#endif
