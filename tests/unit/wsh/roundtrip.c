/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * What is written is what the tables of [MS-WSH] say, byte for byte, and is read back as it was
 * meant: hand-written samples, and every combination of the states of the five classes against a
 * reader of its own.
 */

#include <test.h>
#include <stdlib.h>
#include <string.h>

#include "libs/wsh/wsh.h"
#include "samples.h"

#define COUNT_OF(a) (sizeof(a) / sizeof *(a))

static struct soh_span name_of(const char *text, uint8_t wire[WSH_MAX_NAME_SIZE])
{
    struct soh_span name;

    assert_true(wsh_name_make(text, wire, &name));
    return name;
}

/* The statement of the sample. */
static void fill_sample(struct wsh_soh *soh)
{
    static uint8_t names[3][WSH_MAX_NAME_SIZE];
    struct wsh_products *antivirus = &soh->classes[WSH_ANTIVIRUS];

    memset(soh, 0, sizeof *soh);
    soh->flag = 3;
    soh->version = WSH_VERSION_VISTA_SP1;
    soh->classes[WSH_FIREWALL].count = 1;
    soh->classes[WSH_FIREWALL].products[0] =
            (struct wsh_product){name_of("nft", names[0]), WSH_ENABLED};
    antivirus->count = 2;
    antivirus->products[0] = (struct wsh_product){name_of("A1", names[1]), 0};
    antivirus->products[1] = (struct wsh_product){
            name_of("B\xe2\x82\xac", names[2]), WSH_ENABLED | WSH_UP_TO_DATE | WSH_SNOOZED};
    soh->classes[WSH_ANTISPYWARE].error = E_MSSHAV_PRODUCT_NOT_INSTALLED;
    soh->automatic_updates = WSH_AU_INSTALLS | WSH_AU_BY_POLICY;
    soh->security_updates = S_MSSHA_MISSING_UPDATES;
    soh->since_scan = 3600;
    soh->server = (struct soh_span){(const uint8_t *)"ws", 2};
    soh->updates = WSH_SEVERITY_CRITICAL | WSH_SOURCE_WSUS;
}

static void assert_same_span(struct soh_span a, struct soh_span b)
{
    assert_int_equal(a.size, b.size);
    if (a.size)
        assert_memory_equal(a.data, b.data, a.size);
}

static void assert_same_products(const struct wsh_products *a, const struct wsh_products *b)
{
    size_t i;

    assert_int_equal(a->count, b->count);
    assert_int_equal(a->error, b->error);
    for (i = 0; i < a->count; ++i)
    {
        assert_same_span(a->products[i].name, b->products[i].name);
        assert_int_equal(a->products[i].status, b->products[i].status);
    }
}

static void assert_same_soh(const struct wsh_soh *a, const struct wsh_soh *b)
{
    size_t i;

    assert_int_equal(a->flag, b->flag);
    assert_int_equal(a->version, b->version);
    for (i = 0; i < WSH_PRODUCT_CLASSES; ++i)
        assert_same_products(&a->classes[i], &b->classes[i]);
    assert_int_equal(a->automatic_updates, b->automatic_updates);
    assert_int_equal(a->security_updates, b->security_updates);
    assert_int_equal(a->since_scan, b->since_scan);
    assert_same_span(a->server, b->server);
    assert_int_equal(a->updates, b->updates);
}

/* 2.2.2: the values must be in the order in which they are presented. */
TEST(soh_is_written_byte_for_byte)
{
    uint8_t buffer[WSH_MAX_SOH_SIZE];
    struct soh_entry entry;
    struct wsh_soh soh;

    fill_sample(&soh);
    assert_int_equal(wsh_soh_write(&soh, buffer, sizeof buffer, &entry), WSH_OK);
    assert_int_equal(entry.id, 0x13780);
    assert_int_equal(entry.count, SAMPLE_SOH_COUNT);
    assert_int_equal(entry.attributes.size, sizeof sample_soh);
    assert_ptr_equal(entry.attributes.data, buffer);
    assert_memory_equal(buffer, sample_soh, sizeof sample_soh);
}

TEST(soh_is_read)
{
    static const struct soh_entry entry = SAMPLE_ENTRY(sample_soh, SAMPLE_SOH_COUNT);
    struct wsh_soh expected, soh;

    fill_sample(&expected);
    assert_true(wsh_soh_read(&entry, &soh, NULL));
    assert_same_soh(&soh, &expected);
}

