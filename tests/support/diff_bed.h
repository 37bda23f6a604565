/* diff_bed: two comparisons side by side, and what their diff says.
 *
 * Owner   the caller finishes the comparisons; diff_bed_of gives a file, finished with
 *         diff_file_fini.
 * Errors  what is missing fails the test.
 */
#ifndef TESTS_DIFF_BED_H
#define TESTS_DIFF_BED_H

#include "analysis/diff/diff.h"
#include "cases/compare_cases.h"

/* Of two results: each side is a comparison of one arm. */
struct diff_file diff_bed_results(const struct comparison *old, const struct comparison *new);
struct diff_file diff_bed_comparisons(const struct comparison *old, const struct comparison *new);
/* Two runs of a pool, in comparisons of one arm. */
struct diff_file diff_bed_shapes(const struct trial_shape *old, const struct trial_shape *new);

const struct diff_change *diff_bed_change(const struct diff_arm *arm,
                                          const char *key); /* or NULL */
/* "connections: 100 > 200 [pool,queue]"; the arms only when there are any. */
void diff_bed_expect(const struct diff_file *file, enum diff_group group, const char *text);
size_t diff_bed_count(const struct diff_file *file, enum diff_group group);

#endif
