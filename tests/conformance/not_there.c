/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * NAP interfaces of the headers that wine-nap does not have: those of health certificates, and the
 * asynchronous variants (AsyncINapSystemHealthValidator among them). COM says so at once: no class,
 * no proxy, and no object that has them.
 */

#include <test.h>

#include <windows.h>
#include <initguid.h>
#include <napcertrelyingparty.h>
#include <napenforcementclient.h>
#include <napmanagement.h>
#include <napprotocol.h>
#include <napservermanagement.h>
#include <napsystemhealthagent.h>
#include <napsystemhealthvalidator.h>

#define GARBAGE ((void *)(ULONG_PTR)0xdeadbeef)
#define NAMED(name)                                                                                \
    {                                                                                              \
#name, &IID_##name                                                                         \
    }

static const struct
{
    const char *name;
    const IID *iid;
} missing[] = {
        NAMED(AsyncINapSystemHealthAgentCallback),
        NAMED(AsyncINapSystemHealthValidator),
        NAMED(INapCertRelyingParty),
};

static const CLSID *const classes[] = {&CLSID_NapClientManagement,
        &CLSID_NapEnforcementClientBinding, &CLSID_NapServerInfo, &CLSID_NapServerManagement,
        &CLSID_NapSoHConstructor, &CLSID_NapSoHProcessor, &CLSID_NapSystemHealthAgentBinding};

/* The SDK's uuid.lib has the class of INapCertRelyingParty. */
static const CLSID relying_party = {
        0xe5fae3b3, 0x1ac8, 0x4bd3, {0x87, 0xe6, 0x48, 0xef, 0xf5, 0x09, 0xdd, 0xaa}};

static int begin(void)
{
    return FAILED(CoInitializeEx(NULL, COINIT_MULTITHREADED));
}

TEST(the_class_of_relying_parties_is_not_registered)
{
    void *object = GARBAGE;

    assert_int_equal(
            CoCreateInstance(&relying_party, NULL, CLSCTX_ALL, &IID_INapCertRelyingParty, &object),
            REGDB_E_CLASSNOTREG);
    assert_null(object);
}

/* A proxy would promise an object. The first check, of an interface with a proxy, shows that the
 * method works. */
TEST(no_proxy_is_registered)
{
    CLSID clsid;
    size_t i;

    assert_int_equal(CoGetPSClsid(&IID_INapSystemHealthAgentCallback, &clsid), S_OK);
    for (i = 0; i < ARRAYSIZE(missing); i++)
        if (CoGetPSClsid(missing[i].iid, &clsid) != REGDB_E_IIDNOTREG)
            fail_msg("%s has a proxy", missing[i].name);
}

TEST(no_object_answers_to_them)
{
    IUnknown *object = GARBAGE;
    void *other;
    size_t i, k;

    for (i = 0; i < ARRAYSIZE(classes); i++)
    {
        assert_int_equal(CoCreateInstance(classes[i], NULL, CLSCTX_INPROC_SERVER, &IID_IUnknown,
                                 (void **)&object),
                S_OK);
        for (k = 0; k < ARRAYSIZE(missing); k++)
        {
            other = GARBAGE;
            if (IUnknown_QueryInterface(object, missing[k].iid, &other) != E_NOINTERFACE || other)
                fail_msg("class %u answers to %s", (unsigned)i, missing[k].name);
        }
        IUnknown_Release(object);
    }
}

TEST_MAIN(begin, NULL)
