/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Changes of what the agent keeps in the registry: each is in the journal and on the disk before
 * it is in the registry, and happens as a whole or not at all.
 *
 * Keys are named from the service's key: "Qecs\79617".
 */
#ifndef WINE_NAP_NAPAGENT_REGISTRY_H
#define WINE_NAP_NAPAGENT_REGISTRY_H

#include <stdbool.h>
#include <windows.h>

#include "libs/journal/journal.h"

/* ---- registry.c ---- */

/* Operations of the next change; what they point to is copied. Deleting what is not there is no
 * operation. */
void registry_set(const WCHAR *key, const WCHAR *name, DWORD type, const void *data, DWORD size);
void registry_delete_value(const WCHAR *key, const WCHAR *name);
void registry_delete_key(const WCHAR *key);
/* False too if the change has operations already: one of them may delete the key. */
bool registry_has_key(const WCHAR *key);
/* Makes the change; a Win32 error means that nothing has changed. Between begin and end it waits
 * for the end. */
DWORD registry_commit(void);
/* All that is committed in between is one change. `keep` false: it is dropped. */
void registry_begin(void);
DWORD registry_end(bool keep);

/* For the journal: makes a record's operations. The error of the last that failed; all others are
 * made. */
DWORD registry_replay(struct journal_record record);
/* For the journal: adds operations that make what the registry holds of ours from nothing. False:
 * no memory. */
bool registry_snapshot(struct journal_change *snapshot);
/* The number of the last change that the registry has; 0: it has none. */
ULONGLONG registry_sequence(void);
DWORD registry_set_sequence(ULONGLONG sequence);

/* ---- journal.c ---- */

/* Reads the journal, brings the registry up to it, and begins a new file if this one is not what
 * the registry holds. To be called once, before anything is loaded from the registry. A Win32
 * error: the journal cannot be read, and the registry may be older than it. */
DWORD journal_open(void);
void journal_close(void);
/* Appends the change and waits until it is on the disk. A Win32 error: it is not in the file.
 * Without journal_open(), as in the installer, it does nothing. */
DWORD journal_append(struct journal_change *change);
/* The registry has what was appended last. */
void journal_applied(void);
/* The registry has refused what was appended last. */
void journal_take_back(void);
/* Removes the files. A Win32 error. */
DWORD journal_remove(void);

#endif
