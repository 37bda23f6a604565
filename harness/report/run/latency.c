#include <math.h>
#include <stdio.h>

#include "base/mem.h"
#include "base/units.h"
#include "model/arm_figure.h"
#include "model/lateness.h"
#include "report/run/report_internal.h"
#include "report/spread.h"
#include "report/table.h"
#include "report/text.h"

#define SAME         1.02 /* ratio up to which two percentiles are not worth two rows */
#define PATH_COLUMNS 20   /* of the probe's path in the table */

#define LATENCY_COLUMNS (1 + SPREAD_COLUMNS + 3) /* max, mean, stdev */

static const struct spread_column all_percentiles[] = {
    {"0.001%", 0.00001}, {"0.01%", 0.0001},  {"0.1%", 0.001},      {"1%", 0.01},
    {"2.5%", 0.025},     {"10%", 0.10},      {"25%", 0.25},        {"50%", 0.50},
    {"75%", 0.75},       {"90%", 0.90},      {"97.5%", 0.975},     {"99%", 0.99},
    {"99.9%", 0.999},    {"99.99%", 0.9999}, {"99.999%", 0.99999},
};

/* Writes the cell; true if it is marked as based on few samples. */
static bool percentile_cell(struct table *t, const struct spread *s, double q,
                            const struct report_style *style)
{
    char text[40];
    char cell[48];
    bool few = spread_is_few(s, q);
    (void)snprintf(cell, sizeof cell, "%s%s", spread_percentile(s, q, style, text, sizeof text),
                   few ? "*" : "");
    table_cell(t, cell);
    return few;
}

static bool spread_row(struct table *t, const char *label, const struct spread *s,
                       const struct report_style *style)
{
    char text[40];
    bool few = false;
    if (spread_samples(s) == 0)
        return false;
    table_cell(t, label);
    for (size_t i = 0; i < LEN(spread_columns); i++)
        few |= percentile_cell(t, s, spread_columns[i].q, style);
    table_cell(t, spread_max(s, style, text, sizeof text));
    table_cell(t, spread_mean(s, style, text, sizeof text));
    table_cell(t, spread_stddev(s, text, sizeof text));
    return few;
}

/* In a queue, jobs are what completes; requests are only answered. */
static const char *answered_name(const struct result *r)
{
    return r->has_queue ? "answered" : "completed";
}

static void head_row(struct table *t)
{
    table_cell(t, "latency");
    for (size_t i = 0; i < LEN(spread_columns); i++)
        table_cell(t, spread_columns[i].name);
    table_cell(t, "max");
    table_cell(t, "mean");
    table_cell(t, "stdev");
}

static const char *const least_percentiles[] = {"97.5%", "stdev", "mean", "99.9%", "90%", NULL};

static void note_few(const struct report_style *style, struct buf *out)
{
    text_notice(out, style, PAINT_DIM,
                "* fewer than 10 samples above it: a single slow request would change it");
}

static void note_bound(const struct result *r, const struct report_style *style, struct buf *out)
{
    char text[120];
    char count[32];
    struct spread unfinished;
    spread_init(&unfinished, r->unfinished);
    (void)text_grouped((int64_t)spread_samples(&unfinished), count, sizeof count);
    (void)snprintf(text, sizeof text,
                   "%s lower bound: %s unfinished requests count with the time elapsed so far",
                   spread_bound_sign(style), count);
    text_notice(out, style, PAINT_DIM, text);
}

static int64_t median_ns(const struct hist *h)
{
    return h == NULL || hist_count(h) == 0 ? MISSING : hist_percentile_ns(h, 0.5);
}

#define BACKLOG_WORTH_TELLING 0.1 /* of the completed jobs */

/* The job rows only have completed jobs, which waited least. */
static void note_backlog(const struct result *r, const struct report_style *style, struct buf *out)
{
    const struct queue_account *q = &r->queue;
    char text[200];
    char done[32];
    char left[32];
    int64_t waiting = queue_account_left(q);
    int64_t jobs = r->job == NULL ? 0 : (int64_t)(hist_count(r->job) + hist_over(r->job));
    if (!r->has_queue || jobs == 0 || waiting == MISSING ||
        (double)waiting <= BACKLOG_WORTH_TELLING * (double)jobs)
        return;
    (void)snprintf(text, sizeof text,
                   "job rows cover only the %s completed jobs: %s were still waiting or running, "
                   "and will take longer",
                   text_grouped(jobs, done, sizeof done), text_grouped(waiting, left, sizeof left));
    text_notice(out, style, PAINT_DIM, text);
}

