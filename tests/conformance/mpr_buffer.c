/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Freeing buffers: nf-mprapi-mpradminbufferfree, nf-mprapi-mprconfigbufferfree,
 * nf-mprapi-mprinfodelete. For a pointer that is not from the DLL, or is already freed, the result
 * is ERROR_INVALID_PARAMETER, and the memory is not touched.
 */

#include <test.h>
#include <string.h>

#include <windows.h>
#include <mprapi.h>
#include <mprerror.h>
#include <rtinfo.h>

static DWORD(WINAPI *ras_admin_buffer_free)(void *);

static DWORD WINAPI elder_free(void *memory)
{
    return ras_admin_buffer_free(memory);
}

static const struct
{
    const char *name;
    DWORD(WINAPI *give_back)(void *);
} functions[] = {
        {"MprAdminBufferFree", MprAdminBufferFree},
        {"MprConfigBufferFree", MprConfigBufferFree},
        {"RasAdminBufferFree", elder_free},
        {"MprInfoDelete", MprInfoDelete},
};

static void assert_rejected(void *memory, const char *what)
{
    DWORD error;
    size_t i;

    for (i = 0; i < ARRAYSIZE(functions); i++)
        if ((error = functions[i].give_back(memory)) != ERROR_INVALID_PARAMETER)
            fail_msg("%s of %s: %lu", functions[i].name, what, error);
}

static void *a_buffer(void)
{
    void *header;

    assert_int_equal(MprInfoCreate(RTR_INFO_BLOCK_VERSION, &header), NO_ERROR);
    return header;
}

TEST(no_pointer_is_refused)
{
    assert_rejected(NULL, "NULL");
    assert_rejected((void *)1, "1");
    assert_rejected((void *)0xBAD0, "an address in the first page");
    assert_rejected((void *)(ULONG_PTR)0xDEADBEE0, "an address by chance");
    assert_rejected((void *)~(ULONG_PTR)0, "the last address");
    assert_rejected((void *)(~(ULONG_PTR)0 & ~(ULONG_PTR)15), "an address of the kernel");
}

TEST(memory_that_cannot_be_read_is_refused)
{
    BYTE *pages = VirtualAlloc(NULL, 0x10000, MEM_RESERVE | MEM_COMMIT, PAGE_NOACCESS);

    assert_non_null(pages);
    assert_rejected(pages, "a page without access");
    assert_rejected(pages + 0x1010, "the middle of pages without access");
    assert_true(VirtualFree(pages, 0, MEM_RELEASE));
    assert_rejected(pages, "a page that is gone");
}

TEST(memory_of_others_is_refused_and_left_alone)
{
    static int of_the_program[64];
    int on_the_stack[64] = {0};
    BYTE *of_the_heap = HeapAlloc(GetProcessHeap(), 0, 100);
    HLOCAL local = LocalAlloc(LMEM_FIXED, 100);

    assert_rejected(&on_the_stack[32], "the stack");
    assert_rejected(&of_the_program[32], "a variable");
    assert_rejected((void *)(ULONG_PTR)assert_rejected, "code");
    memset(of_the_heap, 0x5A, 100);
    memset(local, 0x5A, 100);
    assert_rejected(of_the_heap, "the program's own memory");
    assert_rejected(local, "the program's own LocalAlloc");
    assert_rejected(of_the_heap + 16, "the middle of the program's memory");
    assert_int_equal(of_the_heap[0], 0x5A);
    assert_int_equal(of_the_heap[99], 0x5A);
    assert_int_equal(((BYTE *)local)[0], 0x5A);
    assert_true(HeapFree(GetProcessHeap(), 0, of_the_heap));
    assert_null(LocalFree(local));
    assert_true(HeapValidate(GetProcessHeap(), 0, NULL));
}

