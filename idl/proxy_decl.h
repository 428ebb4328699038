/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Functions that widl's proxy code calls and mingw-w64's headers do not declare. Included with
 * -include, before everything else, so it must not include rpcproxy.h: the proxy file defines
 * USE_STUBLESS_PROXY first.
 */
#ifndef WINE_NAP_PROXY_DECL_H
#define WINE_NAP_PROXY_DECL_H

#include <windows.h>
#include <unknwn.h>

HRESULT STDMETHODCALLTYPE IUnknown_QueryInterface_Proxy(IUnknown *This, REFIID riid, void **obj);
ULONG STDMETHODCALLTYPE IUnknown_AddRef_Proxy(IUnknown *This);
ULONG STDMETHODCALLTYPE IUnknown_Release_Proxy(IUnknown *This);

#endif
