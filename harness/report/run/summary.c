#include <inttypes.h>
#include <math.h>
#include <stdarg.h>
#include <stdio.h>

#include "base/clock.h"
#include "base/units.h"
#include "report/run/report.h"
#include "report/run/report_internal.h"
#include "report/spread.h"
#include "report/text.h"

#define GAP 3

/* Parts in a row; a part that does not fit starts the next line. */
struct headline {
    const struct report_style *style;
    struct buf *out;
    size_t column;
};

__attribute__((format(printf, 3, 4))) static void add(struct headline *h, enum paint paint,
                                                      const char *format, ...)
{
    char text[160];
    va_list args;
    va_start(args, format);
    (void)vsnprintf(text, sizeof text, format, args);
    va_end(args);
    size_t width = text_width(text);
    if (h->column > 0 && h->column + GAP + width > text_columns(h->style)) {
        buf_puts(h->out, "\n");
        h->column = 0;
    } else if (h->column > 0) {
        buf_pad(h->out, ' ', GAP);
        h->column += GAP;
    }
    text_paint(h->out, h->style, paint, text);
    h->column += width;
}

/* A queue's completed jobs, including those of the drain: a 202 only means accepted. */
static void add_jobs(struct headline *h, const struct result *r)
{
    char rate[32];
    char jobs[32];
    char time[32];
    double per_s = queue_work_per_second(r);
    if (!r->has_queue)
        return;
    (void)snprintf(rate, sizeof rate, "-");
    if (!isnan(per_s))
        (void)units_format_count(per_s, rate, sizeof rate);
    if (r->queue.drain == DRAIN_MEASURED && !isnan(per_s))
        add(h, PAINT_BOLD, "%s jobs in %s: %s/s",
            text_grouped(queue_work_jobs(r), jobs, sizeof jobs),
            text_figure(queue_work_s(r) * (double)NS_PER_S, METRIC_TIME, time, sizeof time), rate);
    else
        add(h, PAINT_BOLD, "%s jobs completed/s", rate);
}

/* A 202 means that the work was accepted, not that it is done. */
static const char *good_name(const struct result *r, const char *usual)
{
    const struct accounting *a = &r->accounting;
    bool all = a->statuses[202] == a->completed - a->non_2xx;
    return a->statuses[202] > 0 && (r->has_queue || all) ? "accepted" : usual;
}

/* 2xx responses come first: a server that refuses quickly has a high total rate. */
static void add_rates(struct headline *h, const struct result *r)
{
    const struct accounting *a = &r->accounting;
    char text[32];
    double all_rps = result_requests_per_second(r);
    double good_rps = accounting_replies_like(a, a->completed - a->non_2xx) / r->duration_s;
    if (result_is_open_loop(r) && r->duration_s > 0)
        add(h, PAINT_PLAIN, "%s/s due",
            units_format_count((double)a->due / r->duration_s, text, sizeof text));
    if (accounting_wrong_status(a) == 0) {
        add(h, PAINT_BOLD, "%s %s/s", units_format_count(all_rps, text, sizeof text),
            good_name(r, "requests"));
        add_jobs(h, r);
        return;
    }
    add(h, PAINT_BOLD, "%s %s/s", units_format_count(good_rps, text, sizeof text),
        good_name(r, "2xx"));
    add_jobs(h, r);
    add(h, PAINT_RED, "%s non-2xx", text_share(a->non_2xx, a->completed, text, sizeof text));
    add(h, PAINT_PLAIN, "%s responses/s total", units_format_count(all_rps, text, sizeof text));
}

/* Includes unfinished requests if they are worse: otherwise only the survivors would count. */
static void add_latency(struct headline *h, const struct result *r)
{
    char p50[40];
    char p99[40];
    struct spread all;
    struct spread completed;
    spread_init_unfinished(&all, r);
    spread_init(&completed, r->latency);
    const struct spread *s = spread_samples(&all) > 0 ? &all : &completed;
    if (spread_samples(s) > 0)
        add(h, PAINT_BOLD, "p50 %s   p99 %s%s",
            spread_percentile(s, 0.50, h->style, p50, sizeof p50),
            spread_percentile(s, 0.99, h->style, p99, sizeof p99),
            r->has_queue ? " until answered" : "");
    spread_fini(&all);
}

static void add_bad(struct headline *h, const struct accounting *a)
{
    char number[32];
    char sent[32];
    char share[32];
    int64_t lost = a->timed_out + accounting_failed(a);
    if (lost > 0)
        add(h, PAINT_RED, "%s of %s lost (%s)", text_grouped(lost, number, sizeof number),
            text_grouped(a->sent, sent, sizeof sent),
            text_share(lost, a->sent, share, sizeof share));
    if (a->mismatches > 0)
        add(h, PAINT_RED, "%s mismatched", text_grouped(a->mismatches, number, sizeof number));
    if (accounting_answers_few(a) && a->in_flight_at_end > 0)
        add(h, PAINT_RED, "%s unanswered",
            text_grouped(a->in_flight_at_end, number, sizeof number));
    else if (lost == 0 && accounting_wrong(a) == 0)
        add(h, PAINT_BOLD, "none lost");
}

void run_section_summary(const struct result *r, const struct report_style *style, struct buf *out)
{
    struct headline h = {style, out, 0};
    if (r->accounting.completed == 0)
        return;
    buf_puts(out, "\n");
    add_rates(&h, r);
    add_latency(&h, r);
    add_bad(&h, &r->accounting);
    buf_puts(out, "\n");
}

void report_run_round(const struct result *r, int64_t number, const struct report_style *style,
                      struct buf *out)
{
    struct headline h = {style, out, 0};
    add(&h, PAINT_PLAIN, "round %" PRId64, number);
    if (r->accounting.completed > 0) {
        add_rates(&h, r);
        add_latency(&h, r);
    } else {
        add(&h, PAINT_RED, "nothing completed");
    }
    add_bad(&h, &r->accounting);
    buf_puts(out, "\n");
}
