/* What moved, in one line and in one table. */
#include <ctype.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "report/diff/report_internal.h"
#include "report/marks.h"
#include "report/text.h"

/* --- the table --- */

static bool is_moved(const struct diff_change *c)
{
    bool is_known = !isnan(c->old_sum.median) && !isnan(c->new_sum.median);
    if (isnan(c->change))
        return is_known && c->old_sum.median != c->new_sum.median;
    return fabs(c->change) >= (c->figure->unit == METRIC_SHARE ? DIFF_MOVED_SHARE : DIFF_MOVED);
}

/* "p50" to "p99.9" and "max", of the requests. */
static bool is_percentile(const struct arm_figure *figure)
{
    const char *key = figure->key;
    return strcmp(key, "max") == 0 || (key[0] == 'p' && isdigit((unsigned char)key[1]));
}

/* The file and the arm, where there are several: "a.json pool ". */
static char *prefix_of(const struct diff_file *file, const struct diff_arm *arm,
                       const struct report_style *style)
{
    char name[TEXT_NAME];
    char path[TEXT_NAME];
    bool has_arms = file->kind == DIFF_COMPARISONS;
    return mem_printf(
        "%s%s%s%s", file->name == NULL ? "" : text_name(file->name, style, path, sizeof path),
        file->name == NULL ? "" : " ",
        has_arms ? text_name(arm->name, style, name, sizeof name) : "", has_arms ? " " : "");
}

static void add_row(struct table *t, const char *prefix, const struct diff_change *c,
                    const struct report_style *style)
{
    struct marks marks = {0};
    char cell[64];
    char *label = mem_printf("%s%s", prefix, c->figure->title);
    table_cell(t, label);
    table_cell(t, marks_cell(&marks, c->figure, &c->old_sum, style, cell, MARKS_CELL));
    table_cell(t, marks_cell(&marks, c->figure, &c->new_sum, style, cell, MARKS_CELL));
    table_cell(t, diff_change_text(c, style, cell, sizeof cell));
    free(label);
}

enum part { PART_PERCENTILES, PART_OTHERS };

static void add_part(struct table *t, const char *prefix, const struct diff_arm *arm,
                     enum part part, const struct report_style *style)
{
    for (size_t i = 0; i < arm->nchanges; i++) {
        const struct diff_change *c = &arm->changes[i];
        if (is_moved(c) && is_percentile(c->figure) == (part == PART_PERCENTILES))
            add_row(t, prefix, c, style);
    }
}

static void add_arm(struct table *t, const struct diff_file *file, const struct diff_arm *arm,
                    const struct report_style *style)
{
    char *prefix = prefix_of(file, arm, style);
    add_part(t, prefix, arm, PART_PERCENTILES, style);
    add_part(t, prefix, arm, PART_OTHERS, style);
    free(prefix);
}

void diff_moved_cells(const struct diff *d, const struct report_style *style, struct table *t)
{
    static const char *const heads[] = {"figure", "OLD", "NEW", "change"};
    t->columns = LEN(heads);
    for (size_t i = 0; i < LEN(heads); i++)
        table_cell(t, heads[i]);
    for (size_t i = 0; i < d->nfiles; i++) {
        for (size_t k = 0; k < d->files[i].narms; k++)
            add_arm(t, &d->files[i], &d->files[i].arms[k], style);
    }
}

/* --- the line --- */

struct leader {
    const struct diff_file *file;
    const struct diff_arm *arm;
    const struct diff_change *change; /* NULL: none is known */
    size_t count;                     /* arms that have one */
};

/* As many times up as down. */
static double size_of(const struct diff_change *c)
{
    return fabs(log1p(fmax(c->change, -1)));
}

static void look_at(struct leader *leader, const struct diff_file *file, const struct diff_arm *arm,
                    const char *key)
{
    for (size_t i = 0; i < arm->nchanges; i++) {
        const struct diff_change *c = &arm->changes[i];
        if (strcmp(c->figure->key, key) != 0 || isnan(c->change))
            continue;
        leader->count++;
        if (leader->change != NULL && size_of(c) <= size_of(leader->change))
            continue;
        leader->file = file;
        leader->arm = arm;
        leader->change = c;
    }
}

static struct leader leader_by(const struct diff *d, const char *key)
{
    struct leader leader = {0};
    for (size_t i = 0; i < d->nfiles; i++) {
        for (size_t k = 0; k < d->files[i].narms; k++)
            look_at(&leader, &d->files[i], &d->files[i].arms[k], key);
    }
    return leader;
}

static struct leader find_leader(const struct diff *d)
{
    static const char *const keys[] = {"p99", "p50", "requests_per_second"};
    struct leader leader = {0};
    for (size_t i = 0; i < LEN(keys) && leader.change == NULL; i++)
        leader = leader_by(d, keys[i]);
    return leader;
}

static bool differs_in(const struct diff *d, enum diff_group group)
{
    bool any = false;
    for (size_t i = 0; i < d->nfiles; i++) {
        for (size_t k = 0; k < d->files[i].nentries; k++)
            any |= d->files[i].entries[k].group == group;
    }
    return any;
}

/* "; plan and machine differ": what was measured may be something else. */
static void add_differences(const struct diff *d, struct buf *out)
{
    struct buf list;
    size_t count = 0;
    buf_init(&list, BUF_TEXT_MAX);
    for (enum diff_group group = 0; group < DIFF_GROUP_COUNT; group++) {
        if (!differs_in(d, group))
            continue;
        text_list(&list, "%s", diff_group_names[group]);
        count++;
    }
    if (count > 0)
        buf_printf(out, "; %s differ%s", list.data, count == 1 ? "s" : "");
    buf_fini(&list);
}

static void add_leader(const struct leader *leader, const struct report_style *style,
                       struct buf *out)
{
    const struct diff_change *c = leader->change;
    struct marks marks = {0};
    char text[64];
    char *prefix = prefix_of(leader->file, leader->arm, style);
    buf_printf(out, "%s%s %s → ", prefix, c->figure->title,
               marks_cell(&marks, c->figure, &c->old_sum, style, text, MARKS_CELL));
    buf_puts(out, marks_cell(&marks, c->figure, &c->new_sum, style, text, MARKS_CELL));
    buf_printf(out, " (%s)", diff_change_text(c, style, text, sizeof text));
    if (leader->count > 1)
        buf_printf(out, ", the largest change of %zu", leader->count);
    free(prefix);
}

void diff_lead(const struct diff *d, const struct report_style *style, struct buf *out)
{
    struct leader leader = find_leader(d);
    if (leader.change == NULL)
        buf_puts(out, "No latency and no rate is known on both sides");
    else if (leader.change->change == 0)
        buf_printf(out, "%s is the same on both sides%s", leader.change->figure->title,
                   leader.count > 1 ? ", for each arm" : "");
    else
        add_leader(&leader, style, out);
    add_differences(d, out);
}
