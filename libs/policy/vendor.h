/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Rules about vendor-specific attributes. Internal to libs/policy.
 */

#ifndef WINE_NAP_POLICY_VENDOR_H
#define WINE_NAP_POLICY_VENDOR_H

#include "libs/policy/text.h"

/* Reads the values of a vendor-specific line; returns NULL or the broken rule. */
const char *vendor_rule_read(
        struct policy_vendor_rule *rule, const struct word *values, size_t count);

/* POLICY_COMPLIANT: every rule of the agent holds for its entry. */
enum policy_finding vendor_rules_judge(
        const struct policy_agent *agent, const struct soh_entry *entry);

#endif
