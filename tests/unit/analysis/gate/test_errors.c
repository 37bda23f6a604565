#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "analysis/gate/gate.h"
#include "base/mem.h"
#include "support/gate_bed.h"

/* 1000 good requests, of which each kind of error takes its part. */
static void run_of(struct result *r, int64_t non_2xx, int64_t mismatches, int64_t failed)
{
    struct accounting *a = &r->accounting;
    gate_full_run(r);
    for (size_t i = 0; i < LEN(a->statuses); i++)
        a->statuses[i] = 0;
    a->statuses[200] = 1000 - non_2xx;
    a->statuses[500] = non_2xx;
    a->non_2xx = non_2xx;
    a->mismatches = mismatches;
    a->failed[LOSS_RESET] = failed;
    a->sent = 1000 + failed;
}

/* The reason for the first threshold; `texts` end with NULL, and one with '~' before it only warns.
 */
static struct gate_outcome judged_among(const struct result *r, const char *const *texts,
                                        struct gate_threshold thresholds[4], bool allow_errors)
{
    size_t count = 0;
    for (; texts[count] != NULL; count++) {
        struct err err;
        bool warns = texts[count][0] == '~';
        assert_int_equal(gate_parse(texts[count] + warns, warns ? GATE_WARN : GATE_FAIL,
                                    &thresholds[count], &err),
                         0);
    }
    return gate_judge(&thresholds[0], r,
                      &(struct gate_policy){
                          .allow_errors = allow_errors, .thresholds = thresholds, .count = count});
}

static void a_kind_of_errors_is_excused_by_its_own_kind(void **state)
{
    (void)state;
    static const struct {
        int64_t non_2xx, mismatches, failed;
        const char *texts[4];
        enum gate_error want;
    } cases[] = {
        {10, 10, 10, {"p50>1h"}, GATE_ERROR_NONE}, /* 1 % is not over it */
        {11, 0, 0, {"p50>1h"}, GATE_ERROR_NON_2XX},
        {1000, 0, 0, {"p50>1h", "errors>0"}, GATE_ERROR_NON_2XX},
        {1000, 0, 0, {"p50>1h", "mismatches>0"}, GATE_ERROR_NON_2XX},
        {1000, 0, 0, {"p50>1h", "non2xx>1%"}, GATE_ERROR_NONE},
        {1000, 0, 0, {"p50>1h", "4xx>1%"}, GATE_ERROR_NONE},
        {1000, 0, 0, {"p50>1h", "5xx>=1%"}, GATE_ERROR_NONE},
        {1000, 0, 0, {"p50>1h", "non2xx<1%"}, GATE_ERROR_NON_2XX}, /* asks for errors */
        {1000, 0, 0, {"p50>1h", "~non2xx>1%"}, GATE_ERROR_NON_2XX},
        {1000, 0, 0, {"~p50>1h", "~non2xx>1%"}, GATE_ERROR_NONE},
        {0, 11, 0, {"p50>1h", "non2xx>0", "errors>0"}, GATE_ERROR_MISMATCH},
        {0, 11, 0, {"p50>1h", "mismatches>0"}, GATE_ERROR_NONE},
        {0, 0, 11, {"p50>1h", "non2xx>0", "mismatches>0"}, GATE_ERROR_LOSS},
        {0, 0, 11, {"p50>1h", "errors>2%"}, GATE_ERROR_NONE},
        {0, 0, 11, {"p50>1h", "failed>0"}, GATE_ERROR_NONE},
        {0, 0, 11, {"p50>1h", "timeouts>0"}, GATE_ERROR_NONE},
        {11, 11, 11, {"p50>1h", "non2xx>0", "errors>0"}, GATE_ERROR_MISMATCH},
    };
    for (size_t i = 0; i < LEN(cases); i++) {
        struct result r;
        struct gate_threshold thresholds[4];
        run_of(&r, cases[i].non_2xx, cases[i].mismatches, cases[i].failed);
        struct gate_outcome o = judged_among(&r, cases[i].texts, thresholds, false);
        if (o.error != cases[i].want)
            fail_msg("case %zu: error %d instead of %d", i, o.error, cases[i].want);
        assert_int_equal(o.reason, o.error == GATE_ERROR_NONE ? GATE_NONE : GATE_ERRORS);
        o = judged_among(&r, cases[i].texts, thresholds, true);
        assert_int_equal(o.reason, GATE_NONE); /* --allow-errors */
        result_fini(&r);
    }
}

static void only_figures_that_errors_distort_are_concerned(void **state)
{
    (void)state;
    static const struct {
        const char *texts[2];
        enum gate_reason want;
    } cases[] = {
        {{"p50>1h"}, GATE_ERRORS},
        {{"max>1h"}, GATE_ERRORS},
        {{"mean>1h"}, GATE_ERRORS},
        {{"first_byte.p50>1h"}, GATE_ERRORS},
        {{"work.p50>1h"}, GATE_ERRORS},
        {{"rps<1"}, GATE_ERRORS},
        {{"throughput<1"}, GATE_ERRORS},
        {{"completed<1"}, GATE_ERRORS},
        {{"cpu_per_request>1h"}, GATE_ERRORS},
        {{"switches_per_request>1M"}, GATE_ERRORS},
        {{"connect.p50>1h"}, GATE_NONE},
        {{"probe.p50>1h"}, GATE_NONE},
        {{"errors>100%"}, GATE_NONE},
        {{"non2xx>0"}, GATE_NONE},
        {{"rss>1GiB"}, GATE_NONE},
        {{"starved>10"}, GATE_NONE},
    };
    struct result r;
    run_of(&r, 1000, 0, 0);
    for (size_t i = 0; i < LEN(cases); i++) {
        struct gate_threshold thresholds[4];
        struct gate_outcome o = judged_among(&r, cases[i].texts, thresholds, false);
        if (o.reason != cases[i].want)
            fail_msg("%s: '%s'", cases[i].texts[0], gate_reason_codes[o.reason]);
    }
    result_fini(&r);
}

