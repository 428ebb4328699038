/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * INapEnforcementClientConnection(2): isolation information with and without its
 * extended part, installed SHVs, task memory, many threads. Pages
 * inapenforcementclientconnection*-{get,set}isolationinfo*,
 * inapenforcementclientconnection2-{get,set}installedshvs.
 */

#include "connection_fixture.h"

#define THREADS 8
#define ROUNDS 4000

CONNECTION_TEST(a_connection_is_not_restricted_at_first)
{
    IsolationInfoEx *extended = GARBAGE;
    IsolationInfo *info = GARBAGE;

    says(S_OK, GetIsolationInfo, &info);
    assert_int_equal(info->isolationState, isolationStateNotRestricted);
    assert_int_equal(info->failureUrl.length, 0);
    free_isolation(info);
    says2(S_OK, GetIsolationInfoEx, &extended);
    assert_int_equal(extended->isolationState, isolationStateNotRestricted);
    assert_int_equal(extended->extendedIsolationState, extendedIsolationStateNoData);
    free_isolation_ex(extended);
}

CONNECTION_TEST(isolation_information_is_kept)
{
    WCHAR url[] = L"http://fix/";
    IsolationInfo given = {isolationStateInProbation, {1, 2}, {11, url}}, *info = GARBAGE;

    says(S_OK, SetIsolationInfo, &given);
    url[0] = 'x'; /* it has a copy */
    says(S_OK, GetIsolationInfo, &info);
    assert_int_equal(info->isolationState, isolationStateInProbation);
    assert_int_equal(info->probEndTime.dwLowDateTime, 1);
    assert_int_equal(info->probEndTime.dwHighDateTime, 2);
    assert_int_equal(info->failureUrl.length, 11);
    assert_memory_equal(info->failureUrl.string, L"http://fix/", 24); /* with its NUL */
    free_isolation(info);
}

CONNECTION_TEST(what_SetIsolationInfoEx_sets_GetIsolationInfo_gives)
{
    WCHAR url[] = L"http://fix/";
    IsolationInfoEx given = {isolationStateRestrictedAccess, extendedIsolationStateInfected, {1, 2},
                            {11, url}},
                    *extended = GARBAGE;
    IsolationInfo *info = GARBAGE;

    says2(S_OK, SetIsolationInfoEx, &given);
    says2(S_OK, GetIsolationInfoEx, &extended);
    assert_int_equal(extended->isolationState, isolationStateRestrictedAccess);
    assert_int_equal(extended->extendedIsolationState, extendedIsolationStateInfected);
    assert_int_equal(extended->probEndTime.dwHighDateTime, 2);
    assert_int_equal(extended->failureUrl.length, 11);
    assert_memory_equal(extended->failureUrl.string, url, sizeof(url));
    free_isolation_ex(extended);
    says(S_OK, GetIsolationInfo, &info);
    assert_int_equal(info->isolationState, isolationStateRestrictedAccess);
    assert_int_equal(info->probEndTime.dwHighDateTime, 2);
    assert_memory_equal(info->failureUrl.string, url, sizeof(url));
    free_isolation(info);
}

CONNECTION_TEST(SetIsolationInfo_clears_the_extended_state)
{
    IsolationInfoEx first = {isolationStateRestrictedAccess, extendedIsolationStateInfected, {1, 2},
                            {0, NULL}},
                    *extended = GARBAGE;
    IsolationInfo second = {isolationStateInProbation, {3, 4}, {0, NULL}};

    says2(S_OK, SetIsolationInfoEx, &first);
    says(S_OK, SetIsolationInfo, &second);
    says2(S_OK, GetIsolationInfoEx, &extended);
    assert_int_equal(extended->isolationState, isolationStateInProbation);
    assert_int_equal(extended->extendedIsolationState, extendedIsolationStateNoData);
    assert_int_equal(extended->probEndTime.dwLowDateTime, 3);
    free_isolation_ex(extended);
}

