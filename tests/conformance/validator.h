/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * A validator that lives in this process as a COM local server, like one of another maker. Each
 * test says what it does when it is asked.
 */

#ifndef WINE_NAP_TESTS_VALIDATOR_H
#define WINE_NAP_TESTS_VALIDATOR_H

#include <windows.h>
#include <objbase.h>
#include <naptypes.h>
#include <napsystemhealthvalidator.h>

#define VALIDATOR_CLASS L"{7D2C5A10-3B9E-4F61-8C47-60A1D9E2B3F4}"
#define VALIDATOR_ID 0x00abcf20u

typedef HRESULT validate_function(
        INapSystemHealthValidationRequest *request, UINT32 timeout, INapServerCallback *callback);

extern struct validator
{
    validate_function *validate;
    LONG created, asked;
} validator;

/* Registers the class for other processes, by CoRegisterClassObject. */
HRESULT validator_register(void);
void validator_unregister(void);
/* Sets a response of this id with one compliance result code; id 0: with no code, but only the id.
 */
HRESULT validator_respond(
        INapSystemHealthValidationRequest *request, SystemHealthEntityId id, HRESULT code);

#endif
