/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Phone books.
 */

#include <test.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "libs/pbk/pbk.h"

static const char office[] = "[Office]\r\n"
                             "Encoding=1\r\n"
                             "Type=2\r\n"
                             "LowDateTime=-1593835520\r\n"
                             "Guid=33221100554477668899AABBCCDDEEFF\r\n"
                             "IpAddress = 192.0.2.1 \r\n"
                             "CustomDialDll=\r\n"
                             "\r\n"
                             "NETCOMPONENTS=\r\n"
                             "ms_msclient=1\r\n"
                             "\r\n"
                             "MEDIA=rastapi\r\n"
                             "Port=VPN3-0\r\n"
                             "Device=WAN Miniport (PPTP)\r\n"
                             "\r\n"
                             "DEVICE=vpn\r\n"
                             "PhoneNumber=vpn.example\r\n"
                             "AreaCode=\r\n"
                             "PhoneNumber=vpn2.example\r\n"
                             "\r\n"
                             "MEDIA=serial\r\n"
                             "Port=COM1\r\n"
                             "\r\n"
                             "DEVICE=modem\r\n"
                             "PhoneNumber=5551234\r\n";

static void read_text(struct pbk *pbk, const char *text)
{
    assert_int_equal(pbk_init(pbk, text, strlen(text)), PBK_OK);
}

TEST(an_entry_has_settings_and_blocks)
{
    struct pbk pbk;
    const struct pbk_entry *entry;

    read_text(&pbk, office);
    assert_int_equal(pbk.entry_count, 1);
    assert_true(pbk.is_utf8);
    entry = pbk.entries;
    assert_string_equal(entry->name, "Office");
    assert_int_equal(entry->block_count, 6);
    assert_int_equal(entry->blocks[0].kind, PBK_SETTINGS);
    assert_int_equal(pbk_number(entry->blocks, "type", 9), 2);
    assert_string_equal(pbk_value(entry->blocks, "CustomDialDll", 0), "");
    assert_string_equal(pbk_value(entry->blocks, "IpAddress", 0), "192.0.2.1");
    assert_string_equal(pbk_value(pbk_block(entry, PBK_NETCOMPONENTS, 0), "ms_msclient", 0), "1");
    assert_string_equal(pbk_block(entry, PBK_MEDIA, 0)->value, "rastapi");
    assert_string_equal(
            pbk_value(pbk_block(entry, PBK_MEDIA, 0), "Device", 0), "WAN Miniport (PPTP)");
    assert_string_equal(pbk_block(entry, PBK_DEVICE, 1)->value, "modem");
    assert_string_equal(pbk_value(pbk_block(entry, PBK_DEVICE, 1), "PhoneNumber", 0), "5551234");
    assert_null(pbk_block(entry, PBK_DEVICE, 2));
    pbk_finish(&pbk);
    pbk_finish(&pbk);
}

TEST(keys_repeat)
{
    struct pbk pbk;
    const struct pbk_block *device;

    read_text(&pbk, office);
    device = pbk_block(pbk.entries, PBK_DEVICE, 0);
    assert_string_equal(pbk_value(device, "PHONENUMBER", 0), "vpn.example");
    assert_string_equal(pbk_value(device, "PhoneNumber", 1), "vpn2.example");
    assert_null(pbk_value(device, "PhoneNumber", 2));
    assert_null(pbk_value(device, "Phone", 0));
    assert_null(pbk_value(NULL, "PhoneNumber", 0));
    pbk_finish(&pbk);
}

