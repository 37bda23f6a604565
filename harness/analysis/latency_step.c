#include "analysis/latency_step.h"

#include <inttypes.h>

#include "analysis/warnings_internal.h"
#include "base/mem.h"

#define BULK_PART   0.1   /* of all */
#define BULK_WIDTH  4     /* a quarter of the step */
#define COPY_PART   0.001 /* of all */
#define COPY_LEAST  20
#define GAP_PART    0.1 /* of the copy */
#define BEYOND_PART 0.5 /* the same */

/* Of the values above `from`, up to `to`. */
static double between(const struct hist *h, int64_t from_ns, int64_t to_ns)
{
    struct hist_bucket b;
    double count = 0;
    for (size_t at = 0; hist_next(h, &at, &b);)
        count += b.low_ns > from_ns && b.low_ns <= to_ns ? (double)b.count : 0;
    return count;
}

/* The value at that share of the lowest `count`. */
static int64_t value_at(const struct hist *h, double rank)
{
    struct hist_bucket b;
    double below = 0;
    for (size_t at = 0; hist_next(h, &at, &b);) {
        below += (double)b.count;
        if (below >= rank)
            return b.low_ns;
    }
    return 0;
}

bool latency_step_find(const struct hist *h, const struct latency_step *step, double *share)
{
    double all = (double)(hist_count(h) + hist_over(h));
    int64_t half_ns = step->step_ns / 2;
    double bulk = between(h, -1, half_ns);
    if (bulk < BULK_PART * all || bulk < COPY_LEAST)
        return false;
    int64_t low_ns = value_at(h, 0.1 * bulk);
    int64_t high_ns = value_at(h, 0.9 * bulk);
    if (high_ns - low_ns > step->step_ns / BULK_WIDTH)
        return false;
    int64_t from_ns = low_ns + step->step_ns - 1;
    int64_t to_ns = high_ns + step->step_ns + step->grain_ns;
    double copy = between(h, from_ns, to_ns);
    *share = copy / all;
    return copy >= COPY_LEAST && *share >= COPY_PART &&
           between(h, half_ns, from_ns) <= GAP_PART * copy &&
           between(h, to_ns, to_ns + half_ns) <= BEYOND_PART * copy;
}

/* --- the warnings --- */

static const struct {
    struct latency_step step;
    const char *code, *cause, *remedy;
} steps[] = {
    {{40 * NS_PER_MS, 4 * NS_PER_MS},
     "step-40ms",
     "40 ms more than the others, as a delayed acknowledgement takes",
     "set TCP_NODELAY in the server, or write the head and the body of a response at once"},
    {{200 * NS_PER_MS, 10 * NS_PER_MS},
     "step-200ms",
     "200 ms more than the others, as a lost packet takes that is sent again",
     "look for lost packets on the way (nstat TcpRetransSegs), and for a full listen queue"},
};

/* In an open loop the time since the sending: a late request would blur the step. */
void warnings_steps(struct result *r)
{
    const struct hist *h = r->service != NULL ? r->service : r->latency;
    double share = 0;
    for (size_t i = 0; i < LEN(steps) && h != NULL; i++) {
        if (latency_step_find(h, &steps[i].step, &share))
            warn(r, steps[i].code, steps[i].remedy, "%.1f %% of the responses took %s", 100 * share,
                 steps[i].cause);
    }
}
