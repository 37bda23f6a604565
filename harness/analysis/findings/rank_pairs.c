#include "analysis/findings/rank_pairs.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "analysis/paired.h"
#include "base/mem.h"
#include "base/units.h"

#define BAND 0.02 /* of figures that have none in model/reference.h */

static double log_of(const struct arm *arm, int64_t round, const struct arm_figure *figure)
{
    double value = arm_figure_read(figure, arm_result(arm, round)).value;
    return value > 0 && isfinite(value) ? log(units_settle(value)) : NAN;
}

static int64_t last_round(const struct arm *arm)
{
    return (int64_t)(arm->nresults + arm->nproblems);
}

/* False for an arm without the figure, or with one that has no logarithm. */
static bool takes_part(const struct arm *arm, const struct arm_figure *figure)
{
    bool any = false;
    for (int64_t round = 1; round <= last_round(arm); round++) {
        if (paired_use(arm, round) != PAIRED_USED)
            continue;
        double value = arm_figure_read(figure, arm_result(arm, round)).value;
        if (value <= 0)
            return false;
        any |= isfinite(value);
    }
    return any;
}

/* Writes the logs of a round; false unless all that take part have one. */
static bool read_round(const struct arm_set *arms, const bool *part, int64_t round,
                       const struct arm_figure *figure, double *logs)
{
    for (size_t i = 0; i < arms->count; i++) {
        logs[i] = NAN;
        if (!part[i])
            continue;
        if (paired_use(arms->items[i], round) == PAIRED_USED)
            logs[i] = log_of(arms->items[i], round, figure);
        if (isnan(logs[i]))
            return false;
    }
    return true;
}

static double band_of(const struct arm_figure *figure)
{
    for (size_t i = 0; i < REFERENCE_METRICS; i++) {
        if (strcmp(reference_metrics[i].key, figure->key) == 0)
            return log1p(reference_metrics[i].band);
    }
    return log1p(BAND);
}

/* Of each pair: log of the second less log of the first. */
static void subtract(const struct rank_pairs *pairs, size_t first, size_t second, double *d)
{
    for (int k = 0; k < pairs->rounds; k++)
        d[k] = pairs->logs[second * (size_t)pairs->rounds + (size_t)k] -
               pairs->logs[first * (size_t)pairs->rounds + (size_t)k];
}

static void adjust(struct rank_pairs *pairs, const bool *part)
{
    size_t all = pairs->arms * pairs->arms;
    double *d = mem_array(all * (size_t)pairs->rounds, sizeof *d);
    double *p = mem_array(all, sizeof *p);
    size_t tests = 0;
    pairs->p = mem_array(all, sizeof *pairs->p);
    for (size_t i = 0; i < pairs->arms; i++) {
        for (size_t k = i + 1; k < pairs->arms; k++) {
            if (part[i] && part[k])
                subtract(pairs, i, k, d + tests++ * (size_t)pairs->rounds);
        }
    }
    bool is_adjusted = tests > 0 && paired_adjust(d, (int)tests, pairs->rounds, p) == 0;
    tests = 0;
    for (size_t i = 0; i < pairs->arms; i++) {
        for (size_t k = i + 1; k < pairs->arms; k++)
            pairs->p[i * pairs->arms + k] = is_adjusted && part[i] && part[k] ? p[tests++] : 1;
    }
    free(d);
    free(p);
}

void rank_pairs_init(struct rank_pairs *pairs, const struct arm_set *arms,
                     const struct arm_figure *figure)
{
    bool *part = mem_array(arms->count, sizeof *part);
    double *logs = mem_array(arms->count * REFERENCE_ROUNDS_MOST, sizeof *logs);
    int64_t last = 0;
    *pairs = (struct rank_pairs){.arms = arms->count, .band = band_of(figure)};
    for (size_t i = 0; i < arms->count; i++) {
        part[i] = takes_part(arms->items[i], figure);
        last = last_round(arms->items[i]) > last ? last_round(arms->items[i]) : last;
    }
    for (int64_t round = 1; round <= last && pairs->rounds < REFERENCE_ROUNDS_MOST; round++)
        pairs->rounds +=
            read_round(arms, part, round, figure, logs + (size_t)pairs->rounds * arms->count);
    if (pairs->rounds < REFERENCE_ROUNDS_LEAST)
        pairs->rounds = 0;
    pairs->logs = mem_array(arms->count * (size_t)pairs->rounds, sizeof *pairs->logs);
    for (size_t i = 0; i < arms->count; i++) {
        for (size_t k = 0; k < (size_t)pairs->rounds; k++)
            pairs->logs[i * (size_t)pairs->rounds + k] = logs[k * arms->count + i];
    }
    if (pairs->rounds > 0)
        adjust(pairs, part);
    free(part);
    free(logs);
}

void rank_pairs_fini(struct rank_pairs *pairs)
{
    free(pairs->logs);
    free(pairs->p);
}

bool rank_pairs_is_more(const struct rank_pairs *pairs, size_t more, size_t less)
{
    double d[REFERENCE_ROUNDS_MOST];
    struct walsh_interval interval;
    size_t first = more < less ? more : less;
    size_t second = more < less ? less : more;
    subtract(pairs, less, more, d);
    return paired_interval(d, pairs->rounds, &interval) == 0 &&
           paired_word(&interval, pairs->band, pairs->p[first * pairs->arms + second]) ==
               REFERENCE_WORSE;
}
