/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * The attributes of a request and of an answer as text, for a RADIUS server that runs a program.
 * The names are those of FreeRADIUS's dictionary.microsoft.
 */
#include "programs/nap-validate/nap_validate.h"

#include <stdio.h>
#include <string.h>

static int digit_of(char c)
{
    if (c >= '0' && c <= '9')
        return c - '0';
    c |= 0x20;
    return c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
}

static bool is_separator(char c)
{
    return c == ' ' || c == '\t' || c == ',';
}

/* Joins the values. Returns NULL or what is wrong. */
static const char *join(const char *values, uint8_t *bytes, size_t most, size_t *count)
{
    int high, low;

    *count = 0;
    while (*values)
    {
        if (is_separator(*values))
        {
            ++values;
            continue;
        }
        if (values[0] == '0' && values[1] == 'x')
            values += 2;
        while (*values && !is_separator(*values))
        {
            high = digit_of(values[0]);
            low = high < 0 ? -1 : digit_of(values[1]);
            if (low < 0)
                return "an attribute's value is pairs of hexadecimal digits";
            if (*count == most)
                return "a packet has at most 65535 bytes";
            bytes[(*count)++] = (uint8_t)(high << 4 | low);
            values += 2;
        }
    }
    return NULL;
}

static void print_octets(const char *list, const char *name, const uint8_t *bytes, size_t size)
{
    size_t i;

    printf("%s %s = 0x", list, name);
    for (i = 0; i < size; ++i)
        printf("%02x", bytes[i]);
    putchar('\n');
}

/* Prints an attribute as it is on the wire. */
static void print_attribute(const uint8_t *attribute)
{
    static const struct
    {
        uint8_t type;
        bool octets; /* else a number */
        const char *name;
    } table[] = {
            {MS_QUARANTINE_SESSION_TIMEOUT, false, "MS-Quarantine-Session-Timeout"},
            {MS_QUARANTINE_STATE, false, "MS-Quarantine-State"},
            {MS_QUARANTINE_GRACE_TIME, false, "MS-Quarantine-Grace-Time"},
            {MS_IPV4_REMEDIATION_SERVERS, true, "MS-IPv4-Remediation-Servers"},
            {MS_IPV6_REMEDIATION_SERVERS, true, "MS-IPv6-Remediation-Servers"},
            {MS_QUARANTINE_SOH, true, "MS-Quarantine-SOH"},
            {MS_EXTENDED_QUARANTINE_STATE, false, "MS-Extended-Quarantine-State"},
    };
    const uint8_t *value = attribute + RADIUS_VENDOR_HEADER;
    size_t i;

    for (i = 0; i < sizeof table / sizeof *table; ++i)
        if (table[i].type == attribute[6] && table[i].octets)
            print_octets("reply", table[i].name, value, attribute[1] - RADIUS_VENDOR_HEADER);
        else if (table[i].type == attribute[6])
            printf("reply %s = %lu\n", table[i].name,
                    (unsigned long)value[0] << 24 | (unsigned long)value[1] << 16 | value[2] << 8
                            | value[3]);
}

int validate_values(const struct policy *policy, const char *values)
{
    static const char *const verdicts[] = {
            [EXIT_COMPLIANT] = "compliant",
            [EXIT_NOT_COMPLIANT] = "not-compliant",
            [EXIT_BAD_INPUT] = "rejected",
    };
    static uint8_t statement[STATEMENT_MAX];
    static struct judgement j;
    const char *rule;
    size_t size, at;

    if ((rule = join(values, statement, sizeof statement, &size)))
    {
        complain("a statement of health is rejected: %s, at byte %zu", rule, size);
        j.code = EXIT_BAD_INPUT;
    }
    else
        judge(policy, statement, size, &j);
    puts(verdicts[j.code]);
    for (at = 0; at < j.reply_size; at += j.reply[at + 1])
        print_attribute(j.reply + at);
    if (j.decoder_size)
        print_octets("request", "MS-Quarantine-SOH", j.decoder, j.decoder_size);
    if (!ferror(stdout) && !fflush(stdout))
        return j.code;
    complain("cannot write to standard output");
    return EXIT_BAD_INPUT;
}
