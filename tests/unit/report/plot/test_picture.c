/* picture: what has something to show, and what the captions say. */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "base/clock.h"
#include "cases/compare_cases.h"
#include "report/plot/picture.h"
#include "report/plot/session.h"
#include "support/plot_rows.h"
#include "support/timed_arm.h"

static const struct picture *picture_of(const struct picture *table, const char *key)
{
    while (table->key != NULL && strcmp(table->key, key) != 0)
        table++;
    assert_non_null(table->key);
    return table;
}

static bool has(const struct comparison *c, const char *key)
{
    return picture_of(comparison_pictures, key)->has(c);
}

static char *text_of(void (*write)(const void *what, struct buf *out), const void *what)
{
    struct buf out;
    buf_init(&out, BUF_TEXT_MAX);
    write(what, &out);
    char *taken = buf_take(&out);
    buf_fini(&out);
    return taken;
}

static void expect_see(const struct comparison *c, const char *key, const char *want)
{
    char *text = text_of(picture_of(comparison_pictures, key)->see, c);
    assert_string_equal(text, want);
    free(text);
}

static void expect_in(const char *text, const char *part)
{
    if (strstr(text, part) == NULL)
        fail_msg("no \"%s\" in: %s", part, text);
}

static void expect_not_in(const char *text, const char *part)
{
    if (strstr(text, part) != NULL)
        fail_msg("\"%s\" in: %s", part, text);
}

static void case_of(const char *name, struct comparison *c)
{
    assert_int_equal(compare_case(name, c), 0);
}

/* --- has --- */

static void what_was_not_measured_is_not_drawn(void **state)
{
    (void)state;
    struct comparison c = timed_arm("a");
    assert_true(has(&c, "latency") && has(&c, "compare")); /* that there is nothing is shown */
    static const char *const none[] = {"percentiles", "heat",  "rate",  "server",
                                       "parts",       "probe", "queue", "generator"};
    for (size_t i = 0; i < sizeof none / sizeof none[0]; i++)
        assert_false(has(&c, none[i]));
    struct result *r = timed_round(&c, 2, 1);
    assert_true(has(&c, "percentiles") && has(&c, "rate") && has(&c, "server"));
    assert_false(has(&c, "heat") || has(&c, "queue") || has(&c, "generator") || has(&c, "parts"));
    for (size_t i = 0; i < 2; i++) {
        r->seconds[i].server_cpu_cores = r->seconds[i].server_run_wait_s = NAN;
        r->seconds[i].server_rss_bytes = r->seconds[i].server_threads = MISSING;
        r->seconds[i].server_switches = MISSING;
    }
    assert_false(has(&c, "server")); /* a server of the user's */
    (void)timed_latencies(&c, 2, 1);
    assert_true(has(&c, "heat"));
    comparison_fini(&c);
}

/* --- see: no winner that is none --- */

static void a_winner_is_named_where_it_is_told_apart(void **state)
{
    (void)state;
    struct comparison c;
    case_of("rounds", &c);
    expect_see(&c, "latency",
               "pool has the lowest p99 (310 ms); that of inline is 1.87 times as high (580 ms).");
    comparison_fini(&c);
}

static void a_tie_says_between_whom(void **state)
{
    (void)state;
    struct comparison c;
    case_of("rounds", &c);
    char *text = text_of(picture_of(comparison_pictures, "compare")->see, &c);
    expect_in(text, "pool 340; offload 334; inline 176");
    expect_in(text, "pool and offload are too close to call");
    expect_not_in(text, "most work");
    free(text);
    comparison_fini(&c);
}

/* The same rounds one arm after the other, as of files that were measured on different days. */
static void arms_of_different_times_are_not_ranked(void **state)
{
    (void)state;
    struct comparison c;
    case_of("rounds", &c);
    int64_t at_ms = 1000;
    for (size_t i = 0; i < c.narms; i++) {
        for (size_t k = 0; k < c.arms[i].nresults; k++)
            c.arms[i].results[k].started_wall_ms = at_ms += 1000;
    }
    char *text = text_of(picture_of(comparison_pictures, "latency")->see, &c);
    expect_in(text, "; not ranked.");
    expect_not_in(text, "lowest");
    free(text);
    /* Round after round, they are. */
    for (size_t i = 0; i < c.narms; i++) {
        for (size_t k = 0; k < c.arms[i].nresults; k++)
            c.arms[i].results[k].started_wall_ms = 1000 * (int64_t)(k * c.narms + i);
    }
    text = text_of(picture_of(comparison_pictures, "latency")->see, &c);
    expect_in(text, "pool has the lowest p99");
    free(text);
    comparison_fini(&c);
}

