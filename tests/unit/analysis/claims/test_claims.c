/* Every claim both ways: from a comparison in which all hold, one thing at a time is changed. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "analysis/claims/claims.h"
#include "base/buf.h"
#include "base/mem.h"
#include "cases/article_cases.h"
#include "cases/claim_flips.h"
#include "support/claims_bed.h"

/* Behind our gateways all is native code, so only the originals can be judged by those claims. */
static bool is_never_told(const char *code, const char *arm)
{
    return (strcmp(code, "native-for-heavy") == 0 || strcmp(code, "five-times") == 0) &&
           strncmp(arm, "offload", 7) == 0;
}

static void expect(const struct comparison *c, size_t at, const char *arm)
{
    const struct claim *claim = claim_of(c, flips[at].code, arm);
    enum claim_verdict want =
        is_never_told(claim->code, arm) ? CLAIM_NOT_COMPARABLE : flips[at].verdict;
    if (claim->verdict != want)
        fail_msg("flip %zu, %s of %s: %s instead of %s: %s", at, claim->code, arm,
                 claim_verdict_names[claim->verdict], claim_verdict_names[want], claim->reason);
    assert_true(strlen(claim->reason) > 10);
    /* A verdict has figures to look up. */
    assert_true(claim->verdict == CLAIM_NOT_COMPARABLE || claim->nfigures > 0);
}

static void flip_arm(size_t at, const char *arm)
{
    const struct flip *flip = &flips[at];
    struct comparison c;
    claims_build(&c, flip->code, arm);
    struct arm *changed = article_case_arm(&c, claims_relative(arm, flip->whose));
    assert_non_null(changed);
    article_case_change_arm(changed, &flip->change);
    article_case_change_arm(changed, &flip->also);
    claims_add(&c);
    expect(&c, at, arm);
    comparison_fini(&c);
}

static struct comparison everything;

static int set_up(void **state)
{
    (void)state;
    article_case(&everything, article_case_names, ARTICLE_CASE_ARMS);
    claims_add(&everything);
    return 0;
}

static int tear_down(void **state)
{
    (void)state;
    comparison_fini(&everything);
    return 0;
}

static void all_hold_where_all_is_as_published(void **state)
{
    (void)state;
    assert_int_equal(everything.nclaims, 45);
    for (size_t i = 0; i < everything.nclaims; i++) {
        const struct claim *claim = &everything.claims[i];
        bool never = is_never_told(claim->code, claim->arm);
        if (claim->verdict != (never ? CLAIM_NOT_COMPARABLE : CLAIM_HOLDS))
            fail_msg("%s of %s: %s", claim->code, claim->arm, claim->reason);
        assert_true(claim->nfigures > 0 && (never || claim->measured != NULL));
    }
}

/* The reason, and behind it the rule, which stands in every reason with a verdict. */
static void reason_is(const struct claim *claim, const char *want)
{
    size_t len = strlen(want) - 1; /* without the full stop */
    const char *rule = claim->reason + len;
    if (claim->verdict == CLAIM_NOT_COMPARABLE)
        assert_string_equal(claim->reason, want);
    else if (strncmp(claim->reason, want, len) != 0 || strncmp(rule, " (holds if ", 11) != 0 ||
             strchr(rule, ')') == NULL)
        fail_msg("'%s' instead of '%s'", claim->reason, want);
}

