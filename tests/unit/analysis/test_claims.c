/* Every claim both ways: from a comparison in which all hold, one thing at a time is changed. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "analysis/claims/claims.h"
#include "analysis/findings/findings.h"
#include "base/buf.h"
#include "base/mem.h"
#include "cases/article_cases.h"
#include "cases/claim_flips.h"

/* Ours count in C everywhere, so that claim can be told by the originals alone. */
static bool is_never_told(const char *code, const char *arm)
{
    return strcmp(code, "native-for-heavy") == 0 && strcmp(arm, "offload") == 0;
}

static const char *relative(const char *arm, enum whose whose)
{
    bool original = strncmp(arm, "express-", 8) == 0;
    switch (whose) {
    case POOL_OF:
        return original ? ARM_EXPRESS_PISCINA : "pool";
    case LARGER_OF:
        return original ? ARM_EXPRESS_QUEUE_X10 : ARM_QUEUE_LARGER;
    case INLINE_OF:
        return original ? ARM_EXPRESS_INLINE : "inline";
    case OWN:
        break;
    }
    return arm;
}

static const struct claim *find(const struct comparison *c, const char *code, const char *arm)
{
    for (size_t i = 0; i < c->nclaims; i++) {
        if (strcmp(c->claims[i].code, code) == 0 && strcmp(c->claims[i].arm, arm) == 0)
            return &c->claims[i];
    }
    fail_msg("no claim '%s' of %s", code, arm);
    return NULL;
}

/* No more than the claim needs: histograms are large. */
static void build(struct comparison *c, const char *code, const char *arm)
{
    bool larger = strcmp(code, "size-independent") == 0;
    const char *const names[] = {arm, relative(arm, POOL_OF), relative(arm, INLINE_OF),
                                 larger ? relative(arm, LARGER_OF) : NULL};
    article_case(c, names, LEN(names));
}

static void expect(const struct comparison *c, size_t at, const char *arm)
{
    const struct claim *claim = find(c, flips[at].code, arm);
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
    build(&c, flip->code, arm);
    struct arm *changed = article_case_arm(&c, relative(arm, flip->whose));
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
    assert_int_equal(everything.nclaims, 37);
    for (size_t i = 0; i < everything.nclaims; i++) {
        const struct claim *claim = &everything.claims[i];
        bool never = is_never_told(claim->code, claim->arm);
        if (claim->verdict != (never ? CLAIM_NOT_COMPARABLE : CLAIM_HOLDS))
            fail_msg("%s of %s: %s", claim->code, claim->arm, claim->reason);
        assert_true(claim->nfigures > 0 && (never || claim->measured != NULL));
    }
}

/* A reason that ends with the rule, which every verdict is told with. */
static void reason_is(const struct claim *claim, const char *want)
{
    size_t len = strlen(want) - 1; /* without the full stop */
    const char *rule = claim->reason + len;
    if (claim->verdict == CLAIM_NOT_COMPARABLE)
        assert_string_equal(claim->reason, want);
    else if (strncmp(claim->reason, want, len) != 0 || strncmp(rule, " (holds when ", 13) != 0 ||
             strchr(rule, ')') == NULL)
        fail_msg("'%s' instead of '%s'", claim->reason, want);
}

