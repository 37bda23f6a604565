/* A search for the capacity: what each arm has, what its trials were, and what the goal means. */
#include <inttypes.h>

#include "base/mem.h"
#include "report/capacity/content.h"
#include "report/page/html.h"
#include "report/page/page_internal.h"
#include "report/plot/capacity.h"
#include "report/text.h"

#define NAMES_MAX   6 /* in a title */
#define FIGURES_MAX 4

/* --- the cover --- */

void page_capacity_title(const struct page_chapter *chapter, struct buf *out)
{
    const struct capacity *c = chapter->capacity->capacity;
    char name[TEXT_NAME];
    if (c->title != NULL) {
        buf_puts(out, c->title);
        return;
    }
    buf_printf(out, "Capacity for %s", c->goal);
    for (size_t i = 0; i < c->narms && i < NAMES_MAX; i++)
        buf_printf(out, "%s%s", i == 0 ? ": " : ", ",
                   text_name(c->arms[i].name, &page_style, name, sizeof name));
    if (c->narms > NAMES_MAX)
        buf_printf(out, " and %zu more", c->narms - NAMES_MAX);
}

void page_capacity_lead(const struct page_chapter *chapter, struct buf *out)
{
    capacity_lead(chapter->capacity, out);
}

/* Of the first arms: the cells of the table. */
void page_capacity_answer(struct view *v)
{
    const struct capacity_page *p = v->chapter->capacity;
    struct table t;
    if (p->capacity->interrupted)
        html_paragraph(v->out, "notice severe",
                       "INTERRUPTED: the search is not finished; this is what there is so far. "
                       "bench capacity --continue FILE goes on with it.");
    table_init(&t, 0);
    capacity_arms_table(p, &page_style, &t);
    buf_puts(v->out, "<dl class=\"figures\">\n");
    for (size_t i = 1; i <= p->capacity->narms && i <= FIGURES_MAX; i++) {
        char *const *cells = &t.cells.items[i * t.columns];
        struct buf about;
        buf_init(&about, BUF_TEXT_MAX);
        buf_printf(&about, "the highest rate within the goal; %s: %s", t.cells.items[2], cells[2]);
        html_figure(v->out, cells[0], cells[1], about.data);
        buf_fini(&about);
    }
    buf_puts(v->out, "</dl>\n");
    table_fini(&t);
}

void page_capacity_asked(struct view *v)
{
    const struct capacity *c = v->chapter->capacity->capacity;
    struct buf text;
    buf_init(&text, BUF_TEXT_MAX);
    html_pair(v->out, "goal", c->goal);
    buf_printf(
        &text,
        "%zu arm%s (the servers that are compared), %zu trial%s, each arm until its interval "
        "is narrower than %.3g %% or after %" PRId64 " trials, seed %" PRIu64,
        c->narms, c->narms == 1 ? "" : "s", c->ntrials, c->ntrials == 1 ? "" : "s",
        100 * c->resolution, c->max_trials, c->seed);
    if (c->out_of_time)
        buf_puts(&text, "; the budget ended it before the search was over");
    html_pair(v->out, "plan", text.data);
    buf_clear(&text);
    plot_capacity_load(c, &text);
    html_pair(v->out, "load", text.data);
    buf_clear(&text);
    plot_capacity_machine(c, &text);
    html_pair(v->out, "machine", text.data);
    buf_fini(&text);
}

/* --- the findings, and the tables --- */

void page_capacity_findings(struct view *v)
{
    struct str_list told = {0};
    capacity_sentences(v->chapter->capacity, &told);
    view_section(v, "findings", "Findings");
    html_list(v->out, "choice", &told);
    view_section_end(v);
    str_list_fini(&told);
}

static const char *ending(const struct capacity *c, enum capacity_end end)
{
    static const char *const texts[CAPACITY_ENDS] = {
        [CAPACITY_FOUND] = "the interval is narrow enough",
        [CAPACITY_WIDE] = "no more trials, or none that could tell",
        [CAPACITY_NEVER_MET] = "not even the lowest rate held",
        [CAPACITY_NEVER_BROKEN] = "no rate broke it",
        [CAPACITY_GIVEN_UP] = "trial after trial could not tell",
    };
    if (end != CAPACITY_SEARCHING)
        return texts[end];
    return c->interrupted ? "interrupted" : c->out_of_time ? "the time was over" : "not ended";
}

/* That of a terminal, with one more column. */
static void arms_table(struct view *v)
{
    const struct capacity *c = v->chapter->capacity->capacity;
    struct table arms;
    struct table t;
    table_init(&arms, 0);
    capacity_arms_table(v->chapter->capacity, &page_style, &arms);
    table_init(&t, arms.columns + 1);
    for (size_t i = 0; i <= c->narms; i++) {
        for (size_t k = 0; k < arms.columns; k++)
            table_cell(&t, arms.cells.items[i * arms.columns + k]);
        table_cell(&t, i == 0 ? "why it ended" : ending(c, c->arms[i - 1].estimate.end));
    }
    html_table(v->out, "The capacity of each arm", &t);
    table_fini(&t);
    table_fini(&arms);
}

static void trials_table(struct view *v)
{
    const struct capacity_page *p = v->chapter->capacity;
    struct str_list notes = {0};
    struct table t;
    table_init(&t, 0);
    capacity_trials_table(p, &page_style, &t);
    capacity_trial_notes(p, &notes);
    buf_printf(v->out, "<details><summary>All trials (%zu)</summary>\n", p->capacity->ntrials);
    html_table(v->out, "All trials", &t);
    html_list(v->out, "notes", &notes);
    buf_puts(v->out, "</details>\n");
    str_list_fini(&notes);
    table_fini(&t);
}

void page_capacity_figures(struct view *v)
{
    view_section(v, "capacity", "Capacity");
    arms_table(v);
    trials_table(v);
    view_section_end(v);
}

/* --- the goal --- */

void page_capacity_goal(struct view *v)
{
    static const char *const texts[] = {
        "A trial loads one server, with fresh processes, at one rate in an open loop. It held when "
        "each part of the goal was true of it, and the rate was sustained.",
        "Not sustained: requests that were due could not be sent, or more and more of them waited "
        "until the end. More than 1 % of errors that the goal says nothing about breaks it, too.",
        "bench's limit, and invalid: such a trial says nothing of the server, and never counts as "
        "a failure of it.",
        "The capacity is the rate at which the goal holds in half of all trials. It lies below the "
        "90 % interval in one case of twenty, and above it in one of twenty.",
        "It holds for this machine, and for requests and arrivals like these. Measure your own "
        "with "
        "the command at the end of the page.",
    };
    struct str_list list = {0};
    for (size_t i = 0; i < LEN(texts); i++)
        str_list_add(&list, texts[i]);
    view_section(v, "goal", "What the goal means");
    html_paragraph(v->out, NULL, "These must be true, all of them:");
    html_list(v->out, "choice", &v->chapter->capacity->capacity->clauses);
    html_list(v->out, "choice", &list);
    view_section_end(v);
    str_list_fini(&list);
}
