#include "load/schedule.h"

#include <math.h>

/* What is due at the end of a run is not due in it. Rates such as 0.1 are not exact in binary, so a
 * time that is less than this before a whole nanosecond is taken for it. */
#define ROUNDING_NS 1e-3

/* The golden ratio's fraction, times 2^64. A product that wraps around is its multiple modulo 1,
 * exactly, however large k is. */
#define GOLDEN UINT64_C(0x9E3779B97F4A7C15)

/* The arrivals of a stage. */
static double integral(const struct schedule_stage *s)
{
    return (s->from_rps + s->to_rps) / 2 * (double)s->length_ns / (double)NS_PER_S;
}

/* Where the integral of the stage's rate reaches u. This form of the solution of the quadratic
 * equation also holds for a constant rate, and for one that begins with 0. */
static int64_t time_of(const struct schedule_stage *s, double u)
{
    double length_s = (double)s->length_ns / (double)NS_PER_S;
    double slope = (s->to_rps - s->from_rps) / length_s;
    double square = s->from_rps * s->from_rps + 2 * slope * u;
    double below = s->from_rps + sqrt(square > 0 ? square : 0);
    if (u <= 0 || below <= 0)
        return 0;
    return (int64_t)floor(2 * u / below * (double)NS_PER_S + ROUNDING_NS);
}

static double next_gap(struct rng *r)
{
    return -log1p(-rng_unit(r));
}

double schedule_spread(int64_t k)
{
    return (double)((((uint64_t)k + 1) * GOLDEN) >> 11) * 0x1p-53;
}

static double poisson_point(struct schedule_cursor *c, int64_t k)
{
    for (; c->npoints <= k; c->npoints++)
        c->point += next_gap(&c->rng);
    return c->point;
}

/* Where on the integral of the rate arrival k is. */
static double place_of(struct schedule_cursor *c, int64_t k)
{
    switch (c->schedule->arrivals) {
    case ARRIVALS_POISSON:
        return poisson_point(c, k);
    case ARRIVALS_JITTERED:
        return (double)k + schedule_spread(k);
    case ARRIVALS_CONSTANT:
        break;
    }
    return (double)k + c->schedule->phase;
}

/* When the place is reached: later arrivals are in this stage or in a later one. */
static int64_t due_at(struct schedule_cursor *c, double place)
{
    const struct schedule *s = c->schedule;
    for (; c->stage < s->nstages; c->stage++) {
        const struct schedule_stage *stage = &s->stages[c->stage];
        int64_t in_stage_ns = time_of(stage, place - c->before);
        if (place < c->before + integral(stage) && in_stage_ns < stage->length_ns)
            return c->start_ns + in_stage_ns;
        c->before += integral(stage);
        c->start_ns += stage->length_ns;
    }
    return SCHEDULE_END;
}

void schedule_start(struct schedule_cursor *c, const struct schedule *s, int thread, int threads)
{
    *c = (struct schedule_cursor){.schedule = s, .k = thread, .stride = threads};
    rng_init(&c->rng, s->seed);
}

int64_t schedule_next(struct schedule_cursor *c)
{
    int64_t due_ns = due_at(c, place_of(c, c->k));
    c->k += c->stride;
    return due_ns;
}

int64_t schedule_count(const struct schedule *s)
{
    struct schedule_cursor c;
    int64_t count = 0;
    if (s->arrivals == ARRIVALS_POISSON) {
        schedule_start(&c, s, 0, 1);
        while (schedule_next(&c) != SCHEDULE_END)
            count++;
        return count;
    }
    /* The first arrival that is not due: a guess by the integral, and the neighbours of it. */
    double sum = 0;
    for (size_t i = 0; i < s->nstages; i++)
        sum += integral(&s->stages[i]);
    count = (int64_t)sum - 2;
    if (count < 0)
        count = 0;
    for (;; count++) {
        schedule_start(&c, s, 0, 1);
        c.k = count;
        if (schedule_next(&c) == SCHEDULE_END)
            return count;
    }
}

int64_t schedule_length_ns(const struct schedule *s)
{
    int64_t sum_ns = 0;
    for (size_t i = 0; i < s->nstages; i++)
        sum_ns += s->stages[i].length_ns;
    return sum_ns;
}