TEST(a_buffer_is_given_back_once_and_by_its_beginning)
{
    size_t i, offset;
    BYTE *buffer;

    for (i = 0; i < ARRAYSIZE(functions); i++)
    {
        buffer = a_buffer();
        for (offset = 1; offset < sizeof(RTR_INFO_BLOCK_HEADER); offset++)
            assert_rejected(buffer + offset, "the middle of a buffer");
        for (offset = 1; offset <= 32; offset++)
            assert_rejected(buffer - offset, "what is before a buffer");
        assert_int_equal(((RTR_INFO_BLOCK_HEADER *)buffer)->Version, RTR_INFO_BLOCK_VERSION);
        assert_int_equal(functions[i].give_back(buffer), NO_ERROR);
        assert_rejected(buffer, "a buffer that was freed");
    }
    assert_true(HeapValidate(GetProcessHeap(), 0, NULL));
}

/* A text of MprAdminGetErrorString is freed by LocalFree; Microsoft's sample uses
 * MprAdminBufferFree. */
TEST(a_text_is_given_back_once)
{
    WCHAR *text;
    BYTE *other;

    assert_int_equal(MprAdminGetErrorString(ERROR_ROUTER_STOPPED, &text), NO_ERROR);
    assert_rejected(text + 1, "the middle of a text");
    assert_int_equal(MprAdminBufferFree(text), NO_ERROR);
    assert_rejected(text, "a text that was freed");

    /* After LocalFree the address may belong to the program's own memory. */
    assert_int_equal(MprAdminGetErrorString(ERROR_ROUTER_STOPPED, &text), NO_ERROR);
    other = (BYTE *)text;
    assert_null(LocalFree(text));
    text = (WCHAR *)HeapAlloc(GetProcessHeap(), HEAP_ZERO_MEMORY, 40);
    assert_rejected(other, "a text that LocalFree freed");
    assert_true(HeapFree(GetProcessHeap(), 0, text));
    assert_true(HeapValidate(GetProcessHeap(), 0, NULL));
}

/* One by one: freeing one frees no other, and none is found at another's address. */
TEST(many_buffers_are_known)
{
    static void *buffers[20000];
    DWORD begun = GetTickCount();
    size_t i;

    for (i = 0; i < ARRAYSIZE(buffers); i++)
        buffers[i] = a_buffer();
    for (i = 0; i < ARRAYSIZE(buffers); i += 2)
        assert_int_equal(MprAdminBufferFree(buffers[i]), NO_ERROR);
    for (i = 0; i < ARRAYSIZE(buffers); i++)
        assert_int_equal(
                MprAdminBufferFree(buffers[i]), i % 2 ? NO_ERROR : ERROR_INVALID_PARAMETER);
    assert_true(GetTickCount() - begun < 5000);
}

#define THREADS 4

static DWORD WINAPI make_and_give_back(void *failed)
{
    void *held[16] = {0}, *header;
    unsigned int i;

    for (i = 0; i < 20000; i++)
    {
        if (held[i % 16] && MprAdminBufferFree(held[i % 16]))
            ++*(volatile LONG *)failed;
        if (MprInfoCreate(RTR_INFO_BLOCK_VERSION, &header))
            ++*(volatile LONG *)failed;
        held[i % 16] = header;
    }
    for (i = 0; i < 16; i++)
        MprAdminBufferFree(held[i]);
    return 0;
}

TEST(threads_give_back_at_once)
{
    HANDLE threads[THREADS];
    LONG failed[THREADS] = {0};
    int i;

    for (i = 0; i < THREADS; i++)
        assert_non_null(
                threads[i] = CreateThread(NULL, 0, make_and_give_back, &failed[i], 0, NULL));
    assert_int_equal(WaitForMultipleObjects(THREADS, threads, TRUE, 60000), WAIT_OBJECT_0);
    for (i = 0; i < THREADS; i++)
    {
        assert_int_equal(failed[i], 0);
        CloseHandle(threads[i]);
    }
    assert_true(HeapValidate(GetProcessHeap(), 0, NULL));
}

static int find_elder(void)
{
    ras_admin_buffer_free =
            (void *)GetProcAddress(LoadLibraryW(L"mprapi.dll"), "RasAdminBufferFree");
    return !ras_admin_buffer_free;
}

TEST_MAIN(find_elder, NULL)
