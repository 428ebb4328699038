/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * The language of docs/policy-format.md: the result of each keyword, and every rule broken.
 */

#include <test.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "libs/policy/policy.h"

#define END "noncompliant\nstate restricted\n"

static struct policy policy;

static void accept(const char *text)
{
    struct policy_error error = {0, ""};

    if (!policy_parse(text, strlen(text), &policy, &error))
        fail_msg("line %u: %s", error.line, error.rule);
}

static void reject_bytes(const char *text, size_t size, unsigned int line, const char *rule)
{
    char *exact = malloc(size ? size : 1); /* the sanitizer guards its end */
    struct policy_error error = {0, ""};

    assert_non_null(exact);
    memcpy(exact, text, size);
    assert_false(policy_parse(exact, size, &policy, &error));
    assert_string_equal(error.rule, rule);
    assert_non_null(strstr(error.rule, "; ")); /* and what to do */
    assert_int_equal(error.line, line);
    assert_false(policy_parse(exact, size, &policy, NULL));
    free(exact);
}

static void reject(const char *text, unsigned int line, const char *rule)
{
    reject_bytes(text, strlen(text), line, rule);
}

/* A line of an agent's section (line 3). */
static void accept_agent(const char *line)
{
    char text[16384];

    snprintf(text, sizeof text, "policy 1\nagent 1\n%s\n" END, line);
    accept(text);
}

static void reject_agent(const char *line, const char *rule)
{
    char text[16384];

    snprintf(text, sizeof text, "policy 1\nagent 1\n%s\n" END, line);
    reject(text, 3, rule);
}

/* A line of the noncompliant section (line 5). */
static void accept_noncompliant(const char *line)
{
    char text[16384];

    snprintf(text, sizeof text, "policy 1\nagent 1\n" END "%s\n", line);
    accept(text);
}

static void reject_noncompliant(const char *line, const char *rule)
{
    char text[16384];

    snprintf(text, sizeof text, "policy 1\nagent 1\n" END "%s\n", line);
    reject(text, 5, rule);
}

TEST(the_smallest_policy_has_the_defaults)
{
    accept("policy 1\nagent 0x13780\nnoncompliant\nstate restricted");
    assert_int_equal(policy.agent_count, 1);
    assert_int_equal(policy.agents[0].id, 79744);
    assert_false(policy.agents[0].optional);
    assert_int_equal(policy.agents[0].code_count, 0);
    assert_int_equal(policy.agents[0].failure_categories, 1);
    assert_int_equal(policy.agents[0].version_count, 0);
    assert_int_equal(policy.agents[0].result, 0x80004005);
    assert_int_equal(policy.isolation_state, 3);
    assert_int_equal(policy.probation, 0);
    assert_false(policy.fixup);
    assert_int_equal(policy.extended_state, 0);
    assert_string_equal(policy.url, "");
    assert_int_equal(policy.servers.ipv4_count + policy.servers.ipv6_count, 0);
}

TEST(agents_say_what_must_be_reported)
{
    static const uint8_t ipv6[16] = {0x20, 0x01, 0x0d, 0xb8, [15] = 0x10};
    const struct policy_agent *a = policy.agents;

    accept("policy 1\n"
           "agent 79744 optional\n"
           "codes 0 0x00FF0005\n"
           "failure-category none client-component\n"
           "software-version 1.2 \"2.*\" >=3.10 \"a \\\"b\\\\\"\n"
           "result 0x80270001\n"
           "fixup-server 192.0.2.10 2001:db8::10\n"
           "codes 7\n" /* lists add up */
           "agent 2\n" END);
    assert_int_equal(policy.agent_count, 2);
    assert_true(a->optional);
    assert_int_equal(a->code_count, 3);
    assert_int_equal(a->codes[1], 0x00ff0005);
    assert_int_equal(a->codes[2], 7);
    assert_int_equal(a->failure_categories, 1 << 0 | 1 << 2);
    assert_int_equal(a->version_count, 4);
    assert_int_equal(a->versions[0].match, POLICY_VERSION_IS);
    assert_string_equal(a->versions[0].text, "1.2");
    assert_int_equal(a->versions[1].match, POLICY_VERSION_STARTS_WITH);
    assert_string_equal(a->versions[1].text, "2.");
    assert_int_equal(a->versions[2].match, POLICY_VERSION_AT_LEAST);
    assert_string_equal(a->versions[2].text, "3.10");
    assert_string_equal(a->versions[3].text, "a \"b\\");
    assert_int_equal(a->result, 0x80270001);
    assert_int_equal(a->servers.ipv4_count, 1);
    assert_memory_equal(a->servers.ipv4[0], "\xc0\0\2\xa", 4);
    assert_int_equal(a->servers.ipv6_count, 1);
    assert_memory_equal(a->servers.ipv6[0], ipv6, 16);
    assert_int_equal(policy.agents[1].id, 2);
    assert_false(policy.agents[1].optional);
}