TEST(numbers_and_bytes_are_checked)
{
    static const uint8_t guid[16] = {0x33, 0x22, 0x11, 0x00, 0x55, 0x44, 0x77, 0x66, 0x88, 0x99,
            0xaa, 0xbb, 0xcc, 0xdd, 0xee, 0xff};
    struct pbk pbk;
    uint8_t bytes[16];

    read_text(&pbk, office);
    assert_int_equal(pbk_number(pbk.entries->blocks, "LowDateTime", 0), 0xa1000000u);
    assert_true(pbk_bytes(pbk.entries->blocks, "Guid", bytes, 16));
    assert_memory_equal(bytes, guid, 16);
    assert_false(pbk_bytes(pbk.entries->blocks, "Guid", bytes, 15));
    assert_false(pbk_bytes(pbk.entries->blocks, "IpAddress", bytes, 4));
    assert_false(pbk_bytes(pbk.entries->blocks, "None", bytes, 4));
    pbk_finish(&pbk);

    /* Data may be in several lines. */
    read_text(&pbk, "[a]\nd=0aFF\ne=1\nD=7e\nf=\ng=0g\n");
    assert_int_equal(pbk_dump(pbk.entries->blocks, "d", NULL, 0), 3);
    memset(bytes, 0, sizeof(bytes));
    assert_int_equal(pbk_dump(pbk.entries->blocks, "d", bytes, 2), 3);
    assert_memory_equal(bytes, "\x0a\xff\0", 3);
    assert_int_equal(pbk_dump(pbk.entries->blocks, "d", bytes, 16), 3);
    assert_memory_equal(bytes, "\x0a\xff\x7e\0", 4);
    assert_int_equal(pbk_dump(pbk.entries->blocks, "e", bytes, 16), 0);
    assert_int_equal(pbk_dump(pbk.entries->blocks, "f", bytes, 16), 0);
    assert_int_equal(pbk_dump(pbk.entries->blocks, "g", bytes, 16), 0);
    assert_int_equal(pbk_dump(pbk.entries->blocks, "none", bytes, 16), 0);
    pbk_finish(&pbk);

    read_text(&pbk, "[a]\na=4294967295\nb=4294967296\nc=-2147483649\nd=\ne=-\nf=1x\ng=-2147483648\n"
                    "h=99999999999999999999999999\ni=0x10\n");
    assert_int_equal(pbk_number(pbk.entries->blocks, "a", 7), 0xffffffffu);
    assert_int_equal(pbk_number(pbk.entries->blocks, "b", 7), 7);
    assert_int_equal(pbk_number(pbk.entries->blocks, "c", 7), 7);
    assert_int_equal(pbk_number(pbk.entries->blocks, "d", 7), 7);
    assert_int_equal(pbk_number(pbk.entries->blocks, "e", 7), 7);
    assert_int_equal(pbk_number(pbk.entries->blocks, "f", 7), 7);
    assert_int_equal(pbk_number(pbk.entries->blocks, "g", 7), 0x80000000u);
    assert_int_equal(pbk_number(pbk.entries->blocks, "h", 7), 7);
    assert_int_equal(pbk_number(pbk.entries->blocks, "i", 7), 7);
    assert_int_equal(pbk_number(NULL, "a", 7), 7);
    pbk_finish(&pbk);
}

TEST(entries_without_a_name_are_passed_over)
{
    struct pbk pbk;

    read_text(&pbk, "; a comment\n\n[]\nType=1\n[ ]\nMEDIA=x\n[a [b] c]\nType=3\n");
    assert_int_equal(pbk.entry_count, 1);
    assert_string_equal(pbk.entries->name, "a [b] c");
    assert_int_equal(pbk.entries->block_count, 1);
    assert_int_equal(pbk_number(pbk.entries->blocks, "Type", 0), 3);
    pbk_finish(&pbk);
}

/* An entry whose name lacks its bracket is not lost. */
TEST(a_name_may_end_with_the_line)
{
    struct pbk pbk;

    read_text(&pbk, "[unfinished \r\nType=1\n[\n[next]\nType=3\n");
    assert_int_equal(pbk.entry_count, 2);
    assert_string_equal(pbk.entries[0].name, "unfinished");
    assert_int_equal(pbk_number(pbk.entries[0].blocks, "Type", 0), 1);
    assert_string_equal(pbk.entries[1].name, "next");
    pbk_finish(&pbk);
}

