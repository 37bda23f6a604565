#include "report/diff/report.h"

#include <stdlib.h>

#include "base/mem.h"
#include "report/diff/report_internal.h"
#include "report/text.h"

static void side_line(const struct diff *d, const struct diff_file *file, enum diff_which which,
                      const struct report_style *style, struct buf *out)
{
    struct buf text;
    buf_init(&text, BUF_TEXT_MAX);
    diff_about_side(d, file, which, &text);
    text_entry(out, style, PAINT_BOLD, which == DIFF_OLD ? "old" : "new", text.data);
    buf_fini(&text);
}

static void differences(const struct diff_file *file, const struct report_style *style,
                        struct buf *out)
{
    struct buf alike;
    buf_init(&alike, BUF_TEXT_MAX);
    for (size_t i = 0; i < file->nentries; i++) {
        struct buf text;
        buf_init(&text, BUF_TEXT_MAX);
        diff_entry_text(&file->entries[i], style, &text);
        text_entry(out, style, PAINT_YELLOW, diff_group_names[file->entries[i].group], text.data);
        buf_fini(&text);
    }
    diff_alike(file, &alike);
    if (alike.len > 0)
        text_entry(out, style, PAINT_PLAIN, "same", alike.data);
    buf_fini(&alike);
}

static void remarks(const struct diff *d, const struct diff_file *file,
                    const struct report_style *style, struct buf *out)
{
    struct str_list texts = {0};
    diff_remarks(d, file, style, &texts);
    for (size_t i = 0; i < texts.count; i++)
        text_entry(out, style, PAINT_YELLOW, "note", texts.items[i]);
    str_list_fini(&texts);
}

static void arm_section(const struct diff_file *file, const struct diff_arm *arm,
                        const struct report_style *style, struct str_list *notes, struct buf *out)
{
    struct table t;
    struct str_list own = {0};
    struct buf title;
    buf_init(&title, BUF_TEXT_MAX);
    table_init(&t, 0);
    diff_cells(file, arm, style, &t, &own);
    buf_puts(out, "\n");
    if (file->kind == DIFF_COMPARISONS) {
        diff_arm_title(arm, style, &title);
        text_notice(out, style, PAINT_BOLD, title.data);
    }
    if (arm->nchanges > 0)
        table_write(&t, style, out);
    else
        buf_puts(out, "neither side measured anything\n");
    diff_add_notes(notes, &own);
    str_list_fini(&own);
    table_fini(&t);
    buf_fini(&title);
}

static void file_section(const struct diff *d, const struct diff_file *file,
                         const struct report_style *style, struct str_list *notes, struct buf *out)
{
    if (file->name != NULL)
        text_entry(out, style, PAINT_BOLD, "file", file->name);
    side_line(d, file, DIFF_OLD, style, out);
    side_line(d, file, DIFF_NEW, style, out);
    buf_puts(out, "\n");
    differences(file, style, out);
    remarks(d, file, style, out);
    for (size_t i = 0; i < file->narms; i++)
        arm_section(file, &file->arms[i], style, notes, out);
    buf_puts(out, "\n");
}

static void folders(const struct diff *d, const struct report_style *style, struct buf *out)
{
    if (!d->is_folders)
        return;
    text_entry(out, style, PAINT_BOLD, "old", d->old_path);
    text_entry(out, style, PAINT_BOLD, "new", d->new_path);
    buf_puts(out, "\n");
}

static void left_over(const struct diff *d, const struct report_style *style, struct buf *out)
{
    for (size_t i = 0; i < d->nleft; i++) {
        char *text = mem_printf("%s: %s", d->left[i].name, d->left[i].why);
        text_entry(out, style, PAINT_YELLOW, "left out", text);
        free(text);
    }
    buf_puts(out, d->nleft > 0 ? "\n" : "");
}

void report_diff_text(const struct diff *d, const struct report_style *style, struct buf *out)
{
    struct str_list notes = {0};
    struct buf closing;
    buf_init(&closing, BUF_TEXT_MAX);
    folders(d, style, out);
    for (size_t i = 0; i < d->nfiles; i++)
        file_section(d, &d->files[i], style, &notes, out);
    left_over(d, style, out);
    for (size_t i = 0; i < notes.count; i++)
        text_notice(out, style, PAINT_DIM, notes.items[i]);
    diff_closing(d, &closing);
    text_notice(out, style, PAINT_PLAIN, closing.data);
    str_list_fini(&notes);
    buf_fini(&closing);
}
