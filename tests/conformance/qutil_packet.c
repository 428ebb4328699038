/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * The rules of valid SoH packets, on which INapSoHConstructor::Validate and
 * INapSoHProcessor::Initialize must agree (pages inapsohconstructor- validate-method and
 * inapsohprocessor-initialize-method; the rules are on ns-naptypes-soh, ns-naptypes-sohattribute,
 * sohattributevalue-union and inapsystemhealthvalidator-validate-method).
 */

#include <test.h>

#include <windows.h>
#include <objbase.h>
#include <naputil.h>

static BYTE zeros[0xffff];

#define BYTES(type, string)                                                                        \
    {                                                                                              \
        type, sizeof(string) - 1, (BYTE *)(string)                                                 \
    }
#define SIZED(type, size)                                                                          \
    {                                                                                              \
        type, size, zeros                                                                          \
    }

#define ID BYTES(sohAttributeTypeSystemHealthId, "\x00\x01\x37\xf0")
#define CODES BYTES(sohAttributeTypeComplianceResultCodes, "\x00\x00\x00\x00")
#define FAILURE BYTES(sohAttributeTypeFailureCategory, "\x02")
#define ERRORS BYTES(sohAttributeTypeErrorCodes, "\x80\x27\x00\x04")
#define CLASS BYTES(sohAttributeTypeHealthClass, "\x00")
#define IPV4 BYTES(sohAttributeTypeIpv4FixupServers, "\xc0\x00\x02\x01")
#define IPV6 SIZED(sohAttributeTypeIpv6FixupServers, 16)
#define PRODUCT BYTES(sohAttributeTypeProductName, "Product")
#define STATUS BYTES(sohAttributeTypeHealthClassStatus, "\xc0\xff\x00\x02")
#define VENDOR                                                                                     \
    BYTES(sohAttributeTypeVendorSpecific, "\x00\x01\x37\x80"                                       \
                                          "data")

enum
{
    NEVER = 0,
    REQUEST = 1,
    RESPONSE = 2,
    ALWAYS = REQUEST | RESPONSE
};

static INapSoHConstructor *constructor;

static int begin(void)
{
    return FAILED(CoInitializeEx(NULL, COINIT_MULTITHREADED))
           || FAILED(CoCreateInstance(&CLSID_NapSoHConstructor, NULL, CLSCTX_INPROC_SERVER,
                   &IID_INapSoHConstructor, (void **)&constructor));
}

static int end(void)
{
    return INapSoHConstructor_Release(constructor) != 0;
}

static HRESULT process(const SoH *soh, BOOL is_request)
{
    SystemHealthEntityId id = 0xdeadbeef;
    INapSoHProcessor *processor;
    HRESULT hr;

    assert_int_equal(CoCreateInstance(&CLSID_NapSoHProcessor, NULL, CLSCTX_INPROC_SERVER,
                             &IID_INapSoHProcessor, (void **)&processor),
            S_OK);
    hr = INapSoHProcessor_Initialize(processor, soh, is_request, &id);
    assert_int_equal(id, hr == S_OK ? 0x000137f0 : 0);
    assert_int_equal(INapSoHProcessor_Release(processor), 0);
    return hr;
}

static void check(UINT16 count, SoHAttribute *attributes, int valid)
{
    SoH soh = {count, attributes};
    HRESULT request = valid & REQUEST ? S_OK : NAP_E_INVALID_PACKET;
    HRESULT response = valid & RESPONSE ? S_OK : NAP_E_INVALID_PACKET;

    assert_int_equal(INapSoHConstructor_Validate(constructor, &soh, TRUE), request);
    assert_int_equal(INapSoHConstructor_Validate(constructor, &soh, FALSE), response);
    assert_int_equal(process(&soh, TRUE), request);
    assert_int_equal(process(&soh, FALSE), response);
}

#define CHECK(valid, ...)                                                                          \
    do                                                                                             \
    {                                                                                              \
        SoHAttribute attributes[] = {__VA_ARGS__};                                                 \
        check(ARRAYSIZE(attributes), attributes, valid);                                           \
    } while (0)

/* A packet that is valid but for an attribute of the type with that many bytes. */
static void check_size(SoHAttributeType type, UINT16 size, int valid)
{
    CHECK(valid, ID, CODES, {(UINT16)type, size, size ? zeros : NULL});
}