/* One arm of each claim: what was measured, and the figures that the verdict rests on. */
static const struct {
    const char *code, *arm, *measured, *reason;
} figures[] = {
    {"loop-stalls", "inline", "/ping p99 994 ms",
     "under load, /ping has a p50 of 700 ms and a p99 of 994 ms, although one unit of work "
     "takes only 9.85 ms of CPU; with pool the p99 is 8.91 ms."},
    {"unpooled-zero", "threads", "0 in 10.0 s", "it completed 0 of 100 requests in 10.0 s."},
    {"unpooled-timeout", "threads", "200 of 200 unanswered",
     "of 200 requests in total, 0 were answered, 0 timed out, 0 failed and 200 were in flight "
     "at the end."},
    {"threads-800", ARM_EXPRESS_THREADS, "8 per request; at most 700 at once",
     "it started 800 threads for 100 requests, and at most 700 existed at once."},
    {"memory-grows", ARM_EXPRESS_THREADS, "1.90 GB",
     "its memory peaks at 1.90 GB, 190 times express-piscina (10.0 MB)."},
    {"switches-consume", "threads", "75% kernel",
     "the kernel uses 75% of its CPU, an upper bound for context switches."},
    {"pool-queue", "pool", "8.01 run, 93.0 wait",
     "on average 8.01 ran and 93.0 waited; of 10250 requests, none failed."},
    {"compute-rate", "offload", "62.8/s per core; p50 scaled to 8 cores: 40.1 ms",
     "it completes 502/s (from 500/s to 505/s) on 8 cores, 62.8/s per core, and its p50 of "
     "40.1 ms would be 40.1 ms on 8 cores; of 10250 requests, none failed."},
    {"hop-cheap", "offload", "2.78% of the CPU",
     "its gateway takes 2.78% of the server's CPU; it completes 502/s; with pool it is 502/s."},
    {"five-times", "offload", "4.99 times",
     "the p50 of pool is 200 ms, 4.99 times that of offload, 40.1 ms; both count in native code, "
     "so this is the service itself, without the difference of languages that the article's factor "
     "has."},
    {"queue-accepts", "queue", "15.1k/s at 6.03 ms",
     "its gateway accepts 15.1k/s (from 15.0k/s to 15.2k/s) with a p50 of 6.03 ms."},
    {"size-independent", "queue", "15.1k/s; with 10 times the work 15.1k/s",
     "queue-x10 accepts 15.1k/s (from 15.0k/s to 15.2k/s) with 10 times the work, queue "
     "15.1k/s (from 15.0k/s to 15.2k/s): a ratio of 1."},
    {"worker-stores", "queue", "5000 of 151k stored (3.32%) when the load ended; the rest waited",
     "when the load ended, 5000 of 151k accepted jobs had been completed by 1 worker process, "
     "0 failed and 0 were lost; the remaining 146k would take 292 s to complete (projected)."},
    {"pool-for-short", "pool", "502/s, 15.7 ms of CPU each",
     "one unit of work takes 15.7 ms of CPU; it completes 502/s (from 500/s to 505/s); of "
     "10250 requests, none failed; its /ping p99 is 8.91 ms; the best of inline, threads, pool "
     "and offload is 502/s (pool)."},
    {"native-for-heavy", "offload", NULL,
     "it runs the same machine code as pool, so there is no language difference."},
    {"native-for-heavy", ARM_OFFLOAD_RUST, NULL,
     "it and pool both count in native code, so there is no language difference."},
    {"five-times", ARM_OFFLOAD_RUST, "4.99 times",
     "the p50 of pool is 200 ms, 4.99 times that of offload-rust, 40.1 ms; both count in native "
     "code, so this is the service itself, without the difference of languages that the article's "
     "factor has."},
    {"five-times", ARM_EXPRESS_RUST, "4.99 times",
     "the p50 of express-piscina is 200 ms, 4.99 times that of express-rust, 40.1 ms."},
    {"native-for-heavy", ARM_EXPRESS_COMPUTE, "4.99 times",
     "the p50 of express-piscina is 200 ms, 4.99 times that of express-compute, 40.1 ms; a "
     "unit of work takes 14.3 ms of CPU, with express-piscina 15.7 ms."},
    {"queue-for-long", ARM_QUEUE_LARGER, "accepted in 7.96 ms (p99)",
     "99 % are accepted within 7.96 ms, the p50 of pool is 200 ms (of a request with 1/10 of the "
     "work); 0 failed and 0 were lost; "
     "its /ping p99 is 8.91 ms."},
};

static void every_claim_names_its_figures(void **state)
{
    (void)state;
    for (size_t i = 0; i < LEN(figures); i++) {
        const struct claim *claim = claim_of(&everything, figures[i].code, figures[i].arm);
        reason_is(claim, figures[i].reason);
        if (figures[i].measured == NULL)
            assert_null(claim->measured);
        else
            assert_string_equal(claim->measured, figures[i].measured);
    }
}

