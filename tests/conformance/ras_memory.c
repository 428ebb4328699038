/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Allocation failures in rasapi32: whichever allocation fails, the function returns
 * ERROR_NOT_ENOUGH_MEMORY, as its page or System Error Codes say, changes nothing, leaks nothing,
 * and succeeds on the next call.
 */

#include "phonebook_fixture.h"
#include "ras_fixture.h"
#include "shortage.h"

#define ENTRY L"Tests Memory"
#define OTHER L"Tests Memory Other"
#define PATIENCE 60000 /* ms */

#define TRY(call) RETRIED(ERROR_NOT_ENOUGH_MEMORY, call, true)

static WCHAR sample[MAX_PATH];
static HRASCONN entry;

static void connections(void)
{
    RASCONNW list[8] = {{.dwSize = sizeof(*list)}};
    RAS_STATS statistics = {.dwSize = sizeof(statistics)};
    RASCONNSTATUSW status = {.dwSize = sizeof(status)};
    DWORD size = sizeof(list), count;

    TRY(RasEnumConnectionsW(list, &size, &count));
    assert_true(count >= 1);
    TRY(RasGetConnectStatusW(entry, &status));
    assert_int_equal(status.rasconnstate, RASCS_Connected);
    TRY(RasGetConnectionStatistics(entry, &statistics));
    TRY(RasClearConnectionStatistics(entry));
}

static void hanging_up(void)
{
    HRASCONN other;

    shortage_pause();
    other = entry_add(OTHER, L"");
    shortage_go_on();
    TRY(RasHangUpW(other));
}

static void phone_books(void)
{
    RASENTRYNAMEW names[8] = {{.dwSize = sizeof(*names)}};
    RASENTRYW properties = {.dwSize = sizeof(properties)};
    DWORD size = sizeof(names), count = 0;
    RASDIALPARAMSW parameters = {.dwSize = sizeof(parameters)};
    BOOL password;

    TRY(RasEnumEntriesW(NULL, sample, names, &size, &count));
    assert_int_equal(count, SAMPLE_ENTRIES);
    size = sizeof(properties);
    TRY(RasGetEntryPropertiesW(sample, L"Office VPN", &properties, &size, NULL, NULL));
    wcscpy(parameters.szEntryName, L"Office VPN");
    TRY(RasGetEntryDialParamsW(sample, &parameters, &password));
}

static void notifications(void)
{
    HANDLE event = CreateEventW(NULL, FALSE, FALSE, NULL);
    HRASCONN other;

    shortage_pause();
    other = entry_add(OTHER, L"");
    shortage_go_on();
    TRY(RasConnectionNotificationW(other, event, RASCN_Disconnection));
    shortage_pause();
    entry_remove(OTHER);
    assert_int_equal(WaitForSingleObject(event, PATIENCE), WAIT_OBJECT_0);
    shortage_go_on();
    CloseHandle(event);
}

/* If an allocation fails in the thread that is notified of connections, the event is signalled
 * later. */
static void notifying_thread(void)
{
    HANDLE came = CreateEventW(NULL, FALSE, FALSE, NULL);
    HANDLE went = CreateEventW(NULL, FALSE, FALSE, NULL);
    HRASCONN other;

    shortage_pause();
    assert_int_equal(
            RasConnectionNotificationW((HRASCONN)INVALID_HANDLE_VALUE, came, RASCN_Connection),
            ERROR_SUCCESS);
    shortage_go_on();
    other = entry_add(OTHER, L"");
    assert_int_equal(WaitForSingleObject(came, PATIENCE), WAIT_OBJECT_0);
    shortage_pause();
    assert_int_equal(RasConnectionNotificationW(other, went, RASCN_Disconnection), ERROR_SUCCESS);
    entry_remove(OTHER);
    assert_int_equal(WaitForSingleObject(went, PATIENCE), WAIT_OBJECT_0);
    shortage_go_on();
    CloseHandle(came);
    CloseHandle(went);
}

TEST(whichever_allocation_for_connections_fails)
{
    shortage_everywhere("RAS connections", SHORTAGE_HERE, connections, 3);
    shortage_everywhere("RasHangUp", SHORTAGE_HERE, hanging_up, 0);
}

TEST(whichever_allocation_for_phone_books_fails)
{
    shortage_everywhere("phone books", SHORTAGE_HERE, phone_books, 5);
}

TEST(whichever_allocation_for_notifications_fails)
{
    shortage_everywhere("RasConnectionNotification", SHORTAGE_HERE, notifications, 3);
    shortage_everywhere("the thread that notifies", SHORTAGE_ELSEWHERE, notifying_thread, 1);
}

/* A phone book that may still be changing is read each time. */
static bool write_in_future(const WCHAR *path)
{
    static const FILETIME future = {0, 0x02000000}; /* in the year 2057 */
    HANDLE file = CreateFileW(path, FILE_WRITE_ATTRIBUTES, 0, NULL, OPEN_EXISTING, 0, NULL);
    bool done = SetFileTime(file, NULL, NULL, &future);

    CloseHandle(file);
    return done;
}

static int begin(void)
{
    write_sample(sample);
    if (!write_in_future(sample))
        return 1;
    entry = entry_add(ENTRY, L"");
    return !entry || !shortage_of(L"rasapi32.dll");
}

static int end(void)
{
    shortage_pause();
    remove_phonebook(sample);
    entry_remove(ENTRY);
    return 0;
}

TEST_MAIN(begin, end)
