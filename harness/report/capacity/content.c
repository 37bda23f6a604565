#include "report/capacity/content.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "base/units.h"
#include "report/spread.h"
#include "report/text.h"

#define LEAD_ARMS 4

static const struct report_style utf8 = {.utf8 = true};

/* --- cells --- */

static void rate_cell(struct table *t, double rate_rps)
{
    char text[32];
    table_cell(t, isnan(rate_rps) ? "-" : units_format_count(rate_rps, text, sizeof text));
}

static void count_cell(struct table *t, size_t count)
{
    char text[32];
    table_cell(t, text_grouped((int64_t)count, text, sizeof text));
}

static void capacity_cell(struct table *t, const struct capacity_estimate *e,
                          const struct report_style *style)
{
    char rate[32];
    char text[64];
    if (!isnan(e->median))
        (void)snprintf(text, sizeof text, "%s/s", units_format_count(e->median, rate, sizeof rate));
    else if (e->held > 0)
        (void)snprintf(text, sizeof text, "%s%s/s", spread_bound_sign(style),
                       units_format_count(e->lo, rate, sizeof rate));
    else
        (void)snprintf(text, sizeof text, "%s", e->failed > 0 ? "not met" : "not known");
    table_cell(t, text);
}

static void interval_cell(struct table *t, const struct capacity_estimate *e)
{
    char lo[32];
    char hi[32];
    char text[80];
    if (e->held + e->failed == 0) {
        table_cell(t, "-");
        return;
    }
    (void)units_format_count(e->lo, lo, sizeof lo);
    (void)units_format_count(e->hi, hi, sizeof hi);
    if (isinf(e->hi))
        (void)snprintf(text, sizeof text, "%s/s or more", lo);
    else if (e->held == 0)
        (void)snprintf(text, sizeof text, "below %s/s", hi);
    else
        (void)snprintf(text, sizeof text, "%s to %s/s", lo, hi);
    table_cell(t, text);
}

char *capacity_answer(const struct capacity_estimate *e)
{
    char median[32];
    char lo[32];
    char hi[32];
    if (e->held + e->failed == 0)
        return mem_strdup("not known");
    (void)units_format_count(e->lo, lo, sizeof lo);
    if (isinf(e->hi))
        return mem_printf("at least %s/s", lo);
    (void)units_format_count(e->hi, hi, sizeof hi);
    if (isnan(e->median))
        return mem_printf(
            "%s%s/s",
            e->end == CAPACITY_NEVER_MET ? "cannot be met, not even at " : "not met, below ", hi);
    return mem_printf("%s/s (%s to %s/s)", units_format_count(e->median, median, sizeof median), lo,
                      hi);
}

void capacity_arms_table(const struct capacity_page *page, const struct report_style *style,
                         struct table *t)
{
    static const char *const heads[] = {"arm",  "capacity", "90 % interval",
                                        "held", "not held", "cannot tell"};
    char name[TEXT_NAME];
    t->columns = LEN(heads);
    for (size_t i = 0; i < LEN(heads); i++)
        table_cell(t, heads[i]);
    for (size_t i = 0; i < page->capacity->narms; i++) {
        const struct capacity_arm *arm = &page->capacity->arms[i];
        table_cell(t, text_name(arm->name, style, name, sizeof name));
        capacity_cell(t, &arm->estimate, style);
        interval_cell(t, &arm->estimate);
        count_cell(t, arm->estimate.held);
        count_cell(t, arm->estimate.failed);
        count_cell(t, arm->estimate.unusable);
    }
}

/* The clause that a trial broke; the number of clauses: its reason says it. */
static size_t broken_clause(const struct capacity_page *page, const struct capacity_trial *t)
{
    size_t n = page->goal->clauses.count;
    for (size_t i = 0; i < n; i++) {
        if (!isnan(t->figures[i]) && gate_crosses(&page->goal->thresholds[i], t->figures[i]))
            return i;
    }
    return n;
}

