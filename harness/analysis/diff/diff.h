/* diff: two stored documents side by side: what differs in how they were measured, and each figure
 * with its change.
 *
 * Shape   a file is a pair of documents: two results, or two comparisons, whose arms are paired by
 *         name. It holds copies, so the documents can be freed. It shows and never judges: nothing
 *         here calls a change good, bad or real.
 * Units   those of the figures (model/metric.h). A change is NEW / OLD - 1; of a share it is
 *         NEW - OLD, because a ratio to nearly nothing says nothing.
 * Owner   a diff owns everything in it; diff_fini frees it.
 * Errors  kind INCOMPARABLE: a result and a comparison, or no arm in common. What was not measured
 *         is NAN, and so is a change from or to it. A change that rests on a lower bound says so in
 *         `known`, and is NAN when both sides are one.
 */
#ifndef ANALYSIS_DIFF_DIFF_H
#define ANALYSIS_DIFF_DIFF_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/err.h"
#include "base/str.h"
#include "model/arm_figure.h"
#include "model/comparison.h"
#include "model/shift.h"

enum diff_group { DIFF_PLAN, DIFF_MACHINE, DIFF_TOOL, DIFF_STATE, DIFF_GROUP_COUNT };
extern const char *const diff_group_names[DIFF_GROUP_COUNT]; /* "machine"; stable */

/* One thing that differs; of the state of a run also one that is worth knowing when it does not. */
struct diff_entry {
    enum diff_group group;
    char *what;     /* "connections" */
    char *old_text; /* NULL: not recorded */
    char *new_text;
    struct str_list arms; /* whose; empty: of all that are compared */
};

struct diff_change {
    const struct arm_figure *figure;
    struct arm_summary old_sum, new_sum;
    double change;
    enum shift_known known;
    bool is_few; /* either side rests on too few samples */
};

struct diff_arm {
    char *name;
    size_t old_rounds, new_rounds; /* that the figures are of */
    struct diff_change *changes;
    size_t nchanges;
    struct shift_curve shift;
};

enum diff_kind { DIFF_RESULTS, DIFF_COMPARISONS };

/* One side: what was measured, and when. */
struct diff_side {
    char *target; /* "pool", a command or a URL; NULL for a comparison */
    int64_t started_wall_ms;
};

struct diff_file {
    char *name; /* in both folders; NULL for a file that was named itself */
    enum diff_kind kind;
    bool is_same; /* both sides are one file */
    struct diff_side old_side, new_side;
    struct diff_entry *entries;
    size_t nentries;
    struct diff_arm *arms;
    size_t narms;
    struct str_list only_old, only_new; /* arms on one side only */
};

/* A file of a folder that is not compared, and why. */
struct diff_left {
    char *name, *why;
};

struct diff {
    char *old_path, *new_path; /* as given */
    bool is_folders;
    struct diff_file *files;
    size_t nfiles;
    struct diff_left *left;
    size_t nleft;
};

/* A document: a result is a comparison of one arm, in which it is the only one. */
struct diff_document {
    enum diff_kind kind;
    const struct comparison *c;
};

/* `ignored` names settings that change nothing of what is measured: "out". Ends with NULL. What
 * failed needs no fini. */
int diff_documents(const struct diff_document *old, const struct diff_document *new,
                   const char *const *ignored, struct diff_file *out, struct err *err);
void diff_file_fini(struct diff_file *file);

void diff_add_file(struct diff *d, struct diff_file *file); /* moves; *file is empty after */
void diff_add_left(struct diff *d, const char *name, const char *why);
void diff_fini(struct diff *d);
/* All curves: of a folder named by file and arm, else by arm. The caller finishes it. */
struct shift diff_shift(const struct diff *d);

#endif