TEST(noncompliant_says_what_becomes_of_the_machine)
{
    accept("policy 1\n"
           "noncompliant\n" /* sections come in any order */
           "probation 8h\n"
           "state probation\n"
           "fixup yes\n"
           "url \"http://fix.example/#here\"\n"
           "extended-state infected\n"
           "fixup-server 192.0.2.20\n"
           "agent 1\n");
    assert_int_equal(policy.isolation_state, 2);
    assert_true(policy.probation == UINT64_C(8) * 3600 * 10000000);
    assert_true(policy.fixup);
    assert_string_equal(policy.url, "http://fix.example/#here");
    assert_int_equal(policy.extended_state, 2);
    assert_int_equal(policy.servers.ipv4_count, 1);
}

TEST(lines_may_look_as_they_like)
{
    accept("\xef\xbb\xbf# caf\xc3\xa9\r\n"
           "\r\n"
           "\tpolicy\t1#comment\r\n"
           "  agent   1   # comment \"\r\n"
           "noncompliant\r\n"
           "state restricted\r\n"
           "url http://fix.example/\r\n");
    assert_string_equal(policy.url, "http://fix.example/");
}

TEST(times_have_units)
{
    static const struct
    {
        const char *text;
        uint64_t seconds;
    } times[] = {{"1s", 1}, {"90s", 90}, {"15m", 900}, {"8h", 28800}, {"7d", 604800},
            {"3650d", UINT64_C(315360000)}};
    char text[128];
    size_t i;

    for (i = 0; i < sizeof times / sizeof *times; ++i)
    {
        snprintf(text, sizeof text,
                "policy 1\nagent 1\nnoncompliant\nstate probation\n"
                "probation %s",
                times[i].text);
        accept(text);
        assert_true(policy.probation == times[i].seconds * 10000000);
    }
}

TEST(numbers_reach_their_largest_value)
{
    accept_agent("codes 4294967295 0xffffffff\nfixup-server 255.255.255.255 FFFF::");
    assert_int_equal(policy.agents[0].codes[0], 0xffffffff);
    assert_int_equal(policy.agents[0].codes[1], 0xffffffff);
    assert_memory_equal(policy.agents[0].servers.ipv4[0], "\xff\xff\xff\xff", 4);
    assert_memory_equal(policy.agents[0].servers.ipv6[0], "\xff\xff", 2);
}

TEST(ipv6_addresses_may_be_short)
{
    static const struct
    {
        const char *text;
        uint8_t bytes[16];
    } addresses[] = {
            {"::", {0}},
            {"::1", {[15] = 1}},
            {"1::", {[1] = 1}},
            {"FE80::0a:B", {0xfe, 0x80, [13] = 0x0a, [15] = 0x0b}},
            {"1:2:3:4:5:6:7:8", {0, 1, 0, 2, 0, 3, 0, 4, 0, 5, 0, 6, 0, 7, 0, 8}},
            {"1:2:3:4:5:6:7::", {0, 1, 0, 2, 0, 3, 0, 4, 0, 5, 0, 6, 0, 7, 0, 0}},
            {"::2:3:4:5:6:7:8", {0, 0, 0, 2, 0, 3, 0, 4, 0, 5, 0, 6, 0, 7, 0, 8}},
    };
    char line[128];
    size_t i;

    for (i = 0; i < sizeof addresses / sizeof *addresses; ++i)
    {
        snprintf(line, sizeof line, "fixup-server %s", addresses[i].text);
        accept_agent(line);
        assert_int_equal(policy.agents[0].servers.ipv6_count, 1);
        assert_memory_equal(policy.agents[0].servers.ipv6[0], addresses[i].bytes, 16);
    }
}

