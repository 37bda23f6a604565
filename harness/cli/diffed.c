#include "cli/diffed.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "cli/unmeasured.h"
#include "store/file.h"
#include "store/listing.h"
#include "store/stored.h"

#define SUFFIX ".json"

/* --- one pair --- */

/* A document as a comparison; a result is the only arm of one. */
struct document {
    struct stored stored;
    struct comparison wrapped;
    struct diff_document as;
};

static int document_load(const char *path, struct document *doc, struct err *err)
{
    comparison_init(&doc->wrapped);
    if (stored_load(path, &doc->stored, err) < 0)
        return -1;
    stored_flatten(&doc->stored);
    if (doc->stored.kind == STORED_SESSION) {
        stored_fini(&doc->stored);
        return err_set(err, ERR_USAGE,
                       "%s: is a session, whose arms were measured side by side: see bench check",
                       path);
    }
    if (doc->stored.kind == STORED_CAPACITY) {
        stored_fini(&doc->stored);
        return err_set(err, ERR_USAGE,
                       "%s: is a search for the capacity, which has no figures of one load; bench "
                       "check --fail 'capacity<N/s' holds it against a limit",
                       path);
    }
    if (doc->stored.kind == STORED_COMPARISON) {
        doc->as = (struct diff_document){DIFF_COMPARISONS, &doc->stored.comparison};
        return 0;
    }
    (void)comparison_add_arm(&doc->wrapped, result_name(&doc->stored.result));
    comparison_add_result(&doc->wrapped, 0, 1, &doc->stored.result);
    doc->as = (struct diff_document){DIFF_RESULTS, &doc->wrapped};
    return 0;
}

static void document_fini(struct document *doc)
{
    stored_fini(&doc->stored);
    comparison_fini(&doc->wrapped);
}

static int compare_loaded(const struct document *old, const struct document *new,
                          struct diff_file *file, struct err *err)
{
    struct unmeasured ignored;
    unmeasured_init(&ignored);
    return diff_documents(&old->as, &new->as, ignored.names, file, err);
}

/* `name` NULL: not in a folder. */
static int add_pair(struct diff *d, const char *name, const char *old_path, const char *new_path,
                    struct err *err)
{
    struct document old = {0};
    struct document new = {0};
    struct diff_file file = {0};
    int failed = document_load(old_path, &old, err);
    if (failed == 0) {
        failed = document_load(new_path, &new, err);
        if (failed == 0)
            failed = compare_loaded(&old, &new, &file, err);
        document_fini(&new);
    }
    document_fini(&old);
    if (failed < 0)
        return -1;
    file.name = mem_strdup_or_null(name);
    file.is_same = store_is_same(old_path, new_path);
    diff_add_file(d, &file);
    return 0;
}

/* --- folders --- */

struct folders {
    struct diff *diff;
    size_t arms, most_arms;
    size_t unreadable;
    struct err first; /* why a pair was left out */
};

static void leave(struct folders *f, const char *name, const struct err *why)
{
    if (f->first.kind == ERR_NONE)
        f->first = *why;
    f->unreadable += why->kind == ERR_USAGE;
    diff_add_left(f->diff, name, why->text);
}

static void pair(struct folders *f, const char *name)
{
    struct err err = {0};
    char *old_path = mem_printf("%s/%s", f->diff->old_path, name);
    char *new_path = mem_printf("%s/%s", f->diff->new_path, name);
    int failed = 0;
    if (!store_is_file(old_path) || !store_is_file(new_path))
        failed = err_set(&err, ERR_USAGE, "is not a file on both sides");
    if (failed == 0)
        failed = add_pair(f->diff, name, old_path, new_path, &err);
    if (failed < 0)
        leave(f, name, &err);
    else
        f->arms += f->diff->files[f->diff->nfiles - 1].narms;
    free(old_path);
    free(new_path);
}

/* Which of two sorted lists has the next name: below 0 the first, above 0 the second, 0 both. */
static int next_of(const struct str_list *old, size_t a, const struct str_list *new, size_t b)
{
    if (a == old->count)
        return 1;
    return b == new->count ? -1 : strcmp(old->items[a], new->items[b]);
}

/* Returns how many names are in both. */
static size_t pair_all(struct folders *f, const struct str_list *old, const struct str_list *new)
{
    size_t both = 0;
    size_t a = 0;
    size_t b = 0;
    while ((a < old->count || b < new->count) && f->arms <= f->most_arms) {
        int order = next_of(old, a, new, b);
        if (order < 0) {
            diff_add_left(f->diff, old->items[a++], "only in OLD");
        } else if (order > 0) {
            diff_add_left(f->diff, new->items[b++], "only in NEW");
        } else {
            pair(f, new->items[b++]);
            a++;
            both++;
        }
    }
    return both;
}

static int nothing_shown(const struct folders *f, size_t both, struct err *err)
{
    if (both == 0)
        return err_set(err, ERR_INCOMPARABLE,
                       "%s and %s have no file in common; files are matched by name, and only "
                       "*" SUFFIX " are looked at",
                       f->diff->old_path, f->diff->new_path);
    *err = f->first;
    return err_wrap(err, "none of the %zu files in both folders can be compared; the first", both);
}

static int make_of_folders(struct diff *d, size_t most_arms, size_t *out_unreadable,
                           struct err *err)
{
    struct str_list old = {0};
    struct str_list new = {0};
    struct folders f = {.diff = d, .most_arms = most_arms};
    d->is_folders = true;
    int failed = store_list(d->old_path, SUFFIX, DIFFED_FILES_MAX, &old, err);
    if (failed == 0)
        failed = store_list(d->new_path, SUFFIX, DIFFED_FILES_MAX, &new, err);
    if (failed == 0) {
        size_t both = pair_all(&f, &old, &new);
        if (d->nfiles == 0)
            failed = nothing_shown(&f, both, err);
    }
    *out_unreadable = f.unreadable;
    str_list_fini(&old);
    str_list_fini(&new);
    return failed;
}

static void add_path(const char *path, const char *name, struct str_list *out)
{
    char *whole = name == NULL ? mem_strdup(path) : mem_printf("%s/%s", path, name);
    str_list_add(out, whole);
    free(whole);
}

void diffed_paths(const struct diff *d, struct str_list *out)
{
    for (size_t i = 0; i < d->nfiles; i++) {
        add_path(d->old_path, d->files[i].name, out);
        add_path(d->new_path, d->files[i].name, out);
    }
}

int diffed_make(const char *old_path, const char *new_path, size_t most_arms, struct diff *out,
                size_t *out_unreadable, struct err *err)
{
    bool old_folder = store_is_folder(old_path);
    bool new_folder = store_is_folder(new_path);
    *out = (struct diff){.old_path = mem_strdup(old_path), .new_path = mem_strdup(new_path)};
    *out_unreadable = 0;
    if (old_folder != new_folder)
        return err_set(err, ERR_INCOMPARABLE, "%s is a folder and %s is not; give two of a kind",
                       old_folder ? old_path : new_path, old_folder ? new_path : old_path);
    if (old_folder)
        return make_of_folders(out, most_arms, out_unreadable, err);
    if (add_pair(out, NULL, old_path, new_path, err) == 0)
        return 0;
    return err->kind == ERR_INCOMPARABLE ? err_wrap(err, "%s and %s", old_path, new_path) : -1;
}
