/* The live line of a run, and of a comparison: which trial it is, what it drops first, what it does
 * not know. */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>

#include <cmocka.h>

#include "base/clock.h"
#include "base/mem.h"
#include "model/result.h"
#include "report/progress.h"
#include "report/text.h"
#include "support/report_styles.h"

/* --- of a run --- */

static void progress_leaves_out_what_does_not_fit(void **state)
{
    (void)state;
    const struct progress p = {.elapsed_ns = 3200 * NS_PER_MS,
                               .total_ns = 10 * NS_PER_S,
                               .completed = 954,
                               .requests_per_second = 298.2,
                               .p50_ns = 335 * NS_PER_MS,
                               .p99_ns = 360 * NS_PER_MS,
                               .errors = 1};
    static const struct {
        size_t width;
        const char *want;
    } cases[] = {
        {100, "━━━━━━──────────────  3/10 s  298 req/s  1 error  p50 335 ms  p99 360 ms"},
        {72, "━━━━━━──────────────  3/10 s  298 req/s  1 error  p50 335 ms  p99 360 ms"},
        {71, "━━━━━━──────────────  3/10 s  298 req/s  1 error  p50 335 ms"},
        {59, "3/10 s  298 req/s  1 error  p50 335 ms  p99 360 ms"},
        {30, "3/10 s  298 req/s  1 error"},
        {10, "3/10 s"},
        {3, ""},
        {0, ""},
    };
    for (size_t i = 0; i < LEN(cases); i++) {
        char *line = report_progress(&p, cases[i].width, &style_utf8);
        assert_string_equal(line, cases[i].want);
        assert_true(text_width(line) <= cases[i].width);
        free(line);
    }
    struct progress refused = p;
    refused.non_2xx = 1234;
    char *line = report_progress(&refused, 77, &style_ascii);
    assert_string_equal(
        line, "######--------------  3/10 s  298 req/s  1 error  1,234 non-2xx  p50 335 ms");
    free(line);
}

static void progress_knows_only_what_it_knows(void **state)
{
    (void)state;
    static const struct {
        struct progress p;
        const char *want;
    } cases[] = {
        {{.requests_per_second = NAN, .p50_ns = MISSING, .p99_ns = MISSING}, "0 s  0 errors"},
        {{.phase = "warm-up",
          .elapsed_ns = 500 * NS_PER_MS,
          .total_ns = 1500 * NS_PER_MS,
          .requests_per_second = 0,
          .p50_ns = MISSING,
          .p99_ns = MISSING,
          .errors = 12345},
         "warm-up  ######--------------  0/2 s  0 req/s  12,345 errors"},
        {{.elapsed_ns = 99 * NS_PER_S,
          .completed = 3000,
          .amount = 4000,
          .requests_per_second = 31.5,
          .p50_ns = NS_PER_MS,
          .p99_ns = 2 * NS_PER_MS},
         "###############-----  99 s  31.5 req/s  0 errors  p50 1.00 ms  p99 2.00 ms"},
        {{.elapsed_ns = 11 * NS_PER_S,
          .total_ns = 10 * NS_PER_S,
          .requests_per_second = NAN,
          .p50_ns = MISSING,
          .p99_ns = MISSING},
         "####################  11/10 s  0 errors"},
    };
    for (size_t i = 0; i < LEN(cases); i++) {
        char *line = report_progress(&cases[i].p, 80, &style_ascii);
        assert_string_equal(line, cases[i].want);
        free(line);
    }
}

/* --- of a comparison --- */

static const struct trial_place second_of_five = {
    .arm = "threads", .number = 2, .count = 5, .round = 1, .rounds = 1, .left_ns = 38 * NS_PER_S};

static void the_least_important_goes_first(void **state)
{
    (void)state;
    const struct progress p = {.place = &second_of_five,
                               .elapsed_ns = 4 * NS_PER_S,
                               .total_ns = 10 * NS_PER_S,
                               .requests_per_second = 12345,
                               .p50_ns = 335 * NS_PER_MS,
                               .p99_ns = 360 * NS_PER_MS,
                               .errors = 1};
    static const struct {
        size_t width;
        const char *want;
    } cases[] = {
        {130, "compare 2/5 threads  round 1 of 1  6 s left in this run, about 38 s left overall  "
              "12.3k req/s  1 error  "
              "p50 335 ms  p99 360 ms"},
        {105, "compare 2/5 threads  round 1 of 1  6 s left in this run, about 38 s left overall  "
              "12.3k req/s  1 error"},
        {77, "compare 2/5 threads  round 1 of 1  about 38 s left overall  12.3k req/s"},
        {40, "compare 2/5 threads  round 1 of 1"},
        {20, "compare 2/5 threads"},
        {0, ""},
    };
    for (size_t i = 0; i < LEN(cases); i++) {
        char *line = report_progress(&p, cases[i].width, &style_ascii);
        assert_string_equal(line, cases[i].want);
        assert_true(text_width(line) <= cases[i].width);
        free(line);
    }
}

