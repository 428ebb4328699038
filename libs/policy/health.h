/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Rules about what Windows' own health agent reports: the validator of [MS-WSH]. Internal to
 * libs/policy.
 */

#ifndef WINE_NAP_POLICY_HEALTH_H
#define WINE_NAP_POLICY_HEALTH_H

#include "libs/policy/text.h"

/* Reads the values of a windows-security-health line; returns NULL or the broken rule. */
const char *health_rule_read(struct policy_agent *agent, const struct word *values, size_t count);

/* Judges the agent's entry, and fills *answer with what the validator of [MS-WSH] answers. The
 * agent must have such a line. */
enum policy_finding health_rules_judge(
        const struct policy_agent *agent, const struct soh_entry *entry, struct wsh_sohr *answer);

/* Builds the entry of the answer, to which attributes may be added. */
void health_answer_build(struct soh_builder *b, const struct wsh_sohr *answer);

/* The classes that are not compliant, in words, cut to size: "firewall: off; antivirus: ...". */
void health_answer_explain(const struct wsh_sohr *answer, char *text, size_t size);

#endif
