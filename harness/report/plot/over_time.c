#include "report/plot/over_time.h"

#include <math.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "base/mem.h"
#include "report/plot/field.h"
#include "report/plot/stretch.h"
#include "stat/hist_text.h"

/* --- columns --- */

/* A count, shown per second; a rate as it is; a sample at the end of each second. */
enum column_kind { COLUMN_COUNT, COLUMN_RATE, COLUMN_LEVEL };

struct column {
    double (*read)(const struct second *s); /* NAN: not known */
    enum column_kind kind;
};

static double known(int64_t value)
{
    return value == MISSING ? NAN : (double)value;
}

static double replies(const struct second *s)
{
    return known(s->requests);
}

static double lost(const struct second *s)
{
    return known(s->errors);
}

static double refused(const struct second *s)
{
    return known(s->non_2xx);
}

static double errors(const struct second *s)
{
    return lost(s) + refused(s);
}

static double accepted(const struct second *s)
{
    return replies(s) - refused(s);
}

static double cores(const struct second *s)
{
    return s->server_cpu_cores;
}

static double rss(const struct second *s)
{
    return known(s->server_rss_bytes);
}

static double threads(const struct second *s)
{
    return known(s->server_threads);
}

static double switches(const struct second *s)
{
    return known(s->server_switches);
}

static double run_wait(const struct second *s)
{
    return s->server_run_wait_s;
}

static double backlog(const struct second *s)
{
    return known(s->queue_backlog);
}

static double jobs(const struct second *s)
{
    return known(s->jobs_completed);
}

/* --- rows --- */

static double seconds_of(const struct second *s)
{
    return s->length_s > 0 ? s->length_s : 1; /* a document need not say it */
}

/* Over the entries of a stretch, and over the rounds. */
struct mean {
    double sum, weight;
};

static void add_entry(struct mean *mean, const struct second *s, const struct column *column)
{
    double value = column->read(s);
    if (isnan(value))
        return;
    mean->sum += column->kind == COLUMN_COUNT ? value : value * seconds_of(s);
    mean->weight += seconds_of(s);
}

static double value_of(const struct arm *arm, const struct stretches *all, size_t i,
                       const struct column *column)
{
    struct mean mean = {0};
    for (size_t k = 0; k < arm->nresults; k++) {
        const struct result *r = &arm->results[k];
        size_t end = stretch_end(all, i) < r->nseconds ? stretch_end(all, i) : r->nseconds;
        size_t first = stretch_first(all, i);
        if (column->kind == COLUMN_LEVEL && first < end)
            first = end - 1;
        for (size_t n = first; n < end; n++)
            add_entry(&mean, &r->seconds[n], column);
    }
    return mean.weight > 0 ? mean.sum / mean.weight : NAN;
}

static void add_times(const struct stretches *all, size_t i, struct buf *out)
{
    buf_printf(out, "%.9g", stretch_from_s(all, i));
    plot_number(out, stretch_to_s(all, i));
}

static void add_nothing(size_t columns, struct buf *out)
{
    buf_puts(out, "NaN\tNaN");
    for (size_t i = 0; i < columns; i++)
        buf_puts(out, "\tNaN");
    buf_puts(out, "\n");
}

static void add_rows(const struct arm *arm, const struct column *columns, size_t ncolumns,
                     struct buf *out)
{
    struct stretches all;
    if (!stretches_of(arm, stretch_has_series, STRETCH_POINTS_MAX, &all)) {
        add_nothing(ncolumns, out);
        return;
    }
    for (size_t i = 0; i < all.count; i++) {
        add_times(&all, i, out);
        for (size_t k = 0; k < ncolumns; k++)
            plot_number(out, value_of(arm, &all, i, &columns[k]));
        buf_puts(out, "\n");
    }
}

void plot_rate(const struct arm *arm, struct buf *out)
{
    static const struct column columns[] = {{replies, COLUMN_COUNT},
                                            {errors, COLUMN_COUNT},
                                            {lost, COLUMN_COUNT},
                                            {refused, COLUMN_COUNT}};
    add_rows(arm, columns, LEN(columns), out);
}

