/* A damaged histogram is refused, wherever the damage is. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>
#include <zlib.h>

#include "base/base64.h"
#include "base/mem.h"
#include "base/rng.h"
#include "stat/hist.h"
#include "stat/hist_codec.h"
#include "support/hist_hex.h"

static void refuses_malformed_inner_parts(void **state)
{
    (void)state;
    static const struct {
        const char *hex, *want;
    } cases[] = {
        {"", "too short"},
        {"1c849313", "too short"},
        {"1c849314 00000001 00000000 00000003" ONE HOUR "3ff0000000000000 06", "inner cookie"},
        {"1c849301 00000001 00000000 00000003" ONE HOUR "3ff0000000000000 06", "inner cookie"},
        {HEAD("00000001", "00000000", ONE, HOUR) "06", "digits"},
        {HEAD("00000001", "00000006", ONE, HOUR) "06", "digits"},
        {HEAD("00000001", "ffffffff", ONE, HOUR) "06", "digits"},
        {HEAD("00000001", "00000003", "0000000000000000", HOUR) "06", "lowest"},
        {HEAD("00000001", "00000003", "00000000000003e8", HOUR) "06", "lowest"},
        {HEAD("00000001", "00000003", ONE, ONE) "06", "highest"},
        {HEAD("00000001", "00000003", ONE, "0000000000000000") "06", "highest"},
        {HEAD("00000001", "00000003", ONE, "8000000000000000") "06", "highest"},
        {HEAD("00000001", "00000003", ONE, "ffffffffffffffff") "06", "highest"},
        {HEAD_3("00000002") "06", "another length"},
        {HEAD_3("00000000") "06", "another length"},
        {HEAD_3("00000001") "0606", "another length"},
        {HEAD_3("ffffffff") "06", "longer than"},
        {HEAD("00004801", "00000003", ONE, "0000000000000002") "06", "longer than"},
        {HEAD_3("00000001") "80", "within a count"},
        {HEAD_3("00000008") "ffffffffffffffff", "within a count"},
        {HEAD_3("00000009") "ffffffffffffffffff", "more counts"}, /* a run of 2^63 */
        {HEAD_3("00000009") "fdffffffffffffffff", "more counts"},
        {HEAD_3("00000003") "81 9004", "more counts"}, /* one zero past the last bucket */
        {HEAD_3("00000005") "fd8f0402 02", "more counts"},
        {HEAD_3("00000004") "ff8f0402", "more counts"},
        {HEAD_3("00000004") "ff8f0400", "more counts"},
        {HEAD_3("00000004") "ff8f0401", "more counts"},
        {HEAD_3("0000000a") "03 ffffffffffffffffff", "more counts"},
        {HEAD_3("00000009") "feffffffffffffffff", "2^53"},
        {HEAD_3("00000008") "8280808080808020", "2^53"},
        {HEAD_3("00000009") "8080808080808020 02", "2^53"},
    };
    for (size_t i = 0; i < LEN(cases); i++) {
        struct err err = {0};
        struct hist *h = hist_decode_hex(cases[i].hex, &err);
        if (h != NULL || strstr(err.text, cases[i].want) == NULL)
            fail_msg("%s: got '%s', not '%s'", cases[i].hex, err.text, cases[i].want);
        assert_int_equal(err.kind, ERR_USAGE);
    }
}

static void refuses_malformed_outer_parts(void **state)
{
    (void)state;
    uint8_t plain[PLAIN_MAX] = {0};
    char *good = hist_wrap(plain, hist_from_hex(HEAD_3("00000001") "06", plain, sizeof plain));
    size_t len = 0;
    uint8_t *bytes = base64_decode(good, &len);
    assert_non_null(bytes);
    /* In each case one byte is changed, added or cut off. */
    const struct {
        size_t at;
        uint8_t value;
        size_t len;
        const char *want;
    } cases[] = {
        {0, 0x1d, len, "outer cookie"},
        {3, 0x03, len, "outer cookie"},
        {3, 0x02, len, "outer cookie"},
        {4, 0x80, len, "another length"},
        {7, 0xff, len, "another length"},
        {0, 0x1c, len + 1, "another length"},
        {0, 0x1c, len - 1, "another length"},
        {0, 0x1c, 8, "another length"},
        {0, 0x1c, 7, "outer cookie"},
        {0, 0x1c, 0, "outer cookie"},
        {8, 0x79, len, "too short"},
        {9, 0xbb, len, "too short"}, /* wants a dictionary */
        {len - 1, 0, len, "damaged"},
        {7, (uint8_t)(len - 7), len + 1, "damaged"},
        {7, (uint8_t)(len - 9), len - 1, "damaged"},
        {7, 0, 8, "too short"},
    };
    for (size_t i = 0; i < LEN(cases); i++) {
        uint8_t changed[PLAIN_MAX] = {0};
        memcpy(changed, bytes, len);
        changed[cases[i].at] = cases[i].value;
        char *text = base64_encode(changed, cases[i].len);
        struct err err = {0};
        struct hist *h = hist_decode(text, &err);
        if (h != NULL || strstr(err.text, cases[i].want) == NULL)
            fail_msg("case %zu: got '%s', not '%s'", i, err.text, cases[i].want);
        free(text);
    }
    free(bytes);
    free(good);
}

