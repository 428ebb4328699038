/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * The validators' part of the agent protocol: the registered system health validators (SHV) of
 * this machine as a health policy server. Included by napipc.h, which defines the types used here.
 */
#ifndef WINE_NAP_NAPIPC_VALIDATOR_H
#define WINE_NAP_NAPIPC_VALIDATOR_H

#define NAPIPC_MAX_VALIDATORS 64
/* Entries per page of a list; see the `more` fields. */
#define NAPIPC_VALIDATORS_PER_PAGE 8
/* failureCategoryCount */
#define NAPIPC_FAILURE_CATEGORIES 5

/* FailureCategoryMapping: does a failure of the category count as healthy? The first is
 * failureCategoryOther, whose number is 1. */
struct napipc_failure_mapping
{
    bool compliant[NAPIPC_FAILURE_CATEGORIES];
};

struct napipc_validator
{
    struct napipc_component component;
    struct napipc_guid clsid; /* of the COM class with INapSystemHealthValidator */
    struct napipc_failure_mapping mapping;
    bool enabled; /* napserver asks it */
};

struct napipc_validator_register
{
    struct napipc_component component;
    struct napipc_guid clsid;
};

struct napipc_validator_id
{
    uint32_t id;
};

struct napipc_validator_mapping
{
    uint32_t id;
    struct napipc_failure_mapping mapping;
};

struct napipc_validator_enabled
{
    uint32_t id;
    bool enabled;
};

struct napipc_validator_list
{
    uint32_t after; /* 0 for the first page, then the last id of the previous page */
};

struct napipc_validator_list_reply
{
    bool more;
    uint16_t count;
    struct napipc_validator validators[NAPIPC_VALIDATORS_PER_PAGE];
};

/* Asks the validator of a host process, which is not a client of the agent. An SoH is as that of
 * AGENT_GET_SOH; an empty one is none. */
struct napipc_validate
{
    struct napipc_correlation correlation;
    struct napipc_string machine_name;
    uint32_t timeout; /* ms; 0: the default */
    uint32_t config_id;
    bool system_generated; /* the agent made `soh` on behalf of the health agent */
    struct napipc_blob soh;
};

struct napipc_validate_reply
{
    uint32_t result; /* HRESULT of the validation; S_OK: `soh` is the response */
    bool removed;    /* the validator is gone, and this host asks it no more */
    struct napipc_blob soh;
};

/* Asks napserver what all enabled validators say about a statement of health. */
struct napipc_judge
{
    uint32_t timeout;             /* ms; 0: the service's */
    uint32_t config_id;           /* for GetConfigID */
    struct napipc_blob statement; /* an SSoH, without carrier TLV */
};

/* What one validator said. */
struct napipc_judged
{
    uint32_t id;
    uint32_t result;          /* HRESULT of the validation; S_OK: it responded */
    uint8_t failure_category; /* FailureCategory; not 0: `compliant` is that of the mapping */
    bool compliant;
    bool in_response;    /* it has an entry there; an SSoHR has room for some only */
    uint32_t process_id; /* of its host; 0: it had none */
};

struct napipc_judge_reply
{
    bool compliant; /* all of them say so */
    uint16_t count;
    struct napipc_judged validators[NAPIPC_MAX_VALIDATORS];
    struct napipc_blob response; /* an SSoHR, without carrier TLV */
};

#endif
