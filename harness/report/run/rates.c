/* What was answered in each second: the spread of the rates. */
#include <math.h>
#include <stdio.h>

#include "base/mem.h"
#include "base/units.h"
#include "report/run/report_internal.h"
#include "report/table.h"

enum rate_column {
    RATE_MIN,
    RATE_P1,
    RATE_P2_5,
    RATE_P50,
    RATE_P97_5,
    RATE_MAX,
    RATE_MEAN,
    RATE_STDEV,
    RATE_COLUMNS
};

static const struct {
    const char *name;
    double q; /* NAN: not a percentile */
} rate_columns[RATE_COLUMNS] = {
    {"min", NAN},     {"1%", 0.01}, {"2.5%", 0.025}, {"50%", 0.50},
    {"97.5%", 0.975}, {"max", NAN}, {"mean", NAN},   {"stdev", NAN},
};

/* A percentile that equals the minimum or maximum for lack of seconds is not shown. */
static bool is_shown(enum rate_column column, size_t seconds)
{
    double q = rate_columns[column].q;
    return isnan(q) || q == 0.5 || (double)seconds * fmin(q, 1 - q) > 1 + 1e-6;
}

static double rate(const struct result *r, enum second_metric metric, enum rate_column column)
{
    struct second_stats stats = result_second_stats(r, metric);
    switch (column) {
    case RATE_MIN:
        return stats.min;
    case RATE_MAX:
        return stats.max;
    case RATE_MEAN:
        return stats.mean;
    case RATE_STDEV:
        return stats.stddev;
    default:
        return result_second_percentile(r, metric, rate_columns[column].q);
    }
}

static void rate_row(struct table *t, const struct result *r, enum second_metric metric,
                     size_t seconds)
{
    static const char *const names[] = {
        [SECOND_REQUESTS] = "requests", [SECOND_BYTES] = "bytes", [SECOND_JOBS] = "jobs completed"};
    char *(*format)(double, char *, size_t) =
        metric == SECOND_BYTES ? units_format_bytes : units_format_count;
    char text[32];
    table_cell(t, names[metric]);
    for (enum rate_column column = 0; column < RATE_COLUMNS; column++) {
        if (is_shown(column, seconds))
            table_cell(t, format(rate(r, metric, column), text, sizeof text));
    }
}

/* A single second has no spread, and the summary already shows its rate. */
void run_section_rates(const struct result *r, const struct report_style *style, struct buf *out)
{
    static const char *const least[] = {"2.5%", "97.5%", "1%", "stdev", "mean", NULL};
    size_t seconds = result_second_stats(r, SECOND_REQUESTS).count;
    size_t shown = 0;
    char label[40];
    if (r->accounting.completed == 0 || seconds < 2)
        return;
    struct table t;
    for (enum rate_column column = 0; column < RATE_COLUMNS; column++)
        shown += is_shown(column, seconds);
    table_init(&t, 1 + shown);
    (void)snprintf(label, sizeof label, "per second, n=%zu", seconds);
    table_cell(&t, label);
    for (enum rate_column column = 0; column < RATE_COLUMNS; column++) {
        if (is_shown(column, seconds))
            table_cell(&t, rate_columns[column].name);
    }
    rate_row(&t, r, SECOND_REQUESTS, seconds);
    rate_row(&t, r, SECOND_BYTES, seconds);
    if (result_second_stats(r, SECOND_JOBS).count == seconds)
        rate_row(&t, r, SECOND_JOBS, seconds);
    table_fit(&t, style, least);
    buf_puts(out, "\n");
    table_write(&t, style, out);
    table_fini(&t);
}
