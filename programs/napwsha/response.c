/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * The last response of a server, and what it asks for.
 *
 * This service does not change the host: mending is the administrator's. So a fix-up is either not
 * needed, or could not be done; there is no progress in between to report.
 */
#include "programs/napwsha/napwsha.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "libs/log/log.h"
#include "libs/napcom/soh.h"
#include "naputil.h"

/* FixupInfo's message: this, or 2 + the first class at fault. docs/administration.md has the
 * texts. */
#define MESSAGE_COMPLIANT 1
#define MESSAGE_CLASS 2
#define MESSAGE_UNKNOWN 7

static SRWLOCK lock = SRWLOCK_INIT;
static struct wsh_sohr last;
static bool known; /* there was a response, and the last one was none of another form */

/* A class is at fault by its first code, and by its second one if that is no severity. */
static uint32_t fault_of(const struct wsh_sohr *response, size_t health_class)
{
    const struct wsh_verdict *verdict = &response->classes[health_class];

    if (verdict->codes[0] || health_class == WSH_SECURITY_UPDATES)
        return verdict->codes[0];
    return verdict->codes[1];
}

static void log_response(const struct wsh_sohr *response, bool fixup)
{
    char text[512] = "";
    const char *why;
    size_t length = 0, i;

    for (i = 0; i < WSH_CLASSES && length < sizeof(text); i++)
    {
        uint32_t code = fault_of(response, i);

        if (!code)
            continue;
        why = wsh_code_text(code);
        length += (size_t)snprintf(text + length, sizeof(text) - length, "%s%s: %s (%#x)",
                length ? "; " : "", wsh_class_name((uint8_t)i), why ? why : "unknown code",
                (unsigned int)code);
    }
    log_event(LOG_INFO, WSH_ID, "response", "%s%s",
            length ? text : "the server found all compliant",
            length && fixup ? "; it asks for a fix-up, which is the administrator's work" : "");
}

/* What the server thinks of this machine is unknown. */
static void forget(void)
{
    AcquireSRWLockExclusive(&lock);
    memset(&last, 0, sizeof(last));
    known = false;
    ReleaseSRWLockExclusive(&lock);
}

HRESULT response_take(const SoHResponse *response, bool fixup)
{
    struct soh_entry entry = {.id = WSH_ID, .count = response->count};
    struct soh_error error;
    struct wsh_sohr read;
    uint8_t *bytes;
    uint32_t size;
    HRESULT hr = soh_to_wire(response, WSH_ID, &bytes, &size);

    if (hr == E_INVALIDARG)
    {
        forget();
        return NAP_E_INVALID_PACKET;
    }
    if (FAILED(hr))
        return hr;
    entry.attributes.data = bytes;
    entry.attributes.size = size;
    if (wsh_sohr_read(&entry, &read, &error))
    {
        AcquireSRWLockExclusive(&lock);
        last = read;
        known = true;
        ReleaseSRWLockExclusive(&lock);
        log_response(&read, fixup);
    }
    else
    {
        log_event(LOG_WARN, WSH_ID, "bad-response", "not a response of [MS-WSH]: %s, at byte %u",
                error.rule, (unsigned int)error.offset);
        forget();
        hr = NAP_E_INVALID_PACKET;
    }
    free(bytes);
    return hr;
}

HRESULT response_describe(FixupInfo **info)
{
    uint32_t codes[WSH_CLASSES];
    size_t first = WSH_CLASSES, count = 0, i;
    bool compliant;
    HRESULT hr;

    AcquireSRWLockShared(&lock);
    compliant = known;
    for (i = 0; i < WSH_CLASSES; i++)
        if (fault_of(&last, i))
        {
            first = min(first, i);
            codes[count++] = fault_of(&last, i);
        }
    ReleaseSRWLockShared(&lock);
    if (FAILED(hr = AllocFixupInfo(info, (UINT16)max(count, 1))))
        return hr;
    for (i = 0; i < count; i++)
        (*info)->resultCodes.results[i] = (HRESULT)codes[i];
    compliant = compliant && !count;
    (*info)->state = compliant ? fixupStateSuccess : fixupStateCouldNotUpdate;
    (*info)->percentage = compliant ? 100 : percentageNotSupported;
    (*info)->fixupMsgId = (MessageId)(compliant ? MESSAGE_COMPLIANT
                                      : count   ? MESSAGE_CLASS + first
                                                : MESSAGE_UNKNOWN);
    return S_OK;
}
