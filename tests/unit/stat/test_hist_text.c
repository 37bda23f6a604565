/* Histograms as counts and gaps: written, read, and refused. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "base/mem.h"
#include "base/rng.h"
#include "stat/hist_text.h"
#include "support/random_ns.h"

static char *text_of(const struct hist *h)
{
    struct buf text;
    buf_init(&text, HIST_TEXT_MAX);
    hist_text_write(h, &text);
    char *taken = buf_take(&text);
    buf_fini(&text);
    return taken;
}

static void counts_and_gaps(void **state)
{
    (void)state;
    static const struct {
        int64_t values_ns[4];
        size_t count;
        const char *text;
    } cases[] = {
        {{0}, 0, ""},
        {{0}, 1, "1"},
        {{5, 5, 6, 9}, 4, "+5 2 1 +2 1"},
        {{0, 255, 256, 257}, 4, "1 +254 1 2"}, /* from 256 on a bucket is two wide */
        {{HIST_MAX_NS + 1, HIST_MAX_NS + 1}, 2, "+4608 2"},
        {{HIST_MAX_NS, HIST_MAX_NS + 1}, 2, "+4561 1 +46 1"},
    };
    for (size_t i = 0; i < LEN(cases); i++) {
        struct hist *h = hist_text_new();
        struct hist *again = hist_text_new();
        struct err err;
        for (size_t k = 0; k < cases[i].count; k++)
            hist_record(h, cases[i].values_ns[k]);
        char *text = text_of(h);
        assert_string_equal(text, cases[i].text);
        assert_int_equal(hist_text_read(text, again, &err), 0);
        assert_int_equal(hist_count(again) + hist_over(again), cases[i].count);
        assert_int_equal(hist_over(again), hist_over(h));
        free(text);
        hist_free(h);
        hist_free(again);
    }
}

/* The formula of the header, which other programs use. */
static void a_bucket_is_where_the_formula_says(void **state)
{
    (void)state;
    struct hist *h = hist_text_new();
    assert_int_equal(hist_slots(h), HIST_TEXT_OVER);
    for (size_t b = 0; b < HIST_TEXT_OVER; b++)
        hist_add_at(h, b, 1);
    struct hist_bucket in = {0};
    for (size_t at = 0; hist_next(h, &at, &in);) {
        int64_t b = (int64_t)at - 1;
        int64_t e = b / 128 > 1 ? b / 128 - 1 : 0;
        assert_int_equal(in.low_ns, (b - 128 * e) * (INT64_C(1) << e));
        assert_int_equal(in.high_ns - in.low_ns + 1, INT64_C(1) << e);
    }
    char *text = text_of(h);
    assert_true(strlen(text) < HIST_TEXT_MAX);
    free(text);
    hist_free(h);
}

/* Recorded with three digits and made coarser, or recorded with two: the same. */
static void no_request_changes_its_bucket(void **state)
{
    (void)state;
    struct hist *fine = hist_new_latency();
    struct hist *want = hist_text_new();
    struct hist *got = hist_text_new();
    struct rng r;
    rng_init(&r, 7);
    for (int i = 0; i < 20000; i++) {
        int64_t ns = random_ns(&r, 2 * HIST_MAX_NS);
        hist_record(fine, ns);
        hist_record(want, ns);
    }
    hist_record(fine, HIST_MAX_NS);
    hist_record(want, HIST_MAX_NS);
    hist_text_coarsen(got, fine);
    char *want_text = text_of(want);
    char *got_text = text_of(got);
    assert_string_equal(got_text, want_text);
    free(want_text);
    free(got_text);
    hist_free(fine);
    hist_free(want);
    hist_free(got);
}

static void reading_adds(void **state)
{
    (void)state;
    struct hist *h = hist_text_new();
    struct err err;
    assert_int_equal(hist_text_read("+5 2 1 +2 1", h, &err), 0);
    assert_int_equal(hist_text_read("7 +4607 3", h, &err), 0);
    char *text = text_of(h);
    assert_string_equal(text, "7 +4 2 1 +2 1 +4598 3");
    free(text);
    hist_free(h);
}

static void other_text_is_refused(void **state)
{
    (void)state;
    static const char form[] = "the text is not counts and gaps";
    static const char buckets[] = "it has more buckets than an hour has";
    static const char requests[] = "it counts more requests than 2^53";
    static const struct {
        const char *text, *complaint;
    } cases[] = {
        {" ", form},
        {" 1", form},
        {"1 ", form},
        {"1  1", form},
        {"0", form},
        {"01", form},
        {"-1", form},
        {"1.5", form},
        {"1e3", form},
        {"1,2", form},
        {"x", form},
        {"1\n", form},
        {"+", form},
        {"+5", form},
        {"+5 ", form},
        {"+0 1", form},
        {"+05 1", form},
        {"+5 +5 1", form},
        {"1+5 1", form},
        {"++5 1", form},
        {"+ 5 1", form},
        {"12345678901234567", form},
        {"+12345678901234567 1", form},
        {"+4609 1", buckets},
        {"+4608 1 1", buckets},
        {"+4608 1 +1 1", buckets},
        {"+9999999999999999 1", buckets},
        {"9007199254740993", requests},
        {"9999999999999999", requests},
        {"9007199254740992 1", requests},
    };
    for (size_t i = 0; i < LEN(cases); i++) {
        struct hist *h = hist_text_new();
        struct err err = {0};
        if (hist_text_read(cases[i].text, h, &err) == 0)
            fail_msg("'%s' was accepted", cases[i].text);
        assert_int_equal(err.kind, ERR_USAGE);
        if (strstr(err.text, cases[i].complaint) == NULL)
            fail_msg("'%s': %s", cases[i].text, err.text);
        hist_free(h);
    }
}

/* What is accepted is written again as it was: a histogram has one text. */
static void random_text_is_refused_or_settled(void **state)
{
    (void)state;
    static const char letters[] = "+ 0123456789";
    struct rng r;
    rng_init(&r, 11);
    int accepted = 0;
    for (int i = 0; i < 50000; i++) {
        char text[12] = "";
        struct err err;
        const size_t most = LEN(text);
        size_t len = (size_t)(rng_unit(&r) * (double)most);
        for (size_t k = 0; k < len; k++)
            text[k] = letters[(size_t)(rng_unit(&r) * (double)(sizeof letters - 1))];
        struct hist *h = hist_text_new();
        if (hist_text_read(text, h, &err) == 0) {
            char *again = text_of(h);
            assert_string_equal(again, text);
            free(again);
            accepted++;
        }
        hist_free(h);
    }
    assert_in_range(accepted, 1000, 49000);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(counts_and_gaps),
        cmocka_unit_test(a_bucket_is_where_the_formula_says),
        cmocka_unit_test(no_request_changes_its_bucket),
        cmocka_unit_test(reading_adds),
        cmocka_unit_test(other_text_is_refused),
        cmocka_unit_test(random_text_is_refused_or_settled),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
