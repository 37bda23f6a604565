#include "tests/perf/verdict_sessions.h"

#include <math.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>

#include "base/mem.h"
#include "stat/forecast.h"
#include "stat/looks.h"
#include "stat/max_t.h"
#include "stat/operating_point.h"
#include "stat/signed_rank.h"

#define METRICS     5
#define ARMS_MOST   8
#define BLOCKS_MOST 24
#define ALARM       0.05

static void need(int status)
{
    if (status == 0)
        return;
    fprintf(stderr, "a simulated session was refused\n");
    abort();
}

static struct look_verdict judge(const double *d, double tau)
{
    struct look_bound bound = {.d = d, .tau = tau};
    struct look_progress all = {.blocks = BLOCKS_MOST, .max_blocks = BLOCKS_MOST};
    struct look_verdict verdict;
    need(looks_judge(&bound, 1, all, &verdict));
    return verdict;
}

static void draw(struct rng *r, enum noise_shape shape, int n, double *d)
{
    for (int i = 0; i < n; i++)
        d[i] = noise_difference(r, shape);
}

static bool covers(const struct walsh_interval *w, double truth)
{
    return w->lo <= truth && truth <= w->hi;
}

struct rates_coverage rates_fixed_coverage(enum noise_shape shape, int n, int sessions)
{
    struct rng r;
    rng_init(&r, 101);
    int c = signed_rank_critical(n, 0.025);
    int covered = 0;
    struct walsh_interval w = {0};
    for (int i = 0; i < sessions; i++) {
        double d[SIGNED_RANK_N_MOST];
        draw(&r, shape, n, d);
        need(walsh_interval(d, n, c, &w));
        covered += covers(&w, 0);
    }
    return (struct rates_coverage){.level = w.level, .covered = covered / (double)sessions};
}

struct rates_stopping rates_stopping(enum noise_shape shape, double beyond, int sessions)
{
    struct rng r;
    rng_init(&r, 102);
    struct rates_stopping sum = {0};
    for (int i = 0; i < sessions; i++) {
        double d[BLOCKS_MOST];
        draw(&r, shape, BLOCKS_MOST, d);
        struct look_verdict verdict = judge(d, -beyond);
        struct walsh_interval w;
        need(looks_interval(verdict.look, d, &w));
        sum.failed += verdict.decision == LOOK_FAIL;
        sum.passed += verdict.decision == LOOK_PASS;
        sum.covered += covers(&w, 0);
        sum.blocks += verdict.look->blocks;
    }
    return (struct rates_stopping){.failed = sum.failed / sessions,
                                   .passed = sum.passed / sessions,
                                   .covered = sum.covered / sessions,
                                   .blocks = sum.blocks / sessions};
}

/* Throughput and the tail share half of their variance; memory comes in pages of half a percent, so
 * that most blocks are tied; errors are rare and in one block of ten. */
static void draw_gates(struct rng *r, enum noise_shape shape, double times,
                       double d[METRICS][BLOCKS_MOST])
{
    for (int i = 0; i < BLOCKS_MOST; i++) {
        double common = noise_difference(r, shape);
        d[0][i] = times * .038 * noise_difference(r, shape);                        /* CPU */
        d[1][i] = times * .09 * (common + noise_difference(r, shape)) / sqrt(2);    /* rps */
        d[2][i] = times * .11 * (common + noise_difference(r, shape)) / sqrt(2);    /* p99 */
        d[3][i] = times * .005 * round(noise_difference(r, shape));                 /* rss */
        d[4][i] = rng_unit(r) < .1 ? times * .001 * noise_difference(r, shape) : 0; /* errors */
    }
}

struct rates_session rates_equal_arms(enum noise_shape shape, double times, int sessions)
{
    const double tau[METRICS] = {log(1.1) / 2, log(1.1) / 2, log(1.2) / 2, log(1.1) / 2, .005};
    struct rng r;
    rng_init(&r, 103);
    int failed = 0;
    int passed = 0;
    for (int i = 0; i < sessions; i++) {
        double d[METRICS][BLOCKS_MOST];
        int fails = 0;
        int passes = 0;
        draw_gates(&r, shape, times, d);
        for (int m = 0; m < METRICS; m++) {
            struct look_verdict verdict = judge(d[m], tau[m]);
            fails += verdict.decision == LOOK_FAIL;
            passes += verdict.decision == LOOK_PASS;
        }
        failed += fails > 0;
        passed += passes == METRICS;
    }
    return (struct rates_session){failed / (double)sessions, passed / (double)sessions};
}

