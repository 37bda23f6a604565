#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "base/mem.h"
#include "report/diff/report_internal.h"
#include "report/marks.h"
#include "report/spread.h"
#include "report/text.h"

#define VALUE_COLUMNS 160 /* of a setting; a body or a command may be longer */

/* --- what differs --- */

static void add_value(const char *value, const struct report_style *style, struct buf *out)
{
    char text[VALUE_COLUMNS * 4 + 1];
    buf_puts(out, value == NULL ? "not recorded"
                                : text_short(value, style, VALUE_COLUMNS, text, sizeof text));
}

static void add_names(const struct str_list *names, const struct report_style *style,
                      struct buf *out)
{
    for (size_t i = 0; i < names->count; i++) {
        char name[TEXT_NAME];
        buf_printf(out, "%s%s", i == 0 ? "" : ", ",
                   text_name(names->items[i], style, name, sizeof name));
    }
}

void diff_entry_text(const struct diff_entry *e, const struct report_style *style, struct buf *out)
{
    buf_puts(out, e->what);
    if (e->arms.count > 0) {
        buf_puts(out, " of ");
        add_names(&e->arms, style, out);
    }
    buf_puts(out, ": ");
    add_value(e->old_text, style, out);
    buf_puts(out, style->utf8 ? " → " : " -> ");
    add_value(e->new_text, style, out);
}

static bool has_group(const struct diff_file *file, enum diff_group group)
{
    bool any = false;
    for (size_t i = 0; i < file->nentries; i++)
        any |= file->entries[i].group == group;
    return any;
}

void diff_alike(const struct diff_file *file, struct buf *out)
{
    static const enum diff_group groups[] = {DIFF_PLAN, DIFF_MACHINE, DIFF_TOOL};
    size_t left = 0;
    for (size_t i = 0; i < LEN(groups); i++)
        left += !has_group(file, groups[i]);
    for (size_t i = 0; i < LEN(groups); i++) {
        if (has_group(file, groups[i]))
            continue;
        left--;
        buf_printf(out, "%s%s", diff_group_names[groups[i]],
                   left == 0   ? ""
                   : left == 1 ? " and "
                               : ", ");
    }
}

void diff_about_side(const struct diff *d, const struct diff_file *file, enum diff_which which,
                     struct buf *out)
{
    const struct diff_side *side = which == DIFF_OLD ? &file->old_side : &file->new_side;
    char wall[32];
    if (!d->is_folders)
        buf_printf(out, "%s: ", which == DIFF_OLD ? d->old_path : d->new_path);
    buf_puts(out, file->kind == DIFF_COMPARISONS ? "a comparison" : "a run");
    if (side->target != NULL)
        buf_printf(out, " of %s", side->target);
    if (side->started_wall_ms <= 0)
        return;
    clock_format_wall(side->started_wall_ms, wall, sizeof wall);
    buf_printf(out, ", %.10s %.5s UTC", wall, wall + 11);
}

void diff_arm_title(const struct diff_arm *arm, const struct report_style *style, struct buf *out)
{
    char name[TEXT_NAME];
    buf_printf(out, "%s: %zu round%s against %zu", text_name(arm->name, style, name, sizeof name),
               arm->old_rounds, arm->old_rounds == 1 ? "" : "s", arm->new_rounds);
}

/* --- the table --- */

/* "+12.3%", "+1,072,464%"; nearly -100% keeps the digits that tell it from that. */
static void format_ratio(double change, char *text, size_t size)
{
    char number[32];
    double percent = 100 * change;
    if (change == 0)
        (void)snprintf(text, size, "0%%");
    else if (change == -1)
        (void)snprintf(text, size, "-100%%");
    else if (fabs(percent) < 0.05)
        (void)snprintf(text, size, "0.0%%");
    else if (percent < -99.5)
        (void)snprintf(text, size, "%.*f%%", percent < -99.95 ? 3 : 2, fmax(percent, -99.999));
    else if (percent < 99.95)
        (void)snprintf(text, size, "%+.1f%%", percent);
    else
        (void)snprintf(text, size, "+%s%%",
                       text_grouped(llround(fmin(percent, 9e18)), number, sizeof number));
}

/* In percentage points. */
static void format_added(double change, char *text, size_t size)
{
    double points = 100 * change;
    if (change == 0)
        (void)snprintf(text, size, "0 pp");
    else if (fabs(points) >= 9.95)
        (void)snprintf(text, size, "%+.0f pp", points);
    else
        (void)snprintf(text, size, "%+.2g pp", points);
}

static const char *sign_of(enum shift_known known, const struct report_style *style)
{
    if (known == SHIFT_AT_LEAST)
        return spread_bound_sign(style);
    if (known == SHIFT_AT_MOST)
        return style->utf8 ? "≤" : "<=";
    return "";
}

static const char *no_change_text(const struct diff_change *c)
{
    if (isnan(c->old_sum.median) || isnan(c->new_sum.median))
        return "-";
    return c->old_sum.median == 0 ? "from 0" : "?";
}

char *diff_change_text(const struct diff_change *c, const struct report_style *style, char *text,
                       size_t size)
{
    char number[48];
    if (isnan(c->change)) {
        (void)snprintf(text, size, "%s", no_change_text(c));
        return text;
    }
    if (c->figure->unit == METRIC_SHARE)
        format_added(c->change, number, sizeof number);
    else
        format_ratio(c->change, number, sizeof number);
    (void)snprintf(text, size, "%s%s%s", sign_of(c->known, style), number, c->is_few ? "*" : "");
    return text;
}

