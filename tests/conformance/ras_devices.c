/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * The pages RasEnumDevices and RASDEVINFO.
 */

#include <stdlib.h>

#include <windows.h>
#include <ras.h>
#include <raserror.h>

#include "spelling.h"

#define UNTOUCHED 0xdeadbeef
#define MOST 31 /* devices */

struct spelling
{
    DWORD(WINAPI *enumerate)(void *devices, DWORD *size, DWORD *count);
    size_t character;
    DWORD size;        /* of the structure */
    size_t type, name; /* offsets */
};

#define SPELLING(X, enumerate)                                                                     \
    {                                                                                              \
        (void *)enumerate, CHARACTER_##X, sizeof(RASDEVINFO##X),                                   \
                offsetof(RASDEVINFO##X, szDeviceType), offsetof(RASDEVINFO##X, szDeviceName),      \
    }

static const struct spelling spelling_A = SPELLING(A, RasEnumDevicesA);
static const struct spelling spelling_W = SPELLING(W, RasEnumDevicesW);

static DWORD device_count(void)
{
    DWORD size = 0, count = 0;

    assert_int_equal(RasEnumDevicesW(NULL, &size, &count), ERROR_BUFFER_TOO_SMALL);
    assert_in_range(count, 1, MOST);
    return count;
}

/* "The function will return the required buffer size in lpcb and ERROR_BUFFER_TOO_SMALL." */
SPELLING_TEST(without_a_buffer_the_size_is_returned)
{
    DWORD size = 0, count = 0;

    assert_int_equal(spelling->enumerate(NULL, &size, &count), ERROR_BUFFER_TOO_SMALL);
    assert_int_equal(count, device_count());
    assert_int_equal(size, count * spelling->size);
}

SPELLING_TEST(devices_have_type_and_name)
{
    DWORD size, count = 0, i;
    RASDEVINFOW expected[MOST];
    BYTE *devices = malloc(MOST * sizeof(RASDEVINFOW));

    assert_non_null(devices);
    expected[0].dwSize = sizeof(*expected);
    size = sizeof(expected);
    assert_int_equal(RasEnumDevicesW(expected, &size, &count), ERROR_SUCCESS);
    memset(devices, 0xcc, MOST * sizeof(RASDEVINFOW));
    NUMBER(devices, 0) = spelling->size;
    size = device_count() * spelling->size + 1;
    assert_int_equal(spelling->enumerate(devices, &size, &count), ERROR_SUCCESS);
    assert_int_equal(count, device_count());
    assert_int_equal(size, count * spelling->size);
    assert_int_equal(devices[size], 0xcc);
    for (i = 0; i < count; i++)
    {
        const BYTE *device = devices + i * spelling->size;

        assert_int_equal(NUMBER(device, 0), spelling->size);
        assert_true(!wcscmp(expected[i].szDeviceType, RASDT_Vpn)
                    || !wcscmp(expected[i].szDeviceType, RASDT_PPPoE));
        assert_member(device, spelling->type, expected[i].szDeviceType);
        assert_int_not_equal(expected[i].szDeviceName[0], 0);
        assert_member(device, spelling->name, expected[i].szDeviceName);
    }
    free(devices);
}

/* "The lpcb parameter is less than the dwSize member" */
SPELLING_TEST(small_buffers_get_the_size)
{
    BYTE devices[MOST * sizeof(RASDEVINFOW)] = {0};
    DWORD needed = device_count() * spelling->size, size = needed - 1, count = UNTOUCHED, i;

    NUMBER(devices, 0) = spelling->size;
    assert_int_equal(spelling->enumerate(devices, &size, &count), ERROR_BUFFER_TOO_SMALL);
    assert_int_equal(size, needed);
    assert_int_equal(count, device_count());
    /* What fits is written: programs that need only one device read it all the same. */
    for (i = 0; i < count; i++)
    {
        assert_int_equal(NUMBER(devices, i * spelling->size), i + 1 < count ? spelling->size : 0);
        if (i + 1 < count)
            assert_member(devices + i * spelling->size, spelling->type, RASDT_Vpn);
    }
    size = 0;
    count = UNTOUCHED;
    assert_int_equal(spelling->enumerate(devices, &size, &count), ERROR_BUFFER_TOO_SMALL);
    assert_int_equal(size, needed);
    assert_int_equal(count, UNTOUCHED);
}

/* ERROR_INVALID_USER_BUFFER: "The dwSize member ... does not equal sizeof(RASDEVINFO)." */
SPELLING_TEST(the_structure_has_one_size)
{
    const DWORD others[] = {0, spelling->size - 1, spelling->size + 1, spelling->size + 4};
    BYTE devices[MOST * sizeof(RASDEVINFOW)];
    DWORD size, count = UNTOUCHED, i;

    for (i = 0; i < ARRAYSIZE(others); i++)
    {
        NUMBER(devices, 0) = others[i];
        size = sizeof(devices);
        assert_int_equal(spelling->enumerate(devices, &size, &count), ERROR_INVALID_USER_BUFFER);
    }
    size = 0;
    assert_int_equal(spelling->enumerate(devices, &size, &count), ERROR_INVALID_SIZE);
    assert_int_equal(count, UNTOUCHED);
    size = sizeof(devices);
    assert_int_equal(spelling->enumerate((void *)16, &size, &count), ERROR_INVALID_USER_BUFFER);
}

/* ERROR_INVALID_PARAMETER: "The lpcb parameter is NULL or the lpcDevices parameter is NULL." */
SPELLING_TEST(parameters_are_checked)
{
    BYTE device[sizeof(RASDEVINFOW)];
    DWORD size = spelling->size, count = UNTOUCHED;

    NUMBER(device, 0) = spelling->size;
    assert_int_equal(spelling->enumerate(device, NULL, &count), ERROR_INVALID_PARAMETER);
    assert_int_equal(spelling->enumerate(device, &size, NULL), ERROR_INVALID_PARAMETER);
    assert_int_equal(spelling->enumerate(NULL, NULL, &count), ERROR_INVALID_PARAMETER);
    assert_int_equal(spelling->enumerate(NULL, &size, NULL), ERROR_INVALID_PARAMETER);
    assert_int_equal(count, UNTOUCHED);
}

TEST_MAIN(NULL, NULL)
