/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Reading the lines of host-health: what is rejected, and that whatever is accepted makes a
 * statement that can be written. tests/e2e/health-test.sh has the states.
 */
#include <test.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "libs/hosthealth/hosthealth.h"

static struct host_health health;
static struct host_statement statement;

static void assert_writable(void)
{
    static uint8_t buffer[WSH_MAX_SOH_SIZE];
    struct soh_entry entry;

    assert_int_equal(wsh_soh_write(&statement.soh, buffer, sizeof buffer, &entry), WSH_OK);
}

/* Reads bytes in memory of exactly their size, so that no byte behind them is read unnoticed. */
static const char *read_bytes(const char *bytes, size_t size, unsigned int *line)
{
    char *copy = malloc(size + !size);
    const char *broken;

    memcpy(copy, bytes, size);
    broken = host_health_read(copy, size, &health, line);
    host_statement_make(&health, &statement);
    assert_writable();
    free(copy);
    return broken;
}

#define ROW(text, line, rule)                                                                      \
    {                                                                                              \
        text, sizeof text - 1, line, rule                                                          \
    }

TEST(each_rule)
{
    static const struct
    {
        const char *text;
        size_t size;
        unsigned int line;
        const char *rule; /* NULL: accepted */
    } rows[] = {
            ROW("firewall=on\n", 0, NULL),
            ROW("firewall=\n", 0, NULL),
            ROW("firewall=on\nweather=fine\nfirewall.x=1\nfirewall.1.x=1\n", 0, NULL),
            ROW("security-updates=none\nsecurity-updates.since-scan=99999999999\n", 0, NULL),
            ROW("", 0, "no line is about a health class"),
            ROW("weather=fine\n", 0, "no line is about a health class"),
            ROW("firewall.1.name=x\n", 0, "no line is about a health class"),
            ROW("\n", 1, "a line is KEY=VALUE"),
            ROW("firewall\n", 1, "a line is KEY=VALUE"),
            ROW("=on\n", 1, "a line is KEY=VALUE"),
            ROW("firewall=on", 1, "a line ends with a newline"),
            ROW("firewall=on\nantivirus", 2, "a line ends with a newline"),
            ROW("firewall=o\0n\n", 1, "a line is printable ASCII"),
            ROW("firewall=on\r\n", 1, "a line is printable ASCII"),
            ROW("firewall=\xc3\xa4\n", 1, "a line is printable ASCII"),
            ROW("firewall=on\nfirewall=on\n", 2, "a key comes once"),
            ROW("firewall.1.name=a\nfirewall.1.name=b\n", 2, "a key comes once"),
            ROW("firewall.0.name=a\n", 1,
                    "products are numbered from 1 without gaps, and a class has at most 14"),
            ROW("firewall.2.name=a\n", 1,
                    "products are numbered from 1 without gaps, and a class has at most 14"),
            ROW("firewall.99999999999.name=a\nfirewall=on\n", 0, NULL),
    };
    unsigned int line;
    const char *broken;
    size_t i;

    for (i = 0; i < sizeof rows / sizeof *rows; i++)
    {
        broken = read_bytes(rows[i].text, rows[i].size, &line);
        if (!rows[i].rule)
            assert_null(broken);
        else
        {
            assert_non_null(broken);
            assert_string_equal(broken, rows[i].rule);
            assert_int_equal(line, rows[i].line);
        }
    }
}

TEST(a_line_has_250_bytes_at_most)
{
    char text[260];
    unsigned int line;

    memset(text, 'x', sizeof text);
    memcpy(text, "firewall=", 9);
    text[250] = '\n';
    assert_null(read_bytes(text, 251, &line));
    text[250] = 'x';
    text[251] = '\n';
    assert_string_equal(read_bytes(text, 252, &line), "a line has at most 250 bytes");
}

TEST(a_class_has_14_products_at_most)
{
    char text[2048] = "firewall=on\n";
    unsigned int line, i;

    for (i = 1; i <= 14; i++)
        sprintf(text + strlen(text), "firewall.%u.name=n%u\nfirewall.%u.state=on\n", i, i, i);
    assert_null(read_bytes(text, strlen(text), &line));
    assert_int_equal(statement.soh.classes[WSH_FIREWALL].count, 14);
    strcat(text, "firewall.15.name=more\n");
    assert_non_null(read_bytes(text, strlen(text), &line));
    assert_int_equal(statement.soh.classes[WSH_FIREWALL].error, E_MSSHAV_WSC_SERVICE_DOWN);
}

TEST(what_is_not_known_can_be_written)
{
    host_statement_unknown(HOST_NOT_LOOKED, &statement);
    assert_writable();
    host_statement_unknown(HOST_LOOK_FAILED, &statement);
    assert_writable();
}

TEST_MAIN(NULL, NULL)
