/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Texts of RAS and router errors.
 */

#include <test.h>
#include <stdbool.h>
#include <string.h>

#include "libs/raserror/raserror.h"

/* Numbers with a name in raserror.h and mprerror.h. */
static bool is_named(uint32_t error)
{
    return (error >= 600 && error <= 870) || (error >= 900 && error <= 955 && error != 947);
}

TEST(every_named_error_has_a_text_and_no_other)
{
    uint32_t error;

    for (error = 0; error < 70000; ++error)
        assert_int_equal(raserror_text(error) != NULL, is_named(error));
    assert_null(raserror_text(UINT32_MAX));
    assert_null(raserror_text(0x80000000u + 600));
}

TEST(texts_fit_on_a_line)
{
    const char *text, *c;
    uint32_t error;

    for (error = 600; error < 1000; ++error)
    {
        if (!(text = raserror_text(error)))
            continue;
        assert_in_range(strlen(text), 10, RASERROR_LONGEST);
        assert_int_equal(text[strlen(text) - 1], '.');
        for (c = text; *c; ++c)
            assert_in_range(*c, ' ', '~');
    }
}

/* One from each part of the table, so that an extra or missing line shows. */
TEST(texts_stand_at_their_numbers)
{
    static const struct
    {
        uint32_t error;
        const char *word;
    } known[] = {
            {600, "not finished"},
            {623, "no such entry"},
            {632, "size"},
            {646, "time of day"},
            {668, "no such connection"},
            {676, "busy"},
            {680, "dial tone"},
            {691, "password"},
            {711, "connection manager"},
            {720, "PPP: no control protocols"},
            {734, "PPP: the link control"},
            {751, "call back"},
            {764, "smart card"},
            {781, "certificate"},
            {792, "too long"},
            {800, "VPN"},
            {812, "policy"},
            {819, "Network Access Protection"},
            {828, "nothing was sent"},
            {836, "Network Access Protection"},
            {850, "extensible"},
            {868, "resolved"},
            {870, "IKEv2"},
            {900, "router has stopped"},
            {903, "demand-dial manager"},
            {921, "expired"},
            {928, "paused"},
            {937, "users"},
            {945, "version"},
            {948, "installed"},
            {955, "authenticator"},
    };
    size_t i;

    for (i = 0; i < sizeof known / sizeof *known; ++i)
        assert_non_null(strstr(raserror_text(known[i].error), known[i].word));
}

TEST_MAIN(NULL, NULL)