TEST(lines_that_are_no_settings_are_passed_over)
{
    struct pbk pbk;

    read_text(&pbk, "[a]\nno setting\n=no key\n;Type=1\nType=2=3\nlast=line");
    assert_int_equal(pbk.entries->blocks->line_count, 2);
    assert_string_equal(pbk_value(pbk.entries->blocks, "Type", 0), "2=3");
    assert_string_equal(pbk_value(pbk.entries->blocks, "last", 0), "line");
    pbk_finish(&pbk);
}

TEST(what_is_no_phone_book_is_refused)
{
    static const char *const texts[] = {"hello", "Type=2\n",
            ("\x7f"
             "ELF\x02\x01")};
    struct pbk pbk;
    size_t i;

    for (i = 0; i < sizeof(texts) / sizeof(*texts); i++)
        assert_int_equal(pbk_init(&pbk, texts[i], strlen(texts[i])), PBK_NOT_A_PHONE_BOOK);
    assert_null(pbk.memory);
    assert_int_equal(pbk_init(&pbk, "", 0), PBK_OK);
    assert_int_equal(pbk.entry_count, 0);
    pbk_finish(&pbk);
    assert_int_equal(pbk_init(&pbk, " \r\n", 3), PBK_OK);
    assert_int_equal(pbk.entry_count, 0);
    pbk_finish(&pbk);
    read_text(&pbk, "; none yet\r\n# really\r\n");
    assert_int_equal(pbk.entry_count, 0);
    pbk_finish(&pbk);
}

struct bytes
{
    const char *what, *data;
    size_t size;
};

#define BYTES(what, data)                                                                          \
    {                                                                                              \
        what, data, sizeof(data) - 1                                                               \
    }

/* A file whose blocks were lost is full of NULs. What was in them is gone, so the rest is not the
 * whole phone book. */
TEST(damage_that_loses_entries_is_an_error)
{
    static const struct bytes files[] = {
            BYTES("the end", "[a]\nType=2\n\0\0\0\0\0\0\0\0"),
            BYTES("the start", "\0\0\0\0\0\0\0\0Type=2\n[b]\n"),
            BYTES("the middle", "[a]\nType=2\n\0\0\0\0\0\0\0\0\n[b]\n"),
            BYTES("all", "\0\0\0\0\0\0\0\0"),
            BYTES("UTF-16", "\xff\xfe[\0a\0]\0\n\0\0\0\0\0\0\0"),
    };
    struct pbk pbk;
    size_t i;

    for (i = 0; i < sizeof(files) / sizeof(*files); i++)
        if (pbk_init(&pbk, files[i].data, files[i].size) != PBK_NOT_A_PHONE_BOOK)
            fail_msg("%s", files[i].what);
}

