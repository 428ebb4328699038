/* SPDX-License-Identifier: LGPL-2.1-or-later */

#include "constructor_fixture.h"

const SystemHealthEntityId agent_id = 0x000137f0;

INapSoHConstructor *constructor;

static int live_before;

int constructor_tests_begin(void)
{
    return FAILED(CoInitializeEx(NULL, COINIT_MULTITHREADED)) || spy_install();
}

int constructor_create(void)
{
    live_before = spy_live();
    return CoCreateInstance(&CLSID_NapSoHConstructor, NULL, CLSCTX_INPROC_SERVER,
                   &IID_INapSoHConstructor, (void **)&constructor)
           != S_OK;
}

int constructor_destroy(void)
{
    spy_fail_at(0);
    return INapSoHConstructor_Release(constructor) != 0 || spy_live() != live_before;
}

HRESULT append(SoHAttributeType type, const SoHAttributeValue *value)
{
    return INapSoHConstructor_AppendAttribute(constructor, type, value);
}

HRESULT append_octets(SoHAttributeType type, const char *octets, UINT16 size)
{
    SoHAttributeValue value;

    memset(&value, 0, sizeof(value));
    value.octetStringVal.size = size;
    value.octetStringVal.data = (BYTE *)octets;
    return append(type, &value);
}

HRESULT append_byte(SoHAttributeType type, UINT8 byte)
{
    SoHAttributeValue value;

    memset(&value, 0, sizeof(value));
    value.uint8Val = byte;
    return append(type, &value);
}

void initialize(BOOL is_request)
{
    assert_int_equal(INapSoHConstructor_Initialize(constructor, agent_id, is_request), S_OK);
}

SoH *get_soh(void)
{
    SoH *soh = GARBAGE;

    assert_int_equal(INapSoHConstructor_GetSoH(constructor, &soh), S_OK);
    assert_non_null(soh);
    return soh;
}

void assert_attribute(const SoH *soh, int index, UINT16 type, const char *bytes, UINT16 size)
{
    assert_true(index < soh->count);
    assert_int_equal(soh->attributes[index].type, type);
    assert_int_equal(soh->attributes[index].size, size);
    if (size)
        assert_memory_equal(soh->attributes[index].value, bytes, size);
}