char *capacity_outcome_text(const struct capacity_page *page, const struct capacity_trial *t,
                            char *text, size_t size)
{
    static const char *const words[CAPACITY_OUTCOMES] = {
        [CAPACITY_PILOT] = "pilot",    [CAPACITY_HELD] = "held",
        [CAPACITY_BROKEN] = "broken",  [CAPACITY_UNSUSTAINED] = "not sustained",
        [CAPACITY_DIED] = "died",      [CAPACITY_GENERATOR] = "bench's limit",
        [CAPACITY_INVALID] = "invalid"};
    size_t clause = broken_clause(page, t);
    if (t->outcome == CAPACITY_BROKEN && clause < page->goal->clauses.count)
        (void)snprintf(text, size, "%s broken", page->goal->thresholds[clause].metric.name);
    else
        (void)snprintf(text, size, "%s", words[t->outcome]);
    return text;
}

static void figure_cell(const struct capacity_page *page, size_t clause, double figure,
                        struct table *t)
{
    char text[32];
    table_cell(t, isnan(figure) ? "-"
                                : text_figure(figure, page->goal->thresholds[clause].unit, text,
                                              sizeof text));
}

static void trial_row(const struct capacity_page *page, size_t number,
                      const struct report_style *style, struct table *t)
{
    const struct capacity *c = page->capacity;
    const struct capacity_trial *trial = &c->trials[number];
    char name[TEXT_NAME];
    char text[OUTCOME_MAX];
    (void)snprintf(text, sizeof text, "%zu", number + 1);
    table_cell(t, text);
    table_cell(t, text_name(c->arms[trial->arm].name, style, name, sizeof name));
    rate_cell(t, trial->rate_rps);
    rate_cell(t, trial->answered_rps);
    for (size_t i = 0; i < page->goal->clauses.count; i++)
        figure_cell(page, i, trial->figures[i], t);
    table_cell(t, capacity_outcome_text(page, trial, text, sizeof text));
}

void capacity_trials_table(const struct capacity_page *page, const struct report_style *style,
                           struct table *t)
{
    static const char *const heads[] = {"trial", "arm", "rate/s", "answered/s"};
    const struct goal *goal = page->goal;
    t->columns = LEN(heads) + goal->clauses.count + 1;
    for (size_t i = 0; i < LEN(heads); i++)
        table_cell(t, heads[i]);
    for (size_t i = 0; i < goal->clauses.count; i++)
        table_cell(t, goal->thresholds[i].metric.name);
    table_cell(t, "outcome");
    for (size_t i = 0; i < page->capacity->ntrials; i++)
        trial_row(page, i, style, t);
}

/* --- sentences --- */

static bool is_failure(const struct capacity_trial *t)
{
    return t->outcome == CAPACITY_BROKEN || t->outcome == CAPACITY_UNSUSTAINED ||
           t->outcome == CAPACITY_DIED;
}

/* The arm's failed trial at the lowest rate; NULL: none failed. */
static const struct capacity_trial *lowest_failure(const struct capacity *c, size_t arm)
{
    const struct capacity_trial *lowest = NULL;
    for (size_t i = 0; i < c->ntrials; i++) {
        const struct capacity_trial *t = &c->trials[i];
        bool counts = t->arm == arm && is_failure(t) && !isnan(t->rate_rps);
        if (counts && (lowest == NULL || t->rate_rps < lowest->rate_rps))
            lowest = t;
    }
    return lowest;
}

/* The last of the arm that could not tell; NULL: each could. */
static const struct capacity_trial *last_unusable(const struct capacity *c, size_t arm)
{
    const struct capacity_trial *last = NULL;
    for (size_t i = 0; i < c->ntrials; i++) {
        const struct capacity_trial *t = &c->trials[i];
        if (t->arm == arm && t->outcome != CAPACITY_HELD && t->outcome != CAPACITY_PILOT &&
            t->outcome != CAPACITY_BROKEN && t->outcome != CAPACITY_UNSUSTAINED)
            last = t;
    }
    return last;
}