/* Whatever one line is and wherever it is, the entries are read. */
TEST(no_single_line_costs_the_book)
{
    static const struct bytes lines[] = {
            BYTES("a comment", "# written by a tool\r\n"),
            BYTES("another comment", "; written by a tool\r\n"),
            BYTES("no setting", "System.Object\r\n"),
            BYTES("a setting", "Type=2\r\n"),
            BYTES("a block", "MEDIA=\r\n"),
            BYTES("a line without a key", "=\r\n"),
            BYTES("control characters", "\x1a\x01\x7f\r\n"),
            BYTES("not UTF-8", "\xff\xfd\xc0\r\n"),
            BYTES("a mark", "\xef\xbb\xbf\r\n"),
            BYTES("UTF-16", "x\0=\0001\0\r\0\n\0"),
            BYTES("a NUL", "x=\0y\r\n"),
            BYTES("a carriage return", "\r\r\n"),
    };
    static const char *const entries[] = {"[a]\r\nType=1\r\n\r\n", "[b]\r\nType=2\r\n"};
    struct pbk pbk;
    char text[128];
    size_t i, place, size;

    for (i = 0; i < sizeof(lines) / sizeof(*lines); i++)
        for (place = 0; place < 3; place++)
        {
            size = 0;
            for (size_t part = 0; part < 3; part++)
            {
                if (part == place)
                {
                    memcpy(text + size, lines[i].data, lines[i].size);
                    size += lines[i].size;
                }
                if (part < 2)
                {
                    memcpy(text + size, entries[part], strlen(entries[part]));
                    size += strlen(entries[part]);
                }
            }
            if (pbk_init(&pbk, text, size) != PBK_OK)
                fail_msg("%s, place %zu", lines[i].what, place);
            assert_int_equal(pbk.entry_count, 2);
            assert_string_equal(pbk.entries[0].name, "a");
            assert_string_equal(pbk.entries[1].name, "b");
            assert_int_equal(pbk_number(pbk.entries[0].blocks, "Type", 9), 1);
            assert_int_equal(pbk_number(pbk.entries[1].blocks, "Type", 9), 2);
            pbk_finish(&pbk);
        }
}

/* UTF-16 without a mark, and files to which a script appended an entry in another encoding. */
TEST(mixed_encodings_lose_no_entry)
{
    static const struct bytes files[] = {
            BYTES("little-endian", "[\0a\0]\0\n\0T\0=\0001\0\n\0[\0b\0]\0\n\0"),
            BYTES("big-endian", "\0[\0a\0]\0\n\0T\0=\0001\0\n\0[\0b\0]\0\n"),
            BYTES("little-endian, a line first", "x\0\n\0[\0a\0]\0\n\0[\0b\0]\0"),
            BYTES("UTF-16 after 8-bit", "[a]\r\nT=1\r\n[\0b\0]\0\r\0\n\0T\0=\0002\0\r\0\n\0"),
            BYTES("big-endian after 8-bit", "[a]\r\nT=1\r\n\0[\0b\0]\0\r\0\n"),
            BYTES("8-bit after UTF-16", "\xff\xfe[\0a\0]\0\r\0\n\0[b]\r\nT=1\r\n"),
            BYTES("8-bit after UTF-16, odd", "\xff\xfe[\0a\0]\0\r\0\n\0[b]\r\nT=12\r\n"),
            BYTES("8-bit after big-endian", "\xfe\xff\0[\0a\0]\0\r\0\n[b]\r\n"),
    };
    struct pbk pbk;
    size_t i;

    for (i = 0; i < sizeof(files) / sizeof(*files); i++)
    {
        if (pbk_init(&pbk, files[i].data, files[i].size) != PBK_OK || pbk.entry_count != 2
                || strcmp(pbk.entries[0].name, "a") != 0 || strcmp(pbk.entries[1].name, "b") != 0)
            fail_msg("%s", files[i].what);
        pbk_finish(&pbk);
    }
}

