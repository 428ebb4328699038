/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Entries as text for people.
 */

#include <test.h>
#include <stdio.h>
#include <string.h>

#include "libs/wsh/wsh.h"
#include "samples.h"

struct text
{
    char lines[4096];
};

static void collect(void *ctx, const char *line)
{
    struct text *text = ctx;
    size_t length = strlen(text->lines);

    snprintf(text->lines + length, sizeof text->lines - length, "%s\n", line);
}

TEST(statement_in_words)
{
    static const struct soh_entry entry = SAMPLE_ENTRY(sample_soh, SAMPLE_SOH_COUNT);
    struct text text = {""};

    assert_true(wsh_print(SOH_REQUEST, &entry, 4, collect, &text));
    assert_string_equal(text.lines,
            "    agent of Windows Vista SP1 (0x00060001), statement 3\n"
            "    firewall:\n"
            "      \"nft\": on (0x00000001)\n"
            "    antivirus:\n"
            "      \"A1\": off, out of date (0x00000000)\n"
            "      \"B\\xe2\\x82\\xac\": on, snoozed, up to date (0x0000000b)\n"
            "    antispyware: not installed (0xc0ff0002 E_MSSHAV_PRODUCT_NOT_INSTALLED)\n"
            "    automatic updates: on, downloads and installs updates, set by policy "
            "(0x00000104)\n"
            "    security updates: some are missing (0x00ff0006 S_MSSHA_MISSING_UPDATES)\n"
            "      last scan: 1 hour ago (3600 seconds)\n"
            "      worst severity: critical\n"
            "      sources: WSUS (0x00010400)\n"
            "      update server: \"ws\"\n");
}

TEST(response_in_words)
{
    static const struct soh_entry entry = SAMPLE_ENTRY(sample_sohr, SAMPLE_SOHR_COUNT);
    struct text text = {""};

    assert_true(wsh_print(SOH_RESPONSE, &entry, 0, collect, &text));
    assert_string_equal(text.lines,
            "firewall: compliant (0x00000000 S_OK)\n"
            "antivirus: off, and not Microsoft's "
            "(0xc0ff0047 E_MSSHV_THIRD_PARTY_PRODUCT_NOT_ENABLED)\n"
            "antivirus signatures: out of date, and not Microsoft's "
            "(0xc0ff0048 E_MSSHV_THIRD_PARTY_PRODUCT_NOT_UPTODATE)\n"
            "antispyware: not installed (0xc0ff0002 E_MSSHAV_PRODUCT_NOT_INSTALLED)\n"
            "antispyware signatures: compliant (0x00000000 S_OK)\n"
            "  failure category: client component (2)\n"
            "automatic updates: compliant (0x00000000 S_OK)\n"
            "security updates: required updates are missing, or not looked for "
            "(0xc0ff0007 E_MSSHV_SYNC_AND_INSTALL_UPDATES)\n"
            "  required severity: important (0x00000200)\n");
}

TEST(servers_of_a_response)
{
    static const uint8_t servers[] = {0, 3, 0, 4, 192, 0, 2, 1, 0, 15, 0, 16, 0x20, 1, 0xd, 0xb8, 0,
            0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1};
    uint8_t bytes[sizeof sample_sohr + sizeof servers];
    const struct soh_entry entry = SAMPLE_ENTRY(bytes, SAMPLE_SOHR_COUNT + 2);
    struct text text = {""};

    memcpy(bytes, sample_sohr, sizeof sample_sohr);
    memcpy(bytes + sizeof sample_sohr, servers, sizeof servers);
    assert_true(wsh_print(SOH_RESPONSE, &entry, 0, collect, &text));
    assert_non_null(strstr(text.lines, "\nfix-up server: 192.0.2.1\n"
                                       "fix-up server: 2001:db8:0:0:0:0:0:1\n"));
}

/* Nothing is printed of what is malformed. */
TEST(neither_of_both)
{
    static const struct soh_entry soh = SAMPLE_ENTRY(sample_soh, SAMPLE_SOH_COUNT);
    static const struct soh_entry sohr = SAMPLE_ENTRY(sample_sohr, SAMPLE_SOHR_COUNT);
    struct text text = {""};

    assert_false(wsh_print(SOH_RESPONSE, &soh, 0, collect, &text));
    assert_false(wsh_print(SOH_REQUEST, &sohr, 0, collect, &text));
    assert_string_equal(text.lines, "");
}

/* Every status of the tables of 2.2.9 in words. */
TEST(every_status_in_words)
{
    static const struct
    {
        enum wsh_class health_class;
        uint32_t status;
        const char *text;
    } rows[] = {
            {WSH_FIREWALL, 0x0, "off"},
            {WSH_FIREWALL, 0x1, "on"},
            {WSH_FIREWALL, 0x4, "off, Microsoft's"},
            {WSH_FIREWALL, 0x5, "on, Microsoft's"},
            {WSH_FIREWALL, 0x9, "on, snoozed"},
            {WSH_FIREWALL, 0xd, "on, snoozed, Microsoft's"},
            {WSH_ANTIVIRUS, 0x0, "off, out of date"},
            {WSH_ANTIVIRUS, 0x2, "off, up to date"},
            {WSH_ANTIVIRUS, 0x1, "on, out of date"},
            {WSH_ANTISPYWARE, 0x7, "on, up to date, Microsoft's"},
            {WSH_ANTISPYWARE, 0xf, "on, snoozed, up to date, Microsoft's"},
            {WSH_ANTIVIRUS, 0xc0ff0018, "unknown: the security center has not started yet"},
            {WSH_ANTIVIRUS, 0xc0ff0099, "unknown"},
            {WSH_AUTOMATIC_UPDATES, 0x1, "off"},
            {WSH_AUTOMATIC_UPDATES, 0x2, "on, only looks for updates"},
            {WSH_AUTOMATIC_UPDATES, 0x103, "on, downloads updates, set by policy"},
            {WSH_AUTOMATIC_UPDATES, 0x5, "never configured"},
            {WSH_AUTOMATIC_UPDATES, 0x6, "unknown"},
            {WSH_SECURITY_UPDATES, 0x00ff0005, "none are missing"},
            {WSH_SECURITY_UPDATES, 0xc0ff0010, "installed, but a restart is due"},
            {WSH_SECURITY_UPDATES, 0, "unknown"},
    };
    char text[96];
    size_t i;

    for (i = 0; i < sizeof rows / sizeof *rows; ++i)
    {
        wsh_status_text(rows[i].health_class, rows[i].status, text, sizeof text);
        assert_string_equal(text, rows[i].text);
    }
}

TEST_MAIN(NULL, NULL)
