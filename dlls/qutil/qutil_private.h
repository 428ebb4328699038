/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * What the files of qutil.dll share. main.c describes how the DLL works.
 */

#ifndef WINE_NAP_QUTIL_PRIVATE_H
#define WINE_NAP_QUTIL_PRIVATE_H

#include <stdbool.h>
#include <stddef.h>

#define CONST_VTABLE
#include <windows.h>
#include <objbase.h>
#include <olectl.h>

#define NAPAPI /* these functions are ours, not imported */
#include "naputil.h"
#include "naperror.h"

#include "libs/comclass/comclass.h"
#include "libs/log/log.h"

/* memory.c */

/* CoTaskMemAlloc, zeroed; NULL when out of memory. */
void *task_alloc_zeroed(size_t size);

/* attribute.c: the rules for attributes and packets of attributes. A broken rule
 * is returned as English text in static storage, for the log; NULL if none is. */

/* The rule that an attribute of this type and value breaks by itself. */
const char *attribute_value_rule(SoHAttributeType type, const SoHAttributeValue *value);
/* Writes a value that breaks no rule in network format. attribute->value is task
 * memory, NULL if the attribute is empty. S_OK or E_OUTOFMEMORY. */
HRESULT attribute_pack(
        SoHAttributeType type, const SoHAttributeValue *value, SoHAttribute *attribute);
/* Reads a valid attribute; the caller frees *value by FreeSoHAttributeValue. */
HRESULT attribute_unpack(const SoHAttribute *attribute, SoHAttributeValue **value);

/* The rule that an attribute of this type would break if appended to the packet. */
const char *soh_append_rule(const SoH *soh, SoHAttributeType type, BOOL is_request);
/* The first rule that the packet breaks. */
const char *soh_rule(const SoH *soh, BOOL is_request);
/* Index of the first attribute of this type at or after from; soh->count when
 * there is none. */
UINT16 soh_find(const SoH *soh, UINT16 from, SoHAttributeType type);
/* Copies a valid packet; the caller frees *copy by FreeSoH. */
HRESULT soh_copy(const SoH *soh, SoH **copy);

/* constructor.c, processor.c: create the object and query it for riid */
HRESULT soh_constructor_create(REFIID riid, void **object);
HRESULT soh_processor_create(REFIID riid, void **object);

#endif