/* The same entry in every encoding: its name is e acute, euro sign, a character beyond 16 bits. */
TEST(every_encoding_is_read)
{
    static const char utf8[] = "\xef\xbb\xbf[\xc3\xa9\xe2\x82\xac\xf0\x9f\x98\x80]\r\nType=2\r\n";
    static const uint16_t units[] = {0xfeff, '[', 0xe9, 0x20ac, 0xd83d, 0xde00, ']', '\r', '\n',
            'T', 'y', 'p', 'e', '=', '2', '\r', '\n'};
    uint8_t little[sizeof(units)], big[sizeof(units)];
    struct pbk pbk;
    size_t i;

    for (i = 0; i < sizeof(units) / 2; i++)
    {
        little[2 * i] = big[2 * i + 1] = (uint8_t)units[i];
        little[2 * i + 1] = big[2 * i] = (uint8_t)(units[i] >> 8);
    }
    for (i = 0; i < 4; i++)
    {
        if (i == 0)
            read_text(&pbk, utf8);
        else if (i == 1)
            read_text(&pbk, utf8 + 3);
        else
            assert_int_equal(pbk_init(&pbk, i == 2 ? little : big, sizeof(little)), PBK_OK);
        assert_true(pbk.is_utf8);
        assert_int_equal(pbk.entry_count, 1);
        assert_string_equal(pbk.entries->name, "\xc3\xa9\xe2\x82\xac\xf0\x9f\x98\x80");
        assert_int_equal(pbk_number(pbk.entries->blocks, "Type", 0), 2);
        pbk_finish(&pbk);
    }

    /* Windows-1252, and an unpaired surrogate. */
    read_text(&pbk, "[\xe9\x80]\nType=2\n");
    assert_false(pbk.is_utf8);
    assert_string_equal(pbk.entries->name, "\xe9\x80");
    pbk_finish(&pbk);
    assert_int_equal(pbk_init(&pbk, "\xff\xfe[\0\x3d\xd8]\0\n\0x", 11), PBK_OK);
    assert_string_equal(pbk.entries->name, "\xef\xbf\xbd");
    pbk_finish(&pbk);
}

TEST(only_utf8_is_utf8)
{
    static const char *const texts[] = {"[\xc0\x80]", "[\xed\xa0\x80]", "[\xf4\x90\x80\x80]",
            "[\xe2\x82]", "[\xf5\x80\x80\x80]", "[\x80]", "[\xe0\x80\x80]"};
    struct pbk pbk;
    size_t i;

    for (i = 0; i < sizeof(texts) / sizeof(*texts); i++)
    {
        read_text(&pbk, texts[i]);
        assert_false(pbk.is_utf8);
        pbk_finish(&pbk);
    }
}

/* Reads a phone book of that many entries with 80 settings each; returns the seconds. */
static double time_of(size_t entries)
{
    size_t size = 0, i, k;
    char *text = malloc(entries * 2200);
    clock_t started;
    struct pbk pbk;

    assert_non_null(text);
    for (i = 0; i < entries; i++)
    {
        size += (size_t)sprintf(text + size, "[Entry %u]\r\n", (unsigned int)i);
        for (k = 0; k < 80; k++)
            size += (size_t)sprintf(
                    text + size, "SomeKeyNumber%02u=%u\r\n", (unsigned int)k, (unsigned int)k);
    }
    started = clock();
    assert_int_equal(pbk_init(&pbk, text, size), PBK_OK);
    assert_int_equal(pbk.entry_count, entries);
    assert_string_equal(pbk_value(pbk.entries[entries - 1].blocks, "SomeKeyNumber79", 0), "79");
    pbk_finish(&pbk);
    free(text);
    return (double)(clock() - started) / CLOCKS_PER_SEC;
}

/* Ten times the entries take about ten times as long. Forty allows for a busy machine, and is far
 * below the hundred times of quadratic reading. */
TEST(ten_thousand_entries_take_linear_time)
{
    double thousand = 0, ten_thousand;

    for (int i = 0; i < 3; i++)
        thousand += time_of(1000);
    thousand /= 3;
    ten_thousand = time_of(10000);
    printf("1,000 entries: %.4f s, 10,000: %.4f s\n", thousand, ten_thousand);
    assert_true(ten_thousand < 40 * thousand + 0.1);
}

TEST(long_lines_are_whole)
{
    size_t length = 1000000;
    char *text = malloc(length + 16);
    struct pbk pbk;

    assert_non_null(text);
    memcpy(text, "[a]\nb=", 6);
    memset(text + 6, 'x', length);
    assert_int_equal(pbk_init(&pbk, text, length + 6), PBK_OK);
    assert_int_equal(strlen(pbk_value(pbk.entries->blocks, "b", 0)), length);
    pbk_finish(&pbk);
    free(text);
}

TEST_MAIN(NULL, NULL)
