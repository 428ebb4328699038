/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Tests of napserver: registrations of the validators of odd_validator.dll, statements of health,
 * and what is said about them.
 */
#ifndef WINE_NAP_TESTS_SERVER_FIXTURE_H
#define WINE_NAP_TESTS_SERVER_FIXTURE_H

#include <test.h>

#include <stdbool.h>
#include <windows.h>

#include "naperror.h"
#include "napsystemhealthvalidator.h"

#include "libs/napclient/napclient.h"
#include "libs/soh/soh.h"
#include "odd_validator.h"
#include "tests/conformance/validator.h"

#define ID 0x00abd100u /* the first of the tests' validators */
#define PATIENT 20000  /* ms, for validators that answer */

/* Afterwards none of the tests' validators is registered. */
#define SERVER_TEST(name) TEST_WITH(name, NULL, forget)

/* For test_main(): the service runs, the classes of odd_validator.dll are registered. */
int server_begin(void);
int server_end(void);

extern struct agent_session session; /* with napserver */

/* ---- registrations ---- */

void register_class(uint32_t id, const WCHAR *class);
void register_odd(uint32_t id, enum odd odd);
void unregister(uint32_t id);
void enable(uint32_t id, bool enabled);
/* Failures of this category count as healthy, and no others. */
void map_to_healthy(uint32_t id, FailureCategory category);
int forget(void);

/* ---- the statement ---- */

extern BYTE statement[NAPIPC_MAX_SOH];
extern size_t statement_size;
extern struct soh_builder builder;

void begin_statement(void);
void end_statement(void);
/* A statement with an SoH for the first `count` validators. */
void make_statement(unsigned int count);

/* ---- what is said about it ---- */

extern const struct napipc_judge_reply *const judgement;
extern struct soh_packet response;
extern ULONGLONG took; /* ms */

/* Asks about the statement; the timeout is in ms, 0 for the service's own. */
HRESULT judge(DWORD timeout);
void assert_judged(uint16_t index, uint32_t id, HRESULT result, bool compliant);
/* The response has this compliance result code, or this failure category, for the validator. */
void assert_code(uint32_t id, HRESULT code);
void assert_category(uint32_t id, FailureCategory category);

#endif
