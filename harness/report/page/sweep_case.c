/* How a reader finds their own case in a sweep: what the values stand for, and a row for each point
 * with what is best there, how sure that is, and what the next arm costs. */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "report/compare/content.h"
#include "report/page/html.h"
#include "report/page/page_internal.h"
#include "report/plot/sweep.h"
#include "report/text.h"

/* --- what the values stand for --- */

static const struct {
    const char *option, *meaning;
} meanings[] = {
    {"connections", "how many requests are open at the same time: each connection sends its next "
                    "request as soon as the last one is answered. Count those that wait or are "
                    "worked on in your service at a busy moment"},
    {"rate", "requests per second, whatever became of the earlier ones"},
    {"work", "how much CPU work one request is. Beside it stands what the whole request costs the "
             "server, HTTP included, with the arm that needs least CPU. Compare it with the "
             "CPU/request that bench run shows of your server"},
    {"pool-size", "how many threads the pool strategy has"},
    {"fanout", "how many threads the threads strategy starts for each request"},
    {"queue-workers", "how many workers take jobs from the queue"},
};

static void add_meaning(const struct sweep *s, size_t axis, struct str_list *out)
{
    const char *meaning = NULL;
    for (size_t i = 0; i < LEN(meanings); i++)
        meaning =
            strcmp(s->axes[axis].option, meanings[i].option) == 0 ? meanings[i].meaning : meaning;
    char *text = meaning == NULL ? mem_printf("%s: the option --%s.", s->axes[axis].option,
                                              s->axes[axis].option)
                                 : mem_printf("%s: %s.", s->axes[axis].option, meaning);
    str_list_add(out, text);
    free(text);
}

static bool has_strategy(const struct sweep *s, const char *strategy)
{
    for (size_t i = 0; i < s->comparison.narms; i++) {
        const struct arm *arm = &s->comparison.arms[i];
        const char *is = arm->nresults == 0 ? NULL : arm->results[0].strategy;
        if (is != NULL && strcmp(is, strategy) == 0)
            return true;
    }
    return false;
}

/* What is not the same in a service of one's own. */
static void add_bundled(const struct sweep *s, struct str_list *out)
{
    bool has_offload = has_strategy(s, "offload");
    bool has_threads = has_strategy(s, "threads");
    if (has_offload || has_threads) {
        char *text = mem_printf(
            "%s split%s each request over the cores, as the bundled work allows. If yours "
            "cannot be split, expect nothing of that where few requests are open.",
            !has_threads   ? "offload"
            : !has_offload ? "threads"
                           : "threads and offload",
            has_offload && has_threads ? "" : "s");
        str_list_add(out, text);
        free(text);
    }
    if (has_strategy(s, "queue"))
        str_list_add(out, "queue answers before the work is done, so its clients send more. It is "
                          "for those that need not wait for the result.");
}

static void how_to_read(struct view *v)
{
    const struct sweep *s = v->chapter->sweep;
    struct str_list texts = {0};
    for (size_t i = 0; i < s->naxes; i++)
        add_meaning(s, i, &texts);
    str_list_add(&texts, "Take the values nearest to yours. Between two values nothing was "
                         "measured: where the best arm changes from one to the next, the border "
                         "lies somewhere between them. Nor was anything beyond the first and the "
                         "last: if yours lies there, measure a wider range.");
    if (s->narms > 1)
        str_list_add(
            &texts,
            "\"Told apart\": if the arms were equally good, a gap as large as this would be "
            "seen in less than one of a hundred comparisons. \"Too close to call\": any of "
            "the arms named may be the best, so choose by their other figures, or take the "
            "one that is simplest for you. The last two columns have the best of the other "
            "arms, and how much worse it is.");
    add_bundled(s, &texts);
    str_list_add(&texts, "It holds for this machine, and for work and load like these. Measure "
                         "your own with the command at the end of the page.");
    html_list(v->out, "choice", &texts);
    str_list_fini(&texts);
}

/* --- the points --- */

static void add_head(const struct view *v, bool has_cpu, struct table *t)
{
    const struct sweep *s = v->chapter->sweep;
    const char *title = arm_figure_find(v->chapter->ranking->goal.key)->title;
    for (size_t i = 0; i < s->naxes; i++)
        table_cell(t, s->axes[i].option);
    if (has_cpu)
        table_cell(t, "CPU of a request");
    if (s->narms > 1)
        table_cell(t, "best");
    table_cell(t, title);
    table_cell(t, "range");
    if (s->narms > 1) {
        table_cell(t, "how sure");
        table_cell(t, "next");
        table_cell(t, "instead");
    }
}

