/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * A question: one statement of health, which several validators are asked about at once, and their
 * answers. It has one deadline. Answers after it are dropped.
 */
#ifndef WINE_NAP_NAPSERVER_QUESTION_H
#define WINE_NAP_NAPSERVER_QUESTION_H

#include <stdbool.h>
#include <windows.h>

#include "libs/napipc/napipc.h"
#include "libs/soh/soh.h"

struct answer
{
    HRESULT result; /* S_OK: `soh` is the response; NAP_E_SHV_TIMEOUT as long as there is none;
                     * E_ABORT: the validator was withdrawn, or the service stops */
    DWORD process_id;
    BYTE *soh; /* as of VALIDATE, checked; the question's */
    DWORD soh_size;
};

struct question
{
    LONG refs;
    SRWLOCK lock;
    CONDITION_VARIABLE changed;
    bool closed;          /* answers are dropped */
    unsigned int awaited; /* answers that have not come */
    DWORD timeout;        /* ms */
    ULONGLONG deadline;   /* GetTickCount64() */
    DWORD config_id;
    struct soh_packet packet; /* points into `statement` */
    struct napipc_correlation correlation;
    struct napipc_string machine_name;
    BYTE name_units[2 * NAPIPC_MAX_STRING];
    struct answer answers[NAPIPC_MAX_VALIDATORS];
    DWORD statement_size;
    BYTE statement[];
};

/* Copies and checks the statement. NAP_E_INVALID_PACKET, with *error: it is no SSoH. */
HRESULT question_create(
        const struct napipc_judge *request, struct question **question, struct soh_error *error);
void question_add_ref(struct question *question);
void question_release(struct question *question);

/* The validator with this id is asked VALIDATE; false: it is too late to ask. */
bool question_ask(const struct question *question, DWORD id, struct napipc_message *message);
/* The validator with this index is asked in that process. */
void question_asked(struct question *question, unsigned int index, DWORD process_id);
/* Its answer; the SoH is copied. Only once for each. */
void question_answer(struct question *question, unsigned int index, HRESULT result,
        const struct napipc_blob *soh);
/* Waits for the answers until the deadline, and drops those that come later. */
void question_end(struct question *question);

#endif
