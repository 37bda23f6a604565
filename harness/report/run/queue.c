/* What a queue accepted and what it completed: two rates that must not be confused. */
#include <inttypes.h>
#include <math.h>
#include <stdio.h>

#include "base/clock.h"
#include "base/units.h"
#include "report/broker_text.h"
#include "report/run/report_internal.h"
#include "report/text.h"

static double rate_of(const struct result *r, int64_t count)
{
    return count != MISSING && r->duration_s > 0 ? (double)count / r->duration_s : NAN;
}

static char *format_rate(double per_s, char *text, size_t size)
{
    if (isnan(per_s))
        (void)snprintf(text, size, "-");
    else
        (void)units_format_count(per_s, text, size);
    return text;
}

/* " + 148,369 more in the backlog"; empty for 0. */
static void add_signed(struct buf *text, int64_t count, const char *more, const char *fewer)
{
    char number[32];
    if (count != MISSING && count != 0)
        buf_printf(text, " %c %s %s", count > 0 ? '+' : '-',
                   text_grouped(count > 0 ? count : -count, number, sizeof number),
                   count > 0 ? more : fewer);
}

/* "150,120 accepted = 1,748 completed + 3 failed + 148,369 more in the backlog" */
static void add_account(struct buf *text, const struct queue_account *q)
{
    char number[32];
    if (queue_account_lost(q) == MISSING)
        return;
    buf_printf(text, ": %s accepted", text_grouped(q->accepted, number, sizeof number));
    buf_printf(text, " = %s completed", text_grouped(q->completed, number, sizeof number));
    add_signed(text, q->failed, "failed", "failed");
    add_signed(text, q->backlog_end - q->backlog_start, "more in the backlog",
               "fewer in the backlog");
    add_signed(text, queue_account_lost(q), "unaccounted for", "unaccounted for");
}

static void queue_entry(const struct result *r, const struct report_style *style, struct buf *out)
{
    const struct queue_account *q = &r->queue;
    char accepted[32];
    char completed[32];
    struct buf text;
    buf_init(&text, BUF_TEXT_MAX);
    buf_printf(&text, "%s jobs accepted/s, %s completed/s%s",
               format_rate(rate_of(r, q->accepted), accepted, sizeof accepted),
               format_rate(q->completed_per_s, completed, sizeof completed),
               q->drain == DRAIN_MEASURED ? " during the load" : "");
    add_account(&text, q);
    text_entry(out, style, PAINT_BOLD, "queue", text.data);
    buf_fini(&text);
}

static void backlog_entry(const struct result *r, const struct report_style *style, struct buf *out)
{
    const struct queue_account *q = &r->queue;
    char start[32];
    char end[32];
    char rate[32];
    struct buf text;
    if (q->backlog_start == MISSING || q->backlog_end == MISSING)
        return;
    int64_t grown = q->backlog_end - q->backlog_start;
    buf_init(&text, BUF_TEXT_MAX);
    buf_printf(&text, "%s jobs at the start, %s at the end",
               text_grouped(q->backlog_start, start, sizeof start),
               text_grouped(q->backlog_end, end, sizeof end));
    if (grown != 0 && r->duration_s > 0)
        buf_printf(&text, ": it %s by %s per second", grown > 0 ? "grew" : "shrank",
                   format_rate(fabs(rate_of(r, grown)), rate, sizeof rate));
    text_entry(out, style, PAINT_DIM, "backlog", text.data);
    buf_fini(&text);
}

static char *format_s(double s, char *text, size_t size)
{
    return text_figure(s * (double)NS_PER_S, METRIC_TIME, text, size);
}

/* "; 1,000 jobs in 3.67 s in total: 272/s" */
static void add_whole(struct buf *text, const struct result *r)
{
    char jobs[32];
    char time[32];
    char rate[32];
    double per_s = queue_work_per_second(r);
    if (isnan(per_s))
        return;
    buf_printf(text, "; %s jobs in %s in total: %s/s",
               text_grouped(queue_work_jobs(r), jobs, sizeof jobs),
               format_s(queue_work_s(r), time, sizeof time), format_rate(per_s, rate, sizeof rate));
}

static void add_cut(struct buf *text, const struct queue_account *q)
{
    char time[32];
    char left[32];
    buf_printf(text, "not drained: bench stopped waiting after %s",
               isnan(q->drain_s) ? "some time" : format_s(q->drain_s, time, sizeof time));
    if (q->drain_left != MISSING)
        text_list(text, "with %s jobs left", text_grouped(q->drain_left, left, sizeof left));
    if (drain_cut_meanings[q->drain_cut] != NULL)
        buf_printf(text, " (%s)", drain_cut_meanings[q->drain_cut]);
}

static void drain_entry(const struct result *r, const struct report_style *style, struct buf *out)
{
    const struct queue_account *q = &r->queue;
    char time[32];
    struct buf text;
    buf_init(&text, BUF_TEXT_MAX);
    switch (q->drain) {
    case DRAIN_PROJECTED:
        if (isnan(q->drain_s))
            buf_puts(&text, "at this rate, under the load, the backlog never drains (projected)");
        else if (q->backlog_end != 0)
            buf_printf(&text,
                       "at this rate, under the load, the backlog takes about %s to drain "
                       "(projected)",
                       format_s(q->drain_s, time, sizeof time));
        break;
    case DRAIN_MEASURED:
        buf_printf(&text, "drained in %s after the load (measured)",
                   isnan(q->drain_s) ? "some time" : format_s(q->drain_s, time, sizeof time));
        add_whole(&text, r);
        break;
    case DRAIN_CUT:
        add_cut(&text, q);
        break;
    case DRAIN_UNKNOWN:
    case DRAIN_HOW_COUNT:
        break;
    }
    if (text.len > 0)
        text_entry(out, style, PAINT_DIM, "drain", text.data);
    buf_fini(&text);
}

static void broker_entry(const struct result *r, const struct report_style *style, struct buf *out)
{
    struct buf text;
    buf_init(&text, BUF_TEXT_MAX);
    broker_text(r, &text);
    if (text.len > 0)
        text_entry(out, style, PAINT_DIM, "broker", text.data);
    buf_fini(&text);
}

void run_section_queue(const struct result *r, const struct report_style *style, struct buf *out)
{
    if (!r->has_queue)
        return;
    buf_puts(out, "\n");
    queue_entry(r, style, out);
    backlog_entry(r, style, out);
    drain_entry(r, style, out);
    broker_entry(r, style, out);
}
