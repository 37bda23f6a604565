#include "support/diff_bed.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "base/buf.h"
#include "support/findings_bed.h"

static const char *const ignored[] = {"seed", "out", NULL};

static struct diff_file of(enum diff_kind kind, const struct comparison *old,
                           const struct comparison *new)
{
    const struct diff_document sides[] = {{kind, old}, {kind, new}};
    struct diff_file file;
    struct err err = {0};
    if (diff_documents(&sides[0], &sides[1], ignored, &file, &err) < 0)
        fail_msg("%s", err.text);
    return file;
}

struct diff_file diff_bed_results(const struct comparison *old, const struct comparison *new)
{
    return of(DIFF_RESULTS, old, new);
}

struct diff_file diff_bed_comparisons(const struct comparison *old, const struct comparison *new)
{
    return of(DIFF_COMPARISONS, old, new);
}

struct diff_file diff_bed_shapes(const struct trial_shape *old, const struct trial_shape *new)
{
    struct comparison sides[2];
    for (int i = 0; i < 2; i++) {
        comparison_init(&sides[i]);
        add_arm(&sides[i], "pool", i == 0 ? old : new);
    }
    struct diff_file file = of(DIFF_RESULTS, &sides[0], &sides[1]);
    comparison_fini(&sides[0]);
    comparison_fini(&sides[1]);
    return file;
}

const struct diff_change *diff_bed_change(const struct diff_arm *arm, const char *key)
{
    for (size_t i = 0; i < arm->nchanges; i++) {
        if (strcmp(arm->changes[i].figure->key, key) == 0)
            return &arm->changes[i];
    }
    return NULL;
}

static void entry_text(const struct diff_entry *e, struct buf *out)
{
    buf_printf(out, "%s: %s > %s", e->what, e->old_text == NULL ? "-" : e->old_text,
               e->new_text == NULL ? "-" : e->new_text);
    for (size_t i = 0; i < e->arms.count; i++)
        buf_printf(out, "%s%s", i == 0 ? " [" : ",", e->arms.items[i]);
    buf_puts(out, e->arms.count > 0 ? "]" : "");
}

void diff_bed_expect(const struct diff_file *file, enum diff_group group, const char *text)
{
    struct buf all;
    bool found = false;
    buf_init(&all, BUF_TEXT_MAX);
    for (size_t i = 0; i < file->nentries; i++) {
        size_t from = all.len;
        if (file->entries[i].group != group)
            continue;
        entry_text(&file->entries[i], &all);
        found |= strcmp(all.data + from, text) == 0;
        buf_puts(&all, "\n");
    }
    if (!found)
        fail_msg("want: %s\ngot:\n%s", text, all.data);
    buf_fini(&all);
}

size_t diff_bed_count(const struct diff_file *file, enum diff_group group)
{
    size_t count = 0;
    for (size_t i = 0; i < file->nentries; i++)
        count += file->entries[i].group == group;
    return count;
}
