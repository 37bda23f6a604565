#include "report/live/load_lines.h"

#include <math.h>
#include <stdio.h>

#include "base/mem.h"
#include "base/units.h"
#include "model/lateness.h"

#define VALUE      8  /* columns of the figure that a line begins with */
#define MORE       24 /* of those between it and the sparkline */
#define SPARK_MIN  4  /* a shorter one shows nothing */
#define NUMBER_MAX 32

/* --- parts --- */

void load_add_rate(struct fields *f, const struct history *h)
{
    char value[NUMBER_MAX];
    if (!isnan(history_rate(h)))
        (void)fields_printf(f, PAINT_PLAIN, "%s req/s",
                            units_format_count(history_rate(h), value, sizeof value));
}

void load_add_errors(struct fields *f, const struct history *h)
{
    char value[NUMBER_MAX];
    (void)fields_printf(f, h->errors > 0 ? PAINT_RED : PAINT_PLAIN, "%s %s",
                        text_grouped(h->errors, value, sizeof value),
                        h->errors == 1 ? "error" : "errors");
    if (h->non_2xx > 0)
        (void)fields_printf(f, PAINT_YELLOW, "%s non-2xx",
                            text_grouped(h->non_2xx, value, sizeof value));
}

void load_add_latency(struct fields *f, const char *name, int64_t ns)
{
    char value[NUMBER_MAX];
    if (ns != MISSING)
        (void)fields_printf(f, PAINT_PLAIN, "%s %s", name,
                            units_format_time(ns, value, sizeof value));
}

/* In what is left of the line. */
static void add_sparkline(struct fields *f, const struct sparkline *s)
{
    struct buf bars;
    size_t room = fields_room(f);
    if (room < SPARK_MIN)
        return;
    buf_init(&bars, BUF_TEXT_MAX);
    sparkline(&bars, s, room < SPARKLINE_MAX ? room : SPARKLINE_MAX, f->style);
    (void)fields_add(f, PAINT_PLAIN, bars.data);
    buf_fini(&bars);
}

static struct sparkline sparkline_of(const struct history *h, const double *numbers,
                                     enum sparkline_worst worst)
{
    size_t count = history_points(h);
    return (struct sparkline){.values = numbers + SPARKLINE_MAX - count,
                              .count = count,
                              .before = h->seconds - count,
                              .worst = worst};
}

void load_add_rates(struct fields *f, const struct history *h)
{
    const struct sparkline s = sparkline_of(h, h->rates, SPARKLINE_LOWEST);
    add_sparkline(f, &s);
}

void load_add_latencies(struct fields *f, const struct history *h)
{
    const struct sparkline s = sparkline_of(h, h->latencies, SPARKLINE_HIGHEST);
    add_sparkline(f, &s);
}

/* --- rate and latency, with their sparklines below each other --- */

/* A narrow terminal has the figure and the sparkline, and no more. */
static bool has_more(const struct report_style *style)
{
    return style->width >= 60;
}

/* The figure, and beside it what `more` holds, each as wide as in the other line. */
static void add_figures(struct fields *f, const char *figure, const char *more)
{
    char padded[64];
    bool is_padded = fields_room(f) > VALUE + SPARK_MIN;
    (void)snprintf(padded, sizeof padded, "%-*s", is_padded ? VALUE : 0, figure);
    (void)fields_add(f, PAINT_BOLD, padded);
    (void)snprintf(padded, sizeof padded, "%-*s", MORE, more);
    if (has_more(f->style))
        (void)fields_add(f, PAINT_PLAIN, padded);
}

static void rate_line(struct buf *out, const struct history *h, const struct report_style *style)
{
    char value[NUMBER_MAX];
    char bytes[NUMBER_MAX];
    char done[NUMBER_MAX];
    char more[2 * NUMBER_MAX];
    struct fields f;
    fields_begin(&f, out, style);
    fields_label(&f, "req/s");
    (void)snprintf(
        more, sizeof more, "%s/s  %s done",
        units_format_bytes((double)h->last.bytes / h->last.length_s, bytes, sizeof bytes),
        units_format_count((double)h->completed, done, sizeof done));
    add_figures(&f, units_format_count(history_rate(h), value, sizeof value), more);
    load_add_rates(&f, h);
    fields_end(&f);
}

static void latency_line(struct buf *out, const struct history *h, const struct report_style *style)
{
    char p50[NUMBER_MAX];
    char p99[NUMBER_MAX];
    char most[NUMBER_MAX];
    char more[2 * NUMBER_MAX + 16];
    const struct second *s = &h->last;
    struct fields f;
    fields_begin(&f, out, style);
    fields_label(&f, "p99");
    if (s->p99_ns == MISSING) {
        add_figures(&f, "-", "no response");
    } else {
        (void)snprintf(more, sizeof more, "p50 %s  max %s",
                       units_format_time(s->p50_ns, p50, sizeof p50),
                       units_format_time(s->max_ns, most, sizeof most));
        add_figures(&f, units_format_time(s->p99_ns, p99, sizeof p99), more);
    }
    load_add_latencies(&f, h);
    fields_end(&f);
}