static void rule_is(const struct claim *claim, const char *rule)
{
    struct buf end;
    buf_init(&end, BUF_TEXT_MAX);
    buf_printf(&end, " (holds if %s).", rule);
    size_t len = strlen(claim->reason);
    assert_true(len > end.len);
    assert_string_equal(claim->reason + len - end.len, end.data);
    buf_fini(&end);
}

/* The limits themselves. The flips stand on both sides of them. */
static void every_rule_names_its_limits(void **state)
{
    (void)state;
    static const struct {
        const char *code, *arm, *rule;
    } cases[] = {
        {"loop-stalls", "inline", "that p99 is at least 100 ms and that p50 at least 10 ms"},
        {"unpooled-zero", "threads", "no round completed a request"},
        {"unpooled-timeout", "threads", "fewer than half were answered before the run ended"},
        {"threads-800", "threads",
         "8 were started per request and at least 800 in total, or 800 existed at once"},
        {"memory-grows", "threads", "it is at least 3 times the pool's, and at least 64 MB more"},
        {"switches-consume", "threads", "the kernel uses more than 50 % of the CPU"},
        {"pool-queue", "pool",
         "both are 0.8 to 1.1 times the published numbers and nothing failed"},
        {"compute-rate", "offload",
         "the rate per core is at least 49.7/s, that p50 at most 244 ms, and nothing failed"},
        {"hop-cheap", "offload", "that share is at most 10 %"},
        {"five-times", ARM_EXPRESS_RUST, "that factor is at least 4"},
        {"queue-accepts", "queue",
         "the rate is at least 12.0k/s and the p50 at most 7.5 ms, and at most 1 % was refused or "
         "lost"},
        {"size-independent", "queue", "that ratio is 0.8 to 1.25"},
        {"worker-stores", "queue",
         "a separate process completed jobs, and none failed or was lost; jobs still waiting are "
         "not judged"},
        {"pool-for-short", "pool",
         "a unit takes under 1 s, nothing failed, the probe endpoint is not blocked, and it has at "
         "least 90 % of the best work/s"},
        {"native-for-heavy", ARM_EXPRESS_COMPUTE, "that factor is at least 4"},
        {"queue-for-long", ARM_QUEUE_LARGER,
         "that p99 is below that p50, the probe endpoint is not blocked, no job failed or was "
         "lost, "
         "and at most 1 % was refused or lost"},
    };
    for (size_t i = 0; i < LEN(cases); i++)
        rule_is(claim_of(&everything, cases[i].code, cases[i].arm), cases[i].rule);
}

static void drop_times(struct result *r)
{
    hist_free(r->wait);
    hist_free(r->work);
    r->wait = r->work = NULL;
}

static void drop_probe(struct result *r)
{
    hist_free(r->probe);
    r->probe = NULL;
    r->has_probe = false;
}

/* The medians say that inline does more, and its rounds say that this may be chance. */
static void a_claim_does_not_fail_by_chance(void **state)
{
    (void)state;
    struct comparison c;
    claims_build(&c, "pool-for-short", "pool");
    struct arm *other = article_case_arm(&c, "inline");
    other->results[0].accounting.completed = 7000;
    other->results[1].accounting.completed = 4800;
    claims_add(&c);
    const struct claim *claim = claim_of(&c, "pool-for-short", "pool");
    assert_int_equal(claim->verdict, CLAIM_NOT_COMPARABLE);
    assert_non_null(strstr(claim->reason, "; the two are too close to call after 2 rounds"));
    comparison_fini(&c);
}

/* What was not measured, and has no part in the verdict, is not in the rule either. */
static void a_rule_without_a_figure_says_so(void **state)
{
    (void)state;
    static const struct {
        const char *code, *arm;
        void (*drop)(struct result *r);
        const char *rule;
    } cases[] = {
        {"pool-queue", "pool", drop_times,
         "nothing failed, which alone decides if both are missing"},
        {"queue-for-long", ARM_QUEUE_LARGER, drop_probe,
         "that p99 is below that p50, no job failed or was lost, and at most 1 % was refused or "
         "lost"},
    };
    for (size_t i = 0; i < LEN(cases); i++) {
        struct comparison c;
        claims_build(&c, cases[i].code, cases[i].arm);
        struct arm *arm = article_case_arm(&c, cases[i].arm);
        for (size_t k = 0; k < arm->nresults; k++)
            cases[i].drop(&arm->results[k]);
        claims_add(&c);
        const struct claim *claim = claim_of(&c, cases[i].code, cases[i].arm);
        assert_int_equal(claim->verdict, CLAIM_HOLDS);
        rule_is(claim, cases[i].rule);
        comparison_fini(&c);
    }
}

