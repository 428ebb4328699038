/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Entries that break a rule of [MS-WSH] are rejected, with the rule and where; values that the
 * specification does not allow are not written.
 */

#include <test.h>
#include <stdlib.h>
#include <string.h>

#include "libs/wsh/wsh.h"
#include "samples.h"

#define COUNT_OF(a) (sizeof(a) / sizeof *(a))
#define WHOLE(array) array, sizeof array
#define BYTES(...) ((const uint8_t[]){__VA_ARGS__}), sizeof((const uint8_t[]){__VA_ARGS__})

static const char class_order[] =
        "the classes are firewall, antivirus, antispyware, automatic updates and security "
        "updates, in this order";

/* Copies the entry to exactly its size, so that a sanitizer sees a read past its end. */
static struct soh_entry copy_of(const uint8_t *data, size_t size)
{
    struct soh_entry entry = {WSH_ID, 1, {NULL, size}};
    uint8_t *copy = malloc(size ? size : 1);

    assert_non_null(copy);
    memcpy(copy, data, size);
    entry.attributes.data = copy;
    return entry;
}

static bool reads(const struct soh_entry *entry, bool response, struct soh_error *error)
{
    static const struct wsh_soh no_soh;
    static const struct wsh_sohr no_sohr;
    struct wsh_sohr sohr;
    struct wsh_soh soh;
    bool done;

    if (response)
    {
        if (!(done = wsh_sohr_read(entry, &sohr, error)))
            assert_memory_equal(&sohr, &no_sohr, sizeof sohr);
        return done;
    }
    if (!(done = wsh_soh_read(entry, &soh, error)))
        assert_memory_equal(&soh, &no_soh, sizeof soh);
    return done;
}

/* The sample with `size` bytes at `at` replaced by `count` others. */
static void patch(const uint8_t *sample, size_t sample_size, size_t at, size_t size,
        const uint8_t *bytes, size_t count, bool response, size_t offset, const char *rule)
{
    uint8_t changed[2048];
    struct soh_error error = {0, NULL};
    struct soh_entry entry;

    memcpy(changed, sample, at);
    memcpy(changed + at, bytes, count);
    memcpy(changed + at + count, sample + at + size, sample_size - at - size);
    entry = copy_of(changed, sample_size - size + count);
    if (reads(&entry, response, &error) != !rule)
        fail_msg("%s at %u", rule ? "accepted" : error.rule, (unsigned int)at);
    assert_false(rule && reads(&entry, response, NULL));
    if (rule)
    {
        assert_string_equal(error.rule, rule);
        assert_int_equal(error.offset, offset);
    }
    free((void *)entry.attributes.data);
}

#define SOH(at, size, bytes, offset, rule)                                                         \
    patch(sample_soh, sizeof sample_soh, at, size, bytes, false, offset, rule)
#define SOHR(at, size, bytes, offset, rule)                                                        \
    patch(sample_sohr, sizeof sample_sohr, at, size, bytes, true, offset, rule)

/* Where the sample's attributes are. */
enum
{
    AT_FLAG = 8,
    AT_VERSION = 20,
    AT_FIREWALL = 32,
    AT_NAME = 37,
    AT_STATUS = 49,
    AT_ANTIVIRUS = 57,
    AT_ANTISPYWARE = 98,
    AT_NOT_INSTALLED = 103,
    AT_AUTOMATIC = 111,
    AT_AUTOMATIC_STATUS = 116,
    AT_SECURITY = 124,
    AT_SECURITY_STATUS = 129,
    AT_SINCE = 137,
    AT_SERVER = 149,
    AT_UPDATES = 160,
    AT_END = 172
};

