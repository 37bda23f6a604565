#include "analysis/reference.h"

#include <assert.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "analysis/arm_traits.h"
#include "analysis/paired.h"
#include "base/mem.h"
#include "base/units.h"

/* With no error in n requests, a share of 3 / n is ruled out with 95 % ("rule of three"). */
#define NONE_RULES_OUT 3.0
#define NONE_LEVEL     0.95

/* One of the family: a verdict that is still without its word. */
struct test {
    struct reference_verdict *verdict;
    const struct reference_metric *metric;
    struct walsh_interval interval;
};

struct bout {
    const struct arm *reference;
    int64_t rounds[REFERENCE_ROUNDS_MOST]; /* in which the reference can be judged */
    int n;
    double *d; /* a row of n for each test; 0 where an arm has no pair */
    struct test *tests;
    int ntests;
};

/* One arm, against the reference. */
struct pairs {
    const struct arm *arm;
    const struct result *ours[REFERENCE_ROUNDS_MOST]; /* NULL: no pair */
    const struct result *theirs[REFERENCE_ROUNDS_MOST];
    int64_t count;
};

/* --- what is compared --- */

/* Requests that got no response, or one that is no work. */
static double errors_of(const struct result *r)
{
    const struct accounting *a = &r->accounting;
    return (double)(a->timed_out + accounting_failed(a) + a->connect_failed + accounting_wrong(a));
}

static double attempts_of(const struct result *r)
{
    return (double)(r->accounting.sent + r->accounting.connect_failed);
}

static bool has_errors(const struct arm *arm)
{
    double errors = 0;
    double attempts = 0;
    for (size_t i = 0; i < arm->nresults; i++) {
        errors += errors_of(&arm->results[i]);
        attempts += attempts_of(&arm->results[i]);
    }
    return arm_loses(arm) || arm_refuses(arm) || errors > ARM_LOSS_MOST * attempts;
}

static struct arm_value read_metric(const struct reference_metric *metric, const struct result *r)
{
    if (metric->is_share)
        return (struct arm_value){.value =
                                      attempts_of(r) > 0 ? errors_of(r) / attempts_of(r) : NAN};
    struct arm_value v = arm_figure_read(arm_figure_find(metric->key), r);
    v.value = units_settle(v.value);
    return v;
}

/* Positive for worse. */
static double difference(const struct reference_metric *metric, double ours, double theirs)
{
    if (metric->is_share)
        return ours - theirs;
    return metric->more_is_better ? log(theirs) - log(ours) : log(ours) - log(theirs);
}

static double band_of(const struct reference_metric *metric)
{
    return metric->is_share ? metric->band : log1p(metric->band);
}

/* --- why it is not judged --- */

static const char *why_result_unfit(const struct reference_metric *metric, const struct result *r)
{
    struct arm_value v = read_metric(metric, r);
    if (isnan(v.value))
        return "not measured in every round";
    if (v.is_few)
        return "too few samples";
    if (v.is_bound || !isfinite(v.value))
        return "only a lower bound is known";
    return v.value > 0 || metric->is_share ? NULL : "a figure of 0 has no ratio";
}

static bool does_other_work(const struct arm *arm, const struct arm *reference)
{
    const struct result *a = &arm->results[0];
    const struct result *b = &reference->results[0];
    bool are_known = a->work_kind != NULL && a->work_n != MISSING && b->work_kind != NULL &&
                     b->work_n != MISSING;
    return are_known && (strcmp(a->work_kind, b->work_kind) != 0 || a->work_n != b->work_n);
}

/* Of a metric of the response, by either of the two. */
static const char *why_no_response(const struct reference_metric *metric, const struct arm *arm)
{
    bool is_rate = strcmp(metric->key, "requests_per_second") == 0;
    bool is_latency = metric->key[0] == 'p'; /* p50, p99 */
    if (arm_answers_early(arm))
        return "answers come before the work is done";
    if (has_errors(arm))
        return "over 1 % of the requests failed or did no work";
    if (arm_is_saturated(arm) && (is_rate || is_latency))
        return "bench was the bottleneck";
    return arm_is_late(arm) && is_latency ? "bench sent requests late" : NULL;
}

static char *why_unfit(const struct bout *b, const struct pairs *p,
                       const struct reference_metric *metric)
{
    const char *why = NULL;
    if (p->count < REFERENCE_ROUNDS_LEAST)
        return mem_printf("fewer than %d pairs of rounds", REFERENCE_ROUNDS_LEAST);
    if (!metric->is_share && does_other_work(p->arm, b->reference))
        why = "different work from the reference's";
    if (why == NULL && metric->of_response)
        why = why_no_response(metric, p->arm);
    if (why == NULL && metric->of_response && why_no_response(metric, b->reference) != NULL)
        return mem_printf("of the reference: %s", why_no_response(metric, b->reference));
    for (int i = 0; i < b->n && why == NULL; i++) {
        if (p->ours[i] == NULL)
            continue;
        why = why_result_unfit(metric, p->ours[i]);
        if (why == NULL && why_result_unfit(metric, p->theirs[i]) != NULL)
            return mem_printf("of the reference: %s", why_result_unfit(metric, p->theirs[i]));
    }
    return mem_strdup_or_null(why);
}

/* --- one arm --- */

/* In the direction of the figure: of a rate, less is worse. */
static void fill(struct reference_verdict *v, const struct reference_metric *metric,
                 const struct walsh_interval *it)
{
    double low = metric->more_is_better ? -it->hi : it->lo;
    double high = metric->more_is_better ? -it->lo : it->hi;
    double change = metric->more_is_better ? -it->estimate : it->estimate;
    v->low = metric->is_share ? low : expm1(low);
    v->high = metric->is_share ? high : expm1(high);
    v->change = metric->is_share ? change : expm1(change);
    v->level = it->level;
}