/* Limits are of bytes that are written: nothing is written behind them. */
TEST(no_byte_is_written_past_the_limit)
{
    struct soh_entry entry = {0};
    struct wsh_soh soh;
    uint8_t *buffer;
    size_t limit;

    fill_sample(&soh);
    assert_int_equal(wsh_soh_write(&soh, NULL, 0, &entry), WSH_TOO_SMALL);
    for (limit = 1; limit < sizeof sample_soh; ++limit)
    {
        buffer = malloc(limit);
        assert_non_null(buffer);
        assert_int_equal(wsh_soh_write(&soh, buffer, limit, &entry), WSH_TOO_SMALL);
        assert_int_equal(entry.count, 0);
        free(buffer);
    }
}

/* Appendix A <3>: an SoH of Windows XP has no antispyware. */
TEST(xp_has_no_antispyware)
{
    uint8_t buffer[256];
    struct soh_entry entry;
    struct soh_attribute a;
    struct wsh_soh soh, again;
    size_t position = 0, i;

    fill_sample(&soh);
    soh.version = WSH_VERSION_XP;
    memset(&soh.classes[WSH_ANTISPYWARE], 0, sizeof soh.classes[WSH_ANTISPYWARE]);
    assert_int_equal(wsh_soh_write(&soh, buffer, sizeof buffer, &entry), WSH_OK);
    assert_int_equal(entry.count, SAMPLE_SOH_COUNT - 2);
    for (i = 0; soh_next_attribute(&entry, &position, &a); ++i)
        assert_false(a.type == SOH_ATTRIBUTE_HEALTH_CLASS && *a.value == 2);
    assert_true(wsh_soh_read(&entry, &again, NULL));
    assert_same_soh(&again, &soh);
}

/* 2.2.11: without a server the vendor is followed by a single byte of zeros. */
TEST(no_server_is_one_zero)
{
    static const uint8_t tlv[] = {0x00, 0x07, 0x00, 0x05, 0x00, 0x01, 0x37, 0x80, 0x00};
    uint8_t buffer[256];
    struct soh_entry entry;
    struct wsh_soh soh, again;

    fill_sample(&soh);
    soh.server.size = 0;
    assert_int_equal(wsh_soh_write(&soh, buffer, sizeof buffer, &entry), WSH_OK);
    assert_memory_equal(
            buffer + entry.attributes.size - 12 - sizeof tlv, tlv, sizeof tlv); /* before TLV 19 */
    assert_true(wsh_soh_read(&entry, &again, NULL));
    assert_int_equal(again.server.size, 0);
}

TEST(as_many_products_as_allowed)
{
    static const char name[] = "0123456789";
    static uint8_t buffer[WSH_MAX_SOH_SIZE], wire[WSH_MAX_NAME_SIZE];
    struct soh_entry entry;
    struct wsh_soh soh, again;
    size_t i, k;

    fill_sample(&soh);
    for (i = 0; i < WSH_PRODUCT_CLASSES; ++i)
    {
        soh.classes[i].error = 0;
        soh.classes[i].count = WSH_MAX_PRODUCTS;
        for (k = 0; k < WSH_MAX_PRODUCTS; ++k)
            soh.classes[i].products[k] = (struct wsh_product){name_of(name, wire), WSH_ENABLED};
    }
    assert_int_equal(wsh_soh_write(&soh, buffer, sizeof buffer, &entry), WSH_OK);
    assert_in_range(entry.count, 1, SOH_MAX_ATTRIBUTES);
    assert_true(wsh_soh_read(&entry, &again, NULL));
    assert_same_soh(&again, &soh);
    soh.classes[1].count = WSH_MAX_PRODUCTS + 1;
    assert_int_equal(wsh_soh_write(&soh, buffer, sizeof buffer, &entry), WSH_INVALID);
}

/* ---- every combination of states ---- */

/* A state of one class: what is given to the writer, and the value in the specification's table. */
struct state
{
    uint32_t given, value;
};

#define ERROR_CODE(value)                                                                          \
    {                                                                                              \
        value, value                                                                               \
    }

/* 2.2.9.2; 2.2.8 for the last */
#define CLASS_ERRORS                                                                               \
    ERROR_CODE(0xc0ff0002), ERROR_CODE(0xc0ff0003), ERROR_CODE(0xc0ff0018), ERROR_CODE(0x00ff0008)

/* 2.2.9.4 */
static const struct state firewall_states[] = {
        {WSH_MICROSOFT | WSH_ENABLED, 0x5},
        {WSH_MICROSOFT, 0x4},
        {WSH_MICROSOFT | WSH_ENABLED | WSH_SNOOZED, 0xd},
        {WSH_ENABLED, 0x1},
        {0, 0x0},
        {WSH_ENABLED | WSH_SNOOZED, 0x9},
        CLASS_ERRORS,
};

