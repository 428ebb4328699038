/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Health policies: what health agents must report, and how a machine is isolated whose agents do
 * not. A policy is read from text once, then judges any number of SSoHs and writes the SSoHR for
 * each: the decision point behind "napctl validate" and nap-validate.
 *
 * docs/policy-format.md describes the language. Nothing here allocates or keeps state between
 * calls.
 */

#ifndef WINE_NAP_POLICY_H
#define WINE_NAP_POLICY_H

#include "libs/soh/soh.h"
#include "libs/wsh/wsh.h"

#define POLICY_MAX_AGENTS SOH_MAX_ENTRIES
#define POLICY_MAX_CODES 64
#define POLICY_MAX_VERSIONS 16
#define POLICY_MAX_VERSION_SIZE 64 /* characters and NUL */
#define POLICY_MAX_SERVERS 16      /* of each address family */
#define POLICY_MAX_URL_SIZE 1025   /* maxStringLength characters and NUL */
#define POLICY_MAX_VENDOR_RULES 8  /* of an agent */
#define POLICY_MAX_VENDOR_VALUES 8 /* alternatives of a rule */
#define POLICY_MAX_VENDOR_BYTES 16 /* of one alternative */

/* One alternative of a software-version line. */
struct policy_version
{
    enum policy_version_match
    {
        POLICY_VERSION_IS,          /* exactly text */
        POLICY_VERSION_STARTS_WITH, /* text and anything */
        POLICY_VERSION_AT_LEAST     /* dotted numbers, compared one by one */
    } match;
    char text[POLICY_MAX_VERSION_SIZE];
};

/* Fix-up servers, addresses in network byte order. */
struct policy_servers
{
    uint8_t ipv4[POLICY_MAX_SERVERS][4];
    size_t ipv4_count;
    uint8_t ipv6[POLICY_MAX_SERVERS][16];
    size_t ipv6_count;
};

/* One alternative of a vendor-specific line: a number with a comparison, or bytes. */
struct policy_vendor_value
{
    enum policy_vendor_match
    {
        POLICY_VENDOR_IS,
        POLICY_VENDOR_AT_LEAST,
        POLICY_VENDOR_AT_MOST
    } match;
    uint32_t number;
    uint8_t bytes[POLICY_MAX_VENDOR_BYTES];
    size_t size; /* of bytes */
};

/* A vendor-specific line: an attribute of this vendor must have one of the values. */
struct policy_vendor_rule
{
    uint32_t vendor; /* the first 32 bits of the attribute */
    uint32_t offset; /* in the data after them */
    size_t width;    /* of a number: 1, 2 or 4 bytes; 0: the values are bytes */
    bool little_endian;
    struct policy_vendor_value values[POLICY_MAX_VENDOR_VALUES];
    size_t value_count; /* 0: any data will do */
};

/* What Windows' own health agent must report, by its windows-security-health lines. */
struct policy_health
{
    uint8_t required;           /* bits 1 << enum wsh_class; 0: it is not judged */
    uint8_t up_to_date;         /* likewise: of these classes signatures as well */
    uint32_t automatic_updates; /* the least WSH_AU_ */
    uint32_t severity; /* missing updates of this WSH_SEVERITY_ and above are not accepted */
    uint32_t max_age;  /* of the last scan, in seconds */
    uint32_t sources;  /* of updates: WSH_SOURCE_ */
};

/* What one health agent must report; or a validator that must find it compliant. */
struct policy_agent
{
    uint32_t id;
    unsigned int line;             /* of its section, from 1 */
    bool validator;                /* the validator with this id judges; of the members below it has
                                    * failure_categories, servers and unavailable_is_compliant only */
    bool unavailable_is_compliant; /* what counts if the validator cannot be asked */
    bool optional;                 /* need not report, but is judged if it does */
    uint32_t codes[POLICY_MAX_CODES]; /* accepted; none: not checked */
    size_t code_count;
    uint8_t failure_categories; /* accepted: bit 1 << FailureCategory; 0 of a validator: those that
                                 * napserver takes for healthy */
    struct policy_vendor_rule vendor_rules[POLICY_MAX_VENDOR_RULES]; /* each must hold */
    size_t vendor_rule_count;
    struct policy_version versions[POLICY_MAX_VERSIONS]; /* accepted; none: not checked */
    size_t version_count;
    struct policy_health health; /* of the agent WSH_ID */
    uint32_t result;             /* HRESULT for an agent that is not compliant */
    struct policy_servers servers;
};

/* A policy. The caller owns it; policy_parse() fills it. */
struct policy
{
    struct policy_agent agents[POLICY_MAX_AGENTS];
    size_t agent_count;
    /* for a machine that is not compliant */
    uint8_t isolation_state;       /* IsolationState */
    uint64_t probation;            /* 100-nanosecond intervals; 0 unless in probation */
    bool fixup;                    /* the f bit */
    uint8_t extended_state;        /* ExtendedIsolationState */
    char url[POLICY_MAX_URL_SIZE]; /* "" is none */
    struct policy_servers servers; /* for agents without their own */
    /* How long a connection may stay restricted until the access server ends it, in seconds; 0: no
     * limit. Only RADIUS carries it (MS-Quarantine-Session-Timeout); a response does not. */
    uint32_t session_timeout;
};