TEST(rules_of_a_statement)
{
    static const char id[] = "the entry begins with the System-Health-Id 79744";
    static const char vendor[] = "a vendor-specific attribute has the vendor 0x00013780";

    assert_int_equal(sizeof sample_soh, AT_END);
    SOH(7, 1, BYTES(0x81), 0, id);
    SOH(1, 1, BYTES(0x0c), 0, id);
    SOH(AT_FLAG + 1, 1, BYTES(0x0b), AT_FLAG,
            "the id is followed by the flag: a vendor and 4 bytes");
    SOH(AT_FLAG + 4, 1, BYTES(0x81), AT_FLAG, vendor);
    SOH(AT_VERSION + 4, 4, BYTES(0x80, 0x37, 0x01, 0x01), AT_VERSION, vendor);
    SOH(AT_VERSION + 3, 9, BYTES(0x07, 0x80, 0x37, 0x01, 0x00, 1, 0, 6), AT_VERSION,
            "the flag is followed by the version: a vendor and 4 bytes");
    SOH(AT_FIREWALL + 4, 1, BYTES(1), AT_FIREWALL, class_order);
    SOH(AT_FIREWALL + 3, 2, BYTES(2, 0, 0), AT_FIREWALL, class_order);
    SOH(AT_NAME + 3, 9, BYTES(0), AT_NAME, "a product's name has 1 to 512 bytes");
    SOH(AT_STATUS + 1, 1, BYTES(4), AT_STATUS,
            "a product's name is followed by its status of 4 bytes");
    SOH(AT_STATUS + 4, 4, BYTES(0xc0, 0xff, 0x00, 0x02), AT_STATUS,
            "a product's status is no error");
    /* any error, also one that no class has */
    SOH(AT_STATUS + 4, 4, BYTES(0xc0, 0x00, 0x00, 0x03), AT_STATUS,
            "a product's status is no error");
    SOH(AT_NAME, AT_ANTIVIRUS - AT_NAME, BYTES(0, 0xb, 0, 4, 0, 0, 0, 1), AT_NAME,
            "a class without products has an error as its status");
    SOH(AT_NAME, AT_ANTIVIRUS - AT_NAME, BYTES(0, 0xb, 0, 2, 0, 0), AT_NAME,
            "a class has products, or a status of 4 bytes");
    SOH(AT_NOT_INSTALLED + 7, 1, BYTES(0x10), AT_NOT_INSTALLED,
            "a class without products has an error as its status");
    SOH(AT_AUTOMATIC + 4, 1, BYTES(4), AT_AUTOMATIC, class_order);
    SOH(AT_AUTOMATIC_STATUS + 1, 1, BYTES(4), AT_AUTOMATIC_STATUS,
            "automatic updates have a status of 4 bytes");
    SOH(AT_SECURITY_STATUS + 1, 1, BYTES(4), AT_SECURITY_STATUS,
            "security updates have a status of 4 bytes");
    SOH(AT_SECURITY_STATUS + 4, 4, BYTES(0xc0, 0xff, 0, 0x0f), AT_SINCE,
            "no attribute follows the last of the specification");
    SOH(AT_SINCE + 1, 1, BYTES(0x0b), AT_SINCE,
            "security updates have the time since the last scan: a vendor and 4 bytes");
    SOH(AT_SERVER + 4, 4, BYTES(0x80, 0x37, 0x01, 0x00), AT_SERVER, vendor);
    SOH(AT_SERVER + 8, 3, BYTES('w', 0, 's'), AT_SERVER,
            "the update server's name has no NUL within");
    SOH(AT_UPDATES + 1, 1, BYTES(0x0b), AT_UPDATES,
            "security updates have their flags: a vendor and 4 bytes");
    SOH(AT_END, 0, BYTES(0), AT_END, "no attribute follows the last of the specification");
    SOH(AT_END, 0, BYTES(0, 9, 0, 1, '1'), AT_END,
            "no attribute follows the last of the specification");
}

/* What the specification leaves open is accepted. */
TEST(tolerated_in_a_statement)
{
    SOH(AT_FLAG + 4, 4, BYTES(0x00, 0x01, 0x37, 0x80), 0, NULL);          /* network order */
    SOH(AT_STATUS + 4, 4, BYTES(0x12, 0x34, 0x56, 0x77), 0, NULL);        /* 28 bits are ignored */
    SOH(AT_SERVER + 3, 8, BYTES(6, 0, 1, 0x37, 0x80, 'w', 's'), 0, NULL); /* no NUL */
    SOH(AT_SERVER, AT_UPDATES - AT_SERVER, BYTES(0, 7, 0, 4, 0, 1, 0x37, 0x80), 0, NULL);
    SOH(AT_AUTOMATIC_STATUS + 4, 4, BYTES(0, 0, 0, 9), 0, NULL); /* judged by a validator */
    SOH(AT_FLAG, 2, BYTES(0xc0, 0x07), 0, NULL);                 /* the M and R bits */
}