/* The server's clock starts when it has read the request, and a blocked event loop reads late. */
static void note_unexplained(const struct result *r, const struct report_style *style,
                             struct buf *out)
{
    char text[240];
    char all[32];
    char server[32];
    int64_t all_ns = median_ns(r->latency);
    int64_t wait_ns = median_ns(r->wait);
    int64_t work_ns = median_ns(r->work);
    if (r->has_queue || all_ns == MISSING || wait_ns == MISSING || work_ns == MISSING ||
        wait_ns + work_ns >= all_ns / 2)
        return;
    (void)snprintf(text, sizeof text,
                   "of the median %s, server wait and work are only %s: the rest passed before the "
                   "server read the request (busy event loop or socket buffer) or on the network",
                   units_format_time(all_ns, all, sizeof all),
                   units_format_time(wait_ns + work_ns, server, sizeof server));
    text_notice(out, style, PAINT_DIM, text);
}

/* Of an open loop. */
struct open_rows {
    struct spread service, slip;
};

static bool has_other_percentiles(const struct hist *a, const struct hist *b)
{
    for (size_t i = 0; i < LEN(spread_columns); i++) {
        double q = spread_columns[i].q;
        double part = (double)hist_percentile_ns(a, q) / (double)hist_percentile_ns(b, q);
        if (part > SAME || part < 1 / SAME)
            return true;
    }
    return false;
}

/* The service time stands beside the latency where they differ. */
static void open_rows_init(struct open_rows *o, const struct result *r)
{
    bool is_other = r->service != NULL && hist_count(r->service) > 0 &&
                    has_other_percentiles(r->latency, r->service);
    spread_init(&o->service, is_other ? r->service : NULL);
    spread_init(&o->slip, r->slip);
}

static bool open_rows_write(struct table *t, const struct open_rows *o,
                            const struct report_style *style)
{
    bool few = spread_row(t, "service: from sent", &o->service, style);
    return spread_row(t, "slip: due to sent", &o->slip, style) || few;
}

static void note_own_share(const struct result *r, const struct report_style *style,
                           struct buf *out)
{
    char text[120];
    char share[32];
    double own_ns = lateness_own_p99_ns(r);
    if (isnan(own_ns) || r->offered.from_sending)
        return;
    (void)snprintf(text, sizeof text, "of the p99, the generator's own share is at most %s",
                   units_format_time((int64_t)own_ns, share, sizeof share));
    text_notice(out, style, PAINT_DIM, text);
}

/* How long connections took to come up; without TLS that is hardly more than a round trip. */
static bool connect_rows_write(struct table *t, const struct result *r,
                               const struct report_style *style)
{
    struct spread connect;
    struct spread handshake;
    if (!r->has_tls)
        return false;
    spread_init(&connect, r->connect);
    spread_init(&handshake, r->handshake);
    bool few = spread_row(t, "connect", &connect, style);
    return spread_row(t, "TLS handshake", &handshake, style) || few;
}

/* Probes on open connections, and those on new ones if they differ. */
struct probe_rows {
    struct spread kept, opened;
};

static void probe_rows_init(struct probe_rows *p, const struct result *r)
{
    struct probe_fate kept = probe_kept(&r->probe_counts);
    spread_init_all(&p->kept, r->probe, probe_waiting(&kept, r->probe_unfinished));
    spread_init(&p->opened, NULL);
    if (result_probe_new_differs(r))
        spread_init_all(&p->opened, r->probe_new, r->probe_new_unfinished);
}

static void probe_rows_fini(struct probe_rows *p)
{
    spread_fini(&p->kept);
    spread_fini(&p->opened);
}

static bool probe_rows_write(struct table *t, const struct probe_rows *p, const struct result *r,
                             const struct report_style *style)
{
    char label[TEXT_NAME + 16];
    char path[TEXT_NAME];
    if (!r->has_probe)
        return false;
    (void)text_short(r->probe_counts.path, style, PATH_COLUMNS, path, sizeof path);
    (void)snprintf(label, sizeof label, "probe %s", path);
    bool few = spread_row(t, label, &p->kept, style);
    (void)snprintf(label, sizeof label, "new %s", path);
    return spread_row(t, label, &p->opened, style) || few;
}