/* 2.2.9.3: antivirus and antispyware */
static const struct state scanner_states[] = {
        {WSH_MICROSOFT | WSH_ENABLED | WSH_UP_TO_DATE, 0x7},
        {WSH_MICROSOFT, 0x4},
        {WSH_MICROSOFT | WSH_UP_TO_DATE, 0x6},
        {WSH_MICROSOFT | WSH_ENABLED, 0x5},
        {WSH_MICROSOFT | WSH_ENABLED | WSH_SNOOZED, 0xd},
        {WSH_MICROSOFT | WSH_ENABLED | WSH_UP_TO_DATE | WSH_SNOOZED, 0xf},
        {WSH_ENABLED | WSH_UP_TO_DATE, 0x3},
        {0, 0x0},
        {WSH_UP_TO_DATE, 0x2},
        {WSH_ENABLED, 0x1},
        {WSH_ENABLED | WSH_SNOOZED, 0x9},
        {WSH_ENABLED | WSH_UP_TO_DATE | WSH_SNOOZED, 0xb},
        CLASS_ERRORS,
};

/* 2.2.9.5, 2.2.9.2 */
static const struct state automatic_states[] = {
        {WSH_AU_DISABLED, 0x1},
        {WSH_AU_CHECKS, 0x2},
        {WSH_AU_DOWNLOADS, 0x3},
        {WSH_AU_INSTALLS, 0x4},
        {WSH_AU_NEVER_CONFIGURED, 0x5},
        {WSH_AU_DISABLED | WSH_AU_BY_POLICY, 0x101},
        {WSH_AU_CHECKS | WSH_AU_BY_POLICY, 0x102},
        {WSH_AU_DOWNLOADS | WSH_AU_BY_POLICY, 0x103},
        {WSH_AU_INSTALLS | WSH_AU_BY_POLICY, 0x104},
        {WSH_AU_NEVER_CONFIGURED | WSH_AU_BY_POLICY, 0x105},
        ERROR_CODE(0xc0ff0003),
        ERROR_CODE(0xc0ff0018),
};

/* 2.2.9.1 */
static const struct state security_states[] = {
        {S_MSSHA_NO_MISSING_UPDATES, 0x00ff0005},
        {S_MSSHA_MISSING_UPDATES, 0x00ff0006},
        ERROR_CODE(0xc0ff000c),
        ERROR_CODE(0xc0ff000d),
        ERROR_CODE(0xc0ff000e),
        ERROR_CODE(0xc0ff000f),
        ERROR_CODE(0xc0ff0010),
        ERROR_CODE(0x00ff0008),
};

/* Walks the bytes by the specification's tables; knows nothing of ours. */
struct cursor
{
    const uint8_t *at, *end;
    bool is_wrong;
};

static uint32_t number(const uint8_t *p, size_t size, bool big_endian)
{
    uint32_t value = 0;
    size_t i;

    for (i = 0; i < size; ++i)
        value |= (uint32_t)p[i] << 8 * (big_endian ? size - 1 - i : i);
    return value;
}

/* A TLV of this type and size, without M and R; returns its value. */
static const uint8_t *tlv(struct cursor *c, uint32_t type, uint32_t size)
{
    static const uint8_t nothing[8];
    const uint8_t *value = c->at + 4;

    if (c->is_wrong || (size_t)(c->end - c->at) < 4 + size || number(c->at, 2, true) != type
            || number(c->at + 2, 2, true) != size)
    {
        c->is_wrong = true;
        return nothing;
    }
    c->at = value + size;
    return value;
}

static void expect(struct cursor *c, uint32_t value, uint32_t expected)
{
    c->is_wrong |= value != expected;
}

/* TLVs 2, 3, 17 and 19: machine order, which is little-endian, for vendor and number. */
static void expect_pair(struct cursor *c, uint32_t expected)
{
    const uint8_t *value = tlv(c, 7, 8);

    expect(c, number(value, 4, false), 0x00013780);
    expect(c, number(value + 4, 4, false), expected);
}

/* TLVs 4, 7, 10, 13, 15 and the status; between them the name of one product unless the state is
 * one of those that 2.2.8 names. */
