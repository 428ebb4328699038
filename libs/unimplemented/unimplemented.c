/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "libs/unimplemented/unimplemented.h"

INT_PTR unimplemented(const char *function, LONG *logged, INT_PTR failure)
{
    if (!InterlockedExchange(logged, TRUE))
        log_event(LOG_WARN, 0, "not-implemented", "%s is not implemented; it returns %ld", function,
                (long)failure);
    if (log_tracing)
        trace_result(function, (DWORD)failure);
    SetLastError(failure > 0 ? (DWORD)failure : ERROR_CALL_NOT_IMPLEMENTED);
    return failure;
}
