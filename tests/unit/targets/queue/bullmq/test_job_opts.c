/* job_opts: what a job says of its attempts, its pauses and of how long it is kept. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "base/clock.h"
#include "base/mem.h"
#include "targets/queue/bullmq/job_opts.h"

#define YEAR_MS (365LL * 24 * 3600 * 1000)

struct attempts_case {
    const char *text;
    int64_t attempts;
};

static void attempts_are(const struct attempts_case *cases, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        struct job_opts o;
        job_opts_parse(cases[i].text, &o);
        if (o.attempts != cases[i].attempts)
            fail_msg("%s: %lld attempts", cases[i].text, (long long)o.attempts);
        job_opts_fini(&o);
    }
}

static void attempts_are_read(void **state)
{
    (void)state;
    static const struct attempts_case cases[] = {
        {"{\"attempts\":1}", 1},
        {"{\"attempts\":3}", 3},
        {"{\"attempts\":7.0}", 7},
        {" {\"lifo\":true, \"attempts\" : 4} ", 4},
        {"{\"attempts\":0}", 1},
        {"{\"attempts\":-5}", 1},
        {"{\"attempts\":2147483647}", INT32_MAX},
        {"{\"attempts\":2147483648}", INT32_MAX},
        {"{\"attempts\":9223372036854775807}", INT32_MAX},
        {"{\"attempts\":1e300}", INT32_MAX},
        {"{\"attempts\":-1e300}", 1},
        {"{\"attempts\":99999999999999999999}", INT32_MAX},
        {"{\"attempts\":3,\"timestamp\":99999999999999999999}", 3},
    };
    attempts_are(cases, LEN(cases));
}

static void what_makes_no_sense_is_one_attempt(void **state)
{
    (void)state;
    static const struct attempts_case cases[] = {
        {NULL, 1},
        {"", 1},
        {"{", 1},
        {"{\"attempts\":3", 1},
        {"{\"attempts\":3}}", 1},
        {"nonsense", 1},
        {"null", 1},
        {"3", 1},
        {"\"attempts\"", 1},
        {"[3]", 1},
        {"{}", 1},
        {"{\"attempts\":null}", 1},
        {"{\"attempts\":\"3\"}", 1},
        {"{\"attempts\":true}", 1},
        {"{\"attempts\":[3]}", 1},
        {"{\"attempts\":{}}", 1},
        {"{\"Attempts\":3}", 1},
    };
    attempts_are(cases, LEN(cases));
}

static void backoffs_are_read(void **state)
{
    (void)state;
    static const struct {
        const char *text;
        enum job_backoff backoff;
        double delay_ms, jitter;
    } cases[] = {
        {"{}", JOB_BACKOFF_NONE, 0, 0},
        {"{\"backoff\":null}", JOB_BACKOFF_NONE, 0, 0},
        {"{\"backoff\":\"fixed\"}", JOB_BACKOFF_NONE, 0, 0},
        {"{\"backoff\":[5]}", JOB_BACKOFF_NONE, 0, 0},
        {"{\"backoff\":500}", JOB_BACKOFF_FIXED, 500, 0},
        {"{\"backoff\":0.5}", JOB_BACKOFF_FIXED, 0.5, 0},
        {"{\"backoff\":{\"type\":\"fixed\",\"delay\":5}}", JOB_BACKOFF_FIXED, 5, 0},
        {"{\"backoff\":{\"type\":\"fixed\"}}", JOB_BACKOFF_FIXED, 0, 0},
        {"{\"backoff\":{\"type\":\"fixed\",\"delay\":\"5\"}}", JOB_BACKOFF_FIXED, 0, 0},
        {"{\"backoff\":{\"type\":\"exponential\",\"delay\":1e3}}", JOB_BACKOFF_EXPONENTIAL, 1000,
         0},
        {"{\"backoff\":{\"delay\":7,\"jitter\":0.25,\"type\":\"exponential\"}}",
         JOB_BACKOFF_EXPONENTIAL, 7, 0.25},
        {"{\"backoff\":{\"type\":\"fixed\",\"jitter\":-1}}", JOB_BACKOFF_FIXED, 0, 0},
        {"{\"backoff\":{\"type\":\"fixed\",\"jitter\":9}}", JOB_BACKOFF_FIXED, 0, 1},
        {"{\"backoff\":{\"type\":\"fixed\",\"jitter\":\"1\"}}", JOB_BACKOFF_FIXED, 0, 0},
        {"{\"backoff\":{\"type\":\"custom\",\"delay\":5}}", JOB_BACKOFF_UNKNOWN, 5, 0},
        {"{\"backoff\":{\"type\":\"Fixed\"}}", JOB_BACKOFF_UNKNOWN, 0, 0},
        {"{\"backoff\":{\"type\":5}}", JOB_BACKOFF_UNKNOWN, 0, 0},
        {"{\"backoff\":{}}", JOB_BACKOFF_UNKNOWN, 0, 0},
    };
    for (size_t i = 0; i < LEN(cases); i++) {
        struct job_opts o;
        job_opts_parse(cases[i].text, &o);
        if (o.backoff != cases[i].backoff || o.delay_ms < cases[i].delay_ms ||
            o.delay_ms > cases[i].delay_ms || o.jitter < cases[i].jitter ||
            o.jitter > cases[i].jitter)
            fail_msg("%s: %d, %g, %g", cases[i].text, (int)o.backoff, o.delay_ms, o.jitter);
        job_opts_fini(&o);
    }
}

static void rules_of_keeping_stay_json(void **state)
{
    (void)state;
    static const struct {
        const char *value, *rule;
    } cases[] = {
        {"true", "true"},
        {"false", "false"},
        {"0", "0"},
        {"1000", "1000"},
        {"null", ""},
        {"\"a \\u00e9\"", "\"a é\""},
        {" { \"age\" : 3600 , \"count\" : 5 } ", "{\"age\":3600,\"count\":5}"},
    };
    for (size_t i = 0; i < LEN(cases); i++) {
        struct job_opts o;
        char *text = mem_printf("{\"removeOnComplete\":%s}", cases[i].value);
        job_opts_parse(text, &o);
        assert_string_equal(o.keep_completed, cases[i].rule);
        assert_string_equal(o.keep_failed, "");
        job_opts_fini(&o);
        free(text);
        text = mem_printf("{\"removeOnFail\":%s}", cases[i].value);
        job_opts_parse(text, &o);
        assert_string_equal(o.keep_completed, "");
        assert_string_equal(o.keep_failed, cases[i].rule);
        job_opts_fini(&o);
        free(text);
    }
}

/* ---- pauses ---- */

