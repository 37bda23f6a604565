#include "support/reference_bed.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

static const double drift[CHANGED_ROUNDS_MOST] = {1, 1.5, 0.8, 1.2, 2, 0.9, 1.1, 1.7, 1.3, 0.7};

static double times(double factor)
{
    return factor == 0 ? 1 : factor;
}

struct trial_shape changed_trial(const struct change *change, size_t round)
{
    double all = drift[round] * (round % 2 == 0 ? 1 + change->noise : 1 - change->noise);
    double count = 6000 / all * times(change->rate);
    return (struct trial_shape){
        .strategy = change->strategy != NULL ? change->strategy : "pool",
        .completed = (int64_t)count,
        .refused = change->refused,
        .timed_out = change->timed_out,
        .low_ms = 20 * all * times(change->time),
        .high_ms = 20 * all * times(change->time) * 1.2 * times(change->tail),
        .cpu_s = 10 * count / 6000 * all * times(change->cpu),
        .rss_mb = 50 * all * times(change->rss),
        .bench_core = change->bench_core,
        .jobs = 5000,
    };
}

void add_changed(struct comparison *c, const char *name, const struct change *change)
{
    (void)comparison_add_arm(c, name);
    for (int64_t round = 1; round <= c->rounds; round++) {
        struct trial_shape shape = changed_trial(change, (size_t)round - 1);
        struct result r;
        trial_of(&shape, &r);
        comparison_add_result(c, c->narms - 1, round, &r);
    }
}

void begin_reference(struct comparison *c, int64_t rounds)
{
    comparison_init(c);
    c->rounds = rounds;
    add_changed(c, "base", &(struct change){0});
}

const struct reference_verdict *verdict_of(const struct comparison *c, const char *arm,
                                           enum metric metric)
{
    for (size_t i = 0; i < c->reference->narms; i++) {
        if (strcmp(c->arms[c->reference->arms[i].arm].name, arm) == 0)
            return &c->reference->arms[i].verdicts[metric];
    }
    fail_msg("%s is not judged", arm);
    return NULL;
}

void expect_verdict(const struct comparison *c, const char *arm, enum metric metric,
                    enum reference_word word, const char *reason)
{
    const struct reference_verdict *v = verdict_of(c, arm, metric);
    const char *got = v->reason == NULL ? "none" : v->reason;
    if (v->word != word || strcmp(got, reason == NULL ? "none" : reason) != 0)
        fail_msg("%s %s: %s, %s", arm, reference_metrics[metric].key, reference_word_names[v->word],
                 got);
}
