/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Asks the classes that a component's registration names, in this process or as local servers, what
 * the component says about itself. Foreign code may crash or hang the process that does this; so
 * only naphost does.
 *
 * The calling thread is in a single-threaded apartment: most such classes belong there, and are
 * then called on that thread, whose language is the user's.
 */
#ifndef WINE_NAP_INFOHOST_H
#define WINE_NAP_INFOHOST_H

#include <windows.h>
#include <objbase.h>

#include "libs/napipc/napipc.h"

/*
 * Asks the class `clsid` of the component `id` for its INapComponentInfo. Returns why it cannot be
 * created; a method that fails is in the reply.
 *
 * The strings of the reply are copies, which the next call overwrites. What the class returned is
 * never freed: the process ends after its answer, and a class that returns memory of another kind
 * does no harm.
 */
HRESULT infohost_information(const CLSID *clsid, uint32_t id,
        const struct napipc_component_info *request, struct napipc_component_info_reply *reply);

/* The same for INapComponentConfig, 2 and 3. It changes no configuration and shows no window. */
HRESULT infohost_configuration(
        const CLSID *clsid, uint32_t id, struct napipc_component_config_reply *reply);

/* Releases what the last of these created, once its strings are not needed any more. */
void infohost_release(void);
/* For infohost_release(), in place of what was there. */
void infohost_keep(IUnknown *object);

#endif