static void every_claim_flips(void **state)
{
    (void)state;
    for (size_t i = 0; i < nflips; i++) {
        for (size_t k = 0; k < everything.nclaims; k++) {
            if (strcmp(everything.claims[k].code, flips[i].code) == 0)
                flip_arm(i, everything.claims[k].arm);
        }
    }
}

/* A verdict that no case reaches is not tested. */
static void no_claim_and_no_verdict_is_forgotten(void **state)
{
    (void)state;
    for (size_t k = 0; k < everything.nclaims; k++) {
        const struct claim *claim = &everything.claims[k];
        size_t seen[CLAIM_VERDICT_COUNT] = {0};
        seen[claim->verdict]++;
        for (size_t i = 0; i < nflips; i++)
            seen[flips[i].verdict] += strcmp(flips[i].code, claim->code) == 0;
        for (size_t v = 0; v < CLAIM_VERDICT_COUNT; v++) {
            if (seen[v] == 0)
                fail_msg("%s: no case %s", claim->code, claim_verdict_names[v]);
        }
    }
    for (size_t i = 0; i < nflips; i++) {
        bool known = false;
        for (size_t k = 0; k < everything.nclaims; k++)
            known |= strcmp(everything.claims[k].code, flips[i].code) == 0;
        if (!known)
            fail_msg("no claim '%s'", flips[i].code);
    }
}

/* The claims of a comparison as one text, so that two comparisons can be compared. */
static char *told(const struct comparison *c)
{
    struct buf text;
    buf_init(&text, BUF_TEXT_MAX);
    for (size_t i = 0; i < c->nclaims; i++) {
        const struct claim *claim = &c->claims[i];
        buf_printf(&text, "%s %s %s %s %s %d %s\n", claim->code, claim->text,
                   claim->published == NULL ? "-" : claim->published, claim->arm,
                   claim->measured == NULL ? "-" : claim->measured, (int)claim->verdict,
                   claim->reason);
        for (size_t k = 0; k < claim->nfigures; k++)
            buf_printf(&text, "  %s %s %.17g\n", claim->figures[k].arm, claim->figures[k].metric,
                       claim->figures[k].value);
    }
    char *whole = buf_take(&text);
    buf_fini(&text);
    return whole;
}

static void twice_says_the_same_and_replaces(void **state)
{
    (void)state;
    claims_add(&everything);
    char *once = told(&everything);
    claims_add(&everything);
    char *twice = told(&everything);
    assert_string_equal(once, twice);
    free(once);
    free(twice);
}

static void rows_of_a_claim_stand_together(void **state)
{
    (void)state;
    claims_add(&everything);
    for (size_t i = 1; i < everything.nclaims; i++) {
        const struct claim *claim = &everything.claims[i];
        const struct claim *before = claim - 1;
        if (strcmp(claim->code, before->code) == 0) {
            assert_string_equal(claim->text, before->text);
            continue;
        }
        for (size_t k = 0; k < i; k++)
            assert_string_not_equal(claim->code, everything.claims[k].code);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(all_hold_where_all_is_as_published),
        cmocka_unit_test(every_claim_names_its_figures),
        cmocka_unit_test(every_rule_names_its_limits),
        cmocka_unit_test(a_claim_does_not_fail_by_chance),
        cmocka_unit_test(a_rule_without_a_figure_says_so),
        cmocka_unit_test(every_claim_flips),
        cmocka_unit_test(no_claim_and_no_verdict_is_forgotten),
        cmocka_unit_test(twice_says_the_same_and_replaces),
        cmocka_unit_test(rows_of_a_claim_stand_together),
    };
    return cmocka_run_group_tests(tests, set_up, tear_down);
}
