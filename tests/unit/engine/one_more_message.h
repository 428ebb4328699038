/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * The row of a message that exists only in this test build; see libs/napipc/table.h.
 */
#define NAPIPC_MORE_MESSAGES(REQUEST, CALLBACK, NOTIFICATION)                                      \
    REQUEST(COUNT_COMPONENTS, 19, ADMINISTRATOR, count_components, count_components_reply,         \
            handle_count_components)