TEST(addresses_are_refused)
{
    static const char *const addresses[] = {"1.2.3", "1.2.3.4.5", "1.2.3.256", "1.2.3.", ".1.2.3",
            "1..2.3", "1.2.3.4x", "host", ":", ":1", "1:", "1:2", ":::", "1::2::3", "1:::2",
            "1:2:3:4:5:6:7", "1:2:3:4:5:6:7:8:9", "1:2:3:4:5:6:7:8::", "10000::", "::1.2.3.4",
            "::g", "::1:", "\"::1\"", "\"1.2.3.4\"", "\"\""};
    char line[128];
    size_t i;

    for (i = 0; i < sizeof addresses / sizeof *addresses; ++i)
    {
        snprintf(line, sizeof line, "fixup-server 192.0.2.1 %s", addresses[i]);
        reject_agent(line,
                "a fix-up server is an IPv4 or IPv6 address; write one like 192.0.2.10 or 2001:db8::10");
    }
}

TEST(words_are_refused)
{
    char many[256] = "codes", *end = many + strlen(many);
    int i;

    reject("policy 1\n\x01\n", 2,
            "a policy is text: no control characters; remove them, and save the file as UTF-8");
    reject_bytes("policy 1\0", 9, 1,
            "a policy is text: no control characters; remove them, and save the file as UTF-8");
    reject("policy 1\nagent 1 \"optional\n", 2,
            "a quoted word ends on its line; write the second quote");
    reject("policy 1\nagent \"1\\", 2, "a quoted word ends on its line; write the second quote");
    reject("policy 1\nagent \"1\\\"", 2, "a quoted word ends on its line; write the second quote");
    reject("policy 1\nagent \"\\n\"\n", 2,
            "a backslash stands before a quote or another backslash; write two for one");
    reject("policy 1\nagent \"1\"2\n", 2,
            "a blank follows a quoted word; write one after the second quote");
    reject("policy 1\nagent 1\"2\"\n", 2,
            "a quote stands at the start of a word; quote the whole word");
    for (i = 0; i < 80; ++i)
        end += sprintf(end, " 1");
    reject_agent(many, "a line has at most 80 words; divide it into several lines");
}

TEST(structure_is_refused)
{
    char many[1024] = "policy 1\n", *end = many + strlen(many);
    int i;

    reject("", 1, "a policy starts with its version; write the line policy 1 first");
    reject("# nothing\n\n", 2, "a policy starts with its version; write the line policy 1 first");
    reject("agent 1\n", 1, "a policy starts with its version; write the line policy 1 first");
    reject("policy 2\n", 1, "the version of the language is 1; write policy 1");
    reject("policy\n", 1, "the version of the language is 1; write policy 1");
    reject("policy 1\npolicy 1\n", 2, "a policy has one version; remove this line");
    reject("policy 1\nAgent 1\n", 2,
            "a line starts with a keyword of the language; correct the word, or write # before a comment");
    reject("policy 1\n\"agent\" 1\n", 2,
            "a line starts with a keyword of the language; correct the word, or write # before a comment");
    reject("policy 1\ncodes 0\n", 2,
            "this keyword belongs into an agent's section; move it below a line agent");
    reject("policy 1\n" END "codes 0\n", 4,
            "this keyword belongs into an agent's section; move it below a line agent");
    reject("policy 1\nagent 1\nstate restricted\n", 3,
            "this keyword belongs into the noncompliant section; move it below the line noncompliant");
    reject("policy 1\nfixup-server 1.2.3.4\n", 2,
            "this keyword belongs into a section; move it below a line agent, validator or noncompliant");
    reject("policy 1\n" END, 3,
            "a policy has at least one agent or validator; add a line like agent 79744");
    reject("policy 1\nagent 1\n", 2,
            "a policy has a noncompliant section; add the line noncompliant, and state restricted below it");
    reject("policy 1\nagent 1\nnoncompliant\n", 3,
            "the noncompliant section has a state; add a line like state restricted");
    reject("policy 1\nagent 1\n" END END, 5,
            "a policy has one noncompliant section; move these lines into it");
    reject("policy 1\nagent 1\nagent 0x1\n", 3,
            "an agent or validator has one section; move these lines into it");
    for (i = 0; i < 21; ++i)
        end += sprintf(end, "agent %d\n", i);
    reject(many, 22, "a policy has at most 20 agents and validators; remove some");
}

