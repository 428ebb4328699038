/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Changes to phone books: what is not changed keeps its bytes.
 */

#include <test.h>
#include <stdlib.h>
#include <string.h>

#include "libs/pbk/edit.h"

static const char book[] = "; head\r\n"
                           "[One]\r\n"
                           "Type=2\r\n"
                           "unknown = kept \r\n"
                           "no setting\r\n"
                           "\r\n"
                           "NETCOMPONENTS=\r\n"
                           "ms_msclient=1\r\n"
                           "\r\n"
                           "MEDIA=rastapi\r\n"
                           "Port=VPN1\r\n"
                           "\r\n"
                           "DEVICE=vpn\r\n"
                           "PhoneNumber=a\r\n"
                           "PhoneNumber=b\r\n"
                           "\r\n"
                           "; about two\r\n"
                           "[Two]\n"
                           "Type=1";

/* Checks what a change makes of the text, in each encoding: 8-bit, UTF-16 of both orders. */
#define assert_change(text, expected, index, ...)                                                  \
    do                                                                                             \
    {                                                                                              \
        for (int form = 0; form < 4; form++)                                                       \
        {                                                                                          \
            struct bytes before = in_form(text, form), after = in_form(expected, form);            \
            struct pbk_edit edit;                                                                  \
            uint8_t *data;                                                                         \
            size_t size;                                                                           \
                                                                                                   \
            open_entry(&edit, &before, index);                                                     \
            __VA_ARGS__;                                                                           \
            data = pbk_edit_data(&edit, &size);                                                    \
            assert_non_null(data);                                                                 \
            if (size != after.size || memcmp(data, after.data, size) != 0)                         \
                fail_msg("form %d: %.*s", form, (int)size, (const char *)data);                    \
            pbk_edit_finish(&edit);                                                                \
            free(data);                                                                            \
            free(before.data);                                                                     \
            free(after.data);                                                                      \
        }                                                                                          \
    } while (0)

#define APPEND SIZE_MAX

struct bytes
{
    uint8_t *data;
    size_t size;
};

/* 0: as it is; 1: with the mark of UTF-8; 2, 3: UTF-16 with its mark. ASCII only. */
static struct bytes in_form(const char *text, int form)
{
    struct bytes bytes = {malloc(2 * strlen(text) + 4), 0};
    size_t i;

    assert_non_null(bytes.data);
    if (form == 1)
        memcpy(bytes.data, "\xef\xbb\xbf", bytes.size = 3);
    if (form >= 2)
        memcpy(bytes.data, form == 2 ? "\xff\xfe" : "\xfe\xff", bytes.size = 2);
    for (i = 0; text[i]; i++)
    {
        if (form == 3)
            bytes.data[bytes.size++] = 0;
        bytes.data[bytes.size++] = (uint8_t)text[i];
        if (form == 2)
            bytes.data[bytes.size++] = 0;
    }
    return bytes;
}

static void open_entry(struct pbk_edit *edit, const struct bytes *bytes, size_t index)
{
    if (index == APPEND)
        pbk_edit_append(edit, bytes->data, bytes->size, "New");
    else
        pbk_edit_open(edit, bytes->data, bytes->size, index);
}

static char *replaced(const char *text, const char *from, const char *to)
{
    static char result[4096];
    const char *at = strstr(text, from);

    assert_non_null(at);
    memcpy(result, text, (size_t)(at - text));
    strcpy(result + (at - text), to);
    strcat(result, at + strlen(from));
    return result;
}

TEST(nothing_changes_by_itself)
{
    assert_change(book, book, 0, (void)0);
    assert_change(book, book, 1, (void)0);
    assert_change(book, book, 2, (void)0);
    assert_change("", "", 0, (void)0);
    assert_change(book, book, 0, pbk_edit_set(&edit, PBK_SETTINGS, 0, "Unknown", 0, "kept"));
    assert_change(book, book, 0, pbk_edit_set_block(&edit, PBK_MEDIA, 0, "rastapi"));
}

TEST(a_key_is_set)
{
    assert_change(book, replaced(book, "Type=2", "Type=5"), 0,
            pbk_edit_set(&edit, PBK_SETTINGS, 0, "type", 0, "5"));
    assert_change(book, replaced(book, "unknown = kept \r\n", "unknown=x\r\n"), 0,
            pbk_edit_set(&edit, PBK_SETTINGS, 0, "Unknown", 0, "x"));
    assert_change(book, replaced(book, "PhoneNumber=b", "PhoneNumber=c"), 0,
            pbk_edit_set(&edit, PBK_DEVICE, 0, "PhoneNumber", 1, "c"));
    assert_change(book, replaced(book, "Type=1", "Type="), 1,
            pbk_edit_set(&edit, PBK_SETTINGS, 0, "Type", 0, ""));
}