void plot_server(const struct arm *arm, struct buf *out)
{
    static const struct column columns[] = {{cores, COLUMN_RATE},     {rss, COLUMN_LEVEL},
                                            {threads, COLUMN_LEVEL},  {switches, COLUMN_COUNT},
                                            {run_wait, COLUMN_COUNT}, {backlog, COLUMN_LEVEL}};
    add_rows(arm, columns, LEN(columns), out);
}

void plot_queue(const struct arm *arm, struct buf *out)
{
    static const struct column columns[] = {
        {accepted, COLUMN_COUNT}, {jobs, COLUMN_COUNT}, {backlog, COLUMN_LEVEL}};
    bool is_queue = false;
    for (size_t k = 0; k < arm->nresults; k++)
        is_queue = is_queue || arm->results[k].has_queue;
    if (is_queue)
        add_rows(arm, columns, LEN(columns), out);
    else
        add_nothing(LEN(columns), out);
}

/* --- percentiles --- */

static const double quantiles[] = {0.5, 0.9, 0.99};

static double in_ms(int64_t ns)
{
    return ns == MISSING || ns < 0 ? NAN : (double)ns / (double)NS_PER_MS;
}

static void add_merged(const struct arm *arm, const struct stretches *all, struct buf *out)
{
    struct hist *h = hist_text_new();
    for (size_t i = 0; i < all->count; i++) {
        hist_reset(h);
        stretch_latencies(arm, all, i, h);
        add_times(all, i, out);
        for (size_t k = 0; k < LEN(quantiles); k++)
            plot_number(out, in_ms(hist_percentile_ns(h, quantiles[k])));
        plot_number(out, in_ms(hist_max_ns(h)));
        buf_puts(out, "\n");
    }
    hist_free(h);
}

/* A percentile of several is not to be had from theirs; the highest is. */
static void add_from_series(const struct arm *arm, const struct stretches *all, struct buf *out)
{
    for (size_t i = 0; i < all->count; i++) {
        const struct second *one = &all->longest->seconds[stretch_first(all, i)];
        bool is_one = arm->nresults == 1 && stretch_end(all, i) - stretch_first(all, i) == 1;
        int64_t max_ns = MISSING;
        for (size_t k = 0; k < arm->nresults; k++) {
            const struct result *r = &arm->results[k];
            for (size_t n = stretch_first(all, i); n < stretch_end(all, i) && n < r->nseconds; n++)
                max_ns = r->seconds[n].max_ns > max_ns ? r->seconds[n].max_ns : max_ns;
        }
        add_times(all, i, out);
        plot_number(out, is_one ? in_ms(one->p50_ns) : NAN);
        plot_number(out, NAN);
        plot_number(out, is_one ? in_ms(one->p99_ns) : NAN);
        plot_number(out, in_ms(max_ns));
        buf_puts(out, "\n");
    }
}

void plot_percentiles(const struct arm *arm, struct buf *out)
{
    struct stretches all;
    if (stretches_of(arm, stretch_has_latencies, STRETCH_POINTS_MAX, &all))
        add_merged(arm, &all, out);
    else if (stretches_of(arm, stretch_has_series, STRETCH_POINTS_MAX, &all))
        add_from_series(arm, &all, out);
    else
        add_nothing(LEN(quantiles) + 1, out);
}

/* --- all of them --- */

#define TIMES 2 /* the first columns */

/* Adds the numbers of a row: of one column, or of all but the times (-1). */
static void widen(struct plot_range *range, const char *row, int column)
{
    char *end = NULL;
    for (int i = 0; *row != '\0' && *row != '\n'; i++) {
        double value = strtod(row, &end);
        if (i == column || (column < 0 && i >= TIMES)) {
            range->low = fmin(range->low, value); /* of NAN: the other */
            range->high = fmax(range->high, value);
        }
        row = end + (*end == '\t');
    }
}

struct plot_range plot_range_of(const struct arm *arm, plot_over_time_fn write, int column)
{
    struct plot_range range = {NAN, NAN};
    struct buf rows;
    buf_init(&rows, BUF_TEXT_MAX);
    write(arm, &rows);
    for (const char *row = rows.data; *row != '\0'; row += strcspn(row, "\n") + 1)
        widen(&range, row, column);
    buf_fini(&rows);
    return range;
}

bool plot_over_time_is_known(const struct arm *arm, plot_over_time_fn write)
{
    return !isnan(plot_range_of(arm, write, -1).low);
}
