/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * The page RasGetErrorString.
 */

#include <test.h>
#include <stdbool.h>
#include <string.h>
#include <wchar.h>

#include <windows.h>
#include <ras.h>
#include <raserror.h>

#define ENOUGH 512 /* "a buffer size of 512 characters will always be adequate" */

TEST(every_ras_error_has_a_text)
{
    WCHAR text[ENOUGH], again[ENOUGH];
    char narrow[ENOUGH];
    UINT error;

    for (error = 600; error <= 900; error++)
    {
        memset(text, 0xcc, sizeof(text));
        assert_int_equal(RasGetErrorStringW(error, text, ENOUGH), ERROR_SUCCESS);
        assert_in_range(wcslen(text), 5, ENOUGH - 1);
        assert_int_equal(RasGetErrorStringA(error, narrow, ENOUGH), ERROR_SUCCESS);
        MultiByteToWideChar(CP_ACP, 0, narrow, -1, again, ENOUGH);
        assert_int_equal(wcscmp(text, again), 0);
    }
    assert_int_equal(RasGetErrorStringA(ERROR_PORT_NOT_AVAILABLE, narrow, ENOUGH), ERROR_SUCCESS);
    assert_non_null(strstr(narrow, "port"));
}

/* "A buffer of insufficient size causes the function to fail, returning ERROR_INSUFFICIENT_BUFFER.
 * Note that buffer sizes are specified in characters" */
TEST(a_small_buffer_is_left_alone)
{
    WCHAR text[ENOUGH], small[ENOUGH];
    char narrow[ENOUGH];
    DWORD length;

    assert_int_equal(RasGetErrorStringW(ERROR_CANNOT_OPEN_PHONEBOOK, text, ENOUGH), ERROR_SUCCESS);
    length = (DWORD)wcslen(text);
    memset(small, 0xcc, sizeof(small));
    assert_int_equal(RasGetErrorStringW(ERROR_CANNOT_OPEN_PHONEBOOK, small, length),
            ERROR_INSUFFICIENT_BUFFER);
    assert_int_equal(small[0], 0xcccc);
    assert_int_equal(
            RasGetErrorStringW(ERROR_CANNOT_OPEN_PHONEBOOK, small, length + 1), ERROR_SUCCESS);
    assert_int_equal(wcscmp(small, text), 0);
    assert_int_equal(small[length + 1], 0xcccc);
    assert_int_equal(RasGetErrorStringA(ERROR_CANNOT_OPEN_PHONEBOOK, narrow, length),
            ERROR_INSUFFICIENT_BUFFER);
    assert_int_equal(
            RasGetErrorStringA(ERROR_CANNOT_OPEN_PHONEBOOK, narrow, length + 1), ERROR_SUCCESS);
    assert_int_equal(
            RasGetErrorStringW(ERROR_CANNOT_OPEN_PHONEBOOK, small, 0), ERROR_INSUFFICIENT_BUFFER);
}

/* "This parameter must not be NULL"; "those listed in the RasError.h header file" */
TEST(parameters_are_checked)
{
    static const UINT others[] = {0, 5, 87, 599, 0x80070005, 0xffffffff};
    WCHAR text[ENOUGH];
    char narrow[ENOUGH];
    DWORD i;

    assert_int_equal(RasGetErrorStringW(600, NULL, ENOUGH), ERROR_INVALID_PARAMETER);
    assert_int_equal(RasGetErrorStringA(600, NULL, ENOUGH), ERROR_INVALID_PARAMETER);
    for (i = 0; i < ARRAYSIZE(others); i++)
    {
        assert_int_equal(RasGetErrorStringW(others[i], text, ENOUGH), ERROR_INVALID_PARAMETER);
        assert_int_equal(RasGetErrorStringA(others[i], narrow, ENOUGH), ERROR_INVALID_PARAMETER);
    }
}

/* "There is no GetLastError information set" */
TEST(the_last_error_stays)
{
    WCHAR text[ENOUGH];

    SetLastError(4711);
    RasGetErrorStringW(600, text, ENOUGH);
    RasGetErrorStringW(5, text, ENOUGH);
    assert_int_equal(GetLastError(), 4711);
}

TEST_MAIN(NULL, NULL)