/* 16 MiB of zeros in 16 KiB: no more is unpacked than the range can need. */
static void stops_a_bomb_at_the_length_it_said(void **state)
{
    (void)state;
    size_t plain_len = (size_t)16 << 20;
    uint8_t *plain = mem_zalloc(plain_len);
    (void)hist_from_hex(HEAD_3("00000010"), plain, PLAIN_MAX);
    uLongf packed_len = compressBound(plain_len);
    uint8_t *outer = mem_zalloc(8 + packed_len);
    (void)hist_from_hex("1c849314", outer, 4);
    assert_int_equal(compress(outer + 8, &packed_len, plain, plain_len), Z_OK);
    for (size_t i = 0; i < 4; i++)
        outer[4 + i] = (uint8_t)(packed_len >> (24 - 8 * i));
    char *text = base64_encode(outer, 8 + packed_len);
    struct err err = {0};
    assert_null(hist_decode(text, &err));
    assert_non_null(strstr(err.text, "another length"));
    free(text);
    free(outer);
    free(plain);
}

static void refuses_what_is_not_base64(void **state)
{
    (void)state;
    static const char *const cases[] = {"H", "HISTFAAA=", "HIST FAA", "HISTFAAA\n", "{\"a\": 1}"};
    for (size_t i = 0; i < LEN(cases); i++) {
        struct err err = {0};
        assert_null(hist_decode(cases[i], &err));
        assert_non_null(strstr(err.text, "base64"));
    }
}

/* A histogram that was decoded can be read and written, wherever it came from. */
static void use(struct hist *h)
{
    if (h == NULL)
        return;
    assert_true(hist_count(h) <= HIST_CODEC_COUNT_MAX);
    assert_true(hist_percentile_ns(h, 0.5) <= hist_max_ns(h));
    hist_record(h, 1);
    free(hist_encode(h));
    hist_free(h);
}

static void mutate(struct rng *r, uint8_t *bytes, size_t len)
{
    for (uint64_t changes = 1 + rng_next(r) % 4; changes > 0; changes--) {
        uint8_t *byte = &bytes[rng_next(r) % len];
        uint64_t bit = UINT64_C(1) << rng_next(r) % 8;
        *byte = (uint8_t)(rng_next(r) % 2 == 0 ? rng_next(r) : *byte ^ bit);
    }
}

static void mutated_inner_parts_do_no_harm(void **state)
{
    (void)state;
    uint8_t good[PLAIN_MAX] = {0};
    size_t len = hist_from_hex(
        HEAD("0000000d", "00000002", ONE, "00000000000f4240") "06 0302 8601 ff01 ff0f04 fe03 00",
        good, sizeof good);
    struct rng r;
    rng_init(&r, 4);
    size_t taken = 0;
    for (int i = 0; i < 1000; i++) {
        uint8_t plain[PLAIN_MAX];
        memcpy(plain, good, sizeof plain);
        /* Mostly in the counts and the digits: a changed cookie is refused at once. */
        size_t from = rng_next(&r) % 4 == 0 ? 0 : 40;
        mutate(&r, plain + from, len - from);
        char *text = hist_wrap(plain, len);
        struct err err = {0};
        struct hist *h = hist_decode(text, &err);
        assert_true((h == NULL) == (err.kind == ERR_USAGE));
        taken += h != NULL;
        use(h);
        free(text);
    }
    assert_in_range(taken, 50, 950); /* some were read, some refused */
}

static void mutated_texts_do_no_harm(void **state)
{
    (void)state;
    static const char good[] = "HISTFAAAADt4nJNpmSzMwMAgysDAwMjAwMDMAAGMDAzMbgY7FjDA+EwsP+XZuJ5"
                               "PYrzAv7Ek5fslRqa//EwA3sILHQ==";
    struct rng r;
    rng_init(&r, 5);
    for (int i = 0; i < 5000; i++) {
        char text[sizeof good];
        memcpy(text, good, sizeof good);
        size_t len = 1 + rng_next(&r) % (sizeof good - 1);
        static const char letters[] = "AQgwHISTFz09+/=.";
        for (uint64_t changes = 1 + rng_next(&r) % 3; changes > 0; changes--)
            text[rng_next(&r) % (sizeof good - 1)] = letters[rng_next(&r) % (sizeof letters - 1)];
        if (i % 2 == 0)
            text[len / 4 * 4] = '\0';
        struct err err = {0};
        use(hist_decode(text, &err));
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(refuses_malformed_inner_parts),
        cmocka_unit_test(refuses_malformed_outer_parts),
        cmocka_unit_test(stops_a_bomb_at_the_length_it_said),
        cmocka_unit_test(refuses_what_is_not_base64),
        cmocka_unit_test(mutated_inner_parts_do_no_harm),
        cmocka_unit_test(mutated_texts_do_no_harm),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