static void times_are_as_good_as_they_are_known(void **state)
{
    (void)state;
    static const struct {
        int64_t total_ns, elapsed_ns, left_ns;
        const char *want;
    } cases[] = {
        {0, 0, MISSING, "compare 2/5 threads  round 1 of 1  0 errors"},
        {0, NS_PER_S, 90 * NS_PER_S,
         "compare 2/5 threads  round 1 of 1  about 90 s left overall  0 errors"},
        {10 * NS_PER_S, 0, 300 * NS_PER_S,
         "compare 2/5 threads  round 1 of 1  10 s left in this run, about 5 min left overall  0 "
         "errors"},
        {3600 * NS_PER_S, 0, 18000 * NS_PER_S,
         "compare 2/5 threads  round 1 of 1  60 min left in this run, about 5.0 h left overall  0 "
         "errors"},
        {36000 * NS_PER_S, 0, 180000 * NS_PER_S,
         "compare 2/5 threads  round 1 of 1  10.0 h left in this run, about 50.0 h left overall  0 "
         "errors"},
        /* it takes longer than estimated */
        {10 * NS_PER_S, 11 * NS_PER_S, -NS_PER_S,
         "compare 2/5 threads  round 1 of 1  0 s left in this run, about 0 s left overall  0 "
         "errors"},
    };
    for (size_t i = 0; i < LEN(cases); i++) {
        struct trial_place place = second_of_five;
        place.left_ns = cases[i].left_ns;
        char *line = report_progress(&(struct progress){.place = &place,
                                                        .total_ns = cases[i].total_ns,
                                                        .elapsed_ns = cases[i].elapsed_ns,
                                                        .requests_per_second = NAN,
                                                        .p50_ns = MISSING,
                                                        .p99_ns = MISSING},
                                     100, &style_ascii);
        assert_string_equal(line, cases[i].want);
        free(line);
    }
}

static void a_warm_up_says_so(void **state)
{
    (void)state;
    char *line = report_progress(&(struct progress){.place = &second_of_five,
                                                    .phase = "warm-up",
                                                    .total_ns = 2 * NS_PER_S,
                                                    .requests_per_second = NAN,
                                                    .p50_ns = MISSING,
                                                    .p99_ns = MISSING},
                                 100, &style_ascii);
    assert_string_equal(line, "compare 2/5 threads  round 1 of 1  warm-up  2 s left, about 38 s "
                              "left overall  0 errors");
    free(line);
}

static void a_drain_counts_down(void **state)
{
    (void)state;
    struct progress p = {.phase = "draining",
                         .elapsed_ns = 12 * NS_PER_S,
                         .jobs_left = 23412,
                         .requests_per_second = NAN,
                         .p50_ns = MISSING,
                         .p99_ns = MISSING};
    char *line = report_progress(&p, 100, &style_ascii);
    assert_string_equal(line, "draining  12 s  23,412 jobs left  0 errors");
    free(line);
    p.jobs_left = 992;
    p.jobs_per_second = 210;
    line = report_progress(&p, 100, &style_ascii);
    assert_string_equal(line, "draining  12 s  992 jobs left, 210/s, about 5 s  0 errors");
    free(line);
    p.jobs_per_second = NAN; /* in its first second */
    p.place = &second_of_five;
    p.jobs_left = 1;
    line = report_progress(&p, 100, &style_ascii);
    assert_string_equal(line, "compare 2/5 threads  round 1 of 1  draining  12 s, about 38 s "
                              "left overall  1 job left  0 errors");
    free(line);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(progress_leaves_out_what_does_not_fit),
        cmocka_unit_test(progress_knows_only_what_it_knows),
        cmocka_unit_test(the_least_important_goes_first),
        cmocka_unit_test(times_are_as_good_as_they_are_known),
        cmocka_unit_test(a_warm_up_says_so),
        cmocka_unit_test(a_drain_counts_down),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