static void add_best(const struct sweep *s, const struct best *b, struct table *t)
{
    struct buf text;
    char name[TEXT_NAME];
    buf_init(&text, BUF_TEXT_MAX);
    for (size_t i = 0; i < b->count; i++)
        buf_printf(&text, "%s%s", i == 0 ? "" : " = ",
                   text_name(s->arms[b->arms[i]], &page_style, name, sizeof name));
    table_cell(t, text.len > 0 ? text.data : "-");
    buf_fini(&text);
}

/* Of the arm that is named first; without a ranking, of the only arm. */
static void add_figure(const struct view *v, size_t point, const struct best *b, struct table *t)
{
    const struct sweep *s = v->chapter->sweep;
    const struct arm_figure *figure = arm_figure_find(v->chapter->ranking->goal.key);
    const struct arm *arm =
        sweep_arm(s, point, b->count > 0 ? b->arms[0] : 0); /* the only arm is the first */
    struct arm_summary sum = arm_figure_summary(arm, figure);
    struct marks marks = {0};
    char text[COMPARE_CELL];
    bool is_known = b->count > 0 || s->narms == 1;
    table_cell(t,
               is_known ? marks_cell(&marks, figure, &sum, &page_style, text, sizeof text) : "-");
    table_cell(t,
               is_known ? compare_range(arm, figure, &sum, &page_style, text, sizeof text) : "-");
}

static const char *certainty(const struct sweep *s, size_t point, const struct best *b)
{
    bool is_measured = false;
    bool is_failed = false;
    if (b->count > 1)
        return best_standing_names[BEST_SHARED];
    if (b->count == 1)
        return b->ranked == 1 ? "no other was ranked" : "told apart";
    for (size_t i = 0; i < s->narms; i++) {
        enum best_standing standing = best_standing(b, s, point, i);
        is_measured |= standing == BEST_UNRANKED;
        is_failed |= standing == BEST_FAILED;
    }
    return best_standing_names[is_measured ? BEST_UNRANKED
                               : is_failed ? BEST_FAILED
                                           : BEST_UNMEASURED];
}

/* The first arm that is behind, and how far. */
static void add_next(const struct view *v, size_t point, const struct best *b, struct table *t)
{
    const struct sweep *s = v->chapter->sweep;
    const struct arm_figure *figure = arm_figure_find(v->chapter->ranking->goal.key);
    char text[32];
    char change[32];
    char name[TEXT_NAME];
    if (b->ranked == b->count) {
        table_cell(t, "-");
        table_cell(t, "-");
        return;
    }
    size_t next = b->arms[b->count];
    double value = arm_figure_value(sweep_arm(s, point, next), figure);
    char *whole = mem_printf("%s: %s", text_name(s->arms[next], &page_style, name, sizeof name),
                             text_figure(value, figure->unit, text, sizeof text));
    table_cell(t, whole);
    (void)snprintf(change, sizeof change, "%+.0f %%", 100 * (value / b->value - 1));
    table_cell(t, b->value > 0 ? change : "-");
    free(whole);
}

static void add_row(const struct view *v, size_t point, size_t work_axis, struct table *t)
{
    const struct sweep *s = v->chapter->sweep;
    const struct best *b = &v->chapter->ranking->bests[point];
    char cpu[32];
    for (size_t i = 0; i < s->naxes; i++)
        table_cell(t, sweep_point_label(s, point, i));
    if (work_axis < s->naxes) {
        double ns = sweep_value_cpu_ns(s, work_axis, s->points[point].values[work_axis]);
        table_cell(t, isnan(ns) ? "-" : text_figure(ns, METRIC_TIME, cpu, sizeof cpu));
    }
    if (s->narms > 1)
        add_best(s, b, t);
    add_figure(v, point, b, t);
    if (s->narms > 1) {
        table_cell(t, certainty(s, point, b));
        add_next(v, point, b, t);
    }
}

/* Which option is an amount of work; the number of options when none is. */
static size_t work_of(const struct sweep *s)
{
    size_t axis = 0;
    while (axis < s->naxes && strcmp(s->axes[axis].option, "work") != 0)
        axis++;
    return axis;
}

void page_sweep_case(struct view *v)
{
    const struct sweep *s = v->chapter->sweep;
    size_t work_axis = work_of(s);
    bool has_cpu = work_axis < s->naxes;
    size_t *order = sweep_order(s);
    struct table t;
    table_init(&t, s->naxes + has_cpu + (s->narms > 1 ? 6 : 2));
    add_head(v, has_cpu, &t);
    for (size_t i = 0; i < s->npoints; i++)
        add_row(v, order[i], work_axis, &t);
    view_section(v, "case", "Find your own case");
    how_to_read(v);
    html_table(v->out, "The best arm at each point", &t);
    view_section_end(v);
    table_fini(&t);
    free(order);
}