TEST(agent_values_are_refused)
{
    static const char id_rule[] =
            "agent takes a component id, and optional if it need not report; write a line like agent 79744 optional";
    static const char code_rule[] =
            "a code is a number of 32 bits, decimal or 0x and hexadecimal; write one like 7 or 0x00FF0005";
    static const char result_rule[] =
            "result takes one code: a number of 32 bits, decimal or 0x and hexadecimal; write one like 0x80004005";
    char many[512], *end;
    int i;

    reject("policy 1\nagent\n", 2, id_rule);
    reject("policy 1\nagent x\n", 2, id_rule);
    reject("policy 1\nagent 1 required\n", 2, id_rule);
    reject("policy 1\nagent 1 optional 2\n", 2, id_rule);
    reject_agent("codes",
            "codes takes compliance result codes; write one or more after it, like 0 or 0x00FF0005");
    reject_agent("codes 4294967296", code_rule);
    reject_agent("codes 0x100000000", code_rule);
    reject_agent("codes 0x", code_rule);
    reject_agent("codes -1", code_rule);
    reject_agent("codes 1x", code_rule);
    reject_agent("codes \"1\"", code_rule);
    for (end = many + sprintf(many, "codes"), i = 0; i < 65; ++i)
        end += sprintf(end, " 1");
    reject_agent(many, "an agent has at most 64 codes; remove some");
    reject_agent("failure-category",
            "failure-category takes categories; write one or more after it, like none or other");
    reject_agent("failure-category all",
            "a failure category is none, other, client-component, client-communication, "
            "server-component or server-communication; write one or more of these");
    reject_agent("software-version",
            "software-version takes versions; write one or more after it, like 1.2 or >=3.10");
    reject_agent("software-version >=1.x",
            "a version after >= is numbers between dots; write one like >=3.10");
    reject_agent("software-version >=",
            "a version after >= is numbers between dots; write one like >=3.10");
    reject_agent("software-version >=1.",
            "a version after >= is numbers between dots; write one like >=3.10");
    reject_agent("software-version >=1..2",
            "a version after >= is numbers between dots; write one like >=3.10");
    reject_agent("software-version "
                 "1234567890123456789012345678901234567890123456789012345678901234",
            "a version has at most 63 characters; write its beginning and a *");
    for (end = many + sprintf(many, "software-version"), i = 0; i < 17; ++i)
        end += sprintf(end, " 1");
    reject_agent(many,
            "an agent has at most 16 software versions; remove some, or accept several by >= or *");
    reject_agent("result", result_rule);
    reject_agent("result 1 2", result_rule);
    reject_agent("result E_FAIL", result_rule);
    reject_agent("fixup-server",
            "fixup-server takes addresses; write one or more IPv4 or IPv6 addresses after it");
    for (end = many + sprintf(many, "fixup-server"), i = 0; i < 17; ++i)
        end += sprintf(end, " 1.2.3.4");
    reject_agent(many, "a section has at most 16 IPv4 fix-up servers; remove some");
    for (end = many + sprintf(many, "fixup-server"), i = 0; i < 17; ++i)
        end += sprintf(end, " ::1");
    reject_agent(many, "a section has at most 16 IPv6 fix-up servers; remove some");
    reject("policy 1\nagent 1\nresult 1\nresult 1\n", 4,
            "this keyword comes once in its section; remove one of the lines");
}