/* "290 ms - 310 ms"; one figure when all rounds gave it. */
static void range_cell(struct table *t, const struct arm_summary *sum,
                       const struct arm_figure *figure)
{
    char low[32];
    char high[32];
    char cell[80];
    if (isnan(sum->median)) {
        table_cell(t, "-");
        return;
    }
    (void)text_figure(sum->low, figure->unit, low, sizeof low);
    (void)text_figure(sum->high, figure->unit, high, sizeof high);
    if (strcmp(low, high) == 0)
        (void)snprintf(cell, sizeof cell, "%s", low);
    else
        (void)snprintf(cell, sizeof cell, "%s - %s", low, high);
    table_cell(t, cell);
}

static void side_cells(struct table *t, const struct arm_summary *sum,
                       const struct arm_figure *figure, bool ranges,
                       const struct report_style *style, struct marks *marks)
{
    char cell[MARKS_CELL];
    table_cell(t, marks_cell(marks, figure, sum, style, cell, sizeof cell));
    if (ranges)
        range_cell(t, sum, figure);
}

static void head_cells(struct table *t, bool old_ranges, bool new_ranges)
{
    t->columns = 4 + (size_t)old_ranges + (size_t)new_ranges;
    table_cell(t, "figure");
    table_cell(t, "OLD");
    if (old_ranges)
        table_cell(t, "min - max");
    table_cell(t, "NEW");
    if (new_ranges)
        table_cell(t, "min - max");
    table_cell(t, "change");
}

static void note(struct str_list *notes, const char *sign, const char *text)
{
    char *whole = mem_printf("%s%s", sign, text);
    str_list_add(notes, whole);
    free(whole);
}

static void change_notes(const struct diff_arm *arm, const struct report_style *style,
                         struct str_list *notes)
{
    bool bounds[SHIFT_KNOWN_COUNT] = {false};
    bool points = false;
    for (size_t i = 0; i < arm->nchanges; i++) {
        const struct diff_change *c = &arm->changes[i];
        bool both = c->old_sum.is_bound && c->new_sum.is_bound;
        if (!isnan(c->change) || both)
            bounds[isnan(c->change) ? SHIFT_UNKNOWN : c->known] = true;
        points |= c->figure->unit == METRIC_SHARE && !isnan(c->change) && c->change != 0;
    }
    if (bounds[SHIFT_AT_LEAST])
        note(notes, sign_of(SHIFT_AT_LEAST, style),
             " before a change: NEW is a lower bound, so the change is that or more");
    if (bounds[SHIFT_AT_MOST])
        note(notes, sign_of(SHIFT_AT_MOST, style),
             " before a change: OLD is a lower bound, so the change is that or less");
    if (bounds[SHIFT_UNKNOWN])
        note(notes, "?", " both are lower bounds, so the change is not known");
    if (points)
        note(notes, "pp", ": percentage points, NEW less OLD");
}

void diff_cells(const struct diff_file *file, const struct diff_arm *arm,
                const struct report_style *style, struct table *t, struct str_list *notes)
{
    struct marks marks = {0};
    char change[64];
    bool old_ranges = file->kind == DIFF_COMPARISONS && arm->old_rounds > 1;
    bool new_ranges = file->kind == DIFF_COMPARISONS && arm->new_rounds > 1;
    head_cells(t, old_ranges, new_ranges);
    for (size_t i = 0; i < arm->nchanges; i++) {
        const struct diff_change *c = &arm->changes[i];
        table_cell(t, c->figure->title);
        side_cells(t, &c->old_sum, c->figure, old_ranges, style, &marks);
        side_cells(t, &c->new_sum, c->figure, new_ranges, style, &marks);
        table_cell(t, diff_change_text(c, style, change, sizeof change));
    }
    marks_notes(&marks, style, notes);
    change_notes(arm, style, notes);
}

void diff_add_notes(struct str_list *notes, const struct str_list *more)
{
    for (size_t i = 0; i < more->count; i++) {
        size_t at = 0;
        while (at < notes->count && strcmp(notes->items[at], more->items[i]) != 0)
            at++;
        if (at == notes->count)
            str_list_add(notes, more->items[i]);
    }
}

/* --- around it --- */

static void only_on(const char *side, const struct str_list *arms, const struct report_style *style,
                    struct str_list *out)
{
    struct buf text;
    if (arms->count == 0)
        return;
    buf_init(&text, BUF_TEXT_MAX);
    buf_printf(&text, "only in %s: ", side);
    add_names(arms, style, &text);
    str_list_add(out, text.data);
    buf_fini(&text);
}

void diff_remarks(const struct diff *d, const struct diff_file *file,
                  const struct report_style *style, struct str_list *out)
{
    if (file->is_same)
        str_list_add(out, d->is_folders ? "OLD and NEW of this name are the same file"
                                        : "OLD and NEW are the same file, so nothing can differ");
    only_on("OLD", &file->only_old, style, out);
    only_on("NEW", &file->only_new, style, out);
}

void diff_closing(const struct diff *d, struct buf *out)
{
    bool comparisons = false;
    for (size_t i = 0; i < d->nfiles; i++)
        comparisons |= d->files[i].kind == DIFF_COMPARISONS;
    buf_puts(out, comparisons
                      ? "This is no verdict. It sets the medians of one session's rounds beside "
                        "those of another"
                      : "This is no verdict. It sets one measurement beside one other");
    buf_puts(out, ", and two sessions of the same server often differ by 10 %. To learn whether a "
                  "change is real, let bench check measure both in turns: bench check --arm "
                  "base=... --arm head=...");
}