static void one_round_ranks_nothing(void **state)
{
    (void)state;
    struct comparison c;
    case_of("five", &c);
    static const char *const keys[] = {"latency", "compare"};
    for (size_t i = 0; i < 2; i++) {
        char *text = text_of(picture_of(comparison_pictures, keys[i])->see, &c);
        expect_in(text, "; not ranked.");
        free(text);
    }
    comparison_fini(&c);
}

static void a_single_arm_is_described(void **state)
{
    (void)state;
    struct comparison c = plot_simple("a", 999);
    expect_see(&c, "latency", "The p99: a 1.00 ms.");
    comparison_fini(&c);
    c = timed_arm("a");
    expect_see(&c, "latency", "The p99: not measured.");
    expect_see(&c, "heat", "Nine of ten requests took: not measured.");
    comparison_fini(&c);
}

static void over_time_each_arm_is_described(void **state)
{
    (void)state;
    struct comparison c = timed_arm("a");
    struct result *r = timed_round(&c, 3, 1);
    expect_see(&c, "percentiles", "Over the run the p99 ranged: a 3.00 ms.");
    expect_see(&c, "rate", "Responses per second: a 10, and errors: none.");
    r->accounting.timed_out = 6;
    r->accounting.non_2xx = 3;
    r->seconds[0].requests = 20;
    expect_see(&c, "rate",
               "Responses per second: a 10 to 20, and errors: a 6 without a response, 3 with "
               "another status than 2xx.");
    expect_see(&c, "server", "Under the load the servers used: a up to 1 core and 3.00 MB.");
    (void)timed_round(&c, 3, 1); /* of two rounds without latencies only the highest is known */
    expect_see(&c, "percentiles", "Over the run the highest latency ranged: a 4.00 ms to 6.00 ms.");
    comparison_fini(&c);
}

/* --- read: nothing that is not there --- */

static void read_has(const struct comparison *c, const char *key, const char *words, bool has)
{
    char *text = text_of(picture_of(comparison_pictures, key)->read, c);
    if (has)
        expect_in(text, words);
    else
        expect_not_in(text, words);
    free(text);
}

static void a_caption_explains_what_is_drawn(void **state)
{
    (void)state;
    struct comparison c = timed_arm("a");
    struct result *r = timed_round(&c, 2, 1);
    read_has(&c, "percentiles", "p50", true);
    read_has(&c, "server", "below the latency", true);
    read_has(&c, "server", "lower bounds", false);
    read_has(&c, "rate", "below are the requests", true);
    read_has(&c, "queue", "dashed", false);
    read_has(&c, "generator", "ring", false);
    read_has(&c, "compare", "log", false);
    read_has(&c, "compare", "lowest round", false);
    r->has_server = true;
    r->server.total.live_threads_only = true;
    for (size_t i = 0; i < r->nseconds; i++) {
        r->seconds[i].errors = r->seconds[i].non_2xx = 0;
        r->seconds[i].p50_ns = r->seconds[i].p99_ns = MISSING;
    }
    read_has(&c, "percentiles", "p50", false);
    read_has(&c, "percentiles", "highest latency", true);
    read_has(&c, "server", "below the latency", false);
    read_has(&c, "server", "lower bounds", true);
    read_has(&c, "rate", "below", false);
    comparison_fini(&c);
    case_of("five", &c);
    read_has(&c, "queue", "dashed", true);
    read_has(&c, "compare", "log", true);
    comparison_fini(&c);
    case_of("rounds", &c);
    read_has(&c, "compare", "lowest round", true);
    comparison_fini(&c);
}

/* The server's clock does not run before it has read a request, and a blocked one reads late. */
static void a_wait_before_the_server_is_a_wait(void **state)
{
    (void)state;
    struct comparison c = plot_simple("a", 100);
    struct result *r = &c.arms[0].results[0];
    r->wait = hist_new_latency();
    r->work = hist_new_latency();
    hist_record_n(r->wait, 1, 100);
    hist_record_n(r->work, NS_PER_MS / 100, 100);
    expect_see(&c, "parts",
               "Share of the mean that was waiting in the server, and share before the server read "
               "the request (with the network): a under 0.1 % and 99 %.");
    comparison_fini(&c);
}

/* --- any name --- */

