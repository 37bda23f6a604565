#include <stdlib.h>

#include "base/mem.h"
#include "report/diff/report_internal.h"
#include "report/markdown.h"

static const struct report_style style = {.utf8 = true};

static void bullet(const char *label, const char *text, struct buf *out)
{
    char *whole = mem_printf("%s: %s", label, text);
    buf_puts(out, "- ");
    markdown_block(out, whole);
    buf_puts(out, "\n");
    free(whole);
}

static void heading(const char *marks, const char *text, struct buf *out)
{
    buf_printf(out, "\n%s ", marks);
    markdown_block(out, text);
    buf_puts(out, "\n\n");
}

static void sides(const struct diff *d, const struct diff_file *file, struct buf *out)
{
    struct buf old;
    struct buf new;
    buf_init(&old, BUF_TEXT_MAX);
    buf_init(&new, BUF_TEXT_MAX);
    diff_about_side(d, file, DIFF_OLD, &old);
    diff_about_side(d, file, DIFF_NEW, &new);
    bullet("old", old.data, out);
    bullet("new", new.data, out);
    buf_fini(&old);
    buf_fini(&new);
}

static void differences(const struct diff *d, const struct diff_file *file, struct buf *out)
{
    struct str_list remarks = {0};
    struct buf alike;
    buf_init(&alike, BUF_TEXT_MAX);
    for (size_t i = 0; i < file->nentries; i++) {
        struct buf text;
        buf_init(&text, BUF_TEXT_MAX);
        diff_entry_text(&file->entries[i], &style, &text);
        buf_puts(out, "- **differs** ");
        markdown_text(out, diff_group_names[file->entries[i].group]);
        buf_puts(out, ": ");
        markdown_text(out, text.data);
        buf_puts(out, "\n");
        buf_fini(&text);
    }
    diff_alike(file, &alike);
    if (alike.len > 0)
        bullet("same", alike.data, out);
    diff_remarks(d, file, &style, &remarks);
    for (size_t i = 0; i < remarks.count; i++)
        bullet("note", remarks.items[i], out);
    str_list_fini(&remarks);
    buf_fini(&alike);
}

static void arm_section(const struct diff_file *file, const struct diff_arm *arm,
                        struct str_list *notes, struct buf *out)
{
    struct table t;
    struct str_list own = {0};
    struct buf title;
    buf_init(&title, BUF_TEXT_MAX);
    table_init(&t, 0);
    diff_cells(file, arm, &style, &t, &own);
    diff_arm_title(arm, &style, &title);
    if (file->kind == DIFF_COMPARISONS)
        heading("####", title.data, out);
    else
        buf_puts(out, "\n");
    if (arm->nchanges > 0)
        markdown_table(out, &t);
    diff_add_notes(notes, &own);
    str_list_fini(&own);
    table_fini(&t);
    buf_fini(&title);
}

static void file_section(const struct diff *d, const struct diff_file *file, struct str_list *notes,
                         struct buf *out)
{
    if (file->name != NULL)
        heading("###", file->name, out);
    sides(d, file, out);
    differences(d, file, out);
    for (size_t i = 0; i < file->narms; i++)
        arm_section(file, &file->arms[i], notes, out);
}

static void left_over(const struct diff *d, struct buf *out)
{
    if (d->nleft > 0)
        heading("###", "Left out", out);
    for (size_t i = 0; i < d->nleft; i++)
        bullet(d->left[i].name, d->left[i].why, out);
}

void report_diff_markdown(const struct diff *d, struct buf *out)
{
    struct str_list notes = {0};
    struct buf closing;
    buf_init(&closing, BUF_TEXT_MAX);
    buf_puts(out, "## Difference\n\n");
    if (d->is_folders) {
        bullet("old", d->old_path, out);
        bullet("new", d->new_path, out);
    }
    for (size_t i = 0; i < d->nfiles; i++)
        file_section(d, &d->files[i], &notes, out);
    left_over(d, out);
    buf_puts(out, notes.count > 0 ? "\n" : "");
    for (size_t i = 0; i < notes.count; i++) {
        buf_puts(out, "- ");
        markdown_block(out, notes.items[i]);
        buf_puts(out, "\n");
    }
    buf_puts(out, "\n");
    diff_closing(d, &closing);
    markdown_block(out, closing.data);
    buf_puts(out, "\n");
    str_list_fini(&notes);
    buf_fini(&closing);
}
