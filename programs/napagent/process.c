/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * The processes that have connections, and their number; see process.h.
 */
#include "programs/napagent/process.h"

#include <stdlib.h>

static struct client_process **bucket_of(struct processes *processes, DWORD id)
{
    return &processes->buckets[id / 4 % PROCESS_BUCKETS]; /* ids are multiples of 4 */
}

struct client_process *process_enter(struct processes *processes, HANDLE pipe)
{
    struct client_process **bucket, *process;
    DWORD id = 0;

    GetNamedPipeClientProcessId(pipe, &id);
    bucket = bucket_of(processes, id);
    /* A process of that id with an open handle is the same one. */
    for (process = *bucket; process; process = process->next)
        if (process->id == id && process->handle)
            break;
    if (!process)
    {
        if (!(process = calloc(1, sizeof(*process))))
            return NULL;
        process->id = id;
        process->handle = id ? OpenProcess(PROCESS_QUERY_LIMITED_INFORMATION, FALSE, id) : NULL;
        process->next = *bucket;
        *bucket = process;
    }
    process->connections++;
    return process;
}

void process_leave(struct processes *processes, struct client_process *process)
{
    struct client_process **link;

    if (!process || --process->connections)
        return;
    for (link = bucket_of(processes, process->id); *link != process; link = &(*link)->next)
        ;
    *link = process->next;
    if (process->handle)
        CloseHandle(process->handle);
    free(process);
}

void process_leave_slot(struct client_process *process, const struct client *client)
{
    unsigned int i;

    for (i = 0; i < DIRECT_EACH; i++)
        if (process->direct[i] == client)
            process->direct[i] = NULL;
}
