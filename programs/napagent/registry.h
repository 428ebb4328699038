/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Changes of the agent's state in the registry. Each change is in the journal and on the disk
 * before it is in the registry, and is made completely or not at all.
 *
 * Names of keys are relative to the service's key: "Qecs\79617".
 */
#ifndef WINE_NAP_NAPAGENT_REGISTRY_H
#define WINE_NAP_NAPAGENT_REGISTRY_H

#include <stdbool.h>
#include <windows.h>

#include "libs/journal/journal.h"

/* ---- registry.c ---- */

/* Add an operation to the next change; the arguments are copied. Deleting what does not exist adds
 * none. */
void registry_set(const WCHAR *key, const WCHAR *name, DWORD type, const void *data, DWORD size);
void registry_delete_value(const WCHAR *key, const WCHAR *name);
void registry_delete_key(const WCHAR *key);
/* False also if the next change already has operations: one of them may delete the key. */
bool registry_has_key(const WCHAR *key);
/* Makes the change. A Win32 error: nothing has changed. Between registry_begin() and registry_end()
 * it does nothing: registry_end() makes the change. */
DWORD registry_commit(void);
/* Everything committed between the two is one change. If `keep` is false, it is dropped. */
void registry_begin(void);
DWORD registry_end(bool keep);
/* Does what need not come before the answer to a client: closes the key that was kept open, and
 * writes the number of the last change. Must be called before the agent waits, and when it ends:
 * after a wait, others may have deleted the key or changed its rights. */
void registry_settle(void);

/* For the journal: makes a record's operations, even if some fail. Returns the error of the last
 * that failed. */
DWORD registry_replay(struct journal_record record);
/* For the journal: adds operations that create the agent's present state. False: no memory. */
bool registry_snapshot(struct journal_change *snapshot);
/* The number of the last change that the registry has; 0: it has none. */
ULONGLONG registry_sequence(void);
DWORD registry_set_sequence(ULONGLONG sequence);

/* ---- journal.c ---- */

/* Reads the journal, replays it in the registry, and begins a new file if this one differs from the
 * registry. Must be called once, before anything is loaded from the registry. A Win32 error: the
 * journal cannot be read, and the registry may be older than the journal. */
DWORD journal_open(void);
void journal_close(void);
/* Appends the change and waits until it is on the disk. A Win32 error: it is not in the file.
 * Without journal_open(), as in the installer, it does nothing. */
DWORD journal_append(struct journal_change *change);
/* The registry has the change that was appended last, but not its number: journal_settle() writes
 * that. */
void journal_applied(void);
void journal_settle(void);
/* The registry rejected the change that was appended last, which is removed from the file. */
void journal_take_back(void);
/* Removes the files. A Win32 error. */
DWORD journal_remove(void);

#endif
