#include "support/findings_bed.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#define RANKED_ROUNDS 3

const struct trial_shape plain_trial = {.strategy = "pool",
                                        .completed = 3000,
                                        .open = 100,
                                        .low_ms = 300,
                                        .high_ms = 330,
                                        .probe_low_ms = 1,
                                        .probe_high_ms = 9,
                                        .cpu_s = 10,
                                        .rss_mb = 10,
                                        .threads = 4,
                                        .switches = 9000,
                                        .bench_core = 0.1};

void add_arm(struct comparison *c, const char *name, const struct trial_shape *shape)
{
    struct result r;
    (void)comparison_add_arm(c, name);
    trial_of(shape, &r);
    comparison_add_result(c, c->narms - 1, 1, &r);
}

void add_ranked_arm(struct comparison *c, const char *name, const struct trial_shape *shape)
{
    (void)comparison_add_arm(c, name);
    c->rounds = RANKED_ROUNDS;
    for (int64_t round = 1; round <= RANKED_ROUNDS; round++) {
        struct result r;
        trial_of(shape, &r);
        comparison_add_result(c, c->narms - 1, round, &r);
    }
}

struct trial_shape trial_completing(int64_t completed)
{
    struct trial_shape shape = plain_trial;
    shape.completed = completed;
    return shape;
}

void add_arm_of_rounds(struct comparison *c, const char *name, const int64_t *completed,
                       size_t rounds)
{
    (void)comparison_add_arm(c, name);
    c->rounds = (int64_t)rounds;
    for (size_t i = 0; i < rounds; i++) {
        struct result r;
        struct trial_shape shape = trial_completing(completed[i]);
        trial_of(&shape, &r);
        comparison_add_result(c, c->narms - 1, (int64_t)i + 1, &r);
    }
}

const struct finding *finding_of(const struct comparison *c, const char *code)
{
    for (size_t i = 0; i < c->nfindings; i++) {
        if (strcmp(c->findings[i].code, code) == 0)
            return &c->findings[i];
    }
    return NULL;
}

void expect_finding(const struct comparison *c, const char *code, const char *text)
{
    const struct finding *f = finding_of(c, code);
    if (f == NULL)
        fail_msg("no finding '%s'", code);
    else if (strcmp(f->text, text) != 0)
        fail_msg("%s: '%s' instead of '%s'", code, f->text, text);
}

void expect_no_finding(const struct comparison *c, const char *code)
{
    const struct finding *f = finding_of(c, code);
    if (f != NULL)
        fail_msg("%s: '%s' instead of nothing", code, f->text);
}

struct trial_shape trial_queueing(int64_t accepted, int64_t jobs)
{
    struct trial_shape shape = plain_trial;
    shape.strategy = "queue";
    shape.completed = accepted;
    shape.jobs = jobs;
    shape.low_ms = 4;
    shape.high_ms = 8;
    return shape;
}
