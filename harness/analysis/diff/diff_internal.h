/* diff_internal: the parts of a diff, which diff.c puts together.
 *
 * Owner   each fills or adds to what the caller owns.
 */
#ifndef ANALYSIS_DIFF_DIFF_INTERNAL_H
#define ANALYSIS_DIFF_DIFF_INTERNAL_H

#include "analysis/diff/diff.h"

/* The arm's figures, and the rounds that they are of. */
void diff_figures(const struct arm *old, const struct arm *new, struct diff_arm *out);
void diff_curve(const struct arm *old, const struct arm *new, struct shift_curve *out);

/* The one of this name, or NULL. */
const struct arm *diff_find_arm(const struct comparison *c, const char *name);

/* Adds an entry; an arm that differs in the same way joins the one that is there. `arm` NULL: of
 * the whole. */
void diff_add_entry(struct diff_file *file, const char *arm, enum diff_group group,
                    const char *what, const char *old_text, const char *new_text);
/* After the last one: sorts them by group, and leaves out the names where one is of all arms. */
void diff_close_entries(struct diff_file *file);
bool diff_same_text(const char *a, const char *b); /* either may be NULL */

/* Plan, machine and version, of one run of the arm; then what is wrong with any of its rounds. */
void diff_add_plan(const struct result *old, const struct result *new, const char *arm,
                   const char *const *ignored, struct diff_file *file);
void diff_add_state(const struct arm *old, const struct arm *new, struct diff_file *file);
void diff_add_whole(const struct comparison *old, const struct comparison *new,
                    struct diff_file *file);

#endif
