/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * MprAdminGetErrorString, by nf-mprapi-mpradmingeterrorstring, RasAdminGetErrorString, its
 * predecessor in NT 4, and the functions that free buffers (nf-mprapi-mpradminbufferfree,
 * nf-mprapi-mprconfigbufferfree).
 */

#include <test.h>
#include <wchar.h>

#include <windows.h>
#include <mprapi.h>
#include <mprerror.h>
#include <raserror.h>

#define GARBAGE ((void *)(ULONG_PTR)0xdeadbeef)

/* nf-mprapi-mpradmingeterrorstring */

static void assert_text(DWORD error, const WCHAR *part)
{
    WCHAR *text = GARBAGE;

    assert_int_equal(MprAdminGetErrorString(error, &text), NO_ERROR);
    assert_ptr_not_equal(text, GARBAGE);
    if (!wcsstr(text, part))
        fail_msg("error %lu is \"%ls\"", error, text);
    assert_true(text[wcslen(text) - 1] > L' '); /* no line end */
    assert_null(LocalFree(text));               /* as the page says */
}

TEST(router_errors_have_texts)
{
    WCHAR *text;
    DWORD error;

    for (error = ROUTEBASE; error < ROUTEBASEEND; ++error)
    {
        if (error == 947) /* mprerror.h has no such number */
            continue;
        text = NULL;
        assert_int_equal(MprAdminGetErrorString(error, &text), NO_ERROR);
        assert_true(wcslen(text) > 10);
        assert_null(LocalFree(text));
    }
    assert_text(ERROR_DDM_NOT_RUNNING, L"not running");
    assert_text(ERROR_NO_SUCH_INTERFACE, L"interface");
    assert_text(ERROR_ROUTER_STOPPED, L"stopped");
}

TEST(remote_access_errors_have_texts)
{
    WCHAR *text;
    DWORD error;

    for (error = RASBASE; error <= RASBASEEND; ++error)
    {
        text = NULL;
        assert_int_equal(MprAdminGetErrorString(error, &text), NO_ERROR);
        assert_true(wcslen(text) > 10);
        assert_null(LocalFree(text));
    }
    assert_text(ERROR_NO_CONNECTION, L"connection");
    assert_text(ERROR_NOT_NAP_CAPABLE, L"Network Access Protection");
}

/* Other errors that functions return: the system's texts. */
TEST(system_errors_have_texts)
{
    static const DWORD errors[] = {ERROR_ACCESS_DENIED, ERROR_INVALID_PARAMETER,
            ERROR_INVALID_LEVEL, ERROR_NOT_SUPPORTED, RPC_S_INVALID_BINDING,
            RPC_S_SERVER_UNAVAILABLE};
    WCHAR expected[512], *text;
    size_t i;

    for (i = 0; i < sizeof errors / sizeof *errors; ++i)
    {
        assert_true(FormatMessageW(FORMAT_MESSAGE_FROM_SYSTEM | FORMAT_MESSAGE_IGNORE_INSERTS, NULL,
                errors[i], 0, expected, 512, NULL));
        text = NULL;
        assert_int_equal(MprAdminGetErrorString(errors[i], &text), NO_ERROR);
        assert_true(wcslen(text) > 5);
        assert_int_equal(wcsncmp(text, expected, wcslen(text)), 0);
        assert_null(LocalFree(text));
    }
}

/* "ERROR_MR_MID_NOT_FOUND: The error code in dwError is unknown." */
TEST(unknown_errors_are_not_found)
{
    static const DWORD unknown[] = {947, ROUTEBASEEND, 0x2fffffff, 0xffffffff, RASBASE + 280};
    WCHAR *text = GARBAGE;
    size_t i;

    for (i = 0; i < sizeof unknown / sizeof *unknown; ++i)
        assert_int_equal(MprAdminGetErrorString(unknown[i], &text), ERROR_MR_MID_NOT_FOUND);
    assert_null(text); /* like Wine's own */
}

/* Microsoft's sample getconnectioninfo frees the text with MprAdminBufferFree. */
TEST(texts_can_be_freed_as_the_sample_does)
{
    static const DWORD errors[] = {ERROR_DDM_NOT_RUNNING, ERROR_ACCESS_DENIED};
    WCHAR *text;
    size_t i;

    for (i = 0; i < sizeof errors / sizeof *errors; ++i)
    {
        text = NULL;
        assert_int_equal(MprAdminGetErrorString(errors[i], &text), NO_ERROR);
        assert_int_equal(MprAdminBufferFree(text), NO_ERROR);
    }
    assert_true(HeapValidate(GetProcessHeap(), 0, NULL));
}

TEST(NULL_is_refused)
{
    assert_int_equal(MprAdminGetErrorString(ERROR_ROUTER_STOPPED, NULL), ERROR_INVALID_PARAMETER);
}

/* RasAdminGetErrorString(error, buffer, characters), which mingw-w64's headers lack */

typedef DWORD(WINAPI *ras_admin_get_error_string)(UINT, WCHAR *, DWORD);

static ras_admin_get_error_string elder(void)
{
    ras_admin_get_error_string function = (ras_admin_get_error_string)(void *)GetProcAddress(
            GetModuleHandleA("mprapi.dll"), "RasAdminGetErrorString");

    assert_non_null(function);
    return function;
}

TEST(the_elder_fills_the_callers_buffer)
{
    WCHAR buffer[512], *text = NULL;

    assert_int_equal(elder()(ERROR_DDM_NOT_RUNNING, buffer, 512), NO_ERROR);
    assert_int_equal(MprAdminGetErrorString(ERROR_DDM_NOT_RUNNING, &text), NO_ERROR);
    assert_int_equal(wcscmp(buffer, text), 0);
    assert_int_equal(elder()(ERROR_DDM_NOT_RUNNING, buffer, wcslen(text) + 1), NO_ERROR);
    LocalFree(text);
}

TEST(the_elder_refuses_a_buffer_too_small)
{
    WCHAR buffer[512] = {7}, *text = NULL;

    assert_int_equal(MprAdminGetErrorString(ERROR_DDM_NOT_RUNNING, &text), NO_ERROR);
    assert_int_equal(
            elder()(ERROR_DDM_NOT_RUNNING, buffer, wcslen(text)), ERROR_INSUFFICIENT_BUFFER);
    assert_int_equal(elder()(ERROR_DDM_NOT_RUNNING, buffer, 0), ERROR_INSUFFICIENT_BUFFER);
    assert_int_equal(buffer[0], 7);
    assert_int_equal(elder()(ERROR_DDM_NOT_RUNNING, NULL, 512), ERROR_INVALID_PARAMETER);
    assert_int_equal(elder()(947, buffer, 512), ERROR_MR_MID_NOT_FOUND);
    LocalFree(text);
}

/* nf-mprapi-mpradminbufferfree, nf-mprapi-mprconfigbufferfree */

TEST(BufferFree_refuses_NULL)
{
    assert_int_equal(MprAdminBufferFree(NULL), ERROR_INVALID_PARAMETER);
    assert_int_equal(MprConfigBufferFree(NULL), ERROR_INVALID_PARAMETER);
}

TEST(BufferFree_does_no_harm_to_what_it_did_not_give)
{
    int on_the_stack[64] = {0};

    assert_int_not_equal(MprAdminBufferFree(&on_the_stack[32]), NO_ERROR);
    assert_true(HeapValidate(GetProcessHeap(), 0, NULL));
}

TEST_MAIN(NULL, NULL)