/* One of each: what was measured, and the figures that the verdict rests on. */
static void every_claim_names_its_figures(void **state)
{
    (void)state;
    static const struct {
        const char *code, *arm, *measured, *reason;
    } cases[] = {
        {"loop-stalls", "inline", "/ping p99 994 ms",
         "under load half of the /ping requests take 700 ms or more, and their p99 is 994 ms, "
         "though one unit of work takes only 9.85 ms of CPU; with pool the p99 is 8.91 ms."},
        {"unpooled-zero", "threads", "0 in 10.0 s", "it completed 0 of 100 requests in 10.0 s."},
        {"unpooled-timeout", "threads", "200 of 200 unanswered",
         "of 200 requests in all 0 were answered, 0 timed out, 0 failed and 200 were open at the "
         "end."},
        {"threads-800", ARM_EXPRESS_THREADS, "8 a request; at most 700 at once",
         "it started 800 threads for 100 requests, and at most 700 lived at once."},
        {"memory-grows", ARM_EXPRESS_THREADS, "1.90 GB",
         "its memory peaks at 1.90 GB, 190 times the 10.0 MB of express-piscina."},
        {"switches-consume", "threads", "75% kernel",
         "the kernel takes 75% of its CPU, and switching can be no more than that."},
        {"pool-queue", "pool", "8.01 run, 93.0 wait",
         "on average 8.01 ran and 93.0 waited; of 10250 requests none failed."},
        {"compute-rate", "offload", "62.8/s a core; p50 as on 8 cores 40.1 ms",
         "it completes 502/s (from 500/s to 505/s) on 8 cores, 62.8/s a core, and its p50 of 40.1 "
         "ms would be 40.1 ms on 8; of 10250 requests none failed."},
        {"hop-cheap", "offload", "2.78% of the CPU",
         "its gateway takes 2.78% of the server's CPU; the whole completes 502/s; with pool it is "
         "502/s."},
        {"five-times", "offload", "4.99 times",
         "the p50 of pool is 200 ms, 4.99 times that of offload, 40.1 ms."},
        {"queue-accepts", "queue", "15.1k/s at 6.03 ms",
         "its gateway accepts 15.1k/s (from 15.0k/s to 15.2k/s) with a p50 of 6.03 ms."},
        {"size-independent", "queue", "15.1k/s; of 10 times the work 15.1k/s",
         "queue-x10 accepts 15.1k/s (from 15.0k/s to 15.2k/s) jobs of 10 times the work, queue "
         "15.1k/s (from 15.0k/s to 15.2k/s): a ratio of 1."},
        {"worker-stores", "queue", "5000 stored of 151k",
         "when the load ended 5000 of 151k accepted jobs were done by 1 worker process, 0 failed "
         "and 0 were lost; accepted is not completed: the other 146k would take 292 s "
         "(projected)."},
        {"pool-for-short", "pool", "502/s, 15.7 ms of CPU each",
         "one unit of work takes 15.7 ms of CPU; it completes 502/s (from 500/s to 505/s); of "
         "10250 requests none failed; its light path's p99 is 8.91 ms; the most of inline, "
         "threads, pool and offload is 502/s (pool)."},
        {"native-for-heavy", "offload", NULL,
         "pool and it run the same machine code, so the language makes no difference."},
        {"native-for-heavy", ARM_EXPRESS_COMPUTE, "4.99 times",
         "the p50 of express-piscina is 200 ms, 4.99 times that of express-compute, 40.1 ms; a "
         "unit of work takes 14.3 ms of CPU, there 15.7 ms."},
        {"queue-for-long", ARM_QUEUE_LARGER, "accepted in 7.96 ms (p99)",
         "99 % are accepted within 7.96 ms, the p50 of pool is 200 ms; 0 failed and 0 were lost; "
         "its light path's p99 is 8.91 ms."},
    };
    for (size_t i = 0; i < LEN(cases); i++) {
        const struct claim *claim = find(&everything, cases[i].code, cases[i].arm);
        reason_is(claim, cases[i].reason);
        if (cases[i].measured == NULL)
            assert_null(claim->measured);
        else
            assert_string_equal(claim->measured, cases[i].measured);
    }
}

static void rule_is(const struct claim *claim, const char *rule)
{
    struct buf end;
    buf_init(&end, BUF_TEXT_MAX);
    buf_printf(&end, " (holds when %s).", rule);
    size_t len = strlen(claim->reason);
    assert_true(len > end.len);
    assert_string_equal(claim->reason + len - end.len, end.data);
    buf_fini(&end);
}

/* The limits themselves, which the flips have on both sides. */
static void every_rule_names_its_limits(void **state)
{
    (void)state;
    static const struct {
        const char *code, *arm, *rule;
    } cases[] = {
        {"loop-stalls", "inline",
         "their p99 is 100 ms or more and half of them take 10 ms or more"},
        {"unpooled-zero", "threads", "no round completed any"},
        {"unpooled-timeout", "threads", "fewer than half were answered before the run ended"},
        {"threads-800", "threads",
         "8 were started for each request and 800 or more in all, or 800 lived at once"},
        {"memory-grows", "threads", "it is 3 times the pool's or more, and 64 MB more or more"},
        {"switches-consume", "threads", "more than 50 % of the CPU is the kernel's"},
        {"pool-queue", "pool", "both are 0.8 to 1.1 times what was published and nothing failed"},
        {"compute-rate", "offload",
         "the rate a core is 49.7/s or more, that p50 244 ms or less, and nothing failed"},
        {"hop-cheap", "offload", "that is 10 % or less"},
        {"five-times", "offload", "that is 4 times or more"},
        {"queue-accepts", "queue",
         "that is 12.0k/s or more and 7.5 ms or less, and at most 1 % was refused or lost"},
        {"size-independent", "queue", "that ratio is 0.8 to 1.25"},
        {"worker-stores", "queue",
         "jobs were done by a process of their own, and none failed or was lost"},
        {"pool-for-short", "pool",
         "a unit is under 1 s, nothing failed, that p99 is no blocked path's, and it has 90 % of "
         "the most work/s"},
        {"native-for-heavy", ARM_EXPRESS_COMPUTE, "that is 4 times or more"},
        {"queue-for-long", ARM_QUEUE_LARGER,
         "that p99 is the shorter one, the light path is free, no job failed or was lost, and at "
         "most 1 % was refused or lost"},
    };
    for (size_t i = 0; i < LEN(cases); i++)
        rule_is(find(&everything, cases[i].code, cases[i].arm), cases[i].rule);
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
         "nothing failed, which decides alone where both are missing"},
        {"queue-for-long", ARM_QUEUE_LARGER, drop_probe,
         "that p99 is the shorter one, no job failed or was lost, and at most 1 % was refused or "
         "lost"},
    };
    for (size_t i = 0; i < LEN(cases); i++) {
        struct comparison c;
        build(&c, cases[i].code, cases[i].arm);
        struct arm *arm = article_case_arm(&c, cases[i].arm);
        for (size_t k = 0; k < arm->nresults; k++)
            cases[i].drop(&arm->results[k]);
        claims_add(&c);
        const struct claim *claim = find(&c, cases[i].code, cases[i].arm);
        assert_int_equal(claim->verdict, CLAIM_HOLDS);
        rule_is(claim, cases[i].rule);
        comparison_fini(&c);
    }
}