/* 2.2.11: the server's name is optional. */
TEST(server_may_lack)
{
    uint8_t changed[sizeof sample_soh];
    struct soh_entry entry;
    struct wsh_soh soh;

    memcpy(changed, sample_soh, AT_SERVER);
    memcpy(changed + AT_SERVER, sample_soh + AT_UPDATES, AT_END - AT_UPDATES);
    entry = copy_of(changed, sizeof changed - (AT_UPDATES - AT_SERVER));
    assert_true(wsh_soh_read(&entry, &soh, NULL));
    assert_int_equal(soh.server.size, 0);
    assert_int_equal(soh.since_scan, 3600);
    assert_int_equal(soh.updates, 0x10400);
    free((void *)entry.attributes.data);
}

/* A cut at any byte; an attribute that lacks, or comes twice. */
static void damage(const uint8_t *sample, size_t size, bool response, bool (*optional)(size_t at))
{
    struct soh_entry whole = {WSH_ID, 1, {sample, size}}, entry;
    struct soh_attribute a;
    size_t position = 0, start = 0, cut, twice;
    uint8_t changed[1024];

    for (cut = 0; cut < size; ++cut)
    {
        entry = copy_of(sample, cut);
        assert_false(reads(&entry, response, NULL));
        free((void *)entry.attributes.data);
    }
    for (; soh_next_attribute(&whole, &position, &a); start = position)
    {
        for (twice = 0; twice < 2; ++twice)
        {
            size_t kept = twice ? position : start, rest = twice ? start : position;

            memcpy(changed, sample, kept);
            memcpy(changed + kept, sample + rest, size - rest);
            entry = copy_of(changed, kept + size - rest);
            if (reads(&entry, response, NULL) && !optional(start))
                fail_msg("attribute at %u %s", (unsigned int)start, twice ? "twice" : "lacks");
            free((void *)entry.attributes.data);
        }
    }
}

/* The server's name. */
static bool is_optional_in_soh(size_t at)
{
    return at == AT_SERVER;
}

/* The failure category. */
static bool is_optional_in_sohr(size_t at)
{
    return at == 55;
}

TEST(damaged_entries_are_rejected)
{
    damage(sample_soh, sizeof sample_soh, false, is_optional_in_soh);
    damage(sample_sohr, sizeof sample_sohr, true, is_optional_in_sohr);
}

TEST(too_many_products_are_rejected)
{
    static const uint8_t product[] = {0, 10, 0, 2, 0, 'P', 0, 11, 0, 4, 0, 0, 0, 1};
    uint8_t products[WSH_MAX_PRODUCTS * sizeof product];
    size_t i;

    for (i = 0; i < WSH_MAX_PRODUCTS; ++i)
        memcpy(products + i * sizeof product, product, sizeof product);
    SOH(AT_NAME, AT_ANTIVIRUS - AT_NAME, WHOLE(products), 0, NULL);
    SOH(AT_NAME, 0, WHOLE(products), AT_NAME + sizeof products, "a class has at most 14 products");
}

TEST(too_long_texts_are_rejected)
{
    static uint8_t name[4 + WSH_MAX_NAME_SIZE + 1] = {0, 10, 0x02, 0x01};
    static uint8_t server[4 + 4 + WSH_MAX_SERVER_SIZE + 1] = {0, 7, 0x04, 0x05, 0, 1, 0x37, 0x80};

    memset(name + 4, 'n', sizeof name - 4);
    memset(server + 8, 's', sizeof server - 8);
    SOH(AT_NAME, AT_STATUS - AT_NAME, WHOLE(name), AT_NAME, "a product's name has 1 to 512 bytes");
    SOH(AT_SERVER, AT_UPDATES - AT_SERVER, WHOLE(server), AT_SERVER,
            "the update server's name has at most 1024 bytes");
}

