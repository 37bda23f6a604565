#include "report/live/trial.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

#include "base/clock.h"
#include "base/units.h"
#include "report/live/bar.h"
#include "report/live/load_lines.h"

#define NUMBER_MAX 32

/* --- parts --- */

/* The fraction done, towards the nearer of the two limits; NAN without a limit. */
static double part_done(const struct live_trial *t)
{
    double done = NAN;
    if (t->amount > 0)
        done = (double)t->load->completed / (double)t->amount;
    if (t->total_ns > 0)
        done = fmax(done, (double)t->elapsed_ns / (double)t->total_ns); /* fmax ignores a NAN */
    return done;
}

/* "3/10 s", "3 s" */
static char *elapsed(const struct live_trial *t, char *text, size_t size)
{
    long long elapsed_s = (long long)(t->elapsed_ns / NS_PER_S);
    if (t->total_ns > 0)
        (void)snprintf(text, size, "%lld/%.10g s", elapsed_s, (double)t->total_ns / 1e9);
    else
        (void)snprintf(text, size, "%lld s", elapsed_s);
    return text;
}

/* "1,234/5,000 requests"; empty without an amount. */
static char *requests(const struct live_trial *t, char *text, size_t size)
{
    char done[NUMBER_MAX];
    char all[NUMBER_MAX];
    text[0] = '\0';
    if (t->amount > 0)
        (void)snprintf(text, size, "%s/%s requests",
                       text_grouped(t->load->completed, done, sizeof done),
                       text_grouped(t->amount, all, sizeof all));
    return text;
}

/* "992 jobs left, 210/s, about 5 s" */
static void add_jobs(struct fields *f, const struct live_trial *t)
{
    char value[NUMBER_MAX];
    struct buf text;
    if (t->jobs_left <= 0)
        return;
    buf_init(&text, BUF_TEXT_MAX);
    text_list(&text, "%s %s left", text_grouped(t->jobs_left, value, sizeof value),
              t->jobs_left == 1 ? "job" : "jobs");
    if (t->jobs_per_second > 0) {
        double left_s = (double)t->jobs_left / t->jobs_per_second;
        text_list(&text, "%s/s", units_format_count(t->jobs_per_second, value, sizeof value));
        text_list(&text, "about %s",
                  bar_time((int64_t)fmin(left_s * (double)NS_PER_S, 9e18), value, sizeof value));
    }
    (void)fields_add(f, PAINT_PLAIN, text.data);
    buf_fini(&text);
}

static void add_number(struct fields *f, const struct trial_place *place)
{
    char name[TEXT_NAME];
    (void)text_name(place->arm, f->style, name, sizeof name);
    if (place->search != NULL)
        (void)fields_printf(f, PAINT_PLAIN, "capacity, trial %zu %s", place->number, name);
    else
        (void)fields_printf(f, PAINT_PLAIN, "compare %zu/%zu %s", place->number, place->count,
                            name);
}

static void add_place(struct fields *f, const struct trial_place *place)
{
    char left[NUMBER_MAX];
    add_number(f, place);
    if (place->search != NULL)
        (void)fields_add(f, PAINT_PLAIN, place->search);
    else
        (void)fields_printf(f, PAINT_PLAIN, "round %lld of %lld", (long long)place->round,
                            (long long)place->rounds);
    if (place->left_ns != MISSING)
        (void)fields_printf(f, PAINT_PLAIN, "%s %s left overall",
                            place->search != NULL ? "at most" : "about",
                            bar_time(place->left_ns, left, sizeof left));
}

/* --- the lines --- */

static void place_line(struct buf *out, const struct live_trial *t,
                       const struct report_style *style)
{
    struct fields f;
    fields_begin(&f, out, style);
    add_place(&f, t->place);
    fields_end(&f);
}

static void progress_line(struct buf *out, const struct live_trial *t,
                          const struct report_style *style)
{
    char when[64];
    char done[2 * NUMBER_MAX + 16];
    struct fields f;
    size_t reserved = 2 + strlen(elapsed(t, when, sizeof when));
    if (requests(t, done, sizeof done)[0] != '\0')
        reserved += 2 + strlen(done);
    fields_begin(&f, out, style);
    if (t->phase != NULL)
        (void)fields_add(&f, PAINT_PLAIN, t->phase);
    bar_add(&f, part_done(t), reserved);
    (void)fields_add(&f, PAINT_PLAIN, when);
    (void)fields_add(&f, PAINT_PLAIN, done);
    add_jobs(&f, t);
    fields_end(&f);
}

/* What is left of the view in a terminal with few rows. */
static void only_line(struct buf *out, const struct live_trial *t, const struct report_style *style)
{
    char text[2 * NUMBER_MAX + 16];
    struct fields f;
    fields_begin(&f, out, style);
    if (t->place != NULL && t->place->search != NULL)
        (void)fields_printf(&f, PAINT_PLAIN, "capacity %s", t->place->search);
    else if (t->place != NULL)
        (void)fields_printf(&f, PAINT_PLAIN, "compare %zu/%zu", t->place->number, t->place->count);
    if (t->phase != NULL)
        (void)fields_add(&f, PAINT_PLAIN, t->phase);
    (void)fields_add(&f, PAINT_PLAIN, elapsed(t, text, sizeof text));
    (void)fields_add(&f, PAINT_PLAIN, requests(t, text, sizeof text));
    add_jobs(&f, t);
    load_add_rate(&f, t->load);
    load_add_errors(&f, t->load);
    if (t->load->seconds > 0)
        load_add_latency(&f, "p99", t->load->last.p99_ns);
    fields_end(&f);
}

char *live_trial(const struct live_trial *t, const struct report_style *style, size_t rows)
{
    struct buf out;
    buf_init(&out, BUF_TEXT_MAX);
    if (t->place != NULL)
        place_line(&out, t, style);
    progress_line(&out, t, style);
    if (t->jobs_left > 0) /* there is no load any more */
        load_line_of_errors(&out, t->load, style);
    else
        load_lines(&out, t->load, style);
    if (fields_lines(&out) > rows) {
        buf_clear(&out);
        only_line(&out, t, style);
    }
    char *lines = buf_take(&out);
    buf_fini(&out);
    return lines;
}