TEST(noncompliant_values_are_refused)
{
    static const char state_rule[] =
            "state takes one of restricted, probation and not-restricted; write one of these after it";
    static const char time_rule[] =
            "probation takes a length from 1s to 3650d: a number and s, m, h or d; write one like 8h";
    static const char url_rule[] =
            "a URL has printable ASCII characters only; write the others as % and two digits";
    char url[1200] = "url ";

    reject("policy 1\nagent 1\nnoncompliant now\n", 3,
            "noncompliant stands alone on its line; move the rest of the line below it");
    reject("policy 1\nagent 1\nnoncompliant\nstate\n", 4, state_rule);
    reject("policy 1\nagent 1\nnoncompliant\nstate bad\n", 4, state_rule);
    reject("policy 1\nagent 1\nnoncompliant\nstate restricted probation\n", 4, state_rule);
    reject_noncompliant(
            "state restricted", "this keyword comes once in its section; remove one of the lines");
    reject_noncompliant("probation 0s", time_rule);
    reject_noncompliant("probation 3651d", time_rule);
    reject_noncompliant("probation 10", time_rule);
    reject_noncompliant("probation 10w", time_rule);
    reject_noncompliant("probation 10hh", time_rule);
    reject_noncompliant("probation h", time_rule);
    reject_noncompliant("probation 99999999999h", time_rule);
    reject_noncompliant("probation \"1h\"", time_rule);
    reject_noncompliant("fixup", "fixup takes yes or no; write one of these after it");
    reject_noncompliant("fixup true", "fixup takes yes or no; write one of these after it");
    reject_noncompliant("url", "url takes one URL; write it after url, in quotes if it has a #");
    reject_noncompliant(
            "url \"\"", "url takes one URL; write it after url, in quotes if it has a #");
    reject_noncompliant(
            "url a b", "url takes one URL; write it after url, in quotes if it has a #");
    reject_noncompliant("url \"a b\"", url_rule);
    reject_noncompliant("url http://caf\xc3\xa9/", url_rule);
    memset(url + 4, 'x', 1025);
    reject_noncompliant(url, "a URL has at most 1024 characters; use a shorter one");
    url[4 + 1024] = 0;
    accept_noncompliant(url);
    assert_int_equal(strlen(policy.url), 1024);
    reject_noncompliant("extended-state sick",
            "extended-state takes one of no-data, transition, infected and unknown; write one of these after it");
}

/* The error names the line of the state, because the state requires a length or forbids it. */
TEST(probation_needs_its_length)
{
    static const char rule[] =
            "the state probation and a length go together; add a line like probation 8h for that state, remove it for others";

    reject("policy 1\nagent 1\nnoncompliant\nstate probation\nfixup no\n", 4, rule);
    reject("policy 1\nagent 1\nnoncompliant\nstate restricted\nprobation 1h\n", 4, rule);
}

TEST(a_restricted_connection_may_have_a_limit)
{
    static const char length_rule[] =
            "session-timeout takes a length from 1s to 3650d: a number and s, m, h or d; write one like 15m";
    static const char state_rule[] =
            "session-timeout is for the state restricted; remove it for others";

    accept("policy 1\nagent 1\n" END);
    assert_int_equal(policy.session_timeout, 0);
    accept_noncompliant("session-timeout 15m");
    assert_int_equal(policy.session_timeout, 900);
    accept_noncompliant("session-timeout 3650d");
    assert_int_equal(policy.session_timeout, 3650 * 86400);
    reject_noncompliant("session-timeout", length_rule);
    reject_noncompliant("session-timeout 0s", length_rule);
    reject_noncompliant("session-timeout 900", length_rule);
    reject("policy 1\nagent 1\nnoncompliant\nstate not-restricted\nsession-timeout 1h\n", 4,
            state_rule);
    reject("policy 1\nagent 1\nnoncompliant\nstate probation\nprobation 1h\nsession-timeout 1h\n",
            4, state_rule);
}

TEST(errors_name_file_line_and_rule)
{
    struct policy_error error;
    char text[128], cut[10];

    assert_false(policy_parse("policy 1\nx\n", 11, &policy, &error));
    policy_error_format(&error, "lab.policy", text, sizeof text);
    assert_string_equal(text,
            "lab.policy:2: a line starts with a keyword of the language; correct the word, or write # before a comment");
    policy_error_format(&error, "lab.policy", cut, sizeof cut);
    assert_string_equal(cut, "lab.polic");
}

TEST(the_sample_policies_are_policies)
{
    static const char *const names[] = {POLICY_SAMPLES "/antivirus.policy",
            POLICY_SAMPLES "/gentle.policy", POLICY_SAMPLES "/validator.policy",
            POLICY_SAMPLES "/windows-health.policy"};
    char text[8192];
    size_t i, size;
    FILE *file;

    for (i = 0; i < sizeof names / sizeof *names; ++i)
    {
        file = fopen(names[i], "rb");
        assert_non_null(file);
        size = fread(text, 1, sizeof text - 1, file);
        fclose(file);
        text[size] = 0;
        accept(text);
    }
}

TEST_MAIN(NULL, NULL)
