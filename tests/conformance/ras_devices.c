/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * The pages RasEnumDevices and RASDEVINFO.
 */

#include <test.h>
#include <stdlib.h>
#include <string.h>
#include <wchar.h>

#include <windows.h>
#include <ras.h>
#include <raserror.h>

#define UNTOUCHED 0xdeadbeef

static DWORD device_count;

/* "The function will return the required buffer size in lpcb and ERROR_BUFFER_TOO_SMALL." */
TEST(without_a_buffer_the_size_is_told)
{
    DWORD size = 0, count = 0;

    assert_int_equal(RasEnumDevicesW(NULL, &size, &count), ERROR_BUFFER_TOO_SMALL);
    assert_in_range(count, 1, 31);
    assert_int_equal(size, count * sizeof(RASDEVINFOW));
    device_count = count;
    size = 0;
    assert_int_equal(RasEnumDevicesA(NULL, &size, &count), ERROR_BUFFER_TOO_SMALL);
    assert_int_equal(count, device_count);
    assert_int_equal(size, count * sizeof(RASDEVINFOA));
}

TEST(devices_have_type_and_name)
{
    DWORD size = device_count * sizeof(RASDEVINFOW) + 1, count = 0, i;
    RASDEVINFOW *devices = malloc(size);
    RASDEVINFOA *narrow = malloc(size);
    WCHAR wide[RAS_MaxDeviceName + 1];

    assert_non_null(devices);
    assert_non_null(narrow);
    memset(devices, 0xcc, size);
    devices->dwSize = sizeof(*devices);
    assert_int_equal(RasEnumDevicesW(devices, &size, &count), ERROR_SUCCESS);
    assert_int_equal(count, device_count);
    assert_int_equal(size, device_count * sizeof(*devices));
    assert_int_equal(((BYTE *)devices)[size], 0xcc);
    memset(narrow, 0xcc, size);
    narrow->dwSize = sizeof(*narrow);
    assert_int_equal(RasEnumDevicesA(narrow, &size, &count), ERROR_SUCCESS);
    assert_int_equal(size, device_count * sizeof(*narrow));
    for (i = 0; i < count; i++)
    {
        assert_int_equal(devices[i].dwSize, sizeof(*devices));
        assert_int_equal(narrow[i].dwSize, sizeof(*narrow));
        assert_true(!wcscmp(devices[i].szDeviceType, RASDT_Vpn)
                    || !wcscmp(devices[i].szDeviceType, RASDT_PPPoE));
        assert_int_not_equal(devices[i].szDeviceName[0], 0);
        MultiByteToWideChar(CP_ACP, 0, narrow[i].szDeviceName, -1, wide, ARRAYSIZE(wide));
        assert_int_equal(wcscmp(wide, devices[i].szDeviceName), 0);
    }
    free(devices);
    free(narrow);
}

/* "The lpcb parameter is less than the dwSize member" */
TEST(small_buffers_are_told)
{
    RASDEVINFOW devices[31] = {{.dwSize = sizeof(RASDEVINFOW)}};
    DWORD size = device_count * sizeof(*devices) - 1, count = UNTOUCHED;

    assert_int_equal(RasEnumDevicesW(devices, &size, &count), ERROR_BUFFER_TOO_SMALL);
    assert_int_equal(size, device_count * sizeof(*devices));
    assert_int_equal(count, device_count);
    assert_int_equal(devices[0].szDeviceName[0], 0);
    size = 0;
    count = UNTOUCHED;
    assert_int_equal(RasEnumDevicesW(devices, &size, &count), ERROR_BUFFER_TOO_SMALL);
    assert_int_equal(size, device_count * sizeof(*devices));
    assert_int_equal(count, UNTOUCHED);
}

/* ERROR_INVALID_USER_BUFFER: "The dwSize member ... does not equal sizeof(RASDEVINFO)." */
TEST(the_structure_has_one_size)
{
    static const int differences[] = {-(int)sizeof(RASDEVINFOW), -1, 1, 4};
    RASDEVINFOW devices[31];
    RASDEVINFOA narrow[31];
    DWORD size, count = UNTOUCHED, i;

    for (i = 0; i < ARRAYSIZE(differences); i++)
    {
        devices[0].dwSize = sizeof(*devices) + (DWORD)differences[i];
        size = sizeof(devices);
        assert_int_equal(RasEnumDevicesW(devices, &size, &count), ERROR_INVALID_USER_BUFFER);
        narrow[0].dwSize = sizeof(*narrow) + (DWORD)differences[i];
        size = sizeof(narrow);
        assert_int_equal(RasEnumDevicesA(narrow, &size, &count), ERROR_INVALID_USER_BUFFER);
    }
    size = 0;
    assert_int_equal(RasEnumDevicesA(narrow, &size, &count), ERROR_INVALID_SIZE);
    assert_int_equal(count, UNTOUCHED);
    size = sizeof(devices);
    assert_int_equal(RasEnumDevicesW((RASDEVINFOW *)16, &size, &count), ERROR_INVALID_USER_BUFFER);
}

/* ERROR_INVALID_PARAMETER: "The lpcb parameter is NULL or the lpcDevices parameter is NULL." */
TEST(parameters_are_checked)
{
    RASDEVINFOA device = {.dwSize = sizeof(device)};
    DWORD size = sizeof(device), count = UNTOUCHED;

    assert_int_equal(RasEnumDevicesA(&device, NULL, &count), ERROR_INVALID_PARAMETER);
    assert_int_equal(RasEnumDevicesA(&device, &size, NULL), ERROR_INVALID_PARAMETER);
    assert_int_equal(RasEnumDevicesA(NULL, NULL, &count), ERROR_INVALID_PARAMETER);
    assert_int_equal(RasEnumDevicesW(NULL, &size, NULL), ERROR_INVALID_PARAMETER);
    assert_int_equal(count, UNTOUCHED);
}

TEST_MAIN(NULL, NULL)
