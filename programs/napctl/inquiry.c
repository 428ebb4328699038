/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Asks the classes of components, each in a process and on a thread of its own.
 */
#include "programs/napctl/inquiry.h"

#include <stdlib.h>
#include <string.h>

#define TIMEOUT 8000   /* ms for one class, from the start of its process on */
#define PARALLEL_MAX 8 /* processes at the same time */

static HANDLE turns; /* a semaphore */
static HANDLE never; /* an event */

struct inquiry *inquiry_add(struct inquiries *all, uint32_t kind, uint32_t id, uint16_t type,
        const struct napipc_guid *clsid)
{
    static const struct napipc_guid none;
    struct inquiry *inquiry, **end;

    if (!memcmp(clsid, &none, sizeof(none)) || !(inquiry = calloc(1, sizeof(*inquiry))))
        return NULL;
    inquiry->kind = kind;
    inquiry->id = id;
    memcpy(&inquiry->clsid, clsid, sizeof(inquiry->clsid));
    inquiry->type = inquiry->message.type = type;
    inquiry->message.call = 1;
    for (end = &all->first; *end; end = &(*end)->next)
        ;
    return *end = inquiry;
}

const struct inquiry *inquiry_find(
        const struct inquiries *all, uint32_t kind, uint32_t id, uint16_t type)
{
    const struct inquiry *inquiry;

    for (inquiry = all->first; inquiry; inquiry = inquiry->next)
        if (inquiry->kind == kind && inquiry->id == id && inquiry->type == type)
            return inquiry;
    return NULL;
}

/* ---- one inquiry ---- */

/* Is the frame an answer to the question? */
static bool decode_answer(struct inquiry *inquiry, DWORD size)
{
    if (napipc_decode(inquiry->frame, size, &inquiry->reply, NULL, NULL) != NAPIPC_OK
            || inquiry->reply.type != (inquiry->type | NAPIPC_REPLY)
            || inquiry->reply.call != inquiry->message.call)
        return false;
    return FAILED((HRESULT)inquiry->reply.status) || inquiry->type != NAPIPC_COMPONENT_INFO
           || inquiry->reply.component_info_reply.count == inquiry->message.component_info.count;
}

/* There is an answer; what is missing in it? */
static void take_answer(struct inquiry *inquiry)
{
    static const char *const methods[NAPIPC_INFO_METHODS] = {"", "GetFriendlyName",
            "GetDescription", "GetVendorName", "GetVersion", "GetIcon", "GetLocalizedString"};
    const struct napipc_component_info_reply *info = &inquiry->reply.component_info_reply;
    HRESULT hr = (HRESULT)inquiry->reply.status;

    strcpy(inquiry->ended, "it answered");
    inquiry->answered = SUCCEEDED(hr);
    if (FAILED(hr))
        snprintf(inquiry->failure, sizeof(inquiry->failure),
                "its class cannot be created (0x%08lX)", (unsigned long)hr);
    else if (inquiry->type == NAPIPC_COMPONENT_INFO && info->failed_method
             && info->failed_method < ARRAYSIZE(methods))
        snprintf(inquiry->failure, sizeof(inquiry->failure), "%s failed (0x%08lX)",
                methods[info->failed_method], (unsigned long)info->failure);
}

/* There is no answer. */
static void take_failure(struct inquiry *inquiry, DWORD error)
{
    DWORD code = 0;

    if (error == ERROR_TIMEOUT)
        strcpy(inquiry->ended, "it hung");
    else if (!error || error == ERROR_INVALID_DATA)
        strcpy(inquiry->ended, "its answer was malformed");
    else if (WaitForSingleObject(inquiry->process.process, 1000) == WAIT_OBJECT_0
             && GetExitCodeProcess(inquiry->process.process, &code))
        snprintf(inquiry->ended, sizeof(inquiry->ended), "it crashed (0x%08lX)", code);
    else
        strcpy(inquiry->ended, "it closed its output");
    strcpy(inquiry->failure, inquiry->ended);
}

static void take_start_failure(struct inquiry *inquiry, DWORD error)
{
    if (error == ERROR_FILE_NOT_FOUND)
        snprintf(inquiry->failure, sizeof(inquiry->failure), "the %u-bit naphost is not installed",
                inquiry->process.bits);
    else
        snprintf(inquiry->failure, sizeof(inquiry->failure), "naphost cannot be started: error %lu",
                error);
}

/* Sends the question, takes the answer and ends the process. */
static void exchange(struct inquiry *inquiry, ULONGLONG limit)
{
    DWORD error, received = 0;
    size_t size;
    bool good;

    if (napipc_encode(&inquiry->message, inquiry->frame, NAPIPC_MAX_FRAME, &size) != NAPIPC_OK)
        error = ERROR_INVALID_DATA; /* cannot be */
    else
        error = host_process_exchange(&inquiry->process, never, limit, inquiry->frame, (DWORD)size,
                NAPIPC_MAX_FRAME, &received);
    if ((good = !error && decode_answer(inquiry, received)))
        take_answer(inquiry);
    else
        take_failure(inquiry, error);
    host_process_end(&inquiry->process, good);
}

static DWORD WINAPI run(void *context)
{
    struct inquiry *inquiry = context;
    DWORD error;

    WaitForSingleObject(turns, INFINITE);
    if (!(inquiry->frame = malloc(NAPIPC_MAX_FRAME)))
        error = ERROR_NOT_ENOUGH_MEMORY;
    else
        error = host_process_start(&inquiry->process, &inquiry->clsid, inquiry->id, NULL);
    if (error)
        take_start_failure(inquiry, error);
    else
        exchange(inquiry, GetTickCount64() + TIMEOUT);
    ReleaseSemaphore(turns, 1, NULL);
    return 0;
}

/* ---- all of them ---- */

void inquiries_ask(struct inquiries *all)
{
    struct inquiry *inquiry;

    if (!all->first)
        return;
    turns = CreateSemaphoreW(NULL, PARALLEL_MAX, PARALLEL_MAX, NULL);
    never = CreateEventW(NULL, TRUE, FALSE, NULL);
    for (inquiry = all->first; inquiry; inquiry = inquiry->next)
        if (!turns || !never || !(inquiry->thread = CreateThread(NULL, 0, run, inquiry, 0, NULL)))
            take_start_failure(inquiry, GetLastError());
    for (inquiry = all->first; inquiry; inquiry = inquiry->next)
        if (inquiry->thread)
        {
            WaitForSingleObject(inquiry->thread, INFINITE);
            CloseHandle(inquiry->thread);
        }
    if (turns)
        CloseHandle(turns);
    if (never)
        CloseHandle(never);
}

void inquiries_free(struct inquiries *all)
{
    struct inquiry *inquiry;

    while ((inquiry = all->first))
    {
        all->first = inquiry->next;
        free(inquiry->frame);
        free(inquiry);
    }
}
