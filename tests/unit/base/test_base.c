/* The small modules of the base floor: buf, err, str, rng, clock. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/time.h>

#include <cmocka.h>

#include "base/buf.h"
#include "base/clock.h"
#include "base/err.h"
#include "base/mem.h"
#include "base/rng.h"
#include "base/str.h"

static void buf_stops_at_its_ceiling(void **state)
{
    (void)state;
    struct buf b;
    buf_init(&b, 10);
    assert_string_equal(b.data, "");
    buf_puts(&b, "12345");
    buf_printf(&b, "%d", 678);
    assert_string_equal(b.data, "12345678");
    buf_puts(&b, "abc");
    assert_true(b.overflow);
    assert_string_equal(b.data, "12345678");
    buf_clear(&b);
    buf_pad(&b, '.', 10);
    assert_false(b.overflow);
    assert_int_equal(b.len, 10);
    char *taken = buf_take(&b);
    assert_string_equal(taken, "..........");
    assert_int_equal(b.len, 0);
    free(taken);
    buf_fini(&b);
}

static void err_wraps_and_cuts(void **state)
{
    (void)state;
    struct err err;
    assert_int_equal(err_set(&err, ERR_USAGE, "no %s", "way"), -1);
    assert_int_equal(err_wrap(&err, "--%s", "rate"), -1);
    assert_string_equal(err.text, "--rate: no way");
    assert_int_equal(err.kind, ERR_USAGE);
    char big[1000];
    memset(big, 'x', sizeof big - 1);
    big[sizeof big - 1] = '\0';
    (void)err_wrap(&err, "%s", big);
    assert_int_equal(strlen(err.text), sizeof err.text - 1);
    (void)err_set(&err, ERR_INVALID, "%s", big);
    (void)err_wrap(&err, "context");
    assert_int_equal(strlen(err.text), sizeof err.text - 1);
    assert_int_equal(strncmp(err.text, "context: xx", 11), 0);
}

static void exit_codes_are_as_documented(void **state)
{
    (void)state;
    assert_int_equal(err_exit_code(ERR_GATE), 1);
    assert_int_equal(err_exit_code(ERR_USAGE), 2);
    assert_int_equal(err_exit_code(ERR_INCONCLUSIVE), 3);
    assert_int_equal(err_exit_code(ERR_INCOMPARABLE), 4);
    assert_int_equal(err_exit_code(ERR_INVALID), 5);
    assert_int_equal(err_exit_code(ERR_INTERRUPTED), 130);
}

static void distance_counts_edits(void **state)
{
    (void)state;
    static const struct {
        const char *a, *b;
        size_t want;
    } cases[] = {
        {"", "", 0},    {"abc", "abc", 0},        {"abc", "abd", 1}, {"abc", "acb", 1},
        {"abc", "", 3}, {"kitten", "sitting", 3}, {"ca", "abc", 3},  {"pool", "polo", 1},
    };
    for (size_t i = 0; i < LEN(cases); i++) {
        assert_int_equal(str_distance(cases[i].a, cases[i].b), cases[i].want);
        assert_int_equal(str_distance(cases[i].b, cases[i].a), cases[i].want);
    }
}

static void nearest_is_near_or_nothing(void **state)
{
    (void)state;
    static const char *const words[] = {"inline", "threads", "pool", "offload", "queue", NULL};
    assert_string_equal(str_nearest("polo", words), "pool");
    assert_string_equal(str_nearest("thread", words), "threads");
    assert_string_equal(str_nearest("que", words), "queue");
    assert_null(str_nearest("zebra", words));
    assert_null(str_nearest("x", words));
}

static void a_suggestion_names_the_nearest(void **state)
{
    (void)state;
    static const char *const words[] = {"run", "report", NULL};
    static const struct {
        const char *word, *shape, *want;
    } cases[] = {
        {"rnu", "--*?", "; did you mean --run?"},
        {"repot", "'*'?", "; did you mean 'report'?"},
        {"rnu", "*", "; did you mean run"},
        {"zebra", "'*'?", "; see --help"},
    };
    for (size_t i = 0; i < LEN(cases); i++) {
        char *text = str_suggest(cases[i].word, words, cases[i].shape, "; see --help");
        assert_string_equal(text, cases[i].want);
        free(text);
    }
}

static void utf8_is_told_from_other_bytes(void **state)
{
    (void)state;
    static const struct {
        const char *text;
        bool want;
    } cases[] = {
        {"", true},
        {"abc", true},
        {"\xc3\xa4", true},
        {"\xe2\x82\xac", true},
        {"\xf0\x9f\x98\x80", true},
        {"\xc3", false},
        {"\x80", false},
        {"\xc0\xaf", false},
        {"\xed\xa0\x80", false},
        {"\xf4\x90\x80\x80", false},
        {"\xff", false},
        {"\xe2\x82", false},
        {"a\xe2\x28\xa1", false},
    };
    for (size_t i = 0; i < LEN(cases); i++)
        assert_int_equal(str_is_utf8(cases[i].text, strlen(cases[i].text)), cases[i].want);
}

static void control_characters_do_not_reach_a_terminal(void **state)
{
    (void)state;
    /* U+202E and U+2066; spelled so, they mislead nobody who reads this. */
    static const char turns[] = {'a', '\xe2', '\x80', '\xae', '\0'};
    static const char isolates[] = {'\xe2', '\x81', '\xa6', '\0'};
    static const struct {
        const char *text, *want;
    } cases[] = {
        {"plain text\n", "plain text\n"},
        {"\x1b[31mred\x7f", "?[31mred?"},
        {"\xc2\x9b[31m", "??[31m"},
        {"gr\xc3\xbcn", "gr\xc3\xbcn"},
        {"no utf8: \xff\xc2", "no utf8: ??"},
        {"\xc2\xa0", "\xc2\xa0"},
        {turns, "a???"},
        {"\xe2\x80\x8b", "???"},
        {isolates, "???"},
        {"\xef\xbb\xbf", "???"},
        {"\xe2\x80\xa7", "\xe2\x80\xa7"},
        {"\xe2\x81\xaa", "\xe2\x81\xaa"},
        {"\xef\xbb\xbe", "\xef\xbb\xbe"},
        {"\xe2\x86\x92", "\xe2\x86\x92"},
    };
    for (size_t i = 0; i < LEN(cases); i++) {
        char *text = mem_strdup(cases[i].text);
        str_make_printable(text, strlen(text));
        assert_string_equal(text, cases[i].want);
        free(text);
    }
}

