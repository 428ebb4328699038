/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * In place of libs/log/trace.h: entry points that are not traced.
 */
#define WINE_NAP_TRACE_H

#define TRACE_CALL(...) ((void)0)
#define TRACED(result) (result)