static void a_caption_is_one_clean_line(void **state)
{
    (void)state;
    static const char right_to_left[] = {(char)0xe2, (char)0x80, (char)0xae, '\0'}; /* U+202E */
    char name[10001];
    memset(name, 'x', sizeof name - 1);
    name[sizeof name - 1] = '\0';
    static const char hostile[] = "\x1b[31m\n\t`touch ran`";
    memcpy(name, hostile, sizeof hostile - 1);
    memcpy(name + sizeof hostile - 1, right_to_left, strlen(right_to_left));
    struct comparison c = timed_arm(name);
    (void)timed_latencies(&c, 2, 1);
    for (const struct picture *p = comparison_pictures; p->key != NULL; p++) {
        char *read = text_of(p->read, &c);
        char *see = text_of(p->see, &c);
        assert_true(strlen(read) > 0 && read[strlen(read) - 1] == '.');
        assert_true(strlen(see) > 0 && see[strlen(see) - 1] == '.');
        assert_true(strlen(see) < 400);
        for (const char *at = see; *at != '\0'; at++)
            assert_true((unsigned char)*at >= ' ');
        expect_not_in(see, right_to_left);
        free(see);
        free(read);
    }
    comparison_fini(&c);
}

static void of_many_arms_some_are_named(void **state)
{
    (void)state;
    struct comparison c = plot_simple("a0", 9);
    for (size_t i = 1; i < 20; i++) {
        char name[8] = {'a', (char)('a' + (char)i), '\0'};
        struct comparison other = plot_simple(name, 9);
        (void)comparison_add_arm(&c, name);
        comparison_add_result(&c, i, 1, &other.arms[0].results[0]);
        comparison_fini(&other);
    }
    char *text = text_of(picture_of(comparison_pictures, "latency")->see, &c);
    expect_in(text, "a0 ");
    expect_in(text, "; and 12 others; not ranked.");
    free(text);
    comparison_fini(&c);
}

/* --- of a difference, and of a session --- */

static void a_shift_names_its_percentiles(void **state)
{
    (void)state;
    char name[] = "mine";
    struct shift_point points[] = {
        {.q = 0.5, .ratio = 1.02, .low = 0.99, .high = 1.05},
        {.q = 0.99, .ratio = 1.5, .low = NAN, .high = NAN, .known = SHIFT_AT_LEAST}};
    struct shift_curve curve = {.name = name, .points = points, .count = 2};
    const struct shift shift = {.curves = &curve, .count = 1};
    const struct shift_picture picture = {.shift = &shift, .captions = {"", ""}};
    char *text = text_of(shift_pictures[0].see, &picture);
    assert_string_equal(text, "NEW takes, of the time of OLD: 1.02 times at p50 (interval 0.99 to "
                              "1.05); at least 1.5 times at p99.");
    free(text);
    curve.count = 0;
    text = text_of(shift_pictures[0].see, &picture);
    assert_string_equal(text, "NEW takes, of the time of OLD: not known, for too few requests.");
    free(text);
}

static void blocks_are_counted_and_the_verdict_is_said(void **state)
{
    (void)state;
    char title[] = "p99, %";
    double changes[] = {1, 6, NAN, 7};
    const size_t redone[4] = {0};
    const struct session_panel panel = {
        .title = title, .name = "p99", .verdict = "fail", .limit = 5, .changes = changes};
    const struct session_picture picture = {
        .panels = &panel, .npanels = 1, .nblocks = 4, .redone = redone};
    const struct picture *blocks = picture_of(session_pictures, "blocks");
    assert_true(blocks->has(&picture));
    char *text = text_of(blocks->see, &picture);
    assert_string_equal(text, "Blocks beyond the limit: p99 in 2 of 4 (verdict: fail).");
    free(text);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_was_not_measured_is_not_drawn),
        cmocka_unit_test(a_winner_is_named_where_it_is_told_apart),
        cmocka_unit_test(a_tie_says_between_whom),
        cmocka_unit_test(arms_of_different_times_are_not_ranked),
        cmocka_unit_test(one_round_ranks_nothing),
        cmocka_unit_test(a_single_arm_is_described),
        cmocka_unit_test(over_time_each_arm_is_described),
        cmocka_unit_test(a_caption_explains_what_is_drawn),
        cmocka_unit_test(a_wait_before_the_server_is_a_wait),
        cmocka_unit_test(a_caption_is_one_clean_line),
        cmocka_unit_test(of_many_arms_some_are_named),
        cmocka_unit_test(a_shift_names_its_percentiles),
        cmocka_unit_test(blocks_are_counted_and_the_verdict_is_said),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