struct rates_detection rates_detection(enum noise_shape shape, double noise, int sessions)
{
    struct rng r;
    rng_init(&r, 104);
    int failed = 0;
    int decidable = 0;
    int failed_of_these = 0;
    for (int i = 0; i < sessions; i++) {
        double d[BLOCKS_MOST];
        draw(&r, shape, BLOCKS_MOST, d);
        for (int j = 0; j < BLOCKS_MOST; j++)
            d[j] = 2 + noise * d[j]; /* the margin is 1 */
        struct forecast f;
        need(forecast_make(d, LOOKS_BLOCKS_LEAST, BLOCKS_MOST, &f));
        struct look_verdict verdict = judge(d, 1);
        bool is_decided =
            verdict.look->blocks == LOOKS_BLOCKS_LEAST || forecast_blocks_needed(&f, 1) > 0;
        failed += verdict.decision == LOOK_FAIL;
        decidable += is_decided;
        failed_of_these += is_decided && verdict.decision == LOOK_FAIL;
    }
    return (struct rates_detection){
        .failed = failed / (double)sessions,
        .point = operating_point(1, noise, BLOCKS_MOST),
        .decidable = decidable / (double)sessions,
        .failed_of_decidable = decidable == 0 ? NAN : failed_of_these / (double)decidable,
    };
}

static int by_value(const void *a, const void *b)
{
    double x = *(const double *)a;
    double y = *(const double *)b;
    return (x > y) - (x < y);
}

/* Each metric of an arm in a block: half of the variance is the block's, in all metrics alike. */
static void draw_arm(struct rng *r, enum noise_shape shape, double *out)
{
    double common = noise_arm(r, shape);
    for (int m = 0; m < METRICS; m++)
        out[m] = (common + noise_arm(r, shape)) / sqrt(2);
}

/* What the estimate would be after any number of blocks, of an arm and a reference whose means are
 * equal: with a skew and unlike noise it is not 0. */
static double estimate_of_equal_means(enum noise_shape shape, double reference_sd)
{
    enum { DRAWS = 40001 };
    double *averages = mem_array(DRAWS, sizeof *averages);
    struct rng r;
    rng_init(&r, 107);
    for (int i = 0; i < DRAWS; i++) {
        double drawn[4][METRICS];
        for (int j = 0; j < 4; j++)
            draw_arm(&r, shape, drawn[j]);
        averages[i] = (drawn[0][0] + drawn[1][0] - reference_sd * (drawn[2][0] + drawn[3][0])) / 2;
    }
    qsort(averages, DRAWS, sizeof *averages, by_value);
    double median = averages[DRAWS / 2];
    free(averages);
    return median;
}

/* `estimate` is taken off, so that the equal arms are equal. */
static void draw_family(struct rng *r, enum noise_shape shape, const struct rates_family_case *c,
                        double estimate, double *d)
{
    for (int i = 0; i < c->n; i++) {
        double reference[METRICS];
        draw_arm(r, shape, reference);
        for (int a = 0; a < c->arms; a++) {
            double arm[METRICS];
            draw_arm(r, shape, arm);
            for (int m = 0; m < METRICS; m++)
                d[(a * METRICS + m) * c->n + i] =
                    arm[m] - c->reference_sd * reference[m] - estimate + (a < c->different ? 3 : 0);
        }
    }
}

struct rates_family rates_family(enum noise_shape shape, const struct rates_family_case *c,
                                 int sessions)
{
    struct rng r;
    rng_init(&r, 105);
    double estimate = c->reference_sd == 1 ? 0 : estimate_of_equal_means(shape, c->reference_sd);
    struct rates_family sum = {0};
    for (int i = 0; i < sessions; i++) {
        double d[ARMS_MOST * METRICS * BLOCKS_MOST];
        double p[ARMS_MOST * METRICS];
        struct max_t_rows rows = {.d = d, .tests = c->arms * METRICS, .n = c->n};
        draw_family(&r, shape, c, estimate, d);
        need(max_t_adjust(&rows, rng_next(&r), p));
        bool is_alarm = false;
        for (int t = c->different * METRICS; t < rows.tests; t++)
            is_alarm = is_alarm || p[t] <= ALARM;
        bool is_found = c->different > 0;
        for (int t = 0; t < c->different * METRICS; t += METRICS)
            is_found = is_found && p[t] <= ALARM;
        sum.alarmed += is_alarm;
        sum.found += is_found;
    }
    return (struct rates_family){.alarmed = sum.alarmed / sessions, .found = sum.found / sessions};
}

struct rates_session rates_layout(enum noise_layout layout, double shift, double tau, int sessions)
{
    struct rng r;
    rng_init(&r, 106);
    struct noise_session s = {.layout = layout, .shift = shift, .n = BLOCKS_MOST};
    int failed = 0;
    int passed = 0;
    for (int i = 0; i < sessions; i++) {
        double d[BLOCKS_MOST];
        noise_session(&r, &s, d);
        struct look_verdict verdict = judge(d, tau);
        failed += verdict.decision == LOOK_FAIL;
        passed += verdict.decision == LOOK_PASS;
    }
    return (struct rates_session){failed / (double)sessions, passed / (double)sessions};
}