static void expect_class(struct cursor *c, uint32_t health_class, uint32_t value)
{
    static const uint8_t name[] = {0, 'P', 0, 0};

    expect(c, *tlv(c, 8, 1), health_class);
    if (health_class < 3 && value != 0xc0ff0002 && value != 0xc0ff0003 && value != 0xc0ff0018
            && value != 0x00ff0008)
        c->is_wrong |= memcmp(tlv(c, 10, sizeof name), name, sizeof name) != 0;
    expect(c, number(tlv(c, 11, 4), 4, true), value);
}

static bool is_as_specified(const struct soh_entry *entry, uint32_t flag, const uint32_t values[5])
{
    struct cursor c = {
            entry->attributes.data, entry->attributes.data + entry->attributes.size, false};
    const uint8_t *server;
    uint32_t i;

    expect(&c, number(tlv(&c, 2, 4), 4, true), 79744);
    expect_pair(&c, flag);
    expect_pair(&c, 0x00060001);
    for (i = 0; i < 5; ++i)
        expect_class(&c, i, values[i]);
    if (values[4] == 0x00ff0005 || values[4] == 0x00ff0006) /* 3.2.5.2 */
    {
        expect_pair(&c, 77);
        server = tlv(&c, 7, 5); /* TLV 18, in network order */
        expect(&c, number(server, 4, true), 0x00013780);
        expect(&c, server[4], 0);
        expect_pair(&c, 0x24200);
    }
    return !c.is_wrong && c.at == c.end;
}

static void fill_class(struct wsh_products *class, struct soh_span name, const struct state *state)
{
    bool is_error = state->value > 0xf;

    class->count = !is_error;
    class->error = is_error ? state->given : 0;
    class->products[0] = (struct wsh_product){name, is_error ? 0 : state->given};
}

static void fill_updates(struct wsh_soh *soh, const struct state *state)
{
    bool is_known = state->value == 0x00ff0005 || state->value == 0x00ff0006;

    soh->security_updates = state->given;
    soh->since_scan = is_known ? 77 : 0;
    soh->updates = is_known ? WSH_SEVERITY_IMPORTANT | WSH_SOURCE_WINDOWS_UPDATE
                                      | WSH_SOURCE_MICROSOFT_UPDATE
                            : 0;
}

static bool is_read_as(const struct soh_entry *entry, const struct wsh_soh *soh)
{
    struct wsh_soh again;
    bool same;
    size_t i;

    if (!wsh_soh_read(entry, &again, NULL))
        return false;
    same = again.flag == soh->flag && again.version == soh->version
           && again.automatic_updates == soh->automatic_updates
           && again.security_updates == soh->security_updates && again.since_scan == soh->since_scan
           && again.updates == soh->updates;
    for (i = 0; i < WSH_PRODUCT_CLASSES; ++i)
        same = same && again.classes[i].count == soh->classes[i].count
               && again.classes[i].error == soh->classes[i].error
               && again.classes[i].products[0].status == soh->classes[i].products[0].status;
    return same;
}

TEST(every_combination_of_states)
{
    uint8_t wire[WSH_MAX_NAME_SIZE], buffer[256];
    struct soh_span name = name_of("P", wire);
    struct wsh_soh soh = {.version = WSH_VERSION_VISTA_SP1};
    struct soh_entry entry;
    size_t f, v, s, a, u;

    for (f = 0; f < COUNT_OF(firewall_states); ++f)
        for (v = 0; v < COUNT_OF(scanner_states); ++v)
            for (s = 0; s < COUNT_OF(scanner_states); ++s)
                for (a = 0; a < COUNT_OF(automatic_states); ++a)
                    for (u = 0; u < COUNT_OF(security_states); ++u)
                    {
                        const uint32_t values[5] = {firewall_states[f].value,
                                scanner_states[v].value, scanner_states[s].value,
                                automatic_states[a].value, security_states[u].value};

                        ++soh.flag;
                        fill_class(&soh.classes[0], name, &firewall_states[f]);
                        fill_class(&soh.classes[1], name, &scanner_states[v]);
                        fill_class(&soh.classes[2], name, &scanner_states[s]);
                        soh.automatic_updates = automatic_states[a].given;
                        fill_updates(&soh, &security_states[u]);
                        if (wsh_soh_write(&soh, buffer, sizeof buffer, &entry) != WSH_OK
                                || !is_as_specified(&entry, soh.flag, values)
                                || !is_read_as(&entry, &soh))
                            fail_msg("firewall %x, antivirus %x, antispyware %x, automatic %x, "
                                     "security %x",
                                    (unsigned int)values[0], (unsigned int)values[1],
                                    (unsigned int)values[2], (unsigned int)values[3],
                                    (unsigned int)values[4]);
                    }
    assert_int_equal(soh.flag, 10 * 16 * 16 * 12 * 8);
}