static void probes_and_jobs_have_errors_of_their_own(void **state)
{
    (void)state;
    static const struct {
        int64_t kept, opened, jobs, non_2xx; /* failed ones */
        const char *texts[4];
        enum gate_error want;
    } cases[] = {
        {500, 0, 0, 0, {"probe.p50>1h"}, GATE_ERROR_PROBE},
        {500, 0, 0, 0, {"probe.max>1h", "non2xx>0"}, GATE_ERROR_PROBE},
        {500, 0, 0, 0, {"probe.p50>1h", "probe_errors>100%"}, GATE_ERROR_NONE},
        {500, 0, 0, 0, {"probe_new.p50>1h"}, GATE_ERROR_NONE},
        {500, 0, 0, 0, {"p50>1h"}, GATE_ERROR_NONE},
        {0, 500, 0, 0, {"probe_new.p50>1h"}, GATE_ERROR_PROBE},
        {0, 500, 0, 0, {"probe.p50>1h"}, GATE_ERROR_NONE},
        {10, 0, 0, 0, {"probe.p50>1h"}, GATE_ERROR_NONE}, /* under 1 % */
        {0, 0, 0, 1000, {"probe_new.p50>1h"}, GATE_ERROR_NONE},
        {0, 0, 100, 0, {"drain_time>1h"}, GATE_ERROR_JOB},
        {0, 0, 100, 0, {"drain_time>1ms"}, GATE_ERROR_NONE}, /* all the more */
        {0, 0, 100, 0, {"drain_time<1h"}, GATE_ERROR_JOB},
        {0, 0, 100, 0, {"backlog>1M"}, GATE_ERROR_JOB},
        {0, 0, 100, 0, {"backlog_left>1M", "errors>0"}, GATE_ERROR_JOB},
        {0, 0, 100, 0, {"drain_time>1h", "jobs_failed>100%"}, GATE_ERROR_NONE},
        {0, 0, 100, 0, {"p50>1h"}, GATE_ERROR_NONE},
        {0, 0, 0, 1000, {"drain_time>1h"}, GATE_ERROR_NON_2XX},
        {0, 0, 0, 1000, {"backlog>1M", "5xx>100%"}, GATE_ERROR_NONE},
    };
    for (size_t i = 0; i < LEN(cases); i++) {
        struct result r;
        struct gate_threshold thresholds[4];
        run_of(&r, cases[i].non_2xx, 0, 0);
        gate_queue_up(&r);
        r.queue.failed = cases[i].jobs;
        r.probe_counts.all = (struct probe_fate){
            .due = 3000 + cases[i].kept + cases[i].opened,
            .completed = 3000,
            .non_2xx = cases[i].kept + cases[i].opened,
        };
        r.probe_counts.opened = (struct probe_fate){
            .due = 1000 + cases[i].opened, .completed = 1000, .non_2xx = cases[i].opened};
        struct gate_outcome o = judged_among(&r, cases[i].texts, thresholds, false);
        if (o.error != cases[i].want)
            fail_msg("case %zu: error %d instead of %d", i, o.error, cases[i].want);
        o = judged_among(&r, cases[i].texts, thresholds, true);
        assert_int_equal(o.error, GATE_ERROR_NONE); /* --allow-errors */
        result_fini(&r);
    }
}

static void what_is_crossed_all_the_more_is_judged(void **state)
{
    (void)state;
    static const struct {
        int64_t non_2xx, failed;
        const char *texts[2];
        enum gate_reason want;
    } cases[] = {
        {0, 100, {"p50>1ms"}, GATE_NONE},     {0, 100, {"p50>1h"}, GATE_ERRORS},
        {0, 100, {"p50<1h"}, GATE_ERRORS},    {100, 0, {"p50>1ms"}, GATE_ERRORS},
        {100, 100, {"p50>1ms"}, GATE_ERRORS}, {100, 0, {"rps<1G"}, GATE_NONE},
        {100, 100, {"rps<1G"}, GATE_NONE},    {100, 0, {"rps<1"}, GATE_ERRORS},
        {100, 0, {"rps>1"}, GATE_ERRORS},     {100, 0, {"cpu_per_request>1ns"}, GATE_ERRORS},
    };
    for (size_t i = 0; i < LEN(cases); i++) {
        struct result r;
        struct gate_threshold thresholds[4];
        run_of(&r, cases[i].non_2xx, 0, cases[i].failed);
        struct gate_outcome o = judged_among(&r, cases[i].texts, thresholds, false);
        if (o.reason != cases[i].want)
            fail_msg("%s: '%s'", cases[i].texts[0], gate_reason_codes[o.reason]);
        result_fini(&r);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_kind_of_errors_is_excused_by_its_own_kind),
        cmocka_unit_test(probes_and_jobs_have_errors_of_their_own),
        cmocka_unit_test(only_figures_that_errors_distort_are_concerned),
        cmocka_unit_test(what_is_crossed_all_the_more_is_judged),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