static int64_t pause_of(struct job_opts o, int64_t made)
{
    struct rng rng;
    rng_init(&rng, 1);
    return job_opts_pause_ms(&o, made, &rng);
}

static void pauses_are_by_kind(void **state)
{
    (void)state;
    static const struct {
        struct job_opts opts;
        int64_t made, pause_ms;
    } cases[] = {
        {{.attempts = 3}, 1, 0},
        {{.attempts = 3}, 2, 0},
        {{.attempts = 3}, 3, JOB_PAUSE_NEVER},
        {{.attempts = 3}, 4, JOB_PAUSE_NEVER},
        {{.attempts = 1}, 1, JOB_PAUSE_NEVER},
        {{3, JOB_BACKOFF_FIXED, 500, 0, NULL, NULL}, 1, 500},
        {{3, JOB_BACKOFF_FIXED, 500, 0, NULL, NULL}, 2, 500},
        {{3, JOB_BACKOFF_FIXED, 500, 0, NULL, NULL}, 3, JOB_PAUSE_NEVER},
        {{3, JOB_BACKOFF_FIXED, 0.4, 0, NULL, NULL}, 1, 0},
        {{3, JOB_BACKOFF_FIXED, 0.5, 0, NULL, NULL}, 1, 1},
        {{3, JOB_BACKOFF_FIXED, -500, 0, NULL, NULL}, 1, 0},
        {{9, JOB_BACKOFF_EXPONENTIAL, 1000, 0, NULL, NULL}, 1, 1000},
        {{9, JOB_BACKOFF_EXPONENTIAL, 1000, 0, NULL, NULL}, 2, 2000},
        {{9, JOB_BACKOFF_EXPONENTIAL, 1000, 0, NULL, NULL}, 5, 16000},
        {{9, JOB_BACKOFF_EXPONENTIAL, -1000, 0, NULL, NULL}, 5, 0},
        {{3, JOB_BACKOFF_UNKNOWN, 500, 0, NULL, NULL}, 1, JOB_PAUSE_NEVER},
        {{99, JOB_BACKOFF_EXPONENTIAL, 1000, 0, NULL, NULL}, 40, YEAR_MS},
        {{INT32_MAX, JOB_BACKOFF_EXPONENTIAL, 0, 0, NULL, NULL}, 5000, 0},
        {{3, JOB_BACKOFF_FIXED, 1e300, 0, NULL, NULL}, 1, YEAR_MS},
        {{9, JOB_BACKOFF_EXPONENTIAL, 1e308, 0, NULL, NULL}, 2, YEAR_MS},
        {{INT32_MAX, JOB_BACKOFF_EXPONENTIAL, 1, 0, NULL, NULL}, 5000, YEAR_MS},
    };
    for (size_t i = 0; i < LEN(cases); i++) {
        int64_t got = pause_of(cases[i].opts, cases[i].made);
        if (got != cases[i].pause_ms)
            fail_msg("case %zu: %lld ms", i, (long long)got);
    }
}

