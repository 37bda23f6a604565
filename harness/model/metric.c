#include "model/metric_internal.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

#include "base/mem.h"
#include "base/units.h"
#include "stat/product_limit.h"

#define SURE 0.001

static const struct metric_need *need_of(const struct metric *m)
{
    if (m->request_len > 0)
        return &metric_need_request;
    return m->row != NULL ? m->row->needs : m->hist->needs;
}

const char *metric_needs(const struct metric *m)
{
    return need_of(m)->text;
}

bool metric_is_timed_by_load(const struct metric *m)
{
    return m->hist != NULL && m->hist->by_load;
}

bool metric_is_planned(const struct metric *m, const struct plan *plan)
{
    const struct metric_need *need = need_of(m);
    if (m->request_len > 0)
        return metric_plans_request(m, plan);
    return need->is_planned == NULL || need->is_planned(plan);
}

enum metric_unit metric_unit(const struct metric *m)
{
    return m->row != NULL ? m->row->unit : METRIC_TIME;
}

const char *metric_unit_name(enum metric_unit unit)
{
    static const char *const names[] = {[METRIC_TIME] = "ns",
                                        [METRIC_COUNT] = "count",
                                        [METRIC_SIZE] = "bytes",
                                        [METRIC_NUMBER] = "number",
                                        [METRIC_SHARE] = "share"};
    return names[unit];
}

bool metric_has_share(const struct metric *m)
{
    return m->row != NULL && m->row->whole != NULL;
}

/* --- values --- */

/* Both ends of what the samples may have been; `over` of the high one is infinity. */
struct ends {
    struct hist *low, *high;
};

static uint64_t samples_of(const struct hist *h)
{
    return h == NULL ? 0 : hist_count(h) + hist_over(h);
}

/* Adds the requests in flight at the end with the time elapsed so far: the unfinished without the
 * longest, which timed out, and without the shortest, which may be the failed ones. Returns how
 * many were added. */
static uint64_t add_in_flight(struct hist *into, const struct metric_ages *ages)
{
    uint64_t skip = (uint64_t)ages->failed;
    uint64_t left = (uint64_t)ages->in_flight;
    struct hist_bucket b;
    if (ages->unfinished == NULL)
        return 0;
    for (size_t at = 0; left > 0 && hist_next(ages->unfinished, &at, &b);) {
        uint64_t skipped = b.count < skip ? b.count : skip;
        uint64_t taken = b.count - skipped < left ? b.count - skipped : left;
        skip -= skipped;
        left -= taken;
        hist_record_n(into, b.high_ns, taken);
    }
    return (uint64_t)ages->in_flight - left;
}

static void ends_init(struct ends *e, const struct metric_ages *ages)
{
    uint64_t gone = (uint64_t)(ages->in_flight + ages->timed_out + ages->failed);
    uint64_t aged = samples_of(ages->unfinished);
    e->low = ages->finished == NULL ? hist_new_latency() : hist_copy(ages->finished);
    e->high = hist_copy(e->low);
    if (ages->unfinished != NULL)
        hist_merge(e->low, ages->unfinished);
    if (gone > aged)
        hist_record_n(e->low, 0, gone - aged);
    uint64_t counted = add_in_flight(e->high, ages);
    hist_record_n(e->high, INT64_MAX, gone - counted);
}

static void ends_fini(struct ends *e)
{
    hist_free(e->low);
    hist_free(e->high);
}

/* A histogram with its number of samples: to count them takes as long as to find a percentile, and
 * a curve has a hundred. */
struct counted {
    const struct hist *h;
    uint64_t samples;
};

static struct counted counted(const struct hist *h)
{
    return (struct counted){h, samples_of(h)};
}

static double low_at(const struct counted *c, double q)
{
    if (c->samples == 0)
        return NAN;
    return isnan(q) ? hist_mean_ns(c->h) : (double)hist_percentile_of_ns(c->h, c->samples, q);
}

static double high_at(const struct counted *c, double q)
{
    uint64_t over = hist_over(c->h);
    double rank = q * (double)c->samples;
    if (over > 0 && (isnan(q) || rank > (double)(c->samples - over) + 1e-6))
        return INFINITY;
    return low_at(c, q);
}

/* 10 beyond it, on the side of its nearer end. A double only comes near 1 - q. */
static uint64_t needed_for(double q)
{
    bool percentile = q > 0 && q < 1;
    return percentile ? (uint64_t)ceil((METRIC_BEYOND - 1e-6) / fmin(q, 1 - q)) : 0;
}

/* Which of n samples, by rank, lies below the percentile but for one run in 1000; 0: none does. Of
 * n independent samples, those beyond the percentile are binomial with 1 - q, those below it with
 * q: summed up from 0 on the side of the nearer end, where few are expected. */
