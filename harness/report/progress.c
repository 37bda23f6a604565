#include "report/progress.h"

#include <math.h>
#include <stdio.h>

#include "base/buf.h"
#include "base/clock.h"
#include "base/units.h"
#include "model/result.h"
#include "report/text.h"

#define BAR 20

/* Adds "  text" if all of it fits on the line. */
static void add(struct buf *line, size_t width, const char *text)
{
    size_t gap = line->len > 0 ? 2 : 0;
    if (text_width(line->data) + gap + text_width(text) > width)
        return;
    buf_pad(line, ' ', gap);
    buf_puts(line, text);
}

/* The fraction done, towards the nearer of the two limits; NAN without a limit. */
static double part_done(const struct progress *p)
{
    double done = NAN;
    if (p->amount > 0)
        done = (double)p->completed / (double)p->amount;
    if (p->total_ns > 0)
        done = fmax(done, (double)p->elapsed_ns / (double)p->total_ns); /* fmax ignores a NAN */
    return done > 1 ? 1 : done;
}

static void add_bar(struct buf *line, size_t width, const struct progress *p,
                    const struct report_style *style)
{
    double done = part_done(p);
    struct buf bar;
    if (isnan(done))
        return;
    buf_init(&bar, BUF_TEXT_MAX);
    for (int i = 0; i < BAR; i++) {
        if (i < (int)(done * BAR))
            buf_puts(&bar, style->utf8 ? "━" : "#");
        else
            buf_puts(&bar, style->utf8 ? "─" : "-");
    }
    add(line, width, bar.data);
    buf_fini(&bar);
}

static void add_time(struct buf *line, size_t width, const struct progress *p)
{
    char text[64];
    int64_t elapsed_s = p->elapsed_ns / NS_PER_S;
    int64_t total_s = (p->total_ns + NS_PER_S - 1) / NS_PER_S;
    if (p->total_ns > 0)
        (void)snprintf(text, sizeof text, "%lld/%lld s", (long long)elapsed_s, (long long)total_s);
    else
        (void)snprintf(text, sizeof text, "%lld s", (long long)elapsed_s);
    add(line, width, text);
}

static void add_latency(struct buf *line, size_t width, const char *name, int64_t ns)
{
    char text[64];
    char value[32];
    if (ns == MISSING)
        return;
    (void)snprintf(text, sizeof text, "%s %s", name, units_format_time(ns, value, sizeof value));
    add(line, width, text);
}

/* Rounded: an estimate needs no more precision. */
static char *format_left(int64_t ns, char *text, size_t size)
{
    double s = fmax((double)ns / 1e9, 0);
    if (s < 100)
        (void)snprintf(text, size, "%.0f s", s);
    else if (s < 6000)
        (void)snprintf(text, size, "%.0f min", s / 60);
    else
        (void)snprintf(text, size, "%.1f h", s / 3600);
    return text;
}

/* Time left in this trial and overall; in a narrow terminal only overall. */
static void add_ends(struct buf *line, size_t width, const struct progress *p)
{
    char value[32];
    struct buf text;
    struct buf all;
    buf_init(&text, BUF_TEXT_MAX);
    buf_init(&all, BUF_TEXT_MAX);
    if (p->place->left_ns != MISSING)
        buf_printf(&all, "about %s left overall",
                   format_left(p->place->left_ns, value, sizeof value));
    if (p->jobs_left > 0)
        text_list(&text, "%lld s", (long long)(p->elapsed_ns / NS_PER_S));
    else if (p->total_ns > 0)
        text_list(&text, "%s left%s", format_left(p->total_ns - p->elapsed_ns, value, sizeof value),
                  p->phase == NULL ? " in this run" : "");
    if (all.len > 0)
        text_list(&text, "%s", all.data);
    size_t room = width > text_width(line->data) + 2 ? width - text_width(line->data) - 2 : 0;
    const struct buf *shown = text_width(text.data) <= room ? &text : &all;
    if (shown->len > 0)
        add(line, width, shown->data);
    buf_fini(&all);
    buf_fini(&text);
}

/* Which trial is running. */
static void add_trial(struct buf *line, size_t width, const struct progress *p)
{
    const struct trial_place *place = p->place;
    struct buf text;
    buf_init(&text, BUF_TEXT_MAX);
    buf_printf(&text, "compare %zu/%zu %s", place->number, place->count, place->arm);
    add(line, width, text.data);
    buf_clear(&text);
    buf_printf(&text, "round %lld of %lld", (long long)place->round, (long long)place->rounds);
    add(line, width, text.data);
    buf_fini(&text);
    if (p->phase != NULL)
        add(line, width, p->phase);
    add_ends(line, width, p);
}

/* Progress of a single run. A narrow terminal gets no bar. */
static void add_part(struct buf *line, size_t width, const struct progress *p,
                     const struct report_style *style)
{
    if (p->phase != NULL)
        add(line, width, p->phase);
    if (width >= 60)
        add_bar(line, width, p, style);
    add_time(line, width, p);
}

/* "992 jobs left, 210/s, about 5 s" */
static void add_jobs(struct buf *line, size_t width, const struct progress *p)
{
    char value[32];
    struct buf text;
    if (p->jobs_left <= 0)
        return;
    buf_init(&text, BUF_TEXT_MAX);
    text_list(&text, "%s %s left", text_grouped(p->jobs_left, value, sizeof value),
              p->jobs_left == 1 ? "job" : "jobs");
    if (p->jobs_per_second > 0) {
        double left_s = (double)p->jobs_left / p->jobs_per_second;
        (void)units_format_count(p->jobs_per_second, value, sizeof value);
        text_list(&text, "%s/s", value);
        text_list(&text, "about %s",
                  format_left((int64_t)fmin(left_s * (double)NS_PER_S, 9e18), value, sizeof value));
    }
    add(line, width, text.data);
    buf_fini(&text);
}

char *report_progress(const struct progress *p, size_t width, const struct report_style *style)
{
    char text[64];
    char value[32];
    struct buf line;
    buf_init(&line, BUF_TEXT_MAX);
    if (p->place != NULL)
        add_trial(&line, width, p);
    else
        add_part(&line, width, p, style);
    add_jobs(&line, width, p);
    if (!isnan(p->requests_per_second)) {
        (void)units_format_count(p->requests_per_second, value, sizeof value);
        (void)snprintf(text, sizeof text, "%s req/s", value);
        add(&line, width, text);
    }
    (void)snprintf(text, sizeof text, "%s %s", text_grouped(p->errors, value, sizeof value),
                   p->errors == 1 ? "error" : "errors");
    add(&line, width, text);
    if (p->non_2xx > 0) {
        (void)snprintf(text, sizeof text, "%s non-2xx",
                       text_grouped(p->non_2xx, value, sizeof value));
        add(&line, width, text);
    }
    add_latency(&line, width, "p50", p->p50_ns);
    add_latency(&line, width, "p99", p->p99_ns);
    char *result = buf_take(&line);
    buf_fini(&line);
    return result;
}
