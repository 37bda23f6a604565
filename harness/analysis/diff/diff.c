#include "analysis/diff/diff_internal.h"

#include <stdlib.h>
#include <string.h>

#include "base/buf.h"
#include "base/mem.h"

#define NAMED_MAX 8 /* arms that an error names */

/* --- one pair of documents --- */

const struct arm *diff_find_arm(const struct comparison *c, const char *name)
{
    for (size_t i = 0; i < c->narms; i++) {
        if (strcmp(c->arms[i].name, name) == 0)
            return &c->arms[i];
    }
    return NULL;
}

/* On one line: a name may hold anything. */
static void add_name(const char *name, struct buf *out)
{
    while (*name != '\0') {
        size_t control = str_control(name);
        buf_add(out, control > 0 ? "?" : name, 1);
        name += control > 0 ? control : 1;
    }
}

static void name_arms(const struct comparison *c, struct buf *out)
{
    for (size_t i = 0; i < c->narms && i < NAMED_MAX; i++) {
        buf_puts(out, i == 0 ? "" : ", ");
        add_name(c->arms[i].name, out);
    }
    if (c->narms > NAMED_MAX)
        buf_printf(out, " and %zu more", c->narms - NAMED_MAX);
}

static int nothing_in_common(const struct comparison *old, const struct comparison *new,
                             struct err *err)
{
    struct buf olds;
    struct buf news;
    buf_init(&olds, sizeof err->text / 3);
    buf_init(&news, sizeof err->text / 3);
    name_arms(old, &olds);
    name_arms(new, &news);
    (void)err_set(err, ERR_INCOMPARABLE,
                  "they have no arm in common: one has %s, the other %s; arms are matched by name",
                  olds.len > 0 ? olds.data : "many", news.len > 0 ? news.data : "many");
    buf_fini(&olds);
    buf_fini(&news);
    return -1;
}

static struct diff_side side_of(const struct diff_document *doc)
{
    const struct arm *only = doc->c->narms > 0 ? &doc->c->arms[0] : NULL;
    if (doc->kind == DIFF_COMPARISONS || only == NULL || only->nresults == 0)
        return (struct diff_side){.started_wall_ms = doc->c->started_wall_ms};
    return (struct diff_side){.target = mem_strdup(only->name),
                              .started_wall_ms = only->results[0].started_wall_ms};
}

static void pair_arms(const struct arm *old, const struct arm *new, const char *const *ignored,
                      struct diff_file *file)
{
    struct diff_arm arm = {.name = mem_strdup(new->name)};
    diff_figures(old, new, &arm);
    diff_curve(old, new, &arm.shift);
    if (old->nresults > 0 && new->nresults > 0)
        diff_add_plan(&old->results[0], &new->results[0], new->name, ignored, file);
    diff_add_state(old, new, file);
    file->arms = mem_grow(file->arms, file->narms + 1, sizeof *file->arms);
    file->arms[file->narms++] = arm;
}

static void pair_by_name(const struct comparison *old, const struct comparison *new,
                         const char *const *ignored, struct diff_file *file)
{
    diff_add_whole(old, new, file);
    for (size_t i = 0; i < old->narms; i++) {
        const struct arm *other = diff_find_arm(new, old->arms[i].name);
        if (other == NULL)
            str_list_add(&file->only_old, old->arms[i].name);
        else
            pair_arms(&old->arms[i], other, ignored, file);
    }
    for (size_t i = 0; i < new->narms; i++) {
        if (diff_find_arm(old, new->arms[i].name) == NULL)
            str_list_add(&file->only_new, new->arms[i].name);
    }
}

int diff_documents(const struct diff_document *old, const struct diff_document *new,
                   const char *const *ignored, struct diff_file *out, struct err *err)
{
    *out = (struct diff_file){.kind = new->kind};
    if (old->kind != new->kind)
        return err_set(err, ERR_INCOMPARABLE,
                       "one is a result and the other a comparison; give two of a kind");
    if (new->kind == DIFF_RESULTS)
        pair_arms(&old->c->arms[0], &new->c->arms[0], ignored, out);
    else
        pair_by_name(old->c, new->c, ignored, out);
    if (out->narms == 0) {
        diff_file_fini(out);
        return nothing_in_common(old->c, new->c, err);
    }
    out->old_side = side_of(old);
    out->new_side = side_of(new);
    diff_close_entries(out);
    return 0;
}

static void arm_fini(struct diff_arm *arm)
{
    free(arm->name);
    free(arm->changes);
    shift_curve_fini(&arm->shift);
}

static void entry_fini(struct diff_entry *entry)
{
    free(entry->what);
    free(entry->old_text);
    free(entry->new_text);
    str_list_fini(&entry->arms);
}

void diff_file_fini(struct diff_file *file)
{
    for (size_t i = 0; i < file->narms; i++)
        arm_fini(&file->arms[i]);
    for (size_t i = 0; i < file->nentries; i++)
        entry_fini(&file->entries[i]);
    free(file->arms);
    free(file->entries);
    free(file->name);
    free(file->old_side.target);
    free(file->new_side.target);
    str_list_fini(&file->only_old);
    str_list_fini(&file->only_new);
    *file = (struct diff_file){0};
}

/* --- all of them --- */

void diff_add_file(struct diff *d, struct diff_file *file)
{
    d->files = mem_grow(d->files, d->nfiles + 1, sizeof *d->files);
    d->files[d->nfiles++] = *file;
    *file = (struct diff_file){0};
}

void diff_add_left(struct diff *d, const char *name, const char *why)
{
    d->left = mem_grow(d->left, d->nleft + 1, sizeof *d->left);
    d->left[d->nleft++] = (struct diff_left){mem_strdup(name), mem_strdup(why)};
}

void diff_fini(struct diff *d)
{
    for (size_t i = 0; i < d->nfiles; i++)
        diff_file_fini(&d->files[i]);
    for (size_t i = 0; i < d->nleft; i++) {
        free(d->left[i].name);
        free(d->left[i].why);
    }
    free(d->files);
    free(d->left);
    free(d->old_path);
    free(d->new_path);
    *d = (struct diff){0};
}

struct shift diff_shift(const struct diff *d)
{
    struct shift s = {0};
    for (size_t i = 0; i < d->nfiles; i++) {
        const struct diff_file *file = &d->files[i];
        for (size_t k = 0; k < file->narms; k++) {
            const char *arm = file->arms[k].name;
            char *name = file->name == NULL           ? mem_strdup(arm)
                         : file->kind == DIFF_RESULTS ? mem_strdup(file->name)
                                                      : mem_printf("%s: %s", file->name, arm);
            shift_add(&s, name, &file->arms[k].shift);
            free(name);
        }
    }
    return s;
}