TEST(the_SystemHealthId_must_be_the_first)
{
    CHECK(REQUEST, ID);
    CHECK(ALWAYS, ID, CODES);
    CHECK(NEVER, CODES);
    CHECK(NEVER, CODES, ID);
    CHECK(NEVER, CLASS, ID, CODES);
}

/* On the wire a second one would begin another agent's report. */
TEST(the_SystemHealthId_stands_there_once)
{
    CHECK(NEVER, ID, CODES, ID);
    CHECK(NEVER, ID, ID, CODES);
}

TEST(a_packet_is_never_empty)
{
    SoHAttribute id = ID;

    check(0, NULL, NEVER);
    check(0, &id, NEVER);
    check(2, NULL, NEVER);
}

TEST(a_packet_has_at_most_maxSoHAttributeCount_attributes)
{
    SoHAttribute attributes[maxSoHAttributeCount + 1] = {ID, CODES};
    SoHAttribute class = CLASS;
    int i;

    for (i = 2; i <= maxSoHAttributeCount; i++)
        attributes[i] = class;
    check(maxSoHAttributeCount, attributes, ALWAYS);
    check(maxSoHAttributeCount + 1, attributes, NEVER);
    check(0xffff, attributes, NEVER);
}

TEST(a_response_has_result_codes_or_a_failure_category)
{
    CHECK(ALWAYS, ID, CODES);
    CHECK(ALWAYS, ID, FAILURE);
    CHECK(ALWAYS, ID, CODES, FAILURE);
    CHECK(REQUEST, ID, ERRORS);
    CHECK(REQUEST, ID, CLASS, STATUS);
}

TEST(a_response_has_at_most_one_list_of_fixup_servers)
{
    CHECK(ALWAYS, ID, CODES, IPV4);
    CHECK(ALWAYS, ID, CODES, IPV6);
    CHECK(ALWAYS, ID, CODES, IPV4, IPV6); /* one of each kind */
    CHECK(REQUEST, ID, CODES, IPV4, IPV4);
    CHECK(REQUEST, ID, CODES, IPV6, IPV6);
    CHECK(REQUEST, ID, IPV6, CODES, IPV4, CLASS, IPV6);
}

/* Health classes divide a packet; within each the attributes repeat. */
TEST(attributes_may_repeat_in_sub_groups)
{
    CHECK(ALWAYS, ID, CLASS, CODES, FAILURE, CLASS, CODES, FAILURE, CLASS, CODES);
}

/* A request of the Windows health agent under [MS-WSH] 2.2.2: no result codes. */
TEST(the_Windows_health_agents_request_is_valid)
{
    CHECK(REQUEST, ID, VENDOR, VENDOR, CLASS, PRODUCT, STATUS, CLASS, PRODUCT, STATUS, PRODUCT,
            STATUS, CLASS, STATUS, CLASS, STATUS, VENDOR, VENDOR, VENDOR);
}

/* Page inapsystemhealthvalidator-validate-method: the agent's own entry. */
TEST(the_agents_own_entry_is_valid)
{
    CHECK(ALWAYS, ID, FAILURE, ERRORS);
}

TEST(an_attribute_has_at_most_maxSoHAttributeSize_bytes)
{
    check_size(sohAttributeTypeClientId, 0, ALWAYS);
    check_size(sohAttributeTypeClientId, maxSoHAttributeSize, ALWAYS);
    check_size(sohAttributeTypeClientId, maxSoHAttributeSize + 1, NEVER);
    check_size(sohAttributeTypeClientId, 0xffff, NEVER);
    check_size(sohAttributeTypeSoftwareVersion, maxSoHAttributeSize + 1, NEVER);
    check_size(sohAttributeTypeProductName, maxSoHAttributeSize + 1, NEVER);
    check_size(sohAttributeTypeHealthClassStatus, maxSoHAttributeSize + 1, NEVER);
}

TEST(an_attribute_with_a_size_has_a_value)
{
    CHECK(NEVER, ID, CODES, {sohAttributeTypeClientId, 1, NULL});
    CHECK(NEVER, {sohAttributeTypeSystemHealthId, 4, NULL}, CODES);
    CHECK(ALWAYS, ID, CODES, {sohAttributeTypeClientId, 0, NULL});
    CHECK(ALWAYS, ID, CODES, {sohAttributeTypeClientId, 0, zeros});
}

