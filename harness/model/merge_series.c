/* The seconds of several hosts as those of one run: each where it was in time. */
#include <math.h>
#include <stdlib.h>

#include "base/mem.h"
#include "model/merge_internal.h"
#include "model/result_rounds.h"
#include "model/second.h"
#include "stat/hist_text.h"

/* The length of an entry: a sample, or several of them in the document of a long run. */
static double entry_s(const struct result *r)
{
    double sample_s = (double)result_sample_ms(r) / 1000;
    return r->nseconds > 1 ? fmax(1, round(r->seconds[0].length_s / sample_s)) * sample_s
                           : sample_s;
}

static double longest_entry_s(const struct merge *m)
{
    double longest_s = 0;
    for (size_t i = 0; i < m->ninputs; i++)
        longest_s = fmax(longest_s, entry_s(m->inputs[i].r));
    return longest_s;
}

/* Which entry of the sum takes the middle of this one. Huge for one that a stranger made up. */
static double place_of(const struct second *s, double start_s, double length_s)
{
    return fmax(0, floor((start_s + s->at_s - s->length_s / 2) / length_s));
}

static double entries_needed(const struct merge *m, double length_s)
{
    double most = 0;
    for (size_t i = 0; i < m->ninputs; i++) {
        const struct result *r = m->inputs[i].r;
        double start_s = merge_start_s(m, i);
        if (r->nseconds == 0)
            return NAN;
        for (size_t k = 0; k < r->nseconds; k++)
            most = fmax(most, 1 + place_of(&r->seconds[k], start_s, length_s));
    }
    return most;
}

/* Ends are where the last of those added ended, and no entry begins before the one before it. */
static void set_times(struct result *out, double length_s)
{
    double before_s = 0;
    for (size_t i = 0; i < out->nseconds; i++) {
        struct second *s = &out->seconds[i];
        double end_s = s->at_s > 0 ? s->at_s : (double)(i + 1) * length_s;
        s->at_s = fmax(end_s, before_s);
        s->length_s = s->at_s - before_s;
        before_s = s->at_s;
    }
}

static void add_seconds(const struct merge *m, size_t i, double length_s, struct result *out)
{
    const struct result *r = m->inputs[i].r;
    double start_s = merge_start_s(m, i);
    for (size_t k = 0; k < r->nseconds; k++) {
        struct second *into = &out->seconds[(size_t)place_of(&r->seconds[k], start_s, length_s)];
        second_add(into, &r->seconds[k]);
        into->at_s = fmax(into->at_s, start_s + r->seconds[k].at_s);
    }
}

/* --- the latencies over time --- */

/* The widest interval of all inputs, in entries; 0: they cannot be brought together, because one
 * has none, or has other entries than the sum. */
static size_t widest_step(const struct merge *m, double length_s)
{
    size_t step = 1;
    for (size_t i = 0; i < m->ninputs; i++) {
        const struct result *r = m->inputs[i].r;
        if (r->series_latency == NULL || fabs(entry_s(r) - length_s) > 1e-9)
            return 0;
        step = r->series_latency->step > step ? r->series_latency->step : step;
    }
    return step;
}

/* Whether each of its entries is in the place of its own number, or all as many places later;
 * *out is that many. Only whole intervals can be moved. */
static bool is_moved(const struct merge *m, size_t i, double length_s, size_t step, size_t *out)
{
    const struct result *r = m->inputs[i].r;
    double start_s = merge_start_s(m, i);
    size_t moved = (size_t)place_of(&r->seconds[0], start_s, length_s);
    for (size_t k = 0; k < r->nseconds; k++) {
        if ((size_t)place_of(&r->seconds[k], start_s, length_s) != k + moved)
            return false;
    }
    *out = moved;
    return moved % step == 0;
}

static void add_interval(const struct hist_series *s, size_t step, size_t interval, struct hist *h)
{
    size_t of_one = step / s->step;
    hist_series_sum(s, interval * of_one, of_one, h);
}

static void merge_latencies(const struct merge *m, double length_s, struct result *out)
{
    size_t step = widest_step(m, length_s);
    size_t *moved = mem_array(m->ninputs, sizeof *moved);
    bool fits = step > 0;
    for (size_t i = 0; fits && i < m->ninputs; i++)
        fits = is_moved(m, i, length_s, step, &moved[i]);
    struct hist *h = hist_text_new();
    struct hist_series *sum = hist_series_new();
    for (size_t k = 0; fits && k * step < out->nseconds; k++) {
        hist_reset(h);
        for (size_t i = 0; i < m->ninputs; i++) {
            if (k * step >= moved[i])
                add_interval(m->inputs[i].r->series_latency, step, k - moved[i] / step, h);
        }
        hist_series_add(sum, h);
        if (step == 1)
            second_set_percentiles(&out->seconds[k], h);
    }
    sum->step *= step;
    sum->nentries = out->nseconds;
    if (fits)
        out->series_latency = sum;
    else
        hist_series_free(sum);
    hist_free(h);
    free(moved);
}

/* Also one in which nothing is, because a thread was held up and its next second was longer. */
static void begin_seconds(struct result *out, bool is_open)
{
    out->seconds = mem_array(out->nseconds, sizeof *out->seconds);
    for (size_t i = 0; i < out->nseconds; i++) {
        struct second *s = &out->seconds[i];
        second_init(s);
        if (is_open)
            s->due = s->sent = s->late = 0;
    }
}

void merge_series(const struct merge *m, struct result *out)
{
    double length_s = longest_entry_s(m);
    double needed = entries_needed(m, length_s);
    if (!(needed <= 2.0 * RESULT_ROUNDS_SECONDS))
        return;
    out->nseconds = (size_t)needed;
    begin_seconds(out, result_is_open_loop(out));
    for (size_t i = 0; i < m->ninputs; i++)
        add_seconds(m, i, length_s, out);
    set_times(out, length_s);
    merge_latencies(m, length_s, out);
}
