/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* validation.c, for host.c. */
#ifndef WINE_NAP_SHVHOST_VALIDATION_H
#define WINE_NAP_SHVHOST_VALIDATION_H

#include <stdbool.h>

#include "libs/shvhost/shvhost.h"

/*
 * One validation: the request object and the callback object that a validator gets. They are two
 * COM objects with one life. When the validation has ended, their methods return
 * NAP_E_NOT_PENDING.
 */
struct validation;

/* Copies the request. The caller has one reference, to be released by validation_release(). */
HRESULT validation_create(SystemHealthEntityId id, const struct napipc_validate *request,
        struct validation **validation);
void validation_add_ref(struct validation *validation);
void validation_release(struct validation *validation);
INapSystemHealthValidationRequest *validation_request(struct validation *validation);
INapServerCallback *validation_callback(struct validation *validation);
/* What Validate returned. E_PENDING waits for OnComplete, which may have been called already. */
void validation_returned(struct validation *validation, HRESULT result);
/* Waits until the result is known, then ends the validation. Returns the result, and for S_OK the
 * response, which lives until validation_release(). NAP_E_SHV_TIMEOUT: it was late. */
HRESULT validation_end(
        struct validation *validation, DWORD timeout, const uint8_t **response, uint32_t *size);

#endif
