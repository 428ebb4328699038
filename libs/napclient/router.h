/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Where the router configuration is, which mprapi.dll and the agent's installation write.
 * dlls/mprapi/config_store.h describes it.
 */
#ifndef WINE_NAP_ROUTER_H
#define WINE_NAP_ROUTER_H

/* Below HKEY_LOCAL_MACHINE. */
#define ROUTER_KEY L"SYSTEM\\CurrentControlSet\\Services\\RemoteAccess"
#define ROUTER_MANAGERS_KEY ROUTER_KEY L"\\RouterManagers"
#define ROUTER_INTERFACES_KEY ROUTER_KEY L"\\Interfaces"

/* The mutex that is held while the configuration is read or changed, by all processes. */
#define ROUTER_LOCK L"Global\\wine-nap router configuration"

#endif
