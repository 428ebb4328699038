/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Names of numbers, as in the pages and specifications.
 */

#include "libs/soh/soh.h"

#define COUNT_OF(a) (sizeof(a) / sizeof *(a))

struct name
{
    uint32_t value;
    const char *name;
};

static const char *lookup(const struct name *names, size_t count, uint32_t value)
{
    size_t i;

    for (i = 0; i < count; ++i)
        if (names[i].value == value)
            return names[i].name;
    return NULL;
}

const char *soh_attribute_name(uint16_t type)
{
    static const struct name names[] = {
            {SOH_ATTRIBUTE_SYSTEM_HEALTH_ID, "System-Health-Id"},
            {SOH_ATTRIBUTE_IPV4_FIXUP_SERVERS, "IPv4-Fixup-Servers"},
            {SOH_ATTRIBUTE_COMPLIANCE_RESULT_CODES, "Compliance-Result-Codes"},
            {SOH_ATTRIBUTE_TIME_OF_LAST_UPDATE, "Time-Of-Last-Update"},
            {SOH_ATTRIBUTE_CLIENT_ID, "Client-Id"},
            {SOH_ATTRIBUTE_VENDOR_SPECIFIC, "Vendor-Specific"},
            {SOH_ATTRIBUTE_HEALTH_CLASS, "Health-Class"},
            {SOH_ATTRIBUTE_SOFTWARE_VERSION, "Software-Version"},
            {SOH_ATTRIBUTE_PRODUCT_NAME, "Product-Name"},
            {SOH_ATTRIBUTE_HEALTH_CLASS_STATUS, "Health-Class-Status"},
            {SOH_ATTRIBUTE_SOH_GENERATION_TIME, "SoH-Generation-Time"},
            {SOH_ATTRIBUTE_ERROR_CODES, "Error-Codes"},
            {SOH_ATTRIBUTE_FAILURE_CATEGORY, "Failure-Category"},
            {SOH_ATTRIBUTE_IPV6_FIXUP_SERVERS, "IPv6-Fixup-Servers"},
            {SOH_ATTRIBUTE_EXTENDED_ISOLATION_STATE, "Extended-Isolation-State"},
    };

    return lookup(names, COUNT_OF(names), type);
}

/* IsolationState of naptypes.h */
const char *soh_isolation_state_name(uint8_t state)
{
    static const struct name names[] = {
            {1, "not restricted"},
            {2, "in probation"},
            {3, "restricted access"},
    };

    return lookup(names, COUNT_OF(names), state);
}

/* ExtendedIsolationState of naptypes.h */
const char *soh_extended_state_name(uint8_t state)
{
    static const struct name names[] = {
            {0, "no data"},
            {1, "transition"},
            {2, "infected"},
            {3, "unknown"},
    };

    return lookup(names, COUNT_OF(names), state);
}

/* FailureCategory of naptypes.h */
const char *soh_failure_category_name(uint8_t category)
{
    static const struct name names[] = {
            {0, "none"},
            {1, "other"},
            {2, "client component"},
            {3, "client communication"},
            {4, "server component"},
            {5, "server communication"},
    };

    return lookup(names, COUNT_OF(names), category);
}

const char *soh_product_type_name(uint8_t type)
{
    static const struct name names[] = {
            {1, "client"},
            {2, "domain controller"},
            {3, "server"},
    };

    return lookup(names, COUNT_OF(names), type);
}

/* PROCESSOR_ARCHITECTURE_ of winnt.h */
const char *soh_processor_name(uint16_t processor)
{
    static const struct name names[] = {
            {0, "x86"},
            {5, "ARM"},
            {6, "IA64"},
            {9, "x64"},
            {12, "ARM64"},
    };

    return lookup(names, COUNT_OF(names), processor);
}

/* NapMicrosoftVendorIds.h */
const char *soh_component_name(uint32_t id)
{
    static const struct name names[] = {
            {0x13700, "NAP system"},
            {0x13701, "DHCP enforcement"},
            {0x13702, "Remote Access enforcement"},
            {0x13703, "IPsec enforcement"},
            {0x13704, "802.1X enforcement"},
            {0x13705, "RD Gateway enforcement"},
            {0x13706, "ISA enforcement"},
            {0x13707, "EAP enforcement"},
            {0x13780, "Windows Security Health"},
            {0x13781, "Configuration Manager health"},
            {0x13782, "Forefront Client Security v1 health"},
            {0x13783, "Forefront Client Security v2 health"},
            {0x13784, "TPM health"},
    };

    return lookup(names, COUNT_OF(names), id);
}

/* NAP error constants of winerror.h, and the few others that SoHs carry */
const char *soh_code_name(uint32_t hresult)
{
    static const struct name names[] = {
            {0x00000000, "S_OK"},
            {0x0027000d, "NAP_S_CERT_ALREADY_PRESENT"},
            {0x80004005, "E_FAIL"},
            {0x80270001, "NAP_E_INVALID_PACKET"},
            {0x80270002, "NAP_E_MISSING_SOH"},
            {0x80270003, "NAP_E_CONFLICTING_ID"},
            {0x80270004, "NAP_E_NO_CACHED_SOH"},
            {0x80270005, "NAP_E_STILL_BOUND"},
            {0x80270006, "NAP_E_NOT_REGISTERED"},
            {0x80270007, "NAP_E_NOT_INITIALIZED"},
            {0x80270008, "NAP_E_MISMATCHED_ID"},
            {0x80270009, "NAP_E_NOT_PENDING"},
            {0x8027000a, "NAP_E_ID_NOT_FOUND"},
            {0x8027000b, "NAP_E_MAXSIZE_TOO_SMALL"},
            {0x8027000c, "NAP_E_SERVICE_NOT_RUNNING"},
            {0x8027000e, "NAP_E_ENTITY_DISABLED"},
            {0x8027000f, "NAP_E_NETSH_GROUPPOLICY_ERROR"},
            {0x80270010, "NAP_E_TOO_MANY_CALLS"},
            {0x80270011, "NAP_E_SHV_CONFIG_EXISTED"},
            {0x80270012, "NAP_E_SHV_CONFIG_NOT_FOUND"},
            {0x80270013, "NAP_E_SHV_TIMEOUT"},
    };

    return lookup(names, COUNT_OF(names), hresult);
}