/* ---- the response ---- */

static const struct wsh_sohr sample_response = {
        true, {
                      {{0}, 1, false},
                      {{E_MSSHV_THIRD_PARTY_PRODUCT_NOT_ENABLED,
                               E_MSSHV_THIRD_PARTY_PRODUCT_NOT_UPTODATE},
                              2, false},
                      {{E_MSSHAV_PRODUCT_NOT_INSTALLED, 0}, 2, true},
                      {{0}, 1, false},
                      {{E_MSSHV_SYNC_AND_INSTALL_UPDATES, WSH_SEVERITY_IMPORTANT}, 2, false},
              }};

static void assert_same_response(const struct wsh_sohr *a, const struct wsh_sohr *b)
{
    size_t i, k;

    assert_int_equal(a->has_antispyware, b->has_antispyware);
    for (i = 0; i < WSH_CLASSES; ++i)
    {
        assert_int_equal(a->classes[i].count, b->classes[i].count);
        assert_int_equal(a->classes[i].client_component, b->classes[i].client_component);
        for (k = 0; k < a->classes[i].count; ++k)
            assert_int_equal(a->classes[i].codes[k], b->classes[i].codes[k]);
    }
}

TEST(response_is_written_byte_for_byte)
{
    uint8_t buffer[WSH_MAX_SOHR_SIZE];
    struct soh_entry entry;

    assert_int_equal(wsh_sohr_write(&sample_response, buffer, sizeof buffer, &entry), WSH_OK);
    assert_int_equal(entry.count, SAMPLE_SOHR_COUNT);
    assert_int_equal(entry.attributes.size, sizeof sample_sohr);
    assert_memory_equal(buffer, sample_sohr, sizeof sample_sohr);
    assert_int_equal(wsh_sohr_write(&sample_response, buffer, sizeof sample_sohr - 1, &entry),
            WSH_TOO_SMALL);
}

TEST(response_is_read)
{
    static const struct soh_entry entry = SAMPLE_ENTRY(sample_sohr, SAMPLE_SOHR_COUNT);
    struct wsh_sohr sohr;

    assert_true(wsh_sohr_read(&entry, &sohr, NULL));
    assert_same_response(&sohr, &sample_response);
}

/* Each class may have each of its codes and, but for security updates, a failure category. */
TEST(every_verdict_of_a_class)
{
    static const uint32_t codes[] = {0, 0xc0ff0001, 0xc0ff0002, 0xc0ff0003, 0xc0ff0004, 0xc0ff0007,
            0xc0ff000c, 0xc0ff000d, 0xc0ff000e, 0xc0ff000f, 0xc0ff0010, 0xc0ff0012, 0xc0ff0018,
            0xc0ff0047, 0xc0ff0048, 0xc0ff004e, 0xc0ff004f, 0xc0ff0050, 0xc0ff0051, 0x00ff0008};
    uint8_t buffer[WSH_MAX_SOHR_SIZE];
    struct wsh_sohr sohr, again;
    struct soh_entry entry;
    size_t class, i, k, has_category;
    bool is_single;

    for (class = 0; class < WSH_CLASSES; ++class)
    {
        is_single = class == WSH_FIREWALL || class == WSH_AUTOMATIC_UPDATES;
        for (has_category = 0; has_category < (class == WSH_SECURITY_UPDATES ? 1 : 2);
                ++has_category)
            for (i = 0; i < COUNT_OF(codes); ++i)
                for (k = 0; k < (is_single ? 1 : COUNT_OF(codes)); ++k)
                {
                    sohr = sample_response;
                    sohr.has_antispyware = class == WSH_ANTISPYWARE || i % 2;
                    if (!sohr.has_antispyware)
                        memset(&sohr.classes[WSH_ANTISPYWARE], 0, sizeof sohr.classes[0]);
                    sohr.classes[class].codes[0] = codes[i];
                    sohr.classes[class].codes[1] = codes[k];
                    sohr.classes[class].count = is_single ? 1 : 1 + k % 2;
                    sohr.classes[class].client_component = has_category;
                    assert_int_equal(wsh_sohr_write(&sohr, buffer, sizeof buffer, &entry), WSH_OK);
                    assert_true(wsh_sohr_read(&entry, &again, NULL));
                    assert_same_response(&again, &sohr);
                }
    }
}

TEST_MAIN(NULL, NULL)
