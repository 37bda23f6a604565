#include "cases/reference_case.h"

#include "base/mem.h"
#include "cases/compare_cases.h"

#define ROUNDS 8

/* The machine is slower in some rounds, for all arms. */
static const double slower[ROUNDS] = {1, 1.31, 1.12, 0.9, 1.62, 1.05, 1.4, 0.97};
/* What differs from arm to arm in a round. */
static const double noise[][ROUNDS] = {
    {1, 1.004, 0.998, 1.001, 0.997, 1.003, 1.002, 0.999},
    {1.002, 0.999, 1.003, 1, 0.998, 1.001, 0.996, 1.002},
    {1.13, 0.91, 1.07, 0.88, 1.21, 0.93, 1.02, 0.86},
};

struct shape {
    const char *name, *strategy;
    double time, cpu, rss; /* times the reference's */
    size_t noise;
    int64_t refused, timed_out;
};

/* clang-format off */
static const struct shape shapes[] = {
    {.name = "base", .strategy = "pool", .time = 1, .cpu = 1, .rss = 1},
    {.name = "slower", .strategy = "pool", .time = 1.1, .cpu = 1.1, .rss = 1.2, .noise = 1, .timed_out = 20},
    {.name = "quicker", .strategy = "pool", .time = 0.8, .cpu = 0.75, .rss = 0.9, .noise = 1},
    {.name = "twin", .strategy = "pool", .time = 1.004, .cpu = 1.008, .rss = 1, .noise = 1},
    {.name = "noisy", .strategy = "pool", .time = 1, .cpu = 1, .rss = 1, .noise = 2},
    {.name = "queue", .strategy = "queue", .time = 0.1, .cpu = 1, .rss = 3},
    {.name = "refusing", .strategy = "pool", .time = 0.1, .cpu = 0.1, .rss = 1, .refused = 3000},
    {.name = "url", .time = 1, .noise = 1},
    {.name = "dying", .strategy = "pool", .time = 2, .cpu = 2, .rss = 1},
};
/* clang-format on */

static struct trial_shape trial(const struct shape *shape, size_t round)
{
    double time = slower[round] * noise[shape->noise][round] * shape->time;
    return (struct trial_shape){
        .strategy = shape->strategy,
        .completed = (int64_t)(8000 / time),
        .refused = shape->refused,
        .timed_out = shape->timed_out,
        .low_ms = 100 * time,
        .high_ms = 130 * time,
        .cpu_s = 12 / slower[round] / shape->time * shape->cpu,
        .rss_mb = 20 * shape->rss * noise[shape->noise][round],
        .threads = 3,
        .switches = 9000,
        .bench_core = 0.1,
        .jobs = 4000,
    };
}

void reference_case(struct comparison *c)
{
    comparison_of(c, ROUNDS);
    for (size_t i = 0; i < LEN(shapes); i++) {
        (void)comparison_add_arm(c, shapes[i].name);
        for (size_t round = 0; round < ROUNDS; round++) {
            struct trial_shape shape = trial(&shapes[i], round);
            struct result r;
            trial_of(&shape, &r);
            comparison_add_result(c, i, (int64_t)round + 1, &r);
        }
    }
    struct arm *dying = &c->arms[LEN(shapes) - 1];
    for (; dying->nresults > 4; dying->nresults--)
        result_fini(&dying->results[dying->nresults - 1]);
    for (int64_t round = 5; round <= ROUNDS; round++)
        comparison_add_problem(c, LEN(shapes) - 1, round, "the target ended: signal 11");
    c->arms[1].results[4].machine.is_disturbed = true;
    c->ntrials = c->narms * ROUNDS;
    c->trials = mem_array(c->ntrials, sizeof *c->trials);
    comparison_order(c->seed, c->narms, ROUNDS, c->trials);
    comparison_set_reference(c, reference_new(0));
}