static double figure_of(const struct figure *figures, size_t count, const char *metric)
{
    for (size_t i = 0; i < count; i++) {
        if (strcmp(figures[i].metric, metric) == 0)
            return figures[i].value;
    }
    fail_msg("no figure '%s'", metric);
    return 0;
}

/* One page has both: the gateway counts jobs whose reply came too late, and rounds differ. */
static void claims_say_of_a_queue_what_the_findings_say(void **state)
{
    (void)state;
    static const char *const names[] = {"queue"};
    struct comparison c;
    article_case(&c, names, LEN(names));
    struct result *r = &c.arms[0].results[1];
    r->queue.accepted += 100;
    r->queue.completed = 500;
    r->queue.completed_per_s = 50;
    r->queue.backlog_end = r->queue.backlog_start + r->queue.accepted - 500;
    r->queue.drain_s = (double)r->queue.backlog_end / 50;
    claims_add(&c);
    findings_add(&c);
    size_t at = 0;
    while (at < c.nfindings && strcmp(c.findings[at].code, "backlog") != 0)
        at++;
    assert_true(at < c.nfindings);
    const struct finding *backlog = &c.findings[at];
    const struct claim *rate = find(&c, "queue-accepts", "queue");
    const struct claim *stores = find(&c, "worker-stores", "queue");
    assert_true(figure_of(rate->figures, rate->nfigures, "accepted_per_second") ==
                figure_of(backlog->figures, backlog->nfigures, "accepted_per_second"));
    assert_true(figure_of(stores->figures, stores->nfigures, "drain_time") ==
                figure_of(backlog->figures, backlog->nfigures, "drain_time"));
    assert_non_null(strstr(stores->reason, "would take 9 min (projected)"));
    assert_non_null(strstr(backlog->text, "they take 9 min to drain"));
    comparison_fini(&c);
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

/* What must never happen is not evened out by a median. */
static void one_round_is_enough_to_fail(void **state)
{
    (void)state;
    static const struct {
        const char *code, *arm;
        struct change change;
    } cases[] = {
        {"unpooled-zero", "threads", ANSWER(1)},
        {"threads-800", "threads", COUNT(server.total.threads_started, 792)},
        {"pool-queue", "pool", COUNT(accounting.timed_out, 1)},
        {"compute-rate", "offload", COUNT(accounting.failed[LOSS_RESET], 1)},
        {"worker-stores", "queue", COUNT(queue.failed, 1)},
        {"worker-stores", "queue", COUNT(queue.workers, 0)},
        {"pool-for-short", "pool", COUNT(accounting.mismatches, 1)},
        {"queue-for-long", ARM_QUEUE_LARGER, COUNT(queue.failed, 1)},
    };
    for (size_t i = 0; i < LEN(cases); i++) {
        struct comparison c;
        struct comparison third;
        build(&c, cases[i].code, cases[i].arm);
        build(&third, cases[i].code, cases[i].arm);
        struct arm *arm = article_case_arm(&c, cases[i].arm);
        comparison_add_result(&c, (size_t)(arm - c.arms), 3, &third.arms[0].results[0]);
        comparison_fini(&third);
        article_case_change(&arm->results[1], &cases[i].change);
        claims_add(&c);
        const struct claim *claim = find(&c, cases[i].code, cases[i].arm);
        if (claim->verdict != CLAIM_FAILS)
            fail_msg("%s: %s", claim->code, claim->reason);
        comparison_fini(&c);
    }
}

/* A verdict that no case reaches could not be wrong. */
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

/* The claims of one comparison, as text that can be set against another's. */
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
        cmocka_unit_test(a_rule_without_a_figure_says_so),
        cmocka_unit_test(claims_say_of_a_queue_what_the_findings_say),
        cmocka_unit_test(every_claim_flips),
        cmocka_unit_test(one_round_is_enough_to_fail),
        cmocka_unit_test(no_claim_and_no_verdict_is_forgotten),
        cmocka_unit_test(twice_says_the_same_and_replaces),
        cmocka_unit_test(rows_of_a_claim_stand_together),
    };
    return cmocka_run_group_tests(tests, set_up, tear_down);
}
