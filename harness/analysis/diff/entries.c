#include "analysis/diff/diff_internal.h"

#include <stdlib.h>
#include <string.h>

#include "base/mem.h"

const char *const diff_group_names[DIFF_GROUP_COUNT] = {
    [DIFF_PLAN] = "plan",
    [DIFF_MACHINE] = "machine",
    [DIFF_TOOL] = "tool",
    [DIFF_STATE] = "state",
};

bool diff_same_text(const char *a, const char *b)
{
    return a == b || (a != NULL && b != NULL && strcmp(a, b) == 0);
}

static bool is_entry(const struct diff_entry *e, const struct diff_entry *other)
{
    return e->group == other->group && strcmp(e->what, other->what) == 0 &&
           diff_same_text(e->old_text, other->old_text) &&
           diff_same_text(e->new_text, other->new_text);
}

void diff_add_entry(struct diff_file *file, const char *arm, enum diff_group group,
                    const char *what, const char *old_text, const char *new_text)
{
    struct diff_entry e = {.group = group,
                           .what = mem_strdup(what),
                           .old_text = mem_strdup_or_null(old_text),
                           .new_text = mem_strdup_or_null(new_text)};
    size_t at = 0;
    while (at < file->nentries && !is_entry(&file->entries[at], &e))
        at++;
    if (at == file->nentries) {
        file->entries = mem_grow(file->entries, file->nentries + 1, sizeof *file->entries);
        file->entries[file->nentries++] = e;
    } else {
        free(e.what);
        free(e.old_text);
        free(e.new_text);
    }
    if (arm != NULL)
        str_list_add(&file->entries[at].arms, arm);
}

/* By group. An insertion, because qsort may change the order within a group. */
static void sort(struct diff_file *file)
{
    for (size_t i = 1; i < file->nentries; i++) {
        struct diff_entry moved = file->entries[i];
        size_t to = i;
        for (; to > 0 && file->entries[to - 1].group > moved.group; to--)
            file->entries[to] = file->entries[to - 1];
        file->entries[to] = moved;
    }
}

void diff_close_entries(struct diff_file *file)
{
    for (size_t i = 0; i < file->nentries; i++) {
        if (file->entries[i].arms.count == file->narms)
            str_list_fini(&file->entries[i].arms);
    }
    sort(file);
}