/* "at 812/s p99 is 240 ms" */
static void say_failure(const struct capacity_page *page, const struct capacity_trial *t,
                        struct buf *out)
{
    char rate[32];
    char figure[32];
    size_t clause = broken_clause(page, t);
    buf_printf(out, "at %s/s ", units_format_count(t->rate_rps, rate, sizeof rate));
    if (t->outcome == CAPACITY_DIED)
        buf_puts(out, "the server dies");
    else if (t->outcome == CAPACITY_UNSUSTAINED || clause == page->goal->clauses.count)
        buf_printf(out, "%s", t->why != NULL ? t->why : "the rate is not sustained");
    else
        buf_printf(out, "%s is %s", page->goal->thresholds[clause].metric.name,
                   text_figure(t->figures[clause], page->goal->thresholds[clause].unit, figure,
                               sizeof figure));
}

/* What fails most often above it: "; above it p99 is broken (5 of 6 trials)". */
static void say_limit(const struct capacity_page *page, size_t arm, struct buf *out)
{
    const struct capacity *c = page->capacity;
    char most[OUTCOME_MAX] = "";
    size_t most_count = 0;
    size_t failed = 0;
    for (size_t i = 0; i < c->ntrials; i++) {
        char text[OUTCOME_MAX];
        size_t count = 0;
        if (c->trials[i].arm != arm || !is_failure(&c->trials[i]))
            continue;
        failed++;
        (void)capacity_outcome_text(page, &c->trials[i], text, sizeof text);
        for (size_t k = 0; k < c->ntrials; k++) {
            char other[OUTCOME_MAX];
            count +=
                c->trials[k].arm == arm && is_failure(&c->trials[k]) &&
                strcmp(capacity_outcome_text(page, &c->trials[k], other, sizeof other), text) == 0;
        }
        if (count > most_count) {
            most_count = count;
            (void)snprintf(most, sizeof most, "%s", text);
        }
    }
    buf_printf(out, "; of the trials that did not hold: %s (%zu of %zu)", most, most_count, failed);
}

static void say_found(const struct capacity_page *page, size_t arm, struct buf *out)
{
    const struct capacity_estimate *e = &page->capacity->arms[arm].estimate;
    char median[32];
    char lo[32];
    char hi[32];
    buf_printf(out, "meets the goal up to %s/s (from %s to %s/s, 90 %%)",
               units_format_count(e->median, median, sizeof median),
               units_format_count(e->lo, lo, sizeof lo), units_format_count(e->hi, hi, sizeof hi));
}

/* Without an upper end. */
static void say_at_least(const struct capacity_page *page, size_t arm, struct buf *out)
{
    const struct capacity_trial *last = last_unusable(page->capacity, arm);
    const struct capacity_estimate *e = &page->capacity->arms[arm].estimate;
    char lo[32];
    char rate[32];
    buf_printf(out, "meets the goal at %s/s, and perhaps at more",
               units_format_count(e->lo, lo, sizeof lo));
    if (e->end == CAPACITY_NEVER_BROKEN && last != NULL && last->outcome == CAPACITY_GENERATOR)
        buf_printf(out, ": no rate broke it up to what bench can send here; at %s/s %s",
                   units_format_count(last->rate_rps, rate, sizeof rate), last->why);
    else if (e->end == CAPACITY_NEVER_BROKEN)
        buf_puts(out, ": no rate broke it");
}

static void say_what_there_is(const struct capacity_page *page, size_t arm, struct buf *out)
{
    const struct capacity *c = page->capacity;
    const struct capacity_estimate *e = &c->arms[arm].estimate;
    const struct capacity_trial *failure = lowest_failure(c, arm);
    if (!isnan(e->median)) {
        say_found(page, arm, out);
    } else if (e->held > 0) {
        say_at_least(page, arm, out);
    } else if (e->failed > 0 && failure != NULL) {
        buf_puts(out, e->end == CAPACITY_NEVER_MET ? "cannot meet the goal: "
                                                   : "has not met the goal so far: ");
        say_failure(page, failure, out);
    } else {
        const struct capacity_trial *last = last_unusable(c, arm);
        buf_printf(out, "is not known: %s",
                   last != NULL && last->why != NULL ? last->why : "no trial could tell");
    }
}