static void rng_repeats_by_seed(void **state)
{
    (void)state;
    struct rng a;
    struct rng b;
    rng_init(&a, 7);
    rng_init(&b, 7);
    double sum = 0;
    for (int i = 0; i < 10000; i++) {
        double x = rng_unit(&a);
        assert_true(x >= 0 && x < 1);
        assert_true(x == rng_unit(&b));
        sum += x;
    }
    assert_true(sum > 4800 && sum < 5200);
    rng_init(&a, 0);
    assert_true(rng_next(&a) == UINT64_C(0xe220a8397b1dcdaf)); /* the reference's first number */
}

static void hexadecimal_text_is_random(void **state)
{
    (void)state;
    char a[33];
    char b[33];
    memset(a, 'x', sizeof a);
    assert_int_equal(rng_hex(a, 16), 0);
    assert_int_equal(rng_hex(b, 16), 0);
    assert_int_equal(strlen(a), 32);
    assert_int_equal(strspn(a, "0123456789abcdef"), 32);
    assert_string_not_equal(a, b);
    assert_int_equal(rng_hex(a, 0), 0);
    assert_string_equal(a, "");
}

static void the_clock_moves_and_writes_dates(void **state)
{
    (void)state;
    char text[32];
    int64_t first_ns = clock_now_ns();
    assert_true(clock_now_ns() >= first_ns);
    clock_format_wall(INT64_C(1782000000123), text, sizeof text);
    assert_string_equal(text, "2026-06-21T00:00:00.123Z");
    const struct timeval time = {.tv_sec = 3, .tv_usec = 250000};
    assert_true(clock_timeval_s(&time) == 3.25);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(buf_stops_at_its_ceiling),
        cmocka_unit_test(err_wraps_and_cuts),
        cmocka_unit_test(exit_codes_are_as_documented),
        cmocka_unit_test(distance_counts_edits),
        cmocka_unit_test(nearest_is_near_or_nothing),
        cmocka_unit_test(a_suggestion_names_the_nearest),
        cmocka_unit_test(utf8_is_told_from_other_bytes),
        cmocka_unit_test(control_characters_do_not_reach_a_terminal),
        cmocka_unit_test(rng_repeats_by_seed),
        cmocka_unit_test(hexadecimal_text_is_random),
        cmocka_unit_test(the_clock_moves_and_writes_dates),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