TEST(rules_of_a_response)
{
    static const char codes[] = "a class has one compliance code, or two if it may";

    SOHR(12, 1, BYTES(1), 8, class_order);
    SOHR(16, 5, BYTES(8, 0, 0, 0, 0, 0, 0, 0, 0), 13, codes); /* two for the firewall */
    SOHR(29, 9, BYTES(6, 0, 0, 0, 0, 0, 0), 26, codes);
    SOHR(14, 1, BYTES(13), 13, codes);
    SOHR(59, 1, BYTES(1), 55, "the failure category is client component");
    SOHR(58, 2, BYTES(2, 2, 2), 55, "a failure category has one byte");
    SOHR(sizeof sample_sohr, 0, BYTES(0, 14, 0, 1, 2), sizeof sample_sohr,
            "no attribute follows the last of the specification");
    SOHR(sizeof sample_sohr, 0, BYTES(0, 3, 0, 4, 192, 0, 2, 1), 0, NULL);
}

/* ---- what is not written ---- */

static struct wsh_soh valid_soh(void)
{
    static const struct soh_entry entry = SAMPLE_ENTRY(sample_soh, SAMPLE_SOH_COUNT);
    struct wsh_soh soh;

    assert_true(wsh_soh_read(&entry, &soh, NULL));
    return soh;
}

#define REJECTS(change)                                                                            \
    do                                                                                             \
    {                                                                                              \
        struct wsh_soh soh = valid_soh();                                                          \
        change;                                                                                    \
        assert_int_equal(wsh_soh_write(&soh, buffer, sizeof buffer, &entry), WSH_INVALID);         \
        assert_int_equal(entry.count, 0);                                                          \
    } while (0)

TEST(invalid_statements_are_not_written)
{
    uint8_t buffer[512];
    struct soh_entry entry = {0};

    REJECTS(soh.classes[0].count = 0);
    REJECTS(soh.classes[0].error = E_MSSHAV_PRODUCT_NOT_INSTALLED);
    REJECTS(soh.classes[2].error = E_MSSHAV_WUA_COMM_FAILURE);
    REJECTS(soh.classes[0].products[0].status = WSH_UP_TO_DATE);
    REJECTS(soh.classes[0].products[0].status = 0x11);
    REJECTS(soh.classes[1].products[1].status = WSH_SNOOZED);
    REJECTS(soh.classes[1].products[0].name.size = 0);
    REJECTS(soh.classes[1].products[0].name.size = WSH_MAX_NAME_SIZE + 1);
    REJECTS(soh.automatic_updates = 0);
    REJECTS(soh.automatic_updates = 6);
    REJECTS(soh.automatic_updates = 0x204);
    REJECTS(soh.automatic_updates = E_MSSHAV_PRODUCT_NOT_INSTALLED);
    REJECTS(soh.security_updates = 0);
    REJECTS(soh.security_updates = E_MSSHAV_WSC_SERVICE_DOWN);
    REJECTS(soh.updates = 0x20);
    REJECTS(soh.server.size = WSH_MAX_SERVER_SIZE);
    REJECTS(soh.server.size = 3); /* with its NUL */
}

TEST(invalid_responses_are_not_written)
{
    static const struct soh_entry sample = SAMPLE_ENTRY(sample_sohr, SAMPLE_SOHR_COUNT);
    uint8_t buffer[WSH_MAX_SOHR_SIZE];
    struct soh_entry entry;
    struct wsh_sohr sohr;

    assert_true(wsh_sohr_read(&sample, &sohr, NULL));
    sohr.classes[WSH_FIREWALL].count = 2;
    assert_int_equal(wsh_sohr_write(&sohr, buffer, sizeof buffer, &entry), WSH_INVALID);
    sohr.classes[WSH_FIREWALL].count = 0;
    assert_int_equal(wsh_sohr_write(&sohr, buffer, sizeof buffer, &entry), WSH_INVALID);
    sohr.classes[WSH_FIREWALL].count = 1;
    sohr.classes[WSH_ANTIVIRUS].count = 3;
    assert_int_equal(wsh_sohr_write(&sohr, buffer, sizeof buffer, &entry), WSH_INVALID);
    sohr.classes[WSH_ANTIVIRUS].count = 2;
    sohr.classes[WSH_SECURITY_UPDATES].client_component = true;
    assert_int_equal(wsh_sohr_write(&sohr, buffer, sizeof buffer, &entry), WSH_INVALID);
}

TEST_MAIN(NULL, NULL)