/* Wherever the values were, they are together at the first one's place. */
TEST(a_list_replaces_all_values)
{
    static const char *const list[] = {"x", "y", "z"};
    static const char apart[] = "[a]\nL=1\nM=2\nl=3\n; end\n[b]\n";

    assert_change(book, replaced(book, "PhoneNumber=b", "PhoneNumber=y\r\nPhoneNumber=z"), 0,
                  pbk_edit_set_list(&edit, PBK_DEVICE, 0, "PhoneNumber", list, 3);
                  pbk_edit_set(&edit, PBK_DEVICE, 0, "PhoneNumber", 0, "a"));
    assert_change(apart, "[a]\nL=x\nL=y\nM=2\n; end\n[b]\n", 0,
            pbk_edit_set_list(&edit, PBK_SETTINGS, 0, "L", list, 2));
    assert_change(apart, "[a]\nM=2\n; end\n[b]\n", 0,
            pbk_edit_set_list(&edit, PBK_SETTINGS, 0, "L", list, 0));
    assert_change(apart, "[a]\nL=1\nM=2\nl=3\nN=x\nN=y\n; end\n[b]\n", 0,
            pbk_edit_set_list(&edit, PBK_SETTINGS, 0, "N", list, 2));
    assert_change(apart, apart, 0, pbk_edit_set_list(&edit, PBK_MEDIA, 0, "N", list, 2));
}

TEST(a_new_key_is_at_the_end_of_its_block)
{
    assert_change(book, replaced(book, "no setting\r\n", "no setting\r\nKey=1\r\n"), 0,
            pbk_edit_set(&edit, PBK_SETTINGS, 0, "Key", 0, "1"));
    assert_change(book, replaced(book, "Port=VPN1\r\n", "Port=VPN1\r\nDevice=d\r\n"), 0,
            pbk_edit_set(&edit, PBK_MEDIA, 0, "Device", 0, "d"));
    assert_change(book, replaced(book, "PhoneNumber=b\r\n", "PhoneNumber=b\r\nPhoneNumber=c\r\n"),
            0, pbk_edit_set(&edit, PBK_DEVICE, 0, "PhoneNumber", 2, "c"));
    assert_change(book, replaced(book, "Type=1", "Type=1\r\nKey=1\r\n"), 1,
            pbk_edit_set(&edit, PBK_SETTINGS, 0, "Key", 0, "1"));
    assert_change(book, book, 1, pbk_edit_set(&edit, PBK_DEVICE, 0, "Key", 0, "1"));
}

TEST(a_key_is_deleted)
{
    assert_change(book, replaced(book, "Type=2\r\n", ""), 0,
            pbk_edit_set(&edit, PBK_SETTINGS, 0, "TYPE", 0, NULL));
    assert_change(book, replaced(book, "PhoneNumber=a\r\n", ""), 0,
            pbk_edit_set(&edit, PBK_DEVICE, 0, "PhoneNumber", 0, NULL));
    assert_change(book, book, 0, pbk_edit_set(&edit, PBK_SETTINGS, 0, "None", 0, NULL));
}

TEST(an_entry_is_renamed)
{
    assert_change(book, replaced(book, "[One]", "[a [b]]"), 0, pbk_edit_rename(&edit, "a [b]"));
    assert_change(book, replaced(book, "[Two]", "[Three]"), 1, pbk_edit_rename(&edit, "Three"));
}

TEST(an_entry_is_deleted)
{
    assert_change(book, "; head\r\n; about two\r\n[Two]\nType=1", 0, pbk_edit_delete(&edit));
    assert_change(book, replaced(book, "[Two]\nType=1", ""), 1, pbk_edit_delete(&edit));
    assert_change("[a]\n[b]\n[c]\n", "[a]\n[c]\n", 1, pbk_edit_delete(&edit));
    assert_change("[a]\n", "", 0, {
        pbk_edit_delete(&edit);
        pbk_edit_set(&edit, PBK_SETTINGS, 0, "Key", 0, "1");
        pbk_edit_set_block(&edit, PBK_MEDIA, 0, "x");
        pbk_edit_rename(&edit, "b");
        pbk_edit_delete(&edit);
    });
}

TEST(an_entry_is_added)
{
    assert_change("", "[New]\r\nType=2\r\n", APPEND,
            pbk_edit_set(&edit, PBK_SETTINGS, 0, "Type", 0, "2"));
    assert_change("[a]\n", "[a]\n\n[New]\n", APPEND, (void)0);
    assert_change("[a]\n\n", "[a]\n\n[New]\n", APPEND, (void)0);
    assert_change("[a]\r\nType=2", "[a]\r\nType=2\r\n\r\n[New]\r\n", APPEND, (void)0);
    assert_change(
            "[a]\n", "[a]\n\n[New]\nA=1\n\nMEDIA=m\nPort=p\n\nDEVICE=d\nPhoneNumber=1\n", APPEND, {
                pbk_edit_set(&edit, PBK_SETTINGS, 0, "A", 0, "1");
                pbk_edit_set_block(&edit, PBK_MEDIA, 0, "m");
                pbk_edit_set(&edit, PBK_MEDIA, 0, "Port", 0, "p");
                pbk_edit_set_block(&edit, PBK_DEVICE, 0, "d");
                pbk_edit_set(&edit, PBK_DEVICE, 0, "PhoneNumber", 0, "1");
            });
}

