/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * What is saved of an entry beside its phone book: the user's name, password and domain,
 * parameters for dialing, and what authentication protocols keep. It is in the registry of the
 * user, encrypted by CryptProtectData. Default credentials are for all users, in the registry of
 * the machine.
 *
 * What belongs to an entry is found by its Guid, so that it stays when the entry is renamed; an
 * entry without a Guid is found by its phone book and name.
 */

#ifndef WINE_NAP_RASAPI32_SECRETS_H
#define WINE_NAP_RASAPI32_SECRETS_H

#include <windows.h>
#include <lmcons.h>
#include <ras.h>

#include "libs/pbk/pbk.h"

/* What stands for a saved password, wherever the pages return "a handle". */
#define SECRET_HANDLE L"****************"

struct secrets
{
    DWORD saved; /* RASCM_UserName, RASCM_Password, RASCM_Domain, RASCM_PreSharedKey */
    DWORD sub_entry;
    ULONGLONG callback_id;
    WCHAR user_name[UNLEN + 1], password[PWLEN + 1], domain[DNLEN + 1], pre_shared_key[PWLEN + 1];
    WCHAR callback_number[RAS_MaxCallbackNumber + 1];
};

#define SECRETS_KEY_LENGTH 48

/* Where the secrets of an entry are: its name in the registry. */
struct secrets_place
{
    WCHAR key[SECRETS_KEY_LENGTH];
    bool default_credentials; /* for all users */
};

void secrets_place(const WCHAR *path, const struct pbk_entry *entry, struct secrets_place *place);

/* Finds an entry, with the errors of phonebooks_open_entry(). `all_users` may be NULL. */
DWORD secrets_find(
        const WCHAR *path, const WCHAR *name, struct secrets_place *place, bool *all_users);

/* Reads what is saved; nothing if there is none, or if it is not this user's. The caller clears it
 * with SecureZeroMemory(). */
void secrets_read(const struct secrets_place *place, struct secrets *secrets);

/* ERROR_SUCCESS, ERROR_ACCESS_DENIED, ERROR_NOT_ENOUGH_MEMORY or another of the registry's. */
DWORD secrets_write(const struct secrets_place *place, const struct secrets *secrets);

/* What a program dialed an entry with, as far as it is saved when the connection is made. */
struct dialed
{
    struct secrets_place place;
    bool of_entry; /* else there was none, and nothing is saved */
    bool has_ids;  /* the program's structure has the next two */
    DWORD sub_entry;
    ULONGLONG callback_id;
    WCHAR user_name[UNLEN + 1], domain[DNLEN + 1]; /* as the program gave them */
};

/* Saves it. A password is not saved: that is for those who ask for it. One that is saved for
 * another user goes. The results are those of secrets_write(). */
DWORD secrets_write_dialed(const struct dialed *dialed);

/* What authentication protocols keep for this user and entry. Reading sets *size to the data's
 * size, 0 if there is none. ERROR_SUCCESS; ERROR_BUFFER_TOO_SMALL. */
DWORD secrets_read_eap(const struct secrets_place *place, BYTE *to, DWORD *size);

/* The results are those of secrets_write(). */
DWORD secrets_write_eap(const struct secrets_place *place, const BYTE *data, DWORD size);

/* Removes all that is saved of an entry. */
void secrets_delete(struct secrets_place *place);

/* Moves it to another place, if the entry's name is part of that. */
void secrets_move(const struct secrets_place *from, const struct secrets_place *to);

#endif
