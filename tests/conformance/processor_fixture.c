/* SPDX-License-Identifier: LGPL-2.1-or-later */

#include "processor_fixture.h"

static SoHAttribute response_attributes[] = {
        /*  0 */ ATTRIBUTE(sohAttributeTypeSystemHealthId, "\x00\x01\x37\xf0"),
        /*  1 */ ATTRIBUTE(sohAttributeTypeHealthClass, "\x02"),
        /*  2 */
        ATTRIBUTE(sohAttributeTypeComplianceResultCodes, "\x00\x00\x00\x00\x80\x27\x00\x04"),
        /*  3 */ ATTRIBUTE(sohAttributeTypeHealthClass, "\x03"),
        /*  4 */ ATTRIBUTE(sohAttributeTypeErrorCodes, "\xc0\xff\x00\x01"),
        /*  5 */ ATTRIBUTE(sohAttributeTypeFailureCategory, "\x05"),
        /*  6 */ ATTRIBUTE(sohAttributeTypeIpv4FixupServers, "\xc0\x00\x02\x01\xc6\x33\x64\x07"),
        /*  7 */
        ATTRIBUTE(sohAttributeTypeIpv6FixupServers, "\x20\x01\x0d\xb8"
                                                    "\0\0\0\0\0\0\0\0\0\0\0\1"),
        /*  8 */ ATTRIBUTE(sohAttributeTypeTimeOfLastUpdate, "\x01\x02\x03\x04\x05\x06\x07\x08"),
        /*  9 */ ATTRIBUTE(sohAttributeTypeSoHGenerationTime, "\x11\x12\x13\x14\x15\x16\x17\x18"),
        /* 10 */
        ATTRIBUTE(sohAttributeTypeVendorSpecific, "\x00\x01\x37\xf0"
                                                  "abc"),
        /* 11 */ ATTRIBUTE(sohAttributeTypeExtendedIsolationState, "\x01"),
        /* 12 */ ATTRIBUTE(sohAttributeTypeClientId, "client"),
        /* 13 */ ATTRIBUTE(sohAttributeTypeSoftwareVersion, "1.2"),
        /* 14 */ ATTRIBUTE(sohAttributeTypeProductName, ""),
        /* 15 */ ATTRIBUTE(sohAttributeTypeHealthClassStatus, "\xc0\xff\x00\x02"),
        /* 16 */ ATTRIBUTE(77, "unknown"),
        /* 17 */ ATTRIBUTE(sohAttributeTypeComplianceResultCodes, ""),
        /* 18 */ ATTRIBUTE(sohAttributeTypeVendorSpecific, "\x00\x00\x09\x01"),
};
const SoH response = {ARRAYSIZE(response_attributes), response_attributes};

INapSoHProcessor *processor;

static int live_before;

int processor_tests_begin(void)
{
    return FAILED(CoInitializeEx(NULL, COINIT_MULTITHREADED)) || spy_install();
}

int processor_create(void)
{
    live_before = spy_live();
    return CoCreateInstance(&CLSID_NapSoHProcessor, NULL, CLSCTX_INPROC_SERVER,
                   &IID_INapSoHProcessor, (void **)&processor)
           != S_OK;
}

int processor_create_initialized(void)
{
    SystemHealthEntityId id;

    return processor_create()
           || INapSoHProcessor_Initialize(processor, &response, FALSE, &id) != S_OK;
}

int processor_destroy(void)
{
    spy_fail_at(0);
    return INapSoHProcessor_Release(processor) != 0 || spy_live() != live_before;
}
