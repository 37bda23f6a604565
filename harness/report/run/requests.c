/* What became of the requests of each name. */
#include <stdio.h>

#include "base/mem.h"
#include "report/run/report.h"
#include "report/run/report_internal.h"
#include "report/spread.h"
#include "report/text.h"

#define ROWS_MAX     20 /* in the terminal */
#define NAME_COLUMNS 36

static int64_t non_2xx(const struct named_counts *c)
{
    return c->non_2xx;
}

static int64_t mismatches(const struct named_counts *c)
{
    return c->mismatches;
}

static int64_t unbound(const struct named_counts *c)
{
    return c->unbound;
}

static int64_t errors(const struct named_counts *c)
{
    return c->timed_out + c->failed;
}

/* They have a column unless they are 0 for all. */
static const struct count_column {
    const char *title;
    int64_t (*read)(const struct named_counts *c);
} count_columns[] = {
    {"non-2xx", non_2xx}, {"mismatches", mismatches}, {"unbound", unbound}, {"errors", errors}};

static const struct {
    const char *title;
    double q;
} percentiles[] = {{"50%", 0.5}, {"90%", 0.9}, {"99%", 0.99}};

static bool has_any(const struct result *r, const struct count_column *column)
{
    for (size_t i = 0; i < r->nnamed; i++) {
        if (column->read(&r->named[i].counts) > 0)
            return true;
    }
    return false;
}

static void head_row(struct table *t, const struct result *r)
{
    table_cell(t, "request");
    table_cell(t, "sent");
    table_cell(t, "req/s");
    for (size_t i = 0; i < LEN(percentiles); i++)
        table_cell(t, percentiles[i].title);
    table_cell(t, "max");
    for (size_t i = 0; i < LEN(count_columns); i++) {
        if (has_any(r, &count_columns[i]))
            table_cell(t, count_columns[i].title);
    }
}

static void count_cell(struct table *t, int64_t n)
{
    char text[32];
    table_cell(t, text_grouped(n, text, sizeof text));
}

static void latency_cells(struct table *t, const struct named_counts *c,
                          const struct report_style *style)
{
    char text[40];
    char cell[48];
    struct spread all;
    spread_init_all(&all, c->latency, c->unfinished);
    for (size_t i = 0; i < LEN(percentiles); i++) {
        double q = percentiles[i].q;
        bool has_one = spread_samples(&all) > 0;
        (void)snprintf(cell, sizeof cell, "%s%s",
                       has_one ? spread_percentile(&all, q, style, text, sizeof text) : "-",
                       has_one && spread_is_few(&all, q) ? "*" : "");
        table_cell(t, cell);
    }
    table_cell(t, spread_samples(&all) > 0 ? spread_max(&all, style, text, sizeof text) : "-");
    spread_fini(&all);
}

static void request_row(struct table *t, const struct result *r, const struct named_request *n,
                        const struct report_style *style)
{
    char text[TEXT_NAME * 2];
    char rate[32];
    const struct named_counts *c = &n->counts;
    table_cell(t, text_short(n->name, style, NAME_COLUMNS, text, sizeof text));
    count_cell(t, c->sent);
    table_cell(t, r->duration_s > 0 ? metric_format((double)c->completed / r->duration_s,
                                                    METRIC_NUMBER, rate, sizeof rate)
                                    : "-");
    latency_cells(t, c, style);
    for (size_t i = 0; i < LEN(count_columns); i++) {
        if (has_any(r, &count_columns[i]))
            count_cell(t, count_columns[i].read(c));
    }
}

static size_t write_rows(const struct result *r, size_t most, const struct report_style *style,
                         struct table *t)
{
    size_t count = r->nnamed < most ? r->nnamed : most;
    head_row(t, r);
    t->columns = t->cells.count;
    for (size_t i = 0; i < count; i++)
        request_row(t, r, &r->named[i], style);
    return r->nnamed - count;
}

void run_request_cells(const struct result *r, const struct report_style *style, struct table *t)
{
    if (r->nnamed > 0)
        (void)write_rows(r, r->nnamed, style, t);
}

void run_section_requests(const struct result *r, const struct report_style *style, struct buf *out)
{
    static const char *const least[] = {"90%", "max", NULL};
    struct table t;
    if (r->nnamed == 0)
        return;
    table_init(&t, 0);
    size_t left = write_rows(r, ROWS_MAX, style, &t);
    table_fit(&t, style, least);
    buf_puts(out, "\n");
    table_write(&t, style, out);
    table_fini(&t);
    text_left_out(out, style, left);
}
