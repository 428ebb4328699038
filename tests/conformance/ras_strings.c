/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * The page RasGetErrorString.
 */

#include <windows.h>
#include <ras.h>
#include <raserror.h>

#include "spelling.h"

#define ENOUGH 512 /* "a buffer size of 512 characters will always be adequate" */

struct spelling
{
    DWORD(WINAPI *text)(UINT error, void *text, DWORD characters);
    size_t character;
};

#define SPELLING(X, text)                                                                          \
    {                                                                                              \
        (void *)text, CHARACTER_##X                                                                \
    }

static const struct spelling spelling_A = SPELLING(A, RasGetErrorStringA);
static const struct spelling spelling_W = SPELLING(W, RasGetErrorStringW);

SPELLING_TEST(every_ras_error_has_a_text)
{
    WCHAR text[ENOUGH], wide[ENOUGH];
    UINT error;

    for (error = 600; error <= 900; error++)
    {
        memset(text, 0xcc, sizeof(text));
        assert_int_equal(spelling->text(error, text, ENOUGH), ERROR_SUCCESS);
        assert_int_equal(RasGetErrorStringW(error, wide, ENOUGH), ERROR_SUCCESS);
        assert_spelled(text, spelling->character, wide);
        assert_in_range(spelled_length(text, spelling->character), 5, ENOUGH - 1);
    }
    assert_int_equal(RasGetErrorStringW(ERROR_PORT_NOT_AVAILABLE, wide, ENOUGH), ERROR_SUCCESS);
    assert_non_null(wcsstr(wide, L"port"));
}

/* "A buffer of insufficient size causes the function to fail, returning ERROR_INSUFFICIENT_BUFFER.
 * Note that buffer sizes are specified in characters" */
SPELLING_TEST(a_small_buffer_is_left_alone)
{
    const UINT error = ERROR_CANNOT_OPEN_PHONEBOOK;
    WCHAR text[ENOUGH], wide[ENOUGH];
    const BYTE *bytes = (const BYTE *)text;
    DWORD length;

    assert_int_equal(RasGetErrorStringW(error, wide, ENOUGH), ERROR_SUCCESS);
    length = (DWORD)wcslen(wide);
    memset(text, 0xcc, sizeof(text));
    assert_int_equal(spelling->text(error, text, length), ERROR_INSUFFICIENT_BUFFER);
    assert_int_equal(bytes[0], 0xcc);
    assert_int_equal(spelling->text(error, text, 0), ERROR_INSUFFICIENT_BUFFER);
    assert_int_equal(bytes[0], 0xcc);
    assert_int_equal(spelling->text(error, text, length + 1), ERROR_SUCCESS);
    assert_spelled(text, spelling->character, wide);
    assert_int_equal(bytes[(length + 1) * spelling->character], 0xcc);
}

/* "This parameter must not be NULL"; "those listed in the RasError.h header file" */
SPELLING_TEST(parameters_are_checked)
{
    static const UINT others[] = {0, 5, 87, 599, 0x80070005, 0xffffffff};
    WCHAR text[ENOUGH];
    DWORD i;

    assert_int_equal(spelling->text(600, NULL, ENOUGH), ERROR_INVALID_PARAMETER);
    for (i = 0; i < ARRAYSIZE(others); i++)
        if (spelling->text(others[i], text, ENOUGH) != ERROR_INVALID_PARAMETER)
            fail_msg("%u has a text", others[i]);
}

/* "There is no GetLastError information set" */
SPELLING_TEST(the_last_error_stays)
{
    WCHAR text[ENOUGH];

    SetLastError(4711);
    spelling->text(600, text, ENOUGH);
    spelling->text(5, text, ENOUGH);
    assert_int_equal(GetLastError(), 4711);
}

TEST_MAIN(NULL, NULL)