CONNECTION_TEST(states_that_there_are_not_are_refused)
{
    IsolationInfoEx extended = {
            isolationStateRestrictedAccess, extendedIsolationStateUnknown, {0, 0}, {0, NULL}};
    IsolationInfo info = {isolationStateRestrictedAccess, {0, 0}, {0, NULL}};

    says(S_OK, SetIsolationInfo, &info);
    info.isolationState = 0;
    says(E_INVALIDARG, SetIsolationInfo, &info);
    info.isolationState = 4;
    says(E_INVALIDARG, SetIsolationInfo, &info);
    says(E_INVALIDARG, SetIsolationInfo, NULL);
    extended.extendedIsolationState = 4;
    says2(E_INVALIDARG, SetIsolationInfoEx, &extended);
    extended.isolationState = 0;
    says2(E_INVALIDARG, SetIsolationInfoEx, &extended);
    says2(E_INVALIDARG, SetIsolationInfoEx, NULL);
    assert_int_equal(isolation_of(connection), isolationStateRestrictedAccess);
}

/* "The maximum length of a string specified by the CountedString structure": 0x400 */
CONNECTION_TEST(a_URL_may_have_1024_characters)
{
    static WCHAR url[1026];
    IsolationInfo given = {isolationStateRestrictedAccess, {0, 0}, {1024, url}}, *info = GARBAGE;
    int i;

    for (i = 0; i < 1025; i++)
        url[i] = (WCHAR)('a' + i % 26);
    says(S_OK, SetIsolationInfo, &given);
    given.failureUrl.length = 1025;
    says(E_INVALIDARG, SetIsolationInfo, &given);
    given.failureUrl.length = 1;
    given.failureUrl.string = NULL;
    says(E_INVALIDARG, SetIsolationInfo, &given);
    says(S_OK, GetIsolationInfo, &info);
    assert_int_equal(info->failureUrl.length, 1024);
    assert_memory_equal(info->failureUrl.string, url, 1024 * sizeof(WCHAR));
    assert_int_equal(info->failureUrl.string[1024], 0);
    free_isolation(info);
}

/* setting-up-a-simple-sha: a program's length may count bytes. */
CONNECTION_TEST(a_URL_ends_at_its_first_NUL)
{
    WCHAR url[32] = L"http://fix/";
    IsolationInfo given = {isolationStateRestrictedAccess, {0, 0}, {24, url}}, *info = GARBAGE;

    says(S_OK, SetIsolationInfo, &given);
    says(S_OK, GetIsolationInfo, &info);
    assert_int_equal(info->failureUrl.length, 11);
    free_isolation(info);
}

CONNECTION_TEST(no_SHVs_are_installed_at_first)
{
    SystemHealthEntityCount count = 7;
    SystemHealthEntityId *ids = GARBAGE;

    says2(S_OK, GetInstalledShvs, &count, &ids);
    assert_int_equal(count, 0);
    assert_null(ids);
}

CONNECTION_TEST(the_installed_SHVs_are_kept)
{
    SystemHealthEntityId given[20], *ids = GARBAGE;
    SystemHealthEntityCount count = 7;
    int i;

    for (i = 0; i < 20; i++)
        given[i] = 0x00abc000 + i;
    says2(S_OK, SetInstalledShvs, 20, given);
    says2(S_OK, GetInstalledShvs, &count, &ids);
    assert_int_equal(count, 20);
    assert_memory_equal(ids, given, sizeof(given));
    CoTaskMemFree(ids);
    says2(S_OK, SetInstalledShvs, 1, given + 3);
    says2(S_OK, GetInstalledShvs, &count, &ids);
    assert_int_equal(count, 1);
    assert_int_equal(ids[0], 0x00abc003);
    CoTaskMemFree(ids);
}