/* Why a text is not a valid policy. */
struct policy_error
{
    unsigned int line; /* from 1; if something is missing, the last line */
    const char *rule;  /* the broken rule and what to do, in English; static storage */
};

/*
 * Read a policy. text has size bytes and needs no NUL; a UTF-8 byte order mark and CRLF line ends
 * are accepted. Returns true and fills *policy, or false and fills *error (which may be NULL);
 * *policy is then undefined.
 */
bool policy_parse(const char *text, size_t size, struct policy *policy, struct policy_error *error);

/* "FILE:LINE: RULE", truncated to size. file is the caller's name for the text. */
void policy_error_format(
        const struct policy_error *error, const char *file, char *text, size_t size);

/* The finding about one agent of the policy. */
enum policy_finding
{
    POLICY_COMPLIANT,
    POLICY_EXCUSED,       /* its failure category is accepted, so nothing else was checked */
    POLICY_NOT_REPORTING, /* optional and not in the request: nothing goes into the response */
    POLICY_MISSING,       /* required and not in the request */
    POLICY_BAD_CATEGORY,  /* failure category not accepted */
    POLICY_NO_CODES,      /* codes are required and it reported none */
    POLICY_BAD_CODE,      /* a compliance result code that is not accepted */
    POLICY_NO_VERSION,    /* likewise for the software version */
    POLICY_BAD_VERSION,
    POLICY_NO_VENDOR_DATA, /* likewise for vendor-specific attributes */
    POLICY_BAD_VENDOR_DATA,
    POLICY_BAD_STATEMENT,      /* malformed report of Windows' own health agent */
    POLICY_BAD_HEALTH,         /* policy_result's health says what is wrong */
    POLICY_NOT_CONTENT,        /* its validator says so */
    POLICY_UNAVAILABLE,        /* its validator was not asked; not compliant */
    POLICY_UNAVAILABLE_EXCUSED /* the same; compliant */
};

/* The finding in words, in static storage: "compliance result code not accepted". */
const char *policy_finding_text(enum policy_finding finding);

enum policy_status
{
    POLICY_OK,          /* the response is written */
    POLICY_BAD_REQUEST, /* result->error says why; no response */
    POLICY_TOO_SMALL    /* the response needs result->size bytes; no response */
};

struct policy_result
{
    bool compliant;
    size_t size; /* of the response */
    struct soh_error error;
    /* one per agent of the policy, in its order */
    enum policy_finding findings[POLICY_MAX_AGENTS];
    size_t finding_count;
    struct wsh_sohr health; /* the answer to Windows' own health agent, if its health was judged */
};

/* What napserver says about one validator that it asked. */
struct policy_verdict
{
    uint32_t id;
    bool compliant;           /* by napserver's mapping, if there is a failure category */
    uint8_t failure_category; /* FailureCategory */
    uint32_t result;          /* HRESULT of the validation: a failure has no entry */
};

/* And about all of them. The caller owns what this points at. */
struct policy_verdicts
{
    const struct policy_verdict *verdicts;
    size_t count;
    struct soh_packet response; /* with the entries that the validators made */
};

/* Does a validator have to be asked? */
bool policy_has_validators(const struct policy *policy);

/*
 * Judge a request and write the response: with the request's correlation id, with a mode
 * sub-header if the request has one, and an entry for each agent of the policy that reported or
 * had to.
 *
 * verdicts  those of the validators; NULL if none could be asked
 * request   an SSoH without carrier TLV (soh_carrier_strip() removes one)
 * now       FILETIME at which a probation begins
 * response  receives at most limit bytes; may be NULL with limit 0, to measure
 * result    filled in every case
 */
enum policy_status policy_evaluate(const struct policy *policy,
        const struct policy_verdicts *verdicts, const uint8_t *request, size_t request_size,
        uint64_t now, uint8_t *response, size_t limit, struct policy_result *result);

/* Of an answer: a response, and the carrier TLV before it. */
#define POLICY_MAX_ANSWER_SIZE (SOH_CARRIER_SIZE + SOH_MAX_PACKET_SIZE)

/*
 * The same for a request as it comes to a server. One in a carrier TLV is answered in one; then
 * result->size includes the TLV, and result->error.offset counts from the TLV's first byte.
 */
enum policy_status policy_answer(const struct policy *policy,
        const struct policy_verdicts *verdicts, const uint8_t *request, size_t request_size,
        uint64_t now, uint8_t answer[POLICY_MAX_ANSWER_SIZE], struct policy_result *result);

/*
 * Explains a result, line by line: the findings in the policy's order, and last the machine's
 * state. index starts at 0. Returns false past the end. The text is cut to size.
 */
bool policy_explain(const struct policy *policy, const struct policy_result *result, size_t index,
        char *text, size_t size);

#endif
