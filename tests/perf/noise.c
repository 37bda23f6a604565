#include "tests/perf/noise.h"

#include <math.h>
#include <stdbool.h>

#include "stat/normal.h"

#define BURST_SHARE 0.1

/* Slices of a second each, on a machine that is shared. Wandering is forgotten in half a minute, a
 * burst lasts four slices on average, processes differ each time that they are started, and the
 * arm that is started second is the slower one. */
#define SLICE_SD    0.03
#define WANDER_SD   0.03
#define WANDER_KEEP 0.97
#define DRIFT_SD    0.04 /* over the session */
#define BURST_EVERY 0.01
#define BURST_ENDS  0.25
#define BURST_MEAN  0.1
#define RESTART_SD  0.01
#define SECOND_SLOW 0.02

#define PAIRS_A_BLOCK 6

static double exponential(struct rng *r)
{
    return -log(1 - rng_unit(r));
}

static bool coin(struct rng *r)
{
    return rng_next(r) >> 63 == 1;
}

double noise_arm(struct rng *r, enum noise_shape shape)
{
    double normal = normal_draw(r);
    if (shape == NOISE_NORMAL)
        return normal;
    if (shape == NOISE_SKEWED)
        return (exp(normal) - exp(0.5)) / sqrt(exp(2) - exp(1));
    double calm_sd = 0.6;
    double mean = sqrt((1 - calm_sd * calm_sd) / (BURST_SHARE * (2 - BURST_SHARE)));
    double burst = rng_unit(r) < BURST_SHARE ? mean * exponential(r) : 0;
    return calm_sd * normal + burst - BURST_SHARE * mean;
}

double noise_difference(struct rng *r, enum noise_shape shape)
{
    double b = noise_arm(r, shape);
    return (b - noise_arm(r, shape)) / sqrt(2);
}

struct machine {
    struct rng *r;
    double drift, drift_a_slice, wander, burst;
};

static struct machine machine_of(struct rng *r, int slices)
{
    return (struct machine){
        .r = r,
        .drift_a_slice = DRIFT_SD * normal_draw(r) * 2 / slices,
        .wander = WANDER_SD * normal_draw(r),
    };
}

/* How much worse the next slice is than the machine's average, whoever runs in it. */
static double next_slice(struct machine *m)
{
    m->drift += m->drift_a_slice;
    m->wander = WANDER_KEEP * m->wander +
                WANDER_SD * sqrt(1 - WANDER_KEEP * WANDER_KEEP) * normal_draw(m->r);
    if (m->burst > 0 && rng_unit(m->r) < BURST_ENDS)
        m->burst = 0;
    if (m->burst == 0 && rng_unit(m->r) < BURST_EVERY)
        m->burst = BURST_MEAN * exponential(m->r);
    return m->drift + m->wander + m->burst + SLICE_SD * normal_draw(m->r);
}

static double trial(struct machine *m)
{
    double sum = 0;
    for (int i = 0; i < PAIRS_A_BLOCK; i++)
        sum += next_slice(m);
    return sum / PAIRS_A_BLOCK;
}

/* The difference of each pair of slices of a block, B less A, without what the arms add. */
static void block(struct machine *m, double *pairs)
{
    bool is_a_first = coin(m->r);
    for (int i = 0; i < PAIRS_A_BLOCK; i++) {
        double first = next_slice(m);
        double second = next_slice(m);
        pairs[i] = is_a_first ? second - first : first - second;
        is_a_first = !is_a_first; /* AB BA AB BA */
    }
}

/* What fresh processes add to a block. */
static double restarted(struct machine *m, bool is_a_first)
{
    double second = is_a_first ? SECOND_SLOW : -SECOND_SLOW;
    return second + RESTART_SD * (normal_draw(m->r) - normal_draw(m->r));
}

static void blocks(struct machine *m, const struct noise_session *s, double *d)
{
    double pairs[PAIRS_A_BLOCK] = {0};
    double added = 0;
    for (int i = 0; i < s->n; i++) {
        int pair = s->layout == LAYOUT_POOLED ? i % PAIRS_A_BLOCK : 0;
        if (pair == 0) {
            block(m, pairs);
            added = restarted(m, coin(m->r));
        }
        double sum = 0;
        for (int j = 0; j < PAIRS_A_BLOCK; j++)
            sum += pairs[j];
        d[i] = s->shift + added + (s->layout == LAYOUT_POOLED ? pairs[pair] : sum / PAIRS_A_BLOCK);
    }
}

void noise_session(struct rng *r, const struct noise_session *s, double *d)
{
    struct machine m = machine_of(r, 2 * s->n * (s->layout == LAYOUT_POOLED ? 1 : PAIRS_A_BLOCK));
    if (s->layout == LAYOUT_COIN || s->layout == LAYOUT_POOLED) {
        blocks(&m, s, d);
        return;
    }
    for (int i = 0; i < s->n; i++) {
        d[i] = s->shift - trial(&m);
        if (s->layout == LAYOUT_FIXED)
            d[i] += trial(&m) + restarted(&m, true);
    }
    for (int i = 0; i < s->n && s->layout == LAYOUT_SEQUENTIAL; i++)
        d[i] += trial(&m) + RESTART_SD * (normal_draw(r) - normal_draw(r));
}