/* "The count parameter was 0 (zero)."; maxSystemHealthEntityCount is 20. */
CONNECTION_TEST(wrong_counts_of_SHVs_are_refused)
{
    SystemHealthEntityId given[21] = {1}, *ids = GARBAGE;
    SystemHealthEntityCount count = 7;

    says2(S_OK, SetInstalledShvs, 1, given);
    says2(E_INVALIDARG, SetInstalledShvs, 0, given);
    says2(E_INVALIDARG, SetInstalledShvs, 21, given);
    says2(E_INVALIDARG, SetInstalledShvs, 1, NULL);
    says2(E_INVALIDARG, GetInstalledShvs, NULL, &ids);
    assert_null(ids);
    says2(E_INVALIDARG, GetInstalledShvs, &count, NULL);
    assert_int_equal(count, 0);
    says2(S_OK, GetInstalledShvs, &count, &ids);
    assert_int_equal(count, 1);
    CoTaskMemFree(ids);
}

/* ---- task memory ---- */

/* The getter fails for each of its `needed` allocations, sets its out parameter to NULL and leaks
 * nothing. */
#define assert_out_of_memory(iface, method, object, type, needed)                                  \
    do                                                                                             \
    {                                                                                              \
        int nth, live = spy_live();                                                                \
        for (nth = 1; nth <= (needed); nth++)                                                      \
        {                                                                                          \
            type *out = GARBAGE;                                                                   \
            spy_fail_at(nth);                                                                      \
            returns(E_OUTOFMEMORY, iface, method, object, &out);                                   \
            spy_fail_at(0);                                                                        \
            assert_null(out);                                                                      \
            assert_int_equal(spy_live(), live);                                                    \
        }                                                                                          \
    } while (0)

CONNECTION_TEST(getters_say_E_OUTOFMEMORY_and_lose_nothing)
{
    WCHAR url[] = L"http://fix/";
    IsolationInfo given = {isolationStateInProbation, {1, 2}, {11, url}};
    PrivateData something = {3, (BYTE *)"abc"};
    NetworkSoH packet = {3, (BYTE *)"abc"};
    SystemHealthEntityId shv = 1, *ids = GARBAGE;
    SystemHealthEntityCount count = 7;

    says(S_OK, SetIsolationInfo, &given);
    says(S_OK, SetPrivateData, &something);
    says(S_OK, SetEnforcerPrivateData, &something);
    says(S_OK, SetSoHRequest, &packet);
    says(S_OK, SetSoHResponse, &packet);
    says2(S_OK, SetInstalledShvs, 1, &shv);
#define plain(method, type, needed)                                                                \
    assert_out_of_memory(INapEnforcementClientConnection, method, connection, type, needed)
    plain(GetConnectionId, ConnectionId, 1);
    plain(GetStringCorrelationId, StringCorrelationId, 2);
    plain(GetSoHRequest, NetworkSoHRequest, 2);
    plain(GetSoHResponse, NetworkSoHResponse, 2);
    plain(GetPrivateData, PrivateData, 2);
    plain(GetEnforcerPrivateData, PrivateData, 2);
    plain(GetIsolationInfo, IsolationInfo, 2);
#undef plain
    assert_out_of_memory(
            INapEnforcementClientConnection2, GetIsolationInfoEx, connection2, IsolationInfoEx, 2);
    spy_fail_at(1);
    says2(E_OUTOFMEMORY, GetInstalledShvs, &count, &ids);
    spy_fail_at(0);
    assert_int_equal(count, 0);
    assert_null(ids);
}

/* ---- threads: each value that is read was written by one call ---- */

struct hammer
{
    HANDLE thread;
    unsigned int number;
    const char *torn; /* values that no single call wrote */
};

/* All bytes are the same, and the size matches them. */
static bool whole(const BYTE *bytes, UINT16 size)
{
    UINT16 i;

    for (i = 0; i < size; i++)
        if (bytes[i] != size)
            return false;
    return true;
}

