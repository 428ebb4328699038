/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * The cost of tracing that is off: an exported function of rasapi32, compiled as it is and compiled
 * with the macros of libs/log/trace.h empty.
 */
#include "pipe.h"

#include <string.h>

#include "libs/log/trace.h"

#define CALLS 1000 /* of a sample: one is shorter than the clock's step */
#define ROUNDS 200
#define ERROR_CODE 651

DWORD WINAPI with_trace_w(UINT error, WCHAR *buffer, DWORD capacity);
DWORD WINAPI without_trace_w(UINT error, WCHAR *buffer, DWORD capacity);

static UINT64 call(DWORD(WINAPI *function)(UINT error, WCHAR *buffer, DWORD capacity))
{
    UINT64 begun = now_ns();
    WCHAR text[512] = {0};
    unsigned int i;

    for (i = 0; i < CALLS; i++)
        if (function(ERROR_CODE, text, ARRAYSIZE(text)) || !text[0])
            die("there is no text of error %d", ERROR_CODE);
    return now_ns() - begun;
}

void bench_trace(unsigned int runs, struct figure *figure)
{
    unsigned int run, i;

    call(with_trace_w);
    if (log_tracing)
        die("tracing is on: unset NAP_LOG_LEVEL");
    for (run = 0; run < runs; run++)
    {
        for (i = 0; i < ROUNDS; i++)
        {
            UINT64 raw = i % 2 ? call(without_trace_w) : 0, own = call(with_trace_w);

            figure_add(figure, own, i % 2 ? raw : call(without_trace_w));
        }
        figure_end_run(figure);
    }
}
