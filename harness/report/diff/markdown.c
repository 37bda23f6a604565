#include <stdarg.h>

#include "report/comment.h"
#include "report/diff/report_internal.h"

static const struct report_style style = {.utf8 = true};
static const struct comment_look look = {NULL, 0};

__attribute__((format(printf, 2, 3))) static void add(struct str_list *list, const char *format,
                                                      ...)
{
    struct buf text;
    va_list args;
    buf_init(&text, BUF_TEXT_MAX);
    va_start(args, format);
    buf_vprintf(&text, format, args);
    va_end(args);
    str_list_add(list, text.data);
    buf_fini(&text);
}

static void moved(const struct diff *d, struct comment *m)
{
    struct table t;
    table_init(&t, 0);
    diff_moved_cells(d, &style, &t);
    if (t.cells.count > t.columns)
        comment_table(m, &t, &look);
    else
        comment_text(m, "No figure moved by 2 % or more.");
    table_fini(&t);
}

/* --- how they were measured --- */

static void sides(const struct diff *d, const struct diff_file *file, struct str_list *lines)
{
    for (enum diff_which which = DIFF_OLD; which <= DIFF_NEW; which++) {
        struct buf side;
        buf_init(&side, BUF_TEXT_MAX);
        diff_about_side(d, file, which, &side);
        add(lines, "%s: %s", which == DIFF_OLD ? "old" : "new", side.data);
        buf_fini(&side);
    }
}

static void differences(const struct diff *d, const struct diff_file *file, struct str_list *lines)
{
    struct str_list remarks = {0};
    struct buf text;
    buf_init(&text, BUF_TEXT_MAX);
    for (size_t i = 0; i < file->nentries; i++) {
        buf_clear(&text);
        diff_entry_text(&file->entries[i], &style, &text);
        add(lines, "differs, %s: %s", diff_group_names[file->entries[i].group], text.data);
    }
    buf_clear(&text);
    diff_alike(file, &text);
    if (text.len > 0)
        add(lines, "same: %s", text.data);
    diff_remarks(d, file, &style, &remarks);
    for (size_t i = 0; i < remarks.count; i++)
        add(lines, "note: %s", remarks.items[i]);
    str_list_fini(&remarks);
    buf_fini(&text);
}

static void set_up(const struct diff *d, struct comment *m)
{
    struct str_list lines = {0};
    if (d->is_folders) {
        add(&lines, "old: %s", d->old_path);
        add(&lines, "new: %s", d->new_path);
    }
    for (size_t i = 0; i < d->nfiles; i++) {
        if (d->files[i].name != NULL)
            add(&lines, "file: %s", d->files[i].name);
        sides(d, &d->files[i], &lines);
        differences(d, &d->files[i], &lines);
    }
    comment_fold(m, "How both were measured, and what differs");
    comment_list(m, &lines, COMMENT_BULLETS);
    str_list_fini(&lines);
}

static void left_over(const struct diff *d, struct comment *m)
{
    struct str_list lines = {0};
    for (size_t i = 0; i < d->nleft; i++)
        add(&lines, "%s: %s", d->left[i].name, d->left[i].why);
    if (lines.count > 0) {
        comment_fold(m, "Left out");
        comment_list(m, &lines, COMMENT_BULLETS);
    }
    str_list_fini(&lines);
}

/* --- all figures --- */

static void arm_section(const struct diff_file *file, const struct diff_arm *arm, struct comment *m)
{
    struct table t;
    struct str_list notes = {0};
    struct buf title;
    buf_init(&title, BUF_TEXT_MAX);
    table_init(&t, 0);
    diff_cells(file, arm, &style, &t, &notes);
    diff_arm_title(arm, &style, &title);
    if (file->kind == DIFF_COMPARISONS)
        comment_text(m, title.data);
    if (arm->nchanges > 0)
        comment_table(m, &t, &look);
    str_list_fini(&notes);
    table_fini(&t);
    buf_fini(&title);
}

/* What the marks of all tables mean comes first: the table above has them, too. */
static void add_notes(const struct diff *d, struct comment *m)
{
    struct str_list notes = {0};
    for (size_t i = 0; i < d->nfiles; i++) {
        for (size_t k = 0; k < d->files[i].narms; k++) {
            struct table t;
            struct str_list own = {0};
            table_init(&t, 0);
            diff_cells(&d->files[i], &d->files[i].arms[k], &style, &t, &own);
            diff_add_notes(&notes, &own);
            str_list_fini(&own);
            table_fini(&t);
        }
    }
    comment_list(m, &notes, COMMENT_BULLETS);
    str_list_fini(&notes);
}

static void all_figures(const struct diff *d, struct comment *m)
{
    comment_fold(m, "All figures, and what the marks mean");
    add_notes(d, m);
    for (size_t i = 0; i < d->nfiles; i++) {
        if (d->files[i].name != NULL)
            comment_text(m, d->files[i].name);
        for (size_t k = 0; k < d->files[i].narms; k++)
            arm_section(&d->files[i], &d->files[i].arms[k], m);
    }
}

void report_diff_markdown(const struct diff *d, struct buf *out)
{
    struct comment m;
    struct buf text;
    buf_init(&text, BUF_TEXT_MAX);
    diff_lead(d, &style, &text);
    comment_begin(&m, out, 0);
    comment_lead(&m, text.data);
    moved(d, &m);
    buf_clear(&text);
    diff_closing(d, &text);
    comment_text(&m, text.data);
    set_up(d, &m);
    left_over(d, &m);
    all_figures(d, &m);
    comment_end(&m);
    buf_fini(&text);
}