static const char *write_and_read(BYTE number)
{
    BYTE bytes[200];
    WCHAR url[200];
    NetworkSoH soh = {number, bytes}, *read_soh = NULL;
    PrivateData data = {number, bytes}, *read_data = NULL;
    IsolationInfoEx info = {number % 3 + 1, number % 4, {number, number}, {number, url}},
                    *read_info = NULL;
    CorrelationId correlation, read_correlation;
    SystemHealthEntityId shvs[20], *read_shvs = NULL;
    SystemHealthEntityCount count = number % 20 + 1, read_count = 0;
    const char *torn = NULL;
    unsigned int i;

    memset(bytes, number, sizeof(bytes));
    memset(&correlation, number, sizeof(correlation));
    for (i = 0; i < 200; i++)
        url[i] = number;
    for (i = 0; i < 20; i++)
        shvs[i] = count;
    INapEnforcementClientConnection_SetSoHRequest(connection, &soh);
    INapEnforcementClientConnection_SetPrivateData(connection, &data);
    INapEnforcementClientConnection_SetCorrelationId(connection, correlation);
    INapEnforcementClientConnection2_SetIsolationInfoEx(connection2, &info);
    INapEnforcementClientConnection2_SetInstalledShvs(connection2, count, shvs);

    INapEnforcementClientConnection_GetSoHRequest(connection, &read_soh);
    if (!whole(read_soh->data, read_soh->size))
        torn = "SoHRequest";
    free_soh(read_soh);
    INapEnforcementClientConnection_GetPrivateData(connection, &read_data);
    if (!whole(read_data->data, read_data->size))
        torn = "PrivateData";
    free_data(read_data);
    INapEnforcementClientConnection_GetCorrelationId(connection, &read_correlation);
    for (i = 1; i < sizeof(read_correlation); i++)
        if (((BYTE *)&read_correlation)[i] != ((BYTE *)&read_correlation)[0])
            torn = "CorrelationId";
    INapEnforcementClientConnection2_GetIsolationInfoEx(connection2, &read_info);
    i = read_info->failureUrl.length;
    if ((unsigned int)read_info->isolationState != i % 3 + 1
            || (unsigned int)read_info->extendedIsolationState != i % 4
            || read_info->probEndTime.dwHighDateTime != i || read_info->failureUrl.string[i]
            || read_info->failureUrl.string[0] != i || read_info->failureUrl.string[i - 1] != i)
        torn = "IsolationInfoEx";
    free_isolation_ex(read_info);
    INapEnforcementClientConnection2_GetInstalledShvs(connection2, &read_count, &read_shvs);
    for (i = 0; i < read_count; i++)
        if (read_shvs[i] != read_count)
            torn = "InstalledShvs";
    CoTaskMemFree(read_shvs);
    return torn;
}

static DWORD WINAPI hammer(void *argument)
{
    struct hammer *hammer = argument;
    unsigned int i;

    for (i = 0; i < ROUNDS && !hammer->torn; i++)
        hammer->torn = write_and_read((BYTE)(1 + (i * 13 + hammer->number * 29) % 199));
    return 0;
}

CONNECTION_TEST(eight_threads_never_read_what_no_call_wrote)
{
    struct hammer hammers[THREADS];
    unsigned int i;

    memset(hammers, 0, sizeof(hammers));
    for (i = 0; i < THREADS; i++)
    {
        hammers[i].number = i;
        hammers[i].thread = CreateThread(NULL, 0, hammer, &hammers[i], 0, NULL);
    }
    for (i = 0; i < THREADS; i++)
    {
        WaitForSingleObject(hammers[i].thread, INFINITE);
        CloseHandle(hammers[i].thread);
    }
    for (i = 0; i < THREADS; i++)
        if (hammers[i].torn)
            fail_msg("torn: %s", hammers[i].torn);
}

TEST_MAIN(enforcer_tests_begin, enforcer_tests_end)
