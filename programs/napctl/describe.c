/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Parts of the agent's state in words, each in one line.
 */
#include "programs/napctl/napctl.h"

#include <stdarg.h>

#include "libs/soh/soh.h"

void text_add(struct text *text, const char *format, ...)
{
    va_list arguments;
    int length;

    va_start(arguments, format);
    length = vsnprintf(
            text->bytes + text->length, sizeof(text->bytes) - text->length, format, arguments);
    va_end(arguments);
    if (length > 0)
        text->length += (size_t)length;
    if (text->length >= sizeof(text->bytes))
        text->length = sizeof(text->bytes) - 1;
}

void text_units(struct text *text, const struct napipc_string *string)
{
    char units[UNITS_TEXT];

    format_units(string, units);
    text_add(text, "%s", units);
}

void text_time(struct text *text, uint64_t filetime)
{
    char time[40];

    format_time(filetime, time, sizeof(time));
    text_add(text, "%s", time);
}

void text_guid(struct text *text, const struct napipc_guid *guid)
{
    char name[GUID_TEXT_SIZE];

    format_guid(guid, name);
    text_add(text, "%s", name);
}

void text_codes(struct text *text, const uint32_t *codes, uint16_t count)
{
    uint16_t i;

    for (i = 0; i < count; i++)
    {
        const char *name = soh_code_name(codes[i]);

        text_add(text, "%s0x%08lX", i ? ", " : "", (unsigned long)codes[i]);
        if (name)
            text_add(text, " (%s)", name);
    }
}

void text_bound(struct text *text, bool policy, const struct napipc_listed_component *listed)
{
    text_add(text, "%s%s, %s", listed->enabled ? "enabled" : "disabled",
            policy ? " by Group Policy" : "", listed->bound ? "initialized" : "not initialized");
}

void text_isolation(struct text *text, const struct napipc_isolation *isolation)
{
    text_add(text, "%s", isolation_state_name(isolation->state));
    if (isolation->extended_state)
        text_add(text, ", %s", extended_state_name(isolation->extended_state));
    if (isolation->probation_end)
    {
        text_add(text, " until ");
        text_time(text, isolation->probation_end);
    }
    if (isolation->failure_url.length)
    {
        text_add(text, ", see ");
        text_units(text, &isolation->failure_url);
    }
}

void text_remediation(struct text *text, const struct napipc_fixup *fixup)
{
    text_add(text, "remediation %s", fixup_state_name(fixup->state));
    if (fixup->percentage < PERCENTAGE_NOT_SUPPORTED)
        text_add(text, ", %u %%", fixup->percentage);
    if (fixup->code_count)
        text_add(text, ", ");
    text_codes(text, fixup->codes, fixup->code_count);
}

void text_verdict(struct text *text, const struct napipc_health *health)
{
    text_add(text, "failure category %s", failure_category_name(health->failure_category));
    if (health->code_count)
        text_add(text, ", ");
    text_codes(text, health->codes, health->code_count);
}

const char *failure_category_name(uint8_t category)
{
    const char *name = soh_failure_category_name(category);

    return name ? name : "unknown";
}