/* It makes a pause shorter by chance, and by no more than its part. */
static void jitter_has_bounds(void **state)
{
    (void)state;
    static const double jitters[] = {0.25, 1};
    for (size_t i = 0; i < LEN(jitters); i++) {
        struct job_opts o = {9, JOB_BACKOFF_EXPONENTIAL, 1000, jitters[i], NULL, NULL};
        struct rng rng;
        int64_t least = INT64_MAX;
        int64_t most = 0;
        rng_init(&rng, 20261123);
        for (int k = 0; k < 2000; k++) {
            int64_t ms = job_opts_pause_ms(&o, 3, &rng);
            least = ms < least ? ms : least;
            most = ms > most ? ms : most;
        }
        int64_t floor_ms = (int64_t)(4000 * (1 - jitters[i]));
        assert_in_range(least, floor_ms, floor_ms + 100);
        assert_in_range(most, 3900, 4000);
    }
}

/* ---- jobs of our own ---- */

static void what_is_formatted_is_read_again(void **state)
{
    (void)state;
    static const struct {
        int64_t attempts, backoff_ns;
    } cases[] = {{3, NS_PER_S}, {2, 0}, {INT32_MAX, INT64_MAX}};
    char text[JOB_OPTS_MAX];
    for (size_t i = 0; i < LEN(cases); i++) {
        struct job_opts o;
        job_opts_format(cases[i].attempts, cases[i].backoff_ns, text);
        job_opts_parse(text, &o);
        assert_int_equal(o.attempts, cases[i].attempts);
        assert_int_equal(o.backoff, JOB_BACKOFF_EXPONENTIAL);
        assert_int_equal((int64_t)o.delay_ms, cases[i].backoff_ns / NS_PER_MS);
        assert_string_equal(o.keep_completed, "");
        assert_string_equal(o.keep_failed, "");
        job_opts_fini(&o);
    }
}

/* Redis stores a job compactly while no value of it is longer than 64 bytes. */
static void what_is_formatted_is_short(void **state)
{
    (void)state;
    char text[JOB_OPTS_MAX];
    memset(text, 'x', sizeof text);
    job_opts_format(3, NS_PER_S, text);
    assert_in_range(strlen(text), 1, 64);
    job_opts_format(1, NS_PER_S, text);
    assert_string_equal(text, "{\"attempts\":1}");
    job_opts_format(INT64_MAX, INT64_MAX, text);
    assert_in_range(strlen(text), 1, JOB_OPTS_MAX - 2);
    assert_int_equal(text[strlen(text) - 1], '}'); /* not cut */
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(attempts_are_read),
        cmocka_unit_test(what_makes_no_sense_is_one_attempt),
        cmocka_unit_test(backoffs_are_read),
        cmocka_unit_test(rules_of_keeping_stay_json),
        cmocka_unit_test(pauses_are_by_kind),
        cmocka_unit_test(jitter_has_bounds),
        cmocka_unit_test(what_is_formatted_is_read_again),
        cmocka_unit_test(what_is_formatted_is_short),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