/* Why the interval is as wide as it is. */
static void say_end(const struct capacity *c, const struct capacity_estimate *e, struct buf *out)
{
    if (e->end == CAPACITY_WIDE && e->held == 0 && e->hi <= c->least_rps * (1 + 1e-3))
        buf_puts(out, ". At lower rates trials are too short for this goal: make them longer with "
                      "-d");
    else if (e->end == CAPACITY_WIDE)
        buf_printf(out, ". The search ended before the interval was narrower than %.3g %%: %s",
                   100 * c->resolution,
                   (int64_t)(e->held + e->failed + e->unusable) + 1 >= c->max_trials
                       ? "all trials were run (--max-trials)"
                       : "trial after trial could not tell");
    else if (e->end == CAPACITY_SEARCHING && c->out_of_time)
        buf_puts(out, ". The search is not finished: the time was over (--budget)");
    else if (e->end == CAPACITY_SEARCHING)
        buf_puts(out, ". The search is not finished");
}

static void add(struct str_list *list, struct buf *text)
{
    buf_puts(text, ".");
    str_list_add(list, text->data);
    buf_clear(text);
}

void capacity_sentences(const struct capacity_page *page, struct str_list *out)
{
    const struct capacity *c = page->capacity;
    struct buf text;
    size_t disturbed = 0;
    buf_init(&text, BUF_TEXT_MAX);
    for (size_t i = 0; i < c->narms; i++) {
        buf_printf(&text, "%s ", c->arms[i].name);
        say_what_there_is(page, i, &text);
        if (!isnan(c->arms[i].estimate.median))
            say_limit(page, i, &text);
        say_end(c, &c->arms[i].estimate, &text);
        add(out, &text);
    }
    for (size_t i = 0; i < c->ntrials; i++)
        disturbed += c->trials[i].is_disturbed;
    if (disturbed > 0) {
        buf_printf(&text, "Other programs took over 10 %% of the cores in %zu of %zu trials",
                   disturbed, c->ntrials);
        add(out, &text);
    }
    buf_fini(&text);
}

void capacity_lead(const struct capacity_page *page, struct buf *out)
{
    const struct capacity *c = page->capacity;
    char name[TEXT_NAME];
    for (size_t i = 0; i < c->narms && i < LEAD_ARMS; i++) {
        buf_printf(out, "%s%s ", i == 0 ? "" : "; ",
                   text_name(c->arms[i].name, &utf8, name, sizeof name));
        say_what_there_is(page, i, out);
    }
    if (c->narms > LEAD_ARMS)
        buf_printf(out, "; and %zu more", c->narms - LEAD_ARMS);
    buf_puts(out, ".");
}

void capacity_trial_notes(const struct capacity_page *page, struct str_list *out)
{
    const struct capacity *c = page->capacity;
    for (size_t i = 0; i < c->ntrials; i++) {
        const struct capacity_trial *t = &c->trials[i];
        if (t->why == NULL)
            continue;
        char *note = mem_printf("trial %zu: %s", i + 1, t->why);
        str_list_add(out, note);
        free(note);
    }
}

static const char *arrivals_of(const struct capacity *c)
{
    const char *text = NULL;
    for (size_t i = 0; c->narms > 0 && i < c->arms[0].nconfig; i++) {
        const struct setting *s = &c->arms[0].config[i];
        if (s->kind == SETTING_TEXT && strcmp(s->name, "arrivals") == 0)
            text = s->text;
    }
    return text;
}

char *capacity_headline(const struct capacity_page *page)
{
    const struct capacity *c = page->capacity;
    const char *arrivals = arrivals_of(c);
    return mem_printf("the highest rate at which %s; open loop%s%s, seed %llu%s", c->goal,
                      arrivals != NULL ? ", arrivals " : "", arrivals != NULL ? arrivals : "",
                      (unsigned long long)c->seed,
                      c->interrupted ? "; INTERRUPTED, so this is what there is so far" : "");
}
