/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * The results that methods really returned, for the table of docs/contract.tsv.
 */

#ifndef WINE_NAP_TESTS_CONTRACT_H
#define WINE_NAP_TESTS_CONTRACT_H

#include <test.h>

#include <windows.h>

/*
 * Appends "interface method code bits" to the file that the environment variable
 * NAP_CONTRACT_RECORD names, if it is set, and returns `result`. Any thread may call it.
 */
HRESULT contract_record(const char *interface_name, const char *method, HRESULT result);

/* Calls a method through its C macro, records and returns its result:
 * record(INapEnforcementClientBinding, Uninitialize, binding) */
#define record(iface, method, ...) contract_record(#iface, #method, iface##_##method(__VA_ARGS__))

/* The same; the test fails if the result differs. */
#define returns(code, iface, method, ...) assert_int_equal(record(iface, method, __VA_ARGS__), code)

#endif
