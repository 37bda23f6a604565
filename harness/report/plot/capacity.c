#include "report/plot/capacity.h"

#include <math.h>
#include <stdint.h>
#include <stdlib.h>

#include "base/mem.h"
#include "report/capacity/content.h"
#include "report/plot/caption.h"
#include "report/plot/field.h"
#include "report/text.h"

#define TITLE_MOST  80
#define ANSWER_MOST 40

/* --- how it was measured --- */

/* Adds nothing for a setting that is off, or that the arms do not share. */
static void add_shared(const struct capacity *c, const char *name, const char *before,
                       const char *after, struct buf *out)
{
    const struct setting *first = NULL;
    bool is_shared = c->narms > 0;
    for (size_t i = 0; i < c->narms; i++) {
        const struct setting *own = settings_find(c->arms[i].config, c->arms[i].nconfig, name);
        first = i == 0 ? own : first;
        is_shared = is_shared && own != NULL && setting_is_same(first, own);
    }
    if (!is_shared || first->kind == SETTING_NULL)
        return;
    char *text = setting_text(first);
    text_list(out, "%s%s%s", before, text, after);
    free(text);
}

void plot_capacity_load(const struct capacity *c, struct buf *out)
{
    buf_puts(out, "open loop");
    add_shared(c, "arrivals", "arrivals ", "", out);
    add_shared(c, "duration", "trials of ", " s or more", out);
    add_shared(c, "connections", "", " connections", out);
    add_shared(c, "work", "work ", "", out);
}

void plot_capacity_machine(const struct capacity *c, struct buf *out)
{
    struct result r = {.environment = c->environment, /* all is borrowed */
                       .tool_version = c->tool_version,
                       .started_wall_ms = c->started_wall_ms};
    struct arm arm = {.results = &r, .nresults = 1};
    const struct comparison one = {.arms = &arm, .narms = 1};
    plot_caption_machine(&one, out);
}

static void add_state(const struct capacity *c, struct buf *out)
{
    if (c->interrupted)
        buf_puts(out, "interrupted: this is what there is so far");
    else if (c->out_of_time)
        buf_puts(out, "the budget ended it before the search was over");
}

static void write_captions(const void *what, struct buf *out)
{
    const struct capacity *c = ((const struct capacity_page *)what)->capacity;
    static void (*const lines[])(const struct capacity *, struct buf *) = {
        plot_capacity_load, plot_capacity_machine, add_state};
    buf_puts(out, "# How it was measured. As shown in the SVG and in the PNG.\n");
    for (size_t i = 0; i < LEN(lines); i++) {
        struct buf text;
        buf_init(&text, BUF_TEXT_MAX);
        lines[i](c, &text);
        plot_caption(out, i, text.data);
        buf_fini(&text);
    }
}

static void write_texts(const void *what, struct buf *out)
{
    const struct capacity_page *p = what;
    char *title = mem_printf("The highest rate at which %s", p->capacity->goal);
    buf_puts(out, "# The title. As shown in the SVG and in the PNG.\n0\t");
    plot_both(out, title, TITLE_MOST);
    buf_puts(out, "\n");
    free(title);
}

/* --- the arms --- */

static void write_arms(const void *what, struct buf *out)
{
    const struct capacity *c = ((const struct capacity_page *)what)->capacity;
    buf_puts(out, PLOT_ARMS_HEAD);
    for (size_t i = 0; i < c->narms; i++) {
        plot_arm(out, i, c->arms[i].name);
        buf_puts(out, "\t1\tNaN\t\" \"\n");
    }
}

static void write_intervals(const void *what, struct buf *out)
{
    const struct capacity *c = ((const struct capacity_page *)what)->capacity;
    buf_puts(
        out,
        "# The capacity of each arm and its 90 % interval, per second, and both in words, for\n"
        "# the SVG and for the PNG. NaN: not known; of a high end: there is none.\n"
        "# arm\tmedian\tlow\thigh\ttext\tplain_text\n");
    for (size_t i = 0; i < c->narms; i++) {
        const struct capacity_estimate *e = &c->arms[i].estimate;
        bool is_known = e->held + e->failed > 0;
        char *answer = capacity_answer(e);
        buf_printf(out, "%zu", i);
        plot_number(out, e->median);
        plot_number(out, is_known ? e->lo : NAN);
        plot_number(out, isinf(e->hi) ? NAN : e->hi);
        buf_puts(out, "\t");
        plot_both(out, answer, ANSWER_MOST);
        buf_puts(out, "\n");
        free(answer);
    }
}

/* --- the trials --- */

/* Those at a rate, in their order; a row of NaN when there are none. */
static void add_trials(const struct capacity *c, size_t arm, struct buf *out)
{
    size_t place = 0;
    for (size_t i = 0; i < c->ntrials; i++) {
        const struct capacity_trial *t = &c->trials[i];
        if (t->arm != arm || isnan(t->rate_rps))
            continue;
        buf_printf(out, "%zu\t%zu", place++, i + 1);
        plot_number(out, t->rate_rps);
        plot_number(out, t->answered_rps);
        buf_printf(out, "\t%d\n", (int)t->outcome);
    }
    buf_puts(out, place == 0 ? "NaN\tNaN\tNaN\tNaN\tNaN\n" : "");
}

static void write_trials(const void *what, struct buf *out)
{
    const struct capacity *c = ((const struct capacity_page *)what)->capacity;
    buf_puts(out,
             "# Each trial at a rate, one block per arm, in the order of arms.dat, separated by\n"
             "# two empty lines: its place among those of the arm, from 0, and among all, from\n"
             "# 1; per second what was asked for and what was answered. outcome: 1 held, 2\n"
             "# broken, 3 not sustained, 4 the server died, 5 bench's limit, 6 invalid.\n"
             "# place\ttrial\trate\tanswered\toutcome\n");
    for (size_t i = 0; i < c->narms; i++) {
        buf_printf(out, "%s# arm %zu ", i == 0 ? "" : "\n\n", i);
        plot_text(out, c->arms[i].name, SIZE_MAX, GLYPHS_ALL);
        buf_puts(out, "\n");
        add_trials(c, i, out);
    }
}

const struct plot_file capacity_files[] = {
    {.name = "arms.dat", .write = write_arms},
    {.name = "caption.dat", .write = write_captions},
    {.name = "text.dat", .write = write_texts},
    {.name = "intervals.dat", .write = write_intervals},
    {.name = "trials.dat", .write = write_trials},
    {NULL, NULL},
};