static char *why_inconclusive(const struct walsh_interval *it, int tests)
{
    if (it->lo > 0 || it->hi < 0)
        return mem_printf("it may be chance among %d tests", tests);
    return mem_strdup("too noisy");
}

/* Without any error there is nothing to test, and the number of requests says what is ruled out. */
static bool judge_no_errors(const struct bout *b, const struct pairs *p,
                            const struct reference_metric *metric, struct reference_verdict *v)
{
    double errors = 0;
    double ours = 0;
    double theirs = 0;
    for (int i = 0; i < b->n; i++) {
        if (p->ours[i] == NULL)
            continue;
        errors += errors_of(p->ours[i]) + errors_of(p->theirs[i]);
        ours += attempts_of(p->ours[i]);
        theirs += attempts_of(p->theirs[i]);
    }
    if (!metric->is_share || errors > 0)
        return false;
    const struct walsh_interval it = {
        .lo = -NONE_RULES_OUT / theirs, .hi = NONE_RULES_OUT / ours, .level = NONE_LEVEL};
    fill(v, metric, &it);
    v->word = paired_word(&it, band_of(metric), NAN);
    v->reason =
        mem_strdup(v->word == REFERENCE_SAME ? "no errors"
                                             : "no errors, in too few requests to rule them out");
    return true;
}

static void enter(struct bout *b, const struct pairs *p, const struct reference_metric *metric,
                  struct reference_verdict *v)
{
    struct test *test = &b->tests[b->ntests];
    double *row = b->d + (ptrdiff_t)b->ntests * b->n;
    double paired[REFERENCE_ROUNDS_MOST];
    int count = 0;
    for (int i = 0; i < b->n; i++) {
        if (p->ours[i] == NULL)
            continue;
        row[i] = difference(metric, read_metric(metric, p->ours[i]).value,
                            read_metric(metric, p->theirs[i]).value);
        paired[count++] = row[i];
    }
    *test = (struct test){.verdict = v, .metric = metric};
    int failed = paired_interval(paired, count, &test->interval);
    assert(failed == 0); /* the pairs are enough, and their figures finite */
    (void)failed;
    fill(v, metric, &test->interval);
    b->ntests++;
}

static enum paired_use use_of(const struct arm *arm, const struct arm *reference, int64_t round)
{
    enum paired_use ours = paired_use(arm, round);
    enum paired_use theirs = paired_use(reference, round);
    return ours > theirs ? ours : theirs;
}

static void judge_arm(struct bout *b, const struct arm *arm, int64_t rounds,
                      struct reference_arm *into)
{
    struct pairs p = {.arm = arm};
    for (int64_t round = 1; round <= rounds; round++) {
        enum paired_use use = use_of(arm, b->reference, round);
        into->disturbed += use == PAIRED_DISTURBED;
        into->invalid += use == PAIRED_INVALID;
        into->missing += use == PAIRED_MISSING;
    }
    for (int i = 0; i < b->n; i++) {
        if (paired_use(arm, b->rounds[i]) != PAIRED_USED)
            continue;
        p.ours[i] = arm_result(arm, b->rounds[i]);
        p.theirs[i] = arm_result(b->reference, b->rounds[i]);
        p.count++;
    }
    into->pairs = p.count;
    for (size_t k = 0; k < REFERENCE_METRICS; k++) {
        const struct reference_metric *metric = &reference_metrics[k];
        struct reference_verdict *v = &into->verdicts[k];
        *v = (struct reference_verdict){.change = NAN, .low = NAN, .high = NAN, .level = NAN};
        v->p = NAN;
        v->word = REFERENCE_INCONCLUSIVE;
        v->reason = why_unfit(b, &p, metric);
        if (v->reason == NULL && !judge_no_errors(b, &p, metric, v))
            enter(b, &p, metric, v);
    }
}

/* --- all arms --- */

static void give_words(const struct bout *b)
{
    double *p = mem_array((size_t)b->ntests, sizeof *p);
    if (b->ntests > 0 && paired_adjust(b->d, b->ntests, b->n, p) == 0) {
        for (int i = 0; i < b->ntests; i++) {
            const struct test *test = &b->tests[i];
            const struct walsh_interval *it = &test->interval;
            struct reference_verdict *v = test->verdict;
            v->p = p[i];
            v->word = paired_word(it, band_of(test->metric), p[i]);
            if (v->word == REFERENCE_INCONCLUSIVE)
                v->reason = why_inconclusive(it, b->ntests);
            else if (v->word == REFERENCE_SAME && (it->lo > 0 || it->hi < 0))
                v->reason = mem_strdup("detectable, but negligible");
        }
    }
    free(p);
}

void reference_judge(struct comparison *c, size_t reference)
{
    struct reference *out = reference_new(reference);
    struct bout b = {.reference = &c->arms[reference]};
    int64_t round = 1;
    for (; round <= c->rounds && b.n < REFERENCE_ROUNDS_MOST; round++) {
        if (paired_use(b.reference, round) == PAIRED_USED)
            b.rounds[b.n++] = round;
    }
    size_t tests = (c->narms - 1) * REFERENCE_METRICS;
    b.d = mem_array(tests * (size_t)b.n, sizeof *b.d);
    b.tests = mem_array(tests, sizeof *b.tests);
    out->arms = mem_array(c->narms - 1, sizeof *out->arms);
    for (size_t i = 0; i < c->narms; i++) {
        if (i == reference)
            continue;
        out->arms[out->narms].arm = i;
        judge_arm(&b, &c->arms[i], round - 1, &out->arms[out->narms++]);
    }
    give_words(&b);
    out->tests = b.ntests;
    comparison_set_reference(c, out);
    free(b.d);
    free(b.tests);
}
