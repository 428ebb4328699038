/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * The administrator's hook.
 */
#ifndef WINE_NAP_ENGINE_HOOK_H
#define WINE_NAP_ENGINE_HOOK_H

#include "libs/engine/model.h"

#define HOOK_ARGUMENTS 12

/* The arguments of the hook, in UTF-8. */
struct hook_arguments
{
    unsigned int count;
    const char *list[HOOK_ARGUMENTS];
    char *next; /* where the next argument begins */
    char bytes[8192];
};

/* How a run ended. */
enum hook_outcome
{
    HOOK_DONE,   /* exit status 0 */
    HOOK_FAILED, /* another exit status */
    HOOK_NOT_RUN /* it hung or could not be watched: see `result` */
};

struct hook_run;
/* `result` is an HRESULT, set for HOOK_NOT_RUN. */
typedef void (*hook_ended)(struct engine *engine, const struct hook_run *run,
        enum hook_outcome outcome, uint32_t result);

/* A line that a run of the dialer has written. */
typedef void (*hook_line)(struct engine *engine, const struct hook_run *run, const char *line);

/* What a run of the dialer is for. */
struct hook_dialer
{
    hook_ended ended;
    hook_line line;
};

/* A run in progress. */
struct hook_run
{
    struct hook_run *next;
    uint32_t number;
    hook_ended ended;               /* called when it has ended; NULL: nobody waits */
    hook_line line;                 /* called for each line of the dialer; NULL: it is the hook */
    uint16_t type;                  /* of the request */
    uint32_t id;                    /* of the connection */
    struct engine_session *session; /* to be answered; NULL: it is gone */
    uint32_t call;
};

/* Sets the first two arguments: the action, and the connection's id. */
void hook_arguments_init(struct hook_arguments *arguments, const char *what, uint32_t id);
void hook_add_text(struct hook_arguments *arguments, const char *text);
void hook_add_format(struct hook_arguments *arguments, const char *format, ...)
        __attribute__((format(printf, 2, 3)));
void hook_add_string(struct hook_arguments *arguments, const struct napipc_string *string);
void hook_add_guid(struct hook_arguments *arguments, const struct napipc_guid *guid);
/* Starts the hook for the connection `id`. RESULT_OK: `ended` is called when the hook has ended,
 * and answers the request; `request` and `ended` may be NULL. RESULT_NOT_FOUND: no hook is
 * configured. */
uint32_t hook_run(struct engine *engine, struct engine_session *session,
        const struct napipc_message *request, hook_ended ended, uint32_t id,
        const struct hook_arguments *arguments);
/* The same with the administrator's dialer. `input` is what it reads, NULL: nothing; *number is the
 * number of the run. RESULT_NOT_FOUND: no dialer is configured. How it ends is not logged. */
uint32_t hook_run_dialer(struct engine *engine, struct engine_session *session,
        const struct napipc_message *request, const struct hook_dialer *dialer, uint32_t id,
        const struct hook_arguments *arguments, const struct bytes *input, uint32_t *number);
/* A run of the dialer has written a line; see engine_hook_line(). */
void hook_run_line(struct engine *engine, uint32_t number, const char *line);
/* A run has ended; see engine_hook_ended(). */
void hook_run_ended(struct engine *engine, uint32_t number, uint32_t result, int exit_status);
/* The session closes: its runs are not answered any more. */
void hook_forget_session(struct engine *engine, const struct engine_session *session);
void hook_finish(struct engine *engine);

#endif
