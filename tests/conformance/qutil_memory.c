/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Allocation failures in qutil: whichever allocation fails, the call returns E_OUTOFMEMORY, which
 * all pages list, changes nothing, leaks nothing, and succeeds on the next call.
 */

#include "constructor_fixture.h"
#include "processor_fixture.h"
#include "shortage.h"

static void the_alloc_functions(void)
{
    CountedString *string;
    Connections *connections;
    FixupInfo *info;

    RETRIED(E_OUTOFMEMORY, AllocCountedString(&string, L"text"), !string);
    FreeCountedString(string);
    RETRIED(E_OUTOFMEMORY, AllocFixupInfo(&info, 3), !info);
    FreeFixupInfo(info);
    RETRIED(E_OUTOFMEMORY, AllocConnections(&connections, 3), !connections);
    FreeConnections(connections);
}

static UINT16 attribute_count(void)
{
    UINT16 count;
    SoH *soh;

    shortage_pause();
    soh = get_soh();
    count = soh->count;
    FreeSoH(soh);
    shortage_go_on();
    return count;
}

static void a_constructor(void)
{
    SoHAttributeValue codes = {.codesVal = {2, (HRESULT[]){S_OK, E_FAIL}}};
    SoH *soh, *copy;

    constructor = NULL;
    RETRIED(E_OUTOFMEMORY,
            CoCreateInstance(&CLSID_NapSoHConstructor, NULL, CLSCTX_INPROC_SERVER,
                    &IID_INapSoHConstructor, (void **)&constructor),
            !constructor);
    RETRIED(E_OUTOFMEMORY, INapSoHConstructor_Initialize(constructor, agent_id, TRUE),
            INapSoHConstructor_GetSoH(constructor, &soh) == NAP_E_NOT_INITIALIZED);
    RETRIED(E_OUTOFMEMORY, append_octets(sohAttributeTypeProductName, "Product", 7),
            attribute_count() == 1);
    RETRIED(E_OUTOFMEMORY, append_byte(sohAttributeTypeHealthClass, healthClassAntiVirus),
            attribute_count() == 2);
    RETRIED(E_OUTOFMEMORY, append(sohAttributeTypeComplianceResultCodes, &codes),
            attribute_count() == 3);
    RETRIED(E_OUTOFMEMORY, INapSoHConstructor_GetSoH(constructor, &soh), !soh);
    RETRIED(E_OUTOFMEMORY, INapSoHConstructor_GetSoH(constructor, &copy), !copy);
    assert_int_equal(copy->count, 4);
    FreeSoH(soh);
    FreeSoH(copy);
    /* The last allocation is freed with the last reference. */
    assert_int_equal(INapSoHConstructor_Release(constructor), 0);
    constructor = NULL;
}

static void a_processor(void)
{
    SoHAttributeType type;
    SoHAttributeValue *value;
    SystemHealthEntityId id;
    UINT16 i;

    processor = NULL;
    RETRIED(E_OUTOFMEMORY,
            CoCreateInstance(&CLSID_NapSoHProcessor, NULL, CLSCTX_INPROC_SERVER,
                    &IID_INapSoHProcessor, (void **)&processor),
            !processor);
    RETRIED(E_OUTOFMEMORY, INapSoHProcessor_Initialize(processor, &response, FALSE, &id), true);
    for (i = 1; i < response.count; i++)
    {
        RETRIED(E_OUTOFMEMORY, INapSoHProcessor_GetAttribute(processor, i, &type, &value), !value);
        FreeSoHAttributeValue(type, value);
    }
    assert_int_equal(INapSoHProcessor_Release(processor), 0);
    processor = NULL;
}

/* initializenapagentnotifier-func: "E_FAIL: The function failed"; the page has no other error for
 * it. */
static void a_notifier(void)
{
    HANDLE event = CreateEventW(NULL, TRUE, FALSE, NULL);

    RETRIED(E_FAIL, InitializeNapAgentNotifier(napNotifyTypeServiceState, event), true);
    UninitializeNapAgentNotifier(napNotifyTypeServiceState);
    RETRIED(E_FAIL, InitializeNapAgentNotifier(napNotifyTypeQuarState, event), true);
    UninitializeNapAgentNotifier(napNotifyTypeQuarState);
    CloseHandle(event);
}

TEST(whichever_allocation_of_an_Alloc_function_fails)
{
    shortage_everywhere("Alloc functions", SHORTAGE_HERE, the_alloc_functions, 5);
}

TEST(whichever_allocation_of_a_constructor_fails)
{
    shortage_everywhere("NapSoHConstructor", SHORTAGE_HERE, a_constructor, 10);
}

TEST(whichever_allocation_of_a_processor_fails)
{
    shortage_everywhere("NapSoHProcessor", SHORTAGE_HERE, a_processor, 20);
}

TEST(whichever_allocation_of_a_notifier_fails)
{
    shortage_everywhere("InitializeNapAgentNotifier", SHORTAGE_HERE, a_notifier, 3);
}

static int begin(void)
{
    return FAILED(CoInitializeEx(NULL, COINIT_MULTITHREADED)) || !shortage_of(L"qutil.dll");
}

TEST_MAIN(begin, NULL)
