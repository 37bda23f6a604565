#include "analysis/recovery/course.h"

#include <math.h>
#include <stdlib.h>

#include "base/clock.h"
#include "base/mem.h"
#include "stat/hist_text.h"

/* Due times within a sample are taken to be evenly spaced: that may be off by one. */
#define SPACING    1
#define COUNT_MOST 0x1p53

static void add_second(struct course_sample *sample, const struct second *s)
{
    sample->due += s->due == MISSING ? 0 : (double)s->due;
    sample->done += (double)s->requests;
    sample->lost += (double)s->errors;
    sample->refused += (double)s->non_2xx;
    sample->jobs = s->queue_backlog;
}

/* A document need not say when a second ends. */
static double end_s(const struct result *r, size_t entries)
{
    double at_s = entries == 0 ? 0 : r->seconds[entries - 1].at_s;
    return isnan(at_s) ? (double)entries : at_s;
}

void course_of(const struct result *r, struct course *out)
{
    const struct hist_series *s = r->series_latency;
    double waiting = 0;
    *out = (struct course){0};
    if (s == NULL || s->step == 0)
        return;
    out->items = mem_array(s->count, sizeof *out->items);
    for (size_t i = 0; i < s->count && i * s->step < r->nseconds; i++) {
        size_t first = i * s->step;
        size_t end = first + s->step < r->nseconds ? first + s->step : r->nseconds;
        struct course_sample sample = {.from_s = end_s(r, first), .to_s = end_s(r, end)};
        for (size_t k = first; k < end; k++)
            add_second(&sample, &r->seconds[k]);
        waiting += sample.due - sample.done - sample.lost;
        sample.waiting = fmax(waiting, 0);
        out->items[out->count++] = sample;
    }
}

void course_fini(struct course *c)
{
    free(c->items);
    *c = (struct course){0};
}

void course_latencies(const struct result *r, size_t sample, struct hist *into)
{
    hist_series_sum(r->series_latency, sample, 1, into);
}

/* Of the responses in the sample. Those that did no work are among its latencies, unless they are
 * left out (-x), and may be the fastest. A status that a request expects is a good one. */
static double good_in(const struct result *r, const struct course_sample *sample,
                      const struct hist *h, double goal_ns)
{
    double within = 0;
    size_t at = 0;
    struct hist_bucket b;
    while (hist_next(h, &at, &b) && (double)(b.low_ns + b.high_ns) / 2 <= goal_ns)
        within += (double)b.count;
    if (result_excludes_errors(r) || r->accounting.judged_non_2xx > 0)
        return within;
    return fmax(within - sample->refused, 0);
}

/* How much was due in the last so many seconds before the end of sample `at`. */
static double due_lately(const struct course *c, size_t at, double last_s)
{
    double from_s = c->items[at].to_s - last_s;
    double due = 0;
    for (size_t i = at + 1; i-- > 0 && c->items[i].to_s > from_s;) {
        const struct course_sample *s = &c->items[i];
        double length_s = s->to_s - s->from_s;
        double part_s = s->to_s - fmax(s->from_s, from_s);
        due += length_s > 0 ? s->due * part_s / length_s : s->due;
    }
    return due;
}

/* So many have waited for longer than the goal: what waits is more than was due since. Of requests
 * that could not be made it is not known whether they are over. */
static double overdue_in(const struct course *c, const struct result *r, size_t at, double goal_ns)
{
    if (r->accounting.unbound > 0)
        return 0;
    double lately = ceil(due_lately(c, at, goal_ns / (double)NS_PER_S)) + SPACING;
    return fmax(c->items[at].waiting - lately, 0);
}

static enum course_verdict verdict_of(double good, double total, double q)
{
    if (total <= 0)
        return COURSE_EMPTY;
    return good >= (double)hist_rank_of(q, (uint64_t)fmin(total, COUNT_MOST)) ? COURSE_FINE
                                                                              : COURSE_BAD;
}

void course_judge(struct course *c, const struct result *r, const struct recovery_goal *goal)
{
    struct hist *h = hist_text_new();
    for (size_t i = 0; i < c->count; i++) {
        struct course_sample *s = &c->items[i];
        hist_reset(h);
        course_latencies(r, i, h);
        s->good = good_in(r, s, h, goal->ns);
        s->verdict =
            verdict_of(s->good, s->done + s->lost + overdue_in(c, r, i, goal->ns), goal->q);
    }
    hist_free(h);
}