/* --- errors by kind, the most frequent first --- */

struct kind {
    const char *name;
    int64_t count;
};

#define KINDS (LOSS_COUNT + 3)

static size_t kinds_of(const struct history *h, struct kind *kinds)
{
    size_t count = 0;
    kinds[count++] = (struct kind){"timeout", h->faults.timed_out};
    for (size_t i = 0; i < LOSS_COUNT; i++)
        kinds[count++] = (struct kind){loss_keys[i], h->faults.failed[i]};
    kinds[count++] = (struct kind){"connect", h->faults.connect_failed};
    kinds[count++] = (struct kind){"non-2xx", h->non_2xx};
    return count;
}

void load_line_of_errors(struct buf *out, const struct history *h, const struct report_style *style)
{
    struct kind kinds[KINDS];
    char value[NUMBER_MAX];
    struct fields f;
    size_t count = kinds_of(h, kinds);
    fields_begin(&f, out, style);
    fields_label(&f, "errors");
    (void)fields_add(&f, h->errors > 0 ? PAINT_RED : PAINT_PLAIN,
                     text_grouped(h->errors, value, sizeof value));
    for (size_t left = count; left > 0; left--) {
        size_t most = 0;
        for (size_t i = 1; i < count; i++)
            most = kinds[i].count > kinds[most].count ? i : most;
        if (kinds[most].count == 0)
            break;
        (void)fields_printf(&f, PAINT_RED, "%s %s", kinds[most].name,
                            text_grouped(kinds[most].count, value, sizeof value));
        kinds[most].count = 0;
    }
    fields_end(&f);
}

/* --- the server and the generator --- */

static void server_line(struct buf *out, const struct second *s, const struct report_style *style)
{
    char value[NUMBER_MAX];
    struct fields f;
    fields_begin(&f, out, style);
    fields_label(&f, "server");
    if (!isnan(s->server_cpu_cores))
        (void)fields_printf(&f, PAINT_PLAIN, "%.2f cores", s->server_cpu_cores);
    if (s->server_rss_bytes != MISSING)
        (void)fields_printf(&f, PAINT_PLAIN, "RSS %s",
                            units_format_bytes((double)s->server_rss_bytes, value, sizeof value));
    if (s->server_threads != MISSING)
        (void)fields_printf(&f, PAINT_PLAIN, "%s %s",
                            text_grouped(s->server_threads, value, sizeof value),
                            s->server_threads == 1 ? "thread" : "threads");
    if (s->queue_backlog != MISSING)
        (void)fields_printf(&f, PAINT_PLAIN, "backlog %s",
                            text_grouped(s->queue_backlog, value, sizeof value));
    fields_end(&f);
}

/* How many make the load together, and of how many, if one was lost. */
static void add_hosts(struct fields *f, const struct history *h)
{
    char all[NUMBER_MAX];
    char left[NUMBER_MAX];
    const char *what = h->are_hosts ? "host" : "share";
    const char *plural = h->shares == 1 ? "" : "s";
    if (h->shares == 0)
        return;
    (void)text_grouped(h->shares, all, sizeof all);
    if (h->last.hosts > 0 && h->last.hosts < h->shares)
        (void)fields_printf(f, PAINT_YELLOW, "%s of %s %s%s",
                            text_grouped(h->last.hosts, left, sizeof left), all, what, plural);
    else
        (void)fields_printf(f, PAINT_PLAIN, "%s %s%s", all, what, plural);
}

/* Of an open loop. */
static void add_lateness(struct fields *f, const struct history *h)
{
    char value[NUMBER_MAX];
    const struct second *s = &h->last;
    if (s->sent != MISSING && s->sent > 0) {
        bool is_late = (double)s->late > LATENESS_MOST * (double)s->sent;
        (void)fields_printf(f, is_late ? PAINT_YELLOW : PAINT_PLAIN, "%s sent late",
                            text_share(s->late, s->sent, value, sizeof value));
    }
    if (h->waiting > 0)
        (void)fields_printf(f, PAINT_YELLOW, "%s waiting",
                            text_grouped(h->waiting, value, sizeof value));
}

void load_line_of_generator(struct buf *out, const struct history *h,
                            const struct report_style *style)
{
    struct fields f;
    double busiest = h->last.busiest_worker;
    fields_begin(&f, out, style);
    fields_label(&f, "bench");
    add_hosts(&f, h);
    if (!isnan(busiest)) {
        bool is_saturated = busiest > RESULT_SATURATED_CORES;
        (void)fields_printf(&f, is_saturated ? PAINT_YELLOW : PAINT_PLAIN, "busiest thread %.0f%%",
                            100 * busiest);
        if (is_saturated)
            (void)fields_add(&f, PAINT_YELLOW, "saturated: more threads (-w)");
    }
    add_lateness(&f, h);
    fields_end(&f);
}

void load_lines(struct buf *out, const struct history *h, const struct report_style *style)
{
    if (h->seconds == 0)
        return;
    rate_line(out, h, style);
    latency_line(out, h, style);
    load_line_of_errors(out, h, style);
    server_line(out, &h->last, style);
    load_line_of_generator(out, h, style);
}