TEST(a_SystemHealthId_has_4_bytes)
{
    CHECK(NEVER, SIZED(sohAttributeTypeSystemHealthId, 0), CODES);
    CHECK(NEVER, SIZED(sohAttributeTypeSystemHealthId, 3), CODES);
    CHECK(NEVER, SIZED(sohAttributeTypeSystemHealthId, 5), CODES);
    CHECK(NEVER, SIZED(sohAttributeTypeSystemHealthId, 8), CODES);
}

TEST(IPv4_fixup_servers_have_4_bytes_each)
{
    check_size(sohAttributeTypeIpv4FixupServers, 0, NEVER);
    check_size(sohAttributeTypeIpv4FixupServers, 4, ALWAYS);
    check_size(sohAttributeTypeIpv4FixupServers, 6, NEVER);
    check_size(sohAttributeTypeIpv4FixupServers, 4000, ALWAYS);
    check_size(sohAttributeTypeIpv4FixupServers, 4004, NEVER);
}

TEST(IPv6_fixup_servers_have_16_bytes_each)
{
    check_size(sohAttributeTypeIpv6FixupServers, 0, NEVER);
    check_size(sohAttributeTypeIpv6FixupServers, 4, NEVER);
    check_size(sohAttributeTypeIpv6FixupServers, 16, ALWAYS);
    check_size(sohAttributeTypeIpv6FixupServers, 24, NEVER);
    check_size(sohAttributeTypeIpv6FixupServers, 4000, ALWAYS);
    check_size(sohAttributeTypeIpv6FixupServers, 4016, NEVER);
}

TEST(result_codes_have_4_bytes_each)
{
    static const SoHAttributeType types[] = {
            sohAttributeTypeComplianceResultCodes, sohAttributeTypeErrorCodes};
    size_t i;

    for (i = 0; i < ARRAYSIZE(types); i++)
    {
        check_size(types[i], 0, ALWAYS);
        check_size(types[i], 3, NEVER);
        check_size(types[i], 4, ALWAYS);
        check_size(types[i], 6, NEVER);
        check_size(types[i], 4000, ALWAYS);
        check_size(types[i], 4004, NEVER);
    }
}

TEST(times_have_8_bytes)
{
    static const SoHAttributeType types[] = {
            sohAttributeTypeTimeOfLastUpdate, sohAttributeTypeSoHGenerationTime};
    size_t i;

    for (i = 0; i < ARRAYSIZE(types); i++)
    {
        check_size(types[i], 0, NEVER);
        check_size(types[i], 4, NEVER);
        check_size(types[i], 8, ALWAYS);
        check_size(types[i], 9, NEVER);
    }
}

TEST(vendor_specific_data_begin_with_a_vendor_id)
{
    check_size(sohAttributeTypeVendorSpecific, 0, NEVER);
    check_size(sohAttributeTypeVendorSpecific, 3, NEVER);
    check_size(sohAttributeTypeVendorSpecific, 4, ALWAYS);
    check_size(sohAttributeTypeVendorSpecific, 5, ALWAYS);
    check_size(sohAttributeTypeVendorSpecific, 4000, ALWAYS);
    check_size(sohAttributeTypeVendorSpecific, 4001, NEVER);
}

TEST(classes_categories_and_states_have_1_byte)
{
    static const SoHAttributeType types[] = {sohAttributeTypeHealthClass,
            sohAttributeTypeFailureCategory, sohAttributeTypeExtendedIsolationState};
    size_t i;

    for (i = 0; i < ARRAYSIZE(types); i++)
    {
        check_size(types[i], 0, NEVER);
        check_size(types[i], 1, ALWAYS);
        check_size(types[i], 2, NEVER);
    }
}

/* Page sohattributevalue-union: forward compatibility. */
TEST(unknown_types_are_valid)
{
    check_size((SoHAttributeType)0, 3, ALWAYS);
    check_size((SoHAttributeType)1, 3, ALWAYS);
    check_size((SoHAttributeType)17, 3, ALWAYS);
    check_size((SoHAttributeType)0x3fff, 4000, ALWAYS);
    check_size((SoHAttributeType)0x3fff, 4001, NEVER);
}

/* A TLV's type has 14 bits. */
TEST(types_that_no_TLV_has_are_invalid)
{
    check_size((SoHAttributeType)0x4000, 3, NEVER);
    check_size((SoHAttributeType)0x8009, 3, NEVER);
    check_size((SoHAttributeType)0xffff, 3, NEVER);
}

TEST_MAIN(begin, end)