static uint64_t sure_rank(uint64_t n, double q)
{
    bool upper = q >= 0.5;
    double p = upper ? 1 - q : q;
    double count = (double)n;
    double part = exp(count * log1p(-p)); /* of 0 */
    double sum = part;
    uint64_t k = 0;
    while (k < n && (upper ? 1 - sum > SURE : sum <= SURE)) {
        part *= (count - (double)k) / (double)(k + 1) * p / (1 - p);
        sum += part;
        k++;
    }
    return upper ? n - k : k;
}

static double sure_at(const struct counted *c, double q)
{
    uint64_t n = c->samples;
    uint64_t rank = sure_rank(n, q);
    return rank > 0 ? (double)hist_percentile_of_ns(c->h, n, (double)rank / (double)n) : NAN;
}

bool metric_is_open(const struct hist *finished, const struct hist *unfinished, double q,
                    int64_t shown_ns)
{
    uint64_t known = samples_of(finished);
    uint64_t open = samples_of(unfinished);
    double most_ns = METRIC_OPEN * (double)shown_ns;
    if (open == 0 || !(q > 0 && q < 1))
        return false;
    if (known == 0)
        return true;
    /* As if all of them took longer than any other: mostly even that makes no difference. */
    uint64_t rank = hist_rank_of(q, known + open);
    if (rank <= known &&
        (double)hist_percentile_of_ns(finished, known, (double)rank / (double)known) <= most_ns)
        return false;
    double one = 1 / (double)(known + open); /* the next sample up or down is no difference */
    return (double)product_limit_percentile_ns(finished, unfinished, q - one) > most_ns;
}

/* What a percentile is measured in. low and high are empty when there is no sample. */
struct measured {
    struct counted finished, unfinished, low, high;
    bool of_slices; /* as in struct metric */
};

static bool is_open(const struct measured *m, double q, double shown_ns)
{
    return m->unfinished.h != NULL && !m->of_slices &&
           metric_is_open(m->finished.h, m->unfinished.h, q, (int64_t)shown_ns);
}

static struct metric_value point_of(const struct measured *m, double q)
{
    struct metric_value v = {.low = NAN, .high = NAN, .finished = NAN, .sure = NAN};
    v.samples = m->finished.samples + m->unfinished.samples;
    v.needed = needed_for(q);
    if (v.samples == 0)
        return v;
    v.finished = low_at(&m->finished, q);
    /* Requests sent shortly before the end must not make a run look better than it was. */
    v.low = m->unfinished.h == NULL ? low_at(&m->low, q) : fmax(low_at(&m->low, q), v.finished);
    v.high = fmax(high_at(&m->high, q), v.low);
    if (m->finished.samples == 0 || is_open(m, q, v.low))
        v.high = INFINITY; /* too few have shown how long one takes */
    if (v.samples < v.needed)
        v.sure = sure_at(&m->low, q);
    v.raised = isnan(v.finished) || v.low > METRIC_RAISED * v.finished;
    return v;
}

static void measure_points(struct measured m, const struct metric_hist *hist, const double *q,
                           size_t count, const struct result *r, struct metric_value *out)
{
    struct metric_ages ages = hist->ages(r);
    struct ends ends = {0};
    m.finished = counted(ages.finished);
    m.unfinished = counted(ages.unfinished);
    if (m.finished.samples + m.unfinished.samples > 0) {
        ends_init(&ends, &ages);
        m.low = counted(ends.low);
        m.high = counted(ends.high);
    }
    for (size_t i = 0; i < count; i++)
        out[i] = point_of(&m, q[i]);
    ends_fini(&ends);
}

void metric_measure_points(const struct metric_hist *hist, const double *q, size_t count,
                           const struct result *r, struct metric_value *out)
{
    measure_points((struct measured){0}, hist, q, count, r, out);
}

static struct metric_value measure_point(const struct metric *m, const struct result *r)
{
    struct metric_value v;
    measure_points((struct measured){.of_slices = m->of_slices}, m->hist, &m->q, 1, r, &v);
    return v;
}

static struct metric_value measure_figure(const struct metric_row *row, enum metric_unit unit,
                                          const struct result *r)
{
    double value = row->read(r);
    if (unit == METRIC_SHARE) {
        double whole = row->whole(r);
        value = whole > 0 ? value / whole : NAN;
    }
    bool more =
        row->trait == METRIC_LIVE_THREADS && r->server.total.live_threads_only && !isnan(value);
    return (struct metric_value){
        .low = value, .high = more ? INFINITY : value, .finished = NAN, .sure = NAN};
}

static struct metric_value measure(const struct metric *m, enum metric_unit unit,
                                   const struct result *r)
{
    return m->row != NULL ? measure_figure(m->row, unit, r) : measure_point(m, r);
}

struct metric_value metric_measure(const struct metric *m, enum metric_unit unit,
                                   const struct result *r)
{
    struct result view;
    if (m->request_len == 0)
        return measure(m, unit, r);
    if (!metric_view(m, r, &view))
        return (struct metric_value){.low = NAN, .high = NAN, .finished = NAN, .sure = NAN};
    return measure(m, unit, &view);
}