TEST(blocks_are_added_in_their_places)
{
    assert_change("[a]\nA=1\n\nMEDIA=m\n\nDEVICE=d\n",
            "[a]\nA=1\n\nNETCOMPONENTS=\nk=1\n\nMEDIA=m\n\nDEVICE=d\n\nMEDIA=n\n\nDEVICE=e\nk=2\n",
            0, {
                pbk_edit_set_block(&edit, PBK_NETCOMPONENTS, 0, "");
                pbk_edit_set(&edit, PBK_NETCOMPONENTS, 0, "k", 0, "1");
                pbk_edit_set_block(&edit, PBK_MEDIA, 1, "n");
                pbk_edit_set_block(&edit, PBK_DEVICE, 1, "e");
                pbk_edit_set(&edit, PBK_DEVICE, 1, "k", 0, "2");
                pbk_edit_set_block(&edit, PBK_DEVICE, 3, "no third one");
            });
    assert_change(book, replaced(book, "DEVICE=vpn", "DEVICE=modem"), 0,
            pbk_edit_set_block(&edit, PBK_DEVICE, 0, "modem"));
}

TEST(a_block_is_deleted)
{
    assert_change(book, replaced(book, "MEDIA=rastapi\r\nPort=VPN1\r\n\r\n", ""), 0,
            pbk_edit_delete_block(&edit, PBK_MEDIA, 0));
    assert_change(book, replaced(book, "DEVICE=vpn\r\nPhoneNumber=a\r\nPhoneNumber=b\r\n\r\n", ""),
            0, pbk_edit_delete_block(&edit, PBK_DEVICE, 0));
    assert_change(book, book, 0, pbk_edit_delete_block(&edit, PBK_DEVICE, 1));
}

/* The texts that are not ASCII, whatever the file's encoding is. */
TEST(the_encoding_stays)
{
    static const char utf8[] = "[\xc3\xa9]\nB=\xe2\x82\xac\n";
    static const uint8_t utf16[] = "\xff\xfe[\0\xe9\0]\0\n\0B\0=\0\xac\x20\n\0";
    static const uint8_t changed[] = "\xff\xfe[\0\xac\x20]\0\n\0B\0=\0=\xd8\0\xde\n\0";
    static const char ansi[] = "[\xe9]\nB=\x80\n";
    struct pbk_edit edit;
    uint8_t *data;
    size_t size;

    pbk_edit_open(&edit, utf16, sizeof(utf16) - 1, 0);
    assert_false(pbk_edit_is_ansi(&edit));
    pbk_edit_rename(&edit, "\xe2\x82\xac");
    pbk_edit_set(&edit, PBK_SETTINGS, 0, "b", 0, "\xf0\x9f\x98\x80");
    data = pbk_edit_data(&edit, &size);
    assert_int_equal(size, sizeof(changed) - 1);
    assert_memory_equal(data, changed, size);
    free(data);
    pbk_edit_finish(&edit);

    pbk_edit_open(&edit, utf8, sizeof(utf8) - 1, 0);
    assert_false(pbk_edit_is_ansi(&edit));
    pbk_edit_finish(&edit);
    pbk_edit_open(&edit, ansi, sizeof(ansi) - 1, 0);
    assert_true(pbk_edit_is_ansi(&edit));
    pbk_edit_finish(&edit);
}

/* Lines of another encoding than the file's keep theirs. */
TEST(mixed_encodings_stay)
{
    static const char mixed[] = "[a]\nT=1\n[\0b\0]\0\r\0\n\0T\0=\0002\0\r\0\n\0";
    static const char without_a[] = "[\0b\0]\0\r\0\n\0T\0=\0002\0\r\0\n\0";
    static const char tail[] = "\xff\xfe[\0a\0]\0\r\0\n\0[b]\r\nT=1\r\n";
    static const char longer[] = "\xff\xfe[\0a\0]\0\r\0\n\0[b]\r\nT=1\r\nU=2\r\n";
    struct pbk_edit edit;
    uint8_t *data;
    size_t size;

    pbk_edit_open(&edit, mixed, sizeof(mixed) - 1, 0);
    pbk_edit_delete(&edit);
    data = pbk_edit_data(&edit, &size);
    assert_int_equal(size, sizeof(without_a) - 1);
    assert_memory_equal(data, without_a, size);
    free(data);
    pbk_edit_finish(&edit);

    pbk_edit_open(&edit, tail, sizeof(tail) - 1, 1);
    pbk_edit_set(&edit, PBK_SETTINGS, 0, "U", 0, "2");
    data = pbk_edit_data(&edit, &size);
    assert_int_equal(size, sizeof(longer) - 1);
    assert_memory_equal(data, longer, size);
    free(data);
    pbk_edit_finish(&edit);
}

TEST_MAIN(NULL, NULL)