/* What the table is made of. */
struct latency_rows {
    struct spread completed, all, wait, work, job;
    struct open_rows open;
    struct probe_rows probe;
};

static void latency_rows_init(struct latency_rows *rows, const struct result *r)
{
    spread_init(&rows->completed, r->latency);
    spread_init_unfinished(&rows->all, r);
    spread_init(&rows->wait, r->wait);
    spread_init(&rows->work, r->work);
    spread_init(&rows->job, r->job);
    open_rows_init(&rows->open, r);
    probe_rows_init(&rows->probe, r);
}

static void latency_rows_fini(struct latency_rows *rows)
{
    spread_fini(&rows->all);
    probe_rows_fini(&rows->probe);
}

static bool is_measured(const struct latency_rows *rows)
{
    return spread_samples(&rows->completed) > 0 || spread_samples(&rows->probe.kept) > 0;
}

/* True if a cell is marked as based on few samples. */
static bool latency_rows_write(struct table *t, const struct latency_rows *rows,
                               const struct result *r, const struct report_style *style)
{
    head_row(t);
    bool few = spread_row(t, answered_name(r), &rows->completed, style);
    few |= spread_row(t, "+ unfinished", &rows->all, style);
    few |= open_rows_write(t, &rows->open, style);
    few |= connect_rows_write(t, r, style);
    few |= spread_row(t, r->has_queue ? "job: wait" : "server: wait", &rows->wait, style);
    few |= spread_row(t, r->has_queue ? "job: work" : "server: work", &rows->work, style);
    few |= spread_row(t, "job: added to done", &rows->job, style);
    return probe_rows_write(t, &rows->probe, r, style) || few;
}

void run_latency_cells(const struct result *r, const struct report_style *style, struct table *t)
{
    struct latency_rows rows;
    latency_rows_init(&rows, r);
    if (is_measured(&rows)) {
        t->columns = LATENCY_COLUMNS;
        (void)latency_rows_write(t, &rows, r, style);
    }
    latency_rows_fini(&rows);
}

static void notes(const struct latency_rows *rows, const struct result *r,
                  const struct report_style *style, struct buf *out)
{
    if (spread_samples(&rows->all) > 0)
        note_bound(r, style, out);
    if (spread_samples(&rows->probe.opened) > 0)
        text_notice(out, style, PAINT_DIM, PROBE_NEW_NOTE);
    note_own_share(r, style, out);
    if (r->offered.from_sending)
        text_notice(out, style, PAINT_YELLOW,
                    "latency counts from when a request was sent (-C), not from when it was due");
    note_unexplained(r, style, out);
    note_backlog(r, style, out);
}

void run_section_latency(const struct result *r, const struct report_style *style, struct buf *out)
{
    struct table t;
    struct latency_rows rows;
    latency_rows_init(&rows, r);
    if (is_measured(&rows)) {
        table_init(&t, LATENCY_COLUMNS);
        bool few = latency_rows_write(&t, &rows, r, style);
        table_fit(&t, style, least_percentiles);
        buf_puts(out, "\n");
        table_write(&t, style, out);
        if (few)
            note_few(style, out);
        notes(&rows, r, style, out);
        table_fini(&t);
    }
    latency_rows_fini(&rows);
}

void run_section_percentiles(const struct result *r, const struct report_style *style,
                             struct buf *out)
{
    struct table t;
    struct spread completed;
    struct spread all;
    spread_init(&completed, r->latency);
    if (!style->latency_table || spread_samples(&completed) == 0)
        return;
    spread_init_unfinished(&all, r);
    bool both = spread_samples(&all) > 0;
    table_init(&t, both ? 3 : 2);
    table_cell(&t, "percentile");
    table_cell(&t, answered_name(r));
    if (both)
        table_cell(&t, "+ unfinished");
    for (size_t i = 0; i < LEN(all_percentiles); i++) {
        table_cell(&t, all_percentiles[i].name);
        (void)percentile_cell(&t, &completed, all_percentiles[i].q, style);
        if (both)
            (void)percentile_cell(&t, &all, all_percentiles[i].q, style);
    }
    buf_puts(out, "\n");
    table_write(&t, style, out);
    table_fini(&t);
    spread_fini(&all);
}
